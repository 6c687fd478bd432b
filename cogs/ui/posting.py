"""Puts what channels are owed before people: cards with their pings, threads and digests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from bot.client import ThreadlineBot
from bot.errors import (
    ChannelGoneError,
    MessageGoneError,
    MissingPermissionError,
    PostError,
    TokenRefusedError,
)
from bot.services import outbox
from bot.services.digests import DigestParcel
from bot.services.parcels import Parcel
from bot.services.topics import topics_of
from bot.turns import in_turn
from cogs.ui import cards
from cogs.ui.digest import draw_digest
from cogs.ui.drawing import Drawer
from cogs.ui.ids import Press, custom_id
from cogs.ui.locale import labels
from cogs.ui.messenger import MOST_TAGS, UNREACHED, Messenger, refusal, require, sending
from cogs.ui.places import Room
from cogs.ui.spots import fitting_tags

log = logging.getLogger(__name__)

_CLOCKS_DIFFER = timedelta(seconds=30)  #: between us and Discord, at most
_LOOKED_AT = 1_000  #: archived posts of a forum
_SOONEST_ARCHIVED = timedelta(minutes=60)  #: after which Discord closes an idle post
_UNKNOWN_MESSAGE = 10008
_THREAD_EXISTS = 160004
_NO_DIRECT_MESSAGES = 50007
_NOBODY = discord.AllowedMentions.none()


class Poster:
    """The Messenger of deliveries and digests."""

    def __init__(self, bot: ThreadlineBot, messenger: Messenger, drawer: Drawer) -> None:
        self._bot = bot
        self._messenger = messenger
        self._drawer = drawer

    async def post(self, parcel: Parcel, nonce: str) -> int:
        """Send a card, pinging those who asked for that and nobody else."""
        channel_id = parcel.discussion.channel_id
        room = await self._room(channel_id, parcel.addressee)
        view = await self._draw(parcel)
        if not isinstance(room, discord.ForumChannel):
            return await self._send(room, channel_id, view, nonce, _pinging(parcel))
        article = parcel.reading.article
        tags = fitting_tags(room, (*parcel.topics, *topics_of(article)))
        name = cards.thread_name(article)
        post_id = await self._post_once(room, name, view, tags, _card_ids(parcel), _pinging(parcel))
        await self._bot.app.discussions.opened(parcel.discussion.id, post_id)
        return post_id

    async def post_digest(self, parcel: DigestParcel, nonce: str) -> int:
        """Send a digest, pinging nobody."""
        channel_id = parcel.digest.channel_id
        room = await self._room(channel_id, parcel.addressee)
        say = await self._drawer.labels(parcel.digest.guild_id, channel_id)
        view = draw_digest(parcel, say)
        if isinstance(room, discord.ForumChannel):
            name = say.say("Digest of {when}", when=say.day(parcel.digest.due_at))
            tags = fitting_tags(room, ())
            return await self._post_once(room, name, view, tags, _digest_ids(parcel), _NOBODY)
        return await self._send(room, channel_id, view, nonce, _NOBODY)

    async def look(self, parcel: Parcel, since: datetime) -> int | None:
        """The id of the card in its channel, if it was sent since a moment."""
        channel_id = parcel.discussion.channel_id
        room = await self._room(channel_id, parcel.addressee)
        found = await self._look(room, channel_id, _card_ids(parcel), since)
        if found is not None and isinstance(room, discord.ForumChannel):
            await self._bot.app.discussions.opened(parcel.discussion.id, found)
        return found

    async def look_for_digest(self, parcel: DigestParcel, since: datetime) -> int | None:
        """The id of the digest in its channel, if it was sent since a moment."""
        channel_id = parcel.digest.channel_id
        room = await self._room(channel_id, parcel.addressee)
        return await self._look(room, channel_id, _digest_ids(parcel), since)

    async def open_thread(self, parcel: Parcel, message_id: int) -> int | None:
        """Open the card's thread; one that exists already is that thread, and a forum post is one."""
        room = await self._room(parcel.discussion.channel_id, parcel.addressee)
        if isinstance(room, discord.ForumChannel):
            return message_id
        if not isinstance(room, discord.TextChannel):
            return None
        require(room, "view_channel", "create_public_threads")
        settings = await self._drawer.settings(room.id)
        name = cards.thread_name(parcel.reading.article)
        minutes: Any = settings.archive_minutes if settings else 1440
        async with self._asking(room.id):
            try:
                thread = await room.get_partial_message(message_id).create_thread(
                    name=name, auto_archive_duration=minutes
                )
            except discord.HTTPException as error:
                if error.code == _THREAD_EXISTS:
                    return message_id  # a message's thread has the id of the message
                raise
        return thread.id

    async def redraw(self, parcel: Parcel) -> None:
        """Draw a card anew."""
        channel_id, message_id = parcel.discussion.channel_id, parcel.discussion.message_id or 0
        room = await self._room(channel_id, parcel.addressee)
        posted = await self._drawer.as_posted(parcel.reading, parcel.discussion)
        view = await self._draw(replace(parcel, reading=posted))
        if isinstance(room, discord.ForumChannel):  # a post has the id of the message that starts it
            room = self._bot.get_partial_messageable(message_id)
        async with self._asking(channel_id):
            await room.get_partial_message(message_id).edit(view=view, allowed_mentions=_NOBODY)

    async def refused(self, guild_id: int, error: PostError) -> None:
        """Tell the server's owner what is missing; of a channel that is gone they know."""
        guild = self._bot.get_guild(guild_id)
        if guild is None or isinstance(error, ChannelGoneError):
            return
        await self._messenger.tell_owner(guild, error, labels(guild.preferred_locale))

    async def _send(
        self,
        room: Room | discord.PartialMessageable,
        channel_id: int,
        view: ui.LayoutView,
        nonce: str,
        mentions: discord.AllowedMentions,
    ) -> int:
        if not isinstance(room, discord.PartialMessageable):
            require(room, *sending(room))
        silent = not (mentions.roles or mentions.users)
        async with self._asking(channel_id):
            sent = await room.send(view=view, nonce=nonce, silent=silent, allowed_mentions=mentions)
        return sent.id

    async def _post_once(
        self,
        forum: discord.ForumChannel,
        name: str,
        view: ui.LayoutView,
        tags: list[discord.ForumTag],
        ids: frozenset[str],
        mentions: discord.AllowedMentions,
    ) -> int:
        """Open a forum post, or find the one that an attempt opened that heard no answer: posts have no nonce."""
        require(forum, *sending(forum))
        since = self._bot.clock() - outbox.NONCE_WINDOW
        if (earlier := await self._look_for_post(forum, ids, since)) is not None:
            return earlier
        settings = await self._drawer.settings(forum.id)
        minutes: Any = settings.archive_minutes if settings else 1440
        async with self._asking(forum.id):
            post = await forum.create_thread(
                name=name,
                view=view,
                applied_tags=tags[:MOST_TAGS],
                auto_archive_duration=minutes,
                allowed_mentions=mentions,
            )
        return post.thread.id

    async def _look_for_post(
        self, forum: discord.ForumChannel, ids: frozenset[str], since: datetime
    ) -> int | None:
        after = discord.utils.time_snowflake(since - _CLOCKS_DIFFER)
        async with self._asking(forum.id):
            posts = [post for post in await forum.guild.active_threads() if post.parent_id == forum.id]
            if self._bot.clock() - since > _SOONEST_ARCHIVED:
                posts += [post async for post in forum.archived_threads(limit=_LOOKED_AT)]
        for post in posts:
            if post.id >= after and self._is_mine(post.owner_id):
                async with self._asking(forum.id):
                    async for message in post.history(oldest_first=True, limit=1):
                        if not ids.isdisjoint(_custom_ids(message.components)):
                            return post.id
        return None

    async def _look(
        self,
        room: Room | discord.ForumChannel | discord.PartialMessageable,
        channel_id: int,
        ids: frozenset[str],
        since: datetime,
    ) -> int | None:
        if not isinstance(room, discord.PartialMessageable):
            require(room, "view_channel", "read_message_history")
        if isinstance(room, discord.ForumChannel):
            return await self._look_for_post(room, ids, since)
        after = since - _CLOCKS_DIFFER
        async with self._asking(channel_id):
            # To the end: the attempt that heard no answer may have been the last one.
            async for message in room.history(after=after, oldest_first=True, limit=None):
                if self._is_mine(message.author.id) and not ids.isdisjoint(_custom_ids(message.components)):
                    return message.id
        return None

    def _is_mine(self, author_id: int) -> bool:
        return self._bot.user is not None and author_id == self._bot.user.id

    async def _room(
        self, channel_id: int, addressee: int | None
    ) -> Room | discord.ForumChannel | discord.PartialMessageable:
        if addressee is not None:
            return self._bot.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        found = self._bot.get_channel(channel_id)
        if found is None:
            async with self._asking(channel_id):
                found = await self._bot.fetch_channel(channel_id)
        if not isinstance(found, Room | discord.ForumChannel):
            raise ChannelGoneError(channel_id)
        return found

    async def _draw(self, parcel: Parcel) -> ui.LayoutView:
        mentions = [f"<@&{role}>" for role in parcel.roles] + [f"<@{member}>" for member in parcel.members]
        setting = await self._drawer.setting(parcel.discussion, dressed=(parcel.topics, parcel.retold))
        return cards.draw_card(parcel.reading, replace(setting, mentions=tuple(mentions)))

    @asynccontextmanager
    async def _asking(self, channel_id: int) -> AsyncIterator[None]:
        """Requests in their turn; what goes wrong with them comes out as what it means."""
        try:
            async with asyncio.timeout(outbox.SECONDS):
                with in_turn():
                    yield
        except TimeoutError as error:
            raise PostError("Discord took too long to answer.") from error
        except discord.HTTPException as error:
            raise _meaning(error, channel_id) from error
        except UNREACHED as error:
            raise PostError("Discord could not be reached.") from error


