"""The bot says in words what keeps it from being on Discord, ends when asked to, and never tells its token."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
import simcord
from loopback_discord import LoopbackDiscord
from typer.testing import CliRunner

from bot.cli import build
from bot.cli.processes import environment
from bot.cli.serving import ServingError, greet, lacking, serve
from bot.client import ThreadlineBot, create_bot
from bot.model import ChannelSettings, PasteMode
from bot.settings import Settings

pytestmark = pytest.mark.usefixtures("logging_as_before")

CANARY = "NDI.canary.aVeryLongTokenThatMustNeverBeSeen"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/t.sqlite3")


@pytest.fixture
async def discord_here(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    here = LoopbackDiscord(CANARY)
    async with here.open():
        here.stand_in(monkeypatch)
        yield here


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All that is logged, at DEBUG, by a handler that hides nothing."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:] = [logging.StreamHandler(stream)]
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


@asynccontextmanager
async def closing_bot(bot: ThreadlineBot) -> AsyncIterator[None]:
    """simcord leaves closing to the bot's owner."""
    try:
        yield
    finally:
        await bot.close()


async def logged(words: str, stream: io.StringIO, serving: asyncio.Task[None]) -> None:
    """Wait until *words* are logged; the end of *serving* before that is an error."""
    while words not in stream.getvalue():
        if serving.done():
            serving.result()
            raise AssertionError(f"it ended without saying {words!r}")
        await asyncio.sleep(0.02)


async def test_a_wrong_token_is_told_in_words_and_not_shown(
    settings: Settings, discord_here: LoopbackDiscord, everything_logged: io.StringIO
) -> None:
    with pytest.raises(ServingError, match="does not accept the token"):
        await serve(settings, f"{CANARY}-wrong")

    assert CANARY not in everything_logged.getvalue()


async def test_without_the_intent_it_goes_on_without_links_in_messages_and_ends_when_asked(
    settings: Settings, discord_here: LoopbackDiscord, everything_logged: io.StringIO
) -> None:
    discord_here.content = False
    serving = asyncio.create_task(serve(settings, CANARY))
    async with asyncio.timeout(30):
        await logged("Invite it", everything_logged, serving)
        os.kill(os.getpid(), signal.SIGTERM)
        await serving

    text = everything_logged.getvalue()
    assert "Discord does not grant the Message Content intent; going on without it." in text
    assert "The bot is in no server yet. Invite it: https://discord.com/oauth2/authorize?client_id=42" in text
    assert "\nstopped\n" in text  # the database's thread may have a last word
    assert discord_here.sessions == 1
    assert CANARY not in text


async def test_it_can_be_stopped_while_it_is_still_logging_in(
    settings: Settings, discord_here: LoopbackDiscord, everything_logged: io.StringIO
) -> None:
    serving = asyncio.create_task(serve(settings, CANARY))
    async with asyncio.timeout(30):
        await logged("logging in using static token", everything_logged, serving)
        os.kill(os.getpid(), signal.SIGINT)
        await serving

    assert "\nstopped\n" in everything_logged.getvalue()
    assert CANARY not in everything_logged.getvalue()


async def test_another_refusal_of_the_gateway_is_told_with_its_code(
    settings: Settings, discord_here: LoopbackDiscord, everything_logged: io.StringIO
) -> None:
    discord_here.closed_with = 4013

    with pytest.raises(ServingError, match=r"closed the connection \(code 4013\)"):
        await serve(settings, CANARY)

    assert CANARY not in everything_logged.getvalue()


async def test_an_unreachable_discord_is_told_in_words(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, everything_logged: io.StringIO
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api")

    with pytest.raises(ServingError, match="cannot be reached"):
        await serve(settings, CANARY)

    assert CANARY not in everything_logged.getvalue()


async def test_a_channel_that_lacks_permissions_is_named_at_the_start(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bot = create_bot(settings)
    async with closing_bot(bot), simcord.run(bot) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel(
            "articles",
            overwrites={env.bot.user: discord.PermissionOverwrite(send_messages_in_threads=False)},
        )
        await env.bot.app.channels.configure(
            ChannelSettings(guild_id=guild.id, channel_id=channel.id, paste=PasteMode.ON)
        )

        with caplog.at_level("WARNING"):
            await greet(env.bot)

    assert "lacks permissions: Send Messages In Threads" in caplog.text


def test_nothing_is_lacking_where_everything_needed_is_granted() -> None:
    assert not lacking(discord.Permissions(309237763072))


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings, in which the command is run without a token."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    return tmp_path


def test_without_a_token_it_says_where_to_get_and_where_to_put_one(elsewhere: Path) -> None:
    result = CliRunner().invoke(build(), ["run"])

    assert result.exit_code == 1
    assert "DISCORD_TOKEN=…" in result.stderr
    assert "https://discord.com/developers/applications" in result.stderr


def test_the_token_may_stand_in_a_file_and_the_environment_wins(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / ".env").write_text(
        "DISCORD_TOKEN=from-file\nTHREADLINE_FETCH__SECONDS=9\nTHREADLINE_LOG__LEVEL=$X\n"
    )
    monkeypatch.setenv("THREADLINE_FETCH__SECONDS", "7")

    found = environment()

    assert found["DISCORD_TOKEN"] == "from-file"
    assert found["THREADLINE_FETCH__SECONDS"] == "7"
    assert found["THREADLINE_LOG__LEVEL"] == "$X"


def test_a_wrong_setting_is_named_before_anything_starts(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREADLINE_FETCH__SECNODS", "7")
    monkeypatch.setenv("DISCORD_TOKEN", CANARY)

    result = CliRunner().invoke(build(), ["run"])

    assert result.exit_code == 1
    assert "THREADLINE_FETCH__SECNODS: unknown setting" in result.stderr
    assert CANARY not in result.output
