"""The shape of a conversation: who took part, what moved people, what nobody answered (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.model import Comment, Discussion, Reading

MOST = 5  #: of each list
DEEPEST = 20  #: levels of replies in an export; what replies to the last one stands beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What can be said about a conversation."""

    comments: int
    people: tuple[tuple[int, int], ...]  #: user ids with how much each wrote, the most first
    liked: tuple[Comment, ...]  #: with the most reactions first
    unanswered: tuple[Comment, ...]  #: questions that nobody replied to; none where words are not kept
    days: tuple[tuple[date, int], ...]  #: how much was written on each day
    first: datetime | None
    last: datetime | None


def shape_of(comments: Sequence[Comment]) -> Shape:
    """Return the shape of a conversation, given its comments in order."""
    people = Counter(comment.author_id for comment in comments)
    days = Counter(comment.created_at.date() for comment in comments)
    answered = {comment.reply_to for comment in comments}
    liked = sorted((each for each in comments if each.reactions), key=lambda each: -each.reactions)
    questions = [
        each
        for each in comments
        if each.text and each.text.rstrip().endswith(("?", "？", "؟")) and each.message_id not in answered
    ]
    return Shape(
        comments=len(comments),
        people=tuple(people.most_common()),
        liked=tuple(liked[:MOST]),
        unanswered=tuple(questions[-MOST:]),
        days=tuple(sorted(days.items())),
        first=comments[0].created_at if comments else None,
        last=comments[-1].created_at if comments else None,
    )


def as_data(discussion: Discussion, reading: Reading, comments: Sequence[Comment]) -> dict[str, Any]:
    """A discussion as JSON values: its article, and its comments as a tree of replies, DEEPEST levels at most."""
    roots: list[dict[str, Any]] = []
    path = [roots]  # the lists of replies that lead to the comment at hand
    for comment, depth in _walk(comments):
        replies: list[dict[str, Any]] = []
        path[depth].append(
            {
                "id": str(comment.message_id),
                "author": str(comment.author_id),
                "at": comment.created_at.isoformat(),
                "reply_to": comment.reply_to and str(comment.reply_to),
                "reactions": comment.reactions,
                "text": comment.text,
                "replies": replies,
            }
        )
        path[depth + 1 :] = [replies]
    return {
        "article": {"title": reading.article.title, "url": reading.article.url},
        "shared_by": discussion.sharer_id and str(discussion.sharer_id),
        "shared_at": discussion.shared_at.isoformat(),
        "comments": roots,
    }


def as_markdown(discussion: Discussion, reading: Reading, comments: Sequence[Comment]) -> str:
    """A discussion as Markdown: its comments as nested lists, DEEPEST levels at most."""
    lines = [f"# {reading.article.title}", "", f"<{reading.article.url}>", ""]
    lines += [f"Shared {discussion.shared_at:%Y-%m-%d %H:%M} UTC, {len(comments)} comments.", ""]
    for comment, depth in _walk(comments):
        words = f": {' '.join(comment.text.split())}" if comment.text else ""
        liked = f", {comment.reactions} reactions" if comment.reactions else ""
        lines.append(
            f"{'  ' * depth}- {comment.author_id} ({comment.created_at:%Y-%m-%d %H:%M}{liked}){words}"
        )
    return "\n".join(lines) + "\n"


def _walk(comments: Iterable[Comment]) -> Iterator[tuple[Comment, int]]:
    """Comments in the order of their tree, each with its depth: every one is followed by the replies to it."""
    roots: list[Comment] = []
    replies: dict[int, list[Comment]] = {}
    for comment in comments:
        # Who replies to a message that is not here, or only comes later, stands alone.
        siblings = replies.get(comment.reply_to or 0, roots)
        siblings.append(comment)
        replies[comment.message_id] = []
    waiting = [(root, 0) for root in reversed(roots)]
    while waiting:
        comment, depth = waiting.pop()
        yield comment, depth
        below = min(depth + 1, DEEPEST - 1)
        waiting += [(reply, below) for reply in reversed(replies[comment.message_id])]
