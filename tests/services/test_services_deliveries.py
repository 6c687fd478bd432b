"""Whatever is owed arrives once: lost replies, crashes, refusals, caps and quiet hours."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ChannelGoneError, MessageGoneError, MissingPermissionError, PostError
from bot.model import ChannelSettings, Outlet, Rhythm, ThreadMode
from bot.services import outbox
from bot.services.outbox import Step, decide, next_digest, quiet_until
from bot.services.parcels import Parcel
from bot.store.database import Database
from tests.services.feeding import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def owe(world: World, *titles: str, channel: int = 10) -> None:
    for title in titles:
        reading = await world.read(f"https://example.org/{title}-{channel}", title)
        await world.debts.owe(reading.id, {(1, channel): ()}, world.clock())


async def drain(world: World) -> int:
    return await world.deliveries.drain(world.discord)


async def test_a_lost_reply_is_asked_for_again_with_the_same_nonce(world: World) -> None:
    await owe(world, "News")
    world.discord.lost_replies = 1

    await drain(world)
    world.clock.pass_time(minutes=1)
    await drain(world)

    assert world.discord.titles(10) == ["News"]
    assert world.discord.looked == 0
    assert await world.deliveries.open() == 0


async def test_after_the_nonce_is_forgotten_the_channel_is_looked_through(world: World) -> None:
    await owe(world, "News")
    world.discord.lost_replies = 1

    await drain(world)
    world.clock.pass_time(minutes=5)
    await drain(world)

    assert world.discord.titles(10) == ["News"]
    assert world.discord.looked == 1


async def test_what_never_arrived_is_sent_after_the_look(world: World) -> None:
    await owe(world, "News")
    world.discord.broken[10] = PostError("down")
    await drain(world)
    world.discord.broken.clear()

    world.clock.pass_time(minutes=5)
    await drain(world)

    assert world.discord.titles(10) == ["News"]


async def test_a_deaf_channel_does_not_hold_up_the_others(world: World) -> None:
    await owe(world, "One", "Two", channel=10)
    await owe(world, "Three", channel=11)
    world.discord.broken[10] = MissingPermissionError(10, ("send_messages",))

    await drain(world)

    assert world.discord.titles(11) == ["Three"]
    assert len(world.discord.refusals) == 1
    assert await world.deliveries.open() == 0


async def test_a_channel_that_is_gone_takes_its_subscriptions_along(world: World) -> None:
    await world.topic("bridge")
    await owe(world, "News")
    world.discord.broken[10] = ChannelGoneError(10)

    await drain(world)

    assert await world.subscriptions.of_guild(1) == ()
    assert await world.deliveries.open() == 0


async def test_trouble_is_borne_for_half_a_day_and_then_given_up(world: World) -> None:
    await owe(world, "News")
    world.discord.broken[10] = PostError("down")

    tries = 0
    while await world.deliveries.open():
        await drain(world)
        world.clock.pass_time(hours=1)
        tries += 1

    assert tries == outbox.TRIES


@pytest.mark.parametrize("what", ["open_thread", "redraw", "look"])
async def test_whatever_discord_keeps_refusing_is_given_up_in_the_end(world: World, what: str) -> None:
    await world.channels.configure(ChannelSettings(guild_id=1, channel_id=10, threads=ThreadMode.ALWAYS))
    asked = 0

    async def refuse(*_arguments: object) -> None:
        nonlocal asked
        asked += 1
        raise PostError("Discord did not take my message.")

    setattr(world.discord, what, refuse)
    await owe(world, "News")
    world.discord.lost_replies = what == "look"
    await drain(world)
    if what == "redraw":
        retelling = await world.read("https://example.net/b", "Again")
        (parcel,) = world.discord.parcels
        assert isinstance(parcel, Parcel)
        await world.debts.owe(retelling.id, {(1, 10): ()}, world.clock(), first_id=parcel.reading.id)
        await drain(world)
    for _ in range(2 * outbox.TRIES):
        world.clock.pass_time(hours=1)
        await drain(world)

    assert 1 < asked <= outbox.TRIES
    assert await world.deliveries.open() == 0


async def test_two_workers_do_not_take_the_same_debt(world: World) -> None:
    await owe(world, "News")

    first = await world.debts.lease(world.clock(), outbox.LEASE, 10)
    second = await world.debts.lease(world.clock(), outbox.LEASE, 10)
    world.clock.pass_time(seconds=outbox.LEASE.total_seconds() + 1)
    third = await world.debts.lease(world.clock(), outbox.LEASE, 10)

    assert (len(first), len(second), len(third)) == (1, 0, 1)


async def test_a_channel_is_served_by_one_worker_at_a_time(world: World) -> None:
    await owe(world, *(f"n{n}" for n in range(8)))
    await owe(world, "News", channel=11)

    taken = await asyncio.gather(
        *(world.debts.lease(world.clock(), outbox.LEASE, 5) for _ in range(3)),
    )

    by_channel = [{debt.channel_id for debt in leased} for leased in taken]
    assert sum(10 in channels for channels in by_channel) == 1
    assert sum(11 in channels for channels in by_channel) == 1


async def test_two_workers_together_keep_to_the_cap_and_to_the_order(world: World) -> None:
    await world.outlet(cap=6)
    await owe(world, *(f"n{n}" for n in range(12)))

    paid = await asyncio.gather(*(drain(world) for _ in range(3)))

    assert sum(paid) == 6
    assert world.discord.titles(10) == [f"n{n}" for n in range(6)]
    assert await world.deliveries.open() == 0


async def test_what_a_slow_channel_keeps_waiting_is_its_own(world: World) -> None:
    await owe(world, "Slow", channel=10)
    await owe(world, *(f"n{n}" for n in range(7)), channel=11)
    answered, post = asyncio.Event(), world.discord.post

    async def slow(parcel: Parcel, nonce: str) -> int:
        if parcel.discussion.channel_id == 10:
            await answered.wait()
        elif len(world.discord.titles(11)) == 6:
            answered.set()  # not before the others have everything
        return await post(parcel, nonce)

    world.discord.post = slow  # type: ignore[method-assign]
    await drain(world)

    assert world.discord.titles(10) == ["Slow"]
    assert len(world.discord.titles(11)) == 7


async def test_what_was_not_tried_after_a_failure_is_free_again_soon(world: World) -> None:
    await owe(world, "One", "Two")
    world.discord.broken[10] = PostError("down")
    await drain(world)
    world.discord.broken.clear()

    world.clock.pass_time(seconds=outbox.FIRST_RETRY.total_seconds())
    await drain(world)

    assert world.discord.titles(10) == ["One", "Two"]


async def test_the_work_ends_its_requests_when_it_is_cancelled(world: World) -> None:
    await owe(world, "News")
    asked = asyncio.Event()

    async def hang(_parcel: Parcel, _nonce: str) -> int:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    world.discord.post, whole = hang, world.discord.post  # type: ignore[method-assign]
    work = asyncio.create_task(drain(world))
    await asked.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    world.discord.post = whole  # type: ignore[method-assign]
    world.clock.pass_time(seconds=outbox.LEASE.total_seconds() + 1)
    await drain(world)

    assert world.discord.titles(10) == ["News"]


async def test_a_busy_channel_does_not_starve_the_others(world: World) -> None:
    await owe(world, *(f"n{n}" for n in range(20)))
    await owe(world, "News", channel=11)

    leased = await world.debts.lease(world.clock(), outbox.LEASE, 10)

    assert 11 in {delivery.channel_id for delivery in leased}


async def test_an_article_is_owed_to_a_channel_once_for_ever(world: World) -> None:
    await owe(world, "News")
    await drain(world)

    reading = await world.articles.read("https://example.org/News-10")
    assert await world.debts.owe(reading.id, {(1, 10): ()}, world.clock()) == 0


async def test_what_a_member_pasted_there_first_is_not_posted_again(world: World) -> None:
    reading = await world.read("https://example.org/a", "News")
    share = await world.discussions.share(
        reading.id,
        world.place(10),
        world.sharer(7),
        world.clock(),
    )
    await world.discussions.posted(share.discussion.id, 4711)
    await world.debts.owe(reading.id, {(1, 10): ()}, world.clock())

    await drain(world)

    assert world.discord.messages == []
    assert await world.deliveries.open() == 0


async def test_where_threads_are_always_opened_a_crash_leaves_one_thread(world: World) -> None:
    await world.channels.configure(ChannelSettings(guild_id=1, channel_id=10, threads=ThreadMode.ALWAYS))
    await owe(world, "News")

    async def crash(parcel: Parcel, message_id: int) -> int:
        world.discord.threads.append(message_id)
        raise PostError("lost")

    whole, world.discord.open_thread = world.discord.open_thread, crash  # type: ignore[method-assign]
    await drain(world)
    world.discord.open_thread = whole  # type: ignore[method-assign]
    world.clock.pass_time(minutes=5)
    await drain(world)

    assert world.discord.titles(10) == ["News"]
    assert world.discord.threads == [1]
    discussion = await world.discussions.of_message(1)
    assert discussion is not None
    assert discussion.thread_id == 1


async def test_a_thread_that_may_not_be_opened_is_told_and_the_card_stays(world: World) -> None:
    await world.channels.configure(ChannelSettings(guild_id=1, channel_id=10, threads=ThreadMode.ALWAYS))
    await owe(world, "News")

    async def refuse(parcel: Parcel, message_id: int) -> int:
        raise MissingPermissionError(10, ("create_public_threads",))

    world.discord.open_thread = refuse  # type: ignore[method-assign]
    await drain(world)

    assert world.discord.titles(10) == ["News"]
    assert len(world.discord.refusals) == 1
    assert await world.deliveries.open() == 0


async def test_a_card_that_was_taken_down_takes_no_more_names(world: World) -> None:
    await owe(world, "News")
    await drain(world)
    retelling = await world.read("https://example.net/b", "Again")
    (first,) = [parcel.reading.id for parcel in world.discord.parcels if isinstance(parcel, Parcel)]
    await world.debts.owe(retelling.id, {(1, 10): ()}, world.clock(), first_id=first)

    async def gone(parcel: Parcel) -> None:
        raise MessageGoneError

    world.discord.redraw = gone  # type: ignore[method-assign]
    await drain(world)

    assert world.discord.titles(10) == ["News"]
    assert await world.deliveries.open() == 0


async def test_more_than_the_cap_is_left_to_the_digest(world: World) -> None:
    await world.outlet(cap=2)
    await owe(world, "One", "Two", "Three", "Four")

    await drain(world)

    assert world.discord.titles(10) == ["One", "Two"]
    assert await world.deliveries.open() == 0
    outlet = await world.digests.outlet(1, 10)
    assert outlet.next_digest == datetime(2026, 11, 24, 18, tzinfo=UTC)


async def test_the_cap_counts_an_hour(world: World) -> None:
    await world.outlet(cap=1)
    await owe(world, "One")
    await drain(world)
    world.clock.pass_time(minutes=61)
    await owe(world, "Two")
    await drain(world)

    assert world.discord.titles(10) == ["One", "Two"]


async def test_quiet_hours_hold_cards_back_until_they_end(world: World) -> None:
    await world.outlet(zone="Europe/Berlin", quiet_from=12 * 60, quiet_until=15 * 60 + 30)
    await owe(world, "News")
    await drain(world)
    assert world.discord.messages == []

    world.clock.now = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    await drain(world)

    assert world.discord.titles(10) == ["News"]


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (22 * 60, 7 * 60, None),
        (11 * 60, 13 * 60, NOON + timedelta(hours=1)),
        (20 * 60, 12 * 60 + 30, NOON + timedelta(minutes=30)),
        (12 * 60, 12 * 60, None),
        (None, None, None),
    ],
)
def test_quiet_hours_may_span_midnight(begin: int | None, end: int | None, expected: datetime | None) -> None:
    outlet = Outlet(guild_id=1, channel_id=10, quiet_from=begin, quiet_until=end)

    assert quiet_until(outlet, NOON) == expected


def test_a_digest_keeps_its_hour_when_clocks_change() -> None:
    outlet = Outlet(guild_id=1, channel_id=10, zone="Europe/Berlin", digest_hour=8)
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)

    first = next_digest(outlet, Rhythm.DAILY, before)
    assert first == datetime(2026, 10, 25, 7, tzinfo=UTC)  # clocks went back that night
    assert next_digest(outlet, Rhythm.DAILY, before - timedelta(days=1)) == datetime(
        2026, 10, 24, 6, tzinfo=UTC
    )


def test_a_weekly_digest_has_its_day() -> None:
    outlet = Outlet(guild_id=1, channel_id=10, digest_weekday=4)

    when = next_digest(outlet, Rhythm.WEEKLY, NOON)

    assert when == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert next_digest(outlet, Rhythm.OFF, NOON) is None


@given(
    ago=st.none() | st.integers(0, 10_000),
    lately=st.integers(0, 50),
    cap=st.integers(0, 20),
    quiet=st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
)
def test_what_may_have_been_sent_is_never_held_back(
    ago: int | None, lately: int, cap: int, quiet: tuple[int, int]
) -> None:
    outlet = Outlet(guild_id=1, channel_id=10, cap=cap, quiet_from=quiet[0], quiet_until=quiet[1])
    first_try = None if ago is None else NOON - timedelta(seconds=ago)

    decision = decide(first_try, NOON, outlet, lately)

    if ago is not None:
        assert decision.step is (Step.SEND if ago < 120 else Step.LOOK)
    elif decision.step is Step.SEND:
        assert lately < cap
    else:
        assert decision.step is Step.LEAVE_OVER or (decision.when is not None and decision.when > NOON)
