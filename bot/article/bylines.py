"""Who a page may be by: every name that it shows, each with where it was found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from turbohtml import Element, Text

from bot.article.names import is_personal, is_somebody, tidy
from bot.article.places import FOOTER, NAV, OUTSIDE, Line, Places, class_flags, classes_of
from bot.article.splitting import NamePart, split_byline
from bot.article.walk import TAG_ID, Walk

MARKED = frozenset({"microdata", "rel=author", "author page", "byline class", "byline text"})
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|autor(?:en|in|es)?|verfasser|writers?|journalists?|creator|written-?by|"
    r"posted-?by|contributors?|byl|reporter|vcard|auteurs?|autore)(?:$|[\s_-])"
    r"|(?:author|byline)(?=[A-Z_-]|s?$)|(?:Author|Byline)"
)
_AUTHOR_LETTERS = (
    "author by- byl autor auteur writ verfasser journalist creator posted contributor reporter vcard".split()
)
_AUTHOR_WORDS = (
    "author byline autor verfasser writer journalist reporter contributor creator vcard signature firma auteur"
).split()
_BIOGRAPHY = re.compile(
    r"bio|about|desc|social|twitter|box|avatar|image|img|photo|follow|info", re.IGNORECASE
)
_BY_TEXT = re.compile(
    r"^(?:[-–—/*(]{1,6}\s*(?:by|von|par)|By|BY|Von|VON|Par|Por|Di|Door|Av|Af|Text|Yazar|Yazan|"
    r"Autor(?:in|innen|a|en|es|[ei])?|Authors?|Auteure?s?|"
    r"(?:Text|Words|Texte)\s?(?:&|und|and|et|\+)\s?(?:Fotos?|Bilder|[Pp]hotos?|[Ii]mages|[Pp]ictures)|"
    r"Автор|Written by|Words by|Posted by|"
    r"Story by|Verfasst von|Geschrieben von|(?:Ein |Blog[ -]?)?(?:[Bb]eitrag|[Kk]ommentar|Gastbeitrag|Artikel) von|"
    r"Published by|Interview|"
    r"Reported by|Redakteur(?:in)?|Verfasser(?:in)?|Skrevet av|Skriven av|Geschreven door|Écrit par|"
    r"Publié par|Escrito por|Scritto da|"
    r"文|作者|記者|投稿者|執筆|撰文)\s*[:：/／]?\s+(?=\S)"
)
_BY_INITIALS = frozenset("-–—/*(BVPDATYWАSGEIRÉ文作記投執撰Kkb")  #: a quick look before it
_BY_WITHIN = re.compile(r"(?:^|[\s|·•,])(?:[Bb]y|BY|[Vv]on|VON|durch)\s+(?=[A-ZÀ-Þ])")
_AUTHOR_SEGMENTS = frozenset(
    "author authors autor autoren autores autorin auteur auteurs autori people person staff profil "
    "profile profiles by "
    "contributor contributors writer writers columnist columnists redakteur redakteure mitarbeiter "
    "journalist journalisten "
    "journalists journalistas journaliste redaktion redaktionsteam bio team user users member members u "
    "editor editors "
    "experte experten personen reporter reporters yazar yazarlar skribent".split()
)
_AUTHOR_PAGE = re.compile(
    rf"/(?:{'|'.join(sorted(_AUTHOR_SEGMENTS))})/(?:[\w-]+/)?([^/?#]+)/?(?:$|[?#])|[?&]author="
)
_HANDLE = re.compile(r"/@[\w.]+/?$")
_BEFORE_BY = re.compile(
    r"(?:\bby|\bvon|\bpar|\bpor|\bdi|\bautor(?:in)?|\bauthor|verfass\w*|geschrieben|posted|written|words|"
    r"text|投稿者|文|記者)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_BEFORE_PICTURE = re.compile(
    r"(?:foto|photo|bild|image|illustration|video|©|credit|getty|graphic|übersetz\w+|"
    r"translat\w+)[\w ]{0,12}[:：/]?\s*(?:by|von|par)?\s*$",
    re.IGNORECASE,
)
_BEFORE_BOTH = re.compile(  # whoever took the pictures wrote, too
    r"\b(?:texte?|words|story|testo|texto)\s*(?:und|and|et|e|y|&|\+|/)\s*(?:fotos?|photos?|bild(?:er)?|images?|"
    r"pictures)\s*(?:[:：]|by|von|par)?\s*$",
    re.IGNORECASE,
)
_BEFORE_GUEST = re.compile(
    r"(?:interview|edited|editor|redaktion|mit|with|quelle|source|kontakt|contact|about|über)\s*(?:by|von)?[:：]?\s*$",
    re.IGNORECASE,
)
_BOUNDS = frozenset((TAG_ID["main"], TAG_ID["article"]))
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d\d?:\d\d")
#: A quick look before is_personal.
_CASED_PAIR = re.compile(r"[^\W\d_a-z]\S* +(?:\S{1,4} +)?[^\W\d_a-z]|[^\x00-\u02ff]")
_INLINE = frozenset(
    "a span strong b em i cite small time address p div li h2 h3 h4 h5 h6 td font u label header section dd dt".split()
)
_LONGEST = 170  #: characters of an element that may be a byline
_MOST_ELSEWHERE = 8  #: marked lines; where there are more, they are those of other articles
_LONGEST_LINE = 600  #: characters of a line that may hold one


@dataclass(slots=True)
class Spot:
    """Where on the page an element stands that shows a name, and what stands around it."""

    position: int  #: characters before it
    outside: bool  #: stands in navigation, comments, related articles …
    flags: int
    length: int  #: characters of the element
    by: bool  #: starts with "By" or the like
    after_by: bool
    after_picture: bool
    after_guest: bool
    tail: bool
    biography: bool
    dated: bool
    linked: bool


@dataclass(slots=True)
class Mention:
    """One name found in one place."""

    source: str
    part: NamePart
    listed: int  #: how many names its place lists
    rank: int  #: its place among them
    spot: Spot | None = None  #: None for what is declared
    person: bool = False  #: JSON-LD says so
    matches: int = -1  #: of a JSON-LD article: its headline and its address are the page's, 0 to 2


def mentions_of(source: str, values: Iterable[str], spot: Spot | None = None, **more: Any) -> list[Mention]:
    """Return a mention for every name of *values*."""
    parts: dict[str, NamePart] = {}
    for value in values:
        for part in split_byline(value):
            parts.setdefault(part.key, part)
    return [Mention(source, part, len(parts), rank, spot, **more) for rank, part in enumerate(parts.values())]


def find_shown(places: Places) -> list[Mention]:
    """Return every name that the page shows around its headline or at its text's end, else in bylines elsewhere."""
    found = _in_lines(places.near, places)
    return (
        found
        if any(m.source in MARKED for m in found)
        else found + _in_lines(bylines_elsewhere(places), places)
    )


