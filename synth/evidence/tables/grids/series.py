"""Lines in an order: heads that hold a number ("10k", "hidden=512") or a word of size ("Base", "Large"). Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synth.evidence.tables.grids.grid import GridAxis, TableGrid
from synth.evidence.tables.grids.spelling import tokens

NUMBER = re.compile(
    r"(?<![A-Za-z\d.,])(?P<value>\d+(?:[.,]\d+)*)\s?(?P<scale>k|m|b|million|billion|thousand)?(?![A-Za-z\d])",
    re.IGNORECASE,
)
SCALES = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9}
SIZES = ("tiny", "mini", "small", "base", "medium", "large", "xlarge", "xl", "huge", "xxl")
SIZE = re.compile(rf"(?:(?<=[A-Za-z])|\b)(?P<size>{'|'.join(sorted(SIZES, key=len, reverse=True))})\b", re.IGNORECASE)
SIZE_WORDS = frozenset({"size", "parameter", "capacity", "scale", "model"})
MIN_NUMBERED = 3  # lines that make an order of numbers; of sizes two do


@dataclass(frozen=True)
class Series:
    """Lines of one axis that differ in one ordered thing only. `words`: folded words that say what it is."""

    axis: GridAxis
    lines: tuple[int, ...]  # in ascending order
    words: frozenset[str]


def series(grid: TableGrid, axis: GridAxis) -> Iterator[Series]:
    """Return the ordered groups of lines of an axis, in ascending order."""
    numbered: dict[tuple[str, ...], list[tuple[float, int]]] = defaultdict(list)
    sized: dict[tuple[str, ...], list[tuple[float, int]]] = defaultdict(list)
    for at, line in enumerate(grid.lines(axis)):
        if line.is_average or line.is_total or line.is_change:
            continue
        for level, text in enumerate(line.levels):
            other_levels = (*line.levels[:level], "\0", *line.levels[level + 1 :])
            numbers = list(NUMBER.finditer(text))
            if len(numbers) == 1:
                key = (*other_levels, text[: numbers[0].start()] + text[numbers[0].end() :])
                numbered[key].append((_value(numbers[0]), at))
            if match := SIZE.search(text):
                key = (*other_levels, (text[: match.start()] + text[match.end() :]).strip(" -"))
                sized[key].append((float(SIZES.index(match["size"].lower())), at))
    for ordered, least, extra in ((numbered, MIN_NUMBERED, frozenset[str]()), (sized, 2, SIZE_WORDS)):
        for key, places in ordered.items():
            if len({value for value, _ in places}) == len(places) >= least:
                around = " ".join((key[-1], grid.corner, _caption_words(grid, extra)))
                words = frozenset(t for _, _, t in tokens(around)) | extra
                yield Series(axis, tuple(at for _, at in sorted(places)), words)


def _caption_words(grid: TableGrid, extra: frozenset[str]) -> str:
    """Return the words of the caption that say what a series of plain numbers counts; sizes say it themselves."""
    return "" if extra else grid.caption


def _value(match: re.Match[str]) -> float:
    plain = match["value"].replace(",", "")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    return float(plain) * SCALES[(match["scale"] or "").lower()]


def kendall(values: Sequence[float]) -> float:
    """Return Kendall's tau-a of a sequence against its positions: 1 ascending, -1 descending; ties count as neither."""
    n = len(values)
    score = sum((values[j] > values[i]) - (values[j] < values[i]) for i in range(n) for j in range(i + 1, n))
    return score / (n * (n - 1) / 2) if n > 1 else 0.0
