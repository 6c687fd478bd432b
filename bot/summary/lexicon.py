"""The words by which a language says who spoke, how sure it is and what a sentence leans on."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from bot.summary import wording
from bot.summary.wording import NEVER, Openings, Words, as_written, or_clause

DATA = Path(__file__).with_name("data")
#: Languages with a table of their own in data/.
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pt", "zh")
#: The commonest short words of a language that its neighbours here do not have.
_MARKERS = {
    "en": "the and of that was with his are have from which they this",
    "de": "der und das nicht ist mit den von sich auf dem eine auch",
    "fr": "les des et dans une qui sur pas du au est avec sont pour",
    "es": "los las una por con del el y se su como más fue pero",
    "it": "il di per della non gli che nel più è dei sono una anche",
    "pt": "que não uma os para com do da em mais foi dos ao pelo",
    "nl": "het een van dat niet zijn voor aan ook bij door naar werd",
}
_KANA, _HAN = "[\u3040-\u30ff]", "[\u3400-\u9fff]"
_QUOTE = r"[\"'“‘„«»「『(\[\s]*"
_GUESSED_FROM = 3000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language's words. Patterns look anywhere in lower-case text, unless said otherwise."""

    language: str
    unspaced: bool  #: words follow one another without spaces
    capital_nouns: bool  #: every noun has a capital, not names alone
    stopwords: frozenset[str]
    first_person: Words  #: as written: "US" is a country
    drops_pronouns: bool  #: "I" is said by the verb or not at all
    speaker: Words  #: as written: the same, but for who is spoken to
    personal: re.Pattern[str]  #: as written: a pronoun of one person
    persons: re.Pattern[str]  #: a noun for a person
    writer: Words  #: as written: one person who speaks of themselves
    leans: Openings  #: at the start, any case: a pronoun or the like whose antecedent stands earlier
    connective: Openings  #: at the start, any case, with its comma: joins the sentence to the one before
    coordinating: re.Pattern[str]  #: any case: a connective after which the order of words is as without it
    speech: re.Pattern[str]
    hedges: re.Pattern[str]
    binding: re.Pattern[str]  #: a negation, a condition or a source: what holds one is never left out
    negation: Words
    decision: Words
    cause: Words
    next_step: Words
    calendar: Words
    ordinal: re.Pattern[str]  #: at the start: a number that no list has ("3. Oktober")
    money: Words
    open_inside: re.Pattern[str]  #: anywhere: points to what another sentence says
    dangling_inside: re.Pattern[str]  #: anywhere: means what another sentence says, surely
    foreign: re.Pattern[str]  #: anywhere, as written: a pronoun that only another sentence gives a sense
    familiar: Openings  #: at the start, any case: a definite noun that is seldom the first to name its thing
    definite: re.Pattern[str]  #: at the start, any case: an article that promises a known noun
    anaphoric: re.Pattern[str]  #: in mid-sentence: a definite noun that means what was named before
    unique: frozenset[str]  #: nouns of which a story has only one ("government")
    bridges: dict[str, str]  #: nouns of which a story has one where it speaks of any of these words
    demonstratives: frozenset[str]
    period: re.Pattern[str]  #: at the start: a noun for a time that a date or a figure tells ("that year")
    noun_end: re.Pattern[str]  #: a word with which a noun of several words has ended
    preposition: re.Pattern[str]
    identifier: re.Pattern[str]  #: after a noun: begins what tells which one is meant
    second_half: re.Pattern[str]  #: as written: ", but" before a name, or an article where a clause follows
    added_ending: re.Pattern[str]  #: as written: ", which … ." at the end
    last_half: re.Pattern[str]  #: as written: ", and" before a clause about the same or another
    nameless_speaker: re.Pattern[str]  #: "…," she said
    told_nothing: re.Pattern[str]  #: at the end: a word for speaking, and nothing that is said
    seen: re.Pattern[str]  #: at the start, as written: a name and what a picture shows them do
    acting: re.Pattern[str]  #: at the start, as written: a name and what they do at the moment of a picture
    finite: re.Pattern[str]  #: a verb that makes words a clause; anything where a language has no list
    verbal: re.Pattern[str]  #: as written: anything that may be a verb; anything where a language has no list
    clausal: re.Pattern[str]  #: a finite verb, or an irregular past
    past: re.Pattern[str]  #: a verb of what is over or lasts, not of what a picture shows
    leans_inside: bool  #: what follows decides, too, whether a sentence leans
    unbound: re.Pattern[str]  #: as written, in mid-sentence: a pronoun that means nothing of its own clause
    clause_end: re.Pattern[str]  #: as written: a mark or a word between two clauses
    determined: re.Pattern[str]  #: a noun with its article, behind no preposition
    named_next: re.Pattern[str]  #: as written: a comma, and a name or a noun right behind the next verb
    pointing: re.Pattern[str]  #: "this" or the like before a noun
    reported: re.Pattern[str]  #: as written: a verb by whose form somebody else says so
    thought: re.Pattern[str]  #: a word besides those of speech that says whose view it is
    subordinator: re.Pattern[str]
    subordinate: re.Pattern[str]  #: at the start, any case: begins a clause that is no sentence
    relative: re.Pattern[str]  #: begins a clause that tells of a noun, or one behind a comma
    particle: re.Pattern[str]  #: a word that is no verb, no noun and no adjective with an ending
    verb: re.Pattern[str]  #: anything that may be a verb, where nouns have no capitals
    auxiliary: re.Pattern[str]  #: a verb even where an adjective might stand
    everyday_verbs: frozenset[str]  #: forms of the commonest verbs
    pronouns: frozenset[str]  #: of the third person
    clauses: frozenset[str]  #: words that begin a clause within a sentence
    function_words: frozenset[str]  #: all of these, and stopwords
    qualifier: re.Pattern[str]  #: a word behind which an adjective stands
    apposition: re.Pattern[str]  #: at the start, any case: a noun and a clause that tells which
    notice: Openings  #: at the start, any case: speaks of the page
    page_talk: Words  #: speaks of the page wherever it stands
    credit: re.Pattern[str]
    pictured: re.Pattern[str]


