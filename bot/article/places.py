"""Where on a page things stand: its lines with their distance from the headline and from the end of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain, islice, pairwise
from typing import NamedTuple

from turbohtml import Element

from bot.article.details import host_of, path_of
from bot.article.document import Document
from bot.article.names import fold, squash, tidy
from bot.article.schema import strings
from bot.article.site_names import host_keys, site_keys
from bot.article.walk import BLOCK_TAGS, MAX_ATTRIBUTE, TAG_ID, Walk

NAV, FOOTER, COMMENTS, RELATED, SIDE, IN_ARTICLE, IN_HEADER, IN_FIGURE = (1 << i for i in range(8))
OUTSIDE = NAV | FOOTER | COMMENTS | RELATED | SIDE  #: not part of the article, going by tags and class words
_TAG_FLAGS = {
    TAG_ID["nav"]: NAV,
    TAG_ID["footer"]: FOOTER,
    TAG_ID["aside"]: SIDE,
    TAG_ID["article"]: IN_ARTICLE,
    TAG_ID["main"]: IN_ARTICLE,
    TAG_ID["header"]: IN_HEADER,
    TAG_ID["figure"]: IN_FIGURE,
    TAG_ID["figcaption"]: IN_FIGURE,
}
_LEVELS = {TAG_ID["h1"]: 1, TAG_ID["h2"]: 2, TAG_ID["h3"]: 3}
_PROSE_TAGS = frozenset(TAG_ID[tag] for tag in ("p", "div", "section", "article", "td", "blockquote"))
#: What class words say, by the letters that a pattern needs: those are found several times as fast as its branches.
_CLASS_FLAGS = tuple(
    (tuple(letters.split()), re.compile(rf"(?:^|[_-])(?:{words})(?:$|[_-])", re.IGNORECASE), flag)
    for letters, words, flag in (
        (
            "comment respond disqus replies kommentar",
            r"comments?|comment-\S*|respond|disqus\S*|replies|kommentare?",
            COMMENTS,
        ),
        (
            "relat recomm teaser most newsl popul trend promo card more ticker latest widget",
            r"related\S*|recommend\S*|teasers?|most-?read|newsletter\S*|popular\S*|trending\S*|promo|cards?"
            r"|more-\S+|read-?more|ticker|latest|(?<!elementor-)widget\S*",
            RELATED,
        ),
        ("side rail", r"sidebar\S*|side-bar\S*|rail", SIDE),
        ("foot", r"(?<!post[_-])(?<!entry[_-])(?<!article[_-])footer", FOOTER),
        ("nav menu bread", "nav|menu|navigation|navbar|breadcrumbs?", NAV),
    )
)
_UNSPACED = "[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"  #: compiled once a title may hold one
#: Meta elements with the title of the page or, of newsletters and measurements, that of its article.
_TITLES = ("og:title", "twitter:title", "sailthru.title", "parsely-title", "cxenseparse:title")
_NO_HEADLINE = -1.0  #: the score of a page without one; a heading has to score higher
_SAME = 0.75  #: word overlap of two wordings of one title
_TEXT_BELOW = 600  #: characters below the headline
_LONG = 80  #: characters of a line that is prose
_LONGEST_NAMES = 400  #: characters of class names
_MOST_INLINE = 500  #: elements within a line that are looked at
NEAR_BEFORE, NEAR_AFTER, TAIL_BEFORE, TAIL_AFTER = (
    200,
    600,
    300,
    200,
)  #: characters around headline and text end
ABOVE_PROSE = 100  #: characters above the first paragraph, where that stands farther below the headline


class Line(NamedTuple):
    """One text block of the walk: start and end count the characters of the text before it."""

    text: str
    start: int
    end: int
    block: int  #: its index in the walk
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
    starts: list[int]  #: of every block, then the total
    site: frozenset[str]  #: squashed names of the site
    host: frozenset[str]  #: squashed forms of the host
    declared_titles: tuple[str, ...]
    headings: list[Heading] = field(default_factory=list)
    headline: Heading | None = None
    headline_score: float = _NO_HEADLINE
    title_start: int = 0
    title_end: int = 0
    prose_start: int = 0
    prose_end: int = 0
    paragraphs: int = 0
    near: list[Line] = field(default_factory=list)  #: around the headline and around the end of the text
    bylines: list[Line] | None = None  #: marked ones elsewhere; None until somebody looked for them
    _frame: frozenset[int] = frozenset()  #: the elements that hold headline and text
    _flags: dict[int, int] = field(default_factory=dict)

    def line(self, index: int) -> Line:
        """Return block *index* of the walk as a line."""
        walk, starts = self.walk, self.starts
        element = walk.owner[index]
        tag = BLOCK_TAGS[walk.tag[element]]
        return Line(walk.texts[index], starts[index], starts[index + 1], index, element, tag)

    def flags(self, element: int) -> int:
        """Return the flags that the tags and class words of *element* and those around it add up to."""
        if not element:
            return 0
        known = self._flags.get(element)
        if known is None:
            walk = self.walk
            own = _TAG_FLAGS.get(walk.tag[element], 0)
            classes = walk.classes[element]
            if classes and not own & IN_ARTICLE:
                own |= class_flags(classes)
            if element in self._frame:
                own &= ~OUTSIDE
            known = self._flags[element] = own | self.flags(walk.parent[element])
        return known

    def set_frame(self) -> None:
        """Take what holds the headline and text below it for the article's, whatever it is called.

        "content-sidebar" and "widget" are names of columns as often as of what stands beside them.
        """
        walk, held = self.walk, set[int]()
        element = self.headline.line.element if self.headline else 0
        while element:
            if self.starts[walk.last[element]] - self.title_end > _TEXT_BELOW:
                held.add(element)
            element = walk.parent[element]
        self._frame = frozenset(held)
        self._flags.clear()

    def node(self, line: Line) -> Element:
        """Return the element that *line* stands in."""
        return self.walk.nodes[line.element]

    def inline(self, line: Line) -> Iterator[Element]:
        """Yield the elements within *line*, the first ones: many lines may share one parent of very many."""
        walk, element = self.walk, line.element
        node = walk.nodes[element]
        if walk.last[element] - walk.first[element] == 1:  # as most: no other line stands in it
            yield from islice(node.iter_elements(), _MOST_INLINE)
            return
        children = (child for child in islice(node, _MOST_INLINE) if isinstance(child, Element))
        found = chain.from_iterable(
            child.iter_elements(include_self=True) for child in children if child.tag not in TAG_ID
        )
        yield from islice(found, _MOST_INLINE)

    def distance(self, position: int) -> int:
        """Return how far after the headline's end *position* lies; negative before it."""
        return position - self.title_end

    def block(self, position: int) -> int:
        """Return the index of the block that *position* lies in."""
        return bisect_right(self.starts, position, hi=len(self.walk.texts)) - 1

    def before(self, line: Line) -> str:
        """Return the last characters of the line before."""
        return self.walk.texts[line.block - 1][-30:] if line.block else ""

    def is_near(self, line: Line) -> bool:
        """Whether *line* stands around the headline."""
        return self.title_start - NEAR_BEFORE <= line.start <= self.title_end + NEAR_AFTER

    def is_tail(self, line: Line) -> bool:
        """Whether *line* stands around the end of the text."""
        return self.prose_end - TAIL_BEFORE <= line.start <= self.prose_end + TAIL_AFTER


