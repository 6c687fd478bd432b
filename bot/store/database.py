"""The connection to SQLite or PostgreSQL, and how each of them writes, reads and is brought up to date."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Insert, Table, event, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StoreError
from bot.store import sqlite, upgrades
from bot.store.backup import backup
from bot.store.queue import InProcessQueue, Queue

log = logging.getLogger(__name__)

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def insert_new(table: Table, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> Insert:
    """Insert rows, leaving out those that break a unique constraint; the same statement on both engines.

    Several rows are better handed to execute(): a statement that holds them is compiled anew each time.
    """
    statement = postgresql.insert(table).on_conflict_do_nothing()
    return statement if values is None else statement.values(values)


class Database:
    """One engine; on SQLite one connection, since it has one writer anyway."""

    def __init__(self, engine: AsyncEngine, queue: Queue, file: sqlite.File | None = None) -> None:
        self._engine = engine
        self._file = file
        self.queue = queue

    @classmethod
    async def open(cls, url: str) -> Database:
        """Connect, back up an older SQLite file, and migrate it.

        Raises StoreError when there is no such database or its schema is newer than this version.
        """
        address = _address(url)
        if file := _file(address):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"The folder {file.parent} cannot be made: {error.strerror}.") from error
        try:
            database = cls._connected(address)
        except ModuleNotFoundError as error:
            raise StoreError(
                "PostgreSQL needs one more package: pip install 'threadline[postgres]'."
            ) from error
        try:
            await database.upgrade()
        except DBAPIError as error:
            await database.close()
            raise StoreError(f"The database {address.render_as_string()} cannot be opened.") from error
        except StoreError:
            await database.close()
            raise
        return database

    @classmethod
    def _connected(cls, address: URL) -> Database:
        if address.get_backend_name() == "sqlite":
            file = sqlite.File(address.database or ":memory:")
            return cls(_sqlite_engine(address, file), InProcessQueue(), file)
        from bot.store.procrastinated import ProcrastinateQueue  # an extra

        engine = create_async_engine(address, pool_size=5, max_overflow=5, pool_pre_ping=True)
        return cls(engine, ProcrastinateQueue(address))

    async def upgrade(self) -> None:
        """Bring the schema to this version; two processes that start at once take turns."""
        async with self._engine.connect() as connection:
            found = await connection.run_sync(upgrades.current)
        if found == upgrades.NEWEST:
            return
        newer = found is not None and found > upgrades.NEWEST
        if found is not None and not newer and (file := _file(self._engine.url)):
            kept = await asyncio.to_thread(backup, file, datetime.now(UTC))
            log.info("backed up", extra={"file": str(kept)})
        await self.migrate(upgrades.NEWEST)
        log.info("schema upgraded", extra={"from": found, "to": upgrades.NEWEST})

    async def migrate(self, revision: str) -> None:
        """Bring the schema to *revision*, up or down."""
        async with self._rebuilding() as connection:
            await connection.run_sync(upgrades.migrate, revision)

    @property
    def dialect(self) -> str:
        """The engine's name: sqlite or postgresql."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end and rolled back on any error.

        Raises StoreError where the database does not answer.
        """
        with _answering():
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that reads, which waits for no writer; raises StoreError as write() does.

        On SQLite a statement is a transaction of its own: beginning and ending one costs two more ways to its
        thread. Statements that must see the same rows take a snapshot().
        """
        with _answering():
            async with self._engine.connect() as connection:
                yield await connection.execution_options(begin=None)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads and waits for no writer; raises StoreError as write() does."""
        with _answering():
            async with self._engine.connect() as connection:
                yield await connection.execution_options(begin="BEGIN")

    @asynccontextmanager
    async def _rebuilding(self) -> AsyncIterator[AsyncConnection]:
        """A transaction in which tables may be built anew.

        SQLite builds a table anew by dropping it, and a dropped table takes the rows with it that point to
        its own; so there keys are checked at the end instead.
        """
        async with self._engine.connect() as connection:
            if self.dialect != "sqlite":
                async with connection.begin():
                    yield connection
                return
            raw: Any = (await connection.get_raw_connection()).driver_connection
            await raw.execute("PRAGMA foreign_keys=OFF")
            try:
                async with connection.begin():
                    yield connection
                    if dangling := (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first():
                        raise StoreError(f"A row of {dangling[0]} points to a row that is gone.")
            finally:
                await raw.execute("PRAGMA foreign_keys=ON")

    async def defer(self, connection: AsyncConnection, work: str, row_id: int) -> None:
        """Have *work* look at once when the transaction that wrote a row is committed; in its turn it looks anyway."""
        await self.queue.defer(connection, work, row_id)

    async def close(self) -> None:
        """Give the connections back."""
        await self.queue.close()
        await self._engine.dispose()
        if self._file is not None:
            await self._file.close()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeout) as error:
        raise StoreError("The database does not answer.") from error


def sqlite_file(url: str) -> Path | None:
    """The file behind a database address, None where there is none."""
    return _file(_address(url))


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError("database_url is not a database address.") from error
    driver = _DRIVERS.get(address.drivername.split("+")[0])
    if driver is None:
        raise StoreError(f"database_url: {address.drivername} is neither sqlite nor postgresql.")
    return address.set(drivername=driver)


def _file(address: URL) -> Path | None:
    is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    return Path(str(address.database)) if is_file else None


def _sqlite_engine(address: URL, file: sqlite.File) -> AsyncEngine:
    engine = create_async_engine(
        address,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=30,
        async_creator=file.connect,
    )

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail, not wait, when another process writes.
        if statement := connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"):
            connection.exec_driver_sql(statement)

    return engine
