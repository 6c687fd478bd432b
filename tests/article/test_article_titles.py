"""What a page's article is called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_of_metadata import page, read

from bot.article.document import parse
from bot.article.headlines import find_title_candidates, is_agreed, title_key
from bot.article.places import find_places
from bot.article.titles import address_words, likeness
from bot.article.walk import walk


def test_a_headline_that_is_declared_is_the_title() -> None:
    found = read(page(title="Rain over the hill", json_ld={}))

    assert found.title == "Rain over the hill"
    provenance = next(p for p in found.provenance if p.field == "title")
    assert provenance.source == "h1"
    assert provenance.confidence > 0.9


@pytest.mark.parametrize("tag", ["h1", "b"])
def test_a_headline_in_a_listing_has_single_spaces(tag: str) -> None:
    html = (
        f"<title>Rain over the hill</title><pre><{tag}>Rain \t over   the hill</{tag}></pre><p>It rained.</p>"
    )

    assert read(html).title == "Rain over the hill"


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


def test_a_headline_that_json_ld_cuts_at_its_limit_is_no_other_wording() -> None:
    whole = (
        "The council of the town on the hill votes once more on the bridge that rain has damaged, "
        "and on the money for its repair, which nobody has"
    )
    html = f"""<html><head><title>{whole}</title>
    <script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{whole[:108].rstrip()}"}}</script></head>
    <body><h1>{whole}</h1><p>It rained for six days, and then it rained again, says the almanac.</p></body></html>"""
    document = parse(html.encode(), "https://hill.example.org/bridge")
    candidates = find_title_candidates(document, find_places(document, walk(document.root)))

    assert [candidate.text for candidate in candidates if candidate.text[:20] == whole[:20]] == [whole]


def test_a_logo_in_a_heading_is_not_the_title() -> None:
    html = """<html><head><title>Rain over the hill - The Hill Paper</title>
    <meta property="og:title" content="Rain over the hill"></head>
    <body><header><h1 class="logo"><a href="/">The Hill Paper</a></h1></header>
    <article><h2 class="headline">Rain over the hill</h2>
    <p>It rained for six days, and then it rained again.</p></article>
    </body></html>"""

    assert read(html).title == "Rain over the hill"


def test_a_heading_that_leads_to_the_front_page_names_the_site() -> None:
    html = """<html><head><title>Rain figures - Hill - and Town</title></head>
    <body><h1><a href="/"><span>Hill - and Town</span></a></h1>
    <div id="page-title">Rain figures</div><p>It rained for six days, and then it rained again, says the almanac.</p>
    </body></html>"""

    assert read(html, "http://rain.example.org/figures").title == "Rain figures"


def test_a_copy_in_a_web_archive_is_a_page_of_the_site_it_was_made_of() -> None:
    copy = "https://web.archive.org/web/20160330101229/http://www.the-hill.example.org/"
    html = f"""<html><head><title>The Hill &raquo; Archive &raquo; Rain figures</title></head>
    <body><h1><a href="{copy}">The Hill</a></h1><h2>Rain figures</h2><p>It rained for six days, and then again.</p>
    </body></html>"""
    found = read(html, f"{copy}rain-figures")

    assert found.title == "Rain figures"
    assert found.published is None


KICKED = '<span class="article-kicker">Weather</span> Six days of rain'


def test_a_kicker_that_is_not_declared_is_no_part_of_the_title() -> None:
    body = f"<body><article><h1>{KICKED}</h1><p>It rained for six days, and then again.</p></article></body>"

    assert read(f"<html><head><title>Rain</title></head>{body}</html>").title == "Six days of rain"


def test_a_kicker_that_is_declared_with_the_title_stays() -> None:
    body = f"<body><article><h1>{KICKED}</h1><p>It rained for six days, and then again.</p></article></body>"
    head = '<head><meta property="og:title" content="Weather: Six days of rain"></head>'

    assert title_key(read(f"<html>{head}{body}</html>").title) == "weather six days of rain"


def test_a_headline_is_agreed_on_where_no_declaration_has_another() -> None:
    other = '<meta property="og:title" content="Who will pay for the bridge at last?">'

    assert _is_agreed(page(json_ld={}))
    assert not _is_agreed(page(head=other, json_ld={}))
    assert not _is_agreed(page())


def _is_agreed(html: str) -> bool:
    document = parse(html.encode(), "https://hill.example.org/politics/bridge")
    return is_agreed(document, find_places(document, walk(document.root)))


def test_a_japanese_title_is_found() -> None:
    assert read(page(title="橋の費用は誰が払うのか", json_ld={}, lang="ja")).title == "橋の費用は誰が払うのか"


@pytest.mark.parametrize("html", ["", "<p>", "<html><body></body></html>"])
def test_a_page_without_any_has_no_title(html: str) -> None:
    assert read(html).title == ""


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100))
def test_folding_a_title_twice_changes_nothing(text: str) -> None:
    assert title_key(title_key(text)) == title_key(text)


def test_a_headline_at_the_end_of_the_way_to_the_page_is_found() -> None:
    html = """<html><head><meta property="og:title" content="Weather: six days of rain"></head><body>
    <nav><a href="/">Home</a> | <a href="/town">Town</a> | <h1>Weather: six days of rain</h1></nav>
    <article><h2>Six days</h2><p>It rained for six days, and then again.</p></article></body></html>"""

    assert read(html).title == "Weather: six days of rain"


@pytest.mark.parametrize("count", ["0 Comments", "12 Kommentare", "No comments"])
def test_a_count_of_comments_is_not_the_title(count: str) -> None:
    html = f"""<html><head><title>Rain over the hill</title></head><body>
    <p>It rained for six days, and the bridge at the mill was closed again.</p><h1>{count}</h1></body></html>"""

    assert read(html).title == "Rain over the hill"


def test_soft_hyphens_are_neither_shown_nor_another_wording() -> None:
    title = "Hügelbrückensanierungsgesetz beschlossen"
    html = page(title=title, json_ld={}, lang="de")
    html = html.replace("<h1>Hügelbrücken", "<h1>Hügel&shy;brücken&shy;")

    assert _is_agreed(html)
    assert read(html).title == title


def test_a_headline_that_only_a_newsletter_s_title_agrees_with_is_one() -> None:
    html = """<html><head><title>You will not believe this rain</title>
    <meta property="og:title" content="You will not believe this rain">
    <meta name="sailthru.title" content="The bridge at the mill is closed"></head>
    <body><h2>Menu</h2><h2>The bridge at the mill is closed</h2>
    <p>It rained for six days, and the bridge at the mill was closed again.</p></body></html>"""
    document = parse(html.encode(), "https://hill.example.org/rain")
    headline = find_places(document, walk(document.root)).headline

    assert headline is not None
    assert headline.line.text == "The bridge at the mill is closed"


def test_a_first_heading_of_two_words_outdoes_whose_they_are() -> None:
    html = """<html><head><title>The Weathermen of the Hill – Blue Rain Lyrics</title></head>
    <body><h1>Blue Rain</h1><h2>The Weathermen of the Hill</h2><p>It rained for six days.</p></body></html>"""
    document = parse(html.encode(), "https://hill.example.org/rain")
    headline = find_places(document, walk(document.root)).headline

    assert headline is not None
    assert headline.line.text == "Blue Rain"


@pytest.mark.parametrize(
    ("wording", "address", "alike"),
    [
        ("Öl für die Brücke", "/stadt/oel-fuer-die-bruecke-1234.html", 0.8),
        ("Öl für die Brücke", "/stadt/ol-fur-die-brucke", 1.0),
        ("Ça n’arrive qu'ici", "/2024/05/01/ca-narrive-quici", 1.0),
        ("Rain over the hill", "/town/snow-in-the-valley", 1 / 7),
        ("Rain over the hill", "/town/1234", -1.0),
    ],
)
def test_a_wording_is_likened_to_the_address_of_the_page(wording: str, address: str, alike: float) -> None:
    assert likeness(wording, address_words(address)) == pytest.approx(alike)
