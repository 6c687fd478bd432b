"""Every word of the bot is in every catalogue, and none that it does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
from catalogues import LANGUAGES, Key, compiled, keys, load, po

from bot.model import Article, Reading, Summary
from cogs.admin import SetupForm
from cogs.buttons import ReportForm
from cogs.feeds import ImportForm
from cogs.ui.forms import Form
from cogs.ui.locale import labels, languages

_FIELD = re.compile(r"\{\w*\}")
_COMMAND = re.compile(r"(?<![\w/])/([a-z]+)(?: ([a-z]+))?")


def translations(language: str) -> Mapping[Key, tuple[str, ...]]:
    return {
        message.id if isinstance(message.id, str) else tuple(message.id): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in load(language)
        if message.id
    }


def test_there_are_catalogues_for_these_languages() -> None:
    assert languages() == ("en", *LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_key_and_no_other(language: str) -> None:
    """`python tests/catalogues.py` adds and removes keys; the new ones are for you to translate."""
    known = set(translations(language))

    assert (keys() - known, known - keys()) == (set(), set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_there_and_fills_in_what_its_source_does(language: str) -> None:
    for key, forms in translations(language).items():
        source = key if isinstance(key, str) else key[1]
        assert all(forms), key
        for form in forms:
            asked = set(_FIELD.findall(source)) - {"{n}"}
            assert set(_FIELD.findall(form)) - {"{n}"} == asked, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_are_named_as_members_of_that_language_find_them(language: str) -> None:
    said = translations(language)
    named = 0
    for key, (form, *_) in said.items():
        source = key if isinstance(key, str) else key[0]
        for command, option in _COMMAND.findall(source):
            path = [command, option] if option in said else [command]
            assert f"/{' '.join(said[part][0] for part in path)}" in form, source
            named += 1
    assert named > 20


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("can_paste", [True, False])
async def test_forms_are_within_discords_limits_in_every_language(language: str, can_paste: bool) -> None:
    say = labels(language)
    forms = [
        SetupForm(None, say, None, can_paste=can_paste),  # type: ignore[arg-type]
        ReportForm(Reading(id=1, article=Article(url="", title=""), summary=Summary()), say),
        ImportForm(None, None, say),  # type: ignore[arg-type]
    ]

    for form in map(Form.to_dict, forms):
        assert len(form["title"]) <= 45
        for part in form["components"]:
            assert len(part["label"]) <= 45
            assert len(part.get("description") or "") <= 100
            for option in part["component"].get("options", ()):
                assert len(option["label"]) <= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gettext_reads_is_what_the_catalogue_says(language: str) -> None:
    assert po(language).with_suffix(".mo").read_bytes() == compiled(load(language))


@pytest.mark.parametrize(
    ("language", "one", "none", "many"),
    [
        ("en", "1 comment", "0 comments", "1,200 comments"),
        ("de", "1 Kommentar", "0 Kommentare", "1.200 Kommentare"),
        ("fr", "1 commentaire", "0 commentaire", "1\u202f200 commentaires"),
        ("es", "1 comentario", "0 comentarios", "1.200 comentarios"),
        ("ja", "コメント1件", "コメント0件", "コメント1,200件"),
    ],
)
def test_plural_forms_and_numbers_are_the_languages_own(
    language: str, one: str, none: str, many: str
) -> None:
    say = labels(language)

    assert [say.plural("{n} comment", "{n} comments", n) for n in (1, 0, 1200)] == [one, none, many]


def test_days_are_written_as_the_language_writes_them() -> None:
    day = date(2026, 3, 9)

    assert [labels(code).day(day) for code in ("en", "de", "fr", "es", "ja")] == [
        "9 March 2026",
        "9. März 2026",
        "9 mars 2026",
        "9 de marzo de 2026",
        "2026年3月9日",
    ]
