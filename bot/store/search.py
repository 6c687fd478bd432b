"""Full text over articles: FTS5 on SQLite, tsvector on PostgreSQL, the same words on both."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.schema import discussions

#: PostgreSQL refuses documents above a megabyte; no article comes near it.
_MAX_WORDS = 60_000

_SQLITE_INSERT = text("INSERT INTO article_search (rowid, title, body) VALUES (:id, :title, :body)")
_SQLITE_FIND = text(
    "SELECT rowid FROM article_search WHERE article_search MATCH :query AND rowid IN :ids "
    "ORDER BY bm25(article_search, 6.0, 1.0), rowid DESC LIMIT :limit"
).bindparams(bindparam("ids", expanding=True))
_POSTGRESQL_INSERT = text(
    "INSERT INTO article_search (article_id, words) VALUES (:id, "
    "setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :body), 'D')) "
    "ON CONFLICT DO NOTHING"
)
_POSTGRESQL_FIND = text(
    "SELECT article_id FROM article_search, to_tsquery('simple', :query) AS asked "
    "WHERE words @@ asked AND article_id IN :ids "
    "ORDER BY ts_rank(words, asked) DESC, article_id DESC LIMIT :limit"
).bindparams(bindparam("ids", expanding=True))


async def index(connection: AsyncConnection, article_id: int, title: str, body: str) -> None:
    """Make an article's words (as services.search.words gives them, joined by spaces) findable."""
    statement = _POSTGRESQL_INSERT if connection.dialect.name == "postgresql" else _SQLITE_INSERT
    limited = " ".join(body.split(" ", _MAX_WORDS)[:_MAX_WORDS])
    await connection.execute(statement, {"id": article_id, "title": title, "body": limited})


class SearchRepository:
    """Finds articles that were shared where somebody may look."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, guild_id: int, homes: Collection[int], words: Sequence[str], limit: int
    ) -> tuple[int, ...]:
        """Ids of articles with a card in a server's *homes* that hold words beginning so, the best first."""
        shared = (
            select(discussions.c.article_id)
            .where(
                discussions.c.guild_id == guild_id,
                discussions.c.home_id.in_(homes),
                discussions.c.message_id.is_not(None),
            )
            .distinct()
        )
        async with self._database.read() as connection:
            ids = list(await connection.scalars(shared))
            if not ids or not words:
                return ()
            if connection.dialect.name == "postgresql":
                statement, query = _POSTGRESQL_FIND, " & ".join(f"'{word}':*" for word in words)
            else:
                statement, query = _SQLITE_FIND, " ".join(f'"{word}"*' for word in words)
            found = await connection.execute(statement, {"query": query, "ids": ids, "limit": limit})
            return tuple(row[0] for row in found)
