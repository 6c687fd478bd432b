"""Builds everything from the settings, and takes it down again."""

from __future__ import annotations

import random
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.equipment import new_fetcher, new_sandbox
from bot.errors import SettingsError
from bot.fetch.client import FetchClient
from bot.metrics import Metrics
from bot.sandbox import Child
from bot.services import reading
from bot.services.articles import ArticleService
from bot.services.channels import ChannelService
from bot.services.deliveries import DeliveryService
from bot.services.digests import DigestService
from bot.services.discussions import DiscussionService
from bot.services.feeds import FeedService
from bot.services.hubs import HubService
from bot.services.jobs import JobService
from bot.services.learning import LearningService
from bot.services.retention import Keep, RetentionService
from bot.services.robots import RobotsService
from bot.services.search import SearchService
from bot.services.servers import ServerService
from bot.services.sharing import SharingService
from bot.services.stories import Stories
from bot.services.subscriptions import SubscriptionService
from bot.services.summaries import SummaryService
from bot.services.workers import Workers
from bot.settings import RetentionSettings, Settings
from bot.store.articles import ArticleRepository
from bot.store.callbacks import CallbackRepository
from bot.store.channels import ChannelRepository
from bot.store.comments import CommentRepository
from bot.store.database import Database
from bot.store.deliveries import DeliveryRepository
from bot.store.departures import DepartureRepository
from bot.store.digests import DigestRepository
from bot.store.discussions import DiscussionRepository
from bot.store.feeds import FeedRepository
from bot.store.gateway import GatewayRepository
from bot.store.jobs import JobRepository
from bot.store.learning import LearningRepository
from bot.store.lines import LineRepository
from bot.store.members import MemberRepository
from bot.store.queue import MATCH_PASTED, POLL_FEEDS, READ_ENTRIES
from bot.store.search import SearchRepository
from bot.store.servers import ServerRepository
from bot.store.subscriptions import SubscriptionRepository

if TYPE_CHECKING:  # an extra that most installations do without
    from bot.summary.llm import LanguageModel


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The use cases, ready to be asked."""

    settings: Settings
    articles: ArticleService
    channels: ChannelService
    discussions: DiscussionService
    servers: ServerService
    summaries: SummaryService
    sharing: SharingService
    search: SearchService
    feeds: FeedService
    hubs: HubService | None  #: None without a public address
    subscriptions: SubscriptionService
    learning: LearningService
    deliveries: DeliveryService
    digests: DigestService
    retention: RetentionService
    workers: Workers
    tokenless: frozenset[str]  #: the work among `workers` that needs no connection to Discord
    jobs: JobService
    gateway: GatewayRepository | None  #: turns shared with other processes; None where there are none
    stack: AsyncExitStack

    async def close(self) -> None:
        """Close connections and children."""
        await self.stack.aclose()


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


async def open_app(settings: Settings, metrics: Metrics | None = None) -> App:
    """Open the database, the connections and the children; raises StoreError."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        fetcher = new_fetcher(settings)
        stack.push_async_callback(fetcher.close)
        sandbox = new_sandbox(settings)
        stack.push_async_callback(sandbox.close)
        sandbox.start()  # connecting takes as long as warming up
        child = metrics.metered(sandbox) if metrics else sandbox
        articles = ArticleService(
            ArticleRepository(database),
            fetcher,
            child,
            now,
            read_page=reading.read_page,
            max_chars=reading.LENGTHS[settings.summary.length].characters,
            max_facts=settings.summary.facts,
        )
        stack.push_async_callback(articles.close)
        writer = new_writer(settings)
        if writer:
            stack.push_async_callback(writer.close)
        return _app(settings, database, fetcher, child, articles, writer, stack)
    raise AssertionError("unreachable: the stack re-raises")


