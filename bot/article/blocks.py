"""What each block of an article is: paragraph, heading, list item, quote, code, table, embed, dek or caption."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import chain, pairwise

from bot.article.classes import class_words
from bot.article.lines import is_credit, is_junk
from bot.article.walk import TAG_ID, Walk
from bot.article.wording import fold
from bot.model import Block, BlockKind

_KINDS = {
    **{TAG_ID[tag]: BlockKind.LIST_ITEM for tag in ("li", "dt", "dd")},
    **{TAG_ID[tag]: BlockKind.TABLE for tag in ("td", "th")},
    TAG_ID["pre"]: BlockKind.CODE,
    TAG_ID["figcaption"]: BlockKind.CAPTION,
}
_LEVELS = {TAG_ID[f"h{level}"]: level for level in range(1, 7)} | {TAG_ID["legend"]: 3}
_APART = frozenset((BlockKind.DEK, BlockKind.CAPTION))
_LISTS = frozenset((TAG_ID["ul"], TAG_ID["ol"]))
_QUOTE, _TABLE, _ROW, _ITEM, _FIGCAPTION = (
    TAG_ID[tag] for tag in ("blockquote", "table", "tr", "li", "figcaption")
)
_HEADINGS = frozenset(TAG_ID[f"h{level}"] for level in range(1, 7))
_EMBEDS = (
    "twitter-tweet",
    "instagram-media",
    "tiktok-embed",
    "bluesky-embed",
    "mastodon-embed",
    "reddit-embed",
)
_DEK_WORDS = frozenset(
    "dek deck standfirst subtitle subheadline subhead strapline chapeau bajada entradilla sapo".split()
)
_CAPTION_CLASS = re.compile(r"(?:^|[\s_-])(?:fig)?caption(?=$|[\s_-])|[a-z]Caption(?![a-z])")
#: What a link says to those who hear the page.
_SPOKEN = re.compile(
    r"\s*\((?:opens in (?:a )?new (?:tab|window)|öffnet (?:sich )?(?:im|in einem) neuen (?:fenster|tab)"
    r"|s['’]ouvre dans (?:une? )?(?:nouvelle fenêtre|nouvel onglet)|nouvelle fenêtre|se abre en (?:una )?(?:nueva "
    r"(?:ventana|pestaña)|(?:ventana|pestaña) nueva)|abre (?:em|numa) nova (?:janela|aba|guia)|si apre in una nuova "
    r"(?:finestra|scheda)|opent in (?:een )?nieuw (?:venster|tabblad)|åpnes i nytt vindu|öppnas i nytt fönster"
    r"|åbner i nyt vindue|otwiera się w nowym oknie|新しい(?:ウィンドウ|タブ)で開(?:く|きます))\)(?:\s+(?=[.,;:!?]))?",
    re.IGNORECASE,
)
#: A mark escaped twice, which readers see as it stands; that of a tag or an ampersand may be what a text speaks of.
_ESCAPED = re.compile(
    r"&(?:quot|apos|nbsp|shy|[lr][sd]quo|[bs]dquo|sbquo|[lr]aquo|hellip|[mn]dash|middot|bull|euro"
    r"|#(?!0*(?:38|60|62|x0*(?:26|3c|3e));)(?:x[\da-f]{2,4}|\d{2,4}));",
    re.IGNORECASE,
)
_MANY = 12  #: blocks of an element, from which on it is not looked through for each of them
_CODED = ("code", "kbd", "samp", "tt")
_SURROUNDED = frozenset((BlockKind.PARAGRAPH, BlockKind.LIST_ITEM))  #: kinds that what is around them decides
_LINED = frozenset((BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.EMBED))
_LINE_ENDS = '.!?…:।؟۔。！？："”“»›」』】］）'
_COMMAS = ",、，،"
_STOP = re.compile(r"[。！？।؟۔]|[.!?](?=\s|$)")
_WRAPPED = 60  #: characters; a longer line without a stop goes on in the next
_NEAR = 4  #: elements within which an item of a list holds a paragraph
_CELL = 200  #: characters; a longer table cell is text in a table that only lays the page out
_CAPTION = 400
_DEK = 500


def is_heading(walk: Walk, i: int) -> bool:
    """Whether block *i* is a heading."""
    return walk.tag[walk.owner[i]] in _HEADINGS


def is_caption(walk: Walk, i: int) -> bool:
    """Whether block *i* stands under a picture."""
    element = walk.owner[i]
    if len(walk.texts[i]) > _CAPTION:
        return False
    for _ in range(3):
        if walk.tag[element] == _FIGCAPTION:
            return True
        element = walk.parent[element]
    element = walk.owner[i]
    return _names_caption(walk.classes[element]) or _names_caption(walk.classes[walk.parent[element]])


def text_of(blocks: tuple[Block, ...]) -> str:
    """The words of the article, a line a block."""
    return "\n".join(block.text for block in blocks if block.kind not in _APART)


def name_blocks(walk: Walk, kept: list[int], title: str, description: str) -> tuple[Block, ...]:
    """The blocks of an article; *kept* are its text blocks, to which its captions and its dek are added."""
    if not kept:
        return ()
    inside = set(kept)
    headline = _headline(walk, title, kept[0])
    around = range(headline + 1 if headline is not None else kept[0], kept[-1] + 1)
    body = next((i for i in kept if not is_heading(walk, i) and not is_caption(walk, i)), kept[0])
    found: list[Block] = []
    row: tuple[int, int] | None = None  # table and row that the last block stood in
    seen: set[str] = set()
    for i in around:
        text = walk.texts[i]
        if is_caption(walk, i):
            if text not in seen and len(text) > 3 and not is_junk(text):
                found.append(Block(kind=BlockKind.CAPTION, text=unescaped(text)))
                seen.add(text)
        elif i <= body and headline is not None and _is_dek(walk, i, description, i in inside):
            found.append(Block(kind=BlockKind.DEK, text=unescaped(text)))
        elif i in inside:
            block = _named(walk, i)
            if not block.text:
                continue
            place = _place(walk, i) if block.kind is BlockKind.TABLE else None
            if place and row and place[0] == row[0]:
                joint = " | " if place[1] == row[1] else "\n"
                block = Block(kind=BlockKind.TABLE, text=f"{found.pop().text}{joint}{block.text}")
            row = place
            found.append(block)
            continue
        else:
            continue
        row = None
    return tuple(found)


def _headline(walk: Walk, title: str, before: int) -> int | None:
    """The block that is the headline, if one above the text is."""
    wanted = fold(title)
    for i in range(before, -1, -1):
        if is_heading(walk, i) and wanted:
            folded = fold(walk.texts[i])
            if folded and (folded in wanted or wanted in folded):
                return i
    return None


def _named(walk: Walk, i: int) -> Block:
    """Text block *i* with what the elements around it make of it."""
    kind, level = _kind(walk, i)
    text = lined(walk, i, kind)
    if "(" in text and kind is not BlockKind.CODE:
        text = _SPOKEN.sub("", text)
    return Block(kind=kind, text=text, level=level)


def lined(walk: Walk, i: int, kind: BlockKind) -> str:
    """The text of block *i*, which is of this *kind*, in lines where the author meant it so."""
    text = walk.texts[i]
    if kind in _LINED and i in walk.lines:
        text = _in_lines(text, walk.lines[i])
    return text if kind is BlockKind.CODE or ("&" in text and _holds_code(walk, i)) else unescaped(text)


def _holds_code(walk: Walk, i: int) -> bool:
    """Whether words of block *i* are set as code, where an escape is what the text speaks of."""
    owner = walk.owner[i]
    if walk.last[owner] - walk.first[owner] > _MANY:
        return False
    node = walk.nodes[owner]
    return node.tag in _CODED or any(node.find(tag) is not None for tag in _CODED)


def unescaped(text: str) -> str:
    """*text* without the escapes of marks.

    >>> unescaped("Kay&#39;s &quot;night boat&quot;, &lt;b&gt; or &#60;b&#62;")
    'Kay\\'s "night boat", &lt;b&gt; or &#60;b&#62;'
    """

    def mark(found: re.Match[str]) -> str:
        character = html.unescape(found[0])
        return character if character.isprintable() else " " if character.isspace() else ""

    return _ESCAPED.sub(mark, text) if "&" in text else text


def _in_lines(text: str, starts: tuple[int, ...]) -> str:
    """*text* with its line breaks but those in the middle of a sentence, with none where most of them are.

    >>> _in_lines("Ticket: 4 crowns Bicycle: free", (17,)), _in_lines("the old ferry", (4,))
    ('Ticket: 4 crowns\\nBicycle: free', 'the old ferry')
    """
    lines = [text[start:end].strip() for start, end in pairwise((0, *starts, len(text)))]
    going_on = [_goes_on(line, following) for line, following in pairwise(lines)]
    broken_by_width = sum(on or _is_wrapped(line) for on, line in zip(going_on, lines, strict=False))
    if 2 * broken_by_width > len(going_on):
        return text
    joints = (" " if on else "\n" for on in going_on)
    return lines[0] + "".join(chain.from_iterable(zip(joints, lines[1:], strict=True)))


def _goes_on(line: str, following: str) -> bool:
    """Whether a line goes on in the next, which begins in small letters.

    Where letters have no case, it does so behind a comma, and before the end of a sentence, which no label has.
    """
    if line[-1:] in _LINE_ENDS or not following[:1].isalpha() or following[:1].isupper():
        return False
    return following[:1].islower() or line[-1:] in _COMMAS or _STOP.search(following) is not None


def _is_wrapped(line: str) -> bool:
    """Whether a line may go on in the next: it is long and without a stop."""
    return line[-1:] not in _LINE_ENDS and len(line) > _WRAPPED


def _kind(walk: Walk, i: int) -> tuple[BlockKind, int]:
    """The kind of text block *i*, and its level where it is a heading or an item of a list."""
    owner = walk.owner[i]
    tag = walk.tag[owner]
    if tag in _LEVELS:
        return BlockKind.HEADING, _LEVELS[tag]
    kind = _KINDS.get(tag, BlockKind.PARAGRAPH)
    if kind is BlockKind.TABLE and not _is_cell(walk, owner, len(walk.texts[i])):
        kind = BlockKind.PARAGRAPH
    if kind not in _SURROUNDED:
        return kind, 0
    quote, lists, in_item = _surroundings(walk, owner)
    if kind is BlockKind.PARAGRAPH:
        if quote:
            embedded = any(embed in walk.classes[quote] for embed in _EMBEDS)
            kind = BlockKind.EMBED if embedded else BlockKind.QUOTE
        elif in_item:
            kind = BlockKind.LIST_ITEM
    return kind, max(lists - 1, 0) if kind is BlockKind.LIST_ITEM else 0


def _surroundings(walk: Walk, element: int) -> tuple[int, int, bool]:
    """The innermost quote around *element* or 0, how many lists are around it, and whether it stands in an item."""
    quote, lists, in_item = 0, 0, False
    level = 0
    while element:
        tag = walk.tag[element]
        if tag == _QUOTE:
            quote = quote or element
        elif tag in _LISTS:
            lists += 1
        elif tag == _ITEM and level < _NEAR:
            in_item = True
        element = walk.parent[element]
        level += 1
    return quote, lists, in_item


def _is_cell(walk: Walk, element: int, length: int) -> bool:
    """Whether a table cell holds a value; tables that lay pages out have cells of many blocks or long ones."""
    return length <= _CELL and walk.last[element] - walk.first[element] == 1


def _place(walk: Walk, i: int) -> tuple[int, int]:
    """The table and the row that block *i* stands in; 0 for none."""
    around = walk.ancestors(walk.owner[i])
    table = next((element for element in around if walk.tag[element] == _TABLE), 0)
    return table, next((element for element in around if walk.tag[element] == _ROW), 0)


def _is_dek(walk: Walk, i: int, description: str, chosen: bool) -> bool:
    """Whether block *i*, between headline and text, is the standfirst."""
    text = walk.texts[i]
    if not 20 < len(text) < _DEK or is_credit(text):
        return False
    element = walk.owner[i]
    named = _names_dek(walk.classes[element])
    told = fold(description)[:60]
    is_told = bool(told) and fold(text).startswith(told)
    if chosen:  # most of what stands above the text and is told twice is its first paragraph
        return named or (is_told and walk.tag[element] in _HEADINGS)
    return named or is_told or _names_dek(walk.classes[walk.parent[element]])


@lru_cache(maxsize=512)
def _names_caption(classes: str) -> bool:
    return "aption" in classes and _CAPTION_CLASS.search(classes, 0, 500) is not None


@lru_cache(maxsize=512)
def _names_dek(classes: str) -> bool:
    return bool(classes) and not _DEK_WORDS.isdisjoint(class_words(classes[:500]))
