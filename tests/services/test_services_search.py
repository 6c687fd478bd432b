"""Members find what their server shared where they may look, by the words of its text."""

from __future__ import annotations

import pytest

from bot.services.search import SearchService
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.search import SearchRepository
from tests.services.feeding import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def search(world: World, database: Database) -> SearchService:
    return SearchService(SearchRepository(database), world.articles, world.discussions)


async def share(world: World, title: str, *channels: int) -> int:
    """An article with a card in these channels of server 1; returns its id."""
    reading = await world.read(f"https://example.org/{title.split()[1]}", title)
    for channel in channels:
        shared = await world.discussions.share(reading.id, world.place(channel), world.sharer(7), NOON)
        await world.discussions.posted(shared.discussion.id, reading.id * 100 + channel)
    return reading.id


async def test_a_hit_leads_to_a_card_that_the_asker_may_see(world: World, search: SearchService) -> None:
    ferry = await share(world, "Ferry returns", 10, 11)
    await share(world, "Bridge opens", 10)

    (hit,) = await search.find(1, {11}, "FERRY ret")

    assert (hit.reading.id, hit.discussion.channel_id) == (ferry, 11)


async def test_what_no_channel_of_the_asker_shows_is_not_found(world: World, search: SearchService) -> None:
    await share(world, "Ferry returns", 10)
    await world.read("https://example.org/unshared", "Ferry sinks")

    assert await search.find(1, {11}, "ferry") == ()
    assert await search.find(2, {10}, "ferry") == ()
    assert await search.find(1, set(), "ferry") == ()
    assert await search.find(1, {10}, "…") == ()


async def test_an_article_that_is_forgotten_is_found_no_more(
    world: World, search: SearchService, database: Database
) -> None:
    await share(world, "Ferry returns", 10)
    assert len(await search.find(1, {10}, "ferry")) == 1

    await world.discussions.forget_guild(1)
    await ArticleRepository(database).forget_unused(world.clock.pass_time(days=1), 10)

    assert await search.find(1, {10}, "ferry") == ()
