"""Keeps the bot's requests within Discord's limit: those that can wait take turns, those of members go at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import aiohttp

RATE = 45.5  #: turns a second, of Discord's 50 requests; the rest is for members
MOST = 49  #: requests that may reach Discord within any second, when a turn is given
LATE = 20  #: missed turns that are made up for, as far as MOST allows
LOOK_AGAIN = 0.01  #: seconds after which answers are looked for, while nothing else can be waited for

_waits: ContextVar[bool] = ContextVar("waits for its turn", default=False)


@contextmanager
def in_turn() -> Iterator[None]:
    """Have requests to Discord that are made in the context wait for their turn."""
    token = _waits.set(True)
    try:
        yield
    finally:
        _waits.reset(token)


class RequestTurns:
    """Counts every request where it goes out, also those that discord.py repeats or holds back for a channel.

    When a request reaches Discord is not known, only that it is between sending it and its answer. So that
    no second there sees too many, whatever the way there does, one that is not answered yet counts as
    arriving last, and one that is as having arrived half of the shortest way there and back before its answer.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._due_at = 0.0  # of the next turn
        self._under_way = 0
        self._arrived: deque[float] = deque()
        self._shortest = float("inf")
        self._queue = asyncio.Lock()

    def follow(self, trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """Count, and hold back, the requests that *trace* sees; returns it."""
        trace.on_request_start.insert(0, self._started)
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._lost)
        return trace

    async def turn(self) -> None:
        """Wait for the next turn, after those who asked before."""
        async with self._queue:
            while (wait := self._due_at - self._clock()) > 0:
                await self._sleep(wait)
            while (wait := self._full_for()) > 0:
                await self._sleep(wait)
                self._due_at = self._clock()  # what the limit holds back is not made up for
            self._due_at = max(self._due_at, self._clock() - LATE / RATE) + 1 / RATE

    def _full_for(self) -> float:
        """Seconds after which there may be room for another request."""
        now = self._clock()
        while self._arrived and self._arrived[0] <= now - 1:
            self._arrived.popleft()
        if len(self._arrived) + self._under_way < MOST:
            return 0.0
        return max(LOOK_AGAIN, self._arrived[0] + 1 - now if self._arrived else 0.0)

    async def _started(self, _session: Any, context: SimpleNamespace, asked: Any) -> None:
        if "/interactions/" in asked.url.path or "/webhooks/" in asked.url.path:
            return  # answers to members do not count
        if _waits.get():
            await self.turn()
        context.turn_began = self._clock()
        self._under_way += 1

    async def _answered(self, _session: Any, context: SimpleNamespace, _answer: Any) -> None:
        if (began := getattr(context, "turn_began", None)) is not None:
            now = self._clock()
            self._shortest = min(self._shortest, now - began)
            self._under_way -= 1
            self._arrived.append(now - self._shortest / 2)

    async def _lost(self, _session: Any, context: SimpleNamespace, _failure: Any) -> None:
        if hasattr(context, "turn_began"):
            self._under_way -= 1
            self._arrived.append(self._clock())
