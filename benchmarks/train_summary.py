"""Train the ranking model of bot/summary on article texts with summaries that people wrote.

    python benchmarks/train_summary.py realsumm.jsonl.gz cnn_val.jsonl.gz [--folds] [--out FILE]

Each line of a set: id, text, references (lists of sentences), and where there are any scus (short statements
that annotators found in the references). Needs numpy, scipy and scikit-learn, which the bot does not. A word is
positive when a reference uses it. A set of sentences is worth the mean of its ROUGE-1 F1 and of the content
words of the units that its first 400 characters hold. `--folds` prints what models trained on four fifths of
the documents reach on the rest. Only sets whose licence allows it are trained on; NOTICE names them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import lsq_linear
from sklearn.linear_model import LogisticRegression

from bot.summary import ranking
from bot.summary.lexicon import lexicon
from bot.summary.passages import Passage, Stems, passages

ENGLISH = lexicon("en")
STEMS = Stems(ENGLISH)
SAMPLES = 150  # sets of sentences of a document
UNITS_WEIGHT = 6  # documents with annotated units are few and their units are exact
SEED = 1
#: Few documents teach the sign of these by accident only.
NOT_BELOW_ZERO = frozenset({"mass_in_budget", "mass", "overlap", "soon", "word_mean"})
NOT_ABOVE_ZERO = frozenset({"late", "short", "aside", "quote", "question", "first_person", "label", "broken"})
PENALTY = 30.0
OUT = Path(__file__).parent.parent / "bot" / "summary" / "data" / "ranking.json"


@dataclass(frozen=True, slots=True)
class Document:
    """A text, prepared."""

    id: str
    found: list[Passage]
    references: list[list[str]]
    units: list[str]
    annotated: bool


def read(path: Path) -> list[Document]:
    """The documents of a JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [document(row) for row in rows]


def document(row: dict[str, Any]) -> Document:
    units = row["scus"] or [sentence for reference in row["references"] for sentence in reference]
    return Document(
        row["id"], passages(row["text"], ENGLISH, STEMS), row["references"], units, bool(row["scus"])
    )


def plain_words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z0-9]+", text.lower()))


def rouge1(summary: str, references: Sequence[Sequence[str]]) -> float:
    """F1 over words, mean over the references."""
    mine = plain_words(summary)
    scores = []
    for reference in references:
        wanted = plain_words(" ".join(reference))
        scores.append(2 * (mine & wanted).total() / max(1, mine.total() + wanted.total()))
    return sum(scores) / len(scores)


