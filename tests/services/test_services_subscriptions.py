"""Articles reach the channels and members whose topics they match, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from bot.errors import QueryError, StoreError
from bot.services.subscriptions import MOST_PINGED
from bot.store.database import Database
from bot.store.schema import articles
from bot.store.subscriptions import SubscriptionRepository
from tests.services.feeding import FEED, World, rss

A, B = "https://example.org/a", "https://elsewhere.example/b"
STORY = " ".join(
    f"The council of the harbour town voted on Monday to rebuild pier number {n} for {n} million crowns, "
    f"said its mayor, after {n} years of delay."
    for n in range(3, 12)
)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def bring(world: World, url: str, title: str, text: str = "", feed: str = FEED) -> None:
    """A feed brings an article."""
    world.page(url, title, text)
    world.web.pages[feed] = rss(url)
    world.clock.pass_time(hours=2)
    await world.run()


async def test_a_topic_hears_the_feeds_of_its_own_server_only(world: World) -> None:
    await world.follow_feed(channel=10)
    await world.topic("bridge", channel=11)
    await world.topic("bridge", guild=2, channel=20)
    await world.topic("tunnel", channel=12)

    await bring(world, A, "A bridge opens")

    assert world.discord.titles(11) == ["A bridge opens"]
    assert world.discord.titles(20) == world.discord.titles(12) == []


async def test_a_topic_may_listen_to_a_feed_that_no_channel_gets_whole(world: World) -> None:
    world.web.pages[FEED] = rss()
    feed = await world.feeds.follow(FEED, "", world.clock(), found=await world.feeds.look(FEED))
    await world.topic("bridge", listens_to=[feed.id])

    await bring(world, A, "A bridge opens")

    assert world.discord.titles(10) == ["A bridge opens"]


async def test_a_feed_with_a_query_brings_only_what_matches(world: World) -> None:
    await world.follow_feed(query="bridge -toll")

    await bring(world, A, "A bridge opens")
    await bring(world, B, "A toll bridge opens")

    assert world.discord.titles(10) == ["A bridge opens"]


async def test_two_topics_of_a_channel_are_one_card_with_both_names(world: World) -> None:
    await world.follow_feed(channel=12)
    await world.topic("bridge", role_id=55)
    await world.topic("opens", role_id=66)

    await bring(world, A, "A bridge opens")

    (parcel,) = [each for each in world.discord.parcels if each.discussion.channel_id == 10]
    assert parcel.topics == ("bridge", "opens")
    assert parcel.roles == (55, 66)


async def test_a_pasted_link_reaches_other_channels_where_its_channel_allows_that(world: World) -> None:
    await world.topic("bridge", channel=10)
    await world.topic("bridge", channel=11)
    reading = await world.read(A, "A bridge opens")

    await world.subscriptions.pasted(reading.id, 1, 10)
    await world.run()
    assert world.discord.messages == []

    await world.outlet(crossposts=True)
    for _ in range(2):
        await world.subscriptions.pasted(reading.id, 1, 10)
        await world.run()

    assert world.discord.titles(10) == []
    assert world.discord.titles(11) == ["A bridge opens"]


async def test_a_story_told_by_two_sites_is_one_card_that_names_both(world: World) -> None:
    await world.follow_feed()
    await bring(world, A, "Harbour town votes for its pier", STORY)

    await bring(world, B, "Piers to be rebuilt", STORY + " More is expected in the spring.")

    assert world.discord.titles(10) == ["Harbour town votes for its pier"]
    (redrawn,) = world.discord.redrawn
    assert [reading.article.title for reading in redrawn.retold] == ["Piers to be rebuilt"]
    topics, retold = await world.deliveries.dress(redrawn.discussion)
    assert topics == (FEED,)
    assert [reading.article.url for reading in retold] == [B]


async def test_a_channel_that_was_not_told_the_story_gets_its_second_telling(world: World) -> None:
    await world.follow_feed()
    await world.topic('"spring"', channel=11)
    await bring(world, A, "Harbour town votes for its pier", STORY)

    await bring(world, B, "Piers to be rebuilt", STORY + " More is expected in the spring.")

    assert world.discord.titles(11) == ["Piers to be rebuilt"]


async def test_the_second_telling_is_posted_when_the_first_could_not_be(world: World) -> None:
    await world.follow_feed()
    await world.outlet(cap=0)
    await bring(world, A, "Harbour town votes for its pier", STORY)
    await world.outlet(cap=10)

    await bring(world, B, "Piers to be rebuilt", STORY)
    for _ in range(3):
        world.clock.pass_time(minutes=5)
        await world.run()

    assert world.discord.titles(10) == ["Piers to be rebuilt"]


async def test_muted_and_paused_topics_are_left_out_until_they_are_not(world: World) -> None:
    await world.follow_feed(channel=12)
    topic = await world.topic("bridge")
    await world.subscriptions.change(topic, muted_until=world.clock() + timedelta(days=1))
    await bring(world, A, "A bridge opens")
    assert world.discord.titles(10) == []

    world.clock.pass_time(days=1)
    await bring(world, B, "Another bridge opens")

    assert world.discord.titles(10) == ["Another bridge opens"]


async def test_members_who_follow_are_mentioned_unless_they_muted_the_topic(world: World) -> None:
    await world.follow_feed(channel=12)
    topic, _ = await world.subscriptions.add(
        guild_id=1, channel_id=10, name="b", created_by=7, query="bridge"
    )
    assert await world.subscriptions.follow(topic, 71)
    assert await world.subscriptions.follow(topic, 72)
    assert await world.subscriptions.mute(topic.id, 72, world.clock() + timedelta(days=1))

    await bring(world, A, "A bridge opens")

    (parcel,) = [each for each in world.discord.parcels if each.discussion.channel_id == 10]
    assert parcel.members == (71,)
    assert await world.subscriptions.followed_by(72) == {topic.id}
    assert await world.subscriptions.unfollow(topic.id, 71)
    assert not await world.subscriptions.unfollow(topic.id, 71)


async def test_a_topic_mentions_no_crowd(world: World) -> None:
    topic, _ = await world.subscriptions.add(
        guild_id=1, channel_id=10, name="b", created_by=7, query="bridge"
    )

    followed = [await world.subscriptions.follow(topic, user) for user in range(MOST_PINGED + 1)]

    assert followed == [True] * MOST_PINGED + [False]


async def test_a_members_own_follow_changes_and_goes_with_the_topic(world: World) -> None:
    await world.follow_feed(channel=12)
    topic = await world.topic("bridge")
    await world.topic("bridge", channel=900, member_id=71, parent_id=topic)

    await world.subscriptions.change(topic, query="tunnel")
    await bring(world, A, "A tunnel opens")
    assert world.discord.titles(900) == ["A tunnel opens"]
    assert world.discord.parcels[-1].addressee in {71, None}

    await world.subscriptions.remove(topic)
    assert await world.subscriptions.of_member(71) == ()


async def test_a_query_that_does_not_parse_is_not_kept(world: World) -> None:
    with pytest.raises(QueryError) as caught:
        await world.topic("bridge AND (")

    assert caught.value.position > 0
    assert await world.subscriptions.of_guild(1) == ()


async def test_a_subscription_of_the_same_name_is_left_as_it_is(world: World) -> None:
    first, new = await world.subscriptions.add(
        guild_id=1, channel_id=10, name="b", created_by=7, query="bridge"
    )
    again, second = await world.subscriptions.add(
        guild_id=1, channel_id=10, name="b", created_by=8, query="tunnel"
    )

    assert (new, second) == (True, False)
    assert again == first


async def test_a_server_or_member_that_leaves_takes_its_subscriptions_along(world: World) -> None:
    await world.follow_feed()
    topic, _ = await world.subscriptions.add(
        guild_id=1, channel_id=11, name="b", created_by=7, query="bridge"
    )
    await world.subscriptions.follow(topic, 71)
    await world.topic("bridge", channel=900, member_id=71)

    await world.subscriptions.forget_member(71)
    assert await world.subscriptions.of_member(71) == ()
    assert await world.subscriptions.followed_by(71) == frozenset()

    await world.subscriptions.forget_guild(1)
    assert await world.subscriptions.of_guild(1) == ()


async def test_what_another_process_subscribed_to_counts_for_the_next_article(database: Database) -> None:
    gateway, worker = World(database), World(database)
    await gateway.follow_feed(channel=10)
    await bring(worker, A, "A bridge opens")  # the worker knows the subscriptions now

    feed_id = await gateway.follow_feed(channel=11)
    await gateway.topic("bridge", channel=12)
    reading = await worker.read(B, "A second bridge opens")
    await worker.subscriptions.tell([(reading, feed_id)])
    await worker.deliveries.drain(worker.discord)

    for channel in (11, 12):
        assert worker.discord.titles(channel) == ["A second bridge opens"]


async def test_what_a_feed_brought_during_a_pause_is_no_news_after_it(world: World) -> None:
    await world.follow_feed()
    (subscription,) = await world.subscriptions.of_guild(1)
    await world.subscriptions.change(subscription.id, paused=True)
    await bring(world, A, "A bridge opens")

    await world.subscriptions.change(subscription.id, paused=False)
    await world.run()
    assert world.discord.titles(10) == []

    world.page(B, "A toll bridge opens")
    world.web.pages[FEED] = rss(B, A)
    world.clock.pass_time(hours=2)
    await world.run()
    assert world.discord.titles(10) == ["A toll bridge opens"]


async def test_a_short_pause_loses_nothing(world: World) -> None:
    await world.follow_feed()
    (subscription,) = await world.subscriptions.of_guild(1)
    await world.subscriptions.change(subscription.id, paused=True)
    await world.subscriptions.change(subscription.id, paused=False)

    await bring(world, A, "A bridge opens")

    assert world.discord.titles(10) == ["A bridge opens"]


async def test_a_paused_topic_is_silent_at_once_even_while_articles_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = await world.follow_feed(channel=11)
    topic_id = await world.topic("bridge")
    first, second = await world.read(A, "A bridge opens"), await world.read(B, "A second bridge opens")
    change = SubscriptionRepository.set

    async def told_meanwhile(repository: SubscriptionRepository, *arguments: Any, **values: Any) -> bool:
        await world.subscriptions.tell([(first, feed_id)])
        return await change(repository, *arguments, **values)

    monkeypatch.setattr(SubscriptionRepository, "set", told_meanwhile)
    await world.subscriptions.change(topic_id, paused=True)
    await world.subscriptions.tell([(second, feed_id)])
    await world.deliveries.drain(world.discord)

    assert world.discord.titles(10) == ["A bridge opens"]


async def test_subscriptions_that_could_not_be_read_are_read_for_the_next_article(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = await world.follow_feed(channel=11)
    await world.topic("bridge")
    reading = await world.read(A, "A bridge opens")

    async def silent(_repository: SubscriptionRepository) -> None:
        raise StoreError("The database does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(SubscriptionRepository, "topics", silent)
        with pytest.raises(StoreError):
            await world.subscriptions.tell([(reading, feed_id)])
    await world.subscriptions.tell([(reading, feed_id)])
    await world.deliveries.drain(world.discord)

    assert world.discord.titles(10) == world.discord.titles(11) == ["A bridge opens"]


async def test_two_processes_that_tell_a_story_at_once_make_one_card(database: Database) -> None:
    one, other = World(database), World(database)
    feed_id = await one.follow_feed()
    first = await one.read(A, "Harbour town votes for its pier", STORY)
    second = await other.read(B, "Piers to be rebuilt", STORY + " More is expected in the spring.")

    await other.subscriptions.tell([(second, feed_id)])  # faster, though it came later
    await one.subscriptions.tell([(first, feed_id)])
    for _ in range(2):
        await one.deliveries.drain(one.discord)
        one.clock.pass_time(minutes=1)

    assert one.discord.titles(10) == ["Piers to be rebuilt"]
    (redrawn,) = one.discord.redrawn
    assert [reading.article.url for reading in redrawn.retold] == [A]


async def test_a_story_that_comes_back_after_days_is_news_again(world: World) -> None:
    await world.follow_feed()
    await bring(world, A, "Harbour town votes for its pier", STORY)
    world.clock.pass_time(days=3)

    await bring(world, B, "Piers to be rebuilt", STORY + " More is expected in the spring.")

    assert world.discord.titles(10) == ["Harbour town votes for its pier", "Piers to be rebuilt"]


async def test_an_article_whose_transaction_ended_late_is_no_less_the_first(
    world: World, database: Database
) -> None:
    feed_id = await world.follow_feed()
    first = await world.read(A, "Harbour town votes for its pier", STORY)
    second = await world.read(B, "Piers to be rebuilt", STORY + " More is expected in the spring.")
    other = await world.read("https://example.org/other", "A bridge opens", "A bridge opens. " * 40)
    async with database.write() as connection:
        row = (await connection.execute(select(articles).where(articles.c.id == first.id))).one()
        await connection.execute(delete(articles).where(articles.c.id == first.id))
    await world.subscriptions.tell([(other, feed_id)])
    async with database.write() as connection:
        await connection.execute(insert(articles).values(row._mapping))

    await world.subscriptions.tell([(first, feed_id)])
    await world.subscriptions.tell([(second, feed_id)])
    await world.deliveries.drain(world.discord)

    assert world.discord.titles(10) == ["A bridge opens", "Harbour town votes for its pier"]


async def test_a_topic_may_take_a_name_that_a_follower_has_for_another(world: World) -> None:
    topic_id = await world.topic("bridge", channel=10)
    own, _ = await world.subscriptions.add(
        guild_id=1,
        channel_id=99,
        name="bridge",
        created_by=5,
        query="bridge",
        member_id=5,
        parent_id=topic_id,
    )
    await world.topic("opens", channel=99, member_id=5)

    assert await world.subscriptions.change(topic_id, name="opens", query="bridge opens")

    kept = {each.id: (each.name, each.query) for each in await world.subscriptions.of_member(5)}
    assert kept[own.id] == ("bridge", "bridge opens")
