"""Asks members whether an article fits the topics of its channel; from that topics learn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import UnknownSubscriptionError
from bot.model import Discussion, Subscription
from cogs.ui import cards, words
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.ids import Press, custom_id
from cogs.ui.locale import Labels, labels

MOST_TOPICS = 4  #: of a card
_NAME = 40  #: characters of a topic's name, on a button


class Ratings(commands.Cog):
    """Takes ratings."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        desk.on(Press.FITS, self.fits)
        desk.on(Press.MISFITS, self.misfits)

    async def fits(self, interaction: Interaction, topic_id: int, article_id: int) -> None:
        """An article fits a topic."""
        await self._rate(interaction, topic_id, article_id, fits=True)

    async def misfits(self, interaction: Interaction, topic_id: int, article_id: int) -> None:
        """An article does not fit a topic."""
        await self._rate(interaction, topic_id, article_id, fits=False)

    async def _rate(self, interaction: Interaction, topic_id: int, article_id: int, *, fits: bool) -> None:
        app, say = self._bot.app, labels(interaction.locale)
        topic = next(iter(await app.subscriptions.get_all([topic_id])), None)
        if topic is None or not may_rate(interaction, topic):
            raise UnknownSubscriptionError
        await app.learning.rate(topic, article_id, interaction.user.id, fits=fits)
        name = words.shorten_escaped(topic.name, _NAME)
        if fits:
            text = say.say("Noted: it fits “{name}”. That helps the topic learn.", name=name)
        else:
            text = say.say("Noted: it does not fit “{name}”. That helps the topic learn.", name=name)
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)


def may_rate(interaction: Interaction, topic: Subscription) -> bool:
    """Whether a member may rate articles for a topic: an own one, or one of a channel that the member sees."""
    if topic.member_id is not None:
        return topic.member_id == interaction.user.id
    guild, member = interaction.guild, interaction.user
    if guild is None or guild.id != topic.guild_id or not isinstance(member, discord.Member):
        return False
    channel = guild.get_channel(topic.channel_id)
    return channel is not None and channel.permissions_for(member).view_channel


async def topics_to_rate(
    bot: ThreadlineBot, interaction: Interaction, discussion: Discussion
) -> list[Subscription]:
    """The topics of a card's channel, those that brought it or would have first."""
    subscriptions = bot.app.subscriptions
    if discussion.guild_id:
        known = await subscriptions.of_guild(discussion.guild_id)
    else:
        known = await subscriptions.of_member(interaction.user.id)
    here = [each for each in known if each.channel_id == discussion.channel_id and each.feed_id is None]
    here = [each for each in here if each.query is not None and may_rate(interaction, each)]
    reading = await bot.app.articles.get(discussion.article_id) if here else None
    if reading is None:
        return []
    matched = await subscriptions.matching(reading.article, {each.guild_id for each in here})
    found = {each.id for each in matched}
    return sorted(here, key=lambda each: (each.id not in found, each.id))[:MOST_TOPICS]


def draw_ratings(topics: Iterable[Subscription], article_id: int, say: Labels) -> list[ui.ActionRow[Any]]:
    """A row of two buttons for each topic."""
    rows: list[ui.ActionRow[Any]] = []
    for topic in topics:
        name = words.shorten(topic.name, _NAME)
        answers = [
            (say.say("Fits “{name}”", name=name), Press.FITS),
            (say.say("Does not fit “{name}”", name=name), Press.MISFITS),
        ]
        rows.append(
            ui.ActionRow(
                *(
                    ui.Button(label=label[:80], custom_id=custom_id(press, topic.id, article_id))
                    for label, press in answers
                )
            )
        )
    return rows


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Ratings(bot, desk_of(bot)))
