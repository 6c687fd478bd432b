"""Rows that are due, taken by one worker at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection


async def take_due(
    connection: AsyncConnection,
    table: Table,
    due: Column[Any],
    now: datetime,
    lease: timedelta,
    limit: int,
    *conditions: Any,
    order: Sequence[Any] = (),
    **values: Any,
) -> list[int]:
    """Push *due* ahead by *lease* in rows that are due, by default the longest, and return their ids.

    Nobody else is handed those rows until the lease ends; *values* are set in them too.
    """
    query = (
        select(table.c.id)
        .where(due <= now, *conditions)
        .order_by(*(order or (due, table.c.id)))
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
    )
    ids = list(await connection.scalars(query))
    if ids:
        await connection.execute(
            update(table).where(table.c.id.in_(ids)).values({due.name: now + lease, **values})
        )
    return ids


async def keep(
    connection: AsyncConnection, table: Table, due: Column[Any], ids: Collection[int], until: datetime
) -> None:
    """Have a lease of rows that were taken end later; what was settled or put off meanwhile stays as it is."""
    await connection.execute(update(table).where(table.c.id.in_(ids), due < until).values({due.name: until}))
