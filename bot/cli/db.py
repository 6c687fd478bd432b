"""`threadline db`: keep the database aside, put it back, bring it up to date, move it to PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.store.copying import Copied

Config = Annotated[Path | None, typer.Option(help="Settings; config/bot.yaml where there is one.")]

USE_PG_DUMP = "That is for SQLite. PostgreSQL has pg_dump and pg_restore; see docs/operations.md."


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    db = typer.Typer(no_args_is_help=True, help="Look after the database.")
    for command in (upgrade, backup, restore, copy):
        db.command()(command)
    app.add_typer(db, name="db")


def upgrade(config: Config = None) -> None:
    """Bring the tables up to this version; a SQLite file is kept aside first. The bot does so when it starts."""
    from bot.cli.processes import settings_or_exit
    from bot.errors import StoreError
    from bot.store.database import Database

    async def work(url: str) -> None:
        await (await Database.open(url)).close()

    try:
        asyncio.run(work(settings_or_exit(config).database_url))
    except StoreError as error:
        _fail(error)
    typer.echo("The database is up to date.")


def backup(config: Config = None) -> None:
    """Keep a copy of the SQLite file beside it, also while the bot is running."""
    from bot.app import now
    from bot.errors import StoreError
    from bot.store.backup import backup as keep

    try:
        kept = keep(_file(config), now())
    except StoreError as error:
        _fail(error)
    typer.echo(f"Kept: {kept}")


def restore(
    kept: Annotated[Path, typer.Argument(help="The copy to put back.")],
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a copy in the SQLite file's place; stop the bot first. What is there now is kept aside."""
    from bot.app import now
    from bot.errors import StoreError
    from bot.store.backup import backup as keep
    from bot.store.backup import restore as put_back

    file = _file(config)
    if not yes:
        typer.confirm(f"Is the bot stopped, and shall {file} become what {kept} is?", abort=True)
    try:
        if file.exists():
            typer.echo(f"Kept what was there: {keep(file, now())}")
        put_back(kept, file)
    except StoreError as error:
        _fail(error)
    typer.echo(f"Restored: {file}")


def copy(
    source: Annotated[Path, typer.Argument(metavar="SQLITE", help="The file; stop the bot first.")],
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="POSTGRES",
            help="postgresql://…, an empty database; by default database_url of the settings.",
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Move a grown server from SQLite to PostgreSQL: every row, counted and hashed on both sides.

    A password is safer in the environment, THREADLINE_DATABASE_URL, than among the arguments.
    """
    from bot.cli.processes import settings_or_exit
    from bot.errors import StoreError

    url = target or settings_or_exit(config).database_url
    if not url.startswith("postgres"):
        _fail("The target is no PostgreSQL: name postgresql://…, or set database_url.")
    if not source.is_file():
        _fail(f"There is no file {source}.")
    try:
        copied = asyncio.run(_copy(f"sqlite:///{source}", url))
    except StoreError as error:
        _fail(error)
    for one in copied:
        typer.echo(f"{one.table:<16}{one.rows:>9} rows  {one.digest[:16]}")
    typer.echo(f"{sum(one.rows for one in copied)} rows are the same on both sides.")


async def _copy(source: str, target: str) -> tuple[Copied, ...]:
    from bot.store.copying import copy as copy_all
    from bot.store.database import Database

    old = await Database.open(source)
    try:
        new = await Database.open(target)
        try:
            return await copy_all(old, new)
        finally:
            await new.close()
    finally:
        await old.close()


def _file(config: Path | None) -> Path:
    from bot.cli.processes import settings_or_exit
    from bot.store.database import sqlite_file

    file = sqlite_file(settings_or_exit(config).database_url)
    if file is None:
        _fail(USE_PG_DUMP)
    return file


def _fail(why: object) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)
