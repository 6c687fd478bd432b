"""Runs functions on strangers' input in child processes that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import logging
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, ParamSpec, Protocol, TypeVar, cast, get_type_hints

import msgspec

from bot import errors
from bot.errors import ThreadlineError
from bot.tracing import traced

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

WARM_UP_SECONDS = 60.0
MAX_REPLY = 16 * 1024 * 1024  #: bytes

_LENGTH = struct.Struct("!I")
_CHUNK = 64 * 1024  #: bytes
_GRACE = 2  #: seconds in which a child is expected to end itself after its limit, and a killed one to vanish


class SandboxKilled(Exception):  # noqa: N818  (it is no error of ours that a document was too much)
    """The child did not live to answer, or broke: it overstepped time or memory, crashed, or raised a bug."""


class Child(Protocol):
    """Whoever runs a function where it can be killed: a Sandbox, or what measures one."""

    @traced("child", lambda function, *_, **__: {"function": function.__name__})
    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what *function* returns; raises what it raises, or SandboxKilled."""
        ...


class Sandbox:
    """A few child processes, each doing one call at a time; callers queue in the order they came.

    *seconds* limits the wall-clock time of one call, *megabytes* the memory a child may write to (Linux
    enforces both, macOS the time). *warm_up* is called in every new child before its first job, so that
    imports and models are not part of a job's time.
    """

    def __init__(
        self,
        children: int = 1,
        seconds: float = 3.0,
        megabytes: int = 512,
        warm_up: Callable[[], object] = tuple,
    ) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._warm_up = warm_up
        self._slots = [_Slot() for _ in range(children)]
        self._free: asyncio.Queue[_Slot] = asyncio.Queue()
        for slot in self._slots:
            self._free.put_nowait(slot)
        self._renewals: set[asyncio.Task[None]] = set()
        self._closed = False

    def start(self) -> None:
        """Spawn and warm all children in the background; callers that come before wait for theirs."""
        while not self._free.empty():
            self._renew(self._free.get_nowait())

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what *function* (module-level, of an importable module) returns in a child.

        A ThreadlineError raised there is raised here; every other end raises SandboxKilled. The result comes
        back as data and is rebuilt by *function*'s return annotation (of builtin types, datetimes, enums and
        dataclasses): a child that a document took over can send wrong values, but nothing that runs here.
        """
        if self._closed:
            raise SandboxKilled("the sandbox is closed")
        slot = await self._free.get()
        healthy = False
        try:
            child = await self._fill(slot)
            reply = await child.ask(function, args, kwargs, self._seconds)
            healthy = True
        finally:
            # Also on cancellation: a child in the middle of a call has no use for the next caller.
            if healthy or self._closed:
                self._free.put_nowait(slot)
            else:
                self._renew(slot)
        return _result(reply, function)

    async def close(self) -> None:
        """Kill all children and wait until they are gone."""
        if self._closed:
            return
        self._closed = True
        for slot in self._slots:
            if slot.child is not None:
                slot.child.kill()
        for _ in self._slots:  # callers under way, in the queue and renewals fail and hand their slots on
            slot = await self._free.get()
            await slot.empty()

    async def _fill(self, slot: _Slot) -> _Child:
        if self._closed:
            raise SandboxKilled("the sandbox is closed")
        if slot.child is None:
            slot.child = await _Child.spawn(self._megabytes)
            try:
                if self._closed:
                    raise SandboxKilled("the sandbox is closed")
                _result(await slot.child.ask(_call, (self._warm_up,), {}, WARM_UP_SECONDS), _call)
            except BaseException:
                await slot.empty()
                raise
        return slot.child

    def _renew(self, slot: _Slot) -> None:
        """Replace the child of *slot* before the next caller needs it."""
        task = asyncio.get_running_loop().create_task(self._replace(slot))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)

    async def _replace(self, slot: _Slot) -> None:
        try:
            await slot.empty()
            await self._fill(slot)
        except (SandboxKilled, ThreadlineError, OSError):
            if not self._closed:
                log.warning("sandbox child could not be started; the next call tries again")
        finally:
            self._free.put_nowait(slot)


@dataclass(slots=True, eq=False)
class _Slot:
    """The place of one child; empty until the first call and after a death."""

    child: _Child | None = None

    async def empty(self) -> None:
        child, self.child = self.child, None
        if child is not None:
            await child.end()


class _Child:
    """One child process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._requests = cast("asyncio.StreamWriter", process.stdin)
        self._replies = cast("asyncio.StreamReader", process.stdout)
        self._killed = False

    @classmethod
    async def spawn(cls, megabytes: int) -> _Child:
        # The environment is bare: no token of ours is within a document's reach.
        environment = {
            "PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path),
            "PYTHONUTF8": "1",
            "OMP_NUM_THREADS": "1",  # numeric libraries reserve memory for every thread
            "OPENBLAS_NUM_THREADS": "1",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.sandbox", str(megabytes)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children itself
        )
        return cls(process)

    async def ask(
        self,
        function: Callable[..., object],
        args: tuple[object, ...],
        kwargs: dict[str, object],
        seconds: float,
    ) -> bytes:
        """Return the child's reply; raises SandboxKilled when there is none within *seconds*, or little later."""
        message = written((function, args, kwargs, seconds))
        try:
            # The child's own alarm ends it in time; one that switched that off is ended here.
            async with asyncio.timeout(seconds + _GRACE):
                for part in message:
                    for start in range(0, len(part), _CHUNK):  # in pieces, for the event loop's sake
                        self._requests.write(part[start : start + _CHUNK])
                        await self._requests.drain()
                        await asyncio.sleep(0)  # a reader that keeps up leaves nothing to wait for
                (length,) = _LENGTH.unpack(await self._replies.readexactly(_LENGTH.size))
                if length > MAX_REPLY:
                    raise SandboxKilled("reply too large")
                return await self._replies.readexactly(length)
        except TimeoutError as error:
            raise SandboxKilled(f"took more than {seconds:g} s") from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise SandboxKilled(f"died, or took more than {seconds:g} s") from error

    def kill(self) -> None:
        if not self._killed:
            self._killed = True
            # Not Process.kill(): that polls, and takes the exit status away from asyncio's own watcher. The
            # group, also when its leader is dead already: it may have left processes of its own.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        self.kill()
        self._requests.close()
        # asyncio takes a process for ended once its pipes are read to the end. Whoever else holds them open
        # does not hold us up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                while await self._replies.read(_CHUNK):
                    pass
                await self._process.wait()


