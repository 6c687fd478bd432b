"""What `threadline read` is asked to read: addresses, files, lists of addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cogs.ui.words import clean

STDIN = "-"
#: A longer line is no address, and a longer file is looked at no further.
_LONGEST_ADDRESS = 8192
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing to read."""

    name: str  #: as it was given, fit to be shown
    url: str  #: the page's address
    body: bytes | None = None  #: the page itself; None where it has to be fetched


class SourceError(Exception):
    """Something that was named cannot be read; str(error) says which and why."""


def is_address(text: str) -> bool:
    """Whether *text* names a web page rather than a file.

    >>> is_address("https://example.org/a"), is_address("page.html")
    (True, False)
    """
    return text.lower().startswith(("http://", "https://"))


def collect(named: Iterable[str], url: str | None, read_stdin: Callable[[], bytes]) -> Iterator[Source]:
    """The sources that the words of a command line name, in their order; *url* is the address of a file's page.

    Raises SourceError for a file that cannot be read.
    """
    for name in named:
        if is_address(name):
            yield Source(name=clean(name), url=name)
            continue
        body = read_stdin() if name == STDIN else _bytes(name)
        if addresses := listed_addresses(body):
            yield from (Source(name=clean(address), url=address) for address in addresses)
        else:
            shown = "standard input" if name == STDIN else clean(name)
            yield Source(name=shown, url=url or _address_of(name), body=body)


def listed_addresses(body: bytes) -> tuple[str, ...]:
    """The addresses of a file that holds nothing else, one a line; "#" begins a remark.

    >>> listed_addresses(b"# to read\\nhttps://example.org/a\\n\\nhttps://example.org/b\\n")
    ('https://example.org/a', 'https://example.org/b')
    >>> listed_addresses(b"<html><p>https://example.org/a</p></html>")
    ()
    """
    found: list[str] = []
    for line in body.splitlines():
        stripped = line.strip().removeprefix(b"\xef\xbb\xbf")
        if not stripped or stripped.startswith(b"#"):
            continue
        if len(stripped) > _LONGEST_ADDRESS or len(stripped.split()) != 1:
            return ()
        address = stripped.decode("utf-8", "replace")
        if not is_address(address):
            return ()
        found.append(address)
    return tuple(found)


def _bytes(name: str) -> bytes:
    if not name.strip():  # which pathlib takes for the folder that one is in
        raise SourceError("One of the names is empty; give an address, a file or - for standard input.")
    try:
        return Path(name).read_bytes()
    except FileNotFoundError as error:
        shown = clean(name)
        if _SCHEME.match(name):
            raise SourceError(
                f"{shown}: only addresses that begin with https:// or http:// are read"
            ) from error
        raise SourceError(f"{shown}: there is no such file; an address begins with https://") from error
    except OSError as error:
        raise SourceError(f"{clean(name)}: {error.strerror or 'cannot be read'}") from error


def _address_of(name: str) -> str:
    return "file:///dev/stdin" if name == STDIN else Path(name).resolve().as_uri()
