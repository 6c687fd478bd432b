"""What the sandbox's tests run in its children: well-behaved and otherwise."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

from bot.errors import HostileDocumentError, StatusError
from bot.model import Article, Block, BlockKind, Page

STARTED: list[float] = []


def warm() -> None:
    STARTED.append(time.monotonic())


def was_warm() -> bool:
    return len(STARTED) == 1


def fail_to_warm() -> None:
    raise RuntimeError("cannot")


def double(number: int) -> int:
    return number * 2


def article(text: str) -> Article:
    block = Block(kind=BlockKind.PARAGRAPH, text=text)
    return Article(url="https://example.org/", blocks=(block,), published=datetime(2023, 1, 2, tzinfo=UTC))


def midnight_in_berlin() -> Article:
    return Article(url="", published=datetime(2026, 4, 3, tzinfo=timezone(timedelta(hours=2))))


def refuse(url: str) -> None:
    raise HostileDocumentError(url, "too deep")


def status(url: str) -> None:
    raise StatusError(url, 418, 60)


def bug(text: str) -> int:
    return int(text)


def spin() -> None:
    while True:
        pass


def spin_without_alarm() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        pass


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def hoard() -> int:
    return len([bytes(1_000_000) for _ in range(1_000_000)])


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    sys.exit(3)


def chatter() -> str:
    sys.stdout.write("noise on stdout\n")
    sys.stdout.flush()
    os.write(1, b"\0\0\0\1x")
    return sys.stdin.read() + "quiet"


def environment() -> dict[str, str]:
    return dict(os.environ)


def digests(page: Page, *others: bytes) -> list[str]:
    return [hashlib.sha256(each).hexdigest() for each in (page.body, *others)]


def own_id() -> int:
    return os.getpid()


def grandchild(note: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        note.write_text(str(process.pid))


def long_answer() -> bytes:
    return bytes(17 * 1024 * 1024)


class Bomb:
    """Pickles itself as a call, as a child that was taken over would."""

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path("taken-over"),)


def forge(reply: bytes) -> Article:
    """Reply by the back door, as a child that was taken over would."""
    pipe = max(int(fd.name) for fd in Path("/proc/self/fd").iterdir() if is_pipe(fd))
    os.write(pipe, len(reply).to_bytes(4, "big") + reply)
    time.sleep(60)
    raise AssertionError


def is_pipe(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith(("pipe:", "socket:"))
    except OSError:
        return False


def odd_class() -> Fraction:
    return Fraction(1, 2)
