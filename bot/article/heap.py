"""Gives memory back to the system: glibc keeps what a large page took, and its heap grows with the largest of them."""

from __future__ import annotations

import ctypes

#: Bytes of pages after which it pays: less often the heap grows, more often what was given back is asked for again.
ENOUGH = 300_000


class Heap:
    """What the pages read took of this process's memory."""

    def __init__(self) -> None:
        self._read = 0

    def note(self, length: int) -> None:
        """Note that a page of *length* bytes was read, and give back what they took where it was enough of them."""
        self._read += length
        if self._read > ENOUGH:
            self._read = 0
            _trim()


def _trim() -> None:
    """Give back what is free at the top of the heap and in whole pages of it; nothing with another C library."""
    if _malloc_trim:
        _malloc_trim(0)


def _find() -> ctypes._NamedFuncPointer | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


_malloc_trim = _find()
