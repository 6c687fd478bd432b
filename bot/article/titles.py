"""What a page's article is called: the headlines it declares and shows, weighed by a small table."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from turbohtml import Element, Text

from bot.article.boosting import load_model
from bot.article.details import article_nodes, path_of, strings, types_of
from bot.article.document import Document
from bot.article.names import fold, squash, tidy
from bot.article.places import IN_ARTICLE, IN_HEADER, OUTSIDE, Heading, Places, classes_of

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
_SEPARATOR = re.compile(
    r"\s+[|–—\-·»:•~/<>]+\s+|\s*[|ᅵ]\s*|: |(?<=[\u3000-\u9fff\uac00-\ud7af!?])[_\-–—]+(?=[\u3040-\u9fff\uac00-\ud7af])"
)
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
AGREED = 0.95  #: confidence of a headline that is declared as the title
_LOGO = re.compile(r"logo|site|brand|blog-?title", re.IGNORECASE)
_KICKER = re.compile(
    r"kicker|over-?line|roof-?line|top-?(?:line|title)|super-?title|sub-?head|small|eyebrow|dachzeile",
    re.IGNORECASE,
)
_UNSPACED = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title with its provenance."""

    text: str = ""
    source: str = ""
    confidence: float = 0.0


def title_key(text: str) -> str:
    """Return *text* with case and punctuation folded."""
    return " ".join(re.sub(r"[^\w ]+", " ", text.casefold()).split())


def read_title(document: Document, places: Places) -> Title:
    """Return the title of the page's article; empty where the page has none."""
    if is_agreed(document, places) and places.headline:
        line = places.headline.line
        return Title(
            text=line.text,
            source=line.tag if line.tag in ("h1", "h2") else "headline class",
            confidence=AGREED,
        )
    candidates = find_title_candidates(document, places)
    if not candidates:
        return Title()
    describe_titles(candidates, document, places)
    model = load_model("titles")
    scores = [table_score(candidate.features, model) for candidate in candidates]
    best = max(range(len(scores)), key=lambda i: scores[i])
    total = sum(math.exp(score - scores[best]) for score in scores)
    source = min(candidates[best].parts.items(), key=lambda item: (item[1], SOURCES.index(item[0])))[0]
    return Title(text=candidates[best].text, source=source, confidence=1 / total)


def is_agreed(document: Document, places: Places) -> bool:
    """Whether the page's headline is, word for word, what the page declares as its title, and all that it declares."""
    if places.headline is None:
        return False
    declared = list(document.meta.get("og:title", ())[:1])
    for node in article_nodes(document)[:1]:
        declared += list(strings(node.get("headline")))[:1]
    keys = {title_key(_cut("", text, places.site | places.host)[0].text) for text in declared}
    return keys == {title_key(places.headline.line.text)}


def table_score(features: list[float], model: dict[str, Any]) -> float:
    """Return the sum of the weights of the bins that *features* fall into."""
    score = 0.0
    for value, edges, weights in zip(features, model["edges"], model["weights"], strict=True):
        score += weights[bisect_left(edges, value)]
    return score


def find_title_candidates(document: Document, places: Places) -> list[TitleCandidate]:
    """Return the wordings that may be the title, those of headings first."""
    grouped: dict[str, list[TitleMention]] = {}
    declared = [*_declared(document, places), *_title_tag(document, places)]
    keys = frozenset(title_key(mention.text) for mention in declared)
    for mention in (*_headings(places, keys), *declared):
        key = title_key(mention.text)
        if key and 2 < len(mention.text) < 400:
            grouped.setdefault(key, []).append(mention)
    return [TitleCandidate(key, mentions) for key, mentions in grouped.items()]


def _headings(places: Places, declared: frozenset[str]) -> list[TitleMention]:
    """Return the page's headings; a kicker counts where the title is *declared* with it."""
    found: list[TitleMention] = []
    counts: Counter[str] = Counter()
    for heading in places.headings:
        tag, text = heading.line.tag, heading.line.text
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
        elif (tag == "h2" and (counts[tag] <= 3 or heading.covered > 0.6)) or (
            tag not in ("h1", "h2") and heading.covered > 0.5
        ):
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
    text = tidy(re.sub(r"<[^>]{1,80}>", "", value))
    cuts = list(_SEPARATOR.finditer(text))
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
    for number, node in enumerate(article_nodes(document)[:3]):
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


# ------------------------------------------------------------------ features
def describe_titles(candidates: list[TitleCandidate], document: Document, places: Places) -> tuple[str, ...]:
    """Fill the features of *candidates*; return their names."""
    declared: dict[str, str] = {}
    for candidate in candidates:
        for mention in candidate.mentions:
            if mention.part == WHOLE and mention.source != "part of h1":
                declared.setdefault(mention.source, candidate.key)
    headline = next(
        (
            c.key
            for c in candidates
            for m in c.mentions
            if m.heading and m.heading is places.headline and m.source != "part of h1"
        ),
        "",
    )
    path = unquote(path_of(document.url))
    slug = frozenset(word for word in fold(path).split() if len(word) > 1)
    owned = frozenset(key for key in places.host | places.site if len(key) > 3)
    names: tuple[str, ...] = ()
    most = max((_of_slug(candidate, slug) for candidate in candidates), default=0.0)
    for candidate in candidates:
        row = {
            **_from_sources(candidate),
            **_from_wordings(candidate, declared, headline),
            **_from_shape(candidate, slug, owned),
            **_from_headings(candidate, places),
            **_from_agreement(candidate, declared, headline),
            "behind another of slug": _of_slug(candidate, slug) - most,
        }
        names = tuple(row)
        candidate.features = [float(value) for value in row.values()]
    return names


