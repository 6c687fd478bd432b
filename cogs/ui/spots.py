"""Where answers appear: as a reply to a message, in a channel, or as the response to an interaction."""

from __future__ import annotations

from collections.abc import Iterable

import discord
from discord import ui

from bot.client import ThreadlineBot
from bot.errors import MessageGoneError, ThreadlineError
from bot.model import Article, Discussion, Reading
from bot.services.topics import topics_of
from cogs.ui import cards
from cogs.ui.drawing import Drawer
from cogs.ui.locale import Labels
from cogs.ui.messenger import Messenger
from cogs.ui.places import Room

Interaction = discord.Interaction[ThreadlineBot]


class ChannelSpot:
    """A message of the bot's own, a reply where *reply_to* is given."""

    def __init__(
        self,
        messenger: Messenger,
        drawer: Drawer,
        room: Room | discord.DMChannel,
        say: Labels,
        *,
        reply_to: int | None = None,
        compact: bool = False,
    ) -> None:
        self._messenger = messenger
        self._drawer = drawer
        self._room = room
        self._say = say
        self._reply_to = reply_to
        self._compact = compact
        self._message_id: int | None = None

    async def wait(self, url: str, article: Article | None) -> int | None:
        """Say that the page is being read."""
        return await self._put(cards.draw_waiting(url, article, self._say))

    async def show(self, reading: Reading, discussion: Discussion, nonce: str) -> int:
        """Show the card."""
        return await self._put(
            await self._drawer.first_card(reading, discussion, compact=self._compact), nonce
        )

    async def point(self, discussion: Discussion) -> int | None:
        """Point to the earlier card."""
        return await self._put(cards.draw_earlier(discussion, self._room.id, self._say))

    async def fail(self, error: ThreadlineError) -> int | None:
        """Say why there is no card."""
        return await self._put(cards.draw_line(self._say.explain(error)))

    async def withdraw(self, message_id: int | None) -> None:
        """Take back what was posted."""
        posted = message_id or self._message_id
        if posted is not None:
            await self._messenger.delete(self._room.id, posted)

    async def revive(self, thread_id: int, sharer_id: int) -> None:
        """Open an archived thread again."""
        await self._messenger.revive_thread(thread_id, cards.draw_revived(sharer_id, self._say))

    async def open_thread(self, reading: Reading, message_id: int, archive_minutes: int) -> int | None:
        """Open the card's thread."""
        if not isinstance(self._room, discord.TextChannel):
            return None
        name = cards.thread_name(reading.article)
        return await self._messenger.open_thread(self._room, message_id, name, archive_minutes)

    async def _put(self, view: ui.LayoutView, nonce: str | None = None) -> int:
        if self._message_id is not None:
            try:
                await self._messenger.edit(self._room.id, self._message_id, view)
            except MessageGoneError:  # somebody deleted it while the page was read
                self._message_id = None
        if self._message_id is None:
            self._message_id = await self._messenger.post(
                self._room, view, reply_to=self._reply_to, nonce=nonce
            )
        return self._message_id


class ResponseSpot:
    """The response to a deferred interaction."""

    def __init__(self, interaction: Interaction, messenger: Messenger, drawer: Drawer, say: Labels) -> None:
        self._interaction = interaction
        self._messenger = messenger
        self._drawer = drawer
        self._say = say

    async def wait(self, url: str, article: Article | None) -> int | None:
        """Discord shows that the bot is thinking; now it shows about what."""
        await self._put(cards.draw_waiting(url, article, self._say))
        return None

    async def show(self, reading: Reading, discussion: Discussion, nonce: str) -> int:  # noqa: ARG002
        """Show the card; a response is edited, so a repeat is no second message."""
        return await self._put(await self._drawer.first_card(reading, discussion))

    async def point(self, discussion: Discussion) -> int | None:
        """Point to the earlier card."""
        await self._put(cards.draw_earlier(discussion, self._interaction.channel_id or 0, self._say))
        return None

    async def fail(self, error: ThreadlineError) -> int | None:
        """Say why there is no card."""
        await self._put(cards.draw_line(self._say.explain(error)))
        return None

    async def withdraw(self, message_id: int | None) -> None:  # noqa: ARG002
        """Take back what was posted."""
        await self._interaction.delete_original_response()

    async def revive(self, thread_id: int, sharer_id: int) -> None:
        """Open an archived thread again."""
        await self._messenger.revive_thread(thread_id, cards.draw_revived(sharer_id, self._say))

    async def open_thread(self, reading: Reading, message_id: int, archive_minutes: int) -> int | None:
        """Open the card's thread."""
        room = self._interaction.channel
        if not isinstance(room, discord.TextChannel):
            return None
        name = cards.thread_name(reading.article)
        return await self._messenger.open_thread(room, message_id, name, archive_minutes)

    async def _put(self, view: ui.LayoutView) -> int:
        sent = await self._interaction.edit_original_response(
            view=view, allowed_mentions=discord.AllowedMentions.none()
        )
        return sent.id


