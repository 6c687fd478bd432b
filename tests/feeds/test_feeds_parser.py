"""Feeds in every format, broken in every way."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FeedError
from bot.feeds.parser import parse
from bot.model import Entry, Feed

URL = "https://www.example.org/news/feed.xml"
GUID_1 = "<item><guid>1</guid>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">'


def read(text: str | bytes, charset: str | None = None) -> Feed:
    return parse(text if isinstance(text, bytes) else text.encode(), URL, "application/xml", charset)


def rss(items: str, head: str = "", prolog: str = "") -> Feed:
    namespaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    )
    return read(
        f'{prolog}<rss version="2.0" {namespaces}><channel><title>News</title>{head}{items}</channel></rss>'
    )


def only(feed: Feed) -> Entry:
    (entry,) = feed.entries
    return entry


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
                comments_url="https://www.example.org/c/1",
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
