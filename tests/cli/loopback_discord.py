"""A Discord on loopback, as far as logging in goes: HTTP API and gateway, over real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord.gateway
import discord.http
import pytest
import yarl
from aiohttp import WSMsgType, web

MESSAGE_CONTENT = 1 << 15
BOT = {"id": "42", "username": "Threadline", "discriminator": "0", "avatar": None, "bot": True}


class LoopbackDiscord:
    """Lets in who shows *token*; grants Message Content only where *content* says so."""

    def __init__(self, token: str, *, content: bool = True) -> None:
        self.token = token
        self.content = content
        self.closed_with = 0  #: close code for everybody, 0 for nobody
        self.sessions = 0
        self.url = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/{path:.*}", self._api)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port, *_ = runner.addresses[0]
        self.url = f"{host}:{port}"
        try:
            yield
        finally:
            await runner.cleanup()

    def stand_in(self, patch: pytest.MonkeyPatch) -> None:
        """Have discord.py find us where it expects Discord."""
        patch.setattr(discord.http.Route, "BASE", f"http://{self.url}/api")
        patch.setattr(
            discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://{self.url}/gateway")
        )

    async def _api(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        match request.match_info["path"]:
            case "users/@me":
                return _json(BOT)
            case "oauth2/applications/@me":
                application = {"id": "42", "name": "Threadline", "icon": None, "description": "", "flags": 0}
                owner = BOT | {"id": "7", "bot": False}
                return _json(
                    application
                    | {"owner": owner, "verify_key": "", "bot_public": True, "bot_require_code_grant": False}
                )
            case path if path.endswith("/commands"):
                return _json([])
            case _:
                return _json({"message": "404: Not Found", "code": 0}, status=404)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            sent = json.loads(message.data)
            if sent["op"] == 1:
                await socket.send_json({"op": 11})
            if sent["op"] == 2:
                await self._identify(socket, sent["d"])
        return socket

    async def _identify(self, socket: web.WebSocketResponse, wanted: dict[str, object]) -> None:
        intents = wanted["intents"]
        if self.closed_with:
            await socket.close(code=self.closed_with)
        elif not self.content and isinstance(intents, int) and intents & MESSAGE_CONTENT:
            await socket.close(code=4014)
        else:
            self.sessions += 1
            ready = {
                "v": 10,
                "user": BOT,
                "guilds": [],
                "session_id": "s",
                "application": {"id": "42", "flags": 0},
            }
            ready["resume_gateway_url"] = f"ws://{self.url}/gateway"
            await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})


def _json(value: object, status: int = 200) -> web.Response:
    # discord.py wants the bare media type.
    return web.Response(
        body=json.dumps(value).encode(), status=status, headers={"Content-Type": "application/json"}
    )
