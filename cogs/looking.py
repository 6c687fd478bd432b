"""/search: what this server shared, for whoever may see it."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from cogs.ui import cards, panels, words
from cogs.ui.desk import Interaction
from cogs.ui.locale import labels
from cogs.ui.places import visible_homes

_SUGGESTED = 8
_CHOICE = 100  #: characters Discord takes
_SHORTEST = 2  #: characters worth looking up


class Looking(commands.Cog):
    """Finds articles."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot

    @app_commands.command(name=_("search"), description=_("Find an article that was shared in this server"))
    @app_commands.rename(query=_("words"))
    @app_commands.describe(query=_("Words of its title or text"))
    @app_commands.guild_only()
    async def search(self, interaction: Interaction, query: app_commands.Range[str, 1, 100]) -> None:
        """Show what was found to whoever asked."""
        member = interaction.user
        if not isinstance(member, discord.Member):
            raise app_commands.NoPrivateMessage
        hits = await self._bot.app.search.find(member.guild.id, visible_homes(member), query)
        text = panels.search_text(hits, query, labels(interaction.locale))
        await interaction.response.send_message(view=cards.draw_text(text), ephemeral=True)

    @search.autocomplete("query")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Titles that hold what was typed so far."""
        member = interaction.user
        if not isinstance(member, discord.Member) or len(current.strip()) < _SHORTEST:
            return []
        hits = await self._bot.app.search.find(member.guild.id, visible_homes(member), current, _SUGGESTED)
        titles = dict.fromkeys(words.shorten(hit.reading.article.title, _CHOICE) for hit in hits)
        return [app_commands.Choice(name=title, value=title) for title in titles if title]


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Looking(bot))