def _app(
    settings: Settings,
    database: Database,
    fetcher: FetchClient,
    child: Child,
    articles: ArticleService,
    writer: LanguageModel | None,
    stack: AsyncExitStack,
) -> App:
    """The use cases over what is open; takes over what *stack* will close."""
    channels = ChannelService(ChannelRepository(database))
    discussions = DiscussionService(DiscussionRepository(database), CommentRepository(database))
    servers = ServerService(ServerRepository(database))
    summaries = SummaryService(writer, servers)
    outlets, debts, lines = DigestRepository(database), DeliveryRepository(database), LineRepository(database)
    stories = Stories(ArticleRepository(database), now)
    topics = SubscriptionRepository(database)
    learning = LearningService(LearningRepository(database), topics, articles, now)
    subscriptions = SubscriptionService(topics, debts, articles, stories, outlets, servers, learning, now)
    feeds = _feeds(database, fetcher, child, articles, subscriptions)
    retention = _retention(settings, database, channels, discussions, servers, subscriptions, learning)
    hubs = _hubs(settings, database, fetcher)
    workers = _workers(database, feeds, subscriptions, learning, retention)
    if hubs is not None:
        workers.add("ask hubs", hubs.ask_due, seconds=60)
    return App(
        settings=settings,
        articles=articles,
        channels=channels,
        discussions=discussions,
        servers=servers,
        summaries=summaries,
        sharing=SharingService(articles, discussions, servers, summaries, lines, now),
        search=SearchService(SearchRepository(database), articles, discussions),
        feeds=feeds,
        hubs=hubs,
        subscriptions=subscriptions,
        learning=learning,
        deliveries=DeliveryService(debts, articles, discussions, channels, subscriptions, outlets, now),
        digests=DigestService(outlets, debts, articles, discussions, channels, subscriptions, now),
        retention=retention,
        workers=workers,
        tokenless=workers.names,
        jobs=JobService(JobRepository(database), database.queue, now),
        gateway=GatewayRepository(database) if database.dialect == "postgresql" else None,
        stack=stack.pop_all(),
    )


def _feeds(
    database: Database,
    fetcher: FetchClient,
    child: Child,
    articles: ArticleService,
    subscriptions: SubscriptionService,
) -> FeedService:
    return FeedService(
        FeedRepository(database),
        fetcher,
        RobotsService(fetcher, child, "Threadline", now),
        child,
        articles,
        subscriptions.tell,
        random=random.random,
    )


def _hubs(settings: Settings, database: Database, fetcher: FetchClient) -> HubService | None:
    if not settings.websub.public_url:
        return None
    callbacks, feeds = CallbackRepository(database), FeedRepository(database)
    return HubService(
        callbacks, feeds, fetcher, settings.websub.public_url, lambda: secrets.token_urlsafe(24)
    )


def _retention(
    settings: Settings,
    database: Database,
    channels: ChannelService,
    discussions: DiscussionService,
    servers: ServerService,
    subscriptions: SubscriptionService,
    learning: LearningService,
) -> RetentionService:
    return RetentionService(
        DepartureRepository(database),
        ArticleRepository(database),
        MemberRepository(database),
        servers,
        subscriptions,
        learning,
        forget_guild=(
            LineRepository(database).forget_guild,
            discussions.forget_guild,
            DeliveryRepository(database).forget_guild,
            DigestRepository(database).forget_guild,
            subscriptions.forget_guild,
            channels.forget_guild,
            servers.forget_guild,
        ),
        keep=keep(settings.retention),
    )


def _workers(
    database: Database,
    feeds: FeedService,
    subscriptions: SubscriptionService,
    learning: LearningService,
    retention: RetentionService,
) -> Workers:
    workers = Workers(now, database.queue)
    workers.add(POLL_FEEDS, feeds.poll_due, seconds=15)
    workers.add(READ_ENTRIES, feeds.read_due, seconds=5)
    workers.add(MATCH_PASTED, subscriptions.match_pasted, seconds=5)
    workers.add("learn topics", learning.learn_anew, seconds=3600)
    workers.add("tidy feeds", feeds.tidy, seconds=24 * 3600)
    workers.add("forget", retention.tidy, seconds=3600)
    return workers


def new_writer(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name, not yet asked anything; None without one.

    Raises SettingsError where the extra that talks to it is not installed.
    """
    if not settings.model.base_url:
        return None
    try:
        from bot.summary.llm import Endpoint, LanguageModel
    except ModuleNotFoundError as error:
        raise SettingsError(f"model.base_url: install threadline[llm] ({error.name} is missing).") from error
    return LanguageModel(
        Endpoint(
            base_url=settings.model.base_url,
            model=settings.model.name,
            key=settings.model_key.get_secret_value() if settings.model_key else "none",
            tokens_a_day=settings.model.tokens_a_day,
            cost_per_million_tokens=settings.model.cost_per_million_tokens,
            cost_a_day=settings.model.cost_a_day,
        )
    )


def keep(settings: RetentionSettings) -> Keep:
    """How long the owner wants things kept."""

    def days(number: int) -> timedelta | None:
        return timedelta(days=number) if number else None

    return Keep(
        articles=days(settings.articles_days),
        texts=days(settings.texts_days),
        departed=timedelta(days=settings.departed_days),
    )
