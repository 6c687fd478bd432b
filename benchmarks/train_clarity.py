"""Train the model of bot/summary that says which sentences fail by themselves, on what readers said of them.

    python benchmarks/train_clarity.py CORPUS [--folds] [--write]

CORPUS is a folder as in benchmarks/README.md. benchmarks/judgements.tsv holds how readers who saw the headline alone
graded sentences of its articles that stood, or might have stood, on cards: 0 stands by itself, 1 slightly open, 2 with
why it fails (d dangling, c broken, p caption, heading or list item, b the page's own words, q quotation without a
speaker), x empty. A hash of its headline and itself names each sentence, so that the file holds no text.
Needs scipy, scikit-learn and lightgbm, which the bot does not. `--folds` prints how well models trained on four
fifths of the articles rank the sentences of the rest.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from trees import exported

from bot.article import extract
from bot.summary import clarity, grammar, shapes
from bot.summary.cutting import without_ending, without_label, without_opening
from bot.summary.lexicon import Lexicon, lexicon
from bot.summary.passages import Passage, first_places, passages, shared_stems
from bot.summary.shortening import shortened

SETS = (
    "body/fundus", "body/scrapinghub", "body/wcxb", "body/trafilatura", "meta/postlight", "meta/traf", "meta/htmldate",
)  # fmt: skip
TEXTS = "summary/cnn_val", "summary/realsumm"  #: without headlines
JUDGEMENTS = Path(__file__).with_name("judgements.tsv")
DATA = Path(__file__).parent.parent / "bot" / "summary" / "data"
FOLDS = 5
LEAST = 10  #: judged sentences that have a word or a pair of neighbours which is weighed
OPEN = 0.3  #: what a sentence that is slightly open counts, where one that fails counts 1
SCALE = 0.5  #: of the features against words, before both are drawn to zero
#: Languages that share what they add to the coefficients of all.
GROUPS = "en", "de", "es fr it pt"
WEIGHED = "en", "de"  #: languages whose words, and pairs of neighbours, are weighed
OWN = 0.6  #: of a group's features against those of all, in the same way as SCALE
NOTHING = 0.0005  #: a weight that rounds to 0
STRENGTH = 0.03  #: of the fit; the inverse of scikit-learn's penalty
ROW = (
    *clarity.FEATURES,
    *clarity.MORE,
    *(f"usual {name}" for name in clarity.FEATURES + clarity.MORE),
    "english",
    *grammar.FEATURES,
    "odds",
)
TREES = {
    "objective": "cross_entropy", "num_iterations": 400, "learning_rate": 0.06, "num_leaves": 15, "extra_trees": True,
    "min_data_in_leaf": 40, "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5,
    "seed": 0, "num_threads": 1, "deterministic": True, "verbose": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A judged sentence."""

    article: str
    language: str
    row: tuple[float, ...]  #: what trees are asked about
    words: frozenset[str]  #: and pairs of neighbours
    grade: str

    @property
    def features(self) -> tuple[float, ...]:
        return self.row[: len(clarity.FEATURES)]

    @property
    def target(self) -> float:
        return OPEN if self.grade == "1" else float(self.grade != "0")


def key(headline: str, sentence: str) -> str:
    """What a judged sentence is called."""
    return hashlib.sha256(f"{headline}\n{sentence}".encode()).hexdigest()[:16]


def read_judgements(path: Path) -> dict[str, str]:
    """Grades by key."""
    with path.open(encoding="utf-8") as lines:
        return dict(line.split() for line in lines if not line.startswith("#"))


