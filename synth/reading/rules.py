"""Horizontal rules of a table: which lie in its region, which span it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from synth.reading.cells import TableRow
from synth.reading.records import Box


def edges(rows: Sequence[TableRow]) -> tuple[float, float]:
    cells = [cell for row in rows for cell in row.cells]
    return min(cell.x0 for cell in cells), max(cell.x1 for cell in cells)


def rules_inside(rows: Sequence[TableRow], rules: Sequence[Box]) -> list[Box]:
    """The rules within the table's region."""
    left, right = edges(rows)
    top, bottom = rows[0].base, rows[-1].base
    return [rule for rule in rules if top - 20 < rule[1] < bottom + 12 and rule[2] > left and rule[0] < right]


def full_rules(rows: Sequence[TableRow], rules: Sequence[Box]) -> list[Box]:
    """The rules that span most of the table, double ones as one."""
    left, right = edges(rows)
    return _merge_rules([rule for rule in rules_inside(rows, rules) if rule[2] - rule[0] > 0.75 * (right - left)])


def _merge_rules(rules: list[Box]) -> list[Box]:
    """Double rules as one."""
    merged: list[Box] = []
    for rule in sorted(rules, key=lambda item: item[1]):
        if not merged or rule[1] - merged[-1][1] > 4:
            merged.append(rule)
    return merged
