"""Prints what was read: cards for people, JSON for machines, progress while they wait."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from bot.cli import card
from bot.cli.reader import Outcome, open_reader
from bot.cli.sources import Source
from bot.errors import ThreadlineError
from bot.model import Article, Summary
from bot.settings import Settings

#: What a terminal may take for a command, and JSON leaves as it is.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


async def read_sources(
    sources: Sequence[Source], settings: Settings, *, as_json: bool, out: Console, err: Console
) -> bool:
    """Read and print to *out*; what could not be read goes to *err*. Returns whether everything was read."""
    printed = _json_printer(out, sources) if as_json else _card_printer(out)
    complete = True

    def show(source: Source, outcome: Outcome) -> None:
        nonlocal complete
        progress.stop()  # or its bar and the card would write over each other
        if isinstance(outcome, ThreadlineError):
            complete = False
            # One page needs no name before the sentence about it.
            name = f"{source.name}: " if len(sources) > 1 else ""
            err.print(f"{name}{outcome}", markup=False, soft_wrap=True)
        else:
            printed(*outcome)
        progress.start()

    with _progress(sources, err) as progress:
        task = progress.add_task(_what(sources), total=len(sources))
        async with open_reader(settings) as reader:
            await reader.read_all(sources, show, lambda: progress.advance(task))
    return complete


def encode(article: Article, summary: Summary) -> str:
    """An article and its summary as one line of JSON with the field names of bot.model."""
    text = msgspec.json.encode({"article": article, "summary": summary}).decode()
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _json_printer(out: Console, sources: Sequence[Source]) -> Callable[[Article, Summary], None]:
    pretty = out.is_terminal and len(sources) == 1

    def show(article: Article, summary: Summary) -> None:
        text = encode(article, summary)
        out.file.write(f"{msgspec.json.format(text, indent=2) if pretty else text}\n")

    return show


def _card_printer(out: Console) -> Callable[[Article, Summary], None]:
    return lambda article, summary: out.print(card.draw(article, summary))


def _progress(sources: Sequence[Source], err: Console) -> Progress:
    """Shown on standard error while it works, gone afterwards; nothing where nobody looks."""
    words = SpinnerColumn(), TextColumn("{task.description}")
    bar = (BarColumn(), MofNCompleteColumn()) if len(sources) > 1 else ()
    return Progress(*words, *bar, console=err, transient=True, disable=not err.is_terminal)


def _what(sources: Sequence[Source]) -> str:
    if len(sources) > 1:
        return "Reading"
    return f"Reading {escape(sources[0].name)}" if sources else "Nothing to read"
