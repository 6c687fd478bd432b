"""A text as the sentences that may be quoted from it, each with what decides whether it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import Stemmer

from bot.summary import clutter
from bot.summary.leaning import leans_inside
from bot.summary.lexicon import Lexicon, lexicon
from bot.summary.quotes import spoken, unquoted, whole_quotes
from bot.summary.scripts import UNSPACED, UNSPACED_RUN
from bot.summary.sentences import Span, split
from bot.summary.standing import points_elsewhere

#: Beyond this a text is no article; what a summary needs stands before it.
MAX_CHARACTERS = 250_000
MOST_SENTENCES = 5_000  #: four times those of a text of 20,000 words
_SOFT_HYPHEN = "\u00ad"
_LONGEST_CAPTION = 400  # characters
_LONGEST_LINE = 120  # characters of a sentence of a list
_LIST = 4  # sentences
_OPENING = 12  # characters
_SPEECH = re.compile(r"[\"“„«「『]|['‘](?=[^\W\d_])")
#: "“Night Boats” host Kay Lind": a name in quotation marks, not what somebody says
_TITLE = re.compile(r"[\"“„«](?:[^\W\d_a-zß-ÿ][\w’'-]*[ ,]*|(?:of|the|and|in|to|a|on) ){1,6}[\"”“»] ?[\w(]")
#: Words and numbers in lower case; one class of characters begins both, up to the first of which the engine skips.
_WORD = re.compile(r"[^\W_](?:(?<!\d)[^\W\d_]*(?:'[^\W\d_]+)*|\d*(?:[.,:]\d+)*)")
_ASCII_WORD = re.compile(r"[a-z0-9](?:(?<=[a-z])[a-z]*(?:'[a-z]+)*|[0-9]*(?:[.,:][0-9]+)*)")
_SEEN = 20  # sentences that tell whether a script has full stops
_MOST_KNOWN = 5_000  # words of a language: a megabyte; six times as many save no time


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence, or a quotation of several, that could stand on a card."""

    start: int
    end: int  #: text[start:end], without its dateline
    text: str  #: what would be shown
    words: tuple[str, ...]  #: stems of the content words, in order
    bag: frozenset[str]  #: the same, each once
    length: int  #: in words; two characters count as one where words are not spaced
    index: int  #: among the passages
    key: int  #: as no other passage, or shorter form of one, has
    place: int  #: how many passages before this one may be shown
    paragraph: int
    opens_paragraph: bool
    whole: bool  #: no quotation or bracket begins or ends elsewhere
    shown: bool  #: False for clutter and fragments
    leans: (
        bool  #: shown, and begins with a word whose antecedent, or a joint whose other half, stands earlier
    )
    familiar: bool  #: leans, but only on something to be named before


def passages(text: str, words: Lexicon, stems: Stems) -> list[Passage]:
    """Return what *text* is made of, in order."""
    text = text[:MAX_CHARACTERS]
    spans = split(text, words.language, MOST_SENTENCES)
    if _SOFT_HYPHEN in text:
        spans = [span for span in spans if text[slice(*span)].strip(f"{_SOFT_HYPHEN} ")]
    spans, halves = whole_quotes(text, spans)
    between = spoken(text, spans, halves)
    paragraphs = text.count("\n") + 1
    in_paragraphs = paragraphs >= 4 and paragraphs * 12 > len(spans) and _has_stops(text, spans)
    found: list[Passage] = []
    paragraph, last_end = -1, 0
    place = 0
    caption = False
    ticker = clutter.ticker_start(text)
    listed = _listed(text, spans, words)
    is_cased = sum(text[start].islower() for start, _ in spans) * 3 < len(spans)
    for index, (start, end) in enumerate(spans):
        opens = paragraph < 0 or "\n" in text[last_end:start]
        paragraph += opens
        last_end = end
        if opens:
            line_end = text.find("\n", start, start + _LONGEST_CAPTION)
            caption = line_end > 0 and clutter.is_credited(text[start:line_end], words)
        start += clutter.bullet(text[start : min(end, start + 8)])
        if index < 3:
            start += clutter.dateline(text[start:end])
        passage = _passage(
            text,
            start,
            end,
            (index, place, paragraph),
            opens,
            in_paragraphs,
            words,
            stems,
            is_half=index in halves,
            is_spoken=index in between,
            may_show=not caption
            and start < ticker
            and index not in listed
            and not (is_cased and clutter.goes_on(text[start : start + _OPENING], words)),
        )
        place += passage.shown
        found.append(passage)
    return found


