"""Builds everything from the settings, and takes it down again."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import __version__
from bot.fetch.client import FetchClient, FetchLimits
from bot.fetch.guard import AddressGuard
from bot.sandbox import Sandbox
from bot.services import reading
from bot.services.articles import ArticleService
from bot.services.channels import ChannelService
from bot.services.discussions import DiscussionService
from bot.services.workers import Workers
from bot.settings import Settings
from bot.store.articles import ArticleRepository
from bot.store.channels import ChannelRepository
from bot.store.database import Database
from bot.store.discussions import DiscussionRepository

SUMMARY_CHARACTERS = {"short": 240, "normal": 400, "long": 800}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The use cases, ready to be asked."""

    settings: Settings
    articles: ArticleService
    channels: ChannelService
    discussions: DiscussionService
    workers: Workers
    stack: AsyncExitStack

    async def close(self) -> None:
        """Close connections and children."""
        await self.stack.aclose()


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


async def open_app(settings: Settings) -> App:
    """Open the database, the connections and the children; raises StoreError."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        fetcher = new_fetcher(settings)
        stack.push_async_callback(fetcher.close)
        child = new_sandbox(settings)
        stack.push_async_callback(child.close)
        await child.start()
        articles = ArticleService(
            ArticleRepository(database),
            fetcher,
            child,
            now,
            read_page=reading.read_page,
            max_chars=SUMMARY_CHARACTERS[settings.summary.length],
            max_facts=settings.summary.facts,
        )
        stack.push_async_callback(articles.close)
        return App(
            settings=settings,
            articles=articles,
            channels=ChannelService(ChannelRepository(database)),
            discussions=DiscussionService(DiscussionRepository(database)),
            workers=Workers(now, database.queue),
            stack=stack.pop_all(),
        )
    raise AssertionError("unreachable: the stack re-raises")


def user_agent(settings: Settings) -> str:
    """How the bot names itself to the sites it reads."""
    contact = f" (+{settings.fetch.contact})" if settings.fetch.contact else ""
    return f"Threadline/{__version__}{contact}"


def new_fetcher(settings: Settings) -> FetchClient:
    """Whoever brings pages, with the owner's limits."""
    return FetchClient(
        user_agent(settings),
        AddressGuard(allow=frozenset(settings.fetch.allow_addresses)),
        FetchLimits(
            bytes=settings.fetch.max_bytes,
            redirects=settings.fetch.redirects,
            seconds=settings.fetch.seconds,
            connect_seconds=settings.fetch.connect_seconds,
        ),
    )


def new_sandbox(settings: Settings) -> Sandbox:
    """The children that read pages, warm once started."""
    return Sandbox(
        children=settings.extraction.children,
        seconds=settings.extraction.seconds,
        megabytes=settings.extraction.megabytes,
        warm_up=reading.warm_up,
    )
