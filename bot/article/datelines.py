"""When a page says it was published: every date it declares or shows, each with where it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

from turbohtml import Element, Node

from bot.article.dates import FIRST_YEAR, LAST_YEAR, Moment, find_dates, parse_date
from bot.article.details import host_of, opening, path_of
from bot.article.document import Document
from bot.article.months import MONTHS
from bot.article.places import OUTSIDE, Line, Places, class_flags, classes_of

SOURCES = tuple(
    "json-ld|json-ld:other|json-ld:modified|json-ld:created|meta:published|meta:other|meta:date|meta:modified|"
    "microdata|microdata:modified|time:modified|time|time:published|title attribute|attribute|date class|text|"
    "address|script|script:modified|image address|end of text".split("|")
)
STRONG = frozenset(
    {"json-ld", "json-ld:other", "meta:published", "microdata", "time:published", "address", "time"}
)
MODIFIED = frozenset(
    {"json-ld:modified", "meta:modified", "microdata:modified", "time:modified", "script:modified"}
)
_PUBLISHED_NAME = re.compile(
    r"publish|pubdate|pub-date|pub_date|publi|issued|created|posted|first|release|displaydate|"
    r"sailthru\.date|dc\.date$|"
    r"recs:publishtime|analytics:date|article\.published|datepub|citation_(?:online_)?date",
)
#: Names of meta elements that mean the publication of the page and nothing else.
EXACT_NAMES = frozenset(
    "article:published_time og:article:published_time article:published datepublished pubdate "
    "publish-date publishdate "
    "publish_date dc.date.issued dcterms.issued dcterms.created parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime "
    "og:published_time published_time citation_publication_date".split()
)
_MODIFIED_NAME = re.compile(r"modif|updat|revis|last", re.IGNORECASE)
_DATE_NAME = re.compile(r"date|time(?!out)")
_DATE_CLASS = re.compile(r"date|time|publi[sc]|posted|datum|fecha|timestamp|zeit|meta", re.IGNORECASE)
_DATED_ATTRIBUTES = (
    "title", "data-date", "data-time", "data-timestamp", "data-published", "content",
    "data-datetime", "data-publish-date", "data-utc-timestamp",
)  # fmt: skip
_PUBLISHED_CLASS = re.compile(r"publi|entry-date")
#: What words before a date say that it is the day of publication: "This entry was posted on …".
_TOLD = re.compile(
    r"published|posted|veröffentlicht|erschienen|publiée?|mis en ligne|publicad[oa]|pubblicat[oa]|geplaatst|"
    r"gepubliceerd|opublikowano|publicera[dt]|publisert|udgivet|julkaistu|опубликован[оа]|公開日|投稿日|掲載日|發佈|发布|"
    r"(?:artikel|beitrag|eintrag) wurde",
    re.IGNORECASE,
)
_JUST_TOLD = re.compile(rf"(?:{_TOLD.pattern})[^.;\d]{{0,12}}$", re.IGNORECASE)
#: What dates something else than the page: the site, or how long somebody has been a member of it.
_NOT_OF_PAGE = re.compile(
    r"©|\(c\)|copyright|joined|join-?date|member since|registered|registriert|mitglied seit|dabei seit|"
    r"membre depuis|inscrit|miembro desde|iscritto|birth",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"\d{4}")
_DATED = ",".join(f"[{name}]" for name in (*_DATED_ATTRIBUTES, "itemprop", "datetime"))
_READ_OTHERWISE = frozenset(("time", "meta", "link"))
_MOST_DATED = 1_000  #: elements with such an attribute that are looked at
#: A year or a day in figures. That it begins with a digit lets the search leap to digits.
_YEARLY = re.compile(r"\d(?:(?:(?<=1)9|(?<=2)0)\d\d|\d?[./]\d\d?[./]\d\d|(?<=[٠-٩])[٠-٩]{3})")
_ADDRESS_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-]?([01]\d)[/_.-]?([0-3]\d)(?!\d)|/((?:19|20)\d\d)/(\d\d?)/(\d\d?)/"
)
_ADDRESS_NAMED = re.compile(r"/((?:19|20)\d\d)[/-]?([a-z]{3})/([0-3]?\d)/")
_LONGEST_SCRIPT = 500_000  #: characters
#: Dates are looked for by their figures, to which a search leaps; then it is seen whether a name stands before them.
_SCRIPT_FIGURES = re.compile(r"[12](?<!\d.)\d{3}[-/]?\d\d")
_SCRIPT_VALUE = re.compile(r"(?:19|20)\d\d([-/]?)\d\d\1\d\d[^\"',}\\]{0,25}|1[0-9]\d{8}(?:\d{3})?\b")
_SCRIPT_NAME = re.compile(
    r"((?:publi|pub_?date|created|date|first|modif|updat)\w{0,25})\\?[\"']?\s*[:=(]\s*\\?[\"']?\Z",
    re.IGNORECASE,
)
_NAMED_WITHIN = 200  #: characters before the figures
_NO_OTHER_COUNTRY = re.compile(r"\.(?:com|org|net|us|gov|edu|info)$")
_MONTH_FIRST_COUNTRY = re.compile(r"\.(?:uk|au|nz|ie|in|za|eu|de|fr|it|es|nl|ch|at|be)$")


@dataclass(slots=True)
class DateMention:
    """One date found in one place."""

    source: str
    moment: Moment
    position: int | None = None
    flags: int = 0
    context: str = ""  #: the words before it and the classes around it
    share: float = 1.0  #: of the element's text that is the date
    length: int = 10
    told: bool = False  #: whether the words before it say that it is the day of publication

    @property
    def outside(self) -> bool:
        """Whether it stands in navigation, comments, related articles …"""
        return bool(self.flags & OUTSIDE)


def is_month_first(document: Document) -> bool:
    """Whether 3/4/2020 on this page is the fourth of March."""
    language = (document.language or "").lower().replace("_", "-")
    british = _MONTH_FIRST_COUNTRY.search(host_of(document.url)) is not None
    return not british and (not language or language == "en" or language.startswith("en-us"))


def is_american(document: Document) -> bool:
    """Whether the page declares itself as written for readers in the United States, on a host of no other country."""
    tags = (document.language or "", *document.meta.get("og:locale", ())[:1])
    return bool(_NO_OTHER_COUNTRY.search(host_of(document.url))) and any(
        tag.lower().replace("_", "-") == "en-us" for tag in tags
    )


def find_declared_dates(document: Document) -> list[DateMention]:
    """Return every date that the page declares in JSON-LD and meta elements or spells in its address."""
    return [*_declared(document, is_month_first(document)), *_address(document)]


def days_in_lines(document: Document, places: Places) -> list[DateMention]:
    """Return the dates that lines near the headline show."""
    month_first = is_month_first(document)
    return [
        mention
        for line in places.near
        if places.is_near(line) and len(line.text) > 5 and _YEARLY.search(line.text, 0, 140)
        for mention in _shown(line, places, month_first)
    ]


def find_shown_dates(document: Document, places: Places, *, alone: bool) -> list[DateMention]:
    """Return the dates of elements and lines around headline and text end.

    *alone* says that nothing else gives a date: then the whole page, its scripts and its pictures are read.
    """
    month_first = is_month_first(document)
    at: dict[Node, int] = {node: index for index, node in enumerate(places.walk.nodes)}
    found = list(_times(document, at, places, month_first))
    near = {line.element: line for line in reversed(places.near)}
    marked = (node for node in document.root.select(_DATED) if node.tag not in _READ_OTHERWISE)
    dated = [(node, _element_of(node, at)) for node in islice(marked, _MOST_DATED)]
    for node, element in dated:
        if element in near:
            found += _of_element(node, near[element], places, month_first)
    alone = alone and all(mention.source not in STRONG or mention.outside for mention in found)
    if alone and not found:
        for node, element in dated:
            if element and (line := _first_line(element, places)):
                found += _of_element(node, line, places, month_first)
    for line in _yearly_lines(places) if alone else places.near:
        if len(line.text) > 5 and _YEARLY.search(line.text, 0, 700):
            found += _shown(line, places, month_first)
    if alone and not found:
        found += _scripts(document)
        found += _pictures(document)
    return found


def _yearly_lines(places: Places) -> Iterator[Line]:
    """Yield the lines of the whole page that name a year."""
    for index, text in enumerate(places.walk.texts):
        if _YEARLY.search(text, 0, 700):
            yield places.line(index)


def _declared(document: Document, month_first: bool) -> Iterator[DateMention]:
    articles = {id(node) for node in document.articles[:1]}
    for node in document.nodes:
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
        source = _source_of(name)
        for content in contents if source else ():
            if len(content) <= 60:
                yield from _mentions(source, content, month_first)


@lru_cache(maxsize=512)
def _source_of(name: str) -> str:
    """What a meta element of this name dates; empty where that is nothing of the page."""
    if name in EXACT_NAMES:
        return "meta:published"
    if _MODIFIED_NAME.search(name):
        return "meta:modified"
    if _PUBLISHED_NAME.search(name):
        return "meta:other"
    return "meta:date" if _DATE_NAME.search(name) else ""


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


def _address(document: Document) -> Iterator[DateMention]:
    day = day_of_address(unquote(path_of(document.url)))
    if day:
        yield DateMention(source="address", moment=Moment(day=day))


def _times(
    document: Document, at: Mapping[Node, int], places: Places, month_first: bool
) -> Iterator[DateMention]:
    """Yield the dates of time elements anywhere."""
    for node in islice(document.root.iter_elements("time"), 40):
        element = _element_of(node, at)
        line = _first_line(element, places) if element else None
        yield from _of_element(node, line, places, month_first)


def _element_of(node: Element, at: Mapping[Node, int]) -> int:
    """Return the element of the walk that *node* is or stands in; 0 in the page's head and right in its body."""
    return next((at[around] for around in (node, *node.ancestors) if around in at), 0)


