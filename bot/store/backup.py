"""Copies of a SQLite file, made while it is in use."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from bot.errors import StoreError


def backup(file: Path, now: datetime) -> Path:
    """Copy a SQLite database beside itself while it is in use; returns the copy. Raises StoreError."""
    kept = file.with_name(f"{file.name}.backup-{now:%Y%m%dT%H%M%S}")
    for number in range(2, 1000):
        if not kept.exists():
            break
        kept = file.with_name(f"{file.name}.backup-{now:%Y%m%dT%H%M%S}-{number}")
    _copy(file, kept)
    return kept


def restore(kept: Path, file: Path) -> None:
    """Put a backup in a SQLite database's place; the bot must not be running. Raises StoreError."""
    _copy(kept, file)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StoreError(f"There is no file {source}.")
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            if old.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise StoreError(f"{source} is damaged; nothing was copied.")
            old.backup(new)
    except sqlite3.Error as error:
        raise StoreError(f"{source} cannot be copied to {target}: {error}.") from error
