"""Logs are lines: for people, or for machines."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.cli import logs
from bot.cli.logs import JsonLines, TextLines

pytestmark = pytest.mark.usefixtures("logging_as_before")

CANARY = "NDI.canary.aVeryLongTokenThatMustNeverBeSeen"


def record(event: str, *values: object, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("bot.services.articles", logging.INFO, __file__, 1, event, values, None)
    made.created = 1769846400.0
    vars(made).update(fields)
    return made


def test_a_line_for_people_has_the_event_and_its_fields() -> None:
    line = TextLines(()).format(record("read", article=3, host="example.org", why="too large", empty=""))

    assert line == (
        "2026-01-31 08:00:00 INFO bot.services.articles: "
        'read article=3 host=example.org why="too large" empty=""'
    )


def test_an_event_cannot_forge_another_line() -> None:
    line = TextLines(()).format(record("read %s", "x\n2026-01-31 08:00:00 INFO root: forged", name2="a\nb"))

    assert len(line.splitlines()) == 1


def test_a_line_for_machines_is_one_object() -> None:
    line = JsonLines(()).format(record("read %s", "a\nb", article=3, odd={1, 2} & {2}))

    assert json.loads(line) == {
        "time": "2026-01-31T08:00:00+00:00",
        "level": "info",
        "logger": "bot.services.articles",
        "event": "read a\nb",
        "article": 3,
        "odd": "{2}",
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_even_a_library_that_logs_the_token_does_not_get_it_out(form: str) -> None:
    stream = io.StringIO()
    logs.set_up("debug", form, (CANARY,), stream)
    try:
        raise ValueError(f"Authorization: Bot {CANARY}")
    except ValueError:
        logging.getLogger("library").exception("sent %s", CANARY, extra={"header": f"Bot {CANARY}"})

    assert CANARY not in stream.getvalue()
    assert stream.getvalue().count("[secret]") >= 3


def test_debugging_shows_our_own_steps_and_not_what_libraries_send_and_store() -> None:
    stream = io.StringIO()
    logs.set_up("debug", "text", (), stream)

    logging.getLogger("bot.fetch").debug("asked")
    logging.getLogger("discord.gateway").debug("WebSocket Event: a member's words")
    logging.getLogger("aiosqlite").debug("INSERT of a whole article")
    logging.getLogger("discord.client").info("logging in")

    assert "asked" in stream.getvalue()
    assert "logging in" in stream.getvalue()
    assert "member" not in stream.getvalue()
    assert "INSERT" not in stream.getvalue()
