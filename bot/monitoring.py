"""Answers /metrics, /healthz and /readyz to whoever looks after the bot; never to the web."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.app import App, now
from bot.errors import ThreadlineError
from bot.metrics import Metrics
from bot.tracing import exporting

SECONDS = 5.0  #: that the database may take to answer

#: The shards of this process with their latencies; empty where there is none.
Latencies = Callable[[], Iterable[tuple[int, float]]]


@asynccontextmanager
async def monitored(
    app: App, metrics: Metrics, *, connected: Callable[[], bool] = lambda: True, latencies: Latencies = tuple
) -> AsyncIterator[None]:
    """Answer for as long as the context lasts, where the settings name a port, and send spans where they name a place.

    Raises OSError: port taken; SettingsError: an extra is missing.
    """
    async with (
        exporting(app.settings.tracing.endpoint, "threadline"),
        _answering(app, metrics, connected, latencies),
    ):
        yield


@asynccontextmanager
async def _answering(
    app: App, metrics: Metrics, connected: Callable[[], bool], latencies: Latencies
) -> AsyncIterator[None]:
    settings = app.settings.metrics
    if not settings.port:
        yield
        return
    runner = web.AppRunner(site(app, metrics, connected, latencies), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        yield
    finally:
        await runner.cleanup()


def site(app: App, metrics: Metrics, connected: Callable[[], bool], latencies: Latencies) -> web.Application:
    """The three pages."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_request: web.Request) -> web.Response:
        if not connected():
            return web.Response(status=503, text="not connected to Discord\n")
        try:
            async with asyncio.timeout(SECONDS):
                await app.jobs.backlog()
        except (ThreadlineError, TimeoutError):
            return web.Response(status=503, text="the database does not answer\n")
        return web.Response(text="ready\n")

    async def show(_request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(SECONDS):
                backlog, given_up = await app.jobs.backlog(), await app.jobs.given_up()
        except (ThreadlineError, TimeoutError):
            backlog, given_up = (), ()  # what this process counted by itself is shown all the same
        text = metrics.show(backlog, given_up, latencies(), now().timestamp())
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    pages = web.Application()
    pages.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", show)])
    return pages
