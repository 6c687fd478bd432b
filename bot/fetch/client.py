"""Fetches pages of strangers within limits of size, time and courtesy."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import (
    BlockedAddressError,
    ContentTypeError,
    EncodingError,
    FetchError,
    FetchTimeoutError,
    GoneError,
    LinkError,
    RedirectError,
    RefusedError,
    ResolveError,
    ServerError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from bot.fetch import headers
from bot.fetch.body import ACCEPTED, BrokenEncodingError, decoder
from bot.fetch.guard import AddressGuard, AddressRefusedError, GuardedResolver
from bot.fetch.pace import HostPace
from bot.fetch.refresh import refresh_target
from bot.model import Page
from bot.tracing import traced

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
#: What articles are served as. HTML is asked for: of a site that has both, the page is the one to read.
ARTICLE_TYPES = HTML_TYPES | {"application/pdf"}
#: What feeds are served as, rightly and wrongly.
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}
    | {"application/feed+json", "application/json", "text/html", "text/plain"}
)

_CHUNK = 64 * 1024  #: bytes
_SNIFFED = 1024  #: bytes
_LONGEST_HEADER = 32 * 1024  #: bytes; content security policies of real sites pass aiohttp's 8 KiB
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_KEEP_THE_FORM = frozenset({307, 308})  #: redirects after which a form is sent again
#: What servers send unescaped and browsers escape: white space, and bytes that are no UTF-8.
_RAW = re.compile(r"[\s\x00-\x1f\x7f\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How much a page may cost."""

    bytes: int = 5 * 1024 * 1024  #: on the wire, and again after decompression
    redirects: int = 5
    seconds: float = 15.0  #: in all, without waiting for our own turn at the host
    connect_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class _Moved:
    target: str
    permanent: bool


@dataclass(slots=True)
class _Journey:
    """What one `get` carries from hop to hop."""

    accept: frozenset[str] | None
    conditions: dict[str, str]
    robot: bool
    seconds: float  #: left
    hops: int  #: left
    visited: set[str]
    permanent: bool = True


