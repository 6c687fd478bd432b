"""What React's server components send with a page: the rows of its Flight stream, in which Next.js writes articles.

Each row is an id in hexadecimal digits, a colon, and a value in JSON up to the end of the line; or "T", a length in
bytes, a comma and as many bytes of text, which other values mean by "$" and its id. Rows with other letters before
their JSON name scripts and fonts.
Read from react-server-dom's client (ReactFlightClient.js, React 19).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.article.document import read_json

_ROW = re.compile(rb"\n*([0-9a-f]{0,8}):(?:T([0-9a-f]{1,8}),)?")
_MEANT = re.compile(r'"\$([0-9a-f]{1,8})"')


def read_flight(stream: str) -> Iterator[Any]:
    """Yield the values of a stream's rows, texts where they are meant; rows that break the format are left out."""
    rows, texts = _split(stream.encode("utf-8", "replace"))

    def text(meant: re.Match[str]) -> str:
        # Once: a text that is meant a thousand times would be as many times as long.
        return json.dumps(texts.pop(meant[1])) if meant[1] in texts else meant[0]

    for row in rows:
        if row[:1] in ("[", "{", '"'):
            yield from read_json(_MEANT.sub(text, row))
    yield from texts.values()


def _split(stream: bytes) -> tuple[list[str], dict[str, str]]:
    """The rows in JSON, and the texts by their id."""
    rows: list[str] = []
    texts: dict[str, str] = {}
    at = 0
    while at < len(stream):
        row = _ROW.match(stream, at)
        start = row.end() if row else at
        if row and row[2]:
            at = start + int(row[2], 16)
            texts[row[1].decode()] = stream[start:at].decode("utf-8", "replace")
            continue
        end = stream.find(b"\n", start)
        at = end + 1 if end >= 0 else len(stream)
        if row:
            rows.append(stream[start:at].decode("utf-8", "replace"))
    return rows, texts
