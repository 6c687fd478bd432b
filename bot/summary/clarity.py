"""How probably a sentence fails by itself: who has read only the headline stumbles over it, or learns nothing.

The model is linear (data/clarity.json, made by benchmarks/train_clarity.py from what readers said of sentences on
cards): where a sentence stands in its text, what it looks like, what the headline and the sentences before say of
its words, and, in English and German, single words. Rules refuse what is sure; this ranks what they leave.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from operator import mul

from bot.summary.lexicon import DATA, Lexicon
from bot.summary.passages import Passage, Stems
from bot.summary.standing import POINTED_AT, WORD

FEATURES = (
    "log_count", "log_place", "soon", "late", "closing", "last", "opens", "headings", "headings_behind",
    "headed", "heads", "log_words", "short", "long", "untitled", "titled", "follows", "told", "leans", "familiar",
    "definite", "definite_told", "pointing", "first_person", "figure", "figure_first", "label", "dash",
    "symbol", "mark", "quote", "gap", "gap_first", "stop", "exclamation", "commas",
)  # fmt: skip
#: Chances of failing. Up to the first readers found fault with one in twenty, even of what rules take for leaning; from
#: the second on a sentence costs the summary it stands in; above the third, where four in ten failed, it makes no fact,
#: unless there are few; above the last never.
CLEAR, DOUBTFUL, UNCLEAR, HOPELESS = 0.15, 0.25, 0.3, 0.45
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
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
_SEVERAL = 4  # a text in which every fourth line is a heading is all headings


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Coefficients in the order of FEATURES, and of words in small letters."""

    bias: float
    features: tuple[float, ...]
    words: Mapping[str, float]


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


class Setting:
    """What of a text decides whether one of its sentences is clear without the others.

    *first* tells of each word in which passage it stands first.
    """

    def __init__(
        self,
        found: Sequence[Passage],
        first: Mapping[str, int],
        title_words: Set[str],
        words: Lexicon,
        stems: Stems,
    ) -> None:
        self._found = found
        self._title = title_words
        self.words = words
        self.stems = stems
        self._first = first
        self._headings = [_is_heading(passage) for passage in found]
        self._share = min(1.0, _SEVERAL * sum(self._headings) / max(1, len(found)))

    def features(self, passage: Passage, shown: str, bag: Set[str]) -> tuple[float, ...]:
        """The features of *passage*, of which *shown*, with the stems *bag*, is on the card."""
        found, index, count = self._found, passage.index, len(self._found)
        before = found[index - 1] if index else None
        words = self.words
        size = max(1, passage.length if shown == passage.text else len(shown.split()))
        some = max(1, len(bag))
        titled = len(bag & self._title)
        first = self._first
        told = sum([first.get(word, index) < index for word in bag - self._title])
        opening, low = shown[:_OPENING], shown.lower()
        has_signs = not shown.isascii()
        article = words.definite.match(shown)
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
            float(passage.leans and not passage.familiar),
            float(passage.familiar),
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
            shown.count(",") / size,
        )

    def doubt(self, passage: Passage, shown: str, bag: Set[str]) -> float:
        """How probably *shown* of *passage*, whose stems are *bag*, fails on a card; 0 to 1."""
        if self.words.unspaced:
            return _UNJUDGED
        model = shipped_model(self.words.language)
        odds = model.bias + sum(map(mul, model.features, self.features(passage, shown, bag)))
        odds += sum(map(model.words.__getitem__, model.words.keys() & words_of(shown)))
        return 1 / (1 + math.exp(-odds))

    def _tells_of(self, behind: str, index: int) -> bool:
        """Whether an earlier sentence, and not the headline, has the noun that *behind* an article comes."""
        noun = self.stems.of(" ".join(WORD.findall(behind)[:POINTED_AT]))
        return self._title.isdisjoint(noun) and any(self._first.get(word, index) < index for word in noun)


def words_of(shown: str) -> set[str]:
    """The words of a sentence that the model weighs, in small letters.

    >>> sorted(words_of("Kay’s boat, kay's boat."))
    ['boat', "kay's"]
    """
    return set(_WORD.findall(shown.lower().replace("’", "'")))


def _is_heading(passage: Passage) -> bool:
    return passage.opens_paragraph and len(passage.text) < _HEADING and passage.text[-1:] not in _ENDS
