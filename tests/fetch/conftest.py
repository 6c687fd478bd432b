"""A web server to misbehave and a client to survive it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from loopback import Handler, Serve, Site

from bot.fetch.client import FetchClient, FetchLimits
from bot.fetch.guard import AddressGuard
from bot.fetch.pace import HostPace


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with contextlib.AsyncExitStack() as stack:
        meetings: set[asyncio.Task[None]] = set()

        async def start(handler: Handler) -> Site:
            site = Site(handler)

            def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.get_running_loop().create_task(site.meet(reader, writer))
                meetings.add(task)
                task.add_done_callback(meetings.discard)

            server = await asyncio.start_server(meet, "127.0.0.1", 0)
            stack.callback(server.close)
            site.port = server.sockets[0].getsockname()[1]
            return site

        yield start
        for task in list(meetings):
            task.cancel()
        await asyncio.gather(*meetings, return_exceptions=True)
        await asyncio.sleep(0)  # for the transports to close


@pytest.fixture
async def client() -> AsyncIterator[FetchClient]:
    """A client that may visit loopback, with short limits."""
    limits = FetchLimits(bytes=200_000, seconds=1.0, connect_seconds=0.5)
    client = FetchClient(
        "Threadline/0 (+https://example.org)", AddressGuard(allow={"127.0.0.1"}), limits, pace=HostPace(0.0)
    )
    yield client
    await client.close()
