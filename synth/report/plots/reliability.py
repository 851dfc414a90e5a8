"""Pictures of how far probabilities can be believed: the reliability diagram and the risk–coverage curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from synth.report.plots import canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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

    def paint(figure: Figure) -> None:
        canvas.legend(figure, [*SERIES.values()])
        left, right = figure.subplots(1, 2)
        left.plot([0, 1], [0, 1], color="#888888", linewidth=1, linestyle=(0, (4, 4)))
        for number, name in enumerate(SERIES):
            for row in bins.get(name, ()):
                size = 6 + 10 * (row["n"] / max(other["n"] for other in bins[name])) ** 0.5
                left.plot(row["predicted"], row["right"], linestyle="none", **canvas.marker(number, size))
        left.set(title="Share that was right", xlabel="Probability given", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        left.set_aspect("equal")
        right.plot([c for c, _ in curve], [risk for _, risk in curve], color=canvas.colour(2), linewidth=2)
        right.set(title="Share of answers wrong (risk)", xlabel="Share answered (coverage)", xlim=(0, 1))
        right.set_ylim(0, max([0.1, *(1.05 * risk for _, risk in curve)]))
        right.set_box_aspect(1)
        for axes in (left, right):
            axes.grid()

    return canvas.picture(720, 400, "Reliability and risk against coverage", described(bins, curve), paint)


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
