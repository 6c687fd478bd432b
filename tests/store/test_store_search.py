"""Members find what was shared in the channels they can read, by its words, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, text

from bot.model import Article, Summary
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.schema import articles, discussions
from bot.store.search import SearchRepository, search_words

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HERE, ELSEWHERE = 1, 2


async def share(
    database: Database,
    title: str,
    text: str = "",
    *,
    home: int = 10,
    guild: int = HERE,
    posted: bool = True,
) -> int:
    article = Article(url="https://example.org/", title=title, text=text)
    reading = await ArticleRepository(database).add(f"example.org/{title}", [], article, Summary(), NOON)
    async with database.write() as connection:
        row = {
            "article_id": reading.id,
            "guild_id": guild,
            "channel_id": home,
            "home_id": home,
            "message_id": 1000 + 100 * reading.id + home if posted else None,
            "shared_at": NOON,
        }
        await connection.execute(insert(discussions).values(row))
    return reading.id


async def found(database: Database, words: str, *homes: int, limit: int = 10) -> list[str]:
    ids = await SearchRepository(database).find(HERE, homes or (10,), list(search_words(words)), limit)
    readings = [await ArticleRepository(database).get(article_id) for article_id in ids]
    return [reading.article.title for reading in readings if reading]


async def test_an_article_is_found_by_a_word_of_its_title_or_text(database: Database) -> None:
    await share(database, "A bridge opens", "The mayor cut a ribbon.")
    await share(database, "A library closes", "Nobody came.")

    assert await found(database, "ribbon") == ["A bridge opens"]
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
    await share(database, "Bridge here", home=10)
    await share(database, "Bridge in a hidden channel", home=11)
    await share(database, "Bridge of others", guild=ELSEWHERE, home=10)
    await share(database, "Bridge not posted", posted=False)

    assert await found(database, "bridge", 10) == ["Bridge here"]
    assert sorted(await found(database, "bridge", 10, 11)) == ["Bridge here", "Bridge in a hidden channel"]
    assert await SearchRepository(database).find(HERE, [], ["bridge"], 5) == ()


async def test_an_article_shared_in_two_channels_is_found_once(database: Database) -> None:
    await share(database, "Bridge", home=10)
    await share(database, "Bridge", home=11)

    assert await found(database, "bridge", 10, 11) == ["Bridge"]


async def test_a_title_counts_more_than_the_text_and_the_newer_of_equals_comes_first(
    database: Database,
) -> None:
    await share(database, "Old news one", "of a harbour")
    await share(database, "The harbour", "is full of ships")
    await share(database, "New news two", "of a harbour")

    assert await found(database, "harbour") == ["The harbour", "New news two", "Old news one"]
    assert await found(database, "harbour", limit=1) == ["The harbour"]


async def test_an_article_that_is_forgotten_is_found_no_more(database: Database) -> None:
    article_id = await share(database, "Bridge")
    async with database.write() as connection:
        await connection.execute(delete(articles).where(articles.c.id == article_id))

    assert await found(database, "bridge") == []
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM article_search")) == 0


async def test_a_text_longer_than_an_index_holds_is_kept_and_found_by_its_beginning(
    database: Database,
) -> None:
    text = "начало " + " ".join(f"слово{number}" for number in range(200_000))
    await share(database, "Long", text)

    assert await found(database, "начало") == ["Long"]
