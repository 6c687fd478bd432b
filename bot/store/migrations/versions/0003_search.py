"""Full text search over articles, kept up by triggers so that no writer can forget it."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = (
    # The index holds no copy of the text: FTS5 reads it from the articles through this view.
    """
    CREATE VIEW article_words AS
    SELECT id, title, json_extract(article, '$.text') AS text FROM articles
    """,
    """
    CREATE VIRTUAL TABLE article_search USING fts5(
        title, text, content='article_words', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER article_search_insert AFTER INSERT ON articles BEGIN
        INSERT INTO article_search (rowid, title, text)
        VALUES (new.id, new.title, json_extract(new.article, '$.text'));
    END
    """,
    """
    CREATE TRIGGER article_search_delete AFTER DELETE ON articles BEGIN
        INSERT INTO article_search (article_search, rowid, title, text)
        VALUES ('delete', old.id, old.title, json_extract(old.article, '$.text'));
    END
    """,
    """
    CREATE TRIGGER article_search_update AFTER UPDATE OF title, article ON articles BEGIN
        INSERT INTO article_search (article_search, rowid, title, text)
        VALUES ('delete', old.id, old.title, json_extract(old.article, '$.text'));
        INSERT INTO article_search (rowid, title, text)
        VALUES (new.id, new.title, json_extract(new.article, '$.text'));
    END
    """,
    "INSERT INTO article_search (article_search) VALUES ('rebuild')",
)

SQLITE_DOWN = (
    "DROP TRIGGER article_search_insert",
    "DROP TRIGGER article_search_delete",
    "DROP TRIGGER article_search_update",
    "DROP TABLE article_search",
    "DROP VIEW article_words",
)

POSTGRESQL = (
    """
    CREATE TABLE article_search (
        article_id bigint PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        words tsvector NOT NULL
    )
    """,
    "CREATE INDEX ix_article_search_words ON article_search USING gin (words)",
    # Words as FTS5 finds them: without accents and punctuation. The parser alone would keep "covid-19" and
    # "example.org" whole. A tsvector holds 1 MiB at most: the cut keeps below it in every script.
    r"""
    CREATE FUNCTION article_search_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT to_tsvector('simple', regexp_replace(
            regexp_replace(normalize(left(coalesce(words, ''), 150000), NFD), '[\u0300-\u036f]', '', 'g'),
            '[\u0001-/:-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g'
        ))
    $$
    """,
    """
    CREATE FUNCTION article_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO article_search (article_id, words) VALUES (
            NEW.id,
            setweight(article_search_words(NEW.title), 'A')
                || setweight(article_search_words(NEW.article::json ->> 'text'), 'D')
        ) ON CONFLICT (article_id) DO UPDATE SET words = excluded.words;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER article_search_keep AFTER INSERT OR UPDATE OF title, article ON articles
    FOR EACH ROW EXECUTE FUNCTION article_search_keep()
    """,
    """
    INSERT INTO article_search (article_id, words)
    SELECT id, setweight(article_search_words(title), 'A')
        || setweight(article_search_words(article::json ->> 'text'), 'D')
    FROM articles
    """,
)

POSTGRESQL_DOWN = (
    "DROP TRIGGER article_search_keep ON articles",
    "DROP FUNCTION article_search_keep",
    "DROP TABLE article_search",
    "DROP FUNCTION article_search_words",
)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    connection = op.get_bind()
    for statement in sqlite if connection.dialect.name == "sqlite" else postgresql:
        connection.exec_driver_sql(statement)


def upgrade() -> None:
    _run(SQLITE, POSTGRESQL)


def downgrade() -> None:
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)
