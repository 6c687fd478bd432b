"""A stand-in for Discord on the wire, in a process of its own, and the site whose feeds the bot reads.

REST and a gateway as far as the bot uses them, with what makes delivery hard: nonces that are remembered for
a while, threads that exist once (160004), buckets and a global limit (429), replies that get lost, requests
that never arrive, 5xx, and the bot killed in the middle of a request.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import time
import zlib
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiohttp import WSMsgType, web

BOT = 1000
GUILD = 2000
OWNER = 3000
NONCE_SECONDS = 180.0  #: how long a nonce is remembered
EPOCH_MS = 1_420_070_400_000
GLOBAL_LIMIT = 50  #: requests a second
ADMINISTRATOR = 8

Handler = Any


@dataclass
class Message:
    """A message of the bot."""

    id: int
    channel_id: int
    nonce: str | None
    at: float
    components: list[Any]
    mentions: dict[str, Any]
    edits: int = 0


@dataclass
class World:
    """Everything the stand-in knows."""

    channels: tuple[int, ...]
    rng: random.Random
    guilds: int = 1  #: the channels are dealt out to them in turn
    concurrency: int = 1  #: sessions that may begin at once
    bucket: tuple[int, float] = (5, 0.25)  #: so many messages a channel in so many seconds
    strict: bool = True  #: keep to GLOBAL_LIMIT
    offset: float = 0.0  #: of the clock
    victim: int = 0  #: process id
    #: kill at the n-th request of a kind, "post<" before it is worked on, "post>" after
    plan: tuple[str, int] | None = None
    seen: Counter[str] = field(default_factory=Counter)
    faults: float = 0.0
    messages: dict[int, Message] = field(default_factory=dict)
    threads: dict[int, str] = field(default_factory=dict)
    feeds: dict[str, list[str]] = field(default_factory=dict)  #: paths of entries, the newest first
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  #: title and text by path
    counts: Counter[str] = field(default_factory=Counter)
    sent: dict[int, deque[float]] = field(default_factory=dict)
    lately: deque[float] = field(default_factory=deque)
    stamps: list[float] = field(default_factory=list)
    last_id: int = 0

    def now(self) -> float:
        return time.time() + self.offset

    def guild_of(self, channel: int) -> int:
        """The server a channel is in."""
        return guild_id((channel - self.channels[0]) % self.guilds)

    def guilds_of(self, shard: int, count: int) -> list[int]:
        """The numbers of the servers that a shard serves, by Discord's rule."""
        return [number for number in range(self.guilds) if (guild_id(number) >> 22) % count == shard]

    def snowflake(self) -> int:
        made = (int(self.now() * 1000) - EPOCH_MS) << 22
        self.last_id = max(made, self.last_id + 1)
        return self.last_id

    def kill_if_planned(self, kind: str) -> bool:
        """Kill the bot where the plan says so."""
        self.seen[kind] += 1
        if self.plan != (kind, self.seen[kind]):
            return False
        self.plan = None
        os.kill(self.victim, signal.SIGKILL)
        return True


def guild_id(number: int) -> int:
    """The id of a server; one after another they fall to one shard after another."""
    return GUILD + (number << 22)


def user(id_: int, name: str, *, bot: bool = False) -> dict[str, Any]:
    return {
        "id": str(id_),
        "username": name,
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": bot,
    }


def channel_json(id_: int, guild: int) -> dict[str, Any]:
    return {
        "id": str(id_),
        "type": 0,
        "guild_id": str(guild),
        "name": f"channel-{id_}",
        "position": 0,
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
    }


