"""Quotation marks and brackets: whether they close, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.summary.sentences import Span

_MARK = re.compile("[\"'()“”‘„«»「」]")
_STRAIGHT_OPENING = re.compile(r"\"(?<![^\s(\[:—–-]\")(?=\w)")
#: Single marks; one before a figure is an apostrophe ("the '90s").
_SINGLE_OPENING = re.compile(r"['‘](?=[^\W\d_]|\" ?[^\W\d_])(?<![^\s(\[:—–\"“-].)")
_SINGLE_CLOSING = re.compile(r"['’](?!\w)(?<=[^\s(\[].)")
#: Marks with a space on either side, as some texts have them; "the players ' union" has one too.
_SPACED = re.compile(r"(?<!\S)['‘’](?!\S)")
_SPACED_OPENING = re.compile(r"(?:^|[:,] )['‘’] ")
_SPACED_CLOSING = re.compile(r"[^\s:] ['’](?: |$)")
_QUOTED = re.compile(r"[\"“„«「『][^\"“”„«»「」『』]*[\"”“»」』]")
_SINGLE_QUOTED = re.compile(r"(?<!\w)['‘](?=[^\W\d_]).{12,}?(?<=[\w.,!?])['’](?!\w)")
_MAX_QUOTE = 420  # characters of speech that runs over several sentences
_MOST_SPOKEN = 8  # sentences of one speech


def whole_quotes(text: str, spans: Sequence[Span]) -> tuple[list[Span], frozenset[int]]:
    """Join the sentences of one quotation, where that is short enough to be quoted whole.

    With the spans come the indices of those that, even so, hold half a quotation.
    """
    joined: list[Span] = []
    halves: list[int] = []
    at = 0
    while at < len(spans):
        start, end = spans[at]
        reach = at
        if not balanced(text[start : min(end, start + 1000)]):
            for ahead in range(at + 1, min(at + 5, len(spans))):
                begin, stop = spans[ahead]
                if stop - start > _MAX_QUOTE or "\n" in text[spans[ahead - 1][1] : begin]:
                    break
                if balanced(text[start:stop]):
                    reach, end = ahead, stop
                    break
            if reach == at:
                halves.append(len(joined))
        joined.append((start, end))
        at = reach + 1
    return joined, frozenset(halves)


def spoken(text: str, spans: Sequence[Span], halves: Collection[int]) -> frozenset[int]:
    """Return which of *spans* stand, without a mark of their own, between two *halves* of a quotation.

    Speech that goes on over paragraphs opens each anew and closes in the last.

    >>> said = '"We sail. We always do. Look," he said.'
    >>> sorted(spoken(said, [(0, 9), (10, 23), (24, 39)], [0, 2]))
    [1]
    """
    found: set[int] = set()
    for index in halves:
        if not _begins(text[slice(*spans[index])]):
            continue
        for ahead in range(index + 1, min(index + _MOST_SPOKEN, len(spans))):
            if "\n" in text[spans[ahead - 1][1] : spans[ahead][0]]:
                break
            if ahead in halves or _is_quotation(text[slice(*spans[ahead])]):
                found.update(range(index + 1, ahead))
                break
    return frozenset(found)


def _is_quotation(sentence: str) -> bool:
    """Whether *sentence* stands in quotation marks from its first letter to its last."""
    return sentence[0] in '"“„«' and sentence[-1] in '"”“»'


def _begins(half: str) -> bool:
    """Whether a quotation begins, and does not end, in what holds *half* of one."""
    straight = half.rfind('"')
    if half.count('"') % 2:
        return _STRAIGHT_OPENING.search(half, straight) is not None
    return any(half.count(opening) > half.count(closing) for opening, closing in ("“”", "„“", "«»", "「」"))


def balanced(sentence: str) -> bool:
    """Whether every quotation mark and bracket that opens in *sentence* closes there, and the reverse.

    >>> balanced('“No,” he said.'), balanced('He said: "No.'), balanced("He said: 'It is.")
    (True, False, False)
    """
    if not _MARK.search(sentence):
        return True
    straight = sentence.count('"')
    if straight % 2 or sentence.count("(") != sentence.count(")"):
        return False
    if straight and len(_STRAIGHT_OPENING.findall(sentence)) > straight // 2:
        return False
    if ("'" in sentence or "‘" in sentence) and (
        len(_SINGLE_OPENING.findall(sentence)) > len(_SINGLE_CLOSING.findall(sentence))
    ):
        return False
    if sentence[1:2] == " " and sentence[0] in "'‘’" and len(_SPACED.findall(sentence)) % 2:
        return False
    if (
        ("' " in sentence or "‘ " in sentence or "’ " in sentence)
        and _SPACED_OPENING.search(sentence)
        and not _SPACED_CLOSING.search(sentence)
    ):
        return False
    if sentence.count("„"):
        return sentence.count("„") == sentence.count("“") + sentence.count("”")
    return (
        sentence.count("“") == sentence.count("”")
        and sentence.count("«") == sentence.count("»")
        and sentence.count("「") == sentence.count("」")
    )


def unquoted(statement: str) -> str:
    """Return *statement* without what it quotes.

    >>> unquoted("He said 'I am very tired' and left.")
    'He said   and left.'
    """
    bare = _QUOTED.sub(" ", statement)
    return _SINGLE_QUOTED.sub(" ", bare) if "'" in bare or "‘" in bare else bare
