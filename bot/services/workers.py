"""The work that nobody asks for: what it is and how often it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from bot.store.queue import Queue, Work

#: Takes the time; returns how much it did, so that it is asked again until nothing is left.
PeriodicWork = Callable[[datetime], Awaitable[object]]


class Workers:
    """What this process does again and again; `tick` does each until it finds nothing more."""

    def __init__(self, clock: Callable[[], datetime], queue: Queue) -> None:
        self._clock = clock
        self._queue = queue
        self._work: dict[str, tuple[PeriodicWork, float]] = {}

    def add(self, name: str, work: PeriodicWork, *, seconds: float) -> None:
        """Have *work* done every *seconds*, and at once when a row is deferred under its name.

        A second piece with the same name replaces the first.
        """
        self._work[name] = (work, seconds)

    def remove(self, name: str) -> None:
        """Leave a piece of work to other processes."""
        del self._work[name]

    @property
    def names(self) -> frozenset[str]:
        """The work of this process."""
        return frozenset(self._work)

    async def tick(self, now: datetime | None = None) -> None:
        """Do every piece of work until nothing is left of it."""
        for work, _ in list(self._work.values()):
            while await work(now or self._clock()):
                continue

    async def _once(self, work: PeriodicWork) -> object:
        return await work(self._clock())

    async def run_forever(self) -> None:
        """Work until cancelled; a piece that fails is logged and tried again."""
        await self._queue.run(
            [
                Work(name=name, seconds=seconds, do=partial(self._once, work))
                for name, (work, seconds) in self._work.items()
            ]
        )
