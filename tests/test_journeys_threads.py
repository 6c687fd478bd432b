"""What Discord refuses, what moderators delete at once, and previews that are hidden."""

from __future__ import annotations

import json

import discord
import pytest
from readingroom import ReadingRoom, buttons, words

from bot.model import ThreadMode

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_server_with_too_many_threads_is_told_so(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    card = room.cards()[0]
    path = f"/channels/{room.articles.id}/messages/{card.id}/threads"
    room.env.inject_error("POST", path, status=400, code=160006, message="Maximum number of active threads")

    pressed = await room.ben.click(card, label="Discuss")

    assert "as many open threads as Discord allows" in words(pressed.response or pressed.followups[0])


async def test_a_thread_that_exists_already_is_the_cards_thread(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    card = room.cards()[0]
    path = f"/channels/{room.articles.id}/messages/{card.id}/threads"
    room.env.inject_error("POST", path, status=400, code=160004, message="A thread has already been created")

    pressed = await room.ben.click(card, label="Discuss")

    assert f"<#{card.id}>" in words(pressed.response)
    assert "Jump to discussion" in buttons(room.cards()[0])


async def test_comments_deleted_many_at_once_no_longer_count(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    written = [await room.ben.send(thread, f"Comment {number}") for number in range(4)]
    await room.later(minutes=6)
    assert "4 comments" in words(room.cards()[0])

    channel = room.bot.get_channel(thread.id)
    assert isinstance(channel, discord.Thread)
    await channel.delete_messages(written[:3])
    await room.env.settle()
    await room.later(minutes=12)

    assert "1 comment" in words(room.cards()[0])


async def test_a_card_that_a_moderator_deleted_is_forgotten_and_the_link_can_be_shared_again(
    room: ReadingRoom,
) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))

    await room.admin.delete(room.cards()[0])
    await room.ben.send(room.articles, room.url("/ferry"))

    (card,) = room.cards()
    assert f"shared by <@{room.ben.id}>" in words(card)


async def test_where_previews_are_hidden_the_members_message_loses_its_own(room: ReadingRoom) -> None:
    tidy = room.guild.create_text_channel(
        "tidy", overwrites={room.guild.me: discord.PermissionOverwrite(manage_messages=True)}
    )
    await room.configure(tidy, hide_previews=True)

    message = await room.ana.send(tidy, room.url("/ferry"))

    # The simulation refuses every edit of a member's message; Discord takes one of its flags alone.
    (edit,) = (
        request.json for request in room.env.http_requests if request.path.endswith(f"/messages/{message.id}")
    )
    assert edit["flags"] == discord.MessageFlags(suppress_embeds=True).value
    assert set(edit) == {"flags", "tts"}


async def test_reactions_to_comments_move_them_up_and_down(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    comment = await room.ben.send(thread, "At last.")
    await room.ana.react(comment, "👍")
    await room.admin.react(comment, "👍")
    await room.ana.unreact(comment, "👍")

    shape = await room.ana.slash(thread, "discussion shape")

    assert "1 reaction ·" in words(shape.response)


async def test_an_export_holds_the_tree_of_replies(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    first = await room.ben.send(thread, "At last.")
    answer = await room.ana.send(thread, "How was it?", reply_to=first)
    deeper = await room.ben.send(thread, "Rough.", reply_to=answer)

    export = await room.ana.slash(thread, "discussion export")

    assert export.response
    found = [room.env.backend.cdn.get(file.url) for file in export.response.attachments]
    markdown, data = ((body or b"").decode() for body in found)
    (root,) = json.loads(data)["comments"]
    assert root["id"] == str(first.id)
    assert root["replies"][0]["id"] == str(answer.id)
    assert root["replies"][0]["replies"][0]["id"] == str(deeper.id)
    assert [line.index("-") for line in markdown.splitlines() if f"- {room.ben.id}" in line] == [0, 4]
    assert "Rough" not in data


async def test_a_thread_that_a_moderator_locked_stays_shut_when_its_story_is_shared_again(
    room: ReadingRoom,
) -> None:
    await room.configure(threads=ThreadMode.ALWAYS, archive_minutes=60)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    opened = await room.bot.fetch_channel(thread.id)
    assert isinstance(opened, discord.Thread)
    assert opened.auto_archive_duration == 60
    await opened.edit(archived=True, locked=True)
    await room.env.settle()

    await room.ben.send(room.articles, room.url("/ferry"))

    shut = await room.bot.fetch_channel(thread.id)
    assert isinstance(shut, discord.Thread)
    assert (shut.archived, shut.locked) == (True, True)  # a moderator's lock is left alone
