"""Parsing: charsets, heads, JSON-LD."""

from __future__ import annotations

import pytest

from bot.article.document import decode, parse
from bot.article.walk import walk

URL = "https://courier.example/news/ferry"


def page(head: str = "", body: str = "<p>Text</p>") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("html", "charset"),
    [
        ("\ufeff<p>Überfahrt</p>".encode(), None),
        ("\ufeff<p>Überfahrt</p>".encode("utf-16-le"), None),
        ("<p>Überfahrt</p>".encode("cp1252"), "ISO-8859-1"),
        ("<meta charset=windows-1252><p>Überfahrt</p>".encode("cp1252"), None),
        ("<meta charset=latin1><p>Überfahrt</p>".encode(), None),
        (("<p>Überfahrt " + "über die Bucht, schöne Grüße " * 9 + "</p>").encode("cp1252"), None),
    ],
    ids=["mark", "wide mark", "header", "meta", "UTF-8 called something else", "guess"],
)
def test_a_page_is_decoded_whatever_it_calls_its_charset(html: bytes, charset: str | None) -> None:
    assert "Überfahrt" in decode(html, charset)


@pytest.mark.parametrize(
    ("codec", "text"), [("cp932", "冬のフェリー"), ("euc-kr", "겨울 연락선"), ("koi8-r", "зимний паром")]
)
def test_charsets_of_other_scripts_are_taken_from_the_header(codec: str, text: str) -> None:
    label = {"cp932": "Shift_JIS"}.get(codec, codec)

    assert decode(text.encode(codec), label) == text


def test_a_page_encoded_twice_is_read_as_it_was_meant() -> None:
    meant = "<p>The harbour’s café “Überfahrt” – 4 €</p>"

    assert (
        parse(meant.encode().decode("latin-1").encode(), "https://courier.example/").root.text == meant[3:-4]
    )


def test_what_a_page_encoded_twice_has_encoded_once_stays() -> None:
    twice = "The café’s owner said “no” – сказала نعم".encode().decode("latin-1")

    assert (
        decode(f"{twice} «CAFÉ» «SÍ» 10 £".encode())
        == "The café’s owner said “no” – сказала نعم «CAFÉ» «SÍ» 10 £"
    )


def test_a_stray_control_is_no_sign_of_a_page_encoded_twice() -> None:
    page = "<p>Au «CAFÉ», «SÍ», dix \u0080 à\u00a0«\u00a0la carte\u00a0»</p>"

    assert decode(page.encode()) == page


def test_a_page_that_declares_utf8_and_breaks_it_here_and_there_is_still_utf8() -> None:
    html = "<meta charset=utf-8><p>Grüße, schöne Überfahrt".encode() + b"\xff</p>"

    assert "Grüße, schöne Überfahrt" in decode(html)


@pytest.mark.parametrize("tag", ['<script src="a.js"/>', "<title/>", '<iframe src="map.html" />', "<STYLE/>"])
def test_what_ends_in_its_own_tag_swallows_nothing_of_a_page_in_xml(tag: str) -> None:
    html = f'<?xml version="1.0"?><html><head>{tag}</head><body><p>Text</p></body></html>'

    assert walk(parse(html.encode(), URL).root).texts == ["Text"]


def test_control_characters_written_as_numbers_are_left_out() -> None:
    head = (
        '<meta property="og:site_name" content="Cou&#3;rier"><link rel="canonical" href="/fer&#6;ry">'
        '<script type="application/ld+json">{"headline": "Fe\\u0003rry"}</script>'
    )
    document = parse(page(head), URL)

    assert document.meta["og:site_name"] == ("Courier",)
    assert document.links["canonical"] == ("https://courier.example/ferry",)
    assert document.json_ld[0]["headline"] == "Ferry"


def test_a_base_without_an_address_is_passed_over() -> None:
    head = '<base target="_blank"><base href="/archive/"><link rel="canonical" href="ferry">'

    assert parse(page(head), URL).links["canonical"] == ("https://courier.example/archive/ferry",)


def test_relative_links_stand_against_the_declared_base() -> None:
    document = parse(page('<base href="/archive/"><link rel="canonical" href="ferry">'), URL)

    assert document.links["canonical"] == ("https://courier.example/archive/ferry",)


def test_feeds_and_meta_are_read_from_the_head() -> None:
    head = (
        '<meta property="og:title" content="Ferry"><meta name="author" content="A"><meta name="author" content="B">'
        '<link rel="alternate" type="application/rss+xml" title="News" href="/feed">'
    )

    document = parse(page(head), URL)

    assert document.meta["og:title"] == ("Ferry",)
    assert document.meta["author"] == ("A", "B")
    assert [feed.url for feed in document.feeds] == ["https://courier.example/feed"]


def test_json_ld_nodes_are_flattened_and_their_references_resolved() -> None:
    script = """<script type="application/ld+json">{"@graph": [
        {"@type": "NewsArticle", "author": {"@id": "#ida"}}, {"@id": "#ida", "@type": "Person", "name": "Ida"}]}
        </script>"""

    article = next(n for n in parse(page(script), URL).json_ld if n.get("@type") == "NewsArticle")

    assert article["author"]["name"] == "Ida"


def test_broken_json_ld_is_no_json_ld() -> None:
    assert parse(page('<script type="application/ld+json">{"@type": </script>'), URL).json_ld == ()


def test_a_page_longer_than_we_read_is_cut_and_says_so() -> None:
    document = parse(page(body="<p>start</p>" + "<!--->" * 1_500_000 + "<p>end</p>"), URL)

    assert document.truncated
    assert walk(document.root).texts == ["start"]


@pytest.mark.parametrize(
    "padding",
    [" " * 8_500_000, "&nbsp;" * 1_500_000, f"<img src='data:image/png;base64,{'A' * 8_500_000}'>"],
    ids=["white space", "hard spaces", "a picture"],
)
def test_padding_does_not_count(padding: str) -> None:
    document = parse(page(body=f"<p>start</p>{padding}<p>end</p>"), URL)

    assert not document.truncated
    assert walk(document.root).texts == ["start", "end"]


@pytest.mark.parametrize("html", [b"", b"   ", b"\0\0\0\0", b"<", b"<!-- "])
def test_nothing_is_a_document_too(html: bytes) -> None:
    assert walk(parse(html, URL).root).texts in ([], ["<"])


def test_the_title_is_the_pages_and_not_a_drawings() -> None:
    assert parse(b"<svg><title>Logo</title></svg><p>Text", URL).title == ""
    assert (
        parse(b"<svg><title>Logo</title></svg><title>Ferry &amp; tide</title>", URL).title == "Ferry & tide"
    )
