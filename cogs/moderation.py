"""What moderators do to a card: remove it, or block its site."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import CardGoneError, LinkError
from bot.links import find_links, host_of
from bot.model import RuleKind
from bot.services.servers import site_of
from cogs.buttons import may_remove
from cogs.ui import cards, words
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.locale import labels

_MODERATORS = discord.Permissions(manage_messages=True)


class Moderation(commands.Cog):
    """Two message menus."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        # Members have the first one too: whoever shared a link may take its card down.
        self._menus = [
            app_commands.ContextMenu(name=_("Remove card"), callback=self.remove_card),
            app_commands.ContextMenu(name=_("Block this site"), callback=self.block_site),
        ]
        self._menus[1].default_permissions = _MODERATORS
        for menu in self._menus:
            menu.guild_only = True

    async def cog_load(self) -> None:
        """Add the menus, which a cog cannot declare."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take them away."""
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)

    async def remove_card(self, interaction: Interaction, message: discord.Message) -> None:
        """Take the card down that this message is."""
        discussion = await self._bot.app.discussions.of_message(message.id)
        if discussion is None:
            raise CardGoneError
        if not may_remove(interaction, discussion):
            raise app_commands.MissingPermissions(["manage_messages"])
        await interaction.response.defer(ephemeral=True)
        await self._bot.app.sharing.take_down(discussion, self._desk.messenger)
        text = labels(interaction.locale).say("The card is removed.")
        await interaction.edit_original_response(view=cards.draw_line(text))

    async def block_site(self, interaction: Interaction, message: discord.Message) -> None:
        """Read no more pages of the site that this card or message links to; its card goes."""
        if not interaction.permissions.manage_messages:
            raise app_commands.MissingPermissions(["manage_messages"])
        app = self._bot.app
        discussion = await app.discussions.of_message(message.id)
        reading = await app.articles.get(discussion.article_id) if discussion else None
        links = [reading.article.url] if reading else list(find_links(message.content, 1))
        if not links:
            raise LinkError
        await interaction.response.defer(ephemeral=True)
        site = site_of(host_of(links[0]))
        await app.servers.set_rule(interaction.guild_id or 0, RuleKind.SITE, site, allowed=False)
        if discussion:
            await app.sharing.take_down(discussion, self._desk.messenger)
        say = labels(interaction.locale)
        text = say.say("{site} is blocked; /settings site allows it again.", site=words.escape(site))
        await interaction.edit_original_response(view=cards.draw_line(text))


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Moderation(bot, desk_of(bot)))
