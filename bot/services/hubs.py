"""Hubs that tell when a feed has news (W3C WebSub): asked to, believed as far as they go, left again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import LinkError, UrlError
from bot.feeds.hubs import LEASE_ASKED, lease_of, renewal
from bot.model import Callback
from bot.services.feeds import LEASE as POLL_LEASE
from bot.store.callbacks import CallbackRepository
from bot.store.feeds import FeedRepository

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  #: in which a hub that was asked agrees, or else is asked again
LONGEST_WAIT = timedelta(days=1)  #: between two tries
GOODBYES = 3  #: tries to leave a hub; what it tells afterwards is not heard
AT_ONCE = 10
LINED_UP = 500  #: new callbacks at once


class Hub(Protocol):
    """Whoever sends forms; bot.fetch.client.FetchClient in life."""

    async def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send *form* to *url*; raises LinkError or a FetchError unless it was taken."""
        ...


class HubService:
    """Has hubs tell of news in the feeds that are followed.

    What a hub sends is no more than a hint that the feed is due: its content is the feed's own to give.
    """

    def __init__(
        self,
        callbacks: CallbackRepository,
        feeds: FeedRepository,
        hub: Hub,
        public_url: str,
        token: Callable[[], str],
    ) -> None:
        """*public_url* is where hubs reach this bot, *token* draws what nobody can guess."""
        self._callbacks = callbacks
        self._feeds = feeds
        self._hub = hub
        self._public_url = public_url.rstrip("/")
        self._token = token

    async def ask_due(self, now: datetime) -> int:
        """Ask hubs to tell, to go on telling or to stop, as is due; returns how many were asked."""
        await self._callbacks.line_up(now, LINED_UP, self._draw)
        claimed = await self._callbacks.claim_due(now, LEASE, AT_ONCE)
        for callback in claimed:
            await self._ask(callback, now)
        return len(claimed)

    def _draw(self, hub_url: str) -> tuple[str, str | None]:
        # A secret is no secret where anybody on the way can read it.
        return self._token(), self._token() if hub_url.startswith("https:") else None

    async def _ask(self, callback: Callback, now: datetime) -> None:
        if callback.leaving and callback.failures > GOODBYES:
            await self._callbacks.forget(callback.id)
            return
        form = {
            "hub.callback": f"{self._public_url}/{callback.path}",
            "hub.mode": "unsubscribe" if callback.leaving else "subscribe",
            "hub.topic": callback.self_url,
        }
        if not callback.leaving:
            form["hub.lease_seconds"] = str(int(LEASE_ASKED.total_seconds()))
            form |= {"hub.secret": callback.secret} if callback.secret else {}
        try:
            await self._hub.post(callback.hub_url, form)
        except (LinkError, UrlError) as error:
            log.info("hub in trouble", extra={"feed": callback.feed_id, "why": type(error).__name__})
        # It answers for itself when it agrees; until then it is asked less and less often.
        wait = min(LEASE * 2 ** min(callback.failures - 1, 10), LONGEST_WAIT)
        await self._callbacks.put_off(callback, now + wait)

    async def find(self, path: str) -> Callback | None:
        """The callback with this path."""
        return await self._callbacks.find(path)

    async def agree(
        self, callback: Callback, mode: str, self_url: str, lease: str | None, now: datetime
    ) -> bool:
        """Whether we asked for what a hub is about to do; *lease* is its hub.lease_seconds."""
        if self_url != callback.self_url or mode != ("unsubscribe" if callback.leaving else "subscribe"):
            return False
        if callback.leaving:
            await self._callbacks.forget(callback.id)
            return True
        length = lease_of(lease)
        await self._feeds.will_be_told(callback.feed_id or 0, now + length)
        await self._callbacks.agreed(callback.id, renewal(now, length))
        log.info("hub agreed", extra={"feed": callback.feed_id})
        return True

    async def refused(self, callback: Callback, self_url: str, now: datetime) -> None:
        """A hub says that it does not, or no longer, tell of a feed."""
        if self_url != callback.self_url:
            return
        log.info("hub refused", extra={"feed": callback.feed_id})
        if callback.leaving:
            await self._callbacks.forget(callback.id)
            return
        await self._feeds.will_be_told(callback.feed_id or 0, None)
        await self._callbacks.put_off(callback, now + LONGEST_WAIT)

    async def told(self, callback: Callback, now: datetime) -> None:
        """A hub says that there is news in a feed."""
        if callback.feed_id is not None and not callback.leaving:
            await self._feeds.told(callback.feed_id, now, POLL_LEASE)
