"""Which articles tell a story that an earlier one told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Protocol

from bot.feeds.duplicates import DuplicateIndex
from bot.model import Reading

KEPT = timedelta(days=3)  #: a story that comes back later is news again
MOST_KEPT = 3_000  #: articles; about 5 KB each
FEWEST_WORDS = 60  #: a shorter text is too little to tell
LATE = 50  #: articles; so many newer ones may be seen before one whose transaction took longer
_AT_A_TIME = 5  #: 20 ms


class Articles(Protocol):
    """Whoever keeps articles; bot.store.articles.ArticleRepository in life."""

    async def after(
        self, article_id: int, since: datetime, limit: int, without: Collection[int] = ()
    ) -> tuple[Reading, ...]:
        """Articles with greater ids, read since a moment, in the order they came."""
        ...

    async def before_last(self, count: int) -> int:
        """The id that *count* articles come after, 0 where there are no more."""
        ...


class Stories:
    """The articles of the last days, by what they tell; other processes' articles are caught up with."""

    def __init__(self, articles: Articles, clock: Callable[[], datetime]) -> None:
        self._articles = articles
        self._clock = clock
        self._index = DuplicateIndex()
        self._kept: dict[int, datetime] = {}  # since when
        self._last = 0
        self._lately: frozenset[int] = frozenset()  # seen, of the last ids

    async def earlier(self, reading: Reading) -> int | None:
        """The id of an earlier article that tells the same story, the closest one; None where it is news."""
        await self._catch_up()
        article = reading.article
        if article.word_count < FEWEST_WORDS:
            return None
        same = self._index.find(article.title, article.text)
        return next((int(key) for key in same if int(key) < reading.id), None)

    async def _catch_up(self) -> None:
        now = self._clock()
        if not self._last:
            self._last = await self._articles.before_last(MOST_KEPT)
        while newer := await self._articles.after(self._last - LATE, now - KEPT, _AT_A_TIME, self._lately):
            for reading in newer:
                if reading.article.word_count >= FEWEST_WORDS:
                    self._index.add(str(reading.id), reading.article.title, reading.article.text)
                    self._kept[reading.id] = now
            seen = self._lately.union(reading.id for reading in newer)
            self._last = max(self._last, *seen)
            self._lately = frozenset(id_ for id_ in seen if id_ > self._last - LATE)
        while self._kept:
            oldest, since = next(iter(self._kept.items()))
            if len(self._kept) <= MOST_KEPT and since > now - KEPT:
                break
            del self._kept[oldest]
            self._index.remove(str(oldest))
