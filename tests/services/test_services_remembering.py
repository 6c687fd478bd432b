"""What is kept in memory is neither older than a minute nor without end."""

from __future__ import annotations

import asyncio

from bot.services.remembering import MOST, SECONDS, Remembered


class Table:
    """Rows that another process may change, and how often they were looked at."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {1: "old"}
        self.looks = 0
        self.now = 0.0
        self.answers = asyncio.Event()
        self.answers.set()

    async def look(self, key: int) -> str | None:
        self.looks += 1
        found = self.rows.get(key)
        await self.answers.wait()
        return found

    def remembered(self) -> Remembered[int, str | None]:
        return Remembered(self.look, lambda: self.now)


async def test_what_another_process_changed_is_seen_after_a_minute() -> None:
    table = Table()
    remembered = table.remembered()
    assert [await remembered.get(1) for _ in range(3)] == ["old"] * 3
    assert table.looks == 1

    table.rows[1] = "new"
    table.now = SECONDS

    assert await remembered.get(1) == "new"


async def test_that_there_is_nothing_is_remembered_too() -> None:
    table = Table()
    remembered = table.remembered()

    assert (await remembered.get(2), await remembered.get(2)) == (None, None)
    assert table.looks == 1


async def test_what_was_put_during_a_look_outlives_what_it_found() -> None:
    table = Table()
    remembered = table.remembered()
    table.answers.clear()
    looking = asyncio.create_task(remembered.get(1))
    await asyncio.sleep(0)

    remembered.put(1, "new")
    table.answers.set()

    assert await looking == await remembered.get(1) == "new"


async def test_the_least_recently_asked_for_are_dropped() -> None:
    table = Table()
    remembered = table.remembered()
    for key in range(1, MOST + 1):
        await remembered.get(key)
    await remembered.get(1)
    await remembered.get(MOST + 1)
    looks = table.looks

    await remembered.get(1)
    assert table.looks == looks
    await remembered.get(2)
    assert table.looks == looks + 1
