"""`threadline config check` and what the command line says about itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import __version__
from bot.cli import build

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_the_shipped_settings_are_right() -> None:
    result = CliRunner().invoke(build(), ["config", "check", "config/bot.yaml"])

    assert result.exit_code == 0
    assert result.stdout == "config/bot.yaml: every setting is known and right.\n"


def test_every_unknown_or_wrong_setting_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bot.yaml"
    path.write_text("fetch:\n  secnods: 7\n  redirects: many\nlgo: {}\n")

    result = CliRunner().invoke(build(), ["config", "check", str(path)])

    assert result.exit_code == 1
    assert f"{path}:2: unknown setting “fetch.secnods”; did you mean “seconds”?" in result.stderr
    assert f"{path}:3: “fetch.redirects”" in result.stderr
    assert f"{path}:4: unknown setting “lgo”; did you mean “log”?" in result.stderr


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(build(), ["config", "check", str(tmp_path / "none.yaml")])

    assert result.exit_code == 1
    assert "none.yaml" in result.stderr


@pytest.mark.parametrize("command", ["read", "run", "demo", "config"])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(build(), [command, "--help"], env={"COLUMNS": "100"})

    assert result.exit_code == 0
    assert command in CliRunner().invoke(build(), ["--help"]).stdout


def test_the_help_of_read_teaches_by_example() -> None:
    result = CliRunner().invoke(build(), ["read", "--help"], env={"COLUMNS": "120"})

    assert "threadline read --json https://example.org/story | jq -r .article.text" in result.stdout


def test_it_knows_its_version() -> None:
    assert CliRunner().invoke(build(), ["--version"]).stdout == f"threadline {__version__}\n"


@pytest.mark.parametrize("arguments", [["read"], ["read", "--nonsense", "x"], ["nonsense"]])
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(build(), arguments).exit_code == 2
