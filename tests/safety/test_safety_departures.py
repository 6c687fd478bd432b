"""A server that removes the bot, and what members delete, on a simulated Discord."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
from readingroom import Site, found, serve, simulated

from bot.model import ThreadMode

GRACE = timedelta(days=7)


async def test_a_server_that_removes_the_bot_is_forgotten_after_its_days_of_grace(tmp_path: Path) -> None:
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site) as env:
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
        assert guilds(tmp_path) == {room.guild.id, stays.guild.id}
        await retention.tidy(now + GRACE + timedelta(hours=1))

        assert guilds(tmp_path) == {stays.guild.id}


async def test_a_server_that_left_while_the_bot_was_away_is_noticed_at_its_next_start(tmp_path: Path) -> None:
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site) as env:
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


async def test_nothing_names_a_member_whose_messages_were_deleted_all_at_once(tmp_path: Path) -> None:
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site) as env:
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

        with sqlite3.connect(tmp_path / "t.sqlite3") as connection:
            dump = "\n".join(connection.iterdump())
        assert str(room.ana.id) not in dump
        assert str(room.ben.id) not in dump


def guilds(folder: Path) -> set[int]:
    with sqlite3.connect(folder / "t.sqlite3") as connection:
        found = connection.execute("SELECT guild_id FROM channels UNION SELECT guild_id FROM discussions")
        return {row[0] for row in found}
