"""Lists of feeds, exchanged with other readers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.errors import OpmlError
from bot.feeds.opml import Outline, read_opml, write_opml

NOW = datetime(2025, 11, 3, 12, tzinfo=UTC)

OTHERS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE opml [<!ENTITY boom "boom">]>
<opml version="1.1"><head><title>Mine</title></head><body>
  <outline text="Science &amp; Tech">
    <outline type="rss" text="One &amp;amp; all" xmlUrl="https://example.org/1?a=1&amp;b=2"
      htmlUrl="https://example.org"/>
    <outline text="Space/Time">
      <outline TITLE="Two" XMLURL=" https://example.org/2 " htmlUrl="javascript:x"/></outline>
  </outline>
  <outline text="Again" xmlUrl="https://example.org/2"/>
  <outline text="&boom;" xmlUrl="ftp://example.org/3"/>
</body></opml>"""


def test_lists_of_other_readers_are_read() -> None:
    assert read_opml(OTHERS.encode()) == (
        Outline(
            feed_url="https://example.org/1?a=1&b=2",
            title="One & all",
            site_url="https://example.org",
            group="Science & Tech",
        ),
        Outline(feed_url="https://example.org/2", title="Two", group="Science & Tech/Space-Time"),
    )


def test_others_can_read_ours() -> None:
    """Readers ask for type, text and xmlUrl on every feed, folders without xmlUrl, a date in the head."""
    root = etree.fromstring(write_opml([Outline(feed_url="https://example.org/1", group="A/B")], "Mine", NOW))

    assert root.get("version") == "2.0"
    assert root.findtext("head/dateCreated") == "Mon, 03 Nov 2025 12:00:00 +0000"
    feed = root.find("body/outline[@text='A']/outline[@text='B']/outline[@type='rss']")
    assert feed is not None
    assert dict(feed.attrib) == {
        "type": "rss",
        "text": "https://example.org/1",
        "title": "https://example.org/1",
        "xmlUrl": "https://example.org/1",
    }


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<rss/>", b"<html><body/></html>", b"<!DOCTYPE opml [", b"{}"]
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(body)


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="/&<>"), min_size=1
)
outlines = st.builds(
    Outline,
    feed_url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z?&=<>\"']{0,9}", fullmatch=True),
    title=names,
    site_url=st.none() | st.just("https://example.org/?a=1&b=2"),
    group=st.lists(names, max_size=3).map("/".join),
)


@given(st.lists(outlines, max_size=8, unique_by=lambda outline: outline.feed_url))
@settings(deadline=None)
def test_what_is_written_is_read_again(feeds: list[Outline]) -> None:
    assert sorted(read_opml(write_opml(feeds, "Mine", NOW)), key=lambda o: o.feed_url) == sorted(
        feeds, key=lambda o: o.feed_url
    )


@given(st.text(), st.text())
@settings(deadline=None)
def test_any_title_can_be_written(title: str, group: str) -> None:
    feed = Outline(feed_url="https://example.org/", title=title, group=group)

    (found,) = read_opml(write_opml([feed], title, NOW))

    assert found.feed_url == feed.feed_url
