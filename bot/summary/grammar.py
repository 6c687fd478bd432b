"""What the build of a sentence tells of whether it stands alone: its verbs, pronouns and nouns, the order of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from bot.summary.lexicon import Lexicon, lexicon

#: The commonest verbs and words in "-s" and "-ed" outside clauses; the verbs' share of all tokens; pronouns, and if no
#: name stands before the first; definite nouns, what of these nothing explains, and what of these was told before.
FEATURES = (
    "own_verbs", "own_in_s", "own_in_ed", "verb_share", "pronouns", "nameless_pronoun",
    "definites", "open_definites", "told_definites",
)  # fmt: skip
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d(?:[\d.,]*\d)?|[^\w\s]")
_CLAUSE_ENDS = frozenset(",.;")
_MOST_KNOWN, _LONGEST_KNOWN = 5_000, 40  # tokens, and characters of one

#: Whether an earlier sentence tells of a noun; None where the headline does.
Telling = Callable[[str], bool | None]


def tokens(sentence: str) -> list[str]:
    """The words, figures and marks of a sentence, as written.

    >>> tokens("Kay’s boat, of 1981, sank.")
    ["Kay's", 'boat', ',', 'of', '1981', ',', 'sank', '.']
    """
    return _TOKEN.findall(sentence.replace("’", "'"))


def pairs(written: Sequence[str], words: Lexicon) -> list[str]:
    """Each two neighbours among the tokens of a sentence: words without content as such, of others what they are.

    >>> from bot.summary.lexicon import lexicon
    >>> pairs(["The", "boat", "of", "Kay", "sank", "."], lexicon("en"))
    ['^ the', 'the w', 'w of', 'of C', 'C w', 'w .']
    """
    known = _kinds(words.language)
    if len(known) > _MOST_KNOWN:
        known.clear()
    kinds = ["^", *map(known.__getitem__, written)]
    if kinds[1:2] == ["C"]:
        kinds[1] = "c"  # a capital that tells nothing
    return [*map(" ".join, pairwise(kinds))]


class _Kinds(dict[str, str]):
    """What a token is, remembered: sentences repeat them."""

    def __init__(self, function_words: frozenset[str]) -> None:
        super().__init__()
        self._function_words = function_words

    def __missing__(self, token: str) -> str:
        kind = self._kind(token)
        if len(token) <= _LONGEST_KNOWN:
            self[token] = kind
        return kind

    def _kind(self, token: str) -> str:
        first, low = token[0], token.lower()
        if not first.isalpha():
            return "#" if first.isnumeric() else token
        return low if low in self._function_words else "C" if first.isupper() else "w"


@cache
def _kinds(language: str) -> _Kinds:
    return _Kinds(lexicon(language).function_words)


def features(written: Sequence[str], words: Lexicon, tells: Telling) -> tuple[float, ...]:
    """FEATURES of an English sentence, given its tokens; all are 0 in a language whose verbs are not listed."""
    verbs = words.everyday_verbs
    if not verbs:
        return (0.0,) * len(FEATURES)
    low = [*map(str.lower, written)]
    own = _without_clauses(low, words)
    pronouns = [at for at, word in enumerate(low) if word in words.pronouns]
    before = written[1 : pronouns[0]] if pronouns else ()
    return (
        sum(map(verbs.__contains__, own)),
        len([word for word in own[1:] if word[-1] == "s" and word[-2:] != "ss"]),
        len([word for word in own if word[-2:] == "ed"]),
        sum(map(verbs.__contains__, low)) / max(1, len(low)),
        len(pronouns),
        float(bool(pronouns) and not any(word[0].isupper() for word in before)),
        *_definites(written, low, words, tells),
    )


def _without_clauses(low: Sequence[str], words: Lexicon) -> list[str]:
    """A sentence without its clauses: captions and items of lists have verbs nowhere else."""
    own, within = [], False
    for word in low:
        if word in _CLAUSE_ENDS:
            within = False
        elif word in words.clauses:
            within = True
        elif not within:
            own.append(word)
    return own


def _definites(
    written: Sequence[str], low: Sequence[str], words: Lexicon, tells: Telling
) -> tuple[int, int, int]:
    """The definite nouns; what of these neither headline nor sentence explains; what of these was told before."""
    count = unknown = told = 0
    for at, word in enumerate(low[:-1]):
        if word != "the" or not written[at + 1][0].islower():
            continue
        count += 1
        behind = low[at + 2] if at + 2 < len(low) else ""
        known = None if words.identifier.fullmatch(behind) or tells(behind) is None else tells(low[at + 1])
        if known is not None:
            unknown += 1
            told += known
    return count, unknown, told
