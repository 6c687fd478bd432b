"""An article is fetched once however many ask, kept when it was read, and forgotten when it was not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from feeding import InlineChild

from bot.errors import (
    ConsentWallError,
    EmptyPageError,
    ExtractionKilledError,
    GoneError,
    HostileDocumentError,
    JavaScriptOnlyError,
    LinkError,
    NotArticleError,
    PaywallError,
    ReadError,
    ThreadlineError,
)
from bot.model import Article, Barrier, Block, BlockKind, Page, Sentence, Summary
from bot.sandbox import SandboxKilled
from bot.services.articles import FAILURE_KEPT, ArticleService
from bot.store.articles import ArticleRepository
from bot.store.database import Database

A = "https://example.org/a"


class MemoryWeb:
    """Serves pages from memory, redirects included, and counts what is asked for."""

    def __init__(self, pages: Mapping[str, str | ThreadlineError]) -> None:
        self.pages = dict(pages)
        self.redirects: dict[str, str] = {}
        self.asked: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def get(self, url: str) -> Page:
        self.asked.append(url)
        await self.open.wait()
        landed = self.redirects.get(url, url)
        page = self.pages[landed]
        if isinstance(page, ThreadlineError):
            raise page
        return Page(
            url=landed,
            requested_url=url,
            status=200,
            body=page.encode(),
            content_type="text/html",
            charset="utf-8",
        )


def read_page(page: Page, max_chars: int, max_facts: int) -> tuple[Article, Summary]:
    """Reads pages of this test's own making: "name: value" lines, then the text."""
    head, _, text = page.body.decode().partition("\n\n")
    values = dict(line.split(": ", 1) for line in head.splitlines())
    if values.get("fate") == "killed":
        raise SandboxKilled("took more than 3 s")
    if values.get("fate") == "hostile":
        raise HostileDocumentError(page.url)
    article = Article(
        url=page.url,
        title=values.get("title", ""),
        canonical_url=values.get("canonical"),
        barrier=Barrier(values["barrier"]) if "barrier" in values else None,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.splitlines()),
        text=text,
    )
    return article, Summary(sentences=(Sentence(text=text[:max_chars], start=0, end=len(text)),))


