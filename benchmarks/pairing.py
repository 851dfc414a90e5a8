"""Measure what pairing on seed, language and sentence brings to the variance of a measured difference.

    python -m benchmarks.pairing STORE EXPERIMENT CONTRAST [--seeds N] [--fidelity F]

Reads the finished stages of a run (`docs/laboratory.py … --store STORE`) and prints, for the metric and the control of
a contrast of means, the variance of the difference with and without each pairing, and the share that it takes away.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from repro.artifacts import Store
from repro.data.library import Library
from repro.experiments import experiment
from repro.plan.planner import make_plan
from repro.stages import read_json
from synth.verify.statistics.measurement import Measurement, measured
from synth.verify.statistics.sentences import line_variance, outcomes


def rows(store: Store, name: str, contrast: str, fidelity: str, seeds: int | None) -> list[Measurement]:
    """Return measurements of the contrast's arms in the seeds that are finished."""
    plan = make_plan(experiment(name), fidelity, store, seeds, library=Library(None, None), contrast=contrast)
    measurements = []
    for stage in plan.stages:
        if stage.arm and store.has(stage.key):
            file = store.read(stage.key) / "measurements.json"
            own = {"arm": stage.arm, "seed": stage.seed}
            measurements += [{**own, **row} for row in read_json(file)] if file.is_file() else []
    return measured(measurements)


def table(measurements: Sequence[Measurement], treatment: str, baseline: str, metric: str) -> tuple[dict, dict]:
    """Return scores and answers: arm → (seeds, languages), and arm → by language the answers of each line."""
    own = [m for m in measurements if m.metric == metric]
    seeds = sorted(set.intersection(*({m.seed for m in own if m.arm == arm} for arm in (treatment, baseline))))
    languages = sorted({m.language for m in own})
    by_key = {(m.arm, m.seed, m.language): m for m in own}
    scores, lines = {}, {}
    for arm in (treatment, baseline):
        scores[arm] = np.array([[by_key[arm, s, x].value for x in languages] for s in seeds])
        lines[arm] = [100 * np.mean([outcomes(by_key[arm, s, x]) for s in seeds], axis=0) for x in languages]
    return scores, lines


def pairings(scores: dict, lines: dict, treatment: str, baseline: str) -> list[tuple[str, float, float]]:
    """Return (pairing, variance of the difference without it, with it), in squared points."""
    a, b = scores[treatment], scores[baseline]
    over_seeds = a.mean(axis=1), b.mean(axis=1)
    over_languages = a.mean(axis=0), b.mean(axis=0)
    weights = [1 / a.shape[1]] * a.shape[1]
    apart = sum(line_variance(lines[arm], weights)[0] for arm in (treatment, baseline))
    together, _ = line_variance([x - y for x, y in zip(lines[treatment], lines[baseline], strict=True)], weights)
    return [
        ("seed", *_variances(*over_seeds)),
        ("language", *_variances(*over_languages)),
        ("sentence", apart, together),
    ]


def _variances(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    n = len(a)
    return float(a.var(ddof=1) + b.var(ddof=1)) / n, float((a - b).var(ddof=1)) / n


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("experiment")
    parser.add_argument("contrast")
    parser.add_argument("--fidelity", default="synthetic")
    parser.add_argument("--seeds", type=int)
    options = parser.parse_args()
    contrast = next(c for c in experiment(options.experiment).contrasts if c.id == options.contrast)
    measurements = rows(Store(options.store), options.experiment, options.contrast, options.fidelity, options.seeds)
    print("| contrast | metric | paired by | variance without | with | taken away |\n|---|---|---|---|---|---|")
    for metric in filter(None, (contrast.metric, contrast.control)):
        scores, lines = table(measurements, contrast.treatment, contrast.baseline, metric)
        for what, without, paired in pairings(scores, lines, contrast.treatment, contrast.baseline):
            share = 1 - paired / without if without else 0.0
            print(f"| {contrast.id} | {metric} | {what} | {without:.3f} | {paired:.3f} | {share:.0%} |")


if __name__ == "__main__":
    main()
