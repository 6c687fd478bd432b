"""The bot's words: found in the source, kept in config/locales as gettext catalogues.

`python tests/catalogues.py` brings the catalogues up to date and compiles them.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cogs.ui.locale import OWN_NAMES

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "config" / "locales"
LANGUAGES = ("de", "es", "fr", "ja")

#: Errors whose text is given where they are raised.
_ERRORS = frozenset({"LinkError", "PostError", "QueryError"})

#: What Discord takes as the name of a command or an option.
_NAME = re.compile(r"[-_\w]{1,32}\Z")

_MENU = 32  #: characters of a message menu's name
_WHOLE = 8_000  #: characters of a command with all that belongs to it

#: Dates would only make every update look like a change.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Key = str | tuple[str, str]


@cache
def keys() -> frozenset[Key]:
    """Everything the source asks the catalogues for; plural forms as pairs."""
    files = [*(ROOT / "cogs").rglob("*.py"), ROOT / "bot" / "errors.py", ROOT / "bot" / "links.py"]
    files.append(ROOT / "bot" / "feeds" / "syntax.py")
    files += (ROOT / "bot" / "services").rglob("*.py")
    return frozenset(key for file in files for key in _keys(file))


def _keys(file: Path) -> Iterator[Key]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, file.name)
        elif isinstance(node, ast.Assign) and file.name == "errors.py" and _names(node) == ["sentence"]:
            yield from _literals([node.value])
    if file.name == "errors.py":
        # The text an error has where none is given.
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                yield from (text for text in _literals(node.args.defaults) if text)


def _names(assigned: ast.Assign) -> list[str]:
    return [name.id for name in assigned.targets if isinstance(name, ast.Name)]


def _of_call(call: ast.Call, file: str) -> Iterator[Key]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in {"say", "_", "locale_str"}:
        yield from _literals(call.args[:1])
    elif name == "plural":
        one, many = (next(_literals([argument])) for argument in call.args[:2])
        yield one, many
    elif name in _ERRORS or (name == "__init__" and file == "errors.py"):
        yield from _literals(call.args[:1])


def _literals(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def po(language: str) -> Path:
    """The file with a language's translations."""
    return FOLDER / language / "LC_MESSAGES" / "threadline.po"


def load(language: str) -> Catalog:
    """A language's translations."""
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update(language: str) -> list[Key]:
    """Add new keys, drop unused ones, compile; returns what has no translation."""
    before = load(language) if po(language).exists() else Catalog(locale=language)
    after = Catalog(
        locale=language,
        header_comment="# The bot's words; made complete by tests/catalogues.py.",
        project="Threadline",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=_EPOCH,
        revision_date=_EPOCH,
        fuzzy=False,
    )
    missing: list[Key] = []
    for key in sorted(keys(), key=str):
        one = key if isinstance(key, str) else key[0]
        known = before.get(one)
        if (
            known is None
            or not known.string
            or not all([known.string] if isinstance(key, str) else known.string)
        ):
            missing.append(key)
        after.add(key, known.string if known else "")
    po(language).parent.mkdir(parents=True, exist_ok=True)
    with po(language).open("wb") as file:
        write_po(file, after, width=100, no_location=True, omit_header=False, sort_output=True)
    po(language).with_suffix(".mo").write_bytes(compiled(load(language)))
    return missing


def localised(command: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield from localised(option)


def _longest(part: Mapping[str, Any]) -> int:
    """What a command or option counts for: its name, description and choices in their longest language."""
    texts = [part["name"], *(part.get("name_localizations") or {}).values()]
    descriptions = [part.get("description", ""), *(part.get("description_localizations") or {}).values()]
    choices = [
        max(map(len, [choice["name"], *(choice.get("name_localizations") or {}).values()]))
        + len(str(choice["value"]))
        for choice in part.get("choices", ())
    ]
    return max(map(len, texts)) + max(map(len, descriptions)) + sum(choices)


def check_names(commands: list[dict[str, Any]]) -> None:
    """Hold localised names against Discord's rules; *commands* are as the bot sent them."""
    for command in commands:
        if command.get("type", 1) != 1:
            assert all(len(name) <= _MENU for name in (command.get("name_localizations") or {}).values())
            continue
        assert sum(map(_longest, localised(command))) <= _WHOLE, command["name"]
        for part in localised(command):
            for name in (part.get("name_localizations") or {}).values():
                assert _NAME.match(name), name
                assert name == name.lower(), name
            for text in (part.get("description_localizations") or {}).values():
                assert len(text) <= 100, text
            for choice in part.get("choices", ()):
                known = choice["name"] in {*keys(), *OWN_NAMES.values()}
                assert known, f"{part['name']}: {choice['name']} is in no catalogue"
            siblings = [option.get("name_localizations") or {} for option in part.get("options", ())]
            for locale in {code for names in siblings for code in names}:
                used = [names[locale] for names in siblings if locale in names]
                assert len(used) == len(set(used)), (part["name"], locale, used)


if __name__ == "__main__":
    for each in LANGUAGES:
        for absent in update(each):
            print(f"{each}: {absent}")  # noqa: T201
