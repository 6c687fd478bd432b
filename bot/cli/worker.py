"""`threadline worker` and `threadline deliver`: the work behind the gateway, in processes of its own."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.client import ThreadlineBot
    from bot.settings import Settings

log = logging.getLogger(__name__)

Config = Annotated[Path | None, typer.Option(help="Settings; config/bot.yaml where there is one.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(worker)
    app.command()(deliver)


def worker(config: Config = None) -> None:
    """Poll feeds, read and summarise articles, match topics; needs PostgreSQL and no token.

    Run as many as there are processors to spare; each takes what no other has taken.
    """
    from bot.cli import logs
    from bot.cli.processes import need_postgresql, settings_or_exit

    settings = settings_or_exit(config)
    need_postgresql(settings)
    logs.set_up(settings.log.level, settings.log.format, secrets=())
    _run(settings, token=None)


def deliver(config: Config = None) -> None:
    """Post what channels are owed, edit cards, tell admins of feeds in trouble; needs PostgreSQL and the token.

    One is enough: Discord takes 50 requests a second. A second one takes over where the first fails.
    """
    from bot.cli import logs
    from bot.cli.processes import need_postgresql, settings_or_exit, token_or_exit

    settings = settings_or_exit(config)
    need_postgresql(settings)
    token = token_or_exit(settings)
    logs.set_up(settings.log.level, settings.log.format, secrets=(token,))
    _run(settings, token)


def _run(settings: Settings, token: str | None) -> None:
    from bot.cli.processes import until_stopped
    from bot.cli.serving import ServingError
    from bot.errors import StoreError

    try:
        asyncio.run(until_stopped(_work(settings) if token is None else _post(settings, token)))
    except (ServingError, StoreError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    log.info("stopped")


async def _work(settings: Settings) -> None:
    from bot.app import open_app
    from bot.callbacks import hearing
    from bot.metrics import Metrics
    from bot.monitoring import monitored

    metrics = Metrics()
    app = await open_app(settings, metrics)
    try:
        async with monitored(app, metrics), hearing(app):
            log.info("working", extra={"work": sorted(app.workers.names)})
            await app.workers.run_forever()
    finally:
        await app.close()


async def _post(settings: Settings, token: str) -> None:
    import aiohttp
    import discord

    from bot.cli.serving import ServingError, explain
    from bot.client import create_bot
    from bot.monitoring import monitored

    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it does not speak
    bot = create_bot(settings)
    try:
        try:
            await bot.login(token)  # and no connection to the gateway
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise ServingError(explain(error)) from error
        for name in bot.app.tokenless:
            bot.app.workers.remove(name)
        async with monitored(bot.app, bot.metrics):
            log.info("delivering", extra={"work": sorted(bot.app.workers.names)})
            await until_refused(bot)
    finally:
        await bot.close()


async def until_refused(bot: ThreadlineBot) -> None:
    """Work until cancelled; raises ServingError once the bot has closed itself, as it does without a good token."""
    import discord

    from bot.cli.serving import ServingError, explain

    working = asyncio.create_task(bot.app.workers.run_forever(), name="workers")
    closed = asyncio.create_task(bot.closed.wait(), name="closed")
    try:
        await asyncio.wait({working, closed}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, closed):
            task.cancel()
        await asyncio.gather(working, closed, return_exceptions=True)
    raise ServingError(explain(discord.LoginFailure()))
