"""Keeps the bot connected until it is asked to stop, and says in words what keeps it from being."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Iterable

import aiohttp
import discord

from bot.callbacks import hearing
from bot.cli.processes import stop_asked
from bot.client import ThreadlineBot, create_bot, run_bot
from bot.cluster import ShardedBot, Shards
from bot.monitoring import monitored
from bot.settings import Settings

log = logging.getLogger(__name__)

#: What cards and threads need.
NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
#: Seconds that a start under way may take to its end when we are asked to stop.
START = 10.0
PORTAL = "https://discord.com/developers/applications"


class ServingError(Exception):
    """The bot cannot be on Discord; str(error) says why and what to do."""


async def serve(settings: Settings, token: str, shards: Shards | None = None, *, works: bool = True) -> None:
    """Be on Discord until SIGINT or SIGTERM; raises ServingError, StoreError.

    With *shards* only those; without *works*, feeds and debts are left to other processes.
    """
    # The bot does not speak; discord.py would warn of what it needs for that at every start.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    stop = stop_asked()

    async def connect(bot: ThreadlineBot) -> None:
        await _until(stop, bot, token, works=works)

    def make(settings: Settings) -> ThreadlineBot:
        return create_bot(settings) if shards is None else ShardedBot(settings, shards)

    try:
        await run_bot(settings, connect, make)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.debug("not on Discord", exc_info=error)
        raise ServingError(explain(error)) from error
    log.info("stopped")


def explain(error: Exception) -> str:
    """What keeps the bot from being on Discord, and what to do about it."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):  # the gateway's word for it
            return f"Discord does not accept the token. Copy it again: {PORTAL}, Bot, Reset Token."
        case discord.PrivilegedIntentsRequired():
            return (
                "Discord does not grant an intent that the bot asks for. "
                f"Switch it on: {PORTAL}, Bot, Privileged Gateway Intents."
            )
        case discord.ConnectionClosed():
            return f"Discord closed the connection (code {error.code})."
        case discord.HTTPException(status=status) if status < 500:
            return f"Discord refused a request of the bot: {error}."
        case _:
            return "Discord cannot be reached. Is this computer online? Otherwise try again later."


async def _until(stop: asyncio.Event, bot: ThreadlineBot, token: str, *, works: bool) -> None:
    ready = asyncio.Event()

    async def on_ready() -> None:
        if not ready.is_set():  # it comes again after every lost connection
            ready.set()
            await greet(bot)

    async def work() -> None:
        await ready.wait()
        async with monitored(bot.app, bot.metrics, connected=bot.is_ready, latencies=lambda: latencies(bot)):
            if works:
                async with hearing(bot.app):
                    await bot.app.workers.run_forever()
            await asyncio.Event().wait()

    started: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def live() -> None:
        await bot.login(token)
        started.set_result(None)
        await bot.connect()

    bot.add_listener(on_ready)
    gateway = asyncio.create_task(live(), name="gateway")
    asked = asyncio.create_task(stop.wait(), name="asked to stop")
    workers = asyncio.create_task(work(), name="workers")
    try:
        await asyncio.wait({gateway, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (workers, asked):
            task.cancel()
        await asyncio.gather(workers, asked, return_exceptions=True)
    if stop.is_set():
        log.info("stopping")
        # A database that is being opened cannot be left in the middle.
        await asyncio.wait({gateway, started}, timeout=START, return_when=asyncio.FIRST_COMPLETED)
        gateway.cancel()  # whoever made the bot closes it
        await asyncio.gather(gateway, return_exceptions=True)
    else:
        await gateway


def latencies(bot: ThreadlineBot) -> list[tuple[int, float]]:
    """Every shard here with the seconds its last heartbeat took."""
    found = bot.latencies if isinstance(bot, ShardedBot) else [(0, bot.latency)]
    return [(shard, seconds) for shard, seconds in found if math.isfinite(seconds)]


async def greet(bot: ThreadlineBot) -> None:
    """Say where the bot is, and which permission it lacks in which channel it is set up for."""
    log.info("connected", extra={"user": str(bot.user), "servers": len(bot.guilds)})
    if not bot.guilds:
        address = discord.utils.oauth_url(bot.application_id or 0, permissions=NEEDED)
        log.warning("The bot is in no server yet. Invite it: %s", address)
    for guild in bot.guilds:
        for settings in await bot.app.channels.of_guild(guild.id):
            channel = guild.get_channel(settings.channel_id)
            if channel and (names := lacking(channel.permissions_for(guild.me))):
                log.warning(
                    "The bot is set up for a channel where it lacks permissions: %s",
                    ", ".join(names),
                    extra={"server": guild.id, "channel": channel.id},
                )


def lacking(granted: discord.Permissions) -> Iterable[str]:
    """The needed permissions that are not *granted*, as Discord's settings call them."""
    return [
        flag.replace("_", " ").title() for flag, needed in NEEDED if needed and not getattr(granted, flag)
    ]
