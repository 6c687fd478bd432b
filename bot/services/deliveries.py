"""The outbox at work: every debt paid once, whatever dies in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from bot.errors import ChannelGoneError, MessageGoneError, PostError
from bot.model import ChannelSettings, Delivery, Discussion, Outlet, Reading, Rhythm, Subscription, ThreadMode
from bot.services import outbox
from bot.services.discussions import DiscussionService, Place, Sharer
from bot.services.outbox import Step
from bot.store.deliveries import DeliveryRepository
from bot.tracing import traced

log = logging.getLogger(__name__)

BATCH = 100  #: debts that are leased together
CHANNELS_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A card for a channel, with everything that is drawn on it."""

    reading: Reading
    discussion: Discussion
    topics: tuple[str, ...] = ()  #: names of the subscriptions that asked for it
    roles: tuple[int, ...] = ()  #: mentioned
    members: tuple[int, ...] = ()  #: mentioned
    retold: tuple[Reading, ...] = ()  #: the same story elsewhere
    addressee: int | None = None  #: the member whose direct messages the channel is


class Messenger(Protocol):
    """Whoever can put an article before people; cogs/ui/posting.py in life.

    Every call raises a PostError when Discord does not take it, MissingPermissionError and ChannelGoneError
    where it never will, MessageGoneError where the card is no more.
    """

    async def post(self, parcel: Parcel, nonce: str) -> int:
        """Send the card; returns its message id. A repeat with the same nonce is no second message."""
        ...

    async def look(self, parcel: Parcel, since: datetime) -> int | None:
        """The id of this card in the channel, if it was sent since a moment."""
        ...

    async def open_thread(self, parcel: Parcel, message_id: int) -> int | None:
        """Open the card's thread; its id, also where it exists already; None where there can be none."""
        ...

    async def redraw(self, parcel: Parcel) -> None:
        """Draw the card anew."""
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

    async def pinged(self, subscriptions: Iterable[Subscription]) -> tuple[int, ...]:
        """The members to be mentioned with an article that these asked for."""
        ...

    async def forget_channel(self, channel_id: int) -> None:
        """Forget everything a channel subscribed to."""
        ...


class Outlets(Protocol):
    """Whoever knows how much channels want; bot.store.digests.DigestRepository in life."""

    async def outlets(self, channel_ids: Collection[int]) -> dict[int, Outlet]:
        """What is set for these channels, where something is."""
        ...

    async def schedule(self, outlet: Outlet, when: datetime) -> None:
        """Have a digest drawn up at *when* where none is scheduled."""
        ...


