"""Settings come from one file and the environment, and say where they are wrong."""

from pathlib import Path

import pytest
import yaml

from bot.errors import SettingsError
from bot.settings import DEFAULT_PATH, Settings, load


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "bot.yaml"
    path.write_text(text)
    return path


def test_the_shipped_file_states_every_setting_with_its_default() -> None:
    shipped = yaml.safe_load(DEFAULT_PATH.read_text())

    defaults = Settings().model_dump(mode="json", exclude={"token", "model_key"})
    assert shipped == defaults
    assert load(DEFAULT_PATH, {}) == Settings()


def test_every_shipped_setting_has_a_line_that_says_why() -> None:
    lines = DEFAULT_PATH.read_text().splitlines()

    settings = [n for n, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    bare = [
        lines[n] for n in settings if not lines[n].endswith(":") and not lines[n - 1].lstrip().startswith("#")
    ]
    assert bare == []


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "fetch:\n  seconds: 20\n  redirects: 2\n")

    settings = load(
        path,
        {
            "THREADLINE_FETCH__SECONDS": "7",
            "THREADLINE_DATABASE_URL": "sqlite:///other.sqlite3",
            "THREADLINE_FETCH__ALLOW_ADDRESSES": "127.0.0.1:8099, 127.0.0.1:8100",
        },
    )

    assert settings.fetch.seconds == 7
    assert settings.fetch.redirects == 2
    assert settings.database_url == "sqlite:///other.sqlite3"
    assert settings.fetch.allow_addresses == ("127.0.0.1:8099", "127.0.0.1:8100")


def test_an_unknown_key_is_named_with_its_line_and_its_neighbour(tmp_path: Path) -> None:
    path = written(tmp_path, "fetch:\n  seconds: 20\n  secnods: 7\nlgo: {}\n")

    with pytest.raises(SettingsError) as raised:
        load(path, {})

    assert f"{path}:3: unknown setting “fetch.secnods”; did you mean “seconds”?" in str(raised.value)
    assert f"{path}:4: unknown setting “lgo”; did you mean “log”?" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fetch:\n  seconds: soon\n", ":2: “fetch.seconds”: input should be a valid number"),
        ("log:\n  level: loud\n", ":2: “log.level”"),
        ("fetch: [1]\n", ":1: “fetch”"),
        ("fetch:\n  seconds: 1\n  seconds: 2\n", ":3: “fetch.seconds” stands here twice."),
        ("a: b: c\n", ":1: not valid YAML"),
        ("- 1\n", ":1: settings are written as"),
        ("token: abc\n", ":1: a token does not belong in a file"),
        ("model_key: abc\n", ":1: a key does not belong in a file"),
        ("log: &a [*a]\n", ":1: aliases"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(written(tmp_path, text), {})

    assert why in str(raised.value)


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="THREADLINE_FETCH__SECNODS: unknown setting"):
        load(None, {"THREADLINE_FETCH__SECNODS": "1"})


def test_a_missing_file_is_an_error_only_when_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert load(None, {}) == Settings()
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "none.yaml", {})


def test_the_token_is_in_no_repr_and_no_error() -> None:
    settings = load(None, {"DISCORD_TOKEN": "canary.token"})

    assert settings.token is not None
    assert settings.token.get_secret_value() == "canary.token"
    assert "canary" not in repr(settings)
    with pytest.raises(SettingsError) as raised:
        load(None, {"DISCORD_TOKEN": "canary.token", "THREADLINE_LOG__LEVEL": "loud"})
    assert "canary" not in str(raised.value)
