"""Summaries by a language model, for servers that asked for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.model import Reading, Summary


class Writer(Protocol):
    """Whoever writes a summary and falls back on the quoted one; bot.summary.llm.LanguageModel in life."""

    async def summarise(
        self, title: str, text: str, quoted: Summary, *, language: str | None, target: str | None = None
    ) -> Summary:
        """The written summary, or *quoted*; never raises for what a server answers."""
        ...


class Consent(Protocol):
    """Whoever knows what each server asked for."""

    async def wants_model(self, guild_id: int) -> bool:
        """Whether this server asked for summaries by the model."""
        ...

    async def summary_language(self, guild_id: int) -> str | None:
        """The language it wants them in (ISO 639-1); None keeps each article's."""
        ...


class SummaryService:
    """What a server sees of a reading; what is stored stays quoted."""

    def __init__(self, writer: Writer | None, consent: Consent) -> None:
        self._writer = writer
        self._consent = consent

    @property
    def has_model(self) -> bool:
        """Whether there is a model to ask."""
        return self._writer is not None

    async def for_server(self, reading: Reading, guild_id: int) -> Reading:
        """The reading with the summary that this server asked for."""
        article = reading.article
        if self._writer is None or not article.text or reading.summary.whole_text:
            return reading
        if not await self._consent.wants_model(guild_id):
            return reading
        target = await self._consent.summary_language(guild_id)
        written = await self._writer.summarise(
            article.title, article.text, reading.summary, language=article.language, target=target
        )
        translated = written.model is not None and target is not None and target != article.language
        return replace(reading, summary=replace(written, translated=translated))
