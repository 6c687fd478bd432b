"""Takes out of a page's bytes what makes parsers slow or blind, in linear time and before any parser sees it."""

from __future__ import annotations

import re

import numpy as np

from bot.errors import HostileDocumentError

MAX_TAGS = 500_000
MAX_ATTRIBUTES = 256
MAX_DEPTH = 100  #: of elements in a page that was found to be nested without end

#: What XML, and so libxml2, takes in no text.
_CONTROLS = bytes({*range(0x09), 0x0B, *range(0x0E, 0x20)})
_PIECE = 1 << 16  # bytes; what is larger is slow to allocate
_SPACES = bytes.maketrans(b"\x0c", b" ")

_MANY_ATTRIBUTES = 128  # more are rare enough to look at each tag
_ATTRIBUTE = rb"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+)?+)?+)"
_NAME = rb"<[a-zA-Z][^\s/>]*+"
#: Names and values of more than some length count as several here, so that each "<" costs a bounded look.
_LARGE_TAG = re.compile(
    rb"<[a-zA-Z][^\s/>]{0,63}+"
    rb"(?:[\s/]*+[^\s/>][^\s/>=]{0,63}+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]{0,99}+)?+)?+){%d}"
    % _MANY_ATTRIBUTES
)
_TAG = re.compile(rb"(%b)(%b{0,%d}+)(%b*+)[\s/]*+>?" % (_NAME, _ATTRIBUTE, MAX_ATTRIBUTES, _ATTRIBUTE))
#: What begins a stretch in which "<" begins no tag, and what ends it.
_RAW_TEXT = {
    name: re.compile(rb"</%b" % name, re.IGNORECASE)
    for name in (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes")
}
_END = re.compile(rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*+>")
_NO_TAG = re.compile(rb"<+(?![a-zA-Z/!?])")
#: Long stretches of white space, and pictures written into the page. The look behind, after what a stretch begins
#: with, keeps it from being tried from each of its places.
_PADDING = (
    re.compile(rb"\s(?<!\s\s)\s{1000,}+"),
    re.compile(rb"&nbsp;(?<!&nbsp;&nbsp;)(?:&nbsp;){1000,}+"),
    re.compile(rb";base64,[^\s<>\"']{1000,}+"),
)
_SIMPLE_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*+)[^>]*+>?")
#: Elements that hold text and do not hold each other, or nothing at all.
_FLAT = frozenset(
    b"p h1 h2 h3 h4 h5 h6 br hr img meta link input title script style wbr html head body time".split()
)
#: Elements whose content is not shown: around all of a page they hide it.
_HIDING = frozenset(
    b"template svg math noscript button select object dialog menu canvas video audio map pre".split()
)


def defused(html: bytes, url: str) -> bytes:
    """Return *html*, in UTF-8, without control characters, tags of hundreds of attributes, and ends before the end.

    Raises HostileDocumentError for a page of more tags than any article has.
    """
    if has_controls(html):
        html = html.translate(_SPACES, _CONTROLS)
    if len(html) > MAX_TAGS and html.count(b"<") > MAX_TAGS:
        html = _NO_TAG.sub(b" ", _without_comments(html))
        if html.count(b"<") > MAX_TAGS:
            raise HostileDocumentError(url, "too many tags")
    if len(_END.findall(html)) > 8:
        html = _END.sub(b"", html)
    return _without_attributes(html) if _LARGE_TAG.search(html) else html


def unpadded(html: bytes) -> bytes:
    """Return *html* without its long stretches of white space and the pictures in it, so that less need be cut."""
    for padding in _PADDING:
        html = padding.sub(b" ", html)
    return html


def has_controls(html: bytes) -> bool:
    """Whether a page has bytes below a blank that are neither tabulators nor ends of lines."""
    if not html:
        return False
    codes = np.frombuffer(html, np.uint8)
    if codes.min() < 9 or b"\x0b" in html or b"\x0c" in html:
        return True
    pieces = (codes[start : start + _PIECE] for start in range(0, len(codes), _PIECE))
    return any((piece - 14).min() < 18 for piece in pieces)


def flattened(html: bytes) -> bytes:
    """Return *html* with at most `MAX_DEPTH` elements around any text, for a page that goes on nesting.

    Tags beyond are left out, those of elements that would hide the rest of the page too; the text stays.
    """
    depth = dropped = 0
    kept: list[bytes] = []
    position = 0
    for tag in _SIMPLE_TAG.finditer(html):
        name = tag[2].lower()
        if name in _FLAT:
            continue
        keep = name not in _HIDING
        if keep and tag[1]:
            if dropped:
                dropped, keep = dropped - 1, False
            else:
                depth = max(0, depth - 1)
        elif keep:
            if depth < MAX_DEPTH:
                depth += 1
            else:
                dropped, keep = dropped + 1, False
        if not keep:
            kept.append(html[position : tag.start()])
            position = tag.end()
    return b" ".join([*kept, html[position:]])


def _without_comments(html: bytes) -> bytes:
    kept: list[bytes] = []
    position = 0
    while (start := html.find(b"<!--", position)) >= 0 and (end := html.find(b"-->", start + 4)) >= 0:
        kept.append(html[position:start])
        position = end + 3
    return b"".join([*kept, html[position:]])


def _without_attributes(html: bytes) -> bytes:
    """Cut tags after `MAX_ATTRIBUTES` attributes."""
    kept: list[bytes] = []
    position = copied = 0
    while tag := _TAG.search(html, position):
        position = tag.end()
        if tag[3]:
            kept.append(html[copied : tag.end(2)])
            copied = tag.end(3)
        ending = _RAW_TEXT.get(tag[1][1:].lower())
        if ending and (end := ending.search(html, position)):
            position = end.start()
    return b"".join([*kept, html[copied:]])
