"""Which sentences say most of what a text is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from bot.summary import clutter
from bot.summary.passages import Passage, balanced

_POOL = 14  # sentences among which every combination is tried


def word_weights(found: Sequence[Passage], title_words: frozenset[str]) -> dict[str, float]:
    """How much each word of the text matters to it."""
    counts = Counter(word for passage in found for word in passage.words)
    first: dict[str, int] = {}
    for passage in found:
        for word in passage.words:
            first.setdefault(word, passage.index)
    return {
        word: math.log1p(count) * (1 + 1 / (1 + first[word])) * (1.5 if word in title_words else 1.0)
        for word, count in counts.items()
    }


def scores(found: Sequence[Passage], weights: dict[str, float], title_words: frozenset[str]) -> list[float]:
    """A score for every passage, higher is better."""
    return [_score(passage, weights, title_words) for passage in found]


def _score(passage: Passage, weights: dict[str, float], title_words: frozenset[str]) -> float:
    own = set(passage.words)
    mass = sum(weights[word] for word in own) / (len(own) + 4)
    place = passage.index
    score = 1.2 / (1 + place) + 0.4 * math.exp(-place / 6) + 0.5 * mass
    if title_words:
        score += 0.8 * len(own & title_words) / len(title_words)
    score -= 0.004 * max(0, len(passage.text) - 160)
    score -= 0.5 * (len(own) < 6) + 0.6 * passage.text.rstrip().endswith("?")
    score -= 0.3 * clutter.is_labelled(passage.text) + 0.6 * clutter.is_broken(passage.text)
    return score


def choose(found: Sequence[Passage], score: Sequence[float], count: int, max_chars: int) -> list[Passage]:
    """Return up to *count* passages of together at most *max_chars* characters, in article order."""
    able = [p for p in found if p.shown and balanced(p.text) and len(p.text) <= max_chars]
    pool = sorted(sorted(able, key=lambda p: -score[p.index])[:_POOL], key=lambda p: p.index)
    best: tuple[float, tuple[Passage, ...]] = (-math.inf, ())
    for size in range(1, count + 1):
        for chosen in combinations(pool, size):
            if sum(len(p.text) for p in chosen) + size - 1 > max_chars or not _stands(chosen):
                continue
            value = sum(score[p.index] for p in chosen) - _repetition(chosen) + 0.5 * size
            best = max(best, (value, chosen), key=lambda pair: pair[0])
    return list(best[1])


def _stands(chosen: Sequence[Passage]) -> bool:
    """Whether no passage leans on a sentence that is not shown before it."""
    before = -2
    for passage in chosen:
        if (passage.leans or passage.connective) and before != passage.index - 1:
            return False
        before = passage.index
    return True


def _repetition(chosen: Sequence[Passage]) -> float:
    total = 0.0
    for one, other in combinations(chosen, 2):
        a, b = set(one.words), set(other.words)
        total += 1.5 * max(0.0, len(a & b) / max(1, min(len(a), len(b))) - 0.2)
    return total
