"""The forest plot: every test of a report, claimed against measured, a row each."""

from __future__ import annotations

from synth.reports import svg
from synth.reports.facts import Facts, Row
from synth.reports.measured import claims_a_size, contrast, is_count, rule
from synth.reports.scales import across, finite, scale
from synth.reports.wording import amount, estimated, interval

FILE = "forest.svg"
WIDTH, LEFT, RIGHT, ROW = 760.0, 250.0, 160.0, 44.0
UPWARD, DOWNWARD = ("increase", "greater", "positive"), ("decrease", "less", "negative")
HEAD = ["Test", "Quantity", "Claimed", "Measured", "Interval", "Seeds", "Fidelity", "Verdict"]


def shown(facts: Facts) -> list[Row]:
    """The tests with an estimate that can be drawn."""
    return [t for t in facts.tests if not is_count(t) and finite(t["estimate"])]


def picture(facts: Facts) -> str:
    """A row a test, a panel a unit: the estimate with its interval, an arrow to the claimed side, the claimed value
    where it may be compared (a diamond), and the smallest difference that matters (small strokes)."""
    parts, top = [], 26.0
    for unit in dict.fromkeys(test["unit"] for test in shown(facts)):
        own = [test for test in shown(facts) if test["unit"] == unit]
        parts += _panel(own, unit, top)
        top += ROW * len(own) + 62
    parts += [svg.text(12, top - 4 + 15 * i, words, 11) for i, words in enumerate(_aid())]
    return svg.drawing(WIDTH, top + 20, "Claimed against measured, all tests", about(facts), parts)


def about(facts: Facts) -> str:
    return "Forest plot. " + " ".join(f"{'; '.join(row[:5])}; {row[7]}." for row in numbers(facts)[1:])


def numbers(facts: Facts) -> list[list[str]]:
    """What the picture shows, as a table with its head."""
    rows = [HEAD]
    for test in shown(facts):
        rows.append(
            [
                _name(test),
                contrast(test),
                _claimed(test),
                estimated(test["estimate"], test["unit"]),
                interval(*test["ci"]) or "–",
                str(test["seeds"]),
                test["fidelity"],
                test["verdict"],
            ]
        )
    return rows


def _name(test: Row) -> str:
    return f"Claim {test['claim']}, run {test['run_id']}"


def _claimed(test: Row) -> str:
    value = f" {amount(rule(test)['value'])}" if claims_a_size(test) else ""
    return f"{rule(test).get('direction', '')}{value}"


def _panel(tests: list[Row], unit: str, top: float) -> list[str]:
    bounds = [0.0]
    for test in tests:
        sesoi = rule(test).get("sesoi") or 0
        claimed = rule(test)["value"] if claims_a_size(test) else None
        bounds += finite(test["estimate"], *test["ci"], sesoi, -sesoi, claimed)
    marks = svg.ticks(min(bounds), max(bounds), 6)
    place = scale(marks[0], marks[-1], LEFT, WIDTH - RIGHT)
    bottom = top + ROW * len(tests)
    parts = across(marks, top, bottom, place)
    parts.append(svg.line(place(0), top - 4, place(0), bottom, "#222222", 1.5))
    for i, test in enumerate(tests):
        parts += _row(test, top + ROW * (i + 0.5), place)
    parts.append(svg.text((LEFT + WIDTH - RIGHT) / 2, bottom + 36, f"Measured, {unit}", 12, "middle"))
    return parts


def _row(test: Row, y: float, place: svg.Place) -> list[str]:
    given, ci = rule(test), finite(*test["ci"])
    parts = [svg.text(12, y - 5, f"{_name(test)} ({test['fidelity']})", 12, weight="bold")]
    parts.append(svg.text(12, y + 9, test["verdict"], 11))
    direction = given.get("direction", "")
    if direction in (*UPWARD, *DOWNWARD):
        side = 1 if direction in UPWARD else -1
        x = place(0) + side * 5
        parts += [svg.line(x, y + 12, x + side * 22, y + 12, "#555555", 1.5)]
        parts += [svg.line(x + side * 22, y + 12, x + side * 16, y + 12 + d, "#555555", 1.5) for d in (-4, 4)]
    sesoi = given.get("sesoi") or 0
    parts += [svg.line(place(s), y - 4, place(s), y + 4, "#777777", 1.2) for s in (-sesoi, sesoi) if sesoi]
    if len(ci) == 2:
        parts.append(svg.line(place(ci[0]), y, place(ci[1]), y, "#000000", 3))
        parts += [svg.line(place(end), y - 6, place(end), y + 6, "#000000", 1.5) for end in ci]
    parts.append(svg.marker(place(test["estimate"]), y, 0, 6))
    if claims_a_size(test):
        parts.append(svg.marker(place(given["value"]), y, 2, 6))
    parts.append(svg.text(WIDTH - RIGHT + 14, y - 3, estimated(test["estimate"], test["unit"]), 11))
    parts.append(svg.text(WIDTH - RIGHT + 14, y + 11, interval(*test["ci"]) or "no interval", 11))
    return parts


def _aid() -> list[str]:
    return [
        "Disc: measured, with its interval; arrow: the claimed side; diamond: the claimed value (at fidelity paper);",
        "small strokes: the smallest difference that matters, above and below zero.",
    ]
