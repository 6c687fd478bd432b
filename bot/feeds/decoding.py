"""Feed bytes made safe and uniform before any parser sees them: UTF-8, no DOCTYPE, no foreign entities."""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from bot.errors import FeedError

MAX_BYTES = 8 * 2**20
MAX_TAG = 2**17  #: bytes; parsers take quadratic time over a tag's attributes, here a fifth of a second

#: Encodings a browser would accept, under Python's names, with what browsers read in their place.
_ENCODINGS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_jis_2004": "euc_jp",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
} | {
    name: name
    for name in (
        *(
            "utf-8",
            "utf-16",
            "utf-16-be",
            "utf-16-le",
            "big5hkscs",
            "cp866",
            "cp874",
            "cp932",
            "cp949",
            "euc_jp",
        ),
        *("gb18030", "iso2022_jp", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *(f"cp125{page}" for page in range(9)),
    )
}
#: As browsers read it: bytes that stand for nothing are control characters.
_WINDOWS_1252 = {
    byte: character for byte in range(0x80, 0xA0) if (character := bytes([byte]).decode("cp1252", "ignore"))
}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a mark, "<?" gives a two-byte encoding away.
_UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))

_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,200}\?>", re.IGNORECASE)
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.IGNORECASE)
_START = re.compile(
    rb"<(?:\?xml|!doctype|rss\b|feed\b|rdf:|opml\b|[a-z]{1,20}:(?:feed|rss|rdf)\b)", re.IGNORECASE
)
_BEFORE_DOCTYPE = re.compile(rb"(?:\s+|<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->)*+")
_DOCTYPE = re.compile(rb"<!doctype\b[^\[>]*+(\[)?", re.IGNORECASE)
_SUBSET_TOKEN = re.compile(rb"\"[^\"]*+\"|'[^']*+'|<!--|\]")
_HTML_DOCTYPE = re.compile(rb"<!doctype\s+html\b", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss\b|feed\b|rdf:|opml\b)", re.IGNORECASE)
# In CDATA an ampersand is one; elsewhere it begins an entity, or somebody forgot to write it as one.
_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    rb"|&(?!#|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_ENTITY_SUSPECT = re.compile(rb"&(?:[^lgaq#]|l[^t]|g[^t]|a[^mp]|q[^u])")


def prepare(body: bytes, url: str, charset: str | None = None) -> bytes:
    """Return an XML feed as UTF-8 without declaration, DOCTYPE and named entities other than XML's own five.

    Entities that HTML knows become their characters, others plain text: nothing is left to expand or fetch.
    *charset* is the HTTP header's. Linear in len(body). Raises FeedError when there is no feed in the bytes
    or when they are made to exhaust a parser.
    """
    if len(body) > MAX_BYTES:
        raise FeedError(url, "too large")
    body = _without_doctype(_to_utf8(body, charset), url)
    if _has_endless_tag(body):
        raise FeedError(url, "a tag without end")
    return _AMPERSAND.sub(_without_entity, body) if _ENTITY_SUSPECT.search(body) else body


def decode(body: bytes, charset: str | None = None) -> str:
    """Return *body* as text, whichever of mark, header and declaration tells the truth about its encoding."""
    return _to_utf8(body, charset).decode("utf-8", "replace")


def _to_utf8(body: bytes, charset: str | None) -> bytes:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _undeclared(
                body.decode(encoding, "replace").removeprefix("\ufeff").encode(errors="replace")
            )
    for start, encoding in _UNMARKED:
        if body.startswith(start):
            return _undeclared(body.decode(encoding, "replace").encode(errors="replace"))
    declaration = _DECLARATION.match(body[:1024].lstrip())
    declared = _DECLARED.search(declaration[0]) if declaration else None
    names = [_known(charset), _known(declared[1].decode("ascii") if declared else None)]
    if "iso2022_jp" not in names and _is_utf8(body):
        # Other encodings hardly ever give valid UTF-8 by chance; headers and declarations are often wrong.
        return body if not declared or names[1] == "utf-8" else _undeclared(body)
    for name in filter(None, names):
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, ValueError):
            continue
        return _undeclared(text.encode(errors="replace"))
    return _undeclared(body.decode("latin-1").translate(_WINDOWS_1252).encode())


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _known(name: str | None) -> str | None:
    """Return Python's name of the encoding that browsers use for *name*."""
    try:
        return _ENCODINGS.get(codecs.lookup(name).name) if name else None
    except (LookupError, ValueError):
        return None


def _undeclared(body: bytes) -> bytes:
    start = body.find(b"<?xml", 0, 1024)
    declaration = _DECLARATION.match(body, start) if start >= 0 else None
    return body[declaration.end() :] if declaration else body


def _without_doctype(body: bytes, url: str) -> bytes:
    start = _START.search(body, 0, 8192)
    if not start:
        raise FeedError(url, "neither RSS nor Atom")
    begin = start.start()
    at = _BEFORE_DOCTYPE.match(body, begin)
    position = at.end() if at else begin
    doctype = _DOCTYPE.match(body, position)
    if not doctype:
        return body[begin:] if begin else body
    is_html = _HTML_DOCTYPE.match(body, position)
    end = _subset_end(body, doctype.end(), url) if doctype[1] else doctype.end()
    end = body.find(b">", end) + 1
    if not end:
        raise FeedError(url, "a DOCTYPE without end")
    at = _BEFORE_DOCTYPE.match(body, end)
    if is_html and not _FEED.match(body, at.end() if at else end):
        raise FeedError(url, "an HTML page")
    return body[begin:position] + body[end:]


def _subset_end(body: bytes, position: int, url: str) -> int:
    """Return where the internal subset of a DOCTYPE ends; quoted values and comments may hold brackets."""
    while token := _SUBSET_TOKEN.search(body, position):
        if token[0] == b"]":
            return token.end()
        position = token.end()
        if token[0] == b"<!--":
            position = body.find(b"-->", position)
            if position < 0:
                break
    raise FeedError(url, "a DOCTYPE without end")


def _has_endless_tag(body: bytes) -> bool:
    """Whether a tag is longer than MAX_TAG; looks only at the gaps between "<" that could hold one."""
    for position in range(MAX_TAG // 2, len(body), MAX_TAG // 2):
        start = body.rfind(b"<", position - MAX_TAG // 2, position)
        if start >= 0 and body[start + 1 : start + 2] not in b"!?":
            end = body.find(b">", start)
            if (len(body) if end < 0 else end) - start > MAX_TAG:
                return True
    return False


def _without_entity(match: re.Match[bytes]) -> bytes:
    if not match[1]:
        return b"&amp;" if match[0] == b"&" else match[0]
    name = match[1].decode("ascii")
    character = html5.get(f"{name};")
    return character.encode() if character and character not in "&<>\"'" else b"&amp;" + match[1] + b";"
