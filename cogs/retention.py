"""Servers that take the bot in or remove it, so that the data of those that are gone goes too."""

from __future__ import annotations

from collections.abc import Callable

import discord
from discord.ext import commands

from bot.client import ThreadlineBot


class Retention(commands.Cog):
    """Tells the retention service who comes and goes."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep what there is of a server that comes back in time."""
        await self._bot.app.retention.joined(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begin the days of grace."""
        await self._bot.app.retention.left(guild.id, self._bot.clock())

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Notice who came and went while nobody looked."""
        present = [guild.id for guild in self._bot.guilds]
        await self._bot.app.retention.compare(present, self._mine(), self._bot.clock())

    def _mine(self) -> Callable[[int], bool]:
        """Whether this process serves a server, by its shards."""
        count = self._bot.shard_count
        shard_ids = getattr(self._bot, "shard_ids", None)
        if not count or not shard_ids:
            return lambda _: True
        mine = frozenset(shard_ids)
        return lambda guild_id: (guild_id >> 22) % count in mine


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Retention(bot))
