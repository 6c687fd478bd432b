"""What a pasted link costs: CPU from message to card, and whether the event loop stays free under a burst.

    python benchmarks/pasting.py [--page FILE] [--fresh 12] [--stored 100]

The real bot on simcord, which runs in this process too. Three figures a paste, the second and third by subtraction: all
CPU from message to card (with the gateway's echo of the card); without what the simulated Discord spends inside its
handling of the request; and without all that it takes to send the same card ready-made from the same process, which
leaves out discord.py's share of sending as well. The second still has the simulation's bookkeeping of tasks and
callbacks in it. CPU of a fresh page includes the extraction child's, and is without the handling of the request.
`--page` names a page to be served for the fresh reads; a page of our own is the default.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import discord
import simcord
from aiohttp import web
from simcord.http import router
from simcord.results import to_discord_message

from bot.client import ThreadlineBot, create_bot
from bot.model import ChannelSettings, PasteMode, Reading
from bot.services.discussions import Place, Sharer
from bot.settings import load
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from cogs.articles import Articles
from cogs.ui.desk import desk_of

PASTES, CHANNELS, REPEATS = 200, 50, 50
SENTENCE = "The harbour board said on Monday that the ferry carries {n} passengers and costs ${n} million. "
TICKS = os.sysconf("SC_CLK_TCK")


def own_page(number: int) -> str:
    """A typical article: some 900 words among navigation and related links."""
    links = "".join(f'<li><a href="/{n}">Another story, number {n}</a></li>' for n in range(60))
    body = "".join(
        f"<p>{''.join(SENTENCE.format(n=number * 100 + n + m) for m in range(4))}</p>" for n in range(14)
    )
    return (
        f"<!doctype html><html lang=en><head><title>Ferry story {number}</title></head><body><nav><ul>{links}"
        f"</ul></nav><article><h1>Ferry story {number}</h1>{body}</article><aside><ul>{links}</ul></aside>"
    )


def cpu_of_children() -> float:
    """Seconds of CPU that the living children of this process have used."""
    used = 0.0
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / TICKS
    return used


class Simulated:
    """Counts the CPU of the simulated Discord's own work."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._dispatch = router.dispatch
        router.dispatch = self._counted

    def _counted(self, *args: Any, **kwargs: Any) -> Any:
        start = time.process_time()
        try:
            return self._dispatch(*args, **kwargs)
        finally:
            self.seconds += time.process_time() - start


class Burst:
    """The bot, a server, and messages that only this benchmark hands over."""

    def __init__(self, env: simcord.Env, origin: str) -> None:
        self.env = env
        self.origin = origin
        self.simulated = Simulated()
        assert isinstance(env.bot, ThreadlineBot)
        self.bot = env.bot
        # Not isinstance: discord.py runs a cog's module again when it loads it.
        self.cog = cast("Articles", env.bot.get_cog(Articles.__cog_name__))
        self.guild = env.create_guild("Burst")
        self.member = self.guild.add_member(env.create_user("ana"))

    async def channel(self, name: str) -> simcord.ChannelHandle:
        channel = self.guild.create_text_channel(name)
        await self.env.settle()
        settings = ChannelSettings(guild_id=self.guild.id, channel_id=channel.id, paste=PasteMode.ON)
        await self.bot.app.channels.configure(settings)
        return channel

    def message(self, channel: simcord.ChannelHandle, url: str) -> discord.Message:
        backend = self.env.backend
        sent = backend.create_message(channel.id, self.member.id, ".")  # what the bot leaves alone
        sent.content = url
        return to_discord_message(self.env, sent)

    async def cost(self, channel: simcord.ChannelHandle, url: str) -> tuple[float, float]:
        """Milliseconds of CPU from the message to the card: all, and without the handling of the request."""
        message = self.message(channel, url)
        children, simulated, start = cpu_of_children(), self.simulated.seconds, time.process_time()
        await self.cog.on_message(message)
        own = time.process_time() - start + cpu_of_children() - children
        return 1000 * own, 1000 * (own - (self.simulated.seconds - simulated))

    async def cost_ready_made(self, channel: simcord.ChannelHandle, sample: Reading, number: int) -> float:
        """Milliseconds of CPU that it takes to send a card that is drawn already."""
        desk = desk_of(self.bot)
        place = Place(guild_id=self.guild.id, channel_id=channel.id, home_id=channel.id)
        share = await self.bot.app.discussions.share(
            sample.id, place, Sharer(user_id=None), datetime.now(UTC)
        )
        card = await desk.drawer.first_card(sample, share.discussion)
        room = self.bot.get_channel(channel.id)
        assert isinstance(room, discord.TextChannel)
        await asyncio.sleep(0)
        start = time.process_time()
        await desk.messenger.post(room, card, nonce=f"ready-made {number}")
        return 1000 * (time.process_time() - start)

    async def store(self, database: Database, sample: Reading, count: int) -> list[str]:
        """Keep copies of an article under other addresses."""
        repository = ArticleRepository(database)
        urls = [f"https://stored.example/story/{number}" for number in range(count)]
        for url in urls:
            article = replace(sample.article, url=url, canonical_url=None)
            await repository.add(url.removeprefix("https://"), [], article, sample.summary, datetime.now(UTC))
        return urls


