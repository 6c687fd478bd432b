"""What parsing a feed costs beside fastfeedparser alone, and where its entries differ from feedparser's.

    python benchmarks/feeds.py [FOLDER] [--rounds 50] [--differences] [--no-cost]

FOLDER holds feeds as they came from the network (*.xml, *.rss, *.atom, *.rdf, *.json), for example the folder
tests of feedparser's source distribution; figures are given for each folder in it. Without it feeds are made up:
RSS with and without full content, Atom with escaped and with CDATA HTML, RDF. Equal means: as many entries, and of
each entry the title (as plain text), the link, the id where the feed gives one, and the published moment to the
second. Where feedparser knows neither version nor entries, finding no feed is equal.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import fastfeedparser
import feedparser

from bot.errors import FeedError
from bot.feeds.entries import plain_text
from bot.feeds.parser import parse

URL = "https://example.org/feed.xml"
FIELDS = ("title", "link", "id", "date")
SUFFIXES = {".xml", ".rss", ".atom", ".rdf", ".json"}
WORDS = "the city council voted on a plan to rebuild the old harbour after years of delay and protest".split()


def made_up_feeds(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Feeds of five kinds, 10 to 50 entries each."""
    for number in range(10):
        entries = [made_up_entry(rng, n) for n in range(rng.choice((10, 20, 30, 50)))]
        for name, draw in (
            ("rss", rss),
            ("rss-full", rss_full),
            ("atom", atom),
            ("atom-cdata", atom_cdata),
            ("rdf", rdf),
        ):
            yield f"{name}-{number}", draw(entries).encode()


def made_up_entry(rng: random.Random, number: int) -> dict[str, str]:
    def words(count: int) -> str:
        return " ".join(rng.choices(WORDS, k=count))

    moment = datetime(2025, 11, 1, 12, tzinfo=UTC) - timedelta(minutes=rng.randrange(90_000))
    paragraphs = [
        f'<p class="x">{words(40)} <a href="https://example.org/{number}">more</a></p>' for _ in range(12)
    ]
    return {
        "title": words(8).capitalize() + rng.choice(("", " &amp; more", " – today")),
        "link": f"https://example.org/news/{number}/story.html",
        "id": f"tag:example.org,2025:{number}",
        "rfc": moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "iso": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "short": f"<p>{words(30)}</p>",
        "full": "\n".join(paragraphs),
        "author": rng.choice(("Ada Lovelace", "Grace Hopper")),
    }


def escaped(html: str) -> str:
    return html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


RSS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>'
    "<link>https://example.org/</link><description>All of it</description><language>en</language>"
)
RSS_ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{id}</guid>"
    "<pubDate>{rfc}</pubDate><dc:creator><![CDATA[{author}]]></dc:creator><category>News</category>"
    "<description><![CDATA[{short}]]></description>{more}</item>"
)
ATOM_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
    '<link href="https://example.org/"/><id>tag:example.org,2025:feed</id><updated>2025-11-01T12:00:00Z</updated>'
)
ATOM_ENTRY = (
    "<entry><title>{title}</title><link rel='alternate' href='{link}'/><id>{id}</id>"
    "<published>{iso}</published><updated>{iso}</updated><author><name>{author}</name></author>"
    "<content type='html'>{more}</content></entry>"
)
RDF_HEAD = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<channel rdf:about="https://example.org/"><title>News</title><link>https://example.org/</link></channel>'
)
RDF_ITEM = (
    '<item rdf:about="{link}"><title>{title}</title><link>{link}</link><dc:date>{iso}</dc:date>'
    "<dc:creator>{author}</dc:creator><description>{more}</description></item>"
)


def rss(entries: list[dict[str, str]]) -> str:
    return RSS_HEAD + "".join(RSS_ITEM.format(**e, more="") for e in entries) + "</channel></rss>"


def rss_full(entries: list[dict[str, str]]) -> str:
    def more(entry: dict[str, str]) -> str:
        return f"<content:encoded><![CDATA[{entry['full']}]]></content:encoded>"

    return RSS_HEAD + "".join(RSS_ITEM.format(**e, more=more(e)) for e in entries) + "</channel></rss>"


def atom(entries: list[dict[str, str]]) -> str:
    return ATOM_HEAD + "".join(ATOM_ENTRY.format(**e, more=escaped(e["full"])) for e in entries) + "</feed>"


def atom_cdata(entries: list[dict[str, str]]) -> str:
    return (
        ATOM_HEAD
        + "".join(ATOM_ENTRY.format(**e, more=f"<![CDATA[{e['full']}]]>") for e in entries)
        + "</feed>"
    )


def rdf(entries: list[dict[str, str]]) -> str:
    return RDF_HEAD + "".join(RDF_ITEM.format(**e, more=escaped(e["short"])) for e in entries) + "</rdf:RDF>"


def read_feeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def cpu(functions: list[Callable[[bytes], object]], body: bytes, rounds: int) -> list[float]:
    """The least microseconds of CPU time that a call of each takes: what disturbs it only ever adds.

    They take turns, so that a busy moment of the machine meets all of them.
    """
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
        for number, function in enumerate(functions):
            started = time.process_time_ns()
            function(body)
            best[number] = min(best[number], (time.process_time_ns() - started) / 1000)
    return best


def ours(body: bytes) -> list[dict[str, object]] | None:
    try:
        entries = parse(body, URL).entries
    except FeedError:
        return None
    return [
        {"title": e.title, "link": e.url, "id": e.id, "date": to_the_second(e.published)} for e in entries
    ]


def to_the_second(moment: datetime | None) -> datetime | None:
    """What feedparser's struct_time can tell of a moment."""
    return moment.replace(microsecond=0) if moment else None


