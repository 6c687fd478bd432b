"""Reads what an article has beyond the page that was asked for: its further pages, or another form of a poor one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bot.errors import FetchError, LinkError, ReadError
from bot.links import host_of, normalise, page_key
from bot.model import Article, Page, Summary
from bot.sandbox import Child, SandboxKilled
from bot.services.reading import join_pages, read_further

log = logging.getLogger(__name__)

PAGES = 5  #: of one article
SECONDS = 20.0  #: for everything beyond the first page
_TITLE = 10  #: letters; a shorter title within another says nothing

#: A page in the child: what bot.services.reading.read_page does.
PageReader = Callable[[Page, int, int], tuple[Article, Summary]]


class Fetcher(Protocol):
    """Whoever brings pages; bot.fetch.client.FetchClient in life."""

    async def get(self, url: str) -> Page:
        """The page at *url*; raises a FetchError."""
        ...


class Completer:
    """Completes articles, a few requests at most; what cannot be had leaves the article as it was read."""

    def __init__(
        self, fetcher: Fetcher, child: Child, read_page: PageReader, *, max_chars: int, max_facts: int
    ) -> None:
        self._fetcher = fetcher
        self._child = child
        self._read_page = read_page
        self._limits = max_chars, max_facts

    async def complete(self, page: Page, article: Article, summary: Summary) -> tuple[Article, Summary]:
        """*article*, as it was read from *page*, with what its further pages or its other form say."""
        if page.no_archive or not (article.alternate or article.next_page):
            return article, summary
        try:
            async with asyncio.timeout(SECONDS):
                if article.alternate:
                    return await self._in_other_form(article, summary, article.alternate)
                return await self._with_further_pages(article, summary)
        except TimeoutError:
            return replace(article, truncated=article.truncated or bool(article.next_page)), summary

    async def _in_other_form(
        self, article: Article, summary: Summary, address: str
    ) -> tuple[Article, Summary]:
        page = await self._page(address, article.url)
        if page is None:
            return article, summary
        try:
            other, its_summary = await self._child.run(self._read_page, page, *self._limits)
        except (ReadError, SandboxKilled):
            return article, summary
        if other.barrier or other.word_count <= 2 * article.word_count:
            return article, summary
        log.info("read in another form", extra={"words": other.word_count})
        return replace(
            other,
            url=article.url,
            canonical_url=article.canonical_url or other.canonical_url,
            truncated=other.truncated or bool(other.next_page),
        ), its_summary

    async def _with_further_pages(self, article: Article, summary: Summary) -> tuple[Article, Summary]:
        pages = [article]
        visited = {page_key(article.url)}
        goes_on = article.next_page
        while goes_on and len(pages) < PAGES:
            further = await self._further(pages, goes_on, visited)
            if further is None:
                break
            pages.append(further)
            goes_on = further.next_page
        whole = replace(article, truncated=article.truncated or bool(goes_on), next_page=None)
        if len(pages) == 1:
            return whole, summary
        log.info("read further pages", extra={"pages": len(pages)})
        try:
            return await self._child.run(join_pages, (whole, *pages[1:]), *self._limits)
        except SandboxKilled:
            return replace(whole, truncated=True), summary

    async def _further(self, pages: list[Article], address: str, visited: set[str]) -> Article | None:
        """The next page; None where there is none to be had that goes on with the article."""
        page = await self._page(address, pages[0].url)
        if page is None or page_key(page.url) in visited:
            return None
        visited.add(page_key(page.url))
        try:
            further = await self._child.run(read_further, page, pages[0].url)
        except (ReadError, SandboxKilled):
            return None
        return further if not further.barrier and goes_on_with(pages, further) else None

    async def _page(self, address: str, start: str) -> Page | None:
        """The page at *address*, unless it cannot be had, leads elsewhere, or no copy of it may be kept."""
        try:
            asked = normalise(address)
            page = await self._fetcher.get(asked)
        except (LinkError, FetchError):
            return None
        return page if not page.no_archive and host_of(page.url) in (host_of(asked), host_of(start)) else None


def goes_on_with(pages: list[Article], further: Article) -> bool:
    """Whether *further* is a page of the same article: its title or its own address says so, and it has new text."""
    first = pages[0]
    known = {block for page in pages for block in page.blocks}
    if not set(further.blocks) - known:
        return False
    if first.canonical_url is not None and first.canonical_url == further.canonical_url:
        return True
    one, other = sorted((_letters(first.title), _letters(further.title)), key=len)
    return one == other or (len(one) >= _TITLE and one in other)


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))
