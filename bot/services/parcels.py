"""Draws up what is drawn on the cards of many debts at once, with few questions to the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Delivery, Discussion, Reading, Subscription
from bot.services.discussions import DiscussionService, Place, Share
from bot.store.deliveries import DeliveryRepository


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A debt ready to be paid."""

    delivery: Delivery
    share: Share
    parcel: Parcel


class Articles(Protocol):
    """Whoever keeps articles; bot.services.articles.ArticleService in life."""

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        ...


class Subscriptions(Protocol):
    """Whoever knows who asked; bot.services.subscriptions.SubscriptionService in life."""

    async def get_all(self, ids: Collection[int]) -> tuple[Subscription, ...]:
        """The subscriptions with these ids."""
        ...

    async def pinged_by(self, wanted: Sequence[Collection[Subscription]]) -> tuple[tuple[int, ...], ...]:
        """The members to be mentioned with each of several articles, by those that asked for it."""
        ...


class Packer:
    """Turns debts into parcels."""

    def __init__(
        self,
        repository: DeliveryRepository,
        articles: Articles,
        discussions: DiscussionService,
        subscriptions: Subscriptions,
    ) -> None:
        self._repository = repository
        self._articles = articles
        self._discussions = discussions
        self._subscriptions = subscriptions

    async def pack(self, debts: Sequence[Delivery]) -> dict[int, Packed]:
        """Share what is owed, and draw up its cards, by the debts' ids; articles that are gone are left out."""
        readings = await self._read({debt.article_id for debt in debts})
        debts = [debt for debt in debts if debt.article_id in readings]
        if not debts:
            return {}
        shares = await self._discussions.share_all(
            [(debt.article_id, _place(debt), debt.owed_at) for debt in debts]
        )
        parcels = await self._parcels(
            [
                (debt, readings[debt.article_id], share.discussion)
                for debt, share in zip(debts, shares, strict=True)
            ]
        )
        return {
            debt.id: Packed(delivery=debt, share=share, parcel=parcel)
            for debt, share, parcel in zip(debts, shares, parcels, strict=True)
        }

    async def parcel(self, debt: Delivery | None, reading: Reading, discussion: Discussion) -> Parcel:
        """The parcel of one card; *debt* is None for a card that no subscription brought."""
        (parcel,) = await self._parcels([(debt, reading, discussion)])
        return parcel

    async def retold(self, discussion: Discussion) -> tuple[Reading, ...]:
        """The same story elsewhere, as a card names it."""
        ids = await self._repository.joined(discussion.channel_id, discussion.article_id)
        found = await self._read(ids)
        return tuple(found[id_] for id_ in ids if id_ in found)

    async def _parcels(self, cards: Sequence[tuple[Delivery | None, Reading, Discussion]]) -> list[Parcel]:
        ids = {id_ for debt, _, _ in cards if debt for id_ in debt.subscriptions}
        known = {each.id: each for each in await self._subscriptions.get_all(ids)}
        asked = [_asked(debt, known) for debt, _, _ in cards]
        pinged = await self._subscriptions.pinged_by(asked)
        joined = await self._repository.joined_in(
            {card.channel_id for _, _, card in cards}, {card.article_id for _, _, card in cards}
        )
        others = await self._read({id_ for ids in joined.values() for id_ in ids})
        return [
            Parcel(
                reading=reading,
                discussion=discussion,
                topics=tuple(each.name for each in who),
                roles=tuple(dict.fromkeys(each.role_id for each in who if each.role_id is not None)),
                members=members,
                retold=tuple(
                    others[id_]
                    for id_ in joined.get((discussion.channel_id, discussion.article_id), ())
                    if id_ in others
                ),
                addressee=next((each.member_id for each in who if each.member_id is not None), None),
            )
            for (_, reading, discussion), who, members in zip(cards, asked, pinged, strict=True)
        ]

    async def _read(self, ids: Iterable[int]) -> dict[int, Reading]:
        found = {id_: await self._articles.get(id_) for id_ in ids}
        return {id_: reading for id_, reading in found.items() if reading is not None}


def _place(debt: Delivery) -> Place:
    return Place(guild_id=debt.guild_id, channel_id=debt.channel_id, home_id=debt.channel_id)


def _asked(debt: Delivery | None, known: Mapping[int, Subscription]) -> list[Subscription]:
    ids = sorted(set(debt.subscriptions)) if debt else ()
    return [known[id_] for id_ in ids if id_ in known]
