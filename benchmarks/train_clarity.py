"""Train the model of bot/summary that says which sentences fail by themselves, on what readers said of them.

    python benchmarks/train_clarity.py CORPUS [--folds] [--write]

CORPUS is a folder as in benchmarks/README.md. benchmarks/judgements.tsv holds how readers who saw the headline alone
graded sentences of its articles that stood, or might have stood, on cards: 0 stands by itself, 1 slightly open, 2 with
why it fails (d dangling, c broken, p caption, heading or list item, b the page's own words, q quotation without a
speaker), x empty. A hash of its headline and itself names each sentence, so that the file holds no text.
Needs numpy, scipy and scikit-learn, which the bot does not. `--folds` prints how well models trained on nine tenths
of the articles rank the sentences of the rest.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.article import extract
from bot.summary import clarity, shapes
from bot.summary.extractive import summarise
from bot.summary.lexicon import lexicon
from bot.summary.passages import Passage, passages, shared_stems

SETS = (
    "body/fundus", "body/scrapinghub", "body/wcxb", "body/trafilatura", "meta/postlight", "meta/traf", "meta/htmldate",
)  # fmt: skip
TEXTS = "summary/cnn_val", "summary/realsumm"  #: without headlines
JUDGEMENTS = Path(__file__).with_name("judgements.tsv")
OUT = Path(__file__).parent.parent / "bot" / "summary" / "data" / "clarity.json"
FOLDS = 10
LEAST = 20  #: judged sentences that have a word which is weighed
OPEN = 0.3  #: what a sentence that is slightly open counts, where one that fails counts 1
SCALE = 0.5  #: of the features against words, before both are drawn to zero
STRENGTH = 0.05  #: of the fit; the inverse of scikit-learn's penalty


@dataclass(frozen=True, slots=True)
class Example:
    """A judged sentence."""

    article: str
    language: str
    features: tuple[float, ...]
    words: frozenset[str]
    grade: str

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
        setting = clarity.Setting(found, frozenset(stems.of(title)), words, stems)
        listed = {p.start for p in shapes.questions(found, words) or shapes.items(title, found)}
        for passage, shown in candidates(found, title, text, language):
            grade = grades.get(key(title, shown))
            if grade and passage.start not in listed:
                bag = frozenset(stems.of(shown))
                features = setting.features(passage, shown, bag)
                yield Example(name, language, features, frozenset(clarity.words_of(shown)), grade)


def candidates(
    found: Sequence[Passage], title: str, text: str, language: str
) -> dict[tuple[Passage, str], None]:
    """Each sentence as it stands, and as a fact shows it."""
    by_start = {p.start: p for p in found}
    facts = summarise(title, text, language=language).facts
    shown = [(by_start[fact.start], fact.text) for fact in facts if fact.start in by_start]
    return dict.fromkeys([*((p, p.text) for p in found), *shown])


class Fit:
    """A model fitted to examples."""

    def __init__(self, rows: Sequence[Example]) -> None:
        x = np.array([row.features for row in rows])
        self.mean, self.deviation = x.mean(0), x.std(0) + 1e-9
        held = Counter(word for row in rows if row.language == "en" for word in row.words)
        articles = Counter(
            word
            for _, word in {(row.article, word) for row in rows if row.language == "en" for word in row.words}
        )
        known = sorted(word for word, count in held.items() if count >= LEAST and articles[word] >= LEAST / 2)
        self.index = {word: at for at, word in enumerate(known)}
        matrix, target = self.matrix(rows), np.array([row.target for row in rows])
        fitted = LogisticRegression(max_iter=5000, C=STRENGTH).fit(
            sparse.vstack([matrix, matrix]).tocsr(),
            np.repeat([1, 0], len(rows)),
            sample_weight=np.concatenate([target, 1 - target]),
        )
        weights = fitted.coef_[0]
        self.words = weights[: len(known)]
        self.features = weights[len(known) :] * SCALE / self.deviation
        self.bias = float(fitted.intercept_[0] - (self.features * self.mean).sum())

    def matrix(self, rows: Sequence[Example]) -> sparse.csr_matrix:
        x = (np.array([row.features for row in rows]) - self.mean) / self.deviation * SCALE
        held = [
            (at, self.index[word])
            for at, row in enumerate(rows)
            if row.language == "en"
            for word in row.words
            if word in self.index
        ]
        places = np.array(held or np.empty((0, 2)), int).T
        shape = (len(rows), len(self.index))
        return sparse.hstack(
            [sparse.csr_matrix((np.ones(places.shape[1]), tuple(places)), shape), sparse.csr_matrix(x)]
        ).tocsr()

    def odds(self, rows: Sequence[Example]) -> np.ndarray:
        x = np.array([row.features for row in rows])
        words = [
            sum(self.words[self.index[w]] for w in row.words if row.language == "en" and w in self.index)
            for row in rows
        ]
        return self.bias + x @ self.features + np.array(words)

    def save(self, out: Path) -> None:
        data = {
            "bias": round(self.bias, 4),
            "features": {
                name: float(f"{w:.3g}") for name, w in zip(clarity.FEATURES, self.features, strict=True)
            },
            "words": {word: round(float(self.words[at]), 3) for word, at in self.index.items()},
        }
        out.write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def fold_of(row: Example) -> int:
    return hashlib.sha256(row.article.encode()).digest()[0] % FOLDS


def cross_validated(rows: Sequence[Example]) -> np.ndarray:
    """The odds of each by a model that saw none of its article."""
    odds = np.zeros(len(rows))
    for fold in range(FOLDS):
        held = [at for at, row in enumerate(rows) if fold_of(row) == fold]
        if held:
            fit = Fit([row for row in rows if fold_of(row) != fold])
            odds[held] = fit.odds([rows[at] for at in held])
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
        report(rows, cross_validated(rows))
    if args.write:
        Fit(rows).save(OUT)


if __name__ == "__main__":
    main()
