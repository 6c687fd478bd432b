"""Who a page may be by: every name that it declares in JSON-LD and meta elements, each with where it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bot.article.bylines import Mention, mentions_of, slug_of
from bot.article.document import Document
from bot.article.names import fold
from bot.article.places import Places
from bot.article.schema import Node, strings, types_of

_META = {
    "author": "meta:author",
    "authors": "meta:author",
    "article:author": "meta:article:author",
    "article:author_name": "meta:article:author",
    "parsely-author": "meta:parsely-author",
    "sailthru.author": "meta:sailthru.author",
    "dc.creator": "meta:dc.creator",
    "dcterms.creator": "meta:dc.creator",
    "byl": "meta:byl",
    "cxenseparse:author": "meta:cxenseparse:author",
    "citation_author": "meta:citation_author",
    "twitter:creator": "meta:twitter:creator",
}
DECLARED = frozenset(_META.values()) - {"meta:twitter:creator"} | {
    "json-ld",
    "json-ld:other article",
    "meta:label",
    "meta:other",
}
_PICTURES = frozenset(
    ("ImageObject", "Photograph", "VideoObject", "MediaObject")
)  #: have authors of their own
_OTHER_META = re.compile(r"author|byline|autor|creator")
_NOT_NAME_META = re.compile(r"url|link|id$|image|img|email|twitter|type|count|box")
_WRITTEN_BY = re.compile(
    r"written|author|by\b|verfasst|von|escrito|écrit|autor|geschrieben|skrevet|scritto|auteur", re.IGNORECASE
)


def find_declared(document: Document, places: Places) -> list[Mention]:
    """Return every name that the page declares in JSON-LD and meta elements."""
    return [*_json_ld(document, places), *_meta(document)]


def _json_ld(document: Document, places: Places) -> Iterator[Mention]:
    articles = sorted(document.articles, key=lambda node: -_match(node, document, places))
    source = "json-ld"
    for node in articles:
        author = node.get("author") or node.get("creator")
        names = [name for name in _names(author) if not name.startswith(("http://", "https://"))]
        if names:
            head = author[0] if isinstance(author, Sequence) and not isinstance(author, str) else author
            kinds = " ".join(types_of(head)) if isinstance(head, Mapping) else ""
            matches = _match(node, document, places)
            yield from mentions_of(source, names, person="Person" in kinds, matches=matches)
            source = "json-ld:other article"
    known = {id(node) for node in articles}
    for node in document.nodes:
        types = types_of(node)
        if "Person" in types:
            yield from mentions_of("json-ld:person", _names(node))
        elif id(node) not in known and node.get("author") and _PICTURES.isdisjoint(types):
            yield from mentions_of("json-ld:other", _names(node["author"]))


def _names(value: object) -> Iterator[str]:
    """Yield the names of schema.org people: whole, else given name and surname."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _names(item)
    elif isinstance(value, Mapping) and not value.get("name"):
        parts = [*strings(value.get("givenName")), *strings(value.get("familyName"))]
        yield from [" ".join(parts)] if parts else ()
    else:
        yield from strings(value)


def _match(node: Node, document: Document, places: Places) -> int:
    """Return how far a JSON-LD article is this page's: 0 to 2."""
    headline = next(strings(node.get("headline")), "")
    own = set(fold(headline).split())
    titles = (set(fold(title).split()) for title in places.declared_titles)
    same_title = bool(own) and any(
        2 * len(own & title) > 1.2 * (len(own) + len(title)) / 2 for title in titles
    )
    page = node.get("mainEntityOfPage") or node.get("url")
    address = page.get("@id") if isinstance(page, Mapping) else page
    return same_title + (isinstance(address, str) and _same_page(address, document.url))


def _same_page(a: str, b: str) -> bool:
    try:
        x, y = urlsplit(a), urlsplit(b)
    except ValueError:
        return False
    return bool(x.path.strip("/")) and x.path.rstrip("/") == y.path.rstrip("/")


def _meta(document: Document) -> Iterator[Mention]:
    grouped: dict[str, list[str]] = {}
    for name, contents in document.meta.items():
        source = _META.get(name)
        if source is None and _OTHER_META.search(name) and not _NOT_NAME_META.search(name):
            source = "meta:other"
        if name in ("twitter:data1", "twitter:data2"):
            label = " ".join(document.meta.get(name.replace("data", "label"), ()))
            source = "meta:label" if _WRITTEN_BY.search(label) else None
        if source is None:
            continue
        for content in contents:
            if content.startswith(("http://", "https://")):
                yield from slug_of(content)
            elif len(content) <= 300:
                grouped.setdefault(source, []).append(content)
    for source, values in grouped.items():
        yield from mentions_of(source, values)
