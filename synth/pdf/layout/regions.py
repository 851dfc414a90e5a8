"""The region of the page that belongs to a caption: above it or below it, up to running text or another caption."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from synth.pdf.layout.captions import Caption
from synth.pdf.layout.columns import Columns
from synth.pdf.layout.rows import Row
from synth.pdf.records import Box, Line, Page
from synth.pdf.tables.cells import table_rows, words_of

_REACH = 60.0  # points between a caption and what belongs to it, at most
_RULE_REACH = 40.0
_TABULAR = 0.4  # share of rows with several cells in what looks like a table


@dataclass
class _Sides:
    """The boxes above and below a caption that may hold its float, and how many rows of a table each has."""

    up: Box | None
    down: Box | None
    frames: list[Box]
    share: dict[Box, float] = field(default_factory=dict)  # of rows with several cells

    def tabular(self) -> list[Box]:
        return [box for box in (self.up, self.down) if box is not None and self.share.get(box, 0) >= _TABULAR]


def find_regions(
    captions: list[Caption], page: Page, lines: list[Line], rows: list[Row], walls: list[Row], columns: Columns
) -> None:
    """Give each caption its region. Tables with a grid on one side of the caption only come first: what is theirs is
    no other caption's.
    """
    sides: list[tuple[Caption, _Sides]] = []
    for caption in captions:
        others = [other for other in captions if other is not caption]
        beside = _sides(caption, page, lines, rows, walls, others, columns)
        if caption.kind == "table":
            held = {id(part) for row in caption.rows for part in row.parts}
            free = [line for line in lines if id(line) not in held]
            boxes = [box for box in (beside.up, beside.down) if box is not None]
            beside.share = {box: _share_of_rows(free, box) for box in boxes}
        sides.append((caption, beside))
    taken: list[Box] = []
    ways: list[int] = []
    for caption, beside in sorted(sides, key=lambda item: len(item[1].tabular()) != 1):
        open_sides = [box for box in beside.tabular() if not any(overlap(box, other) for other in taken)]
        up, down = (box if not open_sides or box in open_sides else None for box in (beside.up, beside.down))
        if up is not None and down is not None and open_sides and ways and abs(sum(ways)) == len(ways):
            caption.region = up if ways[0] < 0 else down  # as the other tables of this page have it
        else:
            caption.region = _nearer(caption, up, down)
        caption.framed = caption.region is not None and caption.region in beside.frames
        if caption.kind == "table" and caption.region is not None:
            taken.append(caption.region)
            ways.append(-1 if caption.region is beside.up else 1)


def overlap(box: Box, other: Box) -> bool:
    return min(box[2], other[2]) > max(box[0], other[0]) and min(box[3], other[3]) > max(box[1], other[1]) + 2


def _share_of_rows(lines: list[Line], box: Box, need: int = 2) -> float:
    """Return the share of rows with several cells among those of a box; 0 where there are fewer than `need`."""
    rows = table_rows(words_of([line for line in lines if within(line, [box])]))
    several = sum(len(row.cells) > 1 for row in rows)
    return several / len(rows) if several >= need else 0.0


def _sides(
    caption: Caption,
    page: Page,
    lines: list[Line],
    rows: list[Row],
    walls: list[Row],
    others: list[Caption],
    columns: Columns,
) -> _Sides:
    """Return the boxes that a caption may describe: above it and below it, up to running text or another caption."""
    left, right = reach(caption, page, columns, others)
    stops = [(row.y0, row.y1) for row in walls if row.x0 < right and row.x1 > left]
    barred = [(o.box[1], o.box[3]) for o in others if o.box[0] < right and o.box[2] > left]
    sides: list[Box | None] = []
    frames: list[Box] = []
    for way in (-1, 1):
        framed = _framed(caption, page, walls, barred, left, right, way)
        open_side = side_of(caption, page, rows, stops + barred, left, right, way)
        if framed is not None and _taller(framed, open_side):
            frames.append(framed)
            sides.append(framed)
        else:
            sides.append(open_side if caption.kind != "table" else closed(open_side, page, lines, way))
    return _Sides(sides[0], sides[1], frames)


def closed(box: Box | None, page: Page, lines: list[Line], way: int) -> Box | None:
    """Return a table's box up to its last rule, where rules of equal extent begin next to the caption.

    A second such group of rules, with heads below its first, is another part of the same table.
    """
    if box is None:
        return None
    rules = [r for r in page.rules if box[0] - 2 < r[0] and r[2] < box[2] + 2 and box[1] - 2 < r[1] < box[3] + 2]
    rules.sort(key=lambda rule: rule[1] * way)
    start = box[1] if way > 0 else box[3]
    end = start
    for first in rules:
        if (first[1] - end) * way > _RULE_REACH:
            break
        chain = [first]
        for rule in rules:
            same = abs(rule[0] - first[0]) < 3 and abs(rule[2] - first[2]) < 3
            if same and (rule[1] - chain[-1][1]) * way > 4:
                chain.append(rule)
        if len(chain) > 2 and (end == start or _has_heads(chain, lines)):
            end = max(end, chain[-1][1], key=lambda y: y * way)
    if end == start:
        return box
    return (box[0], box[1], box[2], end + 1) if way > 0 else (box[0], end - 1, box[2], box[3])


def _has_heads(chain: list[Box], lines: list[Line]) -> bool:
    """Return True if a row of several cells stands below the first of some rules, as in a table and not in a chart."""
    top, second = sorted(chain, key=lambda rule: rule[1])[:2]
    return _share_of_rows(lines, (top[0] - 2, top[1], top[2] + 2, second[1]), need=1) > 0


def _nearer(caption: Caption, up: Box | None, down: Box | None) -> Box | None:
    if up is None or down is None:
        return up or down
    near_up, near_down = caption.box[1] - up[3], down[1] - caption.box[3]
    if caption.kind == "table" and abs(near_up - near_down) > 3:
        return up if near_up < near_down else down
    return up


def _taller(box: Box, other: Box | None) -> bool:
    return other is None or box[3] - box[1] > other[3] - other[1]


def _framed(
    caption: Caption,
    page: Page,
    walls: list[Row],
    barred: list[tuple[float, float]],
    left: float,
    right: float,
    way: int,
) -> Box | None:
    """Return a region between rules of equal extent: tables of sentences and framed texts look like running text
    inside.
    """
    edge = caption.box[1] if way < 0 else caption.box[3]
    rules = [rule for rule in page.rules if rule[0] >= left - 5 and rule[2] <= right + 5]
    rules = [rule for rule in rules if (edge - rule[3] if way < 0 else rule[1] - edge) > -2]
    rules.sort(key=lambda rule: rule[1] * way)
    chain: list[Box] = []
    tabular = False
    for rule in rules:
        if not chain:
            if abs(rule[1] - edge) > _RULE_REACH or rule[2] - rule[0] < 0.25 * (right - left):
                return None
            chain.append(rule)
        if abs(rule[0] - chain[0][0]) > 3 or abs(rule[2] - chain[0][2]) > 3 or rule is chain[0]:
            continue
        low, high = sorted((chain[-1][1], rule[1]))
        inside = sum(low <= (row.y0 + row.y1) / 2 <= high for row in walls if row.x0 < right and row.x1 > left)
        if any(low < bottom and top < high for top, bottom in barred) or (inside > 3 and tabular):
            break
        tabular = tabular or inside <= 3
        chain.append(rule)
    if len(chain) < 2:
        return None
    tops = [rule[1] for rule in chain]
    return chain[0][0] - 3, min(tops) - 1, chain[0][2] + 3, max(tops) + 1


def reach(caption: Caption, page: Page, columns: Columns, others: list[Caption]) -> tuple[float, float]:
    """Return from where to where on the x axis a caption's figure or table may lie."""
    y = caption.rows[0].base if caption.rows else caption.box[1]
    gutters = columns.at(y)
    beside = [other for other in others if min(other.box[3], caption.box[3]) > max(other.box[1], caption.box[1]) + 2]
    if not gutters and beside:
        ends = [(other.box[2] + caption.box[0]) / 2 for other in beside if other.box[2] <= caption.box[0]]
        starts = [(caption.box[2] + other.box[0]) / 2 for other in beside if other.box[0] >= caption.box[2]]
        return max(ends, default=0.0), min(starts, default=page.width)
    if caption.column == 0 and gutters and caption.box[2] - caption.box[0] < 0.3 * page.width and len(caption.rows) > 1:
        return caption.box[0] - 20, caption.box[2] + 20  # one of several captions side by side
    return columns.reach(caption.box[0], caption.box[2], y, page.width)


