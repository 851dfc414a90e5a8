"""Run an experiment of the laboratory and print its tables as Markdown: `python docs/laboratory.py EXPERIMENT`.

Finished stages are kept in the folder given by `--store` and used again.
"""

from __future__ import annotations

import argparse
import sys
import time
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from repro.artifacts import Store  # noqa: E402
from repro.errors import LabError  # noqa: E402
from repro.lab import Event, Outcome, default_jobs, run  # noqa: E402
from repro.plan import Plan, make_plan  # noqa: E402
from repro.registry import experiment  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--store", type=Path, default=Path("db") / "artifacts")
    asked = parser.parse_args()
    try:
        store = Store(asked.store)
        plan = make_plan(experiment(asked.experiment), "synthetic", store, asked.seeds)
        jobs = asked.jobs or default_jobs(plan)
        print(f"{len(plan.stages)} stages, expected {plan.wall_seconds(jobs)} s with {jobs} processes", file=sys.stderr)
        begin = time.monotonic()
        outcome = run(plan, store, report, jobs)
    except LabError as error:
        sys.exit(f"{error.what}\n{error.do}")
    print(tables(plan, outcome, time.monotonic() - begin))


def report(event: Event) -> None:
    if event.kind in ("started", "finished", "reused"):
        print(f"{event.kind:9} {event.stage} {event.seconds or ''}", file=sys.stderr, flush=True)


def tables(plan: Plan, outcome: Outcome, seconds: float) -> str:
    lines = [
        f"{plan.experiment.id}, seeds {', '.join(map(str, plan.seeds))}, {seconds:.0f} s with "
        f"{outcome.provenance['processes']} processes on {outcome.provenance['device']}",
        f"\nGate {'passed' if outcome.gate.passed else 'failed'}: {outcome.gate.reason}.",
        "\n| arm | metric | language | mean | by seed |\n|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str, str], list[float]] = {}
    for m in outcome.measurements:
        groups.setdefault((m["arm"], m["metric"], m["language"]), []).append(m["value"])
    for (arm, metric, language), values in groups.items():
        lines.append(f"| {arm} | {metric} | {language} | {fmean(values):.1f} | {numbers(values)} |")
    lines.append("\n| contrast | metric | difference [95 %] | by seed |\n|---|---|---|---|")
    for contrast in plan.contrasts:
        for metric in filter(None, (contrast.metric, contrast.control)):
            found = differences(outcome, contrast.treatment, contrast.baseline, metric)
            lines.append(f"| {contrast.id} | {metric} | {interval(found)} | {numbers(found)} |")
    lines.append("\n| arm | task | accuracy by seed | shortcut by seed | learnt |\n|---|---|---|---|---|")
    for arm, task in dict.fromkeys((row["arm"], row["task"]) for row in outcome.training):
        rows = [row for row in outcome.training if (row["arm"], row["task"]) == (arm, task)]
        reached, shortcut = ([100 * row[name] for row in rows] for name in ("accuracy", "shortcut"))
        learnt = sum(row["learnt"] for row in rows)
        lines.append(f"| {arm} | {task} | {numbers(reached)} | {numbers(shortcut)} | {learnt} of {len(rows)} |")
    lines += [f"\nArm {arm} is invalid: {why}." for arm, why in outcome.invalid.items()]
    return "\n".join(lines)


def differences(outcome: Outcome, treatment: str, baseline: str, metric: str) -> list[float]:
    """Per seed: treatment − baseline, averaged over languages."""
    values: dict[tuple[str, int], dict[str, float]] = {}
    for m in outcome.measurements:
        if m["metric"] == metric:
            values.setdefault((m["arm"], m["seed"]), {})[m["language"]] = m["value"]
    seeds = sorted({seed for _, seed in values})
    return [
        fmean(values[treatment, seed][code] - value for code, value in values[baseline, seed].items()) for seed in seeds
    ]


def interval(values: list[float]) -> str:
    """Mean with Student's t interval over seeds."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(values) - 1)) * stdev(values) / sqrt(len(values))
    return f"{fmean(values):+.1f} [{fmean(values) - half:+.1f}, {fmean(values) + half:+.1f}]"


def numbers(values: list[Any]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


if __name__ == "__main__":
    main()
