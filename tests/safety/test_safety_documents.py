"""No page, however it is built, takes more than its child's time, and none hides an article that it shows."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable

import hostile
import pytest
import pytest_asyncio

from bot.errors import HostileDocumentError, PdfError
from bot.model import Article, Page, Summary
from bot.sandbox import Sandbox
from bot.services.reading import read_page, warm_up

pytestmark = pytest.mark.asyncio(loop_scope="module")

READABLE = {
    f"{kind}: {name}": recipe
    for kind, recipes in {
        "nested": hostile.NESTED,
        "wide": hostile.WIDE,
        "long": hostile.LONG,
        "attributes": hostile.ATTRIBUTES,
        "head": hostile.HEADS,
        "linked data": hostile.LINKED_DATA,
        "encoded": hostile.ENCODED,
    }.items()
    for name, recipe in recipes.items()
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def child() -> AsyncIterator[Sandbox]:
    # Far more time than the bot allows, for slow machines: what takes quadratic time oversteps this too.
    sandbox = Sandbox(seconds=30, warm_up=warm_up)
    yield sandbox
    await sandbox.close()


async def read(body: bytes, child: Sandbox) -> tuple[Article, Summary]:
    page = Page(
        url="https://example.org/a", requested_url="", status=200, body=body, content_type="text/html"
    )
    return await child.run(read_page, page, 400, 5)


@pytest.mark.parametrize("recipe", READABLE.values(), ids=READABLE)
async def test_an_article_is_read_whatever_stands_around_it(
    recipe: Callable[[], bytes], child: Sandbox
) -> None:
    article, _ = await read(recipe(), child)

    assert [paragraph for paragraph in hostile.PARAGRAPHS if paragraph not in article.text] == []
    for text in strings(dataclasses.asdict(article)):
        text.encode()  # no halves of characters
        assert "\0" not in text


@pytest.mark.parametrize("recipe", hostile.UNREADABLE.values(), ids=hostile.UNREADABLE)
async def test_what_is_no_page_is_no_article_either(recipe: Callable[[], bytes], child: Sandbox) -> None:
    try:
        article, _ = await read(recipe(), child)
    except (HostileDocumentError, PdfError):
        return
    assert not any(paragraph in article.text for paragraph in hostile.PARAGRAPHS)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return []
