"""Accuracy against typological distance, or against what else a test sets its languages against: an arm a series, each
language with an interval over the seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10, sqrt
from statistics import fmean, stdev

from synth.report.measured import arms, axis, covariate, distances, is_count, judged_metrics, languages, rule, shortened
from synth.report.plots import svg
from synth.report.plots.scales import apart, finite, legend, scale, tick, upright
from synth.report.wording import amount, decimal, interval, listed, opened, with_unit, worded
from synth.store.rows.runs import VerdictView
from synth.verify.statistics.estimates import Comparison

WIDTH, LEFT, RIGHT, HEIGHT = 640.0, 64.0, 24.0, 250.0
INSET = 18.0  # pixels from the axis to the first language, at least
ARM, GAP = 10.0, 8.0  # pixels from arm to arm of a language, and between languages, where there is room
NARROWEST, NAME = 4.0, 48.0  # pixels of a language, and of its name that it makes room for
SHIFT = 12.0  # pixels that the languages of one distance may move to stand beside those of the next
LETTER, SLANTED = 6.3, 12.0  # pixels of a letter of a language's name, and between two names that are slanted
FAR = "typological distance from English"
Point = tuple[str, float, float, float | None, float | None]  # language, place, mean, and the interval's ends


@dataclass(frozen=True)
class Across:
    """The axis to the right: where a value stands, the values that have a tick, where each language stands, how wide it
    may be, the languages of each value, and whether some stand beside their value, since others stand there too.
    """

    place: svg.Place
    ticks: list[float]
    at: dict[str, float]
    wide: float
    alike: dict[float, list[str]]
    beside: bool


def shown(test: VerdictView) -> bool:
    """Return True if there are languages at two places or more."""
    return not is_count(test) and len({x for points in _series(test).values() for _, x, *_ in points}) > 1


def picture(test: VerdictView) -> str:
    """Draw the metric that decides over distance; a line of least squares for each arm shows its trend."""
    series = _series(test)
    parts, top = legend(list(series), LEFT, WIDTH - RIGHT, line=True)
    top += 34
    foot = top + HEIGHT
    low, high = _bounds(test, series)
    marks = svg.ticks(low, high)
    up, across = scale(marks[0], marks[-1], foot, top), _across(test, series)
    parts.append(svg.text(LEFT - 50, top - 14, with_unit(_metric(test)), 12, weight="bold"))
    parts += upright(marks, LEFT, WIDTH - RIGHT, up)
    parts += _ticks(test, across, top, foot)
    for number, points in enumerate(series.values()):
        shift = (number - (len(series) - 1) / 2) * min(ARM, 0.8 * across.wide / len(series))
        parts += _line(test, points, number, (marks[0], marks[-1]), up, across)
        parts += _arm(points, number, shift, (marks[0], marks[-1]), up, across)
    parts.append(svg.line(LEFT, foot, WIDTH - RIGHT, foot))
    parts += _brackets(across, foot + 21)
    named, foot, left_out = _names(across, foot + 33)
    parts += named
    scaled = " (logarithmic scale)" if _logarithmic(test) else ""
    parts.append(svg.text((LEFT + WIDTH - RIGHT) / 2, foot + 20, opened(_against(test)) + scaled, 12, "middle"))
    aid = _aid(test, series, across, (marks[0], marks[-1]), left_out)
    parts += [svg.text(12, foot + 42 + 15 * i, words, 11) for i, words in enumerate(aid)]
    title = f"Run {test.run_id}: {worded(_metric(test))} against {_against(test)}"
    return svg.drawing(WIDTH, foot + 39 + 15 * len(aid), title, about(test), parts)


def about(test: VerdictView) -> str:
    """Describe the slope of each arm."""
    slopes = []
    for arm, points in _series(test).items():
        line = _squares(test, points)
        if line:
            slopes.append(f"{arm} {decimal(line[1], 1, sign=True)}")
    against = _against(test)
    step = f"unit of {'distance' if against == FAR else against}"
    change = f"Change for ten times the {against}" if _logarithmic(test) else f"Change per {step}"
    return (
        f"{opened(worded(_metric(test)))} against {against}. {change}, by least squares: {listed(slopes) or 'none'}; "
        "the numbers are in the table."
    )


def numbers(test: VerdictView) -> list[list[str]]:
    """Return the picture's numbers as a table with its head."""
    series, places = _series(test), _places(test)
    head = axis(test) if covariate(test) else "Distance"
    rows = [["Language", head, *(f"{arm}, mean [{_level(test)}]" for arm in series)]]
    for language in sorted((name for name in languages(test) if name in places), key=places.__getitem__):
        row = [language, _place(test, places[language])]
        for arm in series:
            values = _values(test, language, arm)
            mean, low, high = _mean(values, rule(test).get("alpha", 0.05)) if values else (None, None, None)
            row.append(f"{decimal(mean, 1)} {interval(low, high).replace('+', '')}".strip())
        rows.append(row)
    return shortened(rows)


# ---------------------------------------------------------------------------------------- what was measured


def _metric(test: VerdictView) -> str:
    return judged_metrics(test)[0]


