"""Boosted trees as flat arrays: what a small trained model needs to be asked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LEAVES = 16
_ALL = (1 << _LEAVES) - 1
_FEW = 8  #: rows
#: Rows: with 400 trees a split takes .35 MB then, which a cache holds; fewer take more calls, and many more leave it.
_AT_ONCE = 96


class Forest(NamedTuple):
    """Trees of at most 16 leaves as QuickScorer lays them out (Lucchese et al. 2015).

    Split s of tree t asks whether column feature[s, t] is above threshold[s, t]; where it is, mask[s, t] takes the
    leaves of its left side out. The lowest leaf left is the tree's, values[t, leaf] its vote. Unused splits ask
    whether something is above infinity. Rows are compared in the precision of the thresholds.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float32] | NDArray[np.float64]
    mask: NDArray[np.uint16]
    values: NDArray[np.float32] | NDArray[np.float64]

    def chances(self, rows: ArrayLike) -> NDArray[np.float64]:
        """The trees' verdict on every row of features, 0 to 1; there must be a row."""
        return np.asarray(1 / (1 + np.exp(-self.votes(rows))))

    def votes(self, rows: ArrayLike) -> NDArray[np.float64]:
        """The sum of the trees' votes on every row, in log odds; there must be a row."""
        features: NDArray[np.floating] = np.asarray(rows, self.threshold.dtype)
        if len(features) <= _FEW:
            return self._votes_of_few(features)
        columns = np.ascontiguousarray(features.T)
        pieces = range(0, columns.shape[1], _AT_ONCE)
        return np.concatenate([self._votes(columns[:, start : start + _AT_ONCE]) for start in pieces])

    def _votes(self, columns: NDArray[np.floating]) -> NDArray[np.float64]:
        """What the trees say of some rows, given as columns of features: a split of all trees at a time.

        All splits at once touch half a megabyte a page, whose page faults cost more than the loop.
        """
        lost = np.zeros((len(self.values), columns.shape[1]), np.uint16)
        for feature, threshold, outside in zip(self.feature, self.threshold, ~self.mask, strict=True):
            lost |= (columns.take(feature, axis=0) > threshold[:, None]) * outside[:, None]
        first = np.arange(len(self.values))[:, None] * _LEAVES  # of each tree, in the values laid end to end
        voted: NDArray[np.float64] = (
            self.values.ravel().take(first + _LOWEST_BIT.take(~lost)).sum(axis=0, dtype=float)
        )
        return voted

    def _votes_of_few(self, rows: NDArray[np.floating]) -> NDArray[np.float64]:
        """The same with the trees side by side in memory, of which there are more than rows: twice as fast then."""
        passed = rows.take(self.feature, axis=1) > self.threshold
        lost = np.bitwise_or.reduce(passed * ~self.mask, axis=1)
        first = np.arange(len(self.values)) * _LEAVES
        voted: NDArray[np.float64] = (
            self.values.ravel().take(first + _LOWEST_BIT.take(~lost)).sum(axis=1, dtype=float)
        )
        return voted


_LOWEST_BIT = np.zeros(1 << _LEAVES, np.uint8)
for _bit in range(_LEAVES):
    _LOWEST_BIT[1 << _bit :: 2 << _bit] = _bit


def forest(data: dict[str, Any]) -> Forest:
    """Return the trees of an exported model: per tree [features, thresholds, masks, values].

    Raises ValueError for a tree with more than 16 leaves.
    """
    shape = (_LEAVES - 1, len(data["trees"]))
    feature, threshold = np.zeros(shape, np.int64), np.full(shape, np.inf, np.float32)
    mask, values = np.full(shape, _ALL, np.uint16), np.zeros((shape[1], _LEAVES))
    for number, (columns, limits, masks, votes) in enumerate(data["trees"]):
        feature[: len(columns), number] = columns
        threshold[: len(limits), number] = limits
        mask[: len(masks), number] = masks
        values[number, : len(votes)] = votes
    return Forest(feature, threshold, mask, values)
