"""Reading articles: from the store, or fetched once however many ask."""

from __future__ import annotations

import asyncio
import copy
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import (
    ExtractionKilledError,
    LinkError,
    UrlError,
)
from bot.links import normalise, page_key
from bot.model import Article, Entry, Reading
from bot.sandbox import Child, SandboxKilled
from bot.services.barriers import BARRIERS
from bot.services.completing import Completer, Fetcher, PageReader
from bot.services.parsing import read_entry
from bot.services.reading import LENGTHS, summarise_again
from bot.store.articles import ArticleRepository

log = logging.getLogger(__name__)


#: How long a page that could not be read is not asked for again.
FAILURE_KEPT = timedelta(minutes=1)

_AFTER_HOST = re.compile(r"[/?]")


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
        self._completer = Completer(fetcher, child, read_page, max_chars=max_chars, max_facts=max_facts)
        self._under_way: dict[str, asyncio.Task[Reading]] = {}
        self._failed: dict[str, tuple[datetime, UrlError]] = {}  # when it may be asked for again

    async def known(self, url: str) -> Reading | None:
        """The article at *url* if it was read before; raises LinkError."""
        return await self._repository.find(page_key(normalise(url)))

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        return await self._repository.get(article_id)

    async def read(self, url: str) -> Reading:
        """The article at *url*, fetched if need be.

        Raises LinkError, a FetchError or a ReadError; nothing is kept of a page that could not be read, and
        it is not asked for again for `FAILURE_KEPT`.
        """
        address = normalise(url)
        key = page_key(address)
        task = self._under_way.get(key)
        if task is None:
            # A task of its own: the first asker may give up while others still wait.
            task = asyncio.create_task(self._stored_or_fetched(address, key), name=f"read {key}")
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    async def read_teaser(self, entry: Entry) -> Reading:
        """What a feed says of an article whose page cannot be read; a page that was read stays.

        Raises LinkError or ExtractionKilledError.
        """
        address = normalise(entry.url or "")
        key = page_key(address)
        try:
            article, summary = await self._child.run(
                read_entry, entry, address, self._max_chars, self._max_facts
            )
        except SandboxKilled as error:
            raise ExtractionKilledError(address, str(error)) from error
        return await self._repository.add(key, {key}, article, summary, self._clock())

    async def at_length(self, reading: Reading, length: str) -> Reading:
        """The reading with a "short", "normal" or "long" summary, which is not kept.

        As it is where the text was not to be kept. Raises ExtractionKilledError.
        """
        article = reading.article
        if not article.text:
            return reading
        try:
            summary = await self._child.run(
                summarise_again, article.title, article.text, article.language, *LENGTHS[length]
            )
        except SandboxKilled as error:
            raise ExtractionKilledError(article.url, str(error)) from error
        return replace(reading, summary=summary)

    async def report(self, article_id: int, guild_id: int, user_id: int, reason: str) -> None:
        """Keep a member's complaint about a summary, one an article and member."""
        log.info("summary reported", extra={"article": article_id, "guild": guild_id})
        await self._repository.add_report(article_id, guild_id, user_id, reason, self._clock())

    async def close(self) -> None:
        """Give up what is being read."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, key: str, done: asyncio.Task[Reading]) -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # seen: the asker may have left

    async def _stored_or_fetched(self, address: str, key: str) -> Reading:
        if stored := await self._repository.find(key):
            return stored
        now = self._clock()
        if key in self._failed and now < self._failed[key][0]:
            raise copy.copy(self._failed[key][1])
        try:
            return await self._fetch(address, key)
        except UrlError as error:
            self._failed = {kept: value for kept, value in self._failed.items() if now < value[0]}
            self._failed[key] = (now + FAILURE_KEPT, copy.copy(error))
            raise

    async def _fetch(self, address: str, key: str) -> Reading:
        page = await self._fetcher.get(address)
        landed = page_key(page.url)
        if landed != key and (stored := await self._repository.find(landed)):
            await self._repository.also_at(stored.id, [key])
            return stored
        try:
            article, summary = await self._child.run(self._read_page, page, self._max_chars, self._max_facts)
        except SandboxKilled as error:
            raise ExtractionKilledError(page.url, str(error)) from error
        article, summary = await self._completer.complete(page, article, summary)
        if article.barrier:
            raise BARRIERS[article.barrier](page.url, article.title)
        canonical = _canonical_key(article, landed)
        if canonical and (stored := await self._repository.find(canonical)):
            if _same_story(stored.article, article):
                await self._repository.also_at(stored.id, {key, landed})
                return stored
            canonical = None
        reading = await self._repository.add(
            canonical or landed, {key, landed}, article, summary, self._clock()
        )
        log.info("read", extra={"article": reading.id, "words": article.word_count})
        return reading


def _canonical_key(article: Article, landed: str) -> str | None:
    """The key of the address that the page gives itself, where it can be believed.

    Not of another host, or anyone could put words into anyone's article; not the front page, which is what
    careless templates name on every page.
    """
    if article.canonical_url is None:
        return None
    try:
        key = page_key(normalise(article.canonical_url))
    except LinkError:
        return None
    host, *rest = _AFTER_HOST.split(key, maxsplit=1)
    return key if rest and host == _AFTER_HOST.split(landed, maxsplit=1)[0] else None


def _same_story(one: Article, other: Article) -> bool:
    """Whether two pages that claim one address hold one article; careless templates claim a section's."""
    if one.title and one.title.casefold() == other.title.casefold():
        return True
    blocks, others = set(one.blocks), set(other.blocks)
    return 2 * len(blocks & others) > min(len(blocks), len(others))
