"""When a page was published: its dates weighed against each other, with "unknown" as an answer."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from bot.article.boosting import load_forest
from bot.article.datelines import (
    MODIFIED,
    SOURCES,
    STRONG,
    DateMention,
    days_in_lines,
    find_declared_dates,
    find_shown_dates,
)
from bot.article.dates import Moment, local_zone
from bot.article.details import article_nodes, host_of, path_of
from bot.article.document import Document
from bot.article.places import FOOTER, IN_HEADER, NAV, Places

_UPDATE = re.compile(
    r"updat|modif|aktualis|geändert|revis|edit(?:ed|iert)|mise à jour|actualiz|aggiorn|last change|更新|수정|güncel",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"publi|posted|veröff|erstellt|written|created|erschien|online seit|freigegeben|pubblic|stand|vom|"
    r"入力|公開|配信|등록|입력|yayın",
    re.IGNORECASE,
)
_MONTH_OF_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?([01]\d)(?:/|-|$)")
_MOST_DAYS = 40
_TRUSTED = frozenset({"json-ld", "json-ld:other", "meta:published", "microdata", "time:published", "time"})
AGREED = 0.96  #: confidence of a day that the page declares and nothing it declares contradicts
SURE, ENOUGH = 0.5, 0.08  #: chances above which a date is given plainly, and given at all


@dataclass(slots=True)
class DayCandidate:
    """One day with all the places that mention it."""

    day: date
    mentions: list[DateMention]
    sources: dict[str, int]  #: how often each source names it
    shown: DateMention | None = None  #: the mention that stands nearest to the headline
    features: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a page was published and last changed."""

    published: datetime | None = None
    day_only: bool = False
    uncertain: bool = False
    updated: datetime | None = None
    source: str = ""
    confidence: float = 0.0
    updated_source: str = ""


def read_dates(document: Document, places: Places, language: str | None) -> Dates:
    """Return when the page was published; nothing where it does not say so."""
    declared = find_declared_dates(document, places)
    day = agreed_day(declared)
    if day:
        candidates = group_days([m for m in declared if m.moment.day == day or m.source in MODIFIED], places)
        chance, index = AGREED, next(i for i, c in enumerate(candidates) if c.day == day)
    else:
        candidates = find_day_candidates(document, places, declared)
        describe_days(candidates, document, places)
        rows = [candidate.features for candidate in candidates]
        chances = load_forest("dates").chances(rows).tolist() if rows else []
        chosen = choose_day(candidates, chances)
        if chosen is None:
            return Dates()
        chance, index = chosen
    mention = fullest(candidates[index])
    published = as_shown(aware(mention.moment, document, language), mention.moment, document, places)
    updated, updated_source = _updated(candidates, published, document, language)
    return Dates(
        published=published,
        day_only=mention.moment.clock is None or _is_bare_midnight(mention.moment),
        uncertain=chance < SURE,
        updated=updated,
        source=mention.source,
        confidence=chance,
        updated_source=updated_source,
    )


def agreed_day(declared: list[DateMention]) -> date | None:
    """Return the day that the page declares as that of publication, if it declares one only."""
    days = {mention.moment.day for mention in declared if mention.source in ("json-ld", "meta:published")}
    return days.pop() if len(days) == 1 else None


def choose_day(candidates: list[DayCandidate], chances: list[float]) -> tuple[float, int] | None:
    """Return (chance, index) of the likeliest day; None where no day is likely enough to be shown."""
    chances = list(chances)
    _discount_changes(candidates, chances)
    chance, index = max(zip(chances, range(len(candidates)), strict=True), default=(0.0, 0))
    return (chance, index) if chance >= ENOUGH else None


def _discount_changes(candidates: list[DayCandidate], chances: list[float]) -> None:
    """Make a day that the page declares only as that of a change yield to one declared as published."""
    published = {"json-ld", "json-ld:other", "meta:published", "microdata", "time:published"}
    if not any(published.intersection(c.sources) for c in candidates):
        return
    for index, candidate in enumerate(candidates):
        if MODIFIED.intersection(candidate.sources) and not published.intersection(candidate.sources):
            chances[index] *= 0.2


def fullest(candidate: DayCandidate) -> DateMention:
    """Return the mention that says most: a declared one with time and zone before a shown one."""
    return max(
        candidate.mentions,
        key=lambda m: (
            m.moment.clock is not None and not _is_bare_midnight(m.moment),
            m.moment.zone is not None,
            m.source in _TRUSTED,
            m.source not in MODIFIED,
            -SOURCES.index(m.source),
        ),
    )


def _is_bare_midnight(moment: Moment) -> bool:
    """Whether a time is only what a system writes for a day: midnight, and no zone to make it one."""
    clock = moment.clock
    return clock is not None and moment.zone is None and not (clock.hour or clock.minute or clock.second)


def aware(moment: Moment, document: Document, language: str | None) -> datetime:
    """Return the moment in the zone it names; what systems store in UTC is put into the zone of the page's readers."""
    local = local_zone(host_of(document.url), language, moment.day)
    at = moment.at(local)
    return at.astimezone(local) if at.tzinfo is UTC and moment.clock else at


def as_shown(at: datetime, moment: Moment, document: Document, places: Places) -> datetime:
    """Return *at* in the zone of the page's readers, where the page shows what day (and time) it was for them.

    Systems store UTC; an evening in America is the next day there. Only asked where the country does not tell.
    """
    if at.tzinfo is not UTC or moment.clock is None or 10 <= at.hour < 14:
        return at
    shown = [m.moment for m in days_in_lines(document, places) if not m.outside]
    gaps = {(other.day - at.date()).days for other in shown}
    if 0 in gaps or len(gaps & {-1, 1}) != 1:
        return at
    day = at.date() + timedelta(days=(gaps & {-1, 1}).pop())
    clock = next((other.clock for other in shown if other.day == day and other.clock), None)
    if clock is not None:
        local = datetime.combine(day, clock, UTC).replace(second=0)
        shift = timedelta(minutes=round((local - at).total_seconds() / 900) * 15)
    else:
        shift = timedelta(hours=24 - at.hour) if day > at.date() else -timedelta(hours=at.hour + 1)
    return at.astimezone(timezone(shift)) if abs(shift) <= timedelta(hours=14) else at


def _updated(
    candidates: list[DayCandidate], published: datetime, document: Document, language: str | None
) -> tuple[datetime | None, str]:
    """Return the declared time of the last change with its source, if it is later than *published*."""
    found = [
        (SOURCES.index(mention.source), mention)
        for candidate in candidates
        for mention in candidate.mentions
        if mention.source in MODIFIED and mention.source not in ("script:modified", "time:modified")
    ]
    if not found:
        return None, ""
    mention = min(found, key=lambda item: item[0])[1]
    changed = aware(mention.moment, document, language)
    bare = mention.moment.clock is None or _is_bare_midnight(mention.moment)
    later = changed - published > timedelta(days=1 if bare else 0, minutes=1)
    return (changed, mention.source) if later else (None, "")


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
            "page json": float(bool(article_nodes(document))),
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
    row: dict[str, float] = {source: min(counts.get(source, 0), 3) for source in _COUNTED}
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
        "update words": float(bool(context) and _UPDATE.search(context) is not None),
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
