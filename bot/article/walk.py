"""One walk over a page's tree: its text in blocks, and the elements they stand in."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

_SKIPPED = frozenset(
    """
    script style noscript template svg math iframe button input select textarea option video audio
    canvas object embed map dialog menu head link meta picture img source hr datalist progress meter
    track area applet frame frameset
    """.split()
)
#: Skipped, but libxml2 nests the rest of the page into one that is not closed.
_SWALLOWERS = frozenset(
    """
    svg math button dialog menu object canvas video audio picture map select source img track area
    embed
    """.split()
)
BLOCK_TAGS = tuple(
    """
    body div p section article main aside nav header footer ul ol li table tbody thead tfoot tr td
    th blockquote pre h1 h2 h3 h4 h5 h6 figure figcaption form dl dt dd address details summary
    fieldset legend center hgroup html
    """.split()
)
TAG_ID = {tag: index for index, tag in enumerate(BLOCK_TAGS)}
_PRE = TAG_ID["pre"]
#: What the walk does with an element: a block's tag is 0 or more; the low bits of the rest are the mode of its text.
_PLAIN, _LINK, _STRONG, _SKIP, _SWALLOW, _BREAK = -4, -3, -2, -8, -12, -16
_KINDS: dict[Any, int] = {
    **dict.fromkeys(_SKIPPED, _SKIP),
    **dict.fromkeys(_SWALLOWERS, _SWALLOW),
    **TAG_ID,
    **dict.fromkeys((etree.Comment, etree.ProcessingInstruction, etree.Entity), _SKIP),
    "a": _LINK,
    "b": _STRONG,
    "strong": _STRONG,
    "br": _BREAK,
}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASSES = frozenset(
    """
    hide hidden is-hidden d-none display-none w-condition-invisible u-hidden uk-hidden invisible
    screen-reader-text sr-only visually-hidden visuallyhidden js-hidden is-invisible hidden-print
    noscreen
    """.split()
)
#: Attributes besides class and id that tell something of an element; most elements have none.
_TELLING = frozenset("style hidden aria-hidden itemprop role data-testid data-component data-type".split())
_CHROME_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "dialog", "search"))
_MAX_DEPTH = 250  # of Python's stack; deeper trees are read without their structure
MAX_BLOCKS = 5_000  #: of a page; no article has as many, and menus and floods have more
MAX_BLOCK = 100_000  #: characters of one block
_LONGEST_NAMES = 2_000  # characters of a class attribute

_NAMELESS = ("", 0)

#: Flags of an element.
HIDDEN, ARTICLE_BODY, MAIN, CHROME, HIDDEN_CLASS = 1, 2, 4, 8, 16


@dataclass(slots=True)
class Walk:
    """A page as two tables: text blocks in page order, and the block elements around them.

    Block i has texts[i], its element owner[i], and how many characters are in links and in strong type.
    Element e has a tag (index into BLOCK_TAGS), a parent, classes and id as one string, flags, a depth, and
    holds the blocks first[e] to last[e] - 1. Element 0 is the body and its own parent.
    """

    texts: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    strong: list[int] = field(default_factory=list)
    tag: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    nodes: list[etree._Element] = field(default_factory=list)

    def ancestors(self, element: int) -> list[int]:
        """*element* and the elements around it, innermost first, without the body."""
        found = []
        while element:
            found.append(element)
            element = self.parent[element]
        return found


def walk(root: etree._Element) -> Walk:
    """Walk the body of a page; linear in the size of the tree."""
    body = root.find("body")
    return _Walker(root if body is None else body).run()


class _Walker:
    def __init__(self, body: etree._Element) -> None:
        self._body = body
        self._walk = Walk()
        #: Of each element: tag, parent, classes, flags, depth, first block, node.
        self._elements: list[tuple[int, int, str, int, int, int, etree._Element]] = []
        self._last: list[int] = []
        self._parts: list[str] = []
        self._linked = 0
        self._strong = 0

    def run(self) -> Walk:
        found = self._walk
        classes, flags = _describe(self._body.items())  # type: ignore[arg-type]
        self._elements.append((TAG_ID["body"], 0, classes, flags, 0, 0, self._body))
        self._last.append(0)
        self._children(self._body, 0, 0, 0, 1)
        self._flush(0)
        self._last[0] = len(found.texts)
        found.last = self._last
        found.tag, found.parent, found.classes, found.flags, found.depth, found.first, found.nodes = map(
            list, zip(*self._elements, strict=True)
        )
        if len(found.texts) > MAX_BLOCKS:
            _thin(found)
        return found

    def _flush(self, element: int) -> None:
        parts = self._parts
        if parts:
            text = " ".join((parts[0] if len(parts) == 1 else "".join(parts)).split())
            parts.clear()
            if text:
                self._keep(text, element)
        self._linked = self._strong = 0

    def _keep(self, text: str, element: int) -> None:
        found = self._walk
        found.texts.append(text if len(text) <= MAX_BLOCK else text[:MAX_BLOCK])
        found.owner.append(element)
        found.linked.append(self._linked)
        found.strong.append(self._strong)

    def _text(self, text: str, mode: int) -> None:
        """Add inline text in a link (mode bit 0) or in strong type (bit 1)."""
        self._parts.append(text)
        length = len(text.strip())
        self._linked += length * (mode & 1)
        self._strong += length * (mode >> 1)

    def _children(self, node: etree._Element, element: int, mode: int, level: int, depth: int) -> None:
        """Read what stands in *node*: the innermost loop, so it is written out rather than called."""
        parts, kinds = self._parts, _KINDS
        text = node.text
        if text and (parts or not text.isspace()):
            if mode:
                self._text(text, mode)
            else:
                parts.append(text)
        for child in node:
            kind = kinds.get(child.tag, _PLAIN)
            if kind >= 0:
                self._block(child, kind, element, mode, level, depth)
            elif kind <= _SKIP:
                if kind != _SKIP:
                    self._apart(child, kind, element, mode, level, depth)
            elif level > _MAX_DEPTH:
                self._flatten(child, element)
            else:
                # An anchor without an address is no link; left open, it holds the rest of the page.
                inner = mode | (kind & 3) if kind != _LINK or child.get("href") is not None else mode
                if len(child):
                    self._children(child, element, inner, level + 1, depth)
                else:
                    text = child.text
                    if text and (parts or not text.isspace()):
                        self._text(text, inner)
            text = child.tail
            if text and (parts or not text.isspace()):
                if mode:
                    self._text(text, mode)
                else:
                    parts.append(text)

    def _block(self, node: etree._Element, tag: int, element: int, mode: int, level: int, depth: int) -> None:
        if level > _MAX_DEPTH:
            self._flatten(node, element)
            return
        parts, elements, last, texts = self._parts, self._elements, self._last, self._walk.texts
        if parts:
            self._flush(element)
        index = len(elements)
        items: list[tuple[str, str]] = node.items()  # type: ignore[assignment]
        classes, flags = _describe(items) if items else _NAMELESS
        elements.append((tag, element, classes, flags, depth, len(texts), node))
        last.append(0)
        if tag == _PRE:
            self._preformatted(node, index)
        elif len(node):
            self._children(node, index, mode, level + 1, depth + 1)
            if parts:
                self._flush(index)
        else:
            text = node.text
            if text and not text.isspace():
                self._text(text, mode)
                self._flush(index)
        last[index] = len(texts)

    def _apart(
        self, node: etree._Element, kind: int, element: int, mode: int, level: int, depth: int
    ) -> None:
        if kind == _BREAK:
            self._line_break(node, element)
        elif next(node.iter("p"), None) is not None:
            self._children(node, element, mode, level + 1, depth)

    def _line_break(self, node: etree._Element, element: int) -> None:
        following = node.getnext()
        if not (node.tail and node.tail.strip()) and following is not None and following.tag == "br":
            self._flush(element)  # two in a row are how old pages part paragraphs
        else:
            self._parts.append("\n")

    def _preformatted(self, node: etree._Element, element: int) -> None:
        text = "".join(node.itertext()).strip("\n").rstrip()  # type: ignore[arg-type]
        if text.strip():
            self._keep(text, element)

    def _flatten(self, node: etree._Element, element: int) -> None:
        """Read a subtree too deep for the stack: its text in order, block elements only as breaks."""
        self._flush(element)
        events = etree.iterwalk(node, events=("start", "end"))
        for event, inner in events:
            tag = inner.tag if isinstance(inner.tag, str) else ""
            if event == "start":
                if tag in _SKIPPED:
                    events.skip_subtree()
                    continue
                if tag in TAG_ID:
                    self._flush(element)
                self._parts.append(inner.text or "")
                continue
            if tag in TAG_ID:
                self._flush(element)
            if inner is not node:
                self._parts.append(inner.tail or "")
        self._flush(element)


def _thin(walk: Walk) -> None:
    """Keep the `MAX_BLOCKS` longest blocks, in their order: what a page has by the thousand is short, or the same."""
    seen: Counter[str] = Counter()
    rank: list[tuple[bool, int]] = []
    for text in walk.texts:
        seen[text] += 1
        rank.append((seen[text] > 2, -len(text)))
    kept = sorted(sorted(range(len(rank)), key=rank.__getitem__)[:MAX_BLOCKS])
    for column in (walk.owner, walk.linked, walk.strong):
        column[:] = [column[index] for index in kept]
    walk.texts[:] = [walk.texts[index] for index in kept]
    walk.first[:] = [bisect.bisect_left(kept, index) for index in walk.first]
    walk.last[:] = [bisect.bisect_left(kept, index) for index in walk.last]


@lru_cache(maxsize=1024)
def _named(names: str) -> tuple[str, int]:
    """A class attribute at a length that makes sense, and the flag of what hides."""
    names = names[:_LONGEST_NAMES]
    return names, 0 if _HIDING_CLASSES.isdisjoint(names.split()) else HIDDEN_CLASS


def _describe(items: Sequence[tuple[str, str]]) -> tuple[str, int]:
    """An element's classes, id and the like as one string, and its flags."""
    if len(items) == 1 and items[0][0] == "class":  # as most have it
        return _named(items[0][1])
    names = identity = None
    telling = False
    for name, value in items:
        if name == "class":
            names = value
        elif name == "id":
            identity = value
        elif name in _TELLING:
            telling = True
    classes, flags = _named(names) if names else _NAMELESS
    if identity:
        classes = f"{classes} {identity}" if classes else identity
    return _told(dict(items), classes, flags) if telling else (classes, flags)


def _told(attributes: Mapping[str, str], classes: str, flags: int) -> tuple[str, int]:
    """Classes and flags with what further attributes say."""
    get = attributes.get
    style = get("style")
    if (
        (style and _HIDING_STYLE.search(style, 0, _LONGEST_NAMES))
        or "hidden" in attributes
        or get("aria-hidden") == "true"
    ):
        flags |= HIDDEN
    itemprop = get("itemprop")
    if itemprop and "articleBody" in itemprop:
        flags |= ARTICLE_BODY
    role = get("role")
    if role:
        flags |= MAIN if role in ("main", "article") else CHROME if role in _CHROME_ROLES else 0
    named = get("data-testid") or get("data-component") or get("data-type") or itemprop
    return (f"{classes} {named}" if named else classes), flags
