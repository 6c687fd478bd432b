"""Draws a digest: a list of articles by topic, within Discord's limits whatever it names (pure)."""

from __future__ import annotations

import discord
from discord import ui

from bot.model import Rhythm
from bot.services.digests import DigestParcel, Item
from cogs.ui import cards, words
from cogs.ui.ids import Press, custom_id
from cogs.ui.locale import Labels

ROOM = 3_700  #: of the 4,000 characters that a message may show; the rest is for its head and tail
_TITLE, _NAME = 160, 60


def draw_digest(parcel: DigestParcel, labels: Labels) -> ui.LayoutView:
    """The digest of a channel."""
    lines, left_out = _lines(parcel, labels)
    when = cards.stamp(parcel.digest.due_at, "D")
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(f"## {labels.say('Digest of {when}', when=when)}"),
        ui.TextDisplay("\n".join(lines)),
    ]
    if left_out:
        more = labels.plural("and {n} more article", "and {n} more articles", left_out)
        parts.append(ui.TextDisplay(f"-# {more}"))
    button: ui.Button[ui.LayoutView] = ui.Button(
        label=labels.say("Why am I seeing this?"),
        custom_id=custom_id(Press.DIGEST, parcel.digest.id),
        style=discord.ButtonStyle.secondary,
    )
    return cards.finished(ui.Container(*parts, ui.ActionRow(button)))


def _lines(parcel: DigestParcel, labels: Labels) -> tuple[list[str], int]:
    """As many lines as there is room for, every topic's best before any topic's rest; how many are left out."""
    total = sum(len(items) for _, items in parcel.groups)
    kept: dict[str, list[str]] = {topic: [] for topic, _ in parcel.groups}
    heads = {topic: _head(topic, labels) for topic in kept}
    room, shown = ROOM, 0
    for turn in range(max((len(items) for _, items in parcel.groups), default=0)):
        for topic, items in parcel.groups:
            if turn >= len(items):
                continue
            line = _line(items[turn], labels)
            cost = words.size(line) + 1 + (0 if kept[topic] else words.size(heads[topic]) + 2)
            if cost <= room:
                kept[topic].append(line)
                room -= cost
                shown += 1
    # An empty line before a head, or it would belong to the last article above it.
    lines = [line for topic, found in kept.items() if found for line in ("", heads[topic], *found)]
    return lines[1:], total - shown


def _head(topic: str, labels: Labels) -> str:
    return f"**{words.shorten_escaped(topic, _NAME) or labels.say('Articles')}**"


def _line(item: Item, labels: Labels) -> str:
    article = item.reading.article
    title = words.shorten_escaped(article.title or words.host(article.url), _TITLE) or "—"
    target = words.link_target(article.url)
    link = f"[{title}]({target})" if target and len(target) <= cards.MAX_BUTTON_URL else title
    parts = [link, words.shorten_escaped(article.site_name or words.host(article.url), _NAME)]
    if item.discussion:
        comments = cards.comment_count(item.discussion.comments, labels)
        parts.append(f"[{comments}]({cards.jump_address(item.discussion)})")
    return f"- {' · '.join(part for part in parts if part)}"


def rhythm_name(rhythm: Rhythm, labels: Labels) -> str:
    """How often a digest comes, in words."""
    return {
        Rhythm.OFF: labels.say("never"),
        Rhythm.DAILY: labels.say("every day"),
        Rhythm.WEEKLY: labels.say("every week"),
    }[rhythm]
