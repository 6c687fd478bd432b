"""Dates as pages write them, and which of a page's dates is its day of publication."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_of_metadata import page, read

from bot.article.dates import find_dates, local_zone, parse_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-03-04T10:20:30+01:00", date(2021, 3, 4)),
        ("20210304", date(2021, 3, 4)),
        ("1614853200", date(2021, 3, 4)),
        ("1614853200000", date(2021, 3, 4)),
        ("Published on March 4, 2021 at 3:15 pm", date(2021, 3, 4)),
        ("4th of March 2021", date(2021, 3, 4)),
        ("Veröffentlicht am 4. März 2021, 14.30 Uhr", date(2021, 3, 4)),
        ("Stand: 04.03.2021", date(2021, 3, 4)),
        ("Publié le 4 mars 2021 à 14h30", date(2021, 3, 4)),
        ("4 de marzo de 2021", date(2021, 3, 4)),
        ("2021年3月4日 10時15分", date(2021, 3, 4)),
        ("2021년 3월 4일", date(2021, 3, 4)),
        ("4 марта 2021", date(2021, 3, 4)),
        ("4 مارس 2021", date(2021, 3, 4)),
        ("٤ مارس ٢٠٢١", date(2021, 3, 4)),
        ("Thu Mar 04 10:15:00 +0000 2021", date(2021, 3, 4)),
    ],
)
def test_a_date_is_read_in_many_languages(text: str, day: date) -> None:
    found = parse_date(text)

    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "text", ["", "on Tuesday", "31.02.2021", "1.2.3", "2021", "9999-99-99", "call 555-2021-33"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_the_reader_decides_which_of_two_numbers_is_the_month() -> None:
    british, american = parse_date("3/4/2021"), parse_date("3/4/2021", month_first=True)

    assert british is not None
    assert british.day == date(2021, 4, 3)
    assert american is not None
    assert american.day == date(2021, 3, 4)


def test_time_and_zone_stay_with_the_day() -> None:
    found = parse_date("2021-03-04T10:20:30+05:30")

    assert found is not None
    assert found.zone is not None
    assert found.clock == time(10, 20, 30)
    assert found.zone.utcoffset(None) == timedelta(hours=5, minutes=30)


def test_local_zones_know_summer_time() -> None:
    winter, summer = (
        local_zone("www.example.de", None, date(2021, 1, 4)),
        local_zone("www.example.de", None, date(2021, 7, 4)),
    )

    assert winter.utcoffset(None) == timedelta(hours=1)
    assert summer.utcoffset(None) == timedelta(hours=2)
    assert local_zone("example.com", "en", date(2021, 7, 4)) is UTC


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.from_regex(r"[0-9./年月日 :-]{0,40}"))
def test_any_text_can_be_searched_for_dates(text: str) -> None:
    for moment in find_dates(text):
        assert 1990 <= moment.day.year <= 2049
        assert moment.start < moment.end


def test_what_is_declared_once_is_the_day_of_publication_with_its_time_and_zone() -> None:
    found = read(page(json_ld={"datePublished": "2021-03-04T10:20:30+01:00"}))

    assert found.published is not None
    assert found.published.isoformat() == "2021-03-04T10:20:30+01:00"
    assert not found.published_uncertain
    assert not found.published_day_only


def test_a_day_alone_stays_a_day() -> None:
    found = read(page(json_ld={"datePublished": "2021-03-04"}))

    assert found.published is not None
    assert found.published.date() == date(2021, 3, 4)
    assert found.published_day_only


def test_a_change_is_told_apart_from_the_publication_and_only_when_later() -> None:
    later = read(
        page(json_ld={"datePublished": "2021-03-04T10:00:00Z", "dateModified": "2021-03-06T09:00:00Z"})
    )
    same = read(
        page(json_ld={"datePublished": "2021-03-04T10:00:00Z", "dateModified": "2021-03-04T10:00:00Z"})
    )

    assert later.updated is not None
    assert later.updated.date() == date(2021, 3, 6)
    assert later.published is not None
    assert later.published.date() == date(2021, 3, 4)
    assert same.updated is None


def test_the_shown_date_under_the_headline_counts_where_nothing_is_declared() -> None:
    found = read(page(under_headline='<p class="date">4. März 2021</p>', lang="de"))

    assert found.published is not None
    assert found.published.date() == date(2021, 3, 4)


def test_dates_of_other_articles_and_of_comments_are_not_this_page_s() -> None:
    related = (
        '<aside class="related"><a>Another</a> <time datetime="2019-01-02">2 January 2019</time></aside>'
    )
    found = read(page(under_headline='<time datetime="2021-03-04">4 March 2021</time>', after=related))

    assert found.published is not None
    assert found.published.date() == date(2021, 3, 4)


def test_an_evening_in_america_is_the_day_that_the_page_shows() -> None:
    found = read(
        page(
            json_ld={"datePublished": "2021-03-05T02:15:00Z"},
            under_headline="<p>March 4, 2021 9:15 PM</p>",
            lang="en",
        )
    )

    assert found.published is not None
    assert found.published.date() == date(2021, 3, 4)
    assert found.published.utcoffset() == timedelta(hours=-5)
    assert found.published.astimezone(UTC).hour == 2


def test_a_page_without_dates_has_none() -> None:
    found = read(page())

    assert found.published is None
    assert found.updated is None


def test_weak_evidence_is_marked_or_left_out() -> None:
    found = read(page(after="<p>Copyright 12.12.2012 by the makers of this site</p>"))

    assert found.published is None or found.published_uncertain
