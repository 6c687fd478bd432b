"""What a poll changes in a followed feed: decisions, made of what came and what was known."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import StatusError, ThreadlineError
from bot.feeds.hubs import is_told, just_told
from bot.feeds.schedule import History, Poll, Verdict, decide
from bot.model import Entry, Feed, FollowedFeed, Page
from bot.store.feeds import Polled, written

log = logging.getLogger(__name__)

OLD_NEWS = timedelta(days=30)  #: entries that appear this long after their date are no news
REMEMBERED_DATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is to be kept of a poll, and where the feed is to be asked from now on."""

    polled: Polled
    moved_to: str | None = None


def to_read(feed: FollowedFeed, entries: Iterable[Entry], now: datetime) -> frozenset[str]:
    """The ids of the entries that are news: none on the first poll, later those without a date long ago.

    A server that gives all its entries new ids must not flood those who follow it.
    """
    if feed.polled_at is None:
        return frozenset()
    recent = (e for e in entries if e.url and (e.published is None or e.published > now - OLD_NEWS))
    return frozenset(entry.id for entry in recent)


def settled(
    feed: FollowedFeed,
    page: Page,
    parsed: Feed | None,
    now: datetime,
    jitter: float,
    asked_at: datetime | None = None,
) -> Result:
    """What a poll changes that brought a feed, or (None) that it is unchanged."""
    entries = parsed.entries if parsed else ()
    dates = {entry.published for entry in entries if entry.published} | set(feed.published)
    published = sorted(dates, reverse=True)[:REMEMBERED_DATES]
    ttl = parsed.ttl_minutes if parsed else feed.ttl_minutes
    read = to_read(feed, entries, now)
    told = just_told(now, feed.told_at)
    missed = bool(read) and not told and feed.told_at is not None
    poll = Poll(
        status=page.status,
        max_age=page.max_age,
        moved_to=page.moved_to,
        ttl_minutes=ttl,
        just_told=told,
        is_told=is_told(now, feed.told_until, feed.told_at) and not missed,
    )
    decision = decide(now, poll, _history(feed), published, jitter)
    values = {
        "etag": page.etag or (None if parsed else feed.etag),
        "last_modified": page.last_modified or (None if parsed else feed.last_modified),
        "failures": decision.history.failures,
        "status": page.status,
        "trouble": None,
        "moved_to": decision.history.moved_to,
        "moves": decision.history.moves,
        "ttl_minutes": ttl,
        "published": written(published),
        "polled_at": now,
        "next_poll": decision.next_poll,
    }
    if parsed:
        values |= {"hub_url": parsed.hub_url, "self_url": parsed.self_url}
    if parsed and parsed.title:
        values |= {"title": parsed.title, "site_url": parsed.site_url}
    polled = Polled(
        feed_id=feed.id,
        values=values,
        entries=entries,
        read=read,
        healthy=feed.failures > 0,
        asked_at=asked_at if feed.hub_url else None,
        missed=missed,
    )
    return Result(polled=polled, moved_to=decision.moved_to if decision.verdict is Verdict.MOVE else None)


def failed(feed: FollowedFeed, error: ThreadlineError, now: datetime, jitter: float) -> Result:
    """What a poll changes that brought no feed."""
    status = error.status if isinstance(error, StatusError) else None
    retry_after = error.retry_after if isinstance(error, StatusError) else None
    poll = Poll(status=status, readable=False, retry_after=retry_after)
    decision = decide(now, poll, _history(feed), (), jitter)
    log.info("feed in trouble", extra={"feed": feed.id, "why": type(error).__name__, "status": status})
    values = {
        "failures": decision.history.failures,
        "status": status,
        "trouble": type(error).__name__,
        "next_poll": decision.next_poll,
    }
    return Result(polled=Polled(feed_id=feed.id, values=values, tell=decision.tell))


def _history(feed: FollowedFeed) -> History:
    return History(failures=feed.failures, moved_to=feed.moved_to, moves=feed.moves)
