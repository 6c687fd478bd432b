"""The sample site: pages written for the demo, served on this computer so that it needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "site"
KINDS = {".html": "text/html", ".css": "text/css", ".png": "image/png", ".xml": "application/rss+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """A page to paste, as the front page offers it."""

    path: str  #: starts with "/"; may carry a query, as shared links do
    title: str
    note: str  #: what it is there to show


PAGES = (
    SamplePage(
        path="/open-letter",
        title="Lumora staff ask chief executive to end border contract",
        note="A repost: photo credit, update line, “admin”, a comment form. None of it may reach the card.",
    ),
    SamplePage(
        path="/tidal-barrier",
        title="Harbour council approves tidal barrier",
        note="Two authors, a publication time and a later update. Ben shared it before.",
    ),
    SamplePage(
        path="/nachtzug", title="Nachtzug nach Brennick fährt wieder", note="German, a day without a time."
    ),
    SamplePage(path="/library-boat", title="図書館船「しおかぜ」就航", note="Japanese."),
    SamplePage(path="/seed-keepers", title="The people who count seeds", note="A long read."),
    SamplePage(path="/ferry", title="Night ferry returns after eleven years", note="A short news story."),
    SamplePage(
        path="/ferry/?utm_source=newsletter&fbclid=IwAR0",
        title="The same story, shared with tracking parameters",
        note="Paste it after the one above: no second card.",
    ),
    SamplePage(
        path="/open-letter-reply",
        title="Lumora answers its employees’ letter",
        note="Short; neither author nor date on the page.",
    ),
    SamplePage(
        path="/paywall", title="Inside the quiet sale of the Marlowe shipyard", note="Behind a paywall."
    ),
    SamplePage(path="/needs-javascript", title="Skyline Reader", note="Empty until scripts run."),
    SamplePage(path="/shop", title="Tern 2 Enamel Kettle", note="A shop page, no article."),
    SamplePage(path="/gone", title="A page that does not exist", note="404."),
)


def images(origin: str) -> dict[str, tuple[str, bytes]]:
    """The site's pictures by address, as (file name, bytes)."""
    return {
        f"{origin}/images/{file.name}": (file.name, file.read_bytes())
        for file in sorted((FOLDER / "images").iterdir())
    }


class SampleSite:
    """An HTTP server on loopback; `origin` is its address once started."""

    def __init__(self) -> None:
        self.origin = ""
        self._runner: web.AppRunner | None = None

    @property
    def host(self) -> str:
        """The one "host:port" that the demo's bot may open."""
        return self.origin.removeprefix("http://")

    async def start(self, port: int = 0) -> None:
        """Listen on *port*, 0 for any free one; raises OSError when it is taken."""
        app = web.Application()
        app.router.add_get("/", self._index)
        app.router.add_get("/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound, *_ = self._runner.addresses[0]
        self.origin = f"http://{host}:{bound}"

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _index(self, _request: web.Request) -> web.Response:
        links = "".join(f'<li><a href="{escape(page.path)}">{escape(page.title)}</a></li>' for page in PAGES)
        feed = '<link rel="alternate" type="application/rss+xml" title="Sample pages" href="/feed.xml">'
        return web.Response(
            text=f'<!doctype html><html lang="en"><head><title>Sample pages</title>{feed}'
            f'<link rel="stylesheet" href="/site.css"></head>'
            f"<body><main><h1>Sample pages</h1><ul>{links}</ul></main></body></html>",
            content_type="text/html",
        )

    async def _file(self, request: web.Request) -> web.Response:
        file = _files().get(request.match_info["path"].rstrip("/"))
        if file is None:
            return web.Response(
                status=404,
                text='<!doctype html><html lang="en"><title>Not found</title><h1>Not found</h1></html>',
                content_type="text/html",
            )
        kind = KINDS[file.suffix]
        if file.suffix == ".png":
            return web.Response(body=file.read_bytes(), content_type=kind)
        text = file.read_text(encoding="utf-8").replace("{{site}}", self.origin)
        return web.Response(text=text, content_type=kind, charset="utf-8")


def _files() -> dict[str, Path]:
    """What is there, by path without ".html": a path that climbs out is none of them."""
    return {
        file.relative_to(FOLDER).as_posix().removesuffix(".html"): file
        for file in FOLDER.rglob("*")
        if file.suffix in KINDS
    }
