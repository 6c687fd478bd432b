"""What pages are read with, as the settings want it: whoever fetches them, and the children that extract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import __version__
from bot.sandbox import Sandbox
from bot.services import reading
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.fetch.client import FetchClient


def user_agent(settings: Settings) -> str:
    """How the bot names itself to the sites it reads."""
    contact = f" (+{settings.fetch.contact})" if settings.fetch.contact else ""
    return f"Threadline/{__version__}{contact}"


def new_fetcher(settings: Settings) -> FetchClient:
    """Whoever brings pages, with the owner's limits."""
    # Imported here: HTTP takes as long to load as a page to read, and files are read without it.
    from bot.fetch.client import FetchClient, FetchLimits
    from bot.fetch.guard import AddressGuard

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
