"""Writes small PDFs: lines of text at their places, as a word processor sets them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Set(NamedTuple):
    """One line as it is set."""

    text: str
    y: float
    size: float = 10
    x: float = 72
    bold: bool = False


def column(lines: Iterable[str], y: float = 700, x: float = 72, gap: float = 12) -> list[Set]:
    """*lines* one under the other; an empty one leaves room."""
    return [Set(text, y - gap * index, x=x) for index, text in enumerate(lines) if text]


def pdf(pages: Sequence[Sequence[Set]], info: str = "", *, trailer: str = "") -> bytes:
    """A file of *pages*; *info* are the entries of its information dictionary."""
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        5: b"<< " + info.encode("cp1252") + b" >>",
    }
    for number, lines in enumerate(pages):
        objects[10 + 2 * number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {11 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        ).encode()
        objects[11 + 2 * number] = stream(b"".join(map(_drawn, lines)))
    return written(objects, trailer=trailer)


def _drawn(line: Set) -> bytes:
    text = line.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    font = b"/F2" if line.bold else b"/F1"
    return b"BT %s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (font, line.size, line.x, line.y, text)


def stream(data: bytes, more: str = "") -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(data, 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def written(objects: dict[int, bytes], *, trailer: str = "") -> bytes:
    """A file of numbered objects; 1 is its catalogue and 5, if there is one, its information."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    last = max(objects)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        used = number in places
        out += b"%010d %05d %s \n" % (places.get(number, 0), 0 if used else 65535, b"n" if used else b"f")
    info = " /Info 5 0 R" if 5 in objects else ""
    out += (
        f"trailer\n<< /Size {last + 1} /Root 1 0 R{info} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)
