"""Topic queries: what a member types to subscribe, as a boolean expression over articles.

    microsoft (ice OR immigration) -xbox
    title:"interest rates" site:example.org
    author:"Ada Lovelace" lang:en (engine OR loom)

Words match in their other forms too (plurals in English, stems elsewhere), whatever their case and accents;
"phrases" match word for word in order. AND may be left out and binds closer than OR; NOT or a minus excludes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.feeds.syntax import And, Field, Node, Or, Term, needles, parse, site_needle
from bot.feeds.words import fold, tokens

DEFAULT_LANGUAGE = "en"  #: whose stemming is used for an article of unknown language


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An article made ready for many queries: every comparable word with its positions."""

    language: str  #: ISO 639-1, whose stemming was used
    positions: dict[str, list[int]]  #: ascending; the title's words come first
    title_end: int  #: positions below belong to the title
    sites: frozenset[str] = frozenset()  #: host, its parents and labels, and the site's name
    authors: tuple[tuple[str, ...], ...] = ()  #: the words of each name

    def holds(self, words: Sequence[str], *, in_title: bool = False) -> bool:
        """Whether *words* stand in the article one after another; linear in their occurrences."""
        if len(words) == 1:
            places = self.positions.get(words[0])
            return places is not None and (not in_title or places[0] < self.title_end)
        starts: set[int] = set()
        for offset, word in enumerate(words):
            places = self.positions.get(word)
            if places is None:
                return False
            here = {place - offset for place in places}
            starts = starts & here if offset else here
            if not starts:
                return False
        return not in_title or min(starts) < self.title_end


def analyse(
    title: str,
    text: str,
    *,
    url: str = "",
    site_name: str | None = None,
    authors: Sequence[str] = (),
    language: str | None = None,
) -> Analysis:
    """Return the analysis of an article; about 0.4 ms for 400 words."""
    language = primary_subtag(language or DEFAULT_LANGUAGE)
    headline = tokens(title, language)
    positions: dict[str, list[int]] = {}
    for at, word in enumerate(headline):
        positions.setdefault(word, []).append(at)
    # The gap keeps a phrase from beginning in the title and ending in the text.
    for at, word in enumerate(tokens(text, language), start=len(headline) + 1):
        positions.setdefault(word, []).append(at)
    return Analysis(
        language=language,
        positions=positions,
        title_end=len(headline),
        sites=site_keys(url, site_name),
        authors=tuple(tuple(tokens(author, "")) for author in authors),
    )


def primary_subtag(language: str) -> str:
    """Return the language of a language tag.

    >>> primary_subtag("en-GB")
    'en'
    """
    return language.replace("_", "-").partition("-")[0].lower()


def site_keys(url: str, site_name: str | None) -> frozenset[str]:
    """Return everything `site:` may say of a page.

    >>> sorted(site_keys("https://www.news.example.org/a", "The News"))
    ['example', 'example.org', 'news', 'news.example.org', 'org', 'the news', 'www', 'www.news.example.org']
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    labels = [label for label in host.split(".") if label]
    keys = {".".join(labels[i:]) for i in range(len(labels))} | set(labels)
    if site_name:
        keys.add(" ".join(fold(site_name).split()))
    return frozenset(keys)


@dataclass(frozen=True, slots=True)
class Query:
    """A topic query, parsed; str(query) is its normal form and parses to an equal query."""

    root: Node

    @classmethod
    def parse(cls, text: str) -> Query:
        """Return the query that *text* spells; QueryError says what is wrong and where.

        >>> str(Query.parse("microsoft AND (ice or immigration) NOT xbox"))
        'microsoft (ice OR immigration) -xbox'
        """
        return cls(parse(text))

    def matches(self, title: str, text: str, *, language: str | None = None) -> bool:
        """Whether an article matches.

        >>> Query.parse("microsoft (ice OR immigration) -xbox").matches("Microsoft faces ICE questions", "")
        True
        """
        return self.finds(analyse(title, text, language=language))

    def finds(self, article: Analysis) -> bool:
        """Whether an analysed article matches."""
        return _holds(self.root, article)

    def __str__(self) -> str:
        return str(self.root)


def _holds(node: Node, article: Analysis) -> bool:
    # Plain loops: thousands of queries are asked of every article.
    if isinstance(node, Term):
        return _term_holds(node, article)
    if isinstance(node, And):
        for part in node.parts:  # noqa: SIM110
            if not _holds(part, article):
                return False
        return True
    if isinstance(node, Or):
        for part in node.parts:  # noqa: SIM110
            if _holds(part, article):
                return True
        return False
    return not _holds(node.part, article)


def _term_holds(term: Term, article: Analysis) -> bool:
    field = term.field
    if field is Field.ANY or field is Field.TITLE:
        return article.holds(needles(term.text, article.language), in_title=field is Field.TITLE)
    if field is Field.SITE:
        return site_needle(term.text) in article.sites
    if field is Field.LANGUAGE:
        return primary_subtag(term.text) == article.language
    words = needles(term.text, "")
    return any(_runs_in(words, name) for name in article.authors)


def _runs_in(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return any(name[i : i + len(words)] == words for i in range(len(name) - len(words) + 1))
