"""Who a page may be by: every name it declares or shows, each with where it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from bot.article.details import all_nodes, article_nodes, strings, types_of
from bot.article.document import Document
from bot.article.names import NamePart, fold, is_personal, split_byline, tidy
from bot.article.places import OUTSIDE, Line, Places, class_flags, classes_of
from bot.article.walk import BLOCK_TAGS

Node = Mapping[str, Any]

_META = {
    "author": "meta:author",
    "authors": "meta:author",
    "article:author": "meta:article:author",
    "article:author_name": "meta:article:author",
    "parsely-author": "meta:parsely-author",
    "sailthru.author": "meta:sailthru.author",
    "dc.creator": "meta:dc.creator",
    "dcterms.creator": "meta:dc.creator",
    "byl": "meta:byl",
    "cxenseparse:author": "meta:cxenseparse:author",
    "citation_author": "meta:citation_author",
    "twitter:creator": "meta:twitter:creator",
}
DECLARED = frozenset(_META.values()) - {"meta:twitter:creator"} | {
    "json-ld",
    "json-ld:other article",
    "meta:label",
    "meta:other",
}
MARKED = frozenset({"microdata", "rel=author", "author page", "byline class", "byline text"})
_OTHER_META = re.compile(r"author|byline|autor|creator")
_NOT_NAME_META = re.compile(r"url|link|id$|image|img|email|twitter|type|count|box")
_WRITTEN_BY = re.compile(
    r"written|author|by\b|verfasst|von|escrito|écrit|autor|geschrieben|skrevet|scritto|auteur", re.IGNORECASE
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|autor(?:en|in|es)?|verfasser|writers?|journalists?|creator|written-?by|"
    r"posted-?by|contributors?|byl|reporter|vcard|auteurs?|autore)(?:$|[\s_-])"
    r"|(?:author|byline)(?=[A-Z_-]|s?$)|(?:Author|Byline)"
)
_AUTHOR_WORD = re.compile(
    r"author|byline|autor|verfasser|writer|journalist|reporter|contributor|creator|vcard|signature|firma|auteur",
    re.IGNORECASE,
)
_BIOGRAPHY = re.compile(
    r"bio|about|desc|social|twitter|box|avatar|image|img|photo|follow|info", re.IGNORECASE
)
_BY_TEXT = re.compile(
    r"^(?:By|BY|Von|VON|Par|Por|Di|Door|Av|Af|Text|Autor(?:in|a|es)?|Author|Auteur|Autore|Yazar|Yazan|Автор|Written by|Words by|Posted by|"
    r"Story by|Verfasst von|Geschrieben von|Ein (?:Beitrag|Kommentar|Gastbeitrag|Artikel) von|Published by|Interview|"
    r"Reported by|Redakteur(?:in)?|Verfasser(?:in)?|Skrevet av|Skriven av|Geschreven door|Écrit par|Publié par|Escrito por|Scritto da|"
    r"文|作者|記者|投稿者|執筆|撰文)\s*[:：/／]?\s+(?=\S)"
)
_BY_WITHIN = re.compile(r"(?:^|[\s|·•,])(?:[Bb]y|BY|[Vv]on|VON|durch)\s+(?=[A-ZÀ-Þ])")
AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori|people|person|staff|profile?|profil|by|contributors?|writers?|columnists?|"
    r"redakteure?|mitarbeiter|journalist(?:en|s|as|e)?|redaktion|redaktionsteam|bio|team|users?|members?|u|editors?|topic|"
    r"experten?|personen|reporters?|yazar(?:lar)?|skribent)/(?:[\w-]+/)?([^/?#]+)/?(?:$|[?#])|[?&]author=|/@[\w.]+/?$",
    re.IGNORECASE,
)
_BEFORE_BY = re.compile(
    r"(?:\bby|\bvon|\bpar|\bpor|\bdi|\bautor(?:in)?|\bauthor|verfass\w*|geschrieben|posted|written|words|text|投稿者|文|記者)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_BEFORE_PICTURE = re.compile(
    r"(?:foto|photo|bild|image|illustration|video|©|credit|getty|graphic|übersetz\w+|translat\w+)[\w ]{0,12}[:：/]?\s*(?:by|von|par)?\s*$",
    re.IGNORECASE,
)
_BEFORE_GUEST = re.compile(
    r"(?:interview|edited|editor|redaktion|mit|with|quelle|source|kontakt|contact|about|über)\s*(?:by|von)?[:：]?\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d\d?:\d\d")
_INLINE = frozenset(
    "a span strong b em i cite small time address p div li h2 h3 h4 h5 h6 td font u label header section dd dt".split()
)
_LONGEST, _LONGEST_LINE = (
    170,
    600,
)  #: characters of an element that may be a byline, of a line that may hold one


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One name found in one place."""

    source: str
    part: NamePart
    listed: int  #: how many names its place lists
    rank: int  #: its place among them
    position: int | None = None  #: characters before it; None for what is declared
    outside: bool = False  #: stands in navigation, comments, related articles …
    flags: int = 0
    length: int = 0  #: characters of the element
    by: bool = False
    after_by: bool = False
    after_picture: bool = False
    after_guest: bool = False
    tail: bool = False
    biography: bool = False
    dated: bool = False
    linked: bool = False
    organisation: bool = False  #: JSON-LD says so
    person: bool = False  #: JSON-LD says so
    matches: int = -1  #: of a JSON-LD article: its headline and its address are the page's, 0 to 2


