"""Feeds, their entries, subscriptions, deliveries and digests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_try", MOMENT, nullable=True),
        sa.Column("next_try", MOMENT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("channel_id", "due_at", name=op.f("uq_digests_channel_id")),
    )
    op.create_index(op.f("ix_digests_next_try"), "digests", ["next_try"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("site_url", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("ttl_minutes", sa.Integer(), nullable=True),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("polled_at", MOMENT, nullable=True),
        sa.Column("next_poll", MOMENT, nullable=True),
        sa.Column("hub_url", sa.Text(), nullable=True),
        sa.Column("self_url", sa.Text(), nullable=True),
        sa.Column("told_until", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_index(op.f("ix_feeds_next_poll"), "feeds", ["next_poll"], unique=False)
    op.create_table(
        "callbacks",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=True),
        sa.Column("hub_url", sa.Text(), nullable=False),
        sa.Column("self_url", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_callbacks_feed_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("feed_id", "hub_url", "self_url", name=op.f("uq_callbacks_feed_id")),
        sa.UniqueConstraint("path", name=op.f("uq_callbacks_path")),
    )
    op.create_index(op.f("ix_callbacks_next_try"), "callbacks", ["next_try"], unique=False)
    op.create_table(
        "outlets",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.Column("skip_posted", sa.Boolean(), nullable=False),
        sa.Column("crossposts", sa.Boolean(), nullable=False),
        sa.Column("next_digest", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_outlets")),
    )
    op.create_index(op.f("ix_outlets_guild_id"), "outlets", ["guild_id"], unique=False)
    op.create_index(op.f("ix_outlets_next_digest"), "outlets", ["next_digest"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("subscriptions", sa.Text(), nullable=False),
        sa.Column("joins_id", ID, nullable=True),
        sa.Column("owed_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_try", MOMENT, nullable=True),
        sa.Column("next_try", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("left_over", sa.Boolean(), nullable=False),
        sa.Column("digest_id", ID, nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_deliveries_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_deliveries_digest_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["joins_id"], ["articles.id"], name=op.f("fk_deliveries_joins_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("channel_id", "article_id", name=op.f("uq_deliveries_channel_id")),
    )
    op.create_index(op.f("ix_deliveries_channel_id"), "deliveries", ["channel_id", "sent_at"], unique=False)
    op.create_index(op.f("ix_deliveries_digest_id"), "deliveries", ["digest_id"], unique=False)
    op.create_index(op.f("ix_deliveries_leased_until"), "deliveries", ["leased_until"], unique=False)
    op.create_index(op.f("ix_deliveries_next_try"), "deliveries", ["next_try"], unique=False)
    op.create_table(
        "feed_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_read", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_feed_entries_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entries")),
        sa.UniqueConstraint("feed_id", "entry_id", name=op.f("uq_feed_entries_feed_id")),
    )
    op.create_index(op.f("ix_feed_entries_next_read"), "feed_entries", ["next_read"], unique=False)
    op.create_table(
        "pastes",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("next_try", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_pastes_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pastes")),
        sa.UniqueConstraint("channel_id", "article_id", name=op.f("uq_pastes_channel_id")),
    )
    op.create_index(op.f("ix_pastes_next_try"), "pastes", ["next_try"], unique=False)
    op.create_table(
        "retellings",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_retellings_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["articles.id"], name=op.f("fk_retellings_first_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_retellings")),
    )
    op.create_index(op.f("ix_retellings_first_id"), "retellings", ["first_id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("feed_id", ID, nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("muted_until", MOMENT, nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_subscriptions_feed_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["subscriptions.id"], name=op.f("fk_subscriptions_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("guild_id", "channel_id", "name", name=op.f("uq_subscriptions_guild_id")),
    )
    op.create_index(op.f("ix_subscriptions_feed_id"), "subscriptions", ["feed_id"], unique=False)
    op.create_index(op.f("ix_subscriptions_member_id"), "subscriptions", ["member_id"], unique=False)
    op.create_index(op.f("ix_subscriptions_parent_id"), "subscriptions", ["parent_id"], unique=False)
    op.create_table(
        "followers",
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("muted_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_followers_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "user_id", name=op.f("pk_followers")),
    )
    op.create_index(op.f("ix_followers_user_id"), "followers", ["user_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("next_try", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_notices_feed_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_notices_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("subscription_id", "feed_id", name=op.f("uq_notices_subscription_id")),
    )
    op.create_index(op.f("ix_notices_feed_id"), "notices", ["feed_id"], unique=False)
    op.create_index(op.f("ix_notices_next_try"), "notices", ["next_try"], unique=False)
    op.create_table(
        "topic_feeds",
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_topic_feeds_feed_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_topic_feeds_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "feed_id", name=op.f("pk_topic_feeds")),
    )
    op.create_index(op.f("ix_topic_feeds_feed_id"), "topic_feeds", ["feed_id"], unique=False)
    op.create_table(
        "thumbs",
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_thumbs_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_thumbs_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "article_id", "user_id", name=op.f("pk_thumbs")),
    )
    op.create_index(op.f("ix_thumbs_article_id"), "thumbs", ["article_id"], unique=False)
    op.create_index(op.f("ix_thumbs_user_id"), "thumbs", ["user_id"], unique=False)
    op.create_table(
        "topic_models",
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("classifier", sa.Text(), nullable=False),
        sa.Column("labelled", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("query_right", sa.Integer(), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_topic_models_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_topic_models")),
    )


def downgrade() -> None:
    for table in (
        "topic_models",
        "thumbs",
        "topic_feeds",
        "notices",
        "followers",
        "subscriptions",
        "retellings",
        "pastes",
        "feed_entries",
        "deliveries",
        "outlets",
        "callbacks",
        "feeds",
        "digests",
    ):
        op.drop_table(table)
