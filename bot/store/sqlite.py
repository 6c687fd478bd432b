"""A SQLite connection that asks its thread once a statement.

aiosqlite asks it four times: for a cursor, to execute, for the rows, to close the cursor. A statement takes SQLite less
time than the way there and back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite


class Cursor:
    """The rows of one statement, all of them: as much of a cursor as SQLAlchemy asks for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        """Run a statement and fetch its rows."""
        await self._connection.in_thread(self._run, sqlite3.Connection.execute, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> Self:
        """Run a statement for many rows."""
        await self._connection.in_thread(self._run, sqlite3.Connection.executemany, statement, parameters)
        return self

    def _run(self, execute: Any, statement: str, parameters: Any) -> None:
        cursor = execute(self._connection._conn, statement, parameters)
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    async def fetchone(self) -> Any:
        """The next row, None after the last."""
        return self._rows.pop(0) if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        size = self.arraysize if size is None else size
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    async def fetchall(self) -> list[Any]:
        """The rows that are left."""
        taken, self._rows = self._rows, []
        return taken

    async def close(self) -> None:
        """Nothing is held."""
        self._rows = []


class Connection(aiosqlite.Connection):
    """aiosqlite's, with other cursors."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor; costs nothing."""
        return Cursor(self)

    async def rollback(self) -> None:
        """Take back what was not committed; costs nothing where nothing was begun."""
        if self._conn.in_transaction:
            await super().rollback()

    async def in_thread(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call *function* where the file is open."""
        await self._execute(function, *arguments)  # type: ignore[no-untyped-call]


async def connect(file: str) -> Connection:
    """Open a file, in a thread that does not keep the process; transactions are begun by hand."""
    connection = Connection(
        lambda: sqlite3.connect(file, isolation_level=None, check_same_thread=False), iter_chunk_size=64
    )
    connection._thread.daemon = True
    await connection
    return connection
