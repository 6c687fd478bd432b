"""Which articles tell a story that an earlier one told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.feeds.duplicates import DuplicateIndex
from bot.model import Reading

KEPT = timedelta(days=3)  #: a story that comes back later is news again
MOST_KEPT = 3_000  #: articles; about 5 KB each
FEWEST_WORDS = 60  #: a shorter text is too little to tell
_AT_A_TIME = 100


class Articles(Protocol):
    """Whoever keeps articles; bot.store.articles.ArticleRepository in life."""

    async def after(self, article_id: int, since: datetime, limit: int) -> tuple[Reading, ...]:
        """Articles with greater ids, read since a moment, in the order they came."""
        ...


class Stories:
    """The articles of the last days, by what they tell; other processes' articles are caught up with."""

    def __init__(self, articles: Articles, clock: Callable[[], datetime]) -> None:
        self._articles = articles
        self._clock = clock
        self._index = DuplicateIndex()
        self._kept: dict[int, None] = {}
        self._last = 0

    async def earlier(self, reading: Reading) -> int | None:
        """The id of an earlier article that tells the same story, the closest one; None where it is news."""
        await self._catch_up()
        article = reading.article
        if article.word_count < FEWEST_WORDS:
            return None
        same = self._index.find(article.title, article.text)
        return next((int(key) for key in same if int(key) < reading.id), None)

    async def _catch_up(self) -> None:
        since = self._clock() - KEPT
        while newer := await self._articles.after(self._last, since, _AT_A_TIME):
            for reading in newer:
                self._last = reading.id
                if reading.article.word_count >= FEWEST_WORDS:
                    self._index.add(str(reading.id), reading.article.title, reading.article.text)
                    self._kept[reading.id] = None
        while len(self._kept) > MOST_KEPT:
            oldest = next(iter(self._kept))
            del self._kept[oldest]
            self._index.remove(str(oldest))
