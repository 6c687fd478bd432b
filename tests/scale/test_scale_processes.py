"""The bot in several processes on PostgreSQL: an entry of a feed becomes a card, and each ends cleanly when asked."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.model import ChannelSettings, Outlet, ThreadMode
from bot.store.channels import ChannelRepository
from bot.store.database import Database
from bot.store.digests import DigestRepository
from bot.store.feeds import FeedRepository
from bot.store.subscriptions import SubscriptionRepository

ROOT = Path(__file__).parents[2]
STAND_IN = ROOT / "tests" / "torture" / "standin.py"
ACTOR = ROOT / "benchmarks" / "scale" / "actor.py"
GUILD, CHANNEL = 2000, 5000
STAND_INS: dict[str, asyncio.subprocess.Process] = {}  # by port
TEXT = "\n".join(
    f"The ferry to island {number} was late again on Monday, said the harbour master, and {number} cars waited."
    for number in range(12)
)


@pytest.fixture
async def stand_in() -> AsyncIterator[str]:
    """Discord and a site with a feed; gives their port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(STAND_IN), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = (await process.stdout.readline()).decode().strip()
    STAND_INS[port] = process
    yield port
    if process.returncode is None:
        process.kill()
    await process.communicate()


@pytest.fixture
async def followed(empty_postgresql: str, stand_in: str) -> str:
    """The address of a database in which a channel follows the feed, which was empty when it was asked."""
    database, now = await Database.open(empty_postgresql), datetime.now(UTC)
    channel = ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, threads=ThreadMode.ALWAYS)
    await ChannelRepository(database).put(channel)
    await DigestRepository(database).put(Outlet(guild_id=GUILD, channel_id=CHANNEL, cap=100))
    feed = await FeedRepository(database).follow(f"http://127.0.0.1:{stand_in}/feed/one", "", now)
    await SubscriptionRepository(database).add(
        now, guild_id=GUILD, channel_id=CHANNEL, name="one", feed_id=feed.id, created_by=1
    )
    await database.close()
    return empty_postgresql


class Process:
    """A command of ours that is running, and all it logged."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.log = ""

    async def says(self, words: str) -> None:
        assert self._process.stderr is not None
        async with asyncio.timeout(60):
            while words not in self.log:
                line = (await self._process.stderr.readline()).decode()
                assert line, f"ended without {words!r}: {self.log}"
                self.log += line

    async def ends(self) -> int:
        """Ask it to end; returns its status."""
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            _, rest = await self._process.communicate()
        self.log += rest.decode()
        assert self._process.returncode is not None
        return self._process.returncode


@asynccontextmanager
async def running(port: str, url: str, *command: str) -> AsyncIterator[Process]:
    environment = {
        **os.environ,
        "THREADLINE_DATABASE_URL": url,
        "THREADLINE_FETCH__ALLOW_ADDRESSES": f"127.0.0.1:{port}",
        "THREADLINE_LOG__FORMAT": "json",
        "DISCORD_TOKEN": "MTAwMA.canary.token",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ACTOR), port, *command, stderr=asyncio.subprocess.PIPE, env=environment, cwd=ROOT
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def control(port: str, **order: object) -> None:
    async with aiohttp.ClientSession() as session:
        await session.post(f"http://127.0.0.1:{port}/control", json=order)


async def cards(port: str) -> list[str]:
    """The components of every message."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/control") as answer:
        return [message[2] for message in (await answer.json())["messages"]]


async def test_an_entry_becomes_a_card_through_a_worker_and_a_deliverer(stand_in: str, followed: str) -> None:
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(running(stand_in, followed, "worker"))
        deliver = await stack.enter_async_context(running(stand_in, followed, "deliver"))
        await asyncio.gather(worker.says('"event": "working"'), deliver.says('"event": "delivering"'))
        database = await Database.open(followed)
        feeds = FeedRepository(database)
        async with asyncio.timeout(60):
            while True:  # until the empty feed was seen
                feed = await feeds.get(1)
                if feed is not None and feed.polled_at is not None:
                    break
                await asyncio.sleep(0.05)
        await control(stand_in, pages={"ferry": ["Ferry late again", TEXT]}, feeds={"one": ["ferry"]})
        async with database.write() as connection:
            await connection.exec_driver_sql("UPDATE feeds SET next_poll = now()")
            await database.defer(connection, "poll feeds", 1)
        await database.close()
        async with asyncio.timeout(60):
            while not (found := await cards(stand_in)):
                await asyncio.sleep(0.05)

        assert len(found) == 1
        assert "Ferry late again" in found[0]
        assert [await worker.ends(), await deliver.ends()] == [0, 0]
    assert "canary" not in worker.log + deliver.log
    assert '"event": "stopped"' in worker.log
    assert '"event": "stopped"' in deliver.log


async def test_a_shard_that_has_lost_discord_ends_when_asked(stand_in: str, followed: str) -> None:
    async with running(stand_in, followed, "run", "--shards", "0/1", "--no-work") as gateway:
        await gateway.says('"event": "connected"')
        STAND_INS[stand_in].kill()
        await gateway.says("Attempting a reconnect")

        assert await gateway.ends() == 0


async def test_shards_connect_in_turn_and_leave_the_work_to_others(stand_in: str, followed: str) -> None:
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(
            running(stand_in, followed, "run", "--shards", "0/2", "--no-work")
        )
        await gateway.says('"event": "connected"')
        assert await gateway.ends() == 0

    database = await Database.open(followed)
    async with database.read() as connection:
        turns = await connection.exec_driver_sql("SELECT bucket FROM gateway_turns")
        assert [row.bucket for row in turns] == [0]
        jobs = await connection.exec_driver_sql("SELECT count(*) FROM procrastinate_workers")
        assert jobs.scalar_one() == 0
    await database.close()
