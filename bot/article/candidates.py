"""The names that may be a page's authors: each with all the places that mention it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from bot.article.bylines import Mention, Spot
from bot.article.declared import DECLARED
from bot.article.models import DATA
from bot.article.names import is_organisation, is_personal
from bot.article.places import Places

_MOST_VISIBLE = 30
_LISTS = frozenset(
    (
        "json-ld",
        "meta:author",
        "meta:article:author",
        "meta:byl",
        "microdata",
        "rel=author",
        "byline class",
        "near byline class",
        "byline text",
    )
)


@dataclass(slots=True)
class Candidate:
    """One name with all the places that mention it."""

    key: str
    name: str
    mentions: list[Mention]
    sources: dict[str, int]  #: how often each source names it
    declared: int  #: how many sources of the page's head do
    personal: bool
    organisation: bool
    shown: Spot | None = None  #: where it stands nearest to the headline
    features: list[float] = field(default_factory=list)

    def lists(self) -> set[str]:
        """The lists of authors that it is part of."""
        if self.credited(any) or not self.personal:
            return set()
        return {
            mention.source for mention in self.mentions if mention.listed > 1 and mention.source in _LISTS
        }

    def credited(self, how_many: Callable[[Iterable[bool]], bool]) -> bool:
        """Whether *how_many* (all or any) of its mentions credit it with a picture."""
        return how_many(m.part.credit or (m.spot is not None and m.spot.after_picture) for m in self.mentions)

    def rank(self) -> tuple[int, int, int]:
        """Where it stands in a list of authors: as declared, else as shown."""
        declared = [mention.rank for mention in self.mentions if mention.source in DECLARED]
        if self.shown is None:
            return min(declared, default=99), 1 << 30, 0
        at = self.shown.position
        listed = [mention.rank for mention in self.mentions if mention.spot and mention.spot.position == at]
        return min(declared, default=99), at, max(listed, default=0)


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return the folded given names that data/given_names.txt lists."""
    return frozenset((DATA / "given_names.txt").read_text(encoding="utf-8").split())


def gather(found: list[Mention], places: Places) -> list[Candidate]:
    """Return the names that may be authors; of those only shown, the ones nearest to the headline."""
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        grouped[mention.part.key].append(mention)
    candidates = [_candidate(key, mentions, places) for key, mentions in grouped.items()]
    shown = sorted((c for c in candidates if c.shown), key=lambda c: order_of(c, places))[:_MOST_VISIBLE]
    visible = {c.key for c in shown}
    people = sum("json-ld:person" in c.sources for c in candidates)
    telling = DECLARED | {"author page address"} | ({"json-ld:person"} if people <= 20 else set())
    return [c for c in candidates if c.key in visible or not telling.isdisjoint(c.sources)]


def _candidate(key: str, mentions: list[Mention], places: Places) -> Candidate:
    name = _spelling(mentions)
    sources = Counter(mention.source for mention in mentions)
    return Candidate(
        key=key,
        name=name,
        mentions=mentions,
        sources=sources,
        declared=sum(source in DECLARED for source in sources),
        personal=is_personal(name),
        organisation=is_organisation(name),
        shown=_nearest([m.spot for m in mentions if m.spot], places),
    )


def _spelling(mentions: list[Mention]) -> str:
    """Return the spelling to show: the first one that is not all capitals or all small."""
    texts = [mention.part.text for mention in mentions]
    return next((text for text in texts if not text.isupper() and not text.islower()), texts[0])


def _nearest(spots: list[Spot], places: Places) -> Spot | None:
    inside = [spot for spot in spots if not spot.outside] or spots
    return min(inside, key=lambda spot: _away(spot, places), default=None)


def _away(spot: Spot, places: Places) -> int:
    """Return the distance from the headline; what stands before it counts as farther."""
    return abs(places.distance(spot.position)) + (300 if spot.position < places.title_start else 0)


def order_of(candidate: Candidate, places: Places) -> int:
    """Return how far a name is shown from where bylines stand; what stands outside the article counts as farther."""
    spot = candidate.shown
    if spot is None:
        return 1 << 30
    away = min(abs(places.distance(spot.position)), abs(spot.position - places.prose_end) + 200)
    return away + (300 if spot.position < places.title_start else 0) + (1500 if spot.outside else 0)