def _first_line(element: int, places: Places) -> Line | None:
    first = places.walk.first[element]
    return places.line(first) if first < len(places.walk.texts) else None


def _of_element(node: Element, line: Line | None, places: Places, month_first: bool) -> Iterator[DateMention]:
    source, value = _dated(node)
    if not value or not (_YEARLY.search(value[:60]) or value.strip().isdigit()):
        return
    moments = find_dates(value[:80], month_first=month_first)
    if not moments:
        return
    classes = classes_of(node)
    before = line.text.partition(opening(node).strip() or "\n")[0][-40:] if line else ""
    if line and not before:
        before = places.before(line)
    if _NOT_OF_PAGE.search(f"{before[-20:]} {classes}"):
        return
    flags = (places.flags(line.element) if line else 0) | class_flags(classes)
    own = parse_date(_text_of(node), month_first=month_first) if source == "time" else None
    if own and all(abs(own.day - moment.day).days > 1 for moment in moments):  # no matter of zones
        yield DateMention(source, own, line.start if line else None, flags, f"{before} {classes}")
        source = "attribute"
    for moment in moments:
        yield DateMention(source, moment, line.start if line else None, flags, f"{before} {classes}")


def _dated(node: Element) -> tuple[str, str | None]:
    """Return (source, text) of the date that an element's markup marks."""
    get = node.attr
    item = get("itemprop")
    if item and "date" in item.lower():
        value = get("content") or get("datetime") or _text_of(node)
        return ("microdata:modified" if "odif" in item else "microdata"), value
    if node.tag == "time":
        classes = classes_of(node)
        published = get("pubdate") is not None or _PUBLISHED_CLASS.search(classes)
        changed = _MODIFIED_NAME.search(classes)
        source = (
            ("time" if changed else "time:published") if published else "time:modified" if changed else "time"
        )
        return source, get("datetime") or _text_of(node)
    moment = get("datetime")
    if moment is not None:
        return "time", moment
    for name in _DATED_ATTRIBUTES:
        dated = get(name)
        if dated and len(dated) < 50 and _FOUR_DIGITS.search(dated):
            return ("title attribute" if name == "title" else "attribute"), dated
    return "", None


