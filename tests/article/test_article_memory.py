"""What reading pages leaves in memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable

import pytest

from bot.article import extract

URL = "https://courier.example/news/ferry"
TITLE = "The boat will run six times a day"
PROSE = (
    "<p>The boat will run six times a day from November to March, the harbour council said on Tuesday.</p>"
    * 6
)
LINKS = "".join(f"<h2><a href='https://courier.example/{n}'>The boat will run</a></h2>" for n in range(150))
LENGTH, PAGES = 300_000, 15
KEPT = LENGTH * PAGES // 4  #: bytes; what every page leaves behind adds up to more


def page(under_headline: str, headline: str = f"<h1>{TITLE}</h1>") -> bytes:
    body = f"<article>{headline}{under_headline}{PROSE}</article>"
    return f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>".encode()


def kept_of(pages: Iterable[bytes]) -> int:
    """Bytes that reading *pages* leaves; a page of many links has the standard library forget their addresses."""
    for _ in range(2):  # what is loaded, and what is compiled, when it is first asked for
        extract(page(f"<p>By Jane Doe</p>{LINKS}"), URL)
    tracemalloc.start()
    try:
        for html in pages:
            extract(html, URL)
        extract(page(LINKS), URL)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "attribute", ["class", "id", "data-testid", "data-component", "data-type", "itemprop"]
)
def test_no_attribute_of_a_block_is_kept_at_the_length_that_a_page_gives_it(attribute: str) -> None:
    names = (f"block-{attribute}-{n} {'x' * LENGTH}" for n in range(PAGES))

    assert kept_of(page(f'<p {attribute}="{name}">By Jane Doe</p>') for name in names) < KEPT


@pytest.mark.parametrize("attribute", ["class", "id", "data-testid", "data-component"])
def test_no_attribute_within_a_line_is_kept_at_the_length_that_a_page_gives_it(attribute: str) -> None:
    names = (f"inline-{attribute}-{n} {'x' * LENGTH}" for n in range(PAGES))

    assert kept_of(page(f'<p>By <b {attribute}="{name}">Jane Doe</b></p>') for name in names) < KEPT


@pytest.mark.parametrize("address", ["?{}", "#{}"])
def test_no_address_is_kept_at_the_length_that_a_page_gives_it(address: str) -> None:
    addresses = (f"https://ferry-{n}.example/{address.format('x' * LENGTH)}" for n in range(PAGES))
    heading = '<h2><a href="{}">The boat will run six</a></h2>'

    assert kept_of(page(heading.format(href)) for href in addresses) < KEPT


def test_no_headline_is_kept_at_the_length_that_a_page_gives_it() -> None:
    headlines = (f"<h1>{n} {'Fähren über die Bucht ' * (LENGTH // 20)}</h1>" for n in range(PAGES))

    assert kept_of(page("", headline) for headline in headlines) < KEPT
