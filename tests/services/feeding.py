"""What the tests of feeds, subscriptions, deliveries and digests share: a web, a Discord and a clock of memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.errors import GoneError, PostError, ThreadlineError
from bot.model import Article, Outlet, Page, Reading, Summary
from bot.sandbox import SandboxKilled
from bot.services.articles import ArticleService
from bot.services.channels import ChannelService
from bot.services.deliveries import DeliveryService
from bot.services.digests import DigestParcel, DigestService
from bot.services.discussions import DiscussionService, Place, Sharer
from bot.services.feeds import FeedService
from bot.services.learning import LearningService
from bot.services.parcels import Parcel
from bot.services.stories import Stories
from bot.services.subscriptions import SubscriptionService
from bot.store.articles import ArticleRepository
from bot.store.channels import ChannelRepository
from bot.store.comments import CommentRepository
from bot.store.database import Database
from bot.store.deliveries import DeliveryRepository
from bot.store.digests import DigestRepository
from bot.store.discussions import DiscussionRepository
from bot.store.feeds import FeedRepository
from bot.store.learning import LearningRepository
from bot.store.subscriptions import SubscriptionRepository

T = TypeVar("T")

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FEED = "https://example.org/feed.xml"


class Clock:
    """Shows noon until it is told otherwise."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **units: float) -> datetime:
        self.now += timedelta(**units)
        return self.now


class MemoryWeb:
    """Serves pages from memory, answers validators, and counts what is asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, str | ThreadlineError] = {}
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []

    async def get(self, url: str, *, etag: str | None = None, **_options: object) -> Page:
        self.asked.append(url)
        await asyncio.sleep(0)
        landed = self.moved.get(url, url)
        page = self.pages.get(landed, GoneError(url, 404))
        if isinstance(page, ThreadlineError):
            raise page
        tag = f'"{hash(page)}"'
        unchanged = etag == tag
        return Page(
            url=landed,
            requested_url=url,
            status=304 if unchanged else 200,
            body=b"" if unchanged else page.encode(),
            content_type="text/html",
            charset="utf-8",
            etag=tag,
            moved_to=landed if landed != url else None,
        )


class Robots:
    """Lets robots in everywhere but where it is told not to."""

    def __init__(self) -> None:
        self.closed: set[str] = set()

    async def allows(self, url: str) -> bool:
        return url not in self.closed


class InlineChild:
    """Runs everything at once, in this process, but for what it is told to be killed over."""

    def __init__(self) -> None:
        self.kills = 0

    async def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        await asyncio.sleep(0)
        if self.kills:
            self.kills -= 1
            raise SandboxKilled("took more than 3 s")
        return function(*args, **kwargs)


def read_page(page: Page, _max_chars: int, _max_facts: int) -> tuple[Article, Summary]:
    """Reads pages of these tests' own making: a title line, then the text."""
    title, _, text = page.body.decode().partition("\n")
    article = Article(url=page.url, title=title, text=text, language="en", word_count=len(text.split()))
    return article, Summary()


