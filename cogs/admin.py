"""Setting up and looking after a server: /setup, /doctor and /status."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot import __version__
from bot.client import ThreadlineBot
from bot.errors import PostError
from bot.model import Article, ChannelSettings, PasteMode, Reading, Rhythm, Sentence, Summary, ThreadMode
from cogs.ui import cards, doctor, panels, words
from cogs.ui.desk import Desk, Interaction, desk_of
from cogs.ui.forms import Form, require_manager
from cogs.ui.locale import OWN_NAMES, Labels, labels, languages
from cogs.ui.panels import Finding
from cogs.ui.places import PostRoom, may_know_of

_SERVER_LANGUAGE = "server"
_KINDS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


class Admin(commands.Cog):
    """For members who may manage the server."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone with its settings and cards."""
        await self._bot.app.channels.forget(channel.id)
        await self._bot.app.discussions.forget_channel(channel.id)
        await self._bot.app.subscriptions.forget_channel(channel.id)

    @app_commands.command(name=_("setup"), description=_("Set a channel up, in a minute"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def set_up(self, interaction: Interaction) -> None:
        """Ask five things."""
        say = labels(interaction.locale)
        paste = self._bot.intents.message_content
        await interaction.response.send_modal(SetupForm(self, say, interaction.channel, can_paste=paste))

    @app_commands.command(name=_("doctor"), description=_("What I may and may not do in this server"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def doctor(self, interaction: Interaction) -> None:
        """Look at each permission of each channel that the member may know of, and at the intent."""
        say = labels(interaction.locale)
        channels = await self._channels(interaction.guild_id or 0)
        seen = [each for each in channels if may_know_of(interaction.user, each.channel_id)]
        sections = [self._look(interaction.guild, each, say) for each in seen]
        intent = list(doctor.look_at_intent(self._bot.intents.message_content, channels, say))
        if intent:
            sections.insert(0, (say.say("This bot"), intent))
        parts = [panels.doctor_text(sections, say)] if sections else []
        parts += panels.hidden_lines(len(channels) - len(seen), say)
        text = "\n\n".join(parts) or say.say("No channel is set up yet: /setup does that.")
        await interaction.response.send_message(view=cards.draw_text(text), ephemeral=True)

    async def _channels(self, guild_id: int) -> tuple[ChannelSettings, ...]:
        """How each channel is set up in which something is posted, be it a feed or topic alone."""
        app = self._bot.app
        known = {each.channel_id: each for each in await app.channels.of_guild(guild_id)}
        for each in await app.subscriptions.of_guild(guild_id):
            settings = ChannelSettings(guild_id=guild_id, channel_id=each.channel_id)
            known.setdefault(each.channel_id, settings)
        return tuple(known.values())

    @app_commands.command(name=_("status"), description=_("How I am doing"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def status(self, interaction: Interaction) -> None:
        """Version, uptime, what is owed, and what went wrong here."""
        say = labels(interaction.locale)
        lines = [
            f"### Threadline {__version__}",
            say.say("Started {when}", when=cards.stamp(self._bot.started_at, "R")),
            say.plural(
                "{n} card waits to be sent",
                "{n} cards wait to be sent",
                await self._bot.app.deliveries.open(),
            ),
        ]
        troubles = self._desk.messenger.troubles(interaction.guild_id or 0)
        lines += await self._feeds_in_trouble(interaction.guild_id or 0, say)
        lines += panels.given_up_lines(await self._bot.app.jobs.given_up_in(interaction.guild_id or 0), say)
        if troubles:
            lines.append(f"**{say.say('What went wrong here lately')}**")
            lines += (f"- {cards.stamp(when, 'R')}: {say.explain(error)}" for when, error in troubles)
        else:
            lines.append(say.say("Nothing went wrong here since I started."))
        await interaction.response.send_message(view=cards.draw_text("\n".join(lines)), ephemeral=True)

    async def _feeds_in_trouble(self, guild_id: int, say: Labels) -> list[str]:
        app = self._bot.app
        followed = await app.subscriptions.of_guild(guild_id)
        feeds = await app.feeds.get_all({each.feed_id for each in followed if each.feed_id is not None})
        names = [
            words.shorten_escaped(feed.title or words.host(feed.url), 60)
            for feed in feeds.values()
            if feed.failures or feed.next_poll is None
        ]
        return [say.say("Feeds in trouble: {names}", names=", ".join(names[:10]))] if names else []

    async def finish(self, interaction: Interaction, settings: ChannelSettings, say: Labels) -> None:
        """Keep a channel's settings, look at its permissions, and show a test card."""
        await self._bot.app.channels.configure(settings)
        await interaction.response.defer(ephemeral=True, thinking=True)
        _heading, findings = self._look(interaction.guild, settings, say)
        lacking = [finding for finding in findings if not finding.sound]
        lines = [
            say.say("{channel} is set up.", channel=f"<#{settings.channel_id}>"),
            panels.channel_text(settings, say),
        ]
        if lacking:
            lines.append(panels.doctor_text([(say.say("I cannot do all of it yet"), lacking)], say))
        room = self._bot.get_channel(settings.channel_id)
        # In a forum it would be a post for members to find.
        alone = isinstance(room, discord.ForumChannel) and not lacking
        if isinstance(room, discord.TextChannel) and not lacking:
            await self._post_test_card(room, interaction.user)
            lines.append(say.say("A test card is in the channel."))
        elif alone:
            lines.append(say.say("A test card follows, for you alone."))
        await interaction.edit_original_response(view=cards.draw_text("\n".join(lines)))
        if alone:
            card = await self._test_card(settings.guild_id, settings.channel_id, interaction.user)
            await interaction.followup.send(
                view=card, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
            )

    async def _post_test_card(self, room: discord.TextChannel, admin: discord.User | discord.Member) -> None:
        try:
            await self._desk.messenger.post(room, await self._test_card(room.guild.id, room.id, admin))
        except PostError as error:
            say = await self._desk.drawer.labels(room.guild.id, room.id)
            await self._desk.messenger.tell_owner(room.guild, error, say)

    async def _test_card(
        self, guild_id: int, channel_id: int, admin: discord.User | discord.Member
    ) -> ui.LayoutView:
        say = await self._desk.drawer.labels(guild_id, channel_id)
        sample = _sample(say, admin.display_name, self._bot.clock())
        return cards.draw_card(sample, cards.Setting(labels=say))

    def _look(
        self, guild: discord.Guild | None, settings: ChannelSettings, say: Labels
    ) -> tuple[str, list[Finding]]:
        channel = guild.get_channel(settings.channel_id) if guild else None
        heading = f"<#{settings.channel_id}>"
        if channel is None:
            return heading, [Finding(what=say.say("the channel exists"), sound=False)]
        return heading, list(doctor.look_at_channel(channel, settings, say))


class SetupForm(Form):
    """Asks for a channel and how it is to be."""

    def __init__(self, admin: Admin, say: Labels, here: object, *, can_paste: bool) -> None:
        super().__init__(title=say.say("Set a channel up"), timeout=900)
        self._admin = admin
        self._say = say
        modes = (PasteMode.ON, PasteMode.REQUEST) if can_paste else (PasteMode.REQUEST,)
        self._channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
            channel_types=_KINDS,
            custom_id="channel",
            required=True,
            default_values=[here] if isinstance(here, PostRoom) else [],
        )
        self._mode = _choice("mode", [(mode.value, say.mode(mode)) for mode in modes])
        self._threads = _choice("threads", [(mode.value, say.threads(mode)) for mode in _THREADS])
        self._digest = _choice("digest", [(rhythm.value, say.rhythm(rhythm)) for rhythm in Rhythm])
        spoken = [(code, OWN_NAMES[code]) for code in languages()]
        self._language = _choice("language", [(_SERVER_LANGUAGE, say.say("as the server's")), *spoken])
        hint = "" if can_paste else say.say("Pasted links need the Message Content intent, which is off.")
        for text, description, component in (
            (say.say("Channel"), "", self._channel),
            (say.say("What I answer"), hint, self._mode),
            (say.say("Threads"), "", self._threads),
            (say.say("Digest"), "", self._digest),
            (say.say("Language of the cards"), "", self._language),
        ):
            self.add_item(ui.Label(text=text, description=description or None, component=component))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the answers."""
        require_manager(interaction)
        channel = self._channel.values[0]
        language = self._language.values[0]
        earlier = await interaction.client.app.channels.get(channel.id)
        settings = earlier or ChannelSettings(guild_id=interaction.guild_id or 0, channel_id=channel.id)
        await self._admin.finish(
            interaction,
            replace(
                settings,
                paste=PasteMode(self._mode.values[0]),
                threads=ThreadMode(self._threads.values[0]),
                digest=Rhythm(self._digest.values[0]),
                language=None if language == _SERVER_LANGUAGE else language,
            ),
            self._say,
        )


#: The default first.
_THREADS = (
    ThreadMode.ON_DEMAND,
    ThreadMode.ALWAYS,
    ThreadMode.FIRST_REPLY,
    ThreadMode.REACTIONS,
    ThreadMode.NEVER,
)


def _choice(custom_id: str, options: list[tuple[str, str]]) -> ui.Select[Any]:
    """A menu whose first option is chosen already."""
    return ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(value=value, label=label, default=at == 0)
            for at, (value, label) in enumerate(options)
        ],
    )


def _sample(say: Labels, author: str, now: datetime) -> Reading:
    text = say.say("This is a test card: articles that are shared here will look like it.")
    article = Article(
        url="https://example.org/",
        title=say.say("Threadline is set up in this channel"),
        authors=(author,),
        published=now,
        language=say.language,
    )
    sentence = Sentence(text=text, start=0, end=len(text))
    return Reading(id=0, article=article, summary=Summary(sentences=(sentence,)))


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Admin(bot, desk_of(bot)))
