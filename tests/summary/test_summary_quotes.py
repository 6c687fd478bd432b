"""Half a quotation is never shown, and what is said between its marks is nobody else's word."""

import pytest
from story import STORY

from bot.summary import summarise
from bot.summary.lexicon import lexicon
from bot.summary.passages import passages, shared_stems
from bot.summary.quotes import balanced

ENGLISH = lexicon("en")
SPEECH = (
    'Tom Keller of Norden said: "We have fished here since the flood and nobody ever asked us where the nets '
    "should hang or who should mend the quay that the storm of that winter had taken away from all of us. "
    "Really the only time that it got better for us was May 1974 in Ashford. "
    "My brothers sold their boats, my sisters went to the city, and those of us who stayed had to mend the old "
    'engines of the others for a living, which is why I say that a ferry will not help."'
)


def shown(text: str, *, most: int = 20) -> list[str]:
    summary = summarise("Ashford pool", text, language="en", max_facts=most)
    return [one.text for one in (*summary.sentences, *summary.facts)]


def test_a_sentence_in_the_middle_of_a_speech_is_not_shown_as_the_writers() -> None:
    text = "\n".join([*STORY, SPEECH])

    assert not [one for one in shown(text) if one.startswith("Really the only time")]


def test_what_follows_a_speech_of_two_paragraphs_is_the_writers_again() -> None:
    text = (
        'The captain said: "We lost 3 games. "The next 4 will be better, I hope." '
        "Norden sold Tom Keller for 400 euros. "
        'He went on: "I never wanted to leave. "That is all."'
    )

    found = passages(text, lexicon("en"), shared_stems("en"))

    assert [p.leans for p in found if p.text.startswith("Norden")] == [False]


def test_the_same_sentence_outside_a_speech_is_the_writers() -> None:
    line = "Really the only time that it got better was May 1974 in Ashford."

    found = passages("\n".join([*STORY, line]), lexicon("en"), shared_stems("en"))

    assert [p.leans for p in found if p.text == line] == [False]


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("'", True),
        ("' Lind played for Ashford and a minute's silence was held.", False),
        ("Lind told the council that it was ' a lovely game '.", True),
        ("The players ' union of Ashford met in Norden.", True),
        ("Speaking on Sunday, Lind said: ' it has been a day to remember for Ashford.", False),
        ('Lind writes: \'" you have to find another player," he shouts at one of them.', False),
    ],
)
def test_marks_between_spaces_are_balanced_too(sentence: str, whole: bool) -> None:
    assert balanced(sentence) is whole


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("'Northline sold 40 boats in May and 40 more in June,' he told the Ashford News.", True),
        ("'Northline sold 40 boats in May and 40 more in June.'", True),
        ("'Northline sold 40 boats in May and 40 more in June,' Kay Lind told the Ashford News.", False),
        ("“Northline sold 40 boats in May,” the spokesman said.", True),
        ("“Northline sold 40 boats in May,” said the Norwegian.", True),
        ("“Northline sold 40 boats in May,” said Northline spokesman Kay Lind.", False),
    ],
)
def test_speech_without_a_name_leans_whatever_its_marks(sentence: str, leans: bool) -> None:
    assert passages(sentence, ENGLISH, shared_stems("en"))[0].leans is leans


def test_a_pair_does_not_end_with_words_that_nobody_says() -> None:
    pair = 'Probably Ashford defended well enough on 4 May in Norden. "When you hold on, it is hard to lose."'

    assert pair not in shown("\n".join([*STORY, pair]))