def _mentions(source: str, values: Iterable[str], **where: Any) -> Iterator[Mention]:
    """Yield a mention for every name of *values*."""
    parts: dict[str, NamePart] = {}
    for value in values:
        for part in split_byline(value):
            parts.setdefault(part.key, part)
    by = where.pop("by", False)
    for rank, part in enumerate(parts.values()):
        yield Mention(source=source, part=part, listed=len(parts), rank=rank, by=by or part.by, **where)


def find_mentions(document: Document, places: Places) -> list[Mention]:
    """Return every name that the page declares, or shows around its headline or at the end of its text."""
    found = list(_json_ld(document, places))
    found += _meta(document)
    for line in places.near():
        found += _visible(line, places)
    return found


# ------------------------------------------------------------------ declared
def _json_ld(document: Document, places: Places) -> Iterator[Mention]:
    articles = sorted(article_nodes(document), key=lambda node: -_match(node, document, places))
    source = "json-ld"
    for node in articles:
        author = node.get("author") or node.get("creator")
        names = [name for name in strings(author) if not name.startswith(("http://", "https://"))]
        if names:
            head = author[0] if isinstance(author, Sequence) and not isinstance(author, str) else author
            kinds = " ".join(types_of(head)) if isinstance(head, Mapping) else ""
            yield from _mentions(
                source,
                names,
                organisation="Organization" in kinds,
                person="Person" in kinds,
                matches=_match(node, document, places),
            )
            source = "json-ld:other article"
    known = {id(node) for node in articles}
    for node in all_nodes(document):
        if "Person" in types_of(node):
            yield from _mentions("json-ld:person", strings(node.get("name")))
        elif id(node) not in known and node.get("author"):
            yield from _mentions("json-ld:other", strings(node["author"]))


def _match(node: Node, document: Document, places: Places) -> int:
    """Return how far a JSON-LD article is this page's: 0 to 2."""
    headline = next(strings(node.get("headline")), "")
    own = set(fold(headline).split())
    titles = (set(fold(title).split()) for title in places.declared_titles)
    same_title = bool(own) and any(
        2 * len(own & title) > 1.2 * (len(own) + len(title)) / 2 for title in titles
    )
    page = node.get("mainEntityOfPage") or node.get("url")
    address = page.get("@id") if isinstance(page, Mapping) else page
    return same_title + (isinstance(address, str) and _same_page(address, document.url))


def _same_page(a: str, b: str) -> bool:
    try:
        x, y = urlsplit(a), urlsplit(b)
    except ValueError:
        return False
    return bool(x.path.strip("/")) and x.path.rstrip("/") == y.path.rstrip("/")


def _meta(document: Document) -> Iterator[Mention]:
    grouped: dict[str, list[str]] = {}
    for name, contents in document.meta.items():
        source = _META.get(name)
        if source is None and _OTHER_META.search(name) and not _NOT_NAME_META.search(name):
            source = "meta:other"
        if name in ("twitter:data1", "twitter:data2"):
            label = " ".join(document.meta.get(name.replace("data", "label"), ()))
            source = "meta:label" if _WRITTEN_BY.search(label) else None
        if source is None:
            continue
        for content in contents:
            if content.startswith(("http://", "https://")):
                yield from _slug(content)
            elif len(content) <= 300:
                grouped.setdefault(source, []).append(content)
    for source, values in grouped.items():
        yield from _mentions(source, values)


def _slug(address: str) -> Iterator[Mention]:
    """Yield the name that the address of an author's page spells."""
    if not AUTHOR_PAGE.search(address):
        return
    try:
        path = [part for part in urlsplit(address).path.split("/") if part]
    except ValueError:
        return
    if path:
        yield from _mentions("author page address", [re.sub(r"[-_.+]", " ", unquote(path[-1])).title()])


