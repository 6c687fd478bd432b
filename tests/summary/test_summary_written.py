"""A server gets written summaries when it asked for them, and quoted ones otherwise."""

from dataclasses import replace

from bot.model import Article, Reading, Sentence, Summary
from bot.services.summaries import SummaryService

QUOTED = Summary(sentences=(Sentence(text="The pool closes.", start=0, end=16),))
READING = Reading(
    id=1, article=Article(url="https://example.org/a", text="The pool closes.", language="en"), summary=QUOTED
)


class Parrot:
    """Writes what it is asked for, in capitals."""

    async def summarise(
        self, title: str, text: str, quoted: Summary, *, language: str | None, target: str | None = None
    ) -> Summary:
        said = Sentence(text=f"{text.upper()} ({target or language})", start=0, end=len(text))
        return replace(quoted, sentences=(said,), model="parrot")


class Asked:
    """Servers and the languages they want."""

    def __init__(self, servers: dict[int, str | None]) -> None:
        self.servers = servers

    async def wants_model(self, guild_id: int) -> bool:
        return guild_id in self.servers

    async def summary_language(self, guild_id: int) -> str | None:
        return self.servers[guild_id]


async def test_only_a_server_that_asked_gets_written_summaries() -> None:
    service = SummaryService(Parrot(), Asked({7: "de", 8: None}))

    assert await service.for_server(READING, 6) == READING
    assert (await service.for_server(READING, 7)).summary.sentences[0].text == "THE POOL CLOSES. (de)"
    assert (await service.for_server(READING, 8)).summary.model == "parrot"


async def test_without_a_model_everything_is_quoted() -> None:
    assert await SummaryService(None, Asked({7: None})).for_server(READING, 7) == READING


async def test_a_text_that_is_shown_whole_needs_no_summary() -> None:
    whole = replace(READING, summary=replace(QUOTED, whole_text=True))

    assert await SummaryService(Parrot(), Asked({7: None})).for_server(whole, 7) == whole
