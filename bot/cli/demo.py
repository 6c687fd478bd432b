"""`threadline demo`: try the bot in the browser, without Discord."""

from __future__ import annotations

import asyncio
import importlib.util
import webbrowser
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(demo)


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8765,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
) -> None:
    """Try the bot in the browser: no token, no network, nothing to set up.

    The real bot on a simulated Discord, with sample articles on this computer. Ctrl-C ends it, and nothing is kept.
    """
    if importlib.util.find_spec("simcord") is None:
        typer.echo('The demo needs more packages: pip install "threadline[demo]"', err=True)
        raise typer.Exit(1)
    from bot.cli import logs
    from bot.cli.processes import stop_asked
    from bot.demo import run_demo

    logs.set_up("error", "text", secrets=())

    def ready(address: str) -> None:
        typer.echo(f"Threadline demo: {address}\nCtrl-C ends it.")
        if browser:
            webbrowser.open(address)

    async def run() -> None:
        await run_demo(port, ready, stop_asked())

    try:
        asyncio.run(run())
    except OSError as error:
        typer.echo(f"Port {port} cannot be used ({error.strerror}); try another: --port 0", err=True)
        raise typer.Exit(1) from error
