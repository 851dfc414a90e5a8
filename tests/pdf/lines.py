"""Line records for tests of the layout analysis without a PDF."""

from __future__ import annotations

from synth.pdf.records import Line, Page, TextRun


def line(text, x0, base, size=10.0, *, start=0, bold=False, font="Serif", advance=0.5, raised=(), lowered=()) -> Line:
    """A line of type in which every character is `advance` of the size wide."""
    step = advance * size
    xs = [(x0 + i * step, x0 + (i + 1) * step) for i in range(len(text))]
    runs, at = [], 0
    for first, last in sorted([*raised, *lowered]):
        if first > at:
            runs.append(TextRun(at, first, font, size, bold))
        runs.append(
            TextRun(first, last, font, 0.6 * size, bold, False, (first, last) in raised, (first, last) in lowered)
        )
        at = last
    if at < len(text):
        runs.append(TextRun(at, len(text), font, size, bold))
    return Line(text, start, base - 0.8 * size, base + 0.2 * size, base, xs, runs)


def page(lines, number=1, width=595.0, height=842.0, rules=(), drawings=(), images=()) -> Page:
    """A page of lines; offsets are given to them in their order."""
    start = 0
    for item in lines:
        item.start = start
        start = item.end + 1
    text = "\n".join(item.text for item in lines)
    return Page(number, width, height, text, list(lines), list(rules), list(drawings), list(images))
