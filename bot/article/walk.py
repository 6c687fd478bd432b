"""One walk over a page's tree: its text in blocks, and the elements they stand in."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from turbohtml import DocumentFragment, Element, Node, Text

from bot.article.prescan import printable

_SKIPPED = frozenset(
    """
    script style noscript template svg math iframe button input select textarea option video audio
    canvas object embed map dialog menu head link meta picture img source datalist progress meter
    track area applet frame frameset rt rp rtc
    """.split()
)
#: Skipped, but what follows one that is not closed stands in it.
_SWALLOWERS = frozenset("button dialog menu object canvas video audio picture map select rt rp rtc".split())
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
_PLAIN, _LINK, _STRONG, _SKIP, _SWALLOW, _BREAK, _MENU, _TEMPLATE, _LISTING = -4, -3, -2, *range(-8, -32, -4)
_KINDS = {
    **dict.fromkeys(_SKIPPED, _SKIP),
    **dict.fromkeys(_SWALLOWERS, _SWALLOW),
    **TAG_ID,
    "a": _LINK,
    "b": _STRONG,
    "strong": _STRONG,
    "br": _BREAK,
    "hr": _BREAK,
    "nav": _MENU,
    "pre": _LISTING,
}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASSES = frozenset(
    """
    hide hidden is-hidden d-none display-none w-condition-invisible u-hidden uk-hidden invisible
    screen-reader-text sr-only visually-hidden visuallyhidden js-hidden is-invisible hidden-print
    noscreen modal modal-dialog uk-modal remodal popup popmake pum mfp-hide elementor-location-popup
    offcanvas off-canvas
    """.split()
)
#: Elements of which more than class and id tells something; most are none.
_TELLING = ",".join(
    f"[{name}]"
    for name in "style hidden aria-hidden itemprop role data-testid data-component data-type".split()
)
_CHROME_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "dialog", "search"))
_LINE_END = "\u2028"  # stands among a block's parts for a line break
_UNLINKED = 0.3  # of the letters of a menu at most
_DEEPER = 4  # what a mode grows by within a menu, control or template that is read
_LOOKS = 8 * _DEEPER  # within as many no further one is looked through: each look is at all that stands in it
_PAGE = 4  # paragraphs that nobody makes one link
MAX_BLOCKS = 5_000  #: of a page; no article has as many, and menus and floods have more
MAX_BLOCK = 100_000  #: characters of one block
MAX_ATTRIBUTE = 2_000  #: characters of a class, an id, a style or a test name that are read

#: Flags of an element.
HIDDEN, ARTICLE_BODY, MAIN, CHROME, HIDDEN_CLASS = 1, 2, 4, 8, 16


@dataclass(slots=True)
class Walk:
    """A page as two tables: text blocks in page order, and the block elements around them.

    Block i has texts[i], its element owner[i], how many characters are in links and in strong type, and in lines,
    if there is a line break in it, where the lines after the first begin.
    Element e has a tag (index into BLOCK_TAGS), a parent, classes and id as one string, flags, a depth, and
    holds the blocks first[e] to last[e] - 1. Element 0 is the body and its own parent.
    """

    texts: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    strong: list[int] = field(default_factory=list)
    lines: dict[int, tuple[int, ...]] = field(default_factory=dict)
    tag: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    nodes: list[Element] = field(default_factory=list)

    def ancestors(self, element: int) -> list[int]:
        """*element* and the elements around it, innermost first, without the body."""
        found = []
        while element:
            found.append(element)
            element = self.parent[element]
        return found


def walk(root: Element) -> Walk:
    """Walk the body of a page; linear in the size of the tree, which the parser keeps to a depth of 512.

    Menus are passed over, and so are templates, but for a page that has nothing else.
    """
    found = _Walker(root, _KINDS).run()
    return found if found.texts else _Walker(root, _KINDS | {"template": _TEMPLATE}).run()


class _Walker:
    def __init__(self, root: Element, kinds: Mapping[str, int]) -> None:
        self._body = root.find("body") or root
        self._kinds = kinds
        self._telling = {self._body, *self._body.select(_TELLING)}
        self._walk = Walk()
        self._texts = self._walk.texts
        #: Of each element: tag, parent, classes, flags, depth, first block, node, and the block after its last.
        self._elements: list[tuple[int, int, str, int, int, int, Element, int]] = []
        self._open = (0, 0, "", 0, 0, 0, self._body, 0)  # in the place of one whose end is not reached
        self._parts: list[str] = []
        self._linked = 0
        self._strong = 0

    def run(self) -> Walk:
        found = self._walk
        self._elements.append(self._open)
        self._read(self._body)
        self._flush(0)
        self._elements[0] = self._described(self._body, TAG_ID["body"], 0, 0, 0)
        columns = map(list, zip(*self._elements, strict=True))
        (
            found.tag,
            found.parent,
            found.classes,
            found.flags,
            found.depth,
            found.first,
            found.nodes,
            found.last,
        ) = columns
        if len(found.texts) > MAX_BLOCKS:
            _thin(found)
        return found

    def _read(self, node: Element) -> None:  # noqa: C901 - the innermost loop, written out rather than called
        """Read what stands in *node*, inline text in a link (mode bit 0) or in strong type (bit 1) too.

        With a stack of its own: Python's is a thousand calls deep, and a call that has to enlarge it takes 7 µs each
        time, which a page can bring about for all its elements.
        """
        parts, kinds, elements, texts = self._parts, self._kinds, self._elements, self._texts
        around: list[tuple[Iterator[Node], int, int, int, Element | None, int, int]] = []
        children: Iterator[Node] = iter(node)
        element, mode, depth = 0, 0, 1
        #: The block whose children these are, if they are a block's: its tag, and its first text block.
        block: Element | None = None
        tag = first = 0
        while True:
            for child in children:
                if type(child) is Text:
                    text = child.data
                    if parts or not text.isspace():
                        parts.append(text)
                        if mode:
                            self._mark(text, mode)
                    continue
                if type(child) is Element:
                    kind, inner = kinds.get(child.tag, _PLAIN), mode
                    if kind < _SKIP:
                        kind, inner = self._settled(child, kind, element, mode, depth), mode + _DEEPER
                    if kind == _SKIP:
                        continue
                    around.append((children, element, mode, depth, block, tag, first))
                    if kind >= 0:
                        if parts:
                            self._flush(element)
                        block, tag, first = child, kind, len(texts)
                        element = len(elements)
                        elements.append(self._open)
                        depth += 1
                    else:
                        block = None
                        if kind != _LINK or _is_link(child):
                            inner |= kind & 3
                    mode = inner
                elif type(child) is DocumentFragment:
                    around.append((children, element, mode, depth, block, tag, first))
                    block = None
                else:
                    continue
                children = iter(child)
                break
            else:
                if not around:
                    return
                ended, kind, began, index = block, tag, first, element
                children, element, mode, depth, block, tag, first = around.pop()
                if ended:
                    if parts:
                        self._flush(index)
                    if len(texts) > began:
                        elements[index] = self._described(ended, kind, element, began, depth)
                    else:
                        elements.pop()  # what holds no text is nowhere; nor is what stands in it, by now

    def _described(
        self, node: Element, tag: int, parent: int, first: int, depth: int
    ) -> tuple[int, int, str, int, int, int, Element, int]:
        names, identity = node.attr("class"), node.attr("id")
        classes, flags = _named(names[:MAX_ATTRIBUTE]) if names else ("", 0)
        if identity:
            identity = identity[:MAX_ATTRIBUTE]
            classes = f"{classes} {identity}" if classes else identity
        if node in self._telling:
            classes, flags = _told(node, classes, flags)
        return tag, parent, classes, flags, depth, first, node, len(self._texts)

    def _settled(self, node: Element, kind: int, element: int, mode: int, depth: int) -> int:
        """Read a break or a listing, or say as what a menu, a control or a picture is read: most are passed over."""
        if kind == _SWALLOW:
            return _SKIP if mode < _LOOKS and node.find("p") is None else _PLAIN
        # A template's content is a tree of its own, and how deep that is adds to the depth of the page.
        if kind == _TEMPLATE:
            return _PLAIN if mode < _LOOKS else _SKIP
        if kind == _BREAK and node.tag == "br" and not _is_doubled(node):
            self._parts.append(_LINE_END)
            return _SKIP
        self._flush(element)
        if kind == _MENU:
            return _SKIP if mode < _LOOKS and _is_menu(node) else TAG_ID["nav"]
        if kind == _LISTING:
            self._preformatted(node, element, depth)
        return _SKIP

    def _mark(self, text: str, mode: int) -> None:
        length = len(text.strip())
        self._linked += length * (mode & 1)
        self._strong += length * (mode >> 1 & 1)

    def _flush(self, element: int) -> None:
        parts = self._parts
        whole = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        text = _in_a_row(whole)
        if text:
            if _LINE_END in whole:
                self._walk.lines[len(self._texts)] = _starts_of_lines(whole)
            self._keep(text, element)
        self._linked = self._strong = 0

    def _keep(self, text: str, element: int) -> None:
        found = self._walk
        found.texts.append(text if len(text) <= MAX_BLOCK else text[:MAX_BLOCK])
        found.owner.append(element)
        found.linked.append(self._linked)
        found.strong.append(self._strong)

    def _preformatted(self, node: Element, element: int, depth: int) -> None:
        index, first, lines = len(self._elements), len(self._texts), list[str]()
        self._lines(node, lines)
        text = printable("".join(lines)).strip("\n").rstrip()
        if text:
            self._keep(text, index)
            self._elements.append(self._described(node, _PRE, element, first, depth))

    def _lines(self, node: Element, lines: list[str]) -> None:
        """Add the text of a listing as it stands; a break and a box end a line."""
        for child in node:
            if type(child) is Text:
                lines.append(child.data)
            elif type(child) is Element and child.tag == "br":
                lines.append("\n")
            elif type(child) is Element and child.tag not in _SKIPPED:
                boxed = child.tag in TAG_ID
                if boxed and lines and not lines[-1].endswith("\n"):
                    lines.append("\n")
                self._lines(child, lines)
                if boxed and lines and not lines[-1].endswith("\n"):
                    lines.append("\n")


def _in_a_row(text: str) -> str:
    """*text* with single spaces between its words."""
    text = text.strip()
    # As most paragraphs: a blank is the only space that is printable.
    if text.isprintable() and "  " not in text:
        return text
    words = " ".join(text.split())
    return words if words.isprintable() else " ".join(printable(words).split())


def _starts_of_lines(whole: str) -> tuple[int, ...]:
    """Where the lines of a block but the first begin, in its text."""
    lines = map(_in_a_row, whole.split(_LINE_END))
    starts = tuple(accumulate(len(line) + 1 for line in lines if line))[:-1]
    return starts[: bisect.bisect_left(starts, MAX_BLOCK)]


def _is_menu(nav: Element) -> bool:
    """Whether a nav element is links and little else: some hold the headline or the byline, or the page."""
    if nav.find("p") is not None or nav.find("h1") is not None:
        return False
    letters = len("".join(nav.text.split()))
    linked = sum(len("".join(link.text.split())) for link in nav.iter_elements("a"))
    return letters - linked <= _UNLINKED * letters


def _is_link(anchor: Element) -> bool:
    """Whether an anchor is a link: none is one without an address, or one left open around the rest of the page."""
    if anchor.attr("href") is None:
        return False
    return anchor.find("p") is None or len(anchor.find_all("p", limit=_PAGE)) < _PAGE


def _is_doubled(line_break: Element) -> bool:
    """Whether another line break follows at once: two in a row are how old pages part paragraphs."""
    following = line_break.next_sibling
    while following is not None and not (
        following.data.strip() if isinstance(following, Text) else isinstance(following, Element)
    ):
        following = following.next_sibling
    return isinstance(following, Element) and following.tag == "br"


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
    walk.lines = {new: walk.lines[old] for new, old in enumerate(kept) if old in walk.lines}
    walk.first[:] = [bisect.bisect_left(kept, index) for index in walk.first]
    walk.last[:] = [bisect.bisect_left(kept, index) for index in walk.last]


@lru_cache(maxsize=512)
def _named(names: str) -> tuple[str, int]:
    """A class attribute, one object for all elements that have it, and the flag of what hides."""
    return names, 0 if _HIDING_CLASSES.isdisjoint(names.split()) else HIDDEN_CLASS


@lru_cache(maxsize=256)
def _hides(style: str) -> bool:
    """Whether a style hides its element."""
    return _HIDING_STYLE.search(style) is not None


def _told(node: Element, classes: str, flags: int) -> tuple[str, int]:
    """Classes and flags with what further attributes say."""
    get = node.attr
    style = get("style")
    if (style and _hides(style[:MAX_ATTRIBUTE])) or get("hidden") is not None or get("aria-hidden") == "true":
        flags |= HIDDEN
    itemprop = get("itemprop")
    if itemprop and "articleBody" in itemprop:
        flags |= ARTICLE_BODY
    role = get("role")
    if role:
        flags |= MAIN if role in ("main", "article") else CHROME if role in _CHROME_ROLES else 0
    named = get("data-testid") or get("data-component") or get("data-type") or itemprop
    return (f"{classes} {named[:MAX_ATTRIBUTE]}" if named else classes), flags
