"""A page's article: its blocks chosen, cleaned and named by kind."""

from __future__ import annotations

from typing import NamedTuple

from bot.article.document import Document
from bot.article.scorer import Model, choose
from bot.article.walk import BLOCK_TAGS, TAG_ID, Walk
from bot.model import Block, BlockKind

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "legend", "hgroup"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("td", "th", "tr", "table"), BlockKind.TABLE),
    "pre": BlockKind.CODE,
    "figcaption": BlockKind.CAPTION,
}
_APART = frozenset((BlockKind.DEK, BlockKind.CAPTION))
_LONG_ENOUGH_TO_REPEAT = 30  #: characters; shorter lines may stand twice
_LISTS = frozenset((TAG_ID["ul"], TAG_ID["ol"]))
_QUOTE, _TABLE = TAG_ID["blockquote"], TAG_ID["table"]


class Body(NamedTuple):
    """The article of a page."""

    blocks: tuple[Block, ...]
    text: str  #: the blocks joined by newlines, without deks and captions
    notices: tuple[str, ...]
    expected_f1: float


def read_body(document: Document, walk: Walk, title: str, *, model: Model | None = None) -> Body:
    """Choose the article's blocks; *title* is its headline, as far as it is known."""
    described = (
        document.meta.get("og:description")
        or document.meta.get("description")
        or document.meta.get("twitter:description")
        or ("",)
    )
    chosen = choose(walk, title, described[0], model)
    blocks: list[Block] = []
    seen: set[str] = set()
    for i in chosen.blocks:
        text = walk.texts[i]
        if len(text) > _LONG_ENOUGH_TO_REPEAT:
            if text in seen:
                continue
            seen.add(text)
        blocks.append(block_of(walk, i))
    return Body(tuple(blocks), text_of(blocks), (), chosen.expected_f1)


def text_of(blocks: list[Block]) -> str:
    """The words of the article, a line a block."""
    return "\n".join(block.text for block in blocks if block.kind not in _APART)


def block_of(walk: Walk, i: int) -> Block:
    """Text block *i* with what the elements around it make of it."""
    text = walk.texts[i]
    around = walk.ancestors(walk.owner[i])
    tags = [walk.tag[e] for e in around]
    kind = _KINDS.get(BLOCK_TAGS[tags[0]], BlockKind.PARAGRAPH) if tags else BlockKind.PARAGRAPH
    if kind is BlockKind.HEADING:
        name = BLOCK_TAGS[tags[0]]
        return Block(kind=kind, text=text, level=int(name[1]) if name[1:].isdigit() else 3)
    if kind is BlockKind.PARAGRAPH:
        if _QUOTE in tags:
            kind = BlockKind.QUOTE
        elif TAG_ID["li"] in tags:
            kind = BlockKind.LIST_ITEM
    level = max(sum(tag in _LISTS for tag in tags) - 1, 0) if kind is BlockKind.LIST_ITEM else 0
    return Block(kind=kind, text=text, level=level)
