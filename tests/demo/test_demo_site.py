"""The sample site has what its front page offers, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.demo.site import FOLDER, PAGES, SampleSite, images
from bot.feeds.parser import parse


@pytest.fixture
async def site() -> AsyncIterator[SampleSite]:
    site = SampleSite()
    await site.start()
    yield site
    await site.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_every_page_on_offer_is_there_but_for_the_one_that_is_to_be_missing(
    site: SampleSite, session: aiohttp.ClientSession
) -> None:
    found = {}
    for page in PAGES:
        async with session.get(f"{site.origin}{page.path}") as answer:
            found[page.path] = (answer.status, answer.content_type, "{{site}}" in await answer.text())

    assert found.pop("/gone") == (404, "text/html", False)
    assert set(found.values()) == {(200, "text/html", False)}
    assert len(found) >= 8


async def test_the_pictures_of_the_pages_are_there(site: SampleSite, session: aiohttp.ClientSession) -> None:
    for address, (name, content) in images(site.origin).items():
        async with session.get(address) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png"), name
            assert await answer.read() == content


async def test_the_feed_lists_pages_of_the_site(site: SampleSite, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{site.origin}/feed.xml") as answer:
        feed = parse(await answer.read(), str(answer.url))

    offered = {f"{site.origin}{page.path}" for page in PAGES}
    assert len(feed.entries) >= 4
    assert {entry.url for entry in feed.entries} <= offered
    assert all(entry.published for entry in feed.entries)


async def test_the_front_page_declares_the_feed(site: SampleSite, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{site.origin}/") as answer:
        text = await answer.text()

    assert 'type="application/rss+xml"' in text
    assert all(f'href="{page.path.replace("&", "&amp;")}"' in text for page in PAGES)


@pytest.mark.parametrize(
    "path", ["/../site.py", "/..%2Fsite.py", "/images/%2e%2e/%2e%2e/site.py", "/site.py"]
)
async def test_nothing_outside_its_folder_is_served(
    site: SampleSite, session: aiohttp.ClientSession, path: str
) -> None:
    assert (FOLDER.parent / "site.py").is_file()

    async with session.get(f"{site.origin}{path}") as answer:
        assert answer.status == 404
