"""`threadline read`: pages in, cards or JSON out, and one plain sentence for what cannot be read."""

from __future__ import annotations

import asyncio
import io
import json
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import build
from bot.cli.printing import encode, read_sources
from bot.cli.sources import Source
from bot.demo.site import SampleSite
from bot.model import Article, Summary
from bot.settings import ExtractionSettings, FetchSettings, Settings

pytestmark = pytest.mark.usefixtures("logging_as_before")

PAGES = Path("bot/demo/site")


@pytest.fixture
async def site() -> AsyncIterator[SampleSite]:
    site = SampleSite()
    await site.start()
    yield site
    await site.close()


async def reading(
    sources: Sequence[Source], settings: Settings, *, as_json: bool = False, terminal: bool = False
) -> tuple[bool, str, str]:
    """Whether all went well, standard output, standard error."""
    out, err = (
        Console(file=io.StringIO(), force_terminal=terminal, width=100, highlight=False, _environ={})
        for _ in range(2)
    )
    complete = await read_sources(sources, settings, as_json=as_json, out=out, err=err)
    assert isinstance(out.file, io.StringIO)
    assert isinstance(err.file, io.StringIO)
    return complete, out.file.getvalue(), err.file.getvalue()


def test_a_file_becomes_a_card_without_a_network() -> None:
    result = CliRunner().invoke(
        build(), ["read", str(PAGES / "ferry.html"), "--url", "https://example.org/ferry"]
    )

    assert result.exit_code == 0
    assert "Night ferry returns after eleven years" in result.stdout
    assert "The Sallow Bay Courier · Mara Okafor · 18 March 2026" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("size", [300, 3_000, 50_000])
def test_bytes_that_are_no_page_are_told_so(tmp_path: Path, size: int) -> None:
    noise = tmp_path / "noise.html"
    noise.write_bytes(random.Random(7).randbytes(size))

    result = CliRunner().invoke(build(), ["read", str(noise)])

    assert result.exit_code == 1
    assert "does not look like an article" in result.stderr
    assert result.stdout == ""


def test_standard_input_becomes_one_json_object_with_the_models_names() -> None:
    page = (PAGES / "nachtzug.html").read_text()

    result = CliRunner().invoke(
        build(), ["read", "--json", "-", "--url", "https://example.org/zug"], input=page
    )

    assert result.exit_code == 0
    found = json.loads(result.stdout)
    article, summary = found["article"], found["summary"]
    assert article["title"] == "Nachtzug nach Brennick fährt wieder"
    assert article["authors"] == ["Annegret Vollmer"]
    assert article["language"] == "de"
    assert article["url"] == "https://example.org/zug"
    assert "Hunde auch" in article["text"]
    assert summary["sentences"]
    for part in summary["sentences"]:
        assert article["text"][part["start"] : part["end"]]


async def test_several_addresses_become_lines_in_their_order_and_each_failure_a_sentence(
    site: SampleSite,
) -> None:
    paths = ["/seed-keepers", "/gone", "/paywall", "/ferry", "/needs-javascript", "/shop"]
    sources = [Source(name=path, url=f"{site.origin}{path}") for path in paths]
    settings = Settings(fetch=FetchSettings(allow_addresses=(site.host,)))

    complete, out, err = await reading(sources, settings, as_json=True)

    titles = [json.loads(line)["article"]["title"] for line in out.splitlines()]
    assert titles == ["The people who count seeds", "Night ferry returns after eleven years"]
    assert not complete
    assert err.splitlines() == [
        "/gone: 127.0.0.1 says this page does not exist (404).",
        "/paywall: The article at 127.0.0.1 is behind a paywall: only its opening can be read.",
        "/needs-javascript: The page at 127.0.0.1 needs JavaScript to show its text.",
        "/shop: The page at 127.0.0.1 does not look like an article.",
    ]


async def test_a_terminal_sees_how_far_it_is(site: SampleSite) -> None:
    sources = [Source(name=path, url=f"{site.origin}{path}") for path in ("/ferry", "/gone")]
    settings = Settings(fetch=FetchSettings(allow_addresses=(site.host,)))

    complete, out, err = await reading(sources, settings, terminal=True)

    assert not complete
    assert "Night ferry returns after eleven years" in out
    assert "Reading" in err
    assert "0/2" in err
    assert "/gone: 127.0.0.1 says this page does not exist (404)." in err


async def test_addresses_of_the_own_network_are_not_opened(site: SampleSite) -> None:
    complete, out, err = await reading([Source(name="x", url=f"{site.origin}/ferry")], Settings())

    assert (complete, out, err) == (False, "", "127.0.0.1 is not an address I may open.\n")


async def test_a_file_that_is_too_large_or_too_much_work_is_told_in_one_sentence() -> None:
    page = Source(name="page", url="https://example.org/a", body=(PAGES / "ferry.html").read_bytes() * 10)

    _, _, large = await reading([page], Settings(fetch=FetchSettings(max_bytes=10_000)))
    _, _, slow = await reading([page], Settings(extraction=ExtractionSettings(seconds=0.001)))

    assert large == "The page at example.org is too large to read.\n"
    assert slow == "The page at example.org took too much work to read.\n"


async def test_being_interrupted_leaves_nothing_behind(site: SampleSite) -> None:
    settings = Settings(fetch=FetchSettings(allow_addresses=(site.host,)))
    task = asyncio.create_task(reading([Source(name="x", url=f"{site.origin}/ferry")], settings))
    await asyncio.sleep(0.1)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert not [
        other for other in asyncio.all_tasks() if (other.get_name() or "").startswith(("read", "warm"))
    ]


def test_json_carries_nothing_that_a_terminal_takes_for_a_command() -> None:
    line = encode(Article(url="", title="a\x1b[2J\x9b1m\u202eb\u2028c\ufffd"), Summary())

    assert line.isprintable()
    assert json.loads(line)["article"]["title"] == "a\x1b[2J\x9b1m\u202eb\u2028c\ufffd"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://example.org/a", "--url", "https://example.org/b"], "goes with one file or standard input"),
        (
            ["page.html", "other.html", "--url", "https://example.org/b"],
            "goes with one file or standard input",
        ),
        (["page.html", "--url", "example.org"], "an address begins with https:// or http://"),
    ],
)
def test_an_address_for_a_page_goes_with_one_page_that_has_none(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(build(), ["read", *arguments])

    assert result.exit_code == 2
    assert words in result.stderr


def test_a_file_that_is_not_there_is_a_sentence_and_status_1() -> None:
    result = CliRunner().invoke(build(), ["read", "gone.html"])

    assert result.exit_code == 1
    assert result.stderr == "gone.html: there is no such file; an address begins with https://\n"
