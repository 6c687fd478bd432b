"""What a robots.txt asks of a robot (RFC 9309)."""

from __future__ import annotations

from protego import Protego

MAX_BYTES = 500 * 1024  #: of a robots.txt that count, as the RFC has it


def may_fetch(body: bytes, url: str, robot: str) -> bool:
    """Return whether the robots.txt in *body* lets *robot*, by its product name, ask for *url*.

    To be run where it may be killed: a file can hold patterns that take for ever.

    >>> may_fetch(b"User-agent: *\\nDisallow: /private", "https://example.org/private/feed", "Threadline")
    False
    """
    rules = Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace"))
    return bool(rules.can_fetch(url, robot))
