"""Whether a sentence written about a text says only what the text says: a check by form, not by meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f' ]\d{3})*(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_QUOTED = re.compile(r"[\"“„«‹「『]([^\"“”„«»‹›「」『』]{2,})[\"”“»›」』]")
_SPACE = re.compile(r"\s+")

#: Words that state a number; a digit with the same value in the text counts as well.
_NUMERALS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
}
#: Numerals that are articles or pronouns as well say nothing.
_AMBIGUOUS_NUMERALS = frozenset({"one", "un", "uno", "um", "een", "sei", "once"})
_MAGNITUDES = frozenset(
    """
    hundred hundreds thousand thousands million millions billion billions trillion dozen dozens half
    third quarter hundert tausend million millionen milliarde milliarden hälfte drittel cent mille
    millions milliard milliards moitié cien mil millón millones mitad
    """.split()
)
_CALENDAR = frozenset(
    """
    january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday januar februar märz mai juni juli oktober dezember montag
    dienstag mittwoch donnerstag freitag samstag sonntag janvier février mars avril juin juillet août
    septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche enero
    febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes
    miércoles jueves viernes sábado domingo yesterday today tomorrow gestern heute morgen hier
    aujourd'hui demain ayer hoy mañana
    """.split()
)
_NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot denied denies deny refused refuses
    rejected nicht kein keine keinen keiner keinem nie niemals niemand nichts ohne ne pas jamais aucun
    aucune rien personne sans no nunca ningún ninguna nadie nada sin non mai nessuno nessuna niente
    senza não nem ninguém sem niet geen nooit niemand zonder
    """.split()
)
_MIN_SHARED = 0.4  # of the longer words


def is_grounded(sentence: str, sources: Sequence[str], text: str, *, translated: bool = False) -> bool:
    """Whether everything checkable in *sentence* stands in *text* and it speaks of the same as *sources*.

    Numbers, names, days and quotations must be in *text*; in the same language, enough longer words must be
    in *sources* and a negation may be neither gained nor lost. A translated sentence may quote nothing: a
    quotation in other words is none.
    """
    folded = _fold(text)
    if not sources or not _numbers(sentence) <= _numbers(text):
        return False
    if not all(_fold(quoted).strip(" .,") in folded for quoted in _QUOTED.findall(sentence)):
        return False
    if translated:
        return not _QUOTED.search(sentence) and _names_are_in(sentence, folded, runs_only=True)
    cited = " ".join(sources)
    return (
        _names_are_in(sentence, folded, runs_only=False)
        and _special_words(sentence) <= _special_words(text)
        and _negated(sentence) == _negated(cited)
        and _shared(sentence, cited) >= _MIN_SHARED
    )


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return _SPACE.sub(" ", text.translate(_QUOTE_MARKS))


_QUOTE_MARKS = {ord(mark): "'" for mark in "’‘‚`´"} | {ord(mark): '"' for mark in "“”„«»"}


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _numbers(text: str) -> frozenset[str]:
    """The values that *text* states, in one spelling: "1,200" and "1 200" are "1200", "seven" is "7"."""
    found = {_plain(number) for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))}
    for word in _words(text):
        if word not in _AMBIGUOUS_NUMERALS and (value := _VALUES.get(word)):
            found.add(value)
    return frozenset(found)


def _plain(number: str) -> str:
    head = re.sub(r"[.,\u00a0\u202f' ](?=\d{3}(?:\D|$))", "", number)
    return head.replace(",", ".")


_VALUES = {word: str(value) for words in _NUMERALS.values() for value, word in enumerate(words.split())}


def _special_words(text: str) -> frozenset[str]:
    return frozenset(word for word in _words(text) if word in _CALENDAR or word in _MAGNITUDES)


def _negated(text: str) -> bool:
    return any(word in _NEGATIONS or word.endswith("n't") for word in _words(text))


def _shared(sentence: str, cited: str) -> float:
    """The share of the longer words of *sentence* whose stem, roughly, occurs in *cited*."""
    stems = {_stem(word) for word in _words(cited)}
    words = [word for word in _words(sentence) if len(word) > 3]
    if not words:
        # Scripts without spaces: pairs of characters instead of words.
        folded, source = _fold(sentence), _fold(cited)
        pairs = [folded[i : i + 2] for i in range(len(folded) - 1)]
        return sum(pair in source for pair in pairs) / max(1, len(pairs))
    return sum(_stem(word) in stems for word in words) / len(words)


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 3)]


def _names_are_in(sentence: str, folded: str, *, runs_only: bool) -> bool:
    """Whether every capitalised word is in the text.

    *runs_only* looks at runs of two or more, which are names also where all nouns have capitals.
    """
    words = [(match.group(), match.start()) for match in _WORD.finditer(sentence)]
    begins = [
        index == 0 or sentence[:start].rstrip(" \"'“„«")[-1:] in ".!?:"
        for index, (_, start) in enumerate(words)
    ]
    capital = [
        word[0].isupper() and not (runs_only and begins[index]) for index, (word, _) in enumerate(words)
    ]
    for index, (word, _) in enumerate(words):
        in_run = capital[index] and (
            capital[index - 1 : index] == [True] or capital[index + 1 : index + 2] == [True]
        )
        is_name = in_run or (capital[index] and not runs_only and not begins[index])
        if is_name and _stem(_fold(word)) not in folded:
            return False
    return True