def _text_of(node: Element) -> str:
    return opening(node)[:80]


def _shown(line: Line, places: Places, month_first: bool) -> Iterator[DateMention]:
    """Yield the dates of a short line, and those of the text's last lines."""
    text = line.text
    if len(text) >= 140:
        if places.is_tail(line) and len(text) <= 700:
            text = text[-200:]
        elif told := _TOLD.search(text):
            text = text[: told.end() + 60]
        elif 0 <= places.distance(line.start) <= 600:
            text = text[:80]  # "Press release of 3 March 2020 | Berlin – …"
        else:
            return
    classes = places.walk.classes[line.element]
    source = "date class" if classes and _DATE_CLASS.search(classes) else "text"
    if len(line.text) >= 140:
        source = "end of text"
    marked = _marked_days(line, places, month_first) if source == "text" else frozenset()
    before = places.before(line)
    for moment in find_dates(text, month_first=month_first):
        if _NOT_OF_PAGE.search(text, 0, moment.start):
            continue
        yield DateMention(
            source="date class" if moment.day in marked else source,
            moment=moment,
            position=line.start,
            flags=places.flags(line.element),
            context=f"{(before + ' ' + text[: moment.start])[-40:]} {classes}",
            share=10 / max(10, len(text)),
            length=len(text),
            told=_JUST_TOLD.search(f"{before} {text[: moment.start]}"[-60:]) is not None,
        )


