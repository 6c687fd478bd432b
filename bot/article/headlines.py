"""The wordings that may be an article's title, each with the places that have it: declared, shown, or cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from turbohtml import Element, Text

from bot.article.document import Document
from bot.article.names import squash, tidy
from bot.article.places import Heading, Places, classes_of
from bot.article.schema import strings, types_of
from bot.article.scripts import has_east_asian

SOURCES = (
    "h1",
    "other h1",
    "part of h1",
    "h2",
    "headline class",
    "json-ld",
    "json-ld:other",
    "json-ld:name",
    "og:title",
    "twitter:title",
    "title",
    "meta:headline",
    "microdata",
    "meta:title",
)
WHOLE, LAST_CUT, FIRST_CUT, AFTER_FIRST, MIDDLE, AFTER_LAST = range(6)  #: which part of the declared text
_NOT_WORD = re.compile(r"[^\w ]+")
_SEPARATOR = r"\s+[|–—\-·»:•~/<>]+\s+|\s*[|ᅵ]\s*|: "
_EAST_ASIAN_SEPARATOR = (
    rf"{_SEPARATOR}|(?<=[\u3000-\u9fff\uac00-\ud7af!?])[_\-–—]+(?=[\u3040-\u9fff\uac00-\ud7af])"
)
_AT_LIMIT = range(90, 111)  #: characters; systems cut at the last word before 110, which was Google's limit
_HEADLINE_META = frozenset(
    {
        "headline",
        "sailthru.title",
        "parsely-title",
        "dc.title",
        "citation_title",
        "article:title",
        "cxenseparse:title",
        "dcterms.title",
    }
)
_COUNT = re.compile(
    r"(?:\d+|no|keine?) "
    r"(?:comments?|responses?|repl(?:y|ies)|kommentare?|commentaires?|comentarios?|commenti|reacties)",
    re.IGNORECASE,
)  #: of what readers wrote, which some systems show as the only heading
_KICKER = re.compile(
    r"kicker|over-?line|roof-?line|top-?(?:line|title)|super-?title|sub-?head|small|eyebrow|dachzeile",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleMention:
    """One headline found in one place."""

    source: str
    part: int
    text: str
    heading: Heading | None = None


@dataclass(slots=True)
class TitleCandidate:
    """One wording of the title with all the places that have it."""

    key: str
    mentions: list[TitleMention]
    features: list[float] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The wording to show."""
        return self.mentions[0].text

    @property
    def parts(self) -> dict[str, int]:
        """For every source, the most complete part of its text that has this wording."""
        best: dict[str, int] = {}
        for mention in self.mentions:
            best[mention.source] = min(best.get(mention.source, 9), mention.part)
        return best

    @property
    def headings(self) -> list[Heading]:
        """The page's own headings that have this wording."""
        return [mention.heading for mention in self.mentions if mention.heading]


def title_key(text: str) -> str:
    """Return *text* with case and punctuation folded.

    >>> title_key("Gar\\u00adten: Rosen!")
    'garten rosen'
    """
    return " ".join(_NOT_WORD.sub(" ", tidy(text).casefold()).split())


def is_agreed(document: Document, places: Places) -> bool:
    """Whether the page's headline is, word for word, what the page declares as its title, and all that it declares."""
    if places.headline is None:
        return False
    declared = list(document.meta.get("og:title", ())[:1])
    for node in document.articles[:1]:
        declared += list(strings(node.get("headline")))[:1]
    keys = {title_key(_cut("", text, places.site | places.host)[0].text) for text in declared}
    return keys == {title_key(places.headline.line.text)}


def find_title_candidates(document: Document, places: Places) -> list[TitleCandidate]:
    """Return the wordings that may be the title, those of headings first."""
    grouped: dict[str, list[TitleMention]] = {}
    declared = [*_declared(document, places), *_title_tag(document, places)]
    keys = frozenset(title_key(mention.text) for mention in declared)
    for mention in (*_headings(places, keys), *declared):
        key = title_key(mention.text)
        if key and 2 < len(mention.text) < 400:
            grouped.setdefault(key, []).append(mention)
    return [
        TitleCandidate(key, mentions)
        for key, mentions in grouped.items()
        if not _is_cut_off(mentions, grouped)
    ]


def _is_cut_off(mentions: list[TitleMention], keys: Iterable[str]) -> bool:
    """Whether a wording is what the limit on headlines in JSON-LD left of another one."""
    text = mentions[0].text
    if len(text) not in _AT_LIMIT or not all(mention.source.startswith("json-ld") for mention in mentions):
        return False
    key = title_key(text)
    return any(other.startswith(key) and other != key for other in keys)


