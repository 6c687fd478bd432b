"""Shorter sentences by deletion alone: asides and clauses that only add, their place marked "…"."""

from __future__ import annotations

import re

from bot.summary.lexicon import Lexicon

_MARK = " …"
#: ", who owns a stake in the firm," between a noun and its verb, or before the final stop. Commas set off
#: only clauses that add; those that tell which one is meant have none (English; German has them always).
_CLAUSE = re.compile(
    r"(?<=[\w’'\"”]), (?:who|which|whose|where)\b[^,;:()\"“”‘—–]{12,140}"
    r"(?:,(?= (?!and\b|or\b|but\b|nor\b|who|which|whose|where)[a-z])|(?=[.!]$))"
)
#: ", with fighting going on in the north" before the final stop.
_ENDING = re.compile(
    r"(?<=[\w’'\"”]), (?:with|after|as|while|when|before|following|during|despite|including|[a-z]{3,}ing)\b"
    r"(?! (?:well|to|and|or)\b)[^,;:()\"“”‘—–]{12,140}(?=[.!]$)"
)
_ASIDE = re.compile(r" \([^()\"“”]{15,120}\)(?=[ ,.;:])")


def shortened(sentence: str, words: Lexicon) -> str:
    """Return *sentence* without the clauses and bracketed asides that only add; each gap is marked "…".

    What holds a hedge, a source, a negation, a condition or a quotation stays.
    """

    def judged(found: re.Match[str]) -> str:
        low = found[0].lower()
        return found[0] if words.binding.search(low) or words.hedges.search(low) else _MARK

    if words.language == "en" and ", " in sentence:
        sentence = _ENDING.sub(judged, _CLAUSE.sub(judged, sentence)).replace(f"{_MARK}.", _MARK)
    return _ASIDE.sub(judged, sentence) if "(" in sentence else sentence
