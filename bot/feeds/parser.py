"""Feed bytes in, entries out: RSS 0.9 to 2.0, RDF, Atom and JSON Feed."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import fastfeedparser
import feedparser
from lxml import etree

from bot.errors import FeedError
from bot.feeds.decoding import MAX_BYTES, prepare
from bot.feeds.entries import (
    WEB,
    Ids,
    day_of,
    language_code,
    moment,
    moment_of,
    people,
    person,
    picture,
    plain_text,
    web_address,
    without_controls,
)
from bot.model import Entry, Feed

MAX_ENTRIES = 1_000
#: fastfeedparser's own dictionaries take four times as long to look up their methods.
_get = dict.get

#: What third-party parsers raise on documents their authors did not think of.
_PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
_ITEM = re.compile(rb"<(?:[a-z]{1,20}:)?(?:item|entry)\b", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[a-z]{1,20}:)?(rss|feed|rdf)\b", re.IGNORECASE)
_HINT = re.compile(
    rb"""<(?:dc:)?language>\s*(?P<language>[a-z-]{2,16})\s*</
    | <ttl>\s*(?P<ttl>\d{1,6})\s*</
    | <sy:updatePeriod>\s*(?P<period>hourly|daily|weekly|monthly|yearly)\s*</
    | <sy:updateFrequency>\s*(?P<frequency>\d{1,4})\s*</
    | <(?:\w{1,20}:)?link\b(?=[^<>]{0,2000}?\brel=["'](?P<rel>hub|self)["'])(?P<link>[^<>]{0,2000})>""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_LINK = re.compile(rb"isPermaLink\s*=\s*[\"']false", re.IGNORECASE)
_HREF = re.compile(rb"\bhref=[\"']([^\"'<>]{1,2000})[\"']", re.IGNORECASE)
_PERIODS = {b"hourly": 60, b"daily": 1440, b"weekly": 10_080, b"monthly": 43_200, b"yearly": 525_600}


def parse(
    body: bytes,
    url: str,
    content_type: str = "",
    charset: str | None = None,
    known: Collection[str] = (),
) -> Feed:
    """Return the feed in *body*, fetched from *url*; *content_type* and *charset* are the HTTP header's.

    Entries keep the feed's order; links are absolute http(s) addresses, titles plain text, dates aware.
    Entries whose ids are *known* are left out: most of a feed that is polled again is, and building them
    costs more than finding them. A pure function, to be run where it may be killed. Raises FeedError, and
    nothing else, when there is no feed in the bytes or when they are made to exhaust a parser.
    """
    if "json" in content_type or body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body, url, Ids(known))
    body = prepare(body, url, charset)
    return _fast(body, url, Ids(known)) or _thorough(body, url, Ids(known))


class _BeyondFastParserError(Exception):
    """The document uses what fastfeedparser leaves out: xml:base in entries, XHTML titles, odd links."""


def _fast(body: bytes, url: str, ids: Ids) -> Feed | None:
    """Return the feed as fastfeedparser reads it; None where feedparser has to be asked."""
    root = _ROOT.search(body)
    is_atom = root is not None and root[1].lower() == b"feed"
    entry = _fast_atom_entry if is_atom else _fast_entry
    try:
        parsed = fastfeedparser.parse(body, include_content=False, include_tags=False)
        items, about = parsed["entries"], parsed["feed"]
        base = urljoin(url, (about.get("title_detail") or {}).get("base") or "")
        entries = [entry(item, base, body, ids, _get(item, "link")) for item in items[:MAX_ENTRIES]]
    except (*_PARSER_ERRORS, _BeyondFastParserError):
        return None
    if not items and _ITEM.search(body):
        return None
    if ids.are_links and not is_atom and _may_lack_links(body, len(items)):
        return None
    return _feed(about, entries, body, url, base)


def _may_lack_links(body: bytes, items: int) -> bool:
    """Whether a GUID that says of itself that it is no link may have been taken for one."""
    return body.count(b"<link") <= items and _NO_LINK.search(body) is not None


def _fast_atom_entry(
    item: dict[str, Any], base: str, body: bytes, ids: Ids, link: str | None
) -> Entry | None:
    links = item["links"]
    if not links or links[0]["rel"] != "alternate":
        # fastfeedparser takes any first link, also for the id: a film, a source, a licence.
        link = next((each["href"] for each in links if each["rel"] is None), None)
        if link is None and (links or (item.get("link") and item["link"] == item.get("id"))):
            raise _BeyondFastParserError
        # An entry without a page of its own may have one for its id.
        link = link or item.get("id")
        link = link if link and (links or link[:8].lower().startswith(WEB)) else None
    return _fast_entry(item, base, body, ids, link)


def _fast_entry(item: dict[str, Any], base: str, body: bytes, ids: Ids, link: str | None) -> Entry | None:
    title, published = item["title"], _get(item, "published")
    url = link
    if not link or not link.startswith(WEB) or "[" in link:
        if b"xml:base" in body if link else "id" not in item:
            raise _BeyondFastParserError
        url = web_address(base, link)
    if not title and b"xhtml" in body:
        raise _BeyondFastParserError
    summary = item["description"]
    entry_id = ids.take(_get(item, "id"), url, title or summary, published[:10] if published else "")
    if entry_id is None:
        return None
    updated, author = _get(item, "updated"), _get(item, "author")
    return Entry(
        id=entry_id,
        url=url,
        title=plain_text(title),
        published=moment(published) if published else None,
        updated=moment(updated) if updated and updated != published else None,
        summary=summary,
        authors=person(author) if author else (),
        image_url=picture(item, base) if "media_content" in item or "enclosures" in item else None,
    )


