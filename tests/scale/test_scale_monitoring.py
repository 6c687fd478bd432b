"""A process says how it is over HTTP, with the numbers an operator needs."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert

from bot.app import App, now, open_app
from bot.cli.serving import ServingError
from bot.cli.worker import until_refused
from bot.client import create_bot
from bot.errors import StoreError
from bot.metrics import INVALID_REQUESTS, Metrics
from bot.monitoring import monitored, site
from bot.sandbox import SandboxKilled
from bot.settings import MetricsSettings, Settings
from bot.store.database import Database
from bot.store.schema import feeds


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[App]:
    opened = await open_app(Settings(database_url=database_url))
    yield opened
    await opened.close()


async def test_the_pages_tell_of_life_readiness_and_numbers(app: App, database_url: str) -> None:
    database = await Database.open(database_url)
    async with database.write() as connection:
        due = [{"url": "a", "title": "", "next_poll": now()}, {"url": "b", "title": "", "next_poll": None}]
        await connection.execute(insert(feeds), due)
    await database.close()
    connected = True

    async with TestClient(TestServer(site(app, Metrics(), lambda: connected, lambda: [(3, 0.25)]))) as client:
        assert await (await client.get("/healthz")).text() == "alive\n"
        assert (await client.get("/readyz")).status == 200
        text = await (await client.get("/metrics")).text()
        connected = False
        assert (await client.get("/readyz")).status == 503
        assert (await client.get("/healthz")).status == 200

    assert 'threadline_due{kind="feed"} 1.0' in text
    assert 'threadline_due{kind="delivery"} 0.0' in text
    assert 'threadline_given_up{kind="feed"} 1.0' in text
    assert 'threadline_shard_latency_seconds{shard="3"} 0.25' in text
    assert f"threadline_discord_invalid_requests_left {float(INVALID_REQUESTS)}" in text
    assert "process_resident_memory_bytes" in text
    (lag,) = (
        line for line in text.splitlines() if line.startswith('threadline_oldest_due_seconds{kind="feed"}')
    )
    assert 0 <= float(lag.split()[1]) < 60


class DeafJobs:
    """As the real ones are while the database restarts."""

    async def backlog(self) -> None:
        raise StoreError("The database does not answer.")


async def test_a_database_that_is_gone_makes_a_process_unready_but_not_dumb(app: App) -> None:
    deaf = dataclasses.replace(app, jobs=DeafJobs())  # type: ignore[arg-type]
    async with TestClient(TestServer(site(deaf, Metrics(), lambda: True, tuple))) as client:
        assert (await client.get("/readyz")).status == 503
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert "threadline_discord_invalid_requests_left" in await answer.text()


async def test_nothing_listens_unless_the_settings_name_a_port(app: App, database_url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with monitored(app, Metrics()), aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{port}/healthz")
    configured = Settings(database_url=database_url, metrics=MetricsSettings(port=port))
    listening = await open_app(configured)
    async with (
        monitored(listening, Metrics()),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz") as answer,
    ):
        assert answer.status == 200
    await listening.close()


async def test_what_discord_answers_is_counted_and_what_it_refuses_counts_against_us() -> None:
    times = [0.0]
    metrics = Metrics(clock=lambda: times[0])
    answers = iter(((200, None), (429, "user"), (429, "shared"), (403, None)))

    async def answer(_request: web.Request) -> web.Response:
        status, scope = next(answers)
        return web.Response(status=status, headers={"X-RateLimit-Scope": scope} if scope else {})

    pages = web.Application()
    pages.router.add_get("/", answer)
    async with (
        TestServer(pages) as server,
        aiohttp.ClientSession(trace_configs=[metrics.discord_trace()]) as session,
    ):
        url = server.make_url("/")
        for _ in range(4):
            await session.get(url)
    async with aiohttp.ClientSession(trace_configs=[metrics.discord_trace()]) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(url)  # which is closed by now

    text = metrics.show((), (), (), 0).decode()
    assert 'threadline_discord_requests_total{method="GET",status="429"} 2.0' in text
    assert 'threadline_discord_requests_total{method="GET",status="0"} 1.0' in text
    assert f"threadline_discord_invalid_requests_left {INVALID_REQUESTS - 2.0}" in text
    times[0] = 601.0
    assert (
        f"threadline_discord_invalid_requests_left {float(INVALID_REQUESTS)}"
        in metrics.show((), (), (), 0).decode()
    )


class DeadlyChild:
    async def run(self, function: object, *args: object, **kwargs: object) -> object:
        if args:
            raise SandboxKilled("too slow")
        return "read"


async def test_reading_is_timed_and_killed_children_are_counted() -> None:
    metrics = Metrics()
    child = metrics.metered(DeadlyChild())  # type: ignore[arg-type]

    def read_page(*args: object) -> str:
        return "never called"

    assert await child.run(read_page) == "read"
    with pytest.raises(SandboxKilled):
        await child.run(read_page, "bomb")

    text = metrics.show((), (), (), 0).decode()
    assert 'threadline_extraction_seconds_count{work="read_page"} 2.0' in text
    assert 'threadline_extraction_kills_total{work="read_page"} 1.0' in text


async def test_the_bot_counts_its_own_requests(tmp_path: Path) -> None:
    bot = create_bot(Settings(database_url=f"sqlite:///{tmp_path}/t.sqlite3"))

    assert bot.http.http_trace is not None
    await bot.close()


async def test_a_deliverer_whose_token_is_refused_ends_and_says_so(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/t.sqlite3")
    bot = create_bot(settings)
    bot.app = await open_app(settings)

    async def refused(_now: datetime) -> int:
        await bot.close()  # as the cog that posts does
        return 0

    for name in bot.app.workers.names:
        bot.app.workers.remove(name)
    bot.app.workers.add("deliver", refused, seconds=60)

    with pytest.raises(ServingError, match="does not accept the token"):
        async with asyncio.timeout(30):
            await until_refused(bot)
