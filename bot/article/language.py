"""Which language a page is written in: what it declares, checked against what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gcld3 import NNetLanguageIdentifier

from bot.article.details import Found, first
from bot.article.document import Document
from bot.article.schema import strings

# the commonest short words of a language that are rare in its neighbours
_STOPWORDS = {
    "en": "the and of to that is was for with his on are this have from be",
    "de": "der und die das nicht ist mit den von sich auf ein eine auch dem zu",
    "fr": "les des et est que dans une pour qui sur pas du au avec sont il",
    "es": "el los las que una por con para del es se su como más fue pero",
    "it": "il che di per una sono della non gli con del anche nel più è dei",
    "pt": "que não uma os para com do da em mais foi dos como ao pelo são",
    "nl": "het een van en dat niet zijn op te voor met aan ook bij door naar",
    "sv": "och att det som för är inte på med till av har den ett om så",
    "da": "og det er ikke at af til som der på med har den et blev også",
    "no": "og det er ikke som på til av har med for å et ble også den",
    "pl": "się nie na że jest do to jak za przez dla po od ale oraz czy",
    "tr": "bir ve bu için ile çok olarak daha gibi olan da kadar sonra ne var değil",
    "fi": "ja on ei että se hän oli mutta myös kun ovat joka mukaan tai kuin olla",
    "hu": "a az és hogy nem egy is volt de csak már meg ez mint még kell",
    "cs": "se že je na to jsou jako ale pro by jeho byl také podle už které",
    "ro": "și în la pe care nu este din cu au mai pentru sunt fost un să",
    "id": "yang dan di dengan untuk dari ini itu tidak dalam pada akan ke juga oleh adalah",
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _STOPWORDS.items()}
_SPOKEN_IN: dict[str, list[str]] = {}  #: languages of each of these words
for _language, _words in _WORDS_OF.items():
    for _word in _words:
        _SPOKEN_IN.setdefault(_word, []).append(_language)
_SCRIPTS = (  # compiled when a text first needs them
    ("ja", "[\u3040-\u30ff]"),
    ("ko", "[\uac00-\ud7af]"),
    ("zh", "[\u3400-\u9fff]"),
    ("ru", "[\u0400-\u04ff]"),
    ("ar", "[\u0600-\u06ff]"),
    ("he", "[\u0590-\u05ff]"),
    ("el", "[\u0370-\u03ff]"),
    ("hi", "[\u0900-\u097f]"),
    ("th", "[\u0e00-\u0e7f]"),
)
_BEYOND_LATIN = re.compile("[^\0-\u036f\u1e00-\u2fff]")  #: a quick look before these
_FEW_LETTERS = 40
_IDENTIFIER = NNetLanguageIdentifier(min_num_bytes=_FEW_LETTERS, max_num_bytes=1000)
_SAME_SCRIPT = {
    "ru": frozenset("ru uk bg sr mk be kk ky mn tg".split()),
    "ar": frozenset("ar fa ur ps ckb ug sd".split()),
    "he": frozenset({"he", "yi"}),
    "hi": frozenset("hi mr ne sa bho".split()),
    "zh": frozenset({"zh", "yue", "ja"}),
}
_ALIASES = {
    "iw": "he",
    "in": "id",
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
    "gr": "el",
    "cz": "cs",
    "dk": "da",
    "fil": "tl",
    "se": "sv",
    "ua": "uk",
}


def primary(tag: str) -> str | None:
    """Return the primary subtag of a language tag, lower case; None when it is none.

    >>> primary("de_AT"), primary("EN"), primary("x")
    ('de', 'en', None)
    """
    code = re.split(r"[-_,; ]", tag.strip().lower())[0]
    code = _ALIASES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def read_language(document: Document, text: str) -> Found[str] | None:
    """Return the language of a page whose visible words are *text* (a few hundred characters or more are enough)."""
    declared = next(_declared(document), None)
    if declared and _is_plainly(declared[0], text):
        return Found(value=declared[0], source=declared[1], confidence=0.95)
    spoken = _spoken(text)
    if declared is None:
        if spoken:
            return Found(value=spoken, source="text", confidence=0.8)
        guess = _identified(text)
        return Found(value=guess, source="text", confidence=0.6) if guess else None
    code, source = declared
    if (
        spoken is None
        or spoken == code
        or code in _SAME_SCRIPT.get(spoken, ())
        or not _contradicts(code, spoken)
    ):
        return Found(value=code, source=source, confidence=0.95)
    guess = _identified(text)
    if guess and guess != code:
        return Found(value=guess, source="text", confidence=0.8)
    return Found(value=code, source=source, confidence=0.7)


def tell_language(text: str) -> str | None:
    """Return the language of a text that nothing else is known of; None for a few words."""
    return _spoken(text) or _identified(text)


def _declared(document: Document) -> Iterator[tuple[str, str]]:
    tags = [(document.language or "", "html lang")]
    locale = first(document, "og:locale")
    tags += [(locale[1], "meta:og:locale")] if locale else []
    for node in document.json_ld:
        tags += [(value, "json-ld") for value in strings(node.get("inLanguage"), "alternateName")]
    named = first(document, "content-language", "language", "dc.language")
    tags += [(named[1], f"meta:{named[0]}")] if named else []
    for tag, source in tags:
        code = primary(tag)
        if code:
            yield code, source


def _is_plainly(code: str, text: str) -> bool:
    """Whether one word of six is one of the commonest of a language: no other need be asked about."""
    own = _WORDS_OF.get(code)
    if own is None:
        return False
    words = text.casefold().split()
    return 6 * sum(map(own.__contains__, words)) > len(words)


def _spoken(text: str) -> str | None:
    """Return the language that script and common words give away; None where they are few."""
    sample = text[:3000]
    letters = sum(map(str.isalpha, sample))
    if letters < 60:
        return None
    for code, script in _SCRIPTS if _BEYOND_LATIN.search(sample) else ():
        share = len(re.findall(script, sample)) / letters
        if share > (0.15 if code == "ja" else 0.4):
            return code
    words = sample.casefold().split()
    counts = Counter(code for word in words for code in _SPOKEN_IN.get(word, ()))
    best = max(_STOPWORDS, key=counts.__getitem__)
    return best if counts[best] >= 8 and counts[best] / len(words) > 0.1 else None


def _contradicts(declared: str, spoken: str) -> bool:
    """Whether a page that declares one language can hardly be written in what its words give away."""
    near = ({"da", "nb", "no", "nn", "sv"}, {"es", "pt", "gl", "ca"}, {"cs", "sk"}, {"id", "ms"})
    return not any(declared in group and spoken in group for group in near)


def _identified(text: str) -> str | None:
    """Return what the statistical identifier makes of *text*; None below a few words."""
    if sum(map(str.isalpha, text)) < _FEW_LETTERS:
        return None
    code = str(_IDENTIFIER.FindLanguage(text[:3000].encode(errors="replace")).language)
    return None if code.endswith("-Latn") else primary(code)  # that is a list of names
