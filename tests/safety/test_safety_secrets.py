"""A token, a key and a password are in no log, no error and no repr, whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import discord.gateway
import discord.http
import pytest
import yarl
from aiohttp import WSMsgType, web

from bot.app import open_app
from bot.cli.logs import TextLines
from bot.cli.serving import ServingError, serve
from bot.client import create_bot
from bot.errors import SettingsError, StoreError
from bot.settings import Settings, load
from bot.store.database import Database

BOT = {"id": "42", "username": "Threadline", "discriminator": "0", "avatar": None, "bot": True}
CANARY = "MTA0Mg.Canary.0123456789abcdefghijklmnopqrstuvwxyz"


class TroubledDiscord:
    """Answers every request alike, or lets in and then fails at the gateway."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: dict[str, Any] = {}
        self.close_code = 0  #: of the gateway; 0 refuses the handshake
        self.sessions = 0  #: that it lets begin before it closes
        self.shown: list[int] = []  #: opcodes that came with the canary
        self.seen = 0  #: requests that showed the canary

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/gateway":
            return await self._gateway(request)
        self.seen += CANARY in request.headers.get("Authorization", "")
        body = self.body
        if self.status == 200 and request.path.endswith("/users/@me"):
            body = BOT
        elif self.status == 200 and request.path.endswith("/oauth2/applications/@me"):
            body = {
                "id": "42",
                "name": "Threadline",
                "icon": None,
                "description": "",
                "flags": 0,
                "verify_key": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": {"id": "7", "username": "ann", "discriminator": "0", "avatar": None},
            }
        elif self.status == 200:
            return web.Response(body=b"[]", headers={"Content-Type": "application/json"})
        headers = {"Content-Type": "application/json", **self.headers}
        return web.Response(body=json.dumps(body).encode(), status=self.status, headers=headers)

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if not self.close_code:
            return web.Response(status=500)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            sent = json.loads(message.data) if message.type is WSMsgType.TEXT else {"op": None}
            if sent["op"] not in (2, 6):  # IDENTIFY, RESUME
                continue
            if CANARY in message.data:
                self.shown.append(sent["op"])
            if sent["op"] == 6:
                await socket.send_json({"op": 9, "d": False})  # the session is no more: begin another
            elif self.sessions:
                self.sessions -= 1
                ready = {
                    "v": 10,
                    "user": BOT,
                    "guilds": [],
                    "session_id": "s",
                    "application": {"id": "42", "flags": 0},
                }
                ready["resume_gateway_url"] = str(request.url.with_scheme("ws"))
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
                await socket.send_json({"op": 7, "d": None})  # come again, and resume
            else:
                await socket.close(code=self.close_code, message=b"no")
        return socket


