"""The nodes of a page's JSON-LD: what each is, which are nested in which, and the texts of their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

#: How the names of types of articles end, lower case.
_ARTICLE_TYPES = tuple("article posting report review recipe blog interview obituary column".split())
_NOT_OWN = frozenset({"comment", "review", "itemListElement", "hasPart", "isPartOf", "@graph"})


def types_of(node: Node) -> tuple[str, ...]:
    """Return the schema.org types of a node, without their address."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return tuple(kind.rpartition("/")[2] for kind in listed if isinstance(kind, str))


def is_article(node: Node) -> bool:
    """Whether a node describes an article."""
    return any(kind.lower().endswith(_ARTICLE_TYPES) for kind in types_of(node))


def with_nested(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return *nodes* with those nested in them, except those of comments and of lists."""
    found: list[Node] = []
    seen: set[int] = set()
    for node in nodes:
        _collect(node, found, seen, 0)
    return tuple(found)


def _collect(value: object, found: list[Node], seen: set[int], depth: int) -> None:
    if depth > 6 or id(value) in seen or len(found) > 500:
        return
    if isinstance(value, dict):
        seen.add(id(value))
        found.append(value)
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key not in _NOT_OWN:
                _collect(inner, found, seen, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found, seen, depth + 1)


def strings(value: object, key: str = "name", depth: int = 0) -> Iterator[str]:
    """Yield the texts of a JSON-LD value: itself, its items or the *key* of its objects."""
    if depth > 4:
        return
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, key, depth + 1)
    elif isinstance(value, dict):
        yield from strings(value.get(key), key, depth + 1)
