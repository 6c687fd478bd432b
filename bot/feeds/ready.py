"""The topics that ship with the bot: config/topics.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTopic:
    """A topic that a server can take as it is."""

    id: str  #: never changes
    name: str
    query: str  #: bot.feeds.topics
    feeds: tuple[str, ...] = ()  #: addresses of feeds that often have something on it


@cache
def ready_topics() -> tuple[ReadyTopic, ...]:
    """The topics of the file, in its order."""
    text = (files("config") / "topics.yaml").read_text(encoding="utf-8")
    return tuple(
        ReadyTopic(id=topic["id"], name=topic["name"], query=topic["query"], feeds=tuple(topic["feeds"]))
        for topic in yaml.safe_load(text)["topics"]
    )


def ready_topic(name: str) -> ReadyTopic | None:
    """The topic of this id or name."""
    wanted = name.strip().casefold()
    return next((topic for topic in ready_topics() if wanted in (topic.id, topic.name.casefold())), None)
