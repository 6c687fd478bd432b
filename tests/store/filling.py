"""Rows in every table there is, whatever its columns, and what a database holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, insert, inspect, select, text

from bot.store.database import Database
from bot.store.schema import UtcDateTime, metadata

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ROWS = 5


async def fill(database: Database) -> None:
    """Five rows in every table; every second one leaves out what may be left out."""
    async with database.write() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(insert(table), [_row(table, number) for number in range(1, ROWS + 1)])


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number % 2:
        return None
    if column.foreign_keys:
        return number
    if isinstance(column.type, UtcDateTime):
        return NOON + timedelta(days=number, microseconds=number)
    if isinstance(column.type, Boolean):
        return number % 3 == 0
    if isinstance(column.type, Integer | BigInteger):
        return number if column.primary_key else number * 10**6
    if column.name == "article":
        return f'{{"url": "https://example.org/{number}", "text": "Ein Wort für Zeile {number}"}}'
    return f"{column.name} ü {number}"


async def contents(database: Database) -> dict[str, list[dict[str, str]]]:
    """Every row of every table of ours that is there, in an order both engines agree on."""
    found = {}
    async with database.read() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for table in metadata.sorted_tables:
            if table.name not in names:
                continue
            rows = await connection.execute(select(table))
            found[table.name] = sorted(
                ({name: repr(value) for name, value in row._mapping.items()} for row in rows),
                key=lambda row: sorted(row.items()),
            )
    return found


async def schema_of(database: Database) -> str:
    async with database.read() as connection:
        return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))
