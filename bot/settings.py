"""The settings of config/bot.yaml and the environment, checked once at the start."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import SettingsError

DEFAULT_PATH = Path("config/bot.yaml")
PREFIX = "THREADLINE_"
#: Set by the tooling around the bot, not settings of it.
_OTHER_VARIABLES = frozenset({"THREADLINE_REQUIRE_BROWSER", "THREADLINE_DISCORD_OPENAPI"})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FetchSettings(_Section):
    """How pages are fetched."""

    max_bytes: int = Field(default=5 * 1024 * 1024, ge=10_000)
    seconds: float = Field(default=15, gt=0)
    connect_seconds: float = Field(default=5, gt=0)
    redirects: int = Field(default=5, ge=0, le=20)
    allow_addresses: tuple[str, ...] = ()
    contact: str = ""


class ExtractionSettings(_Section):
    """The child processes that read pages."""

    children: int = Field(default=1, ge=1, le=64)
    seconds: float = Field(default=3, gt=0)
    megabytes: int = Field(default=512, ge=128)


class SummarySettings(_Section):
    """What a card quotes."""

    length: Literal["short", "normal", "long"] = "normal"
    facts: int = Field(default=5, ge=0, le=10)


class ModelSettings(_Section):
    """A language model that may write summaries where a server asked for it; off without an address."""

    base_url: str = ""
    name: str = ""
    tokens_a_day: int = Field(default=1_000_000, ge=0)
    cost_per_million_tokens: float = Field(default=0, ge=0)
    cost_a_day: float | None = Field(default=None, ge=0)


class DiscordSettings(_Section):
    """The connection to Discord."""

    message_content: bool = True


class RetentionSettings(_Section):
    """How long things are kept."""

    articles_days: int = Field(default=90, ge=0)
    texts_days: int = Field(default=90, ge=0)
    departed_days: int = Field(default=7, ge=0)


class LogSettings(_Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class MetricsSettings(_Section):
    """Where a process tells of itself."""

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)


class WebsubSettings(_Section):
    """Where hubs may say that feeds have news; off without an address."""

    public_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    host: str = "127.0.0.1"
    port: int = Field(default=9465, ge=0, le=65535)


class TracingSettings(_Section):
    """Where spans go."""

    endpoint: str = ""


class Settings(_Section):
    """Everything an owner can set; frozen."""

    database_url: str = "sqlite:///threadline.sqlite3"
    discord: DiscordSettings = DiscordSettings()
    fetch: FetchSettings = FetchSettings()
    extraction: ExtractionSettings = ExtractionSettings()
    summary: SummarySettings = SummarySettings()
    model: ModelSettings = ModelSettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    websub: WebsubSettings = WebsubSettings()
    tracing: TracingSettings = TracingSettings()
    token: SecretStr | None = Field(default=None, repr=False)  #: from DISCORD_TOKEN only
    model_key: SecretStr | None = Field(default=None, repr=False)  #: from MODEL_KEY only


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the YAML file at *path* (default: config/bot.yaml, where there is one) and *environ* over it.

    THREADLINE_FETCH__SECONDS=20 sets fetch.seconds; commas separate lists; DISCORD_TOKEN is the token, MODEL_KEY
    the language model's.
    Raises SettingsError, which names every wrong key with its file and line.
    """
    environ = os.environ if environ is None else environ
    source = path or DEFAULT_PATH
    values, lines = _read(source) if path is not None or source.is_file() else ({}, {})
    if "model_key" in values:
        raise SettingsError(
            f"{source}:{lines[('model_key',)]}: a key does not belong in a file; set MODEL_KEY."
        )
    if "token" in values:
        raise SettingsError(
            f"{source}:{lines[('token',)]}: a token does not belong in a file; set DISCORD_TOKEN."
        )
    named = {key for name, key in _variables(environ)}
    for keys, value in ((key, environ[name]) for name, key in _variables(environ)):
        _put(values, keys, value)
    if environ.get("DISCORD_TOKEN"):
        values["token"] = environ["DISCORD_TOKEN"].strip()
    if environ.get("MODEL_KEY"):
        values["model_key"] = environ["MODEL_KEY"].strip()
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error, source, lines, named))) from None


def _read(path: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """The file's values and the line on which each key stands."""
    try:
        text = path.read_text(encoding="utf-8")
        # An alias can repeat a value without end; no setting needs one.
        alias = next((token for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)), None)
        node = None if alias else yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or 'cannot be read'}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 text.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise SettingsError(f"{path}:{line}: not valid YAML: {getattr(error, 'problem', error)}.") from error
    if alias:
        raise SettingsError(f"{path}:{alias.start_mark.line + 1}: aliases (*) are not used here.")
    if node is None:
        return {}, {}
    lines: dict[tuple[str, ...], int] = {}
    value = _value(node, (), lines, path)
    if not isinstance(value, dict):
        raise SettingsError(f"{path}:1: settings are written as “key: value”.")
    return value, lines


def _value(node: yaml.Node, at: tuple[str, ...], lines: dict[tuple[str, ...], int], path: Path) -> Any:
    """A node as a plain value; walked here because keys need their lines and may not stand twice."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                raise SettingsError(f"{path}:{line}: “{'.'.join((*at, key))}” stands here twice.")
            lines[(*at, key)] = line
            found[key] = _value(value_node, (*at, key), lines, path)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, at, lines, path) for item in node.value]
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    finally:
        loader.dispose()


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in _OTHER_VARIABLES:
            yield name, tuple(name.removeprefix(PREFIX).lower().split("__"))


def _put(values: dict[str, Any], keys: tuple[str, ...], value: str) -> None:
    *sections, last = keys
    for section in sections:
        inner = values.get(section)
        values[section] = inner = dict(inner) if isinstance(inner, dict) else {}
        values = inner
    values[last] = [item.strip() for item in value.split(",") if item.strip()] if last in _LISTS else value


_LISTS = frozenset({"allow_addresses"})


def _explain(
    error: ValidationError, path: Path, lines: Mapping[tuple[str, ...], int], named: set[tuple[str, ...]]
) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False):
        keys = tuple(str(part) for part in problem["loc"] if not isinstance(part, int))
        where = PREFIX + "__".join(keys).upper() if keys in named else f"{path}:{lines.get(keys, 1)}"
        name = ".".join(keys)
        if problem["type"] == "extra_forbidden":
            known = _keys_of(keys[:-1])
            close = difflib.get_close_matches(keys[-1], known, n=1)
            hint = f"did you mean “{close[0]}”?" if close else f"known here: {', '.join(known)}."
            yield f"{where}: unknown setting “{name}”; {hint}"
        else:
            yield f"{where}: “{name}”: {problem['msg'][:1].lower()}{problem['msg'][1:]}."


def _keys_of(section: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for key in section:
        field = model.model_fields.get(key)
        if (
            field is None
            or not isinstance(field.annotation, type)
            or not issubclass(field.annotation, BaseModel)
        ):
            return []
        model = field.annotation
    return [key for key in model.model_fields if key not in ("token", "model_key")]
