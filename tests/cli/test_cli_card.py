"""The card in the terminal says what the article says, and strangers' words cannot steer the terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.cli.card import draw
from bot.model import Article, Fact, FactKind, Sentence, Summary

ARTICLE = Article(
    url="https://example.org/ferry?utm_source=x",
    canonical_url="https://example.org/ferry",
    title="Night ferry returns after eleven years",
    authors=("Mara Okafor", "Jonas Lindqvist"),
    site_name="The Sallow Bay Courier",
    published=datetime(2026, 3, 18, 7, 0, tzinfo=UTC),
    language="en",
    notices=("Update: The company has answered.",),
    minutes=2,
)
SUMMARY = Summary(
    sentences=(Sentence(text="The night ferry will sail again from 1 June.", start=0, end=44),),
    facts=(Fact(text="Tickets start at £24", start=50, end=70, fragment="#:~:text=Tickets%20start"),),
)


def shown(article: Article, summary: Summary = SUMMARY, *, terminal: bool = False, width: int = 100) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        width=width,
        legacy_windows=False,
        _environ={},
    )
    console.print(draw(article, summary))
    return file.getvalue()


def test_questions_and_items_of_a_list_are_called_so() -> None:
    for kind, title in ((FactKind.QUESTION, "Questions asked"), (FactKind.ITEM, "In the list")):
        listed = Summary(facts=(Fact(text="Why boats?", start=0, end=10, kind=kind),))

        assert title in shown(ARTICLE, listed)
        assert "Key facts" not in shown(ARTICLE, listed)


def test_a_card_says_who_when_what_and_where_it_is_from() -> None:
    text = " ".join(shown(ARTICLE).replace("│", " ").split())

    for words in (
        "Night ferry returns after eleven years The Sallow Bay Courier · Mara Okafor, Jonas Lindqvist",
        "18 March 2026, 07:00 UTC · 2 min read",
        "The night ferry will sail again from 1 June.",
        "Key facts • Tickets start at £24",
        "Update: The company has answered.",
        "https://example.org/ferry",
        "sentences are quoted from the article",
    ):
        assert words in text


def test_what_the_page_does_not_say_is_said_to_be_missing() -> None:
    text = shown(Article(url="https://example.org/a", title="Untold"))

    assert "example.org · author not given · date unknown" in text


@pytest.mark.parametrize(
    ("article", "words"),
    [
        (
            Article(url="", published=datetime(2026, 4, 3, tzinfo=UTC), published_day_only=True),
            "· 3 April 2026",
        ),
        (
            Article(
                url="",
                published=datetime(2026, 4, 3, tzinfo=UTC),
                published_day_only=True,
                published_uncertain=True,
            ),
            "probably 3 April 2026",
        ),
        (Article(url="", updated=datetime(2026, 4, 4, 9, 5, tzinfo=UTC)), "updated 4 April 2026, 09:05 UTC"),
        (Article(url="", language="de"), "language: de"),
        (Article(url="", organisations=("Wire Service",)), "Wire Service"),
    ],
)
def test_dates_and_names_are_shown_as_sure_as_they_are(article: Article, words: str) -> None:
    assert words in shown(article)


def test_a_models_words_are_marked_as_such() -> None:
    assert "written by the language model small-1" in shown(ARTICLE, Summary(model="small-1"))


def test_a_fact_opens_its_sentence_where_the_terminal_follows_links() -> None:
    assert "https://example.org/ferry#:~:text=Tickets%20start" in shown(ARTICLE, terminal=True)


def test_nothing_but_words_reaches_a_pipe() -> None:
    assert "\x1b" not in shown(ARTICLE)


strangers = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\x1b\x9b\x07\x08\r\n\u202e\u200b[]"), max_size=400
)


@settings(max_examples=25)
@given(words=strangers, width=st.integers(30, 120))
def test_strangers_words_cannot_steer_the_terminal_or_leave_the_card(words: str, width: int) -> None:
    article = Article(
        url=f"https://example.org/{words}", title=words, authors=(words,), site_name=words, notices=(words,)
    )
    summary = Summary(
        sentences=(Sentence(text=words, start=0, end=1),),
        facts=(Fact(text=words, start=0, end=1, fragment=f"#:~:text={words}"),),
    )

    text = shown(article, summary, width=width)

    assert not set(text) & set("\x1b\x9b\x07\x08\r\u202e")
    assert all(cell_len(line) <= width for line in text.splitlines())
