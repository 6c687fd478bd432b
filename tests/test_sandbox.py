"""Work on strangers' input happens in children that can be killed, and nothing of ours is harmed."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import os
import pickle
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import discord
import msgspec
import pytest
import sandboxed
import simcord
from discord.ext import commands

from bot.errors import HostileDocumentError, StatusError
from bot.model import Page
from bot.sandbox import Sandbox, SandboxKilled, serve, written


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(seconds=0.5, megabytes=256, warm_up=sandboxed.warm)
    sandbox.start()
    yield sandbox
    await sandbox.close()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def children() -> list[str]:
    """The processes that this one has not seen end, zombies included."""
    if sys.platform != "linux":
        return []
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [pid for task in tasks for pid in task.read_text().split()]
    return [pid for pid in pids if b"bot.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes() or zombie(pid)]


def zombie(pid: str) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_call_comes_back_with_its_result(sandbox: Sandbox) -> None:
    assert await sandbox.run(sandboxed.double, 21) == 42
    assert await sandbox.run(sandboxed.double, number=4) == 8


async def test_a_large_document_goes_and_comes_back_whole(sandbox: Sandbox) -> None:
    assert await sandbox.run(sandboxed.article, "ä" * 3_000_000) == sandboxed.article("ä" * 3_000_000)


async def test_a_day_comes_back_as_the_day_it_was(sandbox: Sandbox) -> None:
    article = await sandbox.run(sandboxed.midnight_in_berlin)

    assert article.published is not None
    assert article.published.date() == date(2026, 4, 3)


async def test_a_child_is_warm_before_its_first_call(sandbox: Sandbox) -> None:
    assert await sandbox.run(sandboxed.was_warm)


async def test_a_sandbox_that_was_not_started_starts_with_the_first_call() -> None:
    sandbox = Sandbox(warm_up=sandboxed.warm)

    assert await sandbox.run(sandboxed.was_warm)
    await sandbox.close()


async def test_errors_made_for_people_come_back_as_they_were(sandbox: Sandbox) -> None:
    with pytest.raises(HostileDocumentError) as refused:
        await sandbox.run(sandboxed.refuse, "https://example.org/a")
    with pytest.raises(StatusError) as status:
        await sandbox.run(sandboxed.status, "https://example.org/a")

    assert (refused.value.url, refused.value.why) == ("https://example.org/a", "too deep")
    assert (status.value.status, status.value.retry_after) == (418, 60)


async def test_a_bug_is_logged_without_the_words_of_the_document(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(SandboxKilled) as caught:
        await sandbox.run(sandboxed.bug, "words of a page")

    record = next(record for record in caplog.records if record.name == "bot.sandbox")
    assert record.__dict__["kind"] == "ValueError"
    assert "sandboxed.py" in record.__dict__["frames"]
    assert "words of a page" not in f"{record.__dict__} {caught.value}"


@pytest.mark.parametrize(
    "overstep",
    [
        *(sandboxed.spin, sandboxed.spin_without_alarm, sandboxed.crash, sandboxed.leave),
        sandboxed.long_answer,
        pytest.param(
            sandboxed.hoard,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the memory limit"),
        ),
    ],
)
async def test_a_child_that_oversteps_is_killed_and_replaced(
    overstep: Callable[[], object], sandbox: Sandbox
) -> None:
    first = await sandbox.run(sandboxed.own_id)

    with pytest.raises(SandboxKilled):
        await sandbox.run(overstep)

    assert await sandbox.run(sandboxed.own_id) != first
    assert await sandbox.run(sandboxed.was_warm)
    assert not is_alive(first)


async def test_what_a_child_started_dies_with_it(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.grandchild, tmp_path / "note")

    started = int((tmp_path / "note").read_text())
    await until(lambda: not is_alive(started) or zombie(str(started)))


async def test_the_parent_keeps_working_while_a_child_is_busy(sandbox: Sandbox) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    heart = asyncio.create_task(beat())
    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.spin)
    heart.cancel()

    assert beats > 10


async def test_callers_queue_in_the_order_they_came(sandbox: Sandbox) -> None:
    served: list[int] = []

    async def call(number: int) -> None:
        served.append(await sandbox.run(sandboxed.double, number))

    await asyncio.gather(*(call(number) for number in range(20)))

    assert served == [number * 2 for number in range(20)]


async def test_several_children_work_at_the_same_time() -> None:
    sandbox = Sandbox(children=2, seconds=20)
    sandbox.start()

    slow = asyncio.create_task(sandbox.run(sandboxed.sleep, 10.0))
    await asyncio.sleep(0)

    assert await sandbox.run(sandboxed.double, 2) == 4
    assert not slow.done()
    slow.cancel()
    await sandbox.close()


async def test_a_caller_that_leaves_takes_its_work_along(sandbox: Sandbox) -> None:
    first = await sandbox.run(sandboxed.own_id)
    leaving = asyncio.create_task(sandbox.run(sandboxed.sleep, 10.0))
    waiting = asyncio.create_task(sandbox.run(sandboxed.double, 5))
    left = asyncio.create_task(sandbox.run(sandboxed.double, 6))
    await asyncio.sleep(0.05)

    leaving.cancel()
    left.cancel()

    assert await waiting == 10
    assert leaving.cancelled()
    assert left.cancelled()
    assert not is_alive(first)


async def test_no_secret_of_ours_is_within_reach_of_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary")
    sandbox = Sandbox()

    seen = await sandbox.run(sandboxed.environment)
    await sandbox.close()

    assert "canary" not in str(seen)
    assert not any(name.startswith(("DISCORD", "THREADLINE")) for name in seen)


async def test_what_a_library_prints_is_no_reply(sandbox: Sandbox) -> None:
    assert await sandbox.run(sandboxed.chatter) == "quiet"


@pytest.mark.parametrize(
    "reply",
    [
        pickle.dumps(sandboxed.Bomb()),
        b"+" + pickle.dumps(sandboxed.Bomb()),
        b"+" + msgspec.json.encode({"url": 5}),
        b"+" + msgspec.json.encode({"url": "", "published": "2023-01-02", "blocks": [{"kind": "spell"}]}),
        b"+" + b"[" * 100_000,
        b"+\xdd\xff\xff\xff\xff",
        b"+\xa1\xff",
        b"!" + msgspec.json.encode(("urlsplit", ("https://example.org/",))),
        b"!" + msgspec.json.encode(("StatusError", ("https://example.org/",))),
        b"!" + msgspec.json.encode(("HostileDocumentError", ({"a": 1},))),
        b"?" + msgspec.json.encode("no frames"),
        b"",
        b"=",
    ],
    ids=range(13),
)
async def test_a_child_that_was_taken_over_cannot_run_code_in_the_parent(
    reply: bytes, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.forge, reply)

    assert list(tmp_path.iterdir()) == []


async def test_a_result_that_is_no_data_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.odd_class)

    assert await sandbox.run(sandboxed.double, 1) == 2


async def test_closing_leaves_no_child_behind() -> None:
    sandbox = Sandbox(children=2)
    sandbox.start()
    process = await sandbox.run(sandboxed.own_id)
    busy = asyncio.create_task(sandbox.run(sandboxed.sleep, 10.0))
    queued = [asyncio.create_task(sandbox.run(sandboxed.sleep, 10.0)) for _ in range(3)]
    await asyncio.sleep(0.05)

    await sandbox.close()

    ends = await asyncio.gather(busy, *queued, return_exceptions=True)
    assert all(isinstance(end, SandboxKilled) for end in ends)
    assert not is_alive(process)
    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.double, 1)


async def test_closing_does_not_wait_for_a_renewal_that_has_not_begun() -> None:
    sandbox = Sandbox(seconds=0.05)
    sandbox.start()
    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.spin)

    async with asyncio.timeout(10):
        await sandbox.close()


@pytest.mark.parametrize("pause", [0.0, 0.001, 0.01, 0.05, 0.2])
async def test_closing_in_the_middle_of_a_renewal_leaves_no_child_behind(pause: float) -> None:
    sandbox = Sandbox(seconds=0.05)
    sandbox.start()
    with pytest.raises(SandboxKilled):
        await sandbox.run(sandboxed.spin)
    await asyncio.sleep(pause)

    await sandbox.close()

    assert children() == []


async def test_a_sandbox_whose_children_cannot_warm_up_says_so() -> None:
    sandbox = Sandbox(warm_up=sandboxed.fail_to_warm)

    sandbox.start()
    for _ in range(2):
        with pytest.raises(SandboxKilled):
            await sandbox.run(sandboxed.double, 1)
    await sandbox.close()


ORPHAN = """
import asyncio, os, sandboxed
from bot.sandbox import written, Sandbox

