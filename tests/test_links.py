"""Links are found where members meant them, and every page has one spelling."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.errors import LinkError
from bot.links import MAX_URL, find_links, normalise, page_key, with_normal_host


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("https://example.org/a", ("https://example.org/a",)),
        ("Look: https://example.org/a.", ("https://example.org/a",)),
        ("Is it https://example.org/a?!", ("https://example.org/a",)),
        ("(see https://example.org/a)", ("https://example.org/a",)),
        ("https://example.org/wiki/Thread_(computing)", ("https://example.org/wiki/Thread_(computing)",)),
        ("(https://example.org/wiki/Thread_(computing))", ("https://example.org/wiki/Thread_(computing)",)),
        ("**https://example.org/a**", ("https://example.org/a",)),
        ("_https://example.org/a_", ("https://example.org/a",)),
        ("https://example.org/a_", ("https://example.org/a_",)),
        ("“https://example.org/a”", ("https://example.org/a",)),
        ("見て：https://example.org/a。すごい", ("https://example.org/a",)),
        ("HTTPS://EXAMPLE.ORG/A", ("HTTPS://EXAMPLE.ORG/A",)),
        ("https://example.org/?q[]=1&r=2", ("https://example.org/?q[]=1&r=2",)),
        ("[words](https://example.org/a)", ("https://example.org/a",)),
        ('[words](https://example.org/a "title")', ("https://example.org/a",)),
        (
            "[a](https://example.org/a)[b](https://example.org/b)",
            ("https://example.org/a", "https://example.org/b"),
        ),
        ("[https://shown.example/x](https://real.example/y)", ("https://real.example/y",)),
        ("[words](<https://example.org/a>)", ()),
        ("<https://example.org/a>", ()),
        ("<https://example.org/a> https://example.org/b", ("https://example.org/b",)),
        ("||https://example.org/a||", ()),
        ("||spoiler|| https://example.org/a", ("https://example.org/a",)),
        ("||one|| https://example.org/a ||two||", ("https://example.org/a",)),
        ("a || b https://example.org/a", ("https://example.org/a",)),
        ("`https://example.org/a`", ()),
        ("``https://example.org/a ` still code``", ()),
        ("```\nhttps://example.org/a\n```", ()),
        ("```py\nhttps://example.org/a\n``` https://example.org/b", ("https://example.org/b",)),
        ("` https://example.org/a", ("https://example.org/a",)),
        ("`||` https://example.org/a `||`", ("https://example.org/a",)),
        ("xhttps://example.org/a", ()),
        ("ftp://example.org/a javascript:alert(1) mailto:a@example.org", ()),
        ("https://user:secret@example.org/a", ()),
        ("https://", ()),
        ("https://[oops/ https://example.org/a", ("https://example.org/a",)),
        ("", ()),
    ],
)
def test_links_are_found_where_the_author_meant_them(content: str, expected: tuple[str, ...]) -> None:
    assert find_links(content) == expected


def test_the_same_page_counts_once_however_it_is_spelt() -> None:
    content = "https://www.example.org/a/?utm_source=x http://m.example.org/a https://example.org/b"

    assert find_links(content) == ("https://www.example.org/a/?utm_source=x", "https://example.org/b")


def test_at_most_three_links_of_a_message_are_taken() -> None:
    content = " ".join(f"https://example.org/{number}" for number in range(9))

    assert find_links(content) == tuple(f"https://example.org/{number}" for number in range(3))
    assert len(find_links(content, limit=5)) == 5


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("  https://example.org/a  ", "https://example.org/a"),
        ("HTTP://EXAMPLE.ORG:80/A", "http://example.org/A"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org:/", "https://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?#part", "https://example.org/a"),
        ("https://example.org/a?id=1&&p=2", "https://example.org/a?id=1&p=2"),
        ("https://example.org/a?b=1&utm_source=x&UTM_Medium=y&fbclid=z", "https://example.org/a?b=1"),
        ("https://example.org/a?b=1&amp;utm_source=x", "https://example.org/a?b=1"),
        ("https://example.org/a?utm%5Fsource=x", "https://example.org/a"),
        ("https://example.org/%e4%7e%2f", "https://example.org/%E4~%2F"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/ä b".replace(" ", "%20"), "https://example.org/%C3%A4%20b"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/../..", "https://example.org/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://раураl.example/", "https://xn--l-7sba6dbr.example/"),
        ("https://ｅｘａｍｐｌｅ.org/", "https://example.org/"),
        ("https://my_blog.example.org/", "https://my_blog.example.org/"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
        ("https://[2606:4700:0:0:0:0:0:1111]/", "https://[2606:4700::1111]/"),
        ("https://www.google.com/amp/s/www.example.org/a/amp/", "https://www.example.org/a/amp/"),
        ("https://www.google.co.uk/amp/example.org/a?x=1", "http://example.org/a?x=1"),
        ("https://example-org.cdn.ampproject.org/c/s/example.org/a", "https://example.org/a"),
        ("https://cdn.ampproject.org/v/s/example.org/a?usqp=mq331", "https://example.org/a"),
        ("https://www.google.com/amp/s/", "https://www.google.com/amp/s/"),
    ],
)
def test_a_link_is_fetched_under_its_normal_spelling(url: str, expected: str) -> None:
    assert normalise(url) == expected
    assert normalise(expected) == expected


@given(st.text("ab%7eE2/.?&=utm_sourceäÄ+#", max_size=40))
def test_an_address_a_server_gave_changes_only_its_host(rest: str) -> None:
    url = with_normal_host(f"https://WWW.Example.org.:443/{rest}")

    assert url.startswith("https://www.example.org/")
    assert with_normal_host(url) == url
    assert normalise(url) == normalise(f"https://www.example.org/{rest}")


@pytest.mark.parametrize(
    "name", ["id", "p", "v", "q", "page", "article_id", "ref", "story", "storyid", "author"]
)
def test_parameters_that_choose_the_content_stay(name: str) -> None:
    assert normalise(f"https://example.org/?{name}=1") == f"https://example.org/?{name}=1"
    assert page_key(f"https://example.org/?{name}=1") != page_key(f"https://example.org/?{name}=2")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/a",
        "//example.org/a",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "view-source:https://example.org/",
        "http:example.org",
        "http:/example.org",
        "http:///example.org",
        "http://",
        "https://?q=1",
        "https://#f",
        "https://:80/",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https://@example.org/",
        "https://example.org:80@127.0.0.1/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org\\.evil.example/",
        "https://exa mple.org/",
        "https://exa\tmple.org/",
        "https://example.org/a\nb",
        "https://example.org/\x00",
        "https://example.org%00.evil.example/",
        "https://ex%61mple.org/",
        "https://example.org:port/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:-1/",
        "https://example.org:８０/",
        "https://example..org/",
        "https://.example.org/",
        "https://-example.org/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 126}example/",
        "https://exam\u200bple.org/",
        "https://exam\u00adple.org/",
        "https://exam\u202eple.org/",
        "https://[::1/",
        "https://::1/",
        "https://[v1.fe80::a]/",
        "https://[1.2.3.4]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://1.2.0x3/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://1.2.3.4.5/",
        "https://1.2.3.256/",
        "https://1.2.3.4./",
        "https://①.②.③.④/",
        "https://１.2.3.4/",
        "https://1。2.3.4/",
        "https://example.org／path/",
        "https://\ud800.example/",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * MAX_URL,
        "https://example.org/" + "ä" * 1000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(LinkError) as caught:
        normalise(url)
    assert str(caught.value)


@pytest.mark.parametrize(
    "variant",
    [
        "http://example.org/news/story",
        "https://www.example.org/news/story",
        "https://m.example.org/news/story",
        "https://mobile.example.org/news/story",
        "https://amp.example.org/news/story",
        "https://www.m.example.org/news/story",
        "https://EXAMPLE.org./news/story",
        "https://example.org:443/news/story",
        "http://example.org:80/news/story",
        "https://example.org/news/story/",
        "https://example.org/news/story/index.html",
        "https://example.org/news/story/index.htm",
        "https://example.org/news/story#comments",
        "https://example.org/news/story?",
        "https://example.org/news/s%74ory",
        "https://example.org/news/story/amp",
        "https://example.org/news/story/amp/",
        "https://example.org/amp/news/story",
        "https://example.org/news/story.amp",
        "https://example.org/news/story?amp",
        "https://example.org/news/story?amp=1",
        "https://example.org/news/story?outputType=amp",
        "https://example.org/news/story?m=1",
        "https://example.org/news/story?utm_source=a&utm_campaign=b",
        "https://example.org/news/story?gclid=a&fbclid=b&igshid=c&mc_cid=d",
        "https://www.google.com/amp/s/www.example.org/news/story/amp",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/story/",
        "example.org/news/story",
    ],
)
def test_one_page_has_one_key(variant: str) -> None:
    assert page_key(variant) == "example.org/news/story"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org:8080/a"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://blog.example.org/a", "https://example.org/a"),
        ("https://m.org/a", "https://org/a"),
        ("https://example.org/guitar/amp/loud", "https://example.org/guitar/loud"),
        ("https://example.org/amp", "https://example.org/"),
        ("https://example.org/camp", "https://example.org/c"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/?m=201201", "https://example.org/"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)


def test_the_order_of_parameters_does_not_make_another_page() -> None:
    assert page_key("https://example.org/?a=1&b=2") == page_key("https://example.org/?b=2&a=1")


FRAGMENTS = st.one_of(
    st.sampled_from(
        ["https://", "http://", "HTTP://", "www.", "m.", "amp.", "example.org", "127.0.0.1", "[::1]"]
    ),
    st.sampled_from(
        ["user:pw@", ":", ":80", ":443", ":99999", "/", "//", "/amp", ".amp", "/index.html", "/../"]
    ),
    st.sampled_from(
        ["?", "&", "utm_source=x", "amp=1", "id=7", "#", "%", "%2f", "%2e", "%zz", "%E4", "ä", "ß", "İ"]
    ),
    st.sampled_from([*"。①\\|`<>()[].,!@_*\u200b\u202e\x00", "||", "```", "](", "**"]),
    st.sampled_from(["google.com/amp/s/", "x.cdn.ampproject.org/c/s/", "a.b"]),
)
ANYTHING = st.one_of(
    st.text(), st.lists(FRAGMENTS, max_size=20).map("".join), st.lists(FRAGMENTS).map(" ".join)
)


@given(ANYTHING)
def test_no_message_whatever_breaks_the_search_for_links(content: str) -> None:
    found = find_links(content)

    assert len(found) <= 3
    assert len({page_key(link) for link in found}) == len(found)
    assert all(link in content for link in found)


@given(ANYTHING)
def test_normalising_twice_changes_nothing(text: str) -> None:
    for url in (text, f"https://{text}", f"http://example.org/{text}", f"http://www.google.com/amp/s/{text}"):
        try:
            normal = normalise(url)
        except LinkError:
            continue
        assert normalise(normal) == normal
        assert normal.isascii()
        assert len(normal) <= MAX_URL


@given(ANYTHING)
@example("0.CDN.AMPPROJECT.ORG//a/0.")
@example("cdn.ampproject.org/amp/c/s/example.org/ferry")
@example("INDEX.HTM.AMP")
@example("index.amp.html")
def test_a_key_is_its_own_key(text: str) -> None:
    for url in (text, f"https://{text}", f"http://example.org/{text}", f"http://example.org/?{text}"):
        try:
            key = page_key(url)
        except LinkError:
            continue
        assert page_key(key) == key


@given(
    path=st.lists(st.text("abcXYZ0189-~ä", min_size=1, max_size=8).filter(lambda s: s != "amp"), max_size=4),
    query=st.lists(st.tuples(st.sampled_from(["id", "p", "v"]), st.text("abc019", max_size=4)), max_size=3),
    scheme=st.sampled_from(["http", "https"]),
    prefix=st.sampled_from(["", "www.", "m.", "mobile.", "amp.", "www.m."]),
    suffix=st.sampled_from(["", "/", "/amp", "/amp/", "/index.html"]),
    tracking=st.lists(
        st.sampled_from(["utm_source=a", "fbclid=b", "gclid=c", "amp=1", "mc_eid=d"]), max_size=3
    ),
    fragment=st.sampled_from(["", "#a", "#:~:text=b"]),
)
def test_decorations_never_change_a_key(
    path: list[str],
    query: list[tuple[str, str]],
    scheme: str,
    prefix: str,
    suffix: str,
    tracking: list[str],
    fragment: str,
) -> None:
    assume(path or "amp" not in suffix)
    items = [f"{name}={value}" for name, value in query]
    plain = "/".join(["https://example.org", *path]) + ("?" + "&".join(items) if items else "")
    decorated = [*tracking, *items]
    variant = "/".join([f"{scheme}://{prefix}example.org", *path]) + suffix
    variant += ("?" + "&".join(decorated) if decorated else "") + fragment

    assert page_key(variant) == page_key(plain)


@pytest.mark.parametrize(
    "unit", ["`", "|", "<http://", "http://a](", "(", "https://a/(", "[", "``` ` ", "https://%"]
)
def test_long_messages_of_markup_are_searched_to_the_end(unit: str) -> None:
    assert find_links(unit * 20_000 + " \n https://example.org/end")[-1:] in (
        (),
        ("https://example.org/end",),
    )
