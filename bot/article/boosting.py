"""Boosted trees as flat arrays: what a small trained ranker needs to be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).with_name("data")
_LEAVES = 16
_ALL = (1 << _LEAVES) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees of at most 16 leaves as QuickScorer lays them out (Lucchese et al. 2015), for few rows at a time.

    Split s of tree t asks whether column feature[s, t] is above threshold[s, t]; where it is, mask[s, t] takes the
    leaves of its left side out. The lowest leaf left is the tree's, values[t, leaf] its vote.
    """

    features: tuple[str, ...]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    mask: NDArray[np.uint16]
    values: NDArray[np.float64]

    def chances(self, rows: list[list[float]]) -> list[float]:
        """Return the trees' verdict on every row of features, 0 to 1."""
        if not rows:
            return []
        table = np.asarray(rows, dtype=np.float64)
        found = []
        for start in range(
            0, len(table), 64
        ):  # in parts, so that a page of a thousand candidates needs no more memory
            above = table[start : start + 64][:, self.feature] > self.threshold
            left = np.bitwise_and.reduce(np.where(above, self.mask, np.uint16(_ALL)), axis=1)
            lowest = np.log2(left & -left.astype(np.int32)).astype(np.intp)
            found.append(self.values[np.arange(len(self.values)), lowest].sum(axis=1))
        return [float(chance) for chance in 1 / (1 + np.exp(-np.concatenate(found)))]


def forest(data: dict[str, Any]) -> Forest:
    """Return the trees of an exported model: its "features", and per tree [features, thresholds, masks, values].

    Raises ValueError for a tree with more than 16 leaves.
    """
    shape = (_LEAVES - 1, len(data["trees"]))
    feature, threshold = np.zeros(shape, np.intp), np.full(shape, np.inf)
    mask, values = np.full(shape, _ALL, np.uint16), np.zeros((shape[1], _LEAVES))
    for number, (columns, limits, masks, votes) in enumerate(data["trees"]):
        feature[: len(columns), number] = columns
        threshold[: len(limits), number] = limits
        mask[: len(masks), number] = masks
        values[number, : len(votes)] = votes
    return Forest(
        features=tuple(data["features"]), feature=feature, threshold=threshold, mask=mask, values=values
    )


@cache
def load_model(name: str) -> dict[str, Any]:
    """Return the figures of data/*name*.json."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def load_forest(name: str) -> Forest:
    """Return the trees of data/*name*.json."""
    return forest(load_model(name))
