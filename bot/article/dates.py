"""Dates as pages write them, in many languages: a day, the time where one is given, the zone where one is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from bot.article.months import MONTHS, plain, spelled_in_one

FIRST_YEAR, LAST_YEAR = 1990, 2049  #: outside lies history or a slip, not a day of publication
_LONGEST = 2_000  #: characters that are looked at

_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "pt": -8, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1, "eet": 2, "eest": 3, "msk": 3, "jst": 9,
    "kst": 9, "aest": 10, "aedt": 11,
}  # fmt: skip
# hours east of Greenwich in winter, where a country or a language has one zone; "+" marks European summer time
_EAST = {
    "jp": "9", "kr": "9", "cn": "8", "tw": "8", "hk": "8", "sg": "8", "my": "8", "ph": "8", "in": "5.5", "th": "7",
    "vn": "7", "tr": "3", "il": "2", "za": "2", "ae": "4", "pk": "5", "bd": "6", "ke": "3", "ng": "1", "de": "1+",
    "at": "1+", "ch": "1+", "fr": "1+", "it": "1+", "es": "1+", "nl": "1+", "be": "1+", "lu": "1+", "dk": "1+",
    "no": "1+", "se": "1+", "pl": "1+", "cz": "1+", "sk": "1+", "hu": "1+", "si": "1+", "hr": "1+", "rs": "1+",
    "fi": "2+", "gr": "2+", "ro": "2+", "bg": "2+", "lt": "2+", "lv": "2+", "ee": "2+", "ua": "2+", "uk": "0+",
    "ie": "0+", "ca": "-5",
    "ar": "-3", "br": "-3", "uy": "-3", "bo": "-4", "ve": "-4", "co": "-5", "ec": "-5", "pe": "-5",
    "cr": "-6", "gt": "-6", "mx": "-6", "lang:ja": "9", "lang:ko": "9", "lang:de": "1+", "lang:it": "1+",
    "lang:pl": "1+",
    "lang:sv": "1+", "lang:da": "1+", "lang:nb": "1+", "lang:no": "1+", "lang:cs": "1+", "lang:hu": "1+",
    "lang:fi": "2+",
    "lang:tr": "3",
}  # fmt: skip

_YEAR = r"((?:19|20)\d\d)"
_NAME = r"((?:[^\W\d_]|[\u0900-\u0e7f]){2,14})"  # vowel signs from Devanagari to Thai are no letters to \w
_ISO = re.compile(
    rf"(?<![\d.])(?<!\d[-/]){_YEAR}-([01]?\d)-([0-3]?\d)(?!\d)"
    r"|(?<![\d/.-])((?:19|20)\d\d)([01]\d)([0-3]\d)(?=T?\d{4}|T|$|\s)"
)
#: Pattern, the kind of its groups, and characters of which it needs one, so that most are not tried; "" needs a word.
_PATTERNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (_ISO, "iso", "0123456789"),
    (re.compile(rf"{_YEAR}\s?[年년]\s?([01]?\d)\s?[月월]\s?([0-3]?\d)\s?(?:[日일]|(?!\d))"), "ymd", "年년"),
    (re.compile(rf"(?<![\d/.-]){_YEAR}\s?([./])\s?([01]?\d)\s?\2\s?([0-3]?\d)(?!\d)"), "y-md", "./"),
    (re.compile(rf"(?<![\d.])([0-3]?\d)\.\s?([01]?\d)\.\s?{_YEAR}(?!\d|:\d\d(?!:))"), "dmy", "."),
    (re.compile(r"(?<![\d.])([0-3]?\d)\.([01]?\d)\.(\d\d)(?!\d(?!\d:\d\d)|\.\d)"), "dmy", "."),
    (re.compile(rf"(?<![\d/-])([0-3]?\d)(\s?[/|-]\s?)([0-3]?\d)\2{_YEAR}(?!\d)"), "d-my", "/-|"),
    (re.compile(r"(?<![\d/])([0-3]?\d)(/)([0-3]?\d)/(\d\d)(?![\d/])"), "d-my", "/-"),
    (
        re.compile(
            rf"(?<!\d)([0-3]?\d)(?:st|nd|rd|th|er|º|ª|\.)?[\s\-/]*(?:de\s|of\s|d['’]|tháng\s)?\s*(?:{_NAME}|"
            rf"(\d\d?)(?=\snăm))"
            rf"[.,]?[\s\-/]*(?:del?\s|năm\s)?\s*{_YEAR}(?!\d)"
        ),
        "dMy",
        "",
    ),
    (
        re.compile(
            rf"(?<!\w){_NAME}\.?\s+([0-3]?\d)(?:st|nd|rd|"
            rf"th)?,?\s+(?:\d\d:\d\d:\d\d\s+(?:[+-]\d{{4}}\s+)?)?{_YEAR}(?!\d)"
        ),
        "Mdy",
        "",
    ),
    (re.compile(rf"(?<!\w){_NAME}\.?\s+([0-3]\d){_YEAR}(?!\d)"), "Mdy", ""),  # boxes side by side
    (re.compile(rf"(?<!\d){_YEAR}[.,]?\s+{_NAME}\.?\s+([0-3]?\d)(?!\d)"), "yMd", ""),
)
_TIME = re.compile(
    r"^[\sT,|–—\-·•@)]*(?:um|at|às|à|kl\.?|o|ob|alle ore|ore|a las|saat|u|"
    r"på)?[\s.]*(\d{1,2})\s?([:.hH시時])\s?(\d\d)(?:\s?[:.분分]\s?(\d\d?)(?!\d))?"
    r"(?:[.,]\d+)?\s*([ap]\.?m\.?)?\s*(?:Uhr|uur|h|o'clock)?\s*[(]?\s*((?:UTC|GMT)?\s?[+-]\d\d:?\d\d|"
    r"[A-Z]{1,4}(?=\W|$))?",
    re.IGNORECASE,
)
_DIGITS = {
    ord(c): str(i) for zero in "٠۰०০๐" for i, c in enumerate(chr(ord(zero) + n) for n in range(10))
}  # Arabic, Persian, Devanagari, Bengali, Thai
_ANY = re.compile(r"(?:19|20)\d\d|\d\d?[./]\d\d?[./]\d\d")
_MACHINE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*\s?(?:Z|UTC|[+-]\d\d:?\d\d)?)?$")
_WORD = re.compile(r"[^\W\d_]{2}|[\u0900-\u0e7f]{2}")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date as written: its day, the time and the offset if the text has them, and where in the text it stands."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None
    start: int = 0
    end: int = 0

    def at(self, zone: tzinfo) -> datetime:
        """Return the moment, aware; a day alone is its midnight, and *zone* is taken where the text has none."""
        return datetime.combine(self.day, self.clock or time(), self.zone or zone)


def parse_date(text: str, *, month_first: bool = False) -> Moment | None:
    """Return the first date of *text*; None when there is none. *month_first* decides what 3/4/2020 means.

    >>> parse_date("Veröffentlicht am 3. März 2020, 14.30 Uhr").clock
    datetime.time(14, 30)
    >>> parse_date("on Tuesday") is None
    True
    """
    return next(iter(find_dates(text, month_first=month_first)), None)


def find_dates(text: str, *, month_first: bool = False) -> tuple[Moment, ...]:
    """Return the dates of *text* in the order of their patterns, machine formats first."""
    return _found_dates(text[:_LONGEST], month_first)


@lru_cache(maxsize=256)
def _found_dates(text: str, month_first: bool) -> tuple[Moment, ...]:
    """The same, remembered, and all of them where one is asked for: pages declare one date in several places."""
    return tuple(_dates(text if text.isascii() else text.translate(_DIGITS), month_first))


def _dates(text: str, month_first: bool) -> Iterator[Moment]:
    if _EPOCH.fullmatch(text.strip()):
        yield from _of_epoch(text.strip())
        return
    if _ANY.search(text) is None:
        return
    machine = _MACHINE.match(text) is not None
    words = not machine and _WORD.search(text) is not None
    text = spelled_in_one(text) if words else text
    taken: list[tuple[int, int]] = []
    for pattern, kind, needed in _PATTERNS[:1] if machine else _PATTERNS:
        if not (any(c in text for c in needed) if needed else words):
            continue
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            day = _day(kind, match.groups(), month_first)
            if day is not None:
                taken.append(match.span())
                clock, zone = _clock(text, match)
                yield Moment(day=day, clock=clock, zone=zone, start=match.start(), end=match.end())


def _of_epoch(digits: str) -> Iterator[Moment]:
    """Yield the moment of seconds or milliseconds since 1970."""
    at = datetime.fromtimestamp(int(digits[:10]), UTC)
    if at.year <= LAST_YEAR:
        yield Moment(day=at.date(), clock=at.time(), zone=UTC, end=len(digits))


def _day(kind: str, groups: tuple[str, ...], month_first: bool) -> date | None:
    """Return the day a pattern's groups name."""
    if kind == "iso":
        year, month, day = groups[:3] if groups[0] else groups[3:]
    elif kind == "ymd":
        year, month, day = groups
    elif kind == "y-md":
        year, month, day = groups[0], groups[2], groups[3]
    elif kind == "dmy":
        day, month, year = groups
    elif kind == "d-my":
        day, month, year = groups[0], groups[2], groups[3]
        if int(day) <= 12 and (month_first or int(month) > 12):
            day, month = month, day
            if int(month) > 12:
                day, month = month, day
    elif kind == "yMd":
        year, month, day = groups
    elif kind == "dMy":
        day, month, year = filter(None, groups)
    else:
        month, day, year = groups
    return _date(year, month, day)


