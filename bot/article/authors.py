"""Who wrote a page: the named candidates weighed against each other, with "nobody" as an answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.article.bylines import MARKED, Mention, bylines_elsewhere, find_shown, is_byline
from bot.article.candidates import Candidate, gather
from bot.article.declared import DECLARED, find_declared
from bot.article.document import Document
from bot.article.evidence import describe, name_odds
from bot.article.models import load_forest, load_model
from bot.article.names import fold, initials, is_nobody, is_organisation, is_personal, is_somebody, squash
from bot.article.places import Line, Places
from bot.article.splitting import split_byline

SOURCES = tuple(
    "json-ld|json-ld:other article|json-ld:person|json-ld:other|meta:author|meta:article:author|meta:parsely-author|"
    "meta:sailthru.author|meta:dc.creator|meta:byl|meta:cxenseparse:author|meta:citation_author|meta:twitter:creator|"
    "meta:label|meta:other|microdata|rel=author|author page|byline class|near byline class|byline text|plain|line|"
    "author page address".split("|")
)
_PLAIN_SOURCES = frozenset(
    (
        "json-ld",
        "meta:author",
        "meta:article:author",
        "meta:parsely-author",
        "meta:sailthru.author",
        "meta:byl",
    )
)
AGREED = 0.97  #: confidence of what is declared and shown
TOGETHER = 0.9  #: confidence of people whom the page's JSON-LD names along with others
ENOUGH, ENOUGH_IN_COMPANY = 0.4, 0.2  #: chances above which a name is shown
_LONGEST_BYLINE = 120  #: characters
#: The same for a name beside a byline of somebody else, and for one only shown where an organisation is declared.
ENOUGH_AGAINST = 0.75
SIGNED = 0.87  #: confidence of whom a byline of nothing but a name names: so many of them were right
_BELOW = 4  #: lines below the headline in which bylines stand
_MOST_ORGANISATIONS = 4
_UNMARKED = frozenset(("plain", "line"))
_ALONE = 0.8  #: share of a line that holds a name and nothing else
_NO_NAME = -2.0  #: log odds of words, such as "Written By", that pages hardly ever have in names


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """The people of a page, and the organisations that its bylines name."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    source: str = ""
    confidence: float = 0.0
    organisation_source: str = ""


def read_authors(document: Document, places: Places) -> Authors:
    """Return who wrote the page; nobody where the evidence is weak."""
    declared = find_declared(document, places)
    agreed = agreed_names(declared, places) or named_reporters(declared, places)
    if agreed:
        return Authors(people=agreed, source=_best_source(declared), confidence=AGREED)
    together = named_together(declared, places)
    if together:
        return Authors(
            people=together,
            organisations=tuple(
                m.part.text for m in declared if m.source == "json-ld" and _is_agency(m.part.text, places)
            )[:_MOST_ORGANISATIONS],
            source="json-ld",
            confidence=TOGETHER,
            organisation_source="json-ld",
        )
    candidates = gather(declared + find_shown(places), places)
    describe(candidates, document, places, load_model("name_tokens"))
    rows = [candidate.features for candidate in candidates]
    chances = load_forest("authors").chances(rows).tolist() if rows else []
    chosen = choose(candidates, chances, places)
    organisations = _organisations(candidates, chances, places)
    return Authors(
        people=tuple(candidate.name for _, candidate in chosen),
        organisations=tuple(candidate.name for candidate in organisations),
        source=_best_source([m for _, candidate in chosen for m in candidate.mentions]),
        confidence=min((chance for chance, _ in chosen), default=0.0),
        organisation_source=_best_source([m for candidate in organisations for m in candidate.mentions]),
    )


def agreed_names(declared: list[Mention], places: Places) -> tuple[str, ...]:
    """Return the declared authors if all are people whom the page names near headline or text end or in a byline.

    Such names are hardly ever wrong, so nothing else has to be weighed. Empty where the page leaves a doubt.
    """
    names = {m.part.key: m.part.text for m in reversed(declared) if m.source in _PLAIN_SOURCES}
    if not names:
        return ()
    if not all(_is_person(name, places) for name in names.values()):
        return ()
    if not _are_in(places.near, names) and not _are_in(places.near + bylines_elsewhere(places), names):
        return ()
    return _fuller(names, places) or tuple(reversed(names.values()))


def named_reporters(declared: list[Mention], places: Places) -> tuple[str, ...]:
    """Return those whom the page calls reporters where it declares them, beside nobody but itself or organisations.

    Who filled that in had somebody in mind, so they need not be shown.
    """
    plain = {m.part.key: m.part for m in declared if m.source in _PLAIN_SOURCES}.values()
    people = [part for part in plain if part.reporter and _is_person(part.text, places)]
    rest = [part.text for part in plain if part not in people]
    if any(_is_person(name, places) and not is_organisation(name) for name in rest):
        return ()
    return tuple(part.text for part in people)


def named_together(declared: list[Mention], places: Places) -> tuple[str, ...]:
    """Return the people whom the JSON-LD article of this headline and address names along with others.

    Systems fill in one name where nobody signed, never several, so these need not be shown. The others may be
    organisations; where the page says who is a person, nobody else is.
    """
    typed = {m.part.key for m in declared if m.source == "json-ld:person"}
    own = [m.part for m in declared if m.source == "json-ld" and m.matches == 2]
    names = [part.text for part in own]
    people = [p.text for p in own if _is_person(p.text, places) and (not typed or p.key in typed)]
    rest = set(names) - set(people)
    if len(names) < 2 or not all(is_organisation(name) or is_nobody(name) for name in rest):
        return ()
    return tuple(people)