class FetchClient:
    """Gets pages: one session apart from all others, without cookies, proxies or reused connections."""

    def __init__(
        self,
        user_agent: str,
        guard: AddressGuard,
        limits: FetchLimits = FetchLimits(),
        *,
        resolver: AbstractResolver | None = None,
        pace: HostPace | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._product = user_agent.partition("/")[0]
        self._guard = guard
        self._limits = limits
        self._resolver = resolver
        self._pace = pace or HostPace()
        self._session: aiohttp.ClientSession | None = None

    @traced("fetch")
    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: frozenset[str] | None = ARTICLE_TYPES,
        robot: bool = False,
    ) -> Page:
        """Return the page at *url* after redirects; with validators a 304 comes back as a page without body.

        *accept* are the media types wanted, None takes any. A *robot* leaves a second between requests to a
        host. Raises LinkError when *url* is no web address, else a FetchError.
        """
        start = self._guard.check_url(url)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        journey = _Journey(
            accept=accept,
            conditions={name: value for name, value in conditions.items() if value},
            robot=robot,
            seconds=self._limits.seconds,
            hops=self._limits.redirects,
            visited={start},
        )
        page = await self._follow(url, start, journey)
        return await self._refreshed(page, journey)

    @traced("fetch")
    async def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form to *url*, as a robot; what is answered beside the status is not read.

        Raises LinkError when *url* is no web address, else a FetchError unless the form was taken (2xx).
        """
        current = self._guard.check_url(url)
        for _ in range(self._limits.redirects + 1):
            async with self._pace.turn(urlsplit(current).netloc, robot=True):
                with _errors_of(current):
                    sent = self._open_session().post(
                        URL(current, encoded=True), data=form, allow_redirects=False
                    )
                    async with asyncio.timeout(self._limits.seconds), sent as response:
                        status, location = response.status, response.headers.get("Location", "")
            if status not in _KEEP_THE_FORM or not location.strip():
                break
            current = self._next_hop(current, location)
        else:
            raise RedirectError(url, "too many redirects")
        if not 200 <= status < 300:
            raise _status_error(current, status, None)

    async def close(self) -> None:
        """Close the session; a later request opens another."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _follow(self, requested: str, start: str, journey: _Journey) -> Page:
        current = start
        while True:
            answer = await self._ask(requested, current, journey)
            if isinstance(answer, Page):
                return answer
            if journey.hops == 0:
                raise RedirectError(requested, "too many redirects")
            journey.hops -= 1
            journey.permanent = journey.permanent and answer.permanent
            current = self._next_hop(current, answer.target)
            if current in journey.visited:
                raise RedirectError(requested, "redirects in a circle")
            journey.visited.add(current)

    def _next_hop(self, current: str, location: str) -> str:
        target = _RAW.sub(lambda raw: quote(raw[0].encode("utf-8", "surrogateescape")), location.strip())
        try:
            hop = self._guard.check_url(urljoin(current, target))
        except (LinkError, ValueError) as error:
            raise RedirectError(current, "redirects to no web address") from error
        if current.startswith("https:") and hop.startswith("http:"):
            raise RedirectError(current, "redirects from https to http")
        return hop

    async def _refreshed(self, page: Page, journey: _Journey) -> Page:
        """Follow a meta refresh of *page*, once; where it may not or cannot be followed, *page* stands."""
        target = refresh_target(page.body) if page.content_type in HTML_TYPES else None
        if target is None or journey.hops == 0:
            return page
        try:
            hop = self._next_hop(page.url, target)
            if hop in journey.visited:
                return page
            journey.visited.add(hop)
            journey.hops -= 1
            journey.permanent = False
            journey.conditions = {}
            return await self._follow(page.requested_url, hop, journey)
        except FetchError:
            return page

    async def _ask(self, requested: str, url: str, journey: _Journey) -> Page | _Moved:
        loop = asyncio.get_running_loop()
        async with self._pace.turn(urlsplit(url).netloc, robot=journey.robot):
            began = loop.time()
            with _errors_of(url):
                async with asyncio.timeout(journey.seconds), self._request(url, journey) as response:
                    answer = await self._read(requested, url, response, journey)
            journey.seconds -= loop.time() - began
        return answer

    def _request(self, url: str, journey: _Journey) -> aiohttp.client._RequestContextManager:
        asked = HTML_TYPES if journey.accept == ARTICLE_TYPES else journey.accept
        wanted = "*/*" if asked is None else f"{','.join(sorted(asked))},*/*;q=0.1"
        return self._open_session().get(
            URL(url, encoded=True),
            headers={"Accept": wanted, **journey.conditions},
            allow_redirects=False,
        )

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(self._resolver or aiohttp.ThreadedResolver(), self._guard),
                    socket_factory=self._guard.socket,
                    use_dns_cache=False,
                    force_close=True,  # what a server sends after its answer reaches nobody
                ),
                headers={"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED},
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect_seconds),
                auto_decompress=False,
                trust_env=False,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )
        return self._session

    async def _read(
        self, requested: str, url: str, response: aiohttp.ClientResponse, journey: _Journey
    ) -> Page | _Moved:
        status = response.status
        if status in _REDIRECTS and (location := response.headers.get("Location", "").strip()):
            return _Moved(location, status in _PERMANENT)
        unchanged = status == 304 and bool(journey.conditions)
        retry_after = headers.retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
        if not unchanged and (not 200 <= status < 300 or status == 206):
            raise _status_error(url, status, retry_after)
        declared = response.headers.get("Content-Type", "")
        links = headers.links(response.headers.getall("Link", []))
        body, content_type = (b"", headers.media_type(declared))
        if not unchanged:
            body, content_type = await self._body(url, response, content_type, journey.accept)
        return Page(
            url=url,
            requested_url=requested,
            status=status,
            body=body,
            content_type=content_type,
            charset=headers.charset(declared),
            etag=headers.validator(response.headers.get("ETag")),
            last_modified=headers.validator(response.headers.get("Last-Modified")),
            retry_after=retry_after,
            max_age=headers.max_age(",".join(response.headers.getall("Cache-Control", []))),
            no_archive=headers.forbids_archive(response.headers.getall("X-Robots-Tag", []), self._product),
            moved_to=url if journey.permanent and len(journey.visited) > 1 else None,
            hub_url=_linked(url, links.get("hub")),
            self_url=_linked(url, links.get("self")),
        )

    async def _body(
        self, url: str, response: aiohttp.ClientResponse, content_type: str, accept: frozenset[str] | None
    ) -> tuple[bytes, str]:
        """Return body and media type; the type is sniffed where the server names none."""
        most = self._limits.bytes
        if content_type:
            _check_type(url, content_type, accept)
        if (response.content_length or 0) > most:
            raise TooLargeError(url, "Content-Length")
        decode = decoder(response.headers.getall("Content-Encoding", []))
        body = bytearray()
        wire = 0
        async for chunk in response.content.iter_chunked(_CHUNK):
            wire += len(chunk)
            for piece in decode.feed(chunk):
                body += piece
                if len(body) > most:
                    raise TooLargeError(url, "body")
                await asyncio.sleep(0)  # a bomb unfolds faster than the wire delivers
            if wire > most:
                raise TooLargeError(url, "wire")
            if not content_type and len(body) >= _SNIFFED:
                content_type = headers.sniff(bytes(body[:_SNIFFED]))
                _check_type(url, content_type, accept)
        decode.finish()
        if body and not content_type:
            content_type = headers.sniff(bytes(body))
            _check_type(url, content_type, accept)
        return bytes(body), content_type


def _linked(url: str, target: str | None) -> str | None:
    try:
        return urljoin(url, target) if target else None
    except ValueError:
        return None


def _check_type(url: str, content_type: str, accept: frozenset[str] | None) -> None:
    if accept is not None and content_type not in accept:
        raise ContentTypeError(url, content_type or "unknown")


def _status_error(url: str, status: int, retry_after: int | None) -> StatusError:
    if status in (404, 410):
        return GoneError(url, status, retry_after)
    if status in (401, 403, 429, 451):
        return RefusedError(url, status, retry_after)
    if status >= 500:
        return ServerError(url, status, retry_after)
    return StatusError(url, status, retry_after)


@contextmanager
def _errors_of(url: str) -> Iterator[None]:
    """Turn what goes wrong below into the FetchError it means."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, AddressRefusedError):
            raise BlockedAddressError(url, "resolves to a closed address") from error
        if isinstance(error, aiohttp.ClientConnectorDNSError):
            raise ResolveError(url, str(error.os_error)) from error
        raise UnreachableError(url, type(error).__name__) from error
    except TimeoutError as error:
        raise FetchTimeoutError(url, type(error).__name__) from error
    except BrokenEncodingError as error:
        raise EncodingError(url, str(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError(url, type(error).__name__) from error
