"""The forest plot: every test of a report, claimed against measured, a row each."""

from __future__ import annotations

from synth.report.facts import Facts
from synth.report.measured import claimed_size, claims_a_size, contrast, is_count, rule
from synth.report.plots import svg
from synth.report.plots.scales import across, finite, scale
from synth.report.wording import amount, decimal, estimated, interval, opened
from synth.store.rows.runs import VerdictView

FILE = "forest.svg"
WIDTH, RIGHT, ROW = 640.0, 122.0, 44.0
LETTER, NARROWEST, WIDEST = 6.9, 150.0, 260.0  # pixels of a letter; of the column of names
UPWARD, DOWNWARD = ("increase", "greater", "positive"), ("decrease", "less", "negative")
HEAD = ["Test", "Quantity", "Claimed", "Measured", "Interval", "Seeds", "Fidelity", "Verdict"]


def shown(facts: Facts) -> list[VerdictView]:
    """Return the tests with an estimate that can be drawn."""
    return [t for t in facts.tests if not is_count(t) and finite(t.estimate)]


def picture(facts: Facts) -> str:
    """Draw a row a test, a panel a unit.

    A row has the estimate with its interval, an arrow to the claimed side, the claimed value where it may be compared
    (a diamond), and the smallest effect of interest (dashed).
    """
    parts, top, left = [], 26.0, _left(shown(facts))
    for unit in dict.fromkeys(test.unit for test in shown(facts)):
        own = [test for test in shown(facts) if test.unit == unit]
        parts += _panel(own, unit, top, left)
        top += ROW * len(own) + 62
    aid = _aid(shown(facts))
    parts += [svg.text(12, top - 4 + 15 * i, words, 11) for i, words in enumerate(aid)]
    return svg.drawing(WIDTH, top - 10 + 15 * len(aid), "Claimed against measured, all tests", about(facts), parts)


def about(facts: Facts) -> str:
    return "Forest plot. " + " ".join(f"{'; '.join(row[:5])}; {row[7]}." for row in numbers(facts)[1:])


def numbers(facts: Facts) -> list[list[str]]:
    """Return the picture's numbers as a table with its head."""
    rows = [HEAD]
    for test in shown(facts):
        rows.append(
            [
                _name(test),
                contrast(test),
                _claimed(test),
                estimated(test.estimate, test.unit),
                interval(*test.ci) or "–",
                str(test.seeds),
                test.fidelity,
                test.verdict,
            ]
        )
    return rows


def _name(test: VerdictView) -> str:
    return f"Claim {test.claim}, run {test.run_id}"


def _claimed(test: VerdictView) -> str:
    size = claimed_size(test)
    value = f" {amount(size)}" if size is not None else ""
    return f"{rule(test).get('direction', '')}{value}"


def _title(test: VerdictView) -> str:
    return f"{_name(test)} ({test.fidelity})"


def _left(tests: list[VerdictView]) -> float:
    """Return the left end of the panels: as far left as the names allow."""
    longest = max((len(words) for test in tests for words in (_title(test), test.verdict)), default=0)
    return min(max(NARROWEST, 28 + LETTER * longest), WIDEST)


def _panel(tests: list[VerdictView], unit: str, top: float, left: float) -> list[str]:
    bounds = [0.0]
    for test in tests:
        sesoi = rule(test).get("sesoi") or 0
        claimed = claimed_size(test)
        bounds += finite(test.estimate, *test.ci, sesoi, -sesoi, claimed)
    marks = svg.ticks(min(bounds), max(bounds), 6)
    place = scale(marks[0], marks[-1], left, WIDTH - RIGHT)
    bottom = top + ROW * len(tests)
    parts = across(marks, top, bottom, place)
    parts.append(svg.line(place(0), top - 4, place(0), bottom, "#222222", 1.5))
    for i, test in enumerate(tests):
        parts += _row(test, top + ROW * (i + 0.5), place)
    parts.append(svg.text((left + WIDTH - RIGHT) / 2, bottom + 36, f"Measured, {unit}", 12, "middle"))
    return parts


def _row(test: VerdictView, y: float, place: svg.Place) -> list[str]:
    registered, ci = rule(test), finite(*test.ci)
    parts = [svg.text(12, y - 5, _title(test), 12, weight="bold")]
    parts.append(svg.text(12, y + 9, test.verdict, 11))
    sesoi = registered.get("sesoi") or 0
    parts += [svg.line(place(s), y - 17, place(s), y + 17, "#555555", 1.2, "4 3") for s in (-sesoi, sesoi) if sesoi]
    parts += _arrow(registered.get("direction", ""), place(0), y + 14)
    if len(ci) == 2:
        parts.append(svg.line(place(ci[0]), y, place(ci[1]), y, "#000000", 3))
        parts += [svg.line(place(end), y - 6, place(end), y + 6, "#000000", 1.5) for end in ci]
    parts += [svg.marker(place(value), y, 0, 6) for value in finite(test.estimate)]
    parts += [svg.marker(place(value), y, 2, 6) for value in finite(claimed_size(test))]
    parts.append(svg.text(WIDTH - RIGHT + 14, y - 3, decimal(test.estimate, sign=True), 11))
    parts.append(svg.text(WIDTH - RIGHT + 14, y + 11, interval(*test.ci) or "no interval", 11))
    return parts


def _arrow(direction: str, zero: float, y: float) -> list[str]:
    """Draw an arrow from zero to the claimed side."""
    if direction not in (*UPWARD, *DOWNWARD):
        return []
    side = 1 if direction in UPWARD else -1
    start, end = zero + side * 5, zero + side * 27
    head = [svg.line(end, y, end - side * 6, y + d, "#222222", 1.5) for d in (-4, 4)]
    return [svg.line(start, y, end, y, "#222222", 1.5), *head]


def _aid(tests: list[VerdictView]) -> list[str]:
    """Explain the signs, of those that are drawn."""
    bars = any(len(finite(*test.ci)) == 2 for test in tests)
    signs = ["disc: measured" + (", with its interval" if bars else "")]
    if any(rule(test).get("direction") in (*UPWARD, *DOWNWARD) for test in tests):
        signs.append("arrow: the claimed side")
    if any(claims_a_size(test) for test in tests):
        signs.append("diamond: the claimed value")
    if any(rule(test).get("sesoi") for test in tests):
        signs.append("dashed: the smallest effect of interest, ±")
    lines = ["; ".join(signs[:2]), "; ".join(signs[2:])] if len(signs) > 3 else ["; ".join(signs)]
    return [f"{opened(line)}." for line in lines]
