"""The values every layer speaks in: frozen, keyword-only, without behaviour that touches the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    blocks: tuple[Block, ...] = ()
    text: str = ""  #: the body's blocks joined by newlines; no deks, no captions
    word_count: int = 0  #: words; characters / 2 in scripts without spaces
    minutes: int = 0  #: reading time, at least 1 where there is text
    confidence: float = 0.0  #: expected F1 of the body, 0 to 1
    barrier: Barrier | None = None  #: why the text is not the whole article
    truncated: bool = False  #: the parser's limits cut the page
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
    facts: tuple[Fact, ...] = ()  #: the most newsworthy first
    whole_text: bool = False  #: the article is so short that the sentences are all of it
    model: str | None = None  #: the language model that wrote it; None when quoted
    translated: bool = False  #: written in another language than the article's


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with its summary, as the store keeps it."""

    id: int
    article: Article
    summary: Summary


class PasteMode(StrEnum):
    """What the bot answers in a channel."""

    OFF = "off"  #: nothing is posted there, whoever asks
    REQUEST = "request"  #: commands and mentions
    ON = "on"  #: these and links that members paste


class ThreadMode(StrEnum):
    """When a discussion thread is opened under a card."""

    ALWAYS = "always"
    ON_DEMAND = "on_demand"  #: when somebody presses Discuss
    FIRST_REPLY = "first_reply"  #: when somebody replies to the card, or presses Discuss
    REACTIONS = "reactions"  #: when the card has so many reactions, or somebody presses Discuss
    NEVER = "never"