class _Pickler(pickle.Pickler):
    """Leaves long bytes apart: copying a page of megabytes takes the event loop's time."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.apart: list[bytes] = []

    def persistent_id(self, value: object) -> int | None:
        if type(value) is not bytes or len(value) < _CHUNK:
            return None
        self.apart.append(value)
        return len(self.apart) - 1


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BinaryIO, apart: list[bytes]) -> None:
        super().__init__(file)
        self._apart = apart

    def persistent_load(self, number: int) -> bytes:
        return self._apart[number]


def written(call: object) -> list[memoryview]:
    """A call as it goes to the child: how many parts there are, their lengths, and the parts."""
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump(call)
    parts = [file.getbuffer(), *(memoryview(each) for each in pickler.apart)]
    lengths = [len(parts), *map(len, parts)]
    return [memoryview(b"".join(map(_LENGTH.pack, lengths))), *parts]


def _read(requests: BinaryIO) -> Any:
    """The next call; raises EOFError at the end."""

    def number() -> int:
        if len(data := requests.read(_LENGTH.size)) < _LENGTH.size:
            raise EOFError
        return int(_LENGTH.unpack(data)[0])

    lengths = [number() for _ in range(number())]
    call, *apart = [requests.read(length) for length in lengths]
    return _Unpickler(io.BytesIO(call), apart).load()  # our parent's own


# A reply is one byte for its kind and JSON, which unlike MessagePack keeps the zones of times: of the result; of an
# error's class name and arguments; of an exception's class name and its frames, without the message, which may
# quote the document.
_RETURNED, _RAISED, _BROKE = b"+", b"!", b"?"
_RAISED_DECODER = msgspec.json.Decoder(tuple[str, tuple[str | int | None, ...]])
_BROKE_DECODER = msgspec.json.Decoder(tuple[str, str])


def _result(reply: bytes, function: Callable[..., R]) -> R:
    """Raise or return what *reply* says; raises SandboxKilled where it says nothing that can be."""
    kind, body = reply[:1], reply[1:]
    try:
        if kind == _RETURNED:
            return cast("R", _decoder(function).decode(body))
        if kind == _RAISED:
            raise _error(*_RAISED_DECODER.decode(body))
        name, frames = _BROKE_DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SandboxKilled("reply not understood") from error
    log.error(
        "sandboxed function raised",
        extra={"function": function.__qualname__, "kind": name, "frames": frames},
    )
    raise SandboxKilled(f"raised {name}")


@functools.lru_cache(maxsize=64)
def _decoder(function: Callable[..., object]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(get_type_hints(function).get("return", Any))


def _error(name: str, args: tuple[str | int | None, ...]) -> Exception:
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, ThreadlineError):
        with contextlib.suppress(TypeError):
            return kind(*args)
    return SandboxKilled("raised an unknown error")


def _call(function: Callable[[], object]) -> None:
    function()


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer calls until *requests* ends; the child's life."""
    while True:
        try:
            function, args, kwargs, seconds = _read(requests)
        except EOFError:  # the parent is gone
            return
        # Ends the process wherever it is, inside a C library too, and also when the parent is gone or stalled.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        reply = _reply(function, args, kwargs)
        signal.setitimer(signal.ITIMER_REAL, 0)
        replies.write(_LENGTH.pack(len(reply)) + reply)
        replies.flush()


def _reply(function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> bytes:
    encode = msgspec.json.encode
    try:
        return _RETURNED + encode(function(*args, **kwargs))
    except ThreadlineError as error:
        values = error.__reduce__()[1]
        return _RAISED + encode((type(error).__name__, values))
    except MemoryError:
        os._exit(1)  # nothing can be relied on any more
    except Exception as error:  # noqa: BLE001  (the worker loop: whatever it was, the parent is told)
        frames = "".join(traceback.format_tb(error.__traceback__))
        return _BROKE + encode((type(error).__name__, frames))


def main() -> None:
    """Be a child: calls come in on stdin and outcomes go out on stdout, each length-prefixed."""
    limit = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What a library reads or prints must not meddle with the calls.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    with contextlib.suppress(BrokenPipeError):
        serve(requests, replies)


if __name__ == "__main__":
    # Under its own name, or the parent would not know the classes it gets back.
    from bot.sandbox import main as run_child

    run_child()
