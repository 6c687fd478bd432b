"""Asks what a topic learned from rated articles whether another one fits."""

from __future__ import annotations

import math

from bot.feeds.topics import Analysis
from bot.model import Classifier

TITLE = 2.0  #: how much more a word of the title counts


def fits(classifier: Classifier, article: Analysis) -> bool:
    """Whether an article fits the topic; linear in its words, about 0.1 ms."""
    rarity, weights = classifier.rarity, classifier.weights
    known = {word: count * rarity[word] for word, count in counts(article).items() if word in rarity}
    length = math.sqrt(sum(value * value for value in known.values()))
    if not length:
        return False  # it shares no word with anything that was rated
    return classifier.bias + sum(value * weights[word] for word, value in known.items()) / length > 0


def counts(article: Analysis) -> dict[str, float]:
    """How much each word of an article counts, before its rarity; repetition counts by its logarithm.

    >>> from bot.feeds.topics import analyse
    >>> counts(analyse("Ferry", "Here we sail.")) == {"ferry": 2.0, "here": 1.0, "we": 1.0, "sail": 1.0}
    True
    """
    return {
        word: (1 + math.log(len(places))) * (TITLE if places[0] < article.title_end else 1.0)
        for word, places in article.positions.items()
    }
