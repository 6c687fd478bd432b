"""A digest comes at the channel's hour, once, the best first, without what was posted already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import MissingPermissionError, PostError, ZoneError
from bot.model import ChannelSettings, Comment, Outlet, Rhythm
from bot.services.digests import DigestParcel
from bot.store.database import Database
from tests.services.feeding import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def owe(world: World, *titles: str, subscriptions: tuple[int, ...] = ()) -> None:
    for title in titles:
        reading = await world.read(f"https://example.org/{title.replace(' ', '-')}", title)
        await world.debts.owe(reading.id, {(1, 10): subscriptions}, world.clock())


async def wants(world: World, rhythm: Rhythm, **values: object) -> None:
    await world.channels.configure(ChannelSettings(guild_id=1, channel_id=10, digest=rhythm))
    outlet = Outlet(**{"guild_id": 1, "channel_id": 10, **values})  # type: ignore[arg-type]
    await world.digests.configure(outlet, rhythm)


def digests(world: World) -> list[list[tuple[str, list[str]]]]:
    return [
        [(topic, [item.reading.article.title for item in items]) for topic, items in parcel.groups]
        for parcel in world.discord.parcels
        if isinstance(parcel, DigestParcel)
    ]


async def test_what_the_cap_left_over_comes_in_the_evening_without_being_asked_for(world: World) -> None:
    await world.outlet(cap=1)
    await owe(world, "One", "Two", "Three")
    await world.run()
    assert digests(world) == []

    world.clock.now = NOON + timedelta(hours=6)
    await world.run()
    world.clock.pass_time(days=1)
    await world.run()

    assert digests(world) == [[("", ["Two", "Three"])]]


async def test_a_daily_digest_comes_at_the_channels_hour_once_a_day(world: World) -> None:
    await wants(world, Rhythm.DAILY, zone="Asia/Tokyo", digest_hour=9, cap=0)
    await owe(world, "One")
    await world.run()

    world.clock.now = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
    await world.run()
    assert digests(world) == []
    world.clock.now = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    for _ in range(3):
        await world.run()

    assert digests(world) == [[("", ["One"])]]
    outlet = await world.digests.outlet(1, 10)
    assert outlet.next_digest == datetime(2026, 11, 26, 0, 0, tzinfo=UTC)


async def test_a_digest_of_nothing_is_not_sent(world: World) -> None:
    await wants(world, Rhythm.DAILY)

    world.clock.pass_time(days=3)
    await world.run()

    assert world.discord.messages == []


async def test_what_had_a_card_is_left_out_where_that_is_set(world: World) -> None:
    await wants(world, Rhythm.DAILY, cap=1, skip_posted=True)
    await owe(world, "One", "Two")
    await world.run()
    world.clock.pass_time(days=1)
    await world.run()

    assert digests(world) == [[("", ["Two"])]]


async def test_what_had_a_card_is_named_where_that_is_set(world: World) -> None:
    await wants(world, Rhythm.DAILY, cap=1, skip_posted=False)
    await owe(world, "One", "Two")
    await world.run()
    world.clock.pass_time(days=1)
    await world.run()
    world.clock.pass_time(days=1)
    await world.run()

    assert digests(world) == [[("", ["One", "Two"])]]


async def test_the_most_discussed_comes_first_within_its_topic(world: World) -> None:
    await wants(world, Rhythm.DAILY, skip_posted=False)
    bridges = await world.topic("bridge")
    trains = await world.topic("train")
    await owe(world, "Bridge one", "Bridge two", subscriptions=(bridges,))
    await owe(world, "Train", subscriptions=(trains,))
    await world.run()
    reading = await world.articles.read("https://example.org/Bridge-two")
    discussion = await world.discussions.of_article(10, reading.id)
    assert discussion is not None
    await world.discussions.record(
        Comment(
            discussion_id=discussion.id,
            message_id=99,
            author_id=7,
            reply_to=None,
            created_at=world.clock(),
        )
    )

    world.clock.pass_time(days=1)
    await world.run()

    assert digests(world) == [[("bridge", ["Bridge two", "Bridge one"]), ("train", ["Train"])]]


async def test_a_lost_reply_makes_no_second_digest(world: World) -> None:
    await world.outlet(cap=0)
    await owe(world, "One")
    await world.run()
    world.discord.lost_replies = 1

    world.clock.now = NOON + timedelta(hours=6)
    await world.run()
    world.clock.pass_time(minutes=1)
    await world.run()
    assert len(digests(world)) == 1

    await owe(world, "Two")
    await world.run()
    world.discord.lost_replies = 1
    world.clock.now = NOON + timedelta(days=1, hours=6)
    await world.run()
    world.clock.pass_time(minutes=30)
    await world.run()

    assert digests(world) == [[("", ["One"])], [("", ["Two"])]]
    assert world.discord.looked == 1


async def test_a_channel_that_takes_no_digest_is_told_of_and_others_are_tried_again(world: World) -> None:
    await world.outlet(cap=0)
    await owe(world, "One")
    await world.run()
    world.discord.broken[10] = PostError("down")
    world.clock.now = NOON + timedelta(hours=6)
    await world.run()
    world.discord.broken[10] = MissingPermissionError(10, ("send_messages",))

    world.clock.pass_time(minutes=1)
    await world.run()
    world.discord.broken.clear()
    world.clock.pass_time(hours=1)
    await world.run()

    assert digests(world) == []
    assert len(world.discord.refusals) == 1


async def test_setup_may_ask_for_digests_without_a_word_on_the_hour(world: World) -> None:
    await world.channels.configure(ChannelSettings(guild_id=1, channel_id=10, digest=Rhythm.WEEKLY))

    await world.run()

    outlet = await world.digests.outlet(1, 10)
    assert outlet.next_digest == datetime(2026, 11, 30, 8, tzinfo=UTC)


async def test_a_time_zone_that_there_is_not_is_refused(world: World) -> None:
    with pytest.raises(ZoneError):
        await world.digests.configure(Outlet(guild_id=1, channel_id=10, zone="Moon/Base"), Rhythm.DAILY)


@pytest.mark.parametrize("rhythm", [Rhythm.OFF, Rhythm.DAILY])
async def test_what_was_left_over_still_comes_when_the_limits_change(world: World, rhythm: Rhythm) -> None:
    await wants(world, rhythm, cap=1)
    await owe(world, "One", "Two")
    await world.run()

    outlet = await world.digests.outlet(1, 10)
    kept = await world.digests.configure(replace(outlet, cap=5), Rhythm.OFF)
    await world.channels.configure(ChannelSettings(guild_id=1, channel_id=10, digest=Rhythm.OFF))
    assert kept.next_digest is not None
    world.clock.pass_time(days=1)
    await world.run()

    assert digests(world) == [[("", ["Two"])]]
    assert (await world.digests.configure(kept, Rhythm.OFF)).next_digest is None


async def test_no_card_is_left_out_of_a_digest_on_the_day_that_has_25_hours(world: World) -> None:
    world.clock.now = datetime(2026, 10, 24, 6, 0, tzinfo=UTC)
    await wants(world, Rhythm.DAILY, zone="Europe/Berlin", digest_hour=9, skip_posted=False)
    world.clock.now = datetime(2026, 10, 24, 7, 0, tzinfo=UTC)  # nine o'clock
    await world.run()
    world.clock.pass_time(minutes=30)
    await owe(world, "Half past nine")
    await world.run()

    world.clock.now = datetime(2026, 10, 25, 8, 0, tzinfo=UTC)  # nine o'clock again, 25 hours later
    await world.run()

    assert digests(world) == [[("", ["Half past nine"])]]
