"""What is believed of a hub (W3C WebSub): its signatures, its leases, that it tells of all news."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

LEASE_ASKED = timedelta(days=10)
LEASE_UNSAID = timedelta(days=1)  #: believed where a hub does not say how long it will tell
LONGEST_LEASE = timedelta(days=30)
SHORTEST_RENEWAL = timedelta(minutes=5)
LAG = timedelta(minutes=15)  #: for which caches may show a feed as it was before a hub told of news

#: The methods of the specification. Hubs that are widely used still sign with SHA-1, which as a key's HMAC is unbroken.
_METHODS = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


class Signature:
    """Tells whether a body is signed with a secret, as its pieces arrive."""

    def __init__(self, header: str, secret: str) -> None:
        """*header* is X-Hub-Signature: a method, "=", and hexadecimal digits."""
        method, _, digits = header.strip().partition("=")
        known = _METHODS.get(method.lower())
        self._digits = digits.strip().lower()
        self._hmac = hmac.new(secret.encode(), digestmod=known) if known else None

    def update(self, piece: bytes) -> None:
        """Take the body's next piece."""
        if self._hmac:
            self._hmac.update(piece)

    def holds(self) -> bool:
        """Whether all of the body is signed; in constant time."""
        return self._hmac is not None and hmac.compare_digest(
            self._hmac.hexdigest().encode(), self._digits.encode()
        )


def lease_of(seconds: str | None) -> timedelta:
    """Return how long a hub will tell of news, from its hub.lease_seconds.

    >>> lease_of("3600"), lease_of("soon") == LEASE_UNSAID
    (datetime.timedelta(seconds=3600), True)
    """
    if seconds is None or not (seconds.isascii() and seconds.isdecimal()):
        return LEASE_UNSAID
    return min(timedelta(seconds=int(seconds[:9])), LONGEST_LEASE)


def renewal(now: datetime, lease: timedelta) -> datetime:
    """Return when a hub is to be asked to go on telling: before its lease ends, with time for another try."""
    return now + max(lease * 3 / 4, SHORTEST_RENEWAL)


def just_told(now: datetime, told_at: datetime | None) -> bool:
    """Whether a hub told of news so lately that the feed's own server may not show it yet."""
    return told_at is not None and now - told_at < LAG


def is_told(now: datetime, told_until: datetime | None, told_at: datetime | None) -> bool:
    """Whether a hub can be relied upon: it has agreed to tell, it has told, and it has missed nothing since."""
    return told_until is not None and told_until > now and told_at is not None
