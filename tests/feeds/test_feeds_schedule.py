"""When a feed is asked again, when it moves and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.schedule import (
    FAILURES_BEARABLE,
    FAILURES_TOLD,
    LONGEST,
    MOVES_BELIEVED,
    SHORTEST,
    Decision,
    History,
    Poll,
    Verdict,
    decide,
    next_poll,
)

NOW = datetime(2025, 11, 3, 12, tzinfo=UTC)
MIDDLE = 0.5  #: the jitter that changes nothing


def every(interval: timedelta, count: int = 10) -> list[datetime]:
    return [NOW - interval * n for n in range(count)]


def wait(poll: Poll, published: list[datetime], failures: int = 0, jitter: float = MIDDLE) -> timedelta:
    return next_poll(NOW, poll, failures, published, jitter) - NOW


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (timedelta(minutes=1), timedelta(minutes=5)),
        (timedelta(minutes=30), timedelta(minutes=15)),
        (timedelta(hours=6), timedelta(hours=3)),
        (timedelta(days=30), timedelta(hours=24)),
    ],
)
def test_a_feed_is_asked_twice_as_often_as_it_speaks(interval: timedelta, expected: timedelta) -> None:
    assert wait(Poll(status=200), every(interval)) == expected


def test_a_feed_that_fell_silent_is_asked_less_and_less_often() -> None:
    busy_a_week_ago = [moment - timedelta(days=7) for moment in every(timedelta(minutes=10))]

    assert timedelta(hours=20) < wait(Poll(status=200), busy_a_week_ago) < timedelta(hours=22)


def test_a_feed_without_dates_is_asked_every_hour() -> None:
    assert wait(Poll(status=200), []) == timedelta(hours=1)
    assert wait(Poll(status=200), [NOW + timedelta(days=400)]) == timedelta(hours=1)


def test_the_wishes_of_feed_and_server_are_kept_up_to_a_day() -> None:
    busy = every(timedelta(minutes=1))

    assert wait(Poll(status=200, ttl_minutes=60), busy) == timedelta(hours=1)
    assert wait(Poll(status=304, max_age=1800), busy) == timedelta(minutes=30)
    assert wait(Poll(status=200, max_age=10**9), busy) == timedelta(hours=24)


@pytest.mark.parametrize(("seconds", "expected"), [(0, 60), (90, 90), (10**7, 86_400)])
def test_retry_after_is_kept_between_a_minute_and_a_day(seconds: int, expected: int) -> None:
    assert wait(Poll(status=429, readable=False, retry_after=seconds), [], failures=3, jitter=0) == timedelta(
        seconds=expected
    )


def test_trouble_doubles_the_wait_until_it_is_a_day() -> None:
    broken = Poll(status=500, readable=False)

    waits = [wait(broken, [], failures) for failures in range(1, 13)]

    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
    assert waits[-1] == LONGEST


def test_a_feed_that_is_gone_is_given_up_at_once() -> None:
    decision = decide(NOW, Poll(status=410, readable=False), History(), [], MIDDLE)

    assert (decision.verdict, decision.next_poll) == (Verdict.STOP, None)
    assert decision.tell


def follow(polls: list[Poll]) -> Decision:
    history = History()
    for poll in polls:
        decision = decide(NOW, poll, history, [], MIDDLE)
        history = decision.history
    return decision


def test_a_feed_in_trouble_is_given_up_in_the_end_and_a_good_poll_forgives_all() -> None:
    bad = Poll(status=None, readable=False)

    assert follow([bad] * (FAILURES_BEARABLE - 1)).verdict is Verdict.GO_ON
    assert follow([bad] * FAILURES_BEARABLE).verdict is Verdict.STOP
    assert follow([bad] * (FAILURES_BEARABLE - 1) + [Poll(status=200)]).history.failures == 0


def test_trouble_is_told_once_while_it_lasts_and_once_when_the_feed_is_given_up() -> None:
    bad = Poll(status=500, readable=False)

    told = [follow([bad] * count).tell for count in range(1, FAILURES_BEARABLE + 1)]

    assert [count for count, tell in enumerate(told, start=1) if tell] == [FAILURES_TOLD, FAILURES_BEARABLE]


def test_a_permanent_move_is_believed_when_it_was_said_again_and_again() -> None:
    moved = Poll(status=200, moved_to="https://example.net/feed")
    elsewhere = Poll(status=200, moved_to="https://example.com/feed")

    assert follow([moved] * (MOVES_BELIEVED - 1)).verdict is Verdict.GO_ON
    decision = follow([moved] * MOVES_BELIEVED)
    assert (decision.verdict, decision.moved_to) == (Verdict.MOVE, "https://example.net/feed")
    assert follow([moved, elsewhere] * MOVES_BELIEVED).verdict is Verdict.GO_ON
    assert follow([moved, Poll(status=200)] * MOVES_BELIEVED).verdict is Verdict.GO_ON


polls = st.builds(
    Poll,
    status=st.sampled_from([None, 200, 304, 403, 404, 429, 500, 503]),
    readable=st.booleans(),
    retry_after=st.none() | st.integers(0, 10**20),
    max_age=st.none() | st.integers(0, 10**20),
    ttl_minutes=st.none() | st.integers(0, 10**20),
)
moments = st.datetimes(timezones=st.just(UTC))


@given(polls, st.integers(0, 19), st.lists(moments), st.floats(0, 1))
def test_every_wait_is_between_a_minute_and_a_day_and_a_tenth(
    poll: Poll, failures: int, published: list[datetime], jitter: float
) -> None:
    waited = next_poll(NOW, poll, failures, published, jitter) - NOW

    least = timedelta(minutes=1) if poll.status in (429, 503) else SHORTEST * 0.9
    assert least <= waited <= LONGEST * 1.1
