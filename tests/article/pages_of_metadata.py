"""Small pages to read metadata from, written after the structures of real ones."""

from __future__ import annotations

import json
from typing import Any

from bot.article.document import parse
from bot.article.metadata import Metadata, read_metadata
from bot.article.walk import walk

PROSE = (
    "The council met on the hill above the town and talked for six hours about the bridge that nobody wants to pay "
    "for, although everybody uses it twice a day on the way to work and back again."
)


def page(
    *,
    title: str = "The bridge that nobody wants to pay for",
    head: str = "",
    json_ld: dict[str, Any] | None = None,
    under_headline: str = "",
    after: str = "",
    lang: str = "en",
) -> str:
    """A page with navigation, a headline, two paragraphs and a footer."""
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, **(json_ld or {})}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if json_ld is not None else ""
    return f"""<!DOCTYPE html><html lang="{lang}"><head><title>{title} | The Hill Paper</title>
<meta property="og:site_name" content="The Hill Paper">{head}{script}</head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/politics">Politics</a></li></ul></nav>
<article><h1>{title}</h1>{under_headline}<p>{PROSE}</p><p>{PROSE}</p></article>{after}
<footer><a href="/imprint">Imprint</a></footer></body></html>"""


def read(html: str, url: str = "https://hill.example.org/politics/bridge") -> Metadata:
    """Read the metadata of a page."""
    document = parse(html.encode(), url)
    return read_metadata(document, walk(document.root))
