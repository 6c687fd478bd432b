"""`threadline db` and `threadline jobs` do what they say, to the database of the settings."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.cli import build
from bot.model import Article, Summary
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.schema import feeds


def add_article(url: str, key: str) -> None:
    from bot.app import now

    async def add() -> None:
        database = await Database.open(url)
        await ArticleRepository(database).add(
            key, [], Article(url=f"https://{key}", title=key), Summary(), now()
        )
        await database.close()

    asyncio.run(add())


@pytest.fixture
def file(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of the settings, with tables."""
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "t.sqlite3"
    target.write_bytes(migrated_sqlite.read_bytes())
    monkeypatch.setenv("THREADLINE_DATABASE_URL", f"sqlite:///{target}")
    return target


def run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(build(), list(arguments), input=answer)


def titles(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM articles ORDER BY id")]


def test_a_backup_is_named_and_restored_after_a_question(file: Path) -> None:
    add_article(f"sqlite:///{file}", "example.org/a")
    kept = run("db", "backup").output.removeprefix("Kept: ").strip()
    add_article(f"sqlite:///{file}", "example.org/b")

    assert run("db", "restore", kept, answer="n\n").exit_code == 1
    assert titles(file) == ["example.org/a", "example.org/b"]
    answer = run("db", "restore", kept, answer="y\n")

    assert answer.exit_code == 0, answer.output
    assert titles(file) == ["example.org/a"]
    assert len(list(file.parent.glob("t.sqlite3.backup-*"))) == 2  # what was replaced is kept too


def test_a_missing_backup_is_said_so_and_nothing_is_replaced(file: Path) -> None:
    add_article(f"sqlite:///{file}", "example.org/a")

    answer = run("db", "restore", "--yes", "nowhere")

    assert answer.exit_code == 1
    assert "There is no file nowhere." in answer.output
    assert titles(file) == ["example.org/a"]


def test_an_upgrade_makes_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THREADLINE_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")

    assert run("db", "upgrade").output == "The database is up to date.\n"

    assert titles(tmp_path / "new.sqlite3") == []


def test_a_copy_counts_and_hashes_and_says_so(
    file: Path, new_postgresql_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_article(f"sqlite:///{file}", "example.org/a")
    monkeypatch.setenv("THREADLINE_DATABASE_URL", new_postgresql_database())

    answer = run("db", "copy", str(file))

    assert answer.exit_code == 0, answer.output
    assert "2 rows are the same on both sides." in answer.output  # the article and its key
    again = run("db", "copy", str(file))
    assert again.exit_code == 1
    assert "The target is not empty: articles holds rows." in again.output


def test_a_copy_needs_a_file_and_a_server(file: Path) -> None:
    assert "no PostgreSQL" in run("db", "copy", str(file)).output
    assert "There is no file nowhere." in run("db", "copy", "nowhere", "postgresql://localhost/x").output


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_is_kept_aside_with_its_own_tools(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THREADLINE_DATABASE_URL", "postgresql://localhost/x")

    answer = run("db", command, *(["kept"] if command == "restore" else []))

    assert answer.exit_code == 1
    assert "pg_dump" in answer.output


def test_jobs_shows_what_was_given_up_and_tries_it_again(file: Path) -> None:
    async def stop_a_feed() -> None:
        database = await Database.open(f"sqlite:///{file}")
        async with database.write() as connection:
            dead = {"url": "https://example.org/feed\x1b[31m", "title": "", "status": 410}
            await connection.execute(insert(feeds).values(**dead))
        await database.close()

    asyncio.run(stop_a_feed())
    shown = run("jobs").output

    assert "feed           1  'https://example.org/feed\\x1b[31m'  HTTP 410" in shown
    assert run("jobs", "retry", "feed", "7").output == "0 will be tried again.\n"
    assert run("jobs", "retry", "feed", "--all").output == "1 will be tried again.\n"
    assert "Nothing was given up." in run("jobs").output
    assert "feed           1 due" in run("jobs").output


@pytest.mark.parametrize(
    "arguments", [("planet", "1"), ("feed",), ("feed", "1", "--all")], ids=["kind", "none", "both"]
)
def test_retry_wants_a_kind_and_either_numbers_or_all(file: Path, arguments: tuple[str, ...]) -> None:
    assert run("jobs", "retry", *arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments", [("worker",), ("deliver",), ("run", "--shards", "0-1/4"), ("run", "--no-work")], ids=" ".join
)
def test_several_processes_need_postgresql(
    file: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary")

    answer = run(*arguments)

    assert answer.exit_code == 1
    assert "Several processes need PostgreSQL" in answer.output


@pytest.mark.parametrize("shards", ["4", "2-1/4", "0-4/4", "a/b", "-1/4"])
def test_shards_that_are_none_are_wrong_usage(file: Path, shards: str) -> None:
    assert run("run", f"--shards={shards}").exit_code == 2
