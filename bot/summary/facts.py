"""Key facts: statements that stand alone, each with what makes it worth listing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.model import Fact, FactKind
from bot.summary.fragments import Page
from bot.summary.lexicon import Lexicon
from bot.summary.passages import Passage, Stems, balanced
from bot.summary.ranking import Ranked
from bot.summary.standing import is_unintroduced

SHORTEST, LONGEST = 30, 240  #: characters of a fact
SHORTEST_UNSPACED = 12  #: where words are not spaced
_NEAR = 30  # characters after a name, in which a word for speaking makes it the speaker's
_MOST_SHARED = 0.5  # of a fact's words with the summary or another fact
_CHARACTER_COST = 0.006  # in words of probable interest
_LONG = 170  # characters; from here on a clause at the end that only adds is left out
_CUT_BEFORE, _CUT_AFTER = "… ", " […]."
_NUMBER = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_CURRENCY = re.compile(r"[$£€¥₹]")
_NAME = re.compile(
    r"(?:(?<=[\w,;:’'\"“] )|(?<= [\"“‘'(]))(?:[^\W\d_a-zà-ÿ][\w.'’-]+ ){1,3}[^\W\d_a-zà-ÿ][\w'’-]+"
    r"|^\W?(?:[^\W\d_a-zà-ÿ][\w.'’-]+ ){2,3}[^\W\d_a-zà-ÿ][\w'’-]+"
)
_CAPITAL = re.compile(r"\b[^\W\d_a-zß-ÿ][\w'’-]+")
_QUOTED = re.compile(r"[\"“„«「]([^\"“”„«»「」]{12,})[\"”“»」]")
_SINGLE_QUOTED = re.compile(r"(?<!\w)['‘](?=[^\W\d_]).{12,}?(?<=[\w.,!?])['’](?!\w)")
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

_DENIAL = 0.7  #: what somebody is said not to do, or denies, belongs beside what they are said to do
_OWN_VOICE = 1.6  #: less for what the writer says of themselves
_SAME_PARAGRAPH = 2  # characters between two of its sentences
_SECOND_OF_KIND = 0.5  #: less for every fact of the same kind before it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    start: int
    end: int
    text: str
    kind: FactKind
    worth: float  #: of the kind, less what its length costs and what it leaves open
    words: frozenset[str]
    bare: bool  #: a denial without a figure or a full name: one on a card is enough

    def touches(self, other: _Candidate) -> bool:
        return self.start <= other.end and other.start <= self.end


Unknown = Callable[[str], bool]  # whether a statement begins with a noun that nothing tells of


def facts(
    ranked: Ranked,
    summary: Sequence[Passage],
    count: int,
    title_words: frozenset[str],
    words: Lexicon,
    stems: Stems,
    page: Page,
) -> tuple[Fact, ...]:
    """Return up to *count* facts that add to *summary*: the most newsworthy first, one of each kind before a second.

    *title_words* are stems; what they or the summary name may be spoken of as known. Where too few sentences
    stand alone, some come together with the one that they lean on.
    """
    said = [frozenset(p.words) for p in summary]
    told = title_words.union(*said)
    used = {p.index for p in summary}
    free = [p for p in ranked.passages if p.index not in used]
    chosen: list[_Candidate] = []

    def unknown(statement: str) -> bool:
        return is_unintroduced(statement, told, words, stems.of)

    def stands(one: _Candidate) -> bool:
        text = one.text.removeprefix(_CUT_BEFORE)
        return not unknown(text) and not words.dangling_inside.search(_unquoted(text.lower()))

    for tier in (_singles, _pairs):
        if len(chosen) < count:
            _choose(list(tier(free, words, unknown)), chosen, count, said, ranked.chances, stands)
    return tuple(
        Fact(
            text=fact.text,
            start=fact.start,
            end=fact.end,
            kind=fact.kind,
            fragment=page.fragment(fact.start, fact.end),
        )
        for fact in _ordered(chosen)
    )


def _choose(
    pool: Sequence[_Candidate],
    chosen: list[_Candidate],
    count: int,
    said: Sequence[frozenset[str]],
    chances: dict[str, float],
    stands: Callable[[_Candidate], bool],
) -> None:
    """Add to *chosen*, up to *count*, what says most that neither *said* nor *chosen* has, and *stands* alone."""
    heard = [*said, *(one.words for one in chosen)]
    known: frozenset[str] = frozenset().union(*heard)
    kinds = Counter(one.kind for one in chosen)
    bare = any(one.bare for one in chosen)
    pool = [
        one
        for one in pool
        if not ((bare and one.bare) or any(map(one.touches, chosen)) or _repeats(one.words, heard))
    ]
    while pool and len(chosen) < count:
        best = max(
            pool,
            key=lambda one: (_value(one, known, chances) - _SECOND_OF_KIND * kinds[one.kind], -one.start),
        )
        if not stands(best):
            pool.remove(best)
            continue
        chosen.append(best)
        kinds[best.kind] += 1
        heard.append(best.words)
        known |= best.words
        pool = [
            one
            for one in pool
            if not (one.touches(best) or (one.bare and best.bare) or _repeats(one.words, heard))
        ]


def _ordered(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The first of each kind, then the seconds; among them by kind, then as they were chosen."""
    rounds: Counter[FactKind] = Counter()
    keyed = []
    for place, fact in enumerate(chosen):
        keyed.append((rounds[fact.kind], -_PRIORITY[fact.kind], place, fact))
        rounds[fact.kind] += 1
    return [fact for *_, fact in sorted(keyed, key=lambda key: key[:3])]


