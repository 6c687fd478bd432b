"""Servers that removed the bot, and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, union

from bot.store.database import Database, insert_new
from bot.store.schema import (
    channels,
    deliveries,
    departures,
    digests,
    discussions,
    outlets,
    servers,
    subscriptions,
)


class DepartureRepository:
    """The only reader and writer of `departures`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def left(self, guild_ids: Collection[int], now: datetime) -> None:
        """Note departures; those that are noted already keep their time."""
        if guild_ids:
            rows = [{"guild_id": guild_id, "left_at": now} for guild_id in sorted(guild_ids)]
            async with self._database.write() as connection:
                await connection.execute(insert_new(departures, rows))

    async def returned(self, guild_ids: Collection[int]) -> None:
        """Take departures back."""
        async with self._database.write() as connection:
            await connection.execute(delete(departures).where(departures.c.guild_id.in_(guild_ids)))

    async def gone(self, left_before: datetime) -> tuple[int, ...]:
        """The servers that have been away since before a moment."""
        query = (
            select(departures.c.guild_id)
            .where(departures.c.left_at <= left_before)
            .order_by(departures.c.left_at)
        )
        async with self._database.read() as connection:
            return tuple(await connection.scalars(query))

    async def away(self) -> frozenset[int]:
        """All servers that are away."""
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(select(departures.c.guild_id)))

    async def known(self) -> frozenset[int]:
        """All servers that anything is kept of."""
        tables = (channels, servers, discussions, subscriptions, deliveries, digests, outlets)
        query = union(*(select(table.c.guild_id) for table in tables))
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(query)) - {0}
