"""The tables; migrations/ builds the same on a filled database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite counts rows by itself only in a column that is exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC on both engines; SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, hand on UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("page_key", Text, nullable=False, unique=True),  # links.page_key of the canonical address
    Column("title", Text, nullable=False),
    Column("article", Text, nullable=False),  # JSON of model.Article
    Column("summary", Text, nullable=False),  # JSON of model.Summary
    Column("read_at", UtcDateTime, nullable=False),
)

#: Other keys that led to an article: what was pasted, where redirects ended.
article_keys = Table(
    "article_keys",
    metadata,
    Column("page_key", Text, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

channels = Table(
    "channels",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("paste", Text, nullable=False),
    Column("threads", Text, nullable=False),
    Column("archive_minutes", Integer, nullable=False),
    Column("language", Text),
)

discussions = Table(
    "discussions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("sharer_id", BigInteger, nullable=False),
    Column("source_id", BigInteger),
    Column("message_id", BigInteger, unique=True),
    Column("thread_id", BigInteger, unique=True),
    Column("round", Integer, nullable=False, default=0),  # how often it was posted anew; part of the nonce
    Column("comments", Integer, nullable=False, default=0),
    Column("shown_comments", Integer, nullable=False, default=0),  # the count on the card
    Column("shown_at", UtcDateTime),  # when the card's count was last edited
    Column("shared_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel_id", "article_id"),
    Index(None, "guild_id", "article_id"),
    Index(None, "source_id"),
)

comments = Table(
    "comments",
    metadata,
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("discussion_id", Id, ForeignKey("discussions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("author_id", BigInteger, nullable=False, index=True),
    Column("reply_to", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reactions", Integer, nullable=False, default=0),
)
