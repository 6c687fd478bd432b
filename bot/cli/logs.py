"""Logs on standard error: text for people, JSON for machines, never the token."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

#: What every record has; the rest came in as `extra`.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


#: Whose debugging is ours; libraries would log members' messages and the parameters of every statement.
_OURS = ("bot", "cogs")
#: Libraries that say of every start what only their authors need.
_CHATTY = ("alembic", "aiohttp.access")


def set_up(level: str, form: str, secrets: tuple[str, ...], stream: TextIO | None = None) -> None:
    """Write records of *level* and above to *stream* (standard error), as "text" or "json", without *secrets*.

    "debug" is for our own parts alone; libraries go no lower than "info".
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(secrets) if form == "json" else TextLines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    wanted = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(wanted, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(wanted)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(wanted, logging.WARNING))


class _Lines(logging.Formatter):
    """One record, one line, but for tracebacks in text."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        # Whatever a library logs and whatever an error quotes: the last gate is here.
        line = self._line(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line

    def _line(self, record: logging.LogRecord) -> str:
        raise NotImplementedError

    def _traceback(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class TextLines(_Lines):
    """`2026-01-31 08:00:00 INFO bot.services.articles: read article=3 words=512`."""

    def _line(self, record: logging.LogRecord) -> str:
        when = _when(record).strftime("%Y-%m-%d %H:%M:%S")
        fields = "".join(f" {name}={_word(value)}" for name, value in _fields(record).items())
        event = _printable(record.getMessage())
        line = f"{when} {record.levelname} {record.name}: {event}{fields}"
        traceback = "\n".join(map(_printable, self._traceback(record).split("\n")))
        return f"{line}\n{traceback}" if traceback else line


class JsonLines(_Lines):
    """One object a line: time, level, logger, event, and the event's fields."""

    def _line(self, record: logging.LogRecord) -> str:
        values: dict[str, Any] = {
            "time": _when(record).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_fields(record),
        }
        if traceback := self._traceback(record):
            values["traceback"] = traceback
        return json.dumps(values, default=str)


def _when(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def _printable(text: str) -> str:
    """*text* with escapes for what moves a terminal's cursor, changes its colours or turns words round."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


def _word(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and text and " " not in text else json.dumps(text)
