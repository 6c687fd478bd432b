"""Where an article was shared, and the discussion below its card."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from bot.errors import CardGoneError
from bot.model import Comment, Discussion
from bot.store.comments import CommentRepository
from bot.store.discussions import DiscussionRepository

EDIT_INTERVAL = timedelta(minutes=5)
CARDS_A_ROUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What is to be done with a shared article."""

    discussion: Discussion
    earlier: bool  #: it was posted before: show where, post no second card
    nonce: str  #: for sending the card; the same after a crash, so that Discord drops a repeat


def _nothing(_channel_id: int) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a card is to hang."""

    guild_id: int  #: 0 in direct messages
    channel_id: int
    home_id: int  #: whoever sees this channel sees the card
    sees: Callable[[int], bool] = _nothing  #: whether everyone here sees another channel, by its id
    is_forum: bool = False  #: every card there starts a thread
    thread_id: int | None = None  #: the place is a thread itself: the discussion goes on in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharer:
    """Who shared an article, with which message and words."""

    user_id: int | None  #: None for a subscription
    source_id: int | None = None
    note: str | None = None
    length: str | None = None  #: of the summary, where another was asked for


class _By(TypedDict):
    sharer_id: int | None
    source_id: int | None
    note: str | None
    length: str | None


class DiscussionService:
    """One discussion a channel and article, however often it is shared."""

    def __init__(self, repository: DiscussionRepository, comments: CommentRepository) -> None:
        self._repository = repository
        self._comments = comments

    async def share(
        self, article_id: int, place: Place, sharer: Sharer, now: datetime, *, anew: bool = False
    ) -> Share:
        """Record that somebody shared an article.

        An earlier card that everyone in the place can see is handed back as such; *anew* asks for another card
        all the same. A card that a crash kept from being posted is handed back with its nonce.
        """
        found = earlier_card(await self._repository.posted_in(article_id, place.guild_id), place)
        if found and not anew:
            return Share(discussion=found, earlier=True, nonce="")
        by: _By = {
            "sharer_id": sharer.user_id,
            "source_id": sharer.source_id,
            "note": sharer.note,
            "length": sharer.length,
        }
        discussion, turn = await self._repository.open(
            article_id,
            guild_id=place.guild_id,
            channel_id=place.channel_id,
            home_id=place.home_id,
            now=now,
            **by,
        )
        if anew and discussion.message_id is not None:
            discussion, turn = await self._repository.reopen(
                discussion.id, discussion.message_id, now=now, **by
            )
        elif discussion.message_id is None and discussion.shared_at != now:
            # A crash left it unposted, or its card was taken down: whoever shares it now is its sharer.
            discussion = await self._repository.claim(discussion.id, now=now, **by)
        # Between looking and opening, another message may have posted it.
        return Share(
            discussion=discussion,
            earlier=discussion.message_id is not None,
            nonce=_nonce(place.channel_id, article_id, turn),
        )

    async def share_all(self, owed: Sequence[tuple[int, Place, datetime]]) -> list[Share]:
        """Share what subscriptions asked for, as share() does: articles by their ids, where, and since when."""
        homes, ids = {place.channel_id for _, place, _ in owed}, {article_id for article_id, _, _ in owed}
        posted = await self._repository.posted_to(homes, ids)
        earlier = [earlier_card(posted.get((place.guild_id, id_), ()), place) for id_, place, _ in owed]
        missing = [each for each, card in zip(owed, earlier, strict=True) if card is None]
        opened = iter(
            await self._repository.open_all(
                [
                    (article_id, place.guild_id, place.channel_id, since)
                    for article_id, place, since in missing
                ]
            )
            if missing
            else ()
        )
        shares: list[Share] = []
        for (article_id, place, since), card in zip(owed, earlier, strict=True):
            if card is not None:
                shares.append(Share(discussion=card, earlier=True, nonce=""))
                continue
            discussion, turn = next(opened)
            nobody: _By = {"sharer_id": None, "source_id": None, "note": None, "length": None}
            if discussion.message_id is None and discussion.shared_at != since:
                discussion = await self._repository.claim(discussion.id, now=since, **nobody)
            nonce = _nonce(place.channel_id, article_id, turn)
            shares.append(
                Share(discussion=discussion, earlier=discussion.message_id is not None, nonce=nonce)
            )
        return shares

    async def adopt(self, discussion_id: int, thread_id: int) -> None:
        """The discussion goes on in a thread that was there before, if no other one does."""
        await self._repository.adopt(discussion_id, thread_id)

    async def posted(self, discussion_id: int, message_id: int) -> None:
        """The card is in the channel."""
        await self._repository.posted(discussion_id, message_id)

    async def taken_down(self, discussion_id: int) -> None:
        """The card is gone, the thread with what people wrote stays."""
        await self._repository.take_down(discussion_id)

    async def opened(self, discussion_id: int, thread_id: int) -> None:
        """The thread is open."""
        await self._repository.set(discussion_id, thread_id=thread_id)

    async def closed(self, thread_id: int, *, with_card: bool = False) -> None:
        """A thread is gone with its comments and the cards in it; of a forum post, *with_card*, its own card."""
        own = await self._repository.find(thread_id=thread_id)
        if own is not None:
            await self._repository.set(own.id, thread_id=None)
            where = None if own.merged_into is None else thread_id
            written = await self._comments.of(own.merged_into or own.id)
            gone = [comment.message_id for comment in written if comment.thread_id == where]
            await self._comments.remove(gone)
            if with_card:
                await self._repository.remove(own.id)
        for card in await self._repository.find_all(channel_id=thread_id):
            await self._repository.remove(card.id)

    async def forget_channel(self, channel_id: int) -> None:
        """A channel is gone with the cards in it and in its threads."""
        for card in await self._repository.find_all(home_id=channel_id):
            await self._repository.remove(card.id)

    async def merge(self, discussion: Discussion, into: Discussion) -> Discussion:
        """Make a discussion part of another; returns that one as it is then. Raises CardGoneError."""
        if not await self._repository.merge(discussion.id, into.id):
            raise CardGoneError
        merged = await self._repository.find(id=into.id)
        if merged is None:
            raise CardGoneError
        return merged

    async def latest(self, guild_id: int, limit: int) -> tuple[tuple[Discussion, str], ...]:
        """The posted discussions of a server with their articles' titles, the latest first."""
        return await self._repository.latest(guild_id, limit)

    async def get(self, discussion_id: int) -> Discussion | None:
        """The discussion with this id."""
        return await self._repository.find(id=discussion_id)

    async def cards_of(self, article_id: int, guild_id: int) -> tuple[Discussion, ...]:
        """The posted cards of an article in a server, the latest first."""
        return await self._repository.posted_in(article_id, guild_id)

    async def of_thread(self, thread_id: int) -> Discussion | None:
        """The discussion that a thread belongs to, also through one that was merged into it."""
        own = await self._repository.find(thread_id=thread_id)
        if own is None or own.merged_into is None:
            return own
        return await self._repository.find(id=own.merged_into) or own

    async def of_message(self, message_id: int) -> Discussion | None:
        """The discussion whose card this message is."""
        return await self._repository.find(message_id=message_id)

    async def of_article(self, channel_id: int, article_id: int) -> Discussion | None:
        """The discussion of an article in a channel."""
        return await self._repository.find(channel_id=channel_id, article_id=article_id)

    async def of_source(self, message_id: int) -> tuple[Discussion, ...]:
        """The discussions that a member's message started."""
        return await self._repository.find_all(source_id=message_id)

    async def record(self, comment: Comment) -> Discussion | None:
        """Count a comment, once; returns its discussion, None where that is gone."""
        return await self._comments.add(comment)

    async def rewrite(self, message_id: int, text: str) -> None:
        """A comment was edited; its words count only where the server keeps words."""
        await self._comments.set_text(message_id, text)

    async def remove_comments(self, message_ids: Collection[int]) -> tuple[Discussion, ...]:
        """Deleted messages no longer count; returns the discussions they were in."""
        return await self._comments.remove(message_ids)

    async def react(self, message_id: int, delta: int) -> None:
        """Count a reaction to a comment (+1) or its removal (-1)."""
        await self._comments.add_reactions(message_id, delta)

    async def comments(self, discussion_id: int) -> tuple[Comment, ...]:
        """A discussion's comments, oldest first."""
        return await self._comments.of(discussion_id)

    async def due(self, now: datetime) -> tuple[Discussion, ...]:
        """Discussions whose card shows an old count and may be edited again."""
        return await self._repository.behind(now - EDIT_INTERVAL, CARDS_A_ROUND)

    async def shown(self, discussion_id: int, comments: int, now: datetime) -> None:
        """The card now shows this count."""
        await self._repository.set(discussion_id, shown_comments=comments, shown_at=now)

    async def others_wrote(self, discussion: Discussion) -> bool:
        """Whether anybody but the sharer wrote in the thread."""
        written = await self._comments.of(discussion.id)
        return any(comment.author_id != discussion.sharer_id for comment in written)

    async def forget_texts(self, guild_id: int) -> None:
        """Forget the words of a server's comments."""
        await self._comments.forget_texts(guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget a server's discussions."""
        await self._repository.remove_guild(guild_id)

    async def remove(self, discussion_id: int) -> None:
        """Forget a discussion: its card is gone."""
        await self._repository.remove(discussion_id)


def earlier_card(posted: Iterable[Discussion], place: Place) -> Discussion | None:
    """The card to point to: the one in the place itself, else the latest that everyone there can see."""
    cards = tuple(posted)
    here = (card for card in cards if card.channel_id == place.channel_id)
    seen = (card for card in cards if card.home_id == place.home_id or place.sees(card.home_id))
    return next(here, None) or next(seen, None)


def _nonce(channel_id: int, article_id: int, turn: int) -> str:
    """25 characters, the most that Discord takes, that only this card has."""
    key = f"{channel_id}:{article_id}:{turn}".encode()
    return base64.b32encode(hashlib.sha256(key).digest()).decode()[:25]
