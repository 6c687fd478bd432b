"""Where an article was shared, and the discussion below its card."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Comment, Discussion
from bot.store.discussions import DiscussionRepository

EDIT_INTERVAL = timedelta(minutes=5)
CARDS_A_ROUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What is to be done with a shared article."""

    discussion: Discussion
    earlier: bool  #: it was posted before: show where, post no second card
    nonce: str  #: for sending the card; the same after a crash, so that Discord drops a repeat


class DiscussionService:
    """One discussion a channel and article, however often it is shared."""

    def __init__(self, repository: DiscussionRepository) -> None:
        self._repository = repository

    async def share(
        self,
        article_id: int,
        *,
        guild_id: int,
        channel_id: int,
        sharer_id: int,
        source_id: int | None,
        now: datetime,
        visible: Collection[int] = (),
        anew: bool = False,
    ) -> Share:
        """Record that a member shared an article.

        *visible* are other channels of the server that the member can see: an earlier card there counts.
        *anew* asks for another card although there is one. A card that a crash kept from being posted is
        handed back with its nonce.
        """
        where = frozenset(visible) | {channel_id}
        found = await self._repository.posted_in(article_id, guild_id, where)
        if found and not anew:
            return Share(discussion=found, earlier=True, nonce="")
        discussion, turn = await self._repository.open(
            article_id,
            guild_id=guild_id,
            channel_id=channel_id,
            sharer_id=sharer_id,
            source_id=source_id,
            now=now,
        )
        if anew and discussion.message_id is not None:
            discussion, turn = await self._repository.reopen(
                discussion.id, discussion.message_id, sharer_id=sharer_id, source_id=source_id, now=now
            )
        # Between looking and opening, another message may have posted it.
        return Share(
            discussion=discussion,
            earlier=discussion.message_id is not None,
            nonce=_nonce(channel_id, article_id, turn),
        )

    async def posted(self, discussion_id: int, message_id: int) -> None:
        """The card is in the channel."""
        await self._repository.set(discussion_id, message_id=message_id)

    async def opened(self, discussion_id: int, thread_id: int) -> None:
        """The thread is open."""
        await self._repository.set(discussion_id, thread_id=thread_id)

    async def get(self, discussion_id: int) -> Discussion | None:
        """The discussion with this id."""
        return await self._repository.find(id=discussion_id)

    async def of_thread(self, thread_id: int) -> Discussion | None:
        """The discussion that a thread belongs to."""
        return await self._repository.find(thread_id=thread_id)

    async def of_message(self, message_id: int) -> Discussion | None:
        """The discussion whose card this message is."""
        return await self._repository.find(message_id=message_id)

    async def of_source(self, message_id: int) -> tuple[Discussion, ...]:
        """The discussions that a member's message started."""
        return await self._repository.find_all(source_id=message_id)

    async def record(self, comment: Comment) -> Discussion | None:
        """Count a comment, once; returns its discussion, None where that is gone."""
        return await self._repository.add_comment(comment)

    async def remove_comments(self, message_ids: Collection[int]) -> tuple[Discussion, ...]:
        """Deleted messages no longer count; returns the discussions they were in."""
        return await self._repository.remove_comments(message_ids)

    async def react(self, message_id: int, delta: int) -> None:
        """Count a reaction to a comment (+1) or its removal (-1)."""
        await self._repository.add_reactions(message_id, delta)

    async def comments(self, discussion_id: int) -> tuple[Comment, ...]:
        """A discussion's comments, oldest first."""
        return await self._repository.comments(discussion_id)

    async def due(self, now: datetime) -> tuple[Discussion, ...]:
        """Discussions whose card shows an old count and may be edited again."""
        return await self._repository.behind(now - EDIT_INTERVAL, CARDS_A_ROUND)

    async def shown(self, discussion_id: int, comments: int, now: datetime) -> None:
        """The card now shows this count."""
        await self._repository.set(discussion_id, shown_comments=comments, shown_at=now)

    async def remove(self, discussion_id: int) -> None:
        """Forget a discussion: its card is gone."""
        await self._repository.remove(discussion_id)


def _nonce(channel_id: int, article_id: int, turn: int) -> str:
    """25 characters, the most that Discord takes, that only this card has."""
    key = f"{channel_id}:{article_id}:{turn}".encode()
    return base64.b32encode(hashlib.sha256(key).digest()).decode()[:25]
