"""What a byline says: names cut out of the words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.article.name_words import PARTICLES, ROLES, TITLES
from bot.article.names import (
    EDGES,
    has_role,
    is_name_word,
    is_nobody,
    is_organisation,
    is_personal,
    is_single_name,
    is_somebody,
    name_key,
    tidy,
)

_LEADS = (
    "by von vom par por di door av af przez durch od írta napsal napsala skrevet skriven skrivet kirjoittanut "
    "yazan yazar oleh penulis autor autorin autoren autorinnen autora autores autorka autoři auteur auteurs "
    "auteure auteurice autore autori autrice author authors author(s) text texte texto testo tekst teksti "
    "words story written posted published article reported verfasst geschrieben veröffentlicht erstellt "
    "eingestellt gepostet bericht beitrag kommentar kolumne interview analyse opinion publié publiée publicado "
    "escrito écrit scritto redacción gastbeitrag verfasser verfasserin journalist journalistin szerző dziennikarz "
    "автор авторы текст автори от кореспондент από του συντάκτης γράφει بقلم كتب كتبت مאת מאת כתב "
    "लेखक द्वारा tác giả bởi 作者 撰文 文 記者 记者 記者: 執筆 著者 投稿者 글 작성자 redigerat reporter redakteur "
    "redakteurin redaktion compiled reviewed edited about over über zum zur"
).split()
_LEAD_WORDS = "|".join(sorted(map(re.escape, set(_LEADS)), key=len, reverse=True))
_BY = r"(?:by|von|vom|par|por|di|door|av|af|przez|durch|od|oleh|bởi|от|από|του|द्वारा|uit handen van|da parte di)"
_LEAD = re.compile(
    rf"^(?:(?:{_LEAD_WORDS})\s*(?:[:|：–-]+\s*|\s+(?={_BY}\s))"
    rf"|(?:(?:ein|eine|un|une|a|an|the|il|el|la)\s+)?(?:(?:gast|guest|blog)[\s-]*)?"
    rf"(?:beitrag|kommentar|artikel|analyse|essay|post|article|story|column|opinion)\s+(?={_BY}\s)"
    rf"|about\s+the\s+authors?\s*:?\s*|über\s+(?:den\s+autor|die\s+autorin)\s*:?\s*"
    rf"|{_BY}(?:\s*[:：]\s*|\s+)|(?:作者|撰文|記者|记者|執筆|著者|投稿者|글|文)\s*[:：/／]?\s*"
    rf"|(?:بقلم|مאת|מאת)\s*[:：]?\s*|(?:yazan|yazar|írta|автор|penulis|tác giả|skrevet av|skriven av|"
    rf"autor(?:in|en|innen|es|as)?|authors?|auteur(?:es?|s)?|"
    rf"autor[ei]|autora)\s+(?=\S+\s+\S))",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·\n\t/、，]|,|&|\+|\s(?:and|und|et|och|og|y|e|with|mit|con|ja|ve|i|en|és|και|и|dan|và|"
    r"avec|met|unter mitarbeit von)\s)\s*",
    re.IGNORECASE,
)
_FIRST_WORDS = frozenset(_LEADS) | frozenset(
    "foto fotos photo photos bild bilder image credit and und with mit".split()
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】|<[^<>]*>")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+")
_WHEN = re.compile(
    r"\s(?:\d{1,2}[.:/]\s?\d|\d{1,2}\.? \w+ \d{4}|\w+\.? \d{1,2}, \d{4}|on \w+ \d|am \d|le \d|el \d|il \d|\d{4})"
    r"|\s[-–—]+\s|\s{2,}|\s(?=(?:fotos?|photos?|photographs?|illustrationen?|illustrations?|interview|"
    r"mitarbeit|published|updated|posted|veröffentlicht|aktualisiert|publié|publicado|pubblicato"
    r"|last updated|stand)\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s(?:[Ff]or (?:[Tt]he )?[A-Z]|in [A-Z]|aus [A-ZÄÖÜ]|à [A-Z]|en [A-Z]|special to|über\s|from\s|"
    r"im Gespräch|reports?\b|berichtet\b|"
    r"schreibt\b|has |is |ist |war |was |contributed).*$"
)
_SUFFIX = re.compile(r"\s*(?:특파원|기자|선임기자|인턴기자|記者|记者|特派員|氏|さん|著|報道|报道|編集委員)$")
_REPORTER = re.compile(r"(?:특파원|기자|記者|记者|特派員)$")
_CREDIT = re.compile(
    r"©|\(c\)|\bphotos?(?:graphs?|graphy|grapher)?\b|\bfotos?\b|\bbild(?:er)?\b|\bfotograf\w*|\bgetty\b|\bcredits?\b|"
    r"\billustrations?\b|\bimages?\b|\breuters/|写真|사진|фото",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"(?:texte?|words|story|by|von|par|por|testo|texto)\b", re.IGNORECASE)
_BOTH_LEAD = re.compile(  # whoever took the pictures wrote, too
    r"^(?:texte?|words|story|testo|texto)\s*(?:und|and|et|e|y|&|\+|/)\s*"
    r"(?:fotos?|photos?|photography|photographs|bild(?:er)?|pictures|images?)\s*(?:[:：]|by\b|von\b|par\b)?\s*",
    re.IGNORECASE,
)
_CREDIT_LEAD = re.compile(
    r"^(?:(?:and|und|et|y|e|&|\+)\s+)?(?:fotos?|photographs?|photography|photos?|bild(?:er)?|images?|"
    r"credits?|illustrations?|©)\s*(?:[:：/]|by\b|von\b|par\b)?\s*",
    re.IGNORECASE,
)
_SIMPLE = re.compile(
    r"[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)? (?:[A-Z]\. )?[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?"
)
_GLUED_LEAD = re.compile(r"^(By|Von)(?=[A-ZÀ-Þ][a-zà-þ.])")
_JOINED_LEAD = re.compile(r"^(?:and|und|et|y|e|och|og|with|mit)\s+", re.IGNORECASE)
_STRETCHES = re.compile(r"\s*[\n|•·]\s*")
_GROUPS = re.compile(r"\s*;\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """One name of a byline as it may be shown, and what stood around it."""

    text: str
    key: str  #: folded, for comparing
    by: bool  #: a word such as "By" stood in front
    credit: bool  #: the line speaks of pictures
    reporter: bool = False  #: a word for reporter stood behind, as no system writes it by itself


@lru_cache(maxsize=512)
def split_byline(value: str) -> tuple[NamePart, ...]:
    """Return the stretches of *value* that may be names, in order, cut but not judged: junk stays for the judge."""
    if _is_plain_name(value):
        return (NamePart(text=value, key=name_key(value), by=False, credit=False),)
    text = _tidy_lines(value)
    if not text.isascii() or "(" in text or "[" in text:
        text = _BRACKETS.sub(" ", text)
    if "@" in text or "www." in text or "://" in text:
        text = _ADDRESS.sub(" ", text)
    text = _BOTH_LEAD.sub("By ", _unrepeated(_GLUED_LEAD.sub(r"\1 ", text.strip(EDGES))))
    by = _LEAD.match(text) is not None
    found: dict[str, NamePart] = {}
    for stretch in _STRETCHES.split(text):
        pictures = _CREDIT.search(stretch) is not None
        written = pictures and _WRITTEN.match(stretch) is not None
        for line in _WHEN.split(_without_lead(stretch))[:3]:
            bare = _without_lead(line)
            credit = pictures and (not written or _CREDIT_LEAD.match(bare) is not None)
            for part in _pieces(_CREDIT_LEAD.sub("", bare) if pictures else bare):
                cleaned = _clean_part(part)
                key = name_key(cleaned)
                if key and 2 <= len(cleaned) <= 60 and len(cleaned.split()) <= 6 and key not in found:
                    reporter = _REPORTER.search(part) is not None
                    found[key] = NamePart(text=cleaned, key=key, by=by, credit=credit, reporter=reporter)
    return tuple(found.values())


def _is_plain_name(text: str) -> bool:
    """Whether *text* is a plain given name and surname, so that there is nothing to cut."""
    return (
        _SIMPLE.fullmatch(text) is not None
        and not has_role(text)
        and text.split(" ", 1)[0].casefold() not in _FIRST_WORDS
    )


def _tidy_lines(value: str) -> str:
    """Tidy *value* line by line; empty lines go."""
    if "<" in value:
        value = re.sub(r"<[^<>]{0,200}>", " ", value)
    if "\n" not in value:
        return tidy(value)
    return "\n".join(filter(None, (tidy(line) for line in value.split("\n"))))


def _unrepeated(text: str) -> str:
    """Undo a name that a page shows twice in a row, once for narrow screens."""
    half = len(text) // 2
    return text[:half] if 4 <= half <= 40 and text[:half] == text[half:].lstrip() else text


def _without_lead(text: str) -> str:
    previous = None
    text = text.strip(EDGES)
    while previous != text:
        previous, text = text, _LEAD.sub("", text, count=1).strip(EDGES)
    return text


def _pieces(line: str) -> list[str]:
    """Split a list of names; "Surname, Given" pairs are turned round."""
    out: list[str] = []
    for group in _GROUPS.split(line):
        halves = group.split(",")
        if len(halves) == 2 and _is_inverted(halves[0].strip(), halves[1].strip()):
            out.append(f"{halves[1].strip()} {halves[0].strip()}")
        else:
            out += [piece for piece in _SPLIT.split(group) if piece]
    return out


def _is_inverted(surname: str, given: str) -> bool:
    """Whether "surname, given" is one person in catalogue order."""
    words, firsts = surname.split(), given.split()
    if (
        not words
        or not firsts
        or len(firsts) > 2
        or is_nobody(given)
        or is_organisation(given)
        or has_role(given)
    ):
        return False
    if len(words) > 1 and words[0].casefold() not in PARTICLES:
        return False
    if len(firsts) == 2 and not re.fullmatch(r"\w\.?", firsts[1]):
        return False
    return all(is_name_word(word) and word.casefold() not in ROLES for word in words + firsts)


def _clean_part(part: str) -> str:
    """Cut leads, roles, places and reporters' suffixes off one name until nothing more comes off."""
    part = part.strip(EDGES)
    if _is_plain_name(part):
        return part
    previous = None
    while previous != part:
        previous = part
        part = _JOINED_LEAD.sub("", part)
        part = _TAIL.sub("", _without_lead(part))
        part = _without_roles(_SUFFIX.sub("", part)).strip(EDGES.replace(".", ""))
        part = part if re.search(r"\b\w\.$|\b(?:Jr|Sr)\.$", part) else part.rstrip(EDGES)
    return _mixed_case(part)


