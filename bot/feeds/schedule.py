"""When to ask a feed again: pure functions of the time, its history and what its server said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
WHILE_TOLD = timedelta(hours=4)  #: between polls at least, where a hub tells of news
UNKNOWN_RATE = timedelta(hours=1)  #: between polls of a feed whose dates say nothing
SHORTEST_RETRY = timedelta(minutes=1)
JITTER = 0.1  #: share of the interval by which polls of one minute are spread
MOVES_BELIEVED = 3  #: polls in a row that were moved permanently to one address
FAILURES_BEARABLE = 20  #: in a row, about two weeks of doubling back-off
FAILURES_TOLD = 6  #: in a row, about five hours
GONE = 410
REFUSALS = frozenset({429, 503})  #: statuses whose Retry-After is a request to stay away


class Verdict(StrEnum):
    """What becomes of a feed after a poll."""

    GO_ON = "go_on"
    MOVE = "move"  #: poll the new address from now on
    STOP = "stop"  #: the feed is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll brought."""

    status: int | None  #: None when there was no answer
    readable: bool = True  #: a feed came, or 304 said that the last one still stands
    retry_after: int | None = None  #: seconds
    max_age: int | None = None  #: seconds, from Cache-Control
    moved_to: str | None = None  #: where a chain of permanent redirects only led
    just_told: bool = False  #: a hub said so lately that there is news that caches may not show it yet
    is_told: bool = False  #: a hub that is reliable says when there is news
    ttl_minutes: int | None = None  #: how long the feed asks to be left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of a feed between polls."""

    failures: int = 0  #: polls in a row that brought no feed
    moved_to: str | None = None  #: the address the last polls were moved to
    moves: int = 0  #: how many in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a feed, and what to remember of it."""

    verdict: Verdict
    next_poll: datetime | None  #: None when the feed is given up
    history: History
    moved_to: str | None = None  #: the new address of a feed that moves
    tell: bool = False  #: those who added the feed are to be told of its trouble


def decide(
    now: datetime, poll: Poll, history: History, published: Sequence[datetime], jitter: float
) -> Decision:
    """Return what to do after *poll*; *published* are the moments of the feed's last entries, in any order.

    *jitter* is a random number between 0 and 1. All moments are aware.
    """
    if poll.status == GONE:
        return Decision(verdict=Verdict.STOP, next_poll=None, history=History(failures=1), tell=True)
    if not poll.readable:
        return _after_failure(now, poll, history, jitter)
    moves = history.moves + 1 if poll.moved_to == history.moved_to else 1
    if poll.moved_to and moves >= MOVES_BELIEVED:
        when = next_poll(now, poll, 0, published, jitter)
        return Decision(verdict=Verdict.MOVE, next_poll=when, history=History(), moved_to=poll.moved_to)
    remembered = History(moved_to=poll.moved_to, moves=moves if poll.moved_to else 0)
    return Decision(
        verdict=Verdict.GO_ON, next_poll=next_poll(now, poll, 0, published, jitter), history=remembered
    )


def _after_failure(now: datetime, poll: Poll, history: History, jitter: float) -> Decision:
    failures = history.failures + 1
    remembered = History(failures=failures, moved_to=history.moved_to, moves=history.moves)
    if failures >= FAILURES_BEARABLE:
        return Decision(verdict=Verdict.STOP, next_poll=None, history=remembered, tell=True)
    when = next_poll(now, poll, failures, (), jitter)
    tell = failures == FAILURES_TOLD
    return Decision(verdict=Verdict.GO_ON, next_poll=when, history=remembered, tell=tell)


def next_poll(
    now: datetime, poll: Poll, failures: int, published: Sequence[datetime], jitter: float
) -> datetime:
    """Return when to ask again.

    In trouble the wait doubles from SHORTEST, and a Retry-After between a minute and a day is kept to. Else
    it is half the usual time between entries, no less than the feed and its caching headers ask for, between
    SHORTEST and LONGEST; SHORTEST when a hub has just told of news, and no less than WHILE_TOLD when it will.
    """
    if poll.status in REFUSALS and poll.retry_after is not None:
        # The server named a time: no jitter before it.
        wait = max(_up_to_a_day(poll.retry_after), SHORTEST_RETRY)
        return now + wait * (1 + JITTER * jitter)
    if failures:
        wait = min(SHORTEST * 2 ** min(failures - 1, 10), LONGEST)
    else:
        wait = max(usual_interval(now, published) / 2, *_wishes(poll))
        wait = min(max(wait, WHILE_TOLD if poll.is_told else SHORTEST), LONGEST)
        wait = SHORTEST if poll.just_told else wait
    return now + wait * (1 + JITTER * (2 * jitter - 1))


def _wishes(poll: Poll) -> tuple[timedelta, timedelta]:
    return _up_to_a_day(poll.max_age or 0), _up_to_a_day((poll.ttl_minutes or 0) * 60)


def _up_to_a_day(seconds: int) -> timedelta:
    return timedelta(seconds=min(seconds, LONGEST.total_seconds()))


def usual_interval(now: datetime, published: Sequence[datetime]) -> timedelta:
    """Return the median time between entries, or the time since the last one where that is longer."""
    past = sorted(moment for moment in published if moment <= now)
    if not past:
        return UNKNOWN_RATE * 2
    silence = now - past[-1]
    gaps = sorted(later - earlier for earlier, later in pairwise(past))
    # An hour of silence after a burst must not yet slow down a busy feed; a week must.
    return max(gaps[len(gaps) // 2], silence / 4) if gaps else max(silence, UNKNOWN_RATE)
