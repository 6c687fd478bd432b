"""Members find what was shared in the channels they can read, by its words, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Article, Summary
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.discussions import DiscussionRepository
from bot.store.search import SearchRepository

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HERE, ELSEWHERE = 1, 2


async def share(
    database: Database,
    title: str,
    text: str = "",
    *,
    channel: int = 10,
    guild: int = HERE,
    posted: bool = True,
    minute: int = 0,
) -> int:
    article = Article(url="https://example.org/", title=title, text=text)
    reading = await ArticleRepository(database).add(f"example.org/{title}", [], article, Summary(), NOW)
    discussions = DiscussionRepository(database)
    discussion, _ = await discussions.open(
        reading.id,
        guild_id=guild,
        channel_id=channel,
        sharer_id=3,
        source_id=None,
        now=NOW + timedelta(minutes=minute),
    )
    if posted:
        await discussions.set(discussion.id, message_id=1000 + discussion.id)
    return reading.id


async def found(database: Database, words: str, *channels: int, limit: int = 10) -> list[str]:
    hits = await SearchRepository(database).find(
        words, guild_id=HERE, channel_ids=channels or (10,), limit=limit
    )
    return [hit.title for hit in hits]


async def test_an_article_is_found_by_a_word_of_its_title_or_text(database: Database) -> None:
    article_id = await share(database, "A bridge opens", "The mayor cut a ribbon.")
    await share(database, "A library closes", "Nobody came.")

    (hit,) = await SearchRepository(database).find("ribbon", guild_id=HERE, channel_ids=[10], limit=5)

    assert (hit.article_id, hit.title, hit.channel_id, hit.message_id, hit.comments, hit.shared_at) == (
        article_id,
        "A bridge opens",
        10,
        1001,
        0,
        NOW,
    )
    assert await found(database, "library") == ["A library closes"]


async def test_every_word_must_be_there_and_each_finds_longer_ones(database: Database) -> None:
    await share(database, "Bridges", "are built of steel")
    await share(database, "Bridge", "of wood")

    assert sorted(await found(database, "bridge")) == ["Bridge", "Bridges"]
    assert await found(database, "bridge steel") == ["Bridges"]
    assert await found(database, "bridge stone") == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Brücke eröffnet", "brucke EROFFNET"),
        ("Brucke", "BRÜCKE"),
        ("МОСТ открыт", "мост"),
        ("What COVID-19 did", "covid 19"),
        ("News from example.org/today", "example today"),
        ("It’s “done”, he said", "done it’s"),
        ("橋が開通", "橋"),
        ("snake_case_name", "case"),
    ],
)
async def test_case_accents_and_punctuation_do_not_matter(database: Database, title: str, words: str) -> None:
    await share(database, title)

    assert await found(database, words) == [title]


@pytest.mark.parametrize(
    "words", ["", "  ", "!?", '"', "'", "* OR 1", "a\\'b", "title:x", "NEAR(", "-- ;", ":*", "\0", "&|!()"]
)
async def test_no_question_is_an_error(database: Database, words: str) -> None:
    await share(database, "Bridge")

    assert await found(database, words) == []


async def test_only_posted_cards_of_the_server_and_its_channels_are_found(database: Database) -> None:
    await share(database, "Bridge here", channel=10)
    await share(database, "Bridge in a hidden channel", channel=11)
    await share(database, "Bridge of others", guild=ELSEWHERE, channel=10)
    await share(database, "Bridge not posted", posted=False)

    assert await found(database, "bridge", 10) == ["Bridge here"]
    assert sorted(await found(database, "bridge", 10, 11)) == ["Bridge here", "Bridge in a hidden channel"]
    assert await SearchRepository(database).find("bridge", guild_id=HERE, channel_ids=[], limit=5) == ()


async def test_an_article_shared_twice_is_found_once_where_it_was_shared_last(database: Database) -> None:
    await share(database, "Bridge", channel=10, minute=0)
    await share(database, "Bridge", channel=11, minute=5)

    (hit,) = await SearchRepository(database).find("bridge", guild_id=HERE, channel_ids=[10, 11], limit=5)

    assert hit.channel_id == 11


async def test_a_title_counts_more_than_the_text_and_the_newer_of_equals_comes_first(
    database: Database,
) -> None:
    await share(database, "Old news one", "of a harbour", minute=1)
    await share(database, "The harbour", "is full of ships", minute=2)
    await share(database, "New news two", "of a harbour", minute=3)

    assert await found(database, "harbour") == ["The harbour", "New news two", "Old news one"]
    assert await found(database, "harbour", limit=1) == ["The harbour"]


async def test_a_text_longer_than_an_index_holds_is_kept_and_found_by_its_beginning(
    database: Database,
) -> None:
    text = "начало " + " ".join(f"слово{number}" for number in range(200_000))
    await share(database, "Long", text)

    assert await found(database, "начало") == ["Long"]
