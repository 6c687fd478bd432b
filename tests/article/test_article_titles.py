"""What a page's article is called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_of_metadata import page, read

from bot.article.titles import title_key


def test_a_headline_that_is_declared_is_the_title() -> None:
    found = read(page(title="Rain over the hill", json_ld={}))

    assert found.title == "Rain over the hill"
    provenance = next(p for p in found.provenance if p.field == "title")
    assert provenance.source == "h1"
    assert provenance.confidence > 0.9


def test_the_name_of_the_site_is_cut_off_where_no_headline_helps() -> None:
    html = (
        "<html><head><title>Rain over the hill | The Hill Paper</title>"
        '<meta property="og:site_name" content="The Hill Paper"></head><body><p>It rained.</p></body></html>'
    )

    assert read(html).title == "Rain over the hill"


def test_a_headline_with_a_pipe_of_its_own_stays_whole() -> None:
    assert (
        read(page(title="Rain | and what it does to bridges", json_ld={})).title
        == "Rain | and what it does to bridges"
    )


def test_a_logo_in_a_heading_is_not_the_title() -> None:
    html = """<html><head><title>Rain over the hill - The Hill Paper</title>
    <meta property="og:title" content="Rain over the hill"></head>
    <body><header><h1 class="logo"><a href="/">The Hill Paper</a></h1></header>
    <article><h2 class="headline">Rain over the hill</h2>
    <p>It rained for six days, and then it rained again.</p></article>
    </body></html>"""

    assert read(html).title == "Rain over the hill"


def test_a_japanese_title_is_found() -> None:
    assert read(page(title="橋の費用は誰が払うのか", json_ld={}, lang="ja")).title == "橋の費用は誰が払うのか"


@pytest.mark.parametrize("html", ["", "<p>", "<html><body></body></html>"])
def test_a_page_without_any_has_no_title(html: str) -> None:
    assert read(html).title == ""


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100))
def test_folding_a_title_twice_changes_nothing(text: str) -> None:
    assert title_key(title_key(text)) == title_key(text)
