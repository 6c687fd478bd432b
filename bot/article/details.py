"""What a page declares about itself besides people, dates, title and site: description, picture, tags, address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from turbohtml import Element

from bot.article.document import Document
from bot.article.names import tidy
from bot.article.remembering import remembered
from bot.article.schema import strings
from bot.model import Image

T = TypeVar("T")

_SECOND_LEVEL = frozenset("co com org net gov ac edu or ne go gob".split())
_FILLER_IMAGE = re.compile(
    r"(?:^|[/_.-])(?:logo|logos|placeholder|default|favicon|sprite|blank|spacer|pixel|avatar|icon)s?(?:[/_.-]|\d|$)",
    re.IGNORECASE,
)
_ARCHIVE = "web.archive.org"
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d{4,14}\w{0,3}/(?=https?://)")
_SIZE = re.compile(r"(?:-\d+x\d+|[-_.@](?:\d+x\d*|\d*w\d*|large|small|thumb\w*|scaled))*\.\w{3,4}$")
_PIECES, _OPENING = 100, 2_000  # texts of an element, and characters of them
_CREDIT_CLASS = re.compile(
    r"credit|copyright|source|quelle|fotograf|photographer|byline|rights", re.IGNORECASE
)
_CREDIT_TEXT = re.compile(
    r"(?:©|\(c\)|(?:photo|foto|bild|image|credit|picture|crédit|photograph)s?(?:\s+(?:by|von|credit|"
    r"par))?\s*[:：])\s*(.{2,120})$",
    re.IGNORECASE,
)
_KEYWORDS = (
    "news_keywords",
    "keywords",
    "parsely-tags",
    "sailthru.tags",
    "cxenseparse:tags",
    "dc.subject",
    "tags",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """A value with its provenance."""

    value: T
    source: str
    confidence: float  #: 0 to 1


def registrable(host: str) -> str:
    """Return the part of *host* that its owner registered, by shape.

    >>> registrable("news.bbc.co.uk"), registrable("www.example.org")
    ('bbc.co.uk', 'example.org')
    """
    labels = host.lower().strip(".").split(".")
    wide = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if wide else labels[-2:])


def original(url: str) -> str:
    """Return the address that a copy in a web archive was made of; any other address as it is.

    >>> original("https://web.archive.org/web/20160330101229/http://example.org/cake")
    'http://example.org/cake'
    """
    return _ARCHIVED.sub("", url) if _ARCHIVE in url else url


@remembered(128)
def host_of(url: str) -> str:
    """Return the lower-case host of *url*, or of what it is an archived copy of; empty where there is none."""
    try:
        return (urlsplit(original(url)).hostname or "").lower()
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """Return the path of *url*, or of what it is an archived copy of; empty where there is none."""
    try:
        return urlsplit(original(url)).path
    except ValueError:
        return ""


def first(document: Document, *names: str) -> tuple[str, str] | None:
    """Return (name, content) of the first of the meta *names* that says anything."""
    for name in names:
        for content in document.meta.get(name, ()):
            text = tidy(content)
            if text:
                return name, text
    return None


def read_description(document: Document) -> Found[str] | None:
    """Return the page's own one-paragraph description."""
    declared = first(
        document,
        "og:description",
        "description",
        "twitter:description",
        "dc.description",
        "sailthru.description",
    )
    if declared:
        return Found(value=declared[1], source=f"meta:{declared[0]}", confidence=0.9)
    for node in document.articles:
        for text in strings(node.get("description")):
            return Found(value=tidy(text), source="json-ld", confidence=0.8)
    return None


def opening(node: Element) -> str:
    """Return what the text of *node* begins with: of elements around each other, each would hold all the rest."""
    return "".join(islice(node.strings, _PIECES))[:_OPENING]


def read_tags(document: Document) -> Found[tuple[str, ...]] | None:
    """Return the page's tags, each once, in order."""
    tags = [tag for value in document.meta.get("article:tag", ()) for tag in _listed(value)]
    if tags:
        return Found(value=_unique(tags), source="meta:article:tag", confidence=0.9)
    for node in document.articles:
        tags = [tag for value in strings(node.get("keywords")) for tag in _listed(value)]
        if tags:
            return Found(value=_unique(tags), source="json-ld", confidence=0.85)
    for name in _KEYWORDS:
        tags = [tag for value in document.meta.get(name, ()) for tag in _listed(value)]
        if tags:
            return Found(value=_unique(tags), source=f"meta:{name}", confidence=0.7)
    visible = [tidy(opening(link)) for link in document.root.select('a[rel~="tag"]')]
    tags = [tag.lstrip("#") for tag in visible if 1 < len(tag) < 60]
    return Found(value=_unique(tags), source="rel=tag", confidence=0.6) if tags else None


def _listed(value: str) -> list[str]:
    """Split a list of keywords; entries may be typed ("keyword:…") and numbered."""
    parts = re.split(r"\s*[,;|、]\s*", tidy(value)) if len(value) < 4000 else []
    return [part for part in parts if part and len(part) < 80]


