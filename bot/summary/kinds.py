"""What makes a statement worth listing: money, a number, a decision, who says or denies what."""

from __future__ import annotations

import re

from bot.model import FactKind
from bot.summary.lexicon import Lexicon

_NEAR = 30  # characters after a name, in which a word for speaking makes it the speaker's
_YEAR = re.compile(r"(?:19|20)\d\d$")
_FIGURE = re.compile(r"\d\d*(?:[.,:]\d+)*")  # by one class of characters, up to which the engine skips
_CURRENCY = re.compile(r"[$£€¥₹]")
_CAPITAL = r"[^\W\d_a-zà-ÿ]"
#: Names of two words and more in mid-sentence; what stands before is looked at behind the first capital alone.
_NAME_INSIDE = re.compile(
    rf"{_CAPITAL}(?<=[\w,;:’'\"“] .| [\"“‘'(].)[\w.'’-]+ (?:{_CAPITAL}[\w.'’-]+ ){{0,2}}{_CAPITAL}[\w'’-]+"
)
#: At the start the first word has a capital in any case.
_NAME_FIRST = re.compile(rf"\W?(?:{_CAPITAL}[\w.'’-]+ ){{2,3}}{_CAPITAL}[\w'’-]+")
CAPITAL = re.compile(r"\b[^\W\d_a-zß-ÿ][\w'’-]+")
_QUOTED = re.compile(r"[\"“„«「]([^\"“”„«»「」]{12,})[\"”“»」]")


def has_name(statement: str) -> bool:
    """Whether a name of two words and more stands in *statement*."""
    return _NAME_FIRST.match(statement) is not None or _NAME_INSIDE.search(statement) is not None


def surnames(statement: str) -> frozenset[str]:
    """Return the last words of the names of two words and more in *statement*.

    >>> sorted(surnames("Then Kay Lind met Jo Amsel."))
    ['Amsel', 'Lind']
    """
    first = _NAME_FIRST.match(statement)
    names = _NAME_INSIDE.findall(statement, first.end() if first else 0)
    return frozenset(name.rpartition(" ")[2] for name in (*names, *([first[0]] if first else ())))


def _has_named_speaker(statement: str, words: Lexicon) -> bool:
    """Whether a name stands right before or right behind a word for speaking."""
    if words.capital_nouns:
        return has_name(statement) and words.speech.search(statement.lower()) is not None
    if not words.speech.search(statement.lower()):
        return False
    for name in CAPITAL.finditer(statement):
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
        words.negation.occur_in(low)
        and not words.first_person.occur_in(statement)
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
    if figures and (_CURRENCY.search(rest) or words.money.occur_in(low)):
        return FactKind.MONEY
    specific = bool(figures) or words.calendar.occur_in(low)
    named = specific or has_name(statement)
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
    if words.next_step.occur_in(low):
        return FactKind.NEXT
    if counted:
        return FactKind.NUMBER
    if words.decision.occur_in(low):
        return FactKind.DECISION
    if specific:
        return FactKind.DATE
    return FactKind.CAUSE if words.cause.occur_in(low) else FactKind.STATEMENT
