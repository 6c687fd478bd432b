"""The demo's front page: rooms, members and links, and the preview of one room behind them."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.demo.running import Demo, opened
from bot.demo.window import OUR_HEADER


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    """The demo, opened and closed by one task: simcord minds in whose context it is ended."""
    running: asyncio.Future[Demo] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def live() -> None:
        try:
            async with opened() as demo:
                running.set_result(demo)
                await over.wait()
        except BaseException as error:
            if running.done():
                raise
            running.set_exception(error)

    task = asyncio.create_task(live())
    yield await running
    over.set()
    await task


@pytest.fixture
async def session(demo: Demo) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(demo.window.address) as session:
        yield session


async def show(session: aiohttp.ClientSession, room: int, viewer: int) -> dict[str, Any]:
    wanted = {"room": str(room), "viewer": str(viewer)}
    async with session.post("/demo/show", json=wanted, headers={OUR_HEADER: "1"}) as answer:
        assert answer.status == 200, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


async def test_it_lists_rooms_members_and_links(demo: Demo, session: aiohttp.ClientSession) -> None:
    async with session.get("/demo/state") as answer:
        state = await answer.json()

    assert [(room["kind"], room["name"]) for room in state["rooms"]] == [
        ("channel", "articles"),
        ("channel", "news"),
        ("forum", "book-club"),
        ("post", "Worth an evening?"),
    ]
    assert [member["name"] for member in state["members"]] == ["Ana", "Ben", "Chidi"]
    assert state["room"] == str(demo.world.articles.id)
    assert len(state["pages"]) >= 8
    assert all(page["url"].startswith(f"{demo.site.origin}/") for page in state["pages"])


async def test_a_link_becomes_a_card_a_thread_and_a_count_as_one_walks_about(
    demo: Demo, session: aiohttp.ClientSession
) -> None:
    ana, ben, _ = demo.world.members.values()
    await ana.send(demo.world.articles, f"{demo.site.origin}/ferry")
    card = demo.world.articles.last_message
    assert "Night ferry returns after eleven years" in json.dumps(
        [part.to_dict() for part in card.components]
    )

    await ben.click(card, label="Discuss")
    (thread,) = demo.world.articles.threads
    await ben.send(thread, "I remember the old one.")
    state = await show(session, demo.world.articles.id, ben.id)

    assert ("thread", "Night ferry returns after eleven years") in [
        (room["kind"], room["name"]) for room in state["rooms"]
    ]
    shown = demo.world.articles.history()
    assert "1 comment" in json.dumps([part.to_dict() for message in shown for part in message.components])


async def test_no_other_address_of_this_computer_is_opened(demo: Demo) -> None:
    ana = next(iter(demo.world.members.values()))

    await ana.send(demo.world.articles, demo.window.address)

    texts = [
        json.dumps([part.to_dict() for part in message.components])
        for message in demo.world.articles.history()
    ]
    assert not any("Threadline demo" in text for text in texts)


async def test_the_preview_stands_in_our_frame_and_in_no_other(
    demo: Demo, session: aiohttp.ClientSession
) -> None:
    async with session.get("/window") as answer:
        text = await answer.text()
        policy = answer.headers["Content-Security-Policy"]

    assert 'href="/demo/window.css"' in text
    assert "frame-ancestors 'self'" in policy
    assert "X-Frame-Options" not in answer.headers
    async with session.get("/") as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


async def test_without_its_capability_the_preview_answers_nobody(session: aiohttp.ClientSession) -> None:
    async with session.post("/api/pages", json={}) as answer:
        assert answer.status == 401


async def test_a_walk_to_another_room_ends_the_old_window(demo: Demo, session: aiohttp.ClientSession) -> None:
    async with session.get("/demo/state") as answer:
        old = (await answer.json())["window"]

    new = (await show(session, demo.world.news.id, next(iter(demo.world.members))))["window"]

    assert old != new
    for address, status in ((old, 401), (new, 200)):
        key = {"X-Simcord-Capability": address.partition("#")[2]}
        async with session.post("/api/pages", json={}, headers=key) as answer:
            assert answer.status == status


async def test_only_our_own_page_can_walk_and_only_to_what_there_is(session: aiohttp.ClientSession) -> None:
    ours = {OUR_HEADER: "1"}
    for headers, body, status in (
        ({}, "{}", 403),
        (ours | {"Host": "evil.example"}, "{}", 403),
        (ours, "not json", 400),
        (ours, "[]", 400),
        (ours, '{"room": 1, "viewer": "2"}', 400),
        (ours, '{"room": "1", "viewer": "2"}', 404),
    ):
        async with session.post("/demo/show", data=body, headers=headers) as answer:
            assert answer.status == status, body


async def test_a_taken_port_is_an_error_that_can_be_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="address already in use"),
    ):
        async with opened(taken.getsockname()[1]):
            pass
