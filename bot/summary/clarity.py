"""How probably a sentence fails by itself: who has read only the headline stumbles over it, or learns nothing.

A linear model (data/clarity.json, made by benchmarks/train_clarity.py from what readers said of sentences on cards)
weighs where a sentence stands in its text, what it looks like, what the headline and the sentences before say of its
words, and, in English and German, words and pairs of neighbours. There boosted trees (data/clarity_trees.json) have
the last word: they hear what it says, and see what features mean together, in such a text, and in a sentence of this
build. Rules refuse what is sure; this ranks what they leave.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
from operator import mul
from typing import NamedTuple

import numpy as np

from bot.boosting import Forest, forest
from bot.summary import grammar
from bot.summary.lexicon import DATA, Lexicon
from bot.summary.passages import Passage, Stems
from bot.summary.standing import POINTED_AT, WORD

FEATURES = (
    "log_count", "log_place", "soon", "late", "closing", "last", "opens", "headings", "headings_behind",
    "headed", "heads", "log_words", "short", "long", "untitled", "titled", "follows", "told",
    "definite", "definite_told", "pointing", "first_person", "figure", "figure_first", "label", "dash",
    "symbol", "mark", "quote", "gap", "gap_first", "stop", "exclamation", "commas",
    "leans", "familiar",
)  # fmt: skip
#: Of no use but to trees: coefficients end before them.
MORE = (
    "titled_words", "told_words", "new_words", "new", "distance", "least_distance", "spread", "least_spread",
    "greatest_spread", "plain_words", "capitals", "nameless", "question", "log_title", "log_before", "behind_colon",
    "letters", "characters", "shortened", "shown", "whole", "brackets", "small",
)  # fmt: skip
_LEANING = len(FEATURES) - 2  #: features before the two that say whether a sentence leans
#: Chances of failing. Up to the first readers found fault with one in twenty, even of what rules take for leaning;
#: above the second a sentence makes no fact unless there are few, above the last it never does.
CLEAR, UNCLEAR, HOPELESS = 0.15, 0.2, 0.3
_FIGURE = re.compile(r"\d")
_SYMBOL = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_MARK = re.compile("[®™©]")
_DASH = re.compile(r" [–—-]+ ")
_QUOTE = re.compile('["“”„«»「」]')
_OPENING = 50  # characters in which a label or a dash parts a heading from its sentence
_HEADING = 100  # characters
_ENDS = '.!?…:。！？；;,"”’»)」'
_CLOSING, _LAST = 8, 3  # sentences at the end of a text
#: Where words are not spaced, whose sentences nobody has judged: what neither refuses a fact nor frees it of rules.
_UNJUDGED = 0.2
TREED = "en", "de"  #: languages of which enough sentences were judged
_FAR = 40  # sentences: farther than most texts go back
_SEVERAL = 4  # a text in which every fourth line is a heading is all headings


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Coefficients in the order of FEATURES, and of words in small letters."""

    bias: float
    features: tuple[float, ...]
    words: Mapping[str, float]  #: and of pairs of neighbouring words


@cache
def shipped_model(language: str) -> Model:
    """Return the model that comes with the package for *language*; where none does, what all languages share."""
    models = json.loads((DATA / "clarity.json").read_text("utf-8"))
    data = next((model for languages, model in models.items() if language in languages.split()), models[""])
    return Model(
        bias=data["bias"],
        features=tuple(data["features"][name] for name in FEATURES),
        words=data["words"],
    )


@cache
def shipped_trees() -> Forest:
    """Return the trees that come with the package; they are of use to the languages in TREED."""
    return forest(json.loads((DATA / "clarity_trees.json").read_text("utf-8")))


class Shown(NamedTuple):
    """A sentence as a card may show it."""

    passage: Passage
    text: str
    bag: Set[str]  #: its stems


