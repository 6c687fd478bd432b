"""What the build of a sentence tells of whether it stands alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.summary import grammar
from bot.summary.lexicon import lexicon


def measured(sentence: str, *, title: str = "", before: str = "", language: str = "en") -> dict[str, float]:
    def tells(noun: str) -> bool | None:
        return None if noun in title.split() else noun in before.split()

    found = grammar.features(grammar.tokens(sentence), lexicon(language), tells)
    return dict(zip(grammar.FEATURES, found, strict=True))


@pytest.mark.parametrize(
    ("sentence", "own"),
    [
        ("A harbour pilot is what Ashford lacks.", 1),
        ("A harbour pilot, who was born in Ashford, had no boat.", 1),
        ("A certificate in sailing, which you will get when you are done.", 0),
        ("A father of four who was hit by a boat.", 0),
    ],
)
def test_verbs_of_clauses_are_not_a_sentences_own(sentence: str, own: int) -> None:
    assert measured(sentence)["own_verbs"] == own


@pytest.mark.parametrize(
    ("sentence", "nameless"),
    [
        ("Now in her 90s, the pilot rows.", 1),
        ("At noon Kay Lind said she would row.", 0),
        ("The harbour closed at noon.", 0),
    ],
)
def test_a_pronoun_is_nameless_where_no_name_stands_before_it(sentence: str, nameless: int) -> None:
    assert measured(sentence)["nameless_pronoun"] == nameless


@pytest.mark.parametrize(
    ("sentence", "definites", "unexplained", "told"),
    [
        ("The ban was lifted by the council.", 2, 1, 1),
        ("The size of the boat is known.", 2, 1, 0),
        ("The Ashford ferry is late.", 0, 0, 0),
        ("The harbour is late, and the harbour pilot too.", 2, 0, 0),
        ("Nobody was the", 0, 0, 0),
    ],
)
def test_definite_nouns_are_known_from_headline_sentence_or_story(
    sentence: str, definites: int, unexplained: int, told: int
) -> None:
    found = measured(sentence, title="harbour council", before="ban")

    assert [found[name] for name in ("definites", "open_definites", "told_definites")] == [
        definites,
        unexplained,
        told,
    ]


@pytest.mark.parametrize("sentence", ["", "…", "1,981", "—", "sss s", "the"])
def test_scraps_are_measured_too(sentence: str) -> None:
    assert all(value >= 0 for value in measured(sentence).values())
    assert len(grammar.pairs(grammar.tokens(sentence), lexicon("en"))) == len(grammar.tokens(sentence))


def test_a_language_whose_verbs_are_not_listed_has_no_figures() -> None:
    assert set(measured("Der Hafen ist zu.", language="de").values()) == {0}


def test_pairs_are_of_neighbours_and_hold_no_word_with_content() -> None:
    written = grammar.tokens("Kay’s 3 boats, which the harbour sold, are gone.")
    found = grammar.pairs(written, lexicon("en"))

    assert found[:4] == ["^ c", "c #", "# w", "w ,"]
    assert all(one.split()[1] == other.split()[0] for one, other in pairwise(found))
    assert not {"kay's", "boats", "harbour"} & {word for pair in found for word in pair.split()}


def test_words_are_counted_by_their_ends_and_as_pronouns() -> None:
    found = measured("Boats crossed the glass bays, and she waited, which pleased them.")

    assert (found["own_in_s"], found["own_in_ed"], found["pronouns"]) == (1, 2, 2)


def test_verbs_are_told_as_a_share_of_all_that_is_written() -> None:
    assert measured("Boats are red.")["verb_share"] == 1 / 4


def test_a_comma_behind_a_figure_ends_a_clause() -> None:
    assert measured("A pilot, who was born in 1970, had no boat.")["own_verbs"] == 1
