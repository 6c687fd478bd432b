"""The lock files say what to install and from nowhere in particular, and the bot's own stays small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOCKS = sorted(Path().glob("requirements*.lock"))


def packages(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*])?==", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_by_hash_and_names_no_index_or_address(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if not line.startswith(" ")]

    assert lines
    assert not re.search(r"://|^-", lock.read_text(), re.MULTILINE)
    assert all(line.endswith("\\") for line in lines if "==" in line)


def test_running_the_bot_takes_nothing_of_the_demo_and_the_tests() -> None:
    needed = packages(Path("requirements.lock"))

    assert {"discord-py", "lxml", "sqlalchemy"} <= needed
    assert not needed & {"simcord", "av", "pillow", "pytest", "playwright", "openai", "psycopg"}
    assert needed <= packages(Path("requirements-dev.lock"))


def test_the_image_is_built_with_the_very_packages_that_the_tests_are_installed_with() -> None:
    built = Path("requirements-build.lock").read_text()
    pins = re.findall(r"^\S+==\S+", built, re.MULTILINE)

    assert "hatchling" in packages(Path("requirements-build.lock"))
    assert set(pins) <= set(re.findall(r"^\S+==\S+", Path("requirements-dev.lock").read_text(), re.MULTILINE))
