"""How far the work is: what waits, what was given up, and another chance for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.model import Backlog, GivenUp, JobKind
from bot.store.jobs import JobRepository
from bot.store.queue import Queue

SHOWN = 100  #: of each kind


class JobService:
    """What an owner wants to know of the work behind the scenes."""

    def __init__(self, repository: JobRepository, queue: Queue, clock: Callable[[], datetime]) -> None:
        self._repository = repository
        self._queue = queue
        self._clock = clock

    async def backlog(self) -> tuple[Backlog, ...]:
        """How much of each kind is due now, and since when."""
        return await self._repository.backlog(self._clock())

    async def given_up(self) -> tuple[GivenUp, ...]:
        """What will not be tried again by itself, with the reason; the latest of each kind."""
        rows = await self._repository.given_up(SHOWN)
        letters = await self._queue.dead()
        return (
            *rows,
            *(
                GivenUp(
                    kind=JobKind.JOB,
                    id=letter.id,
                    why=f"“{letter.work}” failed {letter.attempts} times for row {letter.row_id}",
                )
                for letter in letters[:SHOWN]
            ),
        )

    async def given_up_in(self, guild_id: int) -> tuple[GivenUp, ...]:
        """The latest cards and digests that a server was owed and will not get by itself."""
        return await self._repository.given_up_in(guild_id, SHOWN)

    async def try_again(self, kind: JobKind, ids: Sequence[int]) -> int:
        """Give some of them another chance; returns how many there were."""
        if not ids:
            return 0
        if kind is JobKind.JOB:
            return await self._queue.retry(ids)
        return await self._repository.try_again(kind, ids, self._clock())
