"""Topic queries: what they find, what they refuse, and how they are written back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.feeds.syntax import MAX_DEPTH, MAX_LENGTH
from bot.feeds.topics import Query, analyse


def matches(query: str, title: str = "", text: str = "", language: str | None = None) -> bool:
    return Query.parse(query).matches(title, text, language=language)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("microsoft AND (ice OR immigration) -xbox", "Microsoft sells to ICE", True),
        ("microsoft AND (ice OR immigration) -xbox", "Microsoft sells Xbox to ICE", False),
        ("microsoft AND (ice OR immigration) -xbox", "Microsoft sells cars", False),
        ("apple OR banana cherry", "only an apple", True),
        ("apple OR banana cherry", "a banana", False),
        ("apple OR banana NOT cherry", "apple and cherry", True),
        ("apple not cherry", "apple and cherry", False),
        ("NOT NOT apple", "apple", True),
        ('"interest rates"', "The interest on rates", False),
        ('"interest rates"', "Interest\nRates rise", True),
        ("covid-19", "COVID 19 cases", True),
        ("c++", "We love C and Java", False),
        ("c++", "We love C++.", True),
        ("Microsoft's deal", "the deal of Microsoft", True),
        ('"Microsoft deal"', "Microsoft’s deal", True),
        ("“smart quotes” –nothing", "smart quotes", True),
        ("orange", "oranges", True),
        ("companies", "A company", True),
        ('"or"', "this or that", True),
    ],
)
def test_operators_words_and_phrases_mean_what_they_say(query: str, text: str, found: bool) -> None:
    assert matches(query, text=text) is found


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("wahl", "Die Wahlen in Österreich", "de"),
        ("osterreich", "Die Wahlen in Österreich", "de"),
        ("Häuser", "ein haus", "de"),
        ("élection", "Les elections", "fr"),
        ("elección", "las elecciones", "es"),
        ("город", "в городах", "ru"),
        ("İstanbul", "istanbul", "tr"),
        ("strasse", "Straße", "de"),
        ("人工知能", "最新の人工知能研究", "ja"),
        ("발표", "오늘 발표했다", "ko"),
        ("iPhone 发布", "苹果iPhone今天发布", "zh"),
        ("हिन्दी", "हिन्दी समाचार", "hi"),
        ("ＡＢＣ", "abc", None),
    ],
)
def test_words_of_many_languages_are_found_in_their_forms(
    query: str, text: str, language: str | None
) -> None:
    assert matches(query, text=text, language=language)


def test_characters_in_another_order_are_another_word() -> None:
    assert not matches("知人", text="人工知能", language="ja")


def test_a_title_term_looks_at_the_title_alone() -> None:
    assert matches("title:ice", "ICE", "nothing")
    assert not matches("title:ice", "Nothing", "ice")
    assert matches('title:(snow OR "black ice")', "On black ice", "")


def test_a_phrase_does_not_reach_from_the_title_into_the_text() -> None:
    assert not matches('"red blue"', "It is red", "Blue it is")


def test_fields_ask_for_site_author_and_language() -> None:
    article = analyse(
        "The engine",
        "It weaves.",
        url="https://www.news.example.co.uk/engine",
        site_name="The Example",
        authors=("Ada King Lovelace", "Grace Hopper"),
        language="en-GB",
    )

    found = [
        "site:example.co.uk",
        "site:https://www.news.example.co.uk/",
        "site:news",
        'site:"the example"',
        "author:hopper",
        'author:"Ada King"',
        "author:(hopper OR nobody) lang:EN-us",
        "lang:en -site:example.org",
    ]
    missed = [
        "site:ample.co.uk",
        'author:"King Grace"',
        'author:"Ada Lovelace"',
        "lang:de",
        "site:example.com",
    ]

    assert [query for query in found if not Query.parse(query).finds(article)] == []
    assert [query for query in missed if Query.parse(query).finds(article)] == []


@pytest.mark.parametrize(
    ("query", "position", "hint"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("apple AND", 9, "missing"),
        ("OR apple", 0, "OR needs"),
        ("apple OR OR pear", 9, "OR needs"),
        ("(apple", 0, "never closed"),
        ("apple)", 5, "no opening"),
        ("apple ()", 7, "missing"),
        ('say "hello', 4, "never closed"),
        ('""', 0, "no letter"),
        ("apple ***", 6, "other forms"),
        ("apple ...", 6, "no letter"),
        ("micro*", 5, "other forms"),
        ("apple - pear", 6, "directly before"),
        ("text:apple", 0, "title:"),
        ("apple title:", 12, "needs a word"),
        ("title:-apple", 6, "before"),
        ("title:(site:x)", 7, "inside"),
        ("lang:klingon", 5, "language code"),
        ("-apple", 0, "look for"),
        ("apple OR -pear", 0, "look for"),
        ("(" * (MAX_DEPTH + 1) + "a", MAX_DEPTH, "parentheses"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "characters"),
    ],
)
def test_a_mistake_is_named_at_its_character(query: str, position: int, hint: str) -> None:
    with pytest.raises(QueryError) as error:
        Query.parse(query)

    assert error.value.position == position
    assert hint in str(error.value)


pieces = st.sampled_from(
    [
        "(",
        ")",
        '"',
        "“",
        "-",
        "–",
        "AND",
        "or",
        "NOT",
        "title:",
        "site:",
        "lang:",
        "x:",
        " ",
        "*",
        "en",
        "a.b/c",
    ]
)
typed = st.lists(pieces | st.text(max_size=4), max_size=30).map("".join)


@given(typed)
def test_whatever_is_typed_parses_or_is_refused_inside_the_text(text: str) -> None:
    position, query = 0, None
    try:
        query = Query.parse(text)
    except QueryError as error:
        position = error.position

    assert 0 <= position <= len(text)
    assert query is None or Query.parse(str(query)) == query


words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=6)
plain = words.filter(lambda word: word.upper() not in ("AND", "OR", "NOT"))
phrases = st.lists(words, min_size=1, max_size=3).map(lambda parts: '"' + " ".join(parts) + '"')
fields = st.sampled_from(["", "", "title:", "author:", "site:"])
terms = st.builds("{}{}".format, fields, plain | phrases) | st.just("lang:en")
queries = st.recursive(
    terms,
    lambda inner: st.builds("({} {})".format, inner, inner) | st.builds("({} OR {})".format, inner, inner),
    max_leaves=8,
)


@given(queries, queries)
def test_the_normal_form_parses_to_the_same_query(left: str, right: str) -> None:
    query = Query.parse(f"{left} AND NOT ({right})")

    assert Query.parse(str(query)) == query
    assert str(Query.parse(str(query))) == str(query)


@given(st.text(), st.text(), st.sampled_from(["en", "de", "ja", "xx"]))
def test_any_article_can_be_analysed(title: str, text: str, language: str) -> None:
    article = analyse(title, text, language=language)

    assert all(places == sorted(places) for places in article.positions.values())
