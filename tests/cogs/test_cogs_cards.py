"""A card is within Discord's limits whatever the article, and says what the article says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Article,
    Block,
    BlockKind,
    Discussion,
    Fact,
    FactKind,
    Image,
    Reading,
    Sentence,
    Summary,
)
from cogs.ui import cards, pages, words
from cogs.ui.locale import labels, languages

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FACT = "More than 100 employees signed"
ARTICLE = Article(
    url="https://example.org/open-letter",
    title="Employees ask company to end contract",
    site_name="Example News",
    language="en",
    minutes=2,
    notices=("Update: the company answered.",),
    blocks=(Block(kind=BlockKind.PARAGRAPH, text="More than 100 employees signed a letter."),),
    text="More than 100 employees signed a letter.",
)
SUMMARY = Summary(
    sentences=(Sentence(text="More than 100 employees signed a letter.", start=0, end=40),),
    facts=(Fact(text=FACT, start=0, end=30, fragment="#:~:text=More%20than,letter."),),
)
READING = Reading(id=5, article=ARTICLE, summary=SUMMARY)
DISCUSSION = Discussion(
    id=7,
    article_id=5,
    guild_id=1,
    channel_id=2,
    home_id=2,
    sharer_id=100,
    source_id=3,
    message_id=4,
    thread_id=None,
    comments=12,
    shared_at=NOON,
)
SETTING = cards.Setting(labels=labels("en"), discussion=DISCUSSION, threads=True)


def parts(view: ui.LayoutView) -> list[dict[str, Any]]:
    """All components of a view, however deep."""

    def walk(items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for item in items:
            yield item
            yield from walk(item.get("components") or ())
            if item.get("accessory"):
                yield from walk([item["accessory"]])

    return list(walk(view.to_components()))


def shown(view: ui.LayoutView) -> str:
    return "\n".join(part["content"] for part in parts(view) if part["type"] == 10)


def check_limits(view: ui.LayoutView) -> None:
    """Hold a view against what Discord takes."""
    found = parts(view)
    assert len(found) <= 40
    assert 0 < words.size(shown(view)) <= 4000
    for part in found:
        assert part["type"] != 10 or part["content"].strip()
        assert len(part.get("label") or "x") <= 80
        assert len(part.get("custom_id") or "") <= 100
        assert words.size(part.get("description") or "") <= 1024
        if part.get("url"):
            assert len(part["url"]) <= 512
            assert part["url"].startswith(("http://", "https://"))
        if part["type"] == 11:
            assert part["media"]["url"].startswith(("http://", "https://"))
        if part["type"] == 1:
            assert 1 <= len(part["components"]) <= 5
        if part["type"] == 9:
            assert 1 <= len(part["components"]) <= 3


text = st.text(max_size=300) | st.text(alphabet="*_[](){}<>@#`~|\\ \n漢字é🏴‍☠️a", max_size=5000)
urls = st.sampled_from(
    [
        "https://example.org/a",
        "javascript:alert(1)",
        "https://example.org/" + "a" * 600,
        "https://例え.example/",
    ]
) | st.text(max_size=80)
sentences = st.builds(
    Sentence,
    text=text,
    start=st.just(0),
    end=st.just(1),
    fragment=st.just("") | text.map(lambda t: "#:~:text=" + t),
)
articles = st.builds(
    Article,
    url=urls,
    title=text,
    authors=st.lists(text, max_size=6).map(tuple),
    published=st.none() | st.just(NOON),
    published_day_only=st.booleans(),
    published_uncertain=st.booleans(),
    updated=st.none() | st.just(NOON),
    site_name=st.none() | text,
    language=st.none() | st.sampled_from(["en", "de", "ja", "zz"]),
    image=st.none()
    | st.builds(Image, url=urls, alt=st.none() | text, caption=st.none() | text, credit=st.none() | text),
    tags=st.lists(text, max_size=4).map(tuple),
    notices=st.lists(text, max_size=4).map(tuple),
    blocks=st.lists(
        st.builds(Block, kind=st.sampled_from(BlockKind), text=text, level=st.integers(0, 6)), max_size=12
    ).map(tuple),
    minutes=st.integers(0, 10**6),
)
readings = st.builds(
    Reading,
    id=st.integers(1, 2**63 - 1),
    article=articles,
    summary=st.builds(
        Summary,
        sentences=st.lists(sentences, max_size=8).map(tuple),
        facts=st.lists(
            st.builds(
                Fact, text=text, start=st.just(0), end=st.just(1), fragment=st.just("#:~:text=a") | text
            ),
            max_size=12,
        ).map(tuple),
        model=st.none() | text,
    ),
)
discussions = st.none() | st.builds(
    replace,
    st.just(DISCUSSION),
    comments=st.integers(0, 10**9),
    note=st.none() | text,
    thread_id=st.none() | st.integers(1, 2**63 - 1),
    sharer_id=st.none() | st.integers(1, 2**63 - 1),
)
elsewhere = st.builds(  # of the same story told elsewhere, a card shows the site
    Reading,
    id=st.just(6),
    article=st.builds(Article, url=urls, title=st.just("x"), site_name=st.none() | text),
    summary=st.just(Summary()),
)
card_settings = st.builds(
    cards.Setting,
    labels=st.sampled_from(languages()).map(labels),
    discussion=discussions,
    threads=st.booleans(),
    plain=st.booleans(),
    compact=st.booleans(),
    topics=st.lists(text, max_size=6).map(tuple),
    retold=st.lists(elsewhere, max_size=4).map(tuple),
)


@settings(max_examples=80, deadline=None)
@given(readings, card_settings)
def test_a_card_is_within_discords_limits_whatever_the_article(
    reading: Reading, setting: cards.Setting
) -> None:
    check_limits(cards.draw_card(reading, setting))


@settings(max_examples=60, deadline=None)
@given(readings, st.integers(-3, 50))
def test_every_page_of_the_full_text_is_within_the_limits(reading: Reading, number: int) -> None:
    check_limits(pages.draw_page(reading, number, labels("en")))


@settings(max_examples=100, deadline=None)
@given(articles)
def test_a_thread_has_a_name_that_discord_takes(article: Article) -> None:
    assert 1 <= len(cards.thread_name(article)) <= 100


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (FactKind.NUMBER, "**Key facts**"),
        (FactKind.QUESTION, "**Questions asked**"),
        (FactKind.ITEM, "**In the list**"),
    ],
)
def test_what_is_listed_is_called_what_it_is(kind: FactKind, title: str) -> None:
    facts = tuple(replace(fact, kind=kind) for fact in READING.summary.facts)
    reading = replace(READING, summary=replace(READING.summary, facts=facts))

    assert title in shown(cards.draw_card(reading, SETTING)).splitlines()


def test_the_card_reads_from_title_to_gist_to_facts() -> None:
    lines = shown(cards.draw_card(READING, SETTING)).splitlines()

    assert lines[0] == "### [Employees ask company to end contract](https://example.org/open-letter)"
    assert lines[1] == "-# Example News · author not given · date unknown · 2 min read"
    assert lines[2] == "More than 100 employees signed a letter."
    assert lines[3:5] == [
        "**Key facts**",
        f"- [{FACT}](https://example.org/open-letter#:~:text=More%20than,letter.)",
    ]
    assert lines[5] == "-# Update: the company answered."
    assert lines[6] == "-# shared by <@100> · sentences are quoted from the article · 12 comments"


@pytest.mark.parametrize(("language", "said"), [("en", "Reading …"), ("de", "Lese …")])
def test_a_slow_page_is_said_to_be_read_by_its_host_and_then_by_its_title(language: str, said: str) -> None:
    at_first = shown(cards.draw_waiting(ARTICLE.url, None, labels(language)))
    then = shown(cards.draw_waiting(ARTICLE.url, ARTICLE, labels(language)))

    assert at_first == f"### [example.org](https://example.org/open-letter)\n-# {said}"
    assert then.startswith("### [Employees ask company to end contract](https://example.org/open-letter)\n")
    assert then.endswith(f"\n-# {said}")


@pytest.mark.parametrize(
    ("language", "meta"),
    [
        ("en", "-# Example News · author not given · date unknown · 2 min read"),
        ("de", "-# Example News · Autor nicht angegeben · Datum unbekannt · 2 Min. Lesezeit · auf Englisch"),
        ("ja", "-# Example News · 著者の記載なし · 日付不明 · 読了2分 · 英語"),
    ],
)
def test_the_card_names_the_language_when_it_is_not_the_servers(language: str, meta: str) -> None:
    card = cards.draw_card(READING, replace(SETTING, labels=labels(language)))

    assert shown(card).splitlines()[1] == meta


@pytest.mark.parametrize(
    ("values", "date"),
    [
        ({"published": NOON}, "<t:1795521600:D>"),
        ({"published": NOON, "published_day_only": True}, "24 November 2026"),
        ({"published": NOON, "published_uncertain": True}, "probably <t:1795521600:D>"),
        ({}, "date unknown"),
    ],
)
def test_a_day_stays_a_day_and_doubt_is_shown(values: dict[str, Any], date: str) -> None:
    article = replace(ARTICLE, **values)

    assert f"· {date} ·" in shown(cards.draw_card(replace(READING, article=article), SETTING))


def test_what_a_model_wrote_is_labelled() -> None:
    summary = replace(SUMMARY, model="small-7b")

    text = shown(cards.draw_card(replace(READING, summary=summary), SETTING))

    assert "written by the language model small-7b" in text
    assert "quoted" not in text


def test_strangers_words_can_neither_ping_nor_link_nor_shout() -> None:
    article = replace(ARTICLE, title="# @everyone [x](https://evil.example) <@1> **b**", url="javascript:x")

    text = shown(cards.draw_card(replace(READING, article=article), SETTING))

    assert text.startswith("### \\# \\@everyone \\[x\\](https\\://evil.example) \\<@1> \\*\\*b\\*\\*")
    assert "javascript" not in str(parts(cards.draw_card(replace(READING, article=article), SETTING)))


def test_code_keeps_its_indentation_on_the_full_text_pages() -> None:
    code = Block(kind=BlockKind.CODE, text="def sail(ferry):\n    if ferry.late:\n\treturn `None`\u200b")

    (page,) = pages.full_text(replace(ARTICLE, blocks=(code,)))

    assert page == "```\ndef sail(ferry):\n    if ferry.late:\n    return ˋNoneˋ\n```"


def test_lines_of_quotes_items_and_tables_stay_lines_on_the_full_text_pages() -> None:
    blocks = (
        Block(kind=BlockKind.QUOTE, text="The quay is dark,\nthe boats are in."),
        Block(kind=BlockKind.LIST_ITEM, text="The boat\nBuilt in 1987.", level=1),
        Block(kind=BlockKind.TABLE, text="Bicycle | 2\nCar | 11"),
    )

    (page,) = pages.full_text(replace(ARTICLE, blocks=blocks))

    assert page.split("\n\n") == [
        "> The quay is dark,\n> the boats are in.",
        "  - The boat\n    Built in 1987.",
        "Bicycle \\| 2\nCar \\| 11",
    ]


def test_long_code_is_cut_between_lines() -> None:
    lines = [f"    line {number} of the timetable" for number in range(400)]
    code = Block(kind=BlockKind.CODE, text="\n".join(lines))

    shown_pages = pages.full_text(replace(ARTICLE, blocks=(code,)))

    assert len(shown_pages) > 1
    assert [line for page in shown_pages for line in page.splitlines() if line not in ("", "```")] == lines


def test_a_recipe_or_a_review_shows_its_figures() -> None:
    review = replace(ARTICLE, particulars=("★ 4/5", "Mooring *Lights*"))

    assert "-# ★ 4/5 · Mooring \\*Lights\\*" in shown(
        cards.draw_card(replace(READING, article=review), SETTING)
    )
