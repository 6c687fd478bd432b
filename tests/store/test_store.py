"""What the store keeps it gives back, once, whoever else writes at the same time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.model import (
    Article,
    Block,
    BlockKind,
    ChannelSettings,
    Comment,
    Fact,
    FactKind,
    Image,
    PasteMode,
    Provenance,
    Sentence,
    Summary,
    ThreadMode,
)
from bot.store.articles import ArticleRepository
from bot.store.channels import ChannelRepository
from bot.store.comments import CommentRepository
from bot.store.database import Database
from bot.store.discussions import DiscussionRepository

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ARTICLE = Article(
    url="https://example.org/a",
    title="Brücke eröffnet",
    authors=("Ana Ruiz",),
    published=NOW,
    image=Image(url="https://example.org/i.png", alt="A bridge"),
    blocks=(Block(kind=BlockKind.PARAGRAPH, text="One. Two."),),
    text="One. Two.",
    provenance=(Provenance(field="title", source="h1", confidence=0.9),),
)
SUMMARY = Summary(
    sentences=(Sentence(text="One.", start=0, end=4),),
    facts=(Fact(text="Two.", start=5, end=9, kind=FactKind.MONEY),),
)


async def test_an_article_comes_back_as_it_went_in(database: Database) -> None:
    articles = ArticleRepository(database)

    added = await articles.add("example.org/a", ["example.org/b"], ARTICLE, SUMMARY, NOW)

    assert (added.article, added.summary) == (ARTICLE, SUMMARY)
    assert await articles.find("example.org/b") == added
    assert await articles.get(added.id) == added
    assert await articles.find("example.org/c") is None


async def test_ten_writers_of_one_article_share_a_row(database: Database) -> None:
    articles = ArticleRepository(database)

    readings = await asyncio.gather(
        *(articles.add("example.org/a", [f"example.org/{n}"], ARTICLE, SUMMARY, NOW) for n in range(10))
    )

    assert len({reading.id for reading in readings}) == 1
    assert await articles.find("example.org/7") == readings[0]


async def test_a_channel_keeps_its_last_settings(database: Database) -> None:
    channels = ChannelRepository(database)
    first = ChannelSettings(guild_id=1, channel_id=2, paste=PasteMode.ON)
    last = ChannelSettings(guild_id=1, channel_id=2, threads=ThreadMode.ALWAYS, language="de")

    await channels.put(first)
    await channels.put(last)

    assert await channels.get(2) == last
    assert await channels.of_guild(1) == (last,)
    await channels.remove_guild(1)
    assert await channels.get(2) is None


async def shared(database: Database) -> tuple[DiscussionRepository, int]:
    reading = await ArticleRepository(database).add("example.org/a", [], ARTICLE, SUMMARY, NOW)
    discussions = DiscussionRepository(database)
    discussion, _ = await discussions.open(
        reading.id, guild_id=1, channel_id=2, home_id=2, sharer_id=3, source_id=4, now=NOW
    )
    return discussions, discussion.id


async def test_ten_shares_of_one_article_in_a_channel_are_one_discussion(database: Database) -> None:
    discussions, first = await shared(database)

    others = await asyncio.gather(
        *(
            discussions.open(1, guild_id=1, channel_id=2, home_id=2, sharer_id=n, source_id=n, now=NOW)
            for n in range(10)
        )
    )

    assert {discussion.id for discussion, _ in others} == {first}
    assert {discussion.sharer_id for discussion, _ in others} == {3}


async def test_a_comment_counts_once_and_not_after_its_deletion(database: Database) -> None:
    _, discussion_id = await shared(database)
    comments = CommentRepository(database)
    comment = Comment(discussion_id=discussion_id, message_id=9, author_id=5, reply_to=None, created_at=NOW)

    await comments.add(comment)
    counted = await comments.add(comment)
    await comments.add_reactions(9, 1)
    await comments.add_reactions(9, -1)
    await comments.add_reactions(9, -1)

    assert counted is not None
    assert counted.comments == 1
    assert await comments.of(discussion_id) == (comment,)
    (after,) = await comments.remove([9, 10])
    assert after.comments == 0
    assert await comments.remove([9]) == ()


async def test_a_comment_on_a_removed_discussion_is_dropped(database: Database) -> None:
    discussions, discussion_id = await shared(database)
    await discussions.remove(discussion_id)

    late = Comment(discussion_id=discussion_id, message_id=9, author_id=5, reply_to=None, created_at=NOW)

    assert await CommentRepository(database).add(late) is None


async def test_only_posted_cards_with_an_old_count_are_behind(database: Database) -> None:
    discussions, discussion_id = await shared(database)
    await CommentRepository(database).add(
        Comment(discussion_id=discussion_id, message_id=9, author_id=5, reply_to=None, created_at=NOW)
    )

    assert await discussions.behind(NOW, 10) == ()
    await discussions.set(discussion_id, message_id=77)
    assert [one.id for one in await discussions.behind(NOW, 10)] == [discussion_id]
    await discussions.set(discussion_id, shown_at=NOW)
    assert await discussions.behind(NOW - timedelta(seconds=1), 10) == ()
    assert len(await discussions.behind(NOW, 10)) == 1


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    articles = ArticleRepository(database)
    naive = datetime(2026, 1, 1)  # noqa: DTZ001

    with pytest.raises(Exception, match="naive"):
        await articles.add("example.org/a", [], ARTICLE, SUMMARY, naive)

    assert await articles.find("example.org/a") is None


def _stated(name: str | None, kind: str, _parents: object) -> bool:
    """Full-text tables are made by hand, differently on each engine."""
    return kind != "table" or not str(name).startswith("article_search")


async def test_a_read_begins_nothing_on_sqlite_and_a_snapshot_does(database: Database) -> None:
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL begins with the first statement")
    begun: list[bool] = []
    for look in (database.read, database.snapshot):
        async with look() as connection:
            await connection.execute(text("SELECT count(*) FROM articles"))
            raw: Any = (await connection.get_raw_connection()).driver_connection
            begun.append(raw.in_transaction)

    assert begun == [False, True]
