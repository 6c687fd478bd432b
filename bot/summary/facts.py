"""Key facts: statements that stand alone, each with what makes it worth listing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.model import Fact, FactKind
from bot.summary.fragments import Page
from bot.summary.lexicon import Lexicon
from bot.summary.passages import Passage, balanced
from bot.summary.ranking import Ranked

SHORTEST, LONGEST = 30, 240  #: characters of a fact
SHORTEST_UNSPACED = 12  #: where words are not spaced
_LONGEST_PAIR = 220
_MOST_SHARED = 0.57  # of a fact's words with the summary or another fact
_CHARACTER_COST = 0.006  # in words of probable interest
_LONG = 170  # characters; from here on a clause at the end that only adds is left out
_CUT_BEFORE, _CUT_AFTER = "… ", " […]."
_NUMBER = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_CURRENCY = re.compile(r"[$£€¥₹]")
_NAME = re.compile(
    r"(?<=[\w,;:’'\"“] )(?:[^\W\d_a-zà-ÿ][\w.'’-]+ ){1,3}[^\W\d_a-zà-ÿ][\w'’-]+"
    r"|^\W?(?:[^\W\d_a-zà-ÿ][\w.'’-]+ ){2,3}[^\W\d_a-zà-ÿ][\w'’-]+"
)
_QUOTED = re.compile(r"[\"“„«「]([^\"“”„«»「」]{12,})[\"”“»」]")
#: How newsworthy a kind is, in words of probable interest.
_PRIORITY = {
    FactKind.MONEY: 0.7,
    FactKind.NUMBER: 0.5,
    FactKind.DECISION: 0.5,
    FactKind.NEXT: 0.5,
    FactKind.DATE: 0.3,
    FactKind.CAUSE: 0.3,
    FactKind.QUOTE: 0.1,
    FactKind.STATEMENT: -0.3,
}

_UNNAMED = 1.2
_DENIAL = 0.7  #: what somebody is said not to do, or denies, belongs beside what they are said to do


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    start: int
    end: int
    text: str
    kind: FactKind
    worth: float  #: of the kind, less what its length costs and what it leaves open
    words: frozenset[str]


def facts(
    ranked: Ranked, summary: Sequence[Passage], count: int, words: Lexicon, page: Page
) -> tuple[Fact, ...]:
    """Return up to *count* facts that add to *summary*, the most newsworthy first."""
    said = [frozenset(p.words) for p in summary]
    known = frozenset().union(*said)
    free = [p for p in ranked.passages if p not in summary]
    pool = [
        candidate
        for candidate in (*_singles(free, known, words), *_pairs(free, known, words))
        if not _repeats(candidate.words, said)
    ]
    chosen: list[tuple[float, _Candidate]] = []
    while pool and len(chosen) < count:
        value, best = max(
            ((_value(candidate, known, ranked.chances), candidate) for candidate in pool),
            key=lambda pair: (pair[0], -pair[1].start),
        )
        chosen.append((value, best))
        said.append(best.words)
        known |= best.words
        pool = [
            one
            for one in pool
            if not (best.start <= one.end and one.start <= best.end) and not _repeats(one.words, said)
        ]
    chosen.sort(key=lambda pair: -pair[0] - 2 * _PRIORITY[pair[1].kind])
    return tuple(
        Fact(
            text=fact.text,
            start=fact.start,
            end=fact.end,
            kind=fact.kind,
            fragment=page.fragment(fact.start, fact.end),
        )
        for _, fact in chosen
    )


def _value(candidate: _Candidate, known: frozenset[str], chances: dict[str, float]) -> float:
    return candidate.worth + sum(chances[word] for word in candidate.words - known)


def _repeats(own: frozenset[str], said: Sequence[frozenset[str]]) -> bool:
    return any(len(own & other) > _MOST_SHARED * len(own) for other in said)


def _singles(free: Sequence[Passage], known: frozenset[str], words: Lexicon) -> Iterator[_Candidate]:
    """Each sentence that stands alone, if need be without a joint or a clause that only adds."""
    for passage in free:
        if not passage.shown:
            continue
        text, cut = passage.text, 0.0
        if passage.leans:
            text, cut = without_opening(text, words), 0.6
        if len(text) > _LONG:
            text = without_ending(text, words)
        yield from _candidate(text, (passage,), cut + _unnamed(passage, known, words), words)


def _pairs(free: Sequence[Passage], known: frozenset[str], words: Lexicon) -> Iterator[_Candidate]:
    """Each sentence that leans on the one before, with that one."""
    for before, passage in pairwise(free):
        follows = passage.index == before.index + 1 and before.shown and passage.shown
        if (
            not follows
            or before.leans
            or not passage.leans
            or len(before.text) + len(passage.text) > _LONGEST_PAIR
        ):
            continue
        if _stands_alone(before.text, words):
            both = f"{before.text}{'' if words.unspaced else ' '}{passage.text}"
            yield from _candidate(both, (before, passage), 0.5 + _unnamed(before, known, words), words)


def _unnamed(passage: Passage, known: frozenset[str], words: Lexicon) -> float:
    """What it costs that a passage begins with a bare noun the summary has not named."""
    found = words.bare_noun.match(passage.text.lower())
    return _UNNAMED if found and passage.words and passage.words[0] not in known else 0.0


def _candidate(text: str, source: tuple[Passage, ...], cost: float, words: Lexicon) -> Iterator[_Candidate]:
    """*text* as a fact, unless it cannot stand alone or says nothing specific."""
    kind = kind_of(text, words) if _stands_alone(text, words) else None
    if kind is not None:
        low = text.lower()
        points = len(words.open_inside.findall(low)) * 0.8
        points += words.first_person.search(_QUOTED.sub(" ", low)) is not None
        denial = words.speech.search(low) is not None and words.negation.search(low) is not None
        yield _Candidate(
            start=source[0].start,
            end=source[-1].end,
            text=text,
            kind=kind,
            worth=_PRIORITY[kind] - _CHARACTER_COST * len(text) - cost - points + _DENIAL * denial,
            words=frozenset(word for passage in source for word in passage.words),
        )


def without_opening(statement: str, words: Lexicon) -> str:
    """Return *statement* from where it leans on nothing, marked "…"; empty where there is no such place.

    A joint ("However, ") may go, and a first half without a source, a hedge or a condition.
    """
    joint = words.connective.match(statement)
    if joint:
        rest = statement[joint.end() :]
    else:
        half = words.second_half.search(statement)
        if not half or _binds(statement[: half.start()], words):
            return ""
        rest = statement[half.end() :]
    leans = any(p.match(rest) for p in (words.leans, words.connective)) or words.speech.match(rest.lower())
    return "" if leans or not balanced(rest) else _CUT_BEFORE + rest


def without_ending(statement: str, words: Lexicon) -> str:
    """Return *statement* without a last clause that only adds, marked "[…]", or as it is."""
    ending = words.added_ending.search(statement, SHORTEST * 2)
    if not ending or _binds(ending[0], words):
        return statement
    kept = statement[: ending.start()] + _CUT_AFTER
    return kept if balanced(kept) else statement


def _binds(part: str, words: Lexicon) -> bool:
    """Whether leaving *part* out would drop a source, a hedge, a negation or a condition."""
    low = part.lower()
    return words.binding.search(low) is not None or words.hedges.search(low) is not None


def _stands_alone(text: str, words: Lexicon) -> bool:
    """Whether *text* is a whole statement whose speaker, if it quotes one, has a name."""
    return (
        (SHORTEST if not words.unspaced else SHORTEST_UNSPACED) <= len(text) <= LONGEST
        and text[-1] in ".!\"”“’'»。」！"
        and balanced(text)
        and not words.nameless_speaker.search(text.lower())
    )


def kind_of(statement: str, words: Lexicon) -> FactKind | None:
    """What makes *statement* worth listing; None when nothing specific is in it."""
    rest = statement[1:]
    low = rest.lower()
    figures = _FIGURE.findall(rest)
    counted = [figure for figure in figures if not _YEAR.match(figure)]
    if figures and (_CURRENCY.search(rest) or words.money.search(low)):
        return FactKind.MONEY
    specific = bool(figures) or words.calendar.search(low) is not None
    named = specific or _NAME.search(statement) is not None
    quoted = _QUOTED.search(statement)
    if quoted:
        # A quotation that opens the sentence hides who speaks: the rest has to say it.
        told = words.speech.search(_QUOTED.sub(" ", low)) is not None
        return FactKind.QUOTE if told and (named or quoted.start() > 0) else None
    if not named:
        return None
    if words.next_step.search(low):
        return FactKind.NEXT
    if counted:
        return FactKind.NUMBER
    if words.decision.search(low):
        return FactKind.DECISION
    if specific:
        return FactKind.DATE
    return FactKind.CAUSE if words.cause.search(low) else FactKind.STATEMENT
