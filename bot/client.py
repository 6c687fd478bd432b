"""The Discord client: its intents, its app, its cogs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import discord
from discord.ext import commands

from bot.app import App, now, open_app
from bot.metrics import Metrics
from bot.settings import DiscordSettings, Settings
from bot.turns import RequestTurns

log = logging.getLogger(__name__)

COGS = (
    "cogs.language",
    "cogs.articles",
    "cogs.discussions",
    "cogs.buttons",
    "cogs.requests",
    "cogs.conversations",
    "cogs.looking",
    "cogs.members",
    "cogs.moderation",
    "cogs.settings",
    "cogs.admin",
    "cogs.feeds",
    "cogs.subscriptions",
    "cogs.rating",
    "cogs.deliveries",
    "cogs.retention",
)


class ThreadlineBot(commands.Bot):
    """The bot; `app` is there once it has logged in."""

    app: App

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = now, **options: Any) -> None:
        self.metrics = Metrics()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=_intents(settings.discord),
            # Permissions are read from the member that comes with each event; nobody else is kept.
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=RequestTurns().follow(self.metrics.discord_trace()),
            **options,
        )
        self.settings = settings
        self.clock = clock
        self.started_at = clock()
        self.closed = asyncio.Event()

    async def setup_hook(self) -> None:
        """Open the app, load the cogs, and tell Discord the commands."""
        self.app = await open_app(self.settings, self.metrics)
        try:
            for name in COGS:
                await self.load_extension(name)
            await self.tree.sync()
        except BaseException:
            await self.app.close()
            raise
        if not self.intents.message_content:
            log.warning(
                "Links that members paste cannot be seen without the Message Content intent; "
                "commands, mentions and direct messages work."
            )

    async def on_message(self, message: discord.Message) -> None:
        """Leave messages to the cogs: there are no prefix commands."""

    async def close(self) -> None:
        """Disconnect and close the app."""
        await super().close()
        if hasattr(self, "app"):
            await self.app.close()
        self.closed.set()


def create_bot(settings: Settings) -> ThreadlineBot:
    """Return the bot, not yet connected."""
    return ThreadlineBot(settings)


async def run_bot(
    settings: Settings,
    connect: Callable[[ThreadlineBot], Awaitable[None]],
    make: Callable[[Settings], ThreadlineBot] = create_bot,
) -> None:
    """Have *connect* run a bot until it ends; once more without Message Content where Discord refuses that.

    Raises what *connect* raises otherwise: discord.LoginFailure for a wrong token, StoreError.
    """
    try:
        await _run(make(settings), connect)
    except discord.PrivilegedIntentsRequired:
        if not settings.discord.message_content:
            raise
        log.warning(
            "Discord does not grant the Message Content intent; going on without it. "
            "Switch it on in the developer portal (Bot, Privileged Gateway Intents), "
            "or set discord.message_content to false."
        )
        limited = settings.discord.model_copy(update={"message_content": False})
        await _run(make(settings.model_copy(update={"discord": limited})), connect)


async def _run(bot: ThreadlineBot, connect: Callable[[ThreadlineBot], Awaitable[None]]) -> None:
    try:
        await connect(bot)
    finally:
        await bot.close()


def _intents(settings: DiscordSettings) -> discord.Intents:
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        message_content=settings.message_content,
    )
