"""Where on a page things stand: its lines with their distance from the headline and from the end of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from bot.article.details import article_nodes, strings
from bot.article.document import Document
from bot.article.names import fold, tidy
from bot.article.walk import BLOCK_TAGS, TAG_ID, Walk

NAV, FOOTER, COMMENTS, RELATED, SIDE, IN_ARTICLE, IN_HEADER, IN_FIGURE = (1 << i for i in range(8))
OUTSIDE = NAV | FOOTER | COMMENTS | RELATED | SIDE  #: not part of the article, going by tags and class words
_TAG_FLAGS = {
    "nav": NAV,
    "footer": FOOTER,
    "aside": SIDE,
    "article": IN_ARTICLE,
    "main": IN_ARTICLE,
    "header": IN_HEADER,
    "figure": IN_FIGURE,
    "figcaption": IN_FIGURE,
}
_CLASS_FLAGS = (
    (
        re.compile(
            r"(?:^|[\s_-])(?:comments?|comment-\S*|respond|disqus\S*|replies|kommentare?)(?:$|[\s_-])",
            re.IGNORECASE,
        ),
        COMMENTS,
    ),
    (
        re.compile(
            r"(?:^|[\s_-])(?:related\S*|recommend\S*|teasers?|most-?read|newsletter\S*|popular\S*|trending\S*|promo|"
            r"cards?|more-\S+|read-?more|ticker|latest|widget\S*)(?:$|[\s_-])",
            re.IGNORECASE,
        ),
        RELATED,
    ),
    (re.compile(r"(?:^|[\s_-])(?:sidebar\S*|side-bar\S*|rail)(?:$|[\s_-])", re.IGNORECASE), SIDE),
    (re.compile(r"(?:^|[\s_-])(?:footer|site-footer|page-footer)(?:$|[\s_-])", re.IGNORECASE), FOOTER),
    (re.compile(r"(?:^|[\s_-])(?:nav|menu|navigation|navbar|breadcrumbs?)(?:$|[\s_-])", re.IGNORECASE), NAV),
)
_HEADLINE_CLASS = re.compile(r"head(?:line)|title", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_LONG = 80  #: characters of a line that is prose
NEAR_BEFORE, NEAR_AFTER, TAIL_BEFORE, TAIL_AFTER = (
    400,
    1500,
    400,
    300,
)  #: characters around headline and text end


@dataclass(slots=True)
class Line:
    """One text block of the walk: start and end count the characters of the text before it."""

    text: str
    start: int
    end: int
    index: int  #: among the blocks
    element: int  #: of the walk
    tag: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may be the headline; agreement is its best word overlap with a declared title, 0 to 1."""

    line: Line
    agreement: float
    covered: float  #: share of its words that one declared title has
    classes: str


@dataclass(slots=True)
class Places:
    """The lines of a page and the landmarks among them; positions count characters."""

    walk: Walk
    lines: list[Line]
    declared_titles: tuple[str, ...]
    headings: list[Heading] = field(default_factory=list)
    headline: Heading | None = None
    headline_score: float = -1.0
    title_start: int = 0
    title_end: int = 0
    prose_start: int = 0
    prose_end: int = 0
    paragraphs: int = 0
    total: int = 0
    _flags: dict[int, int] = field(default_factory=dict)

    def flags(self, element: int) -> int:
        """Return the flags that the tags and class words of *element* and those around it add up to."""
        if not element:
            return 0
        known = self._flags.get(element)
        if known is None:
            walk = self.walk
            tag = BLOCK_TAGS[walk.tag[element]]
            own = _TAG_FLAGS.get(tag, 0)
            if tag not in ("main", "article"):
                own |= class_flags(walk.classes[element])
            known = self._flags[element] = own | self.flags(walk.parent[element])
        return known

    def node(self, line: Line) -> etree._Element:
        """Return the element that *line* stands in."""
        return self.walk.nodes[line.element]

    def inline(self, line: Line) -> Iterator[etree._Element]:
        """Yield the elements within *line*."""
        for child in self.node(line):
            if child.tag not in TAG_ID and isinstance(child.tag, str):
                yield from child.iter()

    def distance(self, position: int) -> int:
        """Return how far after the headline's end *position* lies; negative before it."""
        return position - self.title_end

    def near(self) -> Iterable[Line]:
        """Yield the lines around the headline and around the end of the text."""
        for line in self.lines:
            if self.is_near(line) or self.is_tail(line):
                yield line

    def is_near(self, line: Line) -> bool:
        """Whether *line* stands around the headline."""
        return self.title_start - NEAR_BEFORE <= line.start <= self.title_end + NEAR_AFTER

    def is_tail(self, line: Line) -> bool:
        """Whether *line* stands around the end of the text."""
        return self.prose_end - TAIL_BEFORE <= line.start <= self.prose_end + TAIL_AFTER


