"""What admins and members see of feeds, topics and digests: the real bot, a simulated Discord."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import discord
import pytest
import simcord
from readingroom import ReadingRoom, Site, article, components, found, speak, words

from bot.model import Outlet, Rhythm
from bot.services.discussions import Place, Sharer
from bot.services.parcels import Parcel
from cogs.ui.desk import desk_of
from cogs.ui.posting import Poster

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def room(new_room: ReadingRoom) -> ReadingRoom:
    """Nothing is set in it: whoever subscribes sets up a channel thereby."""
    return new_room


def feed(room: ReadingRoom, *entries: tuple[str, str], title: str = "Harbour News") -> str:
    """Publish a feed of (path, title) entries, the newest first; returns its address."""
    items = "".join(
        f"<item><title>{name}</title><link>{room.url(path)}</link></item>" for path, name in entries
    )
    return room.publish("/feed", f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>')


async def follow_feed(room: ReadingRoom, url: str, **options: object) -> None:
    """Add a feed and confirm."""
    shown = await room.admin.slash(room.articles, "feed add", url=url, **options)
    assert shown.response is not None
    await room.admin.click(shown.response, label="Follow in #articles")


async def test_a_feed_shows_what_it_would_have_posted_before_it_is_followed(room: ReadingRoom) -> None:
    url = feed(room, ("/ferry", "Ferry returns"), ("/bridge", "Bridge opens"))

    shown = await room.admin.slash(room.articles, "feed add", url=url, query="ferry")

    assert shown.ephemeral
    text = words(shown.response)
    assert "### Harbour News" in text
    assert text.count("Ferry returns") == 2
    assert text.count("Bridge opens") == 1
    assert "Would have posted this one" in text
    unasked = words((await room.admin.slash(room.articles, "feed add", url=url)).response)
    assert unasked.count("Ferry returns") == 1  # what would have been posted are the latest
    assert "Would have posted these 2" in unasked
    assert await room.bot.app.subscriptions.of_guild(room.guild.id) == ()


async def test_new_entries_of_a_followed_feed_become_cards(room: ReadingRoom) -> None:
    url = feed(room, ("/old", "Old"))
    await follow_feed(room, url)
    feed(room, ("/ferry", "Ferry returns"), ("/old", "Old"))

    await room.later(minutes=90)
    await room.later(minutes=180)

    (card,) = room.cards()
    assert "Night ferry returns after eleven years" in words(card)
    assert "topics: Harbour News" in words(card)
    assert "shared by" not in words(card)
    assert not card.mentions


async def test_some_of_the_latest_may_be_posted_at_once(room: ReadingRoom) -> None:
    url = feed(room, ("/ferry", "Ferry"), ("/bridge", "Bridge"), ("/gone", "Gone"))
    shown = await room.admin.slash(room.articles, "feed add", url=url)
    assert shown.response is not None

    await room.admin.select(shown.response, ["3"])
    await room.later(minutes=1)

    cards = [words(card) for card in room.cards()]
    assert len(cards) == 3
    assert "this is what its feed says" in cards[0]
    assert "Night ferry" in cards[2]


async def test_a_page_with_two_feeds_asks_which_one(room: ReadingRoom) -> None:
    feed(room, ("/ferry", "Ferry"))
    link = '<link rel="alternate" type="application/rss+xml" href="{}" title="{}">'
    head = link.format(room.url("/feed"), "All news") + link.format(room.url("/other"), "Other")
    page = room.publish("/home", article("Home", head=head))

    shown = await room.admin.slash(room.articles, "feed add", url=page)
    assert "several feeds" in words(shown.response)
    assert shown.response is not None
    chosen = await room.admin.select(shown.response, [room.url("/feed")])

    assert "Harbour News" in words(chosen.response)


async def test_only_those_who_manage_the_server_change_its_feeds(room: ReadingRoom) -> None:
    url = feed(room, ("/ferry", "Ferry"))

    refused = await room.ana.slash(room.articles, "feed add", url=url)
    topic = await room.ana.slash(room.articles, "topic create", name="ferries")

    assert "Manage Server" in words(refused.response)
    assert "Manage Server" in words(topic.response)
    assert await room.bot.app.subscriptions.of_guild(room.guild.id) == ()


async def test_feeds_are_listed_paused_tested_and_removed(room: ReadingRoom) -> None:
    await follow_feed(room, feed(room, ("/ferry", "Ferry")))
    (choice,) = await room.admin.autocomplete(room.articles, "feed pause", "feed", "harb")

    await room.admin.slash(room.articles, "feed pause", feed=choice["value"])
    listed = await room.admin.slash(room.articles, "feed list")
    tested = await room.admin.slash(room.articles, "feed test", feed="Harbour News")
    await room.admin.slash(room.articles, "feed remove", feed=choice["value"])
    empty = await room.admin.slash(room.articles, "feed list")

    assert "paused" in words(listed.response)
    assert "Ferry" in words(tested.response)
    assert "No channel gets a feed yet" in words(empty.response)


async def test_lists_of_feeds_come_and_go_as_opml(room: ReadingRoom) -> None:
    url = feed(room, ("/ferry", "Ferry"))
    opml = (
        f'<opml version="2.0"><body><outline text="Sea"><outline type="rss" text="Harbour" xmlUrl="{url}"/>'
        f'<outline type="rss" text="Blog" xmlUrl="{room.url("/blog")}"/></outline></body></opml>'
    )

    form = await room.admin.slash(room.articles, "feed import")
    done = await room.admin.submit_modal(form, {"file": ("feeds.opml", opml.encode())})
    exported = await room.admin.slash(room.articles, "feed export")

    assert "2 feeds are new" in words(done.response)
    names = {each.name for each in await room.bot.app.subscriptions.of_guild(room.guild.id)}
    assert names == {"Harbour", "Blog"}
    assert exported.response is not None
    assert [file.filename for file in exported.response.attachments] == ["feeds.opml"]


async def test_a_list_that_is_too_long_is_taken_in_parts(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cog,) = (cog for cog in room.bot.cogs.values() if hasattr(cog, "follow_list"))
    monkeypatch.setitem(cog.follow_list.__globals__, "MOST_IMPORTED", 2)  # each bot loads its own module
    outlines = "".join(f'<outline text="{n}" xmlUrl="{room.url(f"/list/{n}")}"/>' for n in range(3))
    opml = f"<opml version='2.0'><body>{outlines}</body></opml>".encode()

    said = []
    for _ in range(2):
        form = await room.admin.slash(room.articles, "feed import")
        done = await room.admin.submit_modal(form, {"file": ("feeds.opml", opml)})
        said.append(words(done.response))

    assert "2 feeds are new · … and 1 more" in said[0]
    assert "1 feed is new · 2 were there already or are none" in said[1]


async def test_a_file_that_is_no_list_of_feeds_is_said_to_be_none(room: ReadingRoom) -> None:
    form = await room.admin.slash(room.articles, "feed import")

    done = await room.admin.submit_modal(form, {"file": ("feeds.opml", b"\x00\x01")})

    assert "no list of feeds" in words(done.response)


async def test_a_mistake_in_a_query_is_pointed_at(room: ReadingRoom) -> None:
    shown = await room.admin.slash(room.articles, "topic create", name="t", query="bridge AND (toll")

    lines = words(shown.response).split("\n")
    mark = next(line for line in lines if line.strip() == "^")
    assert lines[lines.index(mark) - 1][mark.index("^")] == "("


async def test_a_ready_topic_is_offered_and_brings_its_feeds(room: ReadingRoom) -> None:
    offered = await room.admin.autocomplete(room.articles, "topic create", "name", "spa")
    assert "Space" in {choice["name"] for choice in offered}

    made = await room.admin.slash(room.articles, "topic create", name="Space")

    assert "gets every article on it" in words(made.response)
    assert "listens to 2 feeds" in words(made.response)
    # Their hosts are none that a test may ask.
    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    await room.bot.app.subscriptions.remove(topic.id)
    await room.bot.app.feeds.tidy(room.bot.clock())


async def test_a_role_is_mentioned_with_its_topic_and_nobody_else(room: ReadingRoom) -> None:
    role = room.guild.create_role("ferry fans", mentionable=True)
    await room.admin.slash(room.articles, "topic create", name="ferries @everyone", query="ferry", role=role)
    await follow_feed(room, feed(room), channel=room.guild.create_text_channel("articles"))
    feed(room, ("/ferry", "Ferry"))

    await room.later(minutes=90)

    (card,) = room.cards()
    assert f"<@&{role.id}>" in words(card)
    assert [mentioned.id for mentioned in card.role_mentions] == [role.id]
    assert not card.mention_everyone
    assert not card.flags.silent


async def test_everyone_is_no_role_to_mention(room: ReadingRoom) -> None:
    everyone = room.guild.default_role
    shown = await room.admin.slash(room.articles, "topic create", name="f", query="ferry", role=everyone)

    assert "nothing of that name" in words(shown.response)
    assert await room.bot.app.subscriptions.of_guild(room.guild.id) == ()


async def test_a_member_follows_a_topic_by_direct_message_and_stops(room: ReadingRoom) -> None:
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    elsewhere = room.guild.create_text_channel("articles")
    await follow_feed(room, feed(room), channel=elsewhere)
    followed = await room.ana.slash(room.articles, "topic follow", topic="ferries")
    assert "by direct message" in words(followed.response)

    feed(room, ("/ferry", "Ferry"))
    await room.later(minutes=90)
    assert any("Night ferry" in message for message in room.told(room.ana))

    await room.ana.slash(room.articles, "topic unfollow", topic="ferries")
    feed(room, ("/ferry2", "More"), ("/ferry", "Ferry"))
    room.publish("/ferry2", article("Ferry sold out"))
    await room.later(minutes=300)
    assert not any("sold out" in message for message in room.told(room.ana))


async def test_a_member_who_wants_to_be_mentioned_is_unless_the_topic_is_muted(room: ReadingRoom) -> None:
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    await follow_feed(room, feed(room), channel=room.guild.create_text_channel("articles"))
    await room.ana.slash(room.articles, "topic follow", topic="ferries", way="mention")
    await room.ben.slash(room.articles, "topic follow", topic="ferries", way="mention")
    muted = await room.ben.slash(room.articles, "topic mute", topic="ferries", days=2)
    assert "You hear of it again on" in words(muted.response)

    feed(room, ("/ferry", "Ferry"))
    await room.later(minutes=90)

    (card,) = room.cards()
    assert [mentioned.id for mentioned in card.mentions] == [room.ana.id]
    listed = await room.ana.slash(room.articles, "topic list")
    assert "you are mentioned" in words(listed.response)


async def test_the_follow_button_of_a_card_offers_its_topics(room: ReadingRoom) -> None:
    await room.configure()
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    await room.ana.send(room.articles, room.url("/ferry"))

    offered = await room.ben.click(room.cards()[0], label="Follow topic")
    assert offered.response is not None
    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    done = await room.ben.select(offered.response, [str(topic.id)])

    assert "“ferries” by direct message" in words(done.response)
    assert [each.name for each in await room.bot.app.subscriptions.of_member(room.ben.id)] == ["ferries"]


async def test_a_preview_counts_what_would_have_matched(room: ReadingRoom) -> None:
    await room.configure()
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ana.send(room.articles, room.url("/bridge"))

    shown = await room.ana.slash(room.articles, "topic preview", query="ferry -bridge")

    assert "1 of the last 2 articles" in words(shown.response)
    assert "Night ferry" in words(shown.response)


async def test_members_rate_a_card_for_the_topics_of_its_channel(room: ReadingRoom) -> None:
    await room.configure()
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    await room.ana.send(room.articles, room.url("/ferry"))

    offered = await room.ben.click(room.cards()[0], label="More")
    assert offered.response is not None
    done = await room.ben.click(offered.response, label="Does not fit “ferries”")
    shown = await room.admin.slash(room.articles, "topic learn", topic="ferries")
    refused = await room.admin.slash(room.articles, "topic learn", topic="ferries", on=True)

    assert "Noted: it does not fit “ferries”" in words(done.response)
    assert "Members rated 1 article." in words(shown.response)
    assert "The query decides." in words(shown.response)
    assert "from 100 rated articles on" in words(refused.response)


async def test_topics_and_feeds_are_answered_in_the_members_language(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, "de")
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")

    learning = await room.admin.slash(room.articles, "topic learn", topic="ferries")
    mistaken = await room.admin.slash(room.articles, "topic preview", query="(ferry")
    missing = await room.admin.slash(room.articles, "topic delete", topic="tunnels")
    listed = await room.ana.slash(room.articles, "topic list")
    feeds = await room.admin.slash(room.articles, "feed list")
    limits = await room.admin.slash(room.articles, "delivery limits", cap=3)

    assert "Die Suchanfrage entscheidet." in words(learning.response)
    assert "Klammer" in words(mistaken.response)
    assert "Höchstens 3 Karten" in words(limits.response)
    for answer in (missing, listed, feeds):
        shown = words(answer.response)
        assert shown
        assert not {"the", "is", "there", "nothing", "no"} & set(shown.lower().replace(";", " ").split()), (
            shown
        )


async def test_topics_are_edited_and_deleted(room: ReadingRoom) -> None:
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")

    await room.admin.slash(room.articles, "topic edit", topic="ferries", query="bridge", name="bridges")
    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    assert (topic.name, topic.query) == ("bridges", "bridge")
    await room.admin.slash(room.articles, "topic delete", topic="bridges")

    assert await room.bot.app.subscriptions.of_guild(room.guild.id) == ()


async def test_what_the_cap_leaves_over_comes_in_a_digest(room: ReadingRoom) -> None:
    set_ = await room.admin.slash(room.articles, "delivery limits", cap=0, zone="Europe/Berlin")
    assert "At most 0 cards an hour" in words(set_.response)
    far = (
        datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(hours=12)
    ).hour  # not within the ninety minutes
    shown = await room.admin.slash(room.articles, "delivery digest", every="daily", hour=far)
    assert "every day" in words(shown.response)
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    await follow_feed(room, feed(room), channel=room.guild.create_text_channel("articles"))
    feed(room, ("/ferry", "Ferry"))

    await room.later(minutes=90)
    assert room.cards() == []
    await room.later(minutes=60 * 26)

    (digest,) = room.cards()
    assert "Digest of" in words(digest)
    assert "**ferries**" in words(digest)
    assert "Night ferry" in words(digest)
    why = await room.ana.click(digest, label="Why am I seeing this?")
    assert "/delivery digest" in words(why.response)


async def test_a_time_zone_that_there_is_not_is_refused(room: ReadingRoom) -> None:
    shown = await room.admin.slash(room.articles, "delivery limits", zone="Moon/Base")

    assert "no time zone of that name" in words(shown.response)


async def test_whoever_added_a_feed_is_told_once_that_it_is_gone(room: ReadingRoom) -> None:
    url = feed(room, ("/ferry", "Ferry"))
    await follow_feed(room, url)
    room.publish("/feed", "gone", status=410)

    await room.later(minutes=90)
    await room.later(minutes=180)

    told = [message for message in room.told(room.admin) if "cannot be read" in message]
    assert len(told) == 1
    assert "I have given it up" in told[0]
    listed = await room.admin.slash(room.articles, "feed list")
    assert "cannot be read" in words(listed.response)


async def test_components_of_every_screen_fit_discords_limits(room: ReadingRoom) -> None:
    url = feed(room, *((f"/{n}", "A title that goes on and on " * 20) for n in range(40)), title="News" * 100)

    shown = await room.admin.slash(room.articles, "feed add", url=url)

    assert shown.response is not None
    assert len(words(shown.response)) <= 4000
    assert len(components(shown.response)) <= 40


async def test_the_status_tells_an_admin_what_was_given_up_in_the_own_server_only(
    room: ReadingRoom, discord_and_site: tuple[simcord.Env, Site]
) -> None:
    deaf = room.guild.create_text_channel(
        "deaf", overwrites={room.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    await room.configure()
    await room.bot.app.subscriptions.add(
        guild_id=room.guild.id, channel_id=deaf.id, name="Ferries", created_by=room.admin.id, query="ferry"
    )
    await room.bot.app.digests.configure(
        Outlet(guild_id=room.guild.id, channel_id=room.articles.id, crossposts=True), Rhythm.OFF
    )

    await room.ana.send(room.articles, room.url("/ferry"))
    await room.later()
    status = await room.admin.slash(room.articles, "status")
    elsewhere = found(*discord_and_site)
    other = await elsewhere.admin.slash(elsewhere.articles, "status")

    assert f"- {deaf.mention}: 1 card or digest · I need the permission" in words(status.response)
    assert "given up" not in words(other.response)


async def test_what_a_forum_gets_becomes_posts_whose_comments_count(room: ReadingRoom) -> None:
    shown = await room.admin.slash(
        room.articles, "feed add", url=feed(room, ("/old", "Old")), channel=room.forum
    )
    assert shown.response is not None
    await room.admin.click(shown.response, label="Follow in #book-club")
    feed(room, ("/ferry", "Ferry returns"), ("/old", "Old"))

    await room.later(minutes=90)
    await room.later(minutes=180)
    (post,) = room.forum.threads
    await room.ben.send(post, "I took it in 2014.")

    assert post.name == "Night ferry returns after eleven years"
    (card,) = room.cards(post)
    assert "topics: Harbour News" in words(card)
    discussion = await room.bot.app.discussions.of_thread(post.id)
    assert discussion is not None
    assert discussion.comments == 1
    assert [each.name for each in await room.bot.app.subscriptions.of_guild(room.guild.id)] == [
        "Harbour News"
    ]


async def test_a_forum_post_whose_answer_was_lost_is_found_again(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.bot, "clock", room.env.now)
    app, desk = room.bot.app, desk_of(room.bot)
    reading = await app.articles.read(room.url("/ferry"))
    place = Place(guild_id=room.guild.id, channel_id=room.forum.id, home_id=room.forum.id)
    share = await app.discussions.share(reading.id, place, Sharer(user_id=None), room.bot.clock())
    parcel = Parcel(reading=reading, discussion=share.discussion)
    poster = Poster(room.bot, desk.messenger, desk.drawer)

    first = await poster.post(parcel, share.nonce)
    again = await poster.post(parcel, share.nonce)
    hours_later = await poster.look(parcel, room.bot.clock() - timedelta(hours=3))

    assert first == again == hours_later
    assert [post.id for post in room.forum.threads] == [first]
    kept = await app.discussions.get(share.discussion.id)
    assert kept is not None
    assert kept.thread_id == first
