"""What channels and members subscribed to, and pasted links that are still to be matched with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from bot.model import FollowedFeed, Notice, Paste, Subscription
from bot.store.database import Database, insert_new
from bot.store.leases import take_due
from bot.store.queue import MATCH_PASTED
from bot.store.schema import (
    feeds,
    followers,
    notices,
    pastes,
    retellings,
    subscriptions,
    topic_feeds,
    topic_models,
)

_s = subscriptions.c
_p = pastes.c
_n = notices.c


class SubscriptionRepository:
    """The only reader and writer of subscriptions, their followers, notices and pastes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, now: datetime, **values: Any) -> tuple[Subscription, bool]:
        """The channel's subscription of this name, and whether it is new; an old one is left as it is.

        *values* are the fields of model.Subscription.
        """
        row = {"paused": False, "created_at": now, **values}
        same = (
            _s.guild_id == row["guild_id"],
            _s.channel_id == row["channel_id"],
            _s.name == row["name"],
        )
        async with self._database.write() as connection:
            added = await connection.execute(insert_new(subscriptions, row).returning(_s.id))
            new = added.first() is not None
            kept = (await connection.execute(select(subscriptions).where(*same))).one()
        return Subscription(**kept._mapping), new

    async def topics(self) -> tuple[Subscription, ...]:
        """Every subscription to a topic."""
        return await self._found(_s.feed_id.is_(None))

    async def newest(self) -> int:
        """The id of the latest subscription, 0 where there is none."""
        async with self._database.read() as connection:
            return (await connection.execute(select(func.max(_s.id)))).scalar_one() or 0

    async def get(self, subscription_id: int) -> Subscription | None:
        """The subscription with this id."""
        return next(iter(await self._found(_s.id == subscription_id)), None)

    async def get_all(self, ids: Collection[int]) -> tuple[Subscription, ...]:
        """The subscriptions with these ids."""
        return await self._found(_s.id.in_(ids))

    async def of_guild(self, guild_id: int) -> tuple[Subscription, ...]:
        """A server's subscriptions, without those of its members."""
        return await self._found(_s.guild_id == guild_id, _s.member_id.is_(None))

    async def of_member(self, user_id: int) -> tuple[Subscription, ...]:
        """What a member gets by direct message."""
        return await self._found(_s.member_id == user_id)

    async def set(self, subscription_id: int, **values: Any) -> bool:
        """Change columns of a subscription and of those that follow it; False where there is none."""
        async with self._database.write() as connection:
            changed = update(subscriptions).where(_s.id == subscription_id).values(values)
            found = bool((await connection.execute(changed)).rowcount)
            if "query" in values:  # what it learned was of the old one
                await connection.execute(
                    delete(topic_models).where(topic_models.c.subscription_id == subscription_id)
                )
            shared = {name: values[name] for name in ("name", "query", "paused") if name in values}
            name = shared.pop("name", None)
            if shared:
                await connection.execute(
                    update(subscriptions).where(_s.parent_id == subscription_id).values(shared)
                )
            if name is not None:
                # A follower who has the name for another topic keeps the old one.
                other = subscriptions.alias()
                place = other.c.guild_id == _s.guild_id, other.c.channel_id == _s.channel_id
                taken = exists().where(*place, other.c.name == name)
                follows = _s.parent_id == subscription_id, ~taken
                await connection.execute(update(subscriptions).where(*follows).values(name=name))
        return found

    async def forget_missed(self, subscription_id: int, overdue: datetime) -> None:
        """Of its feeds that nobody asked since they were due at *overdue*, count what is there as seen."""
        own = select(_s.feed_id).where(_s.id == subscription_id, _s.feed_id.is_not(None))
        heard = select(topic_feeds.c.feed_id).where(topic_feeds.c.subscription_id == subscription_id)
        idle = feeds.c.next_poll < overdue, or_(feeds.c.id.in_(own), feeds.c.id.in_(heard))
        async with self._database.write() as connection:
            await connection.execute(update(feeds).where(*idle).values(polled_at=None))

    async def remove(self, subscription_id: int) -> bool:
        """Forget a subscription; False where there is none."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(subscriptions).where(_s.id == subscription_id))
            return bool(gone.rowcount)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget everything a server and its members subscribed to."""
        async with self._database.write() as connection:
            await connection.execute(delete(subscriptions).where(_s.guild_id == guild_id))
            await connection.execute(delete(pastes).where(_p.guild_id == guild_id))

    async def forget_channel(self, channel_id: int) -> None:
        """Forget everything a channel subscribed to."""
        async with self._database.write() as connection:
            await connection.execute(delete(subscriptions).where(_s.channel_id == channel_id))

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member follows."""
        async with self._database.write() as connection:
            await connection.execute(delete(subscriptions).where(_s.member_id == user_id))
            await connection.execute(delete(followers).where(followers.c.user_id == user_id))
            await connection.execute(
                update(subscriptions).where(_s.created_by == user_id).values(created_by=0)
            )

    async def listen(self, subscription_id: int, feed_ids: Iterable[int]) -> None:
        """Let a topic listen to more feeds."""
        rows = [{"subscription_id": subscription_id, "feed_id": id_} for id_ in sorted(set(feed_ids))]
        if rows:
            async with self._database.write() as connection:
                await connection.execute(insert_new(topic_feeds, rows))

    async def listeners(self, feed_id: int) -> tuple[tuple[Subscription, ...], frozenset[int]]:
        """The subscriptions to a feed, and the servers that hear it: by one of these, or by a topic."""
        gets = select(subscriptions).where(_s.feed_id == feed_id).order_by(_s.id)
        hears = select(_s.guild_id).join(topic_feeds).where(topic_feeds.c.feed_id == feed_id)
        async with self._database.snapshot() as connection:
            got = tuple(Subscription(**row._mapping) for row in await connection.execute(gets))
            heard = frozenset(await connection.scalars(hears))
        return got, heard | {each.guild_id for each in got}

    async def follow(self, subscription_id: int, user_id: int) -> None:
        """Have a member mentioned with a topic's articles."""
        async with self._database.write() as connection:
            row = {"subscription_id": subscription_id, "user_id": user_id}
            await connection.execute(insert_new(followers, row))

    async def unfollow(self, subscription_id: int, user_id: int) -> bool:
        """Stop that; False where it was not so."""
        same = followers.c.subscription_id == subscription_id, followers.c.user_id == user_id
        async with self._database.write() as connection:
            return bool((await connection.execute(delete(followers).where(*same))).rowcount)

    async def mute(self, subscription_id: int, user_id: int, until: datetime | None) -> bool:
        """Leave a follower out until a moment; False where the member does not follow."""
        same = followers.c.subscription_id == subscription_id, followers.c.user_id == user_id
        async with self._database.write() as connection:
            muted = update(followers).where(*same).values(muted_until=until)
            return bool((await connection.execute(muted)).rowcount)

    async def followers(self, subscription_ids: Collection[int], now: datetime) -> tuple[int, ...]:
        """The members to be mentioned, those who asked first first."""
        query = (
            select(followers.c.user_id)
            .where(
                followers.c.subscription_id.in_(subscription_ids),
                or_(followers.c.muted_until.is_(None), followers.c.muted_until <= now),
            )
            .distinct()
            .order_by(followers.c.user_id)
        )
        async with self._database.read() as connection:
            return tuple(await connection.scalars(query))

    async def followers_of(
        self, subscription_ids: Collection[int], now: datetime
    ) -> dict[int, frozenset[int]]:
        """The members to be mentioned with each of these, where there are any."""
        awake = or_(followers.c.muted_until.is_(None), followers.c.muted_until <= now)
        query = select(followers.c.subscription_id, followers.c.user_id).where(
            followers.c.subscription_id.in_(subscription_ids), awake
        )
        found: dict[int, set[int]] = {}
        async with self._database.read() as connection:
            for subscription_id, user_id in await connection.execute(query):
                found.setdefault(subscription_id, set()).add(user_id)
        return {id_: frozenset(members) for id_, members in found.items()}

    async def followed_by(self, user_id: int) -> frozenset[int]:
        """The topics with whose articles a member is mentioned."""
        query = select(followers.c.subscription_id).where(followers.c.user_id == user_id)
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(query))

    async def pasted(self, article_id: int, guild_id: int, channel_id: int, now: datetime) -> None:
        """A member shared an article; once for ever in a channel."""
        row = {"article_id": article_id, "guild_id": guild_id, "channel_id": channel_id, "next_try": now}
        async with self._database.write() as connection:
            if (await connection.execute(insert_new(pastes, row))).rowcount:
                await self._database.defer(connection, MATCH_PASTED, article_id)

    async def claim_pastes(self, now: datetime, lease: timedelta, limit: int) -> tuple[Paste, ...]:
        """Shared articles to be matched, taken by this caller alone until the lease ends."""
        async with self._database.write() as connection:
            ids = await take_due(connection, pastes, _p.next_try, now, lease, limit)
            query = select(_p.id, _p.article_id, _p.guild_id, _p.channel_id).where(_p.id.in_(ids))
            return tuple(Paste(**row._mapping) for row in await connection.execute(query.order_by(_p.id)))

    async def matched(self, paste_id: int) -> None:
        """A shared article was matched."""
        async with self._database.write() as connection:
            await connection.execute(update(pastes).where(_p.id == paste_id).values(next_try=None))

    async def claim_notices(self, now: datetime, lease: timedelta, limit: int) -> tuple[Notice, ...]:
        """Who is to be told of a feed's trouble, taken by this caller alone until the lease ends."""
        async with self._database.write() as connection:
            ids = await take_due(connection, notices, _n.next_try, now, lease, limit)
            query = (
                select(
                    _n.id,
                    _s.guild_id,
                    _s.channel_id,
                    _s.created_by.label("user_id"),
                    *(
                        feeds.c[name].label(f"feed_{name}")
                        for name in ("id", "url", "title", "failures", "status", "trouble", "next_poll")
                    ),
                )
                .select_from(notices.join(subscriptions).join(feeds, feeds.c.id == _n.feed_id))
                .where(_n.id.in_(ids))
            )
            return tuple(_notice(dict(row._mapping)) for row in await connection.execute(query))

    async def told(self, notice_id: int) -> None:
        """Somebody was told."""
        async with self._database.write() as connection:
            await connection.execute(update(notices).where(_n.id == notice_id).values(next_try=None))

    async def retold(self, article_id: int, first_id: int) -> int:
        """An article tells an earlier one's story; returns the story's first article."""
        first = select(retellings.c.first_id).where(retellings.c.article_id == first_id)
        kept = select(retellings.c.first_id).where(retellings.c.article_id == article_id)
        async with self._database.write() as connection:
            earliest = (await connection.execute(first)).scalar_one_or_none() or first_id
            row = {"article_id": article_id, "first_id": earliest}
            await connection.execute(insert_new(retellings, row))
            return int((await connection.execute(kept)).scalar_one())

    async def _found(self, *conditions: Any) -> tuple[Subscription, ...]:
        query = select(subscriptions).where(*conditions).order_by(_s.id)
        async with self._database.read() as connection:
            return tuple(Subscription(**row._mapping) for row in await connection.execute(query))


def _notice(row: dict[str, Any]) -> Notice:
    feed = {name.removeprefix("feed_"): row.pop(name) for name in list(row) if name.startswith("feed_")}
    return Notice(**row, feed=FollowedFeed(**feed))
