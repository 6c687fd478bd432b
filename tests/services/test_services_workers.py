"""Periodic work is known by its name and done with the time of its turn."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.services.workers import Workers
from bot.store.queue import InProcessQueue

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def new_workers() -> Workers:
    return Workers(lambda: NOON, InProcessQueue())


async def test_a_tick_does_every_piece_of_work_until_nothing_is_left() -> None:
    done: list[tuple[str, datetime]] = []
    left = [2, 1, 0]
    workers = new_workers()

    async def count(now: datetime) -> int:
        done.append(("count", now))
        return left.pop(0)

    async def poll(now: datetime) -> None:
        done.append(("poll", now))

    workers.add("count", count, seconds=60)
    workers.add("poll", poll, seconds=60)
    await workers.tick()

    assert done == [("count", NOON), ("count", NOON), ("count", NOON), ("poll", NOON)]


async def test_work_goes_on_as_long_as_it_finds_something() -> None:
    left, idle = [3, 2, 1, 0], asyncio.Event()
    workers = new_workers()

    async def drain(now: datetime) -> int:
        assert now == NOON
        if left[0] == 0:
            idle.set()
            return 0
        return left.pop(0)

    workers.add("drain", drain, seconds=3600)
    running = asyncio.create_task(workers.run_forever())
    async with asyncio.timeout(10):
        await idle.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert left == [0]


async def test_work_under_a_name_replaces_what_had_it() -> None:
    done: list[str] = []
    workers = new_workers()

    async def first(_now: datetime) -> None:
        done.append("first")

    async def second(_now: datetime) -> None:
        done.append("second")

    workers.add("count", first, seconds=60)
    workers.add("count", second, seconds=60)
    await workers.tick()

    assert done == ["second"]


async def test_work_can_be_left_to_other_processes() -> None:
    done: list[str] = []
    workers = new_workers()

    async def poll(_now: datetime) -> None:
        done.append("poll")

    workers.add("poll", poll, seconds=60)
    workers.add("post", poll, seconds=60)
    workers.remove("poll")
    await workers.tick()

    assert done == ["poll"]
    assert workers.names == {"post"}
