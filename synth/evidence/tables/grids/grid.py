"""Tables as grids: rows and columns with heads of several levels, and the figures of every cell. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from synth.quantities import Quantity, point, read

CAPTION = re.compile(r"Table\s([\w.]+?)[:.]?\s", re.IGNORECASE)
PART = re.compile(r"\([a-z]\)$")
LEVELS = re.compile(r"(?::\s|\s/\s|,\s(?![^()]*\))(?!\(?(?:19|20)\d\d)|\s(?=\+\s?\w|w/\s?\w))")
CITED = re.compile(r"[A-Z][^\W\d_]+(?:\s(?:et\sal\.?|and\s[A-Z][^\W\d_]+))?,?\s\(?(?:19|20)\d\d[a-z]?\)?")
AVERAGE = frozenset({"avg", "average", "averaged", "averages", "mean", "overall", "macro"})
TOTAL = frozenset({"total", "sum", "totals"})
CHANGE = re.compile(
    r"[Δδ∆]|\b(?:delta|gain|gains|improvement|improvements|diff|difference|change|reduction|drop)\b", re.I
)
GAIN = re.compile(r"\b(?:gains?|improvements?)\b", re.IGNORECASE)
OWN = re.compile(r"\b(?:ours?|this (?:work|paper|study)|proposed)\b", re.IGNORECASE)
BASELINE = re.compile(r"\bbaselines?\b|\bvanilla\b", re.IGNORECASE)
# What such a column or row holds describes a system or a data set, it measures no performance.
DESCRIBES = re.compile(
    r"^#|#\s?\w+$|\b(?:params?|parameters|size|tokens|vocab(?:ulary)?|layers?|years?|no|epochs?|dim|dimensions?)\b",
    re.I,
)
LOWER_IS_BETTER = re.compile(
    r"\b(?:errors?|wer|cer|ter|eer|perplexity|ppl|loss|latency|time|runtime|hours?|hrs|seconds|secs|ms|minutes|cost|"
    r"rmse|mae|mse|mape|nll|bpc|fpr|fnr|fid|memory|flops|emissions?|co2|distance|false (?:positives?|negatives?))\b"
    r"|word error rate|↓",
    re.IGNORECASE,
)
HIGHER_IS_BETTER = re.compile(
    r"\b(?:acc(?:uracy|uracies)?|f-?1|f-?scores?|f-?measures?|bleu|chrf|comet|rouge\S*|meteor|auc|auroc|map|mrr|ndcg\S*|"
    r"precision|recall|em|exact match|p@\d+|r@\d+|uas|las|pearson|spearman|correlation|iou|mcc|kappa|success|scores?|"
    r"glue|xnli|squad\S*|mlqa|sensitivity|specificity|hits@\d+|quality)\b|κ|↑",
    re.IGNORECASE,
)
RESULTS = re.compile(
    r"\b(?:results?|performance|scores?|evaluat\w+|benchmarks?|comparison|ablation|compare[sd]?)\b", re.IGNORECASE
)
MARKS = re.compile(r"[*†‡§∗↑↓]|\[[\s\d,;–-]+\]|\^[^\s_]+(?:_[^\s]+)?")
POWER = re.compile(r"^[~≈<>]?\s?([−–-]?\d+(?:\.\d+)?)(?:\s?[·×x]\s?10\s?\^\s?\(?|[eE])([−–-]?\d{1,2})\b")
SCIENTIFIC = re.compile(r"[·×x]\s?10(?:\b|\^)")
EMPTY = frozenset({"", "-", "–", "—", "−", "--", "n/a", "na", "none", "not available", "ˉ", "/"})
NUMERALS = re.compile(r"(?<![A-Za-z\d.,@-])\d+(?:[.,]\d+)*")
_MINUS = str.maketrans("−–", "--")
MAX_VALUES = 4  # figures of one cell


class GridAxis(StrEnum):
    ROW = "row"
    COLUMN = "column"

    @property
    def other(self) -> GridAxis:
        return GridAxis.COLUMN if self is GridAxis.ROW else GridAxis.ROW


class Better(StrEnum):
    """Direction of the better one of two figures of a metric."""

    HIGHER = "higher"
    LOWER = "lower"
    UNKNOWN = ""


@dataclass(frozen=True)
class GridCell:
    """A cell with its figures; `order` and `page` are those of its passage."""

    text: str
    values: tuple[Quantity, ...]
    order: int
    page: int

    @property
    def value(self) -> float | None:
        """Return the first figure, the one that a mark of spread or a second metric follows."""
        return self.values[0].printed if self.values else None

    @property
    def step(self) -> float:
        return self.values[0].printed_step if self.values else 0.0


@dataclass(frozen=True)
class GridLine:
    """A row or column by its head. `prefix`: number of its characters that are a head over several columns."""

    head: str
    prefix: int = 0

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Return the parts of the head from the outside in."""
        parts = [self.head[: self.prefix], *LEVELS.split(self.head[self.prefix :])]
        return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))

    @cached_property
    def _words(self) -> tuple[str, ...]:
        last = self.levels[-1] if self.levels else ""
        return tuple(word.casefold() for word in re.findall(r"[^\W\d_]+", last))

    @property
    def is_average(self) -> bool:
        return bool(self._words) and self._words[0] in AVERAGE

    @property
    def is_total(self) -> bool:
        return bool(self._words) and self._words[0] in TOTAL

    @property
    def is_change(self) -> bool:
        return bool(CHANGE.search(self.head))

    @property
    def is_own(self) -> bool:
        return bool(OWN.search(self.head))

    @property
    def is_baseline(self) -> bool:
        return bool(BASELINE.search(self.head))

    @property
    def describes(self) -> bool:
        return bool(DESCRIBES.search(self.head)) and not HIGHER_IS_BETTER.search(self.head)


