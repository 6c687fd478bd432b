"""A second opinion on pages whose article is hard to tell: what readability-lxml takes for it."""

from __future__ import annotations

import re

import numpy as np
import turbohtml
from numpy.typing import NDArray
from turbohtml import Element

from bot.article.walk import Walk, walk

MAX_ELEMENTS = 1_200  #: block elements; readability’s time grows faster than the page
_START = 60  #: letters by which a block is found again
_LETTERS = re.compile(r"\w+")


def ask_readability(root: Element, walked: Walk) -> NDArray[np.bool_] | None:
    """Which of a page's blocks readability-lxml takes for the article; None where it finds none or would take long."""
    if len(walked.tag) > MAX_ELEMENTS:
        return None
    from readability import Document as Reader  # slow to import, and two pages in a hundred need it
    from readability.readability import Unparseable

    try:
        article = Reader(root.html).summary()
    except Unparseable:
        return None
    tree = turbohtml.parse(article, positions=False).root
    taken = _letters("".join(walk(tree).texts)) if tree else ""
    starts = [_letters(text)[:_START] for text in walked.texts]
    found = np.array([bool(start) and start in taken for start in starts])
    return found if found.any() else None


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))
