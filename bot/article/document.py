"""A page's bytes, parsed once: the tree, what its head declares, its JSON-LD."""

from __future__ import annotations

import codecs
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import turbohtml
from turbohtml import Element, Namespace

from bot.article.prescan import CONTROLS, has_controls, opened, printable, unpadded, without_floods
from bot.article.schema import Node, is_article, with_nested

MAX_BYTES = 8 * 1024 * 1024
MAX_JSON_LD_BYTES = 1024 * 1024  #: of one script
MAX_JSON_LD_NODES = 2_000
MAX_JSON_DEPTH = 40
MAX_JSON_LIST = 200
#: No headline, description, name or address is longer; only floods lose anything.
MAX_VALUE = 10_000  #: characters of one value of meta or JSON-LD
MAX_NAMES = 1_000  #: of meta
MAX_VALUES = 64  #: of one name
_SIGNATURE_WITHIN = 1024  #: bytes
_GUESSED = 4_000  # bytes; a guess from more takes chardet seconds

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARKS = tuple(mark for mark, _ in _BOMS)
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
#: A control of which every quotation mark leaves one: a single character is looked for fifteen times as fast as two.
_MANGLED_TRACE = "\u0080"
#: Of two characters the first names letters of Europe, of Hebrew or of Arabic: "É»" and "Ö»" end quotations.
_MANGLED = re.compile(
    "[\u00c2-\u00c5\u00ce-\u00d1\u00d7-\u00db][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}"
)
_NOT_ASCII = re.compile(rb"[^\x80-\xff]{0,16}[\x80-\xff]++[^\x80-\xff]{0,16}")
_BINARY_DATA = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SNIFFED = 1 << 16  #: characters
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9.-]+(?:/[\w~%+-][\w.~%+-]*)*/?", re.ASCII
)  #: nothing to join or check
_LONE_SURROGATE = re.compile(r"\\u[dD][89abAB]")
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

    root: Element  #: <html>
    title: str  #: of <title>
    url: str
    base_url: str  #: what relative links stand against
    meta: Mapping[str, tuple[str, ...]]  #: lower-cased name, property or itemprop -> contents in page order
    links: Mapping[str, tuple[str, ...]]  #: rel -> absolute addresses in page order
    json_ld: tuple[Node, ...]  #: every node, @graph and lists flattened, @id references resolved
    articles: tuple[Node, ...]  #: those of json_ld that describe an article
    nodes: tuple[Node, ...]  #: json_ld with what is nested in it
    language: str | None  #: of <html>, as written
    feeds: tuple[DeclaredFeed, ...]
    truncated: bool  #: the page was longer than MAX_BYTES, also without padding
    binary: bool  #: these bytes are no text, whatever they call themselves


def is_pdf(body: bytes) -> bool:
    """Whether these bytes begin as a PDF does; readers look for the mark within the first kilobyte.

    >>> is_pdf(b"%PDF-1.7"), is_pdf(b"<p>%PDF-1.7</p>")
    (True, False)
    """
    head = body[:_SIGNATURE_WITHIN].lstrip(b"\xef\xbb\xbf\0\t\n\x0c\r ")
    return head.startswith(b"%PDF-")


def parse(html: bytes, url: str, charset: str | None = None) -> Document:
    """Parse a page; *charset* is what its HTTP header says.

    One parse, by the HTML Standard's rules, as browsers do. Raises HostileDocumentError for a page with more tags
    than any article has.
    """
    if len(html) > MAX_BYTES:
        html = unpadded(html)
    truncated = len(html) > MAX_BYTES
    text, binary = _decoded(html[:MAX_BYTES], charset)
    root = turbohtml.parse(without_floods(opened(text), url), positions=False).root or Element("html")
    declaring = list(root.iter_elements(("title", "base", "meta", "link", "script")))
    bases = (element.attr("href") for element in declaring if element.tag == "base")
    base_url = _joined(url, next(filter(None, bases), None)) or url
    meta, links, feeds = _head(declaring, base_url)
    json_ld = tuple(_json_ld(declaring))
    return Document(
        root=root,
        title=next(
            (each.text for each in declaring if each.tag == "title" and each.namespace is Namespace.HTML), ""
        ),
        url=url,
        base_url=base_url,
        meta=meta,
        links=links,
        json_ld=json_ld,
        articles=tuple(filter(is_article, json_ld)),
        nodes=with_nested(json_ld),
        language=root.attr("lang") or root.attr("xml:lang"),
        feeds=feeds,
        truncated=truncated,
        binary=binary,
    )


def _decoded(html: bytes, charset: str | None) -> tuple[str, bool]:
    """A page's characters without controls, and whether they are no text."""
    text = decode(html, charset)
    if not has_controls(html) and "\ufffe" not in text and "\uffff" not in text:
        return text, False
    return CONTROLS.sub("", text), _is_binary(text[:_SNIFFED])


def _is_binary(start: str) -> bool:
    """Whether one character of a hundred is what the MIME Sniffing Standard calls a binary data byte.

    But for NUL, with which some servers pad pages, and which browsers pass over.
    Of 1,524 pages none had more than one of thirty thousand; random bytes have eight of a hundred or more.
    """
    return len(_BINARY_DATA.findall(start)) * 100 > len(start)