@dataclass(frozen=True)
class TableGrid:
    """One table. `corner`: the head over the rows' names; `cells` by (row, column)."""

    label: str
    page: int
    caption: str
    rows: tuple[GridLine, ...]
    columns: tuple[GridLine, ...]
    cells: dict[tuple[int, int], GridCell]
    corner: str = ""

    def lines(self, axis: GridAxis) -> tuple[GridLine, ...]:
        return self.rows if axis is GridAxis.ROW else self.columns

    def cell(self, axis: GridAxis, line: int, cross: int) -> GridCell | None:
        """Return the cell where `line` of `axis` meets `cross` of the other axis."""
        return self.cells.get((line, cross) if axis is GridAxis.ROW else (cross, line))

    def value(self, axis: GridAxis, line: int, cross: int) -> float | None:
        cell = self.cell(axis, line, cross)
        return cell.value if cell else None

    def name(self, axis: GridAxis, line: int) -> str:
        """Return the head of a line for people: without the group above it, where no other row has the remainder."""
        head = self.lines(axis)[line].head
        last = head.rsplit(": ", 1)[-1]
        return last if self._last_parts[axis].count(last) == 1 else head

    @cached_property
    def _last_parts(self) -> dict[GridAxis, list[str]]:
        return {axis: [line.head.rsplit(": ", 1)[-1] for line in self.lines(axis)] for axis in GridAxis}

    @cached_property
    def numerals(self) -> frozenset[str]:
        """Return the numbers that are parts of heads or of the caption ("112 languages")."""
        heads = {m for line in (*self.rows, *self.columns) for m in NUMERALS.findall(line.head)}
        return frozenset(heads | {m for m in NUMERALS.findall(CAPTION.sub("", self.caption)) if m.isdigit()})

    @cached_property
    def results(self) -> dict[GridAxis, tuple[int, ...]]:
        """Return the lines of each axis that hold figures of results: no sizes, no changes; all lines where there are
        none.
        """
        results: dict[GridAxis, tuple[int, ...]] = {}
        for at, axis in enumerate(GridAxis):
            filled = {place[at] for place, cell in self.cells.items() if cell.value is not None}
            lines = self.lines(axis)
            plain = [n for n, line in enumerate(lines) if n in filled and not line.describes and not line.is_change]
            results[axis] = tuple(plain or range(len(lines)))
        return results

    @cached_property
    def is_matrix(self) -> bool:
        """Return True if rows and columns carry the same heads, so that a name may mean either."""
        rows, columns = {line.head for line in self.rows}, {line.head for line in self.columns}
        return len(rows & columns) >= 2

    def better(self, axis: GridAxis, cross: int, claim: str) -> Better:
        """Return which figures along a column (`axis` ROW) or row are the better ones: by its head, the claim, the
        caption.
        """
        if GAIN.search(self.lines(axis.other)[cross].head):
            return Better.HIGHER
        for text in (self.lines(axis.other)[cross].head, claim, self.caption, self.corner):
            if (better := _better(text)) is not Better.UNKNOWN:
                return better
        # A table of results measures something good unless it says otherwise.
        return Better.HIGHER if RESULTS.search(self.caption) else Better.UNKNOWN

    @cached_property
    def shares(self) -> bool:
        """Return True if all figures lie between 0 and 1 and have decimals: shares, which a claim may print as per
        cent.
        """
        values = [cell.value for cell in self.cells.values() if cell.value is not None]
        return bool(values) and all(0 <= v <= 1 for v in values) and any(v % 1 for v in values)


@lru_cache(4096)
def _better(text: str) -> Better:
    low, high = bool(LOWER_IS_BETTER.search(text)), bool(HIGHER_IS_BETTER.search(text))
    if low == high:
        return Better.UNKNOWN
    return Better.LOWER if low else Better.HIGHER


def cell_values(text: str) -> tuple[Quantity, ...]:
    """Return the figures of a cell; none where powers of ten lost their exponents, or where words prevail."""
    plain = text.strip()
    if match := POWER.match(plain):
        mantissa, exponent = match[1].translate(_MINUS), int(match[2].translate(_MINUS))
        step = 10.0 ** (exponent - len(mantissa.partition(".")[2]))
        value = float(f"{mantissa}e{exponent}")
        return (point(value, step, match.group()),)
    plain = MARKS.sub("", plain).strip()
    if plain.casefold() in EMPTY or SCIENTIFIC.search(plain):
        return ()
    plain = re.sub(r"^[nN]\s?=\s?", "", plain).lstrip("(~≈≥≤<>").strip()
    if len(re.findall(r"[^\W\d_]{2,}", plain)) > 3:
        return ()
    return read(plain, limit=MAX_VALUES)
