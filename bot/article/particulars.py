"""What a recipe or a review says of itself in figures: its time and its portions, what was judged and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.article.document import Document
from bot.article.names import tidy
from bot.article.schema import Node, strings, types_of

_LONGEST = 80  #: characters
_MOST = 4
_LENGTH = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:[\d.]+S)?)?", re.IGNORECASE)


def read_particulars(document: Document) -> tuple[str, ...]:
    """Return short texts, fit to be shown as they are, of the page's own schema.org Recipe or Review."""
    for node in document.json_ld:
        kinds = types_of(node)
        if "Recipe" in kinds:
            return _kept(_of_recipe(node))
        if any(kind.endswith("Review") for kind in kinds):
            return _kept(_of_review(node))
    return ()


def _kept(texts: Iterator[str]) -> tuple[str, ...]:
    tidied = (tidy(text) for text in texts)
    return tuple(dict.fromkeys(text for text in tidied if 0 < len(text) <= _LONGEST))[:_MOST]


def _of_recipe(node: Node) -> Iterator[str]:
    yield from (duration(text) for text in strings(node.get("totalTime") or node.get("cookTime")))
    made = node.get("recipeYield")
    for text in (
        [str(made)] if isinstance(made, int) else list(strings(made))[-1:]
    ):  # figures first, then words
        yield f"× {text}" if text.strip().isdecimal() else text


def _of_review(node: Node) -> Iterator[str]:
    rating = node.get("reviewRating")
    if isinstance(rating, dict):
        value, best = _figure(rating.get("ratingValue")), _figure(rating.get("bestRating", 5))
        if value is not None and best is not None and 0 <= value <= best:
            yield f"★ {value:g}/{best:g}"
    yield from strings(node.get("itemReviewed"))


def _figure(value: Any) -> float | None:
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= 1000 else None


def duration(text: str) -> str:
    """Return an ISO 8601 duration as it is read; empty where it is none.

    >>> duration("PT1H30M"), duration("PT90M"), duration("half an hour")
    ('1 h 30 min', '1 h 30 min', '')
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        return ""
    days, hours, minutes = (int(part or 0) for part in found.groups())
    hours, minutes = divmod((24 * days + hours) * 60 + minutes, 60)
    return " ".join([f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0))