def _meaning(error: discord.HTTPException, channel_id: int) -> PostError | TokenRefusedError:
    if error.status == 401:
        return TokenRefusedError()
    if error.code == _UNKNOWN_MESSAGE:
        return MessageGoneError()
    if error.code == _NO_DIRECT_MESSAGES:
        return ChannelGoneError(channel_id)
    if isinstance(error, discord.Forbidden) and error.code == 50001:
        return MissingPermissionError(channel_id, ("view_channel",))
    return refusal(error, channel_id)


def _card_ids(parcel: Parcel) -> frozenset[str]:
    """The ids of buttons that only this card has."""
    number = parcel.discussion.id
    return frozenset({custom_id(Press.MORE, number), custom_id(Press.DISCUSS, number)})


def _digest_ids(parcel: DigestParcel) -> frozenset[str]:
    return frozenset({custom_id(Press.DIGEST, parcel.digest.id)})


def _pinging(parcel: Parcel) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False,
        roles=[discord.Object(role) for role in parcel.roles],
        users=[discord.Object(member) for member in parcel.members],
        replied_user=False,
    )


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """The ids of all buttons among a message's components, however deep."""
    for component in components:
        if found := getattr(component, "custom_id", None):
            yield found
        yield from _custom_ids(getattr(component, "children", ()))
