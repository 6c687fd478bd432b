"""What stands in an article's text and is not its story: datelines, credits, captions, notices, headings."""

from __future__ import annotations

import re
from collections import Counter

from bot.summary.lexicon import Lexicon

_AGENCIES = (
    r"CNN|AP|Reuters|REUTERS|AFP|dpa|DPA|EFE|ANSA|Lusa|LUSA|ANP|PA|UPI|Xinhua|Bloomberg|Rolling Stone|EW\.com"
    r"|Mashable|CBS[\w /]*|ABC[\w /]*|NBC[\w /]*|Europa Press|AFP[\w /]*|CNN[\w .]*|sda|SDA|APA|apa|KNA|epd|sid|SID"
)
_PLACE = r"[^\W\d_a-z][\w.'’/ -]{1,30}(?:, ?[^\W\d_][\w.'’ -]{1,25}(?:, [^\W\d_a-z][\w.'’ -]{1,25})?)?"
_DATELINE = re.compile(
    # "LONDON, May 3 (Reuters) - ", "(CNN) -- ", "Berlin (dpa) – "
    rf"(?:{_PLACE}(?:, [^\W\d_][\w.]* \d{{1,2}})? ?)?\((?:{_AGENCIES})(?:[/ ][\w .]{{1,20}})?\)"
    r"(?: ?(?:--|[—–-])(?=[\s\w\"“]))?\s*"
    # "ASHFORD, Norden (PortNews) - ", of whatever agency
    r"|[A-ZÄÖÜÉÈÀÁÍÓÚÑÇ][A-ZÄÖÜÉÈÀÁÍÓÚÑÇ .'’-]{2,30}(?:, [^\W\d_][\w. ]{1,20})? \([^\W\d_][\w .&]{1,30}\)"
    r" ?(?:--|[—–-]) +"
    # "(BAYC) — "
    r"|\([A-Z][A-Z0-9./ ]{1,15}\) ?(?:--|[—–-]) *"
    # "(The Harbour Courier)It was", as lost line breaks leave it
    r"|\([^\W\d_a-z][\w.&’' ]{2,40}\)(?=[^\W\d_a-z])"
    # "WASHINGTON — ", "PARIS, France – "
    r"|[A-ZÄÖÜÉÈÀÁÍÓÚÑÇ][A-ZÄÖÜÉÈÀÁÍÓÚÑÇ .'’-]{2,30}(?:, [A-Z][\w. ]{1,20})? (?:--|[—–-]) +"
)
_BY = re.compile(r"^(?:by|von|par|por|di|door)[ .:]+(?:[^\W\d_][\w.'’-]*+[ ,.&]*+){1,8}+$", re.IGNORECASE)
#: Nothing but names, as in "Ian Parkes, Press Association." after a byline's "By."
_NAMES_ONLY = re.compile(r"^(?:[^\W\d_a-zß-ÿ][\w.'’-]*+(?:, | and | for | und | et | y |[ &/])*+){1,7}+\.?$")
_STAMP = re.compile(
    r"^\W*(?:\w+:?\W+)?\d{1,2}[:.]\d\d\b.{0,30}\b(?:19|20)\d\d\W*$"  # "05:31 EST, 6 June 2013."
    r"|^\W*(?:\w+,? ){0,2}\d{1,2}(?:st|nd|rd|th|\.)? \w+,? (?:19|20)\d\d\W*$"  # "Monday, 6 June 2013"
    r"|^\W*\w+ \d{1,2}, (?:19|20)\d\d\W*$"
    r"|^\W*\w+day, \w+ \d{1,2}\W*$"
)
#: Words that only a picture beside the text explains.
_POINTING = re.compile(
    r"[,(](?:(?<=,) (?:pictured|left|right|centre|center|above|below|top|bottom|in foreground)\b(?: with| and|,| )"
    r"|(?<=\()(?:pictured|left|right|above|below|centre)\b[^()]*\))"
)
_POINTING_START = re.compile(r"(?:Pictured|Above|Left|Right|Left to right)\b[:,]?")
_JOINTS = frozenset(":;,)")  # behind which something goes on
#: "Kay Lind, left, and Jo Amsel"
_POINTED = re.compile(r", (?:left|right|centre|center|above|below|pictured), ")
#: Who stands where, said in brackets behind a name.
_PLACED = re.compile(
    r"\((?:l|l ?(?:-|–|to) ?r)\)"
    r"|\((?:(?:far|second|third|top|bottom|front|back) )?(?:left|right|front|rear|back|centre|center|top|bottom)\)"
    r"|\((?:upper|middle|lower|top|bottom|front|back) row\)"
)
_LABELLED = re.compile(
    r"^[\"'‘“]?[^\W\d_][\w'’‘-]*(?: [\w'’‘,&-]+){0,6}[!?'’\"]{0,2}:[ \u00a0]?[\"'‘“]?(?:[^\W\d_a-z]|\d)"
)
#: "Feeling excited: when the singer …", where a text has lost its capitals.
_SMALL_LABELLED = re.compile(
    r"^[\"'‘“]? ?(?!(?:The|An?|One|What) )[^\W\d_a-z][\w'’-]*(?: [a-z'’-]+){0,3}: [a-z]"
)
#: "Kay Lind, ferry passenger.", under a picture or a quotation
_NAMED = re.compile(
    r"^(?:[^\W\d_a-z][\w.'’-]* ){1,3}[^\W\d_a-z][\w'’-]*, (?:[a-z-]+(?: [a-z-]+){0,2}|(?:of|from) [\w ]{2,40})\.$"
)
#: "Navy image of pirates off the coast", without a verb
_IMAGE = re.compile(
    r"^(?:[\w.]+ ){0,4}(?:image|photo|photograph|picture|screenshot|still|footage) (?:of|from|taken)\b"
)
#: "Kay Lind marshals the crowd last month": the present tense for what is over
_SEEN_LAST = re.compile(
    r"^(?:[A-Z][\w.'’-]* ){2,4}[a-z]{3,}s\b(?!.*\b(?:[a-z]{3,}ed|was|were|had|has|have|said|is|are|will)\b)"
    r".*\b(?:last|earlier this) (?:week|weekend|month|year|night|season|summer|winter|autumn|spring)\W*$"
)
#: "Kay Lind reported from Ashford.", who wrote it
_REPORTED = re.compile(
    r"^(?:[A-Z]\w*['’]s )?(?:(?:[A-Z][\w.'’-]+|in|and|[A-Z]\w+,),? ){2,16}(?:reported|wrote|contributed)"
    r"(?: (?:this (?:story|report)|from|in|for|to)\b[^.]{2,60})?\.$"
    r"|^(?:Journalists?|Reporters?|[A-Z]{2,5}['’]s) (?:(?:[A-Z][\w.'’-]+|in|from|and),? ){2,16}[A-Z]\w+\.$"
)
_REPORTING = "reported", "wrote", "contributed"  # quick to look for
_REPORTER = re.compile(r"Journalist|Reporter|[A-Z]{2,5}['’]s")
#: "4. What city …", "(2) The test …", one of a list
_NUMBERED = re.compile(r"\d{1,2}\.\s+\D|\(\d{1,2}\)\s+[^\W\d_a-z]")
_ADDRESS = re.compile(r"https?://|www\.\w|\b[\w.+-]+@[\w-]+\.\w{2,}|(?:^|\s)@+\w{2,}|\bpic\.twitter\.com")
_BROKEN = re.compile(r"\.(?:(?<=[^\W\d_]{2}\.) [^\W\d_A-Z]|(?<=\w \.) )")
_SMALL_START = re.compile(r"\W*[a-zà-ÿ]")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’“»)\]」』]*$")
#: "… and the lists of names they kept ...", as pages end that show a part of a text
_CUT_OFF = re.compile(r"(?:[^\W_](?:…|\.{3,})\.?|\[(?:…|\.\.\.)\]\.?)[\"'”’»]?$")
#: "(The second one opens in May.)"
_ASIDE = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*(?:[.!?]\)|\)[.!?]?$)")
_BRACKETED = re.compile(r"\s*\(([^()]{1,80})\)|\s*\[([^\[\]]{1,80})\]")
_CREDIT_END = re.compile(r"\(([^()]{3,100})\)\W*$|\[([^\[\]]{3,100})\]\W*$")
_BULLET = re.compile(r"(?:(?:--?|[—–])\s+|[•*·▪●■►]+\s*)(?=[^\s\u00ad])")
#: "150g frozen onions: £1.50.", in a recipe
_INGREDIENT = re.compile(
    r"^\W*\d+(?:[.,/]\d+)? ?(?:g|kg|ml|cl|dl|oz|lb|tbsp|tsp|EL|TL|cups?)\b"
    r"|:\s*[£$€]\d[\d.,]*(?: (?:for|per|each)\b.{0,20})?\W*$|\d (?:calories|kcal|kJ)\W*$"
)
_SHORT_INGREDIENT = 70  # characters
#: "21 February - the minister resigns", in a list of what happened when
_DAY_ENTRY = re.compile(r"^\W*\d{1,2}\.? [^\W\d_]{3,10}(?: \d{4})? ?[-–—:] ")
#: "[2] Lind, Kay, and Jo Amsel.", "2016. The rise of the ferries", "Lind, Kay 2001: …", in a list of sources
_REFERENCE = re.compile(
    r"^\W*(?:\[\d{1,3}\]\W*[^\W\d_]|(?:19|20)\d\d\. [^\W\d_]|[^\W\d_a-z][^.:()]{3,60} \((?:19|20)\d\d[a-z]?\)[:.] "
    r"|[^\W\d_][\w’'\u00ad-]+, [^\W\d_][\w.\u00ad-]+,? \(?(?:19|20)\d\d[a-z]?\)?[:.])"
)
_TAGGED = re.compile(r"\(([^\W\d_a-zß-ÿ][^()]{1,30})\)")
_TICKER = 6  # mentions of one bracketed name
_DENSE = 400  # characters that hold three of them
_SHORT_EVENT = 60  # characters: "Second half ends, Ashford 0, Norden 0."
_LONGEST_LABEL = 44  # characters
_SHORT_TELLING = 60  # characters: "Kay Lind had said."
_LONGEST_BYLINE = 160  # characters
_HEADING_WORDS = 25
_SMALL_NAME = re.compile(r"[^\W\d_]{1,5} ?['’]?[A-ZÀ-Þ]")  #: "de Blasio"


