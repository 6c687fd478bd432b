"""Cards and their threads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Discussion
from bot.store.database import Database, insert_new
from bot.store.schema import articles, comments, discussions

_d = discussions.c

_UNTOUCHED = {"round": 0, "comments": 0, "shown_comments": 0}
#: Built once: what is asked with every link is most of what a known one costs.
_OPEN = insert_new(discussions)
_OPENED = select(discussions).where(
    _d.channel_id == bindparam("channel"), _d.article_id == bindparam("article")
)
_POSTED = update(discussions).where(_d.id == bindparam("discussion")).values(message_id=bindparam("message"))
_mine = discussions.alias()
_here = _mine.c.guild_id == bindparam("guild"), _mine.c.article_id == bindparam("article")
_POSTED_IN = (
    select(discussions)
    .where(
        # By number, so that one index answers both halves however much a server shared.
        _d.id.in_(union(select(_mine.c.id).where(*_here), select(_mine.c.merged_into).where(*_here))),
        _d.guild_id == bindparam("guild"),
        _d.message_id.is_not(None),
    )
    .order_by(_d.shared_at.desc(), _d.id.desc())
    .limit(bindparam("most"))
)


class DiscussionRepository:
    """The only reader and writer of `discussions`, but for cards that deliveries posted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self,
        article_id: int,
        *,
        guild_id: int,
        channel_id: int,
        home_id: int,
        sharer_id: int | None,
        source_id: int | None,
        now: datetime,
        note: str | None = None,
        length: str | None = None,
    ) -> tuple[Discussion, int]:
        """The channel's discussion of an article, made where there is none, and the round it is in."""
        row = {
            "article_id": article_id,
            "guild_id": guild_id,
            "channel_id": channel_id,
            "home_id": home_id,
            "sharer_id": sharer_id,
            "source_id": source_id,
            "shared_at": now,
            "note": note,
            "length": length,
            **_UNTOUCHED,
        }
        async with self._database.write() as connection:
            await connection.execute(_OPEN, row)
            found = (await connection.execute(_OPENED, {"channel": channel_id, "article": article_id})).one()
        return discussion_of(found), found.round

    async def open_all(
        self, wanted: Sequence[tuple[int, int, int, datetime]]
    ) -> list[tuple[Discussion, int]]:
        """Open discussions that subscriptions ask for, by (article, server, channel, time), as open() does."""
        rows = [
            {
                "article_id": article_id,
                "guild_id": guild_id,
                "channel_id": channel_id,
                "home_id": channel_id,
                "shared_at": now,
                **_UNTOUCHED,
            }
            for article_id, guild_id, channel_id, now in sorted(wanted)
        ]
        query = select(discussions).where(
            _d.channel_id.in_({row["channel_id"] for row in rows}),
            _d.article_id.in_({row["article_id"] for row in rows}),
        )
        async with self._database.write() as connection:
            await connection.execute(_OPEN, rows)
            found = {(row.channel_id, row.article_id): row for row in await connection.execute(query)}
        mine = [found[channel_id, article_id] for article_id, _, channel_id, _ in wanted]
        return [(discussion_of(row), row.round) for row in mine]

    async def reopen(
        self,
        discussion_id: int,
        message_id: int | None,
        *,
        sharer_id: int | None,
        source_id: int | None,
        now: datetime,
        note: str | None = None,
        length: str | None = None,
    ) -> tuple[Discussion, int]:
        """Ready a discussion whose card is or was *message_id* for another; its thread and comments stay.

        Where somebody else did so first, the two share the new card.
        """
        async with self._database.write() as connection:
            await connection.execute(
                update(discussions)
                .where(_d.id == discussion_id, _d.message_id == message_id)
                .values(
                    sharer_id=sharer_id,
                    source_id=source_id,
                    shared_at=now,
                    note=note,
                    length=length,
                    message_id=None,
                    round=_d.round + 1,
                )
            )
            row = (await connection.execute(select(discussions).where(_d.id == discussion_id))).one()
        return discussion_of(row), row.round

    async def claim(
        self,
        discussion_id: int,
        *,
        sharer_id: int | None,
        source_id: int | None,
        now: datetime,
        note: str | None,
        length: str | None = None,
    ) -> Discussion:
        """Hand a discussion without a card to another sharer."""
        async with self._database.write() as connection:
            await connection.execute(
                update(discussions)
                .where(_d.id == discussion_id, _d.message_id.is_(None))
                .values(
                    sharer_id=sharer_id,
                    source_id=source_id,
                    shared_at=now,
                    note=note,
                    length=length,
                    merged_into=None,
                )
            )
            row = (await connection.execute(select(discussions).where(_d.id == discussion_id))).one()
        return discussion_of(row)

    async def take_down(self, discussion_id: int) -> None:
        """The card is gone, and who shared it is forgotten; the thread stays; the next share posts another card."""
        async with self._database.write() as connection:
            await connection.execute(
                update(discussions)
                .where(_d.id == discussion_id)
                .values(
                    message_id=None,
                    source_id=None,
                    sharer_id=None,
                    note=None,
                    length=None,
                    round=_d.round + 1,
                )
            )

    async def posted_in(self, article_id: int, guild_id: int, limit: int = 50) -> tuple[Discussion, ...]:
        """The posted discussions that an article has in a server or was merged into, the latest first."""
        asked = {"guild": guild_id, "article": article_id, "most": limit}
        async with self._database.read() as connection:
            return tuple(map(discussion_of, await connection.execute(_POSTED_IN, asked)))

    async def posted_to(
        self, channel_ids: Collection[int], article_ids: Collection[int]
    ) -> dict[tuple[int, int], list[Discussion]]:
        """What posted_in() finds that hangs in these channels, by (server, article)."""
        mine = discussions.alias()
        there = (
            mine.c.article_id.in_(article_ids),
            or_(_d.channel_id.in_(channel_ids), _d.home_id.in_(channel_ids)),
            _d.guild_id == mine.c.guild_id,
            _d.message_id.is_not(None),
        )
        shared = mine.c.article_id.label("shared_id")
        halves = [
            select(shared, discussions).join_from(mine, discussions, _d.id == own).where(*there)
            for own in (mine.c.id, mine.c.merged_into)
        ]
        found: dict[tuple[int, int], list[Discussion]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(union_all(*halves)):
                found.setdefault((row.guild_id, row.shared_id), []).append(discussion_of(row))
        for cards in found.values():
            cards.sort(key=lambda card: (card.shared_at, card.id), reverse=True)
        return found

    async def latest(self, guild_id: int, limit: int) -> tuple[tuple[Discussion, str], ...]:
        """The posted discussions of a server with their articles' titles, the latest first."""
        query = (
            select(discussions, articles.c.title)
            .join(articles)
            .where(_d.guild_id == guild_id, _d.message_id.is_not(None))
            .order_by(_d.shared_at.desc(), _d.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple((discussion_of(row), row.title) for row in await connection.execute(query))

    async def merge(self, discussion_id: int, into_id: int) -> bool:
        """Make a discussion part of another, which gets its comments, and its thread where it has none.

        False where one of them is gone or has no card any more.
        """
        ids = sorted({discussion_id, into_id})
        async with self._database.write() as connection:
            await lock(connection, ids)
            query = select(discussions).where(_d.id.in_(ids), _d.message_id.is_not(None))
            rows = {row.id: row for row in await connection.execute(query)}
            if len(rows) < 2:
                return False
            one, into = rows[discussion_id], rows[into_id]
            takes_thread = into.thread_id is None and one.thread_id not in (None, one.channel_id)
            moved: dict[str, Any] = {"discussion_id": into_id}
            if not takes_thread:
                moved["thread_id"] = func.coalesce(comments.c.thread_id, one.thread_id)
            await connection.execute(
                update(comments).where(comments.c.discussion_id == discussion_id).values(moved)
            )
            await connection.execute(
                update(discussions)
                .where(or_(_d.id == discussion_id, _d.merged_into == discussion_id))
                .values(merged_into=into_id)
            )
            gone = {"message_id": None, "source_id": None, "sharer_id": None, "note": None, "length": None}
            await connection.execute(
                update(discussions)
                .where(_d.id == discussion_id)
                .values(round=_d.round + 1, thread_id=None if takes_thread else _d.thread_id, **gone)
            )
            if takes_thread:
                await connection.execute(
                    update(discussions).where(_d.id == into_id).values(thread_id=one.thread_id)
                )
            await count(connection, ids)
        return True

    async def adopt(self, discussion_id: int, thread_id: int) -> None:
        """Let a discussion go on in a thread, unless that belongs to another one already."""
        other = discussions.alias()
        async with self._database.write() as connection:
            await connection.execute(
                update(discussions)
                .where(_d.id == discussion_id, ~exists().where(other.c.thread_id == thread_id))
                .values(thread_id=thread_id)
            )

    async def find(self, **by: int) -> Discussion | None:
        """The discussion whose columns have these values."""
        return await self._first(select(discussions).where(*_equal(by)))

    async def find_all(self, **by: int) -> tuple[Discussion, ...]:
        """All discussions whose columns have these values."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(discussions).where(*_equal(by)).order_by(_d.id))
            return tuple(map(discussion_of, rows))

    async def set(self, discussion_id: int, **values: Any) -> None:
        """Change columns of a discussion."""
        async with self._database.write() as connection:
            await connection.execute(update(discussions).where(_d.id == discussion_id).values(values))

    async def posted(self, discussion_id: int, message_id: int) -> None:
        """Its card is this message."""
        async with self._database.write() as connection:
            await connection.execute(_POSTED, {"discussion": discussion_id, "message": message_id})

    async def remove(self, discussion_id: int) -> None:
        """Forget a discussion with its comments."""
        async with self._database.write() as connection:
            await connection.execute(delete(discussions).where(_d.id == discussion_id))
            await connection.execute(
                update(discussions).where(_d.merged_into == discussion_id).values(merged_into=None)
            )

    async def remove_guild(self, guild_id: int) -> None:
        """Forget a server's discussions."""
        async with self._database.write() as connection:
            await connection.execute(delete(discussions).where(_d.guild_id == guild_id))

    async def behind(self, edited_before: datetime, limit: int) -> tuple[Discussion, ...]:
        """Discussions whose card shows another count and was not edited since *edited_before*."""
        query = (
            select(discussions)
            .where(
                _d.message_id.is_not(None),
                _d.comments != _d.shown_comments,
                or_(_d.shown_at.is_(None), _d.shown_at <= edited_before),
            )
            .order_by(_d.shown_at.nulls_first(), _d.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(map(discussion_of, await connection.execute(query)))

    async def _first(self, query: Select[Any]) -> Discussion | None:
        async with self._database.read() as connection:
            row = (await connection.execute(query.limit(1))).first()
        return discussion_of(row) if row else None


async def lock(connection: AsyncConnection, ids: Collection[int]) -> bool:
    """Keep others from counting until this transaction ends; False where there is no such discussion."""
    query = select(_d.id).where(_d.id.in_(ids)).order_by(_d.id).with_for_update()
    return bool((await connection.execute(query)).all())


async def count(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Count the comments of discussions again."""
    counted = (
        select(func.count()).where(comments.c.discussion_id == _d.id).correlate(discussions).scalar_subquery()
    )
    await connection.execute(update(discussions).where(_d.id.in_(ids)).values(comments=counted))


def _equal(by: dict[str, int]) -> list[ColumnElement[bool]]:
    return [_d[column] == value for column, value in by.items()]


def discussion_of(row: Row[Any]) -> Discussion:
    """The discussion in a row."""
    return Discussion(
        id=row.id,
        article_id=row.article_id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        home_id=row.home_id,
        sharer_id=row.sharer_id,
        source_id=row.source_id,
        message_id=row.message_id,
        thread_id=row.thread_id,
        comments=row.comments,
        shared_at=row.shared_at,
        note=row.note,
        length=row.length,
        merged_into=row.merged_into,
    )
