"""Articles that are no story: interviews, whose questions say what they are about, and lists of things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.summary.lexicon import Lexicon
from bot.summary.passages import Passage

_FEWEST = 4
_LONGEST = 160  # characters of an item; of a question 240
_LONGEST_QUESTION = 240
_HEARD = 6  # sentences of an answer
_SPOKEN = 0.4  # of the answers
_LARGE_SHARE = 0.3  # of an article's words
#: "10 things …", "The 7 best …", "5. Drink water"
_COUNTED_TITLE = re.compile(r"^\W*(?:\w+ ){0,2}(\d{1,2}) \w", re.UNICODE)
_NUMBERED = re.compile(r"^(?:#|No\. ?|Nr\. ?)?(\d{1,2})(?:[.):–-]? +(?=\S)|[.):、．](?=[^\W\d]))")


def questions(found: Sequence[Passage], words: Lexicon) -> list[Passage]:
    """Return the questions of an interview, in order; none where *found* is no interview.

    Most of its questions open a paragraph, and somebody who says "I" or "we" answers. Headings that ask ("How long
    do puppies sleep?") are answered by nobody. Where a language drops its pronouns, the questions decide alone.
    """
    asked = [
        p
        for p in found
        if p.opens_paragraph and p.text.endswith(("?", "？")) and 12 <= len(p.text) <= _LONGEST_QUESTION
    ]
    paragraphs = found[-1].paragraph + 1 if found else 0
    if len(asked) < _FEWEST or len(asked) * 5 < paragraphs:
        return []
    if words.drops_pronouns:
        return asked
    following = [p.index for p in asked[1:]] + [len(found)]
    answers = (
        found[question.index + 1 : min(end, question.index + 1 + _HEARD)]
        for question, end in zip(asked, following, strict=True)
    )
    spoken = sum(any(words.speaker.occur_in(p.text) for p in answer) for answer in answers)
    return asked if spoken >= _SPOKEN * len(asked) else []


def items(title: str, found: Sequence[Passage]) -> list[Passage]:
    """Return the items of a list, in order; none where *title* counts nothing and no line is numbered."""
    lines = _single_lines(found)
    numbered = _counted(lines)
    counted = _COUNTED_TITLE.match(title)
    wanted = int(counted[1]) if counted else 0
    if len(numbered) >= _FEWEST and (
        abs(len(numbered) - wanted) <= 2 if wanted else _is_told(numbered, found)
    ):
        return numbered
    headings = [p for p in lines if p.text[-1] not in ".!?…:;,"]
    if wanted >= _FEWEST and abs(len(headings) - wanted) <= 2:
        return headings
    return []


def _is_told(numbered: Sequence[Passage], found: Sequence[Passage]) -> bool:
    """Whether an article is its numbered lines: it tells of each, or has little else. A table of results is neither."""
    in_a_row = numbered[-1].index - numbered[0].index < len(numbered) + 1
    length = sum(p.length for p in found)
    return not in_a_row or sum(p.length for p in numbered) > _LARGE_SHARE * length


def _counted(lines: Sequence[Passage]) -> list[Passage]:
    """The lines that count 1, 2, 3 and so on, or down to 1."""
    marked = [(found, p) for p in lines if (found := _NUMBERED.match(p.text))]
    style = marked[0][0][0].replace(marked[0][0][1], "") if marked else ""
    numbers = [(int(found[1]), p) for found, p in marked if found[0].replace(found[1], "") == style]
    best: list[Passage] = []
    for step, following in ((1, 1), (-1, max((n for n, _ in numbers), default=0))):
        run: list[Passage] = []
        for number, passage in numbers:
            if number == following:
                run.append(passage)
                following += step
        if len(run) > len(best):
            best = run
    return best


def _single_lines(found: Sequence[Passage]) -> list[Passage]:
    """Passages that are a short line by themselves."""
    alone = []
    for index, passage in enumerate(found):
        last = index + 1 == len(found) or found[index + 1].opens_paragraph
        # "1. Drink water" is split after its number.
        if (
            passage.opens_paragraph
            and last
            and 4 <= len(passage.text) <= _LONGEST
            and " | " not in passage.text
        ):
            alone.append(passage)
    return alone
