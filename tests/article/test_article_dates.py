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
        ("৪ মার্চ ২০২১", date(2021, 3, 4)),
        ("4 फ़रवरी 2021", date(2021, 2, 4)),
        ("4 กุมภาพันธ์ 2021", date(2021, 2, 4)),
        ("4 تشرين الثاني 2021", date(2021, 11, 4)),
        ("4 Agustus 2021", date(2021, 8, 4)),
        ("ngày 4 tháng 3 năm 2021", date(2021, 3, 4)),
        ("04 | 03 | 2021", date(2021, 3, 4)),
        ("04 / 03 / 2021", date(2021, 3, 4)),
        ("04.03.2112:44", date(2021, 3, 4)),  # two boxes, day and time
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


@pytest.mark.parametrize("month", ["²²", "❶❷", "፩፪"])
@pytest.mark.parametrize(
    "shown",
    [
        "<p>4 March 2021</p><p>5 {} 2021</p>",
        '<button><time datetime="2021-03-04">4 March 2021, 5 {} 2021</time></button>',
    ],
    ids=["a line", "a second date of a time element"],
)
def test_figures_that_are_no_decimal_ones_number_no_month(shown: str, month: str) -> None:
    assert parse_date(f"5 {month} 2021") is None
    assert day_of(page(under_headline=shown.format(month))) == date(2021, 3, 4)


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


def test_a_second_of_one_figure_does_not_cost_the_zone() -> None:
    found = parse_date("2021-03-04T10:20:5Z")

    assert found is not None
    assert found.clock == time(10, 20, 5)
    assert found.zone is UTC


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


@pytest.mark.parametrize(
    ("declared", "day"),
    [("2021-03-05T00:00:00Z", date(2021, 3, 5)), ("2021-03-05T02:15:00Z", date(2021, 3, 4))],
    ids=["a system's way to write a day", "an evening"],
)
def test_midnight_in_a_country_west_of_greenwich_is_the_day_that_it_begins(declared: str, day: date) -> None:
    html = page(json_ld={"datePublished": declared}, lang="pt-BR")

    assert day_of(html, "https://morro.example.br/politica/ponte") == day


def test_a_page_without_dates_has_none() -> None:
    found = read(page())

    assert found.published is None
    assert found.updated is None


def test_weak_evidence_is_marked_or_left_out() -> None:
    found = read(page(after="<p>Copyright 12.12.2012 by the makers of this site</p>"))

    assert found.published is None or found.published_uncertain


def day_of(html: str, url: str = "https://hill.example.org/politics/bridge") -> date | None:
    published = read(html, url).published
    return published.date() if published else None


def test_a_sentence_below_the_article_tells_when_it_was_posted() -> None:
    told = (
        '<div class="post-footer">This entry was posted on 4 March 2021 at 10:15 and is filed under Bridges. You can '
        "follow any responses to this entry through the feed. You can leave a response, or trackback from your own "
        'site.</div><ol class="commentlist"><li class="comment"><p class="comment-meta">Ana, 9 March 2021</p></li></ol>'
    )

    assert day_of(page(after=told)) == date(2021, 3, 4)


def test_the_day_that_words_call_that_of_publication_is_taken() -> None:
    lines = "<p>Duration: 61 minutes, recorded 1 March 2021</p><p>Published on: 4 March 2021</p>"

    assert day_of(page(under_headline=lines)) == date(2021, 3, 4)


def test_a_time_element_that_shows_another_day_than_its_attribute_means_the_one_it_shows() -> None:
    shown = '<div class="time"><time datetime="2021-03-09T10:18:46Z">Publié le 4 mars 2021</time></div>'

    assert day_of(page(under_headline=shown, lang="fr")) == date(2021, 3, 4)


def test_the_day_somebody_joined_is_no_day_of_publication() -> None:
    joined = '<p><span title="10:46 AM - 20 Mar 2007" class="joinDate">Joined March 2007</span></p>'
    posted = '<p class="meta"><span>11:25 PM - 4 Mar 2021</span></p>'

    assert day_of(page(under_headline=joined, after=posted)) == date(2021, 3, 4)
    assert day_of(page(under_headline=joined)) is None


def test_a_day_that_a_script_writes_into_the_page_is_found() -> None:
    written = '<table><tr><td><script>showDate("2021/03/04 01:43:09")</script></td></tr></table>'

    assert day_of(page(under_headline=written)) == date(2021, 3, 4)


@pytest.mark.parametrize(
    "script",
    [
        '{"datePublished":\xa0"2021-03-04"}',
        '{"datePublished"' + " " * 70 + ': "2021-03-04"}',
        '{\\"datePublished\\":\\"2021-03-04T10:00:00Z\\"}',
        "var id = 2021; created = '2021-03-04 10:00'",
    ],
)
def test_a_day_that_a_script_names_is_found_however_it_is_spaced(script: str) -> None:
    assert day_of(page(under_headline=f"<p><script>{script}</script></p>")) == date(2021, 3, 4)


def test_a_publication_moved_to_the_day_of_a_change_yields_to_the_other_declaration() -> None:
    moved = (
        '<meta property="article:published_time" content="2021-03-09T20:00:00+00:00">'
        '<meta property="article:modified_time" content="2021-03-09T20:00:00+00:00">'
    )

    assert day_of(page(head=moved, json_ld={"datePublished": "2021-03-04T13:23:00+00:00"})) == date(
        2021, 3, 4
    )


def test_midnight_is_what_systems_write_for_a_day_of_americans_too() -> None:
    html = page(json_ld={"datePublished": "2021-03-05T00:00:00.000Z"}, lang="en-US")

    assert day_of(html, "https://hill.example.com/bridge") == date(2021, 3, 5)


def test_an_american_evening_needs_no_day_on_the_page() -> None:
    html = page(json_ld={"datePublished": "2021-03-05T02:15:00Z"}, lang="en-US")

    assert day_of(html, "https://hill.example.com/bridge") == date(2021, 3, 4)
    assert day_of(html, "https://hill.example.ie/bridge") == date(2021, 3, 5)


def test_a_permanent_address_is_older_than_the_move_of_its_site() -> None:
    html = page(json_ld={"datePublished": "2021-03-04T10:00:00+01:00"})

    assert day_of(html, "https://hill.example.org/2017/7/12/bridge") == date(2017, 7, 12)
    assert day_of(html, "https://hill.example.org/2021/3/3/bridge") == date(2021, 3, 4)


def test_an_element_within_a_line_marks_the_day() -> None:
    line = (
        '<div class="col"><span class="date">04.03.2021</span> <a href="/all">All news</a></div>'
        "<p>The bridge turns a hundred on 13 May 2021, and the town will dance on it that day.</p>"
    )

    assert day_of(page(under_headline=line, lang="de")) == date(2021, 3, 4)


def test_an_attribute_far_from_the_headline_dates_a_page_that_says_nothing_else() -> None:
    links = "".join(f"<li><a href='/{n}'>A bridge of another town, number {n}</a></li>" for n in range(40))
    stamp = '<p class="stats"><span data-time="1614853200">last week</span></p>'

    assert day_of(page(after=f"<ul>{links}</ul>{stamp}")) == date(2021, 3, 4)
