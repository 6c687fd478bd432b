"""The outbox: which articles channels are owed, and how far each debt is."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Delivery
from bot.store.database import Database, insert_new
from bot.store.leases import take_due
from bot.store.queue import DELIVER
from bot.store.schema import articles, deliveries, discussions, retellings

_d = deliveries.c

A_CHANNEL = 5  #: debts of one channel that are taken at a time, so that a busy one does not starve the others

#: On PostgreSQL: of two who lease at the same time, neither would see which channels the other one takes.
_LEASING_ALONE = text("SELECT pg_advisory_xact_lock(7351001)")
_BEGIN = (
    update(deliveries)
    .where(_d.id.in_(bindparam("ids", expanding=True)))
    .values(first_try=func.coalesce(_d.first_try, bindparam("now", type_=_d.first_try.type)))
)
_SENT = (
    update(deliveries)
    .where(_d.id == bindparam("delivery_id"))
    .values(next_try=None, leased_until=None, sent_at=bindparam("now"))
)
_POSTED = (
    update(discussions)
    .where(discussions.c.id == bindparam("discussion_id"))
    .values(
        message_id=bindparam("message"), thread_id=func.coalesce(bindparam("thread"), discussions.c.thread_id)
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where a discussion's card was posted."""

    discussion_id: int
    message_id: int
    thread_id: int | None = None  #: None where none was opened now


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An article, who is to get it and why, and whose story it tells."""

    article_id: int
    channels: Mapping[tuple[int, int], Sequence[int]]  #: the subscriptions that asked, by (guild, channel)
    first_id: int | None = None  #: the story's first article, where that is another

    @property
    def story(self) -> int:
        """The article that told it first."""
        return self.first_id or self.article_id

    def rows(self, told: Mapping[int, int], now: datetime) -> list[dict[str, Any]]:
        """The debts; *told* are other tellings by the channels that have them."""
        return [
            {
                "article_id": self.article_id,
                "guild_id": guild_id,
                "channel_id": channel_id,
                "subscriptions": json.dumps(list(self.channels[guild_id, channel_id])),
                "joins_id": told.get(channel_id),
                "owed_at": now,
                "next_try": now,
                "attempts": 0,
                "left_over": False,
            }
            for guild_id, channel_id in sorted(self.channels)
        ]


class DeliveryRepository:
    """The only reader and writer of `deliveries`, but for digests that take what was left over.

    That a card was posted it writes into `discussions` too, in the transaction that settles the debt.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owe(
        self,
        article_id: int,
        channels: Mapping[tuple[int, int], Sequence[int]],
        now: datetime,
        *,
        first_id: int | None = None,
    ) -> int:
        """Owe one article, as owe_all() does; returns how many debts are new."""
        return await self.owe_all([Owed(article_id=article_id, channels=channels, first_id=first_id)], now)

    async def owe_all(self, owed: Sequence[Owed], now: datetime) -> int:
        """Owe articles to channels, to each once for ever, in this order; returns how many debts are new.

        A channel that was given any telling of a story is owed no card but a line on that one's.
        """
        owed = [each for each in owed if each.channels]
        if not owed:
            return 0
        new: list[int] = []
        rows: list[dict[str, Any]] = []
        async with self._database.write() as connection:
            tellings = await _tellings(connection, {each.story for each in owed})
            for each in owed:
                told: dict[int, int] = {}
                if others := tellings[each.story] - {each.article_id}:
                    new += await _insert(connection, rows)  # they may be among the others
                    rows = []
                    told = await _told(connection, others, [channel for _, channel in each.channels])
                rows += each.rows(told, now)
            new += await _insert(connection, rows)
            if new:
                await self._database.defer(connection, DELIVER, new[0])
        return len(new)

    async def lease(self, now: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        """The oldest debts of every channel, taken by this caller alone until the lease ends.

        A channel is served by one caller at a time, so that its cards keep their order and are counted
        before more are sent.
        """
        # What may have been sent goes first: Discord remembers its nonce for a while only.
        order = _d.first_try.is_(None), _d.next_try, _d.id
        turn = func.row_number().over(partition_by=_d.channel_id, order_by=order)
        served = select(_d.channel_id).where(_d.leased_until > now)
        idle = _d.next_try <= now, _d.channel_id.not_in(served)
        waiting = select(_d.id, turn.label("turn")).where(*idle).subquery()
        fair = _d.id.in_(select(waiting.c.id).where(waiting.c.turn <= A_CHANNEL))
        async with self._database.write() as connection:
            if self._database.dialect == "postgresql":
                await connection.execute(_LEASING_ALONE)
            ids = await take_due(
                *(connection, deliveries, _d.next_try, now, lease, limit, fair),
                order=order,
                leased_until=now + lease,
            )
            rows = await connection.execute(select(deliveries).where(_d.id.in_(ids)).order_by(_d.id))
            return tuple(map(_delivery, rows))

    async def begin(self, ids: Collection[int], now: datetime) -> None:
        """From now on they may have been sent."""
        async with self._database.write() as connection:
            await connection.execute(_BEGIN, {"ids": list(ids), "now": now})

    async def sent(
        self, delivery_id: int, now: datetime, card: Card | None = None, begins: int | None = None
    ) -> None:
        """The debt is paid, by *card* where it brought one; from now on *begins* may have been sent."""
        async with self._database.write() as connection:
            if card is not None:
                posted = {"message": card.message_id, "thread": card.thread_id}
                await connection.execute(_POSTED, {"discussion_id": card.discussion_id, **posted})
            await connection.execute(_SENT, {"delivery_id": delivery_id, "now": now})
            if begins is not None:
                await connection.execute(_BEGIN, {"ids": [begins], "now": now})

    async def release(self, ids: Collection[int], when: datetime) -> None:
        """What is still leased of these was not tried: whoever comes after *when* may."""
        await self._set(_d.id.in_(ids), _d.leased_until.is_not(None), next_try=when)

    async def dropped(self, delivery_id: int, why: str) -> None:
        """The debt cannot be paid."""
        await self._set(_d.id == delivery_id, next_try=None, dropped_why=why)

    async def drop_channel(self, channel_id: int, why: str) -> None:
        """None of the channel's debts can be paid."""
        await self._set(_d.channel_id == channel_id, _d.next_try.is_not(None), next_try=None, dropped_why=why)

    async def later(self, delivery_id: int, when: datetime) -> None:
        """Try again at *when*."""
        await self._set(_d.id == delivery_id, next_try=when)

    async def failed(self, delivery_id: int, when: datetime) -> None:
        """Something went wrong with it: try again at *when*."""
        await self._set(_d.id == delivery_id, attempts=_d.attempts + 1, next_try=when)

    async def alone(self, delivery_id: int, when: datetime) -> None:
        """There is no card to join: a card of its own is owed."""
        await self._set(_d.id == delivery_id, next_try=when, joins_id=None)

    async def leave_over(self, delivery_id: int) -> None:
        """The channel had enough for now: the digest names it."""
        await self._set(_d.id == delivery_id, next_try=None, left_over=True)

    async def find(self, channel_id: int, article_id: int) -> tuple[Delivery, bool, bool] | None:
        """A channel's debt of an article, whether it is open, and whether it was paid by a card."""
        query = select(deliveries).where(_d.channel_id == channel_id, _d.article_id == article_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return _delivery(row), row.next_try is not None, row.sent_at is not None

    async def lately(self, guild_id: int, channel_ids: Collection[int], limit: int) -> tuple[int, ...]:
        """The articles whose cards hang in these channels of a server, the newest first."""
        query = (
            select(discussions.c.article_id)
            .where(discussions.c.guild_id == guild_id, discussions.c.home_id.in_(channel_ids))
            .group_by(discussions.c.article_id)
            .order_by(func.max(discussions.c.id).desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(await connection.scalars(query))

    async def joined(self, channel_id: int, article_id: int) -> tuple[int, ...]:
        """The articles that are named on the card of another in a channel, in the order they came."""
        query = select(_d.article_id).where(_d.channel_id == channel_id, _d.joins_id == article_id)
        async with self._database.read() as connection:
            return tuple(await connection.scalars(query.order_by(_d.id)))

    async def joined_in(
        self, channel_ids: Collection[int], article_ids: Collection[int]
    ) -> dict[tuple[int, int], list[int]]:
        """Of these articles in these channels: what is named on the card, by (channel, article)."""
        query = (
            select(_d.channel_id, _d.joins_id, _d.article_id)
            .where(_d.channel_id.in_(channel_ids), _d.joins_id.in_(article_ids))
            .order_by(_d.id)
        )
        found: dict[tuple[int, int], list[int]] = {}
        async with self._database.read() as connection:
            for channel_id, article_id, other in await connection.execute(query):
                found.setdefault((channel_id, article_id), []).append(other)
        return found

    async def sent_since(self, channel_ids: Collection[int], since: datetime) -> dict[int, int]:
        """How many cards channels were sent, or are being sent, since a moment.

        Exact for channels of which the caller has debts leased: nobody else is sending there.
        """
        # Not coalesce(): both halves are ranges of the index over channel and sent_at.
        lately = or_(_d.sent_at > since, and_(_d.sent_at.is_(None), _d.first_try > since))
        query = (
            select(_d.channel_id, func.count().label("cards"))
            .where(_d.channel_id.in_(channel_ids), lately, _d.joins_id.is_(None))
            .group_by(_d.channel_id)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {row.channel_id: row.cards for row in rows}

    async def of_digest(self, digest_id: int) -> tuple[Delivery, ...]:
        """What a digest names."""
        query = select(deliveries).where(_d.digest_id == digest_id).order_by(_d.id)
        async with self._database.read() as connection:
            return tuple(map(_delivery, await connection.execute(query)))

    async def open(self) -> int:
        """How many debts are left."""
        query = select(func.count()).select_from(deliveries).where(_d.next_try.is_not(None))
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one()

    async def forget_guild(self, guild_id: int) -> None:
        """Forget what a server was and is owed."""
        async with self._database.write() as connection:
            await connection.execute(delete(deliveries).where(_d.guild_id == guild_id))

    async def _set(self, *conditions: Any, **values: Any) -> None:
        async with self._database.write() as connection:
            changed = update(deliveries).where(*conditions).values(leased_until=None, **values)
            await connection.execute(changed)


async def _insert(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    if not rows:
        return ()
    return (await connection.scalars(insert_new(deliveries).returning(_d.id), rows)).all()


async def _tellings(connection: AsyncConnection, stories: Collection[int]) -> dict[int, set[int]]:
    """All articles that tell these stories, the first included."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer
        # Two processes that tell one story take turns, or neither would see what the other one owes.
        turn = select(articles.c.id).where(articles.c.id.in_(stories)).order_by(articles.c.id)
        await connection.execute(turn.with_for_update(key_share=True))
    found = {story: {story} for story in stories}
    later = select(retellings.c.first_id, retellings.c.article_id).where(retellings.c.first_id.in_(stories))
    for story, article_id in await connection.execute(later):
        found[story].add(article_id)
    return found


async def _told(
    connection: AsyncConnection, others: Collection[int], channel_ids: Collection[int]
) -> dict[int, int]:
    """Which of these channels have or are owed one of *others*, and which one."""
    owed = select(_d.channel_id, _d.article_id).where(
        _d.article_id.in_(others),
        _d.channel_id.in_(channel_ids),
        _d.dropped_why.is_(None),
        _d.joins_id.is_(None),
    )
    shared = select(discussions.c.channel_id, discussions.c.article_id).where(
        discussions.c.article_id.in_(others),
        discussions.c.channel_id.in_(channel_ids),
        discussions.c.message_id.is_not(None),
    )
    told: dict[int, int] = {}
    for channel_id, other in await connection.execute(
        owed.union(shared).order_by("channel_id", "article_id")
    ):
        told.setdefault(channel_id, other)
    return told


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        article_id=row.article_id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        subscriptions=tuple(json.loads(row.subscriptions)),
        joins_id=row.joins_id,
        owed_at=row.owed_at,
        attempts=row.attempts,
        first_try=row.first_try,
    )
