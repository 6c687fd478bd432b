"""A SQLite file's connections end with it, whatever happened to those who asked for them."""

import asyncio
import gc
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.store.database import Database


@pytest.fixture
async def file(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'threadline.db'}"
    await (await Database.open(url)).close()
    return url


async def _asks(database: Database) -> object:
    async with database.read() as connection:
        return (await connection.execute(text("SELECT 1"))).scalar()


@pytest.mark.parametrize("steps", range(12))
async def test_a_question_that_is_cancelled_leaves_no_connection_behind(file: str, steps: int) -> None:
    database = await Database.open(file)
    await database._engine.dispose()  # the next question opens the file
    asked = asyncio.create_task(_asks(database))
    for _ in range(steps):
        await asyncio.sleep(0.0005)
    asked.cancel()
    await asyncio.wait([asked])

    assert await _asks(database) == 1
    await database.close()
    gc.collect()  # warns of a connection that is open, which is an error here


async def test_who_still_has_a_connection_when_the_file_is_closed_leaves_none_behind(file: str) -> None:
    database = await Database.open(file)
    async with database.read():
        await database.close()
    gc.collect()


async def test_a_file_that_is_closed_while_it_is_opened_is_closed_after_that(file: str) -> None:
    database = await Database.open(file)
    await database._engine.dispose()
    asked = asyncio.create_task(_asks(database))
    await asyncio.sleep(0)  # it has asked for a connection
    await database.close()
    await asyncio.wait([asked])
    gc.collect()


async def test_a_closed_file_is_not_opened_again(file: str) -> None:
    database = await Database.open(file)
    await database.close()

    with pytest.raises(StoreError, match="does not answer"):
        await _asks(database)
