"""Pictures of where quotes stand on their pages, in the child process only.

Each is a palette PNG of sixteen colours: eight greys, and the same eight under a marker. A marked line is underlined
too, so that it is found without seeing colours.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pymupdf

from synth.pdf.extract import Pdf
from synth.pdf.frames import WIDEST, Edge, Frame, around, box_of, edges, framed
from synth.pdf.messages import CropAnswer
from synth.pdf.records import Box, Line

SCALE = 1.5  # pixels to a point: 108 dots per inch, ten-point type is 15 pixels high
MARGIN = 6.0  # points left and right of the lines
PAD = 4.0  # points of white above and below them
TALLEST = 260.0  # points; what a quote has beyond that is cut off
PIECES = 3  # pictures of one quote: it may go on in the next column, and on the next page
_GREYS = 8
_WHITE = _GREYS - 1
_INK = _GREYS + 1  # of the underline: dark, under the marker
_LEVELS = bytes(grey * _GREYS // 256 for grey in range(256))
_MARKED = bytes(min(level + _GREYS, 2 * _GREYS - 1) if level < _GREYS else level for level in range(256))
_MARKER = (1.0, 0.92, 0.55)  # light yellow; its grey is still lighter than the paper's text


@dataclass
class _Piece:
    """A stretch of a quote whose lines follow each other in one column: what to mark, and the whole lines."""

    page: int
    marks: list[Box]
    lines: list[Line]
    box: Box


@dataclass
class _Picture:
    """Pixels of sixteen levels, and where their first one lies on the page's grid of pixels."""

    rows: list[bytearray]
    x: int
    y: int
    width: int


def crops(pdf: Pdf, spans: Sequence[Sequence[int]]) -> list[CropAnswer]:
    """Return the pictures of one quote. Empty where it has no place on a page.

    Lines of text are wholly in a picture or not at all.
    """
    pieces: list[_Piece] = []
    for page, start, end in spans:
        for line in pdf.lines(page) or ():
            _add(pieces, page, line, start, end)
    shown = pieces[:PIECES]
    # What stands between two pieces, a table or the next column's head, is none of the quote's surroundings.
    pictures = [_drawn(pdf, piece, piece is pieces[0], piece is pieces[-1]) for piece in shown]
    if pictures and len(pieces) > PIECES:
        pictures[-1]["whole"] = False
    return pictures


def _add(pieces: list[_Piece], page: int, line: Line, start: int, end: int) -> None:
    """Put the part of `line` that lies in the quote into the piece it goes on from, or into a new one."""
    first, last = max(start - line.start, 0), min(end - line.start, len(line.xs))
    if first >= last:
        return
    marked = line.xs[first:last]
    mark = (min(x for x, _ in marked), line.y0, max(x for _, x in marked), line.y1)
    if pieces and _goes_on(pieces[-1], page, box_of(line)):
        pieces[-1].marks.append(mark)
        pieces[-1].lines.append(line)
        pieces[-1].box = around([pieces[-1].box, box_of(line)])
    else:
        pieces.append(_Piece(page, [mark], [line], box_of(line)))


def _goes_on(piece: _Piece, page: int, box: Box) -> bool:
    """Return True if a line stands right below or beside the piece: not in another column, nor beyond a figure."""
    height = box[3] - box[1]
    near = piece.box[1] - height < box[1] < piece.box[3] + 1.5 * height
    beside = box[0] < piece.box[2] + 3 * height and piece.box[0] < box[2] + 3 * height
    return page == piece.page and near and beside


def _drawn(pdf: Pdf, piece: _Piece, above: bool, below: bool) -> CropAnswer:
    """Return the picture of a piece, with the lines `above` and `below` it if they are wanted."""
    lowest = piece.box[1] + TALLEST
    quoted = [line for line in piece.lines if line.y1 <= lowest] or piece.lines[:1]
    whole = len(quoted) == len(piece.lines) and piece.box[3] <= lowest and piece.box[2] - piece.box[0] <= WIDEST
    frame = framed(pdf.lines(piece.page) or (), quoted, MARGIN, above, below and whole)
    left, top, right, bottom = frame.box
    bottom = bottom if whole else min(bottom, lowest)
    clip = left - MARGIN, top - MARGIN, min(right, left + WIDEST) + MARGIN, bottom + MARGIN
    picture = _picture(pdf, piece.page, clip)
    _paint_over(picture, frame, [box for box in pdf.strokes(piece.page) if _cut(box, frame.box)])
    _snap(picture, frame, (piece.marks[0][1], min(piece.marks[-1][3], bottom)))
    for mark in piece.marks:
        _mark(picture, mark)
    png = base64.b64encode(_png(picture.rows, picture.width)).decode()
    return {"page": piece.page, "png": png, "width": picture.width, "height": len(picture.rows), "whole": whole}


