"""Kills the bot at seeded points, again and again over one database, and counts what was lost and doubled."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, select, update

from bot.model import ChannelSettings, Outlet, ThreadMode
from bot.store.channels import ChannelRepository
from bot.store.database import Database
from bot.store.deliveries import DeliveryRepository
from bot.store.digests import DigestRepository
from bot.store.feeds import FeedRepository
from bot.store.schema import feed_entries, feeds
from bot.store.subscriptions import SubscriptionRepository

ROOT = Path(__file__).parents[2]
GUILD = 2000
FEED_ONE, FEED_BOTH, TOPIC = 5000, 5001, 5002
CHANNELS = {FEED_ONE: ThreadMode.ALWAYS, FEED_BOTH: ThreadMode.ON_DEMAND, TOPIC: ThreadMode.ALWAYS}
WITHIN = 70  #: seconds between lives, so that a debt is taken over while Discord remembers its nonce
PAST = 240  #: so that it does not

#: (kind, the latest of its events at which a life is ended)
POINTS = (
    *(("fetch<", 4), ("fetch>", 4), ("extract<", 4), ("extract>", 4), ("store<", 24), ("store>", 24)),
    *(("post<", 4), ("post>", 4), ("thread<", 2), ("thread>", 2), ("edit<", 1), ("edit>", 1)),
)
WEIGHTS = (1, 1, 1, 1, 3, 3, 4, 5, 3, 3, 2, 2)
PAST_WEIGHTS = (0, 0, 0, 0, 2, 2, 6, 8, 2, 2, 1, 1)


@dataclass
class Outcome:
    """What a run found."""

    points: Counter[str] = field(default_factory=Counter)  #: kills by kind
    owed: int = 0  #: (article, channel) pairs
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    threads_lost: int = 0
    joined: int = 0  #: named on another card, as they should be
    repeats: int = 0  #: sends that Discord dropped by their nonce
    looks: int = 0  #: pages of history that were read
    seconds: float = 0.0

    def __str__(self) -> str:
        where = ", ".join(f"{kind} {count}" for kind, count in sorted(self.points.items()))
        return (
            f"{sum(self.points.values())} kills ({where}); {self.owed} cards owed, {self.joined} of them joined, "
            f"{self.repeats} repeats dropped, {self.looks} looks; lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, threads lost {self.threads_lost}; {self.seconds:.0f} s"
        )


class Torture:
    """One database, one stand-in, and as many lives of the bot as it takes."""

    def __init__(self, url: str, database: Database, control: str, victims: Any, seed: int) -> None:
        self._url = url
        self._database = database
        self.control = control
        self._victims = victims
        self._rng = random.Random(seed)
        self._offset = 0.0
        self._wanted: list[tuple[str, frozenset[int]]] = []
        self._session = aiohttp.ClientSession()
        self.outcome = Outcome()

    async def set_up(self, bucket: tuple[int, float]) -> None:
        """Have three channels follow two feeds and a topic."""
        await self._tell(bucket=bucket)
        now = datetime.now(UTC)
        channels, outlets = ChannelRepository(self._database), DigestRepository(self._database)
        for channel, threads in CHANNELS.items():
            await channels.put(ChannelSettings(guild_id=GUILD, channel_id=channel, threads=threads))
            await outlets.put(Outlet(guild_id=GUILD, channel_id=channel, cap=1_000_000))
        known = FeedRepository(self._database)
        one = await known.follow(f"{self.control}/feed/one", "", now)
        two = await known.follow(f"{self.control}/feed/two", "", now)
        subscriptions = SubscriptionRepository(self._database)
        common = {"guild_id": GUILD, "created_by": 1}
        await subscriptions.add(now, channel_id=FEED_ONE, name="one", feed_id=one.id, **common)
        await subscriptions.add(now, channel_id=FEED_BOTH, name="one", feed_id=one.id, **common)
        await subscriptions.add(now, channel_id=FEED_BOTH, name="two", feed_id=two.id, **common)
        await subscriptions.add(now, channel_id=TOPIC, name="ferry", query="ferry", **common)
        assert not await self._live(None)  # both feeds were seen, empty

    async def kill(self, points: int, *, step: float, faults: float) -> None:
        """End so many lives before their work is done."""
        began = time.monotonic()
        await self._tell(faults=faults)
        weights = WEIGHTS if step == WITHIN else PAST_WEIGHTS
        while sum(self.outcome.points.values()) < points:
            self._offset += step
            if self._rng.random() < 0.6:  # with more, what early deaths leave undone would pile up
                await self._publish()
            ((kind, last),) = self._rng.choices(POINTS, weights)
            if await self._live((kind, self._rng.randint(1, last))):
                self.outcome.points[kind] += 1
        self.outcome.seconds += time.monotonic() - began

    async def finish(self) -> Outcome:
        """Let the bot do what is left, and count."""
        await self._tell(faults=0)
        for _ in range(40):
            self._offset += 1_900
            assert not await self._live(None)
            if not await self._left():
                break
        await self._count()
        await self.close()
        return self.outcome

    async def _publish(self) -> None:
        """Give each feed an entry; now and then the second tells the first one's story."""
        number = len(self._wanted)
        first, second = f"a{number}", f"b{number}"
        text, topical = self._story(), self._rng.random() < 0.5
        other, other_topical = self._story(), self._rng.random() < 0.3
        if self._rng.random() < 0.4:
            other, other_topical = f"{text}\nMore is expected next week.", topical
        text += "\nThe ferry waits." if topical else ""
        other += "\nThe ferry waits." if other_topical else ""
        await self._tell(
            pages={first: [f"Story {first}", text], second: [f"Story {second}", other]},
            feeds={"one": [first], "two": [second]},
        )
        self._wanted.append((first, frozenset({FEED_ONE, FEED_BOTH} | ({TOPIC} if topical else set()))))
        self._wanted.append((second, frozenset({FEED_BOTH} | ({TOPIC} if other_topical else set()))))

    def _story(self) -> str:
        words = ["".join(self._rng.choices("abcdefghijklmnop", k=7)) for _ in range(120)]
        return "\n".join(" ".join(words[at : at + 20]).capitalize() + "." for at in range(0, 120, 20))

    async def live_once(self) -> None:
        """Let the bot do what it finds to do."""
        assert not await self._live(None)

    async def close(self) -> None:
        """Hang up."""
        await self._session.close()

    async def _live(self, plan: tuple[str, int] | None) -> bool:
        """Run the bot once; whether it was killed."""
        async with self._database.write() as connection:
            await connection.execute(update(feeds).values(next_poll=datetime.now(UTC) - timedelta(days=1)))
        port = int(self.control.rpartition(":")[2])
        order = {"port": port, "database": self._url, "offset": self._offset, "plan": plan}
        self._victims.stdin.write(f"{json.dumps(order)}\n".encode())
        pid = json.loads(await self._victims.stdout.readline())["pid"]
        await self._tell(offset=self._offset, victim=pid, plan=plan)
        self._victims.stdin.write(b"go\n")
        ended = json.loads(await self._victims.stdout.readline())
        if not ended["killed"] and ended["code"]:
            raise RuntimeError(f"a life ended with {ended['code']}; its traceback is on standard error")
        return bool(ended["killed"])

    async def _left(self) -> int:
        waiting = select(func.count()).select_from(feed_entries).where(feed_entries.c.next_read.is_not(None))
        async with self._database.read() as connection:
            entries = (await connection.execute(waiting)).scalar_one()
        return int(entries) + await DeliveryRepository(self._database).open()

    async def _count(self) -> None:
        async with self._session.get(f"{self.control}/control") as response:
            report = await response.json()
        cards: Counter[tuple[str, int]] = Counter()
        named: Counter[tuple[str, int]] = Counter()
        threads = set(report["threads"])
        for number, channel, components, _, _ in report["messages"]:
            own = set(_button_pages(json.loads(components)))
            cards.update((page, channel) for page in own)
            named.update((page, channel) for page in _named_pages(components) - own)
            if CHANNELS[channel] is ThreadMode.ALWAYS and number not in threads:
                self.outcome.threads_lost += 1
        for page, channels in self._wanted:
            for channel in channels:
                self.outcome.owed += 1
                own, joined = cards[page, channel], named[page, channel]
                self.outcome.joined += bool(joined)
                if own + joined == 0:
                    self.outcome.lost.append(f"{page} in {channel}")
                if own + bool(joined) > 1:
                    self.outcome.doubled.append(f"{page} in {channel}")
        self.outcome.repeats = report["counts"].get("repeat dropped", 0)
        self.outcome.looks = report["counts"].get("look", 0)

    async def _tell(self, **order: Any) -> None:
        async with self._session.post(f"{self.control}/control", json=order) as response:
            response.raise_for_status()


