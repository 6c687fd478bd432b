"""`threadline read`: articles in the terminal."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
**Examples**

- `threadline read https://example.org/story` shows the card of an article
- `threadline read saved.html --url https://example.org/story` reads a file; needs no network
- `curl -s https://example.org/story | threadline read -` reads what comes in
- `threadline read --json https://example.org/story | jq -r .article.text` prints the article's text
- `threadline read --json reading-list.txt > articles.jsonl` reads every address of a file, one a line

Status 0: everything was read. 1: something could not be read; a line on standard error says why. 2: wrong usage.
"""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog=EXAMPLES)(read)


def read(
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|FILE|-",
            help="Addresses, HTML or PDF files, files of addresses, or - for standard input.",
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: one object, or one a line when there are several.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="The address that a file or standard input came from.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings; config/bot.yaml where there is one.")] = None,
) -> None:
    """Read articles here in the terminal: who wrote them, when, what they say, the key facts."""
    from rich.console import Console

    from bot.cli import logs
    from bot.cli.printing import read_sources
    from bot.cli.sources import SourceError, collect, is_address
    from bot.errors import SettingsError
    from bot.settings import load

    if url is not None and not is_address(url):
        raise typer.BadParameter("an address begins with https:// or http://", param_hint="--url")
    if url is not None and (len(named) > 1 or is_address(named[0])):
        raise typer.BadParameter("goes with one file or standard input", param_hint="--url")
    try:
        settings = load(config)
        sources = list(collect(named, url, sys.stdin.buffer.read))
    except (SettingsError, SourceError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    # What the parts report of themselves is for those who ask: everybody else gets cards and plain sentences.
    logs.set_up("debug" if settings.log.level == "debug" else "critical", settings.log.format, secrets=())
    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    complete = asyncio.run(read_sources(sources, settings, as_json=as_json, out=out, err=err))
    raise typer.Exit(0 if complete else 1)
