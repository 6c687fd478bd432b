"""What is kept goes: after its time, with its server, and when its member asks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, func, insert, select, update

from bot.model import Article, Comment, MemberSettings, Summary
from bot.services.channels import ChannelService
from bot.services.discussions import DiscussionService
from bot.services.retention import Keep, RetentionService
from bot.services.servers import ServerService
from bot.store.articles import ArticleRepository
from bot.store.channels import ChannelRepository
from bot.store.comments import CommentRepository
from bot.store.database import Database, insert_new
from bot.store.deliveries import DeliveryRepository
from bot.store.departures import DepartureRepository
from bot.store.digests import DigestRepository
from bot.store.discussions import DiscussionRepository
from bot.store.learning import LearningRepository
from bot.store.lines import LineRepository
from bot.store.members import MemberRepository
from bot.store.schema import UtcDateTime, deliveries, discussions, lines, metadata, subscriptions
from bot.store.servers import ServerRepository
from bot.store.subscriptions import SubscriptionRepository

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, BOB = 2**60 + 1, 2**60 + 2
#: Columns that say which member.
MEMBERS = frozenset({"sharer_id", "author_id", "user_id", "member_id", "created_by"})


def new_retention(database: Database, **keep: timedelta | None) -> RetentionService:
    servers = ServerService(ServerRepository(database))
    # The repository stands in for the service over it: both forget the same.
    subscriptions = SubscriptionRepository(database)
    return RetentionService(
        DepartureRepository(database),
        ArticleRepository(database),
        MemberRepository(database),
        servers,
        subscriptions,
        LearningRepository(database),
        forget_guild=(
            LineRepository(database).forget_guild,
            DiscussionService(DiscussionRepository(database), CommentRepository(database)).forget_guild,
            DeliveryRepository(database).forget_guild,
            DigestRepository(database).forget_guild,
            subscriptions.forget_guild,
            ChannelService(ChannelRepository(database)).forget_guild,
            servers.forget_guild,
        ),
        keep=Keep(**keep),
    )


@pytest.fixture
def retention(database: Database) -> RetentionService:
    return new_retention(database)


async def fill(database: Database, number: int, *, guild_id: int, member_id: int) -> None:
    """A row in every table, of this server and this member, where they have none."""
    async with database.write() as connection:
        for table in metadata.sorted_tables:
            row = {column.name: value_of(column, number, guild_id, member_id) for column in table.columns}
            await connection.execute(insert_new(table, row))


def value_of(column: Column[Any], number: int, guild_id: int, member_id: int) -> Any:
    if column.name == "guild_id":
        return guild_id
    if column.name in MEMBERS:
        return member_id
    if column.name == "parent_id":
        return None
    if isinstance(column.type, UtcDateTime):
        return NOON
    if column.type.python_type is bool:
        return False
    if column.type.python_type is int:
        return number
    return (
        json.dumps({"url": f"https://example.org/{number}"})
        if column.name == "article"
        else f"words {number}"
    )


async def count(database: Database, **of: int) -> dict[str, int]:
    """How many rows name this server or member, by table."""
    found = {}
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            for name, value in of.items():
                names = MEMBERS if name == "member_id" else {name}
                for column in names & set(table.columns.keys()):
                    query = select(func.count()).select_from(table).where(table.c[column] == value)
                    if rows := (await connection.execute(query)).scalar_one():
                        found[f"{table.name}.{column}"] = rows
    return found


async def test_nothing_of_a_server_is_left_when_it_is_forgotten(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    await fill(database, 2, guild_id=102, member_id=BOB)
    before = await count(database, guild_id=102)

    await retention.forget_server(101)

    assert await count(database, guild_id=101) == {}
    assert await count(database, guild_id=102) == before
    async with database.read() as connection:
        assert list(await connection.scalars(select(lines.c.source_id))) == [2]


async def test_nothing_of_a_member_is_left_when_the_member_is_forgotten(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    await fill(database, 2, guild_id=101, member_id=BOB)
    before = await count(database, member_id=BOB)

    await retention.forget_member(ANN)

    assert await count(database, member_id=ANN) == {}
    assert await count(database, member_id=BOB) == before


async def test_a_card_outlives_its_sharer_and_counts_the_comments_that_are_left(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    async with database.write() as connection:
        await connection.execute(update(subscriptions).values(channel_id=900))  # Ann's direct messages
    comments = CommentRepository(database)
    await comments.add(Comment(discussion_id=1, message_id=50, author_id=BOB, reply_to=1, created_at=NOON))

    await retention.forget_member(ANN)

    card = await DiscussionRepository(database).find(id=1)
    assert card is not None
    assert (card.sharer_id, card.source_id, card.note, card.comments) == (None, None, None, 1)
    assert [(comment.author_id, comment.reply_to) for comment in await comments.of(1)] == [(BOB, None)]


async def test_a_member_gets_everything_that_is_kept_about_them(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    await fill(database, 2, guild_id=101, member_id=BOB)
    await ServerRepository(database).put_member(MemberSettings(user_id=ANN, ignored=True))

    exported = json.dumps(await retention.export_member(ANN))

    found = json.loads(exported)
    assert found["settings"] == {"user_id": str(ANN), "ignored": True, "plain": False}
    assert [shared["title"] for shared in found["shared"]] == ["words 1"]
    assert [shared["note"] for shared in found["shared"]] == ["words 1"]
    assert [comment["text"] for comment in found["comments"]] == ["words 1"]
    assert [complaint["reason"] for complaint in found["complaints"]] == ["words 1"]
    assert [each["name"] for each in found["subscriptions"]] == ["words 1"]
    assert [each["name"] for each in found["followed topics"]] == ["words 1"]
    assert "words 2" not in exported
    assert str(BOB) not in exported


async def test_a_member_nobody_knows_can_ask_all_the_same(retention: RetentionService) -> None:
    await retention.forget_member(ANN)

    exported = await retention.export_member(ANN)
    assert exported["shared"] == exported["comments"] == []


async def test_the_wish_to_be_left_alone_outlives_a_member_who_is_forgotten(
    database: Database, retention: RetentionService
) -> None:
    await ServerRepository(database).put_member(MemberSettings(user_id=ANN, ignored=True, plain=True))

    await retention.forget_member(ANN)

    assert await ServerRepository(database).member(ANN) == MemberSettings(user_id=ANN, ignored=True)


async def test_a_server_that_removed_the_bot_is_forgotten_after_a_week(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    await retention.joined(101)
    await retention.left(101, NOON)
    await retention.left(101, NOON + 3 * DAY)  # told twice

    await retention.tidy(NOON + 6.9 * DAY)
    assert (await count(database, guild_id=101))["channels.guild_id"] == 1
    await retention.tidy(NOON + 7 * DAY)
    assert await count(database, guild_id=101) == {}


async def test_a_server_that_comes_back_in_time_finds_everything(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    await retention.left(101, NOON)
    await retention.joined(101)

    await retention.tidy(NOON + 30 * DAY)

    assert (await count(database, guild_id=101))["channels.guild_id"] == 1


async def test_departures_while_the_bot_was_away_are_noticed(
    database: Database, retention: RetentionService
) -> None:
    for number, guild_id in enumerate((101, 102, 103, 104), start=1):
        await fill(database, number, guild_id=guild_id, member_id=ANN)
        await retention.joined(guild_id)
    await retention.left(104, NOON - DAY)

    # Another process serves 103.
    await retention.compare([101, 104], lambda guild_id: guild_id != 103, NOON)
    await retention.tidy(NOON + 7 * DAY)

    async with database.read() as connection:
        left = list(await connection.scalars(select(discussions.c.guild_id).order_by(discussions.c.guild_id)))
    assert left == [101, 103, 104]


async def add(database: Database, name: str, read_at: datetime) -> int:
    article = Article(url=f"https://example.org/{name}", title=name, text=name)
    repository = ArticleRepository(database)
    return (await repository.add(f"example.org/{name}", [], article, Summary(), read_at)).id


async def test_an_article_goes_when_no_card_shows_it_and_no_channel_is_owed_it(database: Database) -> None:
    old, owed, left_over, shown, new = [
        await add(database, name, NOON - age * DAY)
        for name, age in (("old", 91), ("owed", 91), ("leftover", 91), ("shown", 91), ("new", 89))
    ]
    async with database.write() as connection:
        row = {"guild_id": 1, "channel_id": 2, "subscriptions": "[]", "owed_at": NOON}
        await connection.execute(insert(deliveries).values(article_id=owed, next_try=NOON, **row))
        await connection.execute(insert(deliveries).values(article_id=left_over, left_over=True, **row))
        await connection.execute(
            insert(discussions).values(
                article_id=shown, guild_id=1, channel_id=2, home_id=2, message_id=3, shared_at=NOON
            )
        )

    assert await new_retention(database).tidy(NOON) == 1

    repository = ArticleRepository(database)
    assert await repository.get(old) is None
    assert [bool(await repository.get(number)) for number in (owed, left_over, shown, new)] == [True] * 4


async def test_articles_are_kept_for_good_where_the_owner_wants_that(database: Database) -> None:
    old = await add(database, "old", NOON - 1000 * DAY)

    assert await new_retention(database, articles=None, texts=None).tidy(NOON) == 0

    assert await ArticleRepository(database).get(old)


async def test_the_words_of_comments_go_before_the_comments_do(
    database: Database, retention: RetentionService
) -> None:
    await fill(database, 1, guild_id=101, member_id=ANN)
    await retention.joined(101)
    comments = CommentRepository(database)

    await retention.tidy(NOON + 90 * DAY)
    assert [comment.text for comment in await comments.of(1)] == ["words 1"]
    await retention.tidy(NOON + 91 * DAY)

    assert [(comment.text, comment.author_id) for comment in await comments.of(1)] == [(None, ANN)]