def _button_pages(components: list[dict[str, Any]]) -> list[str]:
    """The pages that buttons lead to: of each card its own."""
    found = [c["url"].rpartition("/page/")[2] for c in components if "/page/" in c.get("url", "")]
    for component in components:
        found += _button_pages(component.get("components", []))
    return found


def _named_pages(components: str) -> set[str]:
    """The pages that a message links to in its text."""
    return {part.partition(")")[0] for part in components.split("/page/")[1:] if ")" in part[:20]}


@asynccontextmanager
async def tortured(
    url: str, seed: int = 1, *, channels: int = 3, bucket: tuple[int, float] = (5, 0.25)
) -> AsyncIterator[Torture]:
    """A torture ready to begin; both helpers end with it.

    *bucket* says how many messages a channel takes in how many seconds.
    """
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    pipe = asyncio.subprocess.PIPE
    options: dict[str, Any] = {"stdin": pipe, "stdout": pipe, "env": environ, "cwd": ROOT}
    run = asyncio.create_subprocess_exec
    standin = await run(
        *(sys.executable, "-m", "tests.torture.standin", "--channels", str(channels), "--seed", str(seed)),
        **options,
    )
    victims = await run(sys.executable, "-m", "tests.torture.victims", **options)
    database = await Database.open(url)
    try:
        assert standin.stdout is not None
        port = int(await standin.stdout.readline())
        torture = Torture(url, database, f"http://127.0.0.1:{port}", victims, seed)
        await torture.set_up(bucket)
        yield torture
    finally:
        await database.close()
        for process in (standin, victims):
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
