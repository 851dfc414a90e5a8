"""Values that describe the look of a page: the layout analysis works on these and knows no PDF library.

Coordinates are points, the origin is the page's top left corner, y grows downwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

Box = tuple[float, float, float, float]  # x0, y0, x1, y1


@dataclass(frozen=True)
class TextRun:
    """A stretch of a line in one font. `start` and `end` index the line's text; `colour` is 0xRRGGBB."""

    start: int
    end: int
    font: str
    size: float
    bold: bool = False
    italic: bool = False
    raised: bool = False
    lowered: bool = False
    colour: int = 0
    painted: bool = True  # neither invisible nor fully transparent


@dataclass
class Line:
    """One line of text as the PDF gives it: characters that follow each other without a wide gap.

    `start` is the offset of its first character in the page's text; `xs` holds the left and right edge of
    each character; `base` is the baseline. `turn` says how many quarter turns of the page to the right make the line
    upright, None if it is slanted; `turned` is a turned line as it is read after that turn.
    """

    text: str
    start: int
    y0: float
    y1: float
    base: float
    xs: list[tuple[float, float]]
    runs: list[TextRun]
    upright: bool = True
    turn: int | None = 0
    turned: Line | None = None

    @cached_property
    def x0(self) -> float:
        return min(x for x, _ in self.xs)

    @cached_property
    def x1(self) -> float:
        return max(x for _, x in self.xs)

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def size(self) -> float:
        """The largest size that a fifth of its characters have: small capitals and indices do not count."""
        share: Counter[float] = Counter()
        for run in self.runs:
            share[run.size] += len(self.text[run.start : run.end].replace(" ", "")) * (not run.raised)
        need = 0.2 * share.total()
        return max((size for size, count in share.items() if count and count >= need), default=self.runs[0].size)

    @cached_property
    def font(self) -> str:
        """The face that most of its characters have."""
        share: Counter[str] = Counter()
        for run in self.runs:
            share[run.font] += len(self.text[run.start : run.end].replace(" ", ""))
        return max(share, key=share.__getitem__)

    @cached_property
    def bold(self) -> bool:
        """True if most of the line is bold."""
        return self._share(lambda run: run.bold) > 0.5

    @cached_property
    def italic(self) -> bool:
        """True if most of the line is italic."""
        return self._share(lambda run: run.italic) > 0.5

    def _share(self, test: Callable[[TextRun], bool]) -> float:
        counts = [(len(self.text[run.start : run.end].replace(" ", "")), test(run)) for run in self.runs]
        return sum(count for count, yes in counts if yes) / max(1, sum(count for count, _ in counts))

    def cut(self, start: int, end: int) -> Line | None:
        """Return the part between two indexes of its text, without blanks at its ends; None if nothing is left."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return None
        runs = [
            replace(r, start=max(r.start, start) - start, end=min(r.end, end) - start)
            for r in self.runs
            if r.start < end and r.end > start
        ]
        return Line(
            self.text[start:end],
            self.start + start,
            self.y0,
            self.y1,
            self.base,
            self.xs[start:end],
            runs,
            self.upright,
        )


@dataclass
class Page:
    """One page: its lines in the PDF's own order, `text` made of them, and where something is drawn."""

    number: int  # 1-based
    width: float
    height: float
    text: str
    lines: list[Line]
    rules: list[Box] = field(default_factory=list)  # thin horizontal strokes
    drawings: list[Box] = field(default_factory=list)  # other strokes and fills
    images: list[Box] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)  # words of stamps, watermarks and typed notes
    typed: list[str] = field(default_factory=list)  # what was typed into notes and form fields over the page
    unseen: list[tuple[int, int]] = field(default_factory=list)  # offsets of hidden text, in none of the lines
    doubled: list[tuple[int, int]] = field(default_factory=list)  # and of letters that are printed twice


@dataclass(frozen=True)
class Meta:
    """The PDF's own metadata."""

    title: str = ""
    authors: str = ""
