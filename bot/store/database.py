"""The connection to SQLite or PostgreSQL, its migrations and backups."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Insert, Table, event, make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SchemaTooNewError, StoreError

log = logging.getLogger(__name__)

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_BUSY_MILLISECONDS = 10_000
_MIGRATION_LOCK = 7_246_311  # any number that no other program uses for pg_advisory_lock


def insert_new(table: Table, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Insert:
    """Insert rows, leaving out those that break a unique constraint; the same statement on both engines."""
    return postgresql.insert(table).values(values).on_conflict_do_nothing()


class Database:
    """One engine; on SQLite one connection, since it has one writer anyway."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

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
        database = cls(_engine(address))
        try:
            await database.upgrade()
        except OperationalError as error:
            await database.close()
            raise StoreError(f"The database {address.render_as_string()} cannot be opened.") from error
        except StoreError:
            await database.close()
            raise
        return database

    async def upgrade(self) -> None:
        """Bring the schema to this version; two processes that start at once take turns."""
        config = _alembic()
        script = ScriptDirectory.from_config(config)
        async with self._engine.connect() as connection:
            current = await connection.run_sync(_revision)
            await connection.rollback()
        known = {revision.revision for revision in script.walk_revisions()}
        if current is not None and current not in known:
            raise SchemaTooNewError(
                f"The database was written by a newer version of Threadline (schema {current}); update."
            )
        head = script.get_current_head()
        if current == head:
            return
        if current is not None and (file := _file(self._engine.url)):
            kept = await asyncio.to_thread(backup, file)
            log.info("backed up", extra={"file": str(kept)})
        async with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            await connection.run_sync(_migrate, config, "head")
        log.info("schema upgraded", extra={"from": current, "to": head})

    @property
    def dialect(self) -> str:
        """The engine's name: sqlite or postgresql."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end and rolled back on any error."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads and waits for no writer."""
        async with self._engine.connect() as connection:
            yield await connection.execution_options(reads=True)

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()


def backup(file: Path) -> Path:
    """Copy a SQLite database beside itself while it is in use; returns the copy."""
    kept = file.with_name(f"{file.name}.backup-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    with (
        contextlib.closing(sqlite3.connect(file)) as source,
        contextlib.closing(sqlite3.connect(kept)) as copy,
    ):
        source.backup(copy)
    return kept


def restore(kept: Path, file: Path) -> None:
    """Put a backup in a SQLite database's place; the bot must not be running."""
    with (
        contextlib.closing(sqlite3.connect(kept)) as source,
        contextlib.closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy)


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


def _engine(address: URL) -> AsyncEngine:
    if address.get_backend_name() != "sqlite":
        return create_async_engine(address, pool_size=5, max_overflow=5, pool_pre_ping=True)
    engine = create_async_engine(
        address, pool_size=1, max_overflow=0, pool_timeout=30, connect_args={"isolation_level": None}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail, not wait, when another process writes.
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _migrate(connection: Connection, config: Config, revision: str) -> None:
    config.attributes["connection"] = connection
    down = revision == "base"
    (command.downgrade if down else command.upgrade)(config, revision)
