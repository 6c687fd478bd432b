"""The language of a page: what it declares, checked against what it says."""

from __future__ import annotations

import pytest
from pages_of_metadata import page, read

from bot.article.language import primary, tell_language

GERMAN = (
    "Der Rat tagte auf dem Berg über der Stadt und sprach sechs Stunden lang über die Brücke, die niemand "
    "bezahlen will, "
    "obwohl sie von allen auf dem Weg zur Arbeit und zurück benutzt wird, und das ist nicht neu, denn "
    "die Brücke ist alt."
)


@pytest.mark.parametrize(
    ("tag", "code"), [("de-AT", "de"), ("en_US", "en"), ("iw", "he"), ("JA", "ja"), ("x", None), ("", None)]
)
def test_the_primary_part_of_a_tag_is_the_language(tag: str, code: str | None) -> None:
    assert primary(tag) == code


def test_what_a_page_declares_is_believed() -> None:
    assert read(page(lang="en-GB")).language == "en"


def test_a_template_s_language_yields_to_the_text_s() -> None:
    html = f'<html lang="en"><body><article><h1>Die Brücke</h1><p>{GERMAN}</p><p>{GERMAN}</p></article></body></html>'

    assert read(html).language == "de"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GERMAN, "de"),
        ("橋の費用は誰が払うのか。" * 12, "ja"),
        ("누가 다리 값을 치를 것인가 하는 물음이 남았다. " * 6, "ko"),
        ("Совет заседал шесть часов и говорил о мосте, за который никто не хочет платить. " * 2, "ru"),
        ("Hội đồng thành phố họp sáu giờ và bàn về cây cầu mà không ai muốn trả tiền.", "vi"),
        ("Nagpulong ang konseho nang anim na oras tungkol sa tulay na ayaw bayaran ng sinuman.", "tl"),
    ],
)
def test_an_undeclared_language_is_told_from_the_words(text: str, code: str) -> None:
    assert read(f"<html><body><article><p>{text}</p></article></body></html>").language == code


def test_half_a_character_is_no_obstacle() -> None:
    assert tell_language(f"\ud83d {GERMAN}") == "de"
    assert tell_language("\ud83d Rada schválila stavbu nového mosta cez rieku pri starom mlyne.") == "sk"


def test_names_in_latin_letters_are_no_language_of_another_script() -> None:
    assert (
        tell_language("Haruto Kobayashi, Yukiko Sakamoto, Kenji Watanabe, Akari Yamashita, Sora Matsumoto")
        is None
    )


def test_too_few_words_say_nothing() -> None:
    assert read("<html><body><p>Ok.</p></body></html>").language is None
