"""Key facts: statements that stand alone, each with what makes it worth listing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from bot.model import Fact, FactKind
from bot.summary.clarity import CLEAR, HOPELESS, UNCLEAR, Setting, Shown
from bot.summary.cutting import CUT_BEFORE, without_ending, without_label, without_opening
from bot.summary.fragments import Page
from bot.summary.kinds import CAPITAL, denies, has_name, kind_of, surnames
from bot.summary.leaning import leans_inside
from bot.summary.lexicon import Lexicon
from bot.summary.passages import Passage, Stems
from bot.summary.quotes import unquoted
from bot.summary.ranking import Ranked
from bot.summary.standing import is_unintroduced, points_back, speaks_of_elsewhere

SHORTEST, LONGEST = 30, 240  #: characters of a fact
SHORTEST_UNSPACED = 12  #: where words are not spaced
_MOST_SHARED = 0.5  # of a fact's words with a sentence of the summary or another fact
_MOST_HEARD = 0.8  # of a fact's words in all that is said before it
_MOST_CAPTIONED = 0.6  # the same of a caption's: most tell again what their story tells
_MOST_TOLD = 0.7  # of the words of a sentence of the summary, or of another fact, in this one
_MUCH_SHARED = 7  # words in common, of which half of the shorter one's tell the same
_SHORT_SAID = 5  # words; of fewer, not all may come again
_FEWEST_SAID = 3  # words that tell something
_QUOTES = "\"“„«'‘"
_CHARACTER_COST = 0.008  # in words of probable interest
_CUT = 0.6  # for a gap at the start
_LONG = 170  # characters; from here on a clause at the end that only adds is left out
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

_DOUBT_COST = 3.0  #: of a fact that fails by itself for certain
_FEW = 3  #: facts, up to which doubtful ones are better than none
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
    doubt: float
    words: frozenset[str]
    bare: bool  #: a denial without a figure or a full name: one on a card is enough
    captioned: bool  #: below a picture
    opening: str  #: of two sentences the first, which may tell what the second speaks of; else empty
    opening_words: frozenset[str]

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
    said = [p.bag for p in summary]
    shown = title_words.union(*said)
    used = {p.index for p in summary}
    free = [p for p in ranked.passages if p.index not in used]
    chosen: list[_Candidate] = []

    def unknown(statement: str) -> bool:
        return is_unintroduced(statement, shown, words, stems.of)

    #: Who "I" is in a fact, the summary shows where it has one too.
    has_writer = any(words.writer.occur_in(unquoted(p.text)) for p in summary)

    def stands(one: _Candidate, known: frozenset[str]) -> bool:
        text = one.text.removeprefix(CUT_BEFORE)
        bare = unquoted(text)
        is_clear = one.doubt < CLEAR
        return not (
            (not is_clear and is_unintroduced(text, known, words, stems.of))
            or (not is_clear and points_back(bare, known, words, stems.of))
            or speaks_of_elsewhere(unquoted(one.opening) if one.opening else bare, words, stems.of)
            or (not has_writer and words.writer.occur_in(bare))
        )

    last: list[_Candidate] = []
    doubtful: list[_Candidate] = []
    for tier in (_singles(free, words, stems), _pairs(free, unknown, words)):
        if len(chosen) < count:
            found = list(_candidates(tier, ranked.setting))
            doubtful += [one for one in found if one.doubt > UNCLEAR]
            clear = [one for one in found if one.doubt <= UNCLEAR]
            last += _choose(clear, chosen, count, said, ranked.chances, partial(stands, known=shown))
    first = len(chosen)
    told = shown.union(*(one.words for one in chosen))
    _choose(last, chosen, count, said, ranked.chances, partial(stands, known=told))
    if len(chosen) < _FEW:
        _choose(doubtful, chosen, min(count, _FEW), said, ranked.chances, partial(stands, known=shown))
    return tuple(
        Fact(
            text=fact.text,
            start=fact.start,
            end=fact.end,
            kind=fact.kind,
            fragment=page.fragment(fact.start, fact.end),
        )
        for fact in _introduced([*_ordered(chosen[:first]), *_ordered(chosen[first:])])
    )


def _choose(
    pool: Sequence[_Candidate],
    chosen: list[_Candidate],
    count: int,
    said: Sequence[frozenset[str]],
    chances: dict[str, float],
    stands: Callable[[_Candidate], bool],
) -> list[_Candidate]:
    """Add to *chosen*, up to *count*, what says most that neither *said* nor *chosen* has, and *stands* alone.

    Return what does not stand.
    """
    heard = [*said, *(one.words for one in chosen)]
    known: frozenset[str] = frozenset().union(*heard)
    kinds = Counter(one.kind for one in chosen)
    bare = any(one.bare for one in chosen)
    pool = [
        one
        for one in pool
        if not ((bare and one.bare) or any(map(one.touches, chosen)) or _repeats(one, heard, known))
    ]
    leaning: list[_Candidate] = []
    while pool and len(chosen) < count:
        best = max(
            pool,
            key=lambda one: (_value(one, known, chances) - _SECOND_OF_KIND * kinds[one.kind], -one.start),
        )
        if not stands(best):
            pool.remove(best)
            leaning.append(best)
            continue
        chosen.append(best)
        kinds[best.kind] += 1
        known |= best.words
        pool = [
            one
            for one in pool
            if not (one.touches(best) or (one.bare and best.bare) or _repeats(one, (best.words,), known))
        ]
    return leaning


def _ordered(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The first of each kind, then the seconds; among them by kind, then as they were chosen."""
    rounds: Counter[FactKind] = Counter()
    keyed = []
    for place, fact in enumerate(chosen):
        keyed.append((rounds[fact.kind], -_PRIORITY[fact.kind], place, fact))
        rounds[fact.kind] += 1
    return [fact for *_, fact in sorted(keyed, key=lambda key: key[:3])]


