"""What members see when they paste links: the real bot, the real fetcher and extraction, a simulated Discord."""

from __future__ import annotations

import discord
import pytest
from discord_api import description, problems
from readingroom import ReadingRoom, article, buttons, components, words

from bot.model import PasteMode, ThreadMode

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_pasted_link_becomes_a_card_that_replies_and_pings_nobody(room: ReadingRoom) -> None:
    message = await room.ana.send(room.articles, f"Worth your time: {room.url('/ferry')} !")

    (card,) = room.cards()
    shown = words(card)
    assert "Night ferry returns after eleven years" in shown
    assert "night ferry between Port Hale and Brenna returns on Friday" in shown
    assert "Key facts" in shown
    assert f"shared by <@{room.ana.id}>" in shown
    assert buttons(card) == ["Read original", "Discuss", "Full text", "Follow topic", "More"]
    assert card.reference
    assert card.reference.message_id == message.id
    assert room.sent()[-1]["allowed_mentions"]["parse"] == []
    assert card.flags.silent


async def test_discuss_opens_a_thread_and_its_comments_are_counted_on_the_card(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    assert room.articles.threads == []

    pressed = await room.ben.click(room.cards()[0], label="Discuss")
    (thread,) = room.articles.threads
    await room.ben.send(thread, "I took it in 2014.")
    await room.ana.send(thread, "Then you know.")
    await room.later()

    assert thread.name == "Night ferry returns after eleven years"
    assert pressed.ephemeral
    assert thread.mention in words(pressed.response)
    (card,) = room.cards()
    assert "2 comments" in words(card)
    assert "Jump to discussion" in buttons(card)
    assert "I took it" not in words(card)


async def test_a_card_is_edited_at_most_every_five_minutes_and_the_last_comment_is_not_lost(
    room: ReadingRoom,
) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    await room.ben.send(thread, "One.")
    await room.later(minutes=6)
    await room.ben.send(thread, "Two.")

    await room.later(minutes=7)
    assert "1 comment\n" in words(room.cards()[0]) + "\n"
    await room.later(minutes=12)
    assert "2 comments" in words(room.cards()[0])


async def test_where_threads_are_always_wanted_the_card_comes_with_one(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)

    await room.ana.send(room.articles, room.url("/ferry"))

    assert [thread.name for thread in room.articles.threads] == ["Night ferry returns after eleven years"]
    assert "Jump to discussion" in buttons(room.cards()[0])


async def test_where_threads_are_not_wanted_none_is_offered(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.NEVER)

    await room.ana.send(room.articles, room.url("/ferry"))

    assert "Discuss" not in buttons(room.cards()[0])


async def test_the_first_reply_to_a_card_opens_its_thread(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.FIRST_REPLY)
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.send(room.articles, "Lovely weather.")
    assert room.articles.threads == []

    await room.ben.send(room.articles, "About time.", reply_to=room.cards()[0])

    assert len(room.articles.threads) == 1


async def test_enough_reactions_to_a_card_open_its_thread(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.REACTIONS, reactions=2)
    await room.ana.send(room.articles, room.url("/ferry"))
    card = room.cards()[0]

    await room.ana.react(card, "👍")
    assert room.articles.threads == []
    await room.ben.react(card, "👍")

    assert len(room.articles.threads) == 1


@pytest.mark.parametrize("variant", ["/ferry/?utm_source=mail&fbclid=x", "/ferry#comments", "/ferry/amp"])
async def test_the_same_article_again_is_a_line_that_leads_to_its_card(
    room: ReadingRoom, variant: str
) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.send(room.articles, room.url(variant))

    card, line = room.cards()
    shown = words(line)
    assert shown.startswith("-# Shared here <t:")
    assert f"by <@{room.ana.id}>" in shown
    assert f"/channels/{room.guild.id}/{room.articles.id}/{card.id}" in shown
    assert buttons(line) == ["Post anyway"]


async def test_post_anyway_puts_a_card_in_place_of_the_line(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.send(room.articles, room.url("/ferry"))

    await room.ben.click(room.cards()[1], label="Post anyway")

    first, second = room.cards()
    assert "Night ferry" in words(first)
    assert f"shared by <@{room.ben.id}>" in words(second)


async def test_an_archived_thread_opens_again_when_its_story_is_shared_again(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    known = await room.bot.fetch_channel(thread.id)
    assert isinstance(known, discord.Thread)
    await known.edit(archived=True)

    await room.ben.send(room.articles, room.url("/ferry"))

    (line,) = room.cards(thread)
    assert words(line) == f"-# Shared again by <@{room.ben.id}>"
    known = await room.bot.fetch_channel(thread.id)
    assert isinstance(known, discord.Thread)
    assert not known.archived


async def test_a_card_in_a_channel_that_not_everyone_sees_is_not_told_of(room: ReadingRoom) -> None:
    secret = room.guild.create_text_channel(
        "secret",
        overwrites={
            room.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            room.guild.me: discord.PermissionOverwrite(view_channel=True),
        },
    )
    await room.configure(secret)
    await room.admin.send(secret, room.url("/ferry"))
    assert "Night ferry" in words(room.cards(secret)[0])

    await room.admin.send(room.articles, room.url("/ferry"))

    (card,) = room.cards()
    assert "Night ferry" in words(card)
    assert secret.mention not in words(card)


async def test_a_card_in_another_open_channel_is_pointed_to(room: ReadingRoom) -> None:
    news = room.guild.create_text_channel("news")
    await room.configure(news)
    await room.ana.send(news, room.url("/ferry"))

    await room.ben.send(room.articles, room.url("/ferry"))

    (line,) = room.cards()
    assert f"Shared in {news.mention}" in words(line)


async def test_what_is_behind_brackets_spoilers_and_code_is_left_alone(room: ReadingRoom) -> None:
    url = room.url("/ferry")

    await room.ana.send(room.articles, f"<{url}> ||{url}|| `{url}`\n```\n{url}\n```")

    assert room.cards() == []


async def test_a_markdown_link_is_read(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, f"[the ferry]({room.url('/ferry')})")

    assert "Night ferry" in words(room.cards()[0])


async def test_of_many_links_the_first_three_get_short_cards(room: ReadingRoom) -> None:
    pages = [room.publish(f"/p{n}", article(f"Story number {n}")) for n in range(4)]
    pages[1] = room.url("/bridge")

    await room.ana.send(room.articles, " and ".join(pages))

    shown = [words(card) for card in room.cards()]
    assert len(shown) == 3
    assert "Story number 0" in shown[0]
    assert "Bridge opens" in shown[1]
    assert all("Key facts" not in card for card in shown)


async def test_a_channel_that_nobody_opted_in_stays_silent(room: ReadingRoom) -> None:
    other = room.guild.create_text_channel("off-topic")

    await room.ana.send(other, room.url("/ferry"))

    assert room.cards(other) == []
    assert room.site.asked.count(f"{room.prefix}/ferry") == 0


async def test_deleting_the_message_takes_the_card_and_its_empty_thread_along(room: ReadingRoom) -> None:
    message = await room.ana.send(room.articles, room.url("/ferry"))
    await room.ana.click(room.cards()[0], label="Discuss")

    await room.ana.delete(message)

    assert room.cards() == []
    assert room.articles.threads == []


async def test_deleting_the_message_leaves_what_others_wrote(room: ReadingRoom) -> None:
    message = await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.click(room.cards()[0], label="Discuss")
    (thread,) = room.articles.threads
    await room.ben.send(thread, "I took it in 2014.")

    await room.ana.delete(message)

    assert room.cards() == []
    assert [m.content for m in thread.history() if m.content] == ["I took it in 2014."]
    archived = await room.bot.fetch_channel(thread.id)
    assert isinstance(archived, discord.Thread)
    assert archived.archived


async def test_a_deleted_message_takes_its_line_along(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    again = await room.ben.send(room.articles, room.url("/ferry"))

    await room.ben.delete(again)

    assert len(room.cards()) == 1


async def test_an_edited_message_changes_its_cards(room: ReadingRoom) -> None:
    message = await room.ana.send(room.articles, room.url("/ferry"))

    await room.ana.edit(message, f"I meant {room.url('/bridge')}")

    (card,) = room.cards()
    assert "Bridge opens a year late" in words(card)


async def test_an_edit_that_keeps_the_link_keeps_the_card(room: ReadingRoom) -> None:
    message = await room.ana.send(room.articles, room.url("/ferry"))
    (before,) = room.cards()

    await room.ana.edit(message, f"Really: {room.url('/ferry')}?utm_source=x")

    assert [card.id for card in room.cards()] == [before.id]


@pytest.mark.parametrize(
    ("path", "page", "status", "sentence"),
    [
        ("/gone", "no", 404, "says this page does not exist (404)"),
        ("/gone2", "no", 410, "says this page does not exist (410)"),
        ("/refused", "no", 403, "does not let me read this page (403)"),
        ("/broken", "no", 500, "is having trouble (500)"),
        ("/empty", "<html><body></body></html>", 200, "is empty"),
        ("/picture.png", "png", 200, "is not a web page"),
    ],
)
async def test_what_cannot_be_read_is_said_in_one_quiet_line(
    room: ReadingRoom, path: str, page: str, status: int, sentence: str
) -> None:
    await room.ana.send(room.articles, room.publish(path, page, status))

    (line,) = room.cards()
    assert words(line).startswith("-# ")
    assert sentence in words(line)
    assert line.flags.silent


async def test_an_address_that_is_not_of_the_public_web_is_not_opened(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, "http://169.254.169.254/latest/meta-data")

    assert "is not an address I may open" in words(room.cards()[0])


async def test_a_missing_permission_is_told_the_owner_once(room: ReadingRoom) -> None:
    deaf = room.guild.create_text_channel(
        "deaf", overwrites={room.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    await room.configure(deaf)

    await room.ana.send(deaf, room.url("/ferry"))
    await room.ana.send(deaf, room.url("/bridge"))

    assert room.cards(deaf) == []
    assert [deaf.mention in told and "Send Messages" in told for told in room.told(room.admin)] == [True]


async def test_a_thread_that_may_not_be_opened_is_told_and_the_card_stays(room: ReadingRoom) -> None:
    shut = room.guild.create_text_channel(
        "shut", overwrites={room.guild.me: discord.PermissionOverwrite(create_public_threads=False)}
    )
    await room.configure(shut, threads=ThreadMode.ALWAYS)

    await room.ana.send(shut, room.url("/ferry"))

    assert "Night ferry" in words(room.cards(shut)[0])
    assert "Create Public Threads" in room.told(room.admin)[0]


async def test_a_forum_post_with_a_link_is_its_discussion(room: ReadingRoom) -> None:
    await room.configure(room.forum)
    post = await room.post(room.ana, "The ferry is back", room.url("/ferry"))

    await room.ben.send(post, "At last.")
    await room.later()

    (card,) = room.cards(post)
    assert "Night ferry" in words(card)
    assert "1 comment" in words(card)
    assert "Discuss" not in buttons(card)


async def test_the_picture_has_the_words_of_its_caption(room: ReadingRoom) -> None:
    head = '<meta property="og:image" content="https://pictures.example/ferry.jpg">' + (
        '<meta property="og:image:alt" content="The ferry at its pier">'
    )
    url = room.publish("/picture", article("Night ferry returns after eleven years", head=head))

    await room.ana.send(room.articles, url)

    (picture,) = (part for part in components(room.cards()[0]) if part.get("type") == 11)
    assert picture["description"] == "The ferry at its pier"


async def test_in_a_german_channel_the_card_speaks_german(room: ReadingRoom) -> None:
    await room.configure(language="de")

    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ben.send(room.articles, room.url("/ferry"))

    card, line = room.cards()
    assert buttons(card)[1:3] == ["Diskutieren", "Volltext"]
    assert "geteilt von" in words(card)
    assert "auf Englisch" in words(card)
    assert buttons(line) == ["Trotzdem posten"]


async def test_a_member_who_opted_out_is_left_alone(room: ReadingRoom) -> None:
    settings = await room.bot.app.servers.member(room.ana.id)
    await room.bot.app.servers.configure_member(
        type(settings)(user_id=room.ana.id, ignored=True, plain=False)
    )

    await room.ana.send(room.articles, room.url("/ferry"))

    assert room.cards() == []


async def test_a_channel_on_request_leaves_pasted_links_alone(room: ReadingRoom) -> None:
    await room.configure(paste=PasteMode.REQUEST)

    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ana.send(room.articles, f"{room.mention} {room.url('/bridge')}")

    (card,) = room.cards()
    assert "Bridge" in words(card)


async def test_everything_asked_of_discord_so_far_is_as_discord_describes_it(room: ReadingRoom) -> None:
    assert problems(room.env.http_requests, description()) == []
