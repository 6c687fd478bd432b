"""Moderators merge two discussions of one story; members cannot, and nothing of a closed channel leaks."""

from __future__ import annotations

import discord
import pytest
import pytest_asyncio
from readingroom import ReadingRoom, article, buttons, components, words

from bot.model import ThreadMode

pytestmark = pytest.mark.asyncio(loop_scope="module")

ELSEWHERE = "Port Hale gets its ferry back"


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _two_cards(room: ReadingRoom) -> None:
    """The same story on two pages, each with its card and thread."""
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.send(room.articles, room.publish("/elsewhere", article(ELSEWHERE)))


async def test_merged_comments_count_together_and_the_other_card_goes(room: ReadingRoom) -> None:
    first, second = room.articles.threads
    await room.ben.send(first, "I took it in 2014.")
    await room.ana.send(second, "At last.")
    kept, goes = room.cards()

    menu = await room.admin.context_menu(room.articles, "Merge discussion", goes)
    done = await room.admin.select(menu.response, [await _number(room, kept)])  # type: ignore[arg-type]

    assert menu.ephemeral
    assert "Merged:" in words(done.response)
    (card,) = room.cards()
    assert card.id == kept.id
    assert "2 comments" in words(card)
    assert f"/{first.id})" in words(second.history()[-1])
    ended = await room.bot.fetch_channel(second.id)
    assert isinstance(ended, discord.Thread)
    assert (ended.archived, ended.locked) == (True, True)


async def test_comments_in_the_old_thread_still_count_and_are_led_to(room: ReadingRoom) -> None:
    first, second = room.articles.threads
    kept, goes = room.cards()
    await _merge(room, goes, kept)

    thread = await room.bot.fetch_channel(second.id)
    assert isinstance(thread, discord.Thread)
    await thread.edit(archived=False, locked=False)  # a moderator may
    await room.env.settle()

    late = await room.ana.send(second, "One more thing.")
    await room.ben.send(first, "Which?")
    await room.later(minutes=6)

    shape = await room.ana.slash(first, "discussion shape")
    assert "2 comments" in words(room.cards()[0])
    await room.ben.react(late, "👍")
    shape = await room.ana.slash(first, "discussion shape")
    assert f"/{second.id}/{late.id}" in words(shape.response)


async def test_the_merged_story_shared_again_leads_to_the_card_that_stayed(room: ReadingRoom) -> None:
    kept, goes = room.cards()
    await _merge(room, goes, kept)

    await room.ben.send(room.articles, room.url("/elsewhere"))

    line = room.cards()[-1]
    assert "Shared here" in words(line)
    assert f"/{room.articles.threads[0].id})" in words(line)


async def test_post_anyway_brings_the_card_that_stayed(room: ReadingRoom) -> None:
    kept, goes = room.cards()
    await _merge(room, goes, kept)
    await room.ben.send(room.articles, room.url("/elsewhere"))

    await room.ben.click(room.cards()[-1], label="Post anyway")

    assert "Night ferry returns" in words(room.cards()[-1])
    assert "Jump to discussion" in buttons(room.cards()[-1])


async def test_a_deleted_old_thread_takes_its_own_comments_only(room: ReadingRoom) -> None:
    first, second = room.articles.threads
    await room.ben.send(first, "I took it in 2014.")
    await room.ana.send(second, "At last.")
    kept, goes = room.cards()
    await _merge(room, goes, kept)

    thread = await room.bot.fetch_channel(second.id)
    assert isinstance(thread, discord.Thread)
    await thread.delete()
    await room.env.settle()
    await room.later(minutes=12)

    assert "1 comment" in words(room.cards()[0])
    assert "Jump to discussion" in buttons(room.cards()[0])


async def test_a_card_without_a_thread_takes_over_the_other_ones(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ON_DEMAND)
    await room.ana.send(room.articles, room.url("/bridge"))
    first, _second = room.articles.threads
    await room.ben.send(first, "I took it in 2014.")
    goes, _other, kept = room.cards()

    await _merge(room, goes, kept)

    card = room.cards()[-1]
    assert "Jump to discussion" in buttons(card)
    assert "1 comment" in words(card)
    taken = await room.bot.fetch_channel(first.id)
    assert isinstance(taken, discord.Thread)
    assert not taken.archived


async def test_a_member_may_not_merge_whatever_the_server_shows_them(room: ReadingRoom) -> None:
    registered = next(
        each for each in await room.bot.tree.fetch_commands() if each.name == "Merge discussion"
    )
    room.guild.set_command_permissions(registered.id, {room.ana: True})

    answer = await room.ana.context_menu(room.articles, "Merge discussion", room.cards()[0])

    assert "you need the permission “Manage Messages”" in words(answer.response)
    assert len(room.cards()) == 2


async def test_a_card_that_others_cannot_see_is_not_offered(room: ReadingRoom) -> None:
    secret = room.guild.create_text_channel(
        "secret",
        overwrites={
            room.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            room.guild.me: discord.PermissionOverwrite(view_channel=True),  # type: ignore[dict-item]
        },
    )
    await room.configure(secret)
    await room.admin.send(secret, room.url("/bridge"))

    open_menu = await room.admin.context_menu(room.articles, "Merge discussion", room.cards()[0])
    secret_menu = await room.admin.context_menu(secret, "Merge discussion", room.cards(secret)[0])

    assert [option["label"] for option in _options(open_menu.response)] == [ELSEWHERE]
    assert "There is no other discussion here" in words(secret_menu.response)


async def _merge(room: ReadingRoom, goes: discord.Message, kept: discord.Message) -> None:
    menu = await room.admin.context_menu(room.articles, "Merge discussion", goes)
    await room.admin.select(menu.response, [await _number(room, kept)])  # type: ignore[arg-type]


async def _number(room: ReadingRoom, card: discord.Message) -> str:
    discussion = await room.bot.app.discussions.of_message(card.id)
    assert discussion
    return str(discussion.id)


def _options(shown: object) -> list[dict[str, str]]:
    (menu,) = (part for part in components(shown) if part.get("type") == 3)  # type: ignore[arg-type]
    return menu["options"]  # type: ignore[no-any-return]
