"""Which blocks are the article: gradient-boosted trees, and the choice of best expected F1."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.article import models
from bot.article.classes import Tables
from bot.article.features import measure
from bot.article.models import DATA
from bot.article.walk import Walk
from bot.article.wording import Floats
from bot.boosting import Forest

_CHARACTERS_A_WORD = 6


class Model(NamedTuple):
    """What benchmarks/train_body.py makes."""

    forest: Forest
    tables: Tables


@cache
def load_model() -> Model:
    """The shipped model; some 2 ms, once a process."""
    arrays = np.load(DATA / "body_trees.npy")
    forest = Forest(*(arrays[name] for name in Forest._fields))
    return Model(forest, Tables(**models.load_model("body_classes")))


def chances_of(walk: Walk, title: str, description: str, model: Model | None = None) -> Floats:
    """The chance of each block to be article; the page must have a block."""
    model = model or load_model()
    features, rows = measure(walk, title, description, model.tables)
    chances = np.zeros(len(walk.texts))
    chances[rows] = model.forest.chances(features)
    return chances


def weights(walk: Walk) -> Floats:
    """About how many words each block has, whatever its script."""
    return np.array([len(text) for text in walk.texts], float) / _CHARACTERS_A_WORD + 1


def best_expected_f1(chances: Floats, weight: Floats) -> tuple[NDArray[np.bool_], float]:
    """Keep the blocks that maximise the expected F1 of the page, 2·Σp·w / (Σw kept + Σp·w of all).

    The optimum is a threshold on the chance (Lewis 1995), found by trying every block as the last one kept. A page
    always keeps something, however unsure.
    """
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum((chances * weight)[order])
    kept = np.cumsum(weight[order])
    expected = 2 * hits / (kept + hits[-1] + 1e-9)
    last = int(expected.argmax())
    return chances >= chances[order[last]], float(expected[last])


def expected_f1(keep: NDArray[np.bool_], chances: Floats, weight: Floats) -> float:
    """The expected F1 of a given choice."""
    hits = chances * weight
    return float(2 * hits[keep].sum() / (weight[keep].sum() + hits.sum() + 1e-9))
