"""Which two or three sentences say most of what a text is about, by a small learned model.

The model is linear (data/ranking.json, made by benchmarks/train_summary.py): every word of the text gets the
probability that a person's summary would use it; every set of sentences is scored by the probable words it
holds within the budget, by where its sentences stand and by what they look like.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from operator import mul

from bot.summary import clarity, clutter
from bot.summary.lexicon import DATA, Lexicon
from bot.summary.passages import Passage, Stems, first_places
from bot.summary.shortening import shortened

POOL = 12  #: sentences among which every combination is tried
BUDGET = 400  #: characters a summary aims at where the caller sets none
_TITLE_LOGIT = 0.9  # set by hand: the training texts have no titles
_USUAL_CAPITALS = 0.12  # share of words, where every noun has one
_PLAIN_WORD = 0.45  # chance that a word without content is in a person's summary
_MOST_PLAIN = 30  # of such words
_PERSONS_LENGTH = 45  # words of a person's summary
_MOST_SHARED = 0.6  # of the shorter sentence's words
_MUCH_SHARED = 6  # words; of two sentences that have so many in common, half of the shorter one's are enough
#: Of what two sentences have in common, as a share of what the lesser says, above which they tell the same again.
_RETOLD_FROM, _RETOLD_COST = 0.4, 0.3
_MOST_BESIDE = 1_000  # words of a sentence that tell against each other; longer ones are none
_LEAST = 20  # characters of the budget that are worth filling
_SHORTEST = 40  # characters of a shorter form
_MOST_OVER = 1.3  # budgets that several sentences have together
#: For a set with the first sentence, set by hand: what the training texts have most of tells its story at the top
#: less often than other news does.
_OPENING = 0.03
_DOUBTED_FROM, _DOUBT_COST = 0.1, 0.3  #: a chance of failing, and what the rest of it costs where it is 1
_DIGIT = re.compile(r"\d")
_QUOTE = re.compile(r"[\"“„«「'‘](?:(?<=[\"“„«「])|(?<!\S.))")

WORD_FEATURES = (
    "log_count", "log_spread", "share", "figure", "together",
    "first", "early", "soon", "late", "log_length", "beside",
)  # fmt: skip
_OWN = 5  # of these differ between words that stand first in the same sentence
SENTENCE_FEATURES = (
    "soon", "late", "word_mean", "words", "short", "long", "figure", "capitals",
    "aside", "quote", "question", "first_person", "label", "broken",
)  # fmt: skip
SET_FEATURES = ("mass_in_budget", "mass", "overlap", "length", "length_squared", "over", "under", "count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Coefficients in the order of the feature names."""

    word_bias: float
    words: tuple[float, ...]
    sentences: tuple[float, ...]
    sets: tuple[float, ...]


