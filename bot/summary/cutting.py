"""Statements without a first or a last part, where leaving it out changes nothing that is said."""

from __future__ import annotations

import re

from bot.summary import clutter
from bot.summary.lexicon import Lexicon
from bot.summary.quotes import balanced

CUT_BEFORE, CUT_AFTER = "… ", " […]."
_SHORTEST_KEPT = 60  # characters
#: "… has range, comfort" ends in the middle of a list.
_IN_A_LIST = re.compile(r"[^,], (?:[\w'’-]+ ){0,2}[\w'’-]+$")


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
    leans = (
        words.leans.match(rest)
        or words.connective.match(rest)
        or words.negation.begin(rest)
        or words.speech.match(rest.lower())
    )
    if leans or not balanced(rest) or not words.finite.search(rest):
        return ""
    return CUT_BEFORE + rest


def without_label(caption: str, words: Lexicon) -> str:
    """Return what *caption* tells, without its label and marked "…"; empty where it tells what a picture shows."""
    at = clutter.label(caption, words)
    rest = caption[at:]
    if not at or clutter.is_clutter(rest, words) or words.pictured.search(rest.lower()):
        return ""
    leans = words.leans.match(rest) or words.connective.match(rest)
    return CUT_BEFORE + rest if not leans and balanced(rest) and words.past.search(rest) else ""


def without_ending(statement: str, words: Lexicon) -> str:
    """Return *statement* without a last clause that only adds, marked "[…]", or as it is."""
    for pattern in (words.added_ending, words.last_half):
        ending = pattern.search(statement, _SHORTEST_KEPT)
        if not ending or _binds(statement[ending.start() :], words):
            continue
        kept = statement[: ending.start()]
        if balanced(kept) and not _IN_A_LIST.search(kept):
            return kept + CUT_AFTER
    return statement


def _binds(part: str, words: Lexicon) -> bool:
    """Whether leaving *part* out would drop a source, a hedge, a negation or a condition."""
    low = part.lower()
    return words.binding.search(low) is not None or words.hedges.search(low) is not None
