"""Shorter sentences by deletion alone: asides and clauses that only add, their place marked "…"."""

from __future__ import annotations

import re

from bot.summary.lexicon import Lexicon

_MARK = " …"
#: ", who owns a stake in the firm," between a noun and its verb, or before the final stop. Commas set off
#: only clauses that add; those that tell which one is meant have none (English; German has them always).
_CLAUSE = re.compile(
    r", (?<=[\w’'\"”], )(?:who|which|whose|where)\b[^,;:()\"“”‘—–]{12,140}"
    r"(?:,(?= (?!and\b|or\b|but\b|nor\b|who|which|whose|where)[a-z])|(?=[.!]$))"
)
#: ", with fighting going on in the north" before the final stop.
_ENDING = re.compile(
    r", (?<=[\w’'\"”], )(?:with|after|as|while|when|before|following|during|despite|including|[a-z]{3,}ing)\b"
    r"(?! (?:well|to|and|or)\b)[^,;:()\"“”‘—–]{12,140}(?=[.!]$)"
)
#: A sentence that begins so has its main clause behind the first comma.
_OPENER = re.compile(
    r"(?:Even |Just |Only )?(?:In|On|At|After|Before|When|While|As|If|Since|Despite|Although|Though|For|With|By"
    r"|From|During|Among|Under|Without|Unlike|Like|Until|Because|Given|Following|Beyond|Besides|According"
    r"|[A-Z][a-z]{2,}(?:ing|ed))\b"
)
#: "in this position, with their hands entwined" is not said without what follows.
_POINTING = re.compile(r"\b(?:this|these|such an?) \w+$")
_PARTICIPLE = re.compile(r", [a-z]{3,}ing\b")
#: Behind these a participle tells what is seen: "A video shows Kay Lind, owner of the yard, jumping …".
_PERCEIVING = re.compile(
    r"\b(?:shows?|showed|showing|sees?|saw|seen|films?|filmed|hears?|heard|caught|spotted|watched|found)\b"
)
_ASIDE = re.compile(r" \([^()\"“”]{15,120}\)(?=[ ,.;:])")


def shortened(sentence: str, words: Lexicon) -> str:
    """Return *sentence* without the clauses and bracketed asides that only add; each gap is marked "…".

    What holds a hedge, a source, a negation, a condition or a quotation stays.
    """

    def is_bound(part: str) -> bool:
        return words.binding.search(part) is not None or words.hedges.search(part) is not None

    def clause(found: re.Match[str]) -> str:
        return found[0] if is_bound(found[0].lower()) or _is_needed(found) else _MARK

    def aside(found: re.Match[str]) -> str:
        return found[0] if is_bound(found[0].lower()) else _MARK

    if words.language == "en" and ", " in sentence:
        sentence = _ENDING.sub(clause, _CLAUSE.sub(clause, sentence)).replace(f"{_MARK}.", _MARK)
    return _ASIDE.sub(aside, sentence) if "(" in sentence else sentence


def _is_needed(clause: re.Match[str]) -> bool:
    """Whether a sentence would lack its verb, or what its verb or its noun speaks of, without *clause*."""
    before = clause.string[: clause.start()]
    if _OPENER.match(before) and "," not in before:
        return True
    return _POINTING.search(before) is not None or (
        _PARTICIPLE.match(clause[0]) is not None and _PERCEIVING.search(before) is not None
    )
