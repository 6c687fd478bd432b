"""What the buttons of a card do, in this process and after the next start."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import ArticleGoneError, CardGoneError, NotOptedInError
from bot.model import Discussion, Reading, Subscription
from bot.services.discussions import Sharer
from bot.services.policy import Answer, Way, where_to_answer
from bot.services.sharing import Request
from cogs.rating import draw_ratings, topics_to_rate
from cogs.ui import cards, pages
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.forms import Form
from cogs.ui.ids import Press, custom_id
from cogs.ui.locale import Labels, labels
from cogs.ui.places import Room, configured_id, place_of
from cogs.ui.spots import ChannelSpot

log = logging.getLogger(__name__)

_REASON = 300  #: characters


class Buttons(commands.Cog):
    """Answers presses."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        desk.on(Press.DISCUSS, self.discuss)
        desk.on(Press.TEXT, self.show_text)
        desk.on(Press.PAGE, self.turn_page)
        desk.on(Press.ANEW, self.post_anew)
        desk.on(Press.MORE, self.show_more)
        desk.on(Press.REMOVE, self.remove)
        desk.on(Press.KEEP, self.keep)
        desk.on(Press.REPORT, self.report)

    async def discuss(self, interaction: Interaction, discussion_id: int, _: int) -> None:
        """Open the card's thread, and point to it."""
        discussion = await self._discussion(discussion_id)
        if discussion.thread_id is None and not interaction.permissions.send_messages_in_threads:
            raise app_commands.MissingPermissions(["send_messages_in_threads"])
        await interaction.response.defer(ephemeral=True, thinking=True)
        thread_id = await self._desk.threads.open(discussion)
        say = labels(interaction.locale)
        if thread_id is None:
            text = say.say("There can be no thread here.")
        else:
            text = say.say("The discussion is in {thread}.", thread=f"<#{thread_id}>")
        await interaction.edit_original_response(view=cards.draw_line(text))

    async def show_text(self, interaction: Interaction, article_id: int, _: int) -> None:
        """Show the cleaned article to whoever asked."""
        view = await self._page(interaction, article_id, 0)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def turn_page(self, interaction: Interaction, article_id: int, number: int) -> None:
        """Show another page of it."""
        await interaction.response.edit_message(view=await self._page(interaction, article_id, number))

    async def post_anew(self, interaction: Interaction, article_id: int, _: int) -> None:
        """Post another card of an article, in place of the line that pointed to the earlier one."""
        room = interaction.channel
        if not isinstance(room, Room | discord.DMChannel):
            raise NotOptedInError(interaction.channel_id or 0)
        channel = await self._bot.app.channels.get(configured_id(room))
        if interaction.guild is not None:
            await self._require_consent(interaction, room)
        reading = await self._reading(article_id)
        await interaction.response.defer()
        place = place_of(room)
        say = await self._desk.drawer.labels(place.guild_id, room.id)
        spot = ChannelSpot(self._desk.messenger, self._desk.drawer, room, say)
        request = Request(
            url=reading.article.url,
            place=place,
            sharer=Sharer(user_id=interaction.user.id),
            channel=channel,
            anew=True,
        )
        await self._bot.app.sharing.answer(request, spot)
        if interaction.message is not None:
            await self._desk.messenger.delete(room.id, interaction.message.id)

    async def show_more(self, interaction: Interaction, discussion_id: int, _: int) -> None:
        """Offer what is asked for less often."""
        discussion = await self._discussion(discussion_id)
        say = labels(interaction.locale)
        topics = await topics_to_rate(self._bot, interaction, discussion)
        view = draw_menu(discussion, say, may_remove=may_remove(interaction, discussion), topics=topics)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def remove(self, interaction: Interaction, discussion_id: int, _: int) -> None:
        """Take the card down; the sharer and moderators may."""
        discussion = await self._discussion(discussion_id)
        if not may_remove(interaction, discussion):
            raise app_commands.MissingPermissions(["manage_messages"])
        await interaction.response.defer()
        await self._bot.app.sharing.take_down(discussion, self._desk.messenger)
        say = labels(interaction.locale)
        await interaction.edit_original_response(view=cards.draw_line(say.say("The card is removed.")))

    async def keep(self, interaction: Interaction, article_id: int, _: int) -> None:
        """Send a copy of the card by direct message."""
        reading = await self._reading(article_id)
        say = labels(interaction.locale)
        await interaction.response.defer()
        reading = await self._bot.app.summaries.for_server(reading, interaction.guild_id or 0)
        view = await self._desk.drawer.private_card(reading, interaction.user.id, say)
        try:
            await interaction.user.send(view=view, allowed_mentions=discord.AllowedMentions.none())
            text = say.say("Saved: it is in your direct messages.")
        except discord.Forbidden:
            text = say.say("You take no direct messages from me, so I cannot save it there.")
        await interaction.edit_original_response(view=cards.draw_line(text))

    async def report(self, interaction: Interaction, article_id: int, _: int) -> None:
        """Ask what is wrong with a summary."""
        reading = await self._reading(article_id)
        await interaction.response.send_modal(ReportForm(reading, labels(interaction.locale)))

    async def _require_consent(self, interaction: Interaction, room: discord.abc.Snowflake) -> None:
        app = self._bot.app
        channel = await app.channels.get(configured_id(room))
        member = await app.servers.member(interaction.user.id)
        roles = [role.id for role in getattr(interaction.user, "roles", ())]
        allowed = await app.servers.role_allowed(interaction.guild_id or 0, roles)
        if where_to_answer(Way.SHARE, channel, member, role_allowed=allowed) is not Answer.HERE:
            raise NotOptedInError(room.id)
        writing = "send_messages_in_threads" if isinstance(room, discord.Thread) else "send_messages"
        if not getattr(interaction.permissions, writing):
            raise app_commands.MissingPermissions([writing])

    async def _page(self, interaction: Interaction, article_id: int, number: int) -> ui.LayoutView:
        reading = await self._reading(article_id)
        member = await self._bot.app.servers.member(interaction.user.id)
        return pages.draw_page(reading, number, labels(interaction.locale), plain=member.plain)

    async def _discussion(self, discussion_id: int) -> Discussion:
        discussion = await self._bot.app.discussions.get(discussion_id)
        if discussion is None:
            raise CardGoneError
        return discussion

    async def _reading(self, article_id: int) -> Reading:
        reading = await self._bot.app.articles.get(article_id)
        if reading is None:
            raise ArticleGoneError
        return reading


