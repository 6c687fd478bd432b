"""`threadline run`: the bot on Discord."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(run)


def run(
    config: Annotated[Path | None, typer.Option(help="Settings; config/bot.yaml where there is one.")] = None,
    shards: Annotated[
        str | None,
        typer.Option(
            metavar="FIRST-LAST/COUNT",
            help="Only these connections to the gateway, as 0-15/64; for large bots.",
        ),
    ] = None,
    works: Annotated[
        bool,
        typer.Option("--work/--no-work", help="Feeds and debts here, or in threadline worker and deliver."),
    ] = True,
) -> None:
    """Connect the bot to Discord and serve until Ctrl-C.

    The token is read from DISCORD_TOKEN in the environment or in a file .env in this folder, never from an argument.
    """
    from bot.cli import logs
    from bot.cli.processes import need_postgresql, settings_or_exit, token_or_exit
    from bot.cli.serving import ServingError, serve
    from bot.cluster import Shards
    from bot.errors import StoreError

    settings = settings_or_exit(config)
    try:
        mine = Shards.parse(shards) if shards else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--shards") from error
    alone = works and (mine is None or len(mine.ids) == mine.count)
    if not alone:
        need_postgresql(settings)
    token = token_or_exit(settings)
    logs.set_up(settings.log.level, settings.log.format, secrets=(token,))
    try:
        asyncio.run(serve(settings, token, mine, works=works))
    except (ServingError, StoreError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
