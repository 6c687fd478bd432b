"""Values of feed entries, cleaned: ids, plain titles, web addresses, dates, names, pictures."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from time import struct_time
from typing import Any
from urllib.parse import urljoin

from bot.errors import LinkError
from bot.links import page_key

MAX_ID = 500  #: characters; longer ids are kept as their hash
WEB = ("https://", "http://")

# Some titles say literally "<canvas>": only tags that titles are really written with are taken for markup.
_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|big|blink|br|cite|code|div|em|font|h[1-6]|i|img|mark|nobr|p|q|s|small|span|strong|sub|sup|tt|u"
    r"|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_LONGEST_REMEMBERED = 100  #: characters of a name
_LONGEST_TITLE = 10_000  #: characters that are searched for elements, which takes quadratic time
# A tag that is only talked about has no attributes.
_SCRIPT = re.compile(r"<(script|style)\s[^<>=]*=[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_WITH_ATTRIBUTES = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,30})\s[^<>=]*=[^<>]*>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MAIL_AND_NAME = re.compile(r"[^\s()<>]+@[^\s()<>]+\s*\(([^()]+)\)|([^<>@]+?)\s*<[^<>@]+@[^<>]+>")


class Ids:
    """Gives the entries of one feed their ids: the GUID, else the page, else title and day; no date alone."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._pages: dict[str, str | None] = {}
        self.are_links = False  #: one of those given was its entry's link, or was taken for it

    def take(self, given: str | None, url: str | None, words: str, day: str) -> str | None:
        """Return an entry's id, or None for one that is known or was seen before in this feed.

        Entries of one GUID that lead to different pages are told apart by their pages.
        """
        if given and given != url and len(given) <= MAX_ID and given.isprintable():
            found = given
        else:
            found = _entry_id(given, url, words, day)
            self.are_links = self.are_links or given == url
        if found in self._pages:
            if not url or self._pages[found] == url:
                return None
            found = _page_id(url)
            if found in self._pages:
                return None
        self._pages[found] = url
        return None if found in self._known else found


def _entry_id(given: str | None, url: str | None, words: str, day: str) -> str:
    # A GUID that is the link may be no GUID at all; tracking parameters must not make it a new one.
    if given and (given != url or "?" not in given):
        if not given.isprintable():
            given = " ".join(_UNPRINTABLE.sub("", given).split())
        if given:
            return given if len(given) <= MAX_ID else _hash(given)
    return _page_id(url) if url else _hash(f"{words}\n{day}")


def _page_id(url: str) -> str:
    try:
        key = page_key(url)
    except LinkError:
        key = url
    return key if len(key) <= MAX_ID else _hash(key)


def _hash(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def plain_text(markup: str) -> str:
    """Return a title as a reader sees it: no tags, no entities, one space between words.

    >>> plain_text("AT&amp;T <b>buys</b>  a <canvas>")
    'AT&T buys a <canvas>'
    """
    text = markup
    if "<" in text:
        text = _TAG.sub(" " if "<br" in text else "", text)
        text = _without_elements(text) if "=" in text and len(text) <= _LONGEST_TITLE else text
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(without_controls(text).split())


def _without_elements(text: str) -> str:
    text = _SCRIPT.sub("", text)
    names = {name.lower() for name in _WITH_ATTRIBUTES.findall(text)}
    text = _WITH_ATTRIBUTES.sub("", text)
    return re.sub(rf"</(?:{'|'.join(names)})\s*>", "", text, flags=re.IGNORECASE) if names else text


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def without_controls(text: str) -> str:
    """Return *text* without characters that no database or screen can take."""
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def web_address(base: str, link: str | None) -> str | None:
    """Return *link* as an absolute http(s) address; None when it is something else.

    >>> web_address("https://example.org/feed", "../a b")
    'https://example.org/ab'
    >>> web_address("https://example.org/feed", "javascript:alert(1)")
    """
    if not link:
        return None
    if link.startswith(WEB) and link.isprintable() and " " not in link and "[" not in link:
        return link
    try:
        address = urljoin(base, _UNPRINTABLE.sub("", "".join(link.split())))
    except ValueError:
        return None
    return address if address.lower().startswith(WEB) else None


def moment(text: str) -> datetime | None:
    """Return an ISO 8601 date as an aware moment in UTC."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is UTC:
            return found
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def moment_of(parts: struct_time | None) -> datetime | None:
    """Return the moment that feedparser gives as a struct_time in UTC."""
    try:
        return datetime(*parts[:6], tzinfo=UTC) if parts else None
    except (ValueError, OverflowError):
        return None


def day_of(moment: datetime | None) -> str:
    """Return the day of a moment, empty without one."""
    return moment.date().isoformat() if moment else ""


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Return names without mail addresses; an address alone is nobody.

    >>> people(["ada@example.org (Ada)", "Grace <grace@example.org>", "webmaster@example.org", "Ada"])
    ('Ada', 'Grace')
    """
    return tuple(dict.fromkeys(filter(None, map(_person, names))))


def person(name: str) -> tuple[str, ...]:
    """Return people((name,)); most entries of a feed are by few."""
    return _remembered_person(name) if len(name) <= _LONGEST_REMEMBERED else people((name,))


@lru_cache(maxsize=256)
def _remembered_person(name: str) -> tuple[str, ...]:
    return people((name,))


def _person(name: str) -> str:
    if "@" not in name:
        return plain_text(name)
    parts = _MAIL_AND_NAME.fullmatch(name.strip())
    return plain_text(parts[1] or parts[2]) if parts else ""


def picture(item: Mapping[str, Any], base: str) -> str | None:
    """Return the address of an entry's picture, from its media elements or its enclosures."""
    for media in item.get("media_content") or ():
        if media.get("medium") == "image" or (media.get("type") or "").startswith("image/"):
            return web_address(base, media.get("url"))
        if media.get("thumbnail_url"):
            return web_address(base, media["thumbnail_url"])
    for thumbnail in item.get("media_thumbnail") or ():
        return web_address(base, thumbnail.get("url"))
    for enclosure in item.get("enclosures") or ():
        if (enclosure.get("type") or "").startswith("image/"):
            return web_address(base, enclosure.get("url") or enclosure.get("href"))
    return None


def language_code(tag: str) -> str | None:
    """Return the language of a language tag, None when it is none.

    >>> language_code("pt_BR")
    'pt'
    """
    code = tag.replace("_", "-").partition("-")[0].strip().lower()
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else None
