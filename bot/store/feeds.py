"""Followed feeds and the entries seen in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, case, delete, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Entry, FollowedFeed, PendingEntry
from bot.store.database import Database, insert_new
from bot.store.leases import keep, take_due
from bot.store.queue import POLL_FEEDS, READ_ENTRIES
from bot.store.schema import feed_entries, feeds, notices, subscriptions, topic_feeds

_f = feeds.c
_e = feed_entries.c

REMEMBERED = 2_000  #: ids of a feed, the latest seen; a feed shows at most half as many at once
FORGET_AFTER = timedelta(days=180)
AGAIN = timedelta(seconds=20)  #: after a poll, where a hub told of news meanwhile
_ROWS = 500  #: in one statement; SQLite takes no more than 32,766 values

_wanted = or_(
    exists().where(subscriptions.c.feed_id == _f.id),
    exists().where(topic_feeds.c.feed_id == _f.id),
)
#: That somebody wants what the feed brings now.
FOLLOWED = or_(
    exists().where(subscriptions.c.feed_id == _f.id, subscriptions.c.paused.is_(False)),
    exists().where(topic_feeds.c.feed_id == _f.id),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll changes."""

    feed_id: int
    values: dict[str, Any]  #: columns of `feeds`
    entries: Sequence[Entry] = ()  #: not seen before
    read: Collection[str] = field(default_factory=frozenset)  #: ids of those whose articles are to be read
    tell: bool = False  #: those who added the feed are to be told of its trouble
    healthy: bool = False  #: trouble, should it come again, is to be told again
    asked_at: datetime | None = None  #: what a hub told since then, the poll may not have seen
    missed: bool = False  #: it brought news that the feed's hub had not told of


class FeedRepository:
    """The only reader and writer of `feeds` and `feed_entries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, url: str, title: str, now: datetime) -> FollowedFeed:
        """The feed at *url*, made where there is none; one that was given up is tried again.

        What appeared in it while nobody followed it is no news.
        """
        async with self._database.write() as connection:
            row = {"url": url, "title": title, "failures": 0, "moves": 0, "published": "[]", "next_poll": now}
            await connection.execute(insert_new(feeds, row))
            await connection.execute(update(feeds).where(_f.url == url, ~_wanted).values(polled_at=None))
            again = {"next_poll": now, "failures": 0}
            await connection.execute(update(feeds).where(_f.url == url, _f.next_poll.is_(None)).values(again))
            return _feed((await connection.execute(select(feeds).where(_f.url == url))).one())

    async def get(self, feed_id: int) -> FollowedFeed | None:
        """The feed with this id."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(feeds).where(_f.id == feed_id))).first()
        return _feed(row) if row else None

    async def get_all(self, feed_ids: Collection[int]) -> dict[int, FollowedFeed]:
        """The feeds with these ids."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(feeds).where(_f.id.in_(feed_ids)))
            return {row.id: _feed(row) for row in rows}

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> tuple[FollowedFeed, ...]:
        """Feeds that are due and that somebody follows, taken by this caller alone until the lease ends."""
        async with self._database.write() as connection:
            ids = await take_due(connection, feeds, _f.next_poll, now, lease, limit, FOLLOWED)
            rows = await connection.execute(select(feeds).where(_f.id.in_(ids)).order_by(_f.id))
            return tuple(map(_feed, rows))

    async def keep(self, feed_ids: Collection[int], until: datetime) -> None:
        """Feeds are still being asked: their lease ends later."""
        async with self._database.write() as connection:
            await keep(connection, feeds, _f.next_poll, feed_ids, until)

    async def known_ids(self, feed_id: int) -> frozenset[str]:
        """The ids of the feed's latest entries."""
        query = select(_e.entry_id).where(_e.feed_id == feed_id).order_by(_e.id.desc()).limit(REMEMBERED)
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(query))

    async def settle(self, polls: Iterable[Polled], now: datetime) -> None:
        """Keep what polls brought, in one transaction."""
        async with self._database.write() as connection:
            for poll in polls:
                await _add_entries(connection, poll, now)
                if poll.read:
                    await self._database.defer(connection, READ_ENTRIES, poll.feed_id)
                await connection.execute(update(feeds).where(_f.id == poll.feed_id).values(_changed(poll)))
                if poll.tell:
                    await _owe_notices(connection, poll.feed_id, now)
                if poll.healthy:
                    await connection.execute(delete(notices).where(notices.c.feed_id == poll.feed_id))

    async def told(self, feed_id: int, now: datetime, lease: timedelta) -> None:
        """A hub says that there is news in a feed: it is due, unless it is being asked just now."""
        async with self._database.write() as connection:
            told = update(feeds).where(_f.id == feed_id)
            await connection.execute(told.values(told_at=now))
            waiting = await connection.execute(told.where(_f.next_poll > now + lease).values(next_poll=now))
            if waiting.rowcount:
                await self._database.defer(connection, POLL_FEEDS, feed_id)

    async def will_be_told(self, feed_id: int, until: datetime | None) -> None:
        """A hub has agreed to tell of news in a feed until then; None: it does not."""
        async with self._database.write() as connection:
            await connection.execute(update(feeds).where(_f.id == feed_id).values(told_until=until))

    async def move(self, feed_id: int, url: str) -> int:
        """Give a feed a new address; returns the id that its followers now follow.

        Where the new address is followed already, they join it, with what is still to be read, and the old feed
        is forgotten.
        """
        async with self._database.write() as connection:
            other = (await connection.execute(select(_f.id).where(_f.url == url))).scalar_one_or_none()
            if other is None or other == feed_id:
                await connection.execute(
                    update(feeds)
                    .where(_f.id == feed_id)
                    .values(url=url, etag=None, last_modified=None, moved_to=None, moves=0)
                )
                return feed_id
            follows = subscriptions.c.feed_id
            await connection.execute(update(subscriptions).where(follows == feed_id).values(feed_id=other))
            hears = select(topic_feeds.c.subscription_id).where(topic_feeds.c.feed_id == feed_id)
            rows = [{"subscription_id": id_, "feed_id": other} for id_ in await connection.scalars(hears)]
            if rows:
                await connection.execute(insert_new(topic_feeds, rows))
            await _hand_on(connection, feed_id, other)
            await connection.execute(delete(feeds).where(_f.id == feed_id))
            return int(other)

    async def claim_entries(self, now: datetime, lease: timedelta, limit: int) -> tuple[PendingEntry, ...]:
        """Entries to be read, taken by this caller alone until the lease ends."""
        async with self._database.write() as connection:
            ids = await take_due(
                connection, feed_entries, _e.next_read, now, lease, limit, attempts=_e.attempts + 1
            )
            rows = await connection.execute(select(feed_entries).where(_e.id.in_(ids)).order_by(_e.id))
            return tuple(
                PendingEntry(
                    id=row.id,
                    feed_id=row.feed_id,
                    entry=msgspec.json.decode(row.entry, type=Entry),
                    attempts=row.attempts,
                )
                for row in rows
            )

    async def keep_entries(self, entry_ids: Collection[int], until: datetime) -> None:
        """Entries are still being read: their lease ends later."""
        async with self._database.write() as connection:
            await keep(connection, feed_entries, _e.next_read, entry_ids, until)

    async def were_read(self, entry_ids: Collection[int]) -> None:
        """The articles of entries were read and are owed to all who follow them."""
        await self._set_entries(entry_ids, next_read=None, entry=None)

    async def read_later(self, entry_id: int, when: datetime) -> None:
        """An entry's article could not be read now."""
        await self._set_entries([entry_id], next_read=when)

    async def tidy(self, now: datetime) -> None:
        """Forget feeds that nobody follows, and entries that were seen long ago and are no more in a feed."""
        async with self._database.write() as connection:
            await connection.execute(delete(feeds).where(~_wanted))
            many = select(_e.feed_id).group_by(_e.feed_id).having(func.count() > REMEMBERED)
            for feed_id in list(await connection.scalars(many)):
                kept = (
                    select(_e.id)
                    .where(_e.feed_id == feed_id)
                    .order_by(_e.id.desc())
                    .offset(REMEMBERED)
                    .limit(1)
                    .scalar_subquery()
                )
                old = _e.seen_at < now - FORGET_AFTER
                await connection.execute(
                    delete(feed_entries).where(_e.feed_id == feed_id, _e.id <= kept, old)
                )

    async def _set_entries(self, entry_ids: Collection[int], **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(feed_entries).where(_e.id.in_(entry_ids)).values(values))


