"""Starts everything the demo needs, waits, and takes it down again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import simcord

from bot.client import create_bot
from bot.demo.site import SampleSite
from bot.demo.window import Window
from bot.demo.world import World, build
from bot.settings import FetchSettings, Settings

#: Longer than a card waits between two edits of its count.
PATIENCE = timedelta(minutes=6)
#: Seconds that simcord waits for the bot to come to rest after each act.
SETTLE = 30.0


class FastClock:
    """Lets six minutes pass whenever somebody walks to another room, so that nobody has to wait for a count."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ahead = timedelta()

    async def pass_time(self) -> None:
        """Let the time pass and do the work that has become due."""
        self._ahead += PATIENCE
        await self._world.bot.app.workers.tick(datetime.now(UTC) + self._ahead)


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo while it runs."""

    window: Window
    world: World
    site: SampleSite


@asynccontextmanager
async def opened(port: int = 0) -> AsyncIterator[Demo]:
    """The demo, listening; its database is a file that goes when the demo ends. Raises OSError: port taken."""
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="threadline-demo-"))
        site = SampleSite()
        await site.start()
        stack.push_async_callback(site.close)
        bot = create_bot(
            Settings(
                database_url=f"sqlite:///{Path(folder) / 'demo.sqlite3'}",
                # The one address beside the public web that this bot may open.
                fetch=FetchSettings(allow_addresses=(site.host,)),
            )
        )
        stack.push_async_callback(bot.close)  # simcord leaves that to the bot's owner
        env = await stack.enter_async_context(simcord.run(bot, check_errors=False, settle_timeout=SETTLE))
        world = await build(env, bot, f"{site.origin}/tidal-barrier")
        window = Window(world, site, wait=FastClock(world).pass_time)
        stack.push_async_callback(window.close)
        await window.start(port)
        yield Demo(window, world, site)


async def run_demo(port: int, ready: Callable[[str], None], stop: asyncio.Event) -> None:
    """Run until *stop* is set; *ready* is told the address. Raises OSError when the port is taken."""
    async with opened(port) as demo:
        ready(demo.window.address)
        await stop.wait()