def _value(candidate: _Candidate, known: frozenset[str], chances: dict[str, float]) -> float:
    return candidate.worth + sum(chances[word] for word in candidate.words - known)


def _repeats(own: frozenset[str], said: Sequence[frozenset[str]]) -> bool:
    return any(len(own & other) > _MOST_SHARED * len(own) for other in said)


def _singles(free: Sequence[Passage], words: Lexicon, _unknown: Unknown) -> Iterator[_Candidate]:
    """Each sentence that stands alone, if need be without a joint or clauses that only add."""
    for passage in free:
        if not passage.shown:
            continue
        text, cut = passage.text, 0.0
        if passage.leans and not passage.familiar:
            text, cut = without_opening(text, words), 0.6
        if len(text) > _LONG:
            text = without_ending(text, words)
        yield from _candidate(text, passage, cut, words)


def _pairs(free: Sequence[Passage], words: Lexicon, unknown: Unknown) -> Iterator[_Candidate]:
    """Each sentence that leans on the one before, or speaks of what that names, together with that one."""
    for before, passage in pairwise(free):
        if not (before.shown and passage.shown) or before.leans:
            continue
        if not (passage.leans or (unknown(passage.text) and not set(before.words).isdisjoint(passage.words))):
            continue
        # What a writer says of themselves, or asks, makes no fact by going on.
        low = f"{before.text} {passage.text}".lower()
        if "?" in low or words.first_person.search(_unquoted(low)):
            continue
        if passage.index == before.index + 1 and passage.start - before.end <= _SAME_PARAGRAPH:
            both = replace(
                before,
                end=passage.end,
                text=f"{before.text} {passage.text}",
                words=before.words + passage.words,
            )
            yield from _candidate(both.text, both, 0.0, words)


def _candidate(text: str, source: Passage, cost: float, words: Lexicon) -> Iterator[_Candidate]:
    """*text* as a fact, unless it cannot stand alone or says nothing specific."""
    kind = kind_of(text, words) if _stands_alone(text, words) else None
    if kind is not None:
        low = text.lower()
        points = len(words.open_inside.findall(low)) * 0.8
        points += _OWN_VOICE * (words.first_person.search(_unquoted(low)) is not None)
        denied = _DENIAL * denies(text, words)
        yield _Candidate(
            start=source.start,
            end=source.end,
            text=text,
            kind=kind,
            worth=_PRIORITY[kind] - _CHARACTER_COST * len(text) - cost - points + denied,
            words=frozenset(source.words),
            bare=kind is FactKind.STATEMENT and _NAME.search(text) is None,
        )


