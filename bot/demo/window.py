"""The demo's front page: lists rooms and links, and puts the preview of one room at a time beside them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import discord
from aiohttp import web
from simcord import Preview

from bot.demo.site import PAGES, SampleSite, images
from bot.demo.world import Room, World

FOLDER = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    "/demo/icon.svg": ("icon.svg", "image/svg+xml"),
    "/demo/page.css": ("page.css", "text/css"),
    "/demo/page.js": ("page.js", "text/javascript"),
    "/demo/window.css": ("window.css", "text/css"),
}
MAX_BODY = 27 * 1024 * 1024  # what the preview takes with uploads
#: Sent by our page only; a page of another site cannot send it without asking first.
OUR_HEADER = "X-Threadline-Demo"
_PASSED_UP = ("X-Simcord-Capability", "X-Simcord-Context", "Content-Type", "Accept")
_NOT_PASSED_DOWN = frozenset(
    {"content-length", "transfer-encoding", "connection", "date", "server", "x-frame-options"}
)


class Window:
    """Serves the front page and, on the same origin, the preview that stands in it."""

    def __init__(self, world: World, site: SampleSite, *, wait: Callable[[], Awaitable[object]]) -> None:
        self._world = world
        self._site = site
        self._wait = wait  #: makes the time pass that a card waits before its count is edited
        # simcord does one thing at a time; what members do in the preview and what we do take turns.
        self._turn = asyncio.Lock()
        self._preview: Preview | None = None
        self._opened = 0
        self._room = world.articles.id
        self._viewer = next(iter(world.members))
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.address = ""

    async def start(self, port: int = 0) -> None:
        """Listen on *port*, 0 for any free one; raises OSError when it is taken."""
        app = web.Application(client_max_size=MAX_BODY, middlewares=[self._ours_only])
        for path in FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/demo/state", self._state)
        app.router.add_post("/demo/show", self._show)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._session = aiohttp.ClientSession(trust_env=False)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound, *_ = self._runner.addresses[0]
        self.address = f"http://{host}:{bound}/"
        async with self._turn:
            await self._open()

    async def close(self) -> None:
        """Stop listening and end the preview."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()
        if self._preview is not None:
            await self._preview.close()

    # ---------------------------------------------------------------- our own page

    @web.middleware
    async def _ours_only(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        # A name that an attacker points at this address would arrive as another Host.
        hosts = {self.address.removeprefix("http://").rstrip("/")}
        hosts |= {host.replace("127.0.0.1", "localhost") for host in hosts}
        if request.host not in hosts:
            raise web.HTTPForbidden(text="This is the Threadline demo of another address.")
        if (
            request.method == "POST"
            and request.path.startswith("/demo/")
            and OUR_HEADER not in request.headers
        ):
            raise web.HTTPForbidden(text="Only the demo's own page may do that.")
        return await handler(request)

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = FILES[request.path]
        return web.Response(
            text=(FOLDER / name).read_text(encoding="utf-8"),
            content_type=kind,
            headers={
                "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
            },
        )

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self.state(), headers={"Cache-Control": "no-store"})

    def state(self) -> dict[str, Any]:
        """What the front page shows; ids are strings, since JavaScript cannot hold them as numbers."""
        return {
            "window": self._window_address(),
            "room": str(self._room),
            "viewer": str(self._viewer),
            "members": [
                {"id": str(member.id), "name": member.user.global_name}
                for member in self._world.members.values()
            ],
            "rooms": [_room(room) for room in self._world.rooms()],
            "pages": [
                {"url": f"{self._site.origin}{page.path}", "title": page.title, "note": page.note}
                for page in PAGES
            ],
        }

    def _window_address(self) -> str:
        capability = self._preview.url.partition("#")[2] if self._preview else ""
        return f"/window?{self._opened}#{capability}"

    async def _show(self, request: web.Request) -> web.Response:
        wanted = await _json(request)
        room = self._world.room(_id(wanted, "room"))
        viewer = _id(wanted, "viewer")
        if room is None or viewer not in self._world.members:
            raise web.HTTPNotFound(text="There is no such room or member.")
        async with self._turn:
            self._room, self._viewer = room.handle.id, viewer
            await self._wait()
            await self._world.catch_up()
            await self._open()
        return web.json_response(self.state())

    async def _open(self) -> None:
        """Point the preview at the current room; it is made for one room, so there is a new one each time."""
        room = self._world.room(self._room)
        if room is None:
            raise web.HTTPNotFound(text="That room is gone.")
        # None meanwhile: the frame still asks while one is closed and another opens.
        left, self._preview = self._preview, None
        if left is not None:
            await left.close()
        preview = self._world.env.preview(
            room.handle,
            viewers=[self._world.members[self._viewer]],
            layout="channel",
            assets=images(self._site.origin) | self._world.avatars(),
        )
        await preview.__aenter__()
        self._preview = preview
        self._opened += 1

    # ---------------------------------------------------------------- the preview behind it

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        """Hand the preview's own pages and calls on; it may stand in a frame of ours, in no other."""
        if self._preview is None or self._session is None:
            raise web.HTTPServiceUnavailable(text="The preview is not open.")
        origin = self._preview.url.partition("/#")[0]
        path = "/" if request.path == "/window" else request.path_qs
        call = self._session.request(
            request.method,
            f"{origin}{path}",
            data=await request.read() or None,
            headers={name: request.headers[name] for name in _PASSED_UP if name in request.headers},
            allow_redirects=False,
        )
        try:
            if request.path == "/api/action":
                async with self._turn:
                    await self._world.catch_up()
                    async with call as answer:
                        response = await _answer(request, answer)
                    # Or “now” would stay the moment at which the room was entered.
                    if self._preview is not None:
                        await self._preview.refresh()
                    return response
            async with call as answer:
                return await _answer(request, answer)
        except aiohttp.ClientError as error:
            # The frame still asks for a room that was left.
            raise web.HTTPServiceUnavailable(text="This window was closed.") from error


async def _answer(request: web.Request, answer: aiohttp.ClientResponse) -> web.Response:
    body = await answer.read()
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_PASSED_DOWN}
    if "Content-Security-Policy" in headers:
        headers["Content-Security-Policy"] = headers["Content-Security-Policy"].replace(
            "frame-ancestors 'none'", "frame-ancestors 'self'"
        )
    if request.path == "/window":
        link = b'<link rel="stylesheet" href="/demo/window.css"></head>'
        body = body.replace(b"</head>", link, 1)
    return web.Response(status=answer.status, body=body, headers=headers)


def _room(room: Room) -> dict[str, Any]:
    return {
        "id": str(room.handle.id),
        "name": room.handle.name,
        "kind": room.kind,
        "messages": sum(
            message.type is not discord.MessageType.thread_starter_message
            for message in room.handle.history()
        ),
    }


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        value = json.loads(await request.read())
    except ValueError as error:
        raise web.HTTPBadRequest(text="That is not JSON.") from error
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="A JSON object is wanted.")
    return value


def _id(wanted: dict[str, Any], name: str) -> int:
    value = wanted.get(name)
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 20:
        raise web.HTTPBadRequest(text=f"“{name}” has to be an id.")
    return int(value)
