"""What names are: how they are compared, people told from organisations and from nobody."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from bot.article.name_words import (
    AGENCIES,
    EASTERN_SURNAMES,
    NOBODY,
    ORGANISATION_WORDS,
    PARTICLES,
    ROLES,
    TITLES,
)
from bot.article.remembering import remembered
from bot.article.scripts import has_east_asian

EDGES = " \t\r\n●○■□◆▲▼★,:;-–—|.·•*'\"„“”‚‘’«»‹›_/\\&+"  #: what stands around a name and is no part of it
_ORGANISATION_ENDING = re.compile(
    r"(?:編集部|編集局|新聞|新聞社|通信社?|取材班|デジタル|オンライン|ニュース|뉴스|편집부|신문|일보|방송|통신|미디어|저널|"
    r"日报|报社|"
    r"通讯社|新华社|redaktion|zeitung|nachrichten|verlag|"
    r"verband|agentur|institut|ministerium|\.(?:com|de|net|org|at|ch|is|be|co|fr|io|tv|it|es|nl|uk|info|eu|news))$",
    re.IGNORECASE,
)
_NOBODY_START = re.compile(
    r"(?:admin|user|webmaster|view all|all posts|read more|read full|mehr |see all|alle artikel|all articles|"
    r"photo|foto|image|bild|video|posted|published|updated|click|sign up|log in|staff |our |unser|share |"
    r"follow |guest |gast|about |über |more |test|super ?user|site ?admin|the editors|from our)",
    re.IGNORECASE,
)
_BAD_CHARACTERS = re.compile(r"[<>{}=#$%^?!…©®™~\\\[\]()_]|\d{2}")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_RARE = 0x2100  #: code points from here on are; before them stand the marks of typography
_FOLDED = {i: chr(i).lower() if chr(i).isalnum() or chr(i) == "'" else " " for i in range(128)}
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def tidy(value: str) -> str:
    """Return *value* in NFKC with entities resolved, invisible characters dropped, white space folded.

    >>> tidy("A&amp;B \\u200b C")
    'A&B C'
    """
    if "&" in value:
        value = html.unescape(value)
    if not value.isascii():
        value = _INVISIBLE.sub("", unicodedata.normalize("NFKC", value))
    return " ".join(value.split())


def fold(value: str) -> str:
    """Return *value* without case, accents and punctuation; letters, digits and apostrophes stay.

    >>> fold("José  O’Neil-Smith")
    "jose o'neil smith"
    """
    if value.isascii():
        return " ".join(value.translate(_FOLDED).split())
    return _fold_unicode(value)


@remembered(512)
def _fold_unicode(value: str) -> str:
    value = _ACCENTS.sub("", unicodedata.normalize("NFD", value.casefold()))
    return " ".join(unicodedata.normalize("NFC", value).translate(_KEPT).split())


class _Kept(dict[int, str]):
    """What folding makes of a character, decomposed and small by then; of all but rare ones it is remembered."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kept = character.isalnum() or character == "'" or unicodedata.category(character)[0] == "M"
        found = character if kept else " "
        if code < _RARE:
            self[code] = found
        return found


_KEPT = _Kept({ord("’"): "'"})


def squash(value: str) -> str:
    """Return *value* folded and without anything but letters and digits: how sites and names are compared.

    >>> squash("The Daily-News")
    'thedailynews'
    """
    folded = fold(value).replace(" ", "").replace("'", "")
    return folded if folded.isascii() else "".join(c for c in folded if c.isalnum())


def initials(name: str) -> str:
    """Return the first letters of the words of *name*, folded.

    >>> initials("British Broadcasting Corporation")
    'bbc'
    """
    return "".join(word[0] for word in fold(name).split())


def name_key(name: str) -> str:
    """Return the folded *name* without academic titles.

    >>> name_key("Dr. Ana Márquez")
    'ana marquez'
    """
    words = fold(name).split()
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return " ".join(words)


def has_eastern_surname(name: str) -> bool:
    """Whether *name* begins with a common Chinese, Japanese or Korean family name and is as short as a full name."""
    joined = name.replace(" ", "")
    return 2 <= len(joined) <= 5 and (joined[0] in EASTERN_SURNAMES or joined[:2] in EASTERN_SURNAMES)


@lru_cache(maxsize=512)
def is_nobody(name: str) -> bool:
    """Whether *name* is what a system writes where nobody signed: admin, Staff, Share, Startseite."""
    folded = name.casefold().strip(EDGES)
    return not folded or folded in NOBODY or _NOBODY_START.match(folded) is not None


@lru_cache(maxsize=512)
def is_organisation(name: str) -> bool:
    """Whether *name* is an agency, a desk, a company or a site rather than somebody."""
    words = name.casefold().replace("-", " ").split()
    return (
        name.casefold().strip(EDGES) in AGENCIES
        or any(word.strip(EDGES) in ORGANISATION_WORDS for word in words)
        or _ORGANISATION_ENDING.search(name) is not None
    )


def has_role(name: str) -> bool:
    """Whether a word of *name* is an occupation or a rank."""
    return any(word.strip(EDGES) in ROLES for word in name.casefold().split())


@lru_cache(maxsize=512)
def is_personal(name: str) -> bool:
    """Whether *name* has the shape of a person's full name in its script.

    >>> is_personal("Ana de la Cruz"), is_personal("read more"), is_personal("王小明")
    (True, False, True)
    """
    if _BAD_CHARACTERS.search(name):
        return False
    if has_east_asian(name):
        return 2 <= len(name.replace(" ", "").replace("・", "")) <= 12 and len(name.split()) <= 3
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > 48:
        return False
    caseless = not any(c.isupper() or c.islower() for c in name)
    if caseless:
        return all(word[0].isalpha() for word in words)
    if words[-1].casefold() in PARTICLES:
        return False
    return all(is_name_word(word) for word in words) and any(len(word.strip(".")) > 1 for word in words[-1:])


def is_name_word(word: str) -> bool:
    """Whether *word* is written as the words of names are: "O'Neil", "de", "Jean-Luc"."""
    if word in PARTICLES or word.casefold() in PARTICLES:
        return True
    first = word[0]
    if first in "'’" and len(word) > 1:
        first = word[1]
    if word[:2] in ("d'", "d’", "o'", "o’", "l'", "l’") and len(word) > 2:
        first = word[2]
    return first.isupper() and all(c.isalpha() or c in ".'’-‐‑·" or unicodedata.combining(c) for c in word)


def is_somebody(name: str) -> bool:
    """Whether *name* is neither a system's filler nor an organisation nor an occupation."""
    return not is_nobody(name) and not is_organisation(name) and not has_role(name)


def is_single_name(name: str) -> bool:
    """Whether *name* is one word that somebody may sign with."""
    return len(name.split()) == 1 and 2 <= len(name) <= 24 and is_name_word(name) and not name.isupper()