class Rhythm(StrEnum):
    """How often a channel gets a digest."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """How the bot behaves in one channel; nothing happens in a channel without a row."""

    guild_id: int
    channel_id: int
    paste: PasteMode = PasteMode.OFF
    threads: ThreadMode = ThreadMode.ON_DEMAND
    reactions: int = 3  #: how many open a thread in mode REACTIONS
    archive_minutes: int = 1440  #: 60, 1440, 4320 or 10080
    language: str | None = None  #: of labels; None follows the server's
    digest: Rhythm = Rhythm.OFF
    plain: bool = False  #: cards as text without pictures
    hide_previews: bool = False  #: take Discord's own preview off messages that got a card


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """How the bot behaves in one server."""

    guild_id: int
    language: str | None = None  #: of labels; None follows the server's locale
    store_text: bool = False  #: keep the words of comments, for highlights and exports
    summary_model: bool = False  #: have the owner's language model write summaries, where there is one
    summary_language: str | None = None  #: of written summaries (ISO 639-1); None keeps each article's


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSettings:
    """What a member wants, in every server."""

    user_id: int
    ignored: bool = False  #: links this member pastes are left alone
    plain: bool = False  #: answers to this member as text without pictures


class RuleKind(StrEnum):
    """What a server's rule is about."""

    ROLE = "role"  #: whose links are answered; the subject is a role's id
    SITE = "site"  #: which sites are read; the subject is a host, its subdomains included


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that a server allows or forbids; where anything is allowed, all else is forbidden."""

    kind: RuleKind
    subject: str
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """One card of an article in one channel, and the thread below it."""

    id: int
    article_id: int
    guild_id: int  #: 0 in direct messages
    channel_id: int
    home_id: (
        int  #: whoever sees this channel sees the card: a public thread's parent, else the channel itself
    )
    sharer_id: int | None  #: None when a subscription brought it
    source_id: int | None  #: the member's message that held the link
    message_id: int | None  #: the card; None until it is posted and after it was taken down
    thread_id: int | None
    comments: int  #: messages in the thread that people wrote
    shared_at: datetime  #: aware
    note: str | None = None  #: what the sharer had to say
    length: str | None = None  #: "short", "normal" or "long", where the sharer asked for one
    merged_into: int | None = None  #: the discussion that a moderator made it part of; it has no card then


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A message in a discussion's thread."""

    discussion_id: int
    message_id: int
    author_id: int
    reply_to: int | None
    created_at: datetime  #: aware
    reactions: int = 0
    text: str | None = None  #: None unless the server keeps words
    thread_id: int | None = None  #: where it was written, if that is not the discussion's own thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A small message of the bot in answer to a member's, other than a card."""

    source_id: int  #: the member's message
    page_key: str  #: the link it answers
    channel_id: int
    message_id: int
    waiting: bool = False  #: the page is still being read


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed."""

    id: str  #: stable within its feed: GUID, else link, else a hash of title and day
    url: str | None
    title: str = ""
    published: datetime | None = None  #: aware
    updated: datetime | None = None  #: aware
    summary: str = ""  #: HTML as found, to be cleaned before it is shown
    authors: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, parsed."""

    url: str
    title: str = ""
    site_url: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = field(default=())
    ttl_minutes: int | None = None  #: how long the feed asks to be left alone
    hub_url: str | None = None  #: WebSub


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedFeed:
    """A feed that is polled, as the store keeps it."""

    id: int
    url: str
    title: str = ""
    site_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0  #: polls in a row that brought no feed
    status: int | None = None  #: of the last answer; None when there was none
    trouble: str | None = None  #: the class of bot.errors that the last poll ended in
    moved_to: str | None = None  #: where the last polls were moved to permanently
    moves: int = 0  #: how many in a row
    ttl_minutes: int | None = None
    published: tuple[datetime, ...] = ()  #: of the latest entries, the newest first
    polled_at: datetime | None = None  #: aware; None before the first poll that brought a feed
    next_poll: datetime | None = None  #: aware; None when the feed was given up


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEntry:
    """A new entry of a followed feed whose article is still to be read."""

    id: int
    feed_id: int
    entry: Entry
    attempts: int  #: this one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Somebody who added a feed is to be told, once, that it is in trouble."""

    id: int
    feed: FollowedFeed
    guild_id: int
    channel_id: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a channel gets: what a query finds, what a feed brings, or what a query finds in a feed."""

    id: int
    guild_id: int
    channel_id: int
    name: str
    query: str | None = None  #: bot.feeds.topics; None takes everything the feed brings
    feed_id: int | None = None  #: None listens to the server's feeds and pasted links
    role_id: int | None = None  #: mentioned with every article
    member_id: int | None = None  #: whose own it is; the channel is then their direct messages
    parent_id: int | None = None  #: the server's topic that a member follows
    paused: bool = False
    muted_until: datetime | None = None  #: aware
    created_by: int
    created_at: datetime  #: aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """What a topic learned from rated articles; bot.feeds.classifier asks it."""

    rarity: Mapping[str, float]  #: of each word that it knows: its inverse document frequency
    weights: Mapping[str, float]  #: of the same words; what speaks for the topic is positive
    bias: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """How well a topic learned from the articles that members rated."""

    labelled: int  #: articles it learned from
    right: int  #: of these it judges as the members do, without having seen them
    query_right: int  #: of these its query judges as the members do
    learned_at: datetime  #: aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """A link that a member shared, whose article is still to be matched with the server's topics."""

    id: int
    article_id: int
    guild_id: int
    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """How much a channel is sent, and when."""

    guild_id: int
    channel_id: int
    zone: str = "UTC"  #: IANA name; of the hours below
    cap: int = 10  #: cards an hour; more go into the digest
    quiet_from: int | None = None  #: minutes after midnight; None is never quiet
    quiet_until: int | None = None
    digest_hour: int = 8
    digest_weekday: int = 0  #: of a weekly digest; Monday is 0
    skip_posted: bool = True  #: the digest leaves out what had a card of its own
    crossposts: bool = False  #: links pasted in the channel may reach others that follow a matching topic
    next_digest: datetime | None = None  #: aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An article that a channel is owed."""

    id: int
    article_id: int
    guild_id: int
    channel_id: int
    subscriptions: tuple[int, ...] = ()  #: ids of those that asked for it
    joins_id: int | None = None  #: the article on whose card it is named instead of getting its own
    owed_at: datetime  #: aware
    attempts: int = 0
    first_try: datetime | None = None  #: aware; before anything was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A list of articles that a channel is owed."""

    id: int
    guild_id: int
    channel_id: int
    due_at: datetime  #: aware
    attempts: int = 0
    first_try: datetime | None = None  #: aware; before anything was sent


class JobKind(StrEnum):
    """What waits to be done behind the scenes."""

    FEED = "feed"  #: to be asked
    ENTRY = "entry"  #: to be read
    PASTE = "paste"  #: to be matched against topics
    DELIVERY = "delivery"  #: to be posted
    DIGEST = "digest"  #: to be posted
    JOB = "job"  #: of the queue between processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much of one kind is due."""

    kind: JobKind
    due: int
    oldest: datetime | None  #: aware; since when the oldest waits


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Something that will not be tried again unless somebody says so."""

    kind: JobKind
    id: int
    why: str
    channel_id: int | None = None
    url: str | None = None  #: of a feed
