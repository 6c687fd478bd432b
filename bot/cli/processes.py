"""What the long-running commands have in common: settings, logs, signals, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import typer

from bot.errors import SettingsError
from bot.settings import Settings, load

NEEDS_POSTGRESQL = (
    "Several processes need PostgreSQL: set database_url to postgresql://…; "
    "`threadline db copy` takes along what is there. One process does everything with SQLite: threadline run."
)

HOW_TO_BEGIN = """\
There is no token. Put it into the environment or into a file .env in this folder:

    DISCORD_TOKEN=…

You get one at https://discord.com/developers/applications: New Application, then Bot, then Reset Token.
To try Threadline without one: threadline demo"""


def settings_or_exit(config: Path | None) -> Settings:
    """The settings; leaves the process where they are wrong."""
    try:
        return load(config, environment())
    except SettingsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def need_postgresql(settings: Settings) -> None:
    """Leave the process, which is to be one of several, where the settings name no PostgreSQL."""
    if not settings.database_url.startswith("postgres"):
        typer.echo(NEEDS_POSTGRESQL, err=True)
        raise typer.Exit(1)


def token_or_exit(settings: Settings) -> str:
    """The bot's token; leaves the process, saying where to get one, where there is none."""
    if settings.token is None:
        typer.echo(HOW_TO_BEGIN, err=True)
        raise typer.Exit(1)
    return settings.token.get_secret_value()


def environment() -> dict[str, str]:
    """The environment, and below it what a file .env in this folder sets."""
    from dotenv import dotenv_values

    written = dotenv_values(".env", interpolate=False)
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def stop_asked() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, in place of ending the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        # Not there on Windows, where Ctrl-C arrives as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    return stop


async def until_stopped(work: Coroutine[Any, Any, object]) -> None:
    """Let *work* go on until SIGINT or SIGTERM, then cancel it and let it end; raises what it raises."""
    stop = stop_asked()
    task = asyncio.ensure_future(work)
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
