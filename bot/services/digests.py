"""Digests: what a channel's cap left over, and if wanted all that was posted, in one message."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import PostError, ZoneError
from bot.model import ChannelSettings, Delivery, Digest, Discussion, Outlet, Reading, Rhythm, Subscription
from bot.services import outbox
from bot.services.discussions import DiscussionService
from bot.services.outbox import Step
from bot.store.deliveries import DeliveryRepository
from bot.store.digests import DigestRepository

log = logging.getLogger(__name__)

BATCH = 50
COMMENT_WEIGHT = 3  #: a comment says more than a reaction or a topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article in a digest."""

    reading: Reading
    topics: tuple[str, ...]
    discussion: Discussion | None  #: of its card, where it had one
    reactions: int = 0

    @property
    def score(self) -> int:
        """How much it was talked about and asked for."""
        comments = self.discussion.comments if self.discussion else 0
        return COMMENT_WEIGHT * comments + self.reactions + len(self.topics)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestParcel:
    """A digest for a channel, with everything that is drawn on it."""

    digest: Digest
    groups: tuple[tuple[str, tuple[Item, ...]], ...]  #: (topic, its articles), the best first
    addressee: int | None = None  #: the member whose direct messages the channel is


class DigestMessenger(Protocol):
    """Whoever can put a digest before people; cogs/ui/posting.py in life.

    Every call raises a PostError when Discord does not take it.
    """

    async def post_digest(self, parcel: DigestParcel, nonce: str) -> int:
        """Send the digest; returns its message id. A repeat with the same nonce is no second message."""
        ...

    async def look_for_digest(self, parcel: DigestParcel, since: datetime) -> int | None:
        """The id of this digest in the channel, if it was sent since a moment."""
        ...

    async def refused(self, guild_id: int, error: PostError) -> None:
        """Tell whoever can help why nothing arrives in a channel."""
        ...


class Articles(Protocol):
    """Whoever keeps articles; bot.services.articles.ArticleService in life."""

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        ...


class Channels(Protocol):
    """Whoever knows how channels want their cards; bot.services.channels.ChannelService in life."""

    async def get(self, channel_id: int) -> ChannelSettings | None:
        """The channel's settings, None where nobody configured it."""
        ...


class Subscriptions(Protocol):
    """Whoever knows who asked; bot.services.subscriptions.SubscriptionService in life."""

    async def get_all(self, ids: Collection[int]) -> tuple[Subscription, ...]:
        """The subscriptions with these ids."""
        ...