def pages(corpus: Path) -> Iterator[tuple[str, str]]:
    """(page, address), each page once."""
    seen: set[str] = set()
    for name in SETS:
        for line in (corpus / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["page"] not in seen:
                seen.add(row["page"])
                yield row["page"], row["url"]


def articles(corpus: Path) -> Iterator[tuple[str, str, str, str]]:
    """(name, headline, text, language) of what sentences were judged of."""
    for page, address in pages(corpus):
        article = extract(gzip.decompress((corpus / "pages" / f"{page}.html.gz").read_bytes()), address)
        if not article.barrier:
            yield page, article.title, article.text, (article.language or "")[:2]
    for name in TEXTS:
        with gzip.open(corpus / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield row["id"], "", row["text"], "en"


def examples(corpus: Path, grades: dict[str, str]) -> Iterator[Example]:
    """The judged sentences of the corpus' articles."""
    for name, title, text, language in articles(corpus):
        words, stems = lexicon(language), shared_stems(language)
        found = passages(text, words, stems)
        if not found:
            continue
        spread = Counter(chain.from_iterable(p.bag for p in found))
        setting = clarity.Setting(
            found, first_places(found), spread, frozenset(stems.of(title)), words, stems
        )
        listed = {p.start for p in shapes.questions(found, words) or shapes.items(title, found)}
        for passage, shown in candidates(found, words):
            grade = grades.get(key(title, shown))
            if grade and passage.start not in listed:
                bag = frozenset(stems.of(shown))
                written = grammar.tokens(shown)
                row = setting.row(clarity.Shown(passage, shown, bag), written)
                yield Example(name, language, row, frozenset(clarity.weighed(written, words)), grade)


def candidates(found: Sequence[Passage], words: Lexicon) -> dict[tuple[Passage, str], None]:
    """Each sentence as it stands, and as facts and summaries may shorten it."""
    shorter = (without_opening, without_label, without_ending, shortened)
    return dict.fromkeys(
        (p, text) for p in found for text in (p.text, *(cut(p.text, words) for cut in shorter))
    )


class Fit:
    """A model fitted to examples: shared coefficients, what each group of languages adds, and words of two."""

    def __init__(self, rows: Sequence[Example]) -> None:
        x = np.array([row.features for row in rows])
        self.mean, self.deviation = x.mean(0), x.std(0) + 1e-9
        self.index = {word: at for at, word in enumerate(known_words(rows))}
        matrix, target = self.matrix(rows), np.array([row.target for row in rows])
        fitted = LogisticRegression(max_iter=5000, C=STRENGTH).fit(
            sparse.vstack([matrix, matrix]).tocsr(),
            np.repeat([1, 0], len(rows)),
            sample_weight=np.concatenate([target, 1 - target]),
        )
        self.weights, self.intercept = fitted.coef_[0], float(fitted.intercept_[0])

    def matrix(self, rows: Sequence[Example]) -> sparse.csr_matrix:
        """A row each: its words, its features, and for each group the features and 1 if it is of the group, else 0."""
        x = (np.array([row.features for row in rows]) - self.mean) / self.deviation * SCALE
        places = [
            (at, self.index[row.language, word])
            for at, row in enumerate(rows)
            for word in row.words
            if (row.language, word) in self.index
        ]
        words = sparse.csr_matrix(
            (np.ones(len(places)), tuple(np.array(places).T)), (len(rows), len(self.index))
        )
        languages = np.array([row.language for row in rows])
        extended = np.hstack([x, np.ones((len(x), 1))]) * OWN
        own = [extended * np.isin(languages, group.split())[:, None] for group in GROUPS]
        return sparse.hstack([words, sparse.csr_matrix(np.hstack([x, *own]))]).tocsr()

    def odds(self, rows: Sequence[Example]) -> np.ndarray:
        return self.matrix(rows) @ self.weights + self.intercept

    def save(self, out: Path) -> None:
        size = len(clarity.FEATURES)
        tail = self.weights[len(self.index) :]
        shared, own = tail[:size], tail[size:].reshape(len(GROUPS), size + 1) * OWN
        models = {"": self._model(shared, 0.0, "")}
        for group, weights in zip(GROUPS, own, strict=True):
            models[group] = self._model(shared + weights[:-1], float(weights[-1]), group)
        out.write_text(json.dumps(models, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")

    def _model(self, weights: np.ndarray, bias: float, language: str) -> dict[str, Any]:
        weights = weights * SCALE / self.deviation
        return {
            "bias": round(self.intercept + bias - float(weights @ self.mean), 4),
            "features": {name: float(f"{w:.3g}") for name, w in zip(clarity.FEATURES, weights, strict=True)},
            "words": {
                word: round(float(self.weights[at]), 3)
                for (of, word), at in self.index.items()
                if of == language and abs(self.weights[at]) >= NOTHING
            },
        }


def known_words(rows: Sequence[Example]) -> list[tuple[str, str]]:
    """(language, word) of those that enough sentences of enough articles have, but for figures."""
    held = Counter(
        (row.language, word)
        for row in rows
        if row.language in WEIGHED
        for word in row.words
        if not word[0].isdigit()
    )
    articles = Counter(
        (language, word)
        for _, language, word in {(row.article, row.language, word) for row in rows for word in row.words}
    )
    return sorted(key for key, count in held.items() if count >= LEAST and articles[key] >= LEAST / 2)


def fold_of(row: Example) -> int:
    return hashlib.sha256(row.article.encode()).digest()[0] % FOLDS


def cross_validated(rows: Sequence[Example]) -> np.ndarray:
    """The linear model's odds of each, fitted without its fold."""
    odds = np.zeros(len(rows))
    for fold in {fold_of(row) for row in rows}:
        held = [at for at, row in enumerate(rows) if fold_of(row) == fold]
        odds[held] = Fit([row for row in rows if fold_of(row) != fold]).odds([rows[at] for at in held])
    return odds


def boosted(rows: Sequence[Example]) -> lightgbm.Booster:
    """Trees that hear the linear model as it is where it has not seen the sentences."""
    return lightgbm.train(
        TREES, lightgbm.Dataset(heard(rows, cross_validated(rows)), np.array([row.target for row in rows]))
    )


def heard(rows: Sequence[Example], odds: np.ndarray) -> np.ndarray:
    """What trees are asked about, with the linear *odds*."""
    return np.hstack([np.array([row.row for row in rows]), odds[:, None]])


def treed(rows: Sequence[Example]) -> list[Example]:
    return [row for row in rows if row.language in clarity.TREED]


def stacked(rows: Sequence[Example]) -> np.ndarray:
    """The odds of each by both models, trained without its fold; where there are no trees, by the linear one."""
    odds = np.zeros(len(rows))
    for fold in range(FOLDS):
        held = [at for at, row in enumerate(rows) if fold_of(row) == fold]
        rest = [row for row in rows if fold_of(row) != fold]
        odds[held] = Fit(rest).odds([rows[at] for at in held])
        asked = [at for at in held if rows[at].language in clarity.TREED]
        matrix = heard([rows[at] for at in asked], odds[asked])
        odds[asked] = boosted(treed(rest)).predict(matrix, raw_score=True)
    return odds


def report(rows: Sequence[Example], odds: np.ndarray) -> None:
    languages = np.array([row.language for row in rows])
    fails = np.array([row.grade[0] in "2x" for row in rows])
    for language, count in Counter(languages.tolist()).most_common():
        own = languages == language
        if count >= 100:
            kept = fails[own][np.argsort(odds[own], kind="stable")]
            shares = ", ".join(
                f"{100 * kept[: int(share * count)].mean():.1f} % of the clearest {share:.0%}"
                for share in (0.5, 0.8, 1.0)
            )
            print(
                f"{language}: {count} sentences, area {roc_auc_score(fails[own], odds[own]):.3f}; fail: {shares}"
            )


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument("--folds", action="store_true")
    options.add_argument("--write", action="store_true", help="replace the shipped model")
    args = options.parse_args()
    grades = read_judgements(JUDGEMENTS)
    rows = list(examples(args.corpus, grades))
    print(f"{len(rows)} sentences of {len({row.article for row in rows})} articles; {len(grades)} judgements")
    if args.folds:
        print("the linear model")
        report(rows, cross_validated(rows))
        print("with trees")
        report(rows, stacked(rows))
    if args.write:
        Fit(rows).save(DATA / "clarity.json")
        out = exported(boosted(treed(rows)), ROW)
        (DATA / "clarity_trees.json").write_text(json.dumps(out, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
