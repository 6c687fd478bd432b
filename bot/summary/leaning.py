"""Whether a sentence's middle means what only another sentence says, by the grammar of languages that have it so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.summary.kinds import CAPITAL
from bot.summary.lexicon import Lexicon
from bot.summary.quotes import unquoted
from bot.summary.standing import POINTED_AT, WORD, Stemming

_SEGMENT = re.compile(r"[,;:–—]\s*")
_ATTRIBUTIVE = ("e", "en", "er", "es", "em")


def leans_inside(shown: str, words: Lexicon, stems_of: Stemming) -> bool:
    """Whether *shown* needs the sentence before for a pronoun, a noun, a speaker or a verb that it has not.

    English is measured without this; its facts are judged by bot/summary/standing.py.
    """
    if not words.leans_inside:
        return False
    bare = unquoted(shown)
    return (
        has_unbound(bare, words)
        or _points(bare, words, stems_of)
        or is_reported(bare, words)
        or lacks_verb(shown, words)
    )


def has_unbound(statement: str, words: Lexicon) -> bool:
    """Whether the first pronoun of *statement* stands in its first clause, or behind one that names nothing.

    Within its own clause a pronoun means nothing but itself ("Im Mai kaufte sie 4 Boote").
    """
    pronoun = words.unbound.search(statement)
    if not pronoun:
        return False
    before = statement[: pronoun.start()]
    ends = [found.start() for found in words.clause_end.finditer(before)]
    clause = before[: ends[-1]] if ends else ""
    if not _has_verb(clause, words):
        return not _names_later(statement, pronoun.end(), words)
    return not _names(clause, words)


def _has_verb(clause: str, words: Lexicon) -> bool:
    if words.capital_nouns:
        return not _is_nominal(clause, words)
    return words.verb.search(clause.lower()) is not None


def _names(clause: str, words: Lexicon) -> bool:
    """Whether *clause* has a noun or a name that is no day or month."""
    named = (
        name
        for name in CAPITAL.finditer(clause)
        if not words.calendar.begin(low := name[0].lower())
        and (name.start() > 1 or not (low in words.stopwords or words.particle.fullmatch(low)))
    )
    return next(named, None) is not None or words.determined.search(clause.lower()) is not None


def _names_later(statement: str, at: int, words: Lexicon) -> bool:
    """Whether a clause at the start leaves its pronoun to the next one ("Weil sie krank ist, kommt Kay Lind")."""
    return (
        words.subordinate.match(statement) is not None and words.named_next.search(statement, at) is not None
    )


def _points(statement: str, words: Lexicon, stems_of: Stemming) -> bool:
    """Whether *statement* has a "this" whose noun does not stand before it."""
    low = statement.lower()
    for found in words.pointing.finditer(low):
        before = low[: found.start()]
        noun = WORD.findall(statement, found.end())[:POINTED_AT]
        if words.capital_nouns and _is_pronoun(noun, words):
            if not words.clause_end.search(before):
                return True
            continue
        named = " ".join(noun).lower()
        if not words.period.match(named) and set(stems_of(named)).isdisjoint(stems_of(before)):
            return True
    return False


def _is_pronoun(following: Sequence[str], words: Lexicon) -> bool:
    """Whether a "this" before *following* has no noun, where every noun has a capital."""
    return (
        not any(token[0].isupper() for token in following)
        or words.particle.fullmatch(following[0]) is not None
        or not (following[0][0].isupper() or following[0].endswith(_ATTRIBUTIVE))
    )


def is_reported(statement: str, words: Lexicon) -> bool:
    """Whether *statement* tells by its mood alone that somebody else says so ("Das Boot sei alt")."""
    said = words.reported.search(statement)
    low = statement.lower()
    return (
        said is not None
        and not words.speech.search(low)
        and not words.thought.search(low)
        and not words.writer.occur_in(statement)
        and not words.subordinator.search(low, 0, said.start())
    )


def lacks_verb(statement: str, words: Lexicon) -> bool:
    """Whether *statement* has no verb outside its subordinate clauses ("Jeden Morgen ab 7 Uhr")."""
    if words.capital_nouns:
        return all(_is_nominal(part, words) for part in _main_parts(statement, words))
    low = statement.lower()
    if not words.apposition.match(statement):
        return words.verb.search(low) is None
    # "A decision that the council took": each clause that tells of the noun has a verb of its own.
    clauses = [found.start() for found in words.relative.finditer(low)]
    return sum(1 for _ in words.verb.finditer(low, min(clauses, default=0))) <= len(clauses)


def _main_parts(statement: str, words: Lexicon) -> list[str]:
    """What of *statement* stands outside clauses that end with their verb."""
    parts = [part for part in _SEGMENT.split(statement) if part]
    return [part for at, part in enumerate(parts) if not _is_subordinate(part, at == 0, words)]


def _is_subordinate(part: str, is_first: bool, words: Lexicon) -> bool:
    """Whether *part*, between two marks, is a clause that ends with its verb."""
    if not (words.subordinate if is_first else words.relative).match(part.lower()):
        return False
    tokens = WORD.findall(part)
    return (
        tokens[-1][0].islower()
        and not words.particle.fullmatch(tokens[-1])
        and not any(map(words.auxiliary.fullmatch, tokens[:-2]))
    )


def _is_nominal(part: str, words: Lexicon) -> bool:
    """Whether *part* has nouns, small words and adjectives before nouns, and nothing that may be a verb."""
    tokens = WORD.findall(part)
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        if words.auxiliary.fullmatch(token.lower()):
            return False
        if not token[0].islower() or words.particle.fullmatch(token):
            continue
        describes = token.endswith(_ATTRIBUTIVE) and words.qualifier.fullmatch(before.lower())
        if not describes or not (after[:1].isupper() or after.endswith(_ATTRIBUTIVE)):
            return False
    return True
