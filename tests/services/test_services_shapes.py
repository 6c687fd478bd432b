"""A conversation's shape is told without its words, and its export keeps the tree of replies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from bot.model import Article, Comment, Discussion, Reading, Summary
from bot.services.shapes import DEEPEST, as_data, as_markdown, shape_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANA, BEN = 100, 101
READING = Reading(id=5, article=Article(url="https://example.org/a", title="Ferry"), summary=Summary())
DISCUSSION = Discussion(
    id=7,
    article_id=5,
    guild_id=1,
    channel_id=2,
    home_id=2,
    sharer_id=ANA,
    source_id=3,
    message_id=4,
    thread_id=4,
    comments=4,
    shared_at=NOON,
)


def comment(
    number: int, author: int, reply_to: int | None = None, *, reactions: int = 0, text: str | None = None
) -> Comment:
    return Comment(
        discussion_id=7,
        message_id=number,
        author_id=author,
        reply_to=reply_to,
        created_at=NOON + timedelta(hours=8 * number),
        reactions=reactions,
        text=text,
    )


TALK = (
    comment(1, ANA, text="Who paid for it?"),
    comment(2, BEN, 1, reactions=3),
    comment(3, BEN, text="And when does it sail?"),
    comment(4, ANA, 2, reactions=5),
)


def test_the_shape_names_people_likes_open_questions_and_days() -> None:
    shape = shape_of(TALK)

    assert shape.people == ((ANA, 2), (BEN, 2))
    assert [each.message_id for each in shape.liked] == [4, 2]
    assert [each.message_id for each in shape.unanswered] == [3]
    assert [count for _, count in shape.days] == [1, 3]
    assert (shape.first, shape.last) == (TALK[0].created_at, TALK[3].created_at)


def test_nothing_said_has_a_shape_too() -> None:
    shape = shape_of(())

    assert (shape.comments, shape.people, shape.first) == (0, (), None)


def test_the_export_is_a_tree_of_replies() -> None:
    data = as_data(DISCUSSION, READING, TALK)

    first, second = data["comments"]
    assert (first["id"], second["id"]) == ("1", "3")
    assert first["replies"][0]["id"] == "2"
    assert first["replies"][0]["replies"][0]["id"] == "4"
    assert second["replies"] == []


def test_the_markdown_export_nests_replies() -> None:
    lines = as_markdown(DISCUSSION, READING, TALK).splitlines()

    assert lines[0] == "# Ferry"
    assert [line.partition("(")[0] for line in lines[6:]] == ["- 100 ", "  - 101 ", "    - 100 ", "- 101 "]
    assert lines[6].endswith(": Who paid for it?")


def test_a_chain_of_thousands_of_replies_is_exported_whole() -> None:
    chain = [comment(number, BEN, number - 1) for number in range(1, 3_001)]

    data = as_data(DISCUSSION, READING, chain)
    markdown = as_markdown(DISCUSSION, READING, chain)

    written = json.dumps(data)
    assert [f'"id": "{number}"' in written for number in (1, DEEPEST, DEEPEST + 1, 3_000)] == [True] * 4
    deepest = data["comments"]
    for _ in range(DEEPEST - 1):
        deepest = deepest[0]["replies"]
    assert len(deepest) == 3_000 - DEEPEST + 1
    assert deepest[-1]["reply_to"] == "2999"
    assert markdown.count(f"- {BEN} ") == 3_000


def test_a_reply_to_what_is_not_here_stands_by_itself() -> None:
    data = as_data(DISCUSSION, READING, (comment(1, ANA, 999), comment(2, BEN, 2)))

    assert [each["id"] for each in data["comments"]] == ["1", "2"]
