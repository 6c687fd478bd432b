"""Web servers on loopback that say exactly the bytes a test wants."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

Handler = Callable[["Visit"], Awaitable[None]]

PAGE = b"<!doctype html><title>A page</title><p>With words.</p>"


class Visit:
    """One connection: what was asked, and the way to answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        self.reader = reader
        self.writer = writer
        self.request = request
        self.path = request.split(b" ", 2)[1].decode() if request.count(b" ") >= 2 else ""
        lines = request.decode("latin-1").split("\r\n")[1:]
        self.headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
        }

    async def send(self, data: bytes) -> None:
        """Write *data* as it stands; raises ConnectionError when the client has left."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self, body: bytes = b"", *headers: str, status: str = "200 OK", content_type: str | None = "text/html"
    ) -> None:
        """Write a whole response."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        if content_type is not None:
            lines.append(f"Content-Type: {content_type}")
        await self.send("\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body)

    async def redirect(self, location: str, status: str = "302 Found") -> None:
        """Send the client elsewhere."""
        await self.answer(b"", f"Location: {location}", status=status)


class Site:
    """A server and what was asked of it."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.visits: list[Visit] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                visit = Visit(reader, writer, await reader.readuntil(b"\r\n\r\n"))
                self.visits.append(visit)
                await self.handler(visit)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()


Serve = Callable[[Handler], Awaitable[Site]]


def always(
    body: bytes = PAGE, *headers: str, status: str = "200 OK", content_type: str | None = "text/html"
) -> Handler:
    async def handler(visit: Visit) -> None:
        await visit.answer(body, *headers, status=status, content_type=content_type)

    return handler


def raw(data: bytes) -> Handler:
    async def handler(visit: Visit) -> None:
        await visit.send(data)

    return handler


def endless(head: bytes, unit: bytes, pause: float = 0.0) -> Handler:
    async def handler(visit: Visit) -> None:
        await visit.send(head)
        while True:
            await visit.send(unit)
            await asyncio.sleep(pause)

    return handler


def redirects(steps: dict[str, str], status: str = "302 Found") -> Handler:
    async def handler(visit: Visit) -> None:
        target = steps.get(visit.path)
        await (visit.answer(PAGE) if target is None else visit.redirect(target, status))

    return handler
