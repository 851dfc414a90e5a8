"""Tables of what a test measured: arms × languages with the mean and range over seeds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Any

from synth.reports.wording import decimal

Row = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One arm in one language: mean, lowest and highest over seeds, in the metric's unit."""

    mean: float
    low: float
    high: float
    seeds: int

    def __str__(self) -> str:
        if self.seeds == 1:
            return f"{decimal(self.mean, 1)} (one seed)"
        return f"{decimal(self.mean, 1)} ({decimal(self.low, 1)} to {decimal(self.high, 1)})"


def rule(test: Row) -> Row:
    """The decision rule that was registered before the run."""
    return test["spec"].get("rule", {})


def metrics(test: Row) -> list[str]:
    """The metric that decides, the control, then the others that were measured."""
    first = [rule(test).get("metric"), rule(test).get("control_metric")]
    seen = dict.fromkeys(m["metric"] for m in test["measurements"])
    return [m for m in first if m in seen] + [m for m in seen if m not in first]


def judged_metrics(test: Row) -> list[str]:
    """The metric that decides and the control, as far as they were measured."""
    return [m for m in metrics(test) if m in (rule(test).get("metric"), rule(test).get("control_metric"))]


def arms(test: Row) -> list[str]:
    """Baseline, treatment, then the others that were measured."""
    first = [rule(test).get("baseline"), rule(test).get("treatment")]
    seen = dict.fromkeys(m["arm"] for m in test["measurements"])
    return [a for a in first if a in seen] + [a for a in seen if a not in first]


def distances(test: Row) -> dict[str, float]:
    """Typological distance of the languages where the laboratory states it; empty otherwise."""
    stated = test["spec"].get("laboratory", {}).get("distances", {})
    return {str(language): float(value) for language, value in stated.items()}


def languages(test: Row) -> list[str]:
    """Measured languages, nearest first where distances are stated, else in the order measured."""
    seen = list(dict.fromkeys(m["language"] for m in test["measurements"]))
    far = distances(test)
    return sorted(seen, key=lambda language: far.get(language, 0.0))


def cell(test: Row, metric: str, language: str, arm: str) -> Cell | None:
    values = [
        m["value"] for m in test["measurements"] if (m["metric"], m["language"], m["arm"]) == (metric, language, arm)
    ]
    return Cell(fmean(values), min(values), max(values), len(values)) if values else None


def differences(test: Row, metric: str) -> dict[int, float]:
    """seed → treatment − baseline, averaged over the languages that both arms measured with that seed."""
    treatment, baseline = rule(test).get("treatment"), rule(test).get("baseline")
    values = {(m["arm"], m["seed"], m["language"]): m["value"] for m in test["measurements"] if m["metric"] == metric}
    found: dict[int, list[float]] = {}
    for (arm, seed, language), value in values.items():
        if arm == treatment and (baseline, seed, language) in values:
            found.setdefault(seed, []).append(value - values[baseline, seed, language])
    return {seed: fmean(found[seed]) for seed in sorted(found)}


def table(test: Row, metric: str) -> list[list[str]]:
    """Head and rows of the measured table: language, one column an arm, and the difference that was tested."""
    far, shown = distances(test), arms(test)
    paired = rule(test).get("treatment") in shown and rule(test).get("baseline") in shown
    head = ["Language", *(["Distance"] if far else []), *shown, *(["Difference"] if paired else [])]
    rows = [head]
    for language in languages(test):
        cells = [cell(test, metric, language, arm) for arm in shown]
        row = [language, *([decimal(far.get(language))] if far else []), *("–" if c is None else str(c) for c in cells)]
        if paired:
            base, treated = (cell(test, metric, language, rule(test)[arm]) for arm in ("baseline", "treatment"))
            row.append(decimal(treated.mean - base.mean, 1, sign=True) if base and treated else "–")
        rows.append(row)
    return rows
