"""A PDF is read as the article that was printed, or says why it cannot be."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest
from printed_pages import Set, column, pdf, stream, written

from bot.article import extract
from bot.errors import PdfError, PdfExtraError
from bot.model import Barrier, BlockKind

URL = "https://harbour.example/papers/winter-ferry.pdf"

FIRST = [
    Set("Harbour Review 12", 800, size=8, x=400),
    Set("What the winter ferry changed", 760, size=18, bold=True),
    Set("Ada Strand and Bo Okonkwo", 738),
    Set("3 March 2024", 726),
    *column(
        [
            "The ferry across the bay ran through the winter for the first time since the bridge was closed,",
            "and the town on the other shore has had visitors in every week of it. We counted the passen-",
            "gers of ninety crossings and asked them why they came; this is what the well-",
            "known crossing was used for.",
            "",
            "A second finding is that goods came, too. The shops of the island had fresh bread on all but",
        ],
        y=700,
    ),
    Set("1 The counts are kept in the harbour office.", 60, size=7),
    Set("1", 40, size=8, x=290),
]
SECOND = [
    Set("Harbour Review 12", 800, size=8, x=72),
    *column(["four days, which nobody remembers from the years before."], y=760),
    Set("How we counted", 730, size=13, bold=True),
    *column(
        [
            "Two of us stood on the quay with a clicker each, one for people and one for parcels, on mornings",
            "that were drawn by lot before the season began. A well-known difficulty is the weather.",
        ],
        y=710,
    ),
    Set("\u2022 Crossings at six were counted twice.", 680),
    Set("\u2022 Dogs were not counted.", 668),
    Set("Figure 1: Passengers a week", 640, size=8),
    Set("2", 40, size=8, x=290),
]
PAPER = [
    FIRST,
    SECOND,
    [Set("Harbour Review 12", 800, size=8), *column(["It ends here, with thanks to the crew."], y=760)],
]
INFO = "/Title (What the winter ferry changed) /Author (Ada Strand, Bo Okonkwo) /CreationDate (D:20240511101500Z)"


def test_paragraphs_are_joined_over_line_ends_hyphens_and_pages_without_heads_notes_and_numbers() -> None:
    article = extract(pdf(PAPER, INFO), URL)

    assert article.text.split("\n") == [
        "The ferry across the bay ran through the winter for the first time since the bridge was closed, and the town "
        "on the other shore has had visitors in every week of it. We counted the passengers of ninety crossings and "
        "asked them why they came; this is what the well-known crossing was used for.",
        "A second finding is that goods came, too. The shops of the island had fresh bread on all but four days, which "
        "nobody remembers from the years before.",
        "How we counted",
        "Two of us stood on the quay with a clicker each, one for people and one for parcels, on mornings that were "
        "drawn by lot before the season began. A well-known difficulty is the weather.",
        "Crossings at six were counted twice.",
        "Dogs were not counted.",
        "It ends here, with thanks to the crew.",
    ]
    kinds = {block.text: block.kind for block in article.blocks}
    assert kinds["How we counted"] is BlockKind.HEADING
    assert kinds["Dogs were not counted."] is BlockKind.LIST_ITEM
    assert kinds["Figure 1: Passengers a week"] is BlockKind.CAPTION


def test_what_the_file_says_of_itself_counts_where_its_first_page_shows_it() -> None:
    article = extract(pdf(PAPER, INFO), URL)

    assert article.title == "What the winter ferry changed"
    assert article.authors == ("Ada Strand", "Bo Okonkwo")
    assert (article.published, article.published_uncertain) == (datetime(2024, 3, 3, tzinfo=UTC), False)
    assert article.language == "en"
    assert {found.source for found in article.provenance} >= {"pdf metadata, shown", "first page"}


def test_what_a_program_filled_in_is_not_believed() -> None:
    info = "/Title (Microsoft Word - ferry_final2.docx) /Author (Jane Printer)"

    article = extract(pdf(PAPER, info), URL)

    assert article.title == "What the winter ferry changed"
    assert article.authors == ("Ada Strand", "Bo Okonkwo")


def test_the_day_a_file_was_made_is_a_doubtful_day_of_publication() -> None:
    undated = [[line for line in FIRST if line.text != "3 March 2024"], SECOND]

    article = extract(pdf(undated, INFO), URL)

    assert (article.published, article.published_uncertain) == (datetime(2024, 5, 11, tzinfo=UTC), True)


def test_a_file_of_few_words_is_no_article() -> None:
    article = extract(
        pdf([[Set("Form 12b", 700, size=14), Set("Name and signature of the skipper", 650)]]), URL
    )

    assert article.barrier is Barrier.NOT_ARTICLE


def test_a_long_file_is_cut_and_says_so() -> None:
    page = column(
        ["The ferry crossed the bay again and nobody on the quay could say how often it had done so."] * 9
    )

    article = extract(pdf([page] * 30), URL)

    assert article.truncated


def test_without_the_extra_a_pdf_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)

    with pytest.raises(PdfExtraError, match=r"threadline\[pdf\]"):
        extract(pdf(PAPER), URL)


LOCK = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'1f' * 32}> /U <{'2e' * 32}> >> /ID [<{'aa' * 16}> <{'aa' * 16}>]"
)
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGES = b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"


def page_with(contents: bytes, *others: bytes) -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R "
        b"/Resources << /Font << /F1 3 0 R >> /XObject << /X0 12 0 R >> >> >>"
    )
    objects = {1: CATALOGUE, 2: PAGES, 3: FONT, 10: page, 11: contents}
    return written(objects | {12 + number: other for number, other in enumerate(others)})


FORM = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X0 12 0 R /X1 13 0 R >> >>"
HOSTILE = {
    "only a signature": b"%PDF-1.7\n",
    "noise": b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "cut short": pdf(PAPER)[:900],
    "locked with a password": pdf(PAPER, trailer=LOCK),
    "a bomb": page_with(stream(b"BT (x) Tj ET " + b" " * 80_000_000)),
    "a bomb in a bomb": page_with(
        stream(stream(b"0" * 60_000_000).partition(b"stream\n")[2], "/Filter [/FlateDecode /FlateDecode]")
    ),
    "more drawing than any page has": page_with(stream(b"1 0 0 1 0 0 cm " * 500_000)),
    "forms that draw themselves": page_with(stream(b"/X0 Do"), stream(b"/X0 Do /X0 Do", FORM)),
    "forms that draw each other": page_with(
        stream(b"/X0 Do"), stream(b"/X1 Do " * 50, FORM), stream(b"/X0 Do " * 50, FORM)
    ),
    "pages in a circle": written({1: CATALOGUE, 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"}),
    "an endless tree of pages": written(
        {1: CATALOGUE}
        | {n: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 9 >>" % (n + 1, n + 1) for n in range(2, 90)}
    ),
    "deep arrays": page_with(stream(b"[" * 50_000 + b"]" * 50_000 + b" TJ")),
    "an object that is itself": written({1: b"1 0 R", 2: PAGES}),
    "no page": written({1: CATALOGUE, 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}),
    "a picture of a page": pdf([[]]),
    "a count of billions": written({1: CATALOGUE, 2: b"<< /Type /Pages /Kids [] /Count 4000000000 >>"}),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_cannot_be_read_is_an_error_that_says_so(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PdfError):
        extract(body, URL)

    assert caplog.text == ""
