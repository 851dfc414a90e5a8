"""Rows in reading order → paragraphs of running text, with their sections; footnotes and references kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from synth.pdf.layout import reference_lists, sections
from synth.pdf.layout.captions import Body
from synth.pdf.layout.headings import plan
from synth.pdf.layout.rows import Row
from synth.pdf.layout.sections import Outline
from synth.pdf.records import Box, Line
from synth.pdf.text import raised_marks, sentences
from synth.pdf.text.hyphens import HYPHENS

_ENDED = re.compile(r"[.!?:][\"'”’)\]»]*\s*[\d∗*†‡]*$")
_BULLET = re.compile(r"^\s*[•◦▪‣∙●○■□➢✓◆⋄–·]\s+|^\s*[•●■▪]")
_ITEM = re.compile(r"^\s*\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+\S")
_MATH_FONT = re.compile(
    r"^(?:CM(?:MI|SY|EX|R\d|BX\d)|MSBM|MSAM|EUFM|rsfs|.*Math|STIX|Symbol|.*MT-?Sy|LMMath|txsy|pxsy)", re.I
)


@dataclass
class Paragraph:
    """Pieces of running text that belong together; between two pieces lies a column, a page or an equation."""

    section: str
    pieces: list[list[Row]] = field(default_factory=list)
    equations: set[int] = field(default_factory=set)  # indexes of the pieces that an equation precedes
    label: str = ""  # of a part of the abstract: "Methods"
    under: int = 0  # which heading it stands under, counted from 1

    @property
    def last(self) -> Row:
        return self.pieces[-1][-1]


@dataclass
class Story:
    """The running text of a paper."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    aside: list[Row] = field(default_factory=list)  # headings, equations and thanks: read, but quoted nowhere
    found_abstract: bool = False


def split_footnotes(rows: Sequence[Row], rules: Iterable[Box], body: Body) -> tuple[list[Row], list[Row]]:
    """Separate running text from footnotes: small type at the foot of a column, after a short rule or a raised mark."""
    notes: list[Row] = []
    for column in {row.column for row in rows}:
        members = [row for row in rows if row.column == column]
        members.sort(key=lambda row: row.base)
        foot: list[Row] = []
        while members and members[-1].size < body.size - 0.7:
            foot.insert(0, members.pop())
        for index, row in enumerate(foot):
            if _opens_note(row, rules):
                notes += foot[index:]
                break
    held = {id(row) for row in notes}
    return [row for row in rows if id(row) not in held], notes


def _opens_note(row: Row, rules: Iterable[Box]) -> bool:
    first = row.parts[0]
    mark = first.runs[0].raised or first.runs[0].size < 0.85 * row.size or first.text[0] in "∗*†‡§¶"
    ruled = any(
        -4 < row.y0 - rule[1] < 1.4 * row.size and rule[0] < row.x0 + 40 and 30 < rule[2] - rule[0] < 200
        for rule in rules
    )
    return mark or ruled


def read_story(rows: Sequence[Row], body: Body) -> Story:
    """Follow the rows through the paper: headings open sections, rows become paragraphs."""
    story = Story()
    outline = Outline()
    layout = plan(rows, body)
    lefts = _left_edges(rows)
    current: Paragraph | None = None
    before: Row | None = None
    equation = False
    label, under = "", 0
    skip = 0
    for index, row in enumerate(rows):
        opening = layout.openings.get(index)
        if skip:
            skip -= 1
            before = row
            continue
        if opening is not None:
            label, under, skip = opening.label, under + 1, opening.rows - 1
            if not label:
                outline.enter(opening.heading)
            story.found_abstract |= outline.section == sections.ABSTRACT
            story.aside += rows[index : index + opening.rows]
            current, before, equation = None, row, False
            continue
        if index in layout.references:
            story.references.append(row)
        elif _is_scrap(row, rows, index):
            story.aside.append(row)
            continue
        elif _is_equation(row, lefts, body.font):
            equation = True
            if current is not None and current.last.text.rstrip()[-1:] not in ".!?:":
                current.equations.add(len(current.pieces))
            story.aside.append(row)
        else:
            current = _place(row, before, current, story, outline, body, lefts, equation)
            current.label, current.under = current.label or label, under
            story.aside += [row] if current.section == sections.ACKNOWLEDGEMENTS else []
            equation = False
        before = row
    return story


def _left_edges(rows: Sequence[Row]) -> dict[tuple[int, int], float]:
    edges: dict[tuple[int, int], float] = {}
    for row in rows:
        key = (row.page, row.column)
        edges[key] = min(edges.get(key, row.x0), row.x0)
    return edges


