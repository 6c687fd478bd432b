"""The command line: one module a command, each of which adds itself to the whole."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from bot import __version__
from bot.cli import config, db, demo, jobs, read, run, worker

#: Each has add_to(app); they import what they work with when they are called, so that --help is quick.
COMMANDS = (read, run, demo, config, worker, jobs, db)

INTERRUPTED = 130


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"threadline {__version__}")
        raise typer.Exit


def _root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave."),
    ] = False,
) -> None:
    """A Discord bot for communities that read together.

    A pasted link becomes a card (who wrote it, when, what it says in quoted sentences, the key facts) and a thread
    to discuss it in. Without Discord it reads articles in the terminal.
    """


def build() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="threadline",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,  # they show local variables, and the token may be one
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(
        epilog="Try it without a token: **threadline demo**. Read an article here: **threadline read https://…**"
    )(_root)
    for command in COMMANDS:
        command.add_to(app)
    return app


def main() -> None:
    """Run the command line and leave the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows fewer characters shows a question mark instead of ending us.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        build()()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
