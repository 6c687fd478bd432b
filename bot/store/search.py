"""Full text over articles: FTS5 on SQLite, tsvector on PostgreSQL, the same words on both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database

#: PostgreSQL refuses documents above a megabyte; this many characters keep below it in every script.
_MAX_CHARACTERS = 150_000

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")

_SHARED = (
    "EXISTS (SELECT 1 FROM discussions WHERE discussions.article_id = {id} AND guild_id = :guild "
    "AND home_id IN :homes AND message_id IS NOT NULL)"
)
_SQLITE_INSERT = text("INSERT INTO article_search (rowid, title, body) VALUES (:id, :title, :body)")
_SQLITE_FIND = text(
    "SELECT rowid FROM article_search WHERE article_search MATCH :query "  # noqa: S608  (constants)
    f"AND {_SHARED.format(id='article_search.rowid')} "
    "ORDER BY bm25(article_search, 6.0, 1.0), rowid DESC LIMIT :limit"
).bindparams(bindparam("homes", expanding=True))
_POSTGRESQL_INSERT = text(
    "INSERT INTO article_search (article_id, words) VALUES (:id, "
    "setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :body), 'D')) "
    "ON CONFLICT DO NOTHING"
)
_POSTGRESQL_FIND = text(
    "SELECT article_search.article_id FROM article_search, to_tsquery('simple', :query) AS asked "  # noqa: S608
    f"WHERE words @@ asked AND {_SHARED.format(id='article_search.article_id')} "
    "ORDER BY ts_rank(words, asked) DESC, article_search.article_id DESC LIMIT :limit"
).bindparams(bindparam("homes", expanding=True))


def search_words(written: str) -> Iterator[str]:
    """Yield the words of a text as they are looked up: folded, without accents, unspaced scripts in pairs.

    >>> list(search_words("Straße, Café – 図書館"))
    ['strasse', 'cafe', '図書', '書館']
    """
    folded = written.casefold()
    if folded.isascii():
        yield from _WORD.findall(folded)
        return
    decomposed = unicodedata.normalize("NFKD", folded)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    folded = unicodedata.normalize("NFC", plain)
    for match in _WORD.finditer(folded):
        if match[0].isascii():
            yield match[0]
            continue
        position = 0
        for run in _UNSPACED.finditer(match[0]):
            if before := match[0][position : run.start()]:
                yield before
            letters = run[0]
            yield from (letters[at : at + 2] for at in range(max(1, len(letters) - 1)))
            position = run.end()
        if rest := match[0][position:]:
            yield rest


async def index(connection: AsyncConnection, found: Sequence[tuple[int, str, str]]) -> None:
    """Make articles, each an id with its title and its text, findable by the words of both."""
    if not found:
        return
    statement = _POSTGRESQL_INSERT if connection.dialect.name == "postgresql" else _SQLITE_INSERT
    values = [{"id": id_, "title": _joined(title), "body": _joined(body)} for id_, title, body in found]
    await connection.execute(statement, values)


def _joined(written: str) -> str:
    return " ".join(word[:100] for word in search_words(written[:_MAX_CHARACTERS]))


class SearchRepository:
    """Finds articles that were shared where somebody may look."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, guild_id: int, homes: Collection[int], words: Sequence[str], limit: int
    ) -> tuple[int, ...]:
        """Ids of articles with a card in a server's *homes* that hold words beginning so, the best first."""
        if not homes or not words:
            return ()
        values = {"guild": guild_id, "homes": list(homes), "limit": limit}
        async with self._database.read() as connection:
            if connection.dialect.name == "postgresql":
                statement, query = _POSTGRESQL_FIND, " & ".join(f"'{word}':*" for word in words)
            else:
                statement, query = _SQLITE_FIND, " ".join(f'"{word}"*' for word in words)
            found = await connection.execute(statement, {"query": query, **values})
            return tuple(row[0] for row in found)