def classes_of(node: etree._Element) -> str:
    """Return what a page calls *node*: its classes, id and test names."""
    attributes = node.attrib
    if not attributes:
        return ""
    named = (attributes.get(name) for name in ("class", "id", "data-testid", "data-test", "data-component"))
    return " ".join(filter(None, named))


@lru_cache(maxsize=8192)
def class_flags(classes: str) -> int:
    if not classes or len(classes) > 400:
        return 0
    flags = 0
    for pattern, flag in _CLASS_FLAGS:
        if pattern.search(classes):
            flags |= flag
    return flags


def words(text: str) -> list[str]:
    """Return the folded words of *text*; scripts without spaces are taken character by character."""
    found: list[str] = []
    for word in fold(text).split():
        found += list(word) if _UNSPACED.search(word) else [word]
    return found


def find_places(document: Document, walk: Walk) -> Places:
    """Return the lines of a walked page and where its headline and its prose lie."""
    lines: list[Line] = []
    position = 0
    for index, (text, element) in enumerate(zip(walk.texts, walk.owner, strict=True)):
        end = position + len(text)
        lines.append(Line(text, position, end, index, element, BLOCK_TAGS[walk.tag[element]]))
        position = end
    places = Places(walk=walk, lines=lines, declared_titles=_declared_titles(document), total=position)
    _find_headline(places)
    _find_prose(places)
    return places


def _declared_titles(document: Document) -> tuple[str, ...]:
    titles = [document.root.findtext(".//title") or ""]
    titles += [value for name in ("og:title", "twitter:title") for value in document.meta.get(name, ())[:1]]
    for node in article_nodes(document)[:2]:
        titles += list(strings(node.get("headline")))[:1]
    return tuple(filter(None, map(tidy, titles)))


def _find_headline(places: Places) -> None:
    """Choose the heading that agrees best with what the page declares as its title."""
    declared = [set(words(title)) for title in places.declared_titles]
    declared = [title for title in declared if title]
    for line in places.lines:
        level = {"h1": 1, "h2": 2, "h3": 3}.get(line.tag, 0)
        if not 3 < len(line.text) < 400:
            continue
        classes = places.walk.classes[line.element]
        if not level and not (classes and _HEADLINE_CLASS.search(classes)):
            continue
        own = set(words(line.text))
        if not own:
            continue
        agreement = max((len(own & title) / len(own | title) for title in declared), default=0.0)
        covered = max((len(own & title) / len(own) for title in declared), default=0.0)
        heading = Heading(line, agreement, covered, classes)
        places.headings.append(heading)
        score = agreement + 0.5 * covered + {1: 0.8, 2: 0.2}.get(level, 0.0)
        score -= (0.6 if places.flags(line.element) & OUTSIDE else 0) + (0.3 if len(own) < 3 else 0)
        likely = level == 1 or covered > 0.6 or (level == 2 and agreement > 0.3)
        if likely and score > places.headline_score:
            places.headline, places.headline_score = heading, score
    if places.headline:
        places.title_start, places.title_end = places.headline.line.start, places.headline.line.end


def _find_prose(places: Places) -> None:
    """Find where paragraphs begin and end after the headline."""
    prose = [
        line
        for line in places.lines
        if line.start >= places.title_end
        and len(line.text) > _LONG
        and line.tag in ("p", "div", "section", "article", "td", "blockquote", "span")
        and not places.flags(line.element) & (OUTSIDE | IN_FIGURE)
    ]
    places.paragraphs = len(prose)
    paragraphs = [line for line in prose if line.tag == "p"] or prose
    if paragraphs:
        places.prose_start, places.prose_end = paragraphs[0].start, paragraphs[-1].end
    else:
        places.prose_start, places.prose_end = places.title_end + 600, places.total