class DigestService:
    """Draws up digests when they are due and sends each once."""

    def __init__(
        self,
        repository: DigestRepository,
        deliveries: DeliveryRepository,
        articles: Articles,
        discussions: DiscussionService,
        channels: Channels,
        subscriptions: Subscriptions,
        clock: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._deliveries = deliveries
        self._articles = articles
        self._discussions = discussions
        self._channels = channels
        self._subscriptions = subscriptions
        self._clock = clock

    async def outlet(self, guild_id: int, channel_id: int) -> Outlet:
        """How much a channel is sent, and when."""
        found = await self._repository.outlets([channel_id])
        return found.get(channel_id) or Outlet(guild_id=guild_id, channel_id=channel_id)

    async def configure(self, outlet: Outlet, rhythm: Rhythm) -> Outlet:
        """Keep how much a channel is sent; its next digest is set anew. Raises ZoneError.

        What its cap left over still comes where it wants no digests any more.
        """
        try:
            ZoneInfo(outlet.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: longer than a file's name
            raise ZoneError(outlet.zone) from error
        now = self._clock()
        when = outbox.next_digest(outlet, rhythm, now)
        if when is None and await self._repository.has_left_over(outlet.channel_id):
            when = outbox.left_over_digest(outlet, now)
        kept = replace(outlet, next_digest=when)
        await self._repository.put(kept)
        return kept

    async def draw_up_due(self, now: datetime) -> int:
        """Owe the digests that are due; returns how many are new."""
        for outlet, rhythm in await self._repository.unscheduled(BATCH):
            if (when := outbox.next_digest(outlet, rhythm, now)) is not None:
                await self._repository.schedule(outlet, when)
        drawn = 0
        while due := await self._repository.due_outlets(now, BATCH):
            for outlet in due:
                settings = await self._channels.get(outlet.channel_id)
                rhythm = settings.digest if settings else Rhythm.OFF
                since = outbox.digest_since(outlet, rhythm, outlet.next_digest or now)
                if rhythm is Rhythm.OFF:
                    outlet = replace(outlet, skip_posted=True)
                following = outbox.next_digest(outlet, rhythm, now)
                drawn += await self._repository.draw_up(outlet, since, following, now)
        return drawn

    async def drain(self, messenger: DigestMessenger, now: datetime) -> int:
        """Send the digests that are owed; returns how many were sent."""
        sent = 0
        while leased := await self._repository.lease(max(now, self._clock()), outbox.LEASE, 1):
            for digest in leased:
                sent += await self._settle(digest, messenger, max(now, self._clock()))
        return sent

    async def _settle(self, digest: Digest, messenger: DigestMessenger, now: datetime) -> bool:
        parcel = await self._parcel(digest)
        if not parcel.groups:
            await self._repository.dropped(digest.id, "its articles are gone")
            return False
        step = outbox.decide(digest.first_try, now, outbox.DEFAULT, 0).step
        try:
            message_id = None
            if step is Step.LOOK and digest.first_try is not None:
                message_id = await messenger.look_for_digest(parcel, digest.first_try)
            if message_id is None:
                await self._repository.begin(digest.id, now)
                message_id = await messenger.post_digest(parcel, nonce(digest.id))
        except PostError as error:
            await self._refused(digest, error, messenger, now)
            return False
        await self._repository.sent(digest.id, message_id)
        return True

    async def _refused(
        self, digest: Digest, error: PostError, messenger: DigestMessenger, now: datetime
    ) -> None:
        decision = outbox.after_failure(error, digest.attempts + 1, now)
        if decision.step is Step.WAIT and decision.when is not None:
            await self._repository.failed(digest.id, decision.when)
            return
        await self._repository.dropped(digest.id, str(error))
        await messenger.refused(digest.guild_id, error)

    async def _parcel(self, digest: Digest) -> DigestParcel:
        items: list[Item] = []
        asked: dict[int, Subscription] = {}
        for delivery in await self._deliveries.of_digest(digest.id):
            subscriptions = await self._subscriptions.get_all(delivery.subscriptions)
            asked.update((each.id, each) for each in subscriptions)
            if item := await self._item(delivery, subscriptions):
                items.append(item)
        addressee = next((each.member_id for each in asked.values() if each.member_id is not None), None)
        return DigestParcel(digest=digest, groups=grouped(items), addressee=addressee)

    async def _item(self, delivery: Delivery, subscriptions: Iterable[Subscription]) -> Item | None:
        reading = await self._articles.get(delivery.article_id)
        if reading is None:
            return None
        discussion = await self._discussions.of_article(delivery.channel_id, delivery.article_id)
        posted = discussion if discussion and discussion.message_id else None
        comments = await self._discussions.comments(posted.id) if posted and posted.comments else ()
        return Item(
            reading=reading,
            topics=tuple(each.name for each in subscriptions),
            discussion=posted,
            reactions=sum(comment.reactions for comment in comments),
        )


def grouped(items: Iterable[Item]) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """Items by their first topic, the best first in each, the topic with the best item first."""
    groups: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda each: (-each.score, each.reading.id)):
        groups.setdefault(item.topics[0] if item.topics else "", []).append(item)
    return tuple((topic, tuple(found)) for topic, found in groups.items())


def nonce(digest_id: int) -> str:
    """25 characters, the most that Discord takes, that only this digest has."""
    return base64.b32encode(hashlib.sha256(f"digest:{digest_id}".encode()).digest()).decode()[:25]
