"""The one public function: a page's bytes in, its article out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from bot.article import embedded
from bot.article.barriers import find_barrier
from bot.article.blocks import text_of, unescaped
from bot.article.body import Body, read_body
from bot.article.document import Document, is_pdf, parse
from bot.article.heap import Heap
from bot.article.length import count_words, minutes_for
from bot.article.metadata import read_metadata
from bot.article.particulars import read_particulars
from bot.article.sequels import find_alternate, find_next_page
from bot.article.walk import walk
from bot.model import Article, Barrier

_NO_PROSE = 500  #: characters; with less in the tree the page's JSON is searched
_FEW, _POOR = 120, 0.6  #: words, and expected F1, of a page whose other form is worth a look
_FROM_JSON = 0.8  #: expected F1 of a text read from JSON
_heap = Heap()


def extract(html: bytes, url: str, *, charset: str | None = None, first: str | None = None) -> Article:
    """Read the article of a page fetched from *url*; *charset* is what its HTTP header says.

    *first* is the address of the article's first page, where this is a later one.

    Never fails for want of an article: `text` is empty then and `barrier` says why. Raises HostileDocumentError for
    a page that is built to exhaust a parser; of a PDF, PdfError and PdfExtraError.
    """
    if is_pdf(html):
        from bot.article.pdf import read_pdf  # of use to few pages

        return read_pdf(html, url)
    with _uncollected():
        article = _extract(html, url, charset, first)
    _heap.note(len(html))
    return article


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave the garbage collector off: a page is many objects and hardly a cycle, and each pass would look at all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _extract(html: bytes, url: str, charset: str | None, first: str | None) -> Article:
    document = parse(html, url, charset)
    walked = walk(document.root)
    metadata = read_metadata(document, walked)
    body = _completed(document, read_body(document, walked, metadata.title))
    words = count_words(body.text)
    barrier = find_barrier(document, walked, body, words)
    alternate = find_alternate(document) if _shows_little(barrier, words, body) else None
    return Article(
        url=url,
        canonical_url=metadata.canonical_url,
        title=unescaped(metadata.title),
        authors=metadata.authors,
        organisations=metadata.organisations,
        published=metadata.published,
        published_day_only=metadata.published_day_only,
        published_uncertain=metadata.published_uncertain,
        updated=metadata.updated,
        site_name=metadata.site_name,
        language=metadata.language,
        description=metadata.description,
        image=metadata.image,
        tags=metadata.tags,
        notices=body.notices,
        particulars=read_particulars(document),
        blocks=body.blocks,
        text=body.text,
        word_count=words,
        minutes=minutes_for(words),
        confidence=0.0 if barrier in (Barrier.EMPTY, Barrier.JAVASCRIPT) else round(body.expected_f1, 3),
        barrier=barrier,
        truncated=document.truncated,
        next_page=find_next_page(document, first) if barrier is None and not alternate else None,
        alternate=alternate,
        provenance=metadata.provenance,
    )


def _shows_little(barrier: Barrier | None, words: int, body: Body) -> bool:
    """Whether another form of the page may show more; what is closed on purpose stays closed."""
    if barrier in (Barrier.EMPTY, Barrier.JAVASCRIPT):
        return True
    return barrier is None and words < _FEW and body.expected_f1 < _POOR


def _completed(document: Document, body: Body) -> Body:
    """*body* with what a page says of its article only in JSON."""
    if embedded.is_live_blog(document):
        blocks = embedded.read_live_blog(document) or embedded.cut(body.blocks, embedded.LIVE_BLOG_LENGTH)
        return body._replace(blocks=blocks, text=text_of(blocks))
    if len(body.text) < _NO_PROSE:
        blocks = embedded.read_scripts(document)
        text = text_of(blocks)
        if len(text) > 2 * len(body.text):
            return Body(blocks=blocks, text=text, notices=body.notices, expected_f1=_FROM_JSON)
    if steps := embedded.read_recipe(document, body.text):
        blocks = (*body.blocks, *steps)
        return body._replace(blocks=blocks, text=text_of(blocks))
    return body
