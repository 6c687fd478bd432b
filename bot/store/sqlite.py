"""SQLite connections that ask their thread once a statement, and the file that has them.

aiosqlite asks it four times: for a cursor, to execute, for the rows, to close the cursor. A statement takes SQLite less
time than the way there and back.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite

_SWITCHES = 100  #: to write-ahead logging, that are tried
_BUSY_MILLISECONDS = 10_000


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

    async def close(self) -> None:
        """Close after the statement it is at; aiosqlite's waits forever where two close at once."""
        if self._running and (closed := self.stop()):
            await closed

    async def in_thread(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call *function* where the file is open."""
        await self._execute(function, *arguments)  # type: ignore[no-untyped-call]


class File:
    """A database file and the connections to it, none of which outlives it.

    A task that is cancelled while its connection is set up, or that still has one when its pool is disposed of, would
    leave one open otherwise.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connections: list[Connection] = []
        self._closed = False
        self._changing = asyncio.Lock()

    async def connect(self) -> Connection:
        """Open the file, in a thread that does not keep the process; transactions are begun by hand.

        Raises sqlite3.Error when it is no database, is locked, or was closed.
        """
        async with self._changing:
            if self._closed:
                raise sqlite3.OperationalError("the database was closed")
            connection = Connection(lambda: _open(self._path), iter_chunk_size=64)
            connection._thread.daemon = True
            self._connections.append(connection)
            await connection
            return connection

    async def close(self) -> None:
        """Close what was opened and is open still, each after the statement it is at."""
        async with self._changing:
            self._closed = True
            for connection in self._connections:
                await connection.close()
                await asyncio.to_thread(
                    connection._thread.join
                )  # which tells the event loop how a statement ended
            self._connections.clear()


def _open(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        _log_ahead(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; of several who switch a new file at once, SQLite lets none wait."""
    for _ in range(_SWITCHES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            continue
        return
    connection.execute("PRAGMA journal_mode=WAL")
