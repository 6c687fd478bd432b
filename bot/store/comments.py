"""Comments in the threads of cards; members' words are kept only where a server asks for it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update

from bot.model import Comment, Discussion
from bot.store.database import Database, insert_new
from bot.store.discussions import count, discussion_of, lock
from bot.store.schema import comments, discussions

_d = discussions.c


class CommentRepository:
    """Keeps comments, and the number of each discussion's beside it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, comment: Comment) -> Discussion | None:
        """Keep a comment once, and count it; None where the discussion is gone."""
        async with self._database.write() as connection:
            if not await lock(connection, [comment.discussion_id]):
                return None
            added = await connection.execute(
                insert_new(
                    comments,
                    {
                        "message_id": comment.message_id,
                        "discussion_id": comment.discussion_id,
                        "author_id": comment.author_id,
                        "reply_to": comment.reply_to,
                        "created_at": comment.created_at,
                        "reactions": comment.reactions,
                        "text": comment.text,
                        "thread_id": comment.thread_id,
                    },
                )
            )
            if added.rowcount:
                await count(connection, [comment.discussion_id])
            row = (await connection.execute(select(discussions).where(_d.id == comment.discussion_id))).one()
        return discussion_of(row)

    async def remove(self, message_ids: Collection[int]) -> tuple[Discussion, ...]:
        """Forget comments; returns the discussions that had them, counted again."""
        async with self._database.write() as connection:
            mine = comments.c.message_id.in_(message_ids)
            query = select(comments.c.discussion_id).where(mine).distinct()
            ids = list(await connection.scalars(query))
            if not await lock(connection, ids):
                return ()
            await connection.execute(delete(comments).where(mine))
            await count(connection, ids)
            rows = await connection.execute(select(discussions).where(_d.id.in_(ids)).order_by(_d.id))
            return tuple(map(discussion_of, rows))

    async def set_text(self, message_id: int, text: str) -> None:
        """A comment whose words are kept was edited."""
        async with self._database.write() as connection:
            await connection.execute(
                update(comments)
                .where(comments.c.message_id == message_id, comments.c.text.is_not(None))
                .values(text=text)
            )

    async def forget_texts(self, guild_id: int) -> None:
        """Forget the words of a server's comments."""
        mine = select(_d.id).where(_d.guild_id == guild_id)
        async with self._database.write() as connection:
            await connection.execute(
                update(comments).where(comments.c.discussion_id.in_(mine)).values(text=None)
            )

    async def add_reactions(self, message_id: int, delta: int) -> None:
        """Count a reaction to a comment, or its removal."""
        now = comments.c.reactions + delta
        async with self._database.write() as connection:
            await connection.execute(
                update(comments).where(comments.c.message_id == message_id, now >= 0).values(reactions=now)
            )

    async def of(self, discussion_id: int) -> tuple[Comment, ...]:
        """A discussion's comments, oldest first."""
        query = (
            select(comments)
            .where(comments.c.discussion_id == discussion_id)
            .order_by(comments.c.created_at, comments.c.message_id)
        )
        async with self._database.read() as connection:
            return tuple(Comment(**row._mapping) for row in await connection.execute(query))
