"""What is waiting to be done, and what was given up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Backlog, GivenUp, JobKind
from bot.store.database import Database
from bot.store.queue import DELIVER
from bot.store.schema import deliveries, digests, feed_entries, feeds, pastes

#: Where rows of each kind wait, and since when a row that waits is due.
_WAITING: tuple[tuple[JobKind, Table, ColumnElement[datetime], ColumnElement[datetime]], ...] = (
    (JobKind.FEED, feeds, feeds.c.next_poll, feeds.c.next_poll),
    (JobKind.ENTRY, feed_entries, feed_entries.c.next_read, feed_entries.c.seen_at),
    (JobKind.PASTE, pastes, pastes.c.next_try, pastes.c.next_try),
    (JobKind.DELIVERY, deliveries, deliveries.c.next_try, deliveries.c.owed_at),
    (JobKind.DIGEST, digests, digests.c.next_try, digests.c.due_at),
)

_JOBS = text(
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
)


class JobRepository:
    """Reads the state of work across its tables, and gives what was given up another chance."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def backlog(self, now: datetime) -> tuple[Backlog, ...]:
        """How much of each kind is due, and since when."""
        found = []
        async with self._database.snapshot() as connection:
            for kind, table, due, since in _WAITING:
                query = select(func.count(), func.min(since)).select_from(table).where(due <= now)
                count, oldest = (await connection.execute(query)).one()
                found.append(Backlog(kind=kind, due=count, oldest=oldest))
            if connection.dialect.name == "postgresql":
                found.append(Backlog(kind=JobKind.JOB, due=await connection.scalar(_JOBS) or 0, oldest=None))
        return tuple(found)

    async def given_up_in(self, guild_id: int, limit: int) -> tuple[GivenUp, ...]:
        """The latest cards and digests that a server was owed and will not get."""
        async with self._database.snapshot() as connection:
            return tuple([each async for each in _dropped(connection, limit, guild_id)])

    async def given_up(self, limit: int) -> tuple[GivenUp, ...]:
        """The latest rows of each kind that will not be tried again by themselves."""
        async with self._database.snapshot() as connection:
            found = [each async for each in _dropped(connection, limit)]
            stopped = select(feeds).where(feeds.c.next_poll.is_(None)).order_by(feeds.c.id.desc())
            found += (
                GivenUp(kind=JobKind.FEED, id=row.id, url=row.url, why=_trouble(row))
                for row in await connection.execute(stopped.limit(limit))
            )
        return tuple(found)

    async def try_again(self, kind: JobKind, ids: Sequence[int], now: datetime) -> int:
        """Give rows that were given up another chance; returns how many there were."""
        async with self._database.write() as connection:
            if kind is JobKind.FEED:
                given_up = and_(feeds.c.id.in_(ids), feeds.c.next_poll.is_(None))
                values: dict[str, Any] = {"next_poll": now, "failures": 0}
                return (await connection.execute(update(feeds).where(given_up).values(values))).rowcount
            if kind not in (JobKind.DELIVERY, JobKind.DIGEST):
                return 0
            table = deliveries if kind is JobKind.DELIVERY else digests
            values = {"next_try": now, "dropped_why": None, "attempts": 0}
            dropped = and_(table.c.id.in_(ids), table.c.dropped_why.is_not(None))
            count = (await connection.execute(update(table).where(dropped).values(values))).rowcount
            if count:
                await self._database.defer(connection, DELIVER, ids[0])
            return count


async def _dropped(
    connection: AsyncConnection, limit: int, guild_id: int | None = None
) -> AsyncIterator[GivenUp]:
    for kind, table in ((JobKind.DELIVERY, deliveries), (JobKind.DIGEST, digests)):
        query = select(table).where(table.c.dropped_why.is_not(None)).order_by(table.c.id.desc())
        if guild_id is not None:
            query = query.where(table.c.guild_id == guild_id)
        for row in await connection.execute(query.limit(limit)):
            yield GivenUp(kind=kind, id=row.id, channel_id=row.channel_id, why=row.dropped_why)


def _trouble(row: Any) -> str:
    return f"HTTP {row.status}" if row.status else f"failed {row.failures} times in a row"
