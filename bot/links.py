"""Finds the links in a message and gives every page one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

import idna

from bot.errors import LinkError

MAX_URL = 2048  #: characters, before and after normalising

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

#: Names of parameters that say who passed a link on, never what it shows.
_TRACKING = re.compile(
    r"""(?:amp;)?(?:
    (?:utm|pk|mtm|matomo|piwik|hsa|at|guce|vero)_.* | __?hs[a-z]+ | (?:fb|g|d|ms|y|ys|tw|tt)clid | gclsrc
    | [gw]braid | gad_(?:source|campaignid) | srsltid | igsh | igshid | mc_[ce]id | mkt_tok | hsctatracking
    | oly_(?:enc|anon)_id | _openstat | wickedid | ref_src | ref_url | guccounter | smid | sref | ncid | cmpid
    | cmp | xtor | icid | spm | epik | _ga | _gl | trk | trkcampaign | li_fat_id | irclickid | cjevent
    | rb_clickid | mbid | soc_src | soc_trk | s_cid | sr_share | __twitter_impression | ftag | taid
    | amp_js_v | amp_gsa | usqp
    )\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_AMP_PARAMETERS = frozenset({"amp", "_amp", "isamp", "amp_markup"})
_AMP_VALUES = frozenset({"outputtype=amp", "output=amp", "view=amp", "format=amp", "type=amp", "m=1", "m=0"})
_VARIANT_LABELS = frozenset({"www", "m", "mobile", "amp"})
_GOOGLE_VIEWER = re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})\Z")


class _Parts(NamedTuple):
    """A URL whose parts are all in their normal spelling."""

    scheme: str
    host: str  #: IPv6 addresses in brackets
    port: int | None  #: None is the scheme's own
    path: str
    query: tuple[str, ...]  #: "name=value", as they stood

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = f"?{'&'.join(self.query)}" if self.query else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"


def normalise(url: str) -> str:
    """Return the spelling of *url* that is fetched; normalising twice changes nothing.

    Tracking parameters, default port and fragment go, host names become lower-case punycode, and Google's AMP
    viewers are taken off the page they show. Raises LinkError for anything but a plain http(s) address of at
    most `MAX_URL` characters, in particular for one with credentials.

    >>> normalise("HTTPS://Bücher.example:443/a%7eb?utm_source=x&id=7#top")
    'https://xn--bcher-kva.example/a~b?id=7'
    """
    return str(_parse(url))


def with_normal_host(url: str) -> str:
    """Return *url* with host and port as `normalise` spells them and the rest as the server wrote it.

    For addresses that a server hands out (redirects): those may mean something by a tracking parameter.
    Raises LinkError as `normalise` does.

    >>> with_normal_host("https://EXAMPLE.com./a%7eb?utm_source=x#top")
    'https://example.com/a%7eb?utm_source=x'
    """
    split = _split(url.strip())
    query = _escape(split.query, "/?")
    parts = _parts(split)._replace(path=_escape(split.path or "/", "/"), query=(query,) if query else ())
    if len(str(parts)) > MAX_URL:
        raise LinkError("That link is too long.")
    return str(parts)


def page_key(url: str) -> str:
    """Return the identity of the page at *url*: equal for every address under which it is passed on.

    A key is a fixed point: the key of a key is itself. Raises LinkError as `normalise` does.

    >>> page_key("http://m.example.com/news/story/amp/?utm_medium=social")
    'example.com/news/story'
    """
    parts = _parse(url if _SCHEME.match(url.strip()) else f"https://{url.strip()}")
    while viewed := _viewed_page(
        plain := parts._replace(host=_page_host(parts.host), path=_page_path(parts.path))
    ):
        parts = _parse(viewed)  # cdn.ampproject.org//c/example.com is seen to be a viewer's only now
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = "&".join(sorted(item for item in parts.query if not _selects_variant(item)))
    return f"{plain.host}{port}{plain.path}{'?' if query else ''}{query}"


def _page_host(host: str) -> str:
    """Return *host* without what only says which variant of the page is wanted."""
    if not host.startswith("[") and not _looks_numeric(host):
        labels = host.split(".")
        host = ".".join([*(label for label in labels[:-2] if label not in _VARIANT_LABELS), *labels[-2:]])
    return host


def host_of(url: str) -> str:
    """Return the host of *url* in its normal spelling; raises LinkError as `normalise` does.

    >>> host_of("HTTPS://WWW.Bücher.example/a")
    'www.xn--bcher-kva.example'
    """
    return _parse(url).host


