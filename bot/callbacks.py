"""Answers hubs (W3C WebSub) on the address that the operator made public, and nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from aiohttp import web

from bot.app import App, now
from bot.errors import StoreError
from bot.feeds.hubs import Signature
from bot.services.hubs import HubService

MAX_BYTES = 8 * 1024 * 1024  #: of what a hub sends, which is hashed and kept nowhere
SECONDS = 15.0  #: that it may take to send it
_LONGEST_CHALLENGE = 2_000  #: characters
_PIECE = 64 * 1024  #: bytes
_SHARES = hasattr(socket, "SO_REUSEPORT")
_GONE = 410  #: tells a hub to tell no more
_PATH = "/{before:(?:[^/]+/)*}{path:[A-Za-z0-9_-]{32}}"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def hearing(app: App) -> AsyncIterator[None]:
    """Answer hubs for as long as the context lasts, where the settings name a public address.

    Processes on one machine share the port: whichever is free answers. Raises OSError: port taken.
    """
    settings = app.settings.websub
    if app.hubs is None or not settings.port:
        yield
        return
    runner = web.AppRunner(site(app.hubs, now), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port, reuse_port=_SHARES).start()
        yield
    finally:
        await runner.cleanup()


def site(hubs: HubService, clock: Callable[[], datetime]) -> web.Application:
    """The one page: any path ends in a callback's, for a reverse proxy may leave its own before it."""

    async def verify(request: web.Request) -> web.Response:
        query = request.query
        mode, self_url = query.get("hub.mode", ""), query.get("hub.topic", "")
        challenge = query.get("hub.challenge", "")
        callback = await hubs.find(request.match_info["path"])
        if callback is None:
            return web.Response(status=404)
        if mode == "denied":
            await hubs.refused(callback, self_url, clock())
            return web.Response()
        fits = 0 < len(challenge) <= _LONGEST_CHALLENGE
        if not fits or not await hubs.agree(
            callback, mode, self_url, query.get("hub.lease_seconds"), clock()
        ):
            return web.Response(status=404)
        # Bytes of a stranger's choosing: a browser must not take them for a page.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
        return web.Response(text=challenge, content_type="text/plain", headers=headers)

    async def take(request: web.Request) -> web.Response:
        callback = await hubs.find(request.match_info["path"])
        if callback is None or callback.leaving:
            return web.Response(status=_GONE)
        if callback.secret is not None and not await _is_signed(request, callback.secret):
            return web.Response(status=202)  # whoever forges is told nothing
        await hubs.told(callback, clock())
        return web.Response(status=202)

    pages = web.Application(middlewares=[_patient])
    pages.add_routes([web.get(_PATH, verify, allow_head=False), web.post(_PATH, take)])
    return pages


@web.middleware
async def _patient(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except StoreError:
        return web.Response(status=503)  # hubs try again


async def _is_signed(request: web.Request, secret: str) -> bool:
    signature = Signature(request.headers.get("X-Hub-Signature", ""), secret)
    size = 0
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.content.iter_chunked(_PIECE):
                size += len(piece)
                if size > MAX_BYTES:
                    return False
                signature.update(piece)
    except (TimeoutError, web.RequestPayloadError):
        return False
    return signature.holds()
