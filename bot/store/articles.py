"""Articles and the page keys that lead to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Row, bindparam, delete, or_, select

from bot.model import Article, Reading, Summary
from bot.store.database import Database, insert_new
from bot.store.schema import article_keys, articles, deliveries, discussions, reports
from bot.store.search import index
from bot.store.together import Together
from bot.tracing import traced

#: Built once: what is asked with every link is most of what a known one costs.
_LED_TO = select(articles).join(article_keys).where(article_keys.c.page_key == bindparam("key"))
_BY_ID = select(articles).where(articles.c.id == bindparam("id"))


class _New(NamedTuple):
    """An article to be kept."""

    page_key: str
    keys: frozenset[str]  #: all that lead to it
    article: Article
    summary: Summary
    row: dict[str, object]


class ArticleRepository:
    """The only reader and writer of `articles` and `article_keys`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._adding = Together(self._add)

    async def find(self, page_key: str) -> Reading | None:
        """The article that a page key leads to."""
        async with self._database.read() as connection:
            row = (await connection.execute(_LED_TO, {"key": page_key})).first()
        return _reading(row) if row else None

    async def get(self, article_id: int) -> Reading | None:
        """The article with this id."""
        async with self._database.read() as connection:
            row = (await connection.execute(_BY_ID, {"id": article_id})).first()
        return _reading(row) if row else None

    async def after(
        self, article_id: int, since: datetime, limit: int, without: Collection[int] = ()
    ) -> tuple[Reading, ...]:
        """Articles with greater ids, read since a moment, in the order they came; *without* are left out."""
        newer = articles.c.id > article_id, articles.c.read_at > since, articles.c.id.not_in(without)
        query = select(articles).where(*newer).order_by(articles.c.id).limit(limit)
        async with self._database.read() as connection:
            return tuple(map(_reading, await connection.execute(query)))

    async def before_last(self, count: int) -> int:
        """The id that *count* articles come after, 0 where there are no more."""
        query = select(articles.c.id).order_by(articles.c.id.desc()).offset(count).limit(1)
        async with self._database.read() as connection:
            return await connection.scalar(query) or 0

    @traced("store")
    async def add(
        self, page_key: str, other_keys: Iterable[str], article: Article, summary: Summary, now: datetime
    ) -> Reading:
        """Keep an article under its keys; the first of two writers wins and both get its row.

        Those who ask at the same time share a transaction.
        """
        row = {
            "page_key": page_key,
            "title": article.title,
            "article": msgspec.json.encode(article).decode(),
            "summary": msgspec.json.encode(summary).decode(),
            "read_at": now,
        }
        return await self._adding.ask(
            _New(page_key, frozenset({page_key, *other_keys}), article, summary, row)
        )

    async def _add(self, asked: Sequence[_New]) -> list[Reading]:
        # In one order everywhere: two processes that add the same articles must not wait for each other.
        new = {each.page_key: each for each in reversed(asked)}
        keys = sorted(new)
        async with self._database.write() as connection:
            rows = [new[key].row for key in keys]
            insert = insert_new(articles).returning(articles.c.id, articles.c.page_key)
            found = {
                key: Reading(id=id_, article=new[key].article, summary=new[key].summary)
                for id_, key in await connection.execute(insert, rows)
            }
            await index(
                connection, [(each.id, each.article.title, each.article.text) for each in found.values()]
            )
            if kept := [key for key in keys if key not in found]:
                query = select(articles).where(articles.c.page_key.in_(kept))
                found |= {row.page_key: _reading(row) for row in await connection.execute(query)}
            leads = {(key, found[each.page_key].id) for each in asked for key in each.keys}
            leading = [{"page_key": key, "article_id": id_} for key, id_ in sorted(leads)]
            await connection.execute(insert_new(article_keys), leading)
        return [found[each.page_key] for each in asked]

    async def also_at(self, article_id: int, page_keys: Iterable[str]) -> None:
        """Let more keys lead to an article; keys that lead somewhere already stay."""
        rows = [{"page_key": key, "article_id": article_id} for key in sorted(page_keys)]
        async with self._database.write() as connection:
            await connection.execute(insert_new(article_keys), rows)

    async def add_report(
        self, article_id: int, guild_id: int, user_id: int, reason: str, now: datetime
    ) -> None:
        """Keep a complaint about a summary; a member's second one about the same article changes nothing."""
        row = {
            "article_id": article_id,
            "guild_id": guild_id,
            "user_id": user_id,
            "reason": reason,
            "reported_at": now,
        }
        async with self._database.write() as connection:
            await connection.execute(insert_new(reports, row))

    async def reports_of(self, user_id: int) -> tuple[tuple[str, str, datetime], ...]:
        """What a member complained about: title, reason and time."""
        query = (
            select(articles.c.title, reports.c.reason, reports.c.reported_at)
            .join_from(reports, articles)
            .where(reports.c.user_id == user_id)
            .order_by(reports.c.reported_at)
        )
        async with self._database.read() as connection:
            return tuple((row.title, row.reason, row.reported_at) for row in await connection.execute(query))

    async def forget_reports(self, *, user_id: int | None = None, guild_id: int | None = None) -> None:
        """Forget a member's complaints, or those made in a server."""
        mine = reports.c.guild_id == guild_id if user_id is None else reports.c.user_id == user_id
        async with self._database.write() as connection:
            await connection.execute(delete(reports).where(mine))

    async def forget_unused(self, read_before: datetime, limit: int) -> int:
        """Forget articles that no card shows and no channel is owed; returns how many."""
        shown = select(discussions.c.id).where(discussions.c.article_id == articles.c.id)
        owed = select(deliveries.c.id).where(
            or_(deliveries.c.article_id == articles.c.id, deliveries.c.joins_id == articles.c.id),
            or_(
                deliveries.c.next_try.is_not(None), deliveries.c.left_over & deliveries.c.digest_id.is_(None)
            ),
        )
        unused = (
            select(articles.c.id)
            .where(articles.c.read_at < read_before, ~shown.exists(), ~owed.exists())
            .order_by(articles.c.id)
            .limit(limit)
        )
        async with self._database.write() as connection:
            ids = list(await connection.scalars(unused))
            await connection.execute(delete(articles).where(articles.c.id.in_(ids)))
        return len(ids)


def _reading(row: Row[tuple[object, ...]]) -> Reading:
    return Reading(
        id=row.id,
        article=msgspec.json.decode(row.article, type=Article),
        summary=msgspec.json.decode(row.summary, type=Summary),
    )
