"""A database moves between versions and engines with every row it holds."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filling import NOON, ROWS, contents, fill, schema_of
from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import IntegrityError

from bot.errors import SchemaTooNewError, StoreError
from bot.model import Article, Summary
from bot.store import upgrades
from bot.store.articles import ArticleRepository
from bot.store.backup import backup, restore
from bot.store.copying import copy
from bot.store.database import Database, sqlite_file
from bot.store.schema import articles, feeds, metadata

REVISIONS = ("0002", "0001")


async def test_migrations_build_the_schema_that_the_code_states(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        # The index of words and the queue are tables of an engine's own.
        options = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


def test_the_newest_schema_is_the_last_migration() -> None:
    scripts = ScriptDirectory.from_config(upgrades._config())

    assert scripts.get_current_head() == upgrades.NEWEST


async def test_a_filled_database_goes_down_and_up_with_equal_rows(database: Database) -> None:
    await fill(database)
    before = await contents(database)
    assert {len(rows) for rows in before.values()} == {ROWS}

    for revision in REVISIONS:
        await database.migrate(revision)
        assert await schema_of(database) == revision
        kept = await contents(database)
        assert kept == {name: before[name] for name in kept}
    lost = before.keys() - kept.keys()
    await database.migrate(upgrades.NEWEST)

    after = await contents(database)
    assert after == {name: [] if name in lost else rows for name, rows in before.items()}
    assert {"articles", "discussions", "comments"} <= kept.keys()


async def test_a_filled_database_goes_down_to_nothing_and_up_again(database: Database) -> None:
    await fill(database)

    await database.migrate("base")
    assert await contents(database) == {}
    await database.upgrade()

    assert set((await contents(database)).keys()) == set(metadata.tables)


async def test_both_engines_hold_the_same_after_the_same(
    new_postgresql_database: Callable[[], str], tmp_path: Path
) -> None:
    held = []
    for url in (f"sqlite:///{tmp_path}/t.sqlite3", new_postgresql_database()):
        opened = await Database.open(url)
        await fill(opened)
        await opened.migrate("0001")
        await opened.upgrade()
        held.append(await contents(opened))
        await opened.close()

    assert held[0] == held[1]


async def test_processes_that_start_at_once_take_turns_at_the_migration(bare_database_url: str) -> None:
    opened = await asyncio.gather(*(Database.open(bare_database_url) for _ in range(4)))

    assert {await schema_of(database) for database in opened} == {upgrades.NEWEST}
    for database in opened:
        await database.close()


async def test_a_newer_schema_is_refused_in_words(bare_database_url: str) -> None:
    opened = await Database.open(bare_database_url)
    async with opened.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await opened.close()

    with pytest.raises(SchemaTooNewError, match=r"newer version of Threadline \(schema 9999\)"):
        await Database.open(bare_database_url)


async def test_a_table_can_be_built_anew_without_losing_the_rows_that_point_to_it(tmp_path: Path) -> None:
    opened = await Database.open(f"sqlite:///{tmp_path}/t.sqlite3")
    await fill(opened)

    async with opened._rebuilding() as connection:
        rows = [dict(row._mapping) for row in await connection.execute(select(feeds))]
        await connection.execute(text("DROP TABLE feeds"))
        await connection.run_sync(feeds.create)
        await connection.execute(insert(feeds), rows)

    assert len((await contents(opened))["feed_entries"]) == ROWS
    with pytest.raises(StoreError, match="points to a row that is gone"):
        async with opened._rebuilding() as connection:
            await connection.execute(delete(articles))
    assert len((await contents(opened))["articles"]) == ROWS
    with pytest.raises(IntegrityError):  # outside, keys are held as ever
        async with opened.write() as connection:
            await connection.execute(text("UPDATE feed_entries SET feed_id = 99"))
    await opened.close()


async def test_an_older_sqlite_file_is_kept_aside_before_it_is_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.sqlite3"
    opened = await Database.open(url)
    await fill(opened)
    await opened.migrate("0001")
    older = await contents(opened)
    await opened.close()
    assert not list(tmp_path.glob("*.backup-*"))

    await (await Database.open(url)).close()

    (kept,) = tmp_path.glob("t.sqlite3.backup-*")
    with closing(sqlite3.connect(kept)) as copied:
        assert copied.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert copied.execute("SELECT count(*) FROM articles").fetchone() == (len(older["articles"]),)


async def add(database: Database, key: str) -> None:
    await ArticleRepository(database).add(key, [], Article(url="https://example.org/"), Summary(), NOON)


async def test_a_backup_made_in_use_holds_what_was_there_and_can_be_put_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.sqlite3"
    opened = await Database.open(url)
    await add(opened, "example.org/a")

    first, second = backup(tmp_path / "t.sqlite3", NOON), backup(tmp_path / "t.sqlite3", NOON)
    await add(opened, "example.org/z")
    await opened.close()
    restore(first, tmp_path / "t.sqlite3")

    assert first != second
    again = await Database.open(url)
    assert await ArticleRepository(again).find("example.org/a") is not None
    assert await ArticleRepository(again).find("example.org/z") is None
    await again.close()


async def test_what_is_no_database_is_neither_kept_nor_put_back(tmp_path: Path) -> None:
    (tmp_path / "torn").write_bytes(b"SQLite format 3\0" + b"x" * 5000)

    with pytest.raises(StoreError, match="cannot be copied"):
        restore(tmp_path / "torn", tmp_path / "t.sqlite3")
    with pytest.raises(StoreError, match="There is no file"):
        backup(tmp_path / "missing", NOON)
    with pytest.raises(StoreError, match="cannot be opened"):
        await Database.open(f"sqlite:///{tmp_path}/torn")


async def test_a_grown_database_changes_its_engine_without_loss(
    new_postgresql_database: Callable[[], str], tmp_path: Path
) -> None:
    there = new_postgresql_database()
    old, new = await Database.open(f"sqlite:///{tmp_path}/t.sqlite3"), await Database.open(there)
    await fill(old)

    copied = await copy(old, new)

    assert await contents(new) == await contents(old)
    assert {one.table: one.rows for one in copied} == dict.fromkeys(metadata.tables, ROWS)
    await add(new, "example.org/next")  # numbered after the copied ones
    back = await Database.open(f"sqlite:///{tmp_path}/back.sqlite3")
    await copy(new, back)
    assert await contents(back) == await contents(new)
    for database in (old, new, back):
        await database.close()


async def test_a_database_that_holds_rows_is_not_copied_into(database: Database, tmp_path: Path) -> None:
    old = await Database.open(f"sqlite:///{tmp_path}/old.sqlite3")
    await fill(old)
    await add(database, "example.org/mine")

    with pytest.raises(StoreError, match="not empty: articles"):
        await copy(old, database)

    assert len((await contents(database))["articles"]) == 1
    assert (await contents(database))["channels"] == []
    await old.close()


async def test_a_row_that_the_target_refuses_leaves_the_target_empty(
    new_postgresql_database: Callable[[], str], tmp_path: Path
) -> None:
    old = await Database.open(f"sqlite:///{tmp_path}/old.sqlite3")
    new = await Database.open(new_postgresql_database())
    await fill(old)
    async with old.write() as connection:
        await connection.execute(text("UPDATE feeds SET title = 'a' || char(0) || 'b' WHERE id = 2"))

    with pytest.raises(StoreError, match="A row of feeds is not taken"):
        await copy(old, new)

    assert not any((await contents(new)).values())
    await old.close()
    await new.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "sqlite:////proc/none/t.sqlite3"])
async def test_a_database_that_cannot_be_opened_is_said_so(url: str) -> None:
    with pytest.raises(StoreError):
        await Database.open(url)


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        await Database.open("postgresql://reader:sesame@127.0.0.1:1/threadline")

    assert "sesame" not in str(caught.value)


def test_only_sqlite_has_a_file() -> None:
    assert sqlite_file("sqlite:///a/b.sqlite3") == Path("a/b.sqlite3")
    assert sqlite_file("sqlite://") is None
    assert sqlite_file("postgresql://localhost/threadline") is None
