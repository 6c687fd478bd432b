"""A link is shown once, slow pages say that they are being read, and nothing outlives its message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.errors import PaywallError, SiteBlockedError, ThreadlineError
from bot.model import Article, ChannelSettings, Discussion, Reading, RuleKind, Summary, ThreadMode
from bot.services.discussions import DiscussionService, Place, Sharer
from bot.services.servers import ServerService
from bot.services.sharing import Request, SharingService
from bot.services.summaries import SummaryService
from bot.store.articles import ArticleRepository
from bot.store.comments import CommentRepository
from bot.store.database import Database
from bot.store.discussions import DiscussionRepository
from bot.store.lines import LineRepository
from bot.store.servers import ServerRepository

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
URL = "https://example.org/a"
PLACE = Place(guild_id=1, channel_id=10, home_id=10)
ALWAYS = ChannelSettings(guild_id=1, channel_id=10, threads=ThreadMode.ALWAYS)


class MemoryArticles:
    """Reads what it was given, when it is allowed to."""

    def __init__(self, repository: ArticleRepository) -> None:
        self._repository = repository
        self.open = asyncio.Event()
        self.open.set()
        self.error: ThreadlineError | None = None

    async def read(self, url: str) -> Reading:
        await self.open.wait()
        if self.error:
            raise self.error
        key = url.removeprefix("https://")
        return await self._repository.add(key, [], Article(url=url, title="T", text="Text."), Summary(), NOON)

    async def at_length(self, reading: Reading, length: str) -> Reading:
        return reading

    async def known(self, url: str) -> Reading | None:
        return await self._repository.find(url.removeprefix("https://"))


@dataclass
class MemorySpot:
    """Remembers what it showed."""

    shown: list[str] = field(default_factory=list)

    async def wait(self, url: str, article: Article | None) -> int | None:
        self.shown.append(f"waiting for {article.title}" if article else "waiting")
        return 70

    async def show(self, reading: Reading, discussion: Discussion, nonce: str) -> int:
        self.shown.append(f"card {len(nonce)}")
        return 77

    async def point(self, discussion: Discussion) -> int | None:
        self.shown.append("earlier")
        return 78

    async def fail(self, error: ThreadlineError) -> int | None:
        self.shown.append(str(error))
        return 79

    async def withdraw(self, message_id: int | None) -> None:
        self.shown.append(f"withdrawn {message_id}")

    async def revive(self, thread_id: int, sharer_id: int) -> None:
        self.shown.append(f"revived {thread_id} by {sharer_id}")

    async def open_thread(self, reading: Reading, message_id: int, archive_minutes: int) -> int | None:
        self.shown.append(f"thread for {archive_minutes}")
        return 88


@dataclass
class MemoryBoard:
    """Remembers what was taken down."""

    gone: list[str] = field(default_factory=list)

    async def delete(self, channel_id: int, message_id: int) -> None:
        self.gone.append(f"message {message_id}")

    async def archive_thread(self, thread_id: int) -> None:
        self.gone.append(f"archived {thread_id}")

    async def delete_thread(self, thread_id: int) -> None:
        self.gone.append(f"thread {thread_id}")


class SlowWriter:
    """Writes a summary when it is allowed to."""

    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def summarise(
        self, title: str, text: str, quoted: Summary, *, language: str | None, target: str | None = None
    ) -> Summary:
        await self.open.wait()
        return quoted


class Desk:
    """A sharing service over a store."""

    def __init__(self, database: Database, patience: float = 10, writer: SlowWriter | None = None) -> None:
        self.articles = MemoryArticles(ArticleRepository(database))
        self.discussions = DiscussionService(DiscussionRepository(database), CommentRepository(database))
        self.servers = ServerService(ServerRepository(database))
        self.lines = LineRepository(database)
        self.sharing = SharingService(
            self.articles,
            self.discussions,
            self.servers,
            SummaryService(writer, self.servers),
            self.lines,
            lambda: NOON,
            patience,
        )

    async def share(self, spot: MemorySpot, source_id: int = 5, **values: object) -> Discussion | None:
        sharer = Sharer(user_id=100, source_id=source_id)
        return await self.sharing.answer(Request(url=URL, place=PLACE, sharer=sharer, **values), spot)  # type: ignore[arg-type]


async def test_a_link_is_shown_once_and_pointed_to_from_then_on(database: Database) -> None:
    desk, first, second = Desk(database), MemorySpot(), MemorySpot()

    card = await desk.share(first)
    again = await desk.share(second, source_id=6)

    assert (first.shown, second.shown) == (["card 25"], ["earlier"])
    assert card
    assert card.message_id == 77
    assert again is None
    assert [line.message_id for line in await desk.lines.of_source(6)] == [78]


async def test_a_slow_page_says_that_it_is_being_read_and_becomes_a_card(database: Database) -> None:
    desk, spot = Desk(database, patience=0), MemorySpot()
    desk.articles.open.clear()

    sharing = asyncio.create_task(desk.share(spot))
    while not await desk.lines.waiting():
        await asyncio.sleep(0)
    desk.articles.open.set()
    await sharing

    assert spot.shown == ["waiting", "card 25"]
    assert await desk.lines.of_source(5) == ()


async def test_a_title_does_not_wait_for_a_summary_that_is_still_being_written(database: Database) -> None:
    writer, spot = SlowWriter(), MemorySpot()
    desk = Desk(database, patience=0, writer=writer)
    desk.sharing.ahead = 0
    await desk.servers.configure(replace(await desk.servers.get(1), summary_model=True))
    desk.articles.open.clear()

    sharing = asyncio.create_task(desk.share(spot))
    while not await desk.lines.waiting():
        await asyncio.sleep(0)
    desk.articles.open.set()
    while "waiting for T" not in spot.shown:
        await asyncio.sleep(0)
    writer.open.set()
    await sharing

    assert spot.shown == ["waiting", "waiting for T", "card 25"]
    assert await desk.lines.of_source(5) == ()


async def test_a_title_that_is_known_when_patience_ends_is_shown_at_once(database: Database) -> None:
    writer, spot = SlowWriter(), MemorySpot()
    desk = Desk(database, patience=1, writer=writer)
    await desk.servers.configure(replace(await desk.servers.get(1), summary_model=True))

    sharing = asyncio.create_task(desk.share(spot))
    while not await desk.lines.waiting():
        await asyncio.sleep(0.01)
    writer.open.set()
    await sharing

    assert spot.shown == ["waiting for T", "card 25"]


async def test_what_a_process_that_died_was_reading_is_taken_back(database: Database) -> None:
    desk, board = Desk(database, patience=0), MemoryBoard()
    desk.articles.open.clear()
    sharing = asyncio.create_task(desk.share(MemorySpot()))
    while not await desk.lines.waiting():
        await asyncio.sleep(0)
    sharing.cancel()

    await Desk(database).sharing.clear_waiting(board)

    assert board.gone == ["message 70"]
    assert await desk.lines.waiting() == ()


async def test_a_message_deleted_while_its_page_is_read_gets_no_card(database: Database) -> None:
    desk, spot = Desk(database), MemorySpot()
    desk.articles.open.clear()

    sharing = asyncio.create_task(desk.share(spot))
    await asyncio.sleep(0)
    await desk.sharing.source_gone(5, MemoryBoard())
    desk.articles.open.set()

    assert await sharing is None
    assert spot.shown == ["withdrawn None"]
    assert await desk.discussions.of_source(5) == ()


async def test_a_thread_comes_with_the_card_where_that_is_wanted(database: Database) -> None:
    desk, spot = Desk(database), MemorySpot()

    card = await desk.share(spot, channel=ALWAYS)

    assert spot.shown == ["card 25", "thread for 1440"]
    assert card
    assert card.thread_id == 88


async def test_a_failure_is_one_line_and_leaves_no_discussion(database: Database) -> None:
    desk, spot = Desk(database), MemorySpot()
    desk.articles.error = PaywallError(URL)

    assert await desk.share(spot) is None

    assert len(spot.shown) == 1
    assert "paywall" in spot.shown[0]
    assert await desk.discussions.of_source(5) == ()


async def test_a_blocked_site_is_not_even_asked(database: Database) -> None:
    desk = Desk(database)
    await desk.servers.set_rule(1, RuleKind.SITE, "example.org", allowed=False)
    desk.articles.open.clear()

    with pytest.raises(SiteBlockedError):
        await desk.sharing.read("https://www.example.org/a", 1)
    desk.articles.open.set()
    assert (await desk.sharing.read(URL, 2)).article.title == "T"


async def test_an_edit_takes_down_what_left_and_returns_what_came(database: Database) -> None:
    desk, board = Desk(database), MemoryBoard()
    await desk.share(MemorySpot(), channel=ALWAYS)

    new = await desk.sharing.source_edited(5, ("https://example.org/b",), board)
    same = await desk.sharing.source_edited(5, (), board)

    assert new == ("https://example.org/b",)
    assert same == ()
    assert board.gone == ["message 77", "thread 88"]


async def test_the_same_story_again_revives_its_thread(database: Database) -> None:
    desk, again = Desk(database), MemorySpot()
    await desk.share(MemorySpot(), channel=ALWAYS)

    await desk.share(again, source_id=6)

    assert again.shown == ["earlier", "revived 88 by 100"]


async def test_a_message_that_discord_tells_of_twice_is_answered_once(database: Database) -> None:
    desk, first, again = Desk(database), MemorySpot(), MemorySpot()

    await desk.share(first)
    await desk.share(again)

    assert (first.shown, again.shown) == (["card 25"], [])
