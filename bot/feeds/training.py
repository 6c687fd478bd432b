"""Trains a topic's classifier; needs scikit-learn, the extra `learn`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.feeds.classifier import counts
from bot.feeds.topics import Analysis
from bot.model import Classifier

FOLDS = 5
MOST_WORDS = 5_000  #: a classifier of so many takes about a megabyte
SEEN_IN = 2  #: articles, or a word says nothing
STRENGTH = 10.0  #: inverse of the regularisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article that members rated."""

    article: Analysis
    fits: bool  #: say the members
    found: bool  #: by the topic's query


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A classifier, and how often it and the query agree with the members; it on articles it did not learn from."""

    classifier: Classifier
    labelled: int
    right: int
    query_right: int


def train(labelled: Sequence[Example], others: Iterable[Analysis]) -> Trained:
    """Learn from *labelled* articles, at least FOLDS that fit and FOLDS that do not.

    From the *others*, which nobody rated, it learns how rare words are.
    """
    articles = [each.article for each in labelled]
    everything = [*articles, *others]
    vectorizer = DictVectorizer(sort=False).fit([dict.fromkeys(_vocabulary(everything), 1.0)])
    rarity = TfidfTransformer().fit(vectorizer.transform(map(counts, everything)))
    rows = rarity.transform(vectorizer.transform(map(counts, articles)))
    known = np.array([each.fits for each in labelled])
    right = 0
    for learned, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, known):
        right += int((_model().fit(rows[learned], known[learned]).predict(rows[asked]) == known[asked]).sum())
    model = _model().fit(rows, known)
    names = [str(name) for name in vectorizer.get_feature_names_out()]
    return Trained(
        classifier=Classifier(
            rarity=dict(zip(names, map(float, rarity.idf_), strict=True)),
            weights=dict(zip(names, map(float, model.coef_[0]), strict=True)),
            bias=float(model.intercept_[0]),
        ),
        labelled=len(labelled),
        right=right,
        query_right=sum(each.found == each.fits for each in labelled),
    )


def _vocabulary(articles: Iterable[Analysis]) -> list[str]:
    seen = Counter(word for article in articles for word in article.positions)
    return [word for word, number in seen.most_common(MOST_WORDS) if number >= SEEN_IN]


def _model() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1_000)
