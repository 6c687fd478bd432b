"""Who wrote a page: the named candidates weighed against each other, with "nobody" as an answer."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from bot.article.boosting import DATA, load_forest, load_model
from bot.article.bylines import DECLARED, MARKED, Mention, find_mentions
from bot.article.details import article_nodes, host_keys, site_keys
from bot.article.document import Document
from bot.article.names import (
    fold,
    has_role,
    is_nobody,
    is_organisation,
    is_personal,
    squash,
)
from bot.article.places import COMMENTS, FOOTER, IN_ARTICLE, IN_FIGURE, IN_HEADER, NAV, RELATED, SIDE, Places

SOURCES = tuple(
    "json-ld|json-ld:other article|json-ld:person|json-ld:other|meta:author|meta:article:author|meta:parsely-author|"
    "meta:sailthru.author|meta:dc.creator|meta:byl|meta:cxenseparse:author|meta:citation_author|meta:twitter:creator|"
    "meta:label|meta:other|microdata|rel=author|author page|byline class|near byline class|byline text|plain|line|"
    "author page address".split("|")
)
_TIERS: tuple[tuple[str, ...], ...] = (
    ("json-ld",),
    tuple(sorted(source for source in DECLARED if source.startswith("meta"))),
    ("json-ld:other article",),
    ("microdata",),
    ("rel=author",),
    ("author page",),
    ("byline class",),
    ("byline text",),
    ("near byline class",),
    ("json-ld:person", "json-ld:other"),
    ("author page address",),
    ("plain", "line"),
)
_VISIBLE = tuple(sorted(MARKED | {"near byline class", "plain"}))
_FLAGS = (
    ("nav", NAV),
    ("footer", FOOTER),
    ("comments", COMMENTS),
    ("related", RELATED),
    ("side", SIDE),
    ("article", IN_ARTICLE),
    ("header", IN_HEADER),
    ("figure", IN_FIGURE),
)
_MOST_VISIBLE = 30
ENOUGH = 0.4  #: chance above which a name is shown


@dataclass(slots=True)
class Candidate:
    """One name with all the places that mention it."""

    key: str
    name: str
    mentions: list[Mention]
    shown: Mention | None = None  #: the mention that stands nearest to the headline
    features: list[float] = field(default_factory=list)

    @property
    def sources(self) -> Counter[str]:
        """How often each source names it."""
        return Counter(mention.source for mention in self.mentions)

    def rank(self) -> tuple[int, int]:
        """Where it stands in a list of authors: as declared, else as shown."""
        declared = [mention.rank for mention in self.mentions if mention.source in DECLARED]
        position = self.shown.position if self.shown and self.shown.position is not None else 1 << 30
        return (min(declared, default=99), position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """The people of a page, and the organisations that its bylines name."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    source: str = ""
    confidence: float = 0.0
    organisation_source: str = ""


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return the folded given names that data/given_names.txt lists."""
    return frozenset((DATA / "given_names.txt").read_text(encoding="utf-8").split())


def read_authors(document: Document, places: Places) -> Authors:
    """Return who wrote the page; nobody where the evidence is weak."""
    candidates = gather(find_mentions(document, places), places)
    describe(candidates, document, places, load_model("name_tokens"))
    chances = load_forest("authors").probabilities([candidate.features for candidate in candidates])
    chosen = choose(candidates, chances)
    organisations = _organisations(candidates, chances, document)
    return Authors(
        people=tuple(candidate.name for _, candidate in chosen),
        organisations=tuple(candidate.name for candidate in organisations),
        source=_best_source([candidate for _, candidate in chosen]),
        confidence=min((chance for chance, _ in chosen), default=0.0),
        organisation_source=_best_source(organisations),
    )


def _best_source(candidates: list[Candidate]) -> str:
    sources = {mention.source for candidate in candidates for mention in candidate.mentions}
    return min(sources, key=SOURCES.index, default="")


def gather(found: list[Mention], places: Places) -> list[Candidate]:
    """Return the names that may be authors; of those only shown, the ones nearest to the headline."""
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        grouped[mention.part.key].append(mention)
    candidates = [
        Candidate(key, _spelling(mentions), mentions, _nearest(mentions, places))
        for key, mentions in grouped.items()
    ]
    shown = sorted((c for c in candidates if c.shown), key=lambda c: _order(c, places))[:_MOST_VISIBLE]
    visible = {c.key for c in shown}
    people = sum("json-ld:person" in c.sources for c in candidates)
    telling = DECLARED | {"author page address"} | ({"json-ld:person"} if people <= 20 else set())
    return [c for c in candidates if c.key in visible or telling.intersection(c.sources)]


def _spelling(mentions: list[Mention]) -> str:
    """Return the spelling to show: the first one that is not all capitals or all small."""
    texts = [mention.part.text for mention in mentions]
    return next((text for text in texts if not text.isupper() and not text.islower()), texts[0])


def _nearest(mentions: list[Mention], places: Places) -> Mention | None:
    shown = [m for m in mentions if m.position is not None]
    inside = [m for m in shown if not m.outside] or shown
    return min(inside, key=lambda m: _away(m, places), default=None)


def _away(mention: Mention, places: Places) -> int:
    """Return the distance from the headline; what stands before it counts as farther."""
    position = mention.position or 0
    return abs(places.distance(position)) + (300 if position < places.title_start else 0)


def _order(candidate: Candidate, places: Places) -> int:
    mention = candidate.shown
    if mention is None or mention.position is None:
        return 1 << 30
    away = min(abs(places.distance(mention.position)), abs(mention.position - places.prose_end) + 200)
    return away + (300 if mention.position < places.title_start else 0) + (1500 if mention.outside else 0)


# ------------------------------------------------------------------ features
@dataclass(slots=True)
class _Page:
    """What the features of all candidates of a page share."""

    places: Places
    model: dict[str, object]
    order: list[str]
    near_keys: list[str]
    per_source: dict[str, set[str]]
    declared: set[str]
    in_json: set[str]
    in_meta: set[str]
    near_text: str
    text: str
    titles: str
    host: frozenset[str]
    site: frozenset[str]
    address: str
    tokens: dict[str, frozenset[str]]
    best: list[tuple[int, str]]
    best_people: list[tuple[int, str]]
    general: dict[str, float]


def describe(
    candidates: list[Candidate], document: Document, places: Places, tokens: dict[str, object]
) -> tuple[str, ...]:
    """Fill the features of *candidates*; *tokens* holds the log odds of words to be part of a name. Return their names."""
    page = _page(candidates, document, places, tokens)
    rows = [
        {
            **_from_sources(c, page),
            **_from_place(c, page),
            **_from_shape(c, page),
            **_from_rivals(c, page),
            **page.general,
        }
        for c in candidates
    ]
    _add_tiers(candidates, rows)
    for candidate, row in zip(candidates, rows, strict=True):
        candidate.features = [float(value) for value in row.values()]
    return tuple(rows[0]) if rows else ()


def _page(candidates: list[Candidate], document: Document, places: Places, model: dict[str, object]) -> _Page:
    per_source: dict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        for source in candidate.sources:
            per_source[source].add(candidate.key)
    order = [c.key for c in sorted((c for c in candidates if c.shown), key=lambda c: _order(c, places))]
    near = [
        line.text
        for line in places.lines
        if places.title_start - 400 <= line.start <= min(places.title_end + 1200, places.prose_start + 50)
    ]
    headline = places.headline.line.text if places.headline else ""
    ranked = sorted(((sum(s in DECLARED for s in set(c.sources)), c.key) for c in candidates), reverse=True)
    people = {c.key for c in candidates if is_personal(c.name) and not is_organisation(c.name)}
    path = urlsplit(document.url).path if document.url else ""
    og_type = " ".join(document.meta.get("og:type", ())).lower()
    whole = " ".join(line.text for line in places.lines[:2000])
    return _Page(
        places=places,
        model=model,
        order=order,
        near_keys=[
            c.key
            for c in candidates
            if c.shown and c.shown.position is not None and -300 < places.distance(c.shown.position) < 1200
        ],
        per_source=per_source,
        declared={c.key for c in candidates if DECLARED.intersection(c.sources)},
        in_json=per_source["json-ld"],
        in_meta={c.key for c in candidates if any(s in DECLARED and s.startswith("meta") for s in c.sources)},
        near_text=f" {fold(' '.join(near))} ",
        text=whole.casefold(),
        titles=f" {fold(' '.join([*places.declared_titles[:2], headline]))} ",
        host=host_keys(document),
        site=site_keys(document),
        address=squash(unquote(document.url or "")),
        tokens={c.key: frozenset(c.key.split()) for c in candidates},
        best=ranked[:2],
        best_people=[item for item in ranked if item[1] in people][:2],
        general={
            "page json": float(bool(article_nodes(document))),
            "page article": float("article" in og_type),
            "page headline": places.headline_score,
            "page paragraphs": min(places.paragraphs, 50),
            "page path": min(len([part for part in path.split("/") if part]), 8),
            "page path length": math.log1p(len(path)),
        },
    )


def _from_sources(candidate: Candidate, page: _Page) -> dict[str, float]:
    counts = candidate.sources
    row: dict[str, float] = {}
    for source in SOURCES:
        row[source] = min(counts[source], 3)
        single = source.startswith("meta") or source == "json-ld"
        listed = (
            min((m.listed for m in candidate.mentions if m.source == source), default=0)
            if single
            else min(len(page.per_source[source]), 9)
        )
        row[f"listed {source}"] = listed if counts[source] else 0
    json = next((m for m in candidate.mentions if m.source == "json-ld"), None)
    row["json organisation"] = float(bool(json and json.organisation))
    row["json person"] = float(bool(json and json.person))
    row["json matches"] = json.matches if json else -1
    row["declared rank"] = min((m.rank for m in candidate.mentions if m.source in DECLARED), default=9)
    row["declared"] = sum(source in DECLARED for source in counts)
    row["in meta"] = sum(source in DECLARED and source.startswith("meta") for source in counts)
    row["visible"] = sum(source in _VISIBLE for source in counts)
    row["marked"] = sum(source in MARKED for source in counts)
    row["by"] = float(any(m.by for m in candidate.mentions))
    row["credit"] = float(all(m.part.credit for m in candidate.mentions))
    row["after by"] = float(any(m.after_by for m in candidate.mentions))
    row["after picture"] = float(any(m.after_picture for m in candidate.mentions))
    row["after guest"] = float(any(m.after_guest for m in candidate.mentions))
    row["tail"] = float(any(m.tail and not m.outside for m in candidate.mentions))
    return row


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _from_place(candidate: Candidate, page: _Page) -> dict[str, float]:
    places, shown = page.places, candidate.shown
    row: dict[str, float] = {"shown": float(shown is not None)}
    position = shown.position if shown and shown.position is not None else None
    far = position is None
    row["distance"] = 12.0 if far else _signed_log(places.distance(position or 0))
    row["away"] = 12.0 if far else math.log1p(abs(places.distance(position or 0)))
    row["to prose"] = 12.0 if far else _signed_log((position or 0) - places.prose_start)
    row["to end"] = 12.0 if far else _signed_log((position or 0) - places.prose_end)
    flags = shown.flags if shown else 0
    for name, flag in _FLAGS:
        row[f"in {name}"] = float(bool(flags & flag))
    row["outside"] = float(bool(shown and shown.outside))
    row["linked"] = float(bool(shown and shown.linked))
    row["share of element"] = len(candidate.key) / max(shown.length, 1) if shown else -1.0
    row["biography"] = float(bool(shown and shown.biography))
    row["dated"] = float(bool(shown and shown.dated))
    row["visible rank"] = min(page.order.index(candidate.key), 10) if shown else 10
    places_shown = [m for m in candidate.mentions if m.position is not None]
    row["times inside"] = min(sum(not m.outside for m in places_shown), 12)
    row["times outside"] = min(sum(m.outside for m in places_shown), 12)
    row["positions"] = min(len({m.position for m in places_shown}), 9)
    key = candidate.key
    row["near headline"] = 1.0 if f" {key} " in page.near_text else 0.5 if key in page.near_text else 0.0
    row["occurrences"] = min(page.text.count(candidate.name.casefold()), 20) if len(key) > 2 else 0
    row["in title"] = float(f" {key} " in page.titles)
    return row


def name_odds(key: str, model: dict[str, object]) -> float:
    """Return the mean log odds of the words of *key* to be part of a name; 0 for unknown words."""
    odds = [value if isinstance(value := model.get(word), float | int) else 0.0 for word in key.split()[:4]]
    return sum(odds) / max(1, len(odds))


def _from_shape(candidate: Candidate, page: _Page) -> dict[str, float]:
    name, key = candidate.name, candidate.key
    listed = name.split()
    squashed = squash(name)
    owned = page.host | page.site
    overlap = len(squashed) > 3 and any(len(k) > 3 and (k in squashed or squashed in k) for k in owned)
    given = given_names()
    return {
        "odds": name_odds(key, page.model),
        "given": float(key.split()[0] in given) + float(any(word in given for word in key.split()[1:])) * 0.5,
        "words": len(listed),
        "characters": len(name),
        "capitalised": sum(word[:1].isupper() for word in listed) / len(listed),
        "capitals": float(name.isupper()),
        "digit": float(re.search(r"\d", name) is not None),
        "latin": float(re.match(r"[A-Za-zÀ-ž]", name) is not None),
        "nobody": float(is_nobody(name)),
        "organisation": float(is_organisation(name)),
        "role": float(has_role(name)),
        "dotted": float(re.search(r"\.\w{2,3}$|[_/\\]", name) is not None),
        "personal": float(is_personal(name)),
        "initial": float(re.search(r"\b[A-Z]\.", name) is not None),
        "is host": float(squashed in page.host),
        "is site": float(squashed in page.site),
        "like site": float(overlap),
        "in address": float(len(squashed) > 2 and squashed in page.address),
    }


def _from_rivals(candidate: Candidate, page: _Page) -> dict[str, float]:
    key = candidate.key
    own = page.tokens[key]
    others = [(k, words) for k, words in page.tokens.items() if k != key and not own.isdisjoint(words)]
    inside = page.order
    return {
        "part of another": float(any(own < words for _, words in others)),
        "contains another": float(any(own > words for _, words in others)),
        "part of declared": float(any(own < words for k, words in others if k in page.declared)),
        "rivals": min(len(page.tokens), 30),
        "rivals declared": len(page.declared - {key}),
        "rivals json": len(page.in_json - {key}),
        "rivals meta": len(page.in_meta - {key}),
        "rivals near": min(len(page.near_keys) - (key in page.near_keys), 30),
        "rivals marked": min(
            len(
                {
                    k
                    for s in ("microdata", "rel=author", "author page", "byline text")
                    for k in page.per_source[s]
                }
                & set(inside) - {key}
            ),
            20,
        ),
        "rivals rel": min(len(page.per_source["rel=author"] - {key}), 20),
        "best rival": max((n for n, k in page.best if k != key), default=0),
        "best person": max((n for n, k in page.best_people if k != key), default=0),
    }


def _add_tiers(candidates: list[Candidate], rows: list[dict[str, float]]) -> None:
    """Add where each name's best source stands among the sources of all plausible names."""
    none = len(_TIERS)
    tiers: list[int] = []
    for row in rows:
        inside = not row["outside"]
        tiers.append(
            next(
                (
                    i
                    for i, tier in enumerate(_TIERS)
                    if (inside or not 3 <= i <= 8) and any(row[s] for s in tier)
                ),
                none,
            )
        )
    plausible = [_is_plausible(row) for row in rows]
    ranks = [tier if fit else none for tier, fit in zip(tiers, plausible, strict=True)]
    best = min(ranks, default=none)
    second = min((rank for rank in ranks if rank > best), default=none)
    nearest = min((row["away"] for row, fit in zip(rows, plausible, strict=True) if fit), default=12.0)
    for row, tier, rank in zip(rows, tiers, ranks, strict=True):
        row["tier"] = tier
        row["best tier"] = best
        row["second tier"] = second
        row["is top"] = float(rank == best < none)
        row["tops"] = ranks.count(best)
        row["tiers"] = sum(any(row[s] for s in sources) for sources in _TIERS)
        row["plausible"] = sum(plausible)
        row["behind nearest"] = row["away"] - nearest


