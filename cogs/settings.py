"""/settings: everything that /setup does not ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import NoModelError
from bot.model import ChannelSettings, PasteMode, Rhythm, RuleKind, ThreadMode
from bot.services.servers import site_of
from cogs.ui import cards, choices, panels
from cogs.ui.desk import Interaction
from cogs.ui.locale import labels
from cogs.ui.places import may_know_of

_Language = Literal["server", "en", "de", "fr", "es", "ja"]
_SummaryLanguage = Literal["article", "en", "de", "fr", "es", "ja"]
_Verdict = Literal["allow", "block", "forget"]
_VERDICTS: dict[str, bool | None] = {"allow": True, "block": False, "forget": None}

_admin = app_commands.checks.has_permissions(manage_guild=True)


@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
class Settings(commands.GroupCog, group_name=_("settings"), group_description=_("How I behave here")):
    """For members who may manage the server."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role is gone with what was said of it: nobody could take that back any more."""
        await self._bot.app.servers.set_rule(role.guild.id, RuleKind.ROLE, str(role.id), None)

    @app_commands.command(name=_("show"), description=_("Everything that is set"))
    @_admin
    async def show(self, interaction: Interaction) -> None:
        """Show the server's settings."""
        await self._show(interaction)

    @app_commands.command(name=_("channel"), description=_("How I behave in a channel"))
    @app_commands.rename(
        channel=_("channel"),
        mode=_("answers"),
        threads=_("threads"),
        reactions=_("reactions"),
        archive=_("archive"),
        digest=_("digest"),
        language=_("language"),
        plain=_("text-only"),
        hide_previews=_("hide-previews"),
    )
    @app_commands.describe(
        channel=_("Which channel"),
        mode=_("What I answer there"),
        threads=_("When a discussion thread is opened"),
        reactions=_("How many reactions open a thread, where reactions do"),
        archive=_("When an idle thread is closed"),
        digest=_("How often a digest comes"),
        language=_("The language of the cards"),
        plain=_("Cards as text, without pictures"),
        hide_previews=_("Take Discord's own preview off messages that got a card"),
    )
    @app_commands.choices(
        mode=choices.MODES,
        threads=choices.THREADS,
        digest=choices.RHYTHMS,
        language=choices.LANGUAGES,
    )
    @app_commands.choices(archive=choices.ARCHIVE)
    @_admin
    async def channel(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | discord.ForumChannel | discord.VoiceChannel,
        mode: PasteMode | None = None,
        threads: ThreadMode | None = None,
        reactions: app_commands.Range[int, 1, 100] | None = None,
        archive: Literal[60, 1440, 4320, 10080] | None = None,
        digest: Rhythm | None = None,
        language: _Language | None = None,
        plain: bool | None = None,
        hide_previews: bool | None = None,
    ) -> None:
        """Change what is given, leave the rest."""
        channels = self._bot.app.channels
        before = await channels.get(channel.id) or ChannelSettings(
            guild_id=channel.guild.id, channel_id=channel.id, paste=PasteMode.REQUEST
        )
        given: dict[str, Any] = {
            "paste": mode,
            "threads": threads,
            "reactions": reactions,
            "archive_minutes": archive,
            "digest": digest,
            "plain": plain,
            "hide_previews": hide_previews,
        }
        after = replace(before, **{name: value for name, value in given.items() if value is not None})
        if language is not None:
            after = replace(after, language=None if language == "server" else language)
        await channels.configure(after)
        text = f"{channel.mention}: {panels.channel_text(after, labels(interaction.locale))}"
        await interaction.response.send_message(view=cards.draw_text(text), ephemeral=True)

    @app_commands.command(name=_("server"), description=_("How I behave in the whole server"))
    @app_commands.rename(
        language=_("language"),
        keep_words=_("keep-words"),
        summary_model=_("summary-model"),
        summary_language=_("summary-language"),
    )
    @app_commands.describe(
        language=_("The language of the cards"),
        keep_words=_("Keep the words of comments, for highlights and exports"),
        summary_model=_("Have a language model write the summaries of links that members share"),
        summary_language=_("The language of such summaries"),
    )
    @app_commands.choices(language=choices.LANGUAGES, summary_language=choices.SUMMARY_LANGUAGES)
    @_admin
    async def server(
        self,
        interaction: Interaction,
        language: _Language | None = None,
        keep_words: bool | None = None,
        summary_model: bool | None = None,
        summary_language: _SummaryLanguage | None = None,
    ) -> None:
        """Change what is given, leave the rest."""
        app = self._bot.app
        if (summary_model or summary_language) and not app.summaries.has_model:
            raise NoModelError
        settings = await app.servers.get(interaction.guild_id or 0)
        if language is not None:
            settings = replace(settings, language=None if language == "server" else language)
        if keep_words is not None:
            settings = replace(settings, store_text=keep_words)
        if summary_model is not None:
            settings = replace(settings, summary_model=summary_model)
        if summary_language is not None:
            wanted = None if summary_language == "article" else summary_language
            settings = replace(settings, summary_language=wanted)
        await app.servers.configure(settings)
        if keep_words is False:
            await app.discussions.forget_texts(settings.guild_id)
        await self._show(interaction)

    @app_commands.command(name=_("site"), description=_("Which sites I read"))
    @app_commands.rename(site=_("site"), verdict=_("verdict"))
    @app_commands.describe(
        site=_("A site, such as example.org"),
        verdict=_("Block it; allow it and nothing that is not allowed; or forget what was said of it"),
    )
    @app_commands.choices(verdict=choices.VERDICTS)
    @_admin
    async def site(self, interaction: Interaction, site: str, verdict: _Verdict) -> None:
        """Allow or block a site."""
        guild_id = interaction.guild_id or 0
        await self._bot.app.servers.set_rule(guild_id, RuleKind.SITE, site_of(site), _VERDICTS[verdict])
        await self._show(interaction)

    @app_commands.command(name=_("role"), description=_("Whose links I answer"))
    @app_commands.rename(role=_("role"), verdict=_("verdict"))
    @app_commands.describe(
        role=_("Which role"),
        verdict=_("Block it; allow it and nobody who is not allowed; or forget what was said of it"),
    )
    @app_commands.choices(verdict=choices.VERDICTS)
    @_admin
    async def role(self, interaction: Interaction, role: discord.Role, verdict: _Verdict) -> None:
        """Allow or block a role."""
        guild_id = interaction.guild_id or 0
        await self._bot.app.servers.set_rule(guild_id, RuleKind.ROLE, str(role.id), _VERDICTS[verdict])
        await self._show(interaction)

    async def _show(self, interaction: Interaction) -> None:
        app = self._bot.app
        guild_id = interaction.guild_id or 0
        if interaction.guild is not None:
            await self._drop_rules_of_gone_roles(interaction.guild)
        channels = await app.channels.of_guild(guild_id)
        seen = [each for each in channels if may_know_of(interaction.user, each.channel_id)]
        text = panels.settings_text(
            await app.servers.get(guild_id),
            seen,
            await app.servers.rules(guild_id),
            labels(interaction.locale),
            has_model=app.summaries.has_model,
            hidden=len(channels) - len(seen),
        )
        await interaction.response.send_message(view=cards.draw_text(text), ephemeral=True)

    async def _drop_rules_of_gone_roles(self, guild: discord.Guild) -> None:
        servers = self._bot.app.servers
        for rule in await servers.rules(guild.id):
            if rule.kind is RuleKind.ROLE and guild.get_role(int(rule.subject)) is None:
                await servers.set_rule(guild.id, rule.kind, rule.subject, None)


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Settings(bot))