def guild_json(world: World, number: int = 0) -> dict[str, Any]:
    guild = guild_id(number)
    everyone = {
        "id": str(guild),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(ADMINISTRATOR),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    member = {
        "user": user(BOT, "threadline", bot=True),
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    return {
        "id": str(guild),
        "name": "Reading room",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(OWNER),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "stickers": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": 1,
        "voice_states": [],
        "members": [member],
        "channels": [channel_json(id_, guild) for id_ in world.channels[number :: world.guilds]],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
    }


def message_json(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user(BOT, "threadline", bot=True),
        "content": "",
        "timestamp": datetime.fromtimestamp(message.at, UTC).isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 32768,
        "components": message.components,
    }


def json_reply(data: object, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as Discord labels it: discord.py wants no charset there."""
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


class Discord:
    """The REST half."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        base = "/api/v10"
        return [
            web.get(f"{base}/users/@me", self.me),
            web.get(f"{base}/gateway/bot", self.gateway_bot),
            web.get(f"{base}/oauth2/applications/@me", self.application),
            web.put(f"{base}/applications/{{app}}/commands", self.commands),
            web.get(f"{base}/channels/{{channel}}", self.channel),
            web.post(f"{base}/channels/{{channel}}/messages", self.limited("post", self.post)),
            web.get(f"{base}/channels/{{channel}}/messages", self.limited("look", self.history)),
            web.patch(f"{base}/channels/{{channel}}/messages/{{message}}", self.limited("edit", self.edit)),
            web.post(
                f"{base}/channels/{{channel}}/messages/{{message}}/threads",
                self.limited("thread", self.thread),
            ),
        ]

    async def me(self, _request: web.Request) -> web.Response:
        return json_reply(user(BOT, "threadline", bot=True))

    async def gateway_bot(self, request: web.Request) -> web.Response:
        limit = {
            "total": 1000,
            "remaining": 1000,
            "reset_after": 0,
            "max_concurrency": self.world.concurrency,
        }
        return json_reply({"url": f"ws://{request.host}/gateway", "shards": 1, "session_start_limit": limit})

    async def application(self, _request: web.Request) -> web.Response:
        return json_reply(
            {
                "id": str(BOT),
                "name": "Threadline",
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "team": None,
                "owner": user(OWNER, "owner"),
            }
        )

    async def commands(self, _request: web.Request) -> web.Response:
        return json_reply([])

    async def channel(self, request: web.Request) -> web.Response:
        channel = int(request.match_info["channel"])
        return json_reply(channel_json(channel, self.world.guild_of(channel)))

    def limited(self, kind: str, handle: Handler) -> Handler:
        """Wrap a request in limits, faults and the kill plan."""

        async def answer(request: web.Request) -> web.StreamResponse:
            world = self.world
            world.counts[kind] += 1
            world.stamps.append(time.monotonic())
            if world.kill_if_planned(f"{kind}<"):
                return _lost(request)
            if refusal := self._over_limit(request, kind):
                world.counts["429"] += 1
                return refusal
            chance = world.rng.random() if world.faults else 1.0
            if chance < world.faults * 0.25:
                return _lost(request)  # the request never arrived
            if chance < world.faults * 0.5:
                return json_reply({"message": "unavailable", "code": 0}, status=503)
            response: web.Response = await handle(request)
            if world.kill_if_planned(f"{kind}>"):
                return _lost(request)
            if chance < world.faults * 0.9:
                return _lost(request)  # the reply is lost
            if chance < world.faults:
                return json_reply({"message": "bad gateway", "code": 0}, status=502)
            self._say_limits(request, response, kind)
            return response

        return answer

    def _over_limit(self, request: web.Request, kind: str) -> web.Response | None:
        world, now = self.world, time.monotonic()
        if world.strict:
            while world.lately and now - world.lately[0] > 1:
                world.lately.popleft()
            if len(world.lately) >= GLOBAL_LIMIT:
                wait = 1 - (now - world.lately[0])
                return _too_many(wait, "global", {"X-RateLimit-Global": "true"}, everywhere=True)
            world.lately.append(now)
        if kind != "post":
            return None
        most, seconds = world.bucket
        sent = world.sent.setdefault(int(request.match_info["channel"]), deque())
        while sent and now - sent[0] > seconds:
            sent.popleft()
        if len(sent) >= most:
            return _too_many(seconds - (now - sent[0]), "user", {}, everywhere=False)
        sent.append(now)
        return None

    def _say_limits(self, request: web.Request, response: web.Response, kind: str) -> None:
        if kind != "post":
            return
        most, seconds = self.world.bucket
        sent = self.world.sent[int(request.match_info["channel"])]
        left = seconds - (time.monotonic() - sent[0])
        response.headers.update(
            {
                "X-RateLimit-Bucket": "messages",
                "X-RateLimit-Limit": str(most),
                "X-RateLimit-Remaining": str(most - len(sent)),
                "X-RateLimit-Reset": str(time.time() + left),
                "X-RateLimit-Reset-After": f"{max(left, 0):.3f}",
            }
        )

    async def post(self, request: web.Request) -> web.Response:
        world, channel = self.world, int(request.match_info["channel"])
        data = await _payload(request)
        nonce = data.get("nonce")
        if nonce is not None and data.get("enforce_nonce"):
            for message in world.messages.values():
                fresh = world.now() - message.at < NONCE_SECONDS
                if message.nonce == nonce and message.channel_id == channel and fresh:
                    world.counts["repeat dropped"] += 1
                    return json_reply(message_json(message))
        message = Message(
            id=world.snowflake(),
            channel_id=channel,
            nonce=nonce,
            at=world.now(),
            components=data.get("components", []),
            mentions=data.get("allowed_mentions", {}),
        )
        world.messages[message.id] = message
        return json_reply(message_json(message))

    async def history(self, request: web.Request) -> web.Response:
        channel, query = int(request.match_info["channel"]), request.query
        after, limit = int(query.get("after", 0)), int(query.get("limit", 50))
        found = [m for m in self.world.messages.values() if m.channel_id == channel and m.id > after]
        found = sorted(found, key=lambda m: m.id)[:limit]
        return json_reply([message_json(message) for message in reversed(found)])

    async def edit(self, request: web.Request) -> web.Response:
        message = self.world.messages.get(int(request.match_info["message"]))
        if message is None:
            return json_reply({"message": "Unknown Message", "code": 10008}, status=404)
        data = await _payload(request)
        message.components = data.get("components", message.components)
        message.edits += 1
        return json_reply(message_json(message))

    async def thread(self, request: web.Request) -> web.Response:
        world, number = self.world, int(request.match_info["message"])
        if number not in world.messages:
            return json_reply({"message": "Unknown Message", "code": 10008}, status=404)
        if number in world.threads:
            said = "A thread has already been created for this message"
            return json_reply({"message": said, "code": 160004}, status=400)
        data = await _payload(request)
        world.threads[number] = data["name"]
        return json_reply(
            {
                "id": str(number),
                "type": 11,
                "guild_id": str(world.guild_of(int(request.match_info["channel"]))),
                "parent_id": request.match_info["channel"],
                "owner_id": str(BOT),
                "name": data["name"],
                "last_message_id": None,
                "rate_limit_per_user": 0,
                "message_count": 0,
                "member_count": 1,
                "total_message_sent": 0,
                "flags": 0,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": "2026-01-01T00:00:00+00:00",
                    "locked": False,
                },
            },
            status=201,
        )

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """The gateway half: hello, ready, the servers of the shard."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        packer = zlib.compressobj()
        sequence = 0

        async def send(op: int, data: Any, name: str | None = None) -> None:
            nonlocal sequence
            sequence += name is not None
            raw = json.dumps({"op": op, "d": data, "s": sequence if name else None, "t": name}).encode()
            await socket.send_bytes(packer.compress(raw) + packer.flush(zlib.Z_SYNC_FLUSH))

        await send(10, {"heartbeat_interval": 41_250})
        with contextlib.suppress(ConnectionError):
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                order = json.loads(frame.data)
                op = order["op"]
                if op == 1:
                    await send(11, None)
                elif op == 2:
                    shard = order["d"].get("shard", [0, 1])
                    guilds = self.world.guilds_of(*shard)
                    ready = {
                        "v": 10,
                        "user": user(BOT, "threadline", bot=True),
                        "guilds": [{"id": str(guild_id(number)), "unavailable": True} for number in guilds],
                        "session_id": "s",
                        "shard": shard,
                        "resume_gateway_url": f"ws://{request.host}/gateway",
                        "application": {"id": str(BOT), "flags": 0},
                    }
                    await send(0, ready, "READY")
                    for number in guilds:
                        await send(0, guild_json(self.world, number), "GUILD_CREATE")
        return socket


def _too_many(wait: float, scope: str, headers: dict[str, str], *, everywhere: bool) -> web.Response:
    wait = max(wait, 0.01)
    return json_reply(
        {"message": "You are being rate limited.", "retry_after": wait, "global": everywhere},
        status=429,
        # Without Via discord.py would take this for a ban by the proxy in front.
        headers={"Via": "1.1 google", "Retry-After": f"{wait:.3f}", "X-RateLimit-Scope": scope, **headers},
    )


def _lost(request: web.Request) -> web.StreamResponse:
    """Break the connection instead of an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _payload(request: web.Request) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        return dict(json.loads(str(form["payload_json"])))
    return dict(await request.json())


class Site:
    """The site whose feeds the bot reads, and what the harness tells the stand-in."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/feed/{name}", self.feed),
            web.get("/page/{name}", self.page),
            web.post("/control", self.control),
            web.get("/control", self.report),
        ]

    async def feed(self, request: web.Request) -> web.Response:
        paths = self.world.feeds.get(request.match_info["name"], [])
        tag = f'"{len(paths)}-{paths[0] if paths else ""}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        items = "".join(
            f"<item><title>{escape(self.world.pages[path][0])}</title>"
            f"<link>http://{request.host}/page/{path}</link></item>"
            for path in paths[:60]
        )
        body = f'<rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": tag})

    async def page(self, request: web.Request) -> web.Response:
        title, text = self.world.pages[request.match_info["name"]]
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
        body = f"<html><head><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{paragraphs}"
        return web.Response(text=body, content_type="text/html")

    async def control(self, request: web.Request) -> web.Response:
        """Change the world: clock, victim, plan, faults, feeds and pages."""
        world, order = self.world, await request.json()
        for name in ("offset", "victim", "faults", "strict"):
            if name in order:
                setattr(world, name, order[name])
        if "plan" in order:
            world.plan = tuple(order["plan"]) if order["plan"] else None
            world.seen.clear()
        if "bucket" in order:
            world.bucket = tuple(order["bucket"])
        for name, paths in order.get("feeds", {}).items():
            known = world.feeds.setdefault(name, [])
            known[:0] = paths
        world.pages.update({path: tuple(page) for path, page in order.get("pages", {}).items()})
        return web.json_response({})

    async def report(self, _request: web.Request) -> web.Response:
        """Everything that stands in the channels."""
        world = self.world
        return web.json_response(
            {
                "messages": [
                    [m.id, m.channel_id, json.dumps(m.components), m.edits, m.mentions]
                    for m in world.messages.values()
                ],
                "threads": list(world.threads),
                "counts": dict(world.counts),
                "seen": dict(world.seen),
                "stamps": world.stamps,
            }
        )


async def serve(world: World) -> None:
    discord, site = Discord(world), Site(world)
    app = web.Application()
    app.add_routes([*discord.routes(), *site.routes(), web.get("/gateway/", discord.gateway)])
    app.add_routes([web.get("/gateway", discord.gateway)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    print(runner.addresses[0][1], flush=True)
    # The harness holds our standard input: when it ends, so do we.
    await asyncio.get_running_loop().run_in_executor(None, os.read, 0, 1)
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--guilds", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    world = World(
        channels=tuple(range(5000, 5000 + args.channels)),
        rng=random.Random(args.seed),
        guilds=args.guilds,
        concurrency=args.concurrency,
    )
    asyncio.run(serve(world))


if __name__ == "__main__":
    main()
