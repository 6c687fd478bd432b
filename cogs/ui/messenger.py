"""Puts cards before people: every message the bot sends without being asked by an interaction goes through here."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.client import ThreadlineBot
from bot.errors import (
    ChannelGoneError,
    MessageGoneError,
    MissingPermissionError,
    PostError,
    ThreadlineError,
    TooManyThreadsError,
)
from cogs.ui.locale import Labels
from cogs.ui.places import Room

log = logging.getLogger(__name__)

_THREAD_EXISTS = 160004
_TOO_MANY_THREADS = 160006
_UNKNOWN_MESSAGE = 10008
MOST_TAGS = 5  #: of a forum post
_TROUBLES = 5  #: remembered for each server
_NOBODY = discord.AllowedMentions.none()

#: What discord.py lets through when there is no answer, after it tried again.
UNREACHED = (aiohttp.ClientError, OSError)


def missing(room: discord.abc.GuildChannel | discord.Thread, *needed: str) -> tuple[str, ...]:
    """The permissions of *needed* that the bot lacks in *room*."""
    if room.guild.owner_id is None:
        return ()  # a process without the gateway knows servers by their number: Discord says what is missing
    granted = room.permissions_for(room.guild.me)
    return tuple(flag for flag in needed if not getattr(granted, flag))


def require(room: discord.abc.GuildChannel | discord.Thread, *needed: str) -> None:
    """Raise MissingPermissionError, without asking Discord, where the bot lacks a permission."""
    if lacking := missing(room, *needed):
        raise MissingPermissionError(room.id, lacking)


def sending(room: discord.abc.GuildChannel | discord.Thread) -> tuple[str, ...]:
    """The permissions that sending a card to *room* takes."""
    return "view_channel", "send_messages_in_threads" if isinstance(room, discord.Thread) else "send_messages"


class Messenger:
    """Posts, edits and deletes cards and their threads; Discord's refusals come back as a PostError."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot
        self._told: set[tuple[int, str]] = set()
        self._troubles: dict[int, deque[tuple[datetime, ThreadlineError]]] = {}

    def troubles(self, guild_id: int) -> tuple[tuple[datetime, ThreadlineError], ...]:
        """What went wrong in a server since the start, the latest first."""
        return tuple(reversed(self._troubles.get(guild_id, ())))

    async def post(
        self,
        room: Room | discord.DMChannel,
        view: ui.LayoutView,
        *,
        reply_to: int | None = None,
        nonce: str | None = None,
    ) -> int:
        """Send *view*, pinging nobody; returns the id of the message.

        A second send with the same *nonce* within a few minutes is dropped by Discord.
        """
        if not isinstance(room, discord.DMChannel):
            require(room, *sending(room))
            if missing(room, "read_message_history"):
                reply_to = None  # Discord refuses replies to what the bot may not read
        options: dict[str, Any] = {}
        if nonce is not None:
            options["nonce"] = nonce
        if reply_to is not None:
            options["mention_author"] = False
            options["reference"] = discord.MessageReference(
                message_id=reply_to, channel_id=room.id, fail_if_not_exists=False
            )
        try:
            sent = await room.send(view=view, silent=True, allowed_mentions=_NOBODY, **options)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, room.id) from error
        return sent.id

    async def edit(self, channel_id: int, message_id: int, view: ui.LayoutView) -> None:
        """Redraw a message of the bot."""
        try:
            await self._message(channel_id, message_id).edit(view=view, allowed_mentions=_NOBODY)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, channel_id) from error

    async def delete(self, channel_id: int, message_id: int) -> None:
        """Take a message of the bot back; one that is gone already is no error."""
        try:
            await self._message(channel_id, message_id).delete()
        except discord.NotFound:
            return
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, channel_id) from error

    async def open_thread(
        self, room: discord.TextChannel, message_id: int, name: str, archive_minutes: int
    ) -> int:
        """Open the thread of a card, and return its id; a thread that exists already is that thread."""
        require(room, "view_channel", "create_public_threads")
        minutes: Any = archive_minutes
        try:
            thread = await room.get_partial_message(message_id).create_thread(
                name=name,
                auto_archive_duration=minutes,
            )
        except (discord.HTTPException, *UNREACHED) as error:
            if isinstance(error, discord.HTTPException) and error.code == _THREAD_EXISTS:
                return message_id  # a message's thread has the id of the message
            raise refusal(error, room.id) from error
        return thread.id

    async def open_post(
        self,
        forum: discord.ForumChannel,
        name: str,
        view: ui.LayoutView,
        tags: Iterable[discord.ForumTag],
        archive_minutes: int,
    ) -> int:
        """Open a forum post that a card starts; returns its id, which is the card's as well."""
        require(forum, "view_channel", "send_messages")
        minutes: Any = archive_minutes
        try:
            post = await forum.create_thread(
                name=name,
                view=view,
                applied_tags=list(tags)[:MOST_TAGS],
                auto_archive_duration=minutes,
                allowed_mentions=_NOBODY,
            )
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, forum.id) from error
        return post.thread.id

    async def add_tags(self, post: discord.Thread, tags: Iterable[discord.ForumTag]) -> None:
        """Add tags to a forum post where that is allowed; tags that people chose stay."""
        new = [tag for tag in tags if tag not in post.applied_tags]
        if not new or len(post.applied_tags) >= MOST_TAGS or missing(post, "manage_threads"):
            return
        try:
            await post.edit(applied_tags=[*post.applied_tags, *new][:MOST_TAGS])
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, post.id) from error

    async def hide_preview(self, message: discord.Message) -> None:
        """Take Discord's own preview off a member's message, where that is allowed."""
        room = message.channel
        if message.flags.suppress_embeds or not isinstance(room, Room) or missing(room, "manage_messages"):
            return
        try:
            await message.edit(suppress=True)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, room.id) from error

    async def reopen_thread(self, thread_id: int) -> bool:
        """Bring an archived thread back; False when there is no such thread any more."""
        try:
            thread = await self._thread(thread_id)
            if thread and thread.archived and not thread.locked:
                await thread.edit(archived=False)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, thread_id) from error
        return thread is not None

    async def revive_thread(self, thread_id: int, view: ui.LayoutView) -> None:
        """Open an archived thread again with one line; one that is open or locked is left alone."""
        try:
            thread = await self._thread(thread_id)
            if thread and thread.archived and not thread.locked:
                await thread.edit(archived=False)
                await thread.send(view=view, silent=True, allowed_mentions=_NOBODY)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, thread_id) from error

    async def end_thread(self, thread_id: int, view: ui.LayoutView) -> None:
        """Close a thread with a last line, and lock it where that is allowed."""
        try:
            thread = await self._thread(thread_id)
            if thread is None:
                return
            if not thread.locked:
                await thread.send(view=view, silent=True, allowed_mentions=_NOBODY)
            if missing(thread, "manage_threads"):
                await thread.edit(archived=True)
            else:
                await thread.edit(archived=True, locked=True)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, thread_id) from error

    async def archive_thread(self, thread_id: int) -> None:
        """Close a thread; what people wrote in it stays."""
        try:
            if (thread := await self._thread(thread_id)) and not thread.archived:
                await thread.edit(archived=True)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, thread_id) from error

    async def delete_thread(self, thread_id: int) -> None:
        """Delete a thread; where that is not allowed, close it."""
        try:
            if thread := await self._thread(thread_id):
                await thread.delete()
        except discord.Forbidden:
            await self.archive_thread(thread_id)
        except (discord.HTTPException, *UNREACHED) as error:
            raise refusal(error, thread_id) from error

    async def tell_owner(self, guild: discord.Guild, error: ThreadlineError, labels: Labels) -> None:
        """Tell the server's owner, once, what keeps the bot from doing what it was set up to do."""
        sentence = labels.explain(error)
        troubles = self._troubles.setdefault(guild.id, deque(maxlen=_TROUBLES))
        troubles.append((self._bot.clock(), error))
        log.warning("cannot do what a channel asks for", extra={"guild": guild.id, "why": str(error)})
        if guild.owner_id is None or (guild.id, sentence) in self._told:
            return
        self._told.add((guild.id, sentence))
        text = labels.say(
            "In your server {server} I cannot do my work: {why}", server=guild.name, why=sentence
        )
        try:
            owner = await self._bot.fetch_user(guild.owner_id)
            await owner.send(text, allowed_mentions=_NOBODY)
        except (discord.HTTPException, *UNREACHED):
            log.info("the owner takes no direct messages", extra={"guild": guild.id})

    async def _thread(self, thread_id: int) -> discord.Thread | None:
        cached = self._bot.get_channel(thread_id)
        if cached is None:
            try:
                cached = await self._bot.fetch_channel(thread_id)  # archived ones are not in memory
            except discord.NotFound:
                return None
        return cached if isinstance(cached, discord.Thread) else None

    def _message(self, channel_id: int, message_id: int) -> discord.PartialMessage:
        if isinstance(self._bot.get_channel(channel_id), discord.ForumChannel):
            channel_id = message_id  # a post has the id of the message that starts it
        return self._bot.get_partial_messageable(channel_id).get_partial_message(message_id)


def refusal(error: Exception, channel_id: int) -> PostError:
    """What Discord's answer means, or that there is none."""
    if not isinstance(error, discord.HTTPException):
        return PostError("Discord could not be reached.")
    if error.code == _TOO_MANY_THREADS:
        return TooManyThreadsError()
    if error.code == _UNKNOWN_MESSAGE:
        return MessageGoneError()
    if isinstance(error, discord.NotFound):
        return ChannelGoneError(channel_id)
    if isinstance(error, discord.Forbidden):
        return MissingPermissionError(channel_id, _needed(error))
    return PostError("Discord did not take my message.")


def _needed(error: discord.Forbidden) -> tuple[str, ...]:
    return ("view_channel",) if error.code == 50001 else ("send_messages",)
