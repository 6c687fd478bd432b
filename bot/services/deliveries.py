"""The outbox at work: every debt paid once, whatever dies in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from bot.errors import ChannelGoneError, MessageGoneError, PostError
from bot.model import ChannelSettings, Delivery, Discussion, Outlet, Reading, Rhythm, ThreadMode
from bot.services import outbox, parcels
from bot.services.discussions import DiscussionService
from bot.services.outbox import Step
from bot.services.parcels import Packed, Packer, Parcel
from bot.store.deliveries import A_CHANNEL, Card, DeliveryRepository
from bot.tracing import traced

log = logging.getLogger(__name__)

BATCH = 100  #: debts that are leased together, more when half of them are paid
LOOK_AGAIN = 1.0  #: seconds after which more is leased where nothing ends


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


class Channels(Protocol):
    """Whoever knows how channels want their cards; bot.services.channels.ChannelService in life."""

    async def get(self, channel_id: int) -> ChannelSettings | None:
        """The channel's settings, None where nobody configured it."""
        ...


class Subscriptions(parcels.Subscriptions, Protocol):
    """Whoever knows who asked; bot.services.subscriptions.SubscriptionService in life."""

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


@dataclass(slots=True)
class _Channel:
    """A channel's leased debts while they are paid, in their order."""

    deadline: datetime  #: nothing is begun after it
    packed: Mapping[int, Packed]
    debts: list[tuple[Delivery, Step]]
    begun: set[int] = field(default_factory=set)  #: ids of debts that may have been sent

    def begin_after(self, delivery: Delivery) -> int | None:
        """The card that is sent next: noted in one transaction with the last one's end."""
        ids = [debt.id for debt, step in self.debts if step is not Step.JOIN and debt.id in self.packed]
        following = next((id_ for id_ in ids if id_ > delivery.id), None)
        if following is not None:
            self.begun.add(following)
        return following


