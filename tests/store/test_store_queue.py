"""Work is done in its turn and at once when a row waits for it: the same promises on both engines."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text

from bot.store.database import Database
from bot.store.leases import take_due
from bot.store.queue import Work
from bot.store.schema import feeds

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = 86400.0


@asynccontextmanager
async def running(database: Database, *works: Work) -> AsyncIterator[None]:
    task = asyncio.create_task(database.queue.run(works))
    yield
    task.cancel()
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(outcome, asyncio.CancelledError)


async def add_feed(database: Database, url: str, *, fail: bool = False) -> None:
    async with database.write() as connection:
        await connection.execute(insert(feeds).values(url=url, title=url, next_poll=NOON))
        row_id = (await connection.execute(select(feeds.c.id).where(feeds.c.url == url))).scalar_one()
        await database.defer(connection, "poll", row_id)
        if fail:
            raise ValueError("rolled back")


class Poll:
    """Takes one due feed at a time."""

    def __init__(self, database: Database, fail: int = 0) -> None:
        self._database = database
        self._fail = fail
        self._news = asyncio.Event()
        self.taken: list[str] = []

    async def __call__(self) -> int:
        async with self._database.write() as connection:
            ids = await take_due(connection, feeds, feeds.c.next_poll, NOON, timedelta(hours=1), 1)
            if ids and self._fail:
                self._fail -= 1
                raise RuntimeError("no feed today")  # the lease is rolled back with it
            self.taken += await connection.scalars(select(feeds.c.url).where(feeds.c.id.in_(ids)))
        self._news.set()
        return len(ids)

    def work(self, seconds: float = DAY) -> Work:
        return Work(name="poll", seconds=seconds, do=self)

    async def took(self, *urls: str) -> None:
        async with asyncio.timeout(30):
            while len(self.taken) < len(urls):
                self._news.clear()
                await self._news.wait()
        assert self.taken == list(urls)


async def test_what_is_deferred_with_a_row_is_done_at_once(database: Database) -> None:
    poll = Poll(database)
    async with running(database, poll.work()):
        await add_feed(database, "a")
        await poll.took("a")  # whose first turn it may have been
        await add_feed(database, "b")
        await add_feed(database, "c")
        await poll.took("a", "b", "c")


async def test_what_is_rolled_back_was_never_deferred(database: Database) -> None:
    poll = Poll(database)
    async with running(database, poll.work()):
        with pytest.raises(ValueError, match="rolled back"):
            await add_feed(database, "never", fail=True)
        await add_feed(database, "a")
        await poll.took("a")


async def test_rows_that_nobody_deferred_are_found_in_the_works_turn(database: Database) -> None:
    poll = Poll(database)
    async with database.write() as connection:
        for url in ("a", "b"):
            await connection.execute(insert(feeds).values(url=url, title=url, next_poll=NOON))

    async with running(database, poll.work(seconds=1)):
        await poll.took("a", "b")


async def test_work_that_fails_is_tried_again_and_does_not_hold_up_the_rest(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    poll, turns, enough = Poll(database, fail=1), [], asyncio.Event()

    async def sound() -> None:
        turns.append(1)
        if len(turns) >= 2:
            enough.set()

    with caplog.at_level(logging.ERROR):
        await add_feed(database, "a")
        async with (
            running(database, poll.work(seconds=1), Work(name="sound", seconds=1, do=sound)),
            asyncio.timeout(30),
        ):
            await poll.took("a")
            await enough.wait()

    assert {(record.message, record.__dict__["work"]) for record in caplog.records} == {
        ("work failed", "poll")
    }


async def test_eight_takers_of_three_hundred_rows_take_each_once(database: Database) -> None:
    rows = [{"url": f"{number}", "title": "", "next_poll": NOON} for number in range(300)]
    async with database.write() as connection:
        await connection.execute(insert(feeds), rows)

    async def take() -> list[int]:
        taken: list[int] = []
        while True:
            async with database.write() as connection:
                ids = await take_due(connection, feeds, feeds.c.next_poll, NOON, timedelta(hours=1), 7)
            if not ids:
                return taken
            taken += ids

    taken = [row_id for each in await asyncio.gather(*(take() for _ in range(8))) for row_id in each]

    assert sorted(taken) == list(range(1, 301))


async def test_a_lease_that_ended_is_given_to_the_next(database: Database) -> None:
    await add_feed(database, "a")
    minutes = timedelta(minutes=1)

    async def take(now: datetime) -> list[int]:
        async with database.write() as connection:
            return await take_due(connection, feeds, feeds.c.next_poll, now, 10 * minutes, 5)

    assert await take(NOON) == [1]
    assert await take(NOON + 9 * minutes) == []
    assert await take(NOON + 10 * minutes) == [1]


# --- PostgreSQL alone: many processes --------------------------------------------------------------------------


@pytest.fixture
async def shared(empty_postgresql: str) -> AsyncIterator[tuple[str, Database]]:
    opened = await Database.open(empty_postgresql)
    yield empty_postgresql, opened
    await opened.close()


async def jobs(database: Database, status: str) -> int:
    """How many jobs of ours there are; the queue's own upkeep comes and goes every half a minute."""
    query = text(
        "SELECT count(*) FROM procrastinate_jobs"
        " WHERE status = CAST(:status AS procrastinate_job_status) AND queue_name <> 'upkeep'"
    )
    async with database.read() as connection:
        return int(await connection.scalar(query.bindparams(status=status)) or 0)


