"""Checks the requests a bot makes against Discord's own OpenAPI description and the rules that it leaves out.

The description is no part of the repository: THREADLINE_DISCORD_OPENAPI names the file (.json or .json.gz).
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ENVIRONMENT = "THREADLINE_DISCORD_OPENAPI"
_DOCUMENT = "urn:discord"
_COMPONENTS_V2 = 1 << 15
_SNOWFLAKE = re.compile(r"(^|_)id$")
_MEDIA_CHANNEL = 16  #: discord.py offers these with forums; the description does not know them
#: discord.py sends these, Discord takes them, the description does not know them.
_UNKNOWN_TO_DESCRIPTION = frozenset({"tts", "nsfw"})


class Request(Protocol):
    """What is looked at; simcord's HttpLogEntry is one."""

    method: str
    path: str
    json: Any | None


class Problem(NamedTuple):
    """One thing Discord would refuse."""

    method: str
    path: str
    why: str


def description() -> Path:
    """The description's path; skips the test, saying why, where it is absent."""
    named = os.environ.get(ENVIRONMENT)
    if not named or not Path(named).is_file():
        pytest.skip(f"{ENVIRONMENT} names no copy of Discord's OpenAPI description")
    return Path(named)


def problems(requests: Iterable[Request], path: Path) -> list[Problem]:
    """Everything in *requests* that breaks the description in *path* or a rule it leaves out."""
    api = _Api.load(path)
    found: list[Problem] = []
    for request in requests:
        found += (Problem(request.method, request.path, why) for why in api.broken_rules(request))
    return found


class _Api:
    """The description, ready to be asked."""

    def __init__(self, document: dict[str, Any]) -> None:
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
        self._paths = [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)) + "$"), template, operations)
            for template, operations in document["paths"].items()
        ]
        # A literal segment ("@original") is a better match than a parameter.
        self._paths.sort(key=lambda row: row[1].count("{"))

    @staticmethod
    @cache
    def load(path: Path) -> _Api:
        data = path.read_bytes()
        return _Api(json.loads(gzip.decompress(data) if path.suffix == ".gz" else data))

    def broken_rules(self, request: Request) -> Iterator[str]:
        path = urlsplit(request.path).path
        match = next(
            (row for row in self._paths if row[0].match(path) and request.method.lower() in row[2]), None
        )
        if match is None:
            yield "no such endpoint"
            return
        if request.json is None:
            return
        _, template, operations = match
        method = request.method.lower()
        content = operations[method].get("requestBody", {}).get("content", {})
        if "application/json" in content:
            pointer = "/".join(
                part.replace("~", "~0").replace("/", "~1")
                for part in (
                    "paths",
                    template,
                    method,
                    "requestBody",
                    "content",
                    "application/json",
                    "schema",
                )
            )
            validator = jsonschema.Draft202012Validator(
                {"$ref": f"{_DOCUMENT}#/{pointer}"}, registry=self._registry
            )
            for error in validator.iter_errors(_as_described(request.json)):
                yield f"{'/'.join(map(str, error.absolute_path)) or 'body'}: {_reason(error)}"
        if "messages" in template or "callback" in template or "webhooks" in template:
            yield from _message_rules(request.json, method)


def _reason(error: jsonschema.ValidationError) -> str:
    deepest = jsonschema.exceptions.best_match([error])
    return (deepest or error).message[:300]


def _as_described(value: Any, key: str = "") -> Any:
    """*value* with snowflakes as strings and without the keys that the description lacks."""
    if isinstance(value, dict):
        return {
            name: _as_described(item, name)
            for name, item in value.items()
            if name not in _UNKNOWN_TO_DESCRIPTION
        }
    if key == "channel_types" and isinstance(value, list):
        return [kind for kind in value if kind != _MEDIA_CHANNEL]
    if isinstance(value, list):
        return [_as_described(item, key) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and (_SNOWFLAKE.search(key) or value > 1 << 53):
        return str(value)
    return value


def _message_rules(body: Any, method: str) -> Iterator[str]:
    """Limits of a message that the description does not state."""
    message = body.get("data") if isinstance(body, dict) and "data" in body else body
    if not isinstance(message, dict) or not ({"content", "embeds", "components"} & message.keys()):
        return
    content = message.get("content") or ""
    components = message.get("components") or []
    if len(content) > 2000:
        yield f"content has {len(content)} characters, 2,000 are allowed"
    if method == "post" and not (
        content or components or message.get("embeds") or message.get("attachments")
    ):
        yield "an empty message"
    parts = list(_components(components))
    if message.get("flags", 0) & _COMPONENTS_V2:
        if content or message.get("embeds"):
            yield "Components V2 exclude content and embeds"
        if len(parts) > 40:
            yield f"{len(parts)} components, 40 are allowed"
        shown = sum(len(part.get("content") or "") for part in parts)
        if shown > 4000:
            yield f"{shown} displayed characters, 4,000 are allowed"
    for part in parts:
        yield from _component_rules(part)
    if message.get("allowed_mentions") is None and content:
        yield "no allowed_mentions: a stranger's words could ping"


def _components(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _components(component.get("components") or ())
        if isinstance(accessory := component.get("accessory"), dict):
            yield accessory


def _component_rules(part: dict[str, Any]) -> Iterator[str]:
    limits = {"label": 80, "custom_id": 100, "description": 1024, "url": 512}
    for key, limit in limits.items():
        value = part.get(key)
        if isinstance(value, str) and len(value) > limit:
            yield f"a component's {key} has {len(value)} characters, {limit} are allowed"
    url = part.get("url")
    if isinstance(url, str) and not url.startswith(("https://", "http://", "discord://")):
        yield f"a link that is neither http nor https: {url[:40]}"