class DeliveryService:
    """Pays what channels are owed."""

    def __init__(
        self,
        repository: DeliveryRepository,
        articles: parcels.Articles,
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
        self._packer = Packer(repository, articles, discussions, subscriptions)

    async def drain(self, messenger: Messenger) -> int:
        """Pay every debt that is due; returns how many were paid.

        Raises TokenRefusedError, for then nothing can be paid at all.
        """
        under_way: dict[asyncio.Task[int], int] = {}  # how many debts each has to pay
        paid, dry = 0, False
        try:
            while True:
                # Leased before the last ones are paid, so that Discord is never waited for by nobody.
                if not under_way or (not dry and sum(under_way.values()) <= BATCH // 2):
                    leased = await self._lease()
                    dry = leased is None
                    for channel in leased or ():
                        paying = self._pay(channel, messenger)
                        under_way[asyncio.create_task(paying, name="pay a channel")] = len(channel.debts)
                    if not under_way and dry:
                        return paid
                if not under_way:
                    continue
                ended, _ = await asyncio.wait(
                    under_way, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED
                )
                for task in ended:
                    dry = (under_way.pop(task) < A_CHANNEL) and dry  # it may be owed more
                    paid += task.result()
                dry = dry and bool(ended)
        except asyncio.CancelledError:
            for task in under_way:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*under_way, return_exceptions=True)

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
        return tuple(each.name for each in topics), await self._packer.retold(discussion)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget what a server was and is owed."""
        await self._repository.forget_guild(guild_id)

    async def _lease(self) -> list[_Channel] | None:
        """Take debts, and get ready what is to be paid now; None where nothing is due."""
        now = self._clock()
        leased = await self._repository.lease(now, outbox.LEASE, BATCH)
        if not leased:
            return None
        due = await self._due(leased, now)
        packed = await self._packer.pack([debt for debt, step in due if step is not Step.JOIN])
        deadline = now + outbox.LEASE - timedelta(seconds=outbox.SECONDS)
        by_channel = groupby(due, key=lambda each: each[0].channel_id)
        channels = [_Channel(deadline, packed, list(debts)) for _, debts in by_channel]
        first = {channel.debts[0][0].id for channel in channels if channel.debts[0][1] is not Step.JOIN}
        if begun := first & packed.keys():
            await self._repository.begin(begun, self._clock())
        for channel in channels:
            channel.begun |= begun
        return channels

    async def _due(self, leased: Collection[Delivery], now: datetime) -> list[tuple[Delivery, Step]]:
        """What is to be paid now, channel by channel; the rest is put off or left to the digest."""
        channel_ids = {delivery.channel_id for delivery in leased}
        outlets = await self._outlets.outlets(channel_ids)
        lately = await self._repository.sent_since(channel_ids, now - outbox.CAP_WINDOW)
        due: list[tuple[Delivery, Step]] = []
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
                due.append((delivery, decision.step))
                # What may have been sent before is counted already.
                new = decision.step is not Step.JOIN and delivery.first_try is None
                lately[channel] = lately.get(channel, 0) + new
        return due

    async def _leave_over(self, delivery: Delivery, outlet: Outlet, now: datetime) -> None:
        settings = await self._channels.get(outlet.channel_id)
        rhythm = settings.digest if settings else Rhythm.OFF
        when = outbox.next_digest(outlet, rhythm, now) or outbox.left_over_digest(outlet, now)
        await self._outlets.schedule(outlet, when)
        await self._repository.leave_over(delivery.id)

    async def _pay(self, channel: _Channel, messenger: Messenger) -> int:
        """Pay a channel's debts; returns how many were paid."""
        # One after the other: a channel's cards keep their order, and a refusal spares the rest.
        for done, (delivery, step) in enumerate(channel.debts):
            # What is begun must end before somebody else may take the debt over.
            late = self._clock() > channel.deadline
            if late or not await self._settle(delivery, step, channel, messenger):
                wait = timedelta() if late else outbox.FIRST_RETRY
                rest = [debt.id for debt, _ in channel.debts[done:]]
                await self._repository.release(rest, self._clock() + wait)
                return done
        return len(channel.debts)

    @traced(
        "deliver",
        lambda delivery, *_: {
            "delivery": delivery.id,
            "article": delivery.article_id,
            "channel": delivery.channel_id,
        },
    )
    async def _settle(self, delivery: Delivery, step: Step, channel: _Channel, messenger: Messenger) -> bool:
        """Pay one debt; False where the channel takes nothing now."""
        try:
            if step is Step.JOIN:
                await self._join(delivery, messenger)
            elif (packed := channel.packed.get(delivery.id)) is None:
                await self._repository.dropped(delivery.id, "the article is gone")
            else:
                await self._deliver(packed, step, channel, messenger)
        except PostError as error:
            await self._refused(delivery, error, messenger)
            return False
        return True

    async def _deliver(self, packed: Packed, step: Step, channel: _Channel, messenger: Messenger) -> None:
        delivery, discussion = packed.delivery, packed.share.discussion
        message_id, thread_id = discussion.message_id, discussion.thread_id
        if message_id is None:
            since = delivery.first_try
            if step is Step.LOOK and since is not None:
                message_id = await messenger.look(packed.parcel, since)
            if message_id is None:
                if delivery.id not in channel.begun:
                    await self._repository.begin([delivery.id], self._clock())
                message_id = await messenger.post(packed.parcel, packed.share.nonce)
        settings = await self._channels.get(delivery.channel_id)
        if settings is not None and settings.threads is ThreadMode.ALWAYS and thread_id is None:
            await self._discussions.posted(discussion.id, message_id)
            thread_id = await self._open_thread(packed, message_id, messenger)
        card = Card(discussion_id=discussion.id, message_id=message_id, thread_id=thread_id)
        await self._repository.sent(delivery.id, self._clock(), card, begins=channel.begin_after(delivery))
        log.info("delivered", extra={"delivery": delivery.id, "sent_as": message_id})

    async def _open_thread(self, packed: Packed, message_id: int, messenger: Messenger) -> int | None:
        try:
            return await messenger.open_thread(packed.parcel, message_id)
        except PostError as error:
            if not outbox.is_final(error) and not isinstance(error, MessageGoneError):
                raise
            # The card is there: what is missing is told, and nothing is owed any more.
            await messenger.refused(packed.delivery.guild_id, error)
            return None

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
        parcel = await self._packer.parcel(first[0] if first else None, reading, discussion)
        try:
            await messenger.redraw(parcel)
        except MessageGoneError:
            log.info("card is gone", extra={"delivery": delivery.id})
        await self._repository.sent(delivery.id, now)

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
