"""What is measured of the words of each text block: its shape, what it speaks of, whether it repeats the headline."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from bot.article.walk import TAG_ID, Walk

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SENTENCE_ENDS = frozenset(".!?\"”»…。！？’)」')")
_START, _OPENING = 60, 400  #: characters of a block
_NOT_WORD = re.compile(r"\W+")
_WORDS_ONLY = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_JUNK_LINE = re.compile(
    r"(?:related(?: articles?| stories| posts?| topics?| content)?|read (?:more|next|also)\b|more (?:from|on|stories)\b"
    r"|(?:leave|post) a (?:reply|comment)|comments?$|share (?:this|on)\b|about the author|sign up\b|subscribe\b"
    r"|follow (?:us|me)\b|advertis|sponsored|©|copyright\b|all rights reserved|tags?:|filed under|see also"
    r"|recommended|you (?:may|might) also like|most (?:read|popular)|trending|click here|continue reading"
    r"|\d+ (?:comments?|shares?)$|mehr zum thema|lesen sie auch|auch interessant|à lire aussi|lire aussi|sur le même"
    r"|lea también|te puede interesar|leggi anche|leia (?:também|mais)|lees ook|関連記事|あわせて読みたい)",
)
#: A quick look before: the first three letters of these lines, small; but figures and other letters than ASCII's.
_JUNK_STARTS = frozenset(
    """
    abo adv all als auc cli com con cop fil fol lea lee leg lei les lir mee meh mor mos pos rea rec rel see sha
    sig spo sub sur tag tre you
    """.split()
) | {"te "}
_CONSENT = "cookie privacy gdpr ccpa consent newsletter datenschutz personal".split()


def fold(text: str) -> str:
    """Lower case, words only."""
    lowered = text.lower()
    if lowered.isascii():
        return " ".join(lowered.translate(_WORDS_ONLY).split())
    return _NOT_WORD.sub(" ", lowered).strip()


class Wording:
    """The columns of a page's *rows*, the blocks that may be article, that need only their words."""

    def __init__(
        self, walk: Walk, rows: Ints, length: Floats, commas: Floats, heading: NDArray[np.bool_]
    ) -> None:
        self.walk, self.rows, self.length, self.commas, self.heading = walk, rows, length, commas, heading
        self.texts = [walk.texts[i] for i in rows.tolist()]
        self.lowered = [text[:_OPENING].lower() for text in self.texts]
        self.openings = "\n".join(self.lowered)
        self.starts = list(accumulate((len(opening) + 1 for opening in self.lowered), initial=0))
        self.columns: dict[str, NDArray[np.generic] | float] = {}

    def measure(self, title: str, description: str) -> dict[str, NDArray[np.generic] | float]:
        """The columns, by their names."""
        self._shape()
        self._own_text()
        self._headline(title, description)
        return self.columns

    def _shape(self) -> None:
        rows, add, texts = self.rows, self.columns, self.texts
        length = self.length[rows]
        words = np.array([text.count(" ") for text in texts], float) + 1
        strong: Floats = np.array([self.walk.strong[i] for i in rows.tolist()], float)
        add["length"] = length
        add["strong"] = np.minimum(strong / length, 1)
        add["commas"] = self.commas[rows] / words
        add["words_per"] = length / words
        add["sentence_end"] = np.array([text[-1] in _SENTENCE_ENDS for text in texts])
        add["colon_end"] = np.array([text[-1] == ":" for text in texts])
        add["quote_start"] = np.array([text[0] in "\"“„«'" for text in texts])

    def _own_text(self) -> None:
        add, texts = self.columns, self.texts
        starts = [text[:_START] for text in texts]
        padded = "".join([start.ljust(_START) for start in starts])
        codes = np.frombuffer(padded.encode("ascii", "replace"), np.uint8)
        digits = ((codes >= ord("0")) & (codes <= ord("9"))).reshape(-1, _START).sum(axis=1)
        add["digits"] = digits / np.minimum(self.length[self.rows], _START)
        add["upper"] = np.array([start.isupper() for start in starts])
        seen: set[str] = set()
        repeated = [False] * len(texts)
        for row, text in enumerate(texts):
            if len(text) > 30:
                repeated[row] = text in seen
                seen.add(text)
        add["repeated"] = np.array(repeated)
        add["consent"] = self._consent()
        self._junk_lines()

    def _consent(self) -> NDArray[np.bool_]:
        """Which rows speak of cookies and the like; of most pages none does, which is seen in one search a word."""
        found = np.zeros(len(self.texts), bool)
        found[list(self._rows_with(_CONSENT))] = True
        return found

    def _rows_with(self, words: Iterable[str]) -> set[int]:
        """The rows whose opening has any of *words* in it."""
        whole, starts, found = self.openings, self.starts, set[int]()
        for word in words:
            at = whole.find(word)
            while at >= 0:
                row = bisect_right(starts, at) - 1
                found.add(row)
                at = whole.find(word, starts[row + 1])
        return found

    def _junk_lines(self) -> None:
        """Whether a short block is what heads or ends other things than articles, and how many before it are."""
        texts = self.walk.texts
        short = self.length < 60
        candidates = short.copy()
        candidates[self.rows] = self.length[self.rows] < 220
        junk = np.zeros(len(texts), bool)
        for i in np.flatnonzero(candidates).tolist():
            text = texts[i]
            start = text[:3].lower()
            if start in _JUNK_STARTS or start[0].isdigit() or not start.isascii():
                junk[i] = _JUNK_LINE.match(text.lower()) is not None
        before = np.cumsum(junk & (self.heading | short))
        self.columns["junk_line"] = junk[self.rows]
        self.columns["junk_before"] = np.minimum(before[self.rows], 5)

    def _headline(self, title: str, description: str) -> None:
        """How much of the headline and of the description each row says, and how far after the headline it stands."""
        titled, told_of, described = set(fold(title).split()), fold(description), description.lower()
        share, told = [0.0] * len(self.texts), [False] * len(self.texts)
        telling = sorted(titled, key=lambda word: (len(word), word))[-4:]
        for row in self._rows_with(telling):
            if len(self.texts[row]) < 200:
                share[row] = _shared(fold(self.texts[row]), titled)
        for row, text in enumerate(self.texts) if told_of else ():
            if 20 < len(text) < _OPENING and self.lowered[row][:5] in described:
                folded = fold(text)
                told[row] = folded in told_of or (len(told_of) > 20 and told_of[:60] in folded)
        self.columns["title_words"], self.columns["in_description"] = np.array(share), np.array(told)
        tags, owner, texts = self.walk.tag, self.walk.owner, self.walk.texts
        h1s = [i for i in np.flatnonzero(self.heading).tolist() if tags[owner[i]] == TAG_ID["h1"]]
        named = [i for i in h1s if len(texts[i]) < 200 and _shared(fold(texts[i]), titled) > 0.5]
        at = named[-1] if named else h1s[0] if h1s else None
        self.columns["since_h1"] = -99.0 if at is None else self.rows - float(at)


def count_commas(texts: Sequence[str]) -> Floats:
    """How many commas each of *texts* has, those of Chinese and Japanese too."""
    counts = np.array([text.count(",") for text in texts], float)
    whole = "".join(texts)
    for mark in "，、":
        if mark in whole:
            counts += [text.count(mark) for text in texts]
    return counts


def _shared(folded: str, title: set[str]) -> float:
    """The share of the words of *folded* that stand in *title*; scraps of it count less."""
    words = folded.split()
    return sum(map(title.__contains__, words)) / max(len(words), 0.7 * len(title), 1)
