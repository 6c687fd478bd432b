"""Whether a definite noun of a statement says, by itself or by what is shown, what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set

from bot.summary.lexicon import Lexicon

POINTED_AT = 3  # words behind "these", among which the noun is
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[,:;(–—]")
_LOOKED_AT = 90  # characters after the article
_LONGEST = 3  # words of a noun with what stands before it, where nothing ends it sooner
_AHEAD = 3  # words after a preposition, among which a name tells which one is meant
_SHORTEST_PART = 3  # letters that a compound shares with a noun it is made of
_SHORTEST_KIN = 5  # letters that "suspension" shares with "suspended"
_LONGEST_ENDING = 3  # letters of a stem that may be another's there
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")

Stemming = Callable[[str], Sequence[str]]


def is_unintroduced(statement: str, known: Set[str], words: Lexicon, stems_of: Stemming) -> bool:
    """Whether *statement* begins with a definite noun that nothing tells the reader of ("The tool was …").

    Told of is a noun whose stem, or a kindred one, is *known* (from the title and the summary), one of which a story
    has only one ("The government") or has one where it speaks of what is known ("The referee" of a match), one with
    a name, and one that goes on with what tells which it is ("of", "who").
    """
    article = words.definite.match(statement)
    if not article:
        return False
    tokens = _TOKEN.findall(statement, article.end(), article.end() + _LOOKED_AT)
    noun, rest = _capital_noun(tokens) if words.capital_nouns else _noun(tokens, words)
    if not noun or _is_told(rest, words):
        return False
    return not any(word.lower() in words.unique for word in noun) and not _is_known(
        noun, known, words, stems_of
    )


def points_back(statement: str, known: Set[str], words: Lexicon, stems_of: Stemming) -> bool:
    """Whether a definite noun in mid-sentence means somebody or something named before ("told the man that")."""
    low = statement.lower()
    return any(
        is_unintroduced(
            statement[found.start() :], known | set(stems_of(statement[: found.start()])), words, stems_of
        )
        for found in words.anaphoric.finditer(low if len(low) == len(statement) else statement)
    )


def speaks_of_elsewhere(statement: str, words: Lexicon, stems_of: Stemming) -> bool:
    """Whether *statement* means what another sentence says ("Undeterred, he …", "these letters")."""
    return words.foreign.search(statement) is not None or points_elsewhere(statement.lower(), words, stems_of)


def points_elsewhere(low: str, words: Lexicon, stems_of: Stemming) -> bool:
    """Whether a statement in small letters points at what only another sentence names ("these letters")."""
    return any(
        not _is_said_before(low, found, words, stems_of) for found in words.dangling_inside.finditer(low)
    )


def _is_said_before(low: str, found: re.Match[str], words: Lexicon, stems_of: Stemming) -> bool:
    """Whether the noun that a match points back to stands before it in the same sentence."""
    if found[0].partition(" ")[0] not in words.demonstratives:
        return False
    before = low[: found.start()]
    at = found.start() + found[0].rfind(" ") + 1
    noun = " ".join(WORD.findall(low, at)[:POINTED_AT])
    if words.period.match(noun):
        return words.calendar.occur_in(before) or _YEAR.search(before) is not None
    return not set(stems_of(noun)).isdisjoint(stems_of(before))


def _noun(tokens: Sequence[str], words: Lexicon) -> tuple[Sequence[str], Sequence[str]]:
    """(the noun with what stands before it, what follows); no noun where a name is among its words."""
    for at, token in enumerate(tokens[: _LONGEST + 1]):
        if token[0].isupper():
            return (), ()
        if at == _LONGEST or not token[0].isalnum() or (at and words.noun_end.fullmatch(token)):
            return tokens[:at], tokens[at:]
    return tokens, ()


def _capital_noun(tokens: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """As _noun, where the first word with a capital is the noun."""
    for at, token in enumerate(tokens[: _LONGEST + 1]):
        if token[0].isupper():
            return tokens[at : at + 1], tokens[at + 1 :]
    return (), ()


def _is_told(rest: Sequence[str], words: Lexicon) -> bool:
    """Whether what follows a noun tells which one is meant."""
    if not rest:
        return False
    if words.identifier.fullmatch(rest[0]):
        return True
    if words.capital_nouns:
        return rest[0][0].isupper()
    if rest[0] == "," and not (rest[1:2] and words.preposition.fullmatch(rest[1])):
        return _holds_name(rest[1:2])
    rest = rest[1:] if rest[0] == "," else rest
    return words.preposition.fullmatch(rest[0]) is not None and _holds_name(rest[1 : _AHEAD + 1])


def _holds_name(tokens: Iterable[str]) -> bool:
    return any(token[0].isupper() or token[0].isdigit() for token in tokens)


def _is_known(noun: Sequence[str], known: Set[str], words: Lexicon, stems_of: Stemming) -> bool:
    stems = stems_of(" ".join(noun))
    if words.capital_nouns and any(_is_compound(stem, known) for stem in stems):
        return True
    if any(stem in known or _is_kin(stem, known) for stem in stems):
        return True
    return any(
        not known.isdisjoint(stems_of(words.bridges[word]))
        for word in map(str.lower, noun)
        if word in words.bridges
    )


def _is_kin(stem: str, known: Set[str]) -> bool:
    """Whether a noun ("suspens") is made of a known word ("suspend"), or the reverse."""
    if len(stem) < _SHORTEST_KIN:
        return False
    shared = stem[: max(_SHORTEST_KIN, len(stem) - _LONGEST_ENDING)]
    return any(one.startswith(shared) for one in known)


def _is_compound(stem: str, known: Set[str]) -> bool:
    """Whether a noun ("nachtzug") ends as a known one does ("zug"), or the reverse."""
    return any(
        min(len(one), len(stem)) >= _SHORTEST_PART and (stem.endswith(one) or one.endswith(stem))
        for one in known
    )
