"""When a page says it was published: every date it declares or shows, each with where it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from lxml import etree

from bot.article.dates import FIRST_YEAR, LAST_YEAR, MONTHS, Moment, find_dates
from bot.article.details import all_nodes, article_nodes, host_of
from bot.article.document import Document
from bot.article.places import OUTSIDE, Line, Places, class_flags, classes_of

SOURCES = tuple(
    "json-ld|json-ld:other|json-ld:modified|json-ld:created|meta:published|meta:date|meta:modified|microdata|"
    "microdata:modified|time|time:published|title attribute|attribute|date class|text|address|script|script:modified|"
    "image address|end of text".split("|")
)
STRONG = frozenset(
    {"json-ld", "json-ld:other", "meta:published", "microdata", "time:published", "address", "time"}
)
MODIFIED = frozenset({"json-ld:modified", "meta:modified", "microdata:modified", "script:modified"})
_PUBLISHED_NAME = re.compile(
    r"publish|pubdate|pub-date|pub_date|publi|issued|created|posted|first|release|displaydate|sailthru\.date|dc\.date$|"
    r"recs:publishtime|analytics:date|article\.published|datepub|citation_(?:online_)?date",
)
_MODIFIED_NAME = re.compile(r"modif|updat|revis|last", re.IGNORECASE)
_DATE_NAME = re.compile(r"date|time(?!out)")
_DATE_CLASS = re.compile(r"date|time|publi[sc]|posted|datum|fecha|timestamp|zeit|meta", re.IGNORECASE)
_DATED_ATTRIBUTES = (
    "title", "data-date", "data-time", "data-timestamp", "data-published", "content", "data-datetime", "data-publish-date", "data-utc-timestamp",
)  # fmt: skip
_YEARLY = re.compile(r"(?:19|20)\d\d|\d\d?[./]\d\d?[./]\d\d|[٠-٩]{4}")
_ADDRESS_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-]?([01]\d)[/_.-]?([0-3]\d)(?!\d)|/((?:19|20)\d\d)/(\d\d?)/(\d\d?)/"
)
_ADDRESS_NAMED = re.compile(r"/((?:19|20)\d\d)[/-]?([a-z]{3})/([0-3]?\d)/")
_SCRIPT_VALUE = re.compile(
    r"(\w{0,25}(?:publi|pub_?date|created|date|first|modif|updat)\w{0,25})\\?[\"']?\s*[:=]\s*\\?[\"']?"
    r"((?:19|20)\d\d-?\d\d-?\d\d[^\"',}\\]{0,25}|1[0-9]\d{8}(?:\d{3})?\b)",
    re.IGNORECASE,
)
_MONTH_FIRST_COUNTRY = re.compile(r"\.(?:uk|au|nz|ie|in|za|eu|de|fr|it|es|nl|ch|at|be)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """One date found in one place."""

    source: str
    moment: Moment
    position: int | None = None
    flags: int = 0
    context: str = ""  #: the words before it and the classes around it
    share: float = 1.0  #: of the element's text that is the date
    length: int = 10

    @property
    def outside(self) -> bool:
        """Whether it stands in navigation, comments, related articles …"""
        return bool(self.flags & OUTSIDE)


def is_month_first(document: Document) -> bool:
    """Whether 3/4/2020 on this page is the fourth of March."""
    language = (document.language or "").lower().replace("_", "-")
    british = _MONTH_FIRST_COUNTRY.search(host_of(document.url)) is not None
    return not british and (not language or language == "en" or language.startswith("en-us"))


def find_date_mentions(document: Document, places: Places) -> list[DateMention]:
    """Return every date that the page declares, spells in its address, or shows around headline and text end."""
    month_first = is_month_first(document)
    found = list(_declared(document, month_first))
    found += _address(document)
    found += _elements(document, places, month_first)
    declared = any(mention.source in STRONG for mention in found)
    for line in places.near() if declared else places.lines:
        found += _shown(line, places, month_first)
    if not declared:
        found += _scripts(document)
        found += _pictures(document)
    return found


def _declared(document: Document, month_first: bool) -> Iterator[DateMention]:
    articles = {id(node) for node in article_nodes(document)[:1]}
    for node in all_nodes(document):
        own = id(node) in articles
        keys = (
            ("datePublished", "json-ld" if own else "json-ld:other"),
            ("dateModified", "json-ld:modified"),
            ("dateCreated", "json-ld:created"),
            ("uploadDate", "json-ld:created"),
        )
        for key, source in keys:
            value = node.get(key)
            if isinstance(value, str) and (own or source != "json-ld:modified" or not articles):
                yield from _mentions(source, value, month_first)
    for name, contents in document.meta.items():
        if _MODIFIED_NAME.search(name):
            source = "meta:modified"
        elif _PUBLISHED_NAME.search(name):
            source = "meta:published"
        elif _DATE_NAME.search(name):
            source = "meta:date"
        else:
            continue
        for content in contents:
            if len(content) <= 60:
                yield from _mentions(source, content, month_first)


def _mentions(source: str, text: str, month_first: bool) -> Iterator[DateMention]:
    for moment in find_dates(text, month_first=month_first):
        yield DateMention(source=source, moment=moment)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def day_of_address(address: str) -> date | None:
    """Return the day that an address spells.

    >>> day_of_address("/2020/03/04/title")
    datetime.date(2020, 3, 4)
    """
    match = _ADDRESS_DAY.search(address)
    if match:
        year, month, day = match.groups()[:3] if match[1] else match.groups()[3:]
        return _day(year, month, day)
    named = _ADDRESS_NAMED.search(address)
    return _day(named[1], str(MONTHS.get(named[2], 0)), named[3]) if named else None


def _path(address: str) -> str:
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""


def _address(document: Document) -> Iterator[DateMention]:
    day = day_of_address(_path(document.url or ""))
    if day:
        yield DateMention(source="address", moment=Moment(day=day))


def _elements(document: Document, places: Places, month_first: bool) -> Iterator[DateMention]:
    """Yield the dates of time elements anywhere and of dated attributes around the headline."""
    walk = places.walk
    at = {node: index for index, node in enumerate(walk.nodes)}
    marked = list(document.root.iter("time"))[:40]
    for line in places.near():
        if len(line.text) < 400:
            marked += [
                part
                for part in (places.node(line), *places.inline(line))
                if part.attrib and part.tag != "time"
            ]
    for node in marked:
        get = node.get
        item = get("itemprop") or ""
        value = get("datetime")
        source = "time"
        classes = classes_of(node)
        if "date" in item.lower():
            source = "microdata:modified" if "odif" in item else "microdata"
            value = get("content") or value or "".join(map(str, node.itertext()))[:80]
        elif node.tag == "time":
            value = value or "".join(map(str, node.itertext()))[:80]
            if (
                get("pubdate") is not None or re.search(r"publi|entry-date", classes)
            ) and not _MODIFIED_NAME.search(classes):
                source = "time:published"
        elif value is None:
            source, value = _dated_attribute(node)
        if not value or not _YEARLY.search(value[:60]) and not value.strip().isdigit():
            continue
        yield from _placed(source, value[:80], node, at, places, month_first)


def _dated_attribute(node: etree._Element) -> tuple[str, str | None]:
    for name in _DATED_ATTRIBUTES:
        value = node.get(name)
        if value and len(value) < 50 and re.search(r"\d{4}", value):
            return ("title attribute" if name == "title" else "attribute"), value
    return "attribute", None


def _placed(
    source: str,
    value: str,
    node: etree._Element,
    at: dict[etree._Element, int],
    places: Places,
    month_first: bool,
) -> Iterator[DateMention]:
    element = None
    current: etree._Element | None = node
    while current is not None and element is None:
        element = at.get(current)
        current = current.getparent()
    walk = places.walk
    line = None
    if element and walk.first[element] < len(places.lines):
        line = places.lines[walk.first[element]]
    before = line.text.partition("".join(map(str, node.itertext())).strip() or "\n")[0][-40:] if line else ""
    if line and not before and line.index:
        before = places.lines[line.index - 1].text[-30:]
    for moment in find_dates(value, month_first=month_first):
        yield DateMention(
            source=source,
            moment=moment,
            position=line.start if line else None,
            flags=places.flags(element or 0) | class_flags(classes_of(node)),
            context=f"{before} {classes_of(node)}",
        )


def _shown(line: Line, places: Places, month_first: bool) -> Iterator[DateMention]:
    """Yield the dates of a short line, and those of the text's last lines."""
    text = line.text
    if not 5 < len(text) < 140:
        if not places.is_tail(line) or len(text) > 700:
            return
        text = text[-200:]
    if not _YEARLY.search(text):
        return
    classes = places.walk.classes[line.element]
    source = "date class" if classes and _DATE_CLASS.search(classes) else "text"
    if len(line.text) >= 140:
        source = "end of text"
    before = places.lines[line.index - 1].text[-30:] if line.index else ""
    for moment in find_dates(text, month_first=month_first):
        yield DateMention(
            source=source,
            moment=moment,
            position=line.start,
            flags=places.flags(line.element),
            context=f"{(before + ' ' + text[: moment.start])[-40:]} {classes}",
            share=10 / max(10, len(text)),
            length=len(text),
        )


def _scripts(document: Document) -> Iterator[DateMention]:
    """Yield the dates that a page's state carries in scripts; asked only where nothing else is declared."""
    for script in document.root.iter("script"):
        text = script.text
        if not text or len(text) > 2_000_000 or "ld+json" in (script.get("type") or ""):
            continue
        for match in list(_SCRIPT_VALUE.finditer(text))[:40]:
            source = "script:modified" if _MODIFIED_NAME.search(match[1]) else "script"
            yield from _mentions(source, match[2], False)


def _pictures(document: Document) -> Iterator[DateMention]:
    """Yield the days that the addresses of pictures spell."""
    for picture in list(document.root.iter("img"))[:60]:
        day = day_of_address(_path(picture.get("src") or ""))
        if day:
            yield DateMention(source="image address", moment=Moment(day=day))