def without_opening(statement: str, words: Lexicon) -> str:
    """Return *statement* from where it leans on nothing, marked "…"; empty where there is no such place.

    A joint ("However, ") may go, and a first half without a source, a hedge or a condition.
    """
    joint = words.connective.match(statement)
    if joint:
        rest = statement[joint.end() :]
        bare = joint[0].strip()
        # "Also hat die Stadt …": without a comma the joint may hold the place of the subject.
        if bare[-1] not in ",:、，" and not words.coordinating.fullmatch(bare):
            return ""
    else:
        half = words.second_half.search(statement)
        if not half or _binds(statement[: half.start()], words):
            return ""
        rest = statement[half.end() :]
    leans = any(p.match(rest) for p in (words.leans, words.connective)) or words.speech.match(rest.lower())
    if leans or not balanced(rest) or not words.finite.search(rest):
        return ""
    return _CUT_BEFORE + rest


def without_ending(statement: str, words: Lexicon) -> str:
    """Return *statement* without a last clause that only adds, marked "[…]", or as it is."""
    for pattern in (words.added_ending, words.last_half):
        ending = pattern.search(statement, SHORTEST * 2)
        if ending and not _binds(statement[ending.start() :], words):
            kept = statement[: ending.start()] + _CUT_AFTER
            if balanced(kept):
                return kept
    return statement


def _binds(part: str, words: Lexicon) -> bool:
    """Whether leaving *part* out would drop a source, a hedge, a negation or a condition."""
    low = part.lower()
    return words.binding.search(low) is not None or words.hedges.search(low) is not None


def _stands_alone(text: str, words: Lexicon) -> bool:
    """Whether *text* is a whole statement whose speaker, if it quotes one, has a name."""
    return (
        (SHORTEST if not words.unspaced else SHORTEST_UNSPACED) <= len(text) <= LONGEST
        and text[-1] in ".!\"”“’'»。」！"
        and not any(mark in text[-3:] for mark in "?？")
        and balanced(text)
        and not words.nameless_speaker.search(text.lower())
    )


def _unquoted(statement: str) -> str:
    return _SINGLE_QUOTED.sub(" ", _QUOTED.sub(" ", statement))


def _has_named_speaker(statement: str, words: Lexicon) -> bool:
    """Whether a name stands right before or right behind a word for speaking."""
    if words.capital_nouns:
        return _NAME.search(statement) is not None and words.speech.search(statement.lower()) is not None
    if not words.speech.search(statement.lower()):
        return False
    for name in _CAPITAL.finditer(statement):
        if name[0].lower() in words.stopwords:
            continue
        after = statement[name.end() : name.end() + _NEAR].lower().lstrip(" ,")
        before = statement[: name.start()].rstrip().rpartition(" ")[2].lower()
        if words.speech.match(after) or words.speech.fullmatch(before):
            return True
    return False


def denies(statement: str, words: Lexicon) -> bool:
    """Whether somebody who is named or known says, not in the first person, that something is not so."""
    low = statement.lower()
    return (
        words.negation.search(low) is not None
        and not words.first_person.search(low)
        and (_has_named_speaker(statement, words) or _has_known_speaker(low, words))
    )


def _has_known_speaker(low: str, words: Lexicon) -> bool:
    """Whether a statement begins with a definite noun that speaks: "The port said"."""
    article = words.definite.match(low)
    return article is not None and words.speech.match(low[article.end() :].partition(" ")[2]) is not None


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
        if told and (named or quoted.start() > 0):
            return FactKind.QUOTE
        if told or quoted.start() <= 1:
            return None
        named = True
    if not named:
        # What somebody with a name denies needs no figure.
        return FactKind.STATEMENT if denies(statement, words) else None
    if words.next_step.search(low):
        return FactKind.NEXT
    if counted:
        return FactKind.NUMBER
    if words.decision.search(low):
        return FactKind.DECISION
    if specific:
        return FactKind.DATE
    return FactKind.CAUSE if words.cause.search(low) else FactKind.STATEMENT
