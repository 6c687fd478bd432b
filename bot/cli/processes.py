"""What the long-running commands have in common: settings, logs, signals, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import typer

from bot.settings import Settings

NEEDS_POSTGRESQL = (
    "Several processes need PostgreSQL: set database_url to postgresql://…; "
    "`threadline db copy` takes along what is there. One process does everything with SQLite: threadline run."
)


def settings_or_exit(config: Path | None) -> Settings:
    """The settings; leaves the process where they are wrong."""
    from bot.cli.run import environment
    from bot.errors import SettingsError
    from bot.settings import load

    try:
        return load(config, environment())
    except SettingsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def shared_settings_or_exit(config: Path | None) -> Settings:
    """The settings of one of several processes; leaves where they name no PostgreSQL."""
    settings = settings_or_exit(config)
    if not settings.database_url.startswith("postgres"):
        typer.echo(NEEDS_POSTGRESQL, err=True)
        raise typer.Exit(1)
    return settings


async def until_stopped(work: Coroutine[Any, Any, object]) -> None:
    """Let *work* go on until SIGINT or SIGTERM, then cancel it and let it end; raises what it raises."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        # Not there on Windows, where Ctrl-C arrives as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    task = asyncio.ensure_future(work)
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
