"""Text fragments: the part of an address that makes a browser scroll to a sentence and highlight it.

After the WICG's Scroll to Text Fragment: #:~:text=[prefix-,]start[,end][,-suffix]. Each part is whole words,
matched without regard to case, and percent-encoded, "-", "," and "&" too, which the syntax uses. A browser
takes the first match of start (after prefix), then the first match of end behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from bot.summary.scripts import UNSPACED

_WORD = re.compile(r"\S+")
#: Scripts without spaces are cut at punctuation only: a browser wants whole words, and finds them by dictionary.
_CLAUSE = re.compile(r"[^\s、，。！？；：]+[、，。！？；：]*[」』”）]?")
_SPACES = "\n\r\t\u00a0\u202f\u2009\u2028\u2029"
_FEWEST = 4  # words of the start: fewer may be anywhere in what surrounds an article
_WHOLE = 50  # characters; a sentence up to this long is named whole
_CONTEXT = 8  # words before a sentence that the page has twice


class Page:
    """The text of a page, asked for one fragment after another."""

    def __init__(self, text: str, *, heading: str = "") -> None:
        before = f"{heading}\n" if heading else ""
        self._text = text
        self._shift = len(before)
        whole = before + text
        for space in _SPACES:
            whole = whole.replace(space, " ")
        folded = whole.lower()
        self._folded = folded if len(folded) == len(whole) else whole

    def fragment(self, start: int, end: int) -> str:
        """Return the "#:~:text=…" that opens text[start:end]; empty where none is unambiguous.

        >>> Page("One fish. Two fish. Red fish.").fragment(10, 19)
        '#:~:text=Two%20fish.'
        """
        words = _words(self._text, start, end)
        if not words:
            return ""
        for prefix in self._prefixes(start):
            for first, last in _ends(words, start, end):
                if self._finds(prefix, (start, first), (last, end)):
                    return self._directive(prefix, (start, first), (last, end))
        return ""

    def _prefixes(self, start: int) -> Iterator[int]:
        """Where the context begins: nowhere, then one word further back each time."""
        yield start
        before = _words(self._text, max(0, start - 200), start)
        for begin, _ in before[::-1][:_CONTEXT]:
            yield begin

    def _finds(self, prefix: int, first: tuple[int, int], last: tuple[int, int]) -> bool:
        """Whether a browser that looks for these parts finds the sentence first."""
        at = self._shift
        start = self._folded[prefix + at : first[1] + at]
        if self._folded.find(start) != prefix + at:
            return False
        if last[0] <= first[0]:
            return True
        ending = self._folded[last[0] + at : last[1] + at]
        return self._folded.find(ending, first[1] + at) == last[0] + at

    def _directive(self, prefix: int, first: tuple[int, int], last: tuple[int, int]) -> str:
        parts = [f"{self._encoded(prefix, first[0])}-"] if prefix < first[0] else []
        parts.append(self._encoded(*first))
        if last[0] > first[0]:
            parts.append(self._encoded(*last))
        return "#:~:text=" + ",".join(parts)

    def _encoded(self, start: int, end: int) -> str:
        return encode(" ".join(self._text[start:end].split()))


def encode(words: str) -> str:
    """Return *words* as they stand in a text directive.

    >>> encode("half-price, R&D")
    'half%2Dprice%2C%20R%26D'
    """
    return quote(words, safe="", errors="replace").replace("-", "%2D")


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pattern = _CLAUSE if UNSPACED.search(text, start, end) else _WORD
    return [found.span() for found in pattern.finditer(text, start, end)]


def _ends(words: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """(end of the start part, start of the end part): shortest first, the whole sentence last."""
    if end - start > _WHOLE:
        for count in range(_FEWEST, len(words) // 2 + 1):
            yield words[count - 1][1], words[-max(2, count - 1)][0]
    if end - start <= 300:
        yield end, start
