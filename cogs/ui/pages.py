"""Draws the cleaned article, page by page (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import discord
from discord import ui

from bot.model import Article, Block, BlockKind, Reading
from cogs.ui import words
from cogs.ui.cards import finished, heading
from cogs.ui.ids import Press, custom_id
from cogs.ui.locale import Labels

PAGE = 3500  #: displayed characters of a page of the full text


def draw_page(reading: Reading, number: int, labels: Labels, *, plain: bool = False) -> ui.LayoutView:
    """One page of the cleaned article, counted from 0; a number past the end shows the last page."""
    pages = full_text(reading.article)
    number = max(0, min(number, len(pages) - 1))
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(heading(reading.article)),
        ui.TextDisplay(pages[number]),
    ]
    if reading.article.truncated and number == len(pages) - 1:
        parts.append(ui.TextDisplay(f"-# {labels.say('The page is larger than what I read of it.')}"))
    if len(pages) > 1:
        steps = (labels.say("Previous"), number - 1), (labels.say("Next"), number + 1)
        buttons: list[ui.Button[ui.LayoutView]] = [
            ui.Button(
                label=label,
                custom_id=custom_id(Press.PAGE, reading.id, to),
                disabled=not 0 <= to < len(pages),
                style=discord.ButtonStyle.secondary,
            )
            for label, to in steps
        ]
        parts.append(ui.ActionRow(*buttons))
        place = labels.say("Page {page} of {pages}", page=number + 1, pages=len(pages))
        parts.append(ui.TextDisplay(f"-# {place}"))
    return finished(*parts) if plain else finished(ui.Container(*parts))


def full_text(article: Article) -> tuple[str, ...]:
    """The article's text in pages of markdown, at least one."""
    pages: list[str] = []
    room = 0
    for part in chain.from_iterable(map(_block, article.blocks)):
        needed = words.size(part) + 2
        if needed > room or not pages:
            pages.append(part)
            room = PAGE - needed
        else:
            pages[-1] += f"\n\n{part}"
            room -= needed
    return tuple(pages) or ("—",)


def _block(block: Block) -> Iterable[str]:
    """A block as markdown, in pieces that fit a page."""
    if block.kind is BlockKind.CODE:
        text = "\n".join(words.clean_code(line).replace("`", "ˋ") for line in block.text.splitlines())
        return [f"```\n{piece}\n```" for piece in _pieces(text, PAGE - 10)]
    indent = "  " * min(block.level, 3)
    first, further = {
        BlockKind.HEADING: ("### ", ""),
        BlockKind.QUOTE: ("> ", "> "),
        BlockKind.LIST_ITEM: (f"{indent}- ", f"{indent}  "),
        BlockKind.CAPTION: ("-# ", "-# "),
    }.get(block.kind, ("", ""))
    pieces: list[str] = []
    for line in block.text.splitlines():
        for number, piece in enumerate(words.pieces_escaped(line, PAGE - 20)):
            marked = f"{further if pieces else first}{piece}"
            if number or not pieces or words.size(pieces[-1]) + words.size(marked) + 1 > PAGE:
                pieces.append(marked)
            else:
                pieces[-1] += f"\n{marked}"
    return pieces


def _pieces(text: str, limit: int) -> Iterable[str]:
    """Code cut between lines, else words, into pieces of at most *limit* UTF-16 units."""
    while words.size(text) > limit:
        start = text[: limit // 2]
        cut = start.rfind("\n") + 1 or start.rfind(" ") + 1 or len(start)
        yield text[:cut].rstrip()
        text = text[cut:]
    if text:
        yield text
