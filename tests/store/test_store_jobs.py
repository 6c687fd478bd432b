"""What waits and what was given up is counted, named and tried again, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bot.model import Article, Backlog, GivenUp, JobKind, Summary
from bot.services.jobs import JobService
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.gateway import GatewayRepository
from bot.store.jobs import JobRepository
from bot.store.schema import deliveries, digests, feeds

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EARLIER = NOON - timedelta(hours=1)


def new_service(database: Database) -> JobService:
    return JobService(JobRepository(database), database.queue, lambda: NOON)


async def owe(database: Database, channel_id: int, **values: object) -> None:
    reading = await ArticleRepository(database).add(
        "example.org/a", [], Article(url="https://example.org/a"), Summary(), NOON
    )
    row = {
        "article_id": reading.id,
        "guild_id": 1,
        "channel_id": channel_id,
        "subscriptions": "[]",
        "owed_at": EARLIER,
        "attempts": 3,
        "left_over": False,
    }
    async with database.write() as connection:
        await connection.execute(insert(deliveries).values({**row, **values}))


async def test_what_is_due_is_counted_with_the_age_of_the_oldest(database: Database) -> None:
    await owe(database, 2, next_try=NOON)
    await owe(database, 3, next_try=EARLIER, owed_at=EARLIER - timedelta(hours=1))
    await owe(database, 4, next_try=NOON + timedelta(seconds=1))
    await owe(database, 5, next_try=None)

    backlog = {one.kind: one for one in await new_service(database).backlog()}

    assert backlog[JobKind.DELIVERY] == Backlog(
        kind=JobKind.DELIVERY, due=2, oldest=EARLIER - timedelta(hours=1)
    )
    assert backlog[JobKind.FEED] == Backlog(kind=JobKind.FEED, due=0, oldest=None)
    queue = {JobKind.JOB} if database.dialect == "postgresql" else set()
    assert set(backlog) == {*JobKind} - {JobKind.JOB} | queue


async def test_what_was_given_up_is_named_with_the_reason_and_can_be_tried_again(database: Database) -> None:
    service = new_service(database)
    await owe(database, 2, dropped_why="The channel is gone.")
    async with database.write() as connection:
        dead = {"url": "https://example.org/feed", "title": "", "status": 410}
        await connection.execute(insert(feeds).values(**dead))
        late = {"guild_id": 1, "channel_id": 7, "due_at": EARLIER, "dropped_why": "No permission."}
        await connection.execute(insert(digests).values(**late))

    assert await service.given_up() == (
        GivenUp(kind=JobKind.DELIVERY, id=1, channel_id=2, why="The channel is gone."),
        GivenUp(kind=JobKind.DIGEST, id=1, channel_id=7, why="No permission."),
        GivenUp(kind=JobKind.FEED, id=1, url="https://example.org/feed", why="HTTP 410"),
    )
    for kind in (JobKind.DELIVERY, JobKind.DIGEST, JobKind.FEED):
        assert await service.try_again(kind, [1, 99]) == 1
        assert await service.try_again(kind, [1]) == 0
        assert await service.try_again(kind, []) == 0

    assert await service.given_up() == ()
    due = {one.kind for one in await service.backlog() if one.due} - {JobKind.JOB}
    assert due == {JobKind.DELIVERY, JobKind.DIGEST, JobKind.FEED}


async def test_what_waits_by_itself_needs_no_second_chance(database: Database) -> None:
    await owe(database, 2, next_try=NOON + timedelta(hours=1))

    assert await new_service(database).try_again(JobKind.DELIVERY, [1]) == 0
    assert await new_service(database).try_again(JobKind.PASTE, [1]) == 0

    async with database.read() as connection:
        assert (await connection.execute(select(deliveries.c.attempts))).scalar_one() == 3


async def test_processes_take_turns_at_the_gateway(empty_postgresql: str) -> None:
    one, other = await Database.open(empty_postgresql), await Database.open(empty_postgresql)
    turns = GatewayRepository(one), GatewayRepository(other)

    waits = [await turns[number % 2].take_turn(0, apart=1000) for number in range(4)]

    assert waits[0] == 0
    assert [round(wait, -1) for wait in waits] == [0, 1000, 2000, 3000]
    assert await turns[1].take_turn(1, apart=1000) == 0  # another bucket
    await one.close()
    await other.close()
