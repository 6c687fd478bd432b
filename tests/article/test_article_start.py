"""What a process loads before its first article is read."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

READ = """
import sys
from bot.article import extract
text = "<p>The ferry to the north shore runs again after the storm, the harbour office said on Monday.</p>"
assert extract(f"<html lang=en><article><h1>The ferry runs again</h1>{text}</article>".encode(), "https://example.org/").text
print(*sys.modules)
"""
SUMMARISE = """
import sys
from bot.summary import summarise
text = "The ferry to the north shore runs again after the storm, the harbour office said on Monday. " * 9
assert summarise("The ferry runs again", text, language="en").sentences
print(*sys.modules)
"""
#: What other commands and few pages need, each slow to load or large.
SELDOM = {
    "asyncio",
    "discord",
    "email",
    "logging",
    "lxml",
    "pydantic",
    "pypdf",
    "readability",
    "zipfile",
}


def said_by(code: str, **environment: str) -> list[str]:
    """The words that a fresh interpreter prints."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS")}
    child = subprocess.run(
        [sys.executable, "-c", code], env=environ | environment, capture_output=True, check=True, text=True
    )
    return child.stdout.split()


@pytest.mark.parametrize(
    ("code", "unneeded"),
    [(READ, SELDOM), (SUMMARISE, SELDOM | {"turbohtml"})],
    ids=["read", "summarise"],
)
def test_the_first_article_loads_nothing_that_only_others_need(code: str, unneeded: set[str]) -> None:
    assert unneeded.intersection(said_by(code)) == set()


@pytest.mark.parametrize(("environment", "value"), [({}, "4"), ({"OPENBLAS_THREAD_TIMEOUT": "20"}, "20")])
def test_idle_threads_of_numpy_sleep_unless_the_owner_says_otherwise(
    environment: dict[str, str], value: str
) -> None:
    code = "import os, bot; print(os.environ['OPENBLAS_THREAD_TIMEOUT'])"

    assert said_by(code, **environment) == [value]