def classes_of(node: Element) -> str:
    """Return what a page calls *node*: its classes, id and test names, each at a length that makes sense."""
    if not len(node.attrs):
        return ""
    get = node.attr
    classes, identity = get("class"), get("id")
    named = get("data-testid") or get("data-component")
    if named is None and identity is None:
        return classes[:MAX_ATTRIBUTE] if classes else ""
    return " ".join(name[:MAX_ATTRIBUTE] for name in (classes, identity, named) if name)


@lru_cache(maxsize=512)
def class_flags(classes: str) -> int:
    """Return the flags that class words give away."""
    flags = 0
    for name in classes.split() if len(classes) <= _LONGEST_NAMES else ():
        flags |= _name_flags(name)
    return flags


@lru_cache(maxsize=1024)
def _name_flags(name: str) -> int:
    holds, flags = name.lower().__contains__, 0
    for letters, pattern, flag in _CLASS_FLAGS:
        if any(map(holds, letters)) and pattern.search(name):
            flags |= flag
    return flags


@lru_cache(maxsize=512)
def is_headline_class(classes: str) -> bool:
    """Whether a class word speaks of headlines or titles."""
    low = classes.lower()
    return "headline" in low or "title" in low


def words(text: str) -> list[str]:
    """Return the folded words of *text*; scripts without spaces are taken by pairs of characters."""
    folded = fold(text)
    if folded.isascii():
        return folded.split()
    found: list[str] = []
    for word in folded.split():
        pairs = len(word) > 2 and not word.isascii() and re.search(_UNSPACED, word)
        found += map("".join, pairwise(word)) if pairs else [word]
    return found


