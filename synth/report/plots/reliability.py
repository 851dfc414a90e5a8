"""Pictures of how far probabilities can be believed: the reliability diagram and the risk–coverage curve."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from synth.report.plots import svg

SIDE = 260.0  # of a panel
LEFT, TOP, GAP, FOOT = 64.0, 46.0, 92.0, 70.0
MEASURES = {
    "ece": "calibration error (ECE)",
    "brier": "Brier score, three stances",
    "support_ece": "calibration error of P(SUPPORT)",
    "support_brier": "Brier score of P(SUPPORT)",
}
SERIES = {"top": "the most probable stance", "support": "P(SUPPORT)"}


def picture(bins: Mapping[str, Sequence[Mapping[str, float]]], curve: Sequence[tuple[float, float]]) -> str:
    """Return an SVG: on the left the share that was right against the probability given, per bin of the series in
    SERIES; on the right the share that is wrong against the share that is answered. `curve`: (coverage, risk),
    both 0 to 1.
    """
    parts = [*_frame(LEFT, "Probability given", "Share that was right"), *_legend()]
    parts.append(svg.line(*_place(LEFT, 0, 0), *_place(LEFT, 1, 1), "#888888", 1, "4 4"))
    for number, name in enumerate(SERIES):
        for row in bins.get(name, ()):
            size = 3 + 5 * (row["n"] / max(r["n"] for r in bins[name])) ** 0.5
            parts.append(svg.marker(*_place(LEFT, row["predicted"], row["right"]), number, size))
    second = LEFT + SIDE + GAP
    top = svg.ticks(0.0, max([0.1, *(risk for _, risk in curve)]))[-1]
    parts += _frame(second, "Share answered (coverage)", "Share of answers wrong (risk)", top)
    places = [_place(second, coverage, risk / top) for coverage, risk in curve]
    parts += [svg.line(*a, *b, svg.COLOURS[2], 2) for a, b in itertools.pairwise(places)]
    width, height = second + SIDE + 24, TOP + SIDE + FOOT
    return svg.drawing(width, height, "Reliability and risk against coverage", described(bins, curve), parts)


def described(bins: Mapping[str, Sequence[Mapping[str, float]]], curve: Sequence[tuple[float, float]]) -> str:
    """Describe the picture in words."""
    lines = [
        f"{SERIES[name]}: "
        + "; ".join(f"{r['predicted']:.2f} given, {r['right']:.2f} right of {r['n']:.0f}" for r in rows)
        for name, rows in bins.items()
        if name in SERIES and rows
    ]
    if curve:
        lines.append(f"With all answered, {curve[-1][1]:.2f} are wrong.")
    return " ".join(lines)


def page(result: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    """Return Markdown: the measures of each version of the probabilities side by side, and their pictures.

    Pictures: version → file.
    """
    versions = [result[which] for which in pictures]
    rows = [[words, *(_cell(v[name]) for v in versions)] for name, words in MEASURES.items()]
    rows.append(["area under risk and coverage", *(f"{v['risk area']:.3f}" for v in versions)])
    for share in versions[0]["risk at"]:
        risks = [v["risk at"][share] for v in versions]
        rows.append(
            [f"wrong among the {float(share):.0%} most certain", *("–" if r is None else f"{r:.3f}" for r in risks)]
        )
    lines = ["# How far the probabilities hold", ""]
    lines += [f"{result['pairs']:,} labelled pairs of claim and document in {result['groups']} groups.", ""]
    lines += [f"| | {' | '.join(pictures)} |", "|" + "---|" * (len(pictures) + 1)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    for (which, file), version in zip(pictures.items(), versions, strict=True):
        words = described(version["reliability"], version["curve"])
        lines += ["", f"## {which.capitalize()}", "", f"![{words}]({file})"]
    return "\n".join(lines) + "\n"


def _cell(measure: Mapping[str, Any]) -> str:
    ci = measure["ci"]
    return f"{measure['value']:.3f}" + (f" ({ci[0]:.3f} to {ci[1]:.3f})" if ci else "")


def _legend() -> list[str]:
    parts = []
    for number, words in enumerate(SERIES.values()):
        x = LEFT + number * 190
        parts += [svg.marker(x, 18, number), svg.text(x + 12, 22, words)]
    return parts


def _place(left: float, x: float, y: float) -> tuple[float, float]:
    return left + SIDE * x, TOP + SIDE * (1 - y)


def _frame(left: float, across: str, upward: str, top: float = 1.0) -> list[str]:
    """Draw axes from 0 to 1 across and from 0 to `top` upward."""
    parts = []
    for step in range(6):
        share = step / 5
        x, foot = _place(left, share, 0)
        _, y = _place(left, 0, share)
        parts += [
            svg.line(left, y, left + SIDE, y, "#dddddd"),
            svg.text(left - 8, y + 4, f"{share * top:.2f}", 11, "end"),
        ]
        parts.append(svg.text(x, foot + 18, f"{share:.1f}", 11, "middle"))
    parts.append(svg.line(left, TOP + SIDE, left + SIDE, TOP + SIDE))
    parts.append(svg.text(left + SIDE / 2, TOP + SIDE + 42, across, 12, "middle"))
    parts.append(svg.text(left - 50, TOP - 10, upward, 12, weight="bold"))
    return parts