# ------------------------------------------------------------------- visible
def _visible(line: Line, places: Places) -> Iterator[Mention]:
    """Yield the names that a line around the headline or at the end of the text shows."""
    if line.tag in ("h1", "html", "body") or not 3 <= len(line.text) <= _LONGEST_LINE:
        return
    walk = places.walk
    above = _author_distance(line.element, places)
    parts = list(places.inline(line))
    if len(line.text) <= _LONGEST:
        text = line.text if not parts else _spaced(places.node(line))
        node = places.node(line)
        yield from _of_element(node, text if len(text) <= _LONGEST else line.text, line, places, above)
    if above == 1:
        parent = walk.parent[line.element]
        held = walk.texts[walk.first[parent] : walk.last[parent]]
        if 1 < len(held) < 12 and walk.first[parent] == line.index and sum(map(len, held)) <= _LONGEST:
            yield from _of_element(walk.nodes[parent], "\n".join(held), line, places, 0)
    for part in parts:
        if part.tag in _INLINE:
            text = _spaced(part)
            if 3 <= len(text) <= _LONGEST:
                depth = 0 if is_author_class(classes_of(part)) else above + 1
                yield from _of_element(part, text, line, places, depth)


def _spaced(node: etree._Element) -> str:
    """Return the text of *node*, tidied; what separate elements hold is separate words."""
    return tidy(" ".join(map(str, node.itertext())))


def _author_distance(element: int, places: Places) -> int:
    """Return how many levels above *element* a class word speaks of authors; 0 is itself, 9 none near."""
    walk = places.walk
    for level in range(4):
        if not element or BLOCK_TAGS[walk.tag[element]] in ("main", "article"):
            break
        if is_author_class(walk.classes[element]):
            return level
        element = walk.parent[element]
    return 9


@lru_cache(maxsize=8192)
def is_author_class(classes: str) -> bool:
    """Whether a class word speaks of authors."""
    return _AUTHOR_WORD.search(classes) is not None


def _of_element(node: etree._Element, text: str, line: Line, places: Places, above: int) -> Iterator[Mention]:
    """Yield the names of one element, once for every reason to read it as a byline."""
    sources = list(_marks(node, text, above))
    near = places.is_near(line)
    if not sources and (near or places.is_tail(line)):
        sources = list(_looks(text, line, places))
    if not sources:
        return
    start = max(0, line.text.find(text[:20])) if text is not line.text else 0
    before = line.text[max(0, start - 30) : start] if start else _text_before(line, places)
    flags = places.flags(line.element) | class_flags(classes_of(node))
    where: dict[str, Any] = {
        "position": line.start + start,
        "outside": bool(flags & OUTSIDE),
        "flags": flags,
        "length": len(text),
        "by": _BY_TEXT.match(text) is not None,
        "after_by": _BEFORE_BY.search(before) is not None,
        "after_picture": _BEFORE_PICTURE.search(before) is not None
        or _BEFORE_PICTURE.match(text[:20]) is not None,
        "after_guest": _BEFORE_GUEST.search(before) is not None,
        "tail": line.start > places.prose_end - 400,
        "biography": _BIOGRAPHY.search(classes_of(node)) is not None,
        "dated": _DATED.search(text) is not None,
        "linked": node.tag == "a",
    }
    within = _BY_WITHIN.search(text) if {"byline class", "byline text"}.intersection(sources) else None
    for source in sources:
        if source == "line":
            named = [part.text for part in split_byline(text) if is_personal(part.text)]
            yield from _mentions(source, named, **where)
        else:
            yield from _mentions(source, [text], **where)
    if within and within.start() > 0:
        yield from _mentions(sources[0], [text[within.end() :]], **{**where, "by": True})


def _marks(node: etree._Element, text: str, above: int) -> Iterator[str]:
    """Yield the ways in which the markup says that an element names an author."""
    get = node.get
    item = get("itemprop") or ""
    if "author" in item or item == "creator":
        yield "microdata"
    if "author" in (get("rel") or "").lower().split():
        yield "rel=author"
    href = get("href") or ""
    if href and AUTHOR_PAGE.search(href):
        yield "author page"
    classes = classes_of(node)
    if classes and _AUTHOR_CLASS.search(classes):
        yield "byline class"
    elif above <= 3 and len(text) < 60:
        yield "near byline class"


def _looks(text: str, line: Line, places: Places) -> Iterator[str]:
    """Yield the ways in which an unmarked element reads like a byline."""
    if _BY_TEXT.match(text):
        yield "byline text"
        return
    after = places.distance(line.start)
    if len(text) < 110 and (-150 <= after <= 500 or places.is_tail(line)):
        if any(is_personal(part.text) for part in split_byline(text)):
            yield "line"
    if len(text) < 60 and -200 <= after <= 800 and is_personal(text):
        yield "plain"


def _text_before(line: Line, places: Places) -> str:
    """Return the last characters before a line."""
    return places.lines[line.index - 1].text[-30:] if line.index else ""