class ShareSpot:
    """A card in a channel or forum on request: all that is no card is told the one who asked."""

    def __init__(
        self,
        messenger: Messenger,
        drawer: Drawer,
        room: Room | discord.ForumChannel,
        public: Labels,
        private: Labels,
    ) -> None:
        self._messenger = messenger
        self._drawer = drawer
        self._room = room
        self._public = public
        self._private = private
        self._instead: ui.LayoutView | None = None

    def outcome(self, discussion: Discussion | None) -> ui.LayoutView:
        """What to tell the one who asked."""
        if discussion is None:
            return self._instead or cards.draw_line(self._private.say("Nothing was posted."))
        jump = f"[{self._private.say('jump')}]({cards.jump_address(discussion)})"
        return cards.draw_line(self._private.say("Posted: {jump}", jump=jump))

    async def wait(self, url: str, article: Article | None) -> int | None:  # noqa: ARG002
        """Discord shows that the bot is thinking."""
        return None

    async def show(self, reading: Reading, discussion: Discussion, nonce: str) -> int:
        """Post the card."""
        view = await self._drawer.first_card(reading, discussion)
        if isinstance(self._room, discord.ForumChannel):
            settings = await self._drawer.settings(self._room.id)
            return await self._messenger.open_post(
                self._room,
                cards.thread_name(reading.article),
                view,
                fitting_tags(self._room, topics_of(reading.article)),
                settings.archive_minutes if settings else 1440,
            )
        return await self._messenger.post(self._room, view, nonce=nonce)

    async def point(self, discussion: Discussion) -> int | None:
        """Point to the earlier card."""
        self._instead = cards.draw_earlier(discussion, self._room.id, self._private)
        return None

    async def fail(self, error: ThreadlineError) -> int | None:
        """Say why there is no card."""
        self._instead = cards.draw_line(self._private.explain(error))
        return None

    async def withdraw(self, message_id: int | None) -> None:
        """Take back what was posted."""
        if message_id is not None:
            await self._messenger.delete(self._room.id, message_id)

    async def revive(self, thread_id: int, sharer_id: int) -> None:
        """Open an archived thread again."""
        await self._messenger.revive_thread(thread_id, cards.draw_revived(sharer_id, self._public))

    async def open_thread(self, reading: Reading, message_id: int, archive_minutes: int) -> int | None:
        """Open the card's thread; a forum post is one."""
        if isinstance(self._room, discord.ForumChannel):
            return message_id
        if not isinstance(self._room, discord.TextChannel):
            return None
        name = cards.thread_name(reading.article)
        return await self._messenger.open_thread(self._room, message_id, name, archive_minutes)


def fitting_tags(forum: discord.ForumChannel, topics: Iterable[str]) -> list[discord.ForumTag]:
    """The tags of a forum that name one of *topics*; any tag where the forum wants one and none fits."""
    names = {topic.casefold() for topic in topics}
    usable = [tag for tag in forum.available_tags if not tag.moderated]
    fitting = [tag for tag in usable if tag.name.casefold() in names]
    return fitting or (usable[:1] if forum.flags.require_tag else [])
