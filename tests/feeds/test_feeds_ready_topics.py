"""The topics that ship with the bot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.feeds.topics import Query

READY = yaml.safe_load((Path(__file__).parents[2] / "config" / "topics.yaml").read_text(encoding="utf-8"))[
    "topics"
]

#: a headline and opening that the topic's reader expects to get, written for this test
EXPECTED = {
    "artificial-intelligence": "A chatbot that admits what it does not know",
    "programming": "The Python packaging survey is out",
    "security": "Ransomware shuts a hospital's booking system",
    "space": "A rocket puts two weather satellites into orbit",
    "climate": "Cities plan for the next heatwave",
    "markets": "Inflation slows for a third month",
    "football": "Midfielder signs for two more years",
    "uk-politics": "Tories pick a new chairman at Westminster",
    "music": "Singer adds ten concerts to her tour",
    "health": "A vaccine against malaria reaches villages",
}


def test_at_least_twenty_topics_ship_each_with_its_own_id_and_name() -> None:
    assert len(READY) >= 20
    assert len({topic["id"] for topic in READY}) == len(READY) == len({topic["name"] for topic in READY})
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", topic["id"]) for topic in READY)


@pytest.mark.parametrize("topic", READY, ids=lambda topic: topic["id"])
def test_a_ready_topic_parses_and_suggests_secure_feeds(topic: dict[str, object]) -> None:
    assert set(topic) == {"id", "name", "query", "feeds"}
    query = Query.parse(str(topic["query"]))
    assert not query.matches("The gardener's diary", "Tulips came up early this year.")
    assert isinstance(topic["feeds"], list)
    assert topic["feeds"]
    assert all(feed.startswith("https://") for feed in topic["feeds"])


@pytest.mark.parametrize("topic_id", EXPECTED)
def test_a_ready_topic_finds_what_its_readers_expect(topic_id: str) -> None:
    query = next(topic["query"] for topic in READY if topic["id"] == topic_id)

    assert Query.parse(query).matches(EXPECTED[topic_id], "")
