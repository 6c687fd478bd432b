"""Finds where a page sends its reader by <meta http-equiv="refresh">."""

from __future__ import annotations

import html
import re

_SEARCHED = 64 * 1024  #: bytes from the start of the page
_LONGEST_TAG = 2048  #: bytes
_MOST_TAGS = 8
_SOONEST = 5  #: seconds; a later refresh is a reload of a page that is there to be read

_REFRESH = re.compile(rb"http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh\b")
_CONTENT = re.compile(
    rb"[\s\"'/]content\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_TARGET = re.compile(
    r"\s{0,9}([0-9]{1,4})(?:\.[0-9]*)?\s{0,9}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?(.+)", re.IGNORECASE
)
_INERT = (
    (b"<!--", b"-->"),
    (b"<noscript", b"</noscript"),
    (b"<script", b"</script"),
    (b"<template", b"</template"),
)


def refresh_target(body: bytes) -> str | None:
    """Return the address, possibly relative, to which a page's head sends the reader within seconds, or None.

    Searches bytes, in linear time and without a parser, for pages are not to be parsed outside the sandbox.

    >>> refresh_target(b'<head><META http-equiv="Refresh" content="0; URL=/story?a=1&amp;b=2">')
    '/story?a=1&b=2'
    """
    head = body[:_SEARCHED]
    lowered = head.lower()
    start = seen = 0
    while seen < _MOST_TAGS and (start := lowered.find(b"<meta", start)) >= 0:
        end = lowered.find(b">", start, start + _LONGEST_TAG)
        if end > 0 and _REFRESH.search(lowered, start, end):
            seen += 1
            if not _is_inert(lowered, start):
                return _target(head[start:end])
        start += 5
    return None


def _target(tag: bytes) -> str | None:
    content = _CONTENT.search(tag)
    if not content:
        return None
    value = html.unescape((content[1] or content[2] or content[3] or b"").decode("utf-8", "replace"))
    match = _TARGET.match(value)
    if not match or int(match[1]) > _SOONEST:
        return None
    return match[2].strip().strip("\"'").strip() or None


def _is_inert(page: bytes, position: int) -> bool:
    """Return whether the tag at *position* is only shown to others, or not a tag at all."""
    return any(
        page.rfind(opening, 0, position) > page.rfind(closing, 0, position) for opening, closing in _INERT
    )
