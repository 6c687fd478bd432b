"""The checker of Discord requests, checked on a description of one endpoint."""

import json
from pathlib import Path
from typing import Any

import pytest
from discord_api import problems
from simcord import HttpLogEntry

DESCRIPTION = {
    "openapi": "3.1.0",
    "paths": {
        "/channels/{channel_id}/messages": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}
                }
            }
        }
    },
    "components": {
        "schemas": {
            "Message": {
                "type": "object",
                "properties": {"nonce": {"type": "string", "maxLength": 25}, "reply_id": {"type": "string"}},
            }
        }
    },
}


def found(tmp_path: Path, body: dict[str, Any], path: str = "/channels/1/messages") -> list[str]:
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(DESCRIPTION))
    request = HttpLogEntry(method="POST", path=path, params={}, json=body, reason=None)
    return [problem.why for problem in problems([request], described)]


def card(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"flags": 1 << 15, "components": [{"type": 17, "components": list(parts)}], "allowed_mentions": {}}


def test_a_sound_card_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, card({"type": 10, "content": "x"}) | {"reply_id": 1 << 60}) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (card({"type": 10, "content": "x"}) | {"nonce": "n" * 26}, "nonce: "),
        (card({"type": 10, "content": "x" * 4001}), "4001 displayed characters"),
        (card(*[{"type": 10, "content": "x"}] * 40), "41 components"),
        (card({"type": 2, "label": "x" * 81}), "label has 81"),
        (card({"type": 2, "url": "javascript:alert(1)"}), "neither http nor https"),
        (card({"type": 10, "content": "x"}) | {"content": "y"}, "exclude content"),
        ({"content": "x" * 2001, "allowed_mentions": {}}, "content has 2001"),
        ({"content": "hello"}, "no allowed_mentions"),
        ({"content": ""}, "an empty message"),
    ],
)
def test_what_discord_would_refuse_is_named(tmp_path: Path, body: dict[str, Any], why: str) -> None:
    assert any(why in problem for problem in found(tmp_path, body))


def test_an_endpoint_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, {}, path="/channels/1/letters") == ["no such endpoint"]
