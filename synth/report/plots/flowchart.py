"""The flow of records through a search as the diagram of PRISMA 2020 (Page et al. 2021, figure 1), and in words.

Boxes, lines and letters alone: the picture loses nothing in black and white.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from synth.report.plots import svg
from synth.report.wording import count, listed
from synth.store.rows.searches import FlowLoss, FlowView

NAME = "pictures/flow.svg"
LETTERS = 46  # a line of a box
WIDTH, LINE, PAD, GAP, BAR = 316.0, 16.0, 9.0, 26.0, 26.0
LETTER = 7.5  # height of a letter of a phase's name, written upwards
LEFT = 16 + BAR + 10
RIGHT = LEFT + WIDTH + 44

Box = list[str]  # lines; the first is printed bold


def rows(flow: FlowView) -> list[tuple[str, Box, Box]]:
    """Return (phase, box of what goes on, box of what goes out) from top to bottom."""
    return [
        (
            "Identification",
            _box("Records identified", flow.identified, _sources(flow)),
            _box(
                "Duplicate records removed",
                flow.duplicates,
                [f"{row.rule}: {row.records:,}" for row in flow.duplicates_by],
            ),
        ),
        (
            "Screening",
            _box("Records screened (works)", flow.screened, _waiting(flow.pending, "not screened yet")),
            _box(
                "Records excluded",
                sum(row.papers for row in flow.excluded),
                [
                    f"{row.reason}{' (by a person)' if row.by == 'person' else ''}: {row.papers:,}"
                    for row in flow.excluded
                ],
            ),
        ),
        (
            "Screening",
            _box("Reports sought for retrieval", flow.sought, []),
            _box(
                "Reports not retrieved",
                sum(row.papers for row in flow.not_retrieved) + flow.awaiting,
                _reasons(flow.not_retrieved) + _waiting(flow.awaiting, "not fetched yet"),
            ),
        ),
        (
            "Screening",
            _box("Reports assessed for eligibility", flow.assessed, []),
            _box(
                "Reports excluded",
                sum(row.papers for row in flow.excluded_reports),
                _reasons(flow.excluded_reports),
            ),
        ),
        ("Included", _box("Works included, read in full", flow.included, []), []),
    ]


def about(flow: FlowView) -> str:
    """Describe the diagram in words."""
    out = sum(row.papers for row in flow.excluded)
    missing = sum(row.papers for row in flow.not_retrieved) + flow.awaiting
    unfit = sum(row.papers for row in flow.excluded_reports)
    sources = [f"{row.records:,} from {row.source}" for row in flow.identified_by]
    parts = [
        f"{count(flow.identified, 'record')} identified" + (f" ({listed(sources)})" if sources else ""),
        f"{count(flow.duplicates, 'duplicate')} removed",
        f"{count(flow.screened, 'work')} screened",
        f"{out:,} excluded",
        *([f"{flow.pending:,} not screened yet"] if flow.pending else []),
        f"{count(flow.sought, 'report')} sought",
        f"{missing:,} not retrieved" + (f" ({flow.awaiting:,} of them not fetched yet)" if flow.awaiting else ""),
        f"{flow.assessed:,} assessed",
        f"{unfit:,} of these excluded",
        f"{count(flow.included, 'work')} included",
    ]
    return "PRISMA 2020 flow: " + "; ".join(parts) + "."


def draw(flow: FlowView, complete: bool = True) -> str:
    """Draw the diagram as SVG; a search that is not complete says so in it."""
    parts = [svg.text(16, 18, "Flow of records through the search (PRISMA 2020)", 13, weight="bold")]
    y = 34.0
    if not complete:
        parts.append(svg.text(16, 38, "The search is INCOMPLETE: these are the counts so far.", 12, weight="bold"))
        y = 54.0
    phases: dict[str, tuple[float, float]] = {}
    shown = rows(flow)
    for number, (phase, *boxes) in enumerate(shown):
        onward, out = map(_wrapped, boxes)
        height = max(_height(onward), _height(out))
        if sum(row[0] == phase for row in shown) == 1:
            height = max(height, LETTER * len(phase))  # the name of the phase stands beside this box alone
        if number:
            parts.append(svg.arrow(LEFT + WIDTH / 2, y - GAP, LEFT + WIDTH / 2, y))
        parts += _drawn(LEFT, y, height, onward)
        if out:
            parts += _drawn(RIGHT, y, _height(out), out)
            parts.append(svg.arrow(LEFT + WIDTH, y + _height(out) / 2, RIGHT, y + _height(out) / 2))
        phases[phase] = (phases.get(phase, (y, 0.0))[0], y + height)
        y += height + GAP
    for phase, (top, bottom) in phases.items():
        parts.append(svg.frame(16, top, BAR, bottom - top, "#e4e4e4"))
        parts.append(svg.upright(16 + BAR / 2 + 4, (top + bottom) / 2, phase))
    return svg.drawing(RIGHT + WIDTH + 16, y - GAP + 16, "PRISMA 2020 flow diagram", about(flow), parts)


def _box(words: str, number: int, lines: Sequence[str]) -> Box:
    return [f"{words} (n = {number:,})", *lines]


def _wrapped(box: Box) -> Box:
    whole = [line.replace("(n = ", "(n\u00a0=\u00a0") for line in box]  # a number stays with its name
    return [part for line in whole for part in textwrap.wrap(line, LETTERS, subsequent_indent="  ")]


def _sources(flow: FlowView) -> list[str]:
    methods = {row.method for row in flow.identified_by}
    return [
        row.source + (f", {row.method}" if methods != {"database"} else "") + f": {row.records:,}"
        for row in flow.identified_by
    ]


def _reasons(losses: Sequence[FlowLoss]) -> list[str]:
    return [f"{row.reason}: {row.papers:,}" for row in losses]


def _waiting(number: int, words: str) -> list[str]:
    return [f"{words}: {number:,}"] if number else []


def _height(box: Box) -> float:
    return 2 * PAD + LINE * len(box) if box else 0.0


def _drawn(x: float, y: float, height: float, box: Box) -> list[str]:
    parts = [svg.frame(x, y, WIDTH, height)]
    for number, line in enumerate(box):
        place = y + PAD + LINE * (number + 0.75)
        indent = 0 if number == 0 else 10 + 8 * line.startswith("  ")
        parts.append(svg.text(x + PAD + indent, place, line.strip(), 12, weight="normal" if number else "bold"))
    return parts
