"""How much channels are sent and when, and the digests they are owed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, or_, select, update

from bot.model import Digest, Outlet, Rhythm
from bot.store.database import Database, insert_new
from bot.store.leases import take_due
from bot.store.schema import channels, deliveries, digests, outlets

_o = outlets.c
_g = digests.c

_OUTLETS = select(outlets).where(_o.channel_id.in_(bindparam("ids", expanding=True)))


class DigestRepository:
    """The only reader and writer of `outlets` and `digests`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def outlets(self, channel_ids: Collection[int]) -> dict[int, Outlet]:
        """What is set for these channels, where something is."""
        async with self._database.read() as connection:
            rows = await connection.execute(_OUTLETS, {"ids": list(channel_ids)})
            return {row.channel_id: _outlet(row) for row in rows}

    async def put(self, outlet: Outlet) -> None:
        """Keep a channel's settings in place of older ones."""
        values = asdict(outlet)
        async with self._database.write() as connection:
            await connection.execute(insert_new(outlets, values))
            same = _o.channel_id == outlet.channel_id
            await connection.execute(update(outlets).where(same).values(values))

    async def schedule(self, outlet: Outlet, when: datetime) -> None:
        """Have a digest drawn up at *when* where none is scheduled."""
        async with self._database.write() as connection:
            await connection.execute(insert_new(outlets, asdict(outlet)))
            await connection.execute(
                update(outlets)
                .where(_o.channel_id == outlet.channel_id, _o.next_digest.is_(None))
                .values(next_digest=when)
            )

    async def has_left_over(self, channel_id: int) -> bool:
        """Whether a channel's cap left something over that no digest named yet."""
        mine = deliveries.c.channel_id == channel_id, deliveries.c.digest_id.is_(None), deliveries.c.left_over
        async with self._database.read() as connection:
            return (
                await connection.execute(select(deliveries.c.id).where(*mine).limit(1))
            ).first() is not None

    async def unscheduled(self, limit: int) -> tuple[tuple[Outlet, Rhythm], ...]:
        """Channels that want digests and have none scheduled, with how often they want them."""
        wanted = channels.outerjoin(outlets, _o.channel_id == channels.c.channel_id)
        query = (
            select(channels.c.guild_id, channels.c.channel_id, channels.c.digest)
            .select_from(wanted)
            .where(channels.c.digest != Rhythm.OFF, _o.next_digest.is_(None))
            .limit(limit)
        )
        async with self._database.read() as connection:
            found = (await connection.execute(query)).all()
        known = await self.outlets([row.channel_id for row in found])
        return tuple(
            (
                known.get(row.channel_id, Outlet(guild_id=row.guild_id, channel_id=row.channel_id)),
                Rhythm(row.digest),
            )
            for row in found
        )

    async def due_outlets(self, now: datetime, limit: int) -> tuple[Outlet, ...]:
        """Channels whose digest is to be drawn up."""
        query = select(outlets).where(_o.next_digest <= now).order_by(_o.next_digest).limit(limit)
        async with self._database.read() as connection:
            return tuple(map(_outlet, await connection.execute(query)))

    async def draw_up(
        self, outlet: Outlet, since: datetime, following: datetime | None, now: datetime
    ) -> bool:
        """Owe a channel the digest that is due, and settle what it names; False where it would be empty.

        Two who draw up the same digest make one. *following* is when the next one is due.
        """
        posted = deliveries.c.sent_at > since
        named: ColumnElement[bool] = deliveries.c.left_over.is_(True)
        if not outlet.skip_posted:
            named = or_(named, and_(posted, deliveries.c.joins_id.is_(None)))
        free = deliveries.c.channel_id == outlet.channel_id, deliveries.c.digest_id.is_(None), named
        async with self._database.write() as connection:
            same = _o.channel_id == outlet.channel_id, _o.next_digest == outlet.next_digest
            moved = await connection.execute(update(outlets).where(*same).values(next_digest=following))
            count = (
                await connection.execute(select(func.count()).select_from(deliveries).where(*free))
            ).scalar_one()
            if not moved.rowcount or not count:
                return False
            row = {
                "guild_id": outlet.guild_id,
                "channel_id": outlet.channel_id,
                "due_at": outlet.next_digest,
                "attempts": 0,
                "next_try": now,
            }
            new = insert_new(digests, row).returning(_g.id)
            digest_id = (await connection.execute(new)).scalar_one_or_none()
            if digest_id is not None:
                await connection.execute(update(deliveries).where(*free).values(digest_id=digest_id))
            return digest_id is not None

    async def lease(self, now: datetime, lease: timedelta, limit: int) -> tuple[Digest, ...]:
        """Digests that are owed, taken by this caller alone until the lease ends."""
        async with self._database.write() as connection:
            ids = await take_due(connection, digests, _g.next_try, now, lease, limit)
            rows = await connection.execute(select(digests).where(_g.id.in_(ids)).order_by(_g.id))
            return tuple(map(_digest, rows))

    async def begin(self, digest_id: int, now: datetime) -> None:
        """From now on it may have been sent."""
        await self._set(digest_id, first_try=func.coalesce(_g.first_try, now))

    async def sent(self, digest_id: int, message_id: int) -> None:
        """The digest is in the channel."""
        await self._set(digest_id, next_try=None, message_id=message_id)

    async def dropped(self, digest_id: int, why: str) -> None:
        """The digest cannot be sent."""
        await self._set(digest_id, next_try=None, dropped_why=why)

    async def failed(self, digest_id: int, when: datetime) -> None:
        """Something went wrong with it: try again at *when*."""
        await self._set(digest_id, attempts=_g.attempts + 1, next_try=when)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget a server's digests and how it wanted them."""
        async with self._database.write() as connection:
            await connection.execute(delete(outlets).where(_o.guild_id == guild_id))
            await connection.execute(delete(digests).where(_g.guild_id == guild_id))

    async def _set(self, digest_id: int, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(digests).where(_g.id == digest_id).values(values))


def _outlet(row: Row[Any]) -> Outlet:
    return Outlet(**row._mapping)


def _digest(row: Row[Any]) -> Digest:
    return Digest(
        id=row.id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        due_at=row.due_at,
        attempts=row.attempts,
        first_try=row.first_try,
    )
