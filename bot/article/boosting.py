"""Boosted regression trees as flat arrays: what a small trained ranker needs to be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees over named features; a node whose children are itself is a leaf."""

    features: tuple[str, ...]
    roots: NDArray[np.int32]
    feature: NDArray[np.int32]  #: per node
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]  #: next node where the value is at most the threshold
    right: NDArray[np.int32]
    value: NDArray[np.float64]  #: of a leaf
    depth: int

    def probabilities(self, rows: list[list[float]]) -> list[float]:
        """Return the trees' verdict on every row of features, 0 to 1."""
        if not rows:
            return []
        table = np.asarray(rows, dtype=np.float64)
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        row = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            at = np.where(table[row, self.feature[at]] <= self.threshold[at], self.left[at], self.right[at])
        scores = self.value[at].sum(axis=1)
        return [float(p) for p in 1 / (1 + np.exp(-scores))]


def forest(data: dict[str, Any]) -> Forest:
    """Return the trees of an exported model: {"features", "depth", "trees": [[feature, threshold, left, right, value], …]}.

    Children count within their tree.
    """
    columns: list[list[float]] = [[], [], [], [], []]
    roots: list[int] = []
    for tree in data["trees"]:
        offset = len(columns[0])
        roots.append(offset)
        for column, values in zip(columns, tree, strict=True):
            column += values
        for column in columns[2:4]:
            column[offset:] = [child + offset for child in column[offset:]]
    return Forest(
        features=tuple(data["features"]),
        roots=np.array(roots, dtype=np.int32),
        feature=np.array(columns[0], dtype=np.int32),
        threshold=np.array(columns[1], dtype=np.float64),
        left=np.array(columns[2], dtype=np.int32),
        right=np.array(columns[3], dtype=np.int32),
        value=np.array(columns[4], dtype=np.float64),
        depth=int(data["depth"]),
    )


@lru_cache(maxsize=8)
def load_model(name: str) -> dict[str, Any]:
    """Return the figures of data/*name*.json."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=8)
def load_forest(name: str) -> Forest:
    """Return the trees of data/*name*.json."""
    return forest(load_model(name))
