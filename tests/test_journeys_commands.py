"""What members, moderators and admins get from commands, menus and buttons."""

from __future__ import annotations

import discord
import pytest
import simcord
from catalogues import check_names
from discord_api import description, problems
from readingroom import ReadingRoom, Site, article, buttons, components, found, speak, words

from bot.model import PasteMode, ThreadMode

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_summary_asked_for_privately_is_for_one_only(room: ReadingRoom) -> None:
    answer = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"), private=True)

    assert answer.ephemeral
    assert "Night ferry" in words(answer.response)
    assert room.cards() == []


async def test_a_summary_in_an_opted_in_channel_is_a_card_with_a_discussion(room: ReadingRoom) -> None:
    answer = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"))

    assert not answer.ephemeral
    assert "Discuss" in buttons(answer.response)  # type: ignore[arg-type]
    await room.ben.click(answer.response, label="Discuss")  # type: ignore[arg-type]
    assert len(room.articles.threads) == 1


async def test_a_summary_where_nobody_opted_in_is_private(room: ReadingRoom) -> None:
    other = room.guild.create_text_channel("off-topic")

    answer = await room.ana.slash(other, "summary", url=room.url("/ferry"))

    assert answer.ephemeral
    assert "Night ferry" in words(answer.response)


async def test_a_short_summary_is_shorter(room: ReadingRoom) -> None:
    short = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"), length="short")
    long = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"), length="long")

    assert len(words(short.response)) < len(words(long.response))
    assert (short.ephemeral, long.ephemeral) == (False, True)  # its card is there already


async def test_a_card_of_a_chosen_length_is_for_everybody_and_stays_so_long(room: ReadingRoom) -> None:
    usual = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"), private=True)
    long = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"), length="long")
    (card,) = room.articles.history()
    before = words(card)

    await room.ben.click(card, label="Discuss")

    assert not long.ephemeral
    after = words(next(shown for shown in room.articles.history() if shown.id == card.id))
    assert "Jump to discussion" in after
    assert len(before.partition("Key facts")[2]) > len(words(usual.response).partition("Key facts")[2])
    assert after.replace("Jump to discussion", "Discuss") == before


@pytest.mark.parametrize("url", ["no link at all", "no\nlink", "javascript:alert(1)", "ftp://example.org/a"])
async def test_what_is_no_link_is_said(room: ReadingRoom, url: str) -> None:
    answer = await room.ana.slash(room.articles, "summary", url=url)

    assert answer.ephemeral
    assert "There is no web link in that." in words(answer.response)


async def test_a_share_posts_the_card_with_a_note_where_the_member_may_post(room: ReadingRoom) -> None:
    news = room.guild.create_text_channel("news")
    await room.configure(news)

    answer = await room.ana.slash(
        room.articles, "share", url=room.url("/ferry"), channel=news, note="At **last** @everyone"
    )

    (card,) = room.cards(news)
    assert "At \\*\\*last\\*\\* \\@everyone" in words(card)
    assert f"<@{room.ana.id}>" in words(card)
    assert answer.ephemeral
    assert "Posted:" in words(answer.response)


async def test_a_share_where_the_member_may_not_post_is_refused(room: ReadingRoom) -> None:
    shut = room.guild.create_text_channel(
        "announcements",
        overwrites={room.guild.default_role: discord.PermissionOverwrite(send_messages=False)},
    )
    await room.configure(shut)

    answer = await room.ana.slash(room.articles, "share", url=room.url("/ferry"), channel=shut)

    assert "you need the permission “Send Messages”" in words(answer.response)
    assert room.cards(shut) == []


async def test_a_share_where_nobody_opted_in_is_refused(room: ReadingRoom) -> None:
    other = room.guild.create_text_channel("off-topic")

    answer = await room.ana.slash(room.articles, "share", url=room.url("/ferry"), channel=other)

    assert "I am not set up to post" in words(answer.response)


