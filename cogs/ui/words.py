"""Strangers' words on a card: one line, nothing invisible, no markup, never too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

import regex

from bot.errors import LinkError
from bot.links import with_normal_host

ELLIPSIS = "…"
_WITHOUT_SPACES = frozenset({"ja", "zh"})
#: Longer clusters are ornaments, not letters; the longest emoji take 25 units.
_MAX_CLUSTER = 40

_SPACE = regex.compile(r"\s+")
_OTHER_SPACE = regex.compile(r"[^\S ]")
#: Control, format, surrogate and private characters, and letters that show nothing. Joiners are looked at
#: apart; the Arabic number signs count as format characters but are seen.
_INVISIBLE = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Cs}\p{Co}]--[\u200c\u200d\u0600-\u0605\u06dd\u08e2]]"
    r"|[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufdd0-\ufdef\ufffe\uffff]",
    regex.V1,
)
_NO_JOINERS = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
#: A joiner means something between letters of scripts that join, and within an emoji.
_JOINER = regex.compile(
    rf"(?<=[[\p{{L}}\p{{M}}]--[{_NO_JOINERS}\ufe0f]])[\u200c\u200d](?=[[\p{{L}}\p{{InSC=Virama}}]--[{_NO_JOINERS}]])"
    r"|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})"
    r"|(?P<stray>[\u200c\u200d])",
    regex.V1,
)
_MARKS = regex.compile(r"([\p{M}\u200c\u200d]{5})[\p{M}\u200c\u200d]+")
_CLUSTER = regex.compile(r"\X")

_MARKUP = regex.compile(r"[\\*_~`|<\[\]]|@(?=everyone|here)|(?<=[a-z]):(?=//)", regex.IGNORECASE)
_MAY_BE_ESCAPED = frozenset("\\*_~`|<[]@:")
_LINE_START = regex.compile(r"\A(?:[#>+-]|\d+(?=[.)]))")


def size(text: str) -> int:
    """Return the length of *text* in UTF-16 units: at least what Discord counts, whichever way it counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return *text* on one line, without invisible characters and towers of accents; twice changes nothing.

    >>> clean("Ben\\u202eefits\\u200b of\\n  tea")
    'Benefits of tea'
    """
    return _SPACE.sub(" ", _seen(_SPACE.sub(" ", text))).strip()


def clean_code(line: str) -> str:
    """Return a line of code as `clean` does, with its indentation and all its spaces; twice changes nothing.

    >>> clean_code("\tif ferry:\u200b  # runs")
    '    if ferry:  # runs'
    """
    return _seen(_OTHER_SPACE.sub(" ", line.expandtabs(4))).rstrip()


def _seen(text: str) -> str:
    """*text* without what nobody sees."""
    text = _JOINER.sub(lambda match: "" if match["stray"] else match[0], _INVISIBLE.sub("", text))
    return _MARKS.sub(r"\1", text)


def escape(text: str) -> str:
    """Return *text*, cleaned, so that Discord shows it as it stands: no markup, mention, emoji or link.

    >>> escape("# [free](https://x.example) @everyone")
    '\\\\# \\\\[free\\\\](https\\\\://x.example) \\\\@everyone'
    """
    return _escape(clean(text))


def _escape(cleaned: str) -> str:
    text = _MARKUP.sub(r"\\\g<0>", cleaned)
    start = _LINE_START.match(text)
    if not start:
        return text
    if start[0].isdigit():
        return f"{start[0]}\\{text[start.end() :]}"
    return f"\\{text}"


def shorten(text: str, limit: int) -> str:
    """Return *text*, cleaned, in at most *limit* UTF-16 units; cut between words, never within a letter.

    >>> shorten("Ferry to run all winter", 14)
    'Ferry to run…'
    """
    return _fit(clean(text), limit, str, frozenset())


def shorten_escaped(text: str, limit: int) -> str:
    """Return *text* escaped, in at most *limit* UTF-16 units with its backslashes."""
    return _escape(_fit(clean(text), limit, _escape, _MAY_BE_ESCAPED))


def pieces_escaped(text: str, limit: int) -> Iterator[str]:
    """Yield *text* escaped, in pieces of at most *limit* UTF-16 units: cut between words, never within a letter.

    >>> list(pieces_escaped("Ferry to # run all winter", 10))
    ['Ferry to', '\\\\# run all', 'winter']
    """
    piece, room = "", limit - 1  # a backslash before a first digit or sign
    for match in _CLUSTER.finditer(clean(text)):
        cluster = match[0]
        if size(cluster) > _MAX_CLUSTER:
            continue
        room -= _cost(cluster, _MAY_BE_ESCAPED)
        if room < 0:
            whole, space, rest = piece.rpartition(" ")
            if len(whole) <= len(piece) * 0.6 or not space:
                whole, rest = piece, ""
            yield _escape(whole.strip())
            piece = rest.lstrip()
            room = limit - 1 - _cost(piece + cluster, _MAY_BE_ESCAPED)
        piece += cluster
    if piece.strip():
        yield _escape(piece.strip())


def _cost(text: str, costly: frozenset[str]) -> int:
    return size(text) + sum(character in costly for character in text)


def _fit(text: str, limit: int, write: Callable[[str], str], costly: frozenset[str]) -> str:
    """Cut *text* so that what *write* makes of it fits; characters of *costly* may take one more unit."""
    if len(text) <= limit and size(write(text)) <= limit and not _has_ornaments(text):
        return text
    short = ""
    room = limit - 2  # the ellipsis, and a backslash before a first digit or sign
    for match in _CLUSTER.finditer(text, 0, limit * _MAX_CLUSTER):
        cluster = match[0]
        if size(cluster) > _MAX_CLUSTER:
            continue
        room -= _cost(cluster, costly)
        if room < 0:
            break
        short += cluster
    else:
        return short.strip()
    if not cluster.isspace():
        # Without spaces near the end (long words, Chinese, Japanese, Thai) the cut falls between letters.
        whole = short.rpartition(" ")[0]
        short = whole if len(whole) > len(short) * 0.6 else short
    return f"{short.rstrip(' ,;:–—-')}{ELLIPSIS}"


def _has_ornaments(text: str) -> bool:
    return any(size(match[0]) > _MAX_CLUSTER for match in _CLUSTER.finditer(text))


def link_target(url: str) -> str | None:
    """Return *url* as it may stand in a markdown link; None for all but plain http(s) addresses.

    >>> link_target("https://example.org/wiki/A_(b)")
    'https://example.org/wiki/A_%28b%29'
    >>> link_target("javascript:alert(1)") is None
    True
    """
    address, hash_mark, fragment = url.partition("#")
    try:
        address = with_normal_host(address)
    except LinkError:
        return None
    # RFC 3986's characters, without those that end a markdown link or begin markup in it.
    safe = "%!$&'+,;=:@/?-._~"
    target = quote(address, safe=safe + "[]", errors="replace")
    return f"{target}{hash_mark}{quote(fragment, safe=safe, errors='replace')}"


def gap(language: str | None) -> str:
    """Return what stands between two sentences of *language* (ISO 639-1)."""
    return "" if language in _WITHOUT_SPACES else " "


def host(url: str) -> str:
    """Return the host of *url* without "www.", for people; in punycode, for letters of one script pass for another's.

    >>> host("https://www.exаmple.com/")  # the third letter is Cyrillic
    'xn--exmple-4nf.com'
    """
    try:
        name = urlsplit(with_normal_host(url.partition("#")[0])).hostname or ""
    except LinkError:
        return ""
    return name.removeprefix("www.")
