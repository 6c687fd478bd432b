"""Runs migrations on the connection that bot.store.database hands over."""

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by building it again
)
with context.begin_transaction():
    context.run_migrations()
