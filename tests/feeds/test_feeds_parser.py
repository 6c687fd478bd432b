"""Feeds in every format, their names, dates and charsets."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from written_feeds import ATOM, GUID_1, URL, only, read, rss

from bot.feeds.parser import parse
from bot.model import Entry, Feed


def test_an_rss_feed_gives_everything_its_entries_say() -> None:
    feed = rss(
        """<item><title>The harbour &amp;amp; the &lt;b&gt;town&lt;/b&gt;</title><link>../2025/harbour</link>
        <guid isPermaLink="false">harbour-1</guid><pubDate>Mon, 03 Nov 2025 10:00:00 +0100</pubDate>
        <dc:creator>Ada Lovelace</dc:creator><description>&lt;p&gt;Short&lt;/p&gt;</description>
        <comments>https://www.example.org/c/1</comments>
        <media:content url="/harbour.jpg" medium="image"/></item>""",
        head="""<link>https://www.example.org/</link><language>en-GB</language><ttl>90</ttl>
        <atom:link rel="hub" href="https://hub.example.net/?a=1&amp;b=2"/>""",
    )

    assert feed == Feed(
        url=URL,
        title="News",
        site_url="https://www.example.org/",
        language="en",
        ttl_minutes=90,
        hub_url="https://hub.example.net/?a=1&b=2",
        entries=(
            Entry(
                id="harbour-1",
                url="https://www.example.org/2025/harbour",
                title="The harbour & the town",
                published=datetime(2025, 11, 3, 9, tzinfo=UTC),
                summary="<p>Short</p>",
                authors=("Ada Lovelace",),
                image_url="https://www.example.org/harbour.jpg",
            ),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "<rss version='0.91'><channel><title>News</title><item><title>One</title><link>https://example.org/1</link>"
        "</item></channel></rss>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<channel><title>News</title></channel><item rdf:about='x'><title>One</title>"
        "<link>https://example.org/1</link></item></rdf:RDF>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>News</title></channel><item>"
        "<title>One</title><link>https://example.org/1</link></item></rdf:RDF>",
        ATOM
        + "<title>News</title><entry><title>One</title><link href='https://example.org/1'/></entry></feed>",
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>News</title><entry><title>One</title>"
        "<link rel='alternate' href='https://example.org/1'/></entry></feed>",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "News",
                "items": [{"id": 1, "title": "One", "url": "https://example.org/1"}],
            }
        ),
    ],
    ids=["rss-0.91", "rss-1.0", "rss-0.9", "atom-1.0", "atom-0.3", "json"],
)
def test_every_format_gives_title_and_link(text: str) -> None:
    feed = parse(text.encode(), URL)

    assert (feed.title, only(feed).title, only(feed).url) == ("News", "One", "https://example.org/1")


def test_a_json_feed_gives_everything_and_survives_odd_values() -> None:
    item = {
        "id": "a",
        "external_url": "/a",
        "content_html": "<p>Hello",
        "date_published": "2025-11-03T10:00:00+01:00",
        "date_modified": "2025-11-04T10:00:00Z",
        "authors": [{"name": "Ada"}, {"name": "Grace"}, "nobody"],
        "image": "a.png",
        "language": "de-AT",
    }
    hub = [{"type": "WebSub", "url": "https://hub.example.net/"}]
    text = json.dumps(
        {"title": ["?"], "hubs": hub, "items": [item, 5, {"id": 7.5, "title": None, "tags": 3}]}
    )

    feed = parse(b"\xef\xbb\xbf" + text.encode(), URL, "application/feed+json")

    assert feed.hub_url == "https://hub.example.net/"
    assert feed.entries[0] == Entry(
        id="a",
        url="https://www.example.org/a",
        published=datetime(2025, 11, 3, 9, tzinfo=UTC),
        updated=datetime(2025, 11, 4, 10, tzinfo=UTC),
        summary="<p>Hello",
        authors=("Ada", "Grace"),
        image_url="https://www.example.org/news/a.png",
        language="de",
    )
    assert len(feed.entries) == 2


def test_an_atom_entry_leads_to_its_page_and_not_to_itself_or_a_sound() -> None:
    entry = only(
        read(
            ATOM
            + '<entry><title>One</title><link rel="self" href="/self"/><link rel="enclosure" href="/a.mp3"/>'
            '<link href="/page"/><id>tag:1</id></entry></feed>'
        )
    )

    assert entry.url == "https://www.example.org/page"


def test_relative_links_follow_xml_base() -> None:
    root = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.net/blog/"><title>B</title>'
    inner = ATOM + '<title>B</title><entry xml:base="https://example.net/blog/"><title>One</title>'

    for text in (
        root + '<entry><title>One</title><link href="1"/></entry></feed>',
        inner + '<link href="1"/></entry></feed>',
    ):
        assert only(read(text)).url == "https://example.net/blog/1"


def test_an_xhtml_title_keeps_its_words() -> None:
    title = (
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Plain <b>and</b> bold</div></title>'
    )

    assert only(read(f"{ATOM}<entry>{title}<id>1</id></entry></feed>")).title == "Plain and bold"


def test_links_that_are_no_web_addresses_are_left_out() -> None:
    assert (
        only(rss("<item><title>One</title><guid>1</guid><link>javascript:alert(1)</link></item>")).url is None
    )


def test_names_come_without_mail_addresses() -> None:
    assert only(
        rss("<item><guid>1</guid><author>ada@example.org (Ada Lovelace)</author></item>")
    ).authors == ("Ada Lovelace",)
    assert only(rss("<item><guid>1</guid><author>desk@example.org</author></item>")).authors == ()


class TestIdentity:
    def test_a_bumped_date_does_not_make_an_entry_new(self) -> None:
        item = "<item><link>http://example.org</link><pubDate>{} Nov 2025 10:00 GMT</pubDate></item>"

        assert only(rss(item.format("03"))).id == only(rss(item.format("04"))).id

    def test_tracking_parameters_do_not_make_an_entry_without_guid_new(self) -> None:
        item = "<item><title>One</title><link>https://example.org/1?id=5&amp;utm_source={}</link></item>"

        assert only(rss(item.format("rss"))).id == only(rss(item.format("mail"))).id

    def test_a_guid_outlives_title_and_link(self) -> None:
        item = "<item><guid>g</guid><title>{0}</title><link>https://example.org/{0}</link></item>"

        assert only(rss(item.format("a"))).id == only(rss(item.format("b"))).id == "g"

    def test_without_guid_and_link_title_and_day_decide(self) -> None:
        item = "<item><title>{}</title><pubDate>{} Nov 2025 {}:00:00 GMT</pubDate></item>"
        ids = [
            only(rss(item.format(*say))).id
            for say in (("A", "03", "10"), ("A", "03", "12"), ("A", "04", "10"), ("B", "03", "10"))
        ]

        assert ids[0] == ids[1]
        assert len(set(ids)) == 3

    def test_entries_that_share_a_guid_are_told_apart_by_their_pages(self) -> None:
        item = "<item><guid isPermaLink='false'>same</guid><title>T</title><link>https://example.org/{}</link></item>"

        feed = rss(item.format(1) + item.format(2) + item.format(1))

        assert [entry.id for entry in feed.entries] == ["same", "example.org/2"]

    def test_an_endless_guid_is_kept_as_its_hash(self) -> None:
        assert len(only(rss(f"<item><guid isPermaLink='false'>{'x' * 10_000}</guid></item>")).id) < 100

    def test_known_entries_are_left_out(self) -> None:
        items = "".join(f"<item><guid>g{n}</guid><title>T</title></item>" for n in range(3))

        feed = parse(f"<rss><channel>{items}</channel></rss>".encode(), URL, known={"g0", "g2"})

        assert [entry.id for entry in feed.entries] == ["g1"]


@pytest.mark.parametrize(
    ("declared", "header", "encoding"),
    [
        ("utf-8", None, "utf-8"),
        ("windows-1251", None, "cp1251"),
        ("utf-8", "windows-1251", "cp1251"),
        ("iso-8859-1", "utf-8", "utf-8"),
        ("utf-16", None, "utf-16"),
        ("utf-16", None, "utf-16-le"),
        ("utf-16", None, "utf-8"),
        ("utf-8", None, "utf-8-sig"),
        ("nonsense", "rot13", "utf-8"),
        ("", "koi8-r", "koi8-r"),
    ],
)
def test_the_charset_is_found_whoever_lies(declared: str, header: str | None, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{declaration}<rss><channel><title>Новости</title>{GUID_1}<title>Гавань</title></item></channel>"

    feed = read(text.encode(encoding), header)

    assert (feed.title, only(feed).title) == ("Новости", "Гавань")


def test_bytes_that_are_no_utf_8_though_declared_so_are_western() -> None:
    text = f"<?xml version='1.0' encoding='utf-8'?><rss><channel>{GUID_1}<title>Öl</title></item></channel>"

    assert only(read(text.encode("latin-1"))).title == "Öl"


def test_japanese_mail_encoding_is_read() -> None:
    text = f'<?xml version="1.0" encoding="iso-2022-jp"?><rss><channel>{GUID_1}<title>港</title>'

    assert only(read(text.encode("iso-2022-jp"))).title == "港"


def test_html_entities_are_read_though_no_dtd_declares_them() -> None:
    feed = rss("<item><guid>1</guid><title>Caf&eacute;&nbsp;&amp; bar &madeup;</title></item>")

    assert only(feed).title == "Café & bar &madeup;"
