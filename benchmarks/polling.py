"""One round of polls of many feeds on loopback: seconds, CPU and memory, with a fifth of the feeds changed.

    python benchmarks/polling.py [--feeds 10000] [--changed 0.2] [--entries 20]

The server is a process of its own. Every feed has a host of its own, as on the web, so that the pace of one
request a second and host holds nobody up. The first round sees every feed and asks every host for its
robots.txt; the measured one follows when everything is due again: unchanged feeds answer 304, changed ones
with one new entry. Feeds are parsed in the child as always. Memory is the most that the bot's process and its
child ever had (VmHWM).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import func, select, update

from bot.fetch.client import FetchClient, FetchLimits
from bot.fetch.guard import AddressGuard
from bot.model import Entry, Reading
from bot.sandbox import Sandbox
from bot.services.feeds import FeedService
from bot.services.robots import RobotsService
from bot.store.database import Database, insert_new
from bot.store.feeds import FeedRepository
from bot.store.schema import feed_entries, feeds, subscriptions

ROWS = 500


class Loopback(AbstractResolver):
    """Every host is this computer."""

    async def resolve(
        self, host: str, port: int = 0, _family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """Nothing is open."""


class Nobody:
    """Reads nothing: the round of polls alone is measured."""

    async def read(self, url: str) -> Reading:
        raise NotImplementedError

    async def read_teaser(self, entry: Entry) -> Reading:
        raise NotImplementedError


def feed(number: int, entries: int, newest: int) -> str:
    """The feed of a host, with *newest* entries more than at first."""
    items = "".join(
        f"<item><title>Story {n} of {number}</title><link>http://f{number}.example.com/{n}</link>"
        f"<guid>f{number}-{n}</guid><pubDate>Tue, 24 Nov 2026 {n % 24:02}:00:00 GMT</pubDate>"
        f"<description>{'What the council said about the harbour. ' * 8}</description></item>"
        for n in range(entries + newest, newest, -1)
    )
    return f'<rss version="2.0"><channel><title>Feed {number}</title>{items}</channel></rss>'


async def serve(entries: int) -> None:
    """The server: prints its port, counts on with every line of standard input."""
    changed: set[int] = set()

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        number = int(request.host.partition(".")[0][1:])
        tag = f'"{number}-{number in changed}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        body = feed(number, entries, int(number in changed))
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": tag})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        changed.update(map(int, line.split()))
        print("changed", flush=True)


async def fill(database: Database, count: int, port: int, now: datetime) -> None:
    """Follow so many feeds, each in a channel."""
    async with database.write() as connection:
        for start in range(0, count, ROWS):
            numbers = range(start, min(start + ROWS, count))
            rows: list[dict[str, Any]] = [
                {
                    "id": n + 1,
                    "url": f"http://f{n}.example.com:{port}/feed",
                    "title": "",
                    "failures": 0,
                    "moves": 0,
                    "published": "[]",
                    "next_poll": now,
                }
                for n in numbers
            ]
            await connection.execute(insert_new(feeds, rows))
            rows = [
                {
                    "guild_id": n % 1000,
                    "channel_id": n,
                    "name": "feed",
                    "feed_id": n + 1,
                    "paused": False,
                    "created_by": 1,
                    "created_at": now,
                }
                for n in numbers
            ]
            await connection.execute(insert_new(subscriptions, rows))


def peak_memory(pid: str) -> float:
    """The most MB that a process ever had."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def children() -> list[str]:
    """The process ids of our children, the server's among them."""
    found = Path("/proc/self/task").glob("*/children")
    return [pid for path in found for pid in path.read_text(encoding="utf-8").split()]


async def measured(name: str, poll: Callable[[], Any]) -> None:
    began, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    asked = await poll()
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(
        f"{name}: {asked} feeds in {time.perf_counter() - began:.1f} s, {used:.1f} s CPU of the bot's process"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--changed", type=float, default=0.2)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        await serve(args.entries)
        return
    pipe = asyncio.subprocess.PIPE
    arguments = (sys.executable, __file__, "--serve", "--entries", str(args.entries))
    server = await asyncio.create_subprocess_exec(*arguments, stdin=pipe, stdout=pipe, limit=2**20)
    assert server.stdout is not None
    assert server.stdin is not None
    port = int(await server.stdout.readline())
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite:///{folder}/polling.sqlite3")
        await fill(database, args.feeds, port, now)
        guard = AddressGuard(ports={port}, allow=frozenset({f"127.0.0.1:{port}"}))
        fetcher = FetchClient("Threadline/0 (benchmark)", guard, FetchLimits(), resolver=Loopback())
        sandbox = Sandbox()
        sandbox.start()

        async def tell(_brought: Sequence[tuple[Reading, int]]) -> None:
            raise NotImplementedError

        robots = RobotsService(fetcher, sandbox, "Threadline", lambda: now)
        service = FeedService(
            FeedRepository(database), fetcher, robots, sandbox, Nobody(), tell, random=random.random
        )
        await measured("first round ", lambda: service.poll_due(now))
        changed = random.Random(1).sample(range(args.feeds), round(args.feeds * args.changed))
        server.stdin.write((" ".join(map(str, changed)) + "\n").encode())
        await server.stdout.readline()
        async with database.write() as connection:
            await connection.execute(update(feeds).values(next_poll=now))
        await measured("second round", lambda: service.poll_due(now + timedelta(minutes=1)))
        waiting = select(func.count()).select_from(feed_entries).where(feed_entries.c.next_read.is_not(None))
        async with database.read() as connection:
            print(f"new entries to be read: {(await connection.execute(waiting)).scalar_one()}")
        ours, parsers = peak_memory("self"), [pid for pid in children() if pid != str(server.pid)]
        theirs = sum(map(peak_memory, parsers))
        print(f"memory: {ours:.0f} MB, parsing child {theirs:.0f} MB, together {ours + theirs:.0f} MB")
        await sandbox.close()
        await fetcher.close()
        await database.close()
    server.stdin.close()
    await server.wait()


if __name__ == "__main__":
    asyncio.run(main())