def _is_plausible(row: dict[str, float]) -> bool:
    shape = row["personal"] or not row["latin"] or (row["words"] == 1 and not row["is host"])
    return bool(shape and not (row["nobody"] or row["organisation"] or row["is site"] or row["dotted"]))


# -------------------------------------------------------------------- choice
def choose(candidates: list[Candidate], chances: list[float]) -> list[tuple[float, Candidate]]:
    """Return the names that are likelier authors than not, in the order of the byline, with their chances."""
    chosen: list[tuple[float, Candidate]] = []
    for chance, candidate in sorted(zip(chances, candidates, strict=True), key=lambda pair: -pair[0]):
        if chance < ENOUGH:
            break
        own = set(candidate.key.split())
        if not is_somebody_here(candidate) or any(
            own < (k := set(c.key.split())) or k < own for _, c in chosen
        ):
            continue
        chosen.append((chance, candidate))
    return sorted(chosen, key=lambda pair: pair[1].rank())


def is_somebody_here(candidate: Candidate) -> bool:
    """Whether a name may be shown as a person at all, whatever the ranker says."""
    return not is_nobody(candidate.name) and not is_organisation(candidate.name)


def _organisations(candidates: list[Candidate], chances: list[float], document: Document) -> list[Candidate]:
    """Return agencies and desks that are declared as author or that a byline names; never the site itself."""
    site = site_keys(document) | host_keys(document)
    return [
        candidate
        for candidate, chance in zip(candidates, chances, strict=True)
        if (chance > 0.3 or DECLARED.intersection(candidate.sources))
        and is_organisation(candidate.name)
        and not is_nobody(candidate.name)
        and squash(candidate.name) not in site
    ][:4]