def theirs(body: bytes) -> tuple[list[dict[str, object]], str]:
    """Its entries, and the version it takes the feed for: "" is none that it knows."""
    parsed = feedparser.parse(io.BytesIO(body), response_headers={"content-location": URL})
    out = []
    for entry in parsed.entries:
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        try:
            date = datetime(*moment[:6], tzinfo=UTC) if moment else None
        except (ValueError, OverflowError):
            date = None
        link = entry.get("link") or None
        out.append(
            {"title": plain_text(entry.get("title") or ""), "link": link, "id": entry.get("id"), "date": date}
        )
    return out, parsed.version


def differences(body: bytes) -> tuple[Counter[str], list[tuple[str, str]]]:
    """({field: values compared and equal}, the kind and the description of those that differ)."""
    mine, other, version = ours(body), *theirs(body)
    counts: Counter[str] = Counter(("feeds",))
    if len(mine or ()) != len(other) or (mine is None and version):
        text = f"entries: {None if mine is None else len(mine)} for {len(other)}"
        return counts, [(kind_of_feed(body, mine, other), f"feeds {text}")]
    counts["feeds equal"] += 1
    found = []
    for a, b in zip(mine or (), other, strict=True):
        for field in FIELDS:
            if field == "id" and not b["id"]:
                continue
            counts[field] += 1
            if (a[field] or None) == (b[field] or None):
                counts[f"{field} equal"] += 1
            else:
                kind = kind_of_value(field, a[field], b[field], body)
                found.append((kind, f"{field} {a[field]!r} for {b[field]!r}"))
    return counts, found


EBCDIC = "<?xm".encode("cp037")
CDF, ENCODING, REPEATED, NO_ADDRESS, ENTITY, TAGS, UNKNOWN = (
    "Channel Definition Format",
    "an encoding that browsers do not read",
    "entries of one id are one",
    "an id is no address to be completed",
    "entities of a DTD are not expanded",
    "a title may name a tag",
    "unexplained",
)


def kind_of_feed(body: bytes, mine: list[dict[str, object]] | None, other: list[dict[str, object]]) -> str:
    if mine is None and (b"\0\0" in body[:8] or EBCDIC in body[:8]):
        return ENCODING
    if mine is None:
        return CDF if b"<channel" in body.lower() and b"<rss" not in body.lower() else UNKNOWN
    kept = {entry["id"] or (entry["link"], entry["title"]) for entry in other}
    return REPEATED if len(mine) == len(kept) < len(other) else UNKNOWN


def kind_of_value(field: str, mine: object, other: object, body: bytes) -> str:
    if field == "title":
        return TAGS if "<" in str(mine) else UNKNOWN
    if b"<!ENTITY" in body and "&" in str(mine):
        return ENTITY
    if field == "id":
        return NO_ADDRESS if other == urljoin(URL, str(mine)) else UNKNOWN
    return NO_ADDRESS if field == "link" and mine is None and b"<link" not in body else UNKNOWN


def report_cost(feeds: list[tuple[str, bytes]], rounds: int) -> None:
    kinds: dict[str, list[tuple[float, ...]]] = {}
    for name, body in feeds:
        try:
            fastfeedparser.parse(body)
            known = {entry.id for entry in parse(body, URL).entries[1:]}
        except Exception:  # noqa: BLE001 - whatever it is, there is nothing to compare with
            continue
        functions: list[Callable[[bytes], object]] = [
            fastfeedparser.parse,
            lambda b: parse(b, URL),
            lambda b, known=known: parse(b, URL, known=known),
        ]
        figures = tuple(cpu(functions, body, rounds))
        kind = name.partition("/")[0] if "/" in name else name.rpartition("-")[0]
        kinds.setdefault(kind, []).append(figures)
    kinds["all"] = [figures for kind in kinds.values() for figures in kind]
    print("microseconds a feed  fastfeedparser   first poll         one entry new")
    for kind, figures in kinds.items():
        alone, first, again = (statistics.fmean(column) for column in zip(*figures, strict=True))
        print(f"{kind:<21}{alone:>14.0f}", *(f"{us:>10.0f} {us / alone:>5.2f} x" for us in (first, again)))


def report_equality(feeds: list[tuple[str, bytes]], show: bool) -> None:
    counts: dict[str, Counter[str]] = {}
    kinds: Counter[tuple[str, str]] = Counter()
    for name, body in feeds:
        compared, found = differences(body)
        for collection in (name.partition("/")[0] if "/" in name else "made up", "all"):
            counts.setdefault(collection, Counter()).update(compared)
        kinds.update((kind, text.partition(" ")[0]) for kind, text in found)
        for kind, text in found if show else ():
            print(f"  {name}: {text} ({kind})")
    if len(counts) == 2:
        del counts["all"]
    else:
        counts["all but these kinds"] = counts["all"].copy()
        for (kind, field), count in kinds.items():
            counts["all but these kinds"][field] -= count if kind != UNKNOWN else 0
    print("equal to feedparser's", *(f"{field:>20}" for field in ("feeds", *FIELDS)))
    for collection, count in counts.items():
        shares = []
        for field in ("feeds", *FIELDS):
            same, of_all = count[f"{field} equal"], count[field]
            shares.append(f"{f'{same} of {of_all}  {same / (of_all or 1):6.1%}':>20}")
        print(f"{collection:<21}", *shares)
    for (kind, field), count in sorted(kinds.items()):
        print(f"{count:>6} {field:<6} {kind}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--differences", action="store_true", help="print every one")
    parser.add_argument("--no-cost", action="store_true")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    feeds = list(read_feeds(args.folder) if args.folder else made_up_feeds(random.Random(1)))
    if not args.no_cost:
        report_cost(feeds, args.rounds)
    report_equality(feeds, args.differences)


if __name__ == "__main__":
    main()
