"""Text fragments: the part of an address that makes a browser scroll to a sentence and highlight it.

After the WICG's Scroll to Text Fragment: #:~:text=[prefix-,]start[,end][,-suffix], each part whole words,
percent-encoded, "-", "," and "&" too because the syntax uses them.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_WORD = re.compile(r"\S+")
_WHOLE = 60  # characters; a longer sentence is named by its first and last words
_MOST_WORDS = 8


def fragment(text: str, start: int, end: int) -> str:
    """Return the "#:~:text=…" that opens text[start:end] in its page; empty where none is unambiguous."""
    sentence = " ".join(text[start:end].split())
    if not sentence:
        return ""
    return "#:~:text=" + encode(sentence)


def encode(words: str) -> str:
    """Return *words* as they stand in a text directive.

    >>> encode("half-price, R&D")
    'half%2Dprice%2C%20R%26D'
    """
    return quote(words, safe="").replace("-", "%2D")
