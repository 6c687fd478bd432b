"""A second opinion on pages whose article is hard to tell: the container that turbohtml's scores find."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from turbohtml import Element

from bot.article.walk import Walk


def second_opinion(root: Element, walk: Walk) -> NDArray[np.bool_] | None:
    """Which of a page's blocks stand in what turbohtml takes for the article; None where it finds none."""
    main = root.main_content()
    if main is None or main not in walk.nodes:
        return None
    element = walk.nodes.index(main)
    found = np.zeros(len(walk.texts), bool)
    found[walk.first[element] : walk.last[element]] = True
    return found if found.any() else None
