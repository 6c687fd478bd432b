"""What is followed, what it brings, and what a channel is owed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct


class Entry(Struct, frozen=True, kw_only=True):
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
    hub_url: str | None = None  #: who tells of news in it (WebSub)
    self_url: str | None = None  #: the feed's name at that hub


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
    hub_url: str | None = None  #: who tells of news in it (WebSub)
    self_url: str | None = None  #: the feed's name at that hub
    told_until: datetime | None = None  #: aware; until when the hub has agreed to tell
    told_at: datetime | None = None  #: aware; when it last did; None where it has missed news since


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """An address at which a hub may say that a feed has news (WebSub)."""

    id: int
    feed_id: int | None  #: None when the feed was forgotten
    hub_url: str
    self_url: str  #: the feed's name at the hub
    path: str  #: the address' last part, which only the hub is told
    secret: str | None  #: what the hub signs with; None where asking it is not encrypted
    leaving: bool = False  #: the hub is to be asked to tell no more
    failures: int = 0  #: how often it was asked since it last agreed


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