class Clock:
    """Shows noon until it is told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def service(database: Database, web: MemoryWeb, clock: Clock | None = None) -> ArticleService:
    return ArticleService(
        ArticleRepository(database), web, InlineChild(), clock or Clock(), read_page=read_page, max_chars=5
    )


async def test_an_article_is_fetched_once_and_then_known(database: Database) -> None:
    web = MemoryWeb({A: "title: Bridge opened\n\nThe bridge is open."})
    articles = service(database, web)
    assert await articles.known(A) is None

    first = await articles.read(A)

    assert first.article.title == "Bridge opened"
    assert first.summary.sentences[0].text == "The b"
    assert await articles.read(A) == first
    assert await articles.known(A) == first
    assert await articles.get(first.id) == first
    assert web.asked == [A]


@pytest.mark.parametrize(
    "again",
    [
        "http://example.org/a",
        "https://www.example.org/a/",
        "https://m.example.org/a?utm_source=x",
        "https://example.org/a/amp",
        "https://EXAMPLE.org:443/a#part",
    ],
)
async def test_another_spelling_of_an_address_is_the_same_article(database: Database, again: str) -> None:
    web = MemoryWeb({A: "title: T\n\ntext"})
    articles = service(database, web)

    assert (await articles.read(A)).id == (await articles.read(again)).id
    assert web.asked == [A]


async def test_ten_askers_at_once_share_one_fetch(database: Database) -> None:
    web = MemoryWeb({A: "title: T\n\ntext"})
    articles = service(database, web)
    web.open.clear()

    asking = [asyncio.create_task(articles.read(f"{A}?utm_source={n}")) for n in range(10)]
    while not web.asked:
        await asyncio.sleep(0)
    web.open.set()
    readings = await asyncio.gather(*asking)

    assert len({reading.id for reading in readings}) == 1
    assert web.asked == [A]


async def test_askers_that_come_one_after_the_other_share_one_fetch(database: Database) -> None:
    web = MemoryWeb({A: "title: T\n\ntext"})
    articles = service(database, web)
    asking: list[asyncio.Task[Any]] = []

    for _ in range(50):
        asking.append(asyncio.create_task(articles.read(A)))
        await asyncio.sleep(0)
    await asyncio.gather(*asking)

    assert web.asked == [A]


async def test_the_others_still_get_the_article_when_the_first_asker_leaves(database: Database) -> None:
    web = MemoryWeb({A: "title: T\n\ntext"})
    articles = service(database, web)
    web.open.clear()
    first = asyncio.create_task(articles.read(A))
    second = asyncio.create_task(articles.read(A))
    while not web.asked:
        await asyncio.sleep(0)

    first.cancel()
    web.open.set()

    assert (await second).article.title == "T"
    assert first.cancelled()
    assert web.asked == [A]


async def test_a_failure_is_told_to_all_who_wait_and_then_tried_again(database: Database) -> None:
    clock = Clock()
    web = MemoryWeb({A: GoneError(A, 404)})
    articles = service(database, web, clock)

    told = await asyncio.gather(*(articles.read(A) for _ in range(3)), return_exceptions=True)
    with pytest.raises(GoneError) as once_more:
        await articles.read(A)

    assert [type(error) for error in told] == [GoneError] * 3
    assert str(once_more.value) == "example.org says this page does not exist (404)."
    assert web.asked == [A]
    web.pages[A] = "title: Back\n\ntext"
    clock.now += FAILURE_KEPT
    assert (await articles.read(A)).article.title == "Back"


@pytest.mark.parametrize(
    ("head", "error"),
    [
        ("barrier: paywall", PaywallError),
        ("barrier: consent", ConsentWallError),
        ("barrier: javascript", JavaScriptOnlyError),
        ("barrier: not_article", NotArticleError),
        ("barrier: empty", EmptyPageError),
        ("fate: killed", ExtractionKilledError),
        ("fate: hostile", HostileDocumentError),
    ],
)
async def test_a_page_without_a_whole_article_is_an_error_and_leaves_no_row(
    database: Database, head: str, error: type[ReadError]
) -> None:
    articles = service(database, MemoryWeb({A: f"{head}\n\ntext"}))

    with pytest.raises(error) as raised:
        await articles.read(A)

    assert raised.value.url == A
    assert "example.org" in str(raised.value)
    assert await articles.known(A) is None
    assert await articles.get(1) is None


@pytest.mark.parametrize("url", ["ftp://example.org/a", "https://me:secret@example.org/", "no link"])
async def test_what_is_no_web_link_is_not_fetched(database: Database, url: str) -> None:
    web = MemoryWeb({})

    with pytest.raises(LinkError):
        await service(database, web).read(url)

    assert web.asked == []


async def test_a_short_link_is_followed_once_and_leads_to_the_same_article(database: Database) -> None:
    short, other = "https://sho.rt/1", "https://sho.rt/2"
    web = MemoryWeb({A: "title: T\n\ntext"})
    web.redirects = {short: A, other: A}
    articles = service(database, web)

    reading = await articles.read(short)

    assert await articles.known(A) == reading
    assert await articles.read(other) == reading
    assert await articles.read(other) == reading
    assert web.asked == [short, other]


async def test_an_article_is_known_by_the_address_it_gives_itself(database: Database) -> None:
    story = "title: T\ncanonical: https://example.org/story\n\ntext"
    web = MemoryWeb({"https://example.org/?p=7": story, "https://example.org/story/print": story})
    articles = service(database, web)

    reading = await articles.read("https://example.org/?p=7")

    assert await articles.known("https://example.org/story") == reading
    assert await articles.read("https://example.org/story/print") == reading
    assert await articles.known("https://example.org/story/print") == reading


async def test_a_page_cannot_claim_an_address_on_another_host(database: Database) -> None:
    claim = "title: Lies\ncanonical: https://example.org/a\n\nlies"
    web = MemoryWeb({"https://evil.example/b": claim, A: "title: Truth\n\ntruth"})
    articles = service(database, web)

    await articles.read("https://evil.example/b")

    assert (await articles.read(A)).article.title == "Truth"


@pytest.mark.parametrize(
    "canonical", ["https://example.org/", "https://example.org/news", "http://[nonsense"]
)
async def test_a_template_that_names_one_address_on_every_page_joins_no_stories(
    database: Database, canonical: str
) -> None:
    web = MemoryWeb(
        {
            "https://example.org/1": f"title: First\ncanonical: {canonical}\n\none\ntwo",
            "https://example.org/2": f"title: Second\ncanonical: {canonical}\n\nthree\nfour",
        }
    )
    articles = service(database, web)

    titles = [(await articles.read(f"https://example.org/{n}")).article.title for n in (1, 2, 1, 2)]

    assert titles == ["First", "Second", "First", "Second"]


async def test_a_story_whose_headline_changed_is_still_itself(database: Database) -> None:
    canonical = "canonical: https://example.org/story"
    web = MemoryWeb(
        {
            "https://example.org/1": f"title: Early words\n{canonical}\n\none\ntwo\nthree",
            "https://example.org/2": f"title: Later words\n{canonical}\n\none\ntwo\nthree\nfour",
        }
    )
    articles = service(database, web)

    assert await articles.read("https://example.org/1") == await articles.read("https://example.org/2")


async def test_closing_gives_up_what_is_being_read(database: Database) -> None:
    web = MemoryWeb({A: "title: T\n\ntext"})
    articles = service(database, web)
    web.open.clear()
    asking = asyncio.create_task(articles.read(A))
    while not web.asked:
        await asyncio.sleep(0)

    await articles.close()

    assert asking.cancelled() or (await asyncio.gather(asking, return_exceptions=True))
    assert await articles.known(A) is None


async def test_what_was_read_survives_a_restart(database: Database) -> None:
    web = MemoryWeb({A: "title: T\n\ntext"})
    reading = await service(database, web).read(A)

    after = await service(database, web).read(A)

    assert after == replace(reading)
    assert web.asked == [A]
