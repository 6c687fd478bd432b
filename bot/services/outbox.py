"""What to do with a debt: decisions over times and settings, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.errors import (
    ChannelGoneError,
    MissingPermissionError,
    ThreadlineError,
)
from bot.model import Outlet, Rhythm

LEASE = timedelta(seconds=40)  #: longer than SECONDS with its requests before and after
SECONDS = 25.0  #: a request to Discord takes no longer, its retries included
NONCE_WINDOW = timedelta(minutes=2)  #: in which Discord is trusted to drop a repeat
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
TRIES = 12  #: about half a day
CAP_WINDOW = timedelta(hours=1)
LEFT_OVER_HOUR = 18  #: of the digest of a channel that wants none and still has something left over

DEFAULT = Outlet(guild_id=0, channel_id=0)


class Step(StrEnum):
    """What is to be done with a debt."""

    SEND = "send"  #: with its nonce
    LOOK = "look"  #: whether an earlier attempt arrived, then send
    JOIN = "join"  #: name it on the card of the story's first article
    WAIT = "wait"
    LEAVE_OVER = "leave_over"  #: to the digest
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A step, and when to take the next one."""

    step: Step
    when: datetime | None = None  #: of WAIT


def decide(
    first_try: datetime | None, now: datetime, outlet: Outlet, lately: int, *, joins: bool = False
) -> Decision:
    """Return what to do with a debt that is due; *lately* is how many cards the channel got in CAP_WINDOW.

    What may have been sent before is settled at once, whatever the hour: by Discord's own memory of the nonce
    while that lasts, then by a look at the channel.
    """
    if first_try is not None:
        return Decision(step=Step.SEND if now - first_try < NONCE_WINDOW else Step.LOOK)
    if joins:
        return Decision(step=Step.JOIN)
    if (end := quiet_until(outlet, now)) is not None:
        return Decision(step=Step.WAIT, when=end)
    if lately >= outlet.cap:
        return Decision(step=Step.LEAVE_OVER)
    return Decision(step=Step.SEND)


def after_failure(error: ThreadlineError, attempts: int, now: datetime) -> Decision:
    """Return what to do after Discord did not take something: an answer that is final ends the debt.

    Anything else is tried again, waiting twice as long each time.
    """
    if is_final(error) or attempts >= TRIES:
        return Decision(step=Step.DROP)
    wait = min(FIRST_RETRY * 2 ** min(max(attempts, 1) - 1, 10), LONGEST_RETRY)
    return Decision(step=Step.WAIT, when=now + wait)


def is_final(error: ThreadlineError) -> bool:
    """Whether asking again would bring the same answer."""
    return isinstance(error, MissingPermissionError | ChannelGoneError)


def quiet_until(outlet: Outlet, now: datetime) -> datetime | None:
    """Return when the channel's quiet hours end, None outside them."""
    begin, end = outlet.quiet_from, outlet.quiet_until
    if begin is None or end is None or begin == end:
        return None
    local = now.astimezone(ZoneInfo(outlet.zone))
    minute = local.hour * 60 + local.minute
    if not (begin <= minute < end if begin < end else minute >= begin or minute < end):
        return None
    return _next(outlet.zone, now, time(end // 60, end % 60))


def next_digest(outlet: Outlet, rhythm: Rhythm, now: datetime) -> datetime | None:
    """Return when the channel's next digest is due after *now*; None where it wants none.

    At the channel's hour on its clock, also on the days when clocks are changed.
    """
    if rhythm is Rhythm.OFF:
        return None
    day = outlet.digest_weekday if rhythm is Rhythm.WEEKLY else None
    return _next(outlet.zone, now, time(outlet.digest_hour), day)


def digest_since(outlet: Outlet, rhythm: Rhythm, due: datetime) -> datetime:
    """Return since when a digest names what was posted: a day or a week, on a clock that may be changed in it."""
    days = 7 if rhythm is Rhythm.WEEKLY else 1
    return (due.astimezone(ZoneInfo(outlet.zone)) - timedelta(days=days)).astimezone(UTC)


def left_over_digest(outlet: Outlet, now: datetime) -> datetime:
    """Return when a channel that wants no digests gets what its cap left over."""
    return _next(outlet.zone, now, time(LEFT_OVER_HOUR))


def _next(zone: str, now: datetime, at: time, weekday: int | None = None) -> datetime:
    local = ZoneInfo(zone)
    day = now.astimezone(local).date()
    while True:
        # An hour that a change of clocks leaves out is reached by going through UTC.
        moment = datetime.combine(day, at, local).astimezone(UTC)
        if moment > now and (weekday is None or day.weekday() == weekday):
            return moment
        day += timedelta(days=1)
