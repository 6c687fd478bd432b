"""The small trained models that come with the package, each read once a process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.boosting import Forest, forest

DATA = Path(__file__).with_name("data")


@cache
def load_model(name: str) -> dict[str, Any]:
    """Return the figures of data/*name*.json."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def load_forest(name: str) -> Forest:
    """Return the trees of data/*name*.json."""
    return forest(load_model(name))
