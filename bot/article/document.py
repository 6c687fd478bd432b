"""A page's bytes, parsed once: the tree, what its head declares, its JSON-LD."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from bot.errors import HostileDocumentError

MAX_BYTES = 8 * 1024 * 1024
MAX_TAGS = 250_000
MAX_ATTRIBUTES = 256
MAX_JSON_LD_BYTES = 1024 * 1024  #: of one script
MAX_JSON_LD_NODES = 2_000
MAX_JSON_DEPTH = 40
_LONG_TAG = 8_000  # bytes; only longer tags are searched for too many attributes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
#: The labels of the WHATWG Encoding Standard that pages use, and the codec that decodes each as browsers do.
_CODECS = {
    **dict.fromkeys(
        ("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"
    ),
    **{f"windows-125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"cp125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "windows-949"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "euc-jp": "euc-jp",
    "iso-2022-jp": "iso2022-jp",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "ibm866": "cp866",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "macintosh": "mac-roman",
}
_TAG_START = re.compile(rb"<[a-zA-Z][\w:-]*(?=[\s/])")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
)
_JSON_WRAPPERS = re.compile(r"(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)\s*")
#: Relations that something here or above asks for; the many style sheets and icons are passed over.
_RELATIONS = frozenset(
    ("canonical", "amphtml", "next", "prev", "author", "image_src", "alternate", "shortlink", "hub")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFeed:
    """A feed that a page's head names."""

    url: str
    title: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed page."""

    root: etree._Element
    url: str
    base_url: str  #: what relative links stand against
    meta: Mapping[str, tuple[str, ...]]  #: lower-cased name, property or itemprop -> contents in page order
    links: Mapping[str, tuple[str, ...]]  #: rel -> absolute addresses in page order
    json_ld: tuple[Mapping[str, Any], ...]  #: every node, @graph and lists flattened, @id references resolved
    language: str | None  #: of <html>, as written
    feeds: tuple[DeclaredFeed, ...]
    is_amp: bool
    truncated: bool  #: the page was longer than MAX_BYTES


def parse(html: bytes, url: str, charset: str | None = None) -> Document:
    """Parse a page; *charset* is what its HTTP header says.

    One parse by libxml2. Raises HostileDocumentError for a page with more tags than any article has.
    """
    truncated = len(html) > MAX_BYTES
    text = decode(html[:MAX_BYTES], charset)
    cleaned = _defused(text.encode("utf-8", "replace"), url)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    root = etree.fromstring(cleaned, parser) if cleaned.strip() else None
    if root is None:
        root = etree.Element("html")
    base = next(root.iter("base"), None)
    base_url = (_joined(url, base.get("href")) if base is not None else None) or url
    meta, links, feeds = _head(root, base_url)
    return Document(
        root=root,
        url=url,
        base_url=base_url,
        meta=meta,
        links=links,
        json_ld=tuple(_json_ld(root)),
        language=(
            root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
        ),
        feeds=feeds,
        is_amp="amp" in root.attrib or "⚡" in root.attrib,
        truncated=truncated,
    )


def decode(html: bytes, charset: str | None = None) -> str:
    """Decode as browsers do: byte order mark, valid UTF-8, the header's charset, the page's, a guess."""
    for mark, encoding in _BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(encoding, "replace")
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _META_CHARSET.search(html, 0, 8192)
    for label in (charset, declared[1].decode("ascii", "replace") if declared else None):
        codec = _CODECS.get(label.strip().strip("\"'").lower()) if label else None
        # A page that declares UTF-8 and breaks it here and there is still UTF-8.
        if codec and (codec != "utf-8" or _is_mostly_utf8(html)):
            return html.decode(codec, "replace")
    if _is_mostly_utf8(html):
        return html.decode("utf-8", "replace")
    return html.decode(_guess(html), "replace")


def _is_mostly_utf8(html: bytes) -> bool:
    sample = html[:200_000]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    return broken * 20 < sum(1 for byte in sample if byte >= 0x80) + 20


def _guess(html: bytes) -> str:
    import chardet  # rare and slow to import: nine of ten pages are UTF-8 and most others say what they are

    found = chardet.detect(html[:50_000])
    codec = _CODECS.get((found["encoding"] or "").lower().replace("_", "-"))
    return codec if codec and (found["confidence"] or 0) > 0.6 else "cp1252"


def _defused(html: bytes, url: str) -> bytes:
    """*html* without what makes parsers slow: NUL bytes and tags with hundreds of attributes; linear time."""
    if b"\0" in html:
        html = html.replace(b"\0", b"")
    if html.count(b"<") > MAX_TAGS:
        raise HostileDocumentError(url, "too many tags")
    pieces = html.split(b">")
    if max(map(len, pieces)) <= _LONG_TAG:
        return html
    for index, piece in enumerate(pieces):
        if len(piece) > _LONG_TAG and (start := _TAG_START.search(piece)):
            attributes = _QUOTED.sub(b"", piece[start.end() :])
            if len(attributes.split(None, MAX_ATTRIBUTES)) > MAX_ATTRIBUTES and not _is_script(piece):
                pieces[index] = piece[: start.end()]
    return b">".join(pieces)


def _is_script(piece: bytes) -> bool:
    """Whether what looks like a long tag is the text of a script or style up to its end tag."""
    return piece.rstrip().lower().endswith((b"</script", b"</style", b"</noscript"))


def _joined(base: str, href: str | None) -> str | None:
    if not href or not href.strip():
        return None
    try:
        joined = urljoin(base, href.strip())
        return joined if urlsplit(joined).scheme in ("http", "https") else None
    except ValueError:
        return None


def _head(
    root: etree._Element, base_url: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], tuple[DeclaredFeed, ...]]:
    meta: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    feeds: list[DeclaredFeed] = []
    for element in root.iter("meta", "link"):
        if element.tag == "meta":
            content = element.get("content")
            if content and content.strip():
                names = (element.get("property"), element.get("name"), element.get("itemprop"))
                for name in dict.fromkeys(name.strip().lower() for name in names if name):
                    meta.setdefault(name, []).append(content.strip())
            continue
        rels = _RELATIONS.intersection((element.get("rel") or "").lower().split())
        href = _joined(base_url, element.get("href")) if rels else None
        if href is None:
            continue
        kind = (element.get("type") or "").lower().split(";")[0].strip()
        if "alternate" in rels and kind in _FEED_TYPES:
            feeds.append(DeclaredFeed(url=href, title=(element.get("title") or "").strip(), type=kind))
        for rel in rels:
            links.setdefault(rel, []).append(href)
    return (
        {name: tuple(contents) for name, contents in meta.items()},
        {rel: tuple(hrefs) for rel, hrefs in links.items()},
        tuple(feeds),
    )


def _json_ld(root: etree._Element) -> list[Mapping[str, Any]]:
    """Every JSON-LD node of the page, outermost first, with references by @id replaced by their nodes."""
    nodes: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        if len(script.text) > MAX_JSON_LD_BYTES:
            continue
        for value in read_json(script.text):
            nodes += _flattened(value)
            if len(nodes) > MAX_JSON_LD_NODES:
                return list(nodes[:MAX_JSON_LD_NODES])
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return [_resolved(node, named) for node in nodes]


def read_json(text: str) -> Iterator[Any]:
    """The JSON values in a script; comments around them, trailing text and raw line breaks are forgiven.

    Linear: a broken value ends the reading.
    """
    text = text.strip()
    wrapper = _JSON_WRAPPERS.match(text)
    decoder = json.JSONDecoder(strict=False)
    at = wrapper.end() if wrapper else 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _flattened(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The nodes of lists, @graph and mainEntity, each beside its parent."""
    if depth > MAX_JSON_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flattened(item, depth + 1)
    elif isinstance(value, dict):
        graph = value.get("@graph")
        if graph is not None:
            yield from _flattened(graph, depth + 1)
        if len(value) > (graph is not None) + ("@context" in value):
            yield value
        for key in ("mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(key), dict) and "@type" in value[key] and len(value[key]) > 2:
                yield from _flattened(value[key], depth + 1)


def _resolved(node: dict[str, Any], named: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """A copy of *node* whose values that are only references hold the nodes they refer to."""

    def resolve(value: Any) -> Any:
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return named.get(value["@id"], value)
        if isinstance(value, list):
            return [resolve(item) for item in value]
        return value

    return {key: resolve(value) for key, value in node.items()}