def _thorough(body: bytes, url: str, ids: Ids) -> Feed:
    """Return the feed as feedparser reads it, which takes a hundred times as long."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # A file object: bytes would be tried as the name of a file.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)
        about, items = parsed["feed"], parsed["entries"][:MAX_ENTRIES]
        if not parsed.get("version") and not items:
            raise FeedError(url, "neither RSS nor Atom")
        return _feed(about, [_thorough_entry(item, url, ids) for item in items], body, url, url)
    except _PARSER_ERRORS as cause:
        raise FeedError(url, f"{type(cause).__name__} in feedparser") from cause


def _thorough_entry(item: dict[str, Any], base: str, ids: Ids) -> Entry | None:
    url = web_address(base, item.get("link"))
    # feedparser's own get() takes the one date for the other, with a warning.
    published, updated = (moment_of(dict.get(item, f"{name}_parsed")) for name in ("published", "updated"))
    title, summary = plain_text(item.get("title") or ""), without_controls(item.get("summary") or "")
    entry_id = ids.take(item.get("id"), url, title or summary, day_of(published or updated))
    if entry_id is None:
        return None
    authors = [author.get("name") or "" for author in item.get("authors") or ()]
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        published=published or updated,
        updated=updated if updated != published else None,
        summary=summary,
        authors=people(authors or [item.get("author") or ""]),
        image_url=picture(item, base),
    )


def _feed(
    about: Mapping[str, Any], entries: Sequence[Entry | None], body: bytes, url: str, base: str
) -> Feed:
    hints = _hints(body)
    language = hints["language"].decode() if "language" in hints else about.get("language")
    return Feed(
        url=url,
        title=plain_text(about.get("title") or ""),
        site_url=web_address(base, about.get("link")),
        language=language_code(language or ""),
        entries=tuple(filter(None, entries)),
        ttl_minutes=_ttl(hints),
        hub_url=_hinted_link(hints.get("hub"), url),
        self_url=_hinted_link(hints.get("self"), url),
    )


def _hints(body: bytes) -> dict[str, bytes]:
    """Return what neither parser tells about a feed, from what stands before its first entry."""
    first = _ITEM.search(body, 0, 65_536)
    hints: dict[str, bytes] = {}
    for found in _HINT.finditer(body, 0, first.start() if first else 65_536):
        name = found.lastgroup or ""
        hints.setdefault(found["rel"].decode().lower() if name == "link" else name, found[name])
    return hints


def _hinted_link(attributes: bytes | None, url: str) -> str | None:
    href = _HREF.search(attributes) if attributes else None
    return web_address(url, html.unescape(href[1].decode("utf-8", "replace"))) if href else None


def _ttl(hints: Mapping[str, bytes]) -> int | None:
    """Return the minutes between polls a feed asks for: its ttl, or its period over its frequency."""
    if "ttl" in hints:
        return int(hints["ttl"]) or None
    if "period" in hints:
        return _PERIODS[hints["period"].lower()] // (int(hints.get("frequency", 1)) or 1) or None
    return None


def _json_feed(body: bytes, url: str, ids: Ids) -> Feed:
    """Return a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    if len(body) > MAX_BYTES:
        raise FeedError(url, "too large")
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as cause:
        raise FeedError(url, "broken JSON") from cause
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FeedError(url, "JSON, but no JSON Feed")
    entries = [_json_entry(item, url, ids) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    hubs = [hub for hub in _list(feed.get("hubs")) if isinstance(hub, dict) and _is_websub(hub)]
    return Feed(
        url=url,
        title=plain_text(_text(feed.get("title"))),
        site_url=web_address(url, _text(feed.get("home_page_url"))),
        language=language_code(_text(feed.get("language"))),
        entries=tuple(filter(None, entries)),
        hub_url=next((web_address(url, _text(hub.get("url"))) for hub in hubs), None),
        self_url=web_address(url, _text(feed.get("feed_url"))),
    )


def _is_websub(hub: Mapping[str, Any]) -> bool:
    return _text(hub.get("type")).lower() == "websub"


def _json_entry(item: Mapping[str, Any], base: str, ids: Ids) -> Entry | None:
    url = web_address(base, _text(item.get("url")) or _text(item.get("external_url")))
    published, updated = moment(_text(item.get("date_published"))), moment(_text(item.get("date_modified")))
    title = plain_text(_text(item.get("title")))
    summary = _text(item.get("summary")) or _text(item.get("content_html"))
    summary = without_controls(summary or html.escape(_text(item.get("content_text")), quote=False))
    given = item.get("id")
    given = str(given) if isinstance(given, str | int) else None
    entry_id = ids.take(given, url, title or summary, day_of(published or updated))
    if entry_id is None:
        return None
    authors = [each for each in [*_list(item.get("authors")), item.get("author")] if isinstance(each, dict)]
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        published=published or updated,
        updated=updated if updated != published else None,
        summary=summary,
        authors=people(_text(author.get("name")) for author in authors),
        image_url=web_address(base, _text(item.get("image")) or _text(item.get("banner_image"))),
        language=language_code(_text(item.get("language"))),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
