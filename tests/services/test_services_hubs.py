"""Hubs are asked to tell of news in feeds, and believed no further than they must be."""

from __future__ import annotations

import contextlib
import hmac
import io
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from yarl import URL

from bot.callbacks import MAX_BYTES, site
from bot.errors import StoreError
from bot.fetch.client import FetchClient, FetchLimits
from bot.fetch.guard import AddressGuard
from bot.fetch.pace import HostPace
from bot.model import FollowedFeed, Page
from bot.services.hubs import GOODBYES, HubService
from bot.store.callbacks import CallbackRepository
from bot.store.database import Database
from bot.store.feeds import FeedRepository
from tests.services.feeding import FEED, World, rss

HUB = "https://hub.example.net/"
SELF = "https://example.org/self"
A, B = (f"https://example.org/{name}" for name in "ab")
SECRET = f"{1:032}"  # the second of the tokens that are drawn
SIGNED = "sha256=" + hmac.digest(SECRET.encode(), b"news", "sha256").hex()


@dataclass
class Wish:
    """What a hub was asked for, and how its question whether that was meant was met."""

    form: dict[str, str]
    answer: int = 0
    echo: str = ""


@dataclass
class LoopbackHub:
    """Takes wishes, asks back, and tells whoever agreed."""

    lease: int = 86_400
    lies: str = ""  #: the feed it asks back about instead of the one wished for
    status: int = 202
    wishes: list[Wish] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        wish = Wish({name: str(value) for name, value in (await request.post()).items()})
        self.wishes.append(wish)
        if self.status == 202:
            wish.answer, wish.echo = await self.verify(wish.form)
        return web.Response(status=self.status)

    async def verify(self, form: dict[str, str], **changed: str) -> tuple[int, str]:
        """Ask a subscriber whether it meant that."""
        asked = {
            "hub.mode": form["hub.mode"],
            "hub.topic": self.lies or form["hub.topic"],
            "hub.challenge": "<b>42</b>",
            "hub.lease_seconds": str(self.lease),
        } | {f"hub.{name}": value for name, value in changed.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.get(form["hub.callback"], params=asked) as response,
        ):
            assert response.content_type != "text/html"
            return response.status, await response.text()

    async def push(self, body: bytes, headers: dict[str, str]) -> int:
        """Tell the subscriber that asked last."""
        url = self.wishes[-1].form["hub.callback"]
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=io.BytesIO(body), headers=headers) as response,
        ):
            return response.status


class Scene:
    """A followed feed that names a hub, and a bot that the hub can reach."""

    def __init__(self, world: World, hub: LoopbackHub, hubs: HubService, loopback: URL) -> None:
        self.world = world
        self.hub = hub
        self.hubs = hubs
        self.loopback = loopback
        self.hub_url = HUB
        self.feed_id = 0

    async def _feed(self) -> FollowedFeed:
        feed = await self.world.feeds.get(self.feed_id)
        assert feed is not None
        return feed

    async def is_told(self) -> bool:
        """Whether the hub's word still holds."""
        until = (await self._feed()).told_until
        return until is not None and until > self.world.clock()

    async def hours_to_poll(self) -> float:
        """How long until the feed is asked."""
        when = (await self._feed()).next_poll
        assert when is not None
        return (when - self.world.clock()).total_seconds() / 3600

    async def ask(self, **passed: float) -> None:
        """Let time pass, then ask the hubs that are due."""
        now = self.world.clock.pass_time(**passed)
        while await self.hubs.ask_due(now):
            pass

    async def push(self, body: bytes = b"news") -> int:
        """Have the hub tell, as one that has the secret."""
        secret = self.hub.wishes[0].form["hub.secret"].encode()
        return await self.hub.push(
            body, {"X-Hub-Signature": "sha256=" + hmac.digest(secret, body, "sha256").hex()}
        )

    def show(self, *links: str) -> None:
        """Have the feed show these articles."""
        for link in links:
            self.world.page(link, f"About {link}")
        named = f'<atom:link rel="hub" href="{self.hub_url}"/><atom:link href="{SELF}" rel="self"/>'
        self.world.web.pages[FEED] = (
            rss(*links)
            .replace("<title>News</title>", f"<title>News</title>{named}")
            .replace("<rss ", '<rss xmlns:atom="http://www.w3.org/2005/Atom" ')
        )


class Wire:
    """Brings forms to hubs, over the real client; one hub's encrypted address leads to loopback."""

    def __init__(self, client: FetchClient, hub: str) -> None:
        self._client = client
        self._hub = hub

    async def post(self, url: str, form: Mapping[str, str]) -> None:
        await self._client.post(self._hub if url == HUB else url, form)


