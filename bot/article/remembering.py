"""Remembers what functions of short texts answered: a page repeats those, and its long ones would stay after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps

_LONGEST = 1_000  #: characters of what is remembered


def remembered(most: int) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """Return a decorator that keeps the last *most* answers of a function, but for long texts."""

    def decorate(function: Callable[[str], str]) -> Callable[[str], str]:
        known = lru_cache(most)(function)

        @wraps(function)
        def asked(text: str) -> str:
            return known(text) if len(text) <= _LONGEST else function(text)

        return asked

    return decorate
