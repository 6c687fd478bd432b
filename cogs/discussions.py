"""Threads below cards: opened when asked for, their comments counted on the card."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

import discord
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import PostError
from bot.model import Comment, Discussion, ThreadMode
from cogs.ui.desk import Desk, desk_of

log = logging.getLogger(__name__)

_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})


class Discussions(commands.Cog):
    """Follows what happens in threads and to cards."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        bot.app.workers.add("count comments", self.count, seconds=20)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Count a comment, or open the thread that a first reply asks for."""
        if message.author.bot or message.type not in _WRITTEN or message.guild is None:
            return
        app = self._bot.app
        if isinstance(message.channel, discord.Thread):
            discussion = await app.discussions.of_thread(message.channel.id)
            # The message that brought the link is no comment on it.
            if discussion and discussion.source_id != message.id:
                await app.discussions.record(await self._comment(message, discussion))
            return
        if message.reference and message.reference.message_id:
            await self._open_at(message.reference.message_id, ThreadMode.FIRST_REPLY)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Keep up with a comment, where words are kept."""
        message = payload.message
        if message.edited_at and message.content and isinstance(message.channel, discord.Thread):
            await self._bot.app.discussions.rewrite(message.id, message.content)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A comment or a card is gone."""
        await self._gone([payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many are gone."""
        await self._gone(payload.message_ids)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone with its comments; a forum post with the card that started it."""
        in_forum = isinstance(self._bot.get_channel(payload.parent_id), discord.ForumChannel)
        await self._bot.app.discussions.closed(payload.thread_id, with_card=in_forum)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Count a reaction to a comment, or open the thread that reactions to a card ask for."""
        if self._bot.user and payload.user_id == self._bot.user.id:
            return
        await self._bot.app.discussions.react(payload.message_id, +1)
        await self._open_by_reactions(payload)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """A reaction was taken back."""
        await self._bot.app.discussions.react(payload.message_id, -1)

    async def count(self, now: datetime) -> int:
        """Redraw the cards that show an old count; returns how many."""
        app = self._bot.app
        due = await app.discussions.due(now)
        for discussion in due:
            await app.discussions.shown(discussion.id, discussion.comments, now)
            await self._desk.threads.redraw(discussion)
        return len(due)

    async def _comment(self, message: discord.Message, discussion: Discussion) -> Comment:
        server = await self._bot.app.servers.get(discussion.guild_id)
        return Comment(
            discussion_id=discussion.id,
            message_id=message.id,
            author_id=message.author.id,
            reply_to=message.reference.message_id if message.reference else None,
            created_at=message.created_at,
            text=message.content or None if server.store_text else None,
            thread_id=None if message.channel.id == discussion.thread_id else message.channel.id,
        )

    async def _open_by_reactions(self, payload: discord.RawReactionActionEvent) -> None:
        app = self._bot.app
        discussion = await app.discussions.of_message(payload.message_id)
        if discussion is None or discussion.thread_id is not None:
            return
        settings = await app.channels.get(discussion.channel_id)
        if settings is None or settings.threads is not ThreadMode.REACTIONS:
            return
        room = self._bot.get_partial_messageable(discussion.channel_id)
        try:
            card = await room.fetch_message(payload.message_id)
        except discord.HTTPException:
            return
        if max((reaction.count for reaction in card.reactions), default=0) >= settings.reactions:
            await self._open_at(payload.message_id, ThreadMode.REACTIONS)

    async def _open_at(self, message_id: int, mode: ThreadMode) -> None:
        app = self._bot.app
        discussion = await app.discussions.of_message(message_id)
        if discussion is None or discussion.thread_id is not None:
            return
        settings = await app.channels.get(discussion.channel_id)
        if settings is None or settings.threads is not mode:
            return
        try:
            await self._desk.threads.open(discussion)
        except PostError as error:
            guild = self._bot.get_guild(discussion.guild_id)
            if guild:
                say = await self._desk.drawer.labels(guild.id, discussion.channel_id)
                await self._desk.messenger.tell_owner(guild, error, say)

    async def _gone(self, message_ids: Collection[int]) -> None:
        app = self._bot.app
        await app.discussions.remove_comments(message_ids)
        for message_id in message_ids:
            if discussion := await app.discussions.of_message(message_id):
                await app.sharing.take_down(discussion, self._desk.messenger)


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Discussions(bot, desk_of(bot)))
