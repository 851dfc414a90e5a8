"""The flow of records through a search as the diagram of PRISMA 2020 (Page et al. 2021, figure 1), and in words.

Boxes, lines and letters alone: the picture loses nothing in black and white.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from synth.reports import svg
from synth.reports.facts import Row
from synth.reports.wording import count, listed

NAME = "pictures/flow.svg"
LETTERS = 46  # a line of a box
WIDTH, LINE, PAD, GAP, BAR = 316.0, 16.0, 9.0, 26.0, 26.0
LEFT = 16 + BAR + 10
RIGHT = LEFT + WIDTH + 44

Box = list[str]  # lines; the first is printed bold


def rows(flow: Row) -> list[tuple[str, Box, Box]]:
    """(phase, box of what goes on, box of what goes out) from top to bottom."""
    return [
        (
            "Identification",
            _box("Records identified", flow["identified"], _sources(flow)),
            _box(
                "Duplicates removed before screening",
                flow["duplicates"],
                [f"{one['rule']}: {one['records']:,}" for one in flow["duplicates_by"]],
            ),
        ),
        (
            "Screening",
            _box("Records screened (works)", flow["screened"], _waiting(flow["pending"], "not screened yet")),
            _box(
                "Records excluded",
                sum(one["papers"] for one in flow["excluded"]),
                [
                    f"{one['reason']}{' (by a person)' if one['by'] == 'person' else ''}: {one['papers']:,}"
                    for one in flow["excluded"]
                ],
            ),
        ),
        (
            "Screening",
            _box("Reports sought for retrieval", flow["sought"], []),
            _box(
                "Reports not retrieved",
                sum(one["papers"] for one in flow["not_retrieved"]) + flow["awaiting"],
                _reasons(flow["not_retrieved"]) + _waiting(flow["awaiting"], "not fetched yet"),
            ),
        ),
        (
            "Screening",
            _box("Reports assessed for eligibility", flow["assessed"], []),
            _box(
                "Reports excluded",
                sum(one["papers"] for one in flow["excluded_reports"]),
                _reasons(flow["excluded_reports"]),
            ),
        ),
        ("Included", _box("Works included, read in full", flow["included"], []), []),
    ]


def about(flow: Row) -> str:
    """The diagram in words."""
    out = sum(one["papers"] for one in flow["excluded"])
    missing = sum(one["papers"] for one in flow["not_retrieved"]) + flow["awaiting"]
    unfit = sum(one["papers"] for one in flow["excluded_reports"])
    sources = [f"{one['records']:,} from {one['source']}" for one in flow["identified_by"]]
    parts = [
        f"{count(flow['identified'], 'record')} identified" + (f" ({listed(sources)})" if sources else ""),
        f"{count(flow['duplicates'], 'duplicate')} removed",
        f"{count(flow['screened'], 'work')} screened",
        f"{out:,} excluded",
        *([f"{flow['pending']:,} not screened yet"] if flow["pending"] else []),
        f"{count(flow['sought'], 'report')} sought",
        f"{missing:,} not retrieved",
        f"{flow['assessed']:,} assessed",
        f"{unfit:,} of these excluded",
        f"{count(flow['included'], 'work')} included",
    ]
    return "PRISMA 2020 flow: " + "; ".join(parts) + "."


def draw(flow: Row, complete: bool = True) -> str:
    """The diagram as SVG; a search that is not complete says so in it."""
    parts: list[str] = []
    y = 40.0
    if not complete:
        parts.append(
            svg.text(LEFT, y - 12, "The search is INCOMPLETE: these are the counts so far.", 12, weight="bold")
        )
        y += 8
    phases: dict[str, tuple[float, float]] = {}
    before: float | None = None
    for phase, *boxes in rows(flow):
        onward, out = map(_wrapped, boxes)
        height = max(_height(onward), _height(out))
        if before is not None:
            parts.append(svg.arrow(LEFT + WIDTH / 2, before, LEFT + WIDTH / 2, y))
        parts += _drawn(LEFT, y, height if out else _height(onward), onward)
        if out:
            parts += _drawn(RIGHT, y, _height(out), out)
            middle = y + _height(out) / 2
            parts.append(svg.arrow(LEFT + WIDTH, middle, RIGHT, middle))
        before = y + height
        phases[phase] = (phases.get(phase, (y, 0.0))[0], before)
        y = before + GAP
    for phase, (top, bottom) in phases.items():
        parts.append(svg.frame(16, top, BAR, max(bottom - top, 7.5 * len(phase)), "#e4e4e4"))
        parts.append(svg.upright(16 + BAR / 2 + 4, (top + max(bottom, top + 7.5 * len(phase))) / 2, phase))
    head = svg.text(16, 18, "Flow of records through the search (PRISMA 2020)", 13, weight="bold")
    bottom = max(top + max(end - top, 7.5 * len(phase)) for phase, (top, end) in phases.items())
    return svg.drawing(RIGHT + WIDTH + 16, bottom + 16, "PRISMA 2020 flow diagram", about(flow), [head, *parts])


def _box(words: str, number: int, lines: Sequence[str]) -> Box:
    return [f"{words} (n = {number:,})", *lines]


def _wrapped(box: Box) -> Box:
    return [part for line in box for part in textwrap.wrap(line, LETTERS, subsequent_indent="  ")]


def _sources(flow: Row) -> list[str]:
    methods = {one["method"] for one in flow["identified_by"]}
    return [
        one["source"] + (f", {one['method']}" if methods != {"database"} else "") + f": {one['records']:,}"
        for one in flow["identified_by"]
    ]


def _reasons(found: Sequence[Row]) -> list[str]:
    return [f"{one['reason']}: {one['papers']:,}" for one in found]


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