def decode(html: bytes, charset: str | None = None) -> str:
    """Decode as browsers do: byte order mark, valid UTF-8, the header's charset, the page's, a guess."""
    for mark, encoding in _BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(encoding, "replace")
    if wide := _wide(html[:1000]):
        return html.decode(wide, "replace")
    try:
        return _mended(html.decode("utf-8"))
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


def _mended(text: str) -> str:
    """*text* as it was before its UTF-8 was read as Latin-1 and encoded again, which leaves controls in it.

    >>> _mended("the harbour\u00e2\u0080\u0099s caf\u00c3\u00a9")
    'the harbour’s café'
    """
    # A trace by itself is a euro of Windows-1252, and then "É»" stands for what it says.
    if _MANGLED_TRACE in text and any(_MANGLED_TRACE in found[0] for found in _MANGLED.finditer(text)):
        return _MANGLED.sub(_unmangled, text)
    return text


def _unmangled(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _is_mostly_utf8(html: bytes) -> bool:
    sample = html[:200_000]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    return broken * 20 < sum(1 for byte in sample if byte >= 0x80) + 20


def _wide(start: bytes) -> str | None:
    """UTF-16, where every other byte of a page's start is NUL, as ASCII is in it."""
    high, low = start[0::2].count(0), start[1::2].count(0)
    if 3 * max(high, low) < len(start) or not start:
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _guess(html: bytes) -> str:
    import chardet  # rare and slow to import: nine of ten pages are UTF-8 and most others say what they are

    telling = b"".join(match[0] for match, _ in zip(_NOT_ASCII.finditer(html), range(500), strict=False))
    found = chardet.detect(telling[:_GUESSED])
    codec = _CODECS.get((found["encoding"] or "").lower().replace("_", "-"))
    return codec if codec and (found["confidence"] or 0) > 0.6 else "cp1252"


def _joined(base: str, href: str | None) -> str | None:
    href = printable(href.strip()) if href else ""
    if not href:
        return None
    if _PLAIN_ADDRESS.fullmatch(href):
        return href
    try:
        joined = urljoin(base, href)
        return joined if urlsplit(joined).scheme in ("http", "https") else None
    except ValueError:
        return None


def _head(
    declaring: Sequence[Element], base_url: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], tuple[DeclaredFeed, ...]]:
    meta: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    feeds: list[DeclaredFeed] = []
    for element in declaring:
        tag = element.tag
        if tag == "meta":
            content = printable((element.attr("content") or "").strip()[:MAX_VALUE])
            if content and len(meta) < MAX_NAMES:
                names = (element.attr("property"), element.attr("name"), element.attr("itemprop"))
                for name in dict.fromkeys([name.strip().lower()[:MAX_VALUE] for name in names if name]):
                    _keep(meta, name, content)
            continue
        rel = element.attr("rel") if tag == "link" else None
        rels = _relations_of(rel[:MAX_VALUE]) if rel else None
        if not rels:
            continue
        rels = frozenset(rel for rel in rels if len(links.get(rel, ())) < MAX_VALUES)
        href = _joined(base_url, element.attr("href")) if rels else None
        if href is None or len(href) > MAX_VALUE:
            continue
        kind = (element.attr("type") or "").lower().split(";")[0].strip()
        if "alternate" in rels and kind in _FEED_TYPES:
            feeds.append(
                DeclaredFeed(url=href, title=printable((element.attr("title") or "").strip()), type=kind)
            )
        if "alternate" in rels and "print" in (element.attr("media") or "").lower():
            links.setdefault("print", []).append(href)
        for rel in rels:
            links.setdefault(rel, []).append(href)
    return (
        {name: tuple(contents) for name, contents in meta.items()},
        {rel: tuple(hrefs) for rel, hrefs in links.items()},
        tuple(feeds),
    )


@lru_cache(maxsize=128)
def _relations_of(rel: str) -> frozenset[str]:
    """The relations that are asked for among those of a rel attribute."""
    return _RELATIONS.intersection(rel.lower().split())


def _keep(meta: dict[str, list[str]], name: str, content: str) -> None:
    contents = meta.setdefault(name, [])
    if len(contents) < MAX_VALUES:
        contents.append(content)


def _json_ld(declaring: Sequence[Element]) -> list[Node]:
    """Every JSON-LD node of the page, outermost first, with references by @id replaced by their nodes."""
    nodes: list[dict[str, Any]] = []
    for script in declaring:
        if script.tag != "script" or "ld+json" not in (script.attr("type") or "").lower():
            continue
        text = script.text
        if not text or len(text) > MAX_JSON_LD_BYTES:
            continue
        for value in read_json(text):
            nodes += _flattened(_bounded(value))
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
        yield _without_surrogates(value) if _LONE_SURROGATE.search(text) else value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _without_surrogates(value: Any) -> Any:
    """A value without halves of characters, which no store and no encoder takes."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _bounded(value: Any, depth: int = 0) -> Any:
    """A copy of a JSON value without control characters and without the rest of what is longer or deeper than sense."""
    if isinstance(value, str):
        return printable(value[:MAX_VALUE])
    if depth > MAX_JSON_DEPTH:
        return None
    if isinstance(value, list):
        return [_bounded(item, depth + 1) for item in value[:MAX_JSON_LIST]]
    if isinstance(value, dict):
        items = itertools.islice(value.items(), MAX_JSON_LIST)
        return {key[:MAX_VALUE]: _bounded(item, depth + 1) for key, item in items}
    return value


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
