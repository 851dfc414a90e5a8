"""Line breaking and column filling: pure functions over boxes, without a PDF library.

Lengths are in points. A box is a stretch of column that is never divided; text is placed by its base line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Measure = Callable[[str], float]  # width of a string

MAX_STRETCH = 7.5  # points that one gap may grow by; a line that needs more stays ragged


@cache
def divisions() -> dict[str, str]:
    """Load words and where they may be divided. Listed, because a wrong division is worse than a loose line."""
    listed: str = tomllib.loads((files(__package__) / "divisions.toml").read_text("utf-8"))["words"]
    return {word.replace("-", ""): word for word in listed.split()}


@dataclass(frozen=True)
class TextMark:
    """Words on one base line from `x`; `gap` is the space between them."""

    words: tuple[str, ...]
    font: str
    size: float
    x: float
    gap: float


@dataclass(frozen=True)
class RuleMark:
    x0: float
    x1: float
    thickness: float


@dataclass(frozen=True)
class Box:
    """`marks` hang at their distance below the box's top. `above` is left out at the top of a column."""

    height: float
    marks: tuple[tuple[float, TextMark | RuleMark], ...]
    above: float = 0.0
    stay: bool = False  # must not be parted from the next box


Column = list[tuple[float, Box]]  # each box with the distance of its top from the column's


def pieces(word: str) -> list[str]:
    """Return the parts a word may be divided into; one that ends without a hyphen gets one when divided there."""
    if "/" in word:  # an address stays whole
        return [word]
    parts: list[str] = []
    for part in re.split(r"(?<=[a-z]-)(?=[a-z]{3})", word):
        lead, letters, tail = re.fullmatch(r"([^A-Za-z]*)(.*?)([^A-Za-z]*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
        division = divisions().get(letters) or divisions().get(letters.lower())
        if division is None:
            parts.append(part)
            continue
        syllables = division.split("-")
        syllables[0] = lead + letters[0] + syllables[0][1:]  # the word's own capital
        syllables[-1] += tail
        parts.extend(syllables)
    return parts


def divide(word: str, room: float, measure: Measure) -> tuple[str, str]:
    """Return the longest head of `word` that fits into `room` with its hyphen, and the rest; ("", word) if none."""
    parts = pieces(word)
    for cut in range(len(parts) - 1, 0, -1):
        head = "".join(parts[:cut])
        if len(head) < 3:
            continue
        shown = head if head.endswith("-") else head + "-"
        if measure(shown) <= room:
            return shown, "".join(parts[cut:])
    return "", word


def break_lines(text: str, width: float, measure: Measure, *, whole: bool = False) -> list[tuple[str, ...]]:
    """Return the words of each line, set greedily; a word too long for any line stands alone and overruns.

    `whole`: words are not divided.
    """
    space = measure(" ")
    lines: list[tuple[str, ...]] = []
    line: list[str] = []
    used = 0.0
    todo = list(reversed(text.split()))
    while todo:
        word = todo.pop()
        lead = space if line else 0.0
        if used + lead + measure(word) <= width:
            line.append(word)
            used += lead + measure(word)
            continue
        head, tail = ("", word) if whole else divide(word, width - used - lead, measure)
        if head:
            line.append(head)
            todo.append(tail)
        elif line:
            todo.append(word)
        else:
            line.append(word)
        lines.append(tuple(line))
        line, used = [], 0.0
    if line:
        lines.append(tuple(line))
    return lines


def gap_of(words: Sequence[str], width: float, measure: Measure) -> float:
    """Return the space between words that fills `width`, or the natural one where that would tear the line apart."""
    natural = measure(" ")
    if len(words) < 2:
        return natural
    gap = (width - sum(measure(word) for word in words)) / (len(words) - 1)
    return gap if gap - natural <= MAX_STRETCH else natural


def fill(boxes: Sequence[Box], heights: Iterable[float]) -> tuple[list[Column], list[Box]]:
    """Put boxes into columns of the given heights, in order; returns the columns and the boxes left over.

    Boxes that `stay` move on with the box they belong to. ValueError if such a group is higher than a column.
    """
    columns: list[Column] = []
    todo = list(boxes)
    for height in heights:
        column: Column = []
        bottom = 0.0
        while todo:
            group = _next_group(todo)
            tops: list[float] = []
            end = bottom
            for box in group:
                tops.append(end + (box.above if column or tops else 0.0))
                end = tops[-1] + box.height
            if end > height and not column:
                raise ValueError(f"a block of {end:.0f} points does not fit a column of {height:.0f}")
            if end > height:
                break
            column.extend(zip(tops, group, strict=True))
            del todo[: len(group)]
            bottom = end
        columns.append(column)
    return columns, todo


def _next_group(boxes: Sequence[Box]) -> Sequence[Box]:
    """Return the first box and those that must not be parted from it."""
    size = 1
    while size < len(boxes) and boxes[size - 1].stay:
        size += 1
    return boxes[:size]


def fill_page(boxes: Sequence[Box], height: float, step: float) -> tuple[list[Column], list[Box]]:
    """Fill two columns of a page of that height; where all boxes fit, both end at about the same place."""
    columns, remainder = fill(boxes, (height, height))
    if remainder:
        return columns, remainder
    total = sum(box.above + box.height for box in boxes)
    tallest = max(box.height for box in boxes)
    short = max(total / 2, 3 * tallest)
    while short < height:
        balanced, remainder = fill(boxes, (short, short))
        if not remainder:
            return balanced, remainder
        short += step
    return columns, []
