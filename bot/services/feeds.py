"""Followed feeds: asked when they are due, their new entries read and told to whoever subscribed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from bot.errors import (
    ExtractionKilledError,
    FeedError,
    FetchTimeoutError,
    LinkError,
    RefusedError,
    RobotsError,
    ServerError,
    ThreadlineError,
    UnreachableError,
    UrlError,
)
from bot.feeds.discovery import candidate_feeds, well_known_feeds
from bot.links import normalise
from bot.model import Entry, Feed, FollowedFeed, Page, PendingEntry, Reading
from bot.sandbox import Child, SandboxKilled
from bot.services import parsing
from bot.services.leasing import renewed
from bot.services.polls import Result, failed, settled
from bot.store.feeds import FeedRepository
from bot.tracing import traced

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

LEASE = timedelta(
    seconds=20
)  #: after the last sign of life, what a killed process was doing is done by another
AT_ONCE = 200  #: feeds that are asked at the same time, and results that are kept in one transaction
READ_AT_ONCE = 8  #: articles
TRIES = 4  #: of a page that may be there later
FIRST_RETRY = timedelta(minutes=5)


class Fetcher(Protocol):
    """Whoever brings pages; bot.fetch.client.FetchClient in life."""

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: frozenset[str] | None = ...,
        robot: bool = False,
    ) -> Page:
        """The page at *url*; raises LinkError or a FetchError."""
        ...


class Robots(Protocol):
    """Whoever knows what sites ask of robots; bot.fetch.robots in life."""

    async def allows(self, url: str) -> bool:
        """Whether a robot may ask for *url*."""
        ...


class Reader(Protocol):
    """Whoever reads articles; bot.services.articles.ArticleService in life."""

    async def read(self, url: str) -> Reading:
        """The article at *url*; raises LinkError, a FetchError or a ReadError."""
        ...

    async def read_teaser(self, entry: Entry) -> Reading:
        """What a feed says of an article; raises ExtractionKilledError."""
        ...


#: Tells those who subscribed of articles, each with the id of the feed that brought it.
Tell = Callable[[Sequence[tuple[Reading, int]]], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is behind an address that somebody wants to follow."""

    url: str  #: of the feed
    feed: Feed
    page: Page


