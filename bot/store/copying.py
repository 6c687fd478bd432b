"""Moves everything from one database into another, empty one: how a grown server changes its engine."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Integer, Row, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.model import Article
from bot.store.database import Database
from bot.store.schema import articles, metadata
from bot.store.search import index

_AT_ONCE = 500  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A table that is equal in both databases."""

    table: str
    rows: int
    digest: str  #: of all rows, in whatever order they come


async def copy(source: Database, target: Database) -> tuple[Copied, ...]:
    """Copy every row into an empty database, and compare both sides before it is committed.

    The source takes no writes meanwhile. Raises StoreError where the target holds rows already, or where a
    table comes out different; then the target stays empty.
    """
    done = []
    async with source.write() as old, target.write() as new:
        for table in metadata.sorted_tables:
            if (await new.execute(select(table).limit(1))).first():
                raise StoreError(f"The target is not empty: {table.name} holds rows.")
        for table in metadata.sorted_tables:
            try:
                async for rows in _batches(old, table):
                    await new.execute(insert(table), [dict(row._mapping) for row in rows])
            except DBAPIError as error:
                raise StoreError(f"A row of {table.name} is not taken: {error.orig}.") from error
            before, after = await _fingerprint(old, table), await _fingerprint(new, table)
            if before != after:
                raise StoreError(f"{table.name} came out different: {before.rows} rows, then {after.rows}.")
            done.append(after)
            if table is articles:
                await _index(new)
            await _count_on(new, table)
    return tuple(done)


async def _index(connection: AsyncConnection) -> None:
    async for rows in _batches(connection, articles):
        for row in rows:
            article = msgspec.json.decode(row.article, type=Article)
            await index(connection, [(row.id, article.title, article.text)])


async def _batches(connection: AsyncConnection, table: Table) -> AsyncIterator[Sequence[Row[Any]]]:
    # By key, so that a row comes after the row of its own table that it points to.
    async with connection.stream(select(table).order_by(*table.primary_key)) as rows:
        async for batch in rows.partitions(_AT_ONCE):
            yield batch


async def _fingerprint(connection: AsyncConnection, table: Table) -> Copied:
    """Rows hashed one by one and added up: engines do not agree on the order of texts."""
    count = total = 0
    async for rows in _batches(connection, table):
        for row in rows:
            count += 1
            total += int.from_bytes(hashlib.sha256(msgspec.json.encode(tuple(row))).digest())
    return Copied(table=table.name, rows=count, digest=f"{total % 2**256:064x}")


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Let PostgreSQL number new rows after the copied ones; SQLite does so by itself."""
    key = table.autoincrement_column
    if connection.dialect.name != "postgresql" or key is None or not isinstance(key.type, Integer):
        return
    highest = (await connection.execute(select(func.max(key)))).scalar()
    if highest is not None:
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        await connection.execute(select(func.setval(sequence, highest)))
