"""Topics that learn: members rate articles, and from a hundred on what they say can decide instead of the query."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from bot.errors import LearnExtraError, QueryError, TooFewRatingsError, UnknownSubscriptionError
from bot.feeds.classifier import fits
from bot.feeds.topics import Analysis, Query
from bot.model import Article, Classifier, Learned, Reading, Subscription
from bot.services.subscriptions import analysis_of
from bot.store.learning import LearningRepository
from bot.store.subscriptions import SubscriptionRepository

if TYPE_CHECKING:  # an extra that most installations do without
    from bot.feeds.training import Trained

log = logging.getLogger(__name__)

ENOUGH = 100  #: rated articles, before what was learned from them may decide
OF_EACH = 10  #: of them that fit, and that do not
MORE = 10  #: further ratings, after which a topic learns anew
LOOKED_AT = 1_000  #: the latest articles, which teach how rare words are
RELOAD = timedelta(minutes=1)  #: after which what another process learned counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a topic is with learning."""

    fitting: int  #: rated articles
    unfitting: int
    learned: Learned | None  #: None where the query decides

    @property
    def is_enough(self) -> bool:
        """Whether it may learn."""
        return self.fitting + self.unfitting >= ENOUGH and min(self.fitting, self.unfitting) >= OF_EACH


class Articles(Protocol):
    """Whoever keeps articles; bot.services.articles.ArticleService in life."""

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        ...


class LearningService:
    """Ratings, what is learned from them, and what that says of articles."""

    def __init__(
        self,
        repository: LearningRepository,
        subscriptions: SubscriptionRepository,
        articles: Articles,
        clock: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._subscriptions = subscriptions
        self._articles = articles
        self._clock = clock
        self._known: dict[int, tuple[datetime, Classifier]] = {}  # when it was learned, and what
        self._loaded_at: datetime | None = None
        self._loading = asyncio.Lock()
        self._training = asyncio.Lock()  # one at a time: they would only take each other's processor

    async def rate(self, topic: Subscription, article_id: int, user_id: int, *, fits: bool) -> None:
        """A member says whether an article fits a topic; raises UnknownSubscriptionError where it is gone."""
        await self._existing(topic_of(topic))
        await self._repository.rate(topic_of(topic), article_id, user_id, fits, self._clock())

    async def standing(self, topic: Subscription) -> Standing:
        """How far a topic is."""
        labels = await self._repository.labels(topic_of(topic))
        fitting = sum(labels.values())
        learned = (await self._repository.all_learned()).get(topic_of(topic))
        return Standing(fitting=fitting, unfitting=len(labels) - fitting, learned=learned)

    async def switch_on(self, topic: Subscription) -> Learned:
        """Have what members said decide for a topic from now on.

        Raises TooFewRatingsError, and LearnExtraError where scikit-learn is not installed.
        """
        if find_spec("sklearn") is None:
            raise LearnExtraError
        return await self._learn(await self._existing(topic_of(topic)))

    async def switch_off(self, topic: Subscription) -> None:
        """Have the query decide again; the ratings stay."""
        await self._repository.forget(topic_of(topic))
        self._loaded_at = None

    async def learn_anew(self, _now: datetime) -> int:
        """Let topics learn from ratings that came since they did; returns how many did."""
        if find_spec("sklearn") is None:
            return 0
        done = 0
        for topic_id, learned in (await self._repository.all_learned()).items():
            topic = await self._subscriptions.get(topic_id)
            if topic is None or len(await self._repository.labels(topic_id)) < learned.labelled + MORE:
                continue
            try:
                await self._learn(topic)
            except TooFewRatingsError:
                continue  # members changed their minds: what was learned before is still the best there is
            done += 1
        return done

    async def verdicts(self, article: Analysis, among: Callable[[int], bool]) -> Mapping[int, bool]:
        """Whether an article fits each topic, chosen by its id, that goes by what it learned."""
        asked = {id_: classifier for id_, (_, classifier) in (await self._load()).items() if among(id_)}
        if not asked:
            return {}
        return await asyncio.to_thread(  # hundreds of them would hold the event loop up
            lambda: {id_: fits(classifier, article) for id_, classifier in asked.items()}
        )

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member said of articles."""
        await self._repository.forget_member(user_id)

    async def rated_by(self, user_id: int) -> tuple[tuple[str, str, bool, datetime], ...]:
        """The topic, the article's title, whether it fits and when a member said so."""
        return await self._repository.rated_by(user_id)

    async def _load(self) -> Mapping[int, tuple[datetime, Classifier]]:
        async with self._loading:
            now = self._clock()
            if self._loaded_at is None or now - self._loaded_at >= RELOAD:
                current = await self._repository.all_learned()
                known = {
                    id_: self._known[id_]
                    for id_, learned in current.items()
                    if id_ in self._known and self._known[id_][0] == learned.learned_at
                }
                for id_ in current.keys() - known.keys():
                    if (classifier := await self._repository.classifier(id_)) is not None:
                        known[id_] = current[id_].learned_at, classifier
                self._known, self._loaded_at = known, now
            return self._known

    async def _existing(self, topic_id: int) -> Subscription:
        topic = await self._subscriptions.get(topic_id)
        if topic is None or topic.query is None:
            raise UnknownSubscriptionError
        return topic

    async def _learn(self, topic: Subscription) -> Learned:
        async with self._training:
            labels = await self._repository.labels(topic.id)
            fitting = sum(labels.values())
            if not Standing(fitting=fitting, unfitting=len(labels) - fitting, learned=None).is_enough:
                raise TooFewRatingsError
            rated = [(article, says) for id_, says in labels.items() if (article := await self._article(id_))]
            latest = await self._repository.latest(LOOKED_AT)
            others = [
                article for id_ in latest if id_ not in labels and (article := await self._article(id_))
            ]
            trained = await asyncio.to_thread(_train, topic.query or "", rated, others)
            learned = Learned(
                labelled=trained.labelled,
                right=trained.right,
                query_right=trained.query_right,
                learned_at=self._clock(),
            )
            await self._repository.put(topic.id, trained.classifier, learned)
            self._loaded_at = None
            log.info(
                "learned", extra={"topic": topic.id, "articles": learned.labelled, "right": learned.right}
            )
            return learned

    async def _article(self, article_id: int) -> Article | None:
        reading = await self._articles.get(article_id)
        return reading.article if reading else None


def topic_of(subscription: Subscription) -> int:
    """The topic whose ratings count for a subscription: a follower's are the server's."""
    return subscription.parent_id or subscription.id


def _train(query: str, rated: Iterable[tuple[Article, bool]], others: Iterable[Article]) -> Trained:
    from bot.feeds.training import Example, train  # takes a second and 100 MB, which few processes ever need

    try:
        finds = Query.parse(query).finds
    except QueryError:
        log.error("stored query does not parse")
        finds = None
    examples = [
        Example(article=analysis, fits=fits, found=finds is not None and finds(analysis))
        for article, fits in rated
        for analysis in [analysis_of(article)]
    ]
    return train(examples, map(analysis_of, others))
