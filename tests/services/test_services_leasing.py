"""Work that goes on is not taken over, and work that ended is not held back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.errors import StoreError
from bot.services.feeds import LEASE
from bot.services.leasing import renewed
from bot.store.database import Database
from bot.store.feeds import FeedRepository
from tests.services.feeding import NOON, World, rss


async def test_signs_of_life_are_given_until_the_work_ends_even_where_one_is_lost() -> None:
    signs: list[timedelta] = []
    third = asyncio.Event()

    async def renew(passed: timedelta) -> None:
        signs.append(passed)
        if len(signs) == 1:
            raise StoreError("The database does not answer.")
        if len(signs) == 3:
            third.set()

    async with renewed(renew, every=0.001):
        await third.wait()
    given = len(signs)
    await asyncio.sleep(0.01)

    assert signs == sorted(signs)
    assert len(signs) == given


async def test_an_entry_that_is_still_being_read_is_left_to_its_reader(database: Database) -> None:
    world, feeds = World(database), FeedRepository(database)
    await world.follow_feed()
    world.web.pages["https://example.org/feed.xml"] = rss("https://example.org/a", "https://example.org/b")
    await world.feeds.poll_due(world.clock.pass_time(days=1))
    now = world.clock()
    one, other = await feeds.claim_entries(now, LEASE, 8)

    await feeds.read_later(one.id, now + timedelta(hours=1))
    await feeds.keep_entries([one.id, other.id], now + 2 * LEASE)

    assert await feeds.claim_entries(now + 1.5 * LEASE, LEASE, 8) == ()
    assert [each.id for each in await feeds.claim_entries(now + 2 * LEASE, LEASE, 8)] == [other.id]
    await feeds.were_read([other.id])
    await feeds.keep_entries([other.id], now + 9 * LEASE)
    assert await feeds.claim_entries(now + 10 * LEASE, LEASE, 8) == ()


async def test_a_feed_that_is_still_being_asked_is_not_asked_by_another(database: Database) -> None:
    world, feeds = World(database), FeedRepository(database)
    feed_id = await world.follow_feed()
    now = NOON + timedelta(days=1)
    (feed,) = await feeds.claim_due(now, LEASE, 10)

    await feeds.keep([feed.id], now + 2 * LEASE)

    assert await feeds.claim_due(now + 1.5 * LEASE, LEASE, 10) == ()
    assert [each.id for each in await feeds.claim_due(now + 2 * LEASE, LEASE, 10)] == [feed_id]