def rss(*links: str, title: str = "News", published: datetime | None = None) -> str:
    """A feed whose entries lead to *links*, the newest first."""
    date = f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if published else ""
    items = "".join(
        f"<item><title>Entry {link}</title><link>{link}</link>{date}"
        f"<description>What {link} says</description></item>"
        for link in links
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


@dataclass
class MemoryDiscord:
    """Channels of messages: repeats of a nonce are dropped for a while, threads exist once."""

    clock: Clock
    memory: timedelta = timedelta(minutes=3)
    messages: list[tuple[int, str, datetime]] = field(default_factory=list)  #: channel, key, when
    parcels: list[Parcel | DigestParcel] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    redrawn: list[Parcel] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    broken: dict[int, PostError] = field(default_factory=dict)  #: by channel
    lost_replies: int = 0  #: messages that arrive although the sender is told otherwise
    looked: int = 0

    async def post(self, parcel: Parcel, nonce: str) -> int:
        return self._send(parcel.discussion.channel_id, nonce, parcel)

    async def post_digest(self, parcel: DigestParcel, nonce: str) -> int:
        return self._send(parcel.digest.channel_id, nonce, parcel)

    def _send(self, channel: int, nonce: str, parcel: Parcel | DigestParcel) -> int:
        if error := self.broken.get(channel):
            raise error
        found = self._find(channel, nonce, self.clock() - self.memory)
        if found is None:
            self.messages.append((channel, nonce, self.clock()))
            self.parcels.append(parcel)
            found = len(self.messages)
        if self.lost_replies:
            self.lost_replies -= 1
            raise PostError("lost")
        return found

    def _find(self, channel: int, key: str, since: datetime) -> int | None:
        for number, (where, what, when) in enumerate(self.messages, start=1):
            if (where, what) == (channel, key) and when >= since:
                return number
        return None

    async def look(self, parcel: Parcel, since: datetime) -> int | None:
        self.looked += 1
        for number, sent in enumerate(self.parcels, start=1):
            if isinstance(sent, Parcel) and sent.discussion.id == parcel.discussion.id:
                return number if self.messages[number - 1][2] >= since else None
        return None

    async def look_for_digest(self, parcel: DigestParcel, since: datetime) -> int | None:
        self.looked += 1
        for number, sent in enumerate(self.parcels, start=1):
            if isinstance(sent, DigestParcel) and sent.digest.id == parcel.digest.id:
                return number if self.messages[number - 1][2] >= since else None
        return None

    async def open_thread(self, parcel: Parcel, message_id: int) -> int | None:
        if message_id not in self.threads:
            self.threads.append(message_id)
        return message_id

    async def redraw(self, parcel: Parcel) -> None:
        self.redrawn.append(parcel)

    async def refused(self, guild_id: int, error: PostError) -> None:
        self.refusals.append((guild_id, str(error)))

    def titles(self, channel: int) -> list[str]:
        """What stands in a channel."""
        return [
            parcel.reading.article.title
            for (where, _, _), parcel in zip(self.messages, self.parcels, strict=True)
            if where == channel and isinstance(parcel, Parcel)
        ]


class Sites:
    """Reads every site."""

    async def check_site(self, guild_id: int, url: str) -> None:
        """Nothing is blocked."""


class World:
    """Everything from feed to channel, over one database."""

    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self.web = MemoryWeb()
        self.robots = Robots()
        self.discord = MemoryDiscord(self.clock)
        articles = ArticleRepository(database)
        self.outlets = DigestRepository(database)
        self.debts = DeliveryRepository(database)
        self.child = InlineChild()
        self.articles = ArticleService(articles, self.web, self.child, self.clock, read_page=read_page)
        self.channels = ChannelService(ChannelRepository(database))
        self.discussions = DiscussionService(DiscussionRepository(database), CommentRepository(database))
        topics = SubscriptionRepository(database)
        self.learning = LearningService(LearningRepository(database), topics, self.articles, self.clock)
        self.subscriptions = SubscriptionService(
            topics,
            self.debts,
            self.articles,
            Stories(articles, self.clock),
            self.outlets,
            Sites(),
            self.learning,
            self.clock,
        )
        self.feeds = FeedService(
            FeedRepository(database),
            self.web,
            self.robots,
            self.child,
            self.articles,
            self.subscriptions.tell,
            random=lambda: 0.5,
        )
        shared = (self.debts, self.articles, self.discussions, self.channels, self.subscriptions)
        self.deliveries = DeliveryService(*shared, self.outlets, self.clock)
        self.digests = DigestService(
            self.outlets,
            self.debts,
            self.articles,
            self.discussions,
            self.channels,
            self.subscriptions,
            self.clock,
        )

    def page(self, url: str, title: str, text: str = "") -> str:
        """Put an article on the web; returns its address."""
        self.web.pages[url] = f"{title}\n{text or title}"
        return url

    async def read(self, url: str, title: str, text: str = "") -> Reading:
        """An article that was read."""
        return await self.articles.read(self.page(url, title, text))

    async def follow_feed(self, *, guild: int = 1, channel: int = 10, url: str = FEED, **values: Any) -> int:
        """Have a channel follow a feed that shows nothing yet; returns the feed's id."""
        self.web.pages.setdefault(url, rss())
        feed = await self.feeds.follow(url, "News", self.clock(), found=await self.feeds.look(url))
        await self.subscriptions.add(
            guild_id=guild, channel_id=channel, name=f"{url}", created_by=7, feed_id=feed.id, **values
        )
        return feed.id

    async def topic(self, query: str, *, guild: int = 1, channel: int = 10, **values: Any) -> int:
        """Have a channel follow a topic; returns the subscription's id."""
        added, _ = await self.subscriptions.add(
            guild_id=guild, channel_id=channel, name=query, created_by=7, query=query, **values
        )
        return added.id

    async def outlet(self, **values: Any) -> None:
        """Set how channel 10 is sent articles."""
        await self.outlets.put(Outlet(**{"guild_id": 1, "channel_id": 10, **values}))

    def place(self, channel: int) -> Place:
        """A channel of server 1."""
        return Place(guild_id=1, channel_id=channel, home_id=channel)

    def sharer(self, user: int) -> Sharer:
        """A member."""
        return Sharer(user_id=user)

    async def run(self) -> None:
        """Do everything that is due."""
        await self.feeds.poll_due(self.clock())
        while await self.feeds.read_due(self.clock()):
            pass
        await self.subscriptions.match_pasted(self.clock())
        await self.deliveries.drain(self.discord)
        await self.digests.draw_up_due(self.clock())
        await self.digests.drain(self.discord, self.clock())
