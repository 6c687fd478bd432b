"""What members decide for themselves: /privacy, and /help."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from cogs.ui import cards
from cogs.ui.desk import Interaction
from cogs.ui.locale import labels


class Privacy(commands.GroupCog, group_name=_("privacy"), group_description=_("What is kept about you")):
    """Export, deletion and opting out."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot

    @app_commands.command(name=_("export"), description=_("Everything that I keep about you, as a file"))
    async def export(self, interaction: Interaction) -> None:
        """Hand out what is kept."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await self._bot.app.retention.export_member(interaction.user.id)
        data = json.dumps(kept, ensure_ascii=False, indent=2).encode()
        await interaction.edit_original_response(
            content=labels(interaction.locale).say("This is all I keep about you:"),
            attachments=[discord.File(io.BytesIO(data), filename="threadline.json")],
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @app_commands.command(name=_("delete"), description=_("Forget everything that I keep about you"))
    async def delete(self, interaction: Interaction) -> None:
        """Forget a member."""
        await self._bot.app.retention.forget_member(interaction.user.id)
        await self._answer(interaction, labels(interaction.locale).say("Done: I have forgotten you."))

    @app_commands.command(name=_("links"), description=_("Whether I read the links that you paste"))
    @app_commands.rename(read=_("read"))
    @app_commands.describe(read=_("No: I leave your links alone"))
    async def links(self, interaction: Interaction, read: bool) -> None:
        """Opt out, or in again."""
        servers = self._bot.app.servers
        member = await servers.member(interaction.user.id)
        await servers.configure_member(replace(member, ignored=not read))
        say = labels(interaction.locale)
        text = say.say("I read links you paste.") if read else say.say("I leave links you paste alone.")
        await self._answer(interaction, text)

    @app_commands.command(name=_("text-only"), description=_("Answers to you as text, without pictures"))
    @app_commands.rename(on=_("on"))
    @app_commands.describe(on=_("Yes: no pictures and frames, for screen readers"))
    async def text_only(self, interaction: Interaction, on: bool) -> None:
        """Draw what this member gets as text."""
        servers = self._bot.app.servers
        member = await servers.member(interaction.user.id)
        await servers.configure_member(replace(member, plain=on))
        say = labels(interaction.locale)
        text = say.say("You get text only.") if on else say.say("You get cards with pictures.")
        await self._answer(interaction, text)

    async def _answer(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)


class Help(commands.Cog):
    """Says what there is."""

    @app_commands.command(name=_("help"), description=_("What I can do"))
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help(self, interaction: Interaction) -> None:
        """List the ways in."""
        say = labels(interaction.locale)
        lines = [
            f"### {say.say('What I can do')}",
            say.say("I read articles and quote what matters; the discussion lives in a thread."),
            f"- {say.say('Paste a link in a channel that is set up, or mention me with one.')}",
            f"- {say.say('A link in <angle brackets>, a spoiler or code is left alone.')}",
            f"- {say.say('/summary reads an article for you, /share posts it for others.')}",
            f"- {say.say('/search finds what was shared here, /topic follows what you care about.')}",
            f"- {say.say('/discussion tells who said what below an article.')}",
            f"- {say.say('/privacy shows, exports and deletes what I keep about you.')}",
            f"- {say.say('Admins: /setup, /settings, /feed, /delivery, /doctor and /status.')}",
        ]
        await interaction.response.send_message(view=cards.draw_text("\n".join(lines)), ephemeral=True)


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Privacy(bot))
    await bot.add_cog(Help())
