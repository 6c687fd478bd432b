"""Patterns for any of many words and phrases, by which most of a text is passed over at its first letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

NEVER = re.compile(r"(?!)")
_PLAIN = re.compile(r"[\w '’]+")
#: "(?:chart|map)s? below": a choice of words at the start
_CHOICE = re.compile(r"\(\?:([\w '’-]+(?:\|[\w '’-]+)*)\)(?![?*+{])(.*)", re.DOTALL)
_LEAD = re.compile(r"\W*")


def anywhere(words: Iterable[str], *, before: str, after: str) -> re.Pattern[str]:
    """A pattern for any of *words*, longest first, between *before* and *after*."""
    parts = sorted(words, key=len, reverse=True)
    # Ignoring case costs three times as much; what is anchored is looked for once.
    flags = re.IGNORECASE if before.startswith("^") else re.NOFLAG
    return re.compile(f"{before}(?:{alternatives(parts)}){after}", flags) if parts else NEVER


class Words:
    """Words and phrases that may stand anywhere in a text, whole words where *edge* is a boundary of words.

    >>> words = Words(["no", "not (?:ever|yet)"], edge=r"\\b")
    >>> [words.occur_in(text) for text in ("Well, not ever", "no", "A “no”", "Nothing noted")]
    [True, True, True, False]
    >>> words.count("no, no and no")
    3
    """

    def __init__(self, words: Iterable[str], *, edge: str) -> None:
        parts = sorted(words, key=len, reverse=True)
        body = f"(?:{alternatives(parts)}){edge}" if parts else NEVER.pattern
        self._pattern = edge + body
        # The engine skips to the next character of a small class, and cannot skip to the next boundary: what
        # stands behind a space, as most words do, and behind another mark is looked for apart.
        self._behind_space = re.compile(f" {body}" if edge else body)
        self._behind_mark = re.compile(rf"[^a-zA-Z0-9_ ](?<=\W){body}") if edge else NEVER

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def occur_in(self, text: str) -> bool:
        """Whether any of these stands in *text*."""
        return (self._behind_space.search(f" {text}") or self._behind_mark.search(text)) is not None

    def begin(self, text: str) -> bool:
        """Whether *text* begins with any of these."""
        return self._anywhere.match(text) is not None

    def count(self, text: str) -> int:
        """Return how many of these stand in *text*."""
        return len(self._anywhere.findall(text)) if self.occur_in(text) else 0


class Openings:
    """Words and phrases that a sentence may begin with, in any case, sought by its first letter.

    >>> openings = Openings(["he", "after (?:this|that)"], before=r"^\\W*", after=r"\\b")
    >>> bool(openings.match("“He left.")), bool(openings.match("After this,")), bool(openings.match("They"))
    (True, True, False)
    """

    def __init__(self, words: Iterable[str], *, before: str, after: str) -> None:
        self._before, self._after = before, after
        self._parts, loose = _by_first_letter(sorted(words, key=len, reverse=True))
        self._loose = self._pattern(loose)
        self._made: dict[str, re.Pattern[str]] = {}

    def match(self, text: str) -> re.Match[str] | None:
        """Return what *text* begins with of these."""
        first = text[:1].lower()
        if not first.isalpha() and (lead := _LEAD.match(text)):
            first = text[lead.end() : lead.end() + 1].lower()
        if first in self._parts:
            pattern = self._made.get(first)
            if pattern is None:
                pattern = self._made[first] = self._pattern(self._parts[first])
            found = pattern.match(text)
            if found:
                return found
        return self._loose.match(text)

    def _pattern(self, parts: list[str]) -> re.Pattern[str]:
        return anywhere(parts, before=self._before, after=self._after)


def alternatives(parts: list[str]) -> str:
    """A pattern for any of *parts*; what has the same first letter is tried only behind that.

    >>> alternatives(["said", "says", "told", "(?:sat|tell) by", r"\\d+"])
    'sa(?:id|ys)|told|s(?:at by)|t(?:ell by)|\\\\d+'
    """
    plain = [part for part in parts if _PLAIN.fullmatch(part)]
    lettered, loose = _by_first_letter([part for part in parts if not _PLAIN.fullmatch(part)])
    grouped = [f"{first}(?:{'|'.join(part[1:] for part in own)})" for first, own in lettered.items()]
    return "|".join([*_branches(plain), *grouped, *loose])


def _by_first_letter(parts: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """(those that begin with each letter, those of which that cannot be seen).

    Where a choice of words begins a part, each letter has those of them that begin with it.
    """
    found: dict[str, list[str]] = {}
    loose: list[str] = []
    for part in parts:
        choice = _CHOICE.fullmatch(part)
        if choice and all(word[:1].isalpha() for word in choice[1].split("|")):
            own: dict[str, list[str]] = {}
            for word in choice[1].split("|"):
                own.setdefault(word[0], []).append(word[1:])
            for first, rests in own.items():
                rest = rests[0] if len(rests) == 1 else f"(?:{'|'.join(rests)})"
                found.setdefault(first, []).append(first + rest + choice[2])
        elif part[:1].isalpha() and part[1:2] not in tuple("?*+{|"):
            found.setdefault(part[0], []).append(part)
        else:
            loose.append(part)
    return found, loose


def _branches(words: list[str]) -> list[str]:
    """Patterns that together match any of *words*, each beginning with another letter."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[:1], []).append(word[1:])
    made = []
    for first, rests in sorted(
        groups.items(), key=lambda group: (not group[0], group[0])
    ):  # what ends here comes last
        inner = _branches(rests) if rests != [""] * len(rests) else [""]
        made.append(first + (inner[0] if len(inner) == 1 else f"(?:{'|'.join(inner)})"))
    return made


def as_written(words: list[str]) -> list[str]:
    """Lower-case *words* as they stand in a sentence and at its start; a letter that is a word is a capital.

    >>> as_written(["i", "us"])
    ['I', 'us', 'Us']
    """
    return [form for word in words for form in (("I",) if word == "i" else (word, word.capitalize()))]


def or_clause(finite: list[str]) -> str:
    """A pattern for an article with a noun of up to four words and the verb that makes them a clause."""
    verbs = "|".join(finite)
    return rf"|(?:[Tt]he|[Aa]n?) (?:[\w'’-]+ ){{1,4}}?(?:{verbs})\b" if finite else ""


def acting(lasting: list[str], moments: list[str]) -> re.Pattern[str]:
    """A pattern for a name, a verb in the present that is none of *lasting*, and one of *moments*.

    >>> bool(acting(["wants"], ["during the"]).match("Kay Lind talks to a fan during the match."))
    True
    """
    if not moments:
        return NEVER
    # A plural ("Reef sharks rest") ends as the verb does; what follows a verb begins with one of these.
    begins = (
        "an?|the|his|her|their|to|with|as|during|for|on|over|in|past|through|into|out|off|up|down|away|back"
        r"|alongside|after|[A-Z][\w'’]*"
    )
    return re.compile(
        r"(?:[A-Z][\w'’-]* (?:(?:van|de|von|der|al|of|and) )?){1,6}"
        rf"(?!(?:{alternatives(lasting)}|this|his|its)\b)[a-z]{{2,}}[^\W\d_us]s (?=(?:{begins}) )"
        rf"[^,:;?\"“”]{{0,90}}\b(?:{alternatives(moments)})\b[^:;?\"“”]*\.$"
    )