def _marked_days(line: Line, places: Places, month_first: bool) -> frozenset[date]:
    """Return the days of a line that elements within it, of the classes of dates, hold."""
    return frozenset(
        moment.day
        for part in places.inline(line)
        if _DATE_CLASS.search(classes_of(part))
        for moment in find_dates(_text_of(part), month_first=month_first)
    )


def _scripts(document: Document) -> Iterator[DateMention]:
    """Yield the dates that a page's state carries in scripts; asked only where nothing else is declared."""
    for script in document.root.iter_elements("script"):
        text = script.text
        if not text or len(text) > _LONGEST_SCRIPT or "ld+json" in (script.attr("type") or ""):
            continue
        for name, value in islice(_named_values(text), 40):
            source = "script:modified" if _MODIFIED_NAME.search(name) else "script"
            yield from _mentions(source, value, False)


def _named_values(script: str) -> Iterator[tuple[str, str]]:
    """Yield the dates of a script that have a name, each as (name, date)."""
    end = 0
    for figures in _SCRIPT_FIGURES.finditer(script):
        start = figures.start()
        value = _SCRIPT_VALUE.match(script, start) if start >= end else None
        before = script[max(0, start - _NAMED_WITHIN) : start] if value else ""
        joined = before.rstrip("\\\"'").rstrip().endswith((":", "=", "("))
        name = _SCRIPT_NAME.search(before) if joined else None
        if value and name:
            end = value.end()
            yield name[1], value[0]


def _pictures(document: Document) -> Iterator[DateMention]:
    """Yield the days that the addresses of pictures spell."""
    addresses = list(document.meta.get("og:image", ()))
    addresses += [picture.attr("src") or "" for picture in islice(document.root.iter_elements("img"), 60)]
    for address in addresses:
        day = day_of_address(unquote(path_of(address)))
        if day:
            yield DateMention(source="image address", moment=Moment(day=day))
