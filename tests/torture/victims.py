"""Lives of the bot, each a process that a plan kills: forked from one that has imported everything.

Reads one JSON object a line (what to run and where to die), answers each with how the life ended.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import discord
import yarl
from discord.gateway import DiscordWebSocket

import bot.app
import bot.client
from bot.fetch.client import FetchClient, FetchLimits
from bot.fetch.guard import AddressGuard
from bot.fetch.pace import HostPace
from bot.model import Article, Page, Sentence, Summary
from bot.services import reading
from bot.settings import Settings, load
from bot.store.database import Database

T = TypeVar("T")

#: Where the bot may die in its own process; the stand-in kills it in the middle of requests to Discord.
KINDS = ("fetch<", "fetch>", "extract<", "extract>", "store<", "store>")
SECONDS = 300.0  #: a life lasts no longer
SETTINGS = load(environ={"THREADLINE_DISCORD__MESSAGE_CONTENT": "false"})
#: Imported before the fork, so that no life has to.
PRELOADED = (
    *("aiosqlite", "psycopg", "bot.feeds.parser", "cogs.deliveries"),
    *("sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.psycopg"),
)


class Death:
    """Kills this process at the n-th event of a kind."""

    def __init__(self, plan: list[Any] | None) -> None:
        self._kind, self._left = (plan[0], plan[1]) if plan else ("", 0)

    def pass_by(self, kind: str) -> None:
        if kind == self._kind:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalFetcher(FetchClient):
    """Fetches, and may die before or after."""

    death: Death

    async def get(self, url: str, **options: Any) -> Page:
        self.death.pass_by("fetch<")
        page = await super().get(url, **options)
        self.death.pass_by("fetch>")
        return page


class MortalChild:
    """Reads pages in this process, and may die before or after."""

    def __init__(self, death: Death) -> None:
        self._death = death

    def start(self) -> None:
        """Nothing is to be started."""

    async def close(self) -> None:
        """Nothing is to be ended."""

    async def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        self._death.pass_by("extract<")
        result = function(*args, **kwargs)
        self._death.pass_by("extract>")
        return result


def read_page(page: Page, _max_chars: int, _max_facts: int) -> tuple[Article, Summary]:
    """Reads the stand-in's pages; the real extraction has tests of its own."""
    head, _, body = page.body.decode().partition("</h1>")
    text = body.replace("</p>", "\n").replace("<p>", "").strip()
    article = Article(
        url=page.url,
        title=head.partition("<h1>")[2],
        text=text,
        language="en",
        word_count=len(text.split()),
        minutes=1,
    )
    first = text.split("\n")[0]
    return article, Summary(sentences=(Sentence(text=first, start=0, end=len(first)),))


def make_mortal(death: Death, order: dict[str, Any]) -> None:
    """Put the stand-in and the plan where the bot has Discord, its clock and its helpers."""
    port = order["port"]
    discord.http.Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    bot.client.COGS = ("cogs.language", "cogs.deliveries")
    offset = timedelta(seconds=order["offset"])

    def now() -> datetime:
        return datetime.now(UTC) + offset

    def new_fetcher(_settings: Settings) -> MortalFetcher:
        guard = AddressGuard(allow=frozenset({f"127.0.0.1:{port}"}))
        fetcher = MortalFetcher("Threadline/0 (test)", guard, FetchLimits(), pace=HostPace(interval=0))
        fetcher.death = death
        return fetcher

    bot.app.now = now
    bot.app.new_fetcher = new_fetcher
    bot.app.new_sandbox = lambda _settings: MortalChild(death)  # type: ignore[assignment,return-value]
    reading.read_page = read_page
    write = Database.write

    @asynccontextmanager
    async def mortal_write(self: Database) -> AsyncIterator[Any]:
        async with write(self) as connection:
            yield connection
            death.pass_by("store<")
        death.pass_by("store>")

    Database.write = mortal_write  # type: ignore[method-assign]


async def live(order: dict[str, Any]) -> None:
    """Run the bot until nothing is left to do, or the plan strikes."""
    settings = SETTINGS.model_copy(update={"database_url": order["database"]})
    victim = bot.client.create_bot(settings)
    victim._connection.guild_ready_timeout = 0.1  # discord.py waits two seconds for more servers
    async with victim:
        connecting = asyncio.create_task(victim.start("MTAwMA.test.token"))
        ready = asyncio.create_task(victim.wait_until_ready())
        await asyncio.wait({connecting, ready}, return_when=asyncio.FIRST_COMPLETED)
        if connecting.done():
            await connecting
        for _round in range(order.get("rounds", 2)):
            await victim.app.workers.tick()
        await victim.close()
        await connecting


def run(order: dict[str, Any]) -> None:
    plan = order["plan"]
    death = Death(plan if plan and plan[0] in KINDS else None)
    make_mortal(death, order)
    asyncio.run(asyncio.wait_for(live(order), SECONDS))


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    for name in PRELOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        held_read, held_write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(held_write)
            os.read(held_read, 1)  # until the stand-in knows whom to kill
            code = 1
            try:
                run(order)
                code = 0
            except BaseException:  # noqa: BLE001  (the last that is heard of this process)
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        os.close(held_read)
        print(json.dumps({"pid": child}), flush=True)
        sys.stdin.readline()
        os.close(held_write)
        _, status = os.waitpid(child, 0)
        print(
            json.dumps({"killed": os.WIFSIGNALED(status), "code": os.waitstatus_to_exitcode(status)}),
            flush=True,
        )


if __name__ == "__main__":
    main()
