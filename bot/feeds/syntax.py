"""How topic queries are written: their text to a tree of terms, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from bot.errors import QueryError
from bot.feeds.words import fold, tokens

MAX_LENGTH = 1_000  #: characters
MAX_DEPTH = 20  #: parentheses in parentheses


class Field(StrEnum):
    """Where a term is looked for."""

    ANY = ""
    TITLE = "title"
    SITE = "site"
    AUTHOR = "author"
    LANGUAGE = "lang"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, as the member wrote it."""

    text: str
    quoted: bool = False
    field: Field = Field.ANY

    def __str__(self) -> str:
        text = f'"{self.text}"' if self.quoted else self.text
        return f"{self.field}:{text}" if self.field else text


@dataclass(frozen=True, slots=True)
class Not:
    """What an article must not match."""

    part: Node

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


@dataclass(frozen=True, slots=True)
class And:
    """All of several parts."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of several parts."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


Node: TypeAlias = Term | Not | And | Or


def parse(text: str) -> Node:
    """Return the tree that *text* spells; QueryError says what is wrong and where."""
    return _Parser(text).parse()


@lru_cache(maxsize=50_000)
def needles(text: str, language: str) -> tuple[str, ...]:
    """Return the words that a term stands for in articles of *language*."""
    return tuple(tokens(text, language))


def site_needle(text: str) -> str:
    """Return what a `site:` term is compared with, whether it was given as a name, a host or an address."""
    bare = " ".join(fold(text).split()).removeprefix("https://").removeprefix("http://")
    return bare.partition("/")[0].removeprefix("www.")


_LEXEME = re.compile(
    r"""\s*(?:(?P<open>[(（]) | (?P<close>[)）]) | (?P<quote>["“”„«»]) | (?P<minus>[-–—−])
    | (?P<field>[A-Za-z]+)[:：]\s* | (?P<word>[^\s()（）"“”„«»]+) | (?P<end>\Z))""",
    re.VERBOSE,
)
_WORD = re.compile(r"""[^\s()（）"“”„«»]+""")
_CLOSING_QUOTE = re.compile(r'["“”„«»]')
_FIELD_NAMES = "title:, site:, author:, lang:"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


class _Parser:
    """Recursive descent over one query; one lexeme of look-ahead, depth bounded by MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise QueryError("A query has at most {most} characters.", MAX_LENGTH, most=MAX_LENGTH)
        self.text = text
        self.advance(0)

    def advance(self, position: int) -> None:
        match = _LEXEME.match(self.text, position)
        assert match is not None  # noqa: S101 - every character belongs to a lexeme
        self.lexeme = match
        self.kind = match.lastgroup or "end"
        if self.kind == "word" and match["word"].upper() in ("AND", "OR", "NOT"):
            self.kind = match["word"].upper()
        self.start = match.start(match.lastgroup or 0)

    def skip(self) -> None:
        self.advance(self.lexeme.end())

    def parse(self) -> Node:
        root = self.alternatives(Field.ANY, depth=0)
        if self.kind == "close":
            raise QueryError("This closing parenthesis has no opening one.", self.start)
        if _only_excludes(root):
            raise QueryError("Say what to look for as well, not only what to leave out.", 0)
        return root

    def alternatives(self, field: Field, depth: int) -> Node:
        parts = [self.conjunction(field, depth)]
        while self.kind == "OR":
            self.skip()
            parts.append(self.conjunction(field, depth))
        return _joined(Or, parts)

    def conjunction(self, field: Field, depth: int) -> Node:
        parts = [self.factor(field, depth)]
        while self.kind not in ("OR", "close", "end"):
            if self.kind == "AND":
                self.skip()
            parts.append(self.factor(field, depth))
        return _joined(And, parts)

    def factor(self, field: Field, depth: int) -> Node:
        negated = False
        while self.kind in ("NOT", "minus"):
            if self.kind == "minus" and self.text[self.lexeme.end() :][:1].isspace():
                raise QueryError("Write the minus directly before what it leaves out.", self.start)
            negated = not negated
            self.skip()
        node = self.operand(field, depth)
        if not negated:
            return node
        return node.part if isinstance(node, Not) else Not(node)

    def operand(self, field: Field, depth: int) -> Node:
        start = self.start
        match self.kind:
            case "open":
                return self.group(field, depth)
            case "field":
                return self.fielded(field, depth)
            case "quote":
                return self.phrase(field)
            case "word":
                return self.word(field, start, self.lexeme["word"])
            case "end" if not self.text.strip():
                raise QueryError("The query is empty.", 0)
            case "end":
                raise QueryError("Something to look for is missing at the end.", len(self.text))
            case "close":
                raise QueryError("Something to look for is missing before this parenthesis.", start)
            case operator:
                raise QueryError(
                    "{operator} needs something before it; put it in quotes to look for the word.",
                    start,
                    operator=operator,
                )

    def group(self, field: Field, depth: int) -> Node:
        opened = self.start
        if depth == MAX_DEPTH:
            raise QueryError("More than {most} parentheses inside one another.", opened, most=MAX_DEPTH)
        self.skip()
        node = self.alternatives(field, depth + 1)
        if self.kind != "close":
            raise QueryError("This parenthesis is never closed.", opened)
        self.skip()
        return node

    def fielded(self, outer: Field, depth: int) -> Node:
        start, name, end = self.start, self.lexeme["field"].lower(), self.lexeme.end()
        if name not in Field.__members__.values() or not name:
            raise QueryError("I do not know “{name}:”; I know {known}.", start, name=name, known=_FIELD_NAMES)
        if outer:
            raise QueryError(
                "“{name}:” stands inside “{outer}:”; one of them is enough.", start, name=name, outer=outer
            )
        field = Field(name)
        opening = _LEXEME.match(self.text, end)
        kind = opening.lastgroup if opening else None
        if kind in ("open", "quote"):
            self.skip()
            return self.group(field, depth) if kind == "open" else self.phrase(field)
        # The value is one word, whatever it looks like: lang:or, site:https://example.org
        value = _WORD.match(self.text, end)
        if value is None:
            raise QueryError("“{name}:” needs a word after it.", end, name=name)
        if kind == "minus":
            raise QueryError("Write the minus before “{name}:”.", end, name=name)
        return self.word(field, end, value[0])

    def phrase(self, field: Field) -> Term:
        opened = self.start
        closing = _CLOSING_QUOTE.search(self.text, opened + 1)
        if closing is None:
            raise QueryError("This quotation mark is never closed.", opened)
        term = _checked(Term(" ".join(self.text[opened + 1 : closing.start()].split()), True, field), opened)
        self.advance(closing.end())
        return term

    def word(self, field: Field, start: int, text: str) -> Term:
        if "*" in text:
            raise QueryError(
                "There is no “*”: other forms of a word are found anyway.", start + text.index("*")
            )
        term = _checked(Term(text, False, field), start)
        self.advance(start + len(text))
        return term


def _checked(term: Term, position: int) -> Term:
    if term.field is Field.LANGUAGE and not _LANGUAGE.fullmatch(term.text):
        raise QueryError("“lang:” takes a language code such as en or de.", position)
    found = site_needle(term.text) if term.field is Field.SITE else needles(term.text, "")
    if not found:
        raise QueryError("There is no letter or digit in this to look for.", position)
    return term


def _joined(kind: type[And] | type[Or], parts: Sequence[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    return kind(tuple(_flattened(kind, parts)))


def _flattened(kind: type[And] | type[Or], parts: Sequence[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def _only_excludes(node: Node) -> bool:
    """Whether an article could match by what it lacks; such a query would bring nearly everything."""
    match node:
        case Term():
            return False
        case Not():
            return True
        case And(parts):
            return all(map(_only_excludes, parts))
        case Or(parts):
            return any(map(_only_excludes, parts))