def _changed(poll: Polled) -> dict[str, Any]:
    if poll.asked_at is None:
        return poll.values
    told_since = _f.told_at > poll.asked_at
    soon, later = (
        literal(moment, _f.next_poll.type) for moment in (poll.asked_at + AGAIN, poll.values["next_poll"])
    )
    changed = poll.values | {"next_poll": case((told_since, soon), else_=later)}
    return changed | {"told_at": case((told_since, _f.told_at))} if poll.missed else changed


async def _add_entries(connection: AsyncConnection, poll: Polled, now: datetime) -> None:
    rows = [
        {
            "feed_id": poll.feed_id,
            "entry_id": entry.id,
            "entry": msgspec.json.encode(entry).decode() if entry.id in poll.read else None,
            "seen_at": now,
            "attempts": 0,
            "next_read": now if entry.id in poll.read else None,
        }
        # The oldest first: they are read, and posted, in the order in which they appeared.
        for entry in reversed(poll.entries)
    ]
    for start in range(0, len(rows), _ROWS):
        await connection.execute(insert_new(feed_entries, rows[start : start + _ROWS]))


async def _hand_on(connection: AsyncConnection, feed_id: int, other: int) -> None:
    """Let *other* read what a feed has still to read, also what its own followers were told before."""
    late = _e.feed_id == feed_id, _e.next_read.is_not(None)
    ids = list(await connection.scalars(select(_e.entry_id).where(*late)))
    await connection.execute(delete(feed_entries).where(_e.feed_id == other, _e.entry_id.in_(ids)))
    await connection.execute(update(feed_entries).where(*late).values(feed_id=other))
    # The other may have been given up.
    when = select(_f.next_poll).where(_f.id == feed_id).scalar_subquery()
    await connection.execute(
        update(feeds).where(_f.id == other, _f.next_poll.is_(None)).values(next_poll=when, failures=0)
    )


async def _owe_notices(connection: AsyncConnection, feed_id: int, now: datetime) -> None:
    follows = select(subscriptions.c.id).where(subscriptions.c.feed_id == feed_id)
    rows = [
        {"feed_id": feed_id, "subscription_id": id_, "next_try": now}
        for id_ in await connection.scalars(follows)
    ]
    if rows:
        await connection.execute(delete(notices).where(notices.c.feed_id == feed_id))
        await connection.execute(insert_new(notices, rows))


def _feed(row: Row[Any]) -> FollowedFeed:
    values = dict(row._mapping)
    seconds = json.loads(values.pop("published"))
    return FollowedFeed(**values, published=tuple(datetime.fromtimestamp(each, UTC) for each in seconds))


def written(moments: Iterable[datetime]) -> str:
    """Moments as the column `published` keeps them: JSON, seconds."""
    return json.dumps([int(moment.timestamp()) for moment in moments])