@pytest.fixture
async def scene(database: Database) -> AsyncIterator[Scene]:
    async with contextlib.AsyncExitStack() as stack:
        world, hub, feeds = World(database), LoopbackHub(), FeedRepository(database)
        guard, limits = AddressGuard(allow={"127.0.0.1"}), FetchLimits(seconds=5.0, connect_seconds=1.0)
        client = FetchClient("Threadline/0", guard, limits, pace=HostPace(0.0))
        stack.push_async_callback(client.close)
        pages = web.Application()
        pages.add_routes([web.post("/hub", hub.take)])
        server = await stack.enter_async_context(TestServer(pages))
        port, numbers = unused_port(), itertools.count()
        hubs = HubService(
            CallbackRepository(database),
            feeds,
            Wire(client, str(server.make_url("/hub"))),
            f"http://127.0.0.1:{port}/behind/a/proxy/",
            lambda: f"{next(numbers):032}",
        )
        await stack.enter_async_context(TestServer(site(hubs, world.clock), port=port))
        scene = Scene(world, hub, hubs, server.make_url("/hub"))
        scene.show()
        scene.feed_id = await world.follow_feed()
        world.clock.pass_time(minutes=1)
        yield scene


async def test_a_hub_that_agrees_tells_and_the_news_is_posted_before_the_next_poll(scene: Scene) -> None:
    await scene.ask()
    (wish,) = scene.hub.wishes
    assert (wish.form["hub.mode"], wish.form["hub.topic"]) == ("subscribe", SELF)
    assert (wish.answer, wish.echo) == (200, "<b>42</b>")
    assert await scene.is_told()

    scene.show(A)
    assert await scene.push() == 202
    await scene.world.run()

    assert scene.world.discord.titles(10) == [f"About {A}"]


async def test_a_feed_is_asked_rarely_once_its_hub_has_told_and_often_again_when_it_misses_news(
    scene: Scene,
) -> None:
    await scene.ask()
    scene.show(A)
    await scene.push()
    await scene.world.run()
    assert await scene.hours_to_poll() < 0.2  # caches may not show the news yet

    for _ in range(4):
        scene.world.clock.pass_time(minutes=6)
        await scene.world.run()
    assert 3.5 < await scene.hours_to_poll() < 4.5

    scene.show(B, A)
    scene.world.clock.pass_time(hours=5)
    await scene.world.run()
    assert scene.world.discord.titles(10) == [f"About {A}", f"About {B}"]
    assert await scene.hours_to_poll() < 2


async def test_a_hub_that_never_told_slows_nothing_down(scene: Scene) -> None:
    scene.world.clock.pass_time(hours=2)
    await scene.world.run()
    before = await scene.hours_to_poll()
    await scene.ask()

    scene.world.clock.pass_time(hours=2)
    await scene.world.run()

    assert await scene.is_told()
    assert await scene.hours_to_poll() == pytest.approx(before, rel=0.1)


async def test_a_hub_that_asks_about_another_feed_is_not_believed(scene: Scene) -> None:
    scene.hub.lies = "https://example.org/other"

    await scene.ask()

    assert scene.hub.wishes[0].answer == 404
    assert not await scene.is_told()
    form = scene.hub.wishes[0].form
    assert (await scene.hub.verify(form, topic=SELF, mode="unsubscribe"))[0] == 404
    assert (await scene.hub.verify(form, topic=SELF, challenge=""))[0] == 404
    unknown = form | {"hub.callback": form["hub.callback"][:-1] + "x"}
    assert (await scene.hub.verify(unknown, topic=SELF))[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature": "sha256=" + "0" * 64},
        {"X-Hub-Signature": "md5=" + hmac.digest(SECRET.encode(), b"news", "md5").hex()},
        {"X-Hub-Signature": "sha256=é"},
        {"X-Hub-Signature": "sha512=" + hmac.digest(SECRET.encode(), b"else", "sha512").hex()},
        {"X-Hub-Signature": SIGNED, "Content-Encoding": "gzip"},
    ],
)
async def test_a_forged_push_is_acknowledged_and_ignored(scene: Scene, headers: dict[str, str]) -> None:
    await scene.ask()
    before = await scene.hours_to_poll()

    assert await scene.hub.push(b"news", headers) == 202

    assert await scene.hours_to_poll() == before


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_each_method_of_the_specification_signs(scene: Scene, method: str) -> None:
    await scene.ask()
    digits = hmac.digest(SECRET.encode(), b"news", method).hex().upper()

    assert await scene.hub.push(b"news", {"X-Hub-Signature": f"{method}={digits}"}) == 202

    assert await scene.hours_to_poll() == 0


async def test_a_push_that_is_too_large_is_not_read_to_its_end(scene: Scene) -> None:
    await scene.ask()
    before = await scene.hours_to_poll()
    body = b"x" * (MAX_BYTES + 1)

    with contextlib.suppress(aiohttp.ClientError):  # the answer may come while the body is still being sent
        await scene.push(body)

    assert await scene.hours_to_poll() == before


