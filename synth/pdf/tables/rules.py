"""Horizontal rules of a table: which lie in its region, which span it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from synth.pdf.records import Box
from synth.pdf.tables.cells import TableRow, Word


def edges(rows: Sequence[TableRow]) -> tuple[float, float]:
    cells = [cell for row in rows for cell in row.cells]
    return min(cell.x0 for cell in cells), max(cell.x1 for cell in cells)


def rules_inside(rows: Sequence[TableRow], rules: Sequence[Box]) -> list[Box]:
    """Return the rules within the table's region."""
    left, right = edges(rows)
    top, bottom = rows[0].base, rows[-1].base
    return [rule for rule in rules if top - 20 < rule[1] < bottom + 12 and rule[2] > left and rule[0] < right]


def full_rules(rows: Sequence[TableRow], rules: Sequence[Box]) -> list[Box]:
    """Return the rules that span most of the table, the rows' names among them, double ones as one."""
    left, right = edges(rows)
    width = right - left
    inside = [rule for rule in rules_inside(rows, rules) if rule[2] - rule[0] > 0.75 * width]
    return _merge_rules([rule for rule in inside if rule[0] < left + 0.05 * width + 3])


def _merge_rules(rules: list[Box]) -> list[Box]:
    """Merge double rules into one."""
    merged: list[Box] = []
    for rule in sorted(rules, key=lambda item: item[1]):
        if not merged or rule[1] - merged[-1][1] > 4:
            merged.append(rule)
    return merged


def side_by_side(words: Sequence[Word], rules: Sequence[Box]) -> list[list[Word]]:
    """Return the words of tables set side by side, each between rules of its own that begin and end at the same x.

    One list where there are no such rules: a rule over all parts, or over some of the columns only, parts none.
    """
    if not words:
        return []
    top, bottom = min(word.base for word in words) - 20, max(word.base for word in words) + 12
    extents: list[list[Box]] = []
    for rule in sorted(rules):
        if not top < rule[1] < bottom:
            continue
        same = next((group for group in extents if _same_extent(group[0], rule)), None)
        (extents.append([rule]) if same is None else same.append(rule))
    zones = sorted((group[0][0], group[0][2]) for group in extents if len(group) == len(extents[0]))
    apart = all(after[0] > before[1] + 4 for before, after in pairwise(zones))
    covered = bool(zones) and all(zones[0][0] - 5 < word.x0 and word.x1 < zones[-1][1] + 5 for word in words)
    highest = {round(min(rule[1] for rule in group)) for group in extents}
    if len(zones) < 2 or len(zones) != len(extents) or not apart or not covered or max(highest) - min(highest) > 3:
        return [list(words)]
    borders = [(before[1] + after[0]) / 2 for before, after in pairwise(zones)]
    parts: list[list[Word]] = [[] for _ in zones]
    for word in words:
        parts[sum((word.x0 + word.x1) / 2 > border for border in borders)].append(word)
    return [part for part in parts if part]


def _same_extent(left: Box, right: Box) -> bool:
    return abs(left[0] - right[0]) < 3 and abs(left[2] - right[2]) < 3
