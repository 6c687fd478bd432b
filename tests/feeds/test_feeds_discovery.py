"""From a page's address to its feeds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.discovery import candidate_feeds, declared_feeds, well_known_feeds, youtube_feed

PAGE = b"""<!doctype html><html><head><base href="https://example.org/blog/">
<link rel="stylesheet" type="text/css" href="a.css">
<link rel="alternate" type="application/rss+xml" title="Comments on: A story" href="/a-story/feed/">
<link rel="alternate" type="application/feed+json" href="feed.json">
<LINK REL='Alternate' TYPE='application/rss+xml; charset=utf-8' TITLE='The &amp; Feed' HREF='feed.xml#top'>
<link rel="alternate" hreflang="de" href="https://example.org/de/">
<link rel=alternate type=application/atom+xml href=feed.xml>
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="">
</head><body>Hello</body></html>"""


def test_a_page_names_its_feeds_and_those_of_comments_come_last() -> None:
    feeds = declared_feeds(PAGE, "https://example.org/blog/a-story")

    assert [(feed.url, feed.title) for feed in feeds] == [
        ("https://example.org/blog/feed.xml", "The & Feed"),
        ("https://example.org/blog/feed.json", ""),
        ("https://example.org/a-story/feed/", "Comments on: A story"),
    ]


@given(st.binary(max_size=100), st.text(max_size=60))
def test_any_page_can_be_searched(noise: bytes, text: str) -> None:
    page = noise + f'<link rel="alternate" type="text/xml" href="{text}">'.encode("utf-8", "replace") + noise

    for feed in declared_feeds(page, "https://example.org/"):
        assert feed.url.startswith(("https://", "http://"))


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://m.youtube.com/user/some", "https://www.youtube.com/feeds/videos.xml?user=some"),
        (
            "https://www.youtube.com/watch?v=abc&list=PL_1",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL_1",
        ),
        ("https://reddit.com/r/Python/", "https://www.reddit.com/r/Python.rss"),
        ("https://www.reddit.com/user/somebody/comments", "https://www.reddit.com/user/somebody.rss"),
        ("https://www.reddit.com/", None),
        ("https://www.youtube.com/@somebody", None),
        ("https://notyoutube.com/channel/UCabcdefghijklmnopqrstuv", None),
        ("https://example.org/r/python", None),
    ],
)
def test_addresses_of_known_sites_lead_to_their_feeds(page: str, feed: str | None) -> None:
    assert candidate_feeds(page) == ((feed,) if feed else ())


def test_a_handle_is_looked_up_on_its_page() -> None:
    page = b'<html>... "externalId":"UCabcdefghijklmnopqrstuv" ...</html>'

    assert (
        youtube_feed(page) == "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"
    )
    assert youtube_feed(b"<html>a page</html>") is None


def test_usual_places_are_tried_in_the_section_and_at_the_root_but_not_below_articles() -> None:
    section = well_known_feeds("https://example.org/blog/post")
    article = well_known_feeds("https://example.org/2025/11/03/post")

    assert section[0] == "https://example.org/blog/feed"
    assert "https://example.org/rss.xml" in section
    assert all(url.startswith("https://example.org/") and "2025" not in url for url in article)
