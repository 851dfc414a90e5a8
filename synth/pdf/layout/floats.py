"""Figures and tables: their captions, and the region of the page that belongs to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from synth.pdf.layout import sections
from synth.pdf.layout.captions import Body, Caption, find_captions, prose_rows
from synth.pdf.layout.columns import Columns
from synth.pdf.layout.regions import closed, find_regions, overlap, reach, side_of, within
from synth.pdf.layout.rows import Row, rows_of
from synth.pdf.records import Box, Line, Page
from synth.pdf.tables.cells import Cell, table_rows, words_of


@dataclass
class Floats:
    """Floats of one page, and the fragments of running text that remain."""

    captions: list[Caption] = field(default_factory=list)
    text: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class OpenTable:
    """A table at the foot of a page, which may go on at the top of the next one."""

    number: str
    head: str  # its first row, which is set again there
    column: int


def find(page: Page, lines: list[Line], columns: Columns, body: Body, before: OpenTable | None = None) -> Floats:
    """Take captions, tables and figures out of a page's lines. `before`: the table that the page before ends with."""
    rows = rows_of(lines, columns, page.number)
    prose = prose_rows(rows, columns, body)
    captions = [_trimmed(caption, page.rules) for caption in find_captions(rows, prose, columns, body)]
    held = {id(part) for caption in captions for row in caption.rows for part in row.parts}
    walls = [
        row
        for row in rows
        if (id(row) in prose or _is_heading(row, body)) and not any(id(part) in held for part in row.parts)
    ]
    find_regions(captions, page, lines, rows, walls, columns)
    if (
        before is not None
        and (follow_up := _continued(before, page, lines, rows, walls, captions, columns)) is not None
    ):
        captions.insert(0, follow_up)
    regions = [caption.region for caption in captions if caption.region is not None]
    regions += [box for box in _graphics(page) if (box[2] - box[0]) * (box[3] - box[1]) > 2500]
    framed = [caption.region for caption in captions if caption.region is not None and caption.framed]
    wall_parts = {id(part) for row in walls for part in row.parts}
    text = [
        line
        for line in lines
        if id(line) not in held and not within(line, framed if id(line) in wall_parts else regions)
    ]
    return Floats(captions, text)


def open_table(page: Page, lines: list[Line], floats: Floats) -> OpenTable | None:
    """Return the table that a page ends with: below it stands no text of its column."""
    tables = [caption for caption in floats.captions if caption.kind == "table" and caption.region is not None]
    last = max(tables, key=lambda caption: caption.region[3] if caption.region else 0.0, default=None)
    if last is None or last.region is None:
        return None
    x0, _, x1, foot = last.region
    below = [line for line in floats.text if line.y0 > foot - 2 and line.x0 < x1 and line.x1 > x0]
    captions = [o for o in floats.captions if o.box[1] > foot - 2 and o.box[0] < x1 and o.box[2] > x0]
    rows = table_rows(words_of(inside(lines, last)))
    if below or captions or foot < 0.5 * page.height or not rows:
        return None
    return OpenTable(last.number, " ".join(cell.text for cell in rows[0].cells), last.column)


def _continued(
    before: OpenTable,
    page: Page,
    lines: list[Line],
    rows: list[Row],
    walls: list[Row],
    captions: list[Caption],
    columns: Columns,
) -> Caption | None:
    """Return the rest of a table, without a caption of its own, where its first row of heads is set again above all
    text.
    """
    for row in rows[:3]:
        if before.head != " ".join(cell.text for cell in _row_of_cells(row)):
            continue
        top = row.y0 - 2
        follow_up = Caption("table", before.number, [], before.column, (row.x0, top, row.x1, top))
        left, right = reach(follow_up, page, columns, [])
        stops = [(wall.y0, wall.y1) for wall in walls] + [(other.box[1], other.box[3]) for other in captions]
        box = closed(side_of(follow_up, page, rows, stops, left, right, 1), page, lines, 1)
        taken = [other.region for other in captions if other.region is not None]
        if box is not None and not any(overlap(box, other) for other in taken):
            follow_up.region = box
            return follow_up
    return None


def _row_of_cells(row: Row) -> list[Cell]:
    return [cell for table_row in table_rows(words_of(row.parts)) for cell in table_row.cells]


def _is_heading(row: Row, body: Body) -> bool:
    """Return True for a numbered heading in bold: it ends a float as running text does."""
    heading = sections.find(row, body.size, body.font, apart=True)
    return (
        heading is not None
        and heading.number != ""
        and row.size > body.size - 0.2
        and (row.main.bold or "." in heading.number)
    )


def inside(lines: Iterable[Line], caption: Caption) -> list[Line]:
    """Return the lines of a caption's figure or table."""
    held = {id(part) for row in caption.rows for part in row.parts}
    boxes = [caption.region] if caption.region is not None else []
    return [line for line in lines if id(line) not in held and within(line, boxes)]


def _trimmed(caption: Caption, rules: Sequence[Box]) -> Caption:
    """Return a table's caption without the rows that belong to the table: those below a rule, or with wide gaps."""
    if caption.kind != "table":
        return caption
    for index, (above, row) in enumerate(pairwise(caption.rows), 1):
        ruled = any(
            above.base < rule[1] < row.base
            and rule[0] < row.x1
            and rule[2] > row.x0
            and rule[2] - rule[0] > row.x1 - row.x0
            for rule in rules
        )
        if ruled or row.gap > 2.5 * row.size:
            rows = caption.rows[:index]
            box = min(r.x0 for r in rows), min(r.y0 for r in rows), max(r.x1 for r in rows), max(r.y1 for r in rows)
            return replace(caption, rows=rows, box=box)
    return caption


def _graphics(page: Page) -> list[Box]:
    """Return the images, and clusters of strokes and fills."""
    boxes = [box for box in page.images if box[3] - box[1] < 0.8 * page.height]
    clusters: list[list[float]] = []
    for box in sorted(page.drawings, key=lambda item: item[1])[:3000]:
        if box[3] - box[1] > 0.8 * page.height:
            continue
        for cluster in clusters:
            if (
                box[0] < cluster[2] + 8
                and box[2] > cluster[0] - 8
                and box[1] < cluster[3] + 8
                and box[3] > cluster[1] - 8
            ):
                cluster[:] = [
                    min(cluster[0], box[0]),
                    min(cluster[1], box[1]),
                    max(cluster[2], box[2]),
                    max(cluster[3], box[3]),
                ]
                break
        else:
            clusters.append(list(box))
    return boxes + [(c[0], c[1], c[2], c[3]) for c in clusters]
