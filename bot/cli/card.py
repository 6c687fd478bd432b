"""Draws an article as a card for the terminal; strangers' words cannot steer the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.model import Article, Fact, FactKind, Summary
from cogs.ui import words

WIDTH = 88  #: columns; longer lines are hard to read

_TITLE, _NAME, _SENTENCE = 300, 60, 1200  # UTF-16 units
_LINES_APART = (1, 0, 0, 0)  # one empty line above


def draw(article: Article, summary: Summary) -> RenderableType:
    """The card of an article."""
    address = words.link_target(article.canonical_url or article.url)
    parts: list[RenderableType] = [
        Text(words.shorten(article.title, _TITLE) or words.host(article.url) or "—", style="bold"),
        Text(" · ".join(_about(article)), style="dim"),
    ]
    if summary.sentences:
        gist = words.gap(article.language).join(
            words.shorten(sentence.text, _SENTENCE) for sentence in summary.sentences
        )
        parts.append(Padding(Text(gist), _LINES_APART))
    if summary.facts:
        parts.append(Padding(_facts(summary.facts, address), _LINES_APART))
    if below := [words.shorten(notice, _SENTENCE) for notice in article.notices]:
        parts.append(Padding(Text("\n".join(below), style="italic"), _LINES_APART))
    if address:
        parts.append(
            Padding(Text(address, style=Style(dim=True, link=address), overflow="fold"), _LINES_APART)
        )
    return Panel(
        Group(*parts),
        subtitle=Text(_origin(summary), style="dim"),
        subtitle_align="left",
        width=WIDTH,
        padding=(0, 1),
    )


def _about(article: Article) -> Iterator[str]:
    """Site, authors, times, length: each as the page gives it, or that it does not."""
    site = words.shorten(article.site_name or words.host(article.url), _NAME)
    if site:
        yield site
    names = article.authors or article.organisations
    yield ", ".join(words.shorten(name, _NAME) for name in names) if names else "author not given"
    yield _published(article)
    if article.updated:
        yield f"updated {_moment(article.updated)}"
    if article.minutes:
        yield f"{article.minutes} min read"
    if article.language and article.language != "en":
        yield f"language: {words.shorten(article.language, _NAME)}"


def _published(article: Article) -> str:
    if article.published is None:
        return "date unknown"
    when = _day(article.published) if article.published_day_only else _moment(article.published)
    return f"probably {when}" if article.published_uncertain else when


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"


def _moment(when: datetime) -> str:
    return f"{_day(when)}, {when:%H:%M} {when:%Z}"


_TITLES = {FactKind.QUESTION: "Questions asked", FactKind.ITEM: "In the list"}


def _facts(facts: Sequence[Fact], address: str | None) -> RenderableType:
    """The key facts as a list, each linked to its sentence where the terminal can follow links."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(overflow="fold")
    for fact in facts:
        target = words.link_target(f"{address}{fact.fragment}") if address and fact.fragment else None
        table.add_row("•", Text(words.shorten(fact.text, _SENTENCE), style=Style(link=target)))
    return Group(Text(_TITLES.get(facts[0].kind, "Key facts"), style="bold"), table)


def _origin(summary: Summary) -> str:
    if summary.model:
        return f"written by the language model {words.shorten(summary.model, _NAME)}"
    if summary.sentences or summary.facts:
        return "sentences are quoted from the article"
    return "no summary"
