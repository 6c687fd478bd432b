"""`threadline config check`: is the settings file right?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    config = typer.Typer(no_args_is_help=True, help="Look after the settings file.")
    # With this Typer keeps `check` a word of its own although it is the only one.
    config.callback()(lambda: None)
    config.command()(check)
    app.add_typer(config, name="config")


def check(
    path: Annotated[Path, typer.Argument(help="The file to check.")] = Path("config/bot.yaml"),
) -> None:
    """Name every unknown or wrong setting with its line.

    Settings from THREADLINE_… environment variables are checked along with the file, as they are at the start.
    """
    from bot.errors import SettingsError
    from bot.settings import load

    try:
        load(path)
    except SettingsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{path}: every setting is known and right.")
