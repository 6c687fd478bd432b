"""The name of the site that a page belongs to, and the names by which it can be told from people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.article.details import Found, first, host_of, registrable
from bot.article.document import Document
from bot.article.names import squash, tidy
from bot.article.schema import strings, types_of

_SITE_TYPE = frozenset({"Organization", "NewsMediaOrganization", "WebSite"})
_LONGEST = 80  # characters; longer ones are headlines or mottos
_LAST_PART = re.compile(r"(?:\s[|–—\-·»•:]\s|\|)\s*((?:(?!\s[–—\-·»•:]\s)[^|]){2,40})$")  #: of a title


def site_keys(document: Document) -> frozenset[str]:
    """Return the squashed names that the page gives its site."""
    names = [
        tidy(v)
        for n in ("og:site_name", "application-name", "apple-mobile-web-app-title")
        for v in document.meta.get(n, ())
    ]
    names += [value.lstrip("@") for value in document.meta.get("twitter:site", ())]
    for node in document.nodes:
        names += strings(node.get("publisher"))
    for node in document.json_ld:  # not the nested ones: an agency is the author of some
        if _SITE_TYPE.intersection(types_of(node)):
            names += strings(node.get("name"))
    keys = {squash(name) for name in names if len(name) < _LONGEST}
    return frozenset(
        keys | {re.sub(r"^(?:the|der|die|das|le|la|el|il)(?=\w{4})", "", key) for key in keys}
    ) - {""}


def host_keys(document: Document) -> frozenset[str]:
    """Return the squashed names that a page's host can be read as: with and without its ending."""
    host = host_of(document.url).removeprefix("www.")
    owned = registrable(host)
    return frozenset(
        {squash(host), squash(owned), squash(owned.split(".")[0]), squash(host.split(".")[0])}
    ) - {""}


def read_site(document: Document, titles: Sequence[str] = ()) -> Found[str] | None:
    """Return the name of the site, without a motto; *titles* are the page's declared ones, which often end with it.

    A short name that nothing else on the page repeats, like that of a section, yields to one that the host has too.
    """
    host = host_of(document.url).removeprefix("www.")
    label = squash(registrable(host).split(".")[0])
    found = _site(document, titles, host, label)
    if not found:
        return None
    parts = [part for part in map(str.strip, found.value.split("|")) if part] or [found.value]
    return replace(found, value=next((part for part in parts if _is_of_host(part, label)), parts[0]))


def _is_of_host(name: str, label: str) -> bool:
    key = squash(name)
    return min(len(key), len(label)) > 2 and (key in label or label in key)


def _site(document: Document, titles: Sequence[str], host: str, label: str) -> Found[str] | None:
    named = list(_site_names(document))
    ends = [
        Found(value=found[1], source="title", confidence=0.7)
        for found in map(_LAST_PART.search, titles)
        if found
    ]
    told = [squash(found.value) for found in (*named, *ends)]
    if named and (sum(key.endswith(told[0]) for key in told) > 1 or len(named[0].value.split()) > 2):
        return named[0]
    for found in (*named, *ends):
        if _is_of_host(found.value, label):
            return found
    handle = first(document, "twitter:site")
    if not named and handle and handle[1].startswith("@"):
        return Found(value=handle[1][1:], source="meta:twitter:site", confidence=0.6)
    if named:
        return named[0]
    return Found(value=host, source="address", confidence=0.5) if host else None


def _site_names(document: Document) -> Iterator[Found[str]]:
    """Yield the names that the page's head gives its site, the most telling first."""
    declared = first(document, "og:site_name", "application-name", "apple-mobile-web-app-title")
    if declared and len(declared[1]) < _LONGEST and not declared[1].startswith("http"):
        yield Found(value=declared[1], source=f"meta:{declared[0]}", confidence=0.95)
    for node in document.articles:
        for name in strings(node.get("publisher")):
            yield Found(value=tidy(name), source="json-ld", confidence=0.9)
    for node in document.json_ld:
        if {"WebSite", "NewsMediaOrganization"}.intersection(types_of(node)):
            for name in strings(node.get("name")):
                yield Found(value=tidy(name), source="json-ld", confidence=0.8)
