"""Where an article goes on: its next page, or another form of it where this one shows little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from turbohtml import Element

from bot.article.details import host_of, opening, registrable
from bot.article.document import Document

_LAST = 50  #: the highest page number that is believed
_ABOVE = 5  #: elements around a link in which a word on comments counts
_MOST_LINKS = 200  #: that bear the number and are looked at
_KEYS = frozenset("page p pg pagina page_number pagenum pageno seite strona sida side".split())
_WORD = r"(?:page|seite|pagina|página|strona|sida|side|p)"
#: How addresses number pages: the stem, the number, what follows. The second form has the word that says so.
_BARE = re.compile(r"(.+?)(?:/|[-_,.;]|/[-_,])(\d{1,2})(\.\w{2,5})?")
_NAMED = re.compile(rf"(.+?)[-/_,.;]{_WORD}[-/_,.]?(\d{{1,2}})(\.\w{{2,5}})?", re.IGNORECASE)
_LISTING = re.compile(
    r"/(?:category|kategorie|rubrik|tags?|label|author|archives?|topics?|search)/", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|comentario|reply|respond|disqus", re.IGNORECASE)


def find_next_page(document: Document, first: str | None = None) -> str | None:
    """Return the address of the article's next page; *first* is that of its first page, where this is a later one.

    Pages follow one another by rel=next, and so do articles and a blog's archives; a link that bears the next number
    may be to anything. So the page must be an article, and the address that of its first page with the next number.
    """
    if first is None and not _is_article(document):
        return None
    start = first or document.url
    named = _number(start)
    number = ((_number_after(first, document.url) if first else None) or named or 1) + 1
    if number > _LAST or urlsplit(start).path in ("", "/"):
        return None
    stem = _stem(start) if named else _plain(start)
    for address in _candidates(document, number):
        if host_of(address) == host_of(start) and (stem, number) in _readings(address):
            return address
    return None


def _is_article(document: Document) -> bool:
    """Whether a page calls itself an article, or at least does not look like a list of them."""
    kind = document.meta.get("og:type", ("",))[0].lower()
    if document.articles or kind == "article":
        return True
    listed = len(document.root.find_all("article", limit=2)) > 1 or _LISTING.search(
        urlsplit(document.url).path
    )
    return not kind and not listed


def _candidates(document: Document, number: int) -> Iterator[str]:
    yield from document.links.get("next", ())
    wanted = str(number)
    links = document.root.select(f'a[href*="{number}"]')
    named = (link for link in links if link.attr("rel") == "next" or opening(link).strip() == wanted)
    for link in islice(named, _MOST_LINKS):
        href = link.attr("href") or ""
        if not _is_of_comments(link, href):
            try:
                yield urljoin(document.base_url, href.strip())
            except ValueError:
                continue


def _is_of_comments(link: Element, href: str) -> bool:
    if _COMMENTS.search(href.partition("#")[2]):
        return True
    return any(
        _COMMENTS.search(f"{around.attr('class')} {around.attr('id')}")
        for around in islice(link.ancestors, _ABOVE)
        if isinstance(around, Element)
    )


# ------------------------------------------------------------------ addresses
def _plain(address: str) -> str:
    """An address as stems are compared: host, path and what is asked, without the page's number."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    asked = sorted(pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _KEYS)
    return f"{host_of(address)}{parts.path.rstrip('/')}?{asked}"


def _readings(address: str) -> Iterator[tuple[str, int]]:
    """The (stem, number) pairs that an address may mean.

    >>> ("example.org/ferry.html?[]", 2) in list(_readings("https://example.org/ferry-2.html"))
    True
    """
    plain = _plain(address)
    number = _asked(address)
    if number:
        yield plain, number
        return
    path, mark, asked = plain.partition("?")
    for pattern in (_NAMED, _BARE):
        if found := pattern.fullmatch(path):
            yield f"{found[1]}{found[3] or ''}{mark}{asked}", int(found[2])


def _asked(address: str) -> int | None:
    for key, value in parse_qsl(urlsplit(address).query):
        if key.lower() in _KEYS and re.fullmatch(r"\d{1,2}", value):
            return int(value)
    return None


def _number(address: str) -> int | None:
    """The page number of an address that says that it has one: a bare one may be an article's."""
    if asked := _asked(address):
        return asked
    found = _NAMED.fullmatch(_plain(address).partition("?")[0])
    return int(found[2]) if found else None


def _stem(address: str) -> str:
    return next(stem for stem, _ in _readings(address))


def _number_after(first: str, current: str) -> int | None:
    """The number of the page *current* of the article that begins at *first*."""
    stem = _stem(first) if _number(first) else _plain(first)
    return next((number for read, number in _readings(current) if read == stem), None)


# ------------------------------------------------------------------ other forms
def find_alternate(document: Document) -> str | None:
    """Return the address of the same article in another form on the same site: AMP, for print, or the full page."""
    own = registrable(host_of(document.url))
    here = document.url.partition("#")[0].rstrip("/")
    for rel in ("amphtml", "print", "canonical"):
        for address in document.links.get(rel, ()):
            other = address.partition("#")[0].rstrip("/")
            if (
                registrable(host_of(address)) == own
                and other != here
                and urlsplit(address).path not in ("", "/")
            ):
                return address
    return None
