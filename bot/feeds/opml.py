"""Lists of feeds as other readers write and read them: OPML 1.0 to 2.0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from bot.errors import FeedError, OpmlError
from bot.feeds.decoding import prepare
from bot.feeds.entries import WEB, plain_text, without_controls

MAX_FEEDS = 2_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list."""

    feed_url: str
    title: str = ""
    site_url: str | None = None
    group: str = ""  #: the folder it is in; folders in folders are joined by "/"


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Return the feeds of an OPML file in its order, each address once.

    Entities are not expanded and nothing is fetched. Raises OpmlError when the file is no OPML.
    """
    try:
        root = etree.fromstring(prepare(body, ""), _parser())
    except (FeedError, etree.LxmlError, ValueError) as cause:
        raise OpmlError from cause
    if root is None or _name(root) != "opml":
        raise OpmlError
    feeds: dict[str, Outline] = {}
    for body_element in root:
        if _name(body_element) == "body":
            _collect(body_element, (), feeds)
    return tuple(feeds.values())


def _collect(parent: etree._Element, folders: tuple[str, ...], feeds: dict[str, Outline]) -> None:
    for outline in parent:
        if _name(outline) != "outline" or len(feeds) >= MAX_FEEDS:
            continue
        values = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        title = plain_text(values.get("title") or values.get("text") or "")
        address = "".join(values.get("xmlurl", "").split())
        if address.lower().startswith(WEB):
            site = values.get("htmlurl", "").strip()
            found = Outline(
                feed_url=address,
                title=title,
                site_url=site if site.lower().startswith(WEB) else None,
                group="/".join(folders),
            )
            feeds.setdefault(address, found)
        elif len(folders) < MAX_DEPTH:
            # Other readers separate folders by "/" too: one in a name would make two.
            _collect(outline, (*folders, title.replace("/", "-")) if title else folders, feeds)


def write_opml(outlines: Iterable[Outline], title: str, created: datetime) -> bytes:
    """Return an OPML 2.0 file; *created* is aware."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _writable(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(created)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for outline in outlines:
        folder = _folder(folders, [name for name in outline.group.split("/") if name])
        name = _writable(outline.title or outline.feed_url)
        element = etree.SubElement(folder, "outline", type="rss", text=name, title=name)
        element.set("xmlUrl", _writable(outline.feed_url))
        if outline.site_url:
            element.set("htmlUrl", _writable(outline.site_url))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _folder(folders: dict[tuple[str, ...], etree._Element], names: Sequence[str]) -> etree._Element:
    path: tuple[str, ...] = ()
    for name in names:
        parent, path = folders[path], (*path, name)
        if path not in folders:
            folders[path] = etree.SubElement(parent, "outline", text=_writable(name), title=_writable(name))
    return folders[path]


def _writable(text: str) -> str:
    return without_controls(text)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
