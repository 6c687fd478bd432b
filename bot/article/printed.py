"""Paragraphs out of printed lines: joined over line ends, columns and pages, without what every page repeats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.model import Block, BlockKind

_MARGIN = 2  #: lines at the top and at the foot of a page that may be a running head
_HEADING = 1.12  #: times the size of the text; letters of that size are a heading's
_SMALL = 0.87  #: times the size of the text; smaller letters at a page's foot are notes
_APART = 1.45  #: times the usual distance of lines; more is between paragraphs
_INDENT = 0.7  #: times the size of the text
_SHORT = 0.75  #: of the longest lines; a sentence that ends in a shorter line ends its paragraph
_LONGEST_HEADING = 120  #: characters
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_FOLIO = re.compile(
    r"[\W_]*(?:(?:page|seite|p\.|s\.|página|pagina|strana|side)\s*)?\d{1,4}(?:\s*(?:/|of|von|de|di|sur)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•‣▪■●◦○–—∙·]\s+(?=\S)")
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|abb(?:ildung|\.)|tab(?:elle|\.)|figur[ae]?|tableau|tabla|図|表)\s*\d+\s*[.:|–—]",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?:。！？][\"'”’»)\]]*\d{0,3}$")
_HYPHEN = re.compile(r"(\w+)[-\u2010\u00ad]$")
_FIRST_WORD = re.compile(r"\w+")
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\w{1,5}$")  # of a table of contents
_SUSPENDED = frozenset("und oder and or et ou y o e bis to sowie".split())
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One line of a printed page."""

    text: str
    size: float  #: of its letters, in points
    x: float  #: of its first letter, from the left
    y: float  #: of its foot, from below
    bold: bool


@dataclass(frozen=True, slots=True)
class Typography:
    """What is usual on the pages of one document."""

    size: float  #: of the text's letters, in points
    gap: float  #: between the feet of two lines of a paragraph, in points
    length: int  #: characters of a full line


