"""Discord's channels as places where cards hang."""

from __future__ import annotations

import discord

from bot.services.discussions import Place

#: What a member may write in: where cards hang.
Room = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel

#: What a channel's feeds, topics and digests can be posted in.
PostRoom = discord.TextChannel | discord.ForumChannel


def configured_id(channel: discord.abc.Snowflake) -> int:
    """The id of the channel whose settings hold: of a thread its parent's."""
    return channel.parent_id if isinstance(channel, discord.Thread) else channel.id


def home_id(channel: discord.abc.Snowflake) -> int:
    """The id of the channel that one must see to see what hangs in *channel*."""
    if isinstance(channel, discord.Thread) and not channel.is_private():
        return channel.parent_id
    return channel.id


def place_of(channel: Room | discord.ForumChannel | discord.DMChannel) -> Place:
    """Where a card in *channel* hangs."""
    if isinstance(channel, discord.DMChannel):
        return Place(guild_id=0, channel_id=channel.id, home_id=channel.id)
    guild = channel.guild

    def sees(channel_id: int) -> bool:
        other = guild.get_channel(channel_id)
        return other is not None and other.permissions_for(guild.default_role).view_channel

    return Place(
        guild_id=guild.id,
        channel_id=channel.id,
        home_id=home_id(channel),
        sees=sees,
        thread_id=channel.id if isinstance(channel, discord.Thread) else None,
        is_forum=isinstance(channel, discord.ForumChannel),
    )


def visible_homes(member: discord.Member) -> frozenset[int]:
    """The ids of the channels of a server that a member may read."""
    return frozenset(
        channel.id
        for channel in member.guild.channels
        if (granted := channel.permissions_for(member)).view_channel and granted.read_message_history
    )


def may_know_of(member: discord.User | discord.Member, channel_id: int) -> bool:
    """Whether a member may know of a channel; of one that is gone everybody may."""
    if not isinstance(member, discord.Member):
        return False
    channel = member.guild.get_channel(channel_id)
    return channel is None or channel.permissions_for(member).view_channel