def dateline(sentence: str) -> int:
    """Return how many characters of *sentence* are its dateline.

    >>> dateline("LONDON (Reuters) - Shares fell."), dateline("Shares fell.")
    (19, 0)
    """
    found = _DATELINE.match(sentence)
    return found.end() if found and found.end() < len(sentence) else 0


def bullet(sentence: str) -> int:
    """Return how many characters of *sentence* are a dash or a bullet before it.

    >>> bullet("-- Add to that"), bullet("-5 degrees")
    (3, 0)
    """
    found = _BULLET.match(sentence)
    return found.end() if found else 0


def is_clutter(sentence: str, words: Lexicon) -> bool:
    """Whether *sentence* is a notice, a byline, a credit, a caption, a bare list, an aside or cut off by its page."""
    if (
        sentence.count(";") >= 3
        or " | " in sentence
        or (len(sentence) < 120 and sentence.endswith(" ."))
        or sentence.endswith(", .")
        or (sentence[:1] == "(" and _ASIDE.match(sentence))
        or _CUT_OFF.search(sentence, max(0, len(sentence) - 5))
    ):
        return True
    low = sentence.lower()
    if words.page_talk.occur_in(low) or is_caption(sentence, low, words):
        return True
    if words.notice.match(sentence) and (
        len(sentence) < 60 or ":" in sentence[:40] or _is_pointer(sentence, words)
    ):
        return True
    if is_credited(sentence, words) or _is_seen(sentence, words) or not words.verbal.search(sentence):
        return True
    return bool(
        (len(sentence) < _LONGEST_BYLINE and _BY.match(sentence))
        or (_holds_address_sign(sentence) and _ADDRESS.search(sentence))
        or (len(sentence) < _SHORT_TELLING and "," not in sentence and words.told_nothing.search(low))
        or _DAY_ENTRY.match(sentence)
        or (_NUMBERED.match(sentence) and not words.ordinal.match(low))
        or (
            len(sentence) < _LONGEST_BYLINE
            and sentence[-1:] == "."
            and (any(word in sentence for word in _REPORTING) or _REPORTER.match(sentence))
            and _REPORTED.match(sentence)
        )
        or ((" last " in sentence or " earlier this " in sentence) and _SEEN_LAST.match(sentence))
        or (_IMAGE.match(sentence) and not words.finite.search(sentence))
        or _REFERENCE.match(sentence)
        or (len(sentence) < _SHORT_INGREDIENT and _INGREDIENT.search(sentence))
        or ("(" in sentence and _PLACED.search(low))
        or _POINTED.search(sentence)
        or (
            len(sentence) < 80
            and (_STAMP.match(sentence) or _NAMES_ONLY.match(sentence) or _is_name(sentence, words))
        )
    )


