"""/discussion and “Catch me up”: what was said below an article, in short or in full."""

from __future__ import annotations

import io
import json

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import NoDiscussionError
from bot.model import Discussion
from bot.services import shapes
from cogs.ui import cards, panels
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.ids import Press
from cogs.ui.locale import labels

_NAME = 60  #: characters of a file name


class Conversations(commands.GroupCog, group_name=_("discussion"), group_description=_("This discussion")):
    """Tells of discussions."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        desk.on(Press.SHAPE, self.catch_up)

    @app_commands.command(name=_("shape"), description=_("Who took part here, and what moved people"))
    @app_commands.guild_only()
    async def shape(self, interaction: Interaction) -> None:
        """Show the shape of the thread that this is asked in."""
        await self._show(interaction, await self._here(interaction))

    @app_commands.command(name=_("export"), description=_("This discussion as a file"))
    @app_commands.guild_only()
    async def export(self, interaction: Interaction) -> None:
        """Hand out Markdown and JSON, with the tree of replies."""
        discussion = await self._here(interaction)
        reading = await self._bot.app.articles.get(discussion.article_id)
        if reading is None:
            raise NoDiscussionError
        await interaction.response.defer(ephemeral=True, thinking=True)
        comments = await self._bot.app.discussions.comments(discussion.id)
        data = json.dumps(shapes.as_data(discussion, reading, comments), ensure_ascii=False, indent=1)
        name = f"discussion-{discussion.id}"[:_NAME]
        files = [
            discord.File(io.BytesIO(text.encode()), filename=f"{name}.{ending}")
            for text, ending in ((shapes.as_markdown(discussion, reading, comments), "md"), (data, "json"))
        ]
        await interaction.edit_original_response(
            content=labels(interaction.locale).say("The discussion as Markdown and as JSON:"),
            attachments=files,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def catch_up(self, interaction: Interaction, discussion_id: int, _second: int) -> None:
        """Show the shape of a card's discussion."""
        discussion = await self._bot.app.discussions.get(discussion_id)
        if discussion is None or discussion.thread_id is None:
            raise NoDiscussionError
        await self._show(interaction, discussion)

    async def _show(self, interaction: Interaction, discussion: Discussion) -> None:
        comments = await self._bot.app.discussions.comments(discussion.id)
        say = labels(interaction.locale)
        text = panels.shape_text(discussion, shapes.shape_of(comments), say)
        await interaction.response.send_message(view=cards.draw_text(text), ephemeral=True)

    async def _here(self, interaction: Interaction) -> Discussion:
        discussion = await self._bot.app.discussions.of_thread(interaction.channel_id or 0)
        if discussion is None:
            raise NoDiscussionError
        return discussion


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Conversations(bot, desk_of(bot)))