class ReportForm(Form):
    """Asks what is wrong with a summary."""

    def __init__(self, reading: Reading, say: Labels) -> None:
        super().__init__(title=say.say("Report a bad summary"), timeout=600)
        self._reading = reading
        self._say = say
        self._reason: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=_REASON, required=True
        )
        self.add_item(ui.Label(text=say.say("What is wrong with it?"), component=self._reason))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the report for the bot's owner."""
        await interaction.client.app.articles.report(
            self._reading.id, interaction.guild_id or 0, interaction.user.id, self._reason.value
        )
        text = self._say.say("Thank you, the report is kept for whoever runs this bot.")
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)


def may_remove(interaction: Interaction, discussion: Discussion) -> bool:
    """Whether a member may take a card down."""
    return interaction.user.id == discussion.sharer_id or interaction.permissions.manage_messages


def draw_menu(
    discussion: Discussion, say: Labels, *, may_remove: bool, topics: Iterable[Subscription] = ()
) -> ui.LayoutView:
    """What the More button offers; of *topics* it asks whether the article fits."""
    offers = [
        (say.say("Save to my direct messages"), Press.KEEP, discussion.article_id),
        (say.say("Report a bad summary"), Press.REPORT, discussion.article_id),
    ]
    if discussion.thread_id is not None:
        offers.insert(0, (say.say("Catch me up"), Press.SHAPE, discussion.id))
    buttons: list[ui.Button[Any]] = [
        ui.Button(label=label, custom_id=custom_id(press, number)) for label, press, number in offers
    ]
    if may_remove:
        remove = custom_id(Press.REMOVE, discussion.id)
        buttons.append(
            ui.Button(label=say.say("Remove this card"), custom_id=remove, style=discord.ButtonStyle.danger)
        )
    return cards.finished(ui.ActionRow(*buttons), *draw_ratings(topics, discussion.article_id, say))


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Buttons(bot, desk_of(bot)))