def _date(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdecimal() else MONTHS.get(plain(month), 0)
    full = (
        int(year)
        if len(year) == 4
        else 2000 + int(year)
        if int(year) <= LAST_YEAR - 2000
        else 1900 + int(year)
    )
    if not FIRST_YEAR <= full <= LAST_YEAR:
        return None
    try:
        return date(full, number, int(day))
    except ValueError:
        return None


def _clock(text: str, match: re.Match[str]) -> tuple[time | None, tzinfo | None]:
    """Return the time and the offset after a date (or, in JavaScript's own format, around its year)."""
    after = text[match.end() : match.end() + 40]
    compact = (
        re.match(r"T?(\d\d)(\d\d)(\d\d)?(?!\d)\s*(Z|[+-]\d\d:?\d\d)?", after)
        if match.lastindex == 6
        else None
    )
    if compact:
        return _time(compact[1], compact[2], compact[3], None), _zone(compact[4])
    within = re.search(r"(\d\d):(\d\d):(\d\d)(?:\s+([+-]\d{4}))?", match[0])
    if within:
        return _time(within[1], within[2], within[3], None), _zone(within[4])
    found = _TIME.match(after)
    if not found or (found[2] == "." and re.match(r"\.\d\d", after[found.end(3) :])):
        return None, None
    clock = _time(found[1], found[3], found[4], found[5])
    return clock, _zone(found[6]) if clock else None


def _time(hour: str, minute: str, second: str | None, half: str | None) -> time | None:
    hours = int(hour)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        return time(hours, int(minute), int(second or 0))
    except ValueError:
        return None


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    offset = re.search(r"([+-])(\d\d):?(\d\d)$", name)
    if offset:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(shift if offset[1] == "+" else -shift) if shift < timedelta(hours=15) else None
    hours = _ZONES.get(name.casefold())
    return None if hours is None else UTC if hours == 0 else timezone(timedelta(hours=hours))


def local_zone(host: str, language: str | None, day: date) -> tzinfo:
    """Return the zone that a page's readers live in, as far as its host's country or its language tells; else UTC."""
    east = _EAST.get(host.rpartition(".")[2]) or _EAST.get(f"lang:{language}")
    if east is None:
        return UTC
    hours = float(east.rstrip("+")) + (1 if east.endswith("+") and _is_summer(day) else 0)
    return UTC if hours == 0 else timezone(timedelta(hours=hours))


def _is_summer(day: date) -> bool:
    """Whether European clocks stand on summer time: last Sunday of March to last Sunday of October."""
    start, end = date(day.year, 3, 31), date(day.year, 10, 31)
    start -= timedelta(days=(start.weekday() + 1) % 7)
    end -= timedelta(days=(end.weekday() + 1) % 7)
    return start <= day < end
