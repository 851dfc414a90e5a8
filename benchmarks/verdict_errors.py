"""Error rates of the judge on commands whose effect is known: the whole path, command by command.

    python -m benchmarks.verdict_errors 200

Experiments whose command draws a score from a normal distribution, `effect` standard deviations apart: 0, and as much
as the smallest effect of interest. Each is registered, run seed by seed and judged as anyone's experiment is, with
seeds of its own. Prints for each effect how many were decided, and how, with the interval of the share (Wilson).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from math import sqrt
from pathlib import Path

from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.verify.request import Request
from synth.verify.run import verify

PROGRAM = """
import random, sys
effect, seed, out = float(sys.argv[1]), sys.argv[2], sys.argv[3]
open(out + "/score.log", "w").write(f"score {effect + random.Random(f'{effect} {seed} {sys.argv[4]}').gauss(50, 1)}")
"""
DEFINITION = """
title = "Known effect {effect}, experiment {number}"
question = "Is there an effect?"
[command]
run = ["python", "-I", "-S", "program.py", "{{arm.effect}}", "{{seed}}", "{{out}}", "{number} {{arm.name}}"]
code = ["program.py"]
[metrics.score]
file = "score.log"
at = 'score (\\S+)'
unit = "units"
[rule]
seeds = 4
up_to = {most}
[[arms]]
name = "plain"
params = {{ effect = 0.0, name = "plain" }}
[[arms]]
name = "treated"
params = {{ effect = {effect}, name = "treated" }}
[[contrasts]]
id = "effect"
hypothesis = "The treatment raises the score."
treatment = "treated"
baseline = "plain"
metric = "score"
sesoi = 1.5
"""
SESOI = 1.5  # in standard deviations of one arm; of the difference it is 1.06


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiments", type=int, nargs="?", default=200)
    parser.add_argument("--most", type=int, default=12, help="seeds at most")
    options = parser.parse_args()
    for effect in (0.0, SESOI):
        begin = time.monotonic()
        verdicts, seeds = measured(effect, options.experiments, options.most)
        each, seconds = seeds / options.experiments, time.monotonic() - begin
        print(f"effect {effect:g}: {options.experiments} experiments, {each:.1f} seeds on average, {seconds:.0f} s")
        for verdict, count in verdicts.most_common():
            low, high = wilson(count, options.experiments)
            print(f"  {verdict}: {count} ({count / options.experiments:.1%}, {low:.1%} to {high:.1%})")


def measured(effect: float, experiments: int, most: int) -> tuple[Counter[str], int]:
    """Return verdicts and all seeds of so many experiments with this effect."""
    verdicts: Counter[str] = Counter()
    seeds = 0
    with tempfile.TemporaryDirectory(prefix="synth-errors-") as folder:
        workspace = Workspace(Path(folder))
        workspace.experiments.mkdir()
        (workspace.experiments / "program.py").write_text(PROGRAM, encoding="utf-8")
        for number in range(experiments):
            text = DEFINITION.format(effect=effect, number=number, most=most)
            (workspace.experiments / f"known-{number}.toml").write_text(text, encoding="utf-8")
            test = Request(experiment=f"known-{number}").test(workspace, online=False)
            verdict = verify(workspace, Settings(jobs=2), test)
            (workspace.experiments / f"known-{number}.toml").unlink()
            verdicts[verdict.verdict] += 1
            seeds += verdict.seeds
            print(f"{number + 1}/{experiments}", end="\r", file=sys.stderr)
    return verdicts, seeds


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212)."""
    z, share = 1.96, count / of
    middle, half = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - half) / (1 + z * z / of)), (middle + half) / (1 + z * z / of)


if __name__ == "__main__":
    main()
