"""Finds out how a card is to look where it hangs, and draws it."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import ui

from bot.client import ThreadlineBot
from bot.errors import ExtractionKilledError
from bot.model import ChannelSettings, Discussion, Reading, ThreadMode
from cogs.ui import cards
from cogs.ui.locale import Labels, labels
from cogs.ui.places import configured_id


class Drawer:
    """Draws cards as their channel's settings ask."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot

    async def settings(self, channel_id: int) -> ChannelSettings | None:
        """The settings that hold in a channel or thread."""
        channel = self._bot.get_channel(channel_id)
        return await self._bot.app.channels.get(configured_id(channel) if channel else channel_id)

    async def labels(self, guild_id: int, channel_id: int) -> Labels:
        """The words for what everybody in a channel sees."""
        settings = await self.settings(channel_id)
        if settings and settings.language:
            return labels(settings.language)
        if not guild_id:
            return labels(None)
        server = await self._bot.app.servers.get(guild_id)
        guild = self._bot.get_guild(guild_id)
        return labels(server.language or (guild.preferred_locale if guild else None))

    async def setting(
        self,
        discussion: Discussion,
        *,
        compact: bool = False,
        dressed: tuple[tuple[str, ...], tuple[Reading, ...]] | None = None,
    ) -> cards.Setting:
        """How the card of a discussion is drawn; *dressed* is what its deliveries say, where that is known."""
        settings = await self.settings(discussion.channel_id)
        mode = settings.threads if settings else ThreadMode.ON_DEMAND
        hangs_in_text = isinstance(self._bot.get_channel(discussion.channel_id), discord.TextChannel)
        topics, retold = dressed or await self._bot.app.deliveries.dress(discussion)
        return cards.Setting(
            labels=await self.labels(discussion.guild_id, discussion.channel_id),
            discussion=discussion,
            threads=hangs_in_text and mode is not ThreadMode.NEVER,
            thread_at_once=mode is ThreadMode.ALWAYS,
            plain=bool(settings and settings.plain),
            compact=compact,
            topics=topics,
            retold=retold,
        )

    async def as_posted(self, reading: Reading, discussion: Discussion) -> Reading:
        """The reading with the summary that its card was posted with."""
        app = self._bot.app
        if discussion.length is not None:
            try:
                return await app.articles.at_length(reading, discussion.length)
            except ExtractionKilledError:
                return reading
        if discussion.sharer_id is None:  # what a subscription brings is quoted
            return reading
        return await app.summaries.for_server(reading, discussion.guild_id)

    async def redrawn(self, reading: Reading, discussion: Discussion) -> ui.LayoutView:
        """The card of a discussion, short where its message brought several links."""
        reading = await self.as_posted(reading, discussion)
        source = discussion.source_id
        siblings = await self._bot.app.discussions.of_source(source) if source else ()
        return await self.card(reading, discussion, compact=len(siblings) > 1)

    async def first_card(
        self, reading: Reading, discussion: Discussion, *, compact: bool = False
    ) -> ui.LayoutView:
        """The card of a discussion that nothing else is known about yet: no subscription has seen it."""
        return cards.draw_card(reading, await self.setting(discussion, compact=compact, dressed=((), ())))

    async def card(self, reading: Reading, discussion: Discussion, *, compact: bool = False) -> ui.LayoutView:
        """The card of a discussion."""
        return cards.draw_card(reading, await self.setting(discussion, compact=compact))

    async def private_card(self, reading: Reading, user_id: int, say: Labels) -> ui.LayoutView:
        """The card as one member gets it."""
        member = await self._bot.app.servers.member(user_id)
        return cards.draw_card(reading, replace(cards.Setting(labels=say), plain=member.plain))
