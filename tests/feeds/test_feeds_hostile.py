"""Feeds broken in every way give usable entries or one error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_feeds import ATOM, URL, only, read, rss

from bot.errors import FeedError
from bot.feeds.parser import parse
from bot.model import Feed


class TestHostileDocuments:
    def test_entities_of_a_doctype_are_not_expanded(self) -> None:
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        doctype = f'<!DOCTYPE rss [<!ENTITY l0 "ha ]> ha"> <!-- ]> -->{laughs}]>'

        feed = rss("<item><guid>1</guid><title>&l9; done</title></item>", prolog=doctype)

        assert only(feed).title == "&l9; done"

    def test_files_are_not_read(self) -> None:
        doctype = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'

        assert (
            only(rss("<item><guid>1</guid><title>a&secret;b</title></item>", prolog=doctype)).title
            == "a&secret;b"
        )

    def test_the_bytes_are_never_taken_for_a_file_name(self) -> None:
        with pytest.raises(FeedError):
            parse(b"/etc/hostname", URL)

    def test_an_old_doctype_does_no_harm(self) -> None:
        doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.org/rss-0.91.dtd">'

        assert only(rss("<item><guid>1</guid><title>One</title></item>", prolog=doctype)).title == "One"

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"   ",
            b"\0\xff\xfe",
            b"<!DOCTYPE html><html><body>Hello</body></html>",
            b"<html><head><title>rss</title></head></html>",
            b'{"items": 5}',
            b'{"items": [' + b"[" * 100_000,
            b"[1, 2]",
            b"<!DOCTYPE rss [ <!ENTITY",
            b"<rss " + b"".join(b"a%d='' " % n for n in range(30_000)) + b"/>",
            b"<rss>" + b" " * (8 * 2**20),
        ],
    )
    def test_what_is_no_feed_is_refused(self, body: bytes) -> None:
        with pytest.raises(FeedError):
            parse(body, URL)

    def test_deep_nesting_is_survived(self) -> None:
        assert (
            only(rss(f"<item><guid>1</guid><title>One</title>{'<a>' * 5000}{'</a>' * 5000}</item>")).title
            == "One"
        )

    def test_a_broken_feed_gives_what_can_be_read(self) -> None:
        broken = "<rss><channel><item><guid>1</guid><title>One</title></item><item><guid>2</guid><title>Tw"

        assert read(broken).entries[0].title == "One"

    def test_an_endless_feed_is_cut(self) -> None:
        assert (
            len(
                rss(
                    "<item><title>{}</title></item>" * 0
                    + "".join(f"<item><guid>{n}</guid></item>" for n in range(1500))
                ).entries
            )
            == 1000
        )


tags = st.sampled_from(
    [
        "rss",
        "channel",
        "item",
        "title",
        "link",
        "guid",
        "pubDate",
        "feed",
        "entry",
        "id",
        "rdf:RDF",
        "media:content",
        "description",
    ]
)
chunks = st.one_of(
    st.builds("<{}>".format, tags),
    st.builds("</{}>".format, tags),
    st.sampled_from(
        [
            "<!DOCTYPE rss [",
            "]>",
            "<![CDATA[",
            "]]>",
            "&nbsp;",
            "&x;",
            "<!--",
            "-->",
            "<?xml version='1.0'?>",
            ATOM,
        ]
    ),
    st.sampled_from(
        [
            "https://example.org/1",
            "Mon, 03 Nov 2025 10:00:00 GMT",
            "2025-11-03",
            "<link href='/a'/>",
            "\ud7ff\ufffd",
        ]
    ),
    st.text(max_size=8),
)


def usable(feed: Feed) -> None:
    ids = [entry.id for entry in feed.entries]
    assert len(ids) == len(set(ids))
    for entry in feed.entries:
        assert entry.id
        assert "\n" not in entry.title
        "".join((entry.id, entry.title, entry.summary, entry.url or "", *entry.authors)).encode()
        assert entry.url is None or entry.url.lower().startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo is not None


def parsed(body: bytes) -> Feed:
    try:
        return parse(body, URL)
    except FeedError:
        return Feed(url=URL)


@given(st.lists(chunks, max_size=25).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_markup_gives_usable_entries_or_a_feed_error(text: str) -> None:
    usable(parsed(text.encode("utf-8", "replace")))
    usable(parsed(f"<rss><channel><item>{text}</item></channel></rss>".encode("utf-8", "replace")))


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss>", b"{", b"\xff\xfe", b"<?xml encoding='gb2312'?><feed>"]),
)
@settings(deadline=None)
def test_any_bytes_give_usable_entries_or_a_feed_error(noise: bytes, start: bytes) -> None:
    usable(parsed(start + noise))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda v: (
        st.lists(v, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "url", "title", "authors", "name"]), v)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["title", "items", "hubs", "language", "version"]),
        values
        | st.lists(
            st.dictionaries(
                st.sampled_from(["id", "url", "title", "authors", "author", "image", "date_published"]),
                values,
            ),
            max_size=3,
        ),
    )
)
@settings(deadline=None)
def test_any_json_gives_usable_entries_or_a_feed_error(feed: dict[str, object]) -> None:
    usable(parsed(json.dumps(feed).encode()))
