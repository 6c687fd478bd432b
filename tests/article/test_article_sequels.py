"""An article's next page is told from the next article, the next archive page and the next comments."""

from __future__ import annotations

import pytest

from bot.article.document import parse
from bot.article.sequels import find_alternate, find_next_page

HOST = "https://courier.example"
ARTICLE = '<meta property="og:type" content="article">'


def next_of(head: str = "", body: str = "", at: str = "/2024/ferry", first: str | None = None) -> str | None:
    html = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    found = find_next_page(parse(html, HOST + at), HOST + first if first else None)
    return found.removeprefix(HOST) if found else None


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ("/2024/ferry", "/2024/ferry/2"),
        ("/2024/ferry/", "/2024/ferry/2/"),
        ("/2024/ferry", "/2024/ferry/page/2"),
        ("/2024/ferry", "/2024/ferry?page=2"),
        ("/2024/ferry?id=7", "/2024/ferry?id=7&page=2"),
        ("/2024/ferry?page=2", "/2024/ferry?page=3"),
        ("/2024/ferry.html", "/2024/ferry-2.html"),
        ("/2024/ferry.html", "/2024/ferry,2.html"),
        ("/2024/ferry.html", "/2024/ferry-seite2.html"),
    ],
)
def test_the_next_page_is_its_address_with_the_next_number(at: str, to: str) -> None:
    assert next_of(f'{ARTICLE}<link rel="next" href="{to}">', at=at) == to


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ("/2024/ferry", "/2024/harbour"),  # the next article
        ("/2024/ferry", "/2024/harbour/2"),
        ("/2024/ferry", "/2024/ferry/3"),
        ("/2024/ferry", "/2024/ferry?page=1"),  # comments count from nought
        ("/strips/12", "/strips/13"),  # each a story of its own
        ("/", "/page/2"),
        ("/2024/ferry", "https://elsewhere.example/2024/ferry/2"),
        ("/2024/ferry", "http://["),
    ],
)
def test_what_follows_is_often_another_article(at: str, to: str) -> None:
    assert next_of(f'{ARTICLE}<link rel="next" href="{to}">', at=at) is None


def test_an_archive_is_no_article_with_pages() -> None:
    head = '<meta property="og:type" content="website"><link rel="next" href="/blog/page/2">'

    assert next_of(head, at="/blog") is None
    assert next_of('<link rel="next" href="/category/ships/page/2">', at="/category/ships") is None
    posts = "<article><h2>Ice on the ramp</h2></article>" * 3
    assert next_of('<link rel="next" href="/blog/page/2">', posts, at="/blog") is None


def test_a_numbered_pager_will_do() -> None:
    pager = '<p>1 <a href="/2024/ferry?page=2">2</a> <a href="?page=3">3</a></p>'

    assert next_of(ARTICLE, pager) == "/2024/ferry?page=2"
    assert next_of("", pager, at="/2024/ferry?page=2", first="/2024/ferry") == "/2024/ferry?page=3"


def test_the_pages_of_the_comments_are_not_the_articles() -> None:
    pager = '<div id="comments"><p><a href="/2024/ferry?page=2">2</a></p></div>'

    assert next_of(ARTICLE, pager) is None
    assert next_of(ARTICLE, '<a href="/2024/ferry?page=2#comments">2</a>') is None


def test_a_later_page_is_followed_by_the_number_of_its_article() -> None:
    link = '<link rel="next" href="/2024/ferry/3">'

    assert next_of(link, at="/2024/ferry/2", first="/2024/ferry") == "/2024/ferry/3"
    assert next_of(link, at="/2024/ferry/2", first="/2024/harbour") is None


@pytest.mark.parametrize(
    ("head", "other"),
    [
        ('<link rel="amphtml" href="/amp/ferry">', "/amp/ferry"),
        ('<link rel="alternate" media="print" href="/print/ferry">', "/print/ferry"),
        ('<link rel="canonical" href="/2024/ferry-full">', "/2024/ferry-full"),
        ('<link rel="canonical" href="/2024/ferry">', None),
        ('<link rel="canonical" href="/">', None),
        ('<link rel="amphtml" href="https://elsewhere.example/ferry">', None),
        ('<link rel="alternate" hreflang="de" href="/de/ferry">', None),
    ],
)
def test_another_form_is_of_the_same_site(head: str, other: str | None) -> None:
    found = find_alternate(parse(f"<html><head>{head}</head></html>".encode(), f"{HOST}/2024/ferry"))

    assert found == (HOST + other if other else None)
