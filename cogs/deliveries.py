"""Sends what channels are owed, and lets admins say how much and when."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import TokenRefusedError
from bot.model import ChannelSettings, Notice, Outlet, Rhythm
from bot.store.queue import DELIVER
from cogs.feeds import room_for
from cogs.ui import cards
from cogs.ui.desk import Desk, desk_of
from cogs.ui.digest import rhythm_name
from cogs.ui.ids import Press
from cogs.ui.locale import Labels, labels
from cogs.ui.posting import Poster
from cogs.ui.screens import Interaction
from cogs.ui.subscribing import trouble

log = logging.getLogger(__name__)

_NOBODY = discord.AllowedMentions.none()
_admin = app_commands.checks.has_permissions(manage_guild=True)
_HOURS = app_commands.Range[int, 0, 23]


class Deliveries(
    commands.GroupCog, group_name=_("delivery"), group_description=_("How much channels get, and when")
):
    """The outbox's way out, and its settings."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        self._poster = Poster(bot, desk.messenger, desk.drawer)
        bot.app.workers.add(DELIVER, self.deliver, seconds=2)
        bot.app.workers.add("tell of feeds in trouble", self.tell_of_trouble, seconds=60)
        desk.on(Press.DIGEST, self.explain_digest)

    async def deliver(self, now: datetime) -> int:
        """Send every card and digest that is owed; returns how many."""
        app = self._bot.app
        try:
            sent = await app.deliveries.drain(self._poster)
            await app.digests.draw_up_due(now)
            return sent + await app.digests.drain(self._poster, now)
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
        what = trouble(notice.feed, say)
        text = say.say("In <#{channel}>: {what}", channel=notice.channel_id, what=what)
        try:
            user = await self._bot.fetch_user(notice.user_id)
            await user.send(text, allowed_mentions=_NOBODY)
            return
        except discord.HTTPException:
            log.info("takes no direct messages", extra={"user": notice.user_id})
        room = self._bot.get_partial_messageable(notice.channel_id)
        try:
            await room.send(what, allowed_mentions=_NOBODY)
        except discord.HTTPException:
            log.info("nobody can be told", extra={"channel": notice.channel_id})

    @app_commands.command(name=_("digest"), description=_("Have a list of articles posted every day or week"))
    @app_commands.describe(
        every=_("How often"),
        hour=_("At which hour of the channel's clock"),
        weekday=_("On which day, of a weekly one"),
        zone=_("The channel's time zone, such as Europe/Berlin"),
        skip_posted=_("Leave out what had a card of its own"),
        channel=_("Which channel; this one, if you name none"),
    )
    @app_commands.rename(
        every=_("every"),
        hour=_("hour"),
        weekday=_("weekday"),
        zone=_("zone"),
        skip_posted=_("skip_posted"),
        channel=_("channel"),
    )
    @app_commands.choices(
        every=[
            app_commands.Choice(name=_("day"), value=Rhythm.DAILY.value),
            app_commands.Choice(name=_("week"), value=Rhythm.WEEKLY.value),
            app_commands.Choice(name=_("never"), value=Rhythm.OFF.value),
        ]
    )
    @app_commands.choices(
        weekday=[
            app_commands.Choice(name=_("Monday"), value=0),
            app_commands.Choice(name=_("Tuesday"), value=1),
            app_commands.Choice(name=_("Wednesday"), value=2),
            app_commands.Choice(name=_("Thursday"), value=3),
            app_commands.Choice(name=_("Friday"), value=4),
            app_commands.Choice(name=_("Saturday"), value=5),
            app_commands.Choice(name=_("Sunday"), value=6),
        ]
    )
    @_admin
    async def digest(
        self,
        interaction: Interaction,
        every: str,
        hour: _HOURS | None = None,
        weekday: int | None = None,
        zone: str | None = None,
        skip_posted: bool | None = None,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """Set a channel's digest."""
        room, rhythm, app = room_for(interaction, channel), Rhythm(every), self._bot.app
        settings = await app.channels.get(room.id)
        settings = settings or ChannelSettings(guild_id=room.guild.id, channel_id=room.id)
        outlet = await app.digests.outlet(room.guild.id, room.id)
        outlet = replace(
            outlet,
            digest_hour=outlet.digest_hour if hour is None else hour,
            digest_weekday=outlet.digest_weekday if weekday is None else weekday,
            zone=zone or outlet.zone,
            skip_posted=outlet.skip_posted if skip_posted is None else skip_posted,
        )
        kept = await app.digests.configure(outlet, rhythm)
        await app.channels.configure(replace(settings, digest=rhythm))
        await self._show(interaction, kept, rhythm)

    @app_commands.command(name=_("limits"), description=_("Set how many cards a channel gets, and when none"))
    @app_commands.describe(
        cap=_("Cards an hour; more go into the digest"),
        quiet_from=_("From this hour on the channel is left alone"),
        quiet_until=_("Until this hour"),
        zone=_("The channel's time zone, such as Europe/Berlin"),
        crossposts=_("Links pasted here may reach channels that follow a matching topic"),
        channel=_("Which channel; this one, if you name none"),
    )
    @app_commands.rename(
        cap=_("cap"),
        quiet_from=_("quiet_from"),
        quiet_until=_("quiet_until"),
        zone=_("zone"),
        crossposts=_("crossposts"),
        channel=_("channel"),
    )
    @_admin
    async def limits(
        self,
        interaction: Interaction,
        cap: app_commands.Range[int, 0, 60] | None = None,
        quiet_from: _HOURS | None = None,
        quiet_until: _HOURS | None = None,
        zone: str | None = None,
        crossposts: bool | None = None,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """Set a channel's limits; the same hour twice ends the quiet hours."""
        room, app = room_for(interaction, channel), self._bot.app
        settings = await app.channels.get(room.id)
        rhythm = settings.digest if settings else Rhythm.OFF
        outlet = await app.digests.outlet(room.guild.id, room.id)
        outlet = replace(
            outlet,
            cap=outlet.cap if cap is None else cap,
            quiet_from=outlet.quiet_from if quiet_from is None else quiet_from * 60,
            quiet_until=outlet.quiet_until if quiet_until is None else quiet_until * 60,
            zone=zone or outlet.zone,
            crossposts=outlet.crossposts if crossposts is None else crossposts,
        )
        await self._show(interaction, await app.digests.configure(outlet, rhythm), rhythm)

    async def _show(self, interaction: Interaction, outlet: Outlet, rhythm: Rhythm) -> None:
        view = cards.finished(ui.TextDisplay(_sentences(outlet, rhythm, labels(interaction.locale))))
        await interaction.response.send_message(view=view, ephemeral=True)

    @digest.autocomplete("zone")
    @limits.autocomplete("zone")
    async def _complete_zone(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.casefold().replace(" ", "_")
        names = [name for name in _zones() if wanted in name.casefold()]
        return [app_commands.Choice(name=name, value=name) for name in names[:25]]

    async def explain_digest(self, interaction: Interaction, _digest: int, _second: int) -> None:
        """Say why a digest came and how it is changed."""
        say = labels(interaction.locale)
        text = say.say(
            "It names what this channel's topics and feeds brought beyond its cards. "
            "Admins change that with /delivery digest and /delivery limits."
        )
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)


@cache
def _zones() -> list[str]:
    """The names of time zones, which take hundreds of looks at the disk."""
    return sorted(available_timezones())


def _sentences(outlet: Outlet, rhythm: Rhythm, say: Labels) -> str:
    """How a channel is sent articles, in words."""
    lines = [say.plural("At most {n} card an hour.", "At most {n} cards an hour.", outlet.cap)]
    if outlet.quiet_from is not None and outlet.quiet_until not in (None, outlet.quiet_from):
        begin, end = f"{outlet.quiet_from // 60}:00", f"{(outlet.quiet_until or 0) // 60}:00"
        lines.append(say.say("Left alone from {begin} to {end}.", begin=begin, end=end))
    lines.append(say.say("Digest: {rhythm}.", rhythm=rhythm_name(rhythm, say)))
    if outlet.next_digest is not None:
        lines.append(say.say("The next one comes {when}.", when=cards.stamp(outlet.next_digest, "F")))
    lines.append(say.say("Time zone: {zone}.", zone=outlet.zone))
    if outlet.crossposts:
        lines.append(say.say("Links pasted here may reach channels that follow a matching topic."))
    return "\n".join(lines)


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Deliveries(bot, desk_of(bot)))