def _passage(
    text: str,
    start: int,
    end: int,
    places: tuple[int, int, int],
    opens: bool,
    in_paragraphs: bool,
    words: Lexicon,
    stems: Stems,
    *,
    is_half: bool,  # of a quotation
    is_spoken: bool,  # between two halves of one
    may_show: bool,
) -> Passage:
    source = text[start:end].replace(_SOFT_HYPHEN, "")
    shown = clutter.without_pointers(source, words) if len(source) < 2000 else source
    stemmed = stems.of(shown)
    low = shown.lower()
    is_shown = (
        may_show
        and len(source) <= 1000
        and len(stemmed) >= 3
        and (not words.unspaced or UNSPACED.search(source) is not None)
        and not (in_paragraphs and not clutter.is_finished(source))
        and not clutter.is_clutter(source, words)
    )
    leans = is_shown and (
        is_half
        or is_spoken
        or words.leans.match(shown) is not None
        or words.connective.match(shown) is not None
        or (_SPEECH.match(shown) is not None and not _TITLE.match(shown) and not _names_speaker(shown, words))
        or words.nameless_speaker.search(low) is not None
        or _lacks_person(shown, low, words)
        or points_elsewhere(unquoted(low), words, stems.of)
        or leans_inside(shown, words, stems.of)
    )
    familiar = is_shown and not leans and words.familiar.match(shown) is not None
    return Passage(
        start=start,
        end=end,
        text=shown,
        words=stemmed,
        bag=frozenset(stemmed),
        length=len(shown.split()) if shown.isascii() else _length(shown),
        index=places[0],
        key=places[0],
        place=places[1],
        paragraph=places[2],
        opens_paragraph=opens,
        whole=not is_half,
        shown=is_shown,
        leans=leans or familiar,
        familiar=familiar,
    )


def first_places(found: Sequence[Passage]) -> dict[str, int]:
    """Return of each word of a text the index of the passage in which it stands first."""
    first: dict[str, int] = {}
    for passage in reversed(found):
        first.update(dict.fromkeys(passage.bag, passage.index))
    return first


def _listed(text: str, spans: list[Span], words: Lexicon) -> set[int]:
    """Which sentences are a list or a sheet of results: several short ones in a row without a clause's verb."""
    rows: list[list[int]] = [[]]
    for index, (start, end) in enumerate(spans):
        if end - start < _LONGEST_LINE and not words.clausal.search(text, start, end):
            rows[-1].append(index)
        elif rows[-1]:
            rows.append([])
    return {index for row in rows if len(row) >= _LIST for index in row}


def _has_stops(text: str, spans: list[Span]) -> bool:
    """Whether sentences end with a mark, which in some scripts (Thai) none does."""
    return any(clutter.is_finished(text[start:end]) for start, end in spans[:_SEEN])


def _lacks_person(shown: str, low: str, words: Lexicon) -> bool:
    """Whether a sentence speaks of somebody before it has named anybody ("A report says he was there.")."""
    if low.partition(" ")[0] not in words.stopwords:
        return False
    pronoun = words.personal.search(shown)
    if not pronoun:
        return False
    before = shown[1 : pronoun.start()]
    return before.lower() == before and words.persons.search(low, 0, pronoun.start()) is None


def _names_speaker(quotation: str, words: Lexicon) -> bool:
    low = quotation.lower()
    told = words.speech.search(unquoted(low)) is not None
    return told and words.nameless_speaker.search(low) is None


def _length(sentence: str) -> int:
    return len(sentence.split()) + len(UNSPACED.findall(sentence)) // 2


@cache
def shared_stems(language: str) -> Stems:
    """Return the stems of a language's words that every text in it shares."""
    return Stems(lexicon(language))


class _Known(dict[str, str]):
    """Words to stems, each worked out when it is first asked for."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem

    def __missing__(self, word: str) -> str:
        stem = self[word] = self._stem(word)
        return stem


class Stems:
    """Words to stems, remembered from text to text."""

    def __init__(self, words: Lexicon) -> None:
        self._stop = words.stopwords
        self._stemmer = Stemmer.Stemmer(_SNOWBALL.get(words.language, "porter"), 0)
        self._known = _Known(self._stem)

    def of(self, sentence: str) -> tuple[str, ...]:
        """The content words of *sentence*; pairs of characters where words are not spaced."""
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        low = sentence.lower().replace("’", "'")
        if low.isascii():
            return tuple(filter(None, map(known.__getitem__, _ASCII_WORD.findall(low))))
        found = list(filter(None, map(known.__getitem__, _WORD.findall(low))))
        if UNSPACED.search(sentence):
            for run in re.findall(UNSPACED_RUN, sentence):
                found += [run[i : i + 2] for i in range(len(run) - 1)]
        return tuple(found)

    def _stem(self, word: str) -> str:
        word = word.removesuffix("'s")
        if word in self._stop or (len(word) < 2 and not word.isdigit()):
            return ""
        if not word.isascii() and UNSPACED.search(word):
            return ""
        if word[0].isdigit():
            return word.replace(",", "")
        return str(self._stemmer.stemWord(word.replace("'", "")))


_SNOWBALL = {
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "it": "italian",
    "nl": "dutch",
    "en": "english",
    "sv": "swedish",
    "da": "danish",
    "no": "norwegian",
    "fi": "finnish",
    "ru": "russian",
    "hu": "hungarian",
    "ro": "romanian",
    "tr": "turkish",
}
