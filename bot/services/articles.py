"""Reading articles: from the store, or fetched once however many ask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.errors import (
    ConsentWallError,
    EmptyPageError,
    ExtractionKilledError,
    JavaScriptOnlyError,
    LinkError,
    NotArticleError,
    PaywallError,
    ReadError,
)
from bot.links import normalise, page_key
from bot.model import Article, Barrier, Page, Reading, Summary
from bot.sandbox import SandboxKilled
from bot.store.articles import ArticleRepository

log = logging.getLogger(__name__)

T = TypeVar("T")

#: A page in the child: what bot.services.reading.read_page does.
PageReader = Callable[[Page, int, int], tuple[Article, Summary]]

BARRIERS: dict[Barrier, type[ReadError]] = {
    Barrier.PAYWALL: PaywallError,
    Barrier.CONSENT: ConsentWallError,
    Barrier.JAVASCRIPT: JavaScriptOnlyError,
    Barrier.NOT_ARTICLE: NotArticleError,
    Barrier.EMPTY: EmptyPageError,
}


class Fetcher(Protocol):
    """Whoever brings pages; bot.fetch.client.FetchClient in life."""

    async def get(self, url: str) -> Page:
        """The page at *url*; raises a FetchError."""
        ...


class Child(Protocol):
    """Whoever runs a function where it can be killed; bot.sandbox.Sandbox in life."""

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """What *function* returns; raises what it raises, or SandboxKilled."""
        ...


class ArticleService:
    """Articles by address."""

    def __init__(
        self,
        repository: ArticleRepository,
        fetcher: Fetcher,
        child: Child,
        clock: Callable[[], datetime],
        *,
        read_page: PageReader,
        max_chars: int = 400,
        max_facts: int = 5,
    ) -> None:
        self._repository = repository
        self._fetcher = fetcher
        self._child = child
        self._clock = clock
        self._read_page = read_page
        self._max_chars = max_chars
        self._max_facts = max_facts
        self._under_way: dict[str, asyncio.Task[Reading]] = {}

    async def known(self, url: str) -> Reading | None:
        """The article at *url* if it was read before; raises LinkError."""
        return await self._repository.find(page_key(normalise(url)))

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        return await self._repository.get(article_id)

    async def read(self, url: str) -> Reading:
        """The article at *url*, fetched if need be.

        Raises LinkError, a FetchError or a ReadError; nothing is kept of a page that could not be read.
        """
        address = normalise(url)
        key = page_key(address)
        if stored := await self._repository.find(key):
            return stored
        task = self._under_way.get(key)
        if task is None:
            # A task of its own: the first asker may give up while others still wait.
            task = asyncio.create_task(self._fetch(address, key), name=f"read {key}")
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    def _forget(self, key: str, done: asyncio.Task[Reading]) -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # seen: the asker may have left

    async def _fetch(self, address: str, key: str) -> Reading:
        page = await self._fetcher.get(address)
        landed = page_key(page.url)
        if landed != key and (stored := await self._repository.find(landed)):
            return stored
        try:
            article, summary = await self._child.run(self._read_page, page, self._max_chars, self._max_facts)
        except SandboxKilled as error:
            raise ExtractionKilledError(page.url, str(error)) from error
        if article.barrier:
            raise BARRIERS[article.barrier](page.url, article.title)
        reading = await self._repository.add(
            _canonical_key(article) or landed, {key, landed}, article, summary, self._clock()
        )
        log.info("read", extra={"article": reading.id, "words": article.word_count})
        return reading


def _canonical_key(article: Article) -> str | None:
    """The key of the address that the page gives itself; extract() vouches for its host."""
    if article.canonical_url is None:
        return None
    try:
        return page_key(normalise(article.canonical_url))
    except LinkError:
        return None