@cache
def shipped_model() -> Model:
    """Return the model that comes with the package."""
    data = json.loads((DATA / "ranking.json").read_text("utf-8"))
    return Model(
        word_bias=data["word_bias"],
        words=tuple(data["words"][name] for name in WORD_FEATURES),
        sentences=tuple(data["sentences"][name] for name in SENTENCE_FEATURES),
        sets=tuple(data["sets"][name] for name in SET_FEATURES),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of a text: how often and where they stand."""

    counts: Counter[str]
    spread: Counter[str]  #: passages with the word
    together: dict[str, float]
    first: dict[str, int]  #: index of the passage in which a word stands first
    places: list[tuple[float, ...]]  #: by passage, what its words share that stand first there

    def features(self, word: str) -> tuple[float, ...]:
        """The features of *word*, in the order of WORD_FEATURES."""
        count = self.counts[word]
        own = (
            math.log(count),
            math.log(self.spread[word]),
            count / (len(self.places) + 1),
            float(word[0].isdigit()),
            self.together[word],
        )
        return own + self.places[self.first[word]]


def vocabulary(found: Sequence[Passage]) -> Vocabulary:
    """Return the words of a text."""
    bags = [passage.bag for passage in found]
    spread = Counter(chain.from_iterable(bags))
    length = len(found)
    log_length = math.log(length) if length else 0.0
    return Vocabulary(
        counts=Counter(chain.from_iterable([passage.words for passage in found])),
        spread=spread,
        together=_company(bags, spread),
        first=first_places(found),
        places=[
            (*_place_features(p.place, length), log_length, min(_MOST_BESIDE, len(p.words)) / 20)
            for p in found
        ],
    )


def _company(bags: Sequence[frozenset[str]], spread: dict[str, int]) -> dict[str, float]:
    """Of every word: how common, at the most, are the words of a sentence that holds it."""
    table = [*map(math.log, range(1, 2 + max(spread.values(), default=0)))]
    logs = {word: table[count] for word, count in spread.items()}
    means = [sum(map(logs.__getitem__, own)) / (len(own) + 3) for own in bags]
    together: dict[str, float] = {}
    for mean, own in sorted(zip(means, bags, strict=True), key=lambda pair: pair[0]):
        together.update(dict.fromkeys(own, mean))
    return together


def _place_features(place: int, length: int) -> tuple[float, float, float, float]:
    return 1 / (1 + place), math.exp(-place / 3), math.exp(-place / 8), place / length if length else 0.0


def word_chances(text: Vocabulary, title_words: frozenset[str], model: Model) -> dict[str, float]:
    """How probably a person's summary uses each word of the text."""
    exp, weights = math.exp, model.words
    places = [-model.word_bias - _dot(weights[_OWN:], place) for place in text.places]
    by_count, by_spread, by_share, by_figure, by_company = weights[:_OWN]
    logs = [0.0, *map(math.log, range(1, 1 + max(text.counts.values(), default=0)))]
    often = [by_count * log + by_share * count / (len(places) + 1) for count, log in enumerate(logs)]
    rare = [by_spread * log for log in logs]
    spread, together, first = text.spread, text.together, text.first
    chances = {
        word: 1
        / (1 + exp(places[first[word]] - often[count] - rare[spread[word]] - by_company * together[word]))
        for word, count in text.counts.items()
    }
    for word in chances:
        if word[0].isdigit():
            chances[word] = 1 / (1 + (1 / chances[word] - 1) * exp(-by_figure))
    for word in title_words & chances.keys():
        chances[word] = 1 / (1 + (1 / chances[word] - 1) * exp(-_TITLE_LOGIT))
    return chances


def sentence_features(
    passage: Passage, length: int, chances: dict[str, float], words: Lexicon
) -> tuple[float, ...]:
    """The features of one sentence of a text of *length* sentences."""
    shown, place = passage.text, passage.place
    own = passage.bag
    size = max(1, passage.length)
    return (
        math.exp(-place / 8),
        place / length,
        sum(map(chances.__getitem__, own)) / (len(own) + 2),
        size / 25,
        float(size < 9),
        max(0, size - 30) / 10,
        float(_DIGIT.search(shown) is not None),
        _USUAL_CAPITALS
        if words.capital_nouns
        else sum(map(str.isupper, [word[0] for word in shown.split()[1:]])) / size,
        float("(" in shown),
        float(_QUOTE.search(shown) is not None),
        float(shown.endswith(("?", "？"))),
        words.first_person.count(shown) / size,
        float(clutter.is_labelled(shown)),
        float(clutter.is_broken(shown)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A text's passages with the figures that choosing among them needs."""

    passages: Sequence[Passage]
    chances: dict[str, float]
    pool: Sequence[Passage]  #: the best, in article order, each followed by its shorter form where it has one
    features: dict[int, tuple[float, ...]]  #: by Passage.key, of the pool and of others
    alone: dict[int, float]  #: the same: what each adds to a set by itself
    setting: clarity.Setting


def rank(
    found: Sequence[Passage], title_words: frozenset[str], words: Lexicon, stems: Stems, model: Model
) -> Ranked:
    """Return *found* with the passages among which a summary is chosen."""
    text = vocabulary(found)
    chances = word_chances(text, title_words, model)
    length = len(found)
    able = [p for p in found if p.shown and p.whole and not _asks(p.text)]
    worth = {p.key: model.sets[0] * (_mass(p.bag, chances) / 10 - 0.3 * len(p.text) / BUDGET) for p in able}
    near = sorted(able, key=lambda p: -worth[p.key])[: 2 * POOL]
    setting = clarity.Setting(found, text.first, text.spread, title_words, words, stems)
    features: dict[int, tuple[float, ...]] = {}
    alone: dict[int, float] = {}

    def measure(measured: Sequence[Passage]) -> None:
        # One that leans is only shown behind what it leans on.
        whole = [found[p.index] for p in measured]
        freed = [replace(p, leans=False, familiar=False) if p.leans else p for p in whole]
        doubts = setting.doubts(
            [clarity.Shown(p, shown.text, shown.bag) for p, shown in zip(freed, measured, strict=True)]
        )
        for passage, doubt in zip(measured, doubts, strict=True):
            own = features[passage.key] = sentence_features(passage, length, chances, words)
            alone[passage.key] = _dot(model.sentences, own) - _DOUBT_COST * max(0.0, doubt - _DOUBTED_FROM)

    measure(near)
    best = sorted(near, key=lambda p: -worth[p.key] - alone[p.key])[:POOL]
    pool: list[Passage] = []
    for passage in sorted(_with_antecedents(best, able), key=lambda p: p.index):
        pool.append(passage)
        shown = shortened(passage.text, words)
        if shown != passage.text and len(shown) > _SHORTEST:
            pool.append(_as_shown(passage, shown, stems))
    measure([passage for passage in pool if passage.key not in features])
    return Ranked(
        passages=found,
        chances=chances,
        pool=pool,
        features=features,
        alone=alone,
        setting=setting,
    )


def _as_shown(passage: Passage, shown: str, stems: Stems) -> Passage:
    """*passage* in a shorter form."""
    return replace(
        passage,
        key=-1 - passage.key,
        text=shown,
        words=(stemmed := stems.of(shown)),
        bag=frozenset(stemmed),
        length=passage.length - len(passage.text.split()) + len(shown.split()) - shown.count("…"),
    )


def _asks(sentence: str) -> bool:
    return "?" in sentence[-3:] or sentence.endswith("？")


def _mass(bag: frozenset[str], chances: dict[str, float]) -> float:
    return sum(map(chances.__getitem__, bag))


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(mul, one, other), 0.0)


#: Characters with the gaps behind each sentence, mass, mass within the budget, words, content words, what is retold.
_Sums = tuple[int, float, float, int, int, float]
Subset = tuple[tuple[int, ...], _Sums]


def subsets(ranked: Ranked, most: int, budget: int, room: float = math.inf) -> Iterator[Subset]:
    """Every set of up to *most* passages of the pool, by their indices, that can stand together, with its sums.

    A passage that leans follows the sentence it leans on, and none repeats another. Several have together at
    most 1.3 budgets, and all sets at most *room* characters.
    """
    pool = ranked.pool
    sizes = [(_mass(p.bag, ranked.chances), len(p.text), p.length, len(p.words)) for p in pool]
    shared, retold, repeats = _overlaps(pool, ranked.chances)
    several = min(room, _MOST_OVER * budget)
    following = [
        [
            i
            for i in range(at + 1, len(pool))
            if pool[i].index != one.index
            and (not pool[i].leans or pool[i].index == one.index + 1)
            and not repeats[at][i]
        ]
        for at, one in enumerate(pool)
    ]
    opening = [i for i, p in enumerate(pool) if not p.leans]
    stack: list[tuple[tuple[int, ...], _Sums]] = [((), (0, 0.0, 0.0, 0, 0, 0.0))]
    while stack:
        chosen, sums = stack.pop()
        if chosen:
            yield chosen, sums
        if len(chosen) == most:
            continue
        left = (several if chosen else room) - sums[0]
        for i in following[chosen[-1]] if chosen else opening:
            if sizes[i][1] > left:
                continue
            gain, again = sizes[i][0], 0.0
            for j in chosen:
                if repeats[j][i]:
                    break
                gain -= shared[j][i]
                again += retold[j][i]
            else:
                stack.append(((*chosen, i), _with(sums, sizes[i], gain, again, budget)))


def _with_antecedents(best: Sequence[Passage], able: Sequence[Passage]) -> list[Passage]:
    """The first passage, the best and, of those that lean on the one before, that one too."""
    by_index = {p.index: p for p in able}
    wanted = {p.index: p for p in (*able[:1], *best)}
    for passage in best:
        before = by_index.get(passage.index - 1)
        if passage.leans and before is not None:
            wanted[before.index] = before
    return list(wanted.values())


Table = list[list[float]]


def _overlaps(pool: Sequence[Passage], chances: dict[str, float]) -> tuple[Table, Table, list[list[bool]]]:
    """Of every pair: the mass of the words in both, what of it is too much, and whether one repeats the other."""
    bags = [p.bag for p in pool]
    masses = [_mass(bag, chances) for bag in bags]
    shared = [[0.0] * len(pool) for _ in pool]
    retold = [[0.0] * len(pool) for _ in pool]
    repeats = [[False] * len(pool) for _ in pool]
    for i, one in enumerate(bags):
        for j in range(i + 1, len(bags)):
            both = one & bags[j]
            if both:
                mass = shared[i][j] = sum(map(chances.__getitem__, both))
                retold[i][j] = max(0.0, mass / min(masses[i], masses[j]) - _RETOLD_FROM)
                fewer = min(len(one), len(bags[j]))
                repeats[i][j] = len(both) > _MOST_SHARED * fewer or (
                    len(both) >= _MUCH_SHARED and 2 * len(both) >= fewer
                )
    return shared, retold, repeats


def _with(sums: _Sums, size: tuple[float, int, int, int], gain: float, again: float, budget: int) -> _Sums:
    """The sums of a set with one more passage, whose new words have *gain* as their mass."""
    chars, mass, in_budget, words, content, retold = sums
    if gain > 0:
        mass += gain
        left = budget - chars
        if left > _LEAST:
            in_budget += gain if left >= size[1] else gain * left / size[1]
    return chars + size[1] + 1, mass, in_budget, words + size[2], content + size[3], retold + again


def set_features(count: int, sums: _Sums, budget: int) -> tuple[float, ...]:
    """Lengths and mass are measured in budgets, as if the budget were 400 characters."""
    chars, mass, in_budget, words, content, _ = sums
    scale = BUDGET / budget
    share = chars / budget
    plain = words - content
    plain = 0 if plain < 0 else _MOST_PLAIN if plain > _MOST_PLAIN else plain
    return (
        in_budget * scale / 10,
        mass * scale / 10,
        2 * (mass + _PLAIN_WORD * plain) * scale / (words * scale + _PERSONS_LENGTH),
        share,
        share * share,
        share - 1 if share > 1 else 0.0,
        0.75 - share if share < 0.75 else 0.0,
        float(count),
    )


def choose(ranked: Ranked, most: int, max_chars: int | None, room: int, model: Model) -> tuple[Passage, ...]:
    """Return the best set of up to *most* passages, in article order; of one only where no two can stand together.

    It holds at most *room* characters and, where given, *max_chars*.
    """
    limit = room if max_chars is None else min(room, max_chars)
    budget = min(max_chars or BUDGET, max(limit, 1))
    alone = [ranked.alone[p.key] for p in ranked.pool]
    opening = [i for i, p in enumerate(ranked.pool) if p.place == 0]
    weights = model.sets
    best = False, -math.inf
    found: tuple[int, ...] = ()
    for chosen, sums in subsets(ranked, most, budget, limit):
        value = sum(map(mul, weights, set_features(len(chosen), sums, budget)))
        value += _OPENING * (chosen[0] in opening) - _RETOLD_COST * sums[5]
        for i in chosen:
            value += alone[i]
        if (len(chosen) > 1, value) > best:
            best, found = (len(chosen) > 1, value), chosen
    return tuple(ranked.pool[i] for i in found)
