"""Links that members hand over on purpose: /summary, /share and the message menu."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import LinkError, NotOptedInError, ThreadlineError
from bot.links import find_links
from bot.services.discussions import Sharer, earlier_card
from bot.services.policy import Answer, Way, where_to_answer
from bot.services.sharing import Request
from cogs.ui import cards, choices
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.locale import labels
from cogs.ui.places import Room, configured_id, place_of
from cogs.ui.spots import ResponseSpot, ShareSpot

_NOTE = 300  #: characters

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ANYHOW = app_commands.AppInstallationType(guild=True, user=True)


class Requests(commands.Cog):
    """Reads what it is asked to."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        self._menu = app_commands.ContextMenu(
            name=_("Summarise links"),
            callback=self.summarise_links,
            allowed_contexts=_EVERYWHERE,
            allowed_installs=_ANYHOW,
        )

    async def cog_load(self) -> None:
        """Add the message menu, which a cog cannot declare."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it away."""
        self._bot.tree.remove_command("Summarise links", type=discord.AppCommandType.message)

    @app_commands.command(name=_("summary"), description=_("Read an article and say what is in it"))
    @app_commands.describe(
        url=_("The address of the article"),
        private=_("Show it to you alone"),
        length=_("How much of it is quoted"),
    )
    @app_commands.rename(url=_("url"), private=_("private"), length=_("length"))
    @app_commands.choices(length=choices.LENGTHS)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def summary(
        self,
        interaction: Interaction,
        url: str,
        private: bool = False,
        length: Literal["short", "normal", "long"] | None = None,
    ) -> None:
        """Show the card of an article."""
        link = _link_in(url)
        room = interaction.channel
        public = not private and await self._where(interaction) is Answer.HERE
        if public and length is not None and isinstance(room, Room):
            public = not await self._is_posted(link, room)  # its card stays; the other length is for one
        await interaction.response.defer(ephemeral=not public)
        if not public or not isinstance(room, Room | discord.DMChannel):
            await self._show_privately(interaction, [link], length)
            return
        say = await self._desk.drawer.labels(interaction.guild_id or 0, room.id)
        request = Request(
            url=link,
            place=place_of(room),
            sharer=Sharer(user_id=interaction.user.id, length=length),
            channel=await self._bot.app.channels.get(configured_id(room)),
        )
        spot = ResponseSpot(interaction, self._desk.messenger, self._desk.drawer, say)
        await self._bot.app.sharing.answer(request, spot)

    @app_commands.command(name=_("share"), description=_("Post the card of an article in a channel"))
    @app_commands.describe(
        url=_("The address of the article"),
        channel=_("Where to post it; here, if you name none"),
        note=_("What you want to say about it"),
    )
    @app_commands.rename(url=_("url"), channel=_("channel"), note=_("note"))
    @app_commands.guild_only()
    async def share(
        self,
        interaction: Interaction,
        url: str,
        channel: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
        note: app_commands.Range[str, 1, _NOTE] | None = None,
    ) -> None:
        """Post a card where that member may post."""
        link = _link_in(url)
        room = channel or interaction.channel
        if not isinstance(room, Room | discord.ForumChannel) or not isinstance(
            interaction.user, discord.Member
        ):
            raise NotOptedInError(interaction.channel_id or 0)
        await self._require_consent(interaction.user, room)
        await interaction.response.defer(ephemeral=True)
        app = self._bot.app
        place = place_of(room)
        public = await self._desk.drawer.labels(place.guild_id, room.id)
        spot = ShareSpot(self._desk.messenger, self._desk.drawer, room, public, labels(interaction.locale))
        discussion = await app.sharing.answer(
            Request(
                url=link,
                place=place,
                sharer=Sharer(user_id=interaction.user.id, note=note),
                channel=await app.channels.get(configured_id(room)),
            ),
            spot,
        )
        if discussion:
            await app.subscriptions.pasted(discussion.article_id, place.guild_id, configured_id(room))
        await interaction.edit_original_response(view=spot.outcome(discussion))

    async def summarise_links(self, interaction: Interaction, message: discord.Message) -> None:
        """Show the links of a message to whoever asked."""
        links = find_links(message.content)
        if not links:
            raise LinkError
        await interaction.response.defer(ephemeral=True)
        await self._show_privately(interaction, list(links), None)

    async def _show_privately(self, interaction: Interaction, links: list[str], length: str | None) -> None:
        say = labels(interaction.locale)
        sent = False
        for link in links:
            try:
                reading = await self._bot.app.sharing.read(link, interaction.guild_id or 0, length)
                view = await self._desk.drawer.private_card(reading, interaction.user.id, say)
            except ThreadlineError as error:
                view = cards.draw_line(say.explain(error))
            if sent:
                await interaction.followup.send(view=view, ephemeral=True)
            else:
                await interaction.edit_original_response(view=view)
            sent = True

    async def _is_posted(self, link: str, room: Room) -> bool:
        """Whether there is a card of this article that everyone here can see."""
        app = self._bot.app
        reading = await app.articles.known(link)
        cards_of = await app.discussions.cards_of(reading.id, room.guild.id) if reading else ()
        return earlier_card(cards_of, place_of(room)) is not None

    async def _where(self, interaction: Interaction) -> Answer:
        """Where a command's answer goes: to everybody only where the channel opted in."""
        room = interaction.channel
        if interaction.guild is None:
            # Two people's direct messages look like the bot's own, which are the only ones it can write in.
            own = isinstance(room, discord.DMChannel) and not interaction.context.private_channel
            return Answer.HERE if own else Answer.PRIVATELY
        if not isinstance(room, Room) or self._bot.get_guild(interaction.guild_id or 0) is None:
            return Answer.PRIVATELY
        return await self._consent(interaction.user, room, Way.COMMAND)

    async def _consent(
        self, user: discord.User | discord.Member, room: Room | discord.ForumChannel, way: Way
    ) -> Answer:
        app = self._bot.app
        roles = [role.id for role in getattr(user, "roles", ())]
        return where_to_answer(
            way,
            await app.channels.get(configured_id(room)),
            await app.servers.member(user.id),
            role_allowed=await app.servers.role_allowed(room.guild.id, roles),
        )

    async def _require_consent(self, member: discord.Member, room: Room | discord.ForumChannel) -> None:
        """Raise unless this member may have a card posted there."""
        granted = room.permissions_for(member)
        writing = "send_messages_in_threads" if isinstance(room, discord.Thread) else "send_messages"
        lacking = [flag for flag in ("view_channel", writing) if not getattr(granted, flag)]
        if lacking:
            raise app_commands.MissingPermissions(lacking)
        if await self._consent(member, room, Way.SHARE) is not Answer.HERE:
            raise NotOptedInError(room.id)


def _link_in(written: str) -> str:
    """The link that a member gave as an option: among other words, or alone without "https://"."""
    stripped = written.strip().strip("<>")
    if "://" not in stripped:
        stripped = f"https://{stripped}" if len(stripped.split()) == 1 else ""
    links = find_links(stripped, 1)
    if not links:
        raise LinkError
    return links[0]


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Requests(bot, desk_of(bot)))
