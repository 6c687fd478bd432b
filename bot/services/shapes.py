"""The shape of a conversation: who took part, what moved people, what nobody answered (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.model import Comment, Discussion, Reading

MOST = 5  #: of each list


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
    """A discussion as JSON values: its article, and its comments as a tree of replies."""
    return {
        "article": {"title": reading.article.title, "url": reading.article.url},
        "shared_by": discussion.sharer_id and str(discussion.sharer_id),
        "shared_at": discussion.shared_at.isoformat(),
        "comments": [_as_data(comment, _replies(comments)) for comment in _roots(comments)],
    }


def as_markdown(discussion: Discussion, reading: Reading, comments: Sequence[Comment]) -> str:
    """A discussion as Markdown: its comments as nested lists."""
    replies = _replies(comments)
    lines = [f"# {reading.article.title}", "", f"<{reading.article.url}>", ""]
    lines += [f"Shared {discussion.shared_at:%Y-%m-%d %H:%M} UTC, {len(comments)} comments.", ""]
    for comment in _roots(comments):
        lines += _as_lines(comment, replies, 0)
    return "\n".join(lines) + "\n"


def _replies(comments: Iterable[Comment]) -> Mapping[int, list[Comment]]:
    replies: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.reply_to is not None:
            replies.setdefault(comment.reply_to, []).append(comment)
    return replies


def _roots(comments: Sequence[Comment]) -> list[Comment]:
    """Comments that reply to none of the others; who replies to a later message is taken for a root."""
    earlier: set[int] = set()
    roots: list[Comment] = []
    for comment in comments:
        if comment.reply_to not in earlier:
            roots.append(comment)
        earlier.add(comment.message_id)
    return roots


def _as_data(comment: Comment, replies: Mapping[int, list[Comment]]) -> dict[str, Any]:
    later = [each for each in replies.get(comment.message_id, ()) if each.created_at >= comment.created_at]
    return {
        "id": str(comment.message_id),
        "author": str(comment.author_id),
        "at": comment.created_at.isoformat(),
        "reactions": comment.reactions,
        "text": comment.text,
        "replies": [_as_data(each, replies) for each in later if each.message_id != comment.message_id],
    }


def _as_lines(comment: Comment, replies: Mapping[int, list[Comment]], depth: int) -> list[str]:
    words = f": {' '.join(comment.text.split())}" if comment.text else ""
    liked = f", {comment.reactions} reactions" if comment.reactions else ""
    lines = [f"{'  ' * depth}- {comment.author_id} ({comment.created_at:%Y-%m-%d %H:%M}{liked}){words}"]
    for each in replies.get(comment.message_id, ()):
        if each.created_at >= comment.created_at and each.message_id != comment.message_id:
            lines += _as_lines(each, replies, depth + 1)
    return lines
