"""Renders digests to two-column PDF in the look of a conference paper; same input, same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.atomic import atomic_path
from synth.sources.digests.layout import Box, RuleMark, TextMark, break_lines, fill_page, gap_of
from synth.sources.digests.read import PROJECT, WRITTEN, Digest, DigestTable, DigestWork, cite, digests, works

if TYPE_CHECKING:
    import pymupdf

PAGE = (595.0, 842.0)  # A4
MARGIN = 62.0
TOP, BOTTOM = 74.0, 770.0
COLUMN, GUTTER = 226.0, 19.0
SIZE, LEADING = 11.0, 13.6
DATE = "D:20261101000000Z"  # fixed: the bytes must not depend on the clock

# Names of the library's own embedded copies of the Times family.
ROMAN, BOLD, ITALIC = "tiro", "tibo", "tiit"


def render_all(folder: Path) -> list[Path]:
    """Write every bundled digest to `folder`/<key>.pdf and returns the files by key."""
    folder.mkdir(parents=True, exist_ok=True)
    return [render(digest, folder / f"{digest.key}.pdf") for digest in digests()]


def render(digest: Digest, path: Path) -> Path:
    """Write one digest. The file appears whole or not at all."""
    with atomic_path(path) as part:
        part.write_bytes(pdf_bytes(digest))
    return path


def pdf_bytes(digest: Digest) -> bytes:
    import pymupdf

    pages = _pages(digest)
    document = pymupdf.open()
    for number, boxes in enumerate(pages, start=1):
        page = document.new_page(width=PAGE[0], height=PAGE[1])
        writer = pymupdf.TextWriter(page.rect)
        for x, y, box in boxes:
            _draw(page, writer, x, y, box)
        for x, y, text in _furniture(digest, number):
            writer.append((x, y), text.words[0], font=_font(text.font), fontsize=text.size)
        writer.write_text(page)
    document.set_metadata(
        {
            "title": digest.title,
            "author": PROJECT,
            "subject": digest.marking,
            "creationDate": DATE,
            "modDate": DATE,
        }
    )
    document.subset_fonts()
    data: bytes = document.tobytes(garbage=4, deflate=True, no_new_id=True)
    document.close()
    return data


# ------------------------------------------------------------------------------------- fonts and drawing


@cache
def _font(name: str) -> pymupdf.Font:
    import pymupdf

    return pymupdf.Font(name)


@lru_cache(maxsize=20_000)
def _width(text: str, font: str, size: float) -> float:
    width: float = _font(font).text_length(text, fontsize=size)
    return width


def _draw(page: pymupdf.Page, writer: pymupdf.TextWriter, x: float, y: float, box: Box) -> None:
    for dy, mark in box.marks:
        if isinstance(mark, RuleMark):
            page.draw_line((x + mark.x0, y + dy), (x + mark.x1, y + dy), width=mark.thickness)
            continue
        at = x + mark.x
        for word in mark.words:
            # each word takes its space along, so that the text is read back as it was written
            writer.append((at, y + dy), word + " ", font=_font(mark.font), fontsize=mark.size)
            at += _width(word, mark.font, mark.size) + mark.gap


def _furniture(digest: Digest, number: int) -> Iterator[tuple[float, float, TextMark]]:
    """Place running head and page number on the page."""
    head = f"Digest of {digest.work.short_authors}, not the original paper."
    yield MARGIN, 50.0, TextMark((head,), ITALIC, 8.5, 0.0, 0.0)
    middle = (PAGE[0] - _width(str(number), ROMAN, 9.0)) / 2
    yield middle, 804.0, TextMark((str(number),), ROMAN, 9.0, 0.0, 0.0)


# ------------------------------------------------------------------------------------------------ boxes


def _lines(
    text: str,
    *,
    font: str = ROMAN,
    size: float = SIZE,
    leading: float = LEADING,
    width: float = COLUMN,
    indent: float = 0.0,
    above: float = 0.0,
    centred: bool = False,
    whole: bool = False,
) -> list[Box]:
    """Return a paragraph as one box a line; `indent` moves every line but the first, `whole` divides no word."""

    def measure(part: str) -> float:
        return _width(part, font, size)

    broken = break_lines(text, width - indent, measure, whole=whole or centred)
    boxes = []
    for i, words in enumerate(broken):
        shift = indent if i else 0.0
        last = i == len(broken) - 1
        gap = measure(" ") if last or centred else gap_of(words, width - shift, measure)
        if centred:
            shift = (width - measure(" ".join(words))) / 2
        boxes.append(Box(leading, ((size, TextMark(words, font, size, shift, gap)),), above if i == 0 else 0.0))
    return boxes


def _keep(boxes: list[Box]) -> list[Box]:
    return [Box(box.height, box.marks, box.above, stay=True) for box in boxes]


def _together(boxes: list[Box]) -> Box:
    """Join several boxes into one that is never divided."""
    marks: list[tuple[float, TextMark | RuleMark]] = []
    y = 0.0
    for i, box in enumerate(boxes):
        y += box.above if i else 0.0
        marks.extend((y + dy, mark) for dy, mark in box.marks)
        y += box.height
    return Box(y, tuple(marks), boxes[0].above)


def _heading(text: str) -> list[Box]:
    return _keep(_lines(text, font=BOLD, size=12.0, leading=17.0, above=9.0, whole=True))


def _head(digest: Digest) -> Box:
    """Build title, author line and marking, over both columns."""
    width = PAGE[0] - 2 * MARGIN
    boxes = _lines(digest.title, font=BOLD, size=15.5, leading=19.0, width=width, centred=True)
    boxes += _lines(PROJECT, size=11.5, leading=15.0, width=width, centred=True, above=8.0)
    boxes += _lines(str(WRITTEN), size=10.0, leading=13.0, width=width, centred=True)
    rule = RuleMark(0.0, width, 0.5)
    boxes.append(Box(4.0, ((0.0, rule),), above=7.0))
    boxes += _lines(digest.marking, font=ITALIC, size=9.0, leading=11.0, width=width, whole=True)
    boxes.append(Box(14.0, ((4.0, rule),)))
    return _together(boxes)


def _table(table: DigestTable, number: int) -> Box:
    """Build a table: caption above, rules in the manner of a book; first column left, the others right-aligned."""
    size, leading = 9.0, 12.0
    boxes = _lines(f"Table {number}: {table.caption}", size=9.5, leading=11.5, above=9.0)
    wide = [max(_width(row[c], ROMAN, size) for row in table.rows) for c in range(len(table.rows[0]))]
    slack = (COLUMN - sum(wide) - 8.0) / max(1, len(wide) - 1)
    thick, thin = RuleMark(0.0, COLUMN, 0.8), RuleMark(0.0, COLUMN, 0.4)
    boxes.append(Box(2.0, ((2.0, thick),), above=3.0))
    for i, row in enumerate(table.rows):
        marks: list[tuple[float, TextMark | RuleMark]] = []
        right = 4.0
        for c, cell in enumerate(row):
            right += wide[c] + (slack if c else 0.0)
            x = 4.0 if c == 0 else right - _width(cell, ROMAN, size)
            marks.append((size + 0.5, TextMark((cell,), ROMAN, size, x, 0.0)))
        boxes.append(Box(leading, tuple(marks)))
        if i == 0:
            boxes.append(Box(2.0, ((1.5, thin),)))
    boxes.append(Box(10.0, ((2.0, thick),)))
    return _together(boxes)


def _body(digest: Digest) -> list[Box]:
    known = works()
    boxes: list[Box] = []
    tables = 0
    for number, section in enumerate(digest.sections):
        boxes += _heading(f"{number} {section.title}" if number else section.title)
        for i, block in enumerate(section.blocks):
            if isinstance(block, DigestTable):
                tables += 1
                boxes.append(_table(block, tables))
            else:
                boxes += _lines(cite(block, known), above=3.5 if i else 0.0)
    boxes += _heading("References")
    for key in digest.cited:
        boxes.append(_together(_lines(_reference(known[key]), size=9.0, leading=10.8, indent=10.0, above=3.0)))
    return boxes


def _reference(work: DigestWork) -> str:
    names = work.authors
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"
    title = work.title if work.title.endswith("?") else f"{work.title}."
    return f"{listed}. {work.year}. {title} {work.venue}. {work.url}"


def _pages(digest: Digest) -> list[list[tuple[float, float, Box]]]:
    """Return for each page its boxes with the left edge and the top of each."""
    head, body = _head(digest), _body(digest)
    left, right = MARGIN, MARGIN + COLUMN + GUTTER
    pages: list[list[tuple[float, float, Box]]] = []
    while body or not pages:
        top = TOP if pages else TOP + head.height
        columns, body = fill_page(body, BOTTOM - top, LEADING)
        placed = [(x, top + y, box) for x, column in zip((left, right), columns, strict=True) for y, box in column]
        pages.append(placed if pages else [(MARGIN, TOP, head), *placed])
    return pages