def _is_seen(sentence: str, words: Lexicon) -> bool:
    """Whether *sentence* tells what somebody does in a picture."""
    if words.seen.match(sentence):
        return True
    return words.acting.match(sentence) is not None and not words.finite.search(sentence)


def _holds_address_sign(sentence: str) -> bool:
    """Whether *sentence* has what every address has: quick to look for."""
    return "@" in sentence or "://" in sentence or "www." in sentence or ".twitter" in sentence


def _is_name(sentence: str, words: Lexicon) -> bool:
    """Whether *sentence* is a name and what its bearer is, without a verb."""
    return _NAMED.match(sentence) is not None and not words.finite.search(sentence)


def _is_pointer(sentence: str, words: Lexicon) -> bool:
    """Whether a sentence that begins like a notice is one although it is long."""
    found = words.notice.match(sentence)
    return found is not None and " " in found[0].strip()


def ticker_start(text: str) -> int:
    """Return where a list of events begins that names the side of everybody in it; the length of *text* if none does.

    >>> events = ["Foul by Kay Lind (Ashford).", "Corner, won by Jo Amsel (Norden)."] * 6
    >>> ticker_start("A goalless draw was the end. " + " ".join(events))
    28
    """
    found = list(_TAGGED.finditer(text)) if text.count("(") >= _TICKER else []
    counts = Counter(tag[1] for tag in found)
    tags = [tag for tag in found if counts[tag[1]] >= _TICKER]
    for one, third in zip(tags, tags[2:], strict=False):
        if third.start() - one.start() < _DENSE:
            start = _line_start(text, one.start())
            while (before := _line_start(text, start - 1)) and start - before < _SHORT_EVENT:
                start = before
            return start
    return len(text)


