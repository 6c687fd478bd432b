"""`threadline jobs`: how far the work behind the scenes is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from bot.model import Backlog, GivenUp
    from bot.services.jobs import JobService

T = TypeVar("T")

Config = Annotated[Path | None, typer.Option(help="Settings; config/bot.yaml where there is one.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    jobs = typer.Typer(invoke_without_command=True, help="See what waits and what was given up; try again.")
    jobs.callback()(show)
    jobs.command()(retry)
    app.add_typer(jobs, name="jobs")


def show(context: typer.Context, config: Config = None) -> None:
    """Show what waits, and what was given up and why."""
    if context.invoked_subcommand is not None:
        return

    async def work(service: JobService) -> tuple[tuple[Backlog, ...], tuple[GivenUp, ...]]:
        return await service.backlog(), await service.given_up()

    backlog, given_up = _with_service(config, work)
    now = datetime.now(UTC)
    for one in backlog:
        age = f", the oldest for {_age(now - one.oldest)}" if one.oldest else ""
        typer.echo(f"{one.kind.value:<10}{one.due:>6} due{age}")
    if not given_up:
        typer.echo("Nothing was given up.")
        return
    typer.echo("\nGiven up (threadline jobs retry KIND ID … tries again):")
    for dead in given_up:
        typer.echo(f"{dead.kind.value:<10}{dead.id:>6}  {_line(dead)}")


def retry(
    kind: Annotated[str, typer.Argument(help="delivery, digest, feed or job")],
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers, as `threadline jobs` shows them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of this kind that are shown.")] = False,
    config: Config = None,
) -> None:
    """Give what was given up another chance."""
    from bot.model import JobKind

    if kind not in {*JobKind}:
        raise typer.BadParameter(f"one of {', '.join(JobKind)}", param_hint="KIND")
    if bool(ids) == every:
        raise typer.BadParameter("name some, or --all", param_hint="IDS")

    async def work(service: JobService) -> int:
        wanted = ids or [one.id for one in await service.given_up() if one.kind == kind]
        return await service.try_again(JobKind(kind), wanted)

    count = _with_service(config, work)
    typer.echo(f"{count} will be tried again.")
    raise typer.Exit(0 if count else 1)


def _with_service(config: Path | None, work: Callable[[JobService], Awaitable[T]]) -> T:
    from bot.app import now
    from bot.cli.processes import settings_or_exit
    from bot.errors import StoreError
    from bot.services.jobs import JobService
    from bot.store.database import Database
    from bot.store.jobs import JobRepository

    settings = settings_or_exit(config)

    async def run() -> T:
        database = await Database.open(settings.database_url)
        try:
            return await work(JobService(JobRepository(database), database.queue, now))
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except StoreError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def _age(passed: timedelta) -> str:
    seconds = max(0, int(passed.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def _line(dead: GivenUp) -> str:
    where: Iterable[str] = (
        *([f"channel {dead.channel_id}"] if dead.channel_id else []),
        *([dead.url] if dead.url else []),
        dead.why,
    )
    return "  ".join(part if part.isprintable() else ascii(part) for part in where)
