"""Some of the bot's shards in this process, and the others in others."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import discord

from bot.app import now
from bot.client import ThreadlineBot
from bot.settings import Settings

log = logging.getLogger(__name__)

#: Seconds between two sessions that begin in one of Discord's buckets; a little more than the five it asks for.
APART = 5.2


@dataclass(frozen=True, slots=True)
class Shards:
    """Which of how many shards.

    >>> Shards.parse("0-15/64")
    Shards(first=0, last=15, count=64)
    >>> Shards.parse("3/4").ids
    [3]
    """

    first: int
    last: int
    count: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read FIRST-LAST/COUNT; raises ValueError."""
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", written.strip())
        if match is None:
            raise ValueError(
                "shards are written like 0-15/64: the first, the last, and how many there are in all"
            )
        first, last, count = int(match[1]), int(match[2] or match[1]), int(match[3])
        if not first <= last < count:
            raise ValueError(f"there are no shards {first} to {last} among {count}: they are counted from 0")
        return cls(first, last, count)

    @property
    def ids(self) -> list[int]:
        """The numbers of the shards."""
        return list(range(self.first, self.last + 1))


class ShardedBot(ThreadlineBot, discord.AutoShardedClient):
    """The bot with several connections to the gateway."""

    def __init__(self, settings: Settings, shards: Shards, clock: Callable[[], datetime] = now) -> None:
        super().__init__(settings, clock, shard_ids=shards.ids, shard_count=shards.count)
        self._buckets: int | None = None

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin a session when it is this shard's turn, among all processes where they share a database."""
        if self.app.gateway is None:
            await super().before_identify_hook(shard_id, initial=initial)
            return
        if self._buckets is None:
            _shards, _address, limits = await self.http.get_bot_gateway()
            self._buckets = max(1, limits["max_concurrency"])
        wait = await self.app.gateway.take_turn((shard_id or 0) % self._buckets, APART)
        log.debug("waits for its turn at the gateway", extra={"shard": shard_id, "seconds": round(wait, 1)})
        await asyncio.sleep(wait)
