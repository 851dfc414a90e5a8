"""Numbers, dates and lists in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from math import isfinite
from typing import TypeVar

from synth.store.rows.claims import EvidenceView, SourceView
from synth.store.rows.runs import PredictionView
from synth.store.rows.searches import QueryView

Item = TypeVar("Item", bound=Hashable)
EVERYTHING = 10**9  # the ledger's word for no limit
SOURCES = {
    "acl": "the ACL Anthology",
    "arxiv": "arXiv",
    "arxivdump": "arXiv's bulk metadata",
    "crossref": "Crossref",
    "demo": "the bundled digests",
    "library": "the library",
    "local": "the folder of PDFs",
    "openalex": "OpenAlex",
    "references": "the references of the papers",
    "semanticscholar": "Semantic Scholar",
}
# How the laboratory scores retrieval (`repro/targets/__init__.py`), by the ends of its metrics' names.
SCORING = {"cosine": "cosine", "centred": "centred", "csls": "centred, CSLS", "margin": "margin"}
_METRIC = re.compile(rf"\baccuracy_({'|'.join(SCORING)})(?:_pool(\d+))?\b")
COEFFICIENT = "ρ"  # in the name of a correlation coefficient, which stands where others have a unit
CORRELATED = ("positive", "negative")  # directions of a correlation
CELLS = 3  # cells of a table that are told for one piece of evidence
_NUMBER = re.compile(r"–|[+−-]?\d.*|\[.*\]")  # a cell that is read as a number
_MINUS = re.compile(r"(?<![\w.-])-(?=\d)")
# Not strftime: the report must not depend on the locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def decimal(value: float | None, digits: int = 2, sign: bool = False) -> str:
    """Format with a true minus sign: "−1.20", "+1.20" if `sign`; "–" for no value, and for what is no finite number."""
    if value is None or not isfinite(value):
        return "–"
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    if not text.strip("+-0."):
        text = text.lstrip("+-")  # zero has no sign
    return text.replace("-", "−")


def amount(value: float) -> str:
    """Return a number as a claim states it: "1,104,934", "5.4"; "–" for what is no finite number."""
    if not isfinite(value):
        return "–"
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:g}"


def probability(value: float | None) -> str:
    """Format with two digits; what rounds to 0 or 1 without being it says so. "–" for no value."""
    if value is None or not isfinite(value):
        return "–"
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 <= value < 1:
        return ">0.99"
    return f"{value:.2f}"


def interval(low: float | None, high: float | None) -> str:
    """Format an interval: "[−2.10, +0.30]", or "" where there is none."""
    if low is None or high is None or not (isfinite(low) and isfinite(high)):
        return ""
    return f"[{decimal(low, sign=True)}, {decimal(high, sign=True)}]"


def count(number: int, noun: str, plural: str = "") -> str:
    """Format a count with its noun: "1 paper", "12 papers", "1,200 claims"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def estimated(value: float | None, unit: str) -> str:
    """Format an estimate with its sign: "+1.20 points", "Spearman's ρ = −0.53"."""
    number = decimal(value, sign=True)
    return f"{unit} = {number}" if COEFFICIENT in unit else f"{number} {unit}".rstrip()


def quantity(number: float, unit: str) -> str:
    """Format a quantity with its unit: "1 point", "2.5 points", "Spearman's ρ of 0.1"."""
    if COEFFICIENT in unit:
        return f"{unit} of {amount(number)}"
    return f"{amount(number)} {unit.removesuffix('s') if number == 1 else unit}".rstrip()


def source(name: str) -> str:
    """Return the name of a source in a sentence; one that is not known by its own name."""
    return SOURCES.get(name, name)


def worded(text: str) -> str:
    """Return a text of the laboratory or the judge for readers: "accuracy_csls: -1.2" → "accuracy (centred, CSLS):
    −1.2".
    """

    def metric(match: re.Match[str]) -> str:
        pool = f", {match[2]} candidates" if match[2] else ""
        return f"accuracy ({SCORING[match[1]]}{pool})"

    return _MINUS.sub("−", _METRIC.sub(metric, text))


def moment(iso: str) -> str:
    """Format a time: "2026-11-21T15:46:44Z" → "2026-11-21 15:46:44"; anything else as it is. The time is UTC."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)", iso)
    return f"{match[1]} {match[2]}" if match else iso


def limit(query: QueryView) -> str:
    """Say how many hits a query of the search log asked for at most."""
    most = query.max_hits
    return "not recorded" if most is None else "everything" if most >= EVERYTHING else f"at most {most:,}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join items in words: "a", "a and b", "a, b and c"; `last` stands before the last one."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def long_date(iso: str) -> str:
    """Format a date: "2026-11-21" → "November 21, 2026"."""
    day = date.fromisoformat(iso)
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def ranges(numbers: Sequence[int]) -> str:
    """Join numbers as ranges: "1–3, 7" for [1, 2, 3, 7]."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def located(row: EvidenceView | SourceView) -> str:
    """Return the place of evidence: "Table 2, p. 5" for cells of a table, else "p. 6"."""
    page = f"p. {row.page}"
    where = row.location if isinstance(row, EvidenceView) else page
    return where if where.startswith("p. ") else f"{where}, {page}"


