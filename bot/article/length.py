"""How long a text is, in words and minutes."""

from __future__ import annotations

import re
from itertools import filterfalse

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_WORDS_A_MINUTE = 230


def minutes_for(words: int) -> int:
    """The minutes that reading *words* takes, rounded up."""
    return -(-words // _WORDS_A_MINUTE)


def count_words(text: str) -> int:
    """Count the words of a text; in scripts without spaces two characters are one.

    >>> count_words("It’s a 3.5-hour walk"), count_words("東京は晴れ")
    (4, 3)
    """
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    found = spaced.split()
    marked = [word for word in filterfalse(str.isalnum, found) if not word[0].isalnum()]
    return -(-unspaced // 2) + len(found) - sum(not any(map(str.isalnum, word)) for word in marked)
