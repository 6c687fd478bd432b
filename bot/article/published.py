"""When a page was published: its dates weighed against each other, with "unknown" as an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from bot.article.datelines import (
    MODIFIED,
    SOURCES,
    DateMention,
    days_in_lines,
    find_declared_dates,
    is_american,
)
from bot.article.dates import Moment, local_zone
from bot.article.days import UPDATE, DayCandidate, describe_days, find_day_candidates, group_days
from bot.article.details import host_of
from bot.article.document import Document
from bot.article.models import load_forest
from bot.article.places import Places

_TRUSTED = frozenset({"json-ld", "json-ld:other", "meta:published", "microdata", "time:published", "time"})
_MOVED = timedelta(days=60)  #: a page dated later than its address by more came from another system
_HEAD = frozenset({"json-ld", "meta:published"})
_AMERICA = timezone(timedelta(hours=-5))
AGREED = 0.96  #: confidence of a day that the page declares and nothing it declares contradicts
TOLD = 0.9  #: at least, of the one day that words of the article call that of publication
SURE, ENOUGH = 0.5, 0.08  #: chances above which a date is given plainly, and given at all


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
    declared = find_declared_dates(document)
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
    """Return the day that the page declares as that of publication, if it declares one only.

    A permanent address that spells a much earlier day is right: moving a site dates its pages anew.
    """
    days = {mention.moment.day for mention in declared if mention.source in ("json-ld", "meta:published")}
    if len(days) != 1:
        return None
    day = days.pop()
    permanent = [mention.moment.day for mention in declared if mention.source == "address"]
    return permanent[0] if permanent and day - permanent[0] > _MOVED else day


def choose_day(candidates: list[DayCandidate], chances: list[float]) -> tuple[float, int] | None:
    """Return (chance, index) of the likeliest day; None where no day is likely enough to be shown."""
    chances = list(chances)
    told = [i for i, c in enumerate(candidates) if any(m.told and not m.outside for m in c.mentions)]
    if len(told) == 1:
        return max(chances[told[0]], TOLD), told[0]
    _discount_changes(candidates, chances)
    chance, index = max(zip(chances, range(len(candidates)), strict=True), default=(0.0, 0))
    return (chance, index) if chance >= ENOUGH else None


def _discount_changes(candidates: list[DayCandidate], chances: list[float]) -> None:
    """Make a day of a change that no line shows plainly yield to one that is declared as published."""
    published = {"json-ld", "json-ld:other", "meta:published", "microdata", "time:published"}
    declared = [candidate for candidate in candidates if published.intersection(candidate.sources)]
    unchanged = any(MODIFIED.isdisjoint(c.sources) and _HEAD.intersection(c.sources) for c in declared)
    for index, candidate in enumerate(candidates):
        changed = MODIFIED.intersection(candidate.sources) and not _is_plain(candidate)
        if changed and (unchanged or (declared and published.isdisjoint(candidate.sources))):
            chances[index] *= 0.2


def _is_plain(candidate: DayCandidate) -> bool:
    """Whether the article shows the day without a mark or a word of a change."""
    changed = {m.moment.clock for m in candidate.mentions if m.source in MODIFIED and m.moment.clock}
    return any(
        m.source in ("text", "date class")
        and not (m.outside or m.moment.clock in changed or UPDATE.search(m.context))
        for m in candidate.mentions
    )


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
    """Return the moment in the zone it names; what systems store in UTC is put into the zone of the page's readers.

    But for midnight west of Greenwich: many systems write it for a day, which is not the one before.
    """
    local = local_zone(host_of(document.url), language, moment.day)
    at = moment.at(local)
    if at.tzinfo is not UTC or moment.clock is None:
        return at
    there = at.astimezone(local)
    return at if at.time() == time(0) and there.date() < at.date() else there


def as_shown(at: datetime, moment: Moment, document: Document, places: Places) -> datetime:
    """Return *at* in the zone of the page's readers, where the page shows what day (and time) it was for them.

    Systems store UTC; an evening in America is the next day there. Only asked where the country does not tell; an
    American page that shows no day nearby is taken to be read five hours west of Greenwich, unless it is midnight that
    it declares: that is what many systems write for a day.
    """
    if at.tzinfo is not UTC or moment.clock is None or 10 <= at.hour < 14:
        return at
    shown = [m.moment for m in days_in_lines(document, places) if not m.outside]
    gaps = {(other.day - at.date()).days for other in shown}
    if gaps.isdisjoint((-1, 0, 1)) and at.time() != time(0) and is_american(document):
        return at.astimezone(_AMERICA)
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