def _in_lines(lines: list[Line], places: Places) -> list[Mention]:
    return [
        mention
        for line in lines
        if line.tag not in ("h1", "body") and 3 <= len(line.text) <= _LONGEST_LINE
        for mention in _visible(line, places)
    ]


def bylines_elsewhere(places: Places) -> list[Line]:
    """Return the lines apart from headline and text end that say of themselves that they are bylines."""
    if places.bylines is None:
        places.bylines = _find_elsewhere(places)
    return places.bylines


def _find_elsewhere(places: Places) -> list[Line]:
    walk, first = places.walk, bisect_left(places.starts, places.title_start)
    near = {line.block for line in places.near}
    found: list[Line] = []
    for index in range(first, len(walk.texts)):
        text, element = walk.texts[index], walk.owner[index]
        if (
            len(text) <= _LONGEST
            and index not in near
            and _is_byline(text, element, walk)
            and not places.flags(element) & (OUTSIDE - FOOTER)
            and any(is_personal(part.text) and is_somebody(part.text) for part in split_byline(text))
        ):
            found.append(places.line(index))
            if len(found) > _MOST_ELSEWHERE:
                return []
    return found


def is_author_page(address: str) -> bool:
    """Whether an address looks like that of an author's page."""
    lowered = address.lower()
    if _AUTHOR_SEGMENTS.isdisjoint(lowered.split("/")[:-1]):
        return "author=" in lowered or ("/@" in lowered and _HANDLE.search(lowered) is not None)
    return _AUTHOR_PAGE.search(lowered) is not None