def find_places(document: Document, walk: Walk) -> Places:
    """Return the landmarks of a walked page: where its headline and its prose lie."""
    places = Places(
        walk=walk,
        starts=list(accumulate(map(len, walk.texts), initial=0)),
        site=site_keys(document),
        host=host_keys(document),
        declared_titles=_declared_titles(document),
    )
    _find_headline(places, host_of(document.url))
    places.set_frame()
    _find_prose(places)
    starts = places.starts[:-1]
    first, last = _within(starts, places.title_start - NEAR_BEFORE, places.title_end + NEAR_AFTER)
    above, below = _within(starts, places.prose_start - ABOVE_PROSE, places.prose_start - 1)
    tail = _within(starts, places.prose_end - TAIL_BEFORE, places.prose_end + TAIL_AFTER)
    blocks = (range(first, last), range(max(last, above), below), range(max(last, below, tail[0]), tail[1]))
    places.near = [places.line(index) for index in chain.from_iterable(blocks)]
    return places


def _within(starts: list[int], low: int, high: int) -> tuple[int, int]:
    """Return which of the sorted *starts* lie between *low* and *high*, as a slice."""
    return bisect_left(starts, low), bisect_right(starts, high)


def _declared_titles(document: Document) -> tuple[str, ...]:
    titles = [document.title]
    titles += [value for name in _TITLES for value in document.meta.get(name, ())[:1]]
    for node in document.articles[:2]:
        titles += list(strings(node.get("headline")))[:1]
    return tuple(dict.fromkeys(filter(None, map(tidy, titles))))


def _find_headline(places: Places, host: str) -> None:
    """Choose the heading that agrees best with what the page declares as its title."""
    walk = places.walk
    tags, classes = walk.tag, walk.classes
    declared = [title for title in (frozenset(words(title)) for title in places.declared_titles) if title]
    parent, own_names = walk.parent, places.site | places.host
    likely = {
        e
        for e in set(walk.owner)
        if tags[e] in _LEVELS or tags[parent[e]] in _LEVELS or (classes[e] and is_headline_class(classes[e]))
    }
    for index, element in enumerate(walk.owner) if likely else ():
        if element not in likely:
            continue
        outer = element if tags[element] in _LEVELS else parent[element]
        level = _LEVELS.get(tags[outer], 0)
        if not 3 < len(walk.texts[index]) < 400:
            continue
        own = frozenset(words(walk.texts[index]))
        shared = [len(own & title) for title in declared]
        most = max(shared, default=0)
        if not own or (not level and 2 * most <= len(own)):
            continue
        covered = most / len(own)
        agreement = max(
            (n / (len(own) + len(title) - n) for n, title in zip(shared, declared, strict=True)), default=0.0
        )
        line = _as_heading(places.line(index))
        if _leads_home(line, places, host):
            places.site |= {squash(line.text)}
            continue
        if level and outer != element:
            line = line._replace(tag=BLOCK_TAGS[tags[outer]])
        heading = Heading(line, agreement, covered, classes[element])
        places.headings.append(heading)
        score = _score(heading, level, len(own), places, own_names)
        if score is not None and score > places.headline_score:
            places.headline, places.headline_score = heading, score
    if places.headline is None:
        places.headline = _unmarked_headline(places, declared)
        places.headings += [places.headline] if places.headline else []
    if places.headline:
        places.title_start, places.title_end = places.headline.line.start, places.headline.line.end


