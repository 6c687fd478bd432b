"""Spans tell what was done for which row, and nothing of what members read."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from aiohttp import web
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.errors import GoneError, SettingsError
from bot.store.database import Database
from bot.tracing import exporting, traced, tracing
from tests.services.feeding import World, rss


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    with tracing(provider.get_tracer("test")):
        yield kept


class Reader:
    """Reads what is there."""

    @traced("read", lambda entry: {"entry": entry})
    async def read(self, entry: int) -> int:
        if entry == 404:
            raise GoneError("https://secret.example/", 404)
        return entry


def ids(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


async def test_the_way_of_an_entry_can_be_followed_by_its_ids(
    database: Database, exporter: InMemorySpanExporter
) -> None:
    world = World(database)
    feed = await world.follow_feed()
    world.web.pages["https://example.org/feed.xml"] = rss(world.page("https://example.org/a", "News"))
    world.clock.pass_time(days=1)

    await world.run()

    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert ids(spans["poll"]) == {"feed": feed}
    assert ids(spans["read"])["feed"] == feed
    assert ids(spans["deliver"])["channel"] == 10
    # Articles that come together are stored together, but each asker's wait has its own reader.
    assert spans["store"].context.trace_id == spans["read"].context.trace_id
    assert world.discord.titles(10) == ["News"]
    assert "example" not in repr([span.to_json() for span in spans.values()])


async def test_an_error_has_its_name_and_not_its_words(exporter: InMemorySpanExporter) -> None:
    assert await Reader().read(7) == 7
    with pytest.raises(GoneError):
        await Reader().read(404)

    _, gone = exporter.get_finished_spans()
    assert ids(gone) == {"entry": 404, "error.type": "GoneError"}
    assert "secret" not in gone.to_json()


async def test_nothing_is_made_where_nobody_asked() -> None:
    async with exporting("", "threadline"):
        assert await Reader().read(7) == 7


async def test_spans_arrive_at_a_collector_when_the_process_ends() -> None:
    bodies: list[bytes] = []

    async def collect(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/traces", collect)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]

    async with exporting(f"http://{host}:{port}/v1/traces", "threadline"):
        await Reader().read(7)
    await runner.cleanup()

    assert any(b"threadline" in body and b"entry" in body for body in bodies)


async def test_a_missing_extra_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    with pytest.raises(SettingsError, match=r"install threadline\[otel\]"):
        async with exporting("http://127.0.0.1:9/", "threadline"):
            pass
