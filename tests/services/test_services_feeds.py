"""A feed is asked when it is due, its new entries are read once, and its trouble is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import FeedError, GoneError, RefusedError, ServerError, StoreError
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from tests.services.feeding import FEED, NOON, World, rss

A, B = (f"https://example.org/{name}" for name in "ab")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def test_what_a_feed_shows_when_it_is_added_is_no_news(world: World) -> None:
    world.web.pages[FEED] = rss(world.page(A, "Old bridge"))
    await world.follow_feed()

    world.clock.pass_time(hours=2)
    await world.run()

    assert world.discord.messages == []


async def test_new_entries_are_posted_once_in_the_order_they_appeared(world: World) -> None:
    await world.follow_feed()
    for url, title in ((A, "First"), (B, "Second")):
        world.page(url, title)
    world.web.pages[FEED] = rss(B, A)

    for _ in range(3):
        world.clock.pass_time(hours=2)
        await world.run()

    assert world.discord.titles(10) == ["First", "Second"]


async def test_an_imported_feed_that_was_never_seen_does_not_flood(world: World) -> None:
    world.web.pages[FEED] = rss(*(world.page(f"https://example.org/{n}", f"Old {n}") for n in range(50)))
    feed = await world.feeds.follow(FEED, "News", world.clock())
    await world.subscriptions.add(guild_id=1, channel_id=10, name="f", created_by=7, feed_id=feed.id)

    await world.run()

    assert world.discord.messages == []
    assert FEED in world.web.asked


async def test_entries_with_new_ids_and_old_dates_are_no_news(world: World) -> None:
    await world.follow_feed()
    world.web.pages[FEED] = rss(world.page(A, "Old"), published=NOON - timedelta(days=90))

    world.clock.pass_time(hours=2)
    await world.run()

    assert world.discord.messages == []


async def test_two_servers_share_one_request_for_a_feed(world: World) -> None:
    await world.follow_feed()
    await world.follow_feed(guild=2, channel=20)
    world.page(A, "News")
    world.web.pages[FEED] = rss(A)
    world.web.asked.clear()

    world.clock.pass_time(hours=2)
    await world.run()

    assert world.web.asked.count(FEED) == 1
    assert world.web.asked.count(A) == 1
    assert world.discord.titles(10) == world.discord.titles(20) == ["News"]


async def test_an_unchanged_feed_is_not_parsed_again_and_a_paused_one_not_asked(world: World) -> None:
    feed_id = await world.follow_feed()
    world.clock.pass_time(hours=2)
    await world.run()
    feed = await world.feeds.get(feed_id)
    assert feed is not None
    assert feed.status == 304

    (subscription,) = await world.subscriptions.of_guild(1)
    await world.subscriptions.change(subscription.id, paused=True)
    world.web.asked.clear()
    world.clock.pass_time(days=2)
    await world.run()

    assert world.web.asked == []


async def test_a_page_that_cannot_be_read_is_posted_as_the_feed_tells_it(world: World) -> None:
    await world.follow_feed()
    world.web.pages[FEED] = rss(A)
    world.web.pages[A] = RefusedError(A, 403)

    world.clock.pass_time(hours=2)
    await world.run()

    assert world.discord.titles(10) == [f"Entry {A}"]


async def test_a_page_that_is_down_is_tried_again_before_the_feed_is_believed(world: World) -> None:
    await world.follow_feed()
    world.web.pages[FEED] = rss(A)
    world.web.pages[A] = ServerError(A, 503)
    world.clock.pass_time(hours=2)
    await world.run()
    assert world.discord.messages == []

    world.page(A, "Up again")
    world.clock.pass_time(minutes=6)
    await world.run()

    assert world.discord.titles(10) == ["Up again"]


async def test_an_entry_is_not_given_up_because_its_reader_was_killed(world: World) -> None:
    await world.follow_feed()
    world.page(A, "A")
    world.web.pages[FEED] = rss(A)
    await world.feeds.poll_due(world.clock.pass_time(hours=2))

    world.child.kills = 2  # over the page, and over what the feed says of it
    await world.feeds.read_due(world.clock())
    world.clock.pass_time(minutes=10)
    await world.run()

    assert world.discord.titles(10) == ["A"]


async def test_an_entry_is_not_given_up_because_the_database_did_not_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.follow_feed()
    world.page(A, "A")
    world.web.pages[FEED] = rss(A)
    await world.feeds.poll_due(world.clock.pass_time(hours=2))

    async def silent(*_arguments: object) -> None:
        raise StoreError("The database does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(ArticleRepository, "find", silent)
        outage.setattr(ArticleRepository, "add", silent)
        with pytest.raises(StoreError):
            await world.feeds.read_due(world.clock())
    world.clock.pass_time(minutes=10)
    await world.run()

    assert world.discord.titles(10) == ["A"]


async def test_a_feed_that_robots_may_not_read_is_not_asked(world: World) -> None:
    feed_id = await world.follow_feed()
    world.robots.closed.add(FEED)
    world.web.asked.clear()

    world.clock.pass_time(hours=2)
    await world.run()

    feed = await world.feeds.get(feed_id)
    assert feed is not None
    assert (feed.trouble, feed.failures) == ("RobotsError", 1)
    assert world.web.asked == []


async def test_a_feed_that_is_gone_for_good_stops_and_whoever_added_it_is_told_once(world: World) -> None:
    feed_id = await world.follow_feed()
    world.web.pages[FEED] = GoneError(FEED, 410)

    for _ in range(3):
        world.clock.pass_time(days=2)
        await world.run()

    feed = await world.feeds.get(feed_id)
    assert feed is not None
    assert feed.next_poll is None
    assert world.web.asked.count(FEED) == 2
    (notice,) = await world.subscriptions.notices(world.clock())
    assert (notice.user_id, notice.feed.status) == (7, 410)
    await world.subscriptions.told(notice.id)
    world.clock.pass_time(days=2)
    assert await world.subscriptions.notices(world.clock()) == ()


async def test_a_feed_that_moved_for_good_is_polled_at_its_new_address(world: World) -> None:
    feed_id = await world.follow_feed()
    world.web.pages["https://example.net/feed"] = rss()
    world.web.moved[FEED] = "https://example.net/feed"

    for _ in range(4):
        world.clock.pass_time(days=2)
        await world.run()

    feed = await world.feeds.get(feed_id)
    assert feed is not None
    assert feed.url == "https://example.net/feed"


async def test_moving_to_a_followed_address_brings_the_followers_along(world: World) -> None:
    elsewhere = "https://example.net/feed"
    await world.follow_feed()
    await world.follow_feed(guild=2, channel=20, url=elsewhere)
    world.web.moved[FEED] = elsewhere
    for _ in range(3):
        world.clock.pass_time(days=2)
        await world.run()
    world.page(A, "News")
    world.web.pages[elsewhere] = rss(A)

    world.clock.pass_time(days=2)
    await world.run()

    assert world.discord.titles(10) == world.discord.titles(20) == ["News"]


async def test_what_was_still_to_be_read_is_not_lost_when_a_feed_moves(world: World) -> None:
    elsewhere = "https://example.net/feed"
    await world.follow_feed(guild=2, channel=20, url=elsewhere)
    world.clock.pass_time(minutes=30)
    await world.follow_feed()
    world.web.moved[FEED] = elsewhere
    for _ in range(4):  # each is asked every hour, half an hour after the other
        world.clock.pass_time(minutes=30)
        await world.run()
    world.page(A, "News of both")
    world.web.pages[elsewhere] = rss(A)

    world.clock.pass_time(minutes=30)
    await world.run()
    assert (world.discord.titles(10), world.discord.titles(20)) == ([], ["News of both"])
    world.clock.pass_time(minutes=30)
    await world.run()

    assert world.discord.titles(10) == world.discord.titles(20) == ["News of both"]


async def test_a_feed_nobody_followed_for_a_while_does_not_flood_its_next_follower(world: World) -> None:
    feed_id = await world.follow_feed()
    for each in await world.subscriptions.of_guild(1):
        await world.subscriptions.remove(each.id)
    world.web.pages[FEED] = rss(world.page(A, "Meanwhile"))
    world.clock.pass_time(hours=2)
    assert await world.follow_feed(guild=2, channel=20) == feed_id
    await world.run()

    world.web.pages[FEED] = rss(world.page(B, "News"), A)
    world.clock.pass_time(hours=2)
    await world.run()

    assert world.discord.titles(20) == ["News"]


async def test_the_only_feed_of_a_page_is_found_and_several_are_offered(world: World) -> None:
    one = '<link rel="alternate" type="application/rss+xml" href="/feed.xml" title="News">'
    two = '<link rel="alternate" type="application/atom+xml" href="/atom.xml" title="Atom">'
    world.web.pages[FEED] = rss(A, title="Found")
    world.web.pages["https://example.org/"] = f"<html><head>{one}</head></html>"
    world.web.pages["https://example.org/two"] = f"<html><head>{one}{two}</head></html>"

    found, _ = await world.feeds.find("https://example.org/")
    nothing, choices = await world.feeds.find("https://example.org/two")

    assert found is not None
    assert (found.url, found.feed.title) == (FEED, "Found")
    assert nothing is None
    assert [title for _, title in choices] == ["News", "Atom"]


async def test_a_page_without_a_feed_is_asked_at_the_usual_places_and_then_said_so(world: World) -> None:
    world.web.pages["https://example.org/"] = "<html></html>"
    world.web.pages["https://example.org/rss.xml"] = rss(A)
    found, _ = await world.feeds.find("https://example.org/")
    assert found is not None
    assert found.url == "https://example.org/rss.xml"

    del world.web.pages["https://example.org/rss.xml"]
    with pytest.raises(FeedError):
        await world.feeds.find("https://example.org/")


async def test_feeds_that_nobody_follows_any_more_are_forgotten(world: World) -> None:
    feed_id = await world.follow_feed()
    (subscription,) = await world.subscriptions.of_guild(1)
    await world.feeds.tidy(world.clock())
    assert await world.feeds.get(feed_id) is not None

    await world.subscriptions.remove(subscription.id)
    await world.feeds.tidy(world.clock())

    assert await world.feeds.get(feed_id) is None
