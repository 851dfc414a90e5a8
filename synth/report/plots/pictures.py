"""Vector pictures of what was measured: accuracy by language and arm, and the estimate with its interval."""

from __future__ import annotations

from math import ceil
from pathlib import Path

from synth.core.estimate import Estimate
from synth.report.facts import Facts
from synth.report.measured import (
    EVERYTHING,
    arms,
    cell,
    claimed_size,
    claims_a_size,
    contrast,
    differences,
    distances,
    is_count,
    judged_metrics,
    label,
    languages,
    over_seeds,
    rule,
    unit,
)
from synth.report.plots import curves, distance, flowchart, forest, svg
from synth.report.plots.scales import finite, scale, tick, upright
from synth.report.wording import count, decimal, estimated, interval, listed, opened, with_unit, worded
from synth.store.rows.runs import VerdictView
from synth.verify.statistics.estimates import OVER_LANGUAGES, Comparison

FOLDER = "pictures"
FOREST = f"{FOLDER}/{forest.FILE}"
KINDS = ("estimate", "distance", "languages", "training")  # of one test, in the order of the report
SLOT, TIGHT = 26.0, 14.0  # widest and narrowest place of one arm in one language
LEFT, RIGHT = 64, 24
PANEL, LOW = 180, 110  # height of a panel: of one row of languages, of several
NARROWEST, WIDEST = 480.0, 640.0  # pixels; beyond, the languages take several rows
UPWARD, DOWNWARD = ("increase", "greater", "positive"), ("decrease", "less", "negative")

BARS = "Signs: means over the seeds; bars: lowest to highest seed."

MORE = {"distance": distance, "training": curves}


def name(test: VerdictView, kind: str) -> str:
    """Return the path of a picture, relative to the report."""
    return f"{FOLDER}/run-{test.run_id}-{kind}.svg"


def draw(facts: Facts) -> dict[str, str]:
    """Map relative path to SVG: the flow of the search, and every test that measured something."""
    drawings = {} if facts.stated else {flowchart.NAME: flowchart.draw(facts.flow, facts.search.complete)}
    for test in facts.tests:
        if is_count(test):
            continue
        if judged_metrics(test) and languages(test) != EVERYTHING and unit(test) != "items":
            drawings[name(test, "languages")] = by_language(test)
        if differences(test, rule(test).get("metric", "")):
            drawings[name(test, "estimate")] = estimate(test)
        if distance.shown(test):
            drawings[name(test, "distance")] = distance.picture(test)
        if curves.shown(test):
            drawings[name(test, "training")] = curves.picture(test)
    if forest.shown(facts):
        drawings[FOREST] = forest.picture(facts)
    return drawings


def write(facts: Facts, folder: Path) -> list[Path]:
    """Write the pictures under the folder that the report lies in, and return the files."""
    written = []
    for relative, picture in draw(facts).items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
        written.append(path)
    return written


def about(test: VerdictView, kind: str) -> str:
    """Return the text that stands for a picture where it cannot be seen."""
    if kind in MORE:
        return MORE[kind].about(test)
    if kind == "languages":
        metrics = opened(listed([*map(worded, judged_metrics(test))]))
        return (
            f"{metrics} of the arms {listed(arms(test))} in {listed(languages(test))}: "
            f"{'mean over seeds with the lowest and highest seed' if _several(test) else 'one seed'}; "
            "the numbers are in the tables."
        )
    deciding = rule(test)["metric"]
    lines = [
        f"{'decided by' if name == deciding else 'control,'} {worded(name)}: "
        f"{_estimate_text(test, over_seeds(test, name))}"
        for name in _estimated(test)
    ]
    return f"{_quantity(test)}, {'; '.join(lines)}; claimed: {rule(test)['direction']}."


def _quantity(test: VerdictView) -> str:
    """Name the estimate, with a capital that is no arm's."""
    comparison = Comparison.of(rule(test))
    plain = comparison.statistic not in OVER_LANGUAGES
    return (
        f"{'Difference' if comparison.baseline else 'Score of'} {contrast(test)}" if plain else opened(contrast(test))
    )


def _estimate_text(test: VerdictView, estimate: Estimate) -> str:
    number = estimated(estimate.value, test.unit)
    return " ".join(
        filter(None, (number, interval(estimate.low, estimate.high), f"over {count(estimate.seeds, 'seed')}"))
    )


def numbers(test: VerdictView, kind: str) -> list[list[str]]:
    """Return a picture's numbers as a table with its head; empty where the report has them beside the picture."""
    table: list[list[str]] = MORE[kind].numbers(test) if kind in MORE else []
    return table


# -------------------------------------------------------------------------------- accuracy by language