@pytest.fixture
async def troubled(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TroubledDiscord]:
    here = TroubledDiscord()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", here.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port, *_ = runner.addresses[0]
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://{host}:{port}/api")
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://{host}:{port}/gateway")
    )
    yield here
    await runner.cleanup()


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All that is logged, at DEBUG and with every field, by a handler that hides nothing."""
    stream = io.StringIO()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            stream.write(f"{record.getMessage()} {record.__dict__!r}\n")
            if record.exc_info:
                stream.write("".join(traceback.format_exception(*record.exc_info)))

    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:] = [Handler()]
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def told(error: BaseException) -> str:
    """Everything an error and those behind it say."""
    chain, current = [], error
    while current is not None:
        chain.append(f"{current!r} {current} {vars(current)!r}")
        current = current.__cause__ or current.__context__  # type: ignore[assignment]
    return "\n".join([*chain, *traceback.format_exception(error)])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environ = {"THREADLINE_DATABASE_URL": f"sqlite:///{tmp_path}/t.sqlite3", "DISCORD_TOKEN": CANARY}
    return load(environ=environ)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (401, {}, {"message": "401: Unauthorized", "code": 0}),
        (403, {}, {"message": "Missing Access", "code": 50001}),
        (404, {}, {"message": "404: Not Found", "code": 0}),
        (429, {"Retry-After": "0"}, {"message": "slow", "retry_after": 0.0, "global": False}),
        (503, {}, {"message": "upstream connect error", "code": 0}),
    ],
)
async def test_a_refusal_by_discord_shows_no_token(
    status: int,
    headers: dict[str, str],
    body: dict[str, Any],
    settings: Settings,
    troubled: TroubledDiscord,
    everything_logged: io.StringIO,
) -> None:
    troubled.status, troubled.headers, troubled.body = status, headers, body

    with pytest.raises(ServingError) as caught:
        await serve(settings, CANARY)

    assert troubled.seen
    assert CANARY not in told(caught.value)
    assert CANARY not in everything_logged.getvalue()


@pytest.mark.parametrize("close_code", [4004, 4010, 4013])
async def test_a_refusal_by_the_gateway_shows_no_token(
    close_code: int, settings: Settings, troubled: TroubledDiscord, everything_logged: io.StringIO
) -> None:
    troubled.close_code = close_code

    with pytest.raises(ServingError) as caught:
        await serve(settings, CANARY)

    assert troubled.shown == [2]
    assert CANARY not in told(caught.value)
    assert CANARY not in everything_logged.getvalue()


async def test_a_token_that_is_taken_back_in_the_middle_of_a_session_is_not_shown(
    settings: Settings, troubled: TroubledDiscord, everything_logged: io.StringIO
) -> None:
    troubled.close_code, troubled.sessions = 4004, 1

    with pytest.raises(ServingError, match="does not accept the token") as caught:
        await serve(settings, CANARY)

    assert troubled.shown == [2, 6, 2]  # a session begins, is resumed in vain, and begins anew
    assert "RESUME" in everything_logged.getvalue()
    assert CANARY not in told(caught.value)
    assert CANARY not in everything_logged.getvalue()


async def test_nothing_that_is_built_shows_the_token(settings: Settings) -> None:
    app = await open_app(settings)
    bot = create_bot(settings)

    shown = f"{settings!r} {settings} {settings.model_dump()} {app!r} {bot!r} {vars(bot)!r} {bot.http!r}"
    await app.close()
    await bot.close()

    assert settings.token is not None
    assert settings.token.get_secret_value() == CANARY
    assert CANARY not in shown


@pytest.mark.parametrize(
    "written",
    [
        f"token: {CANARY}\n",
        f"discord:\n  token: {CANARY}\n",
        f"discord_token: {CANARY}\n",
        f"fetch: {CANARY}\n",
        f"fetch:\n  seconds: {CANARY}\n",
        f"log: {{level: {CANARY}}}\n",
        f"{CANARY}\n",
        f"a: [{CANARY}\n",
    ],
)
def test_a_token_in_the_wrong_place_is_not_repeated(written: str, tmp_path: Path) -> None:
    path = tmp_path / "bot.yaml"
    path.write_text(written)

    with pytest.raises(SettingsError) as caught:
        load(path, {"DISCORD_TOKEN": CANARY, "THREADLINE_FETCH__MAX_BYTES": CANARY})

    assert CANARY not in told(caught.value)


async def test_a_database_that_cannot_be_opened_shows_no_password(everything_logged: io.StringIO) -> None:
    with pytest.raises(StoreError) as caught:
        await Database.open(f"postgresql://bot:{CANARY}@127.0.0.1:9/threadline")

    assert CANARY not in f"{caught.value!r} {caught.value}"
    assert CANARY not in everything_logged.getvalue()


def test_what_strangers_say_does_not_move_a_terminal() -> None:
    try:
        raise ValueError("\x1b[2Jgone\u202e")
    except ValueError:
        seen = sys.exc_info()
    record = logging.LogRecord("bot", logging.INFO, "x.py", 1, "said \x1b[31m%s\n", ("\x9b31m",), seen)
    record.why = "\x07bell"

    line = TextLines(()).format(record)

    assert not set(line) & set("\x1b\x9b\x07\u202e")
    assert "said \\x1b[31m\\x9b31m\\n" in line
