"""Trees that LightGBM trained, as bot/boosting.py reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightgbm


def exported(booster: lightgbm.Booster, names: Sequence[str]) -> dict[str, Any]:
    """Return all trees with the names of their features."""
    trees = [_flattened(info["tree_structure"]) for info in booster.dump_model()["tree_info"]]
    return {"features": list(names), "trees": trees}


def _flattened(tree: dict[str, Any]) -> list[list[float]]:
    """One tree as [features, thresholds, masks, votes]."""
    features: list[float] = []
    limits: list[float] = []
    masks: list[float] = []
    votes: list[float] = []

    def visit(node: dict[str, Any]) -> int:
        """Note a subtree; returns the bits of its leaves."""
        if "leaf_value" in node:
            votes.append(float(f"{node['leaf_value']:.5g}"))
            return 1 << (len(votes) - 1)
        left = visit(node["left_child"])
        features.append(node["split_feature"])
        limits.append(float(f"{node['threshold']:.7g}"))
        masks.append(0xFFFF & ~left)
        return left | visit(node["right_child"])

    visit(tree)
    return [features, limits, masks, votes]