def _is_person(name: str, places: Places) -> bool:
    """Whether *name* is that of somebody, by its shape, and not the site's."""
    if not is_personal(name) or not is_somebody(name):
        return False
    return squash(name) not in places.site | places.host and not is_acronym_of_site(name, places)


def _is_agency(name: str, places: Places) -> bool:
    """Whether *name* is that of an organisation other than the site."""
    return is_organisation(name) and not is_nobody(name) and squash(name) not in places.site | places.host


def _are_in(lines: list[Line], names: dict[str, str]) -> bool:
    text = f" {fold(' '.join(line.text for line in lines))} "
    return all(f" {key} " in text for key in names)


def _fuller(names: dict[str, str], places: Places) -> tuple[str, ...]:
    """Return the people of a byline that names all the declared *names* and others; empty where there is none.

    Systems declare whoever filed an article, its byline all who wrote it.
    """
    for line in places.near:
        if len(line.text) > _LONGEST_BYLINE or not is_byline(line, places):
            continue
        parts = {part.key: part for part in split_byline(line.text)}
        people = all(is_personal(p.text) and is_somebody(p.text) and not p.credit for p in parts.values())
        if people and len(parts) > len(names) and parts.keys() >= names.keys():
            return tuple(part.text for part in parts.values())
    return ()


def _best_source(mentions: list[Mention]) -> str:
    return min({mention.source for mention in mentions}, key=SOURCES.index, default="")


# -------------------------------------------------------------------- choice
def choose(
    candidates: list[Candidate], chances: list[float], places: Places
) -> list[tuple[float, Candidate]]:
    """Return the names that are likelier authors than not, in the order of the byline, with their chances.

    Whoever stands in one list with a chosen name needs less; beside a byline that holds nothing but a name, whatever
    its chance, others need more.
    """
    chosen: list[tuple[float, Candidate]] = []
    company: set[str] = set()
    own = [c for c in candidates if "json-ld" in c.sources]
    by_organisation = bool(own) and not any(may_be_shown(c, places) for c in own)
    signed = {c.key for c in candidates if is_byline_alone(c, places)}

    def enough(candidate: Candidate) -> float:
        """The chance from which on a name is shown."""
        if candidate.key in signed:
            return 0.0
        if not company.isdisjoint(candidate.lists()):
            return ENOUGH if signed else ENOUGH_IN_COMPANY
        return ENOUGH_AGAINST if signed or (by_organisation and not candidate.declared) else ENOUGH

    for chance, candidate in sorted(zip(chances, candidates, strict=True), key=lambda pair: -pair[0]):
        if chance < enough(candidate) or not may_be_shown(candidate, places):
            continue
        if any(_is_within(candidate, c) for _, c in chosen):
            continue
        chosen.append((max(chance, SIGNED) if candidate.key in signed else chance, candidate))
        company.update(candidate.lists())
    return sorted(chosen, key=lambda pair: pair[1].rank())


def is_byline_alone(candidate: Candidate, places: Places) -> bool:
    """Whether a line marked as a byline just below the headline holds the name of this person and nothing else."""
    if not _stands_alone(candidate, places) or not _is_person(candidate.name, places):
        return False
    return name_odds(candidate.key, load_model("name_tokens")) >= _NO_NAME


def _stands_alone(candidate: Candidate, places: Places) -> bool:
    """Whether a line marked as a byline just below the headline says a name and hardly anything else."""
    headline = places.block(places.title_start)
    for mention in candidate.mentions:
        spot = mention.spot
        if spot is None or mention.source not in MARKED or mention.part.credit or spot.after_picture:
            continue
        block = places.block(spot.position)
        alone = len(candidate.name) > _ALONE * len(places.walk.texts[block])
        if alone and 0 < block - headline <= _BELOW and (spot.after_by or not spot.outside):
            return True
    return False


def _is_within(one: Candidate, other: Candidate) -> bool:
    """Whether one of two names holds the other: all its words, or its surname grown together with what follows."""
    short, long = sorted((one, other), key=lambda candidate: len(candidate.key))
    if set(short.key.split()) < set(long.key.split()):
        return True
    rest = long.name.removeprefix(short.name)
    return " " in short.key and rest != long.name and rest[:1].isupper()


def may_be_shown(candidate: Candidate, places: Places) -> bool:
    """Whether a name may be shown as a person at all, whatever the ranker says."""
    if is_nobody(candidate.name) or candidate.organisation or is_acronym_of_site(candidate.name, places):
        return False
    if not candidate.declared and (candidate.credited(all) or _is_aside(candidate)):
        return False
    name = squash(candidate.name)
    return " " in candidate.key or name not in places.host | places.site


def _is_aside(candidate: Candidate) -> bool:
    """Whether only unmarked lines of other parts of the page than the article hold the name."""
    shown = candidate.shown
    return shown is not None and shown.outside and candidate.sources.keys() <= _UNMARKED


def is_acronym_of_site(name: str, places: Places) -> bool:
    """Whether the site is called by the initials of *name*: then it is its publisher's, not somebody's."""
    short = initials(name)
    return len(short) >= 3 and short in places.host | places.site


def _organisations(candidates: list[Candidate], chances: list[float], places: Places) -> list[Candidate]:
    """Return agencies and desks that are declared as author or that a byline names; never the site itself."""
    return [
        candidate
        for candidate, chance in zip(candidates, chances, strict=True)
        if (chance > 0.3 or DECLARED.intersection(candidate.sources)) and _is_agency(candidate.name, places)
    ][:_MOST_ORGANISATIONS]
