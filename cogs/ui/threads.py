"""Opens the threads of cards, and draws cards anew when something about them changed."""

from __future__ import annotations

import logging

import discord

from bot.client import ThreadlineBot
from bot.errors import MessageGoneError, PostError
from bot.model import Discussion
from cogs.ui import cards
from cogs.ui.drawing import Drawer
from cogs.ui.messenger import Messenger

log = logging.getLogger(__name__)


class Threads:
    """Threads and the cards above them."""

    def __init__(self, bot: ThreadlineBot, messenger: Messenger, drawer: Drawer) -> None:
        self._bot = bot
        self._messenger = messenger
        self._drawer = drawer

    async def open(self, discussion: Discussion) -> int | None:
        """The discussion's thread, opened where there is none; None where there can be none.

        Raises PostError.
        """
        app = self._bot.app
        if discussion.thread_id is not None and await self._messenger.reopen_thread(discussion.thread_id):
            return discussion.thread_id
        room = self._bot.get_channel(discussion.channel_id)
        reading = await app.articles.get(discussion.article_id)
        if reading is None or discussion.message_id is None or not isinstance(room, discord.TextChannel):
            return None
        settings = await app.channels.get(room.id)
        minutes = settings.archive_minutes if settings else 1440
        name = cards.thread_name(reading.article)
        thread_id = await self._messenger.open_thread(room, discussion.message_id, name, minutes)
        await app.discussions.opened(discussion.id, thread_id)
        if opened := await app.discussions.get(discussion.id):
            await self.redraw(opened)
        return thread_id

    async def redraw(self, discussion: Discussion) -> None:
        """Draw the card anew; where somebody deleted it, let the rest follow."""
        reading = await self._bot.app.articles.get(discussion.article_id)
        if reading is None or discussion.message_id is None:
            return
        view = await self._drawer.redrawn(reading, discussion)
        try:
            await self._messenger.edit(discussion.channel_id, discussion.message_id, view)
        except MessageGoneError:
            await self._bot.app.sharing.take_down(discussion, self._messenger)
        except PostError as error:
            log.info("not redrawn", extra={"discussion": discussion.id, "why": str(error)})
