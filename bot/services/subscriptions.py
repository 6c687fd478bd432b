"""What channels and members subscribed to, and which articles reach them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import QueryError, SiteBlockedError
from bot.feeds.matching import QueryIndex
from bot.feeds.topics import Analysis, Query, analyse
from bot.model import Article, Notice, Outlet, Paste, Reading, Subscription
from bot.services.stories import Stories
from bot.store.deliveries import DeliveryRepository, Owed
from bot.store.subscriptions import SubscriptionRepository

log = logging.getLogger(__name__)

RELOAD = timedelta(
    minutes=1
)  #: after which topics that another process changed are seen; new ones are at once
LEASE = timedelta(minutes=2)  #: of what is told to a person, who would be told twice
MATCHING = timedelta(seconds=30)  #: the lease of what is owed only once, however often it is matched
OVERDUE = timedelta(minutes=15)  #: after which nobody is asking a feed at all
PASTES_AT_ONCE = 50
MOST_PINGED = 20  #: members a topic mentions; more make a role's work


class Sites(Protocol):
    """Whoever knows which sites a server blocked; bot.services.servers.ServerService in life."""

    async def check_site(self, guild_id: int, url: str) -> None:
        """Raise SiteBlockedError where the server does not want the page's site read."""
        ...


class Outlets(Protocol):
    """Whoever knows how channels want to be sent articles; bot.store.digests.DigestRepository in life."""

    async def outlets(self, channel_ids: Collection[int]) -> dict[int, Outlet]:
        """What is set for these channels, where something is."""
        ...


class Articles(Protocol):
    """Whoever keeps articles; bot.services.articles.ArticleService in life."""

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        ...


class Learning(Protocol):
    """Whoever knows what topics learned; bot.services.learning.LearningService in life."""

    async def verdicts(self, article: Analysis, among: Callable[[int], bool]) -> Mapping[int, bool]:
        """Whether an article fits each topic, chosen by its id, that goes by what it learned."""
        ...