class Watch(threading.Thread):
    """Asks the loop every few milliseconds, from outside, to say that it is free; notes how long that takes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(daemon=True)
        self._loop = loop
        self._over = threading.Event()
        self.waits: list[float] = []  #: milliseconds

    def run(self) -> None:
        while not self._over.is_set():
            free = threading.Event()
            start = time.perf_counter()
            self._loop.call_soon_threadsafe(free.set)
            free.wait()
            self.waits.append(1000 * (time.perf_counter() - start))
            time.sleep(0.005)

    def stop(self) -> list[float]:
        """End; returns the waits, the shortest first."""
        self._over.set()
        return sorted(self.waits)


async def measure(page: str | None, fresh: int, stored: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        text = page or own_page(int(request.match_info["number"]))
        return web.Response(text=text, content_type="text/html")

    site = web.Application()
    site.router.add_get("/{number}", answer)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port, *_ = runner.addresses[0]
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/b.sqlite3"
        environ = {"THREADLINE_DATABASE_URL": address, "THREADLINE_FETCH__ALLOW_ADDRESSES": f"{host}:{port}"}
        async with simcord.run(create_bot(load(environ=environ)), settle_timeout=60) as env:
            burst = Burst(env, f"http://{host}:{port}")
            await report(burst, address, fresh, stored)
            await burst.bot.app.close()
    await runner.cleanup()


async def report(burst: Burst, address: str, fresh: int, stored: int) -> None:
    """Print the figures."""
    first = await burst.channel("fresh")
    costs = [(await burst.cost(first, f"{burst.origin}/{number}"))[1] for number in range(fresh)]
    print(
        f"fresh page, CPU with child: median {statistics.median(costs[1:]):.1f} ms, max {max(costs[1:]):.1f} ms"
    )
    sample = await burst.bot.app.articles.read(f"{burst.origin}/0")
    database = await Database.open(address)
    urls = await burst.store(database, sample, stored + PASTES)
    await database.close()
    quiet = await burst.channel("stored")
    both = [await burst.cost(quiet, url) for url in urls[:stored]]
    whole, less = (sorted(each) for each in zip(*both, strict=True))
    sent = sorted([await burst.cost_ready_made(quiet, sample, number) for number in range(stored)])
    middle, late = stored // 2, int(stored * 0.95)
    print(
        f"stored article, CPU, median (p95): {whole[middle]:.1f} ms ({whole[late]:.1f}) in all; "
        f"{less[middle]:.1f} ms ({less[late]:.1f}) without the simulated handling of the request; "
        f"{whole[middle] - sent[middle]:.1f} ms without the {sent[middle]:.1f} ms of sending the card ready-made"
    )
    channels = [await burst.channel(f"burst-{number}") for number in range(CHANNELS)]
    pasted = [(channels[number % CHANNELS], url) for number, url in enumerate(urls[stored:])]
    messages = [burst.message(*each) for each in pasted + pasted[:REPEATS]]
    before = {channel.id: len(channel.history()) for channel in channels}
    watch = Watch(asyncio.get_running_loop())
    watch.start()
    start = time.perf_counter()
    await asyncio.gather(*map(burst.cog.on_message, messages))
    seconds = time.perf_counter() - start
    waits = watch.stop()
    discussions = burst.bot.app.discussions
    cards: Counter[int] = Counter()
    for channel in channels:
        for message in channel.history():
            found = await discussions.of_message(message.id)
            if found:
                cards[found.article_id] += 1
    posted = sum(len(channel.history()) - before[channel.id] for channel in channels)
    print(
        f"{PASTES} pastes and {REPEATS} repeats at once in {CHANNELS} channels: {seconds:.2f} s, "
        f"{len(cards)} cards, {sum(cards.values()) - len(cards)} duplicates, {posted - len(cards)} lines; "
        f"loop lag p50 {waits[len(waits) // 2]:.1f} ms, p99 {waits[int(len(waits) * 0.99)]:.1f} ms"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--fresh", type=int, default=12)
    parser.add_argument("--stored", type=int, default=100)
    given = parser.parse_args()
    asyncio.run(measure(given.page and given.page.read_text(encoding="utf-8"), given.fresh, given.stored))
