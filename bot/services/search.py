"""Finds what a server shared, for one who may see it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.model import Discussion, Reading
from bot.services.articles import ArticleService
from bot.services.discussions import DiscussionService
from bot.store.search import SearchRepository, search_words

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article with its latest card that the asker may see."""

    reading: Reading
    discussion: Discussion


class SearchService:
    """Full text over what was shared."""

    def __init__(
        self, repository: SearchRepository, articles: ArticleService, discussions: DiscussionService
    ) -> None:
        self._repository = repository
        self._articles = articles
        self._discussions = discussions

    async def find(
        self, guild_id: int, homes: Collection[int], written: str, limit: int = MOST
    ) -> tuple[Hit, ...]:
        """What holds all words of *written*, in the channels *homes* of a server, the best first."""
        words = list(dict.fromkeys(search_words(written)))[:12]
        hits: list[Hit] = []
        for article_id in await self._repository.find(guild_id, homes, words, limit):
            reading = await self._articles.get(article_id)
            cards = await self._discussions.cards_of(article_id, guild_id)
            seen = next((card for card in cards if card.home_id in homes), None)
            if reading and seen:
                hits.append(Hit(reading=reading, discussion=seen))
        return tuple(hits)
