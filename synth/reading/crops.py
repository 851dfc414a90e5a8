"""Pictures of where quotes stand on their pages, in the child process only.

Each is a palette PNG of sixteen colours: eight greys, and the same eight under a marker. A marked line is underlined
too, so that it is found without seeing colours.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

from synth.reading.records import Box, Line

SCALE = 1.5  # pixels to a point: 108 dots per inch, ten-point type is 15 pixels high
MARGIN = 6.0  # points left and right of the lines
CONTEXT = 15.0  # points above and below the quote: about a line of what stands around it
TALLEST = 260.0  # points; what a quote has beyond that is cut off
WIDEST = 620.0
PIECES = 3  # pictures of one quote: it may go on in the next column, and on the next page
_GREYS = 8
_INK = _GREYS + 1  # of the underline: dark, under the marker
_LEVELS = bytes(grey * _GREYS // 256 for grey in range(256))
_MARKED = bytes(min(level + _GREYS, 2 * _GREYS - 1) if level < _GREYS else level for level in range(256))
_MARKER = (1.0, 0.92, 0.55)  # light yellow; its grey is still lighter than the paper's text


@dataclass
class _Piece:
    """A stretch of a quote whose lines follow each other in one column: what to mark, and the lines' full extent."""

    page: int
    marks: list[Box]
    box: Box


def crops(pdf: Any, spans: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """The pictures of one quote: {page, png (base64), width, height, whole}. Empty where it has no place on a page.

    `pdf` is an open `synth.reading.extract.Pdf`; width and height are pixels; `whole`: nothing of the quote is cut off.
    """
    pieces: list[_Piece] = []
    for page, start, end in spans:
        for line in pdf.lines(page) or ():
            _add(pieces, page, line, start, end)
    found = [_drawn(pdf, piece) for piece in pieces[:PIECES]]
    if found and len(pieces) > PIECES:
        found[-1]["whole"] = False
    return found


def _add(pieces: list[_Piece], page: int, line: Line, start: int, end: int) -> None:
    """Put the part of `line` that lies in the quote into the piece it goes on from, or into a new one."""
    first, last = max(start - line.start, 0), min(end - line.start, len(line.xs))
    if first >= last:
        return
    marked = line.xs[first:last]
    mark = (min(x for x, _ in marked), line.y0, max(x for _, x in marked), line.y1)
    box = (line.x0, line.y0, line.x1, line.y1)
    if pieces and _goes_on(pieces[-1], page, box):
        pieces[-1].marks.append(mark)
        pieces[-1].box = _around(pieces[-1].box, box)
    else:
        pieces.append(_Piece(page, [mark], box))


def _goes_on(piece: _Piece, page: int, box: Box) -> bool:
    """Whether a line stands right below or beside the piece: not in another column, nor beyond a figure."""
    height = box[3] - box[1]
    near = piece.box[1] - height < box[1] < piece.box[3] + 1.5 * height
    beside = box[0] < piece.box[2] + 3 * height and piece.box[0] < box[2] + 3 * height
    return page == piece.page and near and beside


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _drawn(pdf: Any, piece: _Piece) -> dict[str, Any]:
    left, top, right, bottom = piece.box
    whole = bottom - top <= TALLEST and right - left <= WIDEST
    clip = pymupdf.Rect(
        left - MARGIN, top - CONTEXT, min(right, left + WIDEST) + MARGIN, min(bottom, top + TALLEST) + CONTEXT
    )
    pixels = pdf.picture(piece.page, pymupdf.Matrix(SCALE, SCALE), clip)
    width, height = pixels.width, pixels.height
    samples, stride = pixels.samples.translate(_LEVELS), pixels.stride
    rows = [bytearray(samples[y * stride : y * stride + width]) for y in range(height)]
    for x0, y0, x1, y1 in piece.marks:
        start, end = (_within(round(x * SCALE) - pixels.x, width) for x in (x0 - 1, x1 + 1))
        first, last = (_within(round(y * SCALE) - pixels.y, height) for y in (y0, y1))
        for row in rows[first:last]:
            row[start:end] = row[start:end].translate(_MARKED)
        for row in rows[max(last - 1, first) : last]:
            row[start:end] = bytes([_INK]) * (end - start)
    png = base64.b64encode(_png(rows, width)).decode()
    return {"page": piece.page, "png": png, "width": width, "height": height, "whole": whole}


def _within(value: int, size: int) -> int:
    return min(max(value, 0), size)


def _png(rows: Sequence[bytes | bytearray], width: int) -> bytes:
    """A PNG of four bits a pixel with the palette of greys and marked greys (PNG specification, section 11.2)."""
    packed = bytearray()
    for row in rows:
        even = bytes(row) + bytes(len(row) % 2)
        # Two pixels to a byte, the left one in the upper half: all of a row in one step on big integers.
        upper, lower = (int.from_bytes(even[i::2], "big") for i in (0, 1))
        packed += b"\0" + (upper << 4 | lower).to_bytes(len(even) // 2, "big")
    palette = bytearray()
    for tint in ((1.0, 1.0, 1.0), _MARKER):
        for level in range(_GREYS):
            palette += bytes(round(255 * level / (_GREYS - 1) * share) for share in tint)
    head = struct.pack(">IIBBBBB", width, len(rows), 4, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", bytes(palette)), (b"IDAT", zlib.compress(packed, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
