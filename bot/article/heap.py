"""Gives memory back to the system: glibc keeps what a large page took, and its heap grows with the largest of them."""

from __future__ import annotations

import ctypes

LARGE = 250_000  #: bytes of a page after which it pays: .4 ms of the ten and more that it took


def trim() -> None:
    """Give back what is free at the top of the heap and in whole pages of it; nothing with another C library."""
    if _malloc_trim:
        _malloc_trim(0)


def _find() -> ctypes._NamedFuncPointer | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


_malloc_trim = _find()