def by_language(test: VerdictView) -> str:
    """Draw one panel a metric, one group a language (nearest first), one sign an arm, a bar over the seeds' range.

    Languages without room beside each other take several rows, all of one scale.
    """
    shown, tongues, panels = arms(test), languages(test), judged_metrics(test)
    slot = max(TIGHT, min(SLOT, (WIDEST - LEFT - RIGHT) / (len(tongues) * (len(shown) + 0.8))))
    rows = _rows(tongues, int((WIDEST - LEFT - RIGHT) / (slot * (len(shown) + 0.8)) + 1e-6))
    group = max(slot * (len(shown) + 0.8), (NARROWEST - LEFT - RIGHT) / len(rows[0]))
    width = LEFT + RIGHT + group * len(rows[0])
    legend = _legend(shown, width)
    foot = 14.0 + 20 * len({y for _, y, _ in legend})
    parts = [svg.marker(x, y, i) for i, (x, y, _) in enumerate(legend)]
    parts += [svg.text(x + 12, y + 4, arm) for x, y, arm in legend]
    tall = PANEL if len(rows) == 1 else LOW
    far = distances(test)
    labels = {
        language: f"{language} ({decimal(far[language])})" if language in far else language for language in tongues
    }
    for row in rows:
        for metric in panels:
            parts += _panel(test, metric, row, foot + 30, tall, group, slot)
            foot += tall + 48
        foot -= 18
        parts += [svg.slanted(LEFT + group * (i + 0.5) + 4, foot + 16, labels[name]) for i, name in enumerate(row)]
        foot += 16 + 4.4 * max(len(labels[name]) for name in row)
    axis = "Language (typological distance from English)" if far else label(test)
    parts.append(svg.text((LEFT + width - RIGHT) / 2, foot + 16, axis, 12, "middle"))
    parts.append(svg.text(12, foot + 38, BARS if _several(test) else "Signs: one seed.", 11))
    title = (
        f"Run {test.run_id}: {'accuracy' if label(test) == 'Language' else panels[0]} by {label(test).lower()} and arm"
    )
    return svg.drawing(width, foot + 50, title, about(test, "languages"), parts)


def _several(test: VerdictView) -> bool:
    return len({m.seed for m in test.measurements}) > 1


def _rows(tongues: list[str], most: int) -> list[list[str]]:
    """Divide the languages into rows of about the same length."""
    rows = ceil(len(tongues) / max(most, 1))
    long = ceil(len(tongues) / rows)
    return [tongues[i : i + long] for i in range(0, len(tongues), long)]


def _legend(shown: list[str], width: float) -> list[tuple[float, float, str]]:
    """Return (x, y, arm) of each entry, wrapped at the picture's width."""
    places, x, y = [], float(LEFT), 18.0
    for arm in shown:
        need = 30 + 7 * len(arm)
        if x + need > width - RIGHT and x > LEFT:
            x, y = float(LEFT), y + 20
        places.append((x, y, arm))
        x += need
    return places


def _panel(
    test: VerdictView, metric: str, row: list[str], top: float, tall: float, group: float, slot: float
) -> list[str]:
    shown, right = arms(test), LEFT + group * len(row)
    every = [score for other in languages(test) for arm in shown if (score := cell(test, metric, other, arm))]
    marks = svg.ticks(min(0.0, *(c.low for c in every)), max(c.high for c in every), 5 if tall == PANEL else 3)
    place = scale(marks[0], marks[-1], top + tall, top)
    parts = [svg.text(LEFT - 50, top - 14, with_unit(metric), 12, weight="bold")]
    parts += upright(marks, LEFT, right, place)
    for i, language in enumerate(row):
        for j, arm in enumerate(shown):
            score = cell(test, metric, language, arm)
            if score is None:
                continue
            x = LEFT + group * (i + 0.5) + slot * (j - (len(shown) - 1) / 2)
            parts.append(svg.line(x, place(score.low), x, place(score.high), svg.colour(j), 2))
            parts.append(svg.marker(x, place(score.mean), j, min(5.0, slot / 3)))
    parts.append(svg.line(LEFT, top + tall, right, top + tall))
    return parts


# ------------------------------------------------------------------------------ estimate with interval


