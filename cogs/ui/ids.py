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


def custom_id(press: Press, *numbers: int) -> str:
    """Return the id of a button, at most 100 characters.

    >>> custom_id(Press.PAGE, 12, 3)
    'threadline:page:12:3'
    """
    return ":".join(("threadline", press, *map(str, numbers)))


def pattern(press: Press) -> str:
    """Return the pattern of such ids: a first number, and perhaps a second."""
    return rf"threadline:{press}:(?P<first>\d+)(?::(?P<second>-?\d+))?"
