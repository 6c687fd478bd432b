"""What is asked for with every message, kept in memory for a minute."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

SECONDS = 60.0  #: after which what another process changed is seen
MOST = 10_000  #: of a kind; the least recently asked for go first


class Remembered(Generic[Key, Value]):
    """Values that `look` finds by their keys."""

    def __init__(
        self, look: Callable[[Key], Awaitable[Value]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look = look
        self._clock = clock
        self._kept: dict[Key, tuple[float, Value]] = {}  # until when

    async def get(self, key: Key) -> Value:
        """The value of a key, looked up where it is not known or was found too long ago."""
        kept = self._kept.pop(key, None)
        if kept is None or kept[0] <= self._clock():
            found = await self._look(key)
            # What was put meanwhile is newer than what was found.
            kept = self._kept.pop(key, None) or (self._clock() + SECONDS, found)
        self._keep(key, kept)
        return kept[1]

    def put(self, key: Key, value: Value) -> None:
        """The value of a key has changed."""
        self._kept.pop(key, None)
        self._keep(key, (self._clock() + SECONDS, value))

    def forget(self, key: Key) -> None:
        """The value of a key has changed, and is to be looked up."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Anything may have changed."""
        self._kept.clear()

    def _keep(self, key: Key, kept: tuple[float, Value]) -> None:
        self._kept[key] = kept
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