async def test_a_share_in_a_forum_is_a_post_named_by_the_headline(room: ReadingRoom) -> None:
    await room.configure(room.forum)

    await room.ana.slash(room.articles, "share", url=room.url("/ferry"), channel=room.forum)

    (post,) = room.forum.threads
    assert post.name == "Night ferry returns after eleven years"
    assert "Key facts" in words(room.cards(post)[0])


async def test_the_message_menu_reads_links_for_one(room: ReadingRoom) -> None:
    other = room.guild.create_text_channel("off-topic")
    message = await room.ben.send(other, f"{room.url('/ferry')} and {room.url('/bridge')}")

    answer = await room.ana.context_menu(other, "Summarise links", message)

    assert answer.ephemeral
    assert "Night ferry" in words(answer.response)
    assert "Bridge opens" in words(answer.followups[0])


async def test_a_direct_message_with_a_link_is_answered(room: ReadingRoom) -> None:
    await room.ana.send_dm(room.url("/ferry"))

    assert "Night ferry" in room.told(room.ana)[-1]


async def test_a_mention_where_nobody_opted_in_is_answered_directly(room: ReadingRoom) -> None:
    other = room.guild.create_text_channel("off-topic")

    await room.ana.send(other, f"{room.mention} {room.url('/ferry')}")

    assert room.cards(other) == []
    assert "Night ferry" in room.told(room.ana)[-1]


async def test_the_full_text_is_paged_for_one(room: ReadingRoom) -> None:
    long = "|".join(
        f"Paragraph {n}. " + "The board met again about the pier and its cost. " * 6 for n in range(30)
    )
    await room.ana.send(room.articles, room.publish("/long", article("A long story", long)))

    first = await room.ben.click(room.cards()[0], label="Full text")
    assert first.ephemeral
    assert "Paragraph 0." in words(first.response)
    second = await room.ben.click(first.response, label="Next")  # type: ignore[arg-type]

    assert "Page 2 of" in words(second.response)
    assert "Paragraph 0." not in words(second.response)