def _line_start(text: str, at: int) -> int:
    """Where the sentence or line before *at* begins."""
    return max(text.rfind(stop, 0, max(at - 1, 0)) for stop in (". ", "\n")) + 1


def is_heading(line: str) -> bool:
    """Whether a line of a text in paragraphs is a heading or a caption: short and without a full stop."""
    return not _SENTENCE_END.search(line) and len(line.split()) < _HEADING_WORDS and len(line) < 200


def is_labelled(sentence: str) -> bool:
    """Whether *sentence* begins with a short label or points into a picture, as captions do.

    >>> is_labelled("Butting heads: The singer at the gala"), is_labelled("He said: it is over.")
    (True, False)
    """
    return (
        (":" in sentence and _LABELLED.match(sentence) is not None)
        or _POINTING_START.match(sentence) is not None
        or _POINTING.search(sentence) is not None
    )


def _points_first(sentence: str) -> bool:
    """Whether *sentence* begins with a word that points into a picture."""
    return (_POINTING if sentence[:1] in ",(" else _POINTING_START).match(sentence) is not None


def label(sentence: str, words: Lexicon) -> int:
    """Return how many characters of *sentence* are a caption's label ("Butting heads: "), which holds no name."""
    found = _LABELLED.match(sentence, 0, _LONGEST_LABEL)
    if not found or not sentence[found.end() - 1].isalpha():
        return 0
    head = found[0][1:-1]
    return 0 if head != head.lower() or words.speech.search(found[0].lower()) else found.end() - 1


def is_credited(line: str, words: Lexicon) -> bool:
    """Whether *line* ends with a credit in brackets, as captions do."""
    if ")" not in line[-8:] and "]" not in line[-8:]:
        return False
    credit = _CREDIT_END.search(line, max(0, len(line) - 110))
    return credit is not None and words.credit.search(credit[0].lower()) is not None


def is_caption(sentence: str, low: str, words: Lexicon) -> bool:
    """Whether *sentence* begins with a label that is no speaker: "Butting heads: The singer at the gala"."""
    if ":" not in sentence[: _LONGEST_LABEL + 2]:
        return _points_first(sentence)
    found = _LABELLED.match(sentence)
    if not found or '"' in found[0] or "“" in found[0] or "„" in found[0]:
        return _points_first(sentence) or _has_small_label(sentence, words)
    return not words.speech.search(low, 0, found.end()) and found.end() < _LONGEST_LABEL


def _has_small_label(sentence: str, words: Lexicon) -> bool:
    found = _SMALL_LABELLED.match(sentence)
    if not found or words.speech.search(found[0].lower()):
        return False
    # "Feeling excited: …": a participle makes no clause.
    return all(verb[0].endswith("ed") for verb in words.finite.finditer(found[0]))


def is_broken(sentence: str) -> bool:
    """Whether *sentence* shows the seams of a bad text: a stop in mid-sentence, a small first letter."""
    return _SMALL_START.match(sentence) is not None or _BROKEN.search(sentence) is not None


def goes_on(opening: str, words: Lexicon) -> bool:
    """Whether a sentence begins in small letters, as an item of a list or the rest of a line does, or with a mark.

    Names may begin in small letters, too. Its *opening* is enough. Where all nouns have capitals, one after the first
    word tells of no name.

    >>> from bot.summary.lexicon import lexicon
    >>> goes_on(": Well, 1981 was", lexicon("en")), goes_on("iPhones were", lexicon("en"))
    (True, False)
    """
    if opening[:1] in _JOINTS:
        return True
    if not opening[:1].islower() or opening[1:2].isupper():
        return False
    return words.capital_nouns or not _SMALL_NAME.match(opening)


def is_finished(sentence: str) -> bool:
    """Whether *sentence* ends as sentences do."""
    return _SENTENCE_END.search(sentence) is not None


def without_pointers(sentence: str, words: Lexicon) -> str:
    """Return *sentence* without bracketed pointers into a picture ("(pictured above)").

    They speak of the page; leaving them out leaves no gap in what is said.
    """

    def judged(found: re.Match[str]) -> str:
        return "" if words.pictured.search(found[0].lower()) else found[0]

    return _BRACKETED.sub(judged, sentence) if "(" in sentence or "[" in sentence else sentence
