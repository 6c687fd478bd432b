"""Brings a database's tables to this version, or back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.errors import SchemaTooNewError

if TYPE_CHECKING:  # imported where it is used: a database that is up to date needs none of its 11 MB
    from alembic.config import Config

NEWEST = "0003"  #: the schema that this version of the code works with

_LOCK = 7_246_311  # any number that no other program uses for pg_advisory_xact_lock


def current(connection: Connection) -> str | None:
    """The database's schema, None where it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found else None


def migrate(connection: Connection, revision: str) -> None:
    """Go up or down to *revision* within the connection's transaction, one process at a time.

    Raises SchemaTooNewError where the database is of no version we know.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    config = _config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    now = current(connection)
    if now is not None and now not in known:
        raise SchemaTooNewError(
            f"The database was written by a newer version of Threadline (schema {now}); update."
        )
    config.attributes["connection"] = connection
    down = revision == "base" or (now is not None and revision < now)
    (command.downgrade if down else command.upgrade)(config, revision)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