async def test_a_card_is_saved_to_direct_messages(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    menu = await room.ben.click(room.cards()[0], label="More")

    await room.ben.click(menu.response, label="Save to my direct messages")  # type: ignore[arg-type]

    assert "Night ferry" in room.told(room.ben)[-1]


async def test_a_bad_summary_is_reported(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    menu = await room.ben.click(room.cards()[0], label="More")
    form = await room.ben.click(menu.response, label="Report a bad summary")  # type: ignore[arg-type]
    assert form.modal
    (field,) = (part["component"] for part in form.modal["components"])

    answer = await room.ben.submit_modal(form, {field["custom_id"]: "It leaves out the price."})

    assert "the report is kept" in words(answer.response)


async def test_the_sharer_removes_a_card_and_others_are_not_offered_to(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    card = room.cards()[0]
    offered = await room.ben.click(card, label="More")
    assert "Remove this card" not in buttons(offered.response)  # type: ignore[arg-type]

    menu = await room.ana.click(card, label="More")
    await room.ana.click(menu.response, label="Remove this card")  # type: ignore[arg-type]

    assert room.cards() == []


async def test_a_moderator_blocks_a_site_and_a_member_cannot(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, "http://10.1.2.3/")  # any message with a link
    await room.ana.send(room.articles, room.url("/ferry"))
    card = room.cards()[-1]

    blocked = await room.admin.context_menu(room.articles, "Block this site", card)

    assert "is blocked" in words(blocked.response)
    assert card.id not in [shown.id for shown in room.cards()]
    await room.ana.send(room.articles, room.url("/bridge"))
    assert "is blocked on this server" in words(room.cards()[-1])


async def test_setting_up_a_channel_takes_one_form_and_ends_with_a_test_card(room: ReadingRoom) -> None:
    fresh = room.guild.create_text_channel("fresh")

    form = await room.admin.slash(fresh, "setup")
    answer = await room.admin.submit_modal(
        form,
        {"channel": [fresh], "mode": ["on"], "threads": ["always"], "digest": ["weekly"], "language": ["de"]},
    )

    assert "is set up" in words(answer.response)
    (card,) = room.cards(fresh)
    assert "Threadline ist in diesem Kanal eingerichtet" in words(card)
    settings = await room.bot.app.channels.get(fresh.id)
    assert settings
    assert (settings.paste, settings.threads, settings.language) == (PasteMode.ON, ThreadMode.ALWAYS, "de")


@pytest.mark.parametrize(
    ("locale", "follows"),
    [("en-US", "A test card follows, for you alone."), ("de", "Eine Testkarte folgt, nur für dich.")],
)
async def test_the_test_card_of_a_forum_is_for_the_admin_alone(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, locale: str, follows: str
) -> None:
    speak(monkeypatch, locale)
    forum = room.guild.create_forum_channel(f"books-{locale.lower()}")

    form = await room.admin.slash(room.articles, "setup")
    answer = await room.admin.submit_modal(
        form,
        {"channel": [forum], "mode": ["on"], "threads": ["never"], "digest": ["off"], "language": ["de"]},
    )

    assert follows in words(answer.response)
    (card,) = answer.followups
    assert "Threadline ist in diesem Kanal eingerichtet" in words(card)
    assert card.flags.ephemeral
    assert not forum.threads


@pytest.mark.parametrize("command", ["setup", "doctor", "status", "settings"])
async def test_commands_for_admins_are_refused_to_members_whatever_the_server_shows_them(
    room: ReadingRoom, command: str
) -> None:
    registered = next(each for each in await room.bot.tree.fetch_commands() if each.name == command)
    room.guild.set_command_permissions(registered.id, {room.ana: True})

    name = "settings show" if command == "settings" else command
    answer = await room.ana.slash(room.articles, name)

    assert "you need the permission “Manage Server”" in words(answer.response)


async def test_the_doctor_names_what_is_missing_and_what_helps(room: ReadingRoom) -> None:
    deaf = room.guild.create_text_channel(
        "deaf", overwrites={room.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    await room.configure(deaf)

    answer = await room.admin.slash(room.articles, "doctor")

    shown = words(answer.response)
    assert "✗ missing: Send Messages — allow “Send Messages”" in shown
    assert "✓ yes: View Channel" in shown
    assert "✓ yes: Message Content intent" in shown


async def test_the_status_tells_what_went_wrong_here(room: ReadingRoom) -> None:
    deaf = room.guild.create_text_channel(
        "deaf", overwrites={room.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    await room.configure(deaf)
    sound = await room.admin.slash(room.articles, "status")
    assert "Nothing went wrong here" in words(sound.response)

    await room.ana.send(deaf, room.url("/ferry"))
    broken = await room.admin.slash(room.articles, "status")

    assert "I need the permission “Send Messages”" in words(broken.response)


async def test_settings_of_a_channel_change_what_is_given_and_leave_the_rest(room: ReadingRoom) -> None:
    await room.admin.slash(
        room.articles, "settings channel", channel=room.articles, threads="reactions", reactions=5
    )

    settings = await room.bot.app.channels.get(room.articles.id)
    assert settings
    assert (settings.paste, settings.threads, settings.reactions) == (PasteMode.ON, ThreadMode.REACTIONS, 5)


async def test_a_text_only_channel_gets_cards_without_frame_and_picture(room: ReadingRoom) -> None:
    await room.configure(plain=True)

    await room.ana.send(room.articles, room.url("/ferry"))

    kinds = {part["type"] for part in components(room.cards()[0])}
    assert kinds == {1, 2, 10}


async def test_a_role_that_is_blocked_gets_no_cards(room: ReadingRoom) -> None:
    muted = room.guild.create_role("muted")
    carl = room.guild.add_member(room.env.create_user("carl"), roles=[muted])
    await room.admin.slash(room.articles, "settings role", role=muted, verdict="block")

    await carl.send(room.articles, room.url("/ferry"))

    assert room.cards() == []


async def test_a_search_finds_what_was_shared_where_the_asker_may_look(room: ReadingRoom) -> None:
    secret = room.guild.create_text_channel(
        "secret",
        overwrites={
            room.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            room.guild.me: discord.PermissionOverwrite(view_channel=True),
        },
    )
    await room.configure(secret)
    await room.admin.send(secret, room.url("/bridge"))
    await room.ana.send(room.articles, room.url("/ferry"))

    seen = await room.ana.slash(room.articles, "search", words="brenna hotel")
    unseen = await room.ana.slash(room.articles, "search", words="bridge")
    by_admin = await room.admin.slash(room.articles, "search", words="bridge")
    offered = await room.ana.autocomplete(room.articles, "search", "words", "nigh")

    assert "Night ferry returns" in words(seen.response)
    assert "Nothing that was shared here" in words(unseen.response)
    assert "Bridge opens" in words(by_admin.response)
    assert [choice["name"] for choice in offered] == ["Night ferry returns after eleven years"]


async def test_one_server_never_finds_what_another_shared(
    room: ReadingRoom, discord_and_site: tuple[simcord.Env, Site]
) -> None:
    other = found(*discord_and_site)
    await other.configure()
    await other.ana.send(other.articles, other.url("/ferry"))

    mine = await room.ana.slash(room.articles, "search", words="ferry")

    assert "Nothing that was shared here" in words(mine.response)


async def test_catching_up_tells_who_wrote_and_what_moved_people(room: ReadingRoom) -> None:
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    liked = await room.ben.send(thread, "I took it in 2014.")
    await room.ana.send(thread, "How was it?", reply_to=liked)
    await room.ana.react(liked, "👍")

    menu = await room.ana.click(room.cards()[0], label="More")
    caught = await room.ana.click(menu.response, label="Catch me up")  # type: ignore[arg-type]

    shown = words(caught.response)
    assert "2 comments" in shown
    assert f"<@{room.ben.id}> (1)" in shown
    assert f"/{thread.id}/{liked.id}" in shown
    assert "1 reaction ·" in shown
    assert "2014" not in shown


async def test_where_words_are_kept_an_open_question_is_shown_and_exported(room: ReadingRoom) -> None:
    await room.admin.slash(room.articles, "settings server", **{"keep-words": True})
    await room.configure(threads=ThreadMode.ALWAYS)
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    asked = await room.ben.send(thread, "Does it take bicycles?")

    shape = await room.ana.slash(thread, "discussion shape")
    export = await room.ana.slash(thread, "discussion export")

    assert "Does it take bicycles?" in words(shape.response)
    assert export.response
    files = {file.filename: file for file in export.response.attachments}
    assert set(files) == {name for name in files if name.endswith((".md", ".json"))}
    assert len(files) == 2
    await room.ben.edit(asked, "Does it take dogs?")
    shape = await room.ana.slash(thread, "discussion shape")
    assert "Does it take dogs?" in words(shape.response)


async def test_a_member_opts_out_and_gets_everything_that_is_kept(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    exported = await room.ana.slash(room.articles, "privacy export")
    assert exported.response
    assert [file.filename for file in exported.response.attachments] == ["threadline.json"]

    await room.ana.slash(room.articles, "privacy links", read=False)
    await room.ana.send(room.articles, room.url("/bridge"))
    assert len(room.cards()) == 1

    await room.ana.slash(room.articles, "privacy delete")
    assert await room.bot.app.discussions.of_message(room.cards()[0].id)


async def test_help_names_the_ways_in(room: ReadingRoom) -> None:
    answer = await room.ana.slash(room.articles, "help")

    assert "/summary" in words(answer.response)
    assert answer.ephemeral


async def test_the_commands_have_names_and_descriptions_in_every_language(room: ReadingRoom) -> None:
    (sent,) = (
        request.json
        for request in room.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    )

    check_names(sent)
    assert {"de", "fr", "es-ES", "ja"} <= set(sent[0]["name_localizations"])


async def test_everything_asked_of_discord_so_far_is_as_discord_describes_it(room: ReadingRoom) -> None:
    assert problems(room.env.http_requests, description()) == []