async def test_a_job_is_there_when_its_row_is_and_only_then(shared: tuple[str, Database]) -> None:
    _, database = shared

    with pytest.raises(ValueError, match="rolled back"):
        await add_feed(database, "never", fail=True)
    assert await jobs(database, "todo") == 0

    await add_feed(database, "a")
    assert await jobs(database, "todo") == 1


async def test_a_job_that_keeps_failing_ends_as_a_dead_letter_that_can_be_retried(
    shared: tuple[str, Database],
) -> None:
    _, database = shared
    await add_feed(database, "a")
    async with database.write() as connection:  # it failed as often as it may, but for once
        await connection.execute(text("UPDATE procrastinate_jobs SET attempts = 6"))
    failed, poll = asyncio.Event(), Poll(database)

    async def broken() -> None:
        failed.set()
        raise RuntimeError("no feed today")

    async with running(database, Work(name="poll", seconds=DAY, do=broken)), asyncio.timeout(20):
        await failed.wait()
        while not await jobs(database, "failed"):
            await asyncio.sleep(0.02)

    (letter,) = await database.queue.dead()
    assert (letter.work, letter.row_id, letter.attempts) == ("poll", 1, 7)
    assert await database.queue.retry([letter.id]) == 1
    assert await database.queue.retry([letter.id]) == 0
    assert await database.queue.dead() == ()
    async with running(database, poll.work()):
        await poll.took("a")


WORKER = """
import asyncio, sys
from bot.store.database import Database
from bot.store.queue import Work

async def main():
    database = await Database.open(sys.argv[1])

    async def hang():
        print("working", flush=True)
        await asyncio.sleep(3600)

    await database.queue.run([Work(name="poll", seconds=86400, do=hang)])

asyncio.run(main())
"""


async def test_a_job_of_a_killed_process_is_taken_over(shared: tuple[str, Database]) -> None:
    address, database = shared
    await add_feed(database, "a")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, address, stdout=asyncio.subprocess.PIPE, env={**os.environ}
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"working\n"
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    assert await jobs(database, "doing") == 1

    async with database.write() as connection:  # half a minute passes
        past = text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
        await connection.execute(past)
    poll = Poll(database)
    async with running(database, poll.work()):
        await database.queue.take_over()
        await poll.took("a")


async def test_a_queue_outlives_its_connections(
    shared: tuple[str, Database], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, database = shared
    monkeypatch.setattr("bot.store.procrastinated.PAUSE", 0.05)
    poll = Poll(database)
    async with running(database, poll.work()):
        await add_feed(database, "a")
        await poll.took("a")
        with caplog.at_level(logging.CRITICAL):
            async with database.write() as connection:  # as a restart of the server does
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                await connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
            await add_feed(database, "b")
            await poll.took("a", "b")


async def test_two_processes_share_the_turns_and_the_rows(shared: tuple[str, Database]) -> None:
    address, database = shared
    other = await Database.open(address)
    polls = Poll(database), Poll(other)
    async with running(database, polls[0].work()), running(other, polls[1].work()), asyncio.timeout(30):
        for number in range(40):
            await add_feed(database, f"{number}")
        while len(polls[0].taken) + len(polls[1].taken) < 40:
            await asyncio.sleep(0.02)
    await other.close()

    assert sorted(polls[0].taken + polls[1].taken) == sorted(f"{number}" for number in range(40))
