"""Small answers that are not cards, kept so that they go when what they answer goes."""

from __future__ import annotations

from sqlalchemy import delete, select, union, update

from bot.model import Line
from bot.store.database import Database, insert_new
from bot.store.schema import channels, discussions, lines


class LineRepository:
    """The only reader and writer of `lines`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, line: Line) -> None:
        """Keep a line, in place of another that answers the same link."""
        key = {"source_id": line.source_id, "page_key": line.page_key}
        values = {"channel_id": line.channel_id, "message_id": line.message_id, "waiting": line.waiting}
        async with self._database.write() as connection:
            await connection.execute(insert_new(lines, {**key, **values}))
            await connection.execute(
                update(lines)
                .where(lines.c.source_id == line.source_id, lines.c.page_key == line.page_key)
                .values(values)
            )

    async def of_source(self, source_id: int) -> tuple[Line, ...]:
        """The lines that answer a message."""
        query = select(lines).where(lines.c.source_id == source_id).order_by(lines.c.message_id)
        async with self._database.read() as connection:
            return tuple(Line(**row._mapping) for row in await connection.execute(query))

    async def waiting(self) -> tuple[Line, ...]:
        """The lines that say that a page is being read."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(lines).where(lines.c.waiting))
            return tuple(Line(**row._mapping) for row in rows)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget the lines in a server's channels; before those are forgotten themselves."""
        channel_ids = union(
            select(channels.c.channel_id).where(channels.c.guild_id == guild_id),
            select(discussions.c.channel_id).where(discussions.c.guild_id == guild_id),
        )
        async with self._database.write() as connection:
            await connection.execute(delete(lines).where(lines.c.channel_id.in_(channel_ids)))

    async def remove(self, source_id: int, page_key: str) -> None:
        """Forget a line."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(lines).where(lines.c.source_id == source_id, lines.c.page_key == page_key)
            )