def _without_roles(part: str) -> str:
    """Cut titles, and occupations before and after a name of two to four words."""
    words = part.split()
    while len(words) > 2 and words[0].casefold().strip(EDGES) in TITLES:
        words.pop(0)
        part = " ".join(words)
    if len(words) < 3:
        return part
    role = [word.casefold().strip(EDGES) in ROLES for word in words]
    start = role.index(False) if False in role else 0
    end = role.index(True, start) if True in role[start:] else len(words)
    return " ".join(words[start:end]) if (start or end < len(words)) and 2 <= end - start <= 4 else part


def _mixed_case(part: str) -> str:
    """Write a name in capitals as it is written elsewhere."""
    if len(part) <= 5 or not part.isupper() or " " not in part:
        return part
    words = [
        word if len(word.strip(".")) <= 2 and "." in word else _capitalised(word) for word in part.split()
    ]
    return " ".join(words)


def _capitalised(word: str) -> str:
    if word.casefold() in PARTICLES and len(word) > 1:
        return word.casefold()
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word)


def parse_byline(text: str) -> tuple[str, ...]:
    """Return the people named in *text*, in order.

    >>> parse_byline("By Monica Nickelsburg and Todd Bishop")
    ('Monica Nickelsburg', 'Todd Bishop')
    >>> parse_byline("About the Author: admin")
    ()
    """
    parts = split_byline(text)
    good = [p for p in parts if not p.credit and is_somebody(p.text)]
    full = [p.text for p in good if is_personal(p.text)]
    if full:
        return tuple(full)
    return tuple(p.text for p in good if p.by and is_single_name(p.text))
