"""What is measured of each name that may be an author's, before the ranker judges it."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.article.bylines import MARKED
from bot.article.candidates import Candidate, given_names, order_of
from bot.article.declared import DECLARED
from bot.article.details import path_of
from bot.article.document import Document
from bot.article.names import fold, has_eastern_surname, has_role, is_nobody, squash
from bot.article.places import FOOTER, IN_ARTICLE, IN_FIGURE, NAV, Places

_TIERS: tuple[tuple[str, ...], ...] = (
    ("json-ld",),
    tuple(sorted(source for source in DECLARED if source.startswith("meta"))),
    ("json-ld:other article",),
    ("microdata",),
    ("rel=author",),
    ("author page",),
    ("byline class",),
    ("byline text",),
    ("near byline class",),
    ("json-ld:person", "json-ld:other"),
    ("author page address",),
    ("plain", "line"),
)
_TIER_OF = {source: tier for tier, sources in enumerate(_TIERS) for source in sources}
_DOTTED = re.compile(r"\.\w{2,3}$|[_/\\]")
_VISIBLE = tuple(sorted(MARKED | {"near byline class", "plain"}))
_LONG = 80  #: characters of a line that is prose
_SIGNED = 0.6  #: share of a line that is its name and, often, a "By"


@dataclass(slots=True)
class _Page:
    """What the features of all candidates of a page share."""

    places: Places
    model: Mapping[str, float]
    order: dict[str, int]  #: rank among the names shown, nearest to the headline first
    near: set[str]
    per_source: dict[str, set[str]]
    declared: set[str]
    in_json: set[str]
    marked: set[str]
    near_text: str
    titles: str
    prose: str
    last_paragraph: int
    words: dict[str, frozenset[str]]
    best: list[tuple[int, str]]
    best_people: list[tuple[int, str]]
    general: dict[str, float]


def describe(
    candidates: list[Candidate], document: Document, places: Places, model: Mapping[str, float]
) -> tuple[str, ...]:
    """Fill the features of *candidates*; *model* holds the log odds of words to be part of a name.

    Returns the names of the features.
    """
    page = _page(candidates, document, places, model)
    rows = [
        {
            **_from_sources(c, page),
            **_from_place(c, page),
            **_from_text(c, page),
            **_from_shape(c, page),
            **_from_rivals(c, page),
            **page.general,
        }
        for c in candidates
    ]
    _add_tiers(candidates, rows)
    for candidate, row in zip(candidates, rows, strict=True):
        candidate.features = list(row.values())
    return tuple(rows[0]) if rows else ()


def _page(
    candidates: list[Candidate], document: Document, places: Places, model: Mapping[str, float]
) -> _Page:
    per_source: dict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        for source in candidate.sources:
            per_source[source].add(candidate.key)
    shown = sorted((c for c in candidates if c.shown), key=lambda c: order_of(c, places))
    ranked = sorted(((c.declared, c.key) for c in candidates), reverse=True)
    people = {c.key for c in candidates if c.personal and not c.organisation}
    headline = places.headline.line.text if places.headline else ""
    low, high = places.title_start - 400, min(places.title_end + 1200, places.prose_start + 50)
    first, last = places.block(places.prose_start), places.block(places.prose_end - 1)
    path = path_of(document.url)
    return _Page(
        places=places,
        model=model,
        order={c.key: rank for rank, c in enumerate(shown)},
        near={c.key for c in shown if c.shown and -300 < places.distance(c.shown.position) < 1200},
        per_source=per_source,
        declared={c.key for c in candidates if c.declared},
        in_json=per_source["json-ld"],
        marked=set().union(
            *(per_source[s] for s in ("microdata", "rel=author", "author page", "byline text"))
        ),
        near_text=f" {fold(' '.join(line.text for line in places.near if low <= line.start <= high))} ",
        titles=f" {fold(' '.join((*places.declared_titles[:2], headline)))} ",
        prose="\n".join(text for text in places.walk.texts[first : last + 1] if len(text) >= _LONG),
        last_paragraph=last,
        words={c.key: frozenset(c.key.split()) for c in candidates},
        best=ranked[:2],
        best_people=[item for item in ranked if item[1] in people][:2],
        general={
            "json nobody": float(any("json-ld" in c.sources and not c.personal for c in candidates)),
            "meta nobody": float(any("meta:author" in c.sources and not c.personal for c in candidates)),
            "page headline": places.headline_score,
            "page paragraphs": min(places.paragraphs, 50),
            "page path": min(path.strip("/").count("/") + 1, 8),
            "rivals": min(len(candidates), 30),
        },
    )


_COUNTED = (
    "json-ld",
    "json-ld:person",
    "json-ld:other",
    "meta:author",
    "meta:dc.creator",
    "meta:label",
    "meta:other",
    "microdata",
    "rel=author",
    "author page",
    "byline class",
    "near byline class",
    "byline text",
    "plain",
    "line",
)
_LISTED = ("byline class", "author page", "line", "plain", "near byline class", "json-ld:person")


def _from_sources(candidate: Candidate, page: _Page) -> dict[str, float]:
    counts = candidate.sources
    row: dict[str, float] = dict.fromkeys(_COUNTED, 0)
    row |= {source: min(count, 3) for source, count in counts.items() if source in row}
    for source in _LISTED:
        row[f"listed {source}"] = min(len(page.per_source[source]), 9) if source in counts else 0
    for source in ("json-ld", "meta:author"):
        row[f"listed {source}"] = min((m.listed for m in candidate.mentions if m.source == source), default=0)
    json = next((m for m in candidate.mentions if m.source == "json-ld"), None)
    spots = [m.spot for m in candidate.mentions if m.spot]
    row["json person"] = float(json is not None and json.person)
    row["json matches"] = json.matches if json else -1
    row["declared rank"] = min((m.rank for m in candidate.mentions if m.source in DECLARED), default=9)
    row["declared"] = candidate.declared
    row["in meta"] = sum(source in DECLARED and source.startswith("meta") for source in counts)
    row["visible"] = sum(source in _VISIBLE for source in counts)
    row["marked"] = sum(source in MARKED for source in counts)
    row["by"] = float(any(spot.by for spot in spots) or any(m.part.by for m in candidate.mentions))
    row["credit"] = float(all(m.part.credit for m in candidate.mentions))
    row["after by"] = float(any(spot.after_by for spot in spots))
    row["after picture"] = float(any(spot.after_picture for spot in spots))
    row["after guest"] = float(any(spot.after_guest for spot in spots))
    row["times inside"] = min(sum(not spot.outside for spot in spots), 12)
    row["times outside"] = min(sum(spot.outside for spot in spots), 12)
    return row


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _from_place(candidate: Candidate, page: _Page) -> dict[str, float]:
    places, shown, key = page.places, candidate.shown, candidate.key
    near = 1.0 if f" {key} " in page.near_text else 0.5 if key in page.near_text else 0.0
    if shown is None:
        return {
            "distance": 12.0, "away": 12.0, "to prose": 12.0, "to end": 12.0, "in nav": 0.0, "in footer": 0.0,
            "in figure": 0.0, "in article": 0.0, "linked": 0.0, "share of element": -1.0, "biography": 0.0,
            "dated": 0.0,
            "visible rank": 10.0, "near headline": near,
        }  # fmt: skip
    at, flags = shown.position, shown.flags
    return {
        "distance": _signed_log(places.distance(at)),
        "away": math.log1p(abs(places.distance(at))),
        "to prose": _signed_log(at - places.prose_start),
        "to end": _signed_log(at - places.prose_end),
        "in nav": float(bool(flags & NAV)),
        "in footer": float(bool(flags & FOOTER)),
        "in figure": float(bool(flags & IN_FIGURE)),
        "in article": float(bool(flags & IN_ARTICLE)),
        "linked": float(shown.linked),
        "share of element": len(key) / max(shown.length, 1),
        "biography": float(shown.biography),
        "dated": float(shown.dated),
        "visible rank": min(page.order[key], 10),
        "near headline": near,
    }


def _from_text(candidate: Candidate, page: _Page) -> dict[str, float]:
    """Whether the text is about the name, as it seldom is about its author, and what its line has around it."""
    name, places = candidate.name, page.places
    surnames = page.prose.count(name.split()[-1])
    row = {
        "in prose": float(min(page.prose.count(name), 5)) if surnames else 0.0,
        "surname in prose": float(min(surnames, 8)),
    }
    if candidate.shown is None:
        return row | {
            "line length": 0.0,
            "line before": 0.0,
            "line after": 0.0,
            "share of line": 0.0,
            "signature": 0.0,
        }
    texts, block = places.walk.texts, places.block(candidate.shown.position)
    share = len(name) / len(texts[block])
    return row | {
        "line length": math.log1p(len(texts[block])),
        "line before": math.log1p(len(texts[block - 1]) if block else 0),
        "line after": math.log1p(len(texts[block + 1]) if block + 1 < len(texts) else 0),
        "share of line": share,
        "signature": float(candidate.personal and share > _SIGNED and _ends_text(block, page)),
    }


def _ends_text(block: int, page: _Page) -> bool:
    """Whether a block is the last of the text or next to it, and no part of another element than that."""
    walk, last = page.places.walk, page.last_paragraph
    same = walk.parent[walk.owner[block]] == walk.parent[walk.owner[last]]
    return abs(block - last) <= 1 and same


def name_odds(key: str, model: Mapping[str, float]) -> float:
    """Return the mean log odds of the words of *key* to be part of a name; 0 for unknown words."""
    odds = [model.get(word, 0.0) for word in key.split()[:4]]
    return sum(odds) / max(1, len(odds))


def _from_shape(candidate: Candidate, page: _Page) -> dict[str, float]:
    name, key = candidate.name, candidate.key
    listed, words = name.split(), key.split()
    squashed = squash(name)
    owned = page.places.host | page.places.site
    given = given_names()
    first = words[0] in given or (name[0] > "\u2fff" and has_eastern_surname(name))
    return {
        "odds": name_odds(key, page.model),
        "given": float(first) + float(any(word in given for word in words[1:])) * 0.5,
        "words": len(listed),
        "characters": len(name),
        "capitalised": sum(word[:1].isupper() for word in listed) / len(listed),
        "digit": float(not name.isalpha() and any(map(str.isdigit, name))),
        "latin": float(name[0] < "\u0250" and name[0].isalpha()),
        "nobody": float(is_nobody(name)),
        "organisation": float(candidate.organisation),
        "role": float(has_role(name)),
        "dotted": float(_DOTTED.search(name) is not None),
        "personal": float(candidate.personal),
        "in title": float(f" {key} " in page.titles),
        "is host": float(squashed in page.places.host),
        "is site": float(squashed in page.places.site),
        "like site": float(
            len(squashed) > 3 and any(len(k) > 3 and (k in squashed or squashed in k) for k in owned)
        ),
    }


def _from_rivals(candidate: Candidate, page: _Page) -> dict[str, float]:
    key = candidate.key
    own = page.words[key]
    others = [words for k, words in page.words.items() if k != key and not own.isdisjoint(words)]
    return {
        "part of another": float(any(own < words for words in others)),
        "contains another": float(any(own > words for words in others)),
        "rivals declared": len(page.declared) - (key in page.declared),
        "rivals json": len(page.in_json) - (key in page.in_json),
        "rivals near": min(len(page.near) - (key in page.near), 30),
        "rivals marked": min(len(page.marked) - (key in page.marked), 20),
        "best rival": max((n for n, k in page.best if k != key), default=0),
        "best person": max((n for n, k in page.best_people if k != key), default=0),
    }


def _add_tiers(candidates: list[Candidate], rows: list[dict[str, float]]) -> None:
    """Add where each name's best source stands among the sources of all plausible names."""
    none = len(_TIERS)
    tiers: list[int] = []
    for candidate, row in zip(candidates, rows, strict=True):
        held = {_TIER_OF[source] for source in candidate.sources if source in _TIER_OF}
        row["tiers"] = len(held)
        if candidate.shown and candidate.shown.outside:
            held = {tier for tier in held if not 3 <= tier <= 8}
        tiers.append(min(held, default=none))
    plausible = [_is_plausible(row) for row in rows]
    ranks = [tier if fit else none for tier, fit in zip(tiers, plausible, strict=True)]
    best = min(ranks, default=none)
    second = min((rank for rank in ranks if rank > best), default=none)
    nearest = min((row["away"] for row, fit in zip(rows, plausible, strict=True) if fit), default=12.0)
    for row, tier, rank in zip(rows, tiers, ranks, strict=True):
        row["tier"] = tier
        row["best tier"] = best
        row["second tier"] = second
        row["is top"] = float(rank == best < none)
        row["tops"] = ranks.count(best)
        row["plausible"] = sum(plausible)
        row["behind nearest"] = row["away"] - nearest


def _is_plausible(row: dict[str, float]) -> bool:
    shape = row["personal"] or not row["latin"] or (row["words"] == 1 and not row["is host"])
    return bool(shape and not (row["nobody"] or row["organisation"] or row["is site"] or row["dotted"]))
