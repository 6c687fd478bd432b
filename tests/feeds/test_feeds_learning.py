"""What topics learn from rated articles."""

from __future__ import annotations

from bot.feeds.classifier import fits
from bot.feeds.topics import Analysis, analyse
from bot.feeds.training import Example, train

HARBOUR = "ferry harbour pier crew tide captain deck quay sail anchor".split()
STADIUM = "goal striker league coach stadium referee match cup season keeper".split()


def story(words: list[str], number: int) -> Analysis:
    """One of many articles that share some of *words*."""
    own = [words[(number + step) % len(words)] for step in (0, 1, 3)]
    return analyse(
        f"The {own[0]} of day {number}", f"On Monday the {own[1]} and the {own[2]} were in the news."
    )


def examples() -> list[Example]:
    return [
        Example(article=story(words, number), fits=words is HARBOUR, found=number % 2 == 0)
        for number in range(20)
        for words in (HARBOUR, STADIUM)
    ]


def test_what_was_learned_judges_articles_that_it_did_not_see() -> None:
    trained = train(examples(), [story(STADIUM, 99)])

    assert fits(trained.classifier, analyse("A quay for the ferry", "The captain praised its deck."))
    assert not fits(trained.classifier, analyse("Cup match", "The referee and the coach of the season."))


def test_an_article_without_a_known_word_does_not_fit() -> None:
    trained = train(examples(), [])

    assert not fits(trained.classifier, analyse("Zwölf", "Boxkämpfer jagen Viktor"))


def test_the_query_and_what_was_learned_are_counted_on_the_same_articles() -> None:
    trained = train(examples(), [])

    assert (trained.labelled, trained.query_right) == (40, 20)
    assert 35 <= trained.right <= 40
