"""The loops of periodic work, in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

log = logging.getLogger(__name__)

Work = Callable[[datetime], Awaitable[object]]


class Workers:
    """Runs each piece of work again and again; `tick` runs each once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._work: dict[str, tuple[Work, float]] = {}

    def add(self, name: str, work: Work, *, seconds: float) -> None:
        """Have *work* done every *seconds*; a second piece with the same name replaces the first."""
        self._work[name] = (work, seconds)

    async def tick(self, now: datetime | None = None) -> None:
        """Do every piece of work once."""
        for work, _ in list(self._work.values()):
            await work(now or self._clock())

    async def run_forever(self) -> None:
        """Work until cancelled; a piece that fails is logged and tried again at its next turn."""
        async with asyncio.TaskGroup() as group:
            for name in self._work:
                group.create_task(self._repeat(name), name=f"worker {name}")

    async def _repeat(self, name: str) -> None:
        while True:
            work, seconds = self._work[name]
            try:
                await work(self._clock())
            except Exception:
                # One failed turn must not end the loop; the next one finds what is left undone.
                log.exception("work failed", extra={"work": name})
            await asyncio.sleep(seconds)
