"""Odd things that members and admins do: each is answered in words, and none is an error in the log."""

from __future__ import annotations

import discord
import pytest
from readingroom import ReadingRoom, components, words

from bot.model import PasteMode, RuleKind, ThreadMode
from cogs.ui import screens

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD = (
    "\u202eسفينة\u202c ליל",
    "f" * 5_900,
    "🏴‍☠️👩‍👩‍👧‍👦 z" + "\u0300" * 60,
    "@everyone <@1> <@&2> <#3> </setup:4> <t:0:R> **x** `y` ||z||",
    " \u200b ",
    '"',
    "\\",
)


@pytest.mark.parametrize(
    ("command", "option", "most", "others"),
    [
        ("summary", "url", 6000, {}),
        ("share", "url", 6000, {}),
        ("settings site", "site", 6000, {"verdict": "block"}),
        ("topic create", "name", 80, {}),
        ("topic create", "query", 1000, {"name": "x"}),
        ("topic edit", "topic", 6000, {"name": "x"}),
        ("topic preview", "query", 1000, {}),
        ("topic follow", "topic", 6000, {}),
        ("topic mute", "topic", 6000, {}),
        ("feed add", "url", 6000, {}),
        ("feed test", "feed", 6000, {}),
        ("delivery limits", "zone", 6000, {}),
        ("search", "words", 100, {}),
    ],
)
async def test_an_odd_option_is_answered_in_words(
    room: ReadingRoom, command: str, option: str, most: int, others: dict[str, str]
) -> None:
    for odd in ODD:
        answer = await room.admin.slash(room.articles, command, **others, **{option: odd[:most]})

        shown = words(answer.response or answer.followups[0])
        assert shown
        assert "Something went wrong" not in shown


@pytest.mark.parametrize("written", ["Look: {url} !", "<{url}>", "[the ferry]({url})", "  {url}\n"])
async def test_a_link_is_found_among_other_words_of_an_option(room: ReadingRoom, written: str) -> None:
    answer = await room.ana.slash(room.articles, "summary", url=written.format(url=room.url("/ferry")))

    assert "Night ferry" in words(answer.response)


async def test_a_note_of_nothing_is_no_note(room: ReadingRoom) -> None:
    await room.ana.slash(room.articles, "share", url=room.url("/ferry"), note=" \u200b ")

    assert words(room.cards()[0]).startswith("### [Night ferry")


async def test_a_share_to_an_archived_thread_that_the_bot_does_not_remember_is_answered(
    room: ReadingRoom,
) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    opened = await room.bot.fetch_channel(thread.id)
    assert isinstance(opened, discord.Thread)
    await opened.edit(archived=True)
    await room.env.settle()
    opened.guild._remove_thread(opened)  # as after a restart: Discord tells of open threads only

    answer = await room.ana.slash(room.articles, "share", url=room.url("/bridge"), channel=thread)

    assert "Something went wrong" not in words(answer.response)


async def test_a_role_that_is_deleted_takes_its_rule_along(room: ReadingRoom) -> None:
    readers = room.guild.create_role("readers")
    await room.admin.slash(room.articles, "settings role", role=readers, verdict="allow")
    await room.ana.send(room.articles, room.url("/ferry"))
    assert room.cards() == []

    room.env.backend.delete_role(room.guild.id, readers.id)
    await room.env.settle()
    await room.ana.send(room.articles, room.url("/ferry"))

    assert len(room.cards()) == 1


async def test_a_role_that_was_deleted_unseen_loses_its_rule_when_settings_are_shown(
    room: ReadingRoom,
) -> None:
    await room.bot.app.servers.set_rule(room.guild.id, RuleKind.ROLE, "4711", allowed=True)

    shown = await room.admin.slash(room.articles, "settings show")
    await room.ana.send(room.articles, room.url("/ferry"))

    assert "4711" not in words(shown.response)
    assert len(room.cards()) == 1


async def test_a_card_in_a_thread_that_is_gone_is_not_pointed_to(room: ReadingRoom) -> None:
    await room.configure(room.forum)
    post = await room.post(room.ana, "The ferry is back", room.url("/ferry"))
    assert len(room.cards(post)) == 1

    room.env.backend.delete_channel(post.id)
    await room.env.settle()
    again = await room.post(room.ben, "The ferry is back!", room.url("/ferry"))

    assert "Night ferry" in words(room.cards(again)[0])


async def test_a_card_in_a_channel_that_is_gone_is_neither_found_nor_pointed_to(room: ReadingRoom) -> None:
    news = room.guild.create_text_channel("news")
    await room.configure(news)
    await room.ana.send(news, room.url("/ferry"))

    room.env.backend.delete_channel(news.id)
    await room.env.settle()
    found = await room.ana.slash(room.articles, "search", words="ferry")
    await room.ben.send(room.articles, room.url("/ferry"))

    assert "Nothing that was shared here" in words(found.response)
    assert "Night ferry" in words(room.cards()[0])


async def test_whoever_may_no_longer_manage_the_server_sets_nothing_up(room: ReadingRoom) -> None:
    managers = room.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    dora = room.guild.add_member(room.env.create_user("dora"), roles=[managers])
    fresh = room.guild.create_text_channel("fresh")
    form = await dora.slash(fresh, "setup")

    room.env.backend.delete_role(room.guild.id, managers.id)
    answer = await dora.submit_modal(
        form,
        {"channel": [fresh], "mode": ["on"], "threads": ["always"], "digest": ["off"], "language": ["en"]},
    )

    assert "you need the permission “Manage Server”" in words(answer.response)
    assert await room.bot.app.channels.get(fresh.id) is None


