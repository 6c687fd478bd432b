"""What servers, channels and members want, and the discussions they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
