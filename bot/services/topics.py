"""Which of the topics that ship with the bot an article is about."""

from __future__ import annotations

from functools import cache

from bot.feeds.matching import QueryIndex
from bot.feeds.ready import ReadyTopic, ready_topics
from bot.feeds.topics import Query
from bot.model import Article
from bot.services.subscriptions import analysis_of


def topics_of(article: Article) -> tuple[str, ...]:
    """The names of ready topics and of the article's own tags."""
    return tuple(dict.fromkeys((*(topic.name for topic in ready_topics_of(article)), *article.tags)))


def ready_topics_of(article: Article) -> tuple[ReadyTopic, ...]:
    """The ready topics that an article matches, in the order of the file."""
    found = set(_index().matching(analysis_of(article)))
    return tuple(topic for topic in ready_topics() if topic.id in found)


@cache
def _index() -> QueryIndex[str]:
    index: QueryIndex[str] = QueryIndex()
    for topic in ready_topics():
        index.add(topic.id, Query.parse(topic.query))
    return index
