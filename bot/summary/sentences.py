"""Where the sentences of a text begin and end, in time linear in its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
#: Full stops of scripts without spaces end a sentence wherever they stand.
#: All begin with one class of characters, up to the first of which the engine skips.
_TERMINATOR = re.compile(
    r"[.!?…‽؟۔।。！？｡](?:"
    r"(?<=[.!?…‽؟۔।])[.!?…‽؟۔।]*(?:[\"'”’“‘»›)\]]|[ \u00a0\u202f]»)*(?=\s|$)"
    r"|(?<=[。！？｡])[。！？｡]*[”’」』）】]*|(?<=[.!?…])[.!?…]*[”’」』）】]+(?=[\u3040-\u9fff])"
    # "… for years.A second inquiry …", whose space the page has lost
    r"|(?<=[^\W\d_A-Z]{3}[.!?])(?=[^\W\d_a-z][^\W\d_A-Z]{0,20}[ ,]))"
)
_OPENING = "\"'“”‘’„‚«»‹›([{¿¡-–—•*#"
_CLOSING = "\"'”’“‘»›)]」』）】"
_WORD_BEFORE = re.compile(r"(?:[^\W_]|[.'’&-])+$")
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")
_LOOK_BACK = 24  # characters; longer words are no abbreviations
_LOOK_AHEAD = 40
_NEARBY = 2000  # characters, within which two sentences hardly meet in the same two words again
_LONG_WORD = 4  # letters; ends of addresses and of file names are shorter

#: Never the last word of a sentence.
_TITLES = {
    "": "dr prof st vs nr no fig vol art cf mt ft gen col lt sgt capt maj cmdr rev hon sen rep gov pres",
    "en": "mr mrs ms messrs mx supt insp atty dept ave blvd pvt cpl adm brig rt",
    "de": "abg abs abt abzgl aufl bd bgm bzw ca d.h dipl eff elektr etwa evtl exkl ff fr frl geb gest ggf hr hrsg "
    "i.d.r ing inkl jährl jh jhd kap mag max min mind mio monatl mr mrd mtl nat o.ä obm phil rer s.o sog sr str stv "
    "tel tsd u.a univ usw verf vgl z.b zzgl",
    "fr": "m mm mme mmes mlle mlles me mgr éd env av apr p.ex ch dir hab tél ste sté boul av",
    "es": "dra dras profa sr sra sres sras srta d dña dn ud uds avda ee.uu ee uu admón dpto gral ing lic pág págs tel",
    "pt": "dra profa sr sra srs sras srta d dona av eng lic pág págs tel exmo exma ilmo",
    "it": "sig sigg sig.ra dott dott.ssa prof.ssa avv ing arch geom rag on sen cap pag pagg tel ecc ss",
    "nl": "dhr mevr mw ir ing drs mr bijv bv nl o.a d.w.z m.b.t t.a.v enz evt ca resp blz tel jl",
}
_WORDS_AS_WELL = frozenset({"no", "art", "min", "max", "fig", "vol", "ave", "on"})
#: May end a sentence: it does when a word follows that usually starts one.
_SHORT_FORMS = {
    "": "etc inc ltd co corp bros jr sr ca approx est plc llc al",
    "en": "a.m p.m e.g i.e u.s u.k u.n u.s.a d.c jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed "
    "thu fri sat sun cos oz lb lbs sq mph min ph.d m.d b.a m.a calif fla ariz mass mich minn okla ore pa tenn "
    "tex va wash wis conn del ga ill ind kan ky la md mo neb nev",
    "de": "jan feb mär apr jun jul aug sept okt nov dez uhr",
    "fr": "janv févr avr juil sept oct nov déc",
    "es": "ene feb abr jun jul ago sept oct nov dic",
    "pt": "jan fev abr jun jul ago set out nov dez",
    "it": "gen feb apr giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr jun jul aug sept okt nov dec",
}
_STARTERS = frozenset(
    """
    the a an he she it they we you i in on at but and so if this that these those there his her their its our
    my when while after before as for with however meanwhile most some many no not what who why how according
    der die das ein eine er sie es wir ich in im am auf bei aber und doch wenn dies diese dieser nach vor mit
    le la les un une il elle ils elles nous en dans au aux mais et si ce cette ces selon après avant
    el los las una él ella ellos ellas su sus pero y si este esta estos estas según tras
    o os as um uma ele ela eles elas mas e se esta este segundo lo gli i uno lui lei ma questo questa secondo
    de het een hij zij ze we maar en als dit deze dat volgens na
    """.split()
)
#: Languages that write ordinals with a full stop ("am 3. Oktober").
_DOTTED_ORDINALS = frozenset(
    {"de", "da", "no", "nb", "nn", "fi", "cs", "sk", "hu", "pl", "sl", "hr", "et", "is"}
)


@cache
def _words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    titles, short = (
        frozenset(f"{table['']} {table.get(language, '')}".split()) for table in (_TITLES, _SHORT_FORMS)
    )
    return titles, short


def split(text: str, language: str | None = None, most: int | None = None) -> list[Span]:
    """Return the (start, end) of the sentences of *text*, the first *most*, without the white space around them.

    A line break always ends a sentence.

    >>> text = 'Dr. Ito left at 5 p.m. She said: "I am tired." The U.S. team stayed.'
    >>> [text[start:end] for start, end in split(text, "en")]
    ['Dr. Ito left at 5 p.m.', 'She said: "I am tired."', 'The U.S. team stayed.']
    """
    language = (language or "en")[:2].lower()
    return list(islice(_spans(text, language), most))


def _spans(text: str, language: str) -> Iterator[Span]:
    for line in _LINE.finditer(text):
        begin, end = line.span()
        for found in _TERMINATOR.finditer(text, begin, end):
            if _ends_sentence(text, begin, found, end, language):
                yield from _trimmed(text, begin, found.end())
                begin = found.end()
        yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end


def _ends_sentence(text: str, begin: int, found: re.Match[str], end: int, language: str) -> bool:
    mark, at = found[0], found.start()
    if found.end() >= end:
        return True
    if mark in ".!?" and not text[found.end()].isspace():
        return _is_glued(text, begin, found, language)
    if mark[0] in "。！？｡" or not text[found.end()].isspace():
        # Quoted speech goes on after its closing bracket: 「行く。」と述べた。
        return (
            text[found.end() : found.end() + 1] not in "とって、，）」』"
            if mark[-1] in _CLOSING
            else (not _inside_brackets(text, begin, at))
        )
    after = text[found.end() : min(end, found.end() + _LOOK_AHEAD)].lstrip()
    if not after:
        return True
    bare = after.lstrip(_OPENING).lstrip()
    quoted = bare != after and after[0] in "\"'“‘„«¿¡"
    if not bare or not (bare[0].isupper() or bare[0].isdigit() or quoted or not bare[0].isalpha()):
        return _is_unicased(bare)
    if mark[0] != ".":
        # "Why?" He left — but not: the firm Yahoo! Inc.
        return True
    return _stop_ends(text, max(begin, at - _LOOK_BACK), at, mark, bare, language)


def _is_glued(text: str, begin: int, found: re.Match[str], language: str) -> bool:
    """Whether the word right behind a stop begins a sentence; that of "Harbour.Chat" or "boats.Ferry" does not."""
    following = _WORD.match(text, found.end())
    if not following or _is_unicased(following[0]):
        return following is not None
    at = found.start()
    *_, before = _WORD.finditer(text, max(begin, at - _LOOK_BACK), at)
    pair = text[before.start() : following.end()]
    is_name = (
        before[0][0].isupper()
        or len(following[0]) < _LONG_WORD
        or text.count(pair, max(0, at - _NEARBY), at + _NEARBY) > 1
    )
    if not following[0][0].isupper() or (is_name and following[0].lower() not in _STARTERS):
        return False
    return found[0] != "." or _stop_ends(text, max(begin, at - _LOOK_BACK), at, ".", following[0], language)


def _is_unicased(bare: str) -> bool:
    """Whether the next sentence is in a script without capitals."""
    return bool(bare) and bare[0].isalpha() and bare[0].lower() == bare[0].upper()


def _inside_brackets(text: str, begin: int, at: int) -> bool:
    window = text[max(begin, at - 200) : at]
    return window.count("「") > window.count("」") or window.count("『") > window.count("』")


def _starts_sentence(word: str) -> bool:
    """Whether *word* usually starts one; "ET", behind a time of day, is no French "Et"."""
    return word[0].isupper() and word.lower() in _STARTERS and (len(word) == 1 or not word.isupper())


def _stop_ends(text: str, floor: int, at: int, mark: str, bare: str, language: str) -> bool:
    """Whether the full stop at *at*, before a word with a capital or a figure, ends a sentence."""
    tail = text[floor:at].rpartition(" ")[2]
    if language == "de" and tail.endswith("str") and bare[0].isdigit():
        return False  # "Hafenstr. 3"
    titles, short = _words(language)
    if len(tail) > 1 and tail.isalpha() and (whole := tail.lower()) not in titles and whole not in short:
        return True
    before = _WORD_BEFORE.search(text, at - len(tail), at)
    if not before or mark.startswith(".."):
        return True
    word = before[0].strip("'’-").rpartition("-")[2].lower()  # "then-Gov."
    following = _WORD.match(bare)
    starts = following is not None and _starts_sentence(following[0])
    if word.isdigit() and not text[floor : before.start()].strip():
        return False  # the number of an item
    if word.isdigit():
        return not (language in _DOTTED_ORDINALS and len(word) <= 3 and bare[0].isalpha() and not starts)
    if word in titles:
        return word in _WORDS_AS_WELL and not bare[0].isdigit()
    if len(word) == 1 and word.isalpha() and mark == ".":
        return starts
    if word in short or _INITIALS.match(word + "."):
        return starts or mark[-1] in _CLOSING
    return True
