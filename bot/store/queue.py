"""Has work done in its turn, and at once when a row is waiting for it."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

log = logging.getLogger(__name__)

#: Work that rows are deferred to.
POLL_FEEDS = "poll feeds"
READ_ENTRIES = "read entries"
MATCH_PASTED = "match pasted links"
DELIVER = "deliver"

LONGEST_PAUSE = 300.0  #: seconds between two turns of work that keeps failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something to be done again and again: it takes what rows say is due, and nothing else."""

    name: str
    seconds: float  #: between two turns
    do: Callable[
        [], Awaitable[object]
    ]  #: returns how much was done; as long as that is something, it goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A deferred job that failed as often as it may; its row is still looked at in the work's turns."""

    id: int
    work: str
    row_id: int | None
    attempts: int


class Queue(Protocol):
    """Who has work done. The rows say what is due; a queue only sees to it that somebody looks soon."""

    async def defer(self, connection: AsyncConnection, name: str, row_id: int, /) -> None:
        """Have the work of this name look at once when *connection*'s transaction, which wrote a row, commits."""
        ...

    async def run(self, works: Collection[Work]) -> None:
        """Do these until cancelled, and the deferred ones of the same names."""
        ...

    async def dead(self) -> tuple[DeadLetter, ...]:
        """Deferred jobs that were given up."""
        ...

    async def retry(self, ids: Collection[int], /) -> int:
        """Give dead letters another chance; returns how many there were."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class InProcessQueue:
    """All work in the one process that has the SQLite file."""

    def __init__(self) -> None:
        self._wanted: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def defer(self, _connection: AsyncConnection, name: str, _row_id: int) -> None:
        """Wake the work: it waits for the database's one connection, and so for the transaction to end."""
        self._wanted[name].set()

    async def run(self, works: Collection[Work]) -> None:
        """Do these until cancelled; work that fails is logged, and the longer it fails the rarer it is tried."""
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(self._repeat(work), name=f"work {work.name}")

    async def dead(self) -> tuple[DeadLetter, ...]:
        """None: here a job is but a hint to look at rows, and those are looked at in turn."""
        return ()

    async def retry(self, _ids: Collection[int]) -> int:
        """There is none."""
        return 0

    async def close(self) -> None:
        """Nothing is open."""

    async def _repeat(self, work: Work) -> None:
        wanted, failures = self._wanted[work.name], 0
        while True:
            wanted.clear()
            if await turn(work):
                failures = 0
            else:
                failures += 1
            pause = min(work.seconds * 2 ** min(failures, 16), max(work.seconds, LONGEST_PAUSE))
            try:
                async with asyncio.timeout(pause):
                    await wanted.wait()
            except TimeoutError:
                continue


async def turn(work: Work) -> bool:
    """Do work until nothing is left of it; False where it failed."""
    try:
        more: object = True
        while more:
            more = await work.do()
    except Exception:
        # One failed turn must not end the loop; the next one finds what is left undone.
        log.exception("work failed", extra={"work": work.name})
        return False
    return True
