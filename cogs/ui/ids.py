"""The custom ids of buttons: all a press needs, so that buttons outlive the process that drew them."""

from __future__ import annotations

from enum import StrEnum


class Press(StrEnum):
    """What a button asks for."""

    DISCUSS = "discuss"  #: of a discussion
    TEXT = "text"  #: of an article: its full text
    PAGE = "page"  #: of an article: another page of it
    ANEW = "anew"  #: of an article: another card in this channel
    MORE = "more"  #: of a discussion
    REMOVE = "remove"  #: of a discussion
    KEEP = "keep"  #: of an article: a copy by direct message
    REPORT = "report"  #: of an article: its summary is bad
    SHAPE = "shape"  #: of a discussion: who said what, in short
    FOLLOW = "follow"  #: of an article: one of its topics
    FITS = "fits"  #: of a topic and an article: it belongs there
    MISFITS = "misfits"  #: of a topic and an article: it does not
    DIGEST = "digest"  #: of a digest: why it came


def custom_id(press: Press, *numbers: int) -> str:
    """Return the id of a button, at most 100 characters.

    >>> custom_id(Press.PAGE, 12, 3)
    'threadline:page:12:3'
    """
    return ":".join(("threadline", press, *map(str, numbers)))


PATTERN = r"threadline:(?P<press>[a-z]+):(?P<first>\d+)(?::(?P<second>-?\d+))?"
