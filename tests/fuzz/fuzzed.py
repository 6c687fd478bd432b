"""What is fuzzed: a way to make inputs, and what must hold for every one of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bot.article import extract
from bot.errors import BlockedAddressError, FeedError, HostileDocumentError, LinkError, PdfError, QueryError
from bot.feeds.parser import parse
from bot.feeds.topics import Query
from bot.fetch.guard import AddressGuard
from bot.links import find_links, normalise, page_key
from bot.summary import summarise

ADDRESS = "https://example.org/news/story"


@dataclass(frozen=True)
class Target:
    """One function under fire."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


def joined(words: str, *more: str, longest: int = 60) -> st.SearchStrategy[str]:
    """Texts of these words (parted by spaces), of *more*, and of any characters."""
    vocabulary = st.sampled_from([*words.split(), " ", "\n", *more])
    return st.lists(vocabulary | st.text(max_size=6), max_size=longest).map("".join)


def in_bytes(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Texts in encodings of the web, here and there with other bytes inside."""
    encoded = st.tuples(texts, st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "koi8-r"])).map(
        lambda drawn: drawn[0].encode(drawn[1], "replace")
    )
    spliced = st.tuples(encoded, st.binary(max_size=12), st.integers(0, 10**4)).map(
        lambda drawn: drawn[0][: drawn[2]] + drawn[1] + drawn[0][drawn[2] :]
    )
    return encoded | spliced | st.binary(max_size=300)


_TAGS = """
<html> <head> </head> <body> </body> </html> <article> </article> <p> </p> <div> </div> <span <h1> </h1> <h2>
<ul> <li> <table> <tr> <td> <a </a> <b> <i> <br> <img <pre> <blockquote> <figure> <figcaption> <time <svg> <math>
<template> <noscript> <select> <button> <form> <iframe> <script> </script> <style> </style> <title> </title>
<textarea> <plaintext> <!-- --> <![CDATA[ ]]> <!DOCTYPE <?xml ?> <base <link <meta <main> <section> <nav>
class=" id=" href=" src=" content=" name=" property=" itemprop=" datetime=" rel=" charset=" style=" lang=" " ' = / > <
author articleBody datePublished og:title article:author byline canonical alternate hidden display:none
By Ann Example and Bob Sample. Published 2 January 2023 2023-01-02T10:00:00Z 31/12/1999
&amp; &#0; &#3; &#xD800; &nbsp; &bogus; Â â\x80\x99 modal infobox (opens in new tab)
""".strip()
_LINKED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"',
    '"author":[{"@type":"Person","name":"',
    '"}]}</script>',
    '{"@graph":[',
    "<script>self.__next_f.push([1,",
    "<script>self.__next_f.push(",
    '"1:T4f,',
    '\\n2:{\\"text\\":\\"',
    '"])</script>',
    "\\ud800",
    "\\u0000",
    "<p>The council of the town said on Monday that the bridge will be closed until next spring for repairs.</p>",
    "“We would rather be late than wrong,” said Idris Vane, who led the works, at the opening. ",
)


def check_extract(page: bytes) -> None:
    """A page becomes an article that every store takes and that sums up."""
    try:
        article = extract(page, ADDRESS)
    except (HostileDocumentError, PdfError):
        return
    for text in _strings(dataclasses.asdict(article)):
        text.encode()
        assert "\0" not in text
    assert article.published is None or article.published.tzinfo
    assert article.updated is None or article.updated.tzinfo
    assert 0 <= article.confidence <= 1
    assert all(block.text for block in article.blocks)
    assert article.title == " ".join(article.title.split())
    summary = summarise(article.title, article.text, language=article.language)
    for part in (*summary.sentences, *summary.facts):
        assert 0 <= part.start < part.end <= len(article.text)


_TEXT_WORDS = """
The council of Norden said that it has sold 40 boats, which he had seen. She told Kay Lind: “We are done.” these too
Der Rat hat am 3. Mai die Fähre verkauft, weil sie alt sei. Dies und er „Nein“ die beiden damit Hafenstr. 3
Le conseil a vendu cette vedette, qui est à lui. « Non ! » dit-elle ce que El consejo vendió este barco, que lo dijo
この市は船を「売る。」と述べた。 EU、 他 这艘船 。 . ! ? … ... ; : , | • - ( ) [ ] " ' ’ « » 1. 2. Lind.Chat etc.
İ ß \u00ad \u200b \u0301 🚢 한국 قال. है। %% $5m
""".strip()


def check_summary(text: str) -> None:
    """Whatever the language is held to be, what is quoted stands in the text and can be seen."""
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "zh", None):
        summary = summarise("", text, language=language)
        for part in (*summary.sentences, *summary.facts):
            assert 0 <= part.start < part.end <= len(text)
            assert part.text.strip()


_FEED_WORDS = """
<?xml version="1.0" encoding="utf-8"?> <rss version="2.0"> </rss> <channel> </channel> <item> </item> <title> </title>
<link> </link> <guid> </guid> <description> </description> <pubDate> </pubDate> <feed xmlns="http://www.w3.org/2005/Atom">
</feed> <entry> </entry> <id> </id> <updated> </updated> <summary> <content <link href=" rel="self" rel="hub" <ttl>
</ttl> <author> <name> <![CDATA[ ]]> <!DOCTYPE <!ENTITY & &amp; &#0; &#xD800; &lol; <rdf:RDF <dc:creator>
<media:content url=" {"version":"https://jsonfeed.org/version/1.1","items":[ {"id":" "url":" "title":"
"date_published":" "}] } , : [ ]
https://example.org/a /relative //other.example/b javascript:alert(1) http://[::1 Mon, 02 Jan 2023 03:04:05 GMT
2023-01-02T03:04:05Z 99999999999999 \\ud800 " ' < > </
""".strip()


def check_feed(feed: bytes) -> None:
    """Bytes become a feed whose entries have an identity and lead to the web, or an error."""
    try:
        found = parse(feed, ADDRESS)
    except FeedError:
        return
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    for entry in found.entries:
        assert entry.id
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo
    for text in _strings(dataclasses.asdict(found)):
        text.encode()
        assert "\0" not in text


def check_query(written: str) -> None:
    """A query parses or says where it does not; it answers for any text."""
    try:
        query = Query.parse(written)
    except QueryError as error:
        if not 0 <= error.position <= len(written):
            raise AssertionError(f"wrong at {error.position}?") from error
        return
    assert query.matches(written, written) in (True, False)
    assert query.matches("", "") in (True, False)


def check_links(message: str) -> None:
    """Links stand in the message as they are found, keep their spelling, and pass the guard or do not."""
    for link in find_links(message, 10):
        assert link in message
        spelt = normalise(link)
        assert normalise(spelt) == spelt
        assert page_key(page_key(link)) == page_key(link)
        try:
            checked = AddressGuard().check_url(link)
        except BlockedAddressError:
            continue
        assert AddressGuard().check_url(checked) == checked


def check_address(address: str) -> None:
    """An address is open, closed or none; nothing else comes of it."""
    try:
        checked = AddressGuard().check_url(address)
    except (LinkError, BlockedAddressError):
        return
    assert checked.startswith(("http://", "https://"))
    assert "@" not in checked.split("/")[2]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    return [text for item in value for text in _strings(item)] if isinstance(value, list | tuple) else []


TARGETS = {
    "extract": Target(in_bytes(joined(_TAGS, *_LINKED, longest=120)), check_extract),
    "summary": Target(joined(_TEXT_WORDS, longest=120), check_summary),
    "feed": Target(in_bytes(joined(_FEED_WORDS, longest=80)), check_feed),
    "query": Target(
        joined('microsoft OR AND NOT NEAR/3 ( ) " - * + ~ : title: [ ] { } \\ | & ! , naïve 微软 ﬁ İ ß'),
        check_query,
    ),
    "links": Target(
        joined(
            "https:// http:// HTTPS:// example.org www. /a /b? &amp; utm_source=x # ( ) [ ] ]( < > || ` ``` ~~ ** _ @ "
            ": 80 %20 %zz .. /../ amp m. xn-- ü 。 ① 127.0.0.1 [::1] "
            "google.com/amp/s/ user:pass@ \\ \u202e \u200b , . ! ? ’ ”"
        ),
        check_links,
    ),
    "address": Target(
        joined(
            "https:// http:// ftp:// // / \\ @ : ; [ ] % %00 %2f %40 . .. ? # 127 0x7f 0177 1 0 256 ::1 ::ffff: fe80:: "
            "localhost .local .internal example.org xn-- ü ß ① １ 。 \u00ad \u200b \u202e 80 443 22 99999 "
            "api webhooks discord.com"
        ).map(lambda text: f"https://{text}")
        | st.text(max_size=40),
        check_address,
    ),
}
