"""The way of a link into a channel: read it, post its card once, open its thread."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.errors import LinkError, PostError, ThreadlineError
from bot.links import MAX_URL, page_key
from bot.model import Article, ChannelSettings, Discussion, Line, Reading, ThreadMode
from bot.services.discussions import DiscussionService, Place, Sharer
from bot.services.servers import ServerService
from bot.services.summaries import SummaryService
from bot.store.lines import LineRepository

log = logging.getLogger(__name__)

#: Seconds after which a slow page gets a card that says that it is being read.
PATIENCE = 1.5
#: Seconds by which a title must come before its summary to be shown alone.
AHEAD = 0.3
#: After which an idle thread is closed where the channel has no settings.
ARCHIVE_MINUTES = 1440


class Spot(Protocol):
    """Where one answer appears; the first of these calls posts it, later ones redraw it."""

    async def wait(self, url: str, article: Article | None) -> int | None:
        """Say that the page is being read, with title and author once they are known.

        Returns the id of that message, if it is one of its own.
        """
        ...

    async def show(self, reading: Reading, discussion: Discussion, nonce: str) -> int:
        """Show the card; returns its message id. A repeat with the same nonce is no second message."""
        ...

    async def point(self, discussion: Discussion) -> int | None:
        """Point to the earlier card; returns the id of that message, if it is one of its own."""
        ...

    async def fail(self, error: ThreadlineError) -> int | None:
        """Say why there is no card; returns the id of that message, if it is one of its own."""
        ...

    async def withdraw(self, message_id: int | None) -> None:
        """Take back what was posted."""
        ...

    async def open_thread(self, reading: Reading, message_id: int, archive_minutes: int) -> int | None:
        """Open the card's thread; None where there can be none."""
        ...

    async def revive(self, thread_id: int, sharer_id: int) -> None:
        """Open an archived thread again, saying in one line who shared its article again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A link that somebody wants shown."""

    url: str
    place: Place
    sharer: Sharer
    channel: ChannelSettings | None = None
    anew: bool = False  #: another card although there is one


class Articles(Protocol):
    """Whoever reads articles; bot.services.articles.ArticleService in life."""

    async def read(self, url: str) -> Reading:
        """The article at *url*; raises LinkError, a FetchError or a ReadError."""
        ...

    async def known(self, url: str) -> Reading | None:
        """The article at *url* if it was read before."""
        ...

    async def at_length(self, reading: Reading, length: str) -> Reading:
        """The reading with a "short", "normal" or "long" summary; raises ExtractionKilledError."""
        ...


class Board(Protocol):
    """Whoever can take down what hangs in channels; cogs/ui/messenger.py in life."""

    async def delete(self, channel_id: int, message_id: int) -> None:
        """Delete a message; one that is gone already is no error."""
        ...

    async def archive_thread(self, thread_id: int) -> None:
        """Close a thread."""
        ...

    async def delete_thread(self, thread_id: int) -> None:
        """Delete a thread."""
        ...


