"""From an address to its feeds: what a page declares, what sites usually have, YouTube and Reddit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from lxml import etree

from bot.feeds.decoding import decode

MAX_DECLARED = 20
HEAD_BYTES = 2**18  #: of a page, in which feeds are declared
WELL_KNOWN = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")

_FEED_TYPES = {
    "application/rss+xml": 0,
    "application/atom+xml": 0,
    "application/feed+json": 1,
    "application/rdf+xml": 2,
    "application/xml": 3,
    "text/xml": 3,
    "application/json": 4,
}
_LINK_TAG = re.compile(rb"<(?:link|base)\b[^<>]{1,4000}>", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b|/comments?(?:/|$)", re.IGNORECASE)
_YOUTUBE_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"})
_REDDIT_HOSTS = frozenset(
    {"reddit.com", "www.reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com"}
)
_CHANNEL_ID = re.compile(r"UC[\w-]{22}")
_CHANNEL_ON_PAGE = re.compile(rb'"(?:externalId|channelId)":"(UC[\w-]{22})"|/channel/(UC[\w-]{22})')
_REDDIT_PATH = re.compile(r"/(?:r/[A-Za-z0-9_+]{2,200}|u(?:ser)?/[A-Za-z0-9_-]{3,20})")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFeed:
    """A feed that a page says it has."""

    url: str
    title: str = ""


def declared_feeds(html: bytes, url: str, charset: str | None = None) -> tuple[DeclaredFeed, ...]:
    """Return the feeds that the page declares with link tags, the likeliest to be meant first.

    Feeds of comments come last, and formats in the order in which sites keep them best. Linear in len(html).
    """
    base, found = url, []
    for tag in _LINK_TAG.finditer(html[:HEAD_BYTES]):
        attributes = _attributes(decode(tag[0], charset))
        if attributes is None:
            continue
        href = attributes.get("href", "").strip()
        if "rel" not in attributes:
            base = urljoin(url, href) if tag[0][1:5].lower() == b"base" and href else base
            continue
        rels = attributes["rel"].lower().split()
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        rank = _FEED_TYPES.get(kind) if "alternate" in rels else 4 if "feed" in rels else None
        if rank is not None and href and "stylesheet" not in rels:
            found.append((rank, href, " ".join(attributes.get("title", "").split())))
    return _ranked(found, base)


def _ranked(found: list[tuple[int, str, str]], base: str) -> tuple[DeclaredFeed, ...]:
    feeds: dict[str, DeclaredFeed] = {}
    for _, href, title in sorted(
        found, key=lambda feed: (bool(_COMMENTS.search(f"{feed[1]} {feed[2]}")), feed[0])
    ):
        try:
            address = urljoin(base, href).partition("#")[0]
        except ValueError:
            continue
        if address.startswith(("https://", "http://")):
            feeds.setdefault(address, DeclaredFeed(url=address, title=title))
    return tuple(feeds.values())[:MAX_DECLARED]


def _attributes(tag: str) -> dict[str, str] | None:
    try:
        element = etree.fromstring(tag, etree.HTMLParser(no_network=True, recover=True))
    except (etree.LxmlError, ValueError):
        return None
    inner = next((each for each in element.iter("link", "base")), None) if element is not None else None
    return (
        {str(name).lower(): str(value) for name, value in inner.attrib.items()} if inner is not None else None
    )


def candidate_feeds(url: str) -> tuple[str, ...]:
    """Return feed addresses that follow from *url* alone, where its site is one whose feeds are known.

    A YouTube handle does not name its channel: fetch the page and ask `youtube_feed`.

    >>> candidate_feeds("https://www.youtube.com/playlist?list=PL123")
    ('https://www.youtube.com/feeds/videos.xml?playlist_id=PL123',)
    >>> candidate_feeds("https://old.reddit.com/r/python/top?t=day")
    ('https://www.reddit.com/r/python.rss',)
    >>> candidate_feeds("https://www.youtube.com/@somebody")
    ()
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host in _YOUTUBE_HOSTS:
        return tuple(_youtube(parts.path, parts.query))
    if host in _REDDIT_HOSTS:
        match = _REDDIT_PATH.match(parts.path)
        return (f"https://www.reddit.com{match[0]}.rss",) if match else ()
    return ()


def _youtube(path: str, query: str) -> Iterator[str]:
    for playlist in parse_qs(query).get("list", [])[:1]:
        yield f"https://www.youtube.com/feeds/videos.xml?playlist_id={quote(playlist, safe='')}"
        return
    kind, _, name = path.strip("/").partition("/")
    name = name.partition("/")[0]
    if kind == "channel" and _CHANNEL_ID.fullmatch(name):
        yield f"https://www.youtube.com/feeds/videos.xml?channel_id={name}"
    elif kind == "user" and name:
        yield f"https://www.youtube.com/feeds/videos.xml?user={quote(name, safe='')}"


def youtube_feed(html: bytes) -> str | None:
    """Return the feed of the channel whose YouTube page this is, None when it names no channel."""
    match = _CHANNEL_ON_PAGE.search(html)
    if not match:
        return None
    return f"https://www.youtube.com/feeds/videos.xml?channel_id={(match[1] or match[2]).decode()}"


def well_known_feeds(url: str) -> tuple[str, ...]:
    """Return where sites usually keep a feed: below the page's own folder first, then at the root.

    >>> well_known_feeds("https://example.org/blog/")[:2]
    ('https://example.org/blog/feed', 'https://example.org/blog/rss')
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    folder = parts.path.rpartition("/")[0]
    # Only a section has feeds of its own; guessing below every article would be a burden on its server.
    roots = (f"{root}{folder}", root) if 0 < folder.count("/") <= 2 else (root,)
    return tuple(f"{place}{path}" for place in roots for path in WELL_KNOWN)
