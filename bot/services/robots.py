"""Whether sites let a robot ask for an address; asked once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from bot.errors import FetchError, LinkError, ServerError, StatusError
from bot.fetch.robots import may_fetch
from bot.model import Page
from bot.sandbox import Child, SandboxKilled

KEPT = timedelta(hours=24)
KEPT_IN_TROUBLE = timedelta(minutes=10)
MOST_KEPT = 50_000


class Fetcher(Protocol):
    """Whoever brings pages; bot.fetch.client.FetchClient in life."""

    async def get(self, url: str, *, accept: frozenset[str] | None = ..., robot: bool = False) -> Page:
        """The page at *url*; raises LinkError or a FetchError."""
        ...


class RobotsService:
    """Verdicts over addresses, kept for a day; of the files themselves nothing is kept."""

    def __init__(self, fetcher: Fetcher, child: Child, robot: str, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._child = child
        self._robot = robot
        self._clock = clock
        self._verdicts: dict[str, tuple[datetime, bool]] = {}
        self._under_way: dict[str, asyncio.Lock] = {}

    async def allows(self, url: str) -> bool:
        """Whether a robot may ask for *url*.

        A site without rules allows everything; one that is in trouble is left alone for a while.
        """
        lock = self._under_way.setdefault(url, asyncio.Lock())
        try:
            async with lock:
                kept = self._verdicts.get(url)
                if kept is None or self._clock() >= kept[0]:
                    allowed, kept_for = await self._ask(url)
                    self._verdicts.pop(url, None)
                    kept = self._verdicts[url] = self._clock() + kept_for, allowed
                    if len(self._verdicts) > MOST_KEPT:
                        del self._verdicts[next(iter(self._verdicts))]
                return kept[1]
        finally:
            self._under_way.pop(url, None)

    async def _ask(self, url: str) -> tuple[bool, timedelta]:
        parts = urlsplit(url)
        try:
            page = await self._fetcher.get(
                f"{parts.scheme}://{parts.netloc}/robots.txt", accept=None, robot=True
            )
            return await self._child.run(may_fetch, page.body, url, self._robot), KEPT
        except ServerError:
            return False, KEPT_IN_TROUBLE
        except StatusError:
            return True, KEPT
        except (FetchError, LinkError, SandboxKilled):
            return False, KEPT_IN_TROUBLE