class Setting:
    """What of a text decides whether one of its sentences is clear without the others.

    *first* tells of each word in which passage it stands first, *spread* in how many it stands.
    """

    def __init__(
        self,
        found: Sequence[Passage],
        first: Mapping[str, int],
        spread: Mapping[str, int],
        title_words: Set[str],
        words: Lexicon,
        stems: Stems,
    ) -> None:
        self._found = found
        self._title = title_words
        self.words = words
        self.stems = stems
        self._first = first
        self._spread = spread
        self._headings = [_is_heading(passage) for passage in found]
        self._share = min(1.0, _SEVERAL * sum(self._headings) / max(1, len(found)))
        self._measured: dict[tuple[int, str], tuple[float, ...]] = {}

    def features(self, shown: Shown) -> tuple[float, ...]:
        """FEATURES and MORE of a sentence."""
        passage = shown.passage
        key = passage.index, shown.text
        measured = self._measured.get(key)
        if measured is None:
            measured = self._measured[key] = self._measure(passage, shown.text, shown.bag)
        leans = float(passage.leans and not passage.familiar), float(passage.familiar)
        return measured[:_LEANING] + leans + measured[_LEANING:]

    @cached_property
    def _usual(self) -> tuple[float, ...]:
        """The means of all features over the text, for which all its sentences are measured."""
        rows = [self.features(Shown(passage, passage.text, passage.bag)) for passage in self._found]
        return tuple(np.mean(rows, axis=0).tolist())

    def row(self, shown: Shown, written: Sequence[str]) -> tuple[float, ...]:
        """What trees are asked about, but for the linear odds: features, their means, the language, grammar.

        *written* are the tokens of what is shown.
        """
        index = shown.passage.index
        return (
            *self.features(shown),
            *self._usual,
            float(self.words.language == "en"),
            *grammar.features(written, self.words, lambda noun: self._tells(noun, index)),
        )

    def _measure(self, passage: Passage, shown: str, bag: Set[str]) -> tuple[float, ...]:
        found, index, count = self._found, passage.index, len(self._found)
        before = found[index - 1] if index else None
        words = self.words
        size = max(1, passage.length if shown == passage.text else len(shown.split()))
        some = max(1, len(bag))
        first, spread = self._first, self._spread
        untitled = bag - self._title
        titled = len(bag) - len(untitled)
        distances = [index - first[word] for word in untitled if first.get(word, index) < index]
        told = len(distances)
        often = [spread.get(word, 1) for word in bag] or [1]
        opening, low = shown[:_OPENING], shown.lower()
        has_signs = not shown.isascii()
        article = words.definite.match(shown)
        written = shown.split()
        capitals = sum(map(str.isupper, [word[0] for word in written[1:]]))
        commas = shown.count(",")
        return (
            math.log(count),
            math.log1p(passage.place),
            math.exp(-passage.place / 3),
            index / count,
            float(index >= count - _CLOSING),
            float(index >= count - _LAST),
            float(passage.opens_paragraph),
            self._share,
            self._share * (passage.place > 0),
            float(before is not None and self._headings[before.index]),
            float(index + 1 < count and self._headings[index + 1]),
            math.log(size),
            float(size < 9),
            max(0, size - 30) / 10,
            float(bool(self._title) and not titled),
            titled / some,
            float(before is not None and not before.bag.isdisjoint(bag)),
            told / some,
            float(article is not None),
            float(article is not None and self._tells_of(shown[article.end() :], index)),
            float(words.pointing.search(low) is not None),
            min(3, words.first_person.count(shown)),
            float(_FIGURE.search(shown) is not None),
            float(shown[:1].isdigit()),
            float(":" in opening),
            float(_DASH.search(opening) is not None),
            float(has_signs and _SYMBOL.search(shown) is not None),
            float(has_signs and _MARK.search(shown) is not None),
            float(_QUOTE.search(shown) is not None),
            float("…" in shown),
            float(shown[:1] == "…"),
            float(shown[-1:] in ".。"),
            float(shown[-1:] in "!！"),
            commas / size,
            titled,
            told,
            len(untitled) - told,
            (len(untitled) - told) / some,
            sum(distances) / told if told else _FAR,
            min(distances, default=_FAR),
            sum(map(math.log, often)) / some,
            math.log(min(often)),
            math.log(max(often)),
            1 - len(bag) / size,
            capitals / size,
            float(not capitals),
            float("?" in shown[-2:]),
            math.log1p(len(self._title)),
            math.log1p(before.length) if before else 0.0,
            float(before is not None and before.text[-1:] in ":："),
            len(shown) / size,
            len(shown) / 100,
            float(shown != passage.text),
            float(passage.shown),
            float(passage.whole),
            float("(" in shown),
            float(shown[:1].islower()),
        )

    def doubts(self, asked: Sequence[Shown]) -> list[float]:
        """How probably each of *asked* fails on a card; 0 to 1."""
        if self.words.unspaced or not asked:
            return [_UNJUDGED] * len(asked)
        written = [grammar.tokens(shown.text) for shown in asked]
        odds = [self._linear_odds(shown, own) for shown, own in zip(asked, written, strict=True)]
        if self.words.language in TREED:
            rows = [
                (*self.row(shown, own), odd) for shown, own, odd in zip(asked, written, odds, strict=True)
            ]
            return [float(chance) for chance in shipped_trees().chances(rows)]
        return [1 / (1 + math.exp(-own)) for own in odds]

    def _linear_odds(self, shown: Shown, written: Sequence[str]) -> float:
        model = shipped_model(self.words.language)
        known = model.words.keys() & weighed(written, self.words) if model.words else ()
        return sum(map(mul, model.features, self.features(shown)), model.bias) + sum(
            map(model.words.__getitem__, known), 0.0
        )

    def _tells_of(self, behind: str, index: int) -> bool:
        """Whether an earlier sentence, and not the headline, has the noun that *behind* an article comes."""
        noun = self.stems.of(" ".join(WORD.findall(behind)[:POINTED_AT]))
        return self._title.isdisjoint(noun) and any(self._first.get(word, index) < index for word in noun)

    def _tells(self, noun: str, index: int) -> bool | None:
        """Whether a sentence before the one at *index* has *noun*; None where the headline has it."""
        for stem in self.stems.of(noun):
            return None if stem in self._title else self._first.get(stem, index) < index
        return False


def weighed(written: Sequence[str], words: Lexicon) -> set[str]:
    """What the linear model may weigh of a sentence: its tokens in small letters, and pairs of neighbours."""
    return {*map(str.lower, written), *grammar.pairs(written, words)}


def _is_heading(passage: Passage) -> bool:
    return passage.opens_paragraph and len(passage.text) < _HEADING and passage.text[-1:] not in _ENDS
