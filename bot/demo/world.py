"""The simulated server of the demo: three channels, three members, and the bot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord
from simcord import ChannelHandle, GuildHandle, MemberActor
from simcord.backend.cdn import CDN_BASE

from bot.client import ThreadlineBot
from bot.model import ChannelSettings, PasteMode, ThreadMode

AVATARS = Path(__file__).parent / "avatars"
#: Discord's pictures for those without one: here only the bot.
_DEFAULT_AVATARS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel or thread that can be walked into."""

    handle: ChannelHandle
    kind: str  #: "channel", "thread", "forum" or "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that exists in the demo's Discord."""

    env: simcord.Env
    bot: ThreadlineBot
    guild: GuildHandle
    articles: ChannelHandle
    news: ChannelHandle
    forum: ChannelHandle
    members: Mapping[int, MemberActor]

    def avatars(self) -> dict[str, tuple[str, bytes]]:
        """The pictures of members and bot by address, as (file name, bytes)."""
        owners = {f"avatars/{member.id}/{member.name}": member.name for member in self.members.values()}
        owners |= {f"embed/avatars/{number}": "threadline" for number in range(_DEFAULT_AVATARS)}
        return {
            f"{CDN_BASE}/{address}.png": (f"{owner}.png", (AVATARS / f"{owner}.png").read_bytes())
            for address, owner in owners.items()
        }

    async def catch_up(self) -> None:
        """Bring the simulated time, which stands still between what members do, to the present."""
        behind = (self.bot.clock() - self.env.now()).total_seconds()
        if behind > 0:
            await self.env.advance_time(behind)

    def rooms(self) -> Iterator[Room]:
        """Channels in their order, each followed by its threads."""
        for channel in (self.articles, self.news):
            yield Room(handle=channel, kind="channel")
            for thread in channel.threads:
                yield Room(handle=thread, kind="thread")
        yield Room(handle=self.forum, kind="forum")
        for thread in self.forum.threads:
            yield Room(handle=thread, kind="post")

    def room(self, room_id: int) -> Room | None:
        """The room with this id, None when there is none that shows messages."""
        return next(
            (room for room in self.rooms() if room.handle.id == room_id and room.kind != "forum"), None
        )


async def build(env: simcord.Env, bot: ThreadlineBot, first: str) -> World:
    """Found the server, opt its channels in, greet in the forum, and have a member share the *first* link."""
    guild = env.create_guild("Reading Room")
    articles = guild.create_text_channel(
        "articles", topic="Paste a link. A thread opens when somebody asks for it."
    )
    news = guild.create_text_channel("news", topic="Paste a link. Every card gets its thread at once.")
    forum = guild.create_forum_channel("book-club")
    members = [
        guild.add_member(env.create_user(name.lower(), global_name=name, avatar=name.lower()))
        for name in ("Ana", "Ben", "Chidi")
    ]
    if bot.user is not None:
        await bot.user.edit(username="Threadline")
    for channel, threads in (
        (articles, ThreadMode.ON_DEMAND),
        (news, ThreadMode.ALWAYS),
        (forum, ThreadMode.NEVER),
    ):
        await bot.app.channels.configure(
            ChannelSettings(guild_id=guild.id, channel_id=channel.id, paste=PasteMode.ON, threads=threads)
        )
    world = World(
        env=env,
        bot=bot,
        guild=guild,
        articles=articles,
        news=news,
        forum=forum,
        members={member.id: member for member in members},
    )
    await world.catch_up()
    shelf = bot.get_channel(forum.id)
    if isinstance(shelf, discord.ForumChannel):
        await shelf.create_thread(
            name="Worth an evening?",
            content="Post a link to something worth an evening.",
            allowed_mentions=discord.AllowedMentions.none(),
        )
    _, ben, _ = members
    await ben.send(articles, f"The council has voted: {first}")  # so that nobody begins with an empty room
    return world
