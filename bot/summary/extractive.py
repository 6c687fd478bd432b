"""The default summary: quoted, offline, and nothing that the text does not say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Fact, FactKind, Sentence, Summary
from bot.summary import ranking, shapes
from bot.summary.facts import facts
from bot.summary.fragments import Page
from bot.summary.lexicon import LANGUAGES, guess, lexicon
from bot.summary.passages import MAX_CHARACTERS, Passage, passages, shared_stems

SHORT_TEXT = 120  #: words; a shorter text is shown whole
_LARGEST_SHARE = 0.3  # of the body


def summarise(
    title: str,
    text: str,
    *,
    language: str | None = None,
    max_sentences: int = 3,
    max_chars: int | None = None,
    max_facts: int = 5,
) -> Summary:
    """Return what *text* says in its own words: sentences in article order, and key facts.

    *text* is an article's blocks joined by newlines, *language* its ISO 639-1 code (guessed when None).
    The sentences have together at most *max_chars* characters (about 400 when None) and at most 30 % of the
    text; a text under 120 words is returned whole. Of an interview the facts are its questions, of a list
    its items.
    """
    words = lexicon(language[:2].lower() if language else guess(text))
    stems = shared_stems(words.language)
    found = passages(text, words, stems)
    page = Page(text[:MAX_CHARACTERS], heading=title)
    if sum(p.length for p in found) < SHORT_TEXT:
        whole = [p for p in found if p.shown] or found
        return Summary(sentences=tuple(_sentence(page, p, p.text) for p in whole), whole_text=True)
    room = int(_LARGEST_SHARE * sum(p.end - p.start + 1 for p in found))
    if words.language not in LANGUAGES:
        first = _lead(found, max_sentences, max_chars, room)
        return Summary(sentences=tuple(_sentence(page, p, p.text) for p in first))
    model = ranking.shipped_model()
    title_words = frozenset(stems.of(title))
    ranked = ranking.rank(found, title_words, words, stems, model)
    # Where every sentence leans or is too long, the first that fit are better than none.
    chosen = ranking.choose(ranked, max_sentences, max_chars, room, model) or _lead(
        found, max_sentences, max_chars, room
    )
    asked = shapes.questions(found, words)
    parts = asked or shapes.items(title, found)
    return Summary(
        sentences=tuple(_sentence(page, p, p.text) for p in chosen),
        facts=_listed(page, parts[:max_facts], FactKind.QUESTION if asked else FactKind.ITEM)
        if parts
        else facts(ranked, chosen, max_facts, title_words, words, stems, page),
    )


def _lead(found: Sequence[Passage], most: int, max_chars: int | None, room: int) -> tuple[Passage, ...]:
    """Return the first passages that fit, for texts in a language without a table."""
    limit = min(room, max_chars or room)
    chosen: list[Passage] = []
    for passage in found:
        if not passage.shown or not passage.whole or passage.text.endswith("?"):
            continue
        if len(chosen) == most or sum(len(p.text) + 1 for p in chosen) + len(passage.text) > limit:
            break
        chosen.append(passage)
    return tuple(chosen)


def _sentence(page: Page, passage: Passage, shown: str) -> Sentence:
    return Sentence(
        text=shown,
        start=passage.start,
        end=passage.end,
        fragment=page.fragment(passage.start, passage.end),
    )


def _listed(page: Page, parts: list[Passage], kind: FactKind) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            text=p.text,
            start=p.start,
            end=p.end,
            kind=kind,
            fragment=page.fragment(p.start, p.end),
        )
        for p in parts
    )
