"""The same story on a second site."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.duplicates import DuplicateIndex, containment, shingles

WORDS = (
    "harbour council vote bridge river budget mayor school train library winter storm engineer market "
    "ferry garden museum report worker station island forest village teacher concert bakery tower"
).split()


def story(seed: int, length: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_a_repost_with_other_lines_around_it_is_the_same_story() -> None:
    index = DuplicateIndex()
    for seed in range(20):
        index.add(f"story {seed}", f"Title {seed}", story(seed))

    repost = "By our desk. Photo: an agency. " + story(7) + " Sign up for our letter. Leave a reply."

    assert index.find("Another title", repost) == ["story 7"]


def test_half_of_a_story_is_found_and_the_closest_comes_first() -> None:
    index = DuplicateIndex()
    index.add("half", "", story(1, 400)[: len(story(1, 400)) // 2] + story(2, 100))
    index.add("whole", "", story(1, 400))

    assert index.find("", story(1, 400)) == ["whole", "half"]


def test_other_stories_and_shared_quotations_are_not_the_same_story() -> None:
    index = DuplicateIndex()
    quotation = " ".join(WORDS[:12])
    index.add("one", "", f"{story(1)} {quotation}")
    index.add("short", "", quotation)

    assert index.find("", f"{story(2)} {quotation}") == []
    assert index.find("", "too short") == []
    assert index.find("", "") == []


def test_texts_without_spaces_are_compared_too() -> None:
    index = DuplicateIndex()
    text = "".join(random.Random(1).choices("港口市議會投票重建橋樑預算", k=80))
    index.add("one", "", text)

    assert index.find("", "本報訊" + text[:60]) == ["one"]


def test_a_forgotten_story_is_not_found() -> None:
    index = DuplicateIndex()
    index.add("one", "", story(1))
    index.add("one", "", story(2))
    assert index.find("", story(1)) == []
    assert index.find("", story(2)) == ["one"]

    index.remove("one")
    index.remove("never added")

    assert index.find("", story(2)) == []
    assert len(index) == 0


def test_shingles_are_the_same_in_every_process() -> None:
    """They may be stored; a changed hash would make every stored story a stranger."""
    assert shingles("one two three four five").tolist() == [17042816398051283337, 17062855826367529704]


@given(st.text(max_size=300), st.text(max_size=300))
@settings(deadline=None)
def test_containment_is_a_share_whichever_way_round(a: str, b: str) -> None:
    one, other = shingles(a), shingles(b)

    assert 0 <= containment(one, other) == containment(other, one) <= 1