def _level(test: VerdictView) -> str:
    return f"{1 - rule(test).get('alpha', 0.05):.0%} t-interval"


def _places(test: VerdictView) -> dict[str, float]:
    """Return the covariate of the languages: the test's own where it has one, else their distance."""
    return covariate(test) or distances(test)


def _against(test: VerdictView) -> str:
    """Name the covariate of `_places`."""
    return Comparison.of(rule(test)).axis.removeprefix("the ") if covariate(test) else FAR


def _place(test: VerdictView, value: float) -> str:
    return amount(value) if covariate(test) else decimal(value)


def _values(test: VerdictView, language: str, arm: str) -> list[float]:
    key = (_metric(test), language, arm)
    return finite(*(m.value for m in test.measurements if (m.metric, m.language, m.arm) == key))


def _series(test: VerdictView) -> dict[str, list[Point]]:
    """Map each arm to its points, nearest language first."""
    if not judged_metrics(test):
        return {}
    series: dict[str, list[Point]] = {}
    places, alpha = _places(test), rule(test).get("alpha", 0.05)
    for arm in arms(test):
        for language in languages(test):
            values = _values(test, language, arm)
            if language in places and values:
                series.setdefault(arm, []).append((language, places[language], *_mean(values, alpha)))
    return series


def _mean(values: Sequence[float], alpha: float) -> tuple[float, float | None, float | None]:
    """Return mean and Student's interval of the seeds; a single seed has none."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, None, None
    from scipy.special import stdtrit

    half = float(stdtrit(len(values) - 1, 1 - alpha / 2)) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half


def _squares(test: VerdictView, points: Sequence[Point]) -> tuple[float, float] | None:
    """Fit (value at 0 on the axis, slope) by least squares; None if all stand at one place."""
    xs, ys = [_on_axis(test, x) for _, x, *_ in points], [y for _, _, y, *_ in points]
    centre, spread = fmean(xs), sum((x - fmean(xs)) ** 2 for x in xs)
    if not spread:
        return None
    slope = sum((x - centre) * y for x, y in zip(xs, ys, strict=True)) / spread
    return fmean(ys) - slope * centre, slope


# --------------------------------------------------------------------------------------------- the two axes


def _logarithmic(test: VerdictView) -> bool:
    """Return True if amounts differ tenfold or more, so that they stand on a logarithmic axis.

    Ranks do not mind it; a slope that is tested is one on the plain axis.
    """
    values = covariate(test).values()
    wide = bool(values) and min(values) > 0 and max(values) >= 10 * min(values)
    return wide and Comparison.of(rule(test)).statistic != "slope"


def _on_axis(test: VerdictView, value: float) -> float:
    return log10(value) if _logarithmic(test) else value


def _bounds(test: VerdictView, series: dict[str, list[Point]]) -> tuple[float, float]:
    """Return the lowest and highest value of the axis upward.

    Where no mean is below 0 it begins there, and accuracies end at 100: what an interval has beyond is no value that
    could be measured.
    """
    means = [mean for points in series.values() for _, _, mean, *_ in points]
    every = [v for points in series.values() for _, _, *values in points for v in finite(*values)]
    low, high = min(0.0, *every), max(0.0, *every)
    if _metric(test).startswith("accuracy") and max(means) <= 100:
        high = min(high, 100.0)
    return (0.0 if min(means) >= 0 else low), high


def _across(test: VerdictView, series: dict[str, list[Point]]) -> Across:
    """Place languages of the same or nearly the same value side by side, as wide as there is room for."""
    where = {language: _on_axis(test, x) for points in series.values() for language, x, *_ in points}
    tongues = sorted(where, key=where.__getitem__)
    ticks = _round_or_own(test, sorted({*where.values()}))
    ends = min(ticks[0], where[tongues[0]]), max(ticks[-1], where[tongues[-1]])
    wide = max(ARM * len(series) + GAP, min(LETTER * max(map(len, tongues)) + 4, NAME))
    while True:
        first, last = (sum(x == where[end] for x in where.values()) * wide / 2 for end in (tongues[0], tongues[-1]))
        start, stop = LEFT + max(INSET, first + 4), WIDTH - RIGHT - max(INSET, last + 4)
        place = scale(*ends, start, max(stop, start + 1))
        fits = wide * len(tongues) <= WIDTH - RIGHT - LEFT
        if fits or wide <= NARROWEST:
            narrow = min(wide, (WIDTH - RIGHT - LEFT) / len(tongues))
            middles = apart([place(where[t]) for t in tongues], narrow, LEFT + narrow / 2, WIDTH - RIGHT - narrow / 2)
            at = dict(zip(tongues, middles, strict=True))
            moved = max(abs(fmean(at[t] for t in tongues if where[t] == x) - place(x)) for x in where.values())
            if moved <= SHIFT or wide <= NARROWEST:
                beside = any(abs(at[t] - place(where[t])) > 1 for t in tongues)
                alike = {x: [t for t in tongues if where[t] == x] for x in where.values()}
                return Across(place, ticks, at, narrow, alike, beside)
        wide *= 0.92


def _round_or_own(test: VerdictView, values: list[float]) -> list[float]:
    """Return ticks: the places that occur where their numbers have room, else round ones."""
    letters = max(len(_tick(test, value)) for value in values)
    room = (WIDTH - LEFT - RIGHT - 4 * INSET) / (values[-1] - values[0])
    if min(b - a for a, b in pairwise(values)) * room > LETTER * letters + 8:
        return values
    if _logarithmic(test):
        return [float(power) for power in range(floor(values[0]), ceil(values[-1]) + 1)]
    return svg.ticks(values[0], values[-1])


def _tick(test: VerdictView, value: float) -> str:
    """Return the label of a tick of the axis to the right."""
    number = 10**value if _logarithmic(test) else value
    return amount(float(f"{number:.4g}")) if covariate(test) else tick(round(number, 3))


# ------------------------------------------------------------------------------------------------ the parts


def _ticks(test: VerdictView, across: Across, top: float, foot: float) -> list[str]:
    parts = []
    for value in across.ticks:
        parts.append(svg.line(across.place(value), top, across.place(value), foot, "#dddddd"))
        parts.append(svg.text(across.place(value), foot + 16, _tick(test, value), 11, "middle"))
    return parts


def _brackets(across: Across, y: float) -> list[str]:
    """Draw a stroke under the languages that share a tick."""
    half = across.wide * 0.4
    groups = [group for x, group in across.alike.items() if len(group) > 1 and x in across.ticks]
    ends = [(across.at[group[0]] - half, across.at[group[-1]] + half) for group in groups]
    return [svg.line(start, y, end, y, "#777777", 1.2) for start, end in ends]


def _names(across: Across, top: float) -> tuple[list[str], float, bool]:
    """Draw the names of the languages below the axis, upright where each has room, else slanted.

    Returns also where they end, and whether some were left out for want of room.
    """
    longest = max(map(len, across.at))
    places = list(across.at.items())
    if all(LETTER * (len(name) + len(next_)) / 2 + 2 <= b - a for (name, a), (next_, b) in pairwise(places)):
        return [svg.text(x, top, language, 10.5, "middle") for language, x in places], top, False
    parts: list[str] = []
    before = float("-inf")
    for language, x in places:
        if x - before >= SLANTED:
            parts.append(svg.slanted(x + 4, top, language, 10.5))
            before = x
    return parts, top + 4.2 * longest, len(parts) < len(places)


def _line(
    test: VerdictView, points: Sequence[Point], number: int, ends: tuple[float, float], up: svg.Place, across: Across
) -> list[str]:
    """Draw the line of least squares from the nearest to the farthest language, as far as it lies within the axis."""
    line = _squares(test, points)
    if line is None:
        return []
    start, slope = line
    xs = [_on_axis(test, x) for _, x, *_ in points]
    first, last = min(xs), max(xs)
    if slope:
        crossings = sorted((end - start) / slope for end in ends)
        first, last = max(first, crossings[0]), min(last, crossings[1])
    if first >= last:
        return []
    places = [(across.place(x), up(start + slope * x)) for x in (first, last)]
    return [svg.line(*places[0], *places[1], svg.colour(number), 1.8, svg.dash(number))]


def _arm(
    points: Sequence[Point], number: int, shift: float, ends: tuple[float, float], up: svg.Place, across: Across
) -> list[str]:
    """Draw a sign and a bar a language; a bar that is cut at an end of the axis has no stroke across there."""
    parts = []
    for language, _, mean, low, high in points:
        at = across.at[language] + shift
        if low is not None and high is not None:
            cut = [min(max(value, ends[0]), ends[1]) for value in (low, high)]
            parts.append(svg.line(at, up(cut[0]), at, up(cut[1]), svg.colour(number), 1.5))
            whole = [value for value, inside in zip((low, high), cut, strict=True) if value == inside]
            parts += [svg.line(at - 3, up(end), at + 3, up(end), svg.colour(number), 1.5) for end in whole]
        parts.append(svg.marker(at, up(mean), number, min(4.5, max(2.0, across.wide / 4))))
    return parts


def _aid(
    test: VerdictView, series: dict[str, list[Point]], across: Across, ends: tuple[float, float], left_out: bool
) -> list[str]:
    """Explain the signs, of those that are drawn."""
    bounds = [v for points in series.values() for *_, low, high in points for v in finite(low, high)]
    over = [bounds and min(bounds) < ends[0], bounds and max(bounds) > ends[1]]
    cut = [f"{end:g}" for end, beyond in zip(ends, over, strict=True) if beyond]
    bars = f"means over the seeds; bars: {_level(test)} over the seeds{f', cut at {listed(cut)}' if cut else ''}"
    lines = f"Signs: {bars if bounds else 'one seed, no interval'}; lines: least squares."
    if not across.beside:
        return [lines]
    where = "with the same or nearly the same value" if covariate(test) else "at the same or nearly the same distance"
    rest = "; those without room for a name are in the table" if left_out else ""
    return [lines, f"Languages {where} stand side by side{rest}."]
