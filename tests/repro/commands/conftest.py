"""Experiments of one's own in a folder, with small programs that finish in milliseconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from repro.artifacts import Store
from repro.data.library import Library
from repro.experiments import experiment
from repro.plan.planner import make_plan
from repro.run.lab import run

PROGRAM = """
import argparse, json, pathlib, random
parser = argparse.ArgumentParser()
parser.add_argument("--effect", type=float)
parser.add_argument("--seed", type=int)
parser.add_argument("--out", type=pathlib.Path)
options = parser.parse_args()
value = 0.8 + options.effect / 100 + random.Random(f"{options.seed} {options.effect}").gauss(0, 0.01)
(options.out / "result.json").write_text(json.dumps({"test": {"accuracy": value, "n": 100}}))
print("accuracy:", value)
"""
DEFINITION = """
title = "Nothing but noise"
question = "Does the treatment help?"
[command]
run = ["python", "program.py", "--effect", "{arm.effect}", "--seed", "{seed}", "--out", "{out}"]
code = ["program.py"]
[metrics.accuracy]
file = "result.json"
at = "/test/accuracy"
n = "/test/n"
unit = "points"
scale = 100
[rule]
seeds = 3
[[arms]]
name = "plain"
params = { effect = 0 }
[[arms]]
name = "treated"
params = { effect = 5 }
[[contrasts]]
id = "effect"
hypothesis = "The treatment improves accuracy."
treatment = "treated"
baseline = "plain"
metric = "accuracy"
sesoi = 1.0
"""


class Lab:
    """A folder with one experiment, `noise`, and a store for its results."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "experiments"
        self.folder.mkdir()
        self.store = Store(root / "artifacts")
        self.write(DEFINITION, PROGRAM)

    def write(self, definition: str = "", program: str = "") -> Path:
        if program:
            (self.folder / "program.py").write_text(program, encoding="utf-8")
        if definition:
            (self.folder / "noise.toml").write_text(definition, encoding="utf-8")
        return self.folder / "noise.toml"

    def plan(self, **options):
        tested = experiment("noise", self.folder)
        fidelity = next(iter(tested.fidelities))
        return make_plan(tested, fidelity, self.store, library=Library(None, None), contrast="effect", **options)

    def run(self, **options):
        events = []
        outcome = run(self.plan(**options), self.store, events.append, jobs=2)
        self.events = events
        return outcome


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path)