def cells(row: EvidenceView) -> str:
    """Return the cells of a table that evidence was read off: "row “XLM-R”, column “avg”: 31.0"; "" for text."""
    shown = [
        ", ".join(f"{name} “{head}”" for name, head in (("row", cell.row), ("column", cell.column)) if head)
        + f": {cell.text}"
        for cell in row.table[:CELLS]
    ]
    more = len(row.table) - len(shown)
    return "; ".join(shown) + (f"; and {count(more, 'more cell')}" if more > 0 else "")


def prediction(row: PredictionView) -> str:
    """Put a prediction into words: what, against what, where, which way, how much, how surely."""
    counts, correlates = row.direction == "count", row.direction in CORRELATED
    parts = [row.treatment or "(treatment not named)"]
    parts.append(f"against {row.baseline}" if row.baseline else "")
    parts.append(f"on {row.task}" if row.task and not (counts and row.task in row.treatment) else "")
    parts.append(f"{'with' if correlates else 'in'} {row.metric}" if row.metric and not counts else "")
    unit = row.metric if counts else row.unit
    number = f"{amount(row.value)} {unit}".rstrip() if row.value is not None else ""
    details = [number or "number not stated"] if counts else [row.direction or "direction not stated", number]
    scope = ", ".join(f"{key}: {value}" for key, value in row.scope.items())
    left_open = f", said with “{row.hedge}”" if row.hedge else ""
    text = f"{' '.join(filter(None, parts))}: {', '.join(filter(None, details))}"
    return f"{text}{f' ({scope})' if scope else ''}{left_open}"


def legible(row: PredictionView) -> bool:
    """Return True if a prediction says enough to be read: what is done, which way, and by or against or on what.

    One that an experiment can test does.
    """
    compared = row.baseline or row.task or row.metric or row.value is not None
    return bool(row.links or (row.treatment and row.direction and compared))


# What a sentence announces its finding with; "suggest" is no such head: it leaves the finding open.
_ANNOUNCED = re.compile(
    r"^(?:(?:in (?:this|our) (?:paper|work|study)|specifically|moreover|furthermore|in addition|additionally|finally|"
    r"overall|therefore|thus|hence|in particular|for instance|for example|interestingly|surprisingly|notably|"
    r"in (?:table|figure|section) [\w.]+|however|first|second|third|also)\s*,\s*)*"
    r"(?:(?:we|this (?:paper|work|study)|(?:our|the|these) (?:results|experiments|findings|analysis|study))\s+"
    r"(?:(?:further|also|then|clearly|empirically|consistently)\s+)*"
    r"(?:show|shows|showed|find|finds|found|observe|observed|demonstrate|demonstrates|demonstrated|report|reported)"
    r"\s+that\s+(?:,\s*)?)?",
    re.IGNORECASE,
)


def finding(text: str) -> str:
    """Return a claim's sentence without what only announces it: "In this paper, we show that X improves Y." → "X
    improves Y". A sentence that says nothing else stays as it is.
    """
    stripped = text.strip()
    bare = _ANNOUNCED.sub("", stripped, count=1).strip()
    return opened((bare or stripped).removesuffix("."))


def opened(text: str) -> str:
    """Capitalise the first letter, as a sentence or the head of a column begins."""
    return text[:1].upper() + text[1:]


def with_unit(metric: str) -> str:
    """Return a metric as an axis or the head of a table names it: "accuracy (cosine), %"."""
    return worded(metric) + (", %" if metric.startswith(("accuracy", "f1")) else "")


def sentence(text: str) -> str:
    """Return `text` with exactly the end mark it needs."""
    text = text.strip()
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else f"{text}."


def numeric(table: Sequence[Sequence[str]]) -> list[bool]:
    """Return the columns of a table, its head in the first row, that hold numbers alone; never the first."""
    head, *rows = table
    return [bool(i) and all(_NUMBER.fullmatch(row[i]) for row in rows) for i in range(len(head))]


def distinct(items: Iterable[Item]) -> list[Item]:
    """Return each item once, in the order in which they came."""
    return list(dict.fromkeys(items))


# What the templates of every format say numbers, dates and lists with.
FILTERS: dict[str, Callable[..., object]] = {
    function.__name__: function
    for function in (
        *(amount, decimal, probability, interval, count, limit, quantity, estimated, source, worded, moment, listed),
        *(ranges, sentence, cells, located, long_date, distinct, numeric, opened, with_unit, finding),
    )
}
