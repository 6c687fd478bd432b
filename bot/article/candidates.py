"""The names that may be a page's authors, and what is measured of each before the ranker judges it."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.article.boosting import DATA
from bot.article.bylines import MARKED, Mention, Spot
from bot.article.declared import DECLARED
from bot.article.details import path_of
from bot.article.document import Document
from bot.article.names import (
    fold,
    has_eastern_surname,
    has_role,
    is_nobody,
    is_organisation,
    is_personal,
    squash,
)
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
_MOST_VISIBLE = 30
_LISTS = frozenset(
    (
        "json-ld",
        "meta:author",
        "meta:article:author",
        "meta:byl",
        "microdata",
        "rel=author",
        "byline class",
        "near byline class",
        "byline text",
    )
)


@dataclass(slots=True)
class Candidate:
    """One name with all the places that mention it."""

    key: str
    name: str
    mentions: list[Mention]
    sources: dict[str, int]  #: how often each source names it
    declared: int  #: how many sources of the page's head do
    personal: bool
    organisation: bool
    shown: Spot | None = None  #: where it stands nearest to the headline
    features: list[float] = field(default_factory=list)

    def lists(self) -> set[str]:
        """The lists of authors that it is part of."""
        if self.credited(any) or not self.personal:
            return set()
        return {
            mention.source for mention in self.mentions if mention.listed > 1 and mention.source in _LISTS
        }

    def credited(self, how_many: Callable[[Iterable[bool]], bool]) -> bool:
        """Whether *how_many* (all or any) of its mentions credit it with a picture."""
        return how_many(m.part.credit or (m.spot is not None and m.spot.after_picture) for m in self.mentions)

    def rank(self) -> tuple[int, int, int]:
        """Where it stands in a list of authors: as declared, else as shown."""
        declared = [mention.rank for mention in self.mentions if mention.source in DECLARED]
        if self.shown is None:
            return min(declared, default=99), 1 << 30, 0
        at = self.shown.position
        listed = [mention.rank for mention in self.mentions if mention.spot and mention.spot.position == at]
        return min(declared, default=99), at, max(listed, default=0)


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return the folded given names that data/given_names.txt lists."""
    return frozenset((DATA / "given_names.txt").read_text(encoding="utf-8").split())


def gather(found: list[Mention], places: Places) -> list[Candidate]:
    """Return the names that may be authors; of those only shown, the ones nearest to the headline."""
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        grouped[mention.part.key].append(mention)
    candidates = [_candidate(key, mentions, places) for key, mentions in grouped.items()]
    shown = sorted((c for c in candidates if c.shown), key=lambda c: _order(c, places))[:_MOST_VISIBLE]
    visible = {c.key for c in shown}
    people = sum("json-ld:person" in c.sources for c in candidates)
    telling = DECLARED | {"author page address"} | ({"json-ld:person"} if people <= 20 else set())
    return [c for c in candidates if c.key in visible or not telling.isdisjoint(c.sources)]


def _candidate(key: str, mentions: list[Mention], places: Places) -> Candidate:
    name = _spelling(mentions)
    sources = Counter(mention.source for mention in mentions)
    return Candidate(
        key=key,
        name=name,
        mentions=mentions,
        sources=sources,
        declared=sum(source in DECLARED for source in sources),
        personal=is_personal(name),
        organisation=is_organisation(name),
        shown=_nearest([m.spot for m in mentions if m.spot], places),
    )


def _spelling(mentions: list[Mention]) -> str:
    """Return the spelling to show: the first one that is not all capitals or all small."""
    texts = [mention.part.text for mention in mentions]
    return next((text for text in texts if not text.isupper() and not text.islower()), texts[0])


def _nearest(spots: list[Spot], places: Places) -> Spot | None:
    inside = [spot for spot in spots if not spot.outside] or spots
    return min(inside, key=lambda spot: _away(spot, places), default=None)


def _away(spot: Spot, places: Places) -> int:
    """Return the distance from the headline; what stands before it counts as farther."""
    return abs(places.distance(spot.position)) + (300 if spot.position < places.title_start else 0)


def _order(candidate: Candidate, places: Places) -> int:
    spot = candidate.shown
    if spot is None:
        return 1 << 30
    away = min(abs(places.distance(spot.position)), abs(spot.position - places.prose_end) + 200)
    return away + (300 if spot.position < places.title_start else 0) + (1500 if spot.outside else 0)


# ------------------------------------------------------------------ features
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
    shown = sorted((c for c in candidates if c.shown), key=lambda c: _order(c, places))
    ranked = sorted(((c.declared, c.key) for c in candidates), reverse=True)
    people = {c.key for c in candidates if c.personal and not c.organisation}
    headline = places.headline.line.text if places.headline else ""
    low, high = places.title_start - 400, min(places.title_end + 1200, places.prose_start + 50)
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
    row: dict[str, float] = {source: min(counts.get(source, 0), 3) for source in _COUNTED}
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
