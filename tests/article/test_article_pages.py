"""Pages of our own, each after a structure that once broke; article.json says what must be read from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.article import extract
from bot.model import Article, BlockKind

PAGES = Path(__file__).parent.parent / "pages"
NAMES = sorted(path.parent.name for path in PAGES.glob("*/article.json"))
WITH_TEXT = [
    name for name in NAMES if json.loads((PAGES / name / "article.json").read_text("utf-8")).get("text")
]


def read(name: str) -> tuple[Article, dict[str, Any]]:
    expected = json.loads((PAGES / name / "article.json").read_text("utf-8"))
    return extract((PAGES / name / "page.html").read_bytes(), expected["url"]), expected


@pytest.mark.parametrize("name", WITH_TEXT)
def test_the_text_is_what_its_author_wrote_and_nothing_around_it(name: str) -> None:
    article, expected = read(name)

    assert article.text.split("\n") == expected["text"]


@pytest.mark.parametrize("name", NAMES)
def test_only_pages_without_their_article_have_a_barrier(name: str) -> None:
    article, expected = read(name)

    assert article.barrier == expected.get("barrier")


@pytest.mark.parametrize("name", WITH_TEXT)
def test_notices_deks_and_captions_stand_apart(name: str) -> None:
    article, expected = read(name)

    assert list(article.notices) == expected.get("notices", [])
    for kind, key in ((BlockKind.DEK, "deks"), (BlockKind.CAPTION, "captions")):
        assert [block.text for block in article.blocks if block.kind is kind] == expected.get(key, [])


@pytest.mark.parametrize("name", [name for name in WITH_TEXT if "kinds" in read(name)[1]])
def test_blocks_keep_their_kind(name: str) -> None:
    article, expected = read(name)

    kinds = {block.text: str(block.kind) for block in article.blocks}
    assert {text: kinds.get(text) for text in expected["kinds"]} == expected["kinds"]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_says_in_figures_and_where_it_goes_on(name: str) -> None:
    article, expected = read(name)

    assert list(article.particulars) == expected.get("particulars", [])
    assert (article.next_page, article.alternate) == (expected.get("next_page"), expected.get("alternate"))


@pytest.mark.parametrize("name", [name for name in NAMES if "authors" in read(name)[1]])
def test_title_people_and_day_are_those_of_the_article(name: str) -> None:
    article, expected = read(name)

    assert article.title == expected["title"]
    assert list(article.authors) == expected["authors"]
    assert article.published is not None
    assert article.published.isoformat() == expected["published"]