def estimate(test: VerdictView) -> str:
    """Draw the estimate under the metric that decides and under the control, beside the claimed direction."""
    registered, names = rule(test), _estimated(test)
    estimates = {metric: over_seeds(test, metric) for metric in names}
    sesoi, claimed = registered.get("sesoi") or 0.0, claimed_size(test)
    numbers = [0.0, -sesoi, sesoi, *finite(claimed)]
    numbers += [v for metric in names for v in differences(test, metric).values()]
    numbers += [v for value in estimates.values() for v in finite(value.value, value.low, value.high)]
    marks = svg.ticks(min(numbers), max(numbers), 6)
    width, left, row, top = 640.0, max(170.0, 30 + 7.0 * max(len(worded(metric)) for metric in names)), 46, 62
    bottom = top + row * len(names)
    place = scale(marks[0], marks[-1], left, width - RIGHT)
    parts = _claimed(test, place, marks, top, bottom)
    for mark in marks:
        parts.append(svg.line(place(mark), top, place(mark), bottom, "#c8c8c8"))
        parts.append(svg.text(place(mark), bottom + 16, tick(mark), 11, "middle"))
    parts += [svg.line(place(s), top, place(s), bottom, "#555555", 1.2, "4 3") for s in (-sesoi, sesoi) if sesoi]
    parts.append(svg.line(place(0), top - 6, place(0), bottom, "#222222", 1.5))
    for i, metric in enumerate(names):
        parts += _row(test, metric, estimates[metric], top + row * (i + 0.5), place)
    axis = f"{_quantity(test)}, {test.unit}"
    parts.append(svg.text((left + width - RIGHT) / 2, bottom + 36, axis, 12, "middle"))
    aid = _reading_aid(test, list(estimates.values()))
    parts += [svg.text(12, bottom + 58 + 15 * i, words, 11) for i, words in enumerate(aid)]
    title = f"Run {test.run_id}: claimed against measured"
    return svg.drawing(width, bottom + 54 + 15 * len(aid), title, about(test, "estimate"), parts)


def _estimated(test: VerdictView) -> list[str]:
    return [metric for metric in judged_metrics(test) if differences(test, metric)]


def _claimed(test: VerdictView, place: svg.Place, marks: list[float], top: float, bottom: float) -> list[str]:
    """Draw the claimed side in grey with its words."""
    registered = rule(test)
    parts, direction = [], registered["direction"]
    sesoi = registered.get("sesoi") or 0.0
    if direction in UPWARD:
        start, end = 0.0, marks[-1]
    elif direction in DOWNWARD:
        start, end = marks[0], 0.0
    else:
        start, end = -sesoi, sesoi
    parts.append(svg.box(place(start), top, place(end) - place(start), bottom - top, "#eeeeee"))
    parts.append(svg.text(12, 40, f"Claimed: {direction} (the grey side)", 12))
    parts.append(svg.text(12, 20, f"Claim {test.claim}, run {test.run_id}: {test.verdict}", 13, weight="bold"))
    return parts


def _row(test: VerdictView, metric: str, estimate: Estimate, y: float, place: svg.Place) -> list[str]:
    """Draw one metric: the estimate with its interval where there is one, and a tick a seed.

    Control and decision are drawn by the same rule, so that neither looks surer than it is.
    """
    deciding = metric == rule(test)["metric"]
    parts = [svg.text(12, y + 4, worded(metric), 12, weight="bold" if deciding else "normal")]
    parts.append(svg.text(12, y + 18, "decides" if deciding else "control", 10))
    if estimate.low is not None and estimate.high is not None:
        parts.append(svg.line(place(estimate.low), y, place(estimate.high), y, "#000000", 3 if deciding else 1.5))
        parts += [
            svg.line(place(end), y - 6, place(end), y + 6, "#000000", 1.5) for end in (estimate.low, estimate.high)
        ]
    if estimate.value is not None:
        parts.append(svg.marker(place(estimate.value), y, 0 if deciding else 4, 6))
    seeds = differences(test, metric).values()
    parts += [svg.line(place(v), y + 9, place(v), y + 15, "#444444", 1.5) for v in seeds]
    if deciding and (size := claimed_size(test)) is not None:
        parts.append(svg.marker(place(size), y, 2, 5))
    return parts


def _reading_aid(test: VerdictView, estimates: list[Estimate]) -> list[str]:
    """Explain the signs, of those that are drawn."""
    signs = "Disc: measured" if len(estimates) == 1 else "Disc: what decides; ring: control"
    bars = any(estimate.low is not None for estimate in estimates)
    level = f"{100 * test.level:.3g}% interval over the seeds (Student's t)"
    lines = [f"{signs}; {f'bars: {level}' if bars else 'no interval over the seeds'}; ticks: the seeds."]
    rest = ["dashed: the smallest effect of interest, ±"] if rule(test).get("sesoi") else []
    rest += ["diamond: the claimed value"] if claims_a_size(test) else []
    if test.fidelity != "paper":
        rest.append("below fidelity paper the claimed size is not comparable")
    return [*lines, *([opened("; ".join(rest)) + "."] if rest else [])]
