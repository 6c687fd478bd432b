"""Forgets what is not needed any more, or what somebody asks to be forgotten."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.model import Subscription
from bot.services.servers import ServerService
from bot.store.articles import ArticleRepository
from bot.store.departures import DepartureRepository
from bot.store.members import MemberRepository

log = logging.getLogger(__name__)

ARTICLES_AT_ONCE = 500

ForgetGuild = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long things are kept; None keeps them for good."""

    articles: timedelta | None = timedelta(days=90)  #: that no card shows
    texts: timedelta | None = timedelta(days=90)  #: of comments, where a server has them kept at all
    departed: timedelta = timedelta(days=7)  #: the data of a server that removed the bot


class Follows(Protocol):
    """Whoever knows what members follow; SubscriptionService in life."""

    async def of_member(self, user_id: int) -> tuple[Subscription, ...]:
        """What a member gets by direct message."""
        ...

    async def followed_by(self, user_id: int) -> frozenset[int]:
        """The topics with whose articles a member is mentioned."""
        ...

    async def get_all(self, ids: Collection[int]) -> tuple[Subscription, ...]:
        """The subscriptions with these ids."""
        ...

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member follows."""
        ...


class Ratings(Protocol):
    """Whoever knows how members rated articles; LearningService in life."""

    async def rated_by(self, user_id: int) -> tuple[tuple[str, str, bool, datetime], ...]:
        """The topic, the article's title, whether it fits and when a member said so."""
        ...

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member said of articles."""
        ...


class RetentionService:
    """Forgetting: by age, by server, by member.

    *forget_guild* are the services that keep something of servers, each forgetting its part; every call may be
    repeated, so that a crash in between is made good by the next round.
    """

    def __init__(
        self,
        departures: DepartureRepository,
        articles: ArticleRepository,
        members: MemberRepository,
        servers: ServerService,
        follows: Follows,
        ratings: Ratings,
        *,
        forget_guild: Sequence[ForgetGuild],
        keep: Keep = Keep(),
    ) -> None:
        self._departures = departures
        self._articles = articles
        self._members = members
        self._servers = servers
        self._follows = follows
        self._ratings = ratings
        self._forget_guild = tuple(forget_guild)
        self._keep = keep

    async def left(self, guild_id: int, now: datetime) -> None:
        """A server removed the bot: its data is kept for a while, in case that was a mistake."""
        await self._departures.left([guild_id], now)

    async def joined(self, guild_id: int) -> None:
        """A server took the bot in, perhaps again."""
        await self._departures.returned([guild_id])

    async def compare(self, present: Collection[int], mine: Callable[[int], bool], now: datetime) -> None:
        """Note who left or came back while nobody looked.

        *present* are the servers this process serves, *mine* says whether it would serve a server, for other
        processes serve others.
        """
        here = frozenset(present)
        missing = [guild_id for guild_id in await self._departures.known() if mine(guild_id)]
        await self._departures.left(frozenset(missing) - here, now)
        await self._departures.returned(await self._departures.away() & here)

    async def tidy(self, now: datetime) -> int:
        """Forget what has been kept long enough; returns how many servers and articles that were."""
        forgotten = 0
        for guild_id in await self._departures.gone(now - self._keep.departed):
            await self.forget_server(guild_id)
            forgotten += 1
        if self._keep.texts is not None:
            await self._members.forget_texts_before(now - self._keep.texts)
        if self._keep.articles is not None:
            before = now - self._keep.articles
            while count := await self._articles.forget_unused(before, ARTICLES_AT_ONCE):
                forgotten += count
        return forgotten

    async def forget_server(self, guild_id: int) -> None:
        """Forget everything about a server."""
        await self._articles.forget_reports(guild_id=guild_id)
        for forget in self._forget_guild:
            await forget(guild_id)
        await self._departures.returned([guild_id])
        log.info("server forgotten", extra={"guild": guild_id})

    async def forget_member(self, user_id: int) -> None:
        """Forget everything about a member, in every server; cards stay, without the name."""
        await self._members.forget_member(user_id)
        await self._articles.forget_reports(user_id=user_id)
        await self._follows.forget_member(user_id)
        await self._ratings.forget_member(user_id)
        await self._servers.forget_member(user_id)
        log.info("member forgotten")

    async def export_member(self, user_id: int) -> dict[str, Any]:
        """Everything kept about a member, as values that JSON can hold."""
        followed = await self._follows.get_all(await self._follows.followed_by(user_id))
        return {
            "member": str(user_id),
            "settings": _plain(await self._servers.member(user_id)),
            "shared": [
                {"title": title, **_plain(discussion)}
                for discussion, title in await self._members.shared_by(user_id)
            ],
            "comments": [_plain(comment) for comment in await self._members.comments_of(user_id)],
            "complaints": [
                {"title": title, "reason": reason, "at": at.isoformat()}
                for title, reason, at in await self._articles.reports_of(user_id)
            ],
            "ratings": [
                {"topic": topic, "title": title, "fits": fits, "at": at.isoformat()}
                for topic, title, fits, at in await self._ratings.rated_by(user_id)
            ],
            "subscriptions": [_plain(each) for each in await self._follows.of_member(user_id)],
            "followed topics": [{"guild_id": str(each.guild_id), "name": each.name} for each in followed],
        }


def _plain(value: Any) -> dict[str, Any]:
    """A dataclass as JSON values; ids as text, for JavaScript rounds them."""
    plain = dataclasses.asdict(value)
    for name, item in plain.items():
        if isinstance(item, datetime):
            plain[name] = item.isoformat()
        elif isinstance(item, int) and not isinstance(item, bool) and item > 2**53:
            plain[name] = str(item)
    return plain
