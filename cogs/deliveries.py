"""Sends what channels are owed, and lets admins say how much and when."""

from __future__ import annotations

import logging
from datetime import datetime

import discord
from discord.ext import commands

from bot import errors
from bot.client import ThreadlineBot
from bot.errors import ThreadlineError, TokenRefusedError
from bot.model import FollowedFeed, Notice
from bot.store.queue import DELIVER
from cogs.ui import words
from cogs.ui.locale import Labels, labels
from cogs.ui.messenger import Messenger
from cogs.ui.posting import Poster

log = logging.getLogger(__name__)

_NOBODY = discord.AllowedMentions.none()


class Deliveries(commands.Cog):
    """The outbox's way out."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot
        self._poster = Poster(bot, Messenger(bot))
        bot.app.workers.add(DELIVER, self.deliver, seconds=2)
        bot.app.workers.add("tell of feeds in trouble", self.tell_of_trouble, seconds=60)

    async def deliver(self, now: datetime) -> int:
        """Send every card and digest that is owed; returns how many."""
        app = self._bot.app
        try:
            sent = await app.deliveries.drain(self._poster)
            await app.digests.draw_up_due(now)
            return sent + await app.digests.drain(self._poster)
        except TokenRefusedError:
            log.critical("Discord does not accept the token any more; stopping.")
            await self._bot.close()
            return 0

    async def tell_of_trouble(self, now: datetime) -> int:
        """Tell whoever added a feed, once, that it is in trouble; returns how many were told."""
        notices = await self._bot.app.subscriptions.notices(now)
        for notice in notices:
            await self._tell(notice)
            await self._bot.app.subscriptions.told(notice.id)
        return len(notices)

    async def _tell(self, notice: Notice) -> None:
        guild = self._bot.get_guild(notice.guild_id)
        say = labels(guild.preferred_locale if guild else None)
        text = trouble(notice.feed, say)
        where = say.say("In <#{channel}>: {what}", channel=notice.channel_id, what=text)
        try:
            user = await self._bot.fetch_user(notice.user_id)
            await user.send(where, allowed_mentions=_NOBODY)
            return
        except discord.HTTPException:
            log.info("takes no direct messages", extra={"user": notice.user_id})
        room = self._bot.get_partial_messageable(notice.channel_id)
        try:
            await room.send(text, allowed_mentions=_NOBODY)
        except discord.HTTPException:
            log.info("nobody can be told", extra={"channel": notice.channel_id})


def trouble(feed: FollowedFeed, say: Labels) -> str:
    """What is the matter with a feed, in words."""
    name = words.shorten_escaped(feed.title or feed.url, 100)
    parts = [say.say("The feed “{name}” cannot be read.", name=name)]
    if error := _error_of(feed):
        parts.append(say.explain(error))
    if feed.next_poll is None:
        parts.append(say.say("I have given it up; /feed test tries it again."))
    else:
        parts.append(say.say("I keep trying, less and less often."))
    return " ".join(parts)


def _error_of(feed: FollowedFeed) -> ThreadlineError | None:
    """The error that the last poll ended in, as far as it was kept."""
    kind = getattr(errors, feed.trouble or "", None)
    if not (isinstance(kind, type) and issubclass(kind, errors.UrlError)):
        return None
    if issubclass(kind, errors.StatusError):
        return kind(feed.url, feed.status or 0)
    return kind(feed.url)


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Deliveries(bot))