class FeedService:
    """Feeds by address, each asked once for all who follow it."""

    def __init__(
        self,
        repository: FeedRepository,
        fetcher: Fetcher,
        robots: Robots,
        child: Child,
        articles: Reader,
        tell: Tell,
        *,
        random: Callable[[], float],
    ) -> None:
        self._repository = repository
        self._fetcher = fetcher
        self._robots = robots
        self._child = child
        self._articles = articles
        self._tell = tell
        self._random = random

    async def find(self, url: str) -> tuple[Found | None, tuple[tuple[str, str], ...]]:
        """The feed at *url*; where a page stands there, its only feed, or the (address, title) of several.

        Raises LinkError, a FetchError, or FeedError where there is none.
        """
        address = normalise(url)
        if candidates := candidate_feeds(address):
            return await self.look(candidates[0]), ()
        page = await self._fetcher.get(address, accept=None)
        try:
            return await self._found(page), ()
        except FeedError:
            declared = await self._run(parsing.feeds_of_page, page)
        if len(declared) > 1:
            return None, declared
        if declared:
            return await self.look(declared[0][0]), ()
        for guess in well_known_feeds(page.url):
            try:
                return await self.look(guess), ()
            except UrlError:
                continue
        raise FeedError(page.url, "no feed declared")

    async def look(self, url: str) -> Found:
        """The feed at exactly this address; raises LinkError, a FetchError or FeedError."""
        return await self._found(await self._fetcher.get(url, accept=None))

    async def _found(self, page: Page) -> Found:
        return Found(url=page.url, feed=await self._run(parsing.parse_feed, page), page=page)

    async def read_list(self, body: bytes) -> tuple[tuple[str, str], ...]:
        """The (address, title) of the feeds in an OPML file; raises OpmlError."""
        return await self._run(parsing.feeds_of_list, body)

    async def follow(
        self, url: str, title: str, now: datetime, *, found: Found | None = None
    ) -> FollowedFeed:
        """The feed at *url*, polled from now on; raises LinkError.

        What *found* shows is known already: only later entries are news.
        """
        feed = await self._repository.follow(found.url if found else normalise(url), title, now)
        if found is None or feed.polled_at is not None:
            return feed
        polled = settled(feed, found.page, found.feed, now, self._random())
        await self._repository.settle([replace(polled.polled, read=frozenset())], now)
        return await self._repository.get(feed.id) or feed

    async def get(self, feed_id: int) -> FollowedFeed | None:
        """The feed with this id."""
        return await self._repository.get(feed_id)

    async def get_all(self, feed_ids: Collection[int]) -> dict[int, FollowedFeed]:
        """The feeds with these ids."""
        return await self._repository.get_all(feed_ids)

    async def poll_due(self, now: datetime) -> int:
        """Ask every feed that is due; returns how many were asked."""
        under_way: set[int] = set()

        async def renew(passed: timedelta) -> None:
            if under_way:
                await self._repository.keep(under_way, now + passed + LEASE)

        async with renewed(renew):
            return await self._poll_due(now, under_way)

    async def _poll_due(self, now: datetime, under_way: set[int]) -> int:
        asked = 0
        tasks: set[asyncio.Task[Result]] = set()
        results: list[Result] = []
        exhausted = False
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while tasks or not exhausted:
                if not exhausted and len(tasks) < AT_ONCE:
                    passed = timedelta(seconds=loop.time() - began)  # a lease begins when it is taken
                    claimed = await self._repository.claim_due(now + passed, LEASE, AT_ONCE)
                    exhausted = not claimed
                    asked += len(claimed)
                    under_way |= {feed.id for feed in claimed}
                    tasks |= {asyncio.create_task(self._poll(feed, now, now + passed)) for feed in claimed}
                if tasks:
                    # Not until the first is done: waking for each of two hundred costs more than a pause.
                    done, tasks = await asyncio.wait(tasks, timeout=0.05)
                    results += [task.result() for task in done]
                if len(results) >= AT_ONCE or not tasks:
                    under_way -= {result.polled.feed_id for result in results}
                    await self._keep(results, now)
                    results = []
        finally:
            for task in tasks:
                task.cancel()
        if asked:
            log.info("polled", extra={"feeds": asked})
        return asked

    async def _keep(self, results: Sequence[Result], now: datetime) -> None:
        if results:
            await self._repository.settle([result.polled for result in results], now)
        for result in results:
            if result.moved_to:
                await self._repository.move(result.polled.feed_id, result.moved_to)

    @traced("poll", lambda feed, *_: {"feed": feed.id})
    async def _poll(self, feed: FollowedFeed, now: datetime, asked_at: datetime) -> Result:
        try:
            if not await self._robots.allows(feed.url):
                raise RobotsError(feed.url)
            page = await self._fetcher.get(
                feed.url, etag=feed.etag, last_modified=feed.last_modified, accept=None, robot=True
            )
            if page.status == 304:
                return settled(feed, page, None, now, self._random(), asked_at)
            parsed = await self._run(parsing.parse_feed, page, await self._repository.known_ids(feed.id))
        except (LinkError, UrlError) as error:
            return failed(feed, error, now, self._random())
        return settled(feed, page, parsed, now, self._random(), asked_at)

    async def read_due(self, now: datetime) -> int:
        """Read the articles of some new entries and tell those who subscribed; returns how many there were."""
        entries = await self._repository.claim_entries(now, LEASE, READ_AT_ONCE)
        if not entries:
            return 0
        left = {entry.id for entry in entries}

        async def renew(passed: timedelta) -> None:
            await self._repository.keep_entries(left, now + passed + LEASE)

        async def read(entry: PendingEntry) -> Reading | None:
            reading = await self._read(entry, now)
            if reading is None:  # given up, or put off
                left.discard(entry.id)
            return reading

        async with renewed(renew):
            return await self._read_and_tell(entries, read)

    async def _read_and_tell(
        self, entries: Sequence[PendingEntry], read: Callable[[PendingEntry], Awaitable[Reading | None]]
    ) -> int:
        readings = await asyncio.gather(*map(read, entries))
        # In their order: which of two tellings of a story is the first must not be a race.
        found = [(entry, reading) for entry, reading in zip(entries, readings, strict=True) if reading]
        if found:  # together: what a killed process told is told again, and owed to nobody twice
            await self._tell([(reading, entry.feed_id) for entry, reading in found])
            await self._repository.were_read([entry.id for entry, _ in found])
        return len(entries)

    async def read_entry(self, entry: Entry) -> Reading:
        """The article of an entry, as its page has it or else as the feed tells it.

        Raises LinkError or ExtractionKilledError.
        """
        try:
            return await self._articles.read(entry.url or "")
        except UrlError:
            return await self._articles.read_teaser(entry)

    @traced("read", lambda pending, *_: {"entry": pending.id, "feed": pending.feed_id})
    async def _read(self, pending: PendingEntry, now: datetime) -> Reading | None:
        entry = pending.entry
        again = now + FIRST_RETRY * 2 ** (pending.attempts - 1) if pending.attempts < TRIES else None
        try:
            return await self._articles.read(entry.url or "")
        except (LinkError, UrlError) as error:
            if again and is_passing(error):
                await self._repository.read_later(pending.id, again)
                return None
            log.info("teaser only", extra={"entry": pending.id, "why": type(error).__name__})
        try:
            return await self._articles.read_teaser(entry)
        except (LinkError, ExtractionKilledError) as error:
            # So little text takes a child no time: what was killed was slow because the machine was.
            if again and isinstance(error, ExtractionKilledError):
                await self._repository.read_later(pending.id, again)
                return None
            log.warning("entry given up", extra={"entry": pending.id, "why": type(error).__name__})
            await self._repository.were_read([pending.id])
            return None

    async def tidy(self, _now: datetime) -> None:
        """Forget feeds that nobody follows, and old entries."""
        await self._repository.tidy(_now)

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await self._child.run(function, *args, **kwargs)
        except SandboxKilled as error:
            page = next((arg for arg in args if isinstance(arg, Page)), None)
            raise FeedError(page.url if page else "", str(error)) from error


def is_passing(error: ThreadlineError) -> bool:
    """Whether what could not be read now may be there in a while."""
    if isinstance(error, RefusedError):
        return error.status == 429
    return isinstance(error, ServerError | FetchTimeoutError | UnreachableError)
