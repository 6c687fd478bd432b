"""How fast cards are delivered, against a stand-in for Discord that keeps to Discord's limits.

    python benchmarks/deliveries.py [--channels 200] [--articles 10]

The stand-in (tests/torture/standin.py, a process of its own) takes 50 requests a second of a bot and five
messages in five seconds of a channel, and answers 429 to more. Every article is owed to every channel. Printed:
requests a second from the first to the last, and how many were answered with 429.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.model import Article, Outlet, Sentence, Summary
from bot.store.articles import ArticleRepository
from bot.store.database import Database
from bot.store.deliveries import DeliveryRepository
from bot.store.digests import DigestRepository
from tests.torture.harness import GUILD, tortured

DISCORDS_BUCKET = (5, 5.0)  #: messages a channel, in so many seconds


async def owe(url: str, channels: range, articles: int) -> None:
    database = await Database.open(url)
    now = datetime.now(UTC)
    for channel in channels:
        await DigestRepository(database).put(Outlet(guild_id=GUILD, channel_id=channel, cap=10_000))
    for number in range(articles):
        text = f"The council voted on plan {number}."
        article = Article(url=f"https://example.org/{number}", title=f"Plan {number}", text=text)
        summary = Summary(sentences=(Sentence(text=text, start=0, end=len(text)),))
        reading = await ArticleRepository(database).add(f"example.org/{number}", (), article, summary, now)
        wanted = {(GUILD, channel): () for channel in channels}
        await DeliveryRepository(database).owe(reading.id, wanted, now)
    await database.close()


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--articles", type=int, default=10)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/deliveries.sqlite3"
        async with tortured(url, channels=args.channels, bucket=DISCORDS_BUCKET) as running:
            await owe(url, range(5000, 5000 + args.channels), args.articles)
            await running.live_once()
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{running.control}/control") as answer,
            ):
                report = await answer.json()
            await running.close()
    stamps = sorted(report["stamps"])
    seconds = stamps[-1] - stamps[0]
    print(f"{len(report['messages'])} cards, {len(stamps)} requests in {seconds:.1f} s:", end=" ")
    print(f"{len(stamps) / seconds:.1f} a second; {report['counts'].get('429', 0)} answered with 429")


if __name__ == "__main__":
    asyncio.run(main())
