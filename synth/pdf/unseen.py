"""Text that a page carries and no reader sees: not painted, in the paper's colour, tiny, covered, or set twice.

A text layer and the page that people read are two things. What is hidden may be a forgotten draft, a stamp, or words
meant for programs alone; none of it is what the paper says. Text under a picture of itself, as text recognition
leaves it on scans, is no such thing: the page shows it. Pure; the caller renders what is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from synth.pdf.records import Box, Line, TextRun

Colour = tuple[int, int, int]
Interval = tuple[int, int]
Pixels = Callable[[Box], Sequence[Colour]]
_COVERING = ("fill-path", "fill-image", "fill-shade")
_WORD = 4.0  # points; what is smaller covers no word
_PAGE = 0.8  # of the page's area, from which on a fill is the paper
_LIGHT = 0xD0  # each channel of a colour that may be the paper's
_TINY = 1.0  # points
_CONTRAST = 20  # of 255, in any channel: less is not seen
_GROUND = 0.6  # of the body of type in which text is looked for, upwards from its base
_TWICE = 0.13  # of the type's size, by which a second print of a letter is off the first
_OVER = 0.5  # of a line's width that other text may lie over
_MAX_LETTERS = 60  # of hidden text that a warning shows
_FEW = 10  # letters that are not worth a warning


@dataclass(frozen=True)
class Ground:
    """Drawings on a page, each with its place in the order of drawing.

    Attributes:
        images: Where pictures lie.
        covers: Fills and pictures that were drawn after some text and are large enough to cover a word.
        texts: Where text was drawn.
        fills: What is filled, but for the whole page.
    """

    images: Sequence[Box] = ()
    covers: Sequence[tuple[int, Box]] = ()
    texts: Sequence[tuple[int, Box]] = ()
    fills: Sequence[Box] = ()


def ground(log: Sequence[tuple[str, Box]], area: float) -> Ground:
    """Return the ground of a page from what was drawn on it, in order (MuPDF's kinds of drawing), and
    the page's area.
    """
    images = [box for kind, box in log if kind in ("fill-image", "fill-imgmask")]
    texts = [(at, box) for at, (kind, box) in enumerate(log) if kind.endswith("-text")]
    large = [
        (at, kind, box)
        for at, (kind, box) in enumerate(log)
        if kind in _COVERING and min(box[2] - box[0], box[3] - box[1]) > _WORD
    ]
    covers = [(at, box) for at, _, box in large if texts and at > texts[0][0]]
    fills = [
        box for _, kind, box in large if kind != "fill-image" and (box[2] - box[0]) * (box[3] - box[1]) < _PAGE * area
    ]
    return Ground(images, covers, texts, fills)


def find(lines: Sequence[Line], ground: Ground, pixels: Pixels) -> list[Interval]:
    """Return the offsets of a page's text that no reader of the page sees.

    Args:
        lines: The page's lines.
        ground: What else is drawn.
        pixels: Gives the colours that the page shows inside a box.
    """
    hidden: list[Interval] = []
    doubtful: list[tuple[Line, TextRun]] = []
    on_fills: dict[tuple[int, Box], list[tuple[Line, TextRun]]] = {}  # by colour and fill: one of them tells of all
    for line in lines:
        for run in line.runs:
            if not line.text[run.start : run.end].strip():
                continue
            if run.size < _TINY:
                hidden.append(_offsets(line, run))
            elif not run.painted or min(_channels(run.colour)) > _LIGHT or _is_covered(_box(line, run), ground):
                doubtful.append((line, run))
            elif fill := next((box for box in ground.fills if _is_over(_box(line, run), box)), None):
                on_fills.setdefault((run.colour, fill), []).append((line, run))
    for pieces in on_fills.values():
        if not _is_seen(*pieces[0], ground.images, (), pixels):
            doubtful += pieces
    if doubtful:
        painted = [_box(line, run) for line in lines for run in line.runs if run.painted and run.size >= _TINY]
        hidden += [
            _offsets(line, run) for line, run in doubtful if not _is_seen(line, run, ground.images, painted, pixels)
        ]
    return sorted(hidden)


def doubled(lines: Sequence[Line]) -> Iterator[Interval]:
    """Yield the offsets of letters that are printed a second time all but on the first, for bold type or a shadow."""
    places: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for line in _over_each_other(lines):
        for run in line.runs:
            near = _TWICE * run.size
            for at in range(run.start, run.end):
                char = line.text[at]
                if char.isspace():
                    continue
                x, y = line.xs[at][0], line.base
                cell = (round(x / 2), round(y / 2))
                around = [(char, cell[0] + i, cell[1] + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
                if any(abs(a - x) < near and abs(b - y) < near for key in around for a, b in places.get(key, ())):
                    yield line.start + at, line.start + at + 1
                else:
                    places.setdefault((char, *cell), []).append((x, y))


def without(lines: Sequence[Line], hidden: Sequence[Interval]) -> list[Line]:
    """Return the lines without what is hidden; a line goes on in several where its middle is."""
    if not hidden:
        return list(lines)
    return [piece for line in lines for piece in _visible(line, hidden)]


def warning(pages: Sequence[tuple[int, str, Sequence[Interval]]]) -> str:
    """Name the pages with hidden text and how it begins; "" where there is next to none.

    Args:
        pages: For each page its number, its text, and the offsets of what is hidden in it.
    """
    pieces = [(number, " ".join(text[a:b].strip() for a, b in hidden)) for number, text, hidden in pages if hidden]
    pieces = [(number, words) for number, words in pieces if sum(map(str.isalpha, words)) > _FEW]
    if not pieces:
        return ""
    numbers = ", ".join(str(number) for number, _ in pieces[:20]) + (" …" if len(pieces) > 20 else "")
    words = pieces[0][1]
    shown = words if len(words) <= _MAX_LETTERS else f"{words[:_MAX_LETTERS].rstrip()} …"
    return f"text that no reader of the page sees was left out on page {numbers}: “{shown}”"


def _visible(line: Line, hidden: Sequence[Interval]) -> Iterator[Line]:
    inside = [(a - line.start, b - line.start) for a, b in hidden if a < line.end and b > line.start]
    if not inside:
        yield line
        return
    at = 0
    for start, end in [*inside, (len(line.text), len(line.text))]:
        piece = line.cut(at, max(at, start))
        piece_seen = line.turned.cut(at, max(at, start)) if line.turned is not None else None
        if piece is not None:
            piece.turn, piece.turned = line.turn, piece_seen
            yield piece
        at = max(at, end)


def _is_seen(line: Line, run: TextRun, images: Sequence[Box], painted: Sequence[Box], pixels: Pixels) -> bool:
    """Return True if the page shows something where a piece of text is."""
    box = _box(line, run)
    pictured = any(_inside(box, image) for image in images)
    if not run.painted:
        if any(_overlap(box, other) > _OVER * (box[2] - box[0]) for other in painted):
            return False  # a second, invisible copy of what is seen there, or words behind it
        if pictured:
            return True  # recognised text on a scan
    shown = pixels(box)
    if not shown:
        return False
    back = Counter(shown).most_common(1)[0][0]
    if run.painted and not pictured and _contrast(_channels(run.colour), back) <= _CONTRAST:
        return False
    return any(_contrast(colour, back) > _CONTRAST for colour in shown)


def _contrast(front: Colour, back: Colour) -> int:
    return max(abs(a - b) for a, b in zip(front, back, strict=True))


def _channels(colour: int) -> Colour:
    return colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF


def _offsets(line: Line, run: TextRun) -> Interval:
    return line.start + run.start, line.start + run.end


def _box(line: Line, run: TextRun) -> Box:
    """Return the box of the bodies of a run's letters.

    The whole line's height for turned, raised and lowered ones.
    """
    xs = line.xs[run.start : run.end]
    x0, x1 = min(x for x, _ in xs), max(x for _, x in xs)
    if not line.upright or run.raised or run.lowered:
        return x0, line.y0, x1, line.y1
    return x0, line.base - _GROUND * run.size, x1, line.base


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _overlap(box: Box, other: Box) -> float:
    """Return the width in which two boxes overlap that share at least half of the first one's height."""
    if min(box[3], other[3]) - max(box[1], other[1]) < 0.5 * (box[3] - box[1]):
        return 0.0
    return min(box[2], other[2]) - max(box[0], other[0])


def _is_over(box: Box, cover: Box) -> bool:
    """Return True if a box lies inside of another, to a point."""
    return cover[0] <= box[0] + 1 and cover[1] <= box[1] + 1 and cover[2] >= box[2] - 1 and cover[3] >= box[3] - 1


def _is_covered(box: Box, ground: Ground) -> bool:
    """Return True if something was drawn over the whole of a box, and no text in it after that."""
    for at, cover in ground.covers:
        if _is_over(box, cover) and not any(order > at and _overlap(box, text) > 0 for order, text in ground.texts):
            return True
    return False


def _over_each_other(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the upright lines that run back over their own letters, or lie over another line of the same height."""
    upright = sorted((line for line in lines if line.upright), key=lambda line: line.base)
    over = {id(line) for line in upright if _runs_back(line)}
    for at, line in enumerate(upright):
        for other in islice(upright, at + 1, None):
            if other.base - line.base > _TWICE * line.size:
                break
            if min(line.x1, other.x1) - max(line.x0, other.x0) > 0.5 * line.size:
                over |= {id(line), id(other)}
    yield from (line for line in lines if id(line) in over)


def _runs_back(line: Line) -> bool:
    lefts = [x for x, _ in line.xs]
    return any(after < before - 0.1 * line.size for before, after in pairwise(lefts))
