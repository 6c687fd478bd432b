"""What members shared and wrote, as they may have it exported and forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, union, update

from bot.model import Comment, Discussion
from bot.store.database import Database
from bot.store.discussions import count, discussion_of, lock
from bot.store.schema import articles, comments, deliveries, discussions, lines, subscriptions

_d = discussions.c


class MemberRepository:
    """Reads and forgets, by member and by age, what discussions and comments hold of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_texts_before(self, written_before: datetime) -> None:
        """Forget the words of old comments."""
        async with self._database.write() as connection:
            await connection.execute(
                update(comments)
                .where(comments.c.created_at < written_before, comments.c.text.is_not(None))
                .values(text=None)
            )

    async def forget_member(self, user_id: int) -> None:
        """Forget who shared what a member shared, and the member's comments, which count no more.

        What hangs in the member's direct messages goes altogether: the number of that channel is one's own.
        """
        mine = comments.c.author_id == user_id
        answered = select(comments.c.message_id).where(mine)
        direct = union(
            select(_d.channel_id).where(_d.guild_id == 0, _d.sharer_id == user_id),
            select(subscriptions.c.channel_id).where(subscriptions.c.member_id == user_id),
        )
        async with self._database.write() as connection:
            channel_ids = list(await connection.scalars(direct))
            for table in (lines, deliveries, discussions):
                await connection.execute(delete(table).where(table.c.channel_id.in_(channel_ids)))
            await connection.execute(
                update(discussions)
                .where(_d.sharer_id == user_id)
                .values(sharer_id=None, source_id=None, note=None)
            )
            ids = list(await connection.scalars(select(comments.c.discussion_id).where(mine).distinct()))
            if await lock(connection, ids):
                await connection.execute(
                    update(comments).where(comments.c.reply_to.in_(answered)).values(reply_to=None)
                )
                await connection.execute(delete(comments).where(mine))
                await count(connection, ids)

    async def shared_by(self, user_id: int) -> tuple[tuple[Discussion, str], ...]:
        """What a member shared, with each article's title."""
        query = (
            select(discussions, articles.c.title)
            .join(articles)
            .where(_d.sharer_id == user_id)
            .order_by(_d.shared_at, _d.id)
        )
        async with self._database.read() as connection:
            return tuple((discussion_of(row), row.title) for row in await connection.execute(query))

    async def comments_of(self, user_id: int) -> tuple[Comment, ...]:
        """A member's comments, oldest first."""
        query = (
            select(comments)
            .where(comments.c.author_id == user_id)
            .order_by(comments.c.created_at, comments.c.message_id)
        )
        async with self._database.read() as connection:
            return tuple(Comment(**row._mapping) for row in await connection.execute(query))
