"""The line numbers of manuscripts and review versions: a column in the margin whose figures count up one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from synth.pdf.records import Line, Page

_NUMBER = re.compile(r"^\s*(\d{1,4})(?:\s|$)")
_MIN = 10  # numbers in a column
_MIN_AGAIN = 3  # on a page of a paper that has such a column elsewhere
_TEXT = 20  # characters of a line of text


@dataclass(frozen=True)
class _Number:
    line: Line
    value: int
    x0: float
    x1: float
    remainder: Line | None  # the text that stands in the same line


def without(pages: list[Page]) -> list[Page]:
    """Return the pages without the numbers of their lines."""
    by_page = [_columns(page, _MIN) for page in pages]
    places = [round(column[0].x1) for columns in by_page for column in columns]
    if not places:
        return pages
    result = []
    for page, columns in zip(pages, by_page, strict=True):
        if not columns:
            near = [column for column in _columns(page, _MIN_AGAIN) if any(abs(column[0].x1 - x) < 30 for x in places)]
            columns = near
        remainders = {id(number.line): number.remainder for column in columns for number in column}
        lines = [remainders.get(id(line), line) for line in page.lines]
        result.append(replace(page, lines=[line for line in lines if line is not None]))
    return result


def _columns(page: Page, need: int) -> list[list[_Number]]:
    """Return the columns of at least `need` numbers that stand outside of the text and count up."""
    numbers = [number for line in page.lines if line.upright and (number := _number(line)) is not None]
    held = {id(number.line) for number in numbers}
    text = [line for line in page.lines if line.upright and len(line.text) > _TEXT and id(line) not in held]
    starts = [line.x0 for line in text] + [number.remainder.x0 for number in numbers if number.remainder is not None]
    left = sorted(starts)[len(starts) // 10] if starts else page.width
    right = sorted(line.x1 for line in text)[-1 - len(text) // 10] if text else page.width
    groups: dict[tuple[str, int], list[_Number]] = {}
    for number in numbers:
        if number.x1 < left + 1:
            groups.setdefault(("left", round(number.x1 / 40)), []).append(number)
        elif number.x0 > right - 1 and number.remainder is None:
            groups.setdefault(("right", round(number.x0 / 40)), []).append(number)
    return [sorted(group, key=lambda item: item.line.base) for group in groups.values() if _counts(group, need)]


def _number(line: Line) -> _Number | None:
    """Return the number that a line consists of, or begins with before a wide blank."""
    match = _NUMBER.match(line.text)
    if match is None:
        return None
    x0, x1 = line.xs[match.start(1)][0], line.xs[match.end(1) - 1][1]
    remainder = line.cut(match.end(1), len(line.text))
    if remainder is not None and remainder.x0 - x1 < 0.7 * line.size:
        return None
    return _Number(line, int(match.group(1)), x0, x1, remainder)


def _counts(group: Sequence[_Number], need: int) -> bool:
    """Return True if the numbers, from top to bottom, go up in equal steps, aligned at one side."""
    ordered = sorted(group, key=lambda item: item.line.base)
    steps = [after.value - before.value for before, after in pairwise(ordered)]
    if len(ordered) < need or not steps or median(steps) not in (1, 5, 10):
        return False
    sides = [[number.x0 for number in ordered], [number.x1 for number in ordered]]
    aligned = any(sum(abs(x - median(side)) < 2 for x in side) >= 0.9 * len(side) for side in sides)
    return aligned and sum(step == median(steps) for step in steps) >= 0.9 * len(steps)