def _of_slug(candidate: TitleCandidate, slug: frozenset[str]) -> float:
    """Return the share of the words of the page's address that a wording has; -1 where there are none."""
    return len(slug.intersection(fold(candidate.text).split())) / len(slug) if slug else -1.0


def _from_sources(candidate: TitleCandidate) -> dict[str, float]:
    parts = candidate.parts
    row: dict[str, float] = {source: parts.get(source, 9) for source in SOURCES}
    row["whole"] = sum(part == WHOLE and source != "part of h1" for source, part in parts.items())
    row["sources"] = len(parts)
    return row


def _from_wordings(candidate: TitleCandidate, declared: dict[str, str], headline: str) -> dict[str, float]:
    """Describe how a wording relates to those of the other sources."""
    key = candidate.key
    own = set(key.split())
    others = [other for other in declared.values() if other != key]
    overlaps = [
        len(own & set(other.split())) / max(1, len(own | set(other.split()))) for other in declared.values()
    ]
    row: dict[str, float] = {
        "same": sum(other == key for other in declared.values()),
        "begins others": sum(other.startswith(key + " ") for other in others),
        "ends others": sum(other.endswith(" " + key) for other in others),
        "within others": sum(f" {key} " in f" {other} " for other in others),
        "contains others": sum(f" {other} " in f" {key} " for other in others),
        "mean overlap": sum(overlaps) / len(overlaps) if overlaps else 0.0,
        "best overlap": max((overlap for overlap in overlaps if overlap < 1), default=0.0),
    }
    for source in ("h1", "json-ld", "og:title", "twitter:title", "title"):
        row[f"to {source}"] = _relation(key, own, declared.get(source))
    head = [declared.get(source) for source in ("json-ld", "og:title")]
    shown = headline == key
    row["head and headline"] = 4 * shown + 2 * (head[0] == key) + (head[1] == key)
    row["title and headline"] = 4 * shown + 2 * (declared.get("title") == key) + (head[1] == key)
    row["head against headline"] = shown * (1 + (head[0] == head[1] and head[0] not in (None, key)))
    return row


def _from_agreement(candidate: TitleCandidate, declared: dict[str, str], headline: str) -> dict[str, float]:
    """Describe, in one figure each, which of the most telling sources have a wording, have another or are silent."""

    def state(source: str) -> int:
        other = declared.get(source)
        return 0 if other is None else 1 + (other == candidate.key)

    shown = 0 if not headline else 1 + (headline == candidate.key)
    best = max((heading.agreement for heading in candidate.headings), default=-1.0)
    return {
        "shown, og:title, json-ld": 9 * shown + 3 * state("og:title") + state("json-ld"),
        "shown, title, og:title": 9 * shown + 3 * state("title") + state("og:title"),
        "title, json-ld, twitter:title": 9 * state("title") + 3 * state("json-ld") + state("twitter:title"),
        "agreement": best,
    }


def _relation(key: str, own: set[str], other: str | None) -> float:
    if other is None:
        return -1
    if other == key:
        return 5
    if other.startswith(key + " "):
        return 4
    if key.startswith(other + " "):
        return 3
    if f" {key} " in f" {other} ":
        return 2
    return float(len(own & set(other.split())) > len(own) / 2)


def _from_shape(candidate: TitleCandidate, slug: frozenset[str], owned: frozenset[str]) -> dict[str, float]:
    own = set(fold(candidate.text).split())
    squashed = squash(candidate.text)
    return {
        "of slug": _of_slug(candidate, slug),
        "in slug": len(own & slug) / max(1, len(own)),
        "words": len(candidate.key.split()),
        "characters": len(candidate.text) * (2.5 if _UNSPACED.search(candidate.text) else 1),
        "is site": float(squashed in owned),
        "has site": float(any(key in squashed for key in owned)),
        "ends with site": float(any(squashed.endswith(key) for key in owned)),
        "begins with site": float(any(squashed.startswith(key) for key in owned)),
        "cut short": float(candidate.text.endswith(("…", "..."))),
    }


def _from_headings(candidate: TitleCandidate, places: Places) -> dict[str, float]:
    found = candidate.headings
    best = min(
        found,
        key=lambda h: (bool(places.flags(h.line.element) & OUTSIDE), h.line.tag, h.line.start),
        default=None,
    )
    if best is None:
        return {
            "heading": 9,
            "to prose": 12,
            "position": 12,
            "outside": 0,
            "in header": 0,
            "in article": 0,
            "linked": 0,
            "is headline": 0,
            "logo": 0,
        }
    line, flags = best.line, places.flags(best.line.element)
    gap = line.end - places.prose_start
    return {
        "heading": {"h1": 1, "h2": 2, "h3": 3}.get(line.tag, 4),
        "to prose": math.copysign(math.log1p(abs(gap)), gap),
        "position": math.log1p(line.start),
        "outside": float(bool(flags & OUTSIDE)),
        "in header": float(bool(flags & IN_HEADER)),
        "in article": float(bool(flags & IN_ARTICLE)),
        "linked": float(places.node(line).find("a") is not None),
        "is headline": float(places.headline is not None and best is places.headline),
        "logo": float(_LOGO.search(best.classes) is not None),
    }
