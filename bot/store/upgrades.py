"""Brings a database's tables to this version, or back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import SchemaTooNewError

_LOCK = 7_246_311  # any number that no other program uses for pg_advisory_xact_lock


def newest() -> str:
    """The schema that this version of the code works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or "base"


def current(connection: Connection) -> str | None:
    """The database's schema, None where it has no tables. Raises SchemaTooNewError for an unknown one."""
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaTooNewError(
            f"The database was written by a newer version of Threadline (schema {found}); update."
        )
    return found


def migrate(connection: Connection, revision: str) -> None:
    """Go up or down to *revision* within the connection's transaction, one process at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    config = _config()
    config.attributes["connection"] = connection
    now = current(connection)
    down = revision == "base" or (now is not None and revision < now)
    (command.downgrade if down else command.upgrade)(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