def _unique(tags: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:50]


def read_canonical(document: Document) -> Found[str] | None:
    """Return the page's own permanent address: only one on the same site that names a page, not the front."""
    here, path = host_of(document.url), path_of(document.url)
    candidates = [(href, "rel=canonical") for href in document.links.get("canonical", ())]
    candidates += [(href, "meta:og:url") for href in document.meta.get("og:url", ())]
    for href, source in candidates:
        try:
            url = urljoin(document.base_url or document.url, href.strip())
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 2048:
            continue
        front = parts.path in ("", "/") and not parts.query
        if here and (registrable(host_of(url)) != registrable(here) or (front and path not in ("", "/"))):
            continue
        return Found(value=url, source=source, confidence=0.95)
    return (
        Found(value=document.url.partition("#")[0], source="address", confidence=0.5)
        if document.url
        else None
    )


def read_image(document: Document) -> Found[Image] | None:
    """Return the lead picture: the best declared one, else the first of a figure, with the words of its figure."""
    if declared := _declared_image(document):
        url, source, confidence = declared
        return Found(value=_described(document, url), source=source, confidence=confidence)
    for figure in document.root.iter_elements("figure"):
        for shown in figure.iter_elements("img"):
            found = _absolute(document, _source_of(shown))
            if found and not _FILLER_IMAGE.search(_path(found)):
                return Found(value=_described(document, found), source="figure", confidence=0.5)
    return None


def _declared_image(document: Document) -> tuple[str, str, float] | None:
    """Return (address, source, confidence) of the first declared picture that is no filler, else of the first."""
    filler = None
    for value, source, sure in _declared_images(document):
        url = _absolute(document, value)
        if url and not _FILLER_IMAGE.search(_path(url)):
            return url, source, sure
        if url and filler is None:
            filler = url, source, sure
    return filler


def _declared_images(document: Document) -> Iterator[tuple[str, str, float]]:
    """Yield (address as declared, source, confidence) of the declared pictures."""
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        for value in document.meta.get(name, ()):
            yield value, f"meta:{name}", 0.95
    for node in document.articles:
        image = node.get("image")
        for value in (*strings(image, "url"), *strings(image, "contentUrl")):
            yield value, "json-ld", 0.85
        for value in strings(node.get("thumbnailUrl")):
            yield value, "json-ld", 0.7
    for value in document.links.get("image_src", ()):
        yield value, "rel=image_src", 0.7
    for name in ("sailthru.image.full", "parsely-image-url", "thumbnail", "image"):
        for value in document.meta.get(name, ()):
            yield value, f"meta:{name}", 0.6


def _absolute(document: Document, value: str) -> str | None:
    try:
        url = urljoin(document.base_url or document.url, value.strip())
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) and len(url) <= 2048 else None


def _path(url: str) -> str:
    return path_of(url) if "://" in url else url


def _stem(url: str) -> str:
    """Return the file name of a picture without size and ending."""
    return _SIZE.sub("", unquote(url).split("?")[0].rstrip("/").rpartition("/")[2]).casefold()


def _source_of(shown: Element) -> str:
    for name in ("src", "data-src", "data-lazy-src", "data-original"):
        value = shown.attr(name) or ""
        if value and not value.startswith("data:"):
            return value
    return (shown.attr("srcset") or shown.attr("data-srcset") or "").strip().split(" ")[0]


def _described(document: Document, url: str) -> Image:
    """Return the picture with the words of the figure that shows it."""
    stem = _stem(url)
    alt = caption = credit = None
    if len(stem) >= 5:
        for shown in document.root.iter_elements("img"):
            addresses = (
                f"{shown.attr('src') or ''} {shown.attr('data-src') or ''} {shown.attr('srcset') or ''}"
            )
            if stem in (unquote(addresses) if "%" in addresses else addresses).casefold():
                alt = tidy(shown.attr("alt") or "") or None
                caption, credit = _words_of(shown)
                break
    declared = first(document, "og:image:alt", "twitter:image:alt")
    return Image(url=url, alt=alt or (declared[1] if declared else None), caption=caption, credit=credit)


def _words_of(shown: Element) -> tuple[str | None, str | None]:
    """Return (caption, credit) of the figure around a picture."""
    figure = shown.closest("figure")
    words = figure.find("figcaption") if figure else None
    if words is None:
        return None, None
    credit = None
    for part in words.iter_elements():
        if _CREDIT_CLASS.search(part.attr("class") or ""):
            credit = tidy(" ".join(part.strings)) or None
            break
    text = tidy(" ".join(words.strings))
    if credit and credit in text:
        text = text.replace(credit, "").strip(" |–—-·/")
    elif not credit and (found := _CREDIT_TEXT.search(text)):
        credit, text = found[1].strip(" )"), text[: found.start()].strip(" |–—-·/(")
    return text[:600] or None, credit[:200] if credit else None