def guess(text: str) -> str:
    """Return the ISO 639-1 code of the language with a table that *text* is written in; "" when in none.

    >>> guess("Der Rat hat das Budget nicht auf Dauer mit der Bank vereinbart."), guess("Рада схвалила бюджет.")
    ('de', '')
    """
    sample = text[:_GUESSED_FROM]
    if not sample.isascii() and len(re.findall(f"{_HAN}|{_KANA}", sample)) > len(sample) / 5:
        return "ja" if re.search(_KANA, sample) else "zh"
    found = sample.lower().split()
    counts = Counter(filter(_ALL_MARKERS.__contains__, found))
    hits = {
        language: sum([counts[word] for word in own if word in counts])
        for language, own in _MARKER_SETS.items()
    }
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] > len(found) / 25 else ""


_MARKER_SETS = {language: frozenset(words.split()) for language, words in _MARKERS.items()}
_ALL_MARKERS = frozenset().union(*_MARKER_SETS.values())


@cache
def lexicon(language: str) -> Lexicon:
    """Return the table of *language*; one without words where there is none."""
    table: dict[str, Any] = {}
    if language in LANGUAGES:
        table = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))

    def words(name: str) -> list[str]:
        return str(table.get(name, "")).lower().split()

    def phrases(name: str) -> list[str]:
        return list(table.get(name, ()))

    unspaced = bool(table.get("unspaced"))
    edge = "" if unspaced else r"\b"

    def anywhere(words: Iterable[str], *, before: str = edge, after: str = edge) -> re.Pattern[str]:
        return wording.anywhere(words, before=before, after=after)

    def whole(words: Iterable[str]) -> Words:
        return Words(words, edge=edge)

    def openings(words: Iterable[str], *, before: str = "^" + _QUOTE, after: str = edge) -> Openings:
        return Openings(words, before=before, after=after)

    return Lexicon(
        language=language,
        unspaced=unspaced,
        capital_nouns=bool(table.get("capital_nouns")),
        stopwords=frozenset(words("stopwords")),
        first_person=whole(as_written(words("first_person"))),
        drops_pronouns=bool(table.get("drops_pronouns")),
        speaker=whole(
            as_written([word for word in words("first_person") if word not in words("second_person")])
        ),
        personal=anywhere(words("personal")),
        persons=anywhere(phrases("persons")),
        writer=whole(as_written(words("writer"))),
        leans=openings(words("references") + phrases("reference_phrases")),
        connective=openings(
            words("connectives") + phrases("connective_phrases"),
            after=edge + r"[,:、，]?\s*",
        ),
        coordinating=anywhere(phrases("halves"), before=r"^\W*"),
        speech=anywhere(words("speech")),
        hedges=anywhere(words("hedges")),
        binding=anywhere(words("negations") + words("conditions") + words("speech") + phrases("sources")),
        negation=whole(words("negations")),
        decision=whole(words("decisions")),
        cause=whole(phrases("causes")),
        next_step=whole(phrases("next_steps")),
        calendar=whole(words("calendar") + phrases("calendar_phrases")),
        ordinal=anywhere(words("calendar") + words("ordinals"), before=r"^\d{1,2}\. "),
        money=whole(phrases("money")),
        open_inside=anywhere(phrases("open_inside")),
        dangling_inside=anywhere(phrases("dangling_inside")),
        foreign=anywhere(phrases("foreign"), before="", after=""),
        familiar=openings(phrases("familiar")),
        definite=anywhere(phrases("articles"), before="^" + _QUOTE, after=""),
        anaphoric=anywhere(
            words("anaphoric"),
            before=rf"(?<=[\w,;:] )(?:{'|'.join(phrases('articles'))})(?:[\w-]+ )?",
            after=r"(?:['’]s)?\b",
        ),
        unique=frozenset(words("unique")),
        bridges={noun: told_by for nouns, told_by in table.get("bridges", ()) for noun in nouns.split()},
        demonstratives=frozenset(words("demonstratives")),
        period=anywhere(words("periods") + phrases("period_phrases"), before="^"),
        noun_end=anywhere([*words("noun_ends"), *words("prepositions"), *words("identifiers")]),
        preposition=anywhere(words("prepositions")),
        identifier=anywhere(words("identifiers")),
        second_half=anywhere(
            phrases("halves"), before=r", ", after=rf" (?=[A-ZÀ-Ý][\w'’-]+ {or_clause(words('finite'))})"
        ),
        last_half=anywhere(
            phrases("halves"),
            before=r", ",
            after=rf" (?=(?:[\w'’-]+ ){{1,4}}?(?:{'|'.join(words('finite'))})\b)",
        )
        if words("finite")
        else NEVER,
        added_ending=anywhere(
            phrases("added_clauses"), before=r", ", after=r"\b[^,.;:()\"“”]{12,160}(?=[.!]$)[.!]"
        ),
        nameless_speaker=anywhere(phrases("nameless_speakers"), before=r"(?:[\"”“»’',] ?)"),
        # Where words are not spaced, the verb for speaking stands behind what is said.
        told_nothing=NEVER if unspaced else anywhere(words("speech") + phrases("told"), after=r"\W*$"),
        seen=anywhere(
            [*words("seen"), *phrases("shown")],
            before=r"^\W*(?-i:[A-Z][\w’'-]* (?:No \d+ )?(?:[a-z0-9]+ ){0,2}(?:[A-Z][\w’'-]* ){0,4}"
            r"(?:of [A-Z][\w’'-]* )?"
            r"|(?:[A-Z][\w’'-]* ){0,2}[A-Z][\w’'-]*, the [\w -]{3,40}, )",
            after=r"\b(?:(?<=ed) by|.* (?:last|in|on|at|as|during|after|from|against))\b",
        ),
        acting=wording.acting(words("lasting"), phrases("moments")),
        finite=anywhere(words("finite")) if words("finite") else re.compile(""),
        verbal=anywhere(words("verbal") + words("irregular") + phrases("verbal_forms"))
        if words("verbal")
        else re.compile(""),
        clausal=anywhere(words("finite") + words("irregular")) if words("finite") else re.compile(""),
        past=anywhere(words("past")),
        leans_inside=bool(table.get("unbound")),
        unbound=anywhere(phrases("unbound"), before=r"(?<=\S |  )"),
        clause_end=anywhere(phrases("clause_ends"), before=r"[,;:–—(]|\b"),
        determined=anywhere(
            phrases("determiners"),
            before="".join(rf"(?<!\b{one} )" for one in words("prepositions")) + r"\b",
            after="",
        ),
        named_next=anywhere([*phrases("determiners"), "(?=[A-ZÀ-Ý])"], before=r", (?:[\w'’-]+ )?", after=""),
        pointing=anywhere(phrases("pointing")),
        reported=anywhere(phrases("reported")),
        thought=anywhere(phrases("thoughts")),
        subordinator=anywhere(words("subordinators")),
        subordinate=anywhere(words("subordinators"), before=r"^\W*"),
        relative=anywhere(phrases("relatives")),
        particle=anywhere(words("particles")),
        verb=anywhere(words("verbs") + phrases("verb_forms")),
        auxiliary=anywhere(words("auxiliaries")),
        everyday_verbs=frozenset(words("everyday_verbs")),
        pronouns=frozenset(words("pronouns")),
        clauses=frozenset(words("clauses")),
        function_words=frozenset(
            chain.from_iterable(map(words, ("stopwords", "everyday_verbs", "pronouns", "clauses")))
        ),
        qualifier=anywhere(words("qualifiers")),
        apposition=anywhere(phrases("appositions"), before=r"^\W*"),
        notice=openings(phrases("notices"), before=r"^\W*"),
        page_talk=whole(phrases("page_talk")),
        credit=anywhere(words("credits")),
        pictured=anywhere(words("pictured")),
    )