def _score(
    heading: Heading, level: int, different: int, places: Places, own_names: frozenset[str]
) -> float | None:
    """How likely a heading of so many different words is the headline; None where it cannot be."""
    agreement, covered = heading.agreement, heading.covered
    if not (level == 1 or covered > 0.6 or (level == 2 and agreement > 0.3)):
        return None
    score = agreement + 0.5 * covered + {1: 0.65, 2: 0.2}.get(level, 0.0)
    least = 2 if covered == 1 else 3  # words of a title
    score -= (0.6 if places.flags(heading.line.element) & OUTSIDE else 0) + (0.3 if different < least else 0)
    if squash(heading.line.text) in own_names:
        score -= 0.5
    return score


def _as_heading(line: Line) -> Line:
    """*line* without soft hyphens, common in long words, and without the white space of listings."""
    text = " ".join(line.text.replace("\u00ad", "").split())
    return line if text == line.text else line._replace(text=text)


def _leads_home(line: Line, places: Places, host: str) -> bool:
    """Whether *line* is nothing but a link to the front page of *host*: then it is the name of the site."""
    if places.walk.linked[line.block] < len(line.text):
        return False
    node = places.node(line)
    links = (part for part in (node, *places.inline(line)) if part.tag == "a")
    href = next(filter(None, (link.attr("href") for link in links)), "").strip()
    return href == "/" or (
        path_of(href) in ("", "/") and bool(host) and host_of(href) == host and "?" not in href
    )


def _unmarked_headline(places: Places, declared: list[frozenset[str]]) -> Heading | None:
    """Return the first line of the page that is a declared title, though nothing marks it as a heading."""
    for index, text in enumerate(places.walk.texts if declared else ()):
        if 10 < len(text) < 400:
            own = frozenset(words(text))
            agreement = max(len(own & title) / len(own | title) for title in declared)
            if agreement > _SAME and not places.flags(places.walk.owner[index]) & OUTSIDE:
                return Heading(_as_heading(places.line(index)), agreement, 1.0, "")
    return None


def _find_prose(places: Places) -> None:
    """Find where paragraphs begin and end after the headline."""
    walk, starts = places.walk, places.starts
    below = [
        (index, places.flags(walk.owner[index]))
        for index, text in enumerate(walk.texts)
        if len(text) > _LONG
        and starts[index] >= places.title_end
        and walk.tag[walk.owner[index]] in _PROSE_TAGS
    ]
    prose = [index for index, flags in below if not flags & (OUTSIDE | IN_FIGURE)] or [
        index for index, flags in below if not flags & (NAV | FOOTER | COMMENTS | IN_FIGURE)
    ]
    places.paragraphs = len(prose)
    paragraphs = [index for index in prose if walk.tag[walk.owner[index]] == TAG_ID["p"]] or prose
    if paragraphs:
        places.prose_start, places.prose_end = starts[paragraphs[0]], starts[paragraphs[-1] + 1]
    else:
        places.prose_start, places.prose_end = places.title_end + 600, starts[-1]
