"""Looks at what the bot may do where it is set up (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import discord

from bot.model import ChannelSettings, PasteMode, ThreadMode
from cogs.ui.locale import Labels
from cogs.ui.panels import Finding


def needed_in(channel: discord.abc.GuildChannel, settings: ChannelSettings) -> tuple[str, ...]:
    """The permissions that a channel's settings take."""
    flags = ["view_channel", "send_messages", "embed_links", "read_message_history"]
    if isinstance(channel, discord.ForumChannel) or settings.threads is not ThreadMode.NEVER:
        flags.append("send_messages_in_threads")
    if isinstance(channel, discord.TextChannel) and settings.threads is not ThreadMode.NEVER:
        flags.append("create_public_threads")
    if settings.hide_previews:
        flags.append("manage_messages")
    return tuple(flags)


def look_at_channel(
    channel: discord.abc.GuildChannel, settings: ChannelSettings, say: Labels
) -> Iterator[Finding]:
    """Each permission that the channel takes."""
    granted = channel.permissions_for(channel.guild.me)
    for flag in needed_in(channel, settings):
        name = say.permission(flag)
        yield Finding(
            what=name,
            sound=getattr(granted, flag),
            fix=say.say("allow “{name}” for my role in this channel's permissions", name=name),
        )


def look_at_intent(granted: bool, channels: Iterable[ChannelSettings], say: Labels) -> Iterator[Finding]:
    """Whether pasted links can be read, where a channel wants that."""
    if any(channel.paste is PasteMode.ON for channel in channels):
        yield Finding(
            what=say.say("Message Content intent, for links that are pasted"),
            sound=granted,
            fix=say.say("whoever runs me switches it on in Discord's developer portal, under Bot"),
        )
