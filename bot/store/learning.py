"""How members rate articles for topics, and what topics learned from it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import case, delete, func, select, update

from bot.model import Classifier, Learned
from bot.store.database import Database, insert_new
from bot.store.schema import articles, subscriptions, thumbs, topic_models

_t = thumbs.c
_m = topic_models.c
_LEARNED = ("labelled", "right", "query_right", "learned_at")


class LearningRepository:
    """The only reader and writer of `thumbs` and `topic_models`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rate(self, topic_id: int, article_id: int, user_id: int, fits: bool, now: datetime) -> None:
        """A member says whether an article fits a topic; who says it again changes it."""
        row = {
            "subscription_id": topic_id,
            "article_id": article_id,
            "user_id": user_id,
            "fits": fits,
            "rated_at": now,
        }
        same = _t.subscription_id == topic_id, _t.article_id == article_id, _t.user_id == user_id
        async with self._database.write() as connection:
            await connection.execute(insert_new(thumbs, row))
            await connection.execute(update(thumbs).where(*same).values(fits=fits, rated_at=now))

    async def labels(self, topic_id: int) -> dict[int, bool]:
        """Whether articles fit a topic, by their ids, as most members who rated them say; ties say nothing."""
        balance = func.sum(case((_t.fits, 1), else_=-1))
        query = (
            select(_t.article_id, balance)
            .where(_t.subscription_id == topic_id)
            .group_by(_t.article_id)
            .order_by(_t.article_id)
        )
        async with self._database.read() as connection:
            return {id_: votes > 0 for id_, votes in await connection.execute(query) if votes}

    async def latest(self, limit: int) -> tuple[int, ...]:
        """The ids of the articles that were read last."""
        query = select(articles.c.id).order_by(articles.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return tuple(await connection.scalars(query))

    async def put(self, topic_id: int, classifier: Classifier, learned: Learned) -> None:
        """Keep what a topic learned, in place of what it had learned before; nothing where the topic is gone."""
        values = {
            "classifier": msgspec.json.encode(classifier).decode(),
            **{name: getattr(learned, name) for name in _LEARNED},
        }
        async with self._database.write() as connection:
            known = select(subscriptions.c.id).where(subscriptions.c.id == topic_id)
            if (await connection.execute(known)).first() is None:
                return
            await connection.execute(insert_new(topic_models, {"subscription_id": topic_id, **values}))
            await connection.execute(
                update(topic_models).where(_m.subscription_id == topic_id).values(values)
            )

    async def all_learned(self) -> dict[int, Learned]:
        """How each topic learned that decides by that."""
        query = select(_m.subscription_id, *(_m[name] for name in _LEARNED))
        async with self._database.read() as connection:
            rows = (dict(row._mapping) for row in await connection.execute(query))
            return {row.pop("subscription_id"): Learned(**row) for row in rows}

    async def classifier(self, topic_id: int) -> Classifier | None:
        """What a topic learned."""
        query = select(_m.classifier).where(_m.subscription_id == topic_id)
        async with self._database.read() as connection:
            kept = (await connection.execute(query)).scalar_one_or_none()
        return msgspec.json.decode(kept, type=Classifier) if kept else None

    async def forget(self, topic_id: int) -> None:
        """Let the query decide again; the labels stay."""
        async with self._database.write() as connection:
            await connection.execute(delete(topic_models).where(_m.subscription_id == topic_id))

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member said of articles."""
        async with self._database.write() as connection:
            await connection.execute(delete(thumbs).where(_t.user_id == user_id))

    async def rated_by(self, user_id: int) -> tuple[tuple[str, str, bool, datetime], ...]:
        """The topic, the article's title, whether it fits and when a member said so."""
        query = (
            select(subscriptions.c.name, articles.c.title, _t.fits, _t.rated_at)
            .select_from(thumbs.join(subscriptions).join(articles))
            .where(_t.user_id == user_id)
            .order_by(_t.rated_at)
        )
        async with self._database.read() as connection:
            return tuple((name, title, fits, at) for name, title, fits, at in await connection.execute(query))