def typography(pages: Sequence[Sequence[PrintedLine]]) -> Typography:
    """The size, distance and length that most of the text has."""
    sizes: Counter[float] = Counter()
    gaps: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    size = max(sizes, key=lambda each: sizes[each], default=0.0)
    lengths: list[int] = []
    for page in pages:
        for above, line in pairwise(page):
            if abs(line.size - size) < 0.3 and abs(above.size - size) < 0.3 and above.y > line.y:
                gaps[round(above.y - line.y, 1)] += 1
        lengths += [len(line.text) for line in page if abs(line.size - size) < 0.3]
    lengths.sort()
    gap = max(gaps, key=lambda each: gaps[each], default=1.2 * size)
    return Typography(size, gap, lengths[len(lengths) * 4 // 5] if lengths else 0)


def without_margins(pages: Sequence[Sequence[PrintedLine]]) -> list[list[PrintedLine]]:
    """The pages without their numbers and the lines that stand in the same place of several pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_repeated(line.text) for line in _margins(page)})
    often = max(2, -(-len(pages) * 3 // 10))
    size = typography(pages).size
    out: list[list[PrintedLine]] = []
    for number, page in enumerate(pages):
        margins = {id(line) for line in _margins(page)}
        kept = [
            line
            for line in page
            if id(line) not in margins
            or not (_FOLIO.fullmatch(line.text) or seen[_repeated(line.text)] >= often)
            or (number == 0 and line.size > _HEADING * size)  # the title, which later pages repeat
        ]
        out.append(kept)
    return out


def _margins(page: Sequence[PrintedLine]) -> list[PrintedLine]:
    by_height = sorted(page, key=lambda line: -line.y)
    return by_height[:_MARGIN] + by_height[max(_MARGIN, len(page) - _MARGIN) :]


def _repeated(text: str) -> str:
    """A line as it is compared between pages: without case, spaces and numbers."""
    return "".join(_DIGITS.sub("#", text.casefold()).split())


def without_notes(page: Sequence[PrintedLine], usual: Typography) -> list[PrintedLine]:
    """The page's lines without the notes in small print under its text."""
    floor = min((line.y for line in page if line.size >= _SMALL * usual.size), default=0.0)
    return [
        line
        for line in page
        if line.size >= _SMALL * usual.size or line.y > floor or _CAPTION.match(line.text)
    ]


def paragraphs(pages: Iterable[Sequence[PrintedLine]], usual: Typography) -> tuple[Block, ...]:
    """The text of *pages* as blocks."""
    lines = [line for page in pages for line in page if not _LEADERS.search(line.text)]
    words = Counter(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text.casefold()))
    blocks: list[Block] = []
    for group in _groups(lines, usual):
        text = joined([line.text for line in group], words)
        kind = _kind(group, text, usual)
        if kind is BlockKind.LIST_ITEM:
            text = _BULLET.sub("", text, count=1)
        if text:
            blocks.append(Block(kind=kind, text=text, level=2 if kind is BlockKind.HEADING else 0))
    return tuple(blocks)


def _groups(lines: Sequence[PrintedLine], usual: Typography) -> Iterator[list[PrintedLine]]:
    group: list[PrintedLine] = []
    for line in lines:
        if group and _begins(group, line, usual):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins(group: Sequence[PrintedLine], line: PrintedLine, usual: Typography) -> bool:
    """Whether *line* begins another paragraph than *group*."""
    above = group[-1]
    if _BULLET.match(line.text) or _CAPTION.match(line.text):
        return True
    if abs(line.size - above.size) > 0.06 * usual.size or _is_heading(above, usual) != _is_heading(
        line, usual
    ):
        return not _HYPHEN.search(above.text)
    if _is_heading(line, usual):
        return above.y - line.y > _APART * max(usual.gap, 1.3 * line.size)
    ended = _END.search(above.text) is not None
    if line.y > above.y or above.y - line.y > 8 * usual.gap:  # the next column or page
        return ended
    if above.y - line.y > _APART * usual.gap:
        return True
    if ended and len(above.text) < _SHORT * usual.length:
        return True
    first = group[0]
    indented = line.x - min(above.x, line.x) > _INDENT * usual.size
    return indented and (len(group) > 1 or abs(first.x - line.x) < 1) and not _BULLET.match(first.text)


def _is_heading(line: PrintedLine, usual: Typography) -> bool:
    if len(line.text) > _LONGEST_HEADING:
        return False
    return line.size > _HEADING * usual.size or (
        line.bold and len(line.text) < _SHORT * usual.length and not line.text.endswith((".", ",", ";"))
    )


def _kind(group: Sequence[PrintedLine], text: str, usual: Typography) -> BlockKind:
    if _CAPTION.match(text):
        return BlockKind.CAPTION
    if _BULLET.match(text):
        return BlockKind.LIST_ITEM
    if all(_is_heading(line, usual) for line in group) and len(text) < 2 * _LONGEST_HEADING:
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def joined(lines: Sequence[str], words: Counter[str]) -> str:
    """One text of a paragraph's lines; *words* tells how often the document writes a word in one.

    >>> joined(["The har-", "bour is a well-", "known one."], Counter({"well-known": 1}))
    'The harbour is a well-known one.'
    """
    text = ""
    for line in lines:
        text = _with(text, line, words)
    return " ".join(text.replace("\u00ad", "").split())


def _with(text: str, line: str, words: Counter[str]) -> str:
    broken = _HYPHEN.search(text)
    if broken is None:
        between = "" if text and _UNSPACED.match(text[-1]) and _UNSPACED.match(line) else " "
        return text + between + line
    following = _FIRST_WORD.match(line)
    if following is None or following[0].casefold() in _SUSPENDED:
        return f"{text} {line}"
    half, rest = broken[1].casefold(), following[0].casefold()
    compound, whole = words[f"{half}-{rest}"], words[half + rest]
    if text.endswith("-") and (compound > whole or (not following[0][0].islower() and not whole)):
        return text + line
    return text[:-1] + line