def _is_equation(row: Row, lefts: dict[tuple[int, int], float], body_font: str) -> bool:
    """Return True for a displayed formula: indented, and mostly set in mathematical fonts or numbered at the right."""
    text = row.text.replace(" ", "")
    indented = row.x0 > lefts[row.page, row.column] + 0.8 * row.size
    math = sum(
        len(part.text[run.start : run.end].replace(" ", ""))
        for part in row.parts
        for run in part.runs
        if _MATH_FONT.match(run.font) and run.font != body_font
    )
    words = len(re.findall(r"[^\W\d_]{4,}", row.text))
    if re.search(r"\(\d{1,2}[a-z]?\)$", row.text) and row.gap > 2 * row.size and words < 6:
        return True
    if len(text) <= 3 and not text.isalpha():
        return True
    return math > 0.4 * len(text) and words <= 2 and (indented or len(text) < 12)


def _is_scrap(row: Row, rows: Sequence[Row], index: int) -> bool:
    """Return True for a lone index, fraction or summation sign that overlaps the line of text it belongs to."""
    if len(row.text.replace(" ", "")) > 5:
        return False
    return any(
        other is not row
        and other.page == row.page
        and len(other.text) > 12
        and other.x0 - 30 < row.x0 < other.x1 + 30
        and min(other.y1, row.y1) - max(other.y0, row.y0) > 0.25 * (row.y1 - row.y0)
        for other in rows[max(0, index - 6) : index + 7]
    )


def _place(
    row: Row,
    before: Row | None,
    current: Paragraph | None,
    story: Story,
    outline: Outline,
    body: Body,
    lefts: dict[tuple[int, int], float],
    equation: bool,
) -> Paragraph:
    """Put a row into the current paragraph, as a new piece of it, or into a new one."""
    if current is not None and before is not None and not _breaks(before, row, body, lefts, equation):
        current.pieces[-1].append(row)
        return current
    for earlier in story.paragraphs[-1:-8:-1]:
        # Scraps of floats, and notes to them in other type, may lie between the halves of a paragraph.
        if earlier.section == outline.section and _continues(earlier.last, row, lefts, equation):
            if equation:
                earlier.equations.add(len(earlier.pieces))
            earlier.pieces.append([row])
            return earlier
        note = abs(earlier.last.size - row.size) > 0.6
        scrap = len(earlier.pieces) == 1 and len(earlier.pieces[0]) <= 2
        if earlier.section != outline.section or not (note or scrap):
            break
    current = Paragraph(outline.section, [[row]])
    story.paragraphs.append(current)
    return current


def _breaks(before: Row, row: Row, body: Body, lefts: dict[tuple[int, int], float], equation: bool) -> bool:
    if equation or (before.page, before.column) != (row.page, row.column):
        return True
    if abs(before.size - row.size) > 0.6 and len(row.text) > 8:
        return True
    step = row.base - before.base
    if step < 0 or step > 1.35 * body.leading * row.size / body.size:
        return True
    if _BULLET.match(row.text):
        return True
    left = lefts[row.page, row.column]
    indented = row.x0 - before.x0 > 0.7 * row.size and before.x0 - left < 0.5 * row.size
    ended = _ended(before, row)
    if _ITEM.match(row.text) and ended:
        return True
    if _begins_run_in(row) and ended:
        return True
    return indented and (ended or (row.text[:1].isupper() and before.text[-1:] not in HYPHENS + ","))


def _ended(last: Row, following: Row) -> bool:
    """Return True if a sentence ends with a row.

    A decimal ("by 3.2"), a name ("Smith et al.") or a label ("Fig.") ends none.
    """
    text = raised_marks.left(last).rstrip()
    return text.endswith(":") or not sentences.goes_on(text, raised_marks.left(following))


def _begins_run_in(row: Row) -> bool:
    first = row.parts[0].runs[0]
    return first.bold and not row.main.bold


def _continues(last: Row, row: Row, lefts: dict[tuple[int, int], float], equation: bool) -> bool:
    """Return True if a row after a break goes on with the sentence that the last row left open."""
    text = last.text.rstrip()
    if _BULLET.match(row.text) or abs(last.size - row.size) > 0.6:
        return False
    if text[-1:] in HYPHENS and row.text[:1].isalnum():
        return True
    if equation:
        return row.text[:1].islower() or (not _ended(last, row) and row.text[:1].isalnum() and text[-1:] == ",")
    if _ended(last, row):
        return False
    if (last.page, last.column) == (row.page, row.column) and row.base > last.base:
        return row.text[:1].islower() or text[-1:] in ",;"
    return row.text[:1].islower() or row.x0 - lefts[row.page, row.column] < 0.8 * row.size


def footnote_paragraphs(rows: Sequence[Row]) -> Iterable[Paragraph]:
    """Yield the footnotes, one paragraph each: a new one begins with a raised mark."""
    notes: list[Paragraph] = []
    for row in rows:
        if notes and not _opens_note(row, ()) and notes[-1].last.page == row.page:
            notes[-1].pieces[-1].append(row)
        else:
            run = row.parts[0].runs[0]
            mark = row.parts[0].text[run.start : run.end].strip()
            notes.append(Paragraph(sections.OTHER, [[_without_mark(row)]], label=mark if len(mark) <= 3 else ""))
    return notes


