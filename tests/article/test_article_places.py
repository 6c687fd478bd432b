"""Where on a page headline and text stand."""

from __future__ import annotations

import pytest
from pages_of_metadata import PROSE

from bot.article.document import parse
from bot.article.places import OUTSIDE, Places, find_places, words
from bot.article.walk import walk

ARTICLE = f"<h1>Six days of rain</h1><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p>"


def _places(body: str) -> Places:
    html = (
        f'<html><head><meta property="og:title" content="Six days of rain"></head><body>{body}</body></html>'
    )
    document = parse(html.encode(), "https://hill.example.org/rain")
    return find_places(document, walk(document.root))


def _outside(places: Places, text: str) -> bool:
    index = next(index for index, line in enumerate(places.walk.texts) if line.startswith(text))
    return bool(places.flags(places.walk.owner[index]) & OUTSIDE)


@pytest.mark.parametrize("name", ["content-sidebar-wrap", "widget", "has-sidebar", "main related-posts"])
def test_what_holds_headline_and_text_is_the_article_s_whatever_it_is_called(name: str) -> None:
    places = _places(
        f'<div class="{name}">{ARTICLE}<div class="sidebar"><p>Bridges of the hill</p></div></div>'
    )

    assert not _outside(places, "The council")
    assert _outside(places, "Bridges")
    assert places.walk.texts[1][:11] == "The council"
    assert places.prose_start == places.starts[1]


def test_what_holds_the_headline_alone_is_not() -> None:
    places = _places(f'<nav class="breadcrumbs"><a href="/">Home</a>{ARTICLE[:25]}</nav>{ARTICLE[25:]}')

    assert _outside(places, "Home")
    assert not _outside(places, "The council")


def test_text_is_found_where_every_part_of_the_page_is_a_widget() -> None:
    headline, text = ARTICLE[:25], ARTICLE[25:]
    places = _places(f'<div class="widget">{headline}</div><div class="widget">{text}</div>')

    assert places.paragraphs == 4
    assert places.prose_start == places.starts[1]


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    assert words("Six days") == ["six", "days"]
    assert words("橋の費用 a") == ["橋の", "の費", "費用", "a"]
