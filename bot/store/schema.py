"""The tables; migrations/ builds the same on a filled database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
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
        """Give the zone back; PostgreSQL hands out the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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
    Column("reactions", Integer, nullable=False),
    Column("archive_minutes", Integer, nullable=False),
    Column("language", Text),
    Column("digest", Text, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("hide_previews", Boolean, nullable=False),
)

servers = Table(
    "servers",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", Text),
    Column("store_text", Boolean, nullable=False),
    Column("summary_model", Boolean, nullable=False),
    Column("summary_language", Text),
)

members = Table(
    "members",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ignored", Boolean, nullable=False),
    Column("plain", Boolean, nullable=False),
)

rules = Table(
    "rules",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("allowed", Boolean, nullable=False),
)

#: Servers that removed the bot; after a while their data goes.
departures = Table(
    "departures",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", UtcDateTime, nullable=False, index=True),
)

discussions = Table(
    "discussions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("home_id", BigInteger, nullable=False),
    Column("sharer_id", BigInteger, index=True),
    Column("source_id", BigInteger),
    Column("message_id", BigInteger, unique=True),
    Column("thread_id", BigInteger, unique=True),
    Column("round", Integer, nullable=False, default=0),  # how often it was posted anew; part of the nonce
    Column("comments", Integer, nullable=False, default=0),
    Column("shown_comments", Integer, nullable=False, default=0),  # the count on the card
    Column("shown_at", UtcDateTime),  # when the card's count was last edited
    Column("shared_at", UtcDateTime, nullable=False),
    Column("note", Text),
    Column("length", Text),
    Column("merged_into", BigInteger),  # the discussion that a moderator made it part of
    UniqueConstraint("channel_id", "article_id"),
    Index(None, "guild_id", "article_id"),
    Index(None, "source_id"),
    Index(None, "merged_into"),
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
    Column("text", Text),  # NULL unless the server keeps words
    Column("thread_id", BigInteger),  # NULL in the discussion's own thread
)

#: Small messages in answer to a member's, so that they go when it goes.
lines = Table(
    "lines",
    metadata,
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("page_key", Text, primary_key=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("waiting", Boolean, nullable=False),  # the page is still being read
)

#: Summaries that members called bad, each member once.
reports = Table(
    "reports",
    metadata,
    Column(
        "article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False, default=""),
    Column("site_url", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("failures", Integer, nullable=False, default=0),
    Column("status", Integer),
    Column("trouble", Text),
    Column("moved_to", Text),
    Column("moves", Integer, nullable=False, default=0),
    Column("ttl_minutes", Integer),
    Column("published", Text, nullable=False, default="[]"),  # JSON; when the latest entries appeared
    Column("polled_at", UtcDateTime),
    Column("next_poll", UtcDateTime, index=True),  # pushed ahead while a poll is under way
    Column("hub_url", Text),
    Column("self_url", Text),
    Column("told_until", UtcDateTime),
    Column("told_at", UtcDateTime),
)

#: Addresses at which hubs may say that a feed has news.
callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="SET NULL")),  # NULL when the feed was forgotten
    Column("hub_url", Text, nullable=False),
    Column("self_url", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("secret", Text),
    Column("leaving", Boolean, nullable=False, default=False),  # the hub is to be asked to tell no more
    Column("failures", Integer, nullable=False, default=0),
    Column("next_try", UtcDateTime, nullable=False, index=True),  # when the hub is asked again
    UniqueConstraint("feed_id", "hub_url", "self_url"),
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False),
    Column("entry_id", Text, nullable=False),  # model.Entry.id
    Column("entry", Text),  # JSON of model.Entry; NULL when it is not to be read
    Column("seen_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_read", UtcDateTime, index=True),  # NULL when it was read, is not to be read or was given up
    UniqueConstraint("feed_id", "entry_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text),
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), index=True),
    Column("role_id", BigInteger),
    Column("member_id", BigInteger, index=True),
    Column("parent_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True),
    Column("paused", Boolean, nullable=False, default=False),
    Column("muted_until", UtcDateTime),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("guild_id", "channel_id", "name"),
)

#: Feeds that a topic listens to although no channel gets them whole.
topic_feeds = Table(
    "topic_feeds",
    metadata,
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, index=True),
)

#: Members who are mentioned with a topic's articles.
followers = Table(
    "followers",
    metadata,
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("muted_until", UtcDateTime),
)

#: What members say of articles: whether they fit a topic.
thumbs = Table(
    "thumbs",
    metadata,
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("fits", Boolean, nullable=False),
    Column("rated_at", UtcDateTime, nullable=False),
)

#: Topics that decide by what they learned instead of by their query.
topic_models = Table(
    "topic_models",
    metadata,
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("classifier", Text, nullable=False),  # JSON of feeds.classifier.Classifier
    Column("labelled", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("query_right", Integer, nullable=False),
    Column("learned_at", UtcDateTime, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("next_try", UtcDateTime, index=True),  # NULL when it was told
    UniqueConstraint("subscription_id", "feed_id"),
)

pastes = Table(
    "pastes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("next_try", UtcDateTime, index=True),  # NULL when it was matched
    UniqueConstraint("channel_id", "article_id"),
)

#: Articles that tell the story of an earlier one.
retellings = Table(
    "retellings",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("first_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

outlets = Table(
    "outlets",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("zone", Text, nullable=False),
    Column("cap", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("digest_hour", Integer, nullable=False),
    Column("digest_weekday", Integer, nullable=False),
    Column("skip_posted", Boolean, nullable=False),
    Column("crossposts", Boolean, nullable=False),
    Column("next_digest", UtcDateTime, index=True),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("first_try", UtcDateTime),
    Column("next_try", UtcDateTime, index=True),  # NULL when it was sent or dropped; pushed ahead by a lease
    Column("message_id", BigInteger),
    Column("dropped_why", Text),
    UniqueConstraint("channel_id", "due_at"),
)

#: What channels are owed; the card itself is a row of `discussions`.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("subscriptions", Text, nullable=False),  # JSON; ids of those that asked for it
    Column("joins_id", Id, ForeignKey("articles.id", ondelete="SET NULL")),
    Column("owed_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("first_try", UtcDateTime),
    Column("next_try", UtcDateTime, index=True),  # NULL when it is settled; pushed ahead by a lease
    Column("leased_until", UtcDateTime, index=True),  # while somebody pays it
    Column("sent_at", UtcDateTime),
    Column("left_over", Boolean, nullable=False, default=False),  # beyond the cap: the digest names it
    Column("digest_id", Id, ForeignKey("digests.id", ondelete="SET NULL"), index=True),
    Column("dropped_why", Text),
    UniqueConstraint("channel_id", "article_id"),
    Index(None, "channel_id", "sent_at"),
)
