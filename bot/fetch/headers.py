"""Reads the response headers that matter, and believes none of them further than it must."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime

MIN_RETRY = 60  #: seconds
MAX_RETRY = 24 * 3600  #: seconds
MAX_AGE = 365 * 24 * 3600  #: seconds

_MEDIA_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;|\Z)")
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1024}\Z")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:+-]{1,40})", re.IGNORECASE)

#: The encodings of the web (WHATWG) by Python's names, with the superset browsers read them as.
_WEB_CODECS = {
    name: name
    for name in (
        *("utf-8", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *(f"cp{number}" for number in (866, 874, 932, 949, *range(1250, 1259))),
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *("gb18030", "big5hkscs", "euc_jp", "iso2022_jp"),
    )
}
_WEB_CODECS |= {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874"}
_WEB_CODECS |= {"tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_WEB_CODECS |= {"shift_jis": "cp932", "euc_kr": "cp949", "utf-16": "utf-16-le"}
#: WHATWG labels that Python does not know.
_LABELS = {"windows-31j": "cp932", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8", "gb_2312-80": "gbk"}

_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)

_HTML_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<meta", b"<script", b"<style")
_HTML_ELEMENTS = (
    b"<div",
    b"<p>",
    b"<p ",
    b"<h1",
    b"<article",
    b"<table",
    b"<a ",
    b"<b>",
    b"<br",
    b"<iframe",
    b"<!--",
)


def media_type(content_type: str) -> str:
    """Return the lower-case type of a Content-Type header, "" when it names none.

    >>> media_type("Text/HTML; charset=utf-8"), media_type("nonsense")
    ('text/html', '')
    """
    match = _MEDIA_TYPE.match(content_type)
    return match[1].lower() if match else ""


def charset(content_type: str) -> str | None:
    """Return Python's name for the charset of a Content-Type header; None unless the web knows it.

    Python decodes with much that is no charset (rot13, unicode_escape, utf-7), so only WHATWG's are believed.

    >>> charset("text/html; charset=Shift_JIS"), charset("text/html; charset=rot13")
    ('cp932', None)
    """
    match = _CHARSET.search(content_type)
    if not match:
        return None
    label = match[1].lower()
    for name in (_LABELS.get(label, label), label.removeprefix("x-")):
        try:
            return _WEB_CODECS.get(codecs.lookup(name).name)
        except LookupError:
            continue
    return None


def sniff(start: bytes) -> str:
    """Return the media type that a body's first bytes tell: HTML, XML, JSON, PDF, or "" (after WHATWG's sniffing).

    >>> sniff(b"  <!DOCTYPE HTML><title>x</title>"), sniff(b"%PDF-1.7"), sniff(b"GIF89a")
    ('text/html', 'application/pdf', '')
    """
    head = start[:1024].removeprefix(b"\xef\xbb\xbf").lstrip(b"\t\n\x0c\r ").lower()
    if head.startswith((*_HTML_OPENINGS, *_HTML_ELEMENTS)):
        return "text/html"
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf:rdf")):
        return "application/xhtml+xml" if b"<html" in head else "application/xml"
    if head.startswith(b"%pdf-"):
        return "application/pdf"
    return "application/json" if head.startswith(b"{") else ""


def retry_after(value: str | None, date: str | None) -> int | None:
    """Return a Retry-After header in seconds, clamped to a minute and a day; *date* is the Date header.

    >>> retry_after("5", None), retry_after("99999999", None), retry_after("soon", None)
    (60, 86400, None)
    """
    if not value:
        return None
    if value.strip().isdecimal():
        seconds = float(value.strip()[:9])
    else:
        until, sent = _http_date(value), _http_date(date or "")
        if until is None or sent is None:
            return None
        seconds = (until - sent).total_seconds()
    return int(min(max(seconds, MIN_RETRY), MAX_RETRY))


def max_age(cache_control: str | None) -> int | None:
    """Return for how many seconds a response may be kept, None when Cache-Control does not say.

    >>> max_age("public, max-age=300"), max_age("no-store"), max_age("public")
    (300, 0, None)
    """
    directives = [directive.strip().lower() for directive in (cache_control or "").split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0
    for directive in directives:
        if match := re.fullmatch(r"max-age\s*=\s*\"?([0-9]+)\"?", directive):
            return min(int(match[1][:10]), MAX_AGE)
    return None


def validator(value: str | None) -> str | None:
    """Return an ETag or Last-Modified header, None where it is no text that can be kept and sent back.

    >>> validator('W/"1a"'), validator('"caf\\udce9"')
    ('W/"1a"', None)
    """
    return value if value and _VALIDATOR.match(value) else None


def links(values: Iterable[str]) -> dict[str, str]:
    """Return where Link headers lead, by relation; the first of several.

    >>> links(['<https://hub.example.org/>; rel="hub", <https://example.org/feed>; rel=self'])
    {'hub': 'https://hub.example.org/', 'self': 'https://example.org/feed'}
    """
    found: dict[str, str] = {}
    for value in values:
        for target, parameters in _LINK.findall(value):
            rel = _REL.search(parameters)
            for name in (rel[1] or rel[2]).lower().split() if rel else ():
                found.setdefault(name, target)
    return found


def forbids_archive(values: Iterable[str], product: str) -> bool:
    """Return whether X-Robots-Tag headers ask *product*, or everybody, to keep no copy.

    >>> forbids_archive(["otherbot: noarchive"], "Threadline"), forbids_archive(["noarchive"], "Threadline")
    (False, True)
    """
    for value in values:
        robot, colon, rest = value.partition(":")
        addressed = (
            bool(colon)
            and re.fullmatch(r"\s*[\w-]+\s*", robot)
            and robot.strip().lower() != "unavailable_after"
        )
        if addressed and robot.strip().lower() != product.lower():
            continue
        if "noarchive" in re.split(r"[\s,]+", (rest if addressed else value).lower()):
            return True
    return False


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else None