def slug_of(address: str) -> Iterator[Mention]:
    """Yield the name that the address of an author's page spells."""
    if not is_author_page(address):
        return
    try:
        path = [part for part in urlsplit(address).path.split("/") if part]
    except ValueError:
        return
    if path:
        yield from mentions_of("author page address", [re.sub(r"[-_.+]", " ", unquote(path[-1])).title()])


# ------------------------------------------------------------------- visible
def is_byline(line: Line, places: Places) -> bool:
    """Whether a line begins as bylines do, or its class or that of the element around it is one of bylines."""
    return _is_byline(line.text, line.element, places.walk)


def _is_byline(text: str, element: int, walk: Walk) -> bool:
    classes, around = walk.classes[element], walk.classes[walk.parent[element]]
    return bool(
        (classes and is_byline_class(classes)) or (around and is_byline_class(around)) or _begins_by(text)
    )


def _begins_by(text: str) -> bool:
    """Whether a text begins with "By" or the like."""
    return text[:1] in _BY_INITIALS and _BY_TEXT.match(text) is not None


def _visible(line: Line, places: Places) -> Iterator[Mention]:
    """Yield the names that a line around the headline or at the end of the text shows."""
    walk, text = places.walk, line.text
    node = walk.nodes[line.element]
    parts = [part for part in places.inline(line) if part.tag in _INLINE]
    if len(text) > _LONGEST and not parts:
        return
    above = _author_distance(line.element, places)
    unmarked = above > 3 and (
        bool(places.flags(line.element) & (NAV | FOOTER))
        or not (places.is_tail(line) or -150 <= places.distance(line.start) <= 400)
    )
    if len(text) <= _LONGEST:
        marks = _marks(node, walk.classes[line.element])
        if marks or not unmarked or _begins_by(text):
            spaced = _spaced(node) if parts else text
            yield from _of_element(
                node, spaced if len(spaced) <= _LONGEST else text, marks, line, places, above
            )
    if above == 1:
        parent = walk.parent[line.element]
        held = walk.texts[walk.first[parent] : walk.last[parent]]
        if 1 < len(held) < 12 and walk.first[parent] == line.block and sum(map(len, held)) <= _LONGEST:
            around = walk.nodes[parent]
            yield from _of_element(
                around, "\n".join(held), _marks(around, walk.classes[parent]), line, places, 0
            )
    for part in parts:
        classes = classes_of(part)
        marks = _marks(part, classes)
        depth = 0 if classes and is_author_class(classes) else above + 1
        if marks or depth <= 3 or not unmarked:
            shown = _spaced(part)
            if 3 <= len(shown) <= _LONGEST and (marks or depth <= 3 or shown != text):
                yield from _of_element(part, shown, marks, line, places, depth)


def _spaced(node: Element) -> str:
    """Return the text of *node*, tidied; what separate elements hold is separate words, and a line break parts.

    Of lines that are too long for a byline it is no more than shows that they are.
    """
    if node.find("br") is None:
        return tidy(" ".join(node.strings))
    shown, length = list[str](), 0
    for line in filter(None, map(tidy, _lines_of(node))):
        shown.append(line)
        length += len(line)
        if length > _LONGEST:
            break
    return "\n".join(shown)


def _lines_of(node: Element) -> Iterator[str]:
    """Yield the lines of *node*, which a break ends, and the end of a line of the source."""
    words = list[str]()
    for part in node.descendants:
        if isinstance(part, Text):
            words.append(part.data)
        elif isinstance(part, Element) and part.tag == "br":
            yield from _split(words)
            words.clear()
    yield from _split(words)


def _split(words: list[str]) -> Iterator[str]:
    """Return the lines of the source but for blank ones, as most are."""
    return filter(str.strip, " ".join(words).replace("\r", "").split("\n"))


def _author_distance(element: int, places: Places) -> int:
    """Return how many levels above *element* a class word speaks of authors; 0 is itself, 9 none near."""
    walk = places.walk
    for level in range(4):
        if not element or walk.tag[element] in _BOUNDS:
            break
        classes = walk.classes[element]
        if classes and is_author_class(classes):
            return level
        element = walk.parent[element]
    return 9