def _headings(places: Places, declared: frozenset[str]) -> list[TitleMention]:
    """Return the page's headings; a kicker counts where the title is *declared* with it."""
    found: list[TitleMention] = []
    counts: Counter[str] = Counter()
    for heading in places.headings:
        tag, text = heading.line.tag, heading.line.text
        if _COUNT.fullmatch(text):
            continue
        if title_key(text) not in declared:
            text = _without_kicker(heading, places)
        counts[tag] += 1
        if tag == "h1" and counts[tag] <= 4:
            found.append(
                TitleMention(
                    source="h1" if counts[tag] == 1 else "other h1",
                    part=WHOLE,
                    text=text,
                    heading=heading,
                )
            )
            found += _parts_of_h1(heading, places)
        elif (
            tag == "h2"
            and (heading.covered > 0.6 or (counts[tag] <= 3 and (heading.covered or not declared)))
        ) or (tag not in ("h1", "h2") and heading.covered > 0.5):
            found.append(
                TitleMention(
                    source="h2" if tag == "h2" else "headline class",
                    part=WHOLE,
                    text=text,
                    heading=heading,
                )
            )
        if "headline" in (places.node(heading.line).attr("itemprop") or "").split():
            found.append(TitleMention(source="microdata", part=WHOLE, text=text, heading=heading))
    return found


def _without_kicker(heading: Heading, places: Places) -> str:
    """Return a heading without the small words above it, if an element marks them."""
    text = heading.line.text
    node = next((part for part in places.node(heading.line) if isinstance(part, Element)), None)
    if node is None or not (node.tag == "small" or _KICKER.search(classes_of(node))):
        return text
    kicker = tidy(node.text)
    return (text.removeprefix(kicker).strip(" :|-–") if kicker else "") or text


def _parts_of_h1(heading: Heading, places: Places) -> list[TitleMention]:
    """Return a headline without its kicker, and with the line above it as one."""
    node, text = places.node(heading.line), heading.line.text
    wordings: list[tuple[int, str]] = []
    own = tidy(" ".join(child.data for child in node if isinstance(child, Text)))
    if own and own != text:
        wordings.append((0, own))
    for child in node:
        inner = tidy(child.text) if isinstance(child, Element) else ""
        if inner and inner != text:
            wordings.append((1, inner))
            if text.startswith(inner):
                wordings.append((2, text[len(inner) :].strip(" :|-–")))
    if heading.line.block:
        above = places.walk.texts[heading.line.block - 1]
        if len(above) < 80:
            wordings.append((4, f"{above}: {text}"))
    return [
        TitleMention(source="part of h1", part=part, text=wording, heading=heading)
        for part, wording in wordings
    ]


def _cut(source: str, value: str, site: frozenset[str]) -> list[TitleMention]:
    """Return a declared title whole, unless the name of the *site* ends it, and cut at its separators."""
    text = tidy(re.sub(r"<[^>]{1,80}>", "", value) if "<" in value else value)
    cuts = list(re.finditer(_EAST_ASIAN_SEPARATOR if has_east_asian(text) else _SEPARATOR, text))
    named = next((number for number, cut in enumerate(cuts[:5]) if squash(text[cut.end() :]) in site), None)
    if named is not None:
        cuts = cuts[: named + 1]
    found = [] if named is not None else [TitleMention(source=source, part=WHOLE, text=text)]
    if 0 < len(cuts) <= 4:
        first, last = cuts[0], cuts[-1]
        found.append(TitleMention(source=source, part=LAST_CUT, text=text[: last.start()].strip()))
        found.append(TitleMention(source=source, part=AFTER_FIRST, text=text[first.end() :].strip()))
        if len(cuts) > 1:
            found.append(TitleMention(source=source, part=FIRST_CUT, text=text[: first.start()].strip()))
            found.append(
                TitleMention(source=source, part=MIDDLE, text=text[first.end() : last.start()].strip())
            )
            found.append(TitleMention(source=source, part=AFTER_LAST, text=text[last.end() :].strip()))
    return found


def _declared(document: Document, places: Places) -> list[TitleMention]:
    found: list[TitleMention] = []
    own = places.site | places.host
    for number, node in enumerate(document.articles[:3]):
        for key, source in (
            ("headline", "json-ld:other" if number else "json-ld"),
            ("name", "json-ld:name"),
            ("alternativeHeadline", "json-ld:other"),
        ):
            for text in list(strings(node.get(key)))[:1]:
                found += _cut(source, text, own)
    for node in document.json_ld:
        if "WebPage" in types_of(node):
            for text in list(strings(node.get("name")))[:1]:
                found += _cut("json-ld:name", text, own)
    for name, contents in document.meta.items():
        named = name if name in ("og:title", "twitter:title") else "meta:title" if name == "title" else ""
        if not named and (name in _HEADLINE_META or "headline" in name):
            named = "meta:headline"
        if named:
            for text in contents[:2]:
                found += _cut(named, text, own)
    return found


def _title_tag(document: Document, places: Places) -> list[TitleMention]:
    text = document.title
    return _cut("title", text, places.site | places.host) if text.strip() else []
