"""What a process counts about itself, in Prometheus' terms."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import ParamSpec, TypeVar

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.model import Backlog, GivenUp
from bot.sandbox import Child, SandboxKilled

P = ParamSpec("P")
T = TypeVar("T")

#: Discord shuts an address out after this many answers of 401, 403 and 429 within ten minutes.
INVALID_REQUESTS = 10_000
_WINDOW = 600.0  # seconds
_INVALID = frozenset({401, 403, 429})


class Metrics:
    """The numbers of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        self._invalid: deque[float] = deque()
        ProcessCollector(registry=self._registry)
        self.extraction_seconds = Histogram(
            "threadline_extraction_seconds",
            "Time a page took in the child that reads it.",
            ["work"],
            buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
            registry=self._registry,
        )
        self.extraction_kills = Counter(
            "threadline_extraction_kills",
            "Children that overstepped time or memory.",
            ["work"],
            registry=self._registry,
        )
        self.discord_requests = Counter(
            "threadline_discord_requests",
            "Answers of Discord's API; status 0 is none.",
            ["method", "status"],
            registry=self._registry,
        )
        self._invalid_left = Gauge(
            "threadline_discord_invalid_requests_left",
            "Refused requests that are left before Discord shuts this address out, for ten minutes.",
            registry=self._registry,
        )
        self._invalid_left.set_function(self._count_invalid_left)
        self._due = Gauge(
            "threadline_due", "How much is due now, in the whole database.", ["kind"], registry=self._registry
        )
        self._oldest = Gauge(
            "threadline_oldest_due_seconds",
            "How long the oldest has been due: for feeds their lag, for deliveries the age of the outbox.",
            ["kind"],
            registry=self._registry,
        )
        self._given_up = Gauge(
            "threadline_given_up",
            "What will not be tried again by itself, up to 100 of a kind.",
            ["kind"],
            registry=self._registry,
        )
        self._latency = Gauge(
            "threadline_shard_latency_seconds",
            "Heartbeat to answer, by shard.",
            ["shard"],
            registry=self._registry,
        )

    def metered(self, child: Child) -> Child:
        """The same child, timed."""
        return _MeteredChild(child, self)

    def discord_trace(self) -> aiohttp.TraceConfig:
        """Counts what Discord's API answers."""
        trace = aiohttp.TraceConfig()

        async def ended(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
        ) -> None:
            self.answered(
                answer.method, answer.response.status, answer.response.headers.get("X-RateLimit-Scope")
            )

        async def failed(
            _session: aiohttp.ClientSession,
            _context: SimpleNamespace,
            failure: aiohttp.TraceRequestExceptionParams,
        ) -> None:
            self.answered(failure.method, 0, None)

        trace.on_request_end.append(ended)
        trace.on_request_exception.append(failed)
        return trace

    def answered(self, method: str, status: int, scope: str | None) -> None:
        """Count an answer; a 429 whose limit others share is none of ours."""
        self.discord_requests.labels(method, str(status)).inc()
        if status in _INVALID and scope != "shared":
            self._invalid.append(self._clock())

    def show(
        self,
        backlog: Iterable[Backlog],
        given_up: Iterable[GivenUp],
        latencies: Iterable[tuple[int, float]],
        now: float,
    ) -> bytes:
        """Everything as text, with how far the work is; *now* in seconds since 1970."""
        for one in backlog:
            self._due.labels(one.kind.value).set(one.due)
            waits = max(0.0, now - one.oldest.timestamp()) if one.oldest else 0.0
            self._oldest.labels(one.kind.value).set(waits)
        self._given_up.clear()
        for dead in given_up:
            self._given_up.labels(dead.kind.value).inc()
        for shard, seconds in latencies:
            self._latency.labels(str(shard)).set(seconds)
        return generate_latest(self._registry)

    def _count_invalid_left(self) -> float:
        while self._invalid and self._invalid[0] < self._clock() - _WINDOW:
            self._invalid.popleft()
        return float(INVALID_REQUESTS - len(self._invalid))


class _MeteredChild:
    def __init__(self, child: Child, metrics: Metrics) -> None:
        self._child = child
        self._metrics = metrics

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._metrics.extraction_seconds.labels(function.__name__).time():
            try:
                return await self._child.run(function, *args, **kwargs)
            except SandboxKilled:
                self._metrics.extraction_kills.labels(function.__name__).inc()
                raise