class SubscriptionService:
    """Subscriptions; topics are kept in memory, indexed by what they look for."""

    def __init__(
        self,
        repository: SubscriptionRepository,
        deliveries: DeliveryRepository,
        articles: Articles,
        stories: Stories,
        outlets: Outlets,
        sites: Sites,
        learning: Learning,
        clock: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._deliveries = deliveries
        self._articles = articles
        self._stories = stories
        self._outlets = outlets
        self._sites = sites
        self._learning = learning
        self._clock = clock
        self._known: dict[int, Subscription] = {}
        self._topics: QueryIndex[int] = QueryIndex()
        self._loaded_at: datetime | None = None
        self._newest = 0
        self._changed = False  # since the topics were read
        self._loading = asyncio.Lock()
        self._telling = asyncio.Lock()

    async def tell(self, brought: Iterable[tuple[Reading, int]]) -> int:
        """Owe articles, each with the id of the feed that brought it, to all who want them, in this order.

        Returns how many debts are new.
        """
        async with self._telling:
            owed = []
            for reading, feed_id in brought:
                direct, servers = await self._repository.listeners(feed_id)
                owed.append(await self._owed(reading, await self._wanted(reading.article, servers, direct)))
            return await self._owe(owed)

    async def pasted(self, article_id: int, guild_id: int, channel_id: int) -> None:
        """A member shared an article in a channel: the server's other channels may want it."""
        outlet = (await self._outlets.outlets([channel_id])).get(channel_id)
        if outlet and outlet.crossposts:
            await self._repository.pasted(article_id, guild_id, channel_id, self._clock())

    async def match_pasted(self, now: datetime) -> int:
        """Owe shared articles to the channels that want them; returns how many were matched."""
        pastes = await self._repository.claim_pastes(now, MATCHING, PASTES_AT_ONCE)
        for paste in pastes:
            reading = await self._articles.get(paste.article_id)
            if reading is not None:
                async with self._telling:
                    await self._owe([await self._owed(reading, await self._wanted_paste(reading, paste))])
            await self._repository.matched(paste.id)
        return len(pastes)

    async def _wanted_paste(self, reading: Reading, paste: Paste) -> list[Subscription]:
        wanted = await self._wanted(reading.article, {paste.guild_id})
        return [each for each in wanted if each.channel_id != paste.channel_id]

    async def owe_to(self, subscription: Subscription, reading: Reading) -> None:
        """Owe an article to one channel that asked for it by name."""
        await self._owe([await self._owed(reading, [subscription])])

    async def matching(self, article: Article, servers: Collection[int]) -> tuple[Subscription, ...]:
        """The topics of *servers* that an article matches, paused and muted ones left out."""
        return tuple(await self._wanted(article, servers))

    async def _wanted(
        self, article: Article, servers: Collection[int], direct: Iterable[Subscription] = ()
    ) -> list[Subscription]:
        await self._load()
        analysis = analysis_of(article)
        known = self._known
        matched = set(self._topics.matching(analysis))
        verdicts = await self._learning.verdicts(
            analysis, lambda id_: id_ in known and known[id_].guild_id in servers
        )
        for each in known.values() if verdicts else ():
            match verdicts.get(each.parent_id or each.id):  # who follows a topic gets what it gets
                case True:
                    matched.add(each.id)
                case False:
                    matched.discard(each.id)
        found = [known[id_] for id_ in matched if known[id_].guild_id in servers]
        found += [each for each in direct if _finds(each, analysis)]
        now = self._clock()
        return sorted((each for each in found if is_listening(each, now)), key=lambda each: each.id)

    async def _owed(self, reading: Reading, wanted: Iterable[Subscription]) -> Owed:
        channels: dict[tuple[int, int], list[int]] = {}
        for subscription in wanted:
            place = subscription.guild_id, subscription.channel_id
            channels.setdefault(place, []).append(subscription.id)
        for guild_id in {guild_id for guild_id, _ in channels}:
            try:
                await self._sites.check_site(guild_id, reading.article.url)
            except SiteBlockedError:
                channels = {place: ids for place, ids in channels.items() if place[0] != guild_id}
        first = await self._stories.earlier(reading) if channels else None
        if first is not None:
            first = await self._repository.retold(reading.id, first)
        return Owed(article_id=reading.id, channels=channels, first_id=first)

    async def _owe(self, owed: Sequence[Owed]) -> int:
        new = await self._deliveries.owe_all(owed, self._clock())
        log.info("owed", extra={"articles": [each.article_id for each in owed], "channels": new})
        return new

    async def add(
        self,
        *,
        guild_id: int,
        channel_id: int,
        name: str,
        created_by: int,
        query: str | None = None,
        feed_id: int | None = None,
        role_id: int | None = None,
        member_id: int | None = None,
        parent_id: int | None = None,
        listens_to: Iterable[int] = (),
    ) -> tuple[Subscription, bool]:
        """The channel's subscription of this name, and whether it is new; raises QueryError."""
        if query is not None:
            query = str(Query.parse(query))
        added, new = await self._repository.add(
            self._clock(),
            guild_id=guild_id,
            channel_id=channel_id,
            name=name,
            query=query,
            feed_id=feed_id,
            role_id=role_id,
            member_id=member_id,
            parent_id=parent_id,
            created_by=created_by,
        )
        await self._repository.listen(added.id, listens_to)
        self._changed = True
        return added, new

    async def change(self, subscription_id: int, **values: object) -> bool:
        """Change a subscription's name, query, role_id, paused or muted_until; raises QueryError.

        Whoever goes on after a pause is not flooded: what feeds brought meanwhile is no news.
        """
        if isinstance(query := values.get("query"), str):
            values["query"] = str(Query.parse(query))
        if values.get("paused") is False:
            await self._repository.forget_missed(subscription_id, self._clock() - OVERDUE)
        found = await self._repository.set(subscription_id, **values)
        self._changed = True
        return found

    async def remove(self, subscription_id: int) -> bool:
        """Forget a subscription; False where there is none."""
        found = await self._repository.remove(subscription_id)
        self._changed = True
        return found

    async def get_all(self, ids: Collection[int]) -> tuple[Subscription, ...]:
        """The subscriptions with these ids."""
        return await self._repository.get_all(ids) if ids else ()

    async def of_guild(self, guild_id: int) -> tuple[Subscription, ...]:
        """A server's subscriptions, without those of its members."""
        return await self._repository.of_guild(guild_id)

    async def of_member(self, user_id: int) -> tuple[Subscription, ...]:
        """What a member gets by direct message."""
        return await self._repository.of_member(user_id)

    async def follow(self, subscription: Subscription, user_id: int) -> bool:
        """Mention a member with a topic's articles; False where it mentions as many as it may."""
        pinged = await self._repository.followers([subscription.id], self._clock())
        if user_id not in pinged and len(pinged) >= MOST_PINGED:
            return False
        await self._repository.follow(subscription.id, user_id)
        return True

    async def unfollow(self, subscription_id: int, user_id: int) -> bool:
        """Stop mentioning a member; False where it was not so."""
        return await self._repository.unfollow(subscription_id, user_id)

    async def mute(self, subscription_id: int, user_id: int, until: datetime | None) -> bool:
        """Leave a follower out until a moment; False where the member does not follow."""
        return await self._repository.mute(subscription_id, user_id, until)

    async def followed_by(self, user_id: int) -> frozenset[int]:
        """The topics with whose articles a member is mentioned."""
        return await self._repository.followed_by(user_id)

    async def pinged(self, subscriptions: Iterable[Subscription]) -> tuple[int, ...]:
        """The members to be mentioned with an article that these asked for."""
        ids = [each.id for each in subscriptions]
        return (await self._repository.followers(ids, self._clock()))[:MOST_PINGED] if ids else ()

    async def pinged_by(self, wanted: Sequence[Collection[Subscription]]) -> tuple[tuple[int, ...], ...]:
        """The members to be mentioned with each of several articles, by those that asked for it."""
        ids = {each.id for asked in wanted for each in asked}
        found = await self._repository.followers_of(ids, self._clock()) if ids else {}
        return tuple(
            tuple(sorted(frozenset().union(*(found.get(each.id, ()) for each in asked))))[:MOST_PINGED]
            for asked in wanted
        )

    async def notices(self, now: datetime) -> tuple[Notice, ...]:
        """Who is to be told of a feed's trouble."""
        return await self._repository.claim_notices(now, LEASE, PASTES_AT_ONCE)

    async def told(self, notice_id: int) -> None:
        """Somebody was told."""
        await self._repository.told(notice_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget everything a server and its members subscribed to."""
        await self._repository.forget_guild(guild_id)
        self._changed = True

    async def forget_channel(self, channel_id: int) -> None:
        """Forget everything a channel subscribed to."""
        await self._repository.forget_channel(channel_id)
        self._changed = True

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member follows."""
        await self._repository.forget_member(user_id)
        self._changed = True

    async def _load(self) -> None:
        async with self._loading:
            now, newest = self._clock(), await self._repository.newest()
            is_new = self._loaded_at is not None and now - self._loaded_at < RELOAD
            if is_new and newest == self._newest and not self._changed:
                return
            self._loaded_at, self._changed = None, False  # until it succeeds; what changes meanwhile counts
            current = {each.id: each for each in await self._repository.topics()}
            for id_, old in self._known.items():
                if current.get(id_) != old:
                    self._topics.remove(id_)
            for id_, new in current.items():
                if self._known.get(id_) != new and (query := _query(new)) is not None:
                    self._topics.add(id_, query)
            self._known, self._loaded_at, self._newest = current, now, newest


def _query(subscription: Subscription) -> Query | None:
    """What a subscription looks for; None where it looks for nothing."""
    try:
        return Query.parse(subscription.query) if subscription.query is not None else None
    except QueryError:
        log.error("stored query does not parse", extra={"subscription": subscription.id})
        return None


def _finds(subscription: Subscription, analysis: Analysis) -> bool:
    """Whether a subscription to a feed wants an article of it."""
    if subscription.query is None:
        return True
    query = _query(subscription)
    return query is not None and query.finds(analysis)


def is_listening(subscription: Subscription, now: datetime) -> bool:
    """Whether a subscription wants articles now."""
    muted = subscription.muted_until is not None and subscription.muted_until > now
    return not subscription.paused and not muted


def analysis_of(article: Article) -> Analysis:
    """An article made ready for queries."""
    return analyse(
        article.title,
        article.text,
        url=article.url,
        site_name=article.site_name,
        authors=article.authors,
        language=article.language,
    )
