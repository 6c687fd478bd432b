"""Undoes a response's compression piece by piece, so that no bomb ever unfolds."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"

_PIECE = 128 * 1024  #: bytes out per step: well under a millisecond of work
_MAX_WINDOW_LOG = 23  #: 8 MiB, the most RFC 9659 lets a zstd stream on the web ask for


class BrokenEncodingError(ValueError):
    """Compression that is unknown, stacked, damaged or cut short."""


class Decoder(Protocol):
    """Turns the bytes on the wire into the body, in pieces of bounded size."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what *data* unfolds to; raises BrokenEncodingError."""
        ...

    def finish(self) -> None:
        """Raise BrokenEncodingError when the stream is not complete."""
        ...


def decoder(encodings: list[str]) -> Decoder:
    """Return a decoder for the Content-Encoding header's values.

    Raises BrokenEncodingError for anything but one known encoding: stacked ones only serve bombs.
    """
    names = [name for value in encodings for name in value.lower().replace(" ", "").split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return _Identity()
    if len(names) > 1 or names[0] not in _DECODERS:
        raise BrokenEncodingError(", ".join(names))
    return _DECODERS[names[0]]()


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class _Zlib:
    """A single gzip member or zlib stream; "deflate" without zlib's header is understood as browsers do."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)
        self._raw_deflate_possible = wbits == zlib.MAX_WBITS
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and not self._started:
            self._started = True
            if self._raw_deflate_possible and not _has_zlib_header(data):
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        while data:
            if self._stream.eof:
                _refuse_trailing(data)
                return
            try:
                piece = self._stream.decompress(data, _PIECE)
            except zlib.error as error:
                raise BrokenEncodingError(str(error)) from error
            if piece:
                yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if not data and len(piece) == _PIECE and not self._stream.eof:
                yield from self._rest()

    def _rest(self) -> Iterator[bytes]:
        # All input is taken, but up to a window of output may still be inside.
        while piece := self._stream.decompress(b"", _PIECE):
            yield piece

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise BrokenEncodingError("cut short")


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        while True:
            if self._stream.is_finished():
                _refuse_trailing(data)
                return
            try:
                piece = self._stream.process(data, output_buffer_limit=_PIECE)
            except brotli.error as error:
                raise BrokenEncodingError(str(error)) from error
            data = b""
            if not piece:  # can_accept_more_data() is true even while output is left
                return
            yield piece

    def finish(self) -> None:
        if self._started and not self._stream.is_finished():
            raise BrokenEncodingError("cut short")


class _Zstd:
    def __init__(self) -> None:
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}
        self._stream = zstd.ZstdDecompressor(options=options)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        while data or not self._stream.needs_input:
            if self._stream.eof:
                _refuse_trailing(data)
                return
            try:
                piece = self._stream.decompress(data, _PIECE)
            except zstd.ZstdError as error:
                raise BrokenEncodingError(str(error)) from error
            data = self._stream.unused_data if self._stream.eof else b""
            if piece:
                yield piece

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise BrokenEncodingError("cut short")


def _has_zlib_header(data: bytes) -> bool:
    return data[0] & 0x0F == 8 and (len(data) == 1 or int.from_bytes(data[:2], "big") % 31 == 0)


def _refuse_trailing(data: bytes) -> None:
    # Some servers pad with NULs; anything else is a second stream.
    if data.strip(b"\0"):
        raise BrokenEncodingError("more than one stream")


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "deflate": lambda: _Zlib(zlib.MAX_WBITS),
    "br": _Brotli,
    "zstd": _Zstd,
}
