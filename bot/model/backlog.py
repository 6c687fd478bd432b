"""What waits to be done, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
