"""What runs in the extraction child: bytes in, article and summary out."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bot.model import Article, Page, Summary


class Length(NamedTuple):
    """How much of a summary there is, at most."""

    sentences: int
    characters: int
    facts: int


#: By the name that settings and commands give it.
LENGTHS = {"short": Length(2, 240, 2), "normal": Length(3, 400, 5), "long": Length(3, 800, 8)}


def read_page(page: Page, max_chars: int, max_facts: int) -> tuple[Article, Summary]:
    """Extract and summarise; raises HostileDocumentError, PdfError or PdfExtraError.

    Of a site that asks for no copy (X-Robots-Tag: noarchive), the text itself does not come back.
    """
    # Imported here: the parent only hands on this function's name and needs no parser or model in memory.
    from bot.article import extract
    from bot.summary import summarise

    article = extract(page.body, page.url, charset=page.charset)
    summary = summarise(
        article.title, article.text, language=article.language, max_chars=max_chars, max_facts=max_facts
    )
    return replace(article, blocks=(), text="") if page.no_archive else article, summary


def read_further(page: Page, first: str) -> Article:
    """Extract a later page of the article that begins at the address *first*; raises as read_page does."""
    from bot.article import extract  # as above

    return extract(page.body, page.url, charset=page.charset, first=first)


def join_pages(pages: tuple[Article, ...], max_chars: int, max_facts: int) -> tuple[Article, Summary]:
    """One article of its pages, summarised: no block comes again, and all but the text is the first page's."""
    from bot.article.blocks import text_of  # as above
    from bot.article.length import count_words, minutes_for
    from bot.summary import summarise

    first = pages[0]
    blocks = first.blocks
    for page in pages[1:]:
        known = set(blocks)
        blocks += tuple(block for block in page.blocks if block not in known)
    text = text_of(blocks)
    words = count_words(text)
    article = replace(
        first,
        blocks=blocks,
        text=text,
        word_count=words,
        minutes=minutes_for(words),
        notices=tuple(dict.fromkeys(notice for page in pages for notice in page.notices)),
        truncated=any(page.truncated for page in pages),
    )
    summary = summarise(
        article.title, text, language=article.language, max_chars=max_chars, max_facts=max_facts
    )
    return article, summary


def summarise_again(
    title: str, text: str, language: str | None, sentences: int, max_chars: int, max_facts: int
) -> Summary:
    """Summarise a text at another length."""
    from bot.summary import summarise  # as above

    return summarise(
        title, text, language=language, max_sentences=sentences, max_chars=max_chars, max_facts=max_facts
    )


def warm_up() -> None:
    """Load the models before the first page needs them."""
    sentence = "The bridge over the river was opened on Monday after three years of work, the town said. "
    body = (
        f"<html><body><article><h1>Bridge opened</h1>{f'<p>{sentence * 3}</p>' * 6}</article></body></html>"
    )
    page = Page(
        url="https://example.org/", requested_url="", status=200, body=body.encode(), content_type="text/html"
    )
    read_page(page, 400, 5)