class Informativeness:
    """How much a word tells: the logarithm of how few of the documents have it."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._size = len(documents)
        self._count: Counter[str] = Counter()
        for one in documents:
            self._count.update({word for passage in one.found for word in passage.words})

    def of(self, words: frozenset[str]) -> float:
        return sum(math.log(1 + self._size / (self._count[word] + 0.5)) for word in words)

    def recall(self, units: Sequence[frozenset[str]], summary: str) -> float:
        """Mean chance that *summary* states a unit: a logistic curve over the share of its words it holds."""
        mine = frozenset(STEMS.of(summary))
        shares = [self.of(unit & mine) / self.of(unit) for unit in units if unit]
        return sum(1 / (1 + math.exp(7 * (0.62 - share))) for share in shares) / max(1, len(shares))


def train_words(documents: Sequence[Document]) -> tuple[float, list[float]]:
    """(bias, coefficients) of the chance that a word is in a reference."""
    rows: list[tuple[float, ...]] = []
    positive: list[bool] = []
    for one in documents:
        used = [set(STEMS.of(" ".join(reference))) for reference in one.references]
        text = ranking.vocabulary(one.found)
        for word in text.counts:
            rows.append(text.features(word))
            positive.append(sum(word in words for words in used) > len(used) / 2)
    x = np.array(rows)
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    fitted = LogisticRegression(max_iter=500).fit((x - mean) / deviation, positive)
    coefficients = fitted.coef_[0] / deviation
    return float(fitted.intercept_[0] - (mean * coefficients).sum()), coefficients.tolist()


def samples(
    one: Document, model: ranking.Model, most: int = 3
) -> list[tuple[tuple[Passage, ...], np.ndarray]]:
    """Sets of sentences with their features."""
    ranked = ranking.rank(one.found, frozenset(), ENGLISH, STEMS, model)
    sentences = [ranked.features[p.key] for p in ranked.pool]
    return [
        (
            tuple(ranked.pool[i] for i in chosen),
            np.array(
                [
                    *ranking.set_features(len(chosen), sums, ranking.BUDGET),
                    *np.sum([sentences[i] for i in chosen], axis=0),
                ]
            ),
        )
        for chosen, sums in ranking.subsets(ranked, most, ranking.BUDGET)
        if len(chosen) >= most - 1
    ]


def worth(
    chosen: Sequence[Passage], one: Document, units: list[frozenset[str]], words: Informativeness
) -> float:
    summary = " ".join(p.text for p in chosen)
    return 0.5 * rouge1(summary, one.references) + 0.5 * words.recall(units, summary[: ranking.BUDGET])


def train_sets(documents: Sequence[Document], model: ranking.Model) -> np.ndarray:
    """Coefficients of set and sentence features: ridge regression within documents."""
    rng = random.Random(SEED)
    words = Informativeness(documents)
    features, targets, weights = [], [], []
    for one in documents:
        drawn = samples(one, model)
        drawn = rng.sample(drawn, min(SAMPLES, len(drawn)))
        if not drawn:
            continue
        units = [frozenset(STEMS.of(unit)) for unit in one.units]
        x = np.array([row for _, row in drawn])
        y = np.array([worth(chosen, one, units, words) for chosen, _ in drawn])
        features.append(x - x.mean(0))
        targets.append(y - y.mean())
        weights.append(np.full(len(y), (UNITS_WEIGHT if one.annotated else 1) * 100 / len(y)))
    x = np.vstack(features)
    deviation = x.std(0) + 1e-9
    names = ranking.SET_FEATURES + ranking.SENTENCE_FEATURES
    scaled, weight = x / deviation, np.concatenate(weights)
    square = scaled.T @ (scaled * weight[:, None]) + PENALTY * np.eye(len(names))
    root = np.linalg.cholesky(square)
    wanted = np.linalg.solve(root, scaled.T @ (weight * np.concatenate(targets)))
    bounds = (
        [0.0 if name in NOT_BELOW_ZERO else -np.inf for name in names],
        [1e-9 if name in NOT_ABOVE_ZERO else np.inf for name in names],
    )
    return lsq_linear(root.T, wanted, bounds).x / deviation


def start() -> ranking.Model:
    """A model by hand, good enough to draw the sets of sentences that are learned from."""
    sentences = dict.fromkeys(ranking.SENTENCE_FEATURES, 0.0)
    sentences |= {"soon": 1.2, "word_mean": 3.0, "short": -0.5, "question": -0.6}
    sentences |= {"long": -0.4, "label": -0.3, "broken": -0.6}
    return ranking.Model(
        word_bias=0.0,
        words=(0.0,) * len(ranking.WORD_FEATURES),
        sentences=tuple(sentences.values()),
        sets=(0.0,) * len(ranking.SET_FEATURES),
    )


def train(documents: Sequence[Document]) -> ranking.Model:
    bias, words = train_words(documents)
    first = start()
    drawing = ranking.Model(word_bias=bias, words=tuple(words), sentences=first.sentences, sets=first.sets)
    coefficients = train_sets(documents, drawing)
    split = len(ranking.SET_FEATURES)
    return ranking.Model(
        word_bias=bias,
        words=tuple(words),
        sentences=tuple(coefficients[split:].tolist()),
        sets=tuple(coefficients[:split].tolist()),
    )


def evaluate(documents: Sequence[Document], model: ranking.Model) -> tuple[float, float]:
    """Mean (ROUGE-1 F1, recall of units within the budget), times 100."""
    words = Informativeness(documents)
    scores = []
    for one in documents:
        ranked = ranking.rank(one.found, frozenset(), ENGLISH, STEMS, model)
        chosen = ranking.choose(ranked, 3, None, 100_000, model)
        units = [frozenset(STEMS.of(unit)) for unit in one.units]
        summary = " ".join(p.text for p in chosen)
        held = words.recall(units, summary[: ranking.BUDGET])
        scores.append((rouge1(summary, one.references), held))
    return tuple(100 * float(v) for v in np.mean(scores, axis=0))  # type: ignore[return-value]


def fold_of(one: Document) -> int:
    return hashlib.sha256(one.id.encode()).digest()[0] % 5


def save(model: ranking.Model, out: Path) -> None:
    def table(names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
        return {name: float(f"{value:.4g}") for name, value in zip(names, values, strict=True)}

    data = {
        "word_bias": round(model.word_bias, 4),
        "words": table(ranking.WORD_FEATURES, model.words),
        "sentences": table(ranking.SENTENCE_FEATURES, model.sentences),
        "sets": table(ranking.SET_FEATURES, model.sets),
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("sets", nargs="+", type=Path)
    options.add_argument("--folds", action="store_true")
    options.add_argument("--out", type=Path, default=OUT)
    args = options.parse_args()
    documents = [one for path in args.sets for one in read(path)]
    if args.folds:
        for fold in range(5):
            model = train([one for one in documents if fold_of(one) != fold])
            save(model, args.out.with_suffix(f".fold{fold}.json"))
            for kind in (True, False):
                held = [one for one in documents if fold_of(one) == fold and one.annotated == kind]
                print(f"fold {fold} annotated={kind} n={len(held)}: {evaluate(held, model)}")
    save(train(documents), args.out)


if __name__ == "__main__":
    main()