def find_links(content: str, limit: int = 3) -> tuple[str, ...]:
    """Return the first *limit* links that the author of *content* meant to share, as written, one per page.

    Links in code, behind spoiler bars or in angle brackets (Discord's way to suppress a preview) are not
    meant; markdown links count by their target. Takes time linear in the length of *content*.

    >>> find_links("Read (https://example.org/wiki/A_(b)), not <https://example.org/c>!")
    ('https://example.org/wiki/A_(b)',)
    """
    text = _hide(content)
    links: dict[str, str] = {}
    position = 0
    while len(links) < limit and (match := _LINK.search(text, position)):
        end = _link_end(text, match.start(), match.end())
        position = max(end, match.start() + 1)
        if text.startswith(("](http", "](<"), end):
            continue  # the words of a markdown link; its target follows
        link = text[match.start() : end]
        try:
            links.setdefault(page_key(link), link)
        except LinkError:
            continue
    return tuple(links.values())


def _parse(url: str) -> _Parts:
    parts = _parts(_split(url.strip()))
    while target := _viewed_page(parts):
        parts = _parts(_split(target))
    if len(str(parts)) > MAX_URL:
        raise LinkError("That link is too long.")
    return parts


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL:
        raise LinkError("That link is too long.")
    # urlsplit drops tabs and newlines silently, and browsers read a backslash as a slash.
    if any(character <= " " or character == "\x7f" or character.isspace() for character in url):
        raise LinkError("That link has spaces or control characters in it.")
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise LinkError("That link cannot be read.") from error
    if split.scheme not in _DEFAULT_PORTS or not _SCHEME.match(url):
        raise LinkError("Only links that begin with http:// or https:// can be opened.")
    if "@" in split.netloc:
        raise LinkError("I do not open links that carry a user name or password.")
    if "\\" in split.netloc or "%" in split.netloc:
        raise LinkError("That link's host name cannot be read.")
    return split


def _parts(split: SplitResult) -> _Parts:
    written, port = _host_and_port(split.netloc)
    host = _host(written)
    items = _normal_escapes(_escape(split.query, "/?")).split("&")
    return _Parts(
        scheme=split.scheme,
        host=host,
        port=None if port == _DEFAULT_PORTS[split.scheme] else port,
        path=_without_dots(_normal_escapes(_escape(split.path or "/", "/"))),
        query=tuple(item for item in items if item and not _is_tracking(item)),
    )