def _without_mark(row: Row) -> Row:
    first = row.parts[0]
    if not first.runs[0].raised and first.runs[0].size >= 0.85 * row.size:
        return row
    return _after(row, 0, first.runs[0].end) or row


def run_in(paragraph: Paragraph) -> tuple[str, Paragraph]:
    """Separate a paragraph from its heading in bold or in italics: (heading, rest); ("", same) if none begins it."""
    heading, body = _set_off(paragraph, bold=True)
    return (heading, body) if heading else _set_off(paragraph, bold=False)


def _set_off(paragraph: Paragraph, bold: bool) -> tuple[str, Paragraph]:
    first_piece = paragraph.pieces[0]
    words: list[str] = []
    for index, row in enumerate(first_piece):
        cut = _prefix(row, bold)
        if cut is None:
            heading = " ".join(words).strip()
            if not bold or not heading.endswith((".", ":")) or len(heading.split()) > 14:
                break
            pieces = [first_piece[index:], *paragraph.pieces[1:]]
            return heading.rstrip(".:—– "), replace(paragraph, pieces=pieces)
        part_index, at = cut
        part = row.parts[part_index]
        words += [item.text for item in row.parts[:part_index]] + [part.text[:at]]
        if at >= len(part.text.rstrip()) and part_index == len(row.parts) - 1:
            continue  # all of the row is bold: the heading may go on in the next one
        text = " ".join(words).strip()
        remainder = _after(row, part_index, at)
        label = paragraph.section == sections.ABSTRACT and sections.is_label(text)
        if remainder is None or not (label or _is_label(text, part, at, row, part_index)):
            break
        if not bold and not (text[-1] in ".:" and len(text.split()) <= 6 and text[0].isupper()):
            break  # a name or an emphasised sentence
        pieces = [[remainder, *first_piece[index + 1 :]], *paragraph.pieces[1:]]
        return text.rstrip(".:—– "), replace(paragraph, pieces=pieces)
    return "", paragraph


def _prefix(row: Row, bold: bool) -> tuple[int, int] | None:
    """Locate the end of the bold, or the italic, type at the start of a row: (index of the part, index in its text)."""
    end: tuple[int, int] | None = None
    for part_index, part in enumerate(row.parts):
        for run in part.runs:
            if not (run.bold if bold else run.italic) and part.text[run.start : run.end].strip():
                return end
            end = (part_index, run.end)
    return end


def _after(row: Row, part_index: int, at: int) -> Row | None:
    part = row.parts[part_index]
    remainder = part.cut(at, len(part.text))
    parts = [*([remainder] if remainder else []), *row.parts[part_index + 1 :]]
    return Row(parts, row.column, row.page) if parts else None


def _is_label(text: str, part: Line, at: int, row: Row, part_index: int) -> bool:
    """Return True for a run-in heading, which ends with a stop or stands before a wide gap; an emphasised word does
    neither.
    """
    if not 0 < len(text.split()) <= 14:
        return False
    if text[-1] in ".:?—–" or part.text[at:].lstrip()[:1] == ":":
        return True
    shown = [i for i in range(at, len(part.text)) if not part.text[i].isspace()]
    if shown:
        gap = part.xs[shown[0]][0] - part.xs[len(part.text[:at].rstrip()) - 1][1]
    else:
        gap = row.parts[part_index + 1].x0 - part.x1
    return gap > 0.75 * row.size


def entries(rows: Sequence[Row]) -> tuple[str, ...]:
    """Split a reference list into its entries: by their numbers, their hanging indents, or the gaps between them.

    Returns:
        The text of each entry with line breaks folded and words mended that were hyphenated at the end of a line.
    """
    bounds = [*_entry_starts(rows), len(rows)]
    return tuple(_folded(row.text for row in rows[start:stop]) for start, stop in pairwise(bounds))


def _entry_starts(rows: Sequence[Row]) -> list[int]:
    numbered = [i for i, row in enumerate(rows) if re.match(r"^\s*(?:\[\w{1,12}\]|\d{1,3}\.)\s", row.text)]
    if len(numbered) >= 3:
        return numbered
    lefts = _left_edges(rows)
    outdented = [i for i, row in enumerate(rows) if row.x0 < lefts[row.page, row.column] + 0.5 * row.size]
    if len(outdented) < 0.75 * len(rows):
        return outdented
    starts = []
    for index, (before, row) in enumerate(zip([None, *rows], rows, strict=False)):
        same = before is not None and (before.page, before.column) == (row.page, row.column)
        if (
            before is None
            or (same and row.base - before.base > 1.35 * row.size)
            or (not same and bool(_ENDED.search(before.text)))
            or (
                reference_lists.opens(row.text) and bool(_ENDED.search(before.text)) and before.text.rstrip()[-1] == "."
            )
        ):
            starts.append(index)
    return starts


def _folded(lines: Iterable[str]) -> str:
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if text.endswith("-") and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}".strip()
    return text
