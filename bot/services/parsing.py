"""What runs in the child for feeds: strangers' bytes in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from bot.model import Article, Block, BlockKind, Entry, Feed, Image, Page, Summary

#: Where HTML of a feed's summary begins a new line.
_BREAK = re.compile(
    r"<(?:/?(?:p|div|li|ul|ol|blockquote|h[1-6]|tr|table)\b|br\b)[^<>]{0,500}>", re.IGNORECASE
)
_HIDDEN = re.compile(r"<(script|style)\b.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
MAX_TEASER = 20_000  #: characters of a feed's summary that are looked at


def parse_feed(page: Page, known: Collection[str] = ()) -> Feed:
    """The feed in a page, without entries whose ids are *known*; raises FeedError."""
    # Imported here: the parent only hands on this function's name and needs no parser in memory.
    from bot.feeds.parser import parse

    feed = parse(page.body, page.url, page.content_type, page.charset, known)
    if page.hub_url and page.self_url:  # headers come before what stands in the feed
        return replace(feed, hub_url=page.hub_url, self_url=page.self_url)
    return feed


def feeds_of_page(page: Page) -> tuple[tuple[str, str], ...]:
    """The (address, title) of the feeds that a page declares, the likeliest to be meant first."""
    from bot.feeds.discovery import declared_feeds, youtube_feed

    found = [(feed.url, feed.title) for feed in declared_feeds(page.body, page.url, page.charset)]
    if not found and "youtube.com/" in page.url and (channel := youtube_feed(page.body)):
        found.append((channel, ""))
    return tuple(found)


def feeds_of_list(body: bytes) -> tuple[tuple[str, str], ...]:
    """The (address, title) of the feeds in an OPML file; raises OpmlError."""
    from bot.feeds.opml import read_opml

    return tuple((outline.feed_url, outline.title) for outline in read_opml(body))


def read_entry(entry: Entry, url: str, max_chars: int, max_facts: int) -> tuple[Article, Summary]:
    """What a feed says of an article whose page cannot be read: a teaser with title, authors and date."""
    from bot.summary import summarise

    lines = teaser_lines(entry.summary)
    text = "\n".join(lines)
    article = Article(
        url=url,
        title=entry.title,
        authors=entry.authors,
        published=entry.published,
        language=entry.language,
        image=Image(url=entry.image_url) if entry.image_url else None,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines),
        text=text,
        word_count=len(text.split()),
        minutes=0,
        teaser=True,
    )
    summary = summarise(
        article.title, text, language=entry.language, max_chars=max_chars, max_facts=max_facts
    )
    return article, summary


def teaser_lines(markup: str) -> list[str]:
    """The lines of a feed's summary as a reader sees them.

    >>> teaser_lines("<p>Ferry <b>runs</b> again.</p><p>From May&nbsp;1.</p>")
    ['Ferry runs again.', 'From May 1.']
    """
    import html

    text = _HIDDEN.sub(" ", markup[:MAX_TEASER])
    lines = _BREAK.sub("\n", text.replace("\n", " ")).split("\n")
    plain = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in lines)
    return [line for line in plain if line]