def _introduced(ordered: list[_Candidate]) -> list[_Candidate]:
    """*ordered*, each fact that calls somebody by surname behind the one that has their full name."""
    full = [surnames(fact.text) for fact in ordered]
    shown = list(ordered)
    for at, fact in enumerate(ordered):
        later = set().union(*full[at + 1 :]) - full[at]
        if not later or later.isdisjoint(called := set(CAPITAL.findall(fact.text))):
            continue
        behind = next(i for i in range(at + 1, len(ordered)) if full[i] & called & later)
        shown.remove(fact)
        shown.insert(shown.index(ordered[behind]) + 1, fact)
    return shown


def _value(candidate: _Candidate, known: frozenset[str], chances: dict[str, float]) -> float:
    return candidate.worth + sum(map(chances.__getitem__, candidate.words - known))


def _repeats(one: _Candidate, said: Sequence[frozenset[str]], known: frozenset[str]) -> bool:
    """Whether a fact tells again what one of *said* tells, or, by *known*, all of them together."""
    own = one.words
    if len(own & known) > (_MOST_CAPTIONED if one.captioned else _MOST_HEARD) * len(own):
        return True
    if one.opening_words and len(one.opening_words & known) > _MOST_HEARD * len(one.opening_words):
        return True
    for other in said:
        both = len(own & other)
        if (
            both > _MOST_SHARED * len(own)
            or (len(other) > _SHORT_SAID and both > _MOST_TOLD * len(other))
            or (both >= _MUCH_SHARED and 2 * both >= min(len(own), len(other)))
            or both == len(other) >= _FEWEST_SAID
        ):
            return True
    return False


class _Part(NamedTuple):
    """What may be a fact: *text*, from *first* to *last*."""

    text: str
    first: Passage
    last: Passage
    bag: frozenset[str]
    cost: float = 0.0


def _singles(free: Sequence[Passage], words: Lexicon, stems: Stems) -> Iterator[_Part]:
    """Each sentence that stands alone, if need be without a joint or clauses that only add."""
    for passage in free:
        if not passage.whole:
            continue
        text, cut = passage.text, 0.0
        if not passage.shown:
            text, cut = without_label(text, words), _CUT
            if not text:
                continue
        elif passage.leans and not passage.familiar:
            text, cut = without_opening(text, words), _CUT
            if leans_inside(text.removeprefix(CUT_BEFORE), words, stems.of):
                continue
        if len(text) > _LONG:
            text = without_ending(text, words)
        bag = passage.bag if text == passage.text else frozenset(stems.of(text))
        yield _Part(text, passage, passage, bag, cut)


def _pairs(free: Sequence[Passage], unknown: Unknown, words: Lexicon) -> Iterator[_Part]:
    """Each sentence that leans on the one before, or speaks of what that names, together with that one."""
    for before, passage in pairwise(free):
        if not (before.shown and passage.shown and passage.whole) or before.leans:
            continue
        if passage.index != before.index + 1 or passage.start - before.end > _SAME_PARAGRAPH:
            continue
        if len(before.text) + len(passage.text) >= LONGEST:
            continue
        if not (passage.leans or (not before.bag.isdisjoint(passage.bag) and unknown(passage.text))):
            continue
        # What a writer says of themselves, or asks, makes no fact by going on.
        both = f"{before.text} {passage.text}"
        if passage.text[0] in _QUOTES and not words.speech.search(unquoted(both.lower())):
            continue
        if words.nameless_speaker.search(both.lower()):
            continue
        if "?" in both or words.first_person.occur_in(unquoted(both)):
            continue
        yield _Part(both, before, passage, before.bag | passage.bag)


def _candidates(parts: Iterable[_Part], setting: Setting) -> Iterator[_Candidate]:
    """The *parts* that can stand alone and say something specific."""
    words = setting.words
    able = [part for part in parts if _stands_alone(part.text, words)]
    kinds = [kind_of(part.text, words) for part in able]
    specific = [(part, kind) for part, kind in zip(able, kinds, strict=True) if kind is not None]
    doubts = setting.doubts([Shown(part.first, part.text, part.bag) for part, _ in specific])
    for (part, kind), doubt in zip(specific, doubts, strict=True):
        if doubt > HOPELESS:
            continue
        text, first, last, bag, cost = part
        low = text.lower()
        points = len(words.open_inside.findall(low)) * 0.8
        points += _OWN_VOICE * words.first_person.occur_in(unquoted(text))
        denied = _DENIAL * denies(text, words)
        yield _Candidate(
            start=first.start,
            end=last.end,
            text=text,
            kind=kind,
            worth=_PRIORITY[kind]
            - _CHARACTER_COST * len(text)
            - cost
            - _DOUBT_COST * doubt
            - points
            + denied,
            doubt=doubt,
            words=bag,
            bare=kind is FactKind.STATEMENT and not has_name(text),
            captioned=not first.shown,
            opening=first.text if first is not last else "",
            opening_words=first.bag if first is not last else frozenset(),
        )


def _stands_alone(text: str, words: Lexicon) -> bool:
    """Whether *text* is a whole statement, with a verb, whose speaker, if it quotes one, has a name."""
    return (
        (SHORTEST if not words.unspaced else SHORTEST_UNSPACED) <= len(text) <= LONGEST
        and text[-1] in ".!\"”“’'»。」！"
        and not any(mark in text[-3:] for mark in "?？")
        and words.verbal.search(text) is not None
        and not (text.startswith(CUT_BEFORE) and words.nameless_speaker.search(text.lower()))
    )
