"""A server on a simulated Discord, with a site on loopback whose pages its members read."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from aiohttp import web
from discord_api import ENVIRONMENT, problems
from simcord import interactions
from simcord.results import ResponseMessage

from bot.client import ThreadlineBot, create_bot
from bot.model import ChannelSettings, PasteMode, ThreadMode
from bot.settings import load

Shown = discord.Message | ResponseMessage

FERRY = """The night ferry between Port Hale and Brenna returns on Friday after eleven years, the harbour
board said on Monday. The 112-metre ship will carry 480 passengers and cross the strait in six hours.|
Tickets start at $39, and the board expects 90,000 travellers in the first year. "People asked for this ferry
every single week since it stopped," said Marta Quill, who chairs the harbour board.|
The service ended in 2015 when the old ship failed an inspection and repairs would have cost $14 million. A
second crossing will be added in June if more than half of the beds are sold, the board said.|
Hoteliers in Brenna welcomed the decision. The town lost about a third of its overnight visitors after the ferry
stopped, according to figures from the regional tourist office published in March."""


BRIDGE = """The Teal Bridge opened to traffic on Thursday, a year later than planned and $12 million over budget, the
city of Marrow said. About 18,000 cars are expected to cross it each day.|
Engineers found cracks in two of the nine piers in the spring of last year, and had them rebuilt. "We would rather
be late than wrong," said Idris Vane, who led the works, at the opening.|
The old crossing, built in 1931, will be kept for walkers and cyclists. The city plans to plant 200 trees along
it, and to open a market hall at its northern end by October.|
A toll of $2 is charged until the costs are covered, which the city expects to take eight years."""


def article(title: str, body: str = FERRY, *, head: str = "", language: str = "en") -> str:
    """A plain news page."""
    paragraphs = "".join(f"<p>{' '.join(part.split())}</p>" for part in body.split("|"))
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


@dataclass
class Site:
    """A web site that counts what is asked of it."""

    origin: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        path = request.path.rstrip("/")
        kind = "image/png" if path.endswith(".png") else "text/html"
        page = self.pages.get(path)
        if page is None:
            return web.Response(status=404, text="no", content_type="text/html")
        return web.Response(text=page, status=self.statuses.get(path, 200), content_type=kind)


@asynccontextmanager
async def serve(site: Site) -> AsyncIterator[Site]:
    """*site* on a free port of loopback."""
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port, *_ = runner.addresses[0]
    site.origin = f"http://{host}:{port}"
    try:
        yield site
    finally:
        await runner.cleanup()


@dataclass
class ReadingRoom:
    """The simulated server as its members know it."""

    env: simcord.Env
    site: Site
    prefix: str  #: of the paths of its own pages
    guild: simcord.GuildHandle
    articles: simcord.ChannelHandle
    forum: simcord.ChannelHandle
    ana: simcord.MemberActor
    ben: simcord.MemberActor
    admin: simcord.MemberActor

    @property
    def bot(self) -> ThreadlineBot:
        """The bot as it runs now."""
        bot = self.env.bot
        assert isinstance(bot, ThreadlineBot)
        return bot

    @property
    def mention(self) -> str:
        """The bot, as a member names it."""
        assert self.bot.user is not None
        return self.bot.user.mention

    def url(self, path: str) -> str:
        """The address of a page of this room's own."""
        return f"{self.site.origin}{self._path(path)}"

    def publish(self, path: str, page: str, status: int = 200) -> str:
        """Put a page on the site; returns its address."""
        self.site.pages[self._path(path)] = page
        self.site.statuses[self._path(path)] = status
        return self.url(path)

    def _path(self, path: str) -> str:
        return f"{self.prefix}{path}"

    async def configure(self, channel: simcord.ChannelHandle | None = None, **values: Any) -> None:
        """Opt a channel in."""
        settings = {"paste": PasteMode.ON, "threads": ThreadMode.ON_DEMAND, **values}
        channel_id = (channel or self.articles).id
        await self.bot.app.channels.configure(
            ChannelSettings(guild_id=self.guild.id, channel_id=channel_id, **settings)
        )

    async def later(self, minutes: float = 6) -> None:
        """Let time pass and the work be done that has become due."""
        await self.bot.app.workers.tick(datetime.now(UTC) + timedelta(minutes=minutes))
        await self.env.settle()

    def cards(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What the bot posted in a channel, the oldest first."""
        me = self.bot.user
        assert me is not None
        written = (discord.MessageType.default, discord.MessageType.reply)
        history = (channel or self.articles).history()
        return [m for m in history if m.author.id == me.id and m.type in written]

    def sent(self) -> list[dict[str, Any]]:
        """The messages that the bot asked Discord to post."""
        return [
            request.json
            for request in self.env.http_requests
            if request.method == "POST" and request.path.endswith("/messages") and request.json
        ]

    def told(self, member: simcord.MemberActor) -> list[str]:
        """What the bot told a member directly, the oldest first."""
        channel_id = self.env.backend.dm_channels.get(member.id)
        if channel_id is None:
            return []
        channel = self.env.backend.get_channel(channel_id)
        return [words(m) for m in simcord.ChannelHandle(self.env, None, channel).history()]

    async def post(self, member: simcord.MemberActor, title: str, content: str) -> simcord.ChannelHandle:
        """Have a member open a forum post."""
        backend = self.env.backend
        thread = backend.create_thread(self.forum.id, title, member.id, broadcast=False)
        backend.announce_thread_create(thread)
        post = simcord.ChannelHandle(self.env, self.guild, thread)
        await member.send(post, content)
        return post

    async def restart(self) -> None:
        """End the bot and start another on the same database."""
        await self.bot.app.close()
        await self.env.restart_bot(create_bot(self.bot.settings))


@asynccontextmanager
async def simulated(database: Path, site: Site, **environ: str) -> AsyncIterator[simcord.Env]:
    """The bot on a simulated Discord, able to open *site*; what it sent is checked at the end."""
    settings = load(
        environ={
            "THREADLINE_DATABASE_URL": f"sqlite:///{database}",
            "THREADLINE_FETCH__ALLOW_ADDRESSES": site.origin.removeprefix("http://"),
            **environ,
        }
    )
    async with simcord.run(create_bot(settings), settle_timeout=20) as env:
        try:
            yield env
        finally:
            assert isinstance(env.bot, ThreadlineBot)
            await env.bot.app.close()
        check_requests(env)


@asynccontextmanager
async def shared(database: Path) -> AsyncIterator[tuple[simcord.Env, Site]]:
    """A simulated Discord and a site for many tests.

    It lives in a task of its own: simcord's context must end in the task where it began, a fixture's does not.
    """
    ready: asyncio.Future[tuple[simcord.Env, Site]] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def live() -> None:
        async with serve(Site()) as site, simulated(database, site) as env:
            ready.set_result((env, site))
            await done.wait()

    task = asyncio.create_task(live())
    await asyncio.wait([ready, task], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    yield ready.result()
    done.set()
    await task


_numbers = itertools.count(1)


def found(env: simcord.Env, site: Site) -> ReadingRoom:
    """A new server with a channel and a forum, three people, and the bot; its pages are its own."""
    owner = env.create_user("olga", global_name="Olga")
    guild = env.create_guild("Reading Room", owner=owner)
    ana, ben = (guild.add_member(env.create_user(name)) for name in ("ana", "ben"))
    room = ReadingRoom(
        env=env,
        site=site,
        prefix=f"/{next(_numbers)}",
        guild=guild,
        articles=guild.create_text_channel("articles"),
        forum=guild.create_forum_channel("book-club"),
        ana=ana,
        ben=ben,
        admin=simcord.MemberActor(env, guild, owner),
    )
    room.publish("/ferry", article("Night ferry returns after eleven years"))
    room.publish("/bridge", article("Bridge opens a year late", BRIDGE))
    return room


def check_requests(env: simcord.Env) -> None:
    """Hold everything the bot sent against Discord's description of its API, where there is a copy."""
    named = os.environ.get(ENVIRONMENT)
    if named and Path(named).is_file():
        broken = {str(problem) for problem in problems(env.http_requests, Path(named))}
        assert not broken, "\n".join(sorted(broken))


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """Give everybody a client in a language; the simulation's members all have an English one."""
    built = interactions.base_payload

    def build(*arguments: Any, **named: Any) -> Any:
        record, payload = built(*arguments, **named)
        return record, payload | {"locale": language}

    monkeypatch.setattr(interactions, "base_payload", build)


def words(message: Shown | None) -> str:
    """Everything a member reads in a message, buttons last."""
    assert message is not None
    parts = [str(part["content"]) for part in components(message) if part.get("type") == 10]
    return "\n".join([message.content, *parts, *(f"[{label}]" for label in buttons(message))]).strip()


def buttons(message: Shown) -> list[str]:
    """The labels of a message's buttons."""
    return [str(part["label"]) for part in components(message) if part.get("type") == 2]


def components(message: Shown) -> list[dict[str, Any]]:
    """All components of a message, however deep."""
    raw = message.components
    roots = raw if isinstance(message, ResponseMessage) else [part.to_dict() for part in raw]  # type: ignore[union-attr]
    return list(_walk(roots))  # type: ignore[arg-type]


def _walk(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _walk(part.get("components") or ())
        if part.get("accessory"):
            yield from _walk([part["accessory"]])
