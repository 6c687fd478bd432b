"""Whatever the way to Discord does, no second there sees more requests than Discord takes."""

from __future__ import annotations

import asyncio
import heapq
import random
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import yarl

from bot.turns import LATE, MOST, RATE, RequestTurns, in_turn

LIMIT = 50


class Line:
    """A connection in made-up time: requests arrive and are answered when it says so."""

    def __init__(self) -> None:
        self.now = 100.0
        self.trace = RequestTurns(lambda: self.now, self._sleep).follow(aiohttp.TraceConfig())
        self.arrivals: list[float] = []
        self._coming: list[tuple[float, int, Any]] = []

    async def _sleep(self, seconds: float) -> None:
        await self._pass(self.now + seconds)

    async def _pass(self, until: float) -> None:
        while self._coming and self._coming[0][0] <= until:
            self.now, _, context = heapq.heappop(self._coming)
            await self._tell(self.trace.on_request_end, context)
        self.now = max(self.now, until)

    async def _tell(self, signal: Any, context: SimpleNamespace, path: str = "/api/v10/channels/1") -> None:
        for callback in signal:
            await callback(None, context, SimpleNamespace(url=yarl.URL(f"https://discord.com{path}")))

    async def ask(self, there: float, back: float, path: str = "/api/v10/channels/1/messages") -> None:
        context = SimpleNamespace()
        await self._tell(self.trace.on_request_start, context, path)
        self.arrivals.append(self.now + there)
        heapq.heappush(self._coming, (self.now + there + back, len(self.arrivals), context))

    async def lose(self) -> None:
        context = SimpleNamespace()
        await self._tell(self.trace.on_request_start, context)
        self.arrivals.append(self.now)
        await self._tell(self.trace.on_request_exception, context)

    async def idle(self, seconds: float) -> None:
        await self._pass(self.now + seconds)

    def most_in_a_second(self) -> int:
        stamps = sorted(self.arrivals)
        return max(sum(1 for other in stamps if at <= other < at + 1) for at in stamps)

    def rate(self) -> float:
        return (len(self.arrivals) - 1) / (max(self.arrivals) - min(self.arrivals))


@pytest.fixture
def line() -> Line:
    return Line()


async def test_turns_come_evenly_and_use_nine_tenths_of_the_limit(line: Line) -> None:
    with in_turn():
        for _ in range(500):
            await line.ask(0.05, 0.05)

    del line.arrivals[:100]  # it begins with turns that were missed before
    gaps = [later - earlier for earlier, later in zip(line.arrivals, line.arrivals[1:], strict=False)]
    assert 45 <= line.rate() <= RATE + 0.01
    assert max(gaps) < 3 / RATE


async def test_a_way_that_holds_requests_up_and_lets_them_go_together_brings_no_more(line: Line) -> None:
    chance = random.Random(7)
    with in_turn():
        for _ in range(3_000):
            # Of two requests a second apart, the first may be held up and the second not.
            await line.ask(chance.choice((0.005, 0.02, 0.4, 0.9)), 0.005)

    assert line.most_in_a_second() <= LIMIT


async def test_missed_turns_are_made_up_for_but_not_all_at_once(line: Line) -> None:
    with in_turn():
        for _ in range(2 * LATE):
            await line.ask(0, 0.01)
        await line.idle(0.1)
        began = line.now
        for _ in range(10):
            await line.ask(0, 0.01)
        assert sum(1 for at in line.arrivals if at == began) == 4
        await line.idle(10)
        began = line.now
        for _ in range(100):
            await line.ask(0, 0.01)

    assert sum(1 for at in line.arrivals if at == began) in (LATE, LATE + 1)
    assert line.most_in_a_second() <= LIMIT


async def test_requests_of_members_go_at_once_and_the_others_give_way(line: Line) -> None:
    began = line.now
    for _ in range(40):
        await line.ask(0, 0.01)
    assert line.now == began

    with in_turn():
        for _ in range(60):
            await line.ask(0, 0.01)

    assert line.most_in_a_second() <= MOST


async def test_answers_to_interactions_neither_wait_nor_count(line: Line) -> None:
    began = line.now
    with in_turn():
        for _ in range(200):
            await line.ask(0, 0.01, "/api/v10/interactions/1/token/callback")
            await line.ask(0, 0.01, "/api/v10/webhooks/1/token/messages/@original")
        await line.ask(0, 0.01)

    assert line.now == began


async def test_requests_that_get_no_answer_are_counted_too(line: Line) -> None:
    for _ in range(MOST):
        await line.lose()

    with in_turn():
        await line.ask(0, 0.01)

    assert line.arrivals[-1] - line.arrivals[0] >= 1


async def test_whoever_gives_up_waiting_takes_nobodys_turn() -> None:
    turns = RequestTurns()
    await turns.turn()
    waiting = asyncio.create_task(turns.turn())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    await asyncio.wait_for(turns.turn(), 5)
