"""The default summary: quoted, offline, and nothing that the text does not say."""

from __future__ import annotations

from bot.model import Sentence, Summary
from bot.summary import ranking
from bot.summary.facts import facts
from bot.summary.fragments import Page
from bot.summary.lexicon import lexicon
from bot.summary.passages import MAX_CHARACTERS, Passage, passages, stems_of

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
    The sentences have together at most *max_chars* characters; a text under 120 words is returned whole.
    """
    words = lexicon((language or "en")[:2].lower())
    found = passages(text, words)
    page = Page(text[:MAX_CHARACTERS], heading=title)
    if sum(p.length for p in found) < SHORT_TEXT:
        shown = [p for p in found if p.shown] or found
        return Summary(sentences=tuple(_sentence(page, p) for p in shown), whole_text=True)
    title_words = frozenset(stems_of(title, words))
    model = ranking.shipped_model()
    ranked = ranking.rank(found, title_words, words, model)
    room = int(_LARGEST_SHARE * sum(p.end - p.start + 1 for p in found))
    chosen = ranking.choose(ranked, max_sentences, max_chars, room, model)
    return Summary(
        sentences=tuple(_sentence(page, p) for p in chosen),
        facts=facts(ranked, chosen, max_facts, words, page),
    )


def _sentence(page: Page, passage: Passage) -> Sentence:
    return Sentence(
        text=passage.text,
        start=passage.start,
        end=passage.end,
        fragment=page.fragment(passage.start, passage.end),
    )
