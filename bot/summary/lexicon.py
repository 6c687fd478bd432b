"""The words by which a language says who spoke, how sure it is and what a sentence leans on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: Languages with a table of their own in data/.
LANGUAGES = ("en",)
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language's words; the patterns look anywhere unless their name says otherwise."""

    language: str
    capital_nouns: bool  #: every noun has a capital, not names alone
    stopwords: frozenset[str]
    first_person: re.Pattern[str]
    leans: re.Pattern[str]  #: at the start: a pronoun or the like whose antecedent stands earlier
    connective: re.Pattern[str]  #: at the start, with its comma: joins the sentence to the one before
    speech: re.Pattern[str]
    speech_words: frozenset[str]
    hedges: re.Pattern[str]
    binding: re.Pattern[str]  #: a negation, a condition or a source: what holds one is never left out
    decision: re.Pattern[str]
    cause: re.Pattern[str]
    next_step: re.Pattern[str]
    calendar: re.Pattern[str]
    money: re.Pattern[str]
    quantity: re.Pattern[str]
    open_inside: re.Pattern[str]  #: anywhere: points to what another sentence says
    second_half: re.Pattern[str]  #: ", but" before a name
    added_ending: re.Pattern[str]  #: ", which … ." at the end
    nameless_speaker: re.Pattern[str]  #: "…," she said
    notice: re.Pattern[str]  #: at the start: speaks of the page
    credit: re.Pattern[str]
    pictured: re.Pattern[str]


@cache
def lexicon(language: str) -> Lexicon:
    """Return the table of *language*; one without words where there is none."""
    table: dict[str, Any] = {}
    if language in LANGUAGES:
        table = tomllib.loads((files("bot.summary") / "data" / f"{language}.toml").read_text("utf-8"))

    def words(name: str) -> list[str]:
        return str(table.get(name, "")).split()

    def phrases(name: str) -> list[str]:
        return list(table.get(name, ()))

    quote = r"[\"'“‘„«»(\[\s]*"
    return Lexicon(
        language=language,
        capital_nouns=bool(table.get("capital_nouns")),
        stopwords=frozenset(words("stopwords")),
        first_person=_any(words("first_person")),
        leans=_any(words("references") + phrases("reference_phrases"), before="^" + quote),
        connective=_any(
            words("connectives") + phrases("connective_phrases"), before="^" + quote, after=r"\b[,:]?\s*"
        ),
        speech=_any(words("speech")),
        speech_words=frozenset(words("speech")),
        hedges=_any(words("hedges")),
        binding=_any(words("negations") + words("conditions") + words("speech") + phrases("sources")),
        decision=_any(words("decisions")),
        cause=_any(phrases("causes")),
        next_step=_any(phrases("next_steps")),
        calendar=_any(words("calendar")),
        money=_any(phrases("money")),
        quantity=_any(words("quantities")),
        open_inside=_any(phrases("open_inside")),
        second_half=_any(phrases("halves"), before=r", ", after=r" (?=[A-ZÀ-Ý][\w'’-]+ )"),
        added_ending=_any(
            phrases("added_clauses"), before=r", ", after=r"\b[^.;:()\"“”]{12,160}(?=[.!]$)[.!]"
        ),
        nameless_speaker=_any(phrases("nameless_speakers"), before=r"(?:[\"”“»’',] ?)"),
        notice=_any(phrases("notices"), before=r"^\W*"),
        credit=_any(words("credits")),
        pictured=_any(words("pictured")),
    )


def _any(words: Iterable[str], *, before: str = r"\b", after: str = r"\b") -> re.Pattern[str]:
    parts = sorted(words, key=len, reverse=True)
    return re.compile(f"{before}(?:{'|'.join(parts)}){after}", re.IGNORECASE) if parts else _NEVER
