"""The bot is killed at fifty seeded points: nothing is lost, nothing comes twice."""

from __future__ import annotations

from pathlib import Path

from tests.torture.harness import PAST, WITHIN, tortured


async def test_killed_at_fifty_points_the_bot_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with tortured(f"sqlite:///{tmp_path}/torture.sqlite3", seed=2) as torture:
        await torture.kill(40, step=WITHIN, faults=0.1)
        await torture.kill(50, step=PAST, faults=0.1)
        outcome = await torture.finish()

    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.threads_lost == 0
    # The run has shown something: cards were joined, repeats dropped, and the history was looked through.
    assert outcome.joined
    assert outcome.repeats
    assert outcome.looks
