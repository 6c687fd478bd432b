"""A store on every engine there is."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database


def engines() -> list[str]:
    """SQLite always; PostgreSQL where TEST_DATABASE_URL names an empty one."""
    return ["sqlite", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else [])]


@pytest.fixture(params=engines())
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = (
        os.environ["TEST_DATABASE_URL"]
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path}/t.sqlite3"
    )
    opened = await Database.open(url)
    yield opened
    await opened.close()