@lru_cache(maxsize=512)
def is_author_class(classes: str) -> bool:
    """Whether a class word speaks of authors."""
    return any(map(classes.lower().__contains__, _AUTHOR_WORDS))


def _of_element(
    node: Element, text: str, marks: list[str], line: Line, places: Places, above: int
) -> Iterator[Mention]:
    """Yield the names of one element, once for every reason to read it as a byline."""
    sources, named = list(marks), list[str]()
    if above <= 3 and len(text) < 60 and "byline class" not in marks:
        sources.append("near byline class")
    if not sources:
        if _begins_by(text):
            sources.append("byline text")
        elif _CASED_PAIR.search(text):
            sources, named = _looks(text)
        if not sources:
            return
    spot = _spot(node, text, line, places)
    if spot.after_by and "byline text" not in sources and len(text) < 60 and is_personal(text):
        sources.append("byline text")
    for source in sources:
        yield from mentions_of(source, named if source == "line" else [text], spot)
    within = _BY_WITHIN.search(text) if sources[-1] in ("byline class", "byline text") else None
    if within and within.start() > 0:
        yield from mentions_of(sources[0], [text[within.end() :]], replace(spot, by=True))


def _spot(node: Element, text: str, line: Line, places: Places) -> Spot:
    classes = classes_of(node)
    start = max(0, line.text.find(text[:20])) if text != line.text else 0
    before = line.text[max(0, start - 30) : start] if start else places.before(line)
    flags = places.flags(line.element) | class_flags(classes)
    by, (after_by, after_both, after_picture, after_guest) = _begins_by(text), _announced(before)
    picture = after_picture or _BEFORE_PICTURE.match(text[:20]) is not None
    return Spot(
        position=line.start + start,
        outside=bool(flags & OUTSIDE),
        flags=flags,
        length=len(text),
        by=by,
        after_by=after_both or after_by,
        after_picture=picture and not (by or after_both),
        after_guest=after_guest,
        tail=line.start > places.prose_end - 400,
        biography=bool(classes) and _is_biography(classes),
        dated=_DATED.search(text) is not None,
        linked=node.tag == "a",
    )


@lru_cache(maxsize=512)
def _announced(before: str) -> tuple[bool, bool, bool, bool]:
    """Whether what stands before a name announces a writer, one of words and pictures, of pictures, a guest."""
    patterns = (_BEFORE_BY, _BEFORE_BOTH, _BEFORE_PICTURE, _BEFORE_GUEST)
    by, both, picture, guest = (pattern.search(before) is not None for pattern in patterns)
    return by, both, picture, guest


def _marks(node: Element, classes: str) -> list[str]:
    """Return the ways in which the markup says that an element names an author."""
    found: list[str] = []
    if not len(node.attrs):
        return found
    get = node.attr
    item, rel, href = get("itemprop"), get("rel"), get("href")
    if item and ("author" in item or item == "creator"):
        found.append("microdata")
    if rel and "author" in rel.lower().split():
        found.append("rel=author")
    if href and is_author_page(href):
        found.append("author page")
    if classes and is_byline_class(classes):
        found.append("byline class")
    return found


@lru_cache(maxsize=512)
def is_byline_class(classes: str) -> bool:
    """Whether a class name is one of bylines; a quick look first, at letters of which each such name has some."""
    holds = classes.lower().__contains__
    return any(map(holds, _AUTHOR_LETTERS)) and _AUTHOR_CLASS.search(classes) is not None


@lru_cache(maxsize=512)
def _is_biography(classes: str) -> bool:
    """Whether a class name is one of what stands beside a byline: a biography, a picture, accounts to follow."""
    return _BIOGRAPHY.search(classes) is not None


def _looks(text: str) -> tuple[list[str], list[str]]:
    """Return the ways in which an unmarked element reads like a byline, and the names of a line."""
    named: list[str] = []
    if len(text) < 100 and text[-1] not in ".!?…:":
        named = [part.text for part in split_byline(text) if is_personal(part.text)]
    found = ["line"] if named else []
    if len(text) < 60 and is_personal(text):
        found.append("plain")
    return found, named