def side_of(
    caption: Caption,
    page: Page,
    rows: list[Row],
    stops: list[tuple[float, float]],
    left: float,
    right: float,
    way: int,
) -> Box | None:
    edge = caption.box[1] if way < 0 else caption.box[3]
    limit = 0.0 if way < 0 else page.height
    for top, bottom in stops:
        if way < 0 and bottom <= edge + 2:
            limit = max(limit, bottom)
        if way > 0 and top >= edge - 2:
            limit = min(limit, top)
    held = {id(part) for row in caption.rows for part in row.parts}
    items: list[Box] = [
        (part.x0, part.y0, part.x1, part.y1) for row in rows for part in row.parts if id(part) not in held
    ]
    items += page.rules if caption.kind == "table" else [*page.rules, *page.drawings, *page.images]
    low, high = (limit, edge) if way < 0 else (edge, limit)
    # What is drawn may be clipped when shown, but its box is not: cut it to where the float can be.
    items = [
        (box[0], max(box[1], low), box[2], min(box[3], high))
        for box in items
        if box[2] > left
        and box[0] < right
        and low - 1 <= (box[1] + box[3]) / 2 <= high + 1
        and box[3] - box[1] < 0.8 * page.height
        and (box[0] + box[2]) / 2 > left - 5
        and (box[0] + box[2]) / 2 < right + 5
    ]
    return _walk(items, edge, way)


def _walk(items: list[Box], edge: float, way: int) -> Box | None:
    """Return the hull of the boxes from `edge` on, until a gap parts them."""
    region: list[float] | None = None
    front = edge
    items.sort(key=lambda box: -box[3] if way < 0 else box[1])
    for box in items:
        distance = front - box[3] if way < 0 else box[1] - front
        if distance > (_REACH if region is None else _RULE_REACH):
            break
        front = min(front, box[1]) if way < 0 else max(front, box[3])
        if region is None:
            region = list(box)
        else:
            region = [min(region[0], box[0]), min(region[1], box[1]), max(region[2], box[2]), max(region[3], box[3])]
    return None if region is None else (region[0] - 1, region[1] - 1, region[2] + 1, region[3] + 1)


def within(line: Line, boxes: Iterable[Box]) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes)
