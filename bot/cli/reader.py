"""Reads pages for the command line: fetched or from a file, then in the child that can be killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache

from bot.cli.sources import Source
from bot.equipment import new_fetcher, new_sandbox
from bot.errors import ExtractionKilledError, ThreadlineError, TooLargeError
from bot.links import normalise
from bot.model import Article, Page, Summary
from bot.sandbox import Sandbox, SandboxKilled
from bot.services.barriers import BARRIERS
from bot.services.completing import Completer, Fetcher
from bot.services.reading import LENGTHS, read_page
from bot.settings import Settings

#: Pages fetched at once; one host is still asked one thing at a time.
AT_ONCE = 8

Outcome = tuple[Article, Summary] | ThreadlineError


class Reader:
    """Reads one source at a time or many."""

    def __init__(self, settings: Settings, fetcher: Callable[[], Fetcher], child: Sandbox) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._child = child
        self._limits = LENGTHS[settings.summary.length].characters, settings.summary.facts

    async def read(self, source: Source) -> tuple[Article, Summary]:
        """The article and its summary; raises LinkError, a FetchError or a ReadError."""
        page = await self._page(source)
        try:
            article, summary = await self._child.run(read_page, page, *self._limits)
        except SandboxKilled as error:
            raise ExtractionKilledError(page.url, str(error)) from error
        if source.body is None:
            max_chars, max_facts = self._limits
            completer = Completer(
                self._fetcher(), self._child, read_page, max_chars=max_chars, max_facts=max_facts
            )
            article, summary = await completer.complete(page, article, summary)
        if article.barrier:
            raise BARRIERS[article.barrier](page.url, article.title)
        return article, summary

    async def read_all(
        self,
        sources: Sequence[Source],
        show: Callable[[Source, Outcome], object],
        done: Callable[[], object] = tuple,
    ) -> None:
        """Read all at once; *show* what came of each, in their order. *done* is called whenever one has ended."""
        free = asyncio.Semaphore(AT_ONCE)

        async def outcome(source: Source) -> Outcome:
            async with free:
                try:
                    return await self.read(source)
                except ThreadlineError as error:
                    return error
                finally:
                    done()

        tasks = [asyncio.create_task(outcome(source), name=f"read {source.name}") for source in sources]
        try:
            for source, task in zip(sources, tasks, strict=True):
                show(source, await task)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _page(self, source: Source) -> Page:
        if source.body is None:
            return await self._fetcher().get(normalise(source.url))
        if len(source.body) > self._settings.fetch.max_bytes:
            raise TooLargeError(source.url)
        return Page(
            url=source.url, requested_url=source.url, status=200, body=source.body, content_type="text/html"
        )


@asynccontextmanager
async def open_reader(settings: Settings) -> AsyncIterator[Reader]:
    """A reader whose child warms up while the first page is on its way."""
    async with AsyncExitStack() as stack:
        child = new_sandbox(settings)
        stack.push_async_callback(child.close)
        child.start()

        @cache
        def fetcher() -> Fetcher:  # opened for the first address: files are read without
            opened = new_fetcher(settings)
            stack.push_async_callback(opened.close)
            return opened

        yield Reader(settings, fetcher, child)
