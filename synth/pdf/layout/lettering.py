"""The words of a heading as they are meant: letters set with space between them closed up, small capitals joined."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from synth.pdf.layout.rows import Row

# Single letters with blanks between them; a word of running text has no four of them in a row.
_SPACED = re.compile(r"(?<![^\W\d_])[^\W\d_](?:\s{1,6}[^\W\d_]){3,}(?![^\W\d_])")
_SMALL = re.compile(r"(?<![^\W\d_])[A-ZÀ-Þ] (?=[A-ZÀ-Þ]{2})")
_WIDER = 1.4  # times the usual gap between letters is a gap between words


def readable(row: Row) -> str:
    """Give the row's words: "A B S T R A C T" is ABSTRACT, "I. I NTRODUCTION" in small capitals I. INTRODUCTION."""
    chars: list[str] = []
    places: list[tuple[float, float]] = []
    for index, part in enumerate(row.parts):
        before = row.parts[index - 1] if index else None
        text = part.text.rstrip()
        if before is not None and not _goes_on(chars, before.runs[-1].size, text, part.size, part.x0 - before.x1):
            chars.append(" ")
            places.append((before.x1, part.x0))
        skip = _blanks_in_small_capitals(row, index)
        for at, char in enumerate(text):
            if at not in skip and (chars or not char.isspace()):
                chars.append(char)
                places.append(part.xs[at])
    return _SPACED.sub(lambda match: _closed(match, places), "".join(chars))


def _goes_on(chars: list[str], before: float, text: str, size: float, gap: float) -> bool:
    """Return True if small capitals follow the large one that the line ends with."""
    small = text[:2].isupper() and chars[-1:] != [" "] and "".join(chars[-1:]).isupper()
    return small and gap < 0.25 * size and size < 0.96 * before


def _blanks_in_small_capitals(row: Row, index: int) -> set[int]:
    """Return the blanks between a large capital and the small ones after it."""
    part = row.parts[index]
    sizes = [0.0] * len(part.text)
    for run in part.runs:
        sizes[run.start : run.end] = [run.size] * (run.end - run.start)
    capitals = _SMALL.finditer(part.text)
    return {match.start() + 1 for match in capitals if sizes[match.start()] > 1.1 * sizes[match.end()]}


def _closed(match: re.Match[str], places: list[tuple[float, float]]) -> str:
    """Return the letters together, parted where the gap between them is wider than usual."""
    letters = [index for index in range(match.start(), match.end()) if not match.string[index].isspace()]
    gaps = [places[after][0] - places[before][1] for before, after in pairwise(letters)]
    usual = median(gaps)
    text = match.string[letters[0]]
    for index, gap in zip(letters[1:], gaps, strict=True):
        text += (" " if gap > _WIDER * usual + 0.5 else "") + match.string[index]
    return text
