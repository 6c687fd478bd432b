"""What moderators do to a card: remove it, block its site, or merge its discussion into another."""

from __future__ import annotations

import logging

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import CardGoneError, LinkError, PostError
from bot.links import find_links, host_of
from bot.model import Discussion, RuleKind
from bot.services.servers import site_of
from cogs.buttons import may_remove
from cogs.ui import cards, words
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.locale import Labels, labels
from cogs.ui.screens import Screen

log = logging.getLogger(__name__)

_MODERATORS = discord.Permissions(manage_messages=True)
_LATEST = 200  #: discussions that are looked through for those that one can be merged into
_OFFERED = 25  #: what a menu of Discord's holds


class Moderation(commands.Cog):
    """Three message menus."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        # Members have the first one too: whoever shared a link may take its card down.
        self._menus = [
            app_commands.ContextMenu(name=_("Remove card"), callback=self.remove_card),
            app_commands.ContextMenu(name=_("Block this site"), callback=self.block_site),
            app_commands.ContextMenu(name=_("Merge discussion"), callback=self.merge),
        ]
        for menu in self._menus[1:]:
            menu.default_permissions = _MODERATORS
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

    async def merge(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask which discussion this card's is to become part of."""
        if not interaction.permissions.manage_messages:
            raise app_commands.MissingPermissions(["manage_messages"])
        discussion = await self._bot.app.discussions.of_message(message.id)
        if discussion is None or not isinstance(interaction.user, discord.Member):
            raise CardGoneError
        say = labels(interaction.locale)
        latest = await self._bot.app.discussions.latest(discussion.guild_id, _LATEST)
        offered = [
            (str(other.id), title or say.say("no title"))
            for other, title in latest
            if other.id != discussion.id and can_merge(interaction.user, discussion, other)
        ]
        if not offered:
            text = say.say("There is no other discussion here that it could be merged into.")
            await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)
            return

        async def choose(pressed: Interaction, value: str) -> None:
            await pressed.response.defer()
            text = await self._merge(pressed, discussion, int(value))
            await pressed.edit_original_response(view=cards.draw_line(text))

        screen = Screen().say(say.say("Its card goes, its comments count there from then on."))
        screen.ask(say.say("Which discussion does it belong to?"), offered[:_OFFERED], choose)
        await interaction.response.send_message(view=screen, ephemeral=True)

    async def _merge(self, interaction: Interaction, discussion: Discussion, into_id: int) -> str:
        """Merge, and return what to tell the moderator."""
        app = self._bot.app
        one, into = await app.discussions.get(discussion.id), await app.discussions.get(into_id)
        if one is None or into is None or not isinstance(interaction.user, discord.Member):
            raise CardGoneError
        if not can_merge(interaction.user, one, into):  # much can change while a menu is open
            raise app_commands.MissingPermissions(["manage_messages"])
        merged = await app.discussions.merge(one, into)
        public = await self._desk.drawer.labels(one.guild_id, one.channel_id)
        try:
            if one.message_id is not None:
                await self._desk.messenger.delete(one.channel_id, one.message_id)
            if one.thread_id not in (None, one.channel_id, merged.thread_id):
                await self._close(one.thread_id or 0, merged, public)
        except PostError as error:
            log.info("not tidied after merging", extra={"why": str(error)})
        await self._desk.threads.redraw(merged)
        await app.discussions.shown(merged.id, merged.comments, self._bot.clock())
        say = labels(interaction.locale)
        return say.say("Merged: {jump}", jump=f"[{say.say('jump')}]({cards.jump_address(merged)})")

    async def _close(self, thread_id: int, merged: Discussion, public: Labels) -> None:
        where = f"[{public.say('jump')}]({cards.jump_address(merged)})"
        text = public.say("This discussion was merged into another one: {jump}", jump=where)
        await self._desk.messenger.end_thread(thread_id, cards.draw_line(text))


def can_merge(member: discord.Member, one: Discussion, other: Discussion) -> bool:
    """Whether a member moderates both discussions, and whoever sees one of them sees the other."""
    rooms = [member.guild.get_channel_or_thread(each.channel_id) for each in (one, other)]
    for room in rooms:
        if room is None or isinstance(room, discord.CategoryChannel):
            return False
        granted = room.permissions_for(member)
        if not (granted.view_channel and granted.manage_messages):
            return False
    if one.home_id == other.home_id:
        return True
    return all(_is_open(member.guild, each.home_id) for each in (one, other))


def _is_open(guild: discord.Guild, home_id: int) -> bool:
    home = guild.get_channel(home_id)
    return home is not None and home.permissions_for(guild.default_role).view_channel


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Moderation(bot, desk_of(bot)))
