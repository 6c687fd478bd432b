"""Key facts: statements that stand alone, each with what makes it worth listing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model import Fact, FactKind
from bot.summary.fragments import fragment
from bot.summary.lexicon import Lexicon
from bot.summary.passages import Passage, balanced
from bot.summary.ranking import Ranked

SHORTEST, LONGEST = 30, 240  #: characters of a fact
_MOST_SHARED = 0.5  # of a fact's words with the summary or another fact
_NUMBER = re.compile(r"\d")
_CURRENCY = re.compile(r"[$£€¥₹]")
_NAME = re.compile(r"(?<=[\w,;’'] )(?:[^\W\d_a-zà-ÿ][\w.'’-]+ ){1,3}[^\W\d_a-zà-ÿ][\w'’-]+")
_QUOTED = re.compile(r"[\"“„«「]([^\"“”„«»「」]{12,})[\"”“»」]")
_PRIORITY = {
    FactKind.DECISION: 0.25,
    FactKind.MONEY: 0.45,
    FactKind.NUMBER: 0.35,
    FactKind.NEXT: 0.3,
    FactKind.DATE: 0.2,
    FactKind.CAUSE: 0.2,
    FactKind.QUOTE: 0.1,
    FactKind.STATEMENT: -0.2,
}


def facts(
    text: str,
    ranked: Ranked,
    summary: Sequence[Passage],
    count: int,
    words: Lexicon,
) -> tuple[Fact, ...]:
    """Return up to *count* facts that add to *summary*, the most newsworthy first."""
    taken = [set(p.words) for p in summary]
    pool = [
        (ranked.scores[p.index] * 10 + _PRIORITY[kind] - 0.004 * max(0, len(p.text) - 140), p, kind)
        for p in ranked.passages
        if p not in summary and _stands_alone(p) and (kind := kind_of(p.text, words)) is not None
    ]
    chosen: list[Fact] = []
    for _, passage, kind in sorted(pool, key=lambda item: -item[0]):
        own = set(passage.words)
        if any(len(own & other) >= _MOST_SHARED * len(own) for other in taken):
            continue
        taken.append(own)
        chosen.append(
            Fact(
                text=passage.text,
                start=passage.start,
                end=passage.end,
                kind=kind,
                fragment=fragment(text, passage.start, passage.end),
            )
        )
        if len(chosen) == count:
            break
    return tuple(chosen)


def _stands_alone(passage: Passage) -> bool:
    shown = passage.text
    return (
        passage.shown
        and not passage.leans
        and SHORTEST <= len(shown) <= LONGEST
        and shown[-1] in ".!\"”“’'»。」"
        and balanced(shown)
    )


def kind_of(statement: str, words: Lexicon) -> FactKind | None:
    """What makes *statement* worth listing; None when nothing specific is in it."""
    rest = statement[1:]
    number = _NUMBER.search(rest)
    money = _CURRENCY.search(rest) or words.money.search(rest)
    if money and number:
        return FactKind.MONEY
    if _QUOTED.search(statement):
        return FactKind.QUOTE if words.speech.search(statement) else None
    if number:
        return FactKind.NUMBER
    if words.calendar.search(rest):
        return FactKind.DATE
    if not _NAME.search(rest):
        return None
    if words.decision.search(rest):
        return FactKind.DECISION
    if words.next_step.search(rest):
        return FactKind.NEXT
    if words.cause.search(rest):
        return FactKind.CAUSE
    return FactKind.STATEMENT
