"""A page's article: its blocks chosen, cleaned and named by kind."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.article.blocks import is_heading, name_blocks, text_of
from bot.article.boilerplate import barred
from bot.article.document import Document
from bot.article.lines import (
    is_head_line,
    is_junk,
    is_notice,
    is_pointer,
    is_telling,
    opens_author_box,
    opens_comment_form,
)
from bot.article.opinion import ask_readability
from bot.article.scorer import Model, best_expected_f1, chances_of, expected_f1, weights
from bot.article.walk import TAG_ID, Walk
from bot.article.wording import fold
from bot.model import Block

UNSURE = 0.5  #: expected F1 below which a second opinion is asked
_LITTLE = 60  #: words of article expected; of fewer there are no two opinions to have
_TRUSTED = 0.75  #: the second opinion wins unless the model finds it much worse than its own choice
_TAIL = 0.4  #: an author box is not cut together with more than this share of the text
_REPEATABLE = 30  #: characters; shorter lines may stand twice
_PROSE = 70  #: characters
_INSETS = frozenset((TAG_ID["table"], TAG_ID["pre"]))
_LISTS = frozenset((TAG_ID["ul"], TAG_ID["ol"]))


class Body(NamedTuple):
    """The article of a page."""

    blocks: tuple[Block, ...] = ()
    text: str = ""  #: the blocks joined by newlines, without deks and captions
    notices: tuple[str, ...] = ()
    expected_f1: float = 0.0
    linked: float = 0.0  #: share of the text that is links
    start: int = 0  #: the first text block chosen, and
    end: int = 0  #: the one after the last


def read_body(document: Document, walk: Walk, title: str, *, model: Model | None = None) -> Body:
    """Choose the article's blocks; *title* is its headline, as far as it is known."""
    if not walk.texts:
        return Body()
    description = _first(document, "og:description", "description", "twitter:description")
    size = weights(walk)
    chances = chances_of(walk, title, description, model)
    chances[barred(walk, chances * size)] = 0
    keep, expected = best_expected_f1(chances, size)
    if expected < UNSURE and float(chances @ size) > _LITTLE:
        other = ask_readability(document.root, walk)
        likely = 0.0 if other is None else expected_f1(other, chances, size)
        if other is not None and likely > _TRUSTED * expected:
            keep, expected = other, likely
    chosen = [int(i) for i in np.flatnonzero(_with_items(walk, _with_tables(walk, keep)))]
    kept, notices = _Cleaner(walk, title, chosen).run()
    blocks = name_blocks(walk, kept, title, description)
    text = text_of(blocks)
    links = sum(walk.linked[i] for i in kept)
    return Body(
        blocks=blocks,
        text=text,
        notices=notices,
        expected_f1=expected,
        linked=min(links / max(len(text), 1), 1.0),
        start=kept[0] if kept else 0,
        end=kept[-1] + 1 if kept else len(walk.texts),
    )


def _first(document: Document, *names: str) -> str:
    return next((document.meta[name][0] for name in names if name in document.meta), "")


def _with_tables(walk: Walk, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """*keep* with the tables and listings that stand between paragraphs of the article.

    Cell by cell they look like menus; their place says what they are.
    """
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for i in np.flatnonzero(keep).tolist():
        if len(walk.texts[i]) > _PROSE:
            container = walk.parent[walk.owner[i]]
            first.setdefault(container, i)
            last[container] = i
    found = keep.copy()
    for e, tag in enumerate(walk.tag):
        if tag not in _INSETS or walk.first[e] == walk.last[e]:
            continue
        start, end = walk.first[e], walk.last[e]
        for container in (walk.parent[e], walk.parent[walk.parent[e]]):
            if container in first and first[container] < start and last[container] >= end:
                if sum(walk.linked[start:end]) < 0.3 * sum(map(len, walk.texts[start:end])):
                    found[start:end] = True
                break
    return found


def _with_items(walk: Walk, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """*keep* with the items between others of a list that is kept for the most part, unless they are links."""
    found = keep.copy()
    before = list(accumulate(keep.tolist(), initial=0))  # how many are kept of the blocks before each
    for e, tag in enumerate(walk.tag):
        if tag not in _LISTS:
            continue
        start, end = walk.first[e], walk.last[e]
        if not end - start < 2 * (before[end] - before[start]) < 2 * (end - start):
            continue
        kept = np.flatnonzero(keep[start:end]) + start
        between = slice(int(kept[0]), int(kept[-1]) + 1)
        if sum(walk.linked[between]) < 0.3 * sum(map(len, walk.texts[between])):
            found[between] = True
    return found


class _Cleaner:
    """Takes the lines that are no article out of the chosen blocks."""

    def __init__(self, walk: Walk, title: str, chosen: list[int]) -> None:
        self.walk, self.chosen = walk, chosen
        self.title = fold(title)
        prose = [i for i in chosen if len(walk.texts[i]) > _PROSE and not is_heading(walk, i)]
        self.first = prose[0] if prose else len(walk.texts)
        self.last = prose[-1] if prose else -1
        self.words = sum(len(walk.texts[i]) for i in chosen)
        self.telling = {i for i in chosen if is_telling(walk.texts[i])}

    def run(self) -> tuple[list[int], tuple[str, ...]]:
        """The blocks that stay, and the notices taken out."""
        kept: list[int] = []
        notices: list[str] = []
        seen: set[str] = set()
        for i in self._before_the_tail():
            text = self.walk.texts[i]
            if len(text) > _REPEATABLE and text in seen:
                continue
            seen.add(text)
            if i in self.telling and is_notice(text):
                notices.append(text)
            elif not self._is_dropped(i, text):
                kept.append(i)
        return kept, tuple(notices)

    def _before_the_tail(self) -> list[int]:
        """The chosen blocks up to the comment form or the box about the author."""
        before = 0
        for at, i in enumerate(self.chosen):
            text = self.walk.texts[i]
            rest = self.words - before
            if i in self.telling:
                if opens_comment_form(text) and rest < before:
                    return self.chosen[:at]
                if opens_author_box(text) and rest < _TAIL * self.words:
                    return self.chosen[:at]
            before += len(text)
        return self.chosen

    def _is_dropped(self, i: int, text: str) -> bool:
        if i in self.telling and (is_junk(text) or is_pointer(text, self.walk.linked[i] / len(text))):
            return True
        if i < self.first:
            return is_head_line(text) or self._is_title(text)
        return i > self.last and is_head_line(text)

    def _is_title(self, text: str) -> bool:
        folded = fold(text)
        if not folded or not self.title:
            return False
        return folded == self.title or (
            len(folded) > 12
            and (folded in self.title or self.title in folded)
            and len(folded) < 1.5 * len(self.title)
        )
