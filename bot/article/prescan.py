"""Takes out of a page what no article has, before it is parsed: control characters, padding, floods of tags."""

from __future__ import annotations

import re

import numpy as np

from bot.errors import HostileDocumentError

MAX_TAGS = 500_000

CONTROLS = re.compile(r"[\0-\x08\x0b\x0e-\x1f\ufffe\uffff]")  #: and noncharacters
_DECLARED_WITHIN = 1_000  #: characters
_PIECE = 1 << 16  # bytes; what is larger is slow to allocate
#: Elements that XML may end in their own tag, and in which HTML reads on to an end that then never comes.
_SELF_ENDING = re.compile(r"<(script|style|title|textarea|iframe)\b([^<>]{0,2000})/>", re.IGNORECASE)
_NO_TAG = re.compile(r"<+(?![a-zA-Z/!?])")
#: Long stretches of white space, and pictures written into the page. The look behind, after what a stretch begins
#: with, keeps it from being tried from each of its places.
_PADDING = (
    re.compile(rb"\s(?<!\s\s)\s{1000,}+"),
    re.compile(rb"&nbsp;(?<!&nbsp;&nbsp;)(?:&nbsp;){1000,}+"),
    re.compile(rb";base64,[^\s<>\"']{1000,}+"),
)


def without_floods(html: str, url: str) -> str:
    """Return *html*, without its comments where it has very many tags.

    Raises HostileDocumentError for a page of more tags than any article has.
    """
    if len(html) > MAX_TAGS and html.count("<") > MAX_TAGS:
        html = _NO_TAG.sub(" ", _without_comments(html))
        if html.count("<") > MAX_TAGS:
            raise HostileDocumentError(url, "too many tags")
    return html


def opened(html: str) -> str:
    """Return a page that declares itself as XML with an end for what ends in its own tag, as `<script src="a.js"/>`."""
    if not html[:_DECLARED_WITHIN].lstrip("\ufeff \t\r\n").startswith("<?xml"):
        return html
    return _SELF_ENDING.sub(r"<\1\2></\1>", html)


def unpadded(html: bytes) -> bytes:
    """Return *html* without its long stretches of white space and the pictures in it, so that less need be cut."""
    for padding in _PADDING:
        html = padding.sub(b" ", html)
    return html


def has_controls(html: bytes) -> bool:
    """Whether a page has bytes below a blank that are neither tabulators nor ends of lines or pages."""
    if not html:
        return False
    codes = np.frombuffer(html, np.uint8)
    if codes.min() < 9 or b"\x0b" in html:
        return True
    pieces = (codes[start : start + _PIECE] for start in range(0, len(codes), _PIECE))
    return any((piece - 14).min() < 18 for piece in pieces)


def printable(value: str) -> str:
    """Return *value* without the control characters that a page can write as numbers: "&#3;", "\\u0003"."""
    return value if value.isprintable() else CONTROLS.sub("", value)


def _without_comments(html: str) -> str:
    kept: list[str] = []
    position = 0
    while (start := html.find("<!--", position)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept.append(html[position:start])
        position = end + 3
    return "".join([*kept, html[position:]])
