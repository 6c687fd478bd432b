"""Whether sites let a robot ask for an address; each site is asked once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from bot.errors import FetchError, LinkError, ServerError, StatusError
from bot.fetch.robots import MAX_BYTES, may_fetch
from bot.model import Page
from bot.sandbox import Child, SandboxKilled

KEPT = timedelta(hours=24)
KEPT_IN_TROUBLE = timedelta(minutes=10)
MOST_SITES = 50_000
MOST_BYTES = 32 * 1024 * 1024  #: of files together; those that were asked for first go first


class Fetcher(Protocol):
    """Whoever brings pages; bot.fetch.client.FetchClient in life."""

    async def get(self, url: str, *, accept: frozenset[str] | None = ..., robot: bool = False) -> Page:
        """The page at *url*; raises LinkError or a FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a site's file says; where there is none, whether robots may ask at all."""

    until: datetime
    allowed: bool = True
    file: bytes | None = None
    verdicts: dict[str, bool] = field(default_factory=dict)  #: over the addresses that were asked about


class RobotsService:
    """Each site's rules, asked for once a day however many of its addresses are followed."""

    def __init__(self, fetcher: Fetcher, child: Child, robot: str, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._child = child
        self._robot = robot
        self._clock = clock
        self._sites: dict[str, _Rules] = {}  # the oldest first
        self._bytes = 0
        self._under_way: dict[str, asyncio.Lock] = {}

    async def allows(self, url: str) -> bool:
        """Whether a robot may ask for *url*.

        A site without rules allows everything; one that is in trouble is left alone for a while.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = self._sites.get(site)
        if rules is None or self._clock() >= rules.until:
            lock = self._under_way.setdefault(site, asyncio.Lock())
            try:
                async with lock:
                    rules = self._sites.get(site)
                    if rules is None or self._clock() >= rules.until:
                        rules = await self._ask(site)
                        self._keep(site, rules)
            finally:
                self._under_way.pop(site, None)
        if rules.file is None:
            return rules.allowed
        if url not in rules.verdicts:
            try:
                rules.verdicts[url] = await self._child.run(may_fetch, rules.file, url, self._robot)
            except SandboxKilled:
                self._keep(site, _Rules(self._clock() + KEPT_IN_TROUBLE, allowed=False))
                return False
        return rules.verdicts[url]

    async def _ask(self, site: str) -> _Rules:
        now = self._clock()
        try:
            page = await self._fetcher.get(f"{site}/robots.txt", accept=None, robot=True)
        except ServerError:
            return _Rules(now + KEPT_IN_TROUBLE, allowed=False)
        except StatusError:
            return _Rules(now + KEPT)
        except (FetchError, LinkError):
            return _Rules(now + KEPT_IN_TROUBLE, allowed=False)
        return _Rules(now + KEPT, file=page.body[:MAX_BYTES])

    def _keep(self, site: str, rules: _Rules) -> None:
        self._drop(site)
        self._sites[site] = rules
        self._bytes += len(rules.file or b"")
        while len(self._sites) > 1 and (len(self._sites) > MOST_SITES or self._bytes > MOST_BYTES):
            self._drop(next(iter(self._sites)))

    def _drop(self, site: str) -> None:
        if old := self._sites.pop(site, None):
            self._bytes -= len(old.file or b"")
