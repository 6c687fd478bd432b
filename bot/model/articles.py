"""What was read: an article as it was found, and what is quoted of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of an article is, so that a reader can draw it as the author meant it."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    EMBED = "embed"  #: an embedded post, its words as the page gives them
    DEK = "dek"  #: the standfirst under a headline; never part of Article.text
    CAPTION = "caption"  #: words under a picture; never part of Article.text


class Barrier(StrEnum):
    """Why a page does not show its article to a reader without an account, a browser or a click."""

    PAYWALL = "paywall"
    CONSENT = "consent"
    JAVASCRIPT = "javascript"
    NOT_ARTICLE = "not_article"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a web server answered, after redirects; the body is decompressed but not decoded."""

    url: str  #: where the last redirect led
    requested_url: str
    status: int
    body: bytes
    content_type: str  #: lower case, without parameters
    charset: str | None = None  #: as the HTTP header names it
    etag: str | None = None
    last_modified: str | None = None
    retry_after: int | None = None  #: seconds
    max_age: int | None = None  #: seconds, from Cache-Control
    no_archive: bool = False  #: X-Robots-Tag forbids keeping a copy
    moved_to: str | None = None  #: where a chain of permanent redirects only (301, 308) led
    hub_url: str | None = None  #: Link rel=hub (WebSub): who tells of changes
    self_url: str | None = None  #: Link rel=self: the page's name at that hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an article."""

    kind: BlockKind
    text: str
    level: int = 0  #: of a heading (1-6) or of a nested list item (0 = outermost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An article's lead picture."""

    url: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a value of an article was found and how sure it is."""

    field: str  #: the name of the Article field
    source: str  #: "json-ld", "meta:og:title", "byline", …
    confidence: float  #: 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page, read: what its author wrote and nothing that surrounds it."""

    url: str
    canonical_url: str | None = None
    title: str = ""
    authors: tuple[str, ...] = ()  #: people only
    organisations: tuple[str, ...] = ()  #: agencies and desks that a byline names
    published: datetime | None = None  #: aware; None when the page does not say
    published_day_only: bool = False  #: the page names a day; the time of `published` means nothing
    published_uncertain: bool = False  #: weak evidence; show it marked
    updated: datetime | None = None  #: aware; later than `published`
    site_name: str | None = None
    language: str | None = None  #: ISO 639-1, lower case
    description: str | None = None
    image: Image | None = None
    tags: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()  #: update and correction lines
    particulars: tuple[str, ...] = ()  #: of a recipe or a review: "45 min", "4 servings", "★ 4/5"
    blocks: tuple[Block, ...] = ()
    text: str = ""  #: the body's blocks joined by newlines; no deks, no captions
    word_count: int = 0  #: words; characters / 2 in scripts without spaces
    minutes: int = 0  #: reading time, at least 1 where there is text
    confidence: float = 0.0  #: expected F1 of the body, 0 to 1
    barrier: Barrier | None = None  #: why the text is not the whole article
    truncated: bool = False  #: the article goes on where our limits end
    next_page: str | None = None  #: where it goes on, if it is divided over pages
    alternate: str | None = None  #: the same in another form, where this page shows little
    teaser: bool = False  #: the page could not be read: this is what its feed says of it
    provenance: tuple[Provenance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence quoted from a text: text[start:end] is the source sentence."""

    text: str  #: what is shown; shorter than its source only by deletions marked "…"
    start: int
    end: int
    fragment: str = ""  #: "#:~:text=…", opens the sentence in the page; empty where none is unambiguous


class FactKind(StrEnum):
    """What makes a statement worth listing."""

    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    QUOTE = "quote"
    DECISION = "decision"
    CAUSE = "cause"
    NEXT = "next"
    STATEMENT = "statement"
    QUESTION = "question"  #: of an interview, all of whose facts are
    ITEM = "item"  #: of a list, all of whose facts are


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement that stands alone; text[start:end] is the sentence it was taken from."""

    text: str
    start: int
    end: int
    kind: FactKind = FactKind.STATEMENT
    fragment: str = ""  #: as Sentence.fragment


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What an article says, in its own words, in article order."""

    sentences: tuple[Sentence, ...] = ()
    facts: tuple[Fact, ...] = ()  #: the most newsworthy first; questions and items in their order
    whole_text: bool = False  #: the article is so short that the sentences are all of it
    model: str | None = None  #: the language model that wrote it; None when quoted
    translated: bool = False  #: written in another language than the article's


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with its summary, as the store keeps it."""

    id: int
    article: Article
    summary: Summary