async def test_two_who_set_up_at_once_both_do(room: ReadingRoom) -> None:
    managers = room.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    dora = room.guild.add_member(room.env.create_user("dora"), roles=[managers])
    rooms = [room.guild.create_text_channel(name) for name in ("first", "second")]
    values = {"mode": ["on"], "threads": ["always"], "digest": ["off"], "language": ["en"]}

    forms = [await who.slash(room.articles, "setup") for who in (room.admin, dora)]
    for who, form, channel in zip((room.admin, dora), forms, rooms, strict=True):
        done = await who.submit_modal(form, {"channel": [channel], **values})
        assert f"{channel.mention} is set up." in words(done.response)


async def test_a_set_up_takes_a_channel(room: ReadingRoom) -> None:
    form = await room.admin.slash(room.articles, "setup")
    assert form.modal

    assert all(part["component"]["required"] for part in form.modal["components"])


async def test_a_screen_of_an_earlier_process_says_that_it_expired(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    menu = await room.ben.click(room.cards()[0], label="Follow topic")
    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    monkeypatch.setattr(screens, "_live", set())
    monkeypatch.setattr(room.bot._connection._view_store, "_views", {})

    answer = await room.ben.select(menu.response, [str(topic.id)])  # type: ignore[arg-type]

    assert words(answer.response) == "-# This has expired; please ask for it once more."
    assert await room.bot.app.subscriptions.of_member(room.ben.id) == ()


async def test_the_doctor_looks_at_channels_that_get_a_topic_only_and_names_none_that_is_hidden(
    room: ReadingRoom,
) -> None:
    managers = room.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    dora = room.guild.add_member(room.env.create_user("dora"), roles=[managers])
    nobody = discord.PermissionOverwrite(view_channel=False)
    secret = room.guild.create_text_channel("secret", overwrites={room.guild.default_role: nobody})
    news = room.guild.create_text_channel("news")
    await room.configure(secret)
    await room.admin.slash(news, "topic create", name="ferries", query="ferry")

    by_owner = words((await room.admin.slash(room.articles, "doctor")).response)
    by_manager = words((await dora.slash(room.articles, "doctor")).response)

    assert [news.mention in shown for shown in (by_owner, by_manager)] == [True, True]
    assert [secret.mention in shown for shown in (by_owner, by_manager)] == [True, False]
    assert "1 more channel is set up that you cannot see." in by_manager


async def test_a_topic_without_a_name_is_called_after_its_query(room: ReadingRoom) -> None:
    await room.admin.slash(room.articles, "topic create", name=" \u200b ", query="ferry")
    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    await room.admin.slash(room.articles, "topic edit", topic=str(topic.id), name=" ", query="boat")

    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    assert (topic.name, topic.query) == ("ferry", "boat")


async def test_a_channel_that_went_while_it_was_set_up_is_said_to_be_gone(room: ReadingRoom) -> None:
    fresh = room.guild.create_text_channel("fresh")
    form = await room.admin.slash(room.articles, "setup")
    values = {"mode": ["on"], "threads": ["always"], "digest": ["off"], "language": ["en"]}
    room.bot.get_guild(room.guild.id)._channels.pop(fresh.id)  # type: ignore[union-attr]

    answer = await room.admin.submit_modal(form, {"channel": [fresh], **values})

    assert "Something went wrong" not in words(answer.response)


async def test_an_interaction_that_expired_is_no_error(room: ReadingRoom) -> None:
    room.env.inject_error(
        "POST", "/interactions/*/*/callback", status=404, code=10062, message="Unknown interaction"
    )

    await room.ana.slash(room.articles, "help")


async def test_buttons_of_cards_that_are_forgotten_say_so(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    (card,) = room.cards()
    menu = await room.ana.click(card, label="More")
    assert menu.response
    kept = await room.bot.app.discussions.of_message(card.id)
    assert kept
    await room.bot.app.discussions.remove(kept.id)

    said = [words((await room.ben.click(card, label=label)).response) for label in ("Discuss", "More")]
    said.append(words((await room.ana.click(menu.response, label="Remove this card")).response))

    assert said == ["-# I do not remember this card; paste the link again."] * 3


async def test_a_text_only_member_reads_the_full_text_without_a_frame(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.slash(room.articles, "privacy text-only", on=True)

    text = await room.ben.click(room.cards()[0], label="Full text")
    alone = await room.ben.slash(room.articles, "summary", url=room.url("/ferry"), private=True)

    assert text.response
    assert alone.response
    for shown in (text.response, alone.response):
        assert {part["type"] for part in components(shown)} <= {1, 2, 10}


async def test_a_channel_on_which_nothing_is_posted_takes_no_share_either(room: ReadingRoom) -> None:
    await room.configure(paste=PasteMode.OFF)

    shared = await room.ana.slash(room.articles, "share", url=room.url("/ferry"))
    asked = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"))

    assert "I am not set up to post" in words(shared.response)
    assert asked.ephemeral
    assert room.cards() == []
