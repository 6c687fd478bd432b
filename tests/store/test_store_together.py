"""Writers that come at the same time share a transaction, and nobody suffers for another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.model import Article, Summary
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.together import Together

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Doubling:
    """Doubles numbers, odd ones only when they come alone."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.turns.append(list(numbers))
        await self.open.wait()
        if 13 in numbers:
            raise StoreError("unlucky")
        if 0 in numbers:
            raise ZeroDivisionError
        return [2 * number for number in numbers]


async def test_whoever_comes_while_one_is_under_way_shares_the_next() -> None:
    doubling = Doubling()
    doubling.open.clear()
    together = Together(doubling)
    first = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(together.ask(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0.01)

    doubling.open.set()

    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert doubling.turns == [[1], [2, 3, 4]]


async def test_a_failure_is_told_to_nobody_else() -> None:
    together = Together(Doubling())

    one, unlucky, two = await asyncio.gather(*map(together.ask, (1, 13, 2)), return_exceptions=True)

    assert (one, two) == (2, 4)
    assert isinstance(unlucky, StoreError)


async def test_who_left_is_not_waited_for() -> None:
    doubling = Doubling()
    doubling.open.clear()
    together = Together(doubling)
    first, leaver, last = (asyncio.create_task(together.ask(number)) for number in (1, 2, 3))
    await asyncio.sleep(0.01)
    leaver.cancel()
    doubling.open.set()

    assert (await first, await last) == (2, 6)
    assert await together.ask(4) == 8


async def test_a_mistake_reaches_all_who_asked_and_later_ones_are_served() -> None:
    together = Together(Doubling())

    found = await asyncio.gather(*map(together.ask, (1, 0)), return_exceptions=True)

    assert [type(each) for each in found] == [ZeroDivisionError, ZeroDivisionError]
    assert await together.ask(2) == 4


async def test_articles_that_come_together_are_kept_but_for_one_that_cannot_be(database: Database) -> None:
    articles = ArticleRepository(database)

    async def add(key: str, title: str) -> int:
        article = Article(url=f"https://{key}", title=title, text=f"The words of {title}.")
        return (await articles.add(key, [f"{key}?a", "example.org/shared"], article, Summary(), NOON)).id

    wanted = [("example.org/b", "B"), ("example.org/a", "A"), ("example.org/b", "Late"), ("x" * 9_000, "\0")]
    found = await asyncio.gather(*(add(*each) for each in wanted), return_exceptions=True)

    kept = [await articles.get(id_) for id_ in found[:3] if isinstance(id_, int)]
    assert [each and each.article.title for each in kept] == ["B", "A", "B"]
    assert isinstance(found[3], SQLAlchemyError | int)  # PostgreSQL keeps no zero byte
    assert await articles.find("example.org/a?a") == kept[1]
