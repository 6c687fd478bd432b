"""Keeps to one request in flight a host, and for robots to one a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MANY_HOSTS = 1000


@dataclass(slots=True)
class _Host:
    flight: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: asyncio.Lock = field(default_factory=asyncio.Lock)
    rested_at: float = 0.0  #: loop time from which a robot may ask again
    waiting: int = 0


class HostPace:
    """Hands out turns at hosts; *interval* is the seconds a robot leaves between two requests."""

    def __init__(
        self, interval: float = 1.0, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._interval = interval
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, robot: bool) -> AsyncIterator[None]:
        """Hold the only turn at *host*; a person waits for the request in flight alone, never for robots."""
        self._forget_idle()
        entry = self._hosts.setdefault(host, _Host())
        entry.waiting += 1
        try:
            if robot:
                await self._robot_turn(entry)
            else:
                await entry.flight.acquire()
            try:
                entry.rested_at = asyncio.get_running_loop().time() + self._interval
                yield
            finally:
                entry.flight.release()
        finally:
            entry.waiting -= 1

    async def _robot_turn(self, entry: _Host) -> None:
        async with entry.robots:  # only the first robot in the queue competes with people
            while True:
                await entry.flight.acquire()
                rest = entry.rested_at - asyncio.get_running_loop().time()
                if rest <= 0:
                    return
                entry.flight.release()
                await self._sleep(rest)

    def _forget_idle(self) -> None:
        if len(self._hosts) < _MANY_HOSTS:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {
            host: entry for host, entry in self._hosts.items() if entry.waiting or entry.rested_at > now
        }