class SharingService:
    """Shows articles in channels, and follows what becomes of the messages that shared them."""

    def __init__(
        self,
        articles: Articles,
        discussions: DiscussionService,
        servers: ServerService,
        summaries: SummaryService,
        lines: LineRepository,
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._articles = articles
        self._discussions = discussions
        self._servers = servers
        self._summaries = summaries
        self._lines = lines
        self._clock = clock
        self.patience = patience  #: seconds
        self.ahead = AHEAD  #: seconds
        self._under_way: Counter[int] = Counter()  # by source message: how many of its links are being read
        self._withdrawn: set[int] = set()

    async def answer(self, request: Request, spot: Spot) -> Discussion | None:
        """Show the article behind a link, an earlier card of it, or why there is none.

        Returns the discussion of a card that was posted. Raises PostError when nothing can be shown.
        """
        source = request.sharer.source_id
        if source is None:
            return await self._answer(request, spot)
        self._under_way[source] += 1
        try:
            return await self._answer(request, spot)
        finally:
            self._under_way[source] -= 1
            if not self._under_way[source]:
                del self._under_way[source]
                self._withdrawn.discard(source)

    async def read(self, url: str, guild_id: int, length: str | None = None) -> Reading:
        """The article behind a link, as the server wants it told; raises LinkError, a FetchError or a ReadError."""
        return await self._summed_up(await self._quoted(url, guild_id), guild_id, length)

    async def source_gone(self, source_id: int, board: Board) -> None:
        """A message was deleted: what answered it goes, except what other people wrote."""
        if source_id in self._under_way:
            self._withdrawn.add(source_id)
        for line in await self._lines.of_source(source_id):
            await self._remove_line(line, board)
        for discussion in await self._discussions.of_source(source_id):
            await self.take_down(discussion, board)

    async def source_edited(self, source_id: int, links: Sequence[str], board: Board) -> tuple[str, ...]:
        """A message has other links than before: cards of those that left it go; returns those that came."""
        keys = {page_key(link): link for link in links}
        answered: set[str] = set()
        for line in await self._lines.of_source(source_id):
            if line.page_key in keys:
                answered.add(line.page_key)
            else:
                await self._remove_line(line, board)
        known = {key: await self._articles.known(link) for key, link in keys.items()}
        linked = {reading.id: key for key, reading in known.items() if reading}
        for discussion in await self._discussions.of_source(source_id):
            if discussion.article_id in linked:
                answered.add(linked[discussion.article_id])
            else:
                await self.take_down(discussion, board)
        if source_id in self._under_way:
            return ()
        return tuple(link for key, link in keys.items() if key not in answered)

    async def take_down(self, discussion: Discussion, board: Board) -> None:
        """Remove a card; an empty thread goes with it, one in which others wrote is closed."""
        if discussion.message_id is not None:
            await board.delete(discussion.channel_id, discussion.message_id)
        own_thread = discussion.thread_id if discussion.thread_id != discussion.channel_id else None
        if own_thread is not None and await self._discussions.others_wrote(discussion):
            await self._discussions.taken_down(discussion.id)
            await board.archive_thread(own_thread)
            return
        await self._discussions.remove(discussion.id)
        if own_thread is not None:
            await board.delete_thread(own_thread)

    async def clear_waiting(self, board: Board) -> None:
        """Take back what a process that ended said it was reading."""
        for line in await self._lines.waiting():
            await self._remove_line(line, board)

    async def _answer(self, request: Request, spot: Spot) -> Discussion | None:
        try:
            reading, waited = await self._read(request, spot)
        except ThreadlineError as error:
            if isinstance(error, PostError):
                raise
            log.info("not read", extra={"why": type(error).__name__})
            if not await self._withdraw(request, spot):
                await self._keep_line(request, await spot.fail(error))
            return None
        if await self._withdraw(request, spot):
            return None
        share = await self._discussions.share(
            reading.id, request.place, request.sharer, self._clock(), anew=request.anew
        )
        if share.earlier and share.discussion.source_id == request.sharer.source_id is not None:
            return None  # the gateway told of the same message twice
        if share.earlier:
            await self._keep_line(request, await spot.point(share.discussion))
            if share.discussion.thread_id is not None and request.sharer.user_id is not None:
                await spot.revive(share.discussion.thread_id, request.sharer.user_id)
            return None
        message_id = await spot.show(reading, share.discussion, share.nonce)
        await self._discussions.posted(share.discussion.id, message_id)
        if waited:
            await self._forget_line(request)
        if await self._withdraw(request, spot, message_id):
            await self._discussions.remove(share.discussion.id)
            return None
        posted = replace(share.discussion, message_id=message_id)
        return await self._open_thread(request, spot, reading, posted, message_id)

    async def _read(self, request: Request, spot: Spot) -> tuple[Reading, bool]:
        """The article, and whether it was so slow that a waiting card was posted."""
        guild_id = request.place.guild_id
        quoted = asyncio.ensure_future(self._quoted(request.url, guild_id))

        async def finish() -> Reading:
            return await self._summed_up(await quoted, guild_id, request.sharer.length)

        reading = asyncio.ensure_future(finish())
        try:
            done, _ = await asyncio.wait([reading], timeout=self.patience)
            wait = not done and not self._is_withdrawn(request)
            if wait:
                await self._wait(request, spot, quoted, reading)
            return await reading, wait
        finally:
            reading.cancel()
            quoted.cancel()

    async def _wait(
        self, request: Request, spot: Spot, quoted: asyncio.Future[Reading], reading: asyncio.Future[Reading]
    ) -> None:
        """Say that the page is being read, and its title as soon as that is known."""
        known = quoted.result().article if quoted.done() else None
        await self._keep_line(request, await spot.wait(request.url, known), waiting=True)
        if known is not None:
            return
        await asyncio.wait([quoted, reading], return_when=asyncio.FIRST_COMPLETED)
        done, _ = await asyncio.wait([reading], timeout=self.ahead)
        if not done and not self._is_withdrawn(request):
            await self._keep_line(
                request, await spot.wait(request.url, quoted.result().article), waiting=True
            )

    async def _quoted(self, url: str, guild_id: int) -> Reading:
        """The article behind a link with the summary that is stored."""
        await self._servers.check_site(guild_id, url)
        reading = await self._articles.read(url)
        await self._servers.check_site(guild_id, reading.article.url)
        return reading

    async def _summed_up(self, reading: Reading, guild_id: int, length: str | None) -> Reading:
        """The reading with the summary that was asked for."""
        if length is not None:
            return await self._articles.at_length(reading, length)
        return await self._summaries.for_server(reading, guild_id)

    async def _open_thread(
        self, request: Request, spot: Spot, reading: Reading, discussion: Discussion, message_id: int
    ) -> Discussion:
        """The discussion with its thread, where it is to have one at once."""
        if request.place.thread_id is not None:
            await self._discussions.adopt(discussion.id, request.place.thread_id)
            return discussion
        channel = request.channel
        wanted = channel is not None and channel.threads is ThreadMode.ALWAYS
        if discussion.thread_id is not None or not (wanted or request.place.is_forum):
            return discussion
        minutes = channel.archive_minutes if channel else ARCHIVE_MINUTES
        thread_id = await spot.open_thread(reading, message_id, minutes)
        if thread_id is None:
            return discussion
        await self._discussions.opened(discussion.id, thread_id)
        return replace(discussion, thread_id=thread_id)

    def _is_withdrawn(self, request: Request) -> bool:
        return request.sharer.source_id in self._withdrawn

    async def _withdraw(self, request: Request, spot: Spot, message_id: int | None = None) -> bool:
        """Whether the message that asked is gone; then what was posted for it goes as well."""
        if not self._is_withdrawn(request):
            return False
        await spot.withdraw(message_id)
        await self._forget_line(request)
        return True

    async def _keep_line(self, request: Request, message_id: int | None, *, waiting: bool = False) -> None:
        source = request.sharer.source_id
        if source is not None and message_id is not None:
            line = Line(
                source_id=source,
                page_key=_key(request.url),
                channel_id=request.place.channel_id,
                message_id=message_id,
                waiting=waiting,
            )
            await self._lines.put(line)

    async def _forget_line(self, request: Request) -> None:
        if request.sharer.source_id is not None:
            await self._lines.remove(request.sharer.source_id, _key(request.url))

    async def _remove_line(self, line: Line, board: Board) -> None:
        await board.delete(line.channel_id, line.message_id)
        await self._lines.remove(line.source_id, line.page_key)


def _key(url: str) -> str:
    try:
        return page_key(url)
    except LinkError:
        return url[:MAX_URL]
