"""Articles printed as PDF: read with pypdf, an optional extra, within limits of work."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from bot.article.candidates import given_names
from bot.article.dates import parse_date
from bot.article.language import tell_language
from bot.article.length import count_words, minutes_for
from bot.article.names import fold, is_personal, tidy
from bot.article.printed import (
    PrintedLine,
    Typography,
    paragraphs,
    typography,
    without_margins,
    without_notes,
)
from bot.article.splitting import parse_byline, split_byline
from bot.errors import PdfError, PdfExtraError
from bot.model import Article, Barrier, Block, BlockKind, Provenance

if TYPE_CHECKING:  # an extra that most installations do without
    from pypdf import PageObject, PdfReader

MAX_PAGES = 20  #: a page takes a few hundredths of a second
MAX_CHARACTERS = 200_000
#: Of one stream, decompressed, and what pypdf counts while it reads one: hundreds of times what a page of text takes.
_STREAM_BYTES = 8 * 1024 * 1024
_STREAM_TOKENS = 100_000
_FORMS = 200  #: drawn by one page
#: What pypdf raises for files that are damaged, or made to be.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError,
    TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
_STUB = 60  #: words; less is a form, a picture or a cover
_EXPECTED = 0.6  #: F1 of the text; a guess, as the sets hold no PDF
_HEAD = 25  #: lines of the first page that may hold title, authors and date
_LONGEST_TITLE = 250  #: characters
_NO_TITLE = re.compile(
    r"(?:microsoft \w+|untitled|unbenannt|document\d*|dokument\d*|titel|title|slide \d+|powerpoint.*)\b.{0,3}$"
    r"|.*\.\w{2,4}$|microsoft word - |[\W\d_]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Declared:
    """What a PDF says of itself: often what its program filled in, so little is believed unseen."""

    title: str
    author: str
    created: datetime | None


def read_pdf(body: bytes, url: str) -> Article:
    """Read the article of a PDF.

    Raises PdfExtraError where pypdf is not installed, PdfError for a file that is damaged, encrypted or without text.
    """
    declared, pages, more = _opened(body, url)
    if not any(pages):
        raise PdfError(url, "no text")
    usual = typography(pages)
    kept = [without_notes(page, usual) for page in without_margins(pages)]
    title, title_source, title_lines = _title(kept[0], declared, usual, url)
    head = [line for line in kept[0] if id(line) not in title_lines]
    authors, authors_source = _authors(head, declared)
    published, date_source = _published(head[:_HEAD], declared)
    blocks = _body(paragraphs([head, *kept[1:]], usual), set(authors))
    text = "\n".join(block.text for block in blocks if block.kind is not BlockKind.CAPTION)
    words = count_words(text)
    language = tell_language(text[:3000])
    found = (
        ("title", title_source, title),
        ("authors", authors_source, authors),
        ("published", date_source, published),
        ("language", "text", language),
    )
    return Article(
        url=url,
        title=title,
        authors=authors,
        published=published,
        published_day_only=published is not None,
        published_uncertain=date_source == "pdf metadata",
        language=language,
        blocks=blocks,
        text=text,
        word_count=words,
        minutes=minutes_for(words),
        confidence=_EXPECTED,
        barrier=Barrier.NOT_ARTICLE if words < _STUB else None,
        truncated=more,
        provenance=tuple(
            Provenance(field=field, source=source, confidence=_CONFIDENCE[source])
            for field, source, value in found
            if value
        ),
    )


_CONFIDENCE = {
    "pdf metadata, shown": 0.8,
    "first page": 0.5,
    "pdf metadata": 0.4,
    "address": 0.2,
    "text": 0.7,
}


# ------------------------------------------------------------------ pypdf
def _opened(body: bytes, url: str) -> tuple[_Declared, list[list[PrintedLine]], bool]:
    """What the file declares, its pages as lines, and whether there are more than are read."""
    try:
        from pypdf import PdfReader, apply_configuration
        from pypdf.errors import DependencyError, PyPdfError
    except ModuleNotFoundError as error:
        raise PdfExtraError(url, "pypdf") from error
    # A damaged file is worth one error, not a line an object.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    limits: dict[str, Any] = {
        "zlib_maximum_output_length": _STREAM_BYTES,
        "lzw_maximum_output_length": _STREAM_BYTES,
        "run_length_maximum_output_length": _STREAM_BYTES,
        "brotli_maximum_output_length": _STREAM_BYTES,
        "array_based_stream_maximum_output_length": _STREAM_BYTES,
        "stream_decoding_work_maximum_length": 4 * _STREAM_BYTES,
        "stream_parsing_work_maximum_count": _STREAM_TOKENS,
        "xform_maximum_invocations_per_extraction": _FORMS,
        "jbig2dec_binary": None,  # starts no other program
    }
    try:
        with apply_configuration(**limits):
            reader = PdfReader(io.BytesIO(body), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise PdfError(url, "encrypted")
            return _declared(reader), *_pages(reader)
    except (PyPdfError, DependencyError, *_BROKEN) as error:
        raise PdfError(url, type(error).__name__) from error


def _declared(reader: PdfReader) -> _Declared:
    info = reader.metadata
    if info is None:
        return _Declared("", "", None)
    try:
        created = info.creation_date
    except ValueError:  # written as nobody writes dates
        created = None
    return _Declared(_plain(info.title), _plain(info.author), created)


def _plain(value: object) -> str:
    return tidy(value.replace("\0", ""))[:_LONGEST_TITLE] if isinstance(value, str) else ""


def _pages(reader: PdfReader) -> tuple[list[list[PrintedLine]], bool]:
    pages: list[list[PrintedLine]] = []
    total = 0
    for page in reader.pages:
        if len(pages) == MAX_PAGES or total > MAX_CHARACTERS:
            return pages, True
        lines = _lines(page)
        total += sum(len(line.text) for line in lines)
        pages.append(lines)
    return pages, False


def _lines(page: PageObject) -> list[PrintedLine]:
    """The lines of a page in the order in which it draws them, which is that of reading in nearly all files."""
    pieces: list[tuple[str, float, float, float, bool]] = []
    lines: list[PrintedLine] = []

    def end() -> None:
        if line := _line(pieces):
            lines.append(line)
        pieces.clear()

    def visit(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> None:
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        scale = abs(inner[3] * outer[3]) or abs(inner[1] * outer[2]) or 1.0
        bold = "bold" in str(font.get("/BaseFont", "")).lower() if font else False
        first, *others = text.split("\n")
        pieces.append((first, scale * float(size), x, y, bold))
        for other in others:
            end()
            pieces.append((other, scale * float(size), x, y, bold))

    page.extract_text(visitor_text=visit)
    end()
    return lines


def _line(pieces: Sequence[tuple[str, float, float, float, bool]]) -> PrintedLine | None:
    written = [piece for piece in pieces if piece[0].strip()]
    text = tidy("".join(piece[0] for piece in pieces).replace("\0", "").replace("\u00ad", "-"))
    if not written or not text:
        return None
    longest = max(written, key=lambda piece: len(piece[0]))
    _, _, x, y, _ = written[0]
    return PrintedLine(text=text, size=longest[1], x=x, y=y, bold=all(piece[4] for piece in written))


# ------------------------------------------------------------------ metadata
def _title(
    page: Sequence[PrintedLine], declared: _Declared, usual: Typography, url: str
) -> tuple[str, str, frozenset[int]]:
    """The title, where it was found, and the lines of the first page that show it."""
    shown = _largest(page[:_HEAD], usual)
    printed = tidy(" ".join(line.text for line in shown))
    lines = frozenset(map(id, shown))
    own = "" if _NO_TITLE.match(declared.title) else declared.title
    if own and fold(own) and fold(own) in fold(" ".join(line.text for line in page[:_HEAD])):
        return (
            own,
            "pdf metadata, shown",
            frozenset(id(line) for line in page[:_HEAD] if fold(line.text) in fold(own)),
        )
    if 8 <= len(printed) <= _LONGEST_TITLE:
        return printed, "first page", lines
    if own:
        return own, "pdf metadata", frozenset()
    name = unquote(urlsplit(url).path.rsplit("/", 1)[-1]).removesuffix(".pdf")
    return tidy(re.sub(r"[-_+]+", " ", name)), "address", frozenset()


def _largest(page: Sequence[PrintedLine], usual: Typography) -> list[PrintedLine]:
    """The lines in the largest letters of a page's beginning, where they are larger than the text's."""
    readable = [line for line in page if sum(map(str.isalpha, line.text)) > 3]
    size = max((line.size for line in readable), default=0.0)
    if size < 1.15 * usual.size:
        return []
    first = next(index for index, line in enumerate(page) if line.size == size and line in readable)
    found: list[PrintedLine] = []
    for line in page[first:]:
        if line.size < 0.95 * size:
            break
        found.append(line)
    return found


def _authors(head: Sequence[PrintedLine], declared: _Declared) -> tuple[tuple[str, ...], str]:
    """The people whom the file names and its first page shows, or whom a byline under the title names."""
    words = f" {fold(' '.join(line.text for line in head))} "
    people = tuple(name for name in parse_byline(declared.author) if f" {fold(name)} " in words)
    if people:
        return people, "pdf metadata, shown"
    for line in head[:6]:
        if len(line.text) < 160 and (names := _byline(line.text)):
            return names, "first page"
    return (), ""


def _byline(text: str) -> tuple[str, ...]:
    """The people of a line that is nothing but a byline."""
    parts = split_byline(text)
    if not parts or not all(is_personal(part.text) and not part.credit for part in parts):
        return ()
    known = sum(part.key.split()[0] in given_names() for part in parts)
    if 2 * known < len(parts) and not any(part.by for part in parts):
        return ()
    return parse_byline(text)


def _published(head: Sequence[PrintedLine], declared: _Declared) -> tuple[datetime | None, str]:
    """The day under the title; else the day the file was made, which may be any day."""
    for line in head:
        if len(line.text) < 100 and (moment := parse_date(line.text)):
            return datetime(moment.day.year, moment.day.month, moment.day.day, tzinfo=UTC), "first page"
    made = declared.created
    if made is None or not 1990 <= made.year <= 2100:
        return None, ""
    return datetime(made.year, made.month, made.day, tzinfo=UTC), "pdf metadata"


def _body(blocks: tuple[Block, ...], authors: set[str]) -> tuple[Block, ...]:
    """The blocks without the byline and date lines above the first paragraph."""
    first = next(
        (i for i, block in enumerate(blocks) if block.kind is BlockKind.PARAGRAPH and len(block.text) > 150),
        0,
    )
    head = [
        block
        for block in blocks[:first]
        if not (
            any(name in block.text for name in authors)
            or (len(block.text) < 100 and parse_date(block.text) is not None)
        )
    ]
    return (*head, *blocks[first:])