def _host_and_port(netloc: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?", netloc)
    if not match or not match[1]:
        raise LinkError("That link's host name cannot be read.")
    port = int(match[2]) if match[2] else None
    if port is not None and not 0 < port < 65536:
        raise LinkError("That link's port does not exist.")
    return match[1], port


def _host(written: str) -> str:
    if written.startswith("["):
        try:
            return f"[{IPv6Address(written[1:-1]).compressed}]"
        except AddressValueError as error:
            raise LinkError("That link's address cannot be read.") from error
    host = written.lower()
    if not host.isascii():
        host = _punycode(host)
    name = host.removesuffix(".")
    if _looks_numeric(name):
        return _canonical_ipv4(written)
    if not _NAME.match(name):
        raise LinkError("That link's host name cannot be read.")
    return name


def _punycode(host: str) -> str:
    # Invisible characters make two hosts look alike; UTS 46 would drop some of them silently.
    if len(host) > 253 or any(unicodedata.category(character)[0] == "C" for character in host):
        raise LinkError("That link's host name cannot be read.")
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        raise LinkError("That link's host name cannot be read.") from error


def _looks_numeric(host: str) -> bool:
    """Return whether resolvers may take *host* for an IPv4 address (WHATWG's "ends in a number")."""
    last = host.rpartition(".")[2]
    return last.isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", last))


def _canonical_ipv4(written: str) -> str:
    # 0x7f000001, 0177.0.0.1, 127.1 and ①②⑦.0.0.1 mean different hosts to different resolvers.
    try:
        return str(IPv4Address(written))
    except AddressValueError as error:
        raise LinkError("That link's address cannot be read.") from error


def _escape(text: str, safe: str) -> str:
    """Percent-encode what may not stand in an address; existing escapes stay as they are."""
    try:
        return quote(_STRAY_PERCENT.sub("%25", text), safe=f"{safe}%!$&'()*+,;=:@", encoding="utf-8")
    except UnicodeEncodeError as error:
        raise LinkError("That link cannot be read.") from error


def _normal_escapes(text: str) -> str:
    """Spell escapes the one way RFC 3986 (6.2.2) prefers."""
    return _ESCAPE.sub(_normal_escape, text)


def _normal_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _is_tracking(item: str) -> bool:
    return bool(_TRACKING.match(item.partition("=")[0]))


def _selects_variant(item: str) -> bool:
    return item.partition("=")[0].lower() in _AMP_PARAMETERS or item.lower() in _AMP_VALUES


def _viewed_page(parts: _Parts) -> str | None:
    """Return the address of the page that an AMP viewer shows, None where *parts* is no viewer."""
    if _GOOGLE_VIEWER.match(parts.host):
        match = re.match(r"/amp/(s/)?(.+)", parts.path)
    elif parts.host == "cdn.ampproject.org" or parts.host.endswith(".cdn.ampproject.org"):
        match = re.match(r"/[a-z]/(s/)?(.+)", parts.path)
    else:
        return None
    if not match or "." not in match[2].partition("/")[0]:
        return None
    query = f"?{'&'.join(parts.query)}" if parts.query else ""
    return f"http{'s' if match[1] else ''}://{match[2]}{query}"


_AMP_ENDING = re.compile(r"(?<=.)(?:\.amp)+(?=\.html?\Z|\Z)", re.IGNORECASE)


def _page_path(path: str) -> str:
    """Return *path* without what only says which variant or which spelling of the page is wanted."""
    segments = [segment for segment in path.split("/") if segment]
    before: list[str] = []
    while segments != before:
        before = segments.copy()
        if segments:
            segments[-1] = _AMP_ENDING.sub("", segments[-1])  # "index.amp.html" is an index, too
        if len(segments) > 1 and segments[0].lower() == "amp":
            del segments[0]
        if len(segments) > 1 and segments[-1].lower() in ("amp", "amp.html", "amphtml"):
            del segments[-1]
        if segments and re.fullmatch(r"index\.(?:html?|php)", segments[-1], re.IGNORECASE):
            del segments[-1]
    return "/" + "/".join(segments) if segments else ""


# Quotation marks and CJK punctuation never stand in an address unescaped; everything else may.
_LINK = re.compile(
    r"(?<![A-Za-z0-9])https?://[^\s<>`\"“”„«»‹›、。，！？；：「」『』【】（）《》〈〉\x00-\x1f]{1,2048}",
    re.IGNORECASE,
)
_SUPPRESSED = re.compile(r"<https?://[^\s<>]*>", re.IGNORECASE)
_TRAILING = ".,;:!?'’‘…*~|\\"
_OPENERS = {")": "(", "]": "[", "}": "{"}


def _hide(content: str) -> str:
    """Return *content* with code, spoilers and suppressed links turned into spaces."""
    text = _without_code(content)
    pieces = text.split("||")
    if len(pieces) % 2 == 0:  # the last bars close nothing
        pieces[-2:] = ["||".join(pieces[-2:])]
    return _SUPPRESSED.sub(" ", " ".join(pieces[::2]))


def _without_code(content: str) -> str:
    """Return *content* without spans between equally long runs of backticks (CommonMark 6.1)."""
    runs = [(match.start(), match.end()) for match in re.finditer(r"`+", content)]
    later: defaultdict[int, deque[int]] = defaultdict(deque)
    for index, (start, end) in enumerate(runs):
        later[end - start].append(index)
    kept: list[str] = []
    position = index = 0
    while index < len(runs):
        start, end = runs[index]
        same = later[end - start]
        while same and same[0] <= index:
            same.popleft()
        if same:
            kept.append(content[position:start])
            index = same[0]
            position = runs[index][1]
        index += 1
    return " ".join([*kept, content[position:]])


def _link_end(text: str, start: int, end: int) -> int:
    """Return where the link that begins at *start* ends: before unbalanced brackets and punctuation."""
    depth = dict.fromkeys(_OPENERS.values(), 0)
    for index in range(start, end):
        character = text[index]
        if character in depth:
            depth[character] += 1
        elif character in _OPENERS:
            depth[_OPENERS[character]] -= 1
            if depth[_OPENERS[character]] < 0:
                end = index
                break
    emphasis = "_" if text[start - 1 : start] == "_" else ""
    while end > start and text[end - 1] in _TRAILING + emphasis:
        end -= 1
    return end
