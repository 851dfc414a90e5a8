"""Numbers, dates and lists in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any

Row = dict[str, Any]
EVERYTHING = 10**9  # the ledger's word for no limit
# Not strftime: the report must not depend on the locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def decimal(value: float | None, digits: int = 2, sign: bool = False) -> str:
    """ "−1.20" with a true minus sign, "+1.20" if `sign`; "–" for no value, and for what is no finite number."""
    if value is None or not isfinite(value):
        return "–"
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    if not text.strip("+-0."):
        text = text.lstrip("+-")  # zero has no sign
    return text.replace("-", "−")


def amount(value: float) -> str:
    """A number as a claim states it: "1,104,934", "5.4"; "–" for what is no finite number."""
    if not isfinite(value):
        return "–"
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:g}"


def probability(value: float | None) -> str:
    """Two digits; what rounds to 0 or 1 without being it says so. "–" for no value."""
    if value is None or not isfinite(value):
        return "–"
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 <= value < 1:
        return ">0.99"
    return f"{value:.2f}"


def interval(low: float | None, high: float | None) -> str:
    """ "[−2.10, +0.30]", or "" where there is none."""
    if low is None or high is None or not (isfinite(low) and isfinite(high)):
        return ""
    return f"[{decimal(low, sign=True)}, {decimal(high, sign=True)}]"


def count(number: int, noun: str, plural: str = "") -> str:
    """ "1 paper", "12 papers", "1,200 claims"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def limit(query: Row) -> str:
    """How many hits a query of the ledger asked for at most."""
    most = query["max_hits"]
    return "not recorded" if most is None else "everything" if most >= EVERYTHING else f"at most {most:,}"


def listed(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def long_date(iso: str) -> str:
    """ "2026-11-21" → "November 21, 2026"."""
    day = date.fromisoformat(iso)
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def ranges(numbers: Sequence[int]) -> str:
    """ "1–3, 7" for [1, 2, 3, 7]."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def carried(cell: dict[str, Any]) -> str:
    """Where a table carries a number of a claim: the cell with its heads, or the two whose difference it is."""

    def shown(one: dict[str, Any]) -> str:
        bold = ", bold" + (f": {one['best']}" if one["best"] else "") if one["bold"] else ""
        return f"{one['text']} ({one['row']}; {one['column']}{bold})"

    against = cell["against"]
    where = f"Table {cell['table']}, p. {cell['page']}"
    if against is None:
        return f"{cell['number']} stands in {where}: {shown(cell)}"
    return f"{cell['number']} is the difference of two cells of {where}: {shown(cell)} and {shown(against)}"


def sentence(text: str) -> str:
    """`text` with exactly the end mark it needs."""
    text = text.strip()
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else f"{text}."
