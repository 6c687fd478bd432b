"""Links in messages: each becomes a card, and follows its message from then on."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import PostError, ThreadlineError
from bot.links import find_links
from bot.model import ChannelSettings, Discussion
from bot.services.discussions import Sharer
from bot.services.policy import Answer, Way, where_to_answer
from bot.services.sharing import Request
from cogs.ui import cards
from cogs.ui.desk import Desk, desk_of
from cogs.ui.locale import labels
from cogs.ui.places import Room, configured_id, place_of
from cogs.ui.spots import ChannelSpot

log = logging.getLogger(__name__)

_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})


class Articles(commands.Cog):
    """Answers links that are pasted, sent with a mention, or sent directly."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer the links of a new message."""
        if not message.author.bot and message.content and message.type in _WRITTEN:
            await self._answer(message, find_links(message.content))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Follow an edit: cards of links that are gone go, new links are answered."""
        message = payload.message
        if message.author.bot or message.type not in _WRITTEN or not isinstance(message.channel, Room):
            return
        if message.edited_at is None:  # Discord added its preview
            if message.embeds and await self._bot.app.discussions.of_source(message.id):
                await self._hide_preview(message, await self._desk.drawer.settings(message.channel.id))
        elif message.content or self._bot.intents.message_content:
            links = find_links(message.content)
            new = await self._bot.app.sharing.source_edited(message.id, links, self._desk.messenger)
            await self._answer(message, new)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Follow a deletion."""
        await self._forget(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Follow many deletions."""
        for message_id in sorted(payload.message_ids):
            await self._forget(message_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Take back what the last process was still reading when it ended."""
        try:
            await self._bot.app.sharing.clear_waiting(self._desk.messenger)
        except PostError as error:
            log.info("not taken back", extra={"why": str(error)})

    async def _answer(self, message: discord.Message, links: tuple[str, ...]) -> None:
        room = message.channel
        if not links or not isinstance(room, Room | discord.DMChannel):
            return
        app = self._bot.app
        channel = await app.channels.get(configured_id(room))
        member = await app.servers.member(message.author.id)
        roles = [role.id for role in getattr(message.author, "roles", ())]
        allowed = message.guild is None or await app.servers.role_allowed(message.guild.id, roles)
        where = where_to_answer(self._way(message), channel, member, role_allowed=allowed)
        if where is Answer.PRIVATELY:
            await self._answer_directly(message, links)
        elif where is Answer.HERE:
            await self._post(message, room, links, channel)

    def _way(self, message: discord.Message) -> Way:
        if message.guild is None:
            return Way.DIRECT
        # Not message.mentions: a reply to the bot pings it without asking for anything.
        me = self._bot.user
        return Way.MENTION if me and me.id in message.raw_mentions else Way.PASTE

    async def _post(
        self,
        message: discord.Message,
        room: Room | discord.DMChannel,
        links: tuple[str, ...],
        channel: ChannelSettings | None,
    ) -> None:
        place = place_of(room)
        say = await self._desk.drawer.labels(place.guild_id, room.id)
        sharer = Sharer(user_id=message.author.id, source_id=message.id)
        posted = False
        for link in links:
            spot = ChannelSpot(
                self._desk.messenger,
                self._desk.drawer,
                room,
                say,
                reply_to=message.id,
                compact=len(links) > 1,
            )
            request = Request(url=link, place=place, sharer=sharer, channel=channel)
            try:
                discussion = await self._bot.app.sharing.answer(request, spot)
            except PostError as error:
                await self._tell(message, error)
                return
            if discussion:
                posted = True
                await self._tell_subscriptions(discussion)
        if posted:
            await self._hide_preview(message, channel)

    async def _tell_subscriptions(self, discussion: Discussion) -> None:
        if discussion.guild_id:
            await self._bot.app.subscriptions.pasted(
                discussion.article_id, discussion.guild_id, discussion.channel_id
            )

    async def _answer_directly(self, message: discord.Message, links: tuple[str, ...]) -> None:
        """Answer a mention where nothing may be posted: by direct message."""
        guild_id = message.guild.id if message.guild else 0
        say = labels(message.guild.preferred_locale if message.guild else None)
        for link in links:
            try:
                reading = await self._bot.app.sharing.read(link, guild_id)
                view = await self._desk.drawer.private_card(reading, message.author.id, say)
            except ThreadlineError as error:
                view = cards.draw_line(say.explain(error))
            try:
                await message.author.send(view=view, allowed_mentions=discord.AllowedMentions.none())
            except discord.HTTPException:
                log.info("takes no direct messages", extra={"user": message.author.id})
                return

    async def _hide_preview(self, message: discord.Message, channel: ChannelSettings | None) -> None:
        if channel is None or not channel.hide_previews:
            return
        try:
            await self._desk.messenger.hide_preview(message)
        except PostError as error:
            await self._tell(message, error)

    async def _forget(self, message_id: int) -> None:
        try:
            await self._bot.app.sharing.source_gone(message_id, self._desk.messenger)
        except PostError as error:
            log.info("not taken down", extra={"why": str(error)})

    async def _tell(self, message: discord.Message, error: PostError) -> None:
        if message.guild is not None:
            say = await self._desk.drawer.labels(message.guild.id, message.channel.id)
            await self._desk.messenger.tell_owner(message.guild, error, say)


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Articles(bot, desk_of(bot)))