class DeliveryService:
    """Pays what channels are owed."""

    def __init__(
        self,
        repository: DeliveryRepository,
        articles: Articles,
        discussions: DiscussionService,
        channels: Channels,
        subscriptions: Subscriptions,
        outlets: Outlets,
        clock: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._articles = articles
        self._discussions = discussions
        self._channels = channels
        self._subscriptions = subscriptions
        self._outlets = outlets
        self._clock = clock
        self._readings: dict[int, Reading | None] = {}  # of one batch: an article goes to many channels

    async def drain(self, messenger: Messenger) -> int:
        """Pay every debt that is due; returns how many were paid.

        Raises TokenRefusedError, for then nothing can be paid at all.
        """
        paid = 0
        now = self._clock()
        while leased := await self._repository.lease(now, outbox.LEASE, BATCH):
            paid += await self._pay(leased, messenger, now)
            now = self._clock()
        return paid

    async def open(self) -> int:
        """How many debts are left."""
        return await self._repository.open()

    async def lately(self, guild_id: int, channel_ids: Collection[int], limit: int) -> tuple[int, ...]:
        """The articles that these channels of a server had last, the newest first."""
        return await self._repository.lately(guild_id, channel_ids, limit)

    async def dress(self, discussion: Discussion) -> tuple[tuple[str, ...], tuple[Reading, ...]]:
        """What subscriptions have to do with a card: the names of its topics, the same story elsewhere."""
        found = await self._repository.find(discussion.channel_id, discussion.article_id)
        topics = await self._subscriptions.get_all(found[0].subscriptions) if found else ()
        return tuple(each.name for each in topics), await self._retold(discussion)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget what a server was and is owed."""
        await self._repository.forget_guild(guild_id)

    async def _pay(self, leased: Collection[Delivery], messenger: Messenger, now: datetime) -> int:
        self._readings.clear()
        channel_ids = {delivery.channel_id for delivery in leased}
        outlets = await self._outlets.outlets(channel_ids)
        lately = await self._repository.sent_since(channel_ids, now - outbox.CAP_WINDOW)
        ready: list[tuple[Delivery, Step]] = []
        for delivery in sorted(leased, key=lambda each: (each.channel_id, each.id)):
            channel = delivery.channel_id
            outlet = outlets.get(channel) or replace(
                outbox.DEFAULT, guild_id=delivery.guild_id, channel_id=channel
            )
            decision = outbox.decide(
                delivery.first_try, now, outlet, lately.get(channel, 0), joins=delivery.joins_id is not None
            )
            if decision.step is Step.WAIT and decision.when is not None:
                await self._repository.later(delivery.id, decision.when)
            elif decision.step is Step.LEAVE_OVER:
                await self._leave_over(delivery, outlet, now)
            else:
                ready.append((delivery, decision.step))
                lately[channel] = lately.get(channel, 0) + (decision.step is not Step.JOIN)
        return await self._send(ready, messenger, now + outbox.LEASE - timedelta(seconds=outbox.SECONDS))

    async def _leave_over(self, delivery: Delivery, outlet: Outlet, now: datetime) -> None:
        settings = await self._channels.get(outlet.channel_id)
        rhythm = settings.digest if settings else Rhythm.OFF
        when = outbox.next_digest(outlet, rhythm, now) or outbox.left_over_digest(outlet, now)
        await self._outlets.schedule(outlet, when)
        await self._repository.leave_over(delivery.id)

    async def _send(
        self, ready: Iterable[tuple[Delivery, Step]], messenger: Messenger, deadline: datetime
    ) -> int:
        places = asyncio.Semaphore(CHANNELS_AT_ONCE)

        async def send_to_channel(debts: list[tuple[Delivery, Step]]) -> int:
            async with places:
                # One after the other: a channel's cards keep their order, and a refusal spares the rest.
                for done, (delivery, step) in enumerate(debts):
                    # What is begun must end before somebody else may take the debt over.
                    if self._clock() > deadline or not await self._settle(delivery, step, messenger):
                        return done
            return len(debts)

        channels = [list(debts) for _, debts in groupby(ready, key=lambda each: each[0].channel_id)]
        counts = await asyncio.gather(*map(send_to_channel, channels), return_exceptions=True)
        for failure in counts:
            if isinstance(failure, BaseException):
                raise failure
        return sum(count for count in counts if isinstance(count, int))

    async def _reading(self, article_id: int) -> Reading | None:
        if article_id not in self._readings:
            self._readings[article_id] = await self._articles.get(article_id)
        return self._readings[article_id]

    @traced(
        "deliver",
        lambda delivery, *_: {
            "delivery": delivery.id,
            "article": delivery.article_id,
            "channel": delivery.channel_id,
        },
    )
    async def _settle(self, delivery: Delivery, step: Step, messenger: Messenger) -> bool:
        """Pay one debt; False where the channel takes nothing now."""
        try:
            if step is Step.JOIN:
                await self._join(delivery, messenger)
            else:
                await self._deliver(delivery, step, messenger)
        except PostError as error:
            await self._refused(delivery, error, messenger)
            return False
        return True

    async def _deliver(self, delivery: Delivery, step: Step, messenger: Messenger) -> None:
        reading = await self._reading(delivery.article_id)
        if reading is None:
            await self._repository.dropped(delivery.id, "the article is gone")
            return
        channel = delivery.channel_id
        place = Place(guild_id=delivery.guild_id, channel_id=channel, home_id=channel)
        share = await self._discussions.share(reading.id, place, Sharer(user_id=None), delivery.owed_at)
        message_id = share.discussion.message_id
        if message_id is None:
            parcel = await self._parcel(delivery, reading, share.discussion)
            since = delivery.first_try
            if step is Step.LOOK and since is not None:
                message_id = await messenger.look(parcel, since)
            if message_id is None:
                await self._repository.begin(delivery.id, self._clock())
                message_id = await messenger.post(parcel, share.nonce)
            await self._discussions.posted(share.discussion.id, message_id)
        await self._open_thread(delivery, reading, share.discussion, message_id, messenger)
        await self._repository.sent(delivery.id, self._clock())
        log.info("delivered", extra={"delivery": delivery.id, "sent_as": message_id})

    async def _open_thread(
        self,
        delivery: Delivery,
        reading: Reading,
        discussion: Discussion,
        message_id: int,
        messenger: Messenger,
    ) -> None:
        settings = await self._channels.get(delivery.channel_id)
        if settings is None or settings.threads is not ThreadMode.ALWAYS or discussion.thread_id is not None:
            return
        parcel = Parcel(reading=reading, discussion=discussion)
        try:
            thread_id = await messenger.open_thread(parcel, message_id)
        except PostError as error:
            if not outbox.is_final(error) and not isinstance(error, MessageGoneError):
                raise
            # The card is there: what is missing is told, and nothing is owed any more.
            await messenger.refused(delivery.guild_id, error)
            return
        if thread_id is not None:
            await self._discussions.opened(discussion.id, thread_id)

    async def _join(self, delivery: Delivery, messenger: Messenger) -> None:
        """Name an article on the card of the story's first one."""
        first_id = delivery.joins_id or 0
        channel_id, now = delivery.channel_id, self._clock()
        discussion = await self._discussions.of_article(channel_id, first_id)
        first = await self._repository.find(channel_id, first_id)
        reading = await self._articles.get(first_id)
        if discussion is None or discussion.message_id is None or reading is None:
            if first is not None and first[1]:
                await self._repository.later(delivery.id, now + outbox.FIRST_RETRY)
            elif first is not None and first[2]:
                await self._repository.sent(
                    delivery.id, now
                )  # its card was taken down: the story is unwanted
            else:
                await self._repository.alone(delivery.id, now)
            return
        parcel = await self._parcel(first[0] if first else None, reading, discussion)
        try:
            await messenger.redraw(parcel)
        except MessageGoneError:
            log.info("card is gone", extra={"delivery": delivery.id})
        await self._repository.sent(delivery.id, now)

    async def _parcel(self, delivery: Delivery | None, reading: Reading, discussion: Discussion) -> Parcel:
        asked = await self._subscriptions.get_all(delivery.subscriptions) if delivery else ()
        return Parcel(
            reading=reading,
            discussion=discussion,
            topics=tuple(each.name for each in asked),
            roles=tuple(dict.fromkeys(each.role_id for each in asked if each.role_id is not None)),
            members=await self._subscriptions.pinged(asked),
            retold=await self._retold(discussion),
            addressee=next((each.member_id for each in asked if each.member_id is not None), None),
        )

    async def _retold(self, discussion: Discussion) -> tuple[Reading, ...]:
        ids = await self._repository.joined(discussion.channel_id, discussion.article_id)
        found = [await self._articles.get(id_) for id_ in ids]
        return tuple(reading for reading in found if reading is not None)

    async def _refused(self, delivery: Delivery, error: PostError, messenger: Messenger) -> None:
        now = self._clock()
        decision = outbox.after_failure(error, delivery.attempts + 1, now)
        log.warning("not delivered", extra={"delivery": delivery.id, "why": type(error).__name__})
        if decision.step is Step.WAIT and decision.when is not None:
            await self._repository.failed(delivery.id, decision.when)
            return
        if not outbox.is_final(error):
            await self._repository.dropped(delivery.id, str(error))
            return
        # Asking for each of its debts would only bring the same answer again.
        await self._repository.drop_channel(delivery.channel_id, str(error))
        if isinstance(error, ChannelGoneError):
            await self._subscriptions.forget_channel(delivery.channel_id)
        await messenger.refused(delivery.guild_id, error)
