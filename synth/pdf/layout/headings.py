"""Find the headings of a paper, the labels of its abstract and its reference list, before its text is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from synth.pdf.layout import reference_lists, sections
from synth.pdf.layout.captions import Body
from synth.pdf.layout.lettering import readable
from synth.pdf.layout.rows import Row
from synth.pdf.layout.sections import Heading, Outline

_STOP = re.compile(r"[.!?:;][\"'”’)\]»]*[\d,–∗*†‡ -]*$")


@dataclass(frozen=True)
class Opening:
    """A heading and the number of its rows. `label`: it opens no section but a part of the abstract."""

    heading: Heading
    rows: int
    label: str = ""


@dataclass
class HeadingPlan:
    """The headings of a paper by the index of their first row, and the rows of its reference list."""

    openings: dict[int, Opening] = field(default_factory=dict)
    references: set[int] = field(default_factory=set)


def plan(rows: Sequence[Row], body: Body) -> HeadingPlan:
    """Find the headings among the rows of the running text, in reading order, and the reference list."""
    openings = _labelled(_candidates(rows, body), rows)
    lists = [range(start, end) for start, end in reference_lists.lists(rows, sorted(openings))]
    result = HeadingPlan()
    outline = Outline()
    inside: range | None = None
    for index in range(len(rows)):
        inside = next((entries for entries in lists if index in entries), None)
        opening = openings.get(index)
        if opening is not None and inside is None and _ends_references(opening.heading, rows[index], outline.section):
            if index + opening.rows in {entries.start for entries in lists} and not opening.label:
                opening = replace(opening, heading=replace(opening.heading, title="References"))
            result.openings[index] = opening
            if not opening.label:
                outline.enter(opening.heading)
        elif inside is not None or outline.section == sections.REFERENCES:
            result.references.add(index)
    return result


def _candidates(rows: Sequence[Row], body: Body) -> dict[int, Opening]:
    """Collect every row that looks like a heading where it stands."""
    openings: dict[int, Opening] = {}
    skip = 0
    for index, row in enumerate(rows):
        if skip:
            skip -= 1
            continue
        before = rows[index - 1] if index else None
        after = rows[index + 1] if index + 1 < len(rows) else None
        headed = index - 1 in openings or any(i + opening.rows == index for i, opening in list(openings.items())[-1:])
        apart = before is None or _apart(before, row, body)
        alone = _is_alone(row, before, after, headed)
        heading = sections.find(row, body.size, body.font, apart, alone)
        if heading is not None and not _is_run_in(heading, row, after):
            heading, skip = _complete(heading, rows, index, body)
            openings[index] = Opening(heading, skip + 1)
    return openings


def _apart(before: Row, row: Row, body: Body) -> bool:
    """Return True if there is more than the usual distance between two rows, or a new column."""
    if (before.page, before.column) != (row.page, row.column) or row.base < before.base:
        return True
    return row.base - before.base > 1.25 * body.leading * max(row.size, before.size) / body.size


def _is_alone(row: Row, before: Row | None, after: Row | None, headed: bool) -> bool:
    """Return True for a short line by itself, after the end of a sentence and before the beginning of one."""
    if after is None or len(row.text) > 70:
        return False
    ended = before is None or headed or bool(_STOP.search(before.text))
    begins = after.text.lstrip("\"'“‘([•·–— ")[:1]
    short = (after.page, after.column) != (row.page, row.column) or row.x1 < after.x1 - 2 * row.size
    return ended and (begins.isupper() or begins.isdigit()) and (short or len(after.text) <= len(row.text) + 30)


def _is_run_in(heading: Heading, row: Row, after: Row | None) -> bool:
    """Return True for the first row of a bold heading that goes on below, where text follows it on the same line."""
    if after is None or heading.number or not row.main.bold or sections.is_known(heading.title):
        return False
    near = after.page == row.page and 0 < after.base - row.base < 1.6 * row.size
    return near and after.parts[0].runs[0].bold and not all(part.bold for part in after.parts)


def _complete(heading: Heading, rows: Sequence[Row], index: int, body: Body) -> tuple[Heading, int]:
    """Return the heading with the rows that it runs on over, and their number."""
    count = 0
    title = heading.title
    row = rows[index]
    for below in rows[index + 1 : index + 3]:
        same = below.page == row.page and below.column == row.column and abs(below.size - row.size) < 0.3
        face = below.main.font == row.main.font and all(part.bold == row.main.bold for part in below.parts)
        if not (same and face and 0 < below.base - row.base < 1.4 * row.size) or (
            sections.find(below, body.size, body.font, True) is not None
            and re.match(r"^(\d|[A-Z]\.?\d?\s)", below.text)
        ):
            break
        if not row.main.bold and abs(row.size - body.size) < 0.5:
            break
        title = f"{title} {below.text}"
        row = below
        count += 1
    return Heading(heading.number, title, heading.level), count


def _ends_references(heading: Heading, row: Row, section: str) -> bool:
    """Return True for a heading that counts: outside of a reference list every one, inside only a clear one, which
    ends it.
    """
    if section != sections.REFERENCES:
        return True
    name = sections.canonical(heading.title)
    clear = row.main.bold or readable(row).isupper()
    return clear and (bool(heading.number and row.main.bold) or name not in (sections.OTHER, sections.REFERENCES))


def _labelled(openings: dict[int, Opening], rows: Sequence[Row]) -> dict[int, Opening]:
    """Turn headings inside a structured abstract into its labels.

    They are the parts of an abstract in a row after the heading "Abstract", up to an introduction or to the first
    name that comes again; or else those in smaller type than that heading.
    """
    order = sorted(openings)
    start = next((i for i in order if sections.canonical(openings[i].heading.title) == sections.ABSTRACT), None)
    if start is None:
        return openings
    following = [index for index in order if index > start]
    names = [openings[index].heading.title.lower() for index in following]
    count = 0
    while count < len(following) and sections.is_label(names[count]) and not openings[following[count]].heading.number:
        if names[count] in names[:count] or (count and sections.canonical(names[count]) == sections.INTRODUCTION):
            break
        count += 1
    later = {sections.canonical(name) for name in names[count:]}
    bounded = bool(set(names[:count]) & set(names[count:])) or sections.INTRODUCTION in later
    if not bounded:
        size = rows[start].size
        small = [rows[index].size < size - 0.4 for index in following[:count]]
        count = small.index(False) if False in small else count
        if count == len(following):
            count = 0
    labels = {index: replace(openings[index], label=openings[index].heading.title) for index in following[:count]}
    return {**openings, **labels}
