"""What safety costs: the round trip through the child, the event loop's delay, and hostile pages' time.

Usage: python benchmarks/safety.py [PAGE.html ...] (default: a typical page written for this purpose)
"""

from __future__ import annotations

import asyncio
import copy
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import ThreadlineError
from bot.model import Page
from bot.sandbox import Sandbox, SandboxKilled
from bot.services.reading import read_page, warm_up

ROUNDS = 30
SENTENCE = "The bridge over the river was opened on Monday after three years of work, the town said. "

#: A page with what one of them has too much of.
HOSTILE: dict[str, Callable[[], str]] = {
    "60,000 attributes": lambda: f"<div {' '.join(f'a{index}=1' for index in range(60_000))}>",
    "100,000 open boxes": lambda: "<div>" * 100_000,
    "100,000 closed boxes": lambda: "<div>x</div>" * 100_000,
    "a word of 5 MB": lambda: f"<p>{'x' * 5_000_000}</p>",
    "broken JSON-LD": lambda: '<script type="application/ld+json">{"a":"' + '\\"' * 30_000 + "</script>",
    "5 MB of <": lambda: "<" * 5_000_000,
    "100,000 links": lambda: "<a href=/x>more</a> " * 100_000,
    "500,000 comments": lambda: "<!--x-->" * 500_000,
}


def typical(before: str = "", paragraphs: int = 25) -> bytes:
    """A page of about 40 KB."""
    body = "".join(f"<p>{index} {SENTENCE * 4}</p>" for index in range(paragraphs))
    menu = "".join(
        f'<li class="menu-item"><a href="/section/{index}">Section {index}</a></li>' for index in range(200)
    )
    return (
        f"<!doctype html><html lang=en><head><title>Bridge opened</title></head><body><nav><ul>{menu}</ul></nav>"
        f"{before}<article><h1>Bridge opened</h1>{body}</article><footer>{menu}</footer></body></html>"
    ).encode()


def page_of(body: bytes) -> Page:
    return Page(
        url="https://example.org/a", requested_url="", status=200, body=body, content_type="text/html"
    )


async def watch(delays: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(0.005)
        delays.append(loop.time() - began - 0.005)


async def round_trip(sandbox: Sandbox, bodies: list[bytes]) -> None:
    for body in bodies:
        page = page_of(body)
        work, way = [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            read_page(page, 400, 5)
            work.append(time.perf_counter() - began)
            began = time.perf_counter()
            await sandbox.run(copy.copy, page)  # no work: the page goes there and comes back
            way.append(time.perf_counter() - began)
        sys.stdout.write(
            f"{len(body):,} bytes are read in {statistics.median(work) * 1000:.1f} ms; "
            f"the way to the child and back adds {statistics.median(way) * 1000:.2f} ms\n"
        )


async def survive(sandbox: Sandbox) -> None:
    for name, recipe in HOSTILE.items():
        page = page_of(typical(recipe()))
        delays: list[float] = []
        watcher = asyncio.create_task(watch(delays))
        await asyncio.sleep(0)
        began = time.perf_counter()
        try:
            article, _ = await sandbox.run(read_page, page, 400, 5)
            end = f"{article.text.count(SENTENCE.strip())} sentences"
        except (ThreadlineError, SandboxKilled) as error:
            end = type(error).__name__
        took = time.perf_counter() - began
        watcher.cancel()
        sys.stdout.write(
            f"{name:22} {took:5.2f} s, event loop at most {max(delays, default=0) * 1000:3.0f} ms late: {end}\n"
        )


async def main(bodies: list[bytes]) -> None:
    """Print the three measures."""
    warm_up()
    sandbox = Sandbox(warm_up=warm_up)
    began = time.perf_counter()
    delays: list[float] = []
    watcher = asyncio.create_task(watch(delays))
    await asyncio.sleep(0)
    sandbox.start()
    await sandbox.run(warm_up)
    watcher.cancel()
    took, late = time.perf_counter() - began, max(delays) * 1000
    sys.stdout.write(f"warm after {took:.2f} s, event loop at most {late:.0f} ms late meanwhile\n")
    await round_trip(sandbox, bodies)
    await survive(sandbox)
    await sandbox.close()


if __name__ == "__main__":
    asyncio.run(main([Path(path).read_bytes() for path in sys.argv[1:]] or [typical()]))
