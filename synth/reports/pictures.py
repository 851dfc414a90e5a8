"""Vector pictures of what was measured: accuracy by language and arm, and the estimate with its interval."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from synth.reports import curves, distance, flowchart, forest, svg
from synth.reports.facts import Facts, Row
from synth.reports.measured import (
    arms,
    cell,
    claims_a_size,
    contrast,
    differences,
    distances,
    is_count,
    judged_metrics,
    languages,
    rule,
)
from synth.reports.wording import count, decimal, estimated, interval, listed, worded

FOLDER = "pictures"
FOREST = f"{FOLDER}/{forest.FILE}"
KINDS = ("estimate", "distance", "languages", "training")  # of one test, in the order of the report
SLOT = 26  # width of one arm in one language
LEFT, RIGHT, PANEL = 64, 24, 180
NARROWEST = 480.0  # pixels
UPWARD, DOWNWARD = ("increase", "greater", "positive"), ("decrease", "less", "negative")

MORE = {"distance": distance, "training": curves}


def name(test: Row, kind: str) -> str:
    """Path of a picture, relative to the report."""
    return f"{FOLDER}/run-{test['run_id']}-{kind}.svg"


def draw(facts: Facts) -> dict[str, str]:
    """Relative path → SVG: the flow of the search, and every test that measured something."""
    found = {flowchart.NAME: flowchart.draw(facts.flow, facts.search["complete"])}
    for test in facts.tests:
        if is_count(test):
            continue
        if judged_metrics(test):
            found[name(test, "languages")] = by_language(test)
        if differences(test, rule(test).get("metric", "")):
            found[name(test, "estimate")] = estimate(test)
        if distance.shown(test):
            found[name(test, "distance")] = distance.picture(test)
        if curves.shown(test):
            found[name(test, "training")] = curves.picture(test)
    if forest.shown(facts):
        found[FOREST] = forest.picture(facts)
    return found


def write(facts: Facts, folder: Path) -> list[Path]:
    """Write the pictures under the folder that the report lies in; returns the files."""
    written = []
    for relative, picture in draw(facts).items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
        written.append(path)
    return written


def about(test: Row, kind: str) -> str:
    """The text that stands for a picture where it cannot be seen."""
    if kind in MORE:
        return MORE[kind].about(test)
    if kind == "languages":
        return (
            f"{listed([*map(worded, judged_metrics(test))])} of the arms {listed(arms(test))} in "
            f"{listed(languages(test))}: mean over seeds with the lowest and highest seed; the numbers are in the "
            "tables."
        )
    found = differences(test, rule(test)["metric"])
    spread = interval(*test["ci"])
    return (
        f"{contrast(test)}: {estimated(test['estimate'], test['unit'])}"
        f"{f' {spread}' if spread else ''} over {count(len(found), 'seed')}; claimed: {rule(test)['direction']}."
    )


def numbers(test: Row, kind: str) -> list[list[str]]:
    """What a picture shows as a table with its head; empty where the report has those numbers beside the picture."""
    found: list[list[str]] = MORE[kind].numbers(test) if kind in MORE else []
    return found


# -------------------------------------------------------------------------------- accuracy by language


def by_language(test: Row) -> str:
    """One panel a metric, one group a language (nearest first), one sign an arm, a bar from lowest to highest seed."""
    shown, tongues, panels = arms(test), languages(test), judged_metrics(test)
    group = max(SLOT * (len(shown) + 0.8), (NARROWEST - LEFT - RIGHT) / len(tongues))
    width = LEFT + RIGHT + group * len(tongues)
    legend = _legend(shown, width)
    top = 14 + 20 * len({y for _, y, _ in legend})
    parts = [svg.marker(x, y, i) for i, (x, y, _) in enumerate(legend)]
    parts += [svg.text(x + 12, y + 4, arm) for x, y, arm in legend]
    for number, metric in enumerate(panels):
        parts += _panel(test, metric, top + 30 + number * (PANEL + 48), group, width)
    foot = top + 30 + len(panels) * (PANEL + 48) - 48
    far = distances(test)
    for i, language in enumerate(tongues):
        label = f"{language} ({decimal(far[language])})" if language in far else language
        parts.append(svg.slanted(LEFT + group * (i + 0.5) + 4, foot + 16, label))
    longest = max((len(language) for language in tongues), default=0) + (7 if far else 0)
    height = foot + 40 + 4.4 * longest
    axis = "Language (typological distance from English)" if far else "Language"
    parts.append(svg.text((LEFT + width - RIGHT) / 2, height - 8, axis, 12, "middle"))
    return svg.drawing(
        width, height, f"Run {test['run_id']}: accuracy by language and arm", about(test, "languages"), parts
    )


def _legend(shown: list[str], width: float) -> list[tuple[float, float, str]]:
    """(x, y, arm) of each entry, wrapped at the picture's width."""
    places, x, y = [], float(LEFT), 18.0
    for arm in shown:
        need = 30 + 7 * len(arm)
        if x + need > width - RIGHT and x > LEFT:
            x, y = float(LEFT), y + 20
        places.append((x, y, arm))
        x += need
    return places