def _picture(pdf: Pdf, page: int, clip: Box) -> _Picture:
    pixels = pdf.picture(page, pymupdf.Matrix(SCALE, SCALE), pymupdf.Rect(clip))
    width, stride = pixels.width, pixels.stride
    samples = pixels.samples.translate(_LEVELS)
    rows = [bytearray(samples[y * stride : y * stride + width]) for y in range(pixels.height)]
    return _Picture(rows, pixels.x, pixels.y, width)


def _cut(stroke: Box, box: Box) -> bool:
    """Return True if a thin line drawn on the page would be seen in part around `box`, or alone at its side."""
    x0, y0, x1, y1 = stroke
    if x1 - x0 < y1 - y0:  # of a table's vertical lines each row may draw its own part
        return x0 < box[0] or box[2] < x1 or y0 < box[1] or box[3] < y1
    return x0 < box[0] - MARGIN or box[2] + MARGIN < x1


def _paint_over(picture: _Picture, frame: Frame, strokes: Sequence[Box]) -> None:
    """Make white what would be seen in part: other lines, but nothing of the frame's own, and strokes."""
    ink = [(y, x, bytes(picture.rows[y][x])) for line in frame.lines for y, x in _places(picture, box_of(line))]
    for line in frame.strangers:
        _whiten(picture, box_of(line))
    for y, x, pixels in ink:
        picture.rows[y][x] = pixels
    for box in strokes:
        _whiten(picture, box)


def _places(picture: _Picture, box: Box) -> Iterator[tuple[int, slice]]:
    """Return the rows of a box on the page, with the columns that it takes, as far as the picture goes."""
    start, end = math.floor(box[0] * SCALE) - picture.x, math.ceil(box[2] * SCALE) - picture.x
    first, last = math.floor(box[1] * SCALE) - picture.y, math.ceil(box[3] * SCALE) - picture.y
    columns = slice(_within(start, picture.width), _within(end, picture.width))
    return ((y, columns) for y in range(_within(first, len(picture.rows)), _within(last, len(picture.rows))))


def _whiten(picture: _Picture, box: Box) -> None:
    for y, x in _places(picture, box):
        picture.rows[y][x] = bytes([_WHITE]) * (x.stop - x.start)


def _snap(picture: _Picture, frame: Frame, marks: tuple[float, float]) -> None:
    """End the picture above and below between the letters of lines; then white, and room for what is marked."""
    upper, lower = edges(frame)
    top, foot = _quietest(picture, upper), _quietest(picture, lower)
    blank = bytearray([_WHITE]) * picture.width
    rows = [row if top < y < foot else blank[:] for y, row in enumerate(picture.rows)]
    inked = [y for y, row in enumerate(rows) if row != blank] or [top + 1, foot - 1]
    first = min(inked[0], round(marks[0] * SCALE) - picture.y) - round(PAD * SCALE)
    last = max(inked[-1] + 1, round(marks[1] * SCALE) - picture.y) + round(PAD * SCALE)
    picture.rows = [rows[y] if 0 <= y < len(rows) else blank[:] for y in range(first, last)]
    picture.y += first


def _quietest(picture: _Picture, edge: Edge) -> int:
    """Return the row with the least ink in it, of several the nearest to the edge's best place."""
    best, low, high = (
        _within(round(y * SCALE) - picture.y, len(picture.rows) - 1) for y in (edge.best, edge.low, edge.high)
    )
    return min(range(low, high + 1), key=lambda y: (_WHITE * picture.width - sum(picture.rows[y]), abs(y - best)))


def _mark(picture: _Picture, mark: Box) -> None:
    x0, y0, x1, y1 = mark
    start, end = (_within(round(x * SCALE) - picture.x, picture.width) for x in (x0 - 1, x1 + 1))
    first, last = (_within(round(y * SCALE) - picture.y, len(picture.rows)) for y in (y0, y1))
    for row in picture.rows[first:last]:
        row[start:end] = row[start:end].translate(_MARKED)
    for row in picture.rows[max(last - 1, first) : last]:
        row[start:end] = bytes([_INK]) * (end - start)


def _within(value: int, size: int) -> int:
    return min(max(value, 0), size)


def _png(rows: Sequence[bytes | bytearray], width: int) -> bytes:
    """Return a PNG of four bits a pixel with the palette of greys and marked greys (PNG specification,
    section 11.2).
    """
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
