"""Periodic work is done again and again, whatever becomes of one turn."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from bot.services.workers import Workers

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


async def test_a_tick_does_every_piece_of_work_once() -> None:
    done: list[tuple[str, datetime]] = []
    workers = Workers(lambda: NOON)

    async def count(now: datetime) -> None:
        done.append(("count", now))

    async def poll(now: datetime) -> None:
        done.append(("poll", now))

    workers.add("count", count, seconds=60)
    workers.add("poll", poll, seconds=60)
    await workers.tick()

    assert done == [("count", NOON), ("poll", NOON)]


async def test_work_that_fails_is_logged_and_holds_up_neither_itself_nor_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workers = Workers(lambda: NOON)
    turns = {"broken": 0, "sound": 0}
    enough = asyncio.Event()

    async def broken(_now: datetime) -> None:
        turns["broken"] += 1
        raise ValueError("no feed today")

    async def sound(_now: datetime) -> None:
        turns["sound"] += 1
        if min(turns.values()) >= 3:
            enough.set()

    workers.add("broken", broken, seconds=0)
    workers.add("sound", sound, seconds=0)
    with caplog.at_level(logging.ERROR):
        running = asyncio.create_task(workers.run_forever())
        await enough.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert {record.__dict__["work"] for record in caplog.records} == {"broken"}


async def test_work_under_a_name_replaces_what_had_it() -> None:
    done: list[str] = []
    workers = Workers(lambda: NOON)

    async def first(_now: datetime) -> None:
        done.append("first")

    async def second(_now: datetime) -> None:
        done.append("second")

    workers.add("count", first, seconds=60)
    workers.add("count", second, seconds=60)
    await workers.tick()

    assert done == ["second"]
