"""How probably a sentence fails by itself, and what a card makes of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest

from bot.summary import clarity, grammar, summarise
from bot.summary.lexicon import DATA, lexicon
from bot.summary.passages import first_places, passages, shared_stems
from bot.summary.ranking import choose, rank, shipped_model
from tests.summary.story import STORY

TITLE = "Ashford closes its only swimming pool"
PLAIN = "Swimming clubs in Ashford with 640 members will have to train in Millbrook from May on."
JUDGEMENTS = Path(__file__).parents[2] / "benchmarks" / "judgements.tsv"


def doubts(*lines: str, title: str = TITLE, language: str = "en") -> list[float]:
    words, stems = lexicon(language), shared_stems(language)
    found = passages("\n".join(lines), words, stems)
    spread = Counter(chain.from_iterable(passage.bag for passage in found))
    setting = clarity.Setting(found, first_places(found), spread, frozenset(stems.of(title)), words, stems)
    return setting.doubts([clarity.Shown(passage, passage.text, passage.bag) for passage in found])


@pytest.mark.parametrize(
    "unclear",
    [
        "These swimming clubs in Ashford with 640 members will have to train in Millbrook from May on.",
        "Clubs: Swimming clubs in Ashford with 640 members will have to train in Millbrook from May on.",
        "3 Swimming clubs in Ashford with 640 members will have to train in Millbrook from May on.",
        "Swimming clubs in Ashford with 640 members will have to train in Millbrook from May on 👉",
        "Train with us!",
        "Learn how our easy guide helps you find the right pool for you!",
    ],
)
def test_what_readers_stumble_over_is_doubted_more(unclear: str) -> None:
    plain, doubtful = doubts(*STORY[:3], PLAIN, *STORY[4:])[3], doubts(*STORY[:3], unclear, *STORY[4:])[3]

    assert plain < doubtful


def test_a_sentence_about_what_the_headline_names_is_clearer() -> None:
    lines = (*STORY[:3], PLAIN, *STORY[4:])

    assert doubts(*lines)[3] < doubts(*lines, title="Two ferries collide")[3]


def test_a_noun_that_only_the_text_has_named_is_doubted() -> None:
    before = "An expert from Norden has looked at the old boiler of the pool for the council."
    told, untold = (
        doubts(*STORY[:2], before, f"The {noun} is 42 years old and has a leak in the lid.", *STORY[4:])[3]
        for noun in ("boiler", "organ")
    )

    assert told > untold


def test_a_summary_doubts_what_leans_as_it_is_shown_behind_what_it_leans_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leaning = "They will have to train with 640 members of other clubs in Millbrook from May on."
    words, stems = lexicon("en"), shared_stems("en")
    found = passages("\n".join([*STORY[:4], leaning, *STORY[4:]]), words, stems)
    asked: dict[str, bool] = {}

    def note(_: clarity.Setting, shown: Sequence[clarity.Shown]) -> list[float]:
        asked.update({one.text: one.passage.leans for one in shown})
        return [0.1] * len(shown)

    monkeypatch.setattr(clarity.Setting, "doubts", note)

    rank(found, frozenset(stems.of(TITLE)), words, stems, shipped_model())

    assert [passage.leans for passage in found if passage.text == leaning] == [True]
    assert asked[leaning] is False


def test_a_summary_leaves_what_surely_fails_for_what_it_would_else_not_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words, stems, model = lexicon("en"), shared_stems("en"), shipped_model()
    found, title = passages("\n".join(STORY), words, stems), frozenset(stems.of(TITLE))
    (*_, last) = choose(rank(found, title, words, stems, model), 3, None, 500, model)
    monkeypatch.setattr(
        clarity.Setting,
        "doubts",
        lambda _, shown: [1.0 if one.passage.key == last.key else 0.1 for one in shown],
    )

    assert last not in choose(rank(found, title, words, stems, model), 3, None, 500, model)


@pytest.mark.parametrize(("doubt", "is_shown"), [(0.1, True), (0.2, False)])
def test_a_definite_noun_that_nothing_tells_of_makes_a_fact_only_where_it_is_hardly_doubted(
    doubt: float, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clarity.Setting, "doubts", lambda _, shown: [doubt] * len(shown))
    organ = "The organ is 42 years old and cost 90,000 euros in 1982."

    facts = summarise(TITLE, "\n".join([*STORY, organ]), language="en", max_facts=20).facts

    assert any(fact.text == organ for fact in facts) == is_shown


def test_a_card_leaves_what_it_doubts_to_the_page() -> None:
    advert = "Discover how our 12 easy swimming courses in Ashford help you and your kids love the pool!"

    card = summarise(TITLE, "\n".join([*STORY[:4], advert, *STORY[4:]]), language="en", max_facts=20)

    assert card.sentences
    assert not any("Discover" in part.text for part in (*card.sentences, *card.facts))


def test_languages_have_weights_of_their_own_or_those_that_all_share() -> None:
    models = {language: clarity.shipped_model(language) for language in ("en", "de", "fr", "es", "nl", "ja")}

    assert {len(model.features) for model in models.values()} == {len(clarity.FEATURES)}
    assert [language for language, model in models.items() if model.words] == ["en", "de"]
    assert models["fr"] == models["es"] != models["nl"] == models["ja"]


def test_the_trees_were_trained_on_the_features_that_they_are_asked_about() -> None:
    trained = json.loads((DATA / "clarity_trees.json").read_text("utf-8"))["features"]
    asked = clarity.FEATURES + clarity.MORE

    assert trained == [*asked, *(f"usual {name}" for name in asked), "english", *grammar.FEATURES, "odds"]
    assert int(clarity.shipped_trees().feature.max()) < len(trained)


def test_a_text_of_one_sentence_is_judged_too() -> None:
    assert all(0 < doubt < 1 for doubt in doubts(PLAIN, title=""))


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_where_words_are_not_spaced_every_sentence_is_doubted_alike(language: str) -> None:
    lines = ("港湾評議会は火曜日の夜、冬のフェリーを4年ぶりに再開する。", "市议会决定恢复冬季渡轮。", "4年")

    assert len(set(doubts(*lines, title="", language=language))) == 1


def test_the_judgements_are_hashes_and_grades() -> None:
    lines = JUDGEMENTS.read_text("utf-8").splitlines()[1:]

    assert len(lines) > 5000
    assert all(re.fullmatch(r"[0-9a-f]{16}\t(?:[01x]|2[dcpbq])", line) for line in lines)


def test_two_doubtful_sentences_are_better_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clarity.Setting, "doubts", lambda _, shown: [0.9] * len(shown))

    assert len(summarise(TITLE, "\n".join(STORY), language="en").sentences) > 1
