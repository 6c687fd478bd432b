"""When a page was published: its dates weighed against each other, with "unknown" as an answer."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from bot.article.boosting import load_forest
from bot.article.datelines import MODIFIED, SOURCES, STRONG, DateMention, find_date_mentions
from bot.article.dates import Moment, local_zone
from bot.article.details import article_nodes, host_of
from bot.article.document import Document
from bot.article.places import COMMENTS, FOOTER, IN_ARTICLE, IN_HEADER, NAV, RELATED, SIDE, Places

_UPDATE = re.compile(
    r"updat|modif|aktualis|geändert|revis|edit(?:ed|iert)|mise à jour|actualiz|aggiorn|last change|更新|수정|güncel",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"publi|posted|veröff|erstellt|written|created|erschien|online seit|freigegeben|pubblic|stand|vom|入力|公開|配信|등록|입력|yayın",
    re.IGNORECASE,
)
_FLAGS = (
    ("nav", NAV),
    ("footer", FOOTER),
    ("comments", COMMENTS),
    ("related", RELATED),
    ("side", SIDE),
    ("article", IN_ARTICLE),
    ("header", IN_HEADER),
)
_TRUSTED = frozenset({"json-ld", "json-ld:other", "meta:published", "microdata", "time:published", "time"})
SURE, ENOUGH = 0.5, 0.08  #: chances above which a date is given plainly, and given at all


@dataclass(slots=True)
class DayCandidate:
    """One day with all the places that mention it."""

    day: date
    mentions: list[DateMention]
    shown: DateMention | None = None  #: the mention that stands nearest to the headline
    features: list[float] = field(default_factory=list)

    @property
    def sources(self) -> Counter[str]:
        """How often each source names it."""
        return Counter(mention.source for mention in self.mentions)


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
    candidates = find_day_candidates(document, places)
    describe_days(candidates, document, places)
    chances = load_forest("dates").probabilities([candidate.features for candidate in candidates])
    chosen = choose_day(candidates, chances)
    if chosen is None:
        return Dates()
    chance, index = chosen
    mention = fullest(candidates[index])
    published = aware(mention.moment, document, language)
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


def choose_day(candidates: list[DayCandidate], chances: list[float]) -> tuple[float, int] | None:
    """Return (chance, index) of the likeliest day; None where no day is likely enough to be shown."""
    chances = list(chances)
    _discount_changes(candidates, chances)
    chance, index = max(zip(chances, range(len(candidates)), strict=True), default=(0.0, 0))
    return (chance, index) if chance >= ENOUGH else None


def _discount_changes(candidates: list[DayCandidate], chances: list[float]) -> None:
    """Make a day that the page declares only as that of a change yield to one declared as published."""
    published = {"json-ld", "meta:published", "microdata", "time:published"}
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


def _updated(
    candidates: list[DayCandidate], published: datetime, document: Document, language: str | None
) -> tuple[datetime | None, str]:
    """Return the declared time of the last change with its source, if it is later than *published*."""
    found = [
        (SOURCES.index(mention.source), mention)
        for candidate in candidates
        for mention in candidate.mentions
        if mention.source in MODIFIED and mention.source != "script:modified"
    ]
    if not found:
        return None, ""
    mention = min(found, key=lambda item: item[0])[1]
    changed = aware(mention.moment, document, language)
    bare = mention.moment.clock is None or _is_bare_midnight(mention.moment)
    later = changed - published > timedelta(days=1 if bare else 0, minutes=1)
    return (changed, mention.source) if later else (None, "")


def find_day_candidates(document: Document, places: Places) -> list[DayCandidate]:
    """Return the days that the page mentions where a date of publication may stand."""
    grouped: dict[date, list[DateMention]] = defaultdict(list)
    for mention in find_date_mentions(document, places):
        grouped[mention.moment.day].append(mention)
    return [DayCandidate(day, mentions, _nearest(mentions, places)) for day, mentions in grouped.items()]


def _away(mention: DateMention, places: Places) -> int:
    position = mention.position or 0
    return abs(places.distance(position)) + (200 if position < places.title_start else 0)


def _nearest(mentions: list[DateMention], places: Places) -> DateMention | None:
    shown = [m for m in mentions if m.position is not None]
    inside = [m for m in shown if not m.outside] or shown
    return min(inside, key=lambda m: _away(m, places), default=None)


# ------------------------------------------------------------------ features
def describe_days(candidates: list[DayCandidate], document: Document, places: Places) -> tuple[str, ...]:
    """Fill the features of *candidates*; return their names."""
    if not candidates:
        return ()
    general = _of_page(document, places)
    order = [
        c.day
        for c in sorted(
            (c for c in candidates if c.shown and not c.shown.outside),
            key=lambda c: _away(c.shown, places) if c.shown else 0,
        )
    ]
    sourced = Counter(source for c in candidates for source in c.sources)
    path = urlsplit(document.url).path if document.url else ""
    names: tuple[str, ...] = ()
    for candidate in candidates:
        row = {
            **_from_sources(candidate, sourced, path),
            **_from_place(candidate, order, places),
            **_from_rivals(candidate, candidates, order),
            **general,
        }
        names = tuple(row)
        candidate.features = [float(value) for value in row.values()]
    return names


def _of_page(document: Document, places: Places) -> dict[str, float]:
    path = urlsplit(document.url).path if document.url else ""
    return {
        "page headline": places.headline_score,
        "page json": float(bool(article_nodes(document))),
        "page article": float("article" in " ".join(document.meta.get("og:type", ())).lower()),
        "page paragraphs": min(places.paragraphs, 50),
        "page path": min(len([part for part in path.split("/") if part]), 8),
    }


def _from_sources(candidate: DayCandidate, sourced: Counter[str], path: str) -> dict[str, float]:
    counts = candidate.sources
    row: dict[str, float] = {source: min(counts[source], 3) for source in SOURCES}
    for source in (
        "json-ld:other",
        "time",
        "time:published",
        "date class",
        "text",
        "script",
        "microdata",
        "meta:published",
        "title attribute",
        "attribute",
    ):
        row[f"days {source}"] = min(sourced[source], 9) if counts[source] else 0
    day = candidate.day
    month = re.search(r"/((?:19|20)\d\d)[/-]?([01]\d)(?:/|-|$)", path)
    row["sources"] = len(counts)
    row["strong"] = sum(source in STRONG for source in counts)
    row["month of address"] = (
        -1 if not month else float((day.year, day.month) == (int(month[1]), int(month[2])))
    )
    row["year of address"] = float(str(day.year) in path)
    row["clock"] = float(any(m.moment.clock for m in candidate.mentions))
    row["first of january"] = float((day.month, day.day) == (1, 1))
    row["year"] = day.year - 2015
    return row


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _from_place(candidate: DayCandidate, order: list[date], places: Places) -> dict[str, float]:
    shown = candidate.shown
    position = shown.position if shown else None
    far = position is None
    at = position or 0
    inside = [m for m in candidate.mentions if m.position is not None and not m.outside]
    context = " ".join(m.context for m in inside)
    row: dict[str, float] = {
        "shown": float(not far),
        "distance": 12.0 if far else _signed_log(places.distance(at)),
        "away": 12.0 if far else math.log1p(abs(places.distance(at))),
        "to prose": 12.0 if far else _signed_log(at - places.prose_start),
        "to end": 12.0 if far else _signed_log(at - places.prose_end),
        "visible rank": min(order.index(candidate.day), 9) if candidate.day in order else 10,
        "outside": float(bool(shown and shown.outside)),
        "share of element": shown.share if shown else -1.0,
        "length of element": shown.length if shown else -1.0,
        "update words": float(_UPDATE.search(context) is not None),
        "publication words": float(_PUBLICATION.search(context) is not None),
        "times inside": min(len(inside), 9),
        "times outside": min(sum(m.position is not None and m.outside for m in candidate.mentions), 9),
    }
    flags = shown.flags if shown else 0
    for name, flag in _FLAGS:
        row[f"in {name}"] = float(bool(flags & flag))
    return row


def _from_rivals(
    candidate: DayCandidate, candidates: list[DayCandidate], order: list[date]
) -> dict[str, float]:
    day = candidate.day
    days = [c.day for c in candidates]
    strong = {c.day for c in candidates if STRONG.intersection(c.sources)}
    changed = {
        c.day
        for c in candidates
        if {"json-ld:modified", "meta:modified", "microdata:modified"}.intersection(c.sources)
    }
    declared = [c.day for c in candidates if {"json-ld", "meta:published"}.intersection(c.sources)]
    return {
        "latest": float(day == max(days)),
        "earliest": float(day == min(days)),
        "before latest": math.log1p((max(days) - day).days),
        "after earliest": math.log1p((day - min(days)).days),
        "after change": float(any(day > other for other in changed)) if changed else -1.0,
        "is change": float(day in changed),
        "strong later": min(sum(other > day for other in strong), 9),
        "strong earlier": min(sum(other < day for other in strong), 9),
        "to declared": min(
            (math.log1p(abs((other - day).days)) for other in declared if other != day), default=12.0
        ),
        "rivals": min(len(candidates), 40),
        "rivals strong": min(len(strong - {day}), 20),
        "rivals declared": len([other for other in declared if other != day]),
        "rivals visible": min(len(order), 20),
    }
