"""Reference lists told by their form: entries that begin with a number or names and hold a year, pages, a journal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.pdf.layout.rows import Row

_NUMBERED = re.compile(r"^\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)]?)\s+(?=[^\W\d_])")
_KEYED = re.compile(r"^\s*\[[A-Za-z+]{1,8}\d{2,4}[a-z]?\]\s")
_NAMES = re.compile(
    r"^(?:(?:[a-z]{2,3} ){0,2}[A-Z][\w'’´`-]+(?: [A-Z][\w'’-]+)?,? (?:[A-Z]\.?[ -]?){1,3}(?:[,.;&(]| and | et al)"
    r"|(?:[A-Z]\. ?-?){1,3}(?:[a-z]{2,3} ){0,2}[A-Z][\w'’-]+(?:,| and | et al)"
    r"|[A-Z][\w'’-]+ (?:[A-Z]\.? )?[A-Z][\w'’-]+(?:,| and |\. (?:\(?(?:19|20)\d\d)))"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d[a-z]?\b")
_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b\d{1,4}\s*(?:\(\d{1,3}(?:[-–]\d{1,3})?\))?\s*[:,]\s*(?:pp?\.? ?)?[A-Z]?\d{1,5}\s*[-–]\s*\d{1,5}",
        r"\bpp?\.? ?\d+|\bpages \d+|\bvol(?:ume|\.) ?\d+|\bno\. ?\d+|\beds?\.|\bISBN\b",
        r"\bdoi\b|https?://|\barXiv\b|\bURL\b|\bRetrieved\b|\bAccessed\b|\bpreprint\b",
        r"\bIn:? (?:[A-Z]\w+ )?Proc|\bProceedings\b|\bConference\b|\bJournal\b|\bJ\. |\bTrans(?:actions|\.)|\bPress\b"
        r"|\bUniversity\b|\bSpringer\b|\bElsevier\b|\bWiley\b|\bReview\b|\bLetters\b|\bInt\. |\bAnn(?:als|\.)|\bThesis",
        r"\bet al\b|\b[A-Z]\. ?[A-Z]?\.?,? (?:and|&) |(?:, [A-Z]\.)|\b[A-Z][a-z]+ [A-Z]{1,3},",
        r"\b(?:1[89]|20)\d\d;\s*\d+",
    )
)
# Words of sentences: a title may have one of them.
_PROSE = re.compile(r"\b(?:we|our|is|are|was|were|has|have|had|been|be|that|this|these|those|which|who|they|it|can)\b")
_MAX_ROWS = 10  # of one entry
_MIN_ENTRIES, _MIN_HEADED = 3, 2


def lists(rows: Sequence[Row], headings: Sequence[int]) -> list[tuple[int, int]]:
    """Return (first row, end) of each run of rows that is a list of references by its form.

    Args:
        rows: The rows of the running text in reading order.
        headings: The indexes of rows that may be headings: a list right below one may be shorter.
    """
    runs: list[tuple[int, int]] = []
    index = 0
    starts = [index for index, row in enumerate(rows) if opens(row.text)]
    while starts:
        first = starts[0]
        index = _end(rows, starts, first)
        held = [start for start in starts if first <= start < index]
        need = _MIN_HEADED if first - 1 in headings else _MIN_ENTRIES
        if index > first and len(held) >= need:
            runs.append((first, index))
            starts = [start for start in starts if start >= index]
        else:
            starts = starts[1:]
    return runs


def _end(rows: Sequence[Row], starts: Sequence[int], first: int) -> int:
    """Return the end of the run of entries that begins at `first`; `first` itself if there is none."""
    kind = _kind(rows[first].text)
    alike = [start for start in starts if start >= first and _kind(rows[start].text) == kind]
    end = first
    number = _number(rows[first].text)
    for start, following in zip(alike, [*alike[1:], len(rows)], strict=True):
        if start != end or (number is not None and start != first and _number(rows[start].text) != number + 1):
            break
        number = _number(rows[start].text) if start != first else number
        stop = min(following, _last(rows, start, following))
        if not is_entry(" ".join(row.text for row in rows[start:stop])):
            break
        end = stop
    return end


def _last(rows: Sequence[Row], start: int, limit: int) -> int:
    """Return the end of the entry that begins at `start`: at a gap, another size of type, or after so many rows."""
    for index in range(start + 1, min(limit, start + _MAX_ROWS)):
        before, row = rows[index - 1], rows[index]
        step = row.base - before.base
        same = (before.page, before.column) == (row.page, row.column)
        if (same and not 0 < step < 1.7 * row.size) or abs(row.size - rows[start].size) > 0.6:
            return index
    return min(limit, start + _MAX_ROWS)


def opens(text: str) -> bool:
    """Return True if a line begins as an entry does, with a number, a key or names."""
    return _kind(text) != ""


def _kind(text: str) -> str:
    match = _NUMBERED.match(text)
    if match:
        return "[" if match.group(1) else "(" if match.group(2) else "1"
    return "key" if _KEYED.match(text) else "names" if _NAMES.match(text) else ""


def _number(text: str) -> int | None:
    match = _NUMBERED.match(text)
    return int(next(filter(None, match.groups()))) if match else None


def is_entry(text: str) -> bool:
    """Return True if a text looks like an entry of a reference list: a year and two more of the marks of one."""
    if not _YEAR.search(text) or len(_PROSE.findall(text)) > 1:
        return False
    named = bool(_NAMES.match(_NUMBERED.sub("", _KEYED.sub("", text)).strip()))
    return named + sum(bool(sign.search(text)) for sign in _SIGNS) >= 2
