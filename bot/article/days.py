"""The days that may be a page's day of publication, each with what tells for and against it."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from bot.article.datelines import MODIFIED, STRONG, DateMention, find_shown_dates
from bot.article.details import path_of
from bot.article.document import Document
from bot.article.places import COMMENTS, FOOTER, IN_HEADER, NAV, RELATED, SIDE, Places

UPDATE = re.compile(
    r"updat|modif|aktualis|geändert|revis|edit(?:ed|iert)|mise à jour|actualiz|aggiorn|last change|更新|수정|güncel",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"publi|posted|veröff|erstellt|written|created|erschien|online seit|freigegeben|pubblic|stand|vom|wurde am|"
    r"入力|公開|配信|등록|입력|yayın",
    re.IGNORECASE,
)
_MONTH_OF_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?([01]\d)(?:/|-|$)")
_MOST_DAYS = 40


@dataclass(slots=True)
class DayCandidate:
    """One day with all the places that mention it."""

    day: date
    mentions: list[DateMention]
    sources: dict[str, int]  #: how often each source names it
    shown: DateMention | None = None  #: the mention that stands nearest to the headline
    features: list[float] = field(default_factory=list)


def find_day_candidates(
    document: Document, places: Places, declared: list[DateMention]
) -> list[DayCandidate]:
    """Return the days that the page mentions where a date of publication may stand."""
    alone = all(mention.source not in STRONG for mention in declared)
    return group_days(declared + find_shown_dates(document, places, alone=alone), places)


def group_days(mentions: list[DateMention], places: Places) -> list[DayCandidate]:
    """Return the days of *mentions*; of very many the ones that are declared or nearest to the headline."""
    grouped: dict[date, list[DateMention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.moment.day].append(mention)
    found = [
        DayCandidate(day, same, Counter(m.source for m in same), _nearest(same, places))
        for day, same in grouped.items()
    ]
    if len(found) > _MOST_DAYS:
        found.sort(
            key=lambda c: (STRONG.isdisjoint(c.sources), _away(c.shown, places) if c.shown else 1 << 30)
        )
    return found[:_MOST_DAYS]


def _away(mention: DateMention, places: Places) -> int:
    position = mention.position or 0
    return abs(places.distance(position)) + (200 if position < places.title_start else 0)


def _nearest(mentions: list[DateMention], places: Places) -> DateMention | None:
    shown = [m for m in mentions if m.position is not None]
    inside = [m for m in shown if not m.outside] or shown
    return min(inside, key=lambda m: _away(m, places), default=None)


# ------------------------------------------------------------------ features
@dataclass(slots=True)
class _Page:
    """What the features of all days of a page share."""

    places: Places
    order: dict[date, int]  #: rank among the days shown, nearest to the headline first
    per_source: Counter[str]  #: how many days each source names
    days: list[date]
    strong: list[date]
    changed: set[date]
    declared: list[date]
    path: str
    month: tuple[int, int] | None  #: of the address
    general: dict[str, float]


def describe_days(candidates: list[DayCandidate], document: Document, places: Places) -> tuple[str, ...]:
    """Fill the features of *candidates*; return their names."""
    if not candidates:
        return ()
    page = _page(candidates, document, places)
    row: dict[str, float] = {}
    for candidate in candidates:
        row = {
            **_from_sources(candidate, page),
            **_from_place(candidate, page),
            **_from_rivals(candidate, page),
            **page.general,
            **_from_surroundings(candidate),
        }
        candidate.features = list(row.values())
    return tuple(row)


def _page(candidates: list[DayCandidate], document: Document, places: Places) -> _Page:
    shown = [c for c in candidates if c.shown and not c.shown.outside]
    shown.sort(key=lambda c: _away(c.shown, places) if c.shown else 0)
    path = path_of(document.url)
    month = _MONTH_OF_ADDRESS.search(path)
    return _Page(
        places=places,
        order={c.day: rank for rank, c in enumerate(shown)},
        per_source=Counter(source for c in candidates for source in c.sources),
        days=[c.day for c in candidates],
        strong=[c.day for c in candidates if not STRONG.isdisjoint(c.sources)],
        changed={c.day for c in candidates if not MODIFIED.isdisjoint(c.sources)},
        declared=[c.day for c in candidates if "json-ld" in c.sources or "meta:published" in c.sources],
        path=path,
        month=(int(month[1]), int(month[2])) if month else None,
        general={
            "page headline": places.headline_score,
            "page json": float(bool(document.articles)),
            "page article": float("article" in " ".join(document.meta.get("og:type", ())).lower()),
            "page paragraphs": min(places.paragraphs, 50),
            "page path": min(path.strip("/").count("/") + 1, 8),
            "rivals": min(len(candidates), 40),
        },
    )


_COUNTED = (
    "json-ld",
    "json-ld:other",
    "json-ld:modified",
    "json-ld:created",
    "meta:published",
    "meta:other",
    "meta:date",
    "meta:modified",
    "microdata",
    "time",
    "time:published",
    "time:modified",
    "date class",
    "text",
    "address",
    "script",
    "image address",
    "end of text",
)
_LISTED = (
    "json-ld:other",
    "time",
    "time:published",
    "date class",
    "text",
    "script",
    "microdata",
    "meta:published",
)


def _from_sources(candidate: DayCandidate, page: _Page) -> dict[str, float]:
    counts, day = candidate.sources, candidate.day
    row: dict[str, float] = dict.fromkeys(_COUNTED, 0)
    row |= {source: min(count, 3) for source, count in counts.items() if source in row}
    for source in _LISTED:
        row[f"days {source}"] = min(page.per_source[source], 9) if source in counts else 0
    row["sources"] = len(counts)
    row["strong"] = sum(source in STRONG for source in counts)
    row["month of address"] = float((day.year, day.month) == page.month) if page.month else -1.0
    row["year of address"] = float(str(day.year) in page.path)
    row["clock"] = float(any(m.moment.clock for m in candidate.mentions))
    row["year"] = day.year - 2015
    return row


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _from_place(candidate: DayCandidate, page: _Page) -> dict[str, float]:
    places, shown = page.places, candidate.shown
    inside = [m for m in candidate.mentions if m.position is not None and not m.outside]
    context = " ".join(m.context for m in inside)
    row = {
        "visible rank": min(page.order.get(candidate.day, 10), 10),
        "update words": float(bool(context) and UPDATE.search(context) is not None),
        "publication words": float(bool(context) and _PUBLICATION.search(context) is not None),
        "times inside": min(len(inside), 9),
        "times outside": min(sum(m.position is not None and m.outside for m in candidate.mentions), 9),
        "shown": float(shown is not None),
    }
    if shown is None or shown.position is None:
        return (
            row
            | dict.fromkeys(("distance", "away", "to prose", "to end"), 12.0)
            | dict.fromkeys(_SHAPES, -1.0)
        )
    at, flags = shown.position, shown.flags
    return row | {
        "distance": _signed_log(places.distance(at)),
        "away": math.log1p(abs(places.distance(at))),
        "to prose": _signed_log(at - places.prose_start),
        "to end": _signed_log(at - places.prose_end),
        "outside": float(shown.outside),
        "share of element": shown.share,
        "length of element": shown.length,
        "in nav": float(bool(flags & NAV)),
        "in footer": float(bool(flags & FOOTER)),
        "in header": float(bool(flags & IN_HEADER)),
    }


def _from_surroundings(candidate: DayCandidate) -> dict[str, float]:
    flags = candidate.shown.flags if candidate.shown else 0
    in_head = sum(source.startswith(("meta", "json-ld")) for source in candidate.sources)
    return {
        "in comments": float(bool(flags & COMMENTS)),
        "in related": float(bool(flags & (RELATED | SIDE))),
        "in head": in_head,
        "in head and shown": float(in_head > 0 and candidate.shown is not None),
    }


_SHAPES = ("outside", "share of element", "length of element", "in nav", "in footer", "in header")


def _from_rivals(candidate: DayCandidate, page: _Page) -> dict[str, float]:
    day = candidate.day
    first, last = min(page.days), max(page.days)
    gaps = [abs((other - day).days) for other in page.declared if other != day]
    return {
        "latest": float(day == last),
        "earliest": float(day == first),
        "before latest": math.log1p((last - day).days),
        "after earliest": math.log1p((day - first).days),
        "after change": float(any(day > other for other in page.changed)) if page.changed else -1.0,
        "is change": float(day in page.changed),
        "strong later": min(sum(other > day for other in page.strong), 9),
        "strong earlier": min(sum(other < day for other in page.strong), 9),
        "to declared": math.log1p(min(gaps)) if gaps else 12.0,
        "rivals strong": min(len(page.strong) - (day in page.strong), 20),
        "rivals declared": len(gaps),
        "rivals visible": min(len(page.order), 20),
    }