async def main():
    sandbox = Sandbox(seconds=30)
    print(await sandbox.run(sandboxed.own_id), flush=True)
    os._exit(9)

asyncio.run(main())
"""


async def test_a_parent_that_dies_leaves_no_child_behind() -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    parent = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ORPHAN],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )

    child = int(parent.stdout)

    await until(lambda: not is_alive(child))


def test_a_child_serves_calls_until_its_input_ends() -> None:
    calls = io.BytesIO()
    for call in ((sandboxed.double, (2,), {}, 60.0), (sandboxed.refuse, ("https://example.org/",), {}, 60.0)):
        calls.writelines(written(call))
    calls.write(b"\0\0")
    calls.seek(0)
    replies = io.BytesIO()

    serve(calls, replies)

    length = int.from_bytes(replies.getvalue()[:4], "big")
    first, second = replies.getvalue()[4 : 4 + length], replies.getvalue()[8 + length :]
    assert (first[:1], msgspec.json.decode(first[1:])) == (b"+", 4)
    assert second[:1] == b"!"
    assert msgspec.json.decode(second[1:])[0] == HostileDocumentError.__name__


def test_long_bytes_are_handed_over_without_a_copy() -> None:
    body = bytes(1_000_000)

    *_, part = written((sandboxed.double, (body, b"short"), {}, 60.0))

    assert part.obj is body


async def test_long_bytes_arrive_whole_in_their_places() -> None:
    sandbox = Sandbox()
    one, other = os.urandom(300_000), os.urandom(200_000)
    page = Page(url="u", requested_url="", status=200, body=one, content_type="text/html")

    assert await sandbox.run(sandboxed.digests, page, other, b"", page.body) == [
        hashlib.sha256(each).hexdigest() for each in (one, other, b"", one)
    ]
    await sandbox.close()


class Reader(commands.Bot):
    """A bot that has a sandboxed child read every message."""

    def __init__(self) -> None:
        super().__init__("!", intents=discord.Intents.all())
        self.sandbox = Sandbox(seconds=0.5, warm_up=sandboxed.warm)

    async def setup_hook(self) -> None:
        self.sandbox.start()

    async def close(self) -> None:
        await self.sandbox.close()
        await super().close()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        try:
            length = await self.sandbox.run(sandboxed.double, len(message.content))
            await message.channel.send(str(length))
            await self.sandbox.run(sandboxed.spin)
        except SandboxKilled:
            await message.channel.send("killed")


async def test_a_simulated_discord_waits_for_children() -> None:
    async with simcord.run(Reader()) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("articles")
        member = guild.add_member(env.create_user("Ann"))

        started = time.monotonic()
        await member.send(channel, "four")

        assert [message.content for message in channel.history()][-2:] == ["8", "killed"]
        assert time.monotonic() - started < 60
