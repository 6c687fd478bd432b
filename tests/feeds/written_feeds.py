"""Feeds written as text, and read."""

from __future__ import annotations

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
