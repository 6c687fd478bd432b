"""Text to comparable words: split, stemmed and folded, the same way for queries and articles."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import Stemmer

#: ISO 639-1 code -> Snowball algorithm; words of languages not named here, nor English, are compared whole
STEMMED_LANGUAGES = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

# Scripts written without spaces, and Hangul, whose particles cling to the word: compared by characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
# Vowel signs and other marks belong to their word, though Python's \w leaves them out.
_MARKS = "".join(c for c in map(chr, range(0x0300, 0x3100)) if unicodedata.category(c).startswith("M"))
_TOKEN = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}])(?:[^\W_]|[{_MARKS}]))+(?:\+\+|#(?!\w))?"
)
_POSSESSIVE = re.compile(r"['’]s\b")
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Other marks carry the vowel itself.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_WITHOUT_STROKE = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d"})


def fold(text: str) -> str:
    """Return *text* without case, accents and typographic variants.

    >>> fold("Ça Łódź ﬁn ＡＢＣ")
    'ca lodz fin abc'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(_WITHOUT_STROKE)


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    algorithm = STEMMED_LANGUAGES.get(language)
    return Stemmer.Stemmer(algorithm, 0) if algorithm else None


def singular(word: str) -> str:
    """Return an English noun without its plural ending.

    After Harman, "How effective is suffixing?" (1991). Snowball's English stemmer also joins "shares" with
    "sharing" and "investors" with "invest", which costs topic queries precision (docs/adr/0005).

    >>> [singular(word) for word in ("shares", "matches", "companies", "news", "tennis", "iris")]
    ['share', 'match', 'company', 'news', 'tennis', 'iris']
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or word == "news":
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the folded stem of one word in lower case; the stemmer sees the accents, the reader does not.

    >>> stem("élections", "fr") == stem("election", "fr")
    True
    """
    if language == "en":
        return singular(fold(word))
    stemmer = _stemmer(language)
    return fold(stemmer.stemWord(word) if stemmer else word)


def tokens(text: str, language: str) -> list[str]:
    """Return the comparable words of *text*; unspaced scripts give one character a word.

    >>> tokens("Microsoft's C++ compilers, 発売", "en")
    ['microsoft', 'c++', 'compiler', '発', '売']
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    for match in _TOKEN.finditer(_POSSESSIVE.sub("", text)):
        if match["unspaced"]:
            found.extend(match[0])
        else:
            found.append(stem(match[0], language))
    return found


def is_unspaced(word: str) -> bool:
    """Whether a word of `tokens` is a single character of a script written without spaces."""
    return len(word) == 1 and _UNSPACED_CHARACTER.match(word) is not None