async def test_without_encryption_no_secret_is_sent_and_the_path_alone_is_trusted(scene: Scene) -> None:
    scene.hub_url = str(scene.loopback)
    scene.show()
    scene.world.clock.pass_time(hours=2)
    await scene.world.run()

    await scene.ask()
    assert "hub.secret" not in scene.hub.wishes[-1].form
    assert await scene.hub.push(b"news", {}) == 202

    assert await scene.hours_to_poll() == 0


async def test_a_lease_is_renewed_before_it_ends_and_lapses_with_a_dead_hub(scene: Scene) -> None:
    scene.hub.lease = 4 * 3600
    await scene.ask()
    await scene.ask(hours=2)
    assert len(scene.hub.wishes) == 1
    await scene.ask(hours=1.5)
    assert len(scene.hub.wishes) == 2
    assert scene.hub.wishes[0].form["hub.callback"] == scene.hub.wishes[1].form["hub.callback"]

    scene.hub.status = 503
    await scene.ask(hours=3.5)
    assert await scene.is_told()
    for _ in range(3):
        await scene.ask(hours=1)
    assert not await scene.is_told()
    scene.world.clock.pass_time(hours=6)
    await scene.world.run()
    assert await scene.hours_to_poll() < 3.5

    scene.hub.status = 202
    await scene.ask(days=1)
    assert await scene.is_told()


async def test_a_hub_that_does_not_answer_is_asked_less_and_less_often(scene: Scene) -> None:
    scene.hub.status = 500

    for _ in range(48):
        await scene.ask(minutes=30)

    assert 5 <= len(scene.hub.wishes) <= 9


async def test_a_hub_that_refuses_is_asked_again_on_another_day(scene: Scene) -> None:
    await scene.ask()
    form = scene.hub.wishes[0].form

    await scene.hub.verify(form, mode="denied", topic=FEED)
    assert await scene.is_told()
    await scene.hub.verify(form, mode="denied")
    assert not await scene.is_told()

    await scene.ask(hours=12)
    assert len(scene.hub.wishes) == 1
    await scene.ask(hours=13)
    assert len(scene.hub.wishes) == 2


async def test_the_hub_is_left_when_the_last_server_removes_the_feed(scene: Scene) -> None:
    await scene.ask()
    (subscription,) = await scene.world.subscriptions.of_guild(1)
    await scene.world.subscriptions.remove(subscription.id)
    await scene.world.feeds.tidy(scene.world.clock())

    await scene.ask()

    assert [wish.form["hub.mode"] for wish in scene.hub.wishes] == ["subscribe", "unsubscribe"]
    assert scene.hub.wishes[1].answer == 200
    assert await scene.push() == 410
    await scene.ask(days=2)
    assert len(scene.hub.wishes) == 2


async def test_a_hub_that_cannot_be_left_is_forgotten_after_some_tries(scene: Scene) -> None:
    await scene.ask()
    (subscription,) = await scene.world.subscriptions.of_guild(1)
    await scene.world.subscriptions.change(subscription.id, paused=True)
    scene.hub.status = 503

    for _ in range(20):
        await scene.ask(hours=6)

    assert [wish.form["hub.mode"] for wish in scene.hub.wishes] == ["subscribe", *["unsubscribe"] * GOODBYES]


async def test_a_feed_that_is_taken_up_again_is_told_of_again(scene: Scene) -> None:
    await scene.ask()
    (subscription,) = await scene.world.subscriptions.of_guild(1)
    await scene.world.subscriptions.change(subscription.id, paused=True)
    scene.hub.status = 503
    await scene.ask()
    assert not await scene.is_told()

    await scene.world.subscriptions.change(subscription.id, paused=False)
    scene.hub.status = 202
    await scene.ask()

    assert scene.hub.wishes[-1].form["hub.mode"] == "subscribe"
    assert await scene.is_told()


async def test_a_hub_at_a_closed_address_is_never_asked(scene: Scene) -> None:
    scene.hub_url = "https://169.254.169.254/latest"
    scene.show()
    scene.world.clock.pass_time(hours=2)
    await scene.world.run()

    await scene.ask()

    assert scene.hub.wishes == []
    assert not await scene.is_told()


async def test_news_that_are_told_of_during_a_poll_are_not_missed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.ask()
    scene.world.clock.pass_time(hours=2)
    get, world = scene.world.web.get, scene.world

    async def told_meanwhile(url: str, **options: Any) -> Page:
        page = await get(url, **options)
        monkeypatch.undo()
        world.clock.pass_time(seconds=5)
        scene.show(A)
        await scene.push()
        return page

    monkeypatch.setattr(world.web, "get", told_meanwhile)
    await world.feeds.poll_due(world.clock())
    assert world.web.asked.count(FEED) == 2
    world.clock.pass_time(seconds=30)
    await world.run()

    assert world.discord.titles(10) == [f"About {A}"]


async def test_a_hub_is_told_to_come_again_while_the_database_does_not_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.ask()

    async def silent(*_arguments: object) -> None:
        raise StoreError("The database does not answer.")

    monkeypatch.setattr(CallbackRepository, "find", silent)

    assert await scene.push() == 503