def _panel(test: Row, metric: str, top: float, group: float, width: float) -> list[str]:
    shown, tongues = arms(test), languages(test)
    cells = {(tongue, arm): cell(test, metric, tongue, arm) for tongue in tongues for arm in shown}
    highest = max((c.high for c in cells.values() if c), default=1.0)
    lowest = min((c.low for c in cells.values() if c), default=0.0)
    marks = svg.ticks(min(lowest, 0.0), highest)
    scale = _scale(marks[0], marks[-1], top + PANEL, top)
    parts = [svg.text(LEFT - 50, top - 14, worded(metric), 12, weight="bold")]
    for mark in marks:
        parts.append(svg.line(LEFT, scale(mark), width - RIGHT, scale(mark), "#dddddd"))
        parts.append(svg.text(LEFT - 8, scale(mark) + 4, _tick(mark), 11, "end"))
    for i, language in enumerate(tongues):
        for j, arm in enumerate(shown):
            found = cells[language, arm]
            if found is None:
                continue
            x = LEFT + group * (i + 0.5) + SLOT * (j - (len(shown) - 1) / 2)
            parts.append(svg.line(x, scale(found.low), x, scale(found.high), svg.COLOURS[j % len(svg.COLOURS)], 2))
            parts.append(svg.marker(x, scale(found.mean), j))
    parts.append(svg.line(LEFT, top + PANEL, width - RIGHT, top + PANEL))
    return parts


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _tick(value: float) -> str:
    return f"{value:g}".replace("-", "−")


# ------------------------------------------------------------------------------ estimate with interval


def estimate(test: Row) -> str:
    """What was estimated under the metric that decides and under the control, beside the claimed direction."""
    given = rule(test)
    names = [m for m in judged_metrics(test) if differences(test, m)]
    deciding = given["metric"]
    at_scope = claims_a_size(test)
    numbers = [0.0, -given.get("sesoi", 0), given.get("sesoi", 0)]
    numbers += [v for m in names for v in differences(test, m).values()]
    numbers += [v for v in (*test["ci"], test["estimate"], given["value"] if at_scope else None) if v is not None]
    marks = svg.ticks(min(numbers), max(numbers), 6)
    width, left, row, top = 640.0, max(170.0, 30 + 7.0 * max(len(worded(metric)) for metric in names)), 46, 62
    bottom = top + row * len(names)
    scale = _scale(marks[0], marks[-1], left, width - RIGHT)
    parts = _claimed(test, scale, marks, top, bottom)
    for mark in marks:
        parts.append(svg.line(scale(mark), top, scale(mark), bottom, "#c8c8c8"))
        parts.append(svg.text(scale(mark), bottom + 16, _tick(mark), 11, "middle"))
    parts.append(svg.line(scale(0), top - 6, scale(0), bottom, "#222222", 1.5))
    for i, metric in enumerate(names):
        parts += _row(test, metric, top + row * (i + 0.5), scale, metric == deciding)
    axis = f"{contrast(test)}, {test['unit']}"
    parts.append(svg.text((left + width - RIGHT) / 2, bottom + 36, axis, 12, "middle"))
    parts += [svg.text(12, bottom + 58 + 15 * i, words, 11) for i, words in enumerate(_reading_aid(test, at_scope))]
    return svg.drawing(
        width, bottom + 84, f"Run {test['run_id']}: claimed against measured", about(test, "estimate"), parts
    )


def _claimed(test: Row, scale: Callable[[float], float], marks: list[float], top: float, bottom: float) -> list[str]:
    """The claimed side in grey with its words, the SESOI as dashed lines."""
    given = rule(test)
    parts, direction = [], given["direction"]
    sesoi = given.get("sesoi", 0)
    if direction in UPWARD:
        start, end = 0.0, marks[-1]
    elif direction in DOWNWARD:
        start, end = marks[0], 0.0
    else:
        start, end = -sesoi, sesoi
    parts.append(svg.box(scale(start), top, scale(end) - scale(start), bottom - top, "#eeeeee"))
    parts.append(svg.text(12, 40, f"claimed: {direction} (the grey side)", 12))
    if sesoi:
        parts += [svg.line(scale(s), top, scale(s), bottom, "#666666", 1, "4 3") for s in (-sesoi, sesoi)]
    parts.append(svg.text(12, 20, f"Claim {test['claim']}, run {test['run_id']}: {test['verdict']}", 13, weight="bold"))
    return parts


def _row(test: Row, metric: str, y: float, scale: Callable[[float], float], deciding: bool) -> list[str]:
    """One metric: a dot a seed, and the estimate with its interval (the control: mean and range of the seeds)."""
    found = list(differences(test, metric).values())
    middle = test["estimate"] if deciding else fmean(found)
    low, high = test["ci"] if deciding and test["ci"][0] is not None else (min(found), max(found))
    parts = [svg.text(12, y + 4, worded(metric), 12, weight="bold" if deciding else "normal")]
    parts.append(svg.text(12, y + 18, "decides" if deciding else "control", 10))
    if middle is None:
        middle = fmean(found)
    parts.append(svg.line(scale(low), y, scale(high), y, "#000000", 3 if deciding else 1.5))
    parts += [svg.line(scale(end), y - 6, scale(end), y + 6, "#000000", 1.5) for end in (low, high)]
    parts.append(svg.marker(scale(middle), y, 0 if deciding else 4, 6))
    parts += [svg.line(scale(v), y + 9, scale(v), y + 15, "#444444", 1.5) for v in found]
    if deciding and claims_a_size(test):
        parts.append(svg.marker(scale(rule(test)["value"]), y, 2, 5))
    return parts


def _reading_aid(test: Row, at_scope: bool) -> list[str]:
    spread = f"{test['level']:.0%} interval" if test["ci"][0] is not None else "range of the seeds"
    claimed = "diamond: claimed value." if at_scope else "below fidelity paper the claimed size is not comparable."
    return [
        f"Disc: mean and {spread}; ring: mean and range of the seeds; small strokes: the seeds;",
        f"dashed: ± the smallest difference that matters; {claimed}",
    ]
