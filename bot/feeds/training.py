"""Trains a topic's classifier; needs scikit-learn, the extra `learn`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.semi_supervised import SelfTrainingClassifier

from bot.feeds.classifier import counts
from bot.feeds.topics import Analysis
from bot.model import Classifier

FOLDS = 5
MOST_WORDS = 5_000  #: a classifier of so many takes about a megabyte
SEEN_IN = 2  #: articles, or a word says nothing
STRENGTH = 10.0  #: inverse of the regularisation
SURE = 0.6  #: probability from which what it says of an unrated article is learned from as well
_UNRATED = -1


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

    From the *others*, which nobody rated, it learns how rare words are, and then from its own verdicts on them
    (self-training; Yarowsky 1995).
    """
    articles = [each.article for each in labelled]
    everything = [*articles, *others]
    vectorizer = DictVectorizer(sort=False).fit([dict.fromkeys(_vocabulary(everything), 1.0)])
    rarity = TfidfTransformer()
    rows = rarity.fit_transform(vectorizer.transform(map(counts, everything)))
    known = np.array([each.fits for each in labelled])
    unrated = np.arange(len(articles), len(everything))

    def fit(rated: np.ndarray) -> LogisticRegression:
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1_000)
        if not len(unrated):
            return model.fit(rows[rated], known[rated])
        verdicts = np.concatenate([known[rated].astype(int), np.full(len(unrated), _UNRATED)])
        both = np.concatenate([rated, unrated])
        trainer = SelfTrainingClassifier(model, threshold=SURE).fit(rows[both], verdicts)
        return cast("LogisticRegression", trainer.estimator_)

    right = 0
    for learned, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(known, known):
        right += int(np.count_nonzero(fit(learned).predict(rows[asked]) == known[asked]))
    model = fit(np.arange(len(articles)))
    names = [str(name) for name in vectorizer.get_feature_names_out()]
    return Trained(
        classifier=Classifier(
            rarity=dict(zip(names, map(float, rarity.idf_), strict=True)),
            weights=dict(zip(names, map(float, np.ravel(model.coef_)), strict=True)),
            bias=float(np.ravel(model.intercept_)[0]),
        ),
        labelled=len(labelled),
        right=right,
        query_right=sum(each.found == each.fits for each in labelled),
    )


def _vocabulary(articles: Iterable[Analysis]) -> list[str]:
    seen = Counter(word for article in articles for word in article.positions)
    return [word for word, number in seen.most_common(MOST_WORDS) if number >= SEEN_IN]
