"""Spans of the bot's work for OpenTelemetry, with the ids that logs have; costs nothing until they are asked for."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.errors import SettingsError

if TYPE_CHECKING:  # an extra that most installations do without
    from opentelemetry.trace import Tracer

Method = TypeVar("Method", bound=Callable[..., Coroutine[Any, Any, Any]])
Ids = Callable[..., Mapping[str, str | int]]

_tracers: list[Tracer] = []  #: one while spans are wanted, else none


@contextmanager
def tracing(tracer: Tracer) -> Iterator[None]:
    """Give what is done in the context spans of *tracer*."""
    _tracers.append(tracer)
    try:
        yield
    finally:
        _tracers.remove(tracer)


@asynccontextmanager
async def exporting(endpoint: str, service: str) -> AsyncIterator[None]:
    """Send spans to an OTLP collector, such as http://127.0.0.1:4318/v1/traces; "" sends none.

    Raises SettingsError where the extra that sends them is not installed.
    """
    if not endpoint:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"tracing.endpoint: install threadline[otel] ({error.name} is missing)."
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint, timeout=5)))
    try:
        with tracing(provider.get_tracer("threadline")):
            yield
    finally:
        await asyncio.to_thread(provider.shutdown)  # sends what is left


def traced(name: str, ids: Ids = lambda *_, **__: {}) -> Callable[[Method], Method]:
    """Give each call of a method a span with the *ids* of its arguments; of an error it has the name.

    The message of an error stays out: it may name what a member read.
    """

    def wrap(method: Method) -> Method:
        @functools.wraps(method)
        async def call(owner: object, *args: Any, **kwargs: Any) -> Any:
            if not _tracers:
                return await method(owner, *args, **kwargs)
            with _tracers[-1].start_as_current_span(
                name, attributes=ids(*args, **kwargs), record_exception=False, set_status_on_exception=False
            ) as span:
                try:
                    return await method(owner, *args, **kwargs)
                except BaseException as error:
                    span.set_attribute("error.type", type(error).__name__)
                    raise

        return cast("Method", call)

    return wrap
