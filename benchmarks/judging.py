"""Speed of judging predictions: 1,000 of them, each with 10,000 draws of the bootstrap over languages and seeds.

python -m benchmarks.judging [PREDICTIONS]
"""

from __future__ import annotations

import sys
import time

import numpy as np

from synth.verify.judge.rule import Rule, step_by_step
from synth.verify.judge.verdict import judge
from synth.verify.statistics.bootstrap import DRAWS
from synth.verify.statistics.measurement import Measurement

SHAPES = ((5, 3), (11, 3), (36, 3), (36, 5), (36, 10))  # languages, seeds


def simulated(number: int) -> tuple[list[Measurement], Rule, dict[str, str]]:
    """Make measurements of two arms, two metrics; every fourth is a correlation, every other one has looks."""
    make = np.random.default_rng(number)
    languages, seeds = SHAPES[number % len(SHAPES)]
    measurements = [
        Measurement(
            arm=arm,
            seed=seed,
            language=f"l{i}",
            metric=metric,
            value=float(40 + gain + make.standard_normal()),
            n=1000,
            covariates={"distance": i / languages},
        )
        for seed in range(1, seeds + 1)
        for i in range(languages)
        for arm, gain in (("base", 0.0), ("treat", 2.0))
        for metric in ("accuracy", "csls")
    ]
    rule = Rule("treat", "base", "accuracy", "csls", "increase", 2.0, sesoi=1.0, alpha=0.05, minimum_seeds=3)
    if number % 4 == 0:
        rule = Rule("treat", "", "accuracy", "", "negative", None, 0.3, 0.05, 3, "ρ", "correlation")
    elif number % 2:
        rule = step_by_step(rule, 10)
    return measurements, rule, {f"l{i}": f"f{i // 3}" for i in range(languages)}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    cases = [simulated(number) for number in range(count)]
    wall, processor = time.perf_counter(), time.process_time()
    words: dict[str, int] = {}
    for measurements, rule, families in cases:
        verdict = judge(measurements, rule, "paper", {"passed": True}, {}, families=families)
        words[verdict.verdict] = words.get(verdict.verdict, 0) + 1
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{count} predictions with {DRAWS:,} draws: {processor:.1f} s of one processor, {wall:.1f} s by the clock")
    print(", ".join(f"{number} {word}" for word, number in sorted(words.items())))


if __name__ == "__main__":
    main()
