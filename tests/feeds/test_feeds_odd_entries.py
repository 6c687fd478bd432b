"""What entries mean that leave out a link, an escape or an element's end."""

from __future__ import annotations

import pytest
from written_feeds import ATOM, only, read, rss

PAGE = "https://example.org/page"


@pytest.mark.parametrize("relation", ["enclosure", "via", "license", "related", "self"])
def test_a_link_that_leads_elsewhere_is_not_an_entrys_page(relation: str) -> None:
    link = f"<link rel='{relation}' href='https://example.org/else'/>"

    without = only(read(f"{ATOM}<entry><title>A</title>{link}</entry></feed>"))
    beside = only(read(f"{ATOM}<entry>{link}<link href='{PAGE}'/><id>urn:a</id></entry></feed>"))

    assert without.url is None
    assert beside.url == PAGE


def test_an_id_may_be_the_page_however_its_scheme_is_written() -> None:
    entry = only(read(f"{ATOM}<entry><title>A</title><id>HTTP://example.org/page</id></entry></feed>"))

    assert entry.url is not None
    assert entry.url.lower() == "http://example.org/page"


def test_a_guid_that_says_it_is_no_link_is_none() -> None:
    feed = rss(
        f"<item><title>A</title><guid isPermaLink='false'>{PAGE}</guid></item>"
        f"<item><title>B</title><link>{PAGE}/b</link><guid isPermaLink='false'>{PAGE}/b</guid></item>"
        f"<item><title>C</title><guid>{PAGE}/c</guid></item>"
    )

    assert [entry.url for entry in feed.entries] == [None, f"{PAGE}/b", f"{PAGE}/c"]
    assert feed.entries[0].id == PAGE


def test_an_address_that_cannot_be_one_is_none() -> None:
    assert (
        only(rss("<item><title>A</title><guid>1</guid><link>http://exam[ple.org/</link></item>")).url is None
    )


def test_an_ampersand_that_nobody_escaped_loses_nothing() -> None:
    feed = rss(
        "<item><title>Q & A, R&D, A&b=2</title><guid>1</guid><link>https://example.org/?a=1&b=2&c</link></item>"
        "<item><title><![CDATA[Q & A &nbsp; B]]></title><guid>2</guid>"
        "<link><![CDATA[https://example.org/?a=1&b=2]]></link></item>"
    )

    assert [entry.title for entry in feed.entries] == ["Q & A, R&D, A&b=2", "Q & A B"]
    assert [entry.url for entry in feed.entries] == [
        "https://example.org/?a=1&b=2&c",
        "https://example.org/?a=1&b=2",
    ]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("safe <script type='text/javascript'>go('x')</script>title", "safe title"),
        ('safe<object data="x" width="1"></object> title', "safe title"),
        ("<blink>safe</blink> title", "safe title"),
        ("How to use <script> and </canvas>", "How to use <script> and </canvas>"),
        ("If a < b = c > d", "If a < b = c > d"),
    ],
)
def test_a_tag_with_attributes_is_no_part_of_a_title_and_one_that_is_talked_of_is(
    title: str, shown: str
) -> None:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert only(rss(f"<item><guid>1</guid><title>{escaped}</title></item>")).title == shown


def test_a_feed_that_calls_itself_html_is_a_feed_all_the_same() -> None:
    doctype = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://site.invalid/"><!-- x -->'
    )

    assert only(rss("<item><guid>1</guid><title>A</title></item>", prolog=doctype)).title == "A"


def test_a_hub_and_the_feeds_name_there_are_found_in_any_order_of_attributes() -> None:
    links = "<atom:link href='https://example.org/feed' rel='self'/><atom:link rel='hub' href='https://hub.example.net/'/>"

    feed = rss("", head=links)

    assert (feed.hub_url, feed.self_url) == ("https://hub.example.net/", "https://example.org/feed")
