"""The way of a link into a channel: read it, post its card once, open its thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import ThreadlineError
from bot.model import ChannelSettings, Discussion, Reading, ThreadMode
from bot.services.articles import ArticleService
from bot.services.discussions import DiscussionService, Place, Sharer
from bot.services.servers import ServerService

log = logging.getLogger(__name__)

#: Seconds after which a slow page gets a card that says that it is being read.
PATIENCE = 1.5


class Spot(Protocol):
    """Where one answer appears; the first of these calls posts it, later ones redraw it."""

    async def wait(self, url: str) -> None:
        """Say that the page is being read."""
        ...

    async def show(self, reading: Reading, discussion: Discussion, nonce: str) -> int:
        """Show the card; returns its message id. A repeat with the same nonce is no second message."""
        ...

    async def point(self, discussion: Discussion) -> None:
        """Point to the earlier card."""
        ...

    async def fail(self, error: ThreadlineError) -> None:
        """Say why there is no card."""
        ...

    async def withdraw(self, message_id: int | None) -> None:
        """Take back what was posted."""
        ...

    async def open_thread(self, reading: Reading, message_id: int, archive_minutes: int) -> int | None:
        """Open the card's thread; None where there can be none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A link that somebody wants shown."""

    url: str
    place: Place
    sharer: Sharer
    channel: ChannelSettings | None = None
    anew: bool = False  #: another card although there is one


class SharingService:
    """Shows articles in channels."""

    def __init__(
        self,
        articles: ArticleService,
        discussions: DiscussionService,
        servers: ServerService,
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._articles = articles
        self._discussions = discussions
        self._servers = servers
        self._clock = clock
        self._patience = patience
        self._under_way: dict[int, int] = {}  # by source message: how many of its links are being read
        self._withdrawn: set[int] = set()

    async def answer(self, request: Request, spot: Spot) -> Discussion | None:
        """Show the article behind a link, an earlier card of it, or why there is none.

        Returns the discussion of a card that was posted. Raises PostError when nothing can be shown.
        """
        source = request.sharer.source_id
        if source is not None:
            self._under_way[source] = self._under_way.get(source, 0) + 1
        try:
            return await self._answer(request, spot)
        finally:
            if source is not None:
                self._under_way[source] -= 1
                if not self._under_way[source]:
                    del self._under_way[source]
                    self._withdrawn.discard(source)

    def withdraw(self, source_id: int) -> None:
        """The message that asked is gone: what is being read for it is not shown."""
        if source_id in self._under_way:
            self._withdrawn.add(source_id)

    async def _answer(self, request: Request, spot: Spot) -> Discussion | None:
        try:
            reading = await self._read(request, spot)
        except ThreadlineError as error:
            log.info("not read", extra={"why": type(error).__name__})
            if self._is_withdrawn(request):
                await spot.withdraw(None)
            else:
                await spot.fail(error)
            return None
        if self._is_withdrawn(request):
            await spot.withdraw(None)
            return None
        share = await self._discussions.share(
            reading.id, request.place, request.sharer, self._clock(), anew=request.anew
        )
        if share.earlier:
            await spot.point(share.discussion)
            return None
        message_id = await spot.show(reading, share.discussion, share.nonce)
        await self._discussions.posted(share.discussion.id, message_id)
        if self._is_withdrawn(request):
            await spot.withdraw(message_id)
            await self._discussions.remove(share.discussion.id)
            return None
        await self._open_thread(request, spot, reading, share.discussion, message_id)
        return await self._discussions.get(share.discussion.id)

    async def _read(self, request: Request, spot: Spot) -> Reading:
        await self._servers.check_site(request.place.guild_id, request.url)
        reading = asyncio.ensure_future(self._articles.read(request.url))
        try:
            done, _ = await asyncio.wait([reading], timeout=self._patience)
            if not done:
                await spot.wait(request.url)
            result = await reading
        finally:
            reading.cancel()
        await self._servers.check_site(request.place.guild_id, result.article.url)
        return result

    async def _open_thread(
        self, request: Request, spot: Spot, reading: Reading, discussion: Discussion, message_id: int
    ) -> None:
        if request.place.thread_id is not None:
            await self._discussions.adopt(discussion.id, request.place.thread_id)
            return
        channel = request.channel
        if channel is None or channel.threads is not ThreadMode.ALWAYS or discussion.thread_id is not None:
            return
        thread_id = await spot.open_thread(reading, message_id, channel.archive_minutes)
        if thread_id is not None:
            await self._discussions.opened(discussion.id, thread_id)

    def _is_withdrawn(self, request: Request) -> bool:
        return request.sharer.source_id in self._withdrawn
