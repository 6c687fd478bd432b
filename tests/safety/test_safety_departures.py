"""A server that removes the bot, and what members delete, on a simulated Discord."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from readingroom import Site, found, serve, simulated

from bot.model import ThreadMode
from bot.store.database import Database
from tests.store.filling import contents

GRACE = timedelta(days=7)


@pytest.fixture
def store(database_url: str) -> dict[str, str]:
    """The environment of a bot on each engine."""
    return {"THREADLINE_DATABASE_URL": database_url}


async def test_a_server_that_removes_the_bot_is_forgotten_after_its_days_of_grace(
    tmp_path: Path, store: dict[str, str]
) -> None:
    async with serve(Site()) as site, simulated(tmp_path, site, **store) as env:
        room, stays = found(env, site), found(env, site)
        for each in (room, stays):
            await each.configure()
            await each.ana.send(each.articles, each.url("/ferry"))
        retention, now = room.bot.app.retention, datetime.now(UTC)

        left = room.bot.get_guild(room.guild.id)
        assert left is not None
        await left.leave()
        await env.settle()
        await retention.tidy(now + GRACE - timedelta(hours=1))
        assert await guilds(store) == {room.guild.id, stays.guild.id}
        await retention.tidy(now + GRACE + timedelta(hours=1))

        assert await guilds(store) == {stays.guild.id}


async def test_a_server_that_left_while_the_bot_was_away_is_noticed_at_its_next_start(
    tmp_path: Path, store: dict[str, str]
) -> None:
    async with serve(Site()) as site, simulated(tmp_path, site, **store) as env:
        room = found(env, site)
        await room.configure()
        (settings,) = await room.bot.app.channels.of_guild(room.guild.id)
        await room.bot.app.channels.configure(replace(settings, guild_id=7, channel_id=8))

        await room.restart()
        await env.settle()
        await room.bot.app.retention.tidy(datetime.now(UTC) + GRACE + timedelta(hours=1))

        assert [each.guild_id for each in await room.bot.app.channels.of_guild(room.guild.id)] == [
            room.guild.id
        ]
        assert await room.bot.app.channels.of_guild(7) == ()


async def test_nothing_names_a_member_whose_messages_were_deleted_all_at_once(
    tmp_path: Path, store: dict[str, str]
) -> None:
    async with serve(Site()) as site, simulated(tmp_path, site, **store) as env:
        room = found(env, site)
        await room.configure(threads=ThreadMode.ALWAYS)
        link = await room.ana.send(room.articles, room.url("/ferry"))
        (thread,) = room.articles.threads
        words = await room.ben.send(thread, "At last!")
        lobby, discussion = room.bot.get_channel(room.articles.id), room.bot.get_channel(thread.id)
        assert isinstance(lobby, discord.TextChannel)
        assert isinstance(discussion, discord.Thread)
        other = await room.ana.send(room.articles, "Good morning")
        more = await room.ben.send(thread, "And so late.")

        await discussion.delete_messages([words, more])
        await lobby.delete_messages([link, other])
        await env.settle()

        kept = str(await rows(store))
        assert str(room.ana.id) not in kept
        assert str(room.ben.id) not in kept


async def guilds(store: dict[str, str]) -> set[int]:
    kept = await rows(store)
    return {int(row["guild_id"]) for table in ("channels", "discussions") for row in kept[table]}


async def rows(store: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """What the tables hold, as another process sees it."""
    database = await Database.open(*store.values())
    found = await contents(database)
    await database.close()
    return found
