"""Account for a page's characters: which of them came out of the reading, and which ended up nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synth.core.types import Passage
from synth.pdf.records import Line, Page

_SHARE = 0.1  # of a page's characters that may end up nowhere without a word
_EDGE = 0.09  # of the page's height or width: turned text out there is a stamp
_MAX_PAGES = 20  # named in a warning
Placed = Iterable[tuple[int, Line]]  # lines with the number of their page


def warnings(
    pages: Sequence[Page], upright: Placed, text: Placed, passages: Iterable[Passage], read: Placed
) -> list[str]:
    """Say on which pages more than a tenth of the characters came out nowhere.

    Args:
        pages: The pages as they were extracted.
        upright: The lines that stand upright in a view of their page.
        text: Those of them that are no furniture.
        passages: What is quoted from the pages.
        read: Text that was read for another end: headings, references, front matter, figures, tables.
    """
    held = {page.number: bytearray(len(page.text)) for page in pages}
    _mark(held, upright, 1)
    _mark(held, ((page.number, line) for page in pages for line in page.lines if _at_edge(line, page)), 1)
    for page in pages:
        for start, end in (*page.unseen, *page.doubled):
            held[page.number][start:end] = b"\1" * (end - start)
    _mark(held, text, 0)
    _mark(held, read, 1)
    for passage in passages:
        for number, start, end in passage.spans:
            held[number][start:end] = b"\1" * (end - start)
    shares = {page.number: _lost(page, held[page.number]) for page in pages}
    lost = [f"page {number} ({100 * share:.0f} %)" for number, share in shares.items() if share > _SHARE]
    if not lost:
        return []
    more = f" and {len(lost) - _MAX_PAGES} more" if len(lost) > _MAX_PAGES else ""
    return [f"Text that came out in no passage, table, caption or reference: {', '.join(lost[:_MAX_PAGES])}{more}."]


def _mark(held: dict[int, bytearray], lines: Placed, value: int) -> None:
    for number, line in lines:
        held[number][line.start : line.end] = bytes([value]) * (line.end - line.start)


def _lost(page: Page, held: bytearray) -> float:
    """Return the share of the page's characters, blanks aside, that are held nowhere."""
    shown = [index for index, char in enumerate(page.text) if not char.isspace()]
    return sum(not held[index] for index in shown) / len(shown) if shown else 0.0


def _at_edge(line: Line, page: Page) -> bool:
    """Return True for a line at the edge of the page: text there that no view reads is a stamp or a running head."""
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    inside = _EDGE * page.width < x < (1 - _EDGE) * page.width and _EDGE * page.height < y < (1 - _EDGE) * page.height
    return not inside
