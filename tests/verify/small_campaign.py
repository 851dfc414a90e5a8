"""A workspace whose search holds claims that small programs test: of experiments with many contrasts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from repro.experiments import experiment
from synth.core.workspace import Workspace
from synth.store.database import Store
from synth.verify.declared import claim_for, stated_claim
from tests.repro.commands.conftest import DEFINITION, PROGRAM

HEAD = DEFINITION.split("[[arms]]")[0]
ARM = '[[arms]]\nname = "{name}"\nparams = {{ effect = {effect} }}\n'
CONTRAST = """[[contrasts]]
id = "{name}"
hypothesis = "{name} of {experiment} improves accuracy."
treatment = "{name}"
baseline = "plain"
metric = "accuracy"
sesoi = 1.0
"""


def definition(experiment_id: str, effects: Sequence[float], seeds: int = 3) -> str:
    """Return an experiment in which each effect is an arm, compared with one baseline; no two arms are the same."""
    text = HEAD.replace("seeds = 3", f"seeds = {seeds}") + ARM.format(name="plain", effect=0)
    for at, effect in enumerate(effects):
        text += ARM.format(name=f"arm{at}", effect=effect + (at + 1) / 1000)
    for at in range(len(effects)):
        text += CONTRAST.format(name=f"arm{at}", experiment=experiment_id)
    return text


def workspace_with(
    root: Path, effects: Sequence[float], program: str = PROGRAM, seeds: int = 3, name: str = "noise"
) -> Workspace:
    """Make a workspace with a search of one claim an effect, all tested by the experiment `name`."""
    workspace = Workspace(root)
    workspace.experiments.mkdir(parents=True, exist_ok=True)
    workspace.database.parent.mkdir(exist_ok=True)
    (workspace.experiments / "program.py").write_text(program, encoding="utf-8")
    (workspace.experiments / f"{name}.toml").write_text(definition(name, effects, seeds), encoding="utf-8")
    tested = experiment(name, workspace.experiments)
    store = Store(workspace.database)
    try:
        for contrast in tested.contrasts:
            stated_claim(store, tested, contrast)
    finally:
        store.close()
    return workspace


def also_tested_by(workspace: Workspace, name: str, claim: int, effect: float = 5.0) -> None:
    """Add an experiment that tests a claim that is there already."""
    (workspace.experiments / f"{name}.toml").write_text(definition(name, [effect]), encoding="utf-8")
    claim_for(workspace, name, claim, "arm0")
