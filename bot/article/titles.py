"""What a page's article is called: the headlines it declares and shows, weighed by a small table."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bot.article.details import path_of
from bot.article.document import Document
from bot.article.headlines import SOURCES, WHOLE, TitleCandidate, find_title_candidates, is_agreed
from bot.article.models import load_model
from bot.article.names import fold
from bot.article.places import IN_ARTICLE, IN_HEADER, OUTSIDE, Places
from bot.article.scripts import has_east_asian

AGREED = 0.95  #: confidence of a headline that is declared as the title
_WEIGHED = ("h1", "part of h1", "json-ld", "og:title", "title")  #: the sources that count by themselves
_LOGO = re.compile(r"logo|site|brand|blog-?title", re.IGNORECASE)
_AS_ONE = str.maketrans("øłđı", "oldi", "'’")  #: letters that have no accent to drop
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "'": "", "’": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title with its provenance."""

    text: str = ""
    source: str = ""
    confidence: float = 0.0


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


def table_score(features: list[float], model: dict[str, Any]) -> float:
    """Return the sum of the weights of the bins that *features* fall into."""
    score = 0.0
    for value, edges, weights in zip(features, model["edges"], model["weights"], strict=True):
        score += weights[bisect_left(edges, value)]
    return score


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
    address = address_words(unquote(path_of(document.url)))
    names: tuple[str, ...] = ()
    likenesses = [likeness(candidate.text, address) for candidate in candidates]
    best = max(likenesses, default=0.0)
    for candidate, alike in zip(candidates, likenesses, strict=True):
        row = {
            **_from_sources(candidate),
            **_from_wordings(candidate, declared, headline),
            **_from_shape(candidate),
            **_from_headings(candidate, places),
            **_from_agreement(candidate, declared, headline),
            "like address": alike,
            "behind another like address": alike - best,
        }
        names = tuple(row)
        candidate.features = [float(value) for value in row.values()]
    return names


def address_words(path: str) -> frozenset[str]:
    """Return the words of the part of an address that has most of them; empty where none has three."""
    parts = [[word for word in fold(part).split() if not word.isdigit()] for part in path.split("/")]
    longest = max(parts, key=len)
    return frozenset(longest) if len(longest) > 2 else frozenset()


def likeness(text: str, address: frozenset[str]) -> float:
    """Return the share of words that a wording and a part of the address have in common; -1 without such a part.

    Addresses write letters that ASCII lacks as one or as two: "Öl" as "ol" and "oel".
    """
    if not address:
        return -1.0
    text = text.casefold()
    # Of ASCII both tables take apostrophes, and nothing else.
    tables = (_AS_ONE,) if text.isascii() else (_AS_ONE, _AS_TWO)
    forms = (fold(text.translate(table)).split() for table in tables)
    words = set(zip(*forms, strict=True))
    shared = sum(not address.isdisjoint(word) for word in words)
    return shared / (len(words) + len(address) - shared)


def _from_sources(candidate: TitleCandidate) -> dict[str, float]:
    parts = candidate.parts
    row: dict[str, float] = {source: parts.get(source, 9) for source in _WEIGHED}
    row["whole"] = sum(part == WHOLE and source != "part of h1" for source, part in parts.items())
    return row


def _from_wordings(candidate: TitleCandidate, declared: dict[str, str], headline: str) -> dict[str, float]:
    """Describe how a wording relates to those of the other sources."""
    key = candidate.key
    own = set(key.split())
    overlaps = [_overlap(own, set(other.split())) for other in declared.values()]
    row: dict[str, float] = {
        "same": sum(other == key for other in declared.values()),
        "mean overlap": sum(overlaps) / len(overlaps) if overlaps else 0.0,
        "best overlap": max((overlap for overlap in overlaps if overlap < 1), default=0.0),
    }
    for source in ("h1", "og:title", "twitter:title", "title"):
        row[f"to {source}"] = _relation(key, own, declared.get(source))
    head = [declared.get(source) for source in ("json-ld", "og:title")]
    row["head and headline"] = 4 * (headline == key) + 2 * (head[0] == key) + (head[1] == key)
    return row


def _overlap(one: set[str], other: set[str]) -> float:
    shared = len(one & other)
    return shared / max(1, len(one) + len(other) - shared)


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


def _from_shape(candidate: TitleCandidate) -> dict[str, float]:
    return {
        "words": len(candidate.key.split()),
        "characters": len(candidate.text) * (2.5 if has_east_asian(candidate.text) else 1),
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
