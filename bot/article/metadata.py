"""Everything about a page but its text: title, people, dates, site, language, description, picture, tags, address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.article.authors import Authors, read_authors
from bot.article.details import Found, read_canonical, read_description, read_image, read_tags
from bot.article.document import Document
from bot.article.language import read_language
from bot.article.places import OUTSIDE, Places, find_places
from bot.article.published import Dates, read_dates
from bot.article.site_names import read_site
from bot.article.titles import Title, read_title
from bot.article.walk import Walk
from bot.model import Image, Provenance

_SAMPLE = 1000  #: characters of text that the language is told from


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says about its article; the fields are those of Article."""

    title: str = ""
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    published: datetime | None = None
    published_day_only: bool = False
    published_uncertain: bool = False
    updated: datetime | None = None
    site_name: str | None = None
    language: str | None = None
    description: str | None = None
    image: Image | None = None
    tags: tuple[str, ...] = ()
    canonical_url: str | None = None
    provenance: tuple[Provenance, ...] = ()


def read_metadata(document: Document, walk: Walk) -> Metadata:
    """Return the metadata of a parsed and walked page; every value that is set has its provenance."""
    places = find_places(document, walk)
    language = read_language(document, _sample(places))
    title = read_title(document, places)
    authors = read_authors(document, places)
    dates = read_dates(document, places, language.value if language else None)
    site, description = read_site(document, places.declared_titles), read_description(document)
    image, tags, canonical = read_image(document), read_tags(document), read_canonical(document)
    found = {
        "site_name": site,
        "language": language,
        "description": description,
        "image": image,
        "tags": tags,
        "canonical_url": canonical,
    }
    return Metadata(
        title=title.text,
        authors=authors.people,
        organisations=authors.organisations,
        published=dates.published,
        published_day_only=dates.day_only,
        published_uncertain=dates.uncertain,
        updated=dates.updated,
        site_name=site.value if site else None,
        language=language.value if language else None,
        description=description.value if description else None,
        image=image.value if image else None,
        tags=tags.value if tags else (),
        canonical_url=canonical.value if canonical else None,
        provenance=(
            *_ranked(title, authors, dates),
            *(_of(name, value) for name, value in found.items() if value),
        ),
    )


def _sample(places: Places) -> str:
    """Return words of the article, else of the page, to tell the language from."""
    walk, starts = places.walk, places.starts
    found: list[str] = []
    length = 0
    for index, text in enumerate(walk.texts):
        if (
            len(text) > 60
            and starts[index] >= places.title_end
            and not places.flags(walk.owner[index]) & OUTSIDE
        ):
            found.append(text)
            length += len(text)
            if length > _SAMPLE:
                break
    return " ".join(found or walk.texts)[:_SAMPLE]


def _ranked(title: Title, authors: Authors, dates: Dates) -> list[Provenance]:
    found: list[Provenance] = []
    if title.text:
        found.append(Provenance(field="title", source=title.source, confidence=title.confidence))
    if authors.people:
        found.append(Provenance(field="authors", source=authors.source, confidence=authors.confidence))
    if authors.organisations:
        found.append(Provenance(field="organisations", source=authors.organisation_source, confidence=0.8))
    if dates.published:
        found.append(Provenance(field="published", source=dates.source, confidence=dates.confidence))
    if dates.updated:
        found.append(Provenance(field="updated", source=dates.updated_source, confidence=0.9))
    return found


def _of(field: str, value: Found[str] | Found[Image] | Found[tuple[str, ...]]) -> Provenance:
    return Provenance(field=field, source=value.source, confidence=value.confidence)
