"""Members rate articles, and topics go by what they say."""

from __future__ import annotations

import pytest

from bot.errors import LearnExtraError, TooFewRatingsError, UnknownSubscriptionError
from bot.model import Subscription
from bot.services import learning as service
from bot.services.learning import MORE, Standing
from bot.store.database import Database
from tests.services.feeding import FEED, World, rss

SEA = "The captain of the ferry left the harbour at high tide, and the crew cleared the deck by pier {n}."
PITCH = (
    "The striker of the league leaders scored in match {n}, and the coach praised his keeper at the stadium."
)


ENOUGH = 24  #: for these tests


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(service, "ENOUGH", ENOUGH)
    return World(database)


async def rated(world: World, number: int = ENOUGH) -> Subscription:
    """A topic whose query finds too much, and articles that were rated: those of the sea fit."""
    await world.follow_feed(channel=12)
    topic = await world.topic("the")
    (chosen,) = await world.subscriptions.get_all([topic])
    for n in range(number):
        text = (SEA if n % 2 else PITCH).format(n=n)
        reading = await world.read(f"https://example.org/{n}", f"Story {n}", text)
        await world.learning.rate(chosen, reading.id, user_id=7, fits=bool(n % 2))
    return chosen


async def bring(world: World, *titles: str) -> None:
    """A feed brings articles."""
    links = [world.page(f"https://example.org/new/{n}", title, title) for n, title in enumerate(titles)]
    world.web.pages[FEED] = rss(*links)
    world.clock.pass_time(hours=2)
    await world.run()


async def test_what_members_said_decides_instead_of_the_query(world: World) -> None:
    topic = await rated(world)
    await world.topic("the", channel=13, parent_id=topic.id, member_id=8)
    learned = await world.learning.switch_on(topic)

    await bring(world, "The coach and the striker of the league", "A ferry with no captain in harbour")

    assert learned.labelled == ENOUGH
    assert learned.right > learned.query_right == ENOUGH // 2
    for channel in (10, 13):
        assert world.discord.titles(channel) == ["A ferry with no captain in harbour"]


async def test_the_query_decides_again_when_learning_is_switched_off_or_it_is_edited(world: World) -> None:
    topic = await rated(world)
    await world.learning.switch_on(topic)
    await world.learning.switch_off(topic)
    assert (await world.learning.standing(topic)).learned is None

    await world.learning.switch_on(topic)
    await world.subscriptions.change(topic.id, query="coach")
    world.clock.pass_time(minutes=2)
    await bring(world, "The coach and the striker of the league", "A ferry with no captain in harbour")

    assert world.discord.titles(10) == ["The coach and the striker of the league"]


async def test_a_topic_needs_enough_ratings_of_both_kinds(world: World) -> None:
    topic = await rated(world, ENOUGH - 1)
    standing = await world.learning.standing(topic)

    assert not standing.is_enough
    assert (standing.fitting, standing.unfitting) == (ENOUGH // 2 - 1, ENOUGH // 2)
    with pytest.raises(TooFewRatingsError):
        await world.learning.switch_on(topic)


def test_a_topic_learns_from_a_hundred_ratings_on_with_ten_of_each_kind() -> None:
    assert Standing(fitting=10, unfitting=90, learned=None).is_enough
    assert not Standing(fitting=10, unfitting=89, learned=None).is_enough
    assert not Standing(fitting=91, unfitting=9, learned=None).is_enough


async def test_the_last_word_of_a_member_and_the_most_members_count(world: World) -> None:
    topic = await rated(world, 1)
    reading = await world.read("https://example.org/0", "Story 0")

    for user, says in ((8, True), (9, False), (9, True)):
        await world.learning.rate(topic, reading.id, user, fits=says)
    assert (await world.learning.standing(topic)).fitting == 1

    await world.learning.rate(topic, reading.id, 9, fits=False)
    assert (await world.learning.standing(topic)).unfitting == 1
    assert [fits for _, _, fits, _ in await world.learning.rated_by(9)] == [False]
    await world.learning.forget_member(9)
    standing = await world.learning.standing(topic)
    assert (standing.fitting, standing.unfitting) == (0, 0)  # one says so and one does not


async def test_a_topic_learns_anew_from_further_ratings(world: World) -> None:
    topic = await rated(world)
    await world.learning.switch_on(topic)
    assert await world.learning.learn_anew(world.clock()) == 0

    for n in range(MORE):
        reading = await world.read(f"https://example.org/more/{n}", f"Further {n}", SEA.format(n=n))
        await world.learning.rate(topic, reading.id, 7, fits=True)

    assert await world.learning.learn_anew(world.clock()) == 1
    learned = (await world.learning.standing(topic)).learned
    assert learned is not None
    assert learned.labelled == ENOUGH + MORE


async def test_without_scikit_learn_it_is_said_what_is_missing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = await rated(world, 1)
    monkeypatch.setattr(service, "find_spec", lambda _name: None)

    with pytest.raises(LearnExtraError, match=r"threadline\[learn\]"):
        await world.learning.switch_on(topic)


async def test_a_topic_that_is_gone_cannot_be_rated(world: World) -> None:
    topic = await rated(world, 1)
    await world.subscriptions.remove(topic.id)

    with pytest.raises(UnknownSubscriptionError):
        await world.learning.rate(topic, 1, 7, fits=True)
