"""Which of thousands of topic queries an article matches, without asking each of them."""

from __future__ import annotations

import itertools
from collections.abc import Hashable
from typing import Generic, TypeVar

from bot.feeds.syntax import And, Field, Node, Or, Term, needles, site_needle
from bot.feeds.topics import Analysis, Query, primary_subtag
from bot.feeds.words import is_unspaced

Key = TypeVar("Key", bound=Hashable)


class QueryIndex(Generic[Key]):
    """Queries filed under the rarest thing an article must have to match them.

    Every query has anchors: a set of words (or sites, authors, languages) of which a matching article holds
    at least one. Of the parts of a conjunction the one whose anchors are rarest is enough. An article looks
    up the anchors it holds and only the queries found there are asked.
    """

    def __init__(self) -> None:
        self._queries: dict[Key, Query] = {}
        # Filed anew for each language: its stemming decides what the words of a query look like.
        self._filed: dict[str, dict[str, dict[Key, Query]]] = {}

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, key: Key, query: Query) -> None:
        """File a query; one that was filed under *key* before is replaced."""
        self.remove(key)
        self._queries[key] = query
        for language, filed in self._filed.items():
            _file(filed, language, key, query)

    def remove(self, key: Key) -> None:
        """Forget the query filed under *key*, if there is one."""
        query = self._queries.pop(key, None)
        if query is None:
            return
        for language, filed in self._filed.items():
            for anchor in _anchors(query.root, language):
                del filed[anchor][key]

    def matching(self, article: Analysis) -> list[Key]:
        """Return the keys of the queries that the article matches, in no particular order."""
        filed = self._filed.get(article.language)
        if filed is None:
            filed = self._filed[article.language] = {}
            for key, query in self._queries.items():
                _file(filed, article.language, key, query)
        candidates: dict[Key, Query] = {}
        for anchor in _held(article):
            if anchor in filed:
                candidates.update(filed[anchor])
        return [key for key, query in candidates.items() if query.finds(article)]


def _file(filed: dict[str, dict[Key, Query]], language: str, key: Key, query: Query) -> None:
    for anchor in _anchors(query.root, language):
        filed.setdefault(anchor, {})[key] = query


def _held(article: Analysis) -> set[str]:
    """Return every anchor the article holds."""
    held = set(article.positions)
    held.update(f"site:{key}" for key in article.sites)
    held.update(f"author:{word}" for name in article.authors for word in name)
    held.add(f"lang:{article.language}")
    places = {at: word for word, found in article.positions.items() if is_unspaced(word) for at in found}
    held.update(word + places[at + 1] for at, word in places.items() if at + 1 in places)
    return held


def _anchors(node: Node, language: str) -> frozenset[str]:
    """Return things of which every match has at least one; empty where a node only excludes."""
    match node:
        case Term():
            return frozenset([_anchor(node, language)])
        case And(parts):
            found = filter(None, (_anchors(part, language) for part in parts))
            return min(found, key=_frequency, default=frozenset())
        case Or(parts):
            # Query.parse refuses alternatives that only exclude, except below a NOT.
            every = [_anchors(part, language) for part in parts]
            return frozenset[str]().union(*every) if all(every) else frozenset()
        case _:
            return frozenset()


def _anchor(term: Term, language: str) -> str:
    match term.field:
        case Field.SITE:
            return f"site:{site_needle(term.text)}"
        case Field.LANGUAGE:
            return f"lang:{primary_subtag(term.text)}"
        case Field.AUTHOR:
            return "author:" + max(needles(term.text, ""), key=len)
        case _:
            words = needles(term.text, language)
            pairs = [a + b for a, b in itertools.pairwise(words) if is_unspaced(a) and is_unspaced(b)]
            return min([*pairs, *words], key=_word_frequency)


def _frequency(anchors: frozenset[str]) -> float:
    return sum(map(_word_frequency, anchors))


def _word_frequency(anchor: str) -> float:
    """Return roughly in which share of articles an anchor occurs; long words are rare words."""
    if anchor.startswith("lang:"):
        return 1.0
    if is_unspaced(anchor[0]):
        return 0.001 if len(anchor) > 1 else 0.1
    return 0.5 ** len(anchor)
