"""Files of one's own experiments: a new one from a claim, and the check of one before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from repro.artifacts import Store as ArtifactStore
from repro.commands.building import ID
from repro.commands.new import Draft, text_of
from repro.commands.placeholders import unescaped
from repro.data.library import Library
from repro.design.experiment import Contrast, Experiment
from repro.experiments import own_experiment
from repro.plan.planner import make_plan
from synth.core.errors import SynthError, UsageError
from synth.core.workspace import Workspace
from synth.store import views
from synth.store.database import reading
from synth.store.rows.runs import PredictionView
from synth.verify.judge.decision import NEITHER, TESTABLE, UPWARD
from synth.verify.laboratory_errors import as_synth_errors


@dataclass(frozen=True)
class CheckedFile:
    """A file that can be used: what each contrast would run. `claimed`: what each contrast says, in words."""

    id: str
    title: str
    fidelity: str
    arms: list[str]
    contrasts: list[str]
    claimed: list[str]
    seeds: int
    commands: list[list[str]]
    deviations: list[str]


def new_file(workspace: Workspace, name: str, draft: Draft) -> Path:
    """Write `experiments/NAME.toml`. UsageError where there is one already, or the name is no id."""
    if not ID.fullmatch(name.removesuffix(".toml")):
        raise UsageError(f"{name!r} is no name of an experiment.", "Use small letters, digits and hyphens.")
    target = workspace.experiments / f"{name.removesuffix('.toml')}.toml"
    if target.exists():
        raise UsageError(f"{target} is there already.", "Choose another name, or change that file.")
    text = text_of(draft)
    workspace.experiments.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
        with as_synth_errors(UsageError):
            own_experiment(target)
    except SynthError:
        target.unlink()
        raise
    except OSError as error:
        raise SynthError(f"{target} cannot be written ({error.strerror}).", "See who may write there.") from error
    return target


def draft_of_claim(workspace: Workspace, number: int, draft: Draft) -> Draft:
    """Return the draft with hypothesis, direction, value and phrases of a claim. UsageError if there is none."""
    with reading(workspace.database) as connection:
        claim = views.claim(connection, number)
    slots = next((row for row in claim.predictions if row.direction in TESTABLE), None)
    draft = replace(draft, title=draft.title or claim.text[:120], hypothesis=claim.text, claims=(number,))
    if slots is None:
        return draft
    named = {"treatment": slots.treatment, "baseline": slots.baseline, "task": slots.task, "metric": slots.metric}
    terms = {slot: (phrase,) for slot, phrase in named.items() if phrase}
    direction = "increase" if slots.direction in UPWARD else "no effect" if slots.direction in NEITHER else "decrease"
    return replace(draft, direction=direction, value=_value(slots), terms=terms)


def _value(slots: PredictionView) -> float | None:
    return slots.value if slots.unit == "points" else None


def checked(workspace: Workspace, file: Path) -> CheckedFile:
    """Check a file, and that what it names is there. UsageError with all faults of one kind at once."""
    with as_synth_errors(UsageError):
        tested = own_experiment(file)
        fidelity = next(iter(tested.fidelities))
        plan = make_plan(
            tested,
            fidelity,
            ArtifactStore(workspace.artifacts),
            library=Library.default(workspace.data),
            every_arm=True,
        )
    return CheckedFile(
        id=tested.id,
        title=tested.title,
        fidelity=fidelity,
        arms=[arm.name for arm in tested.arms],
        contrasts=[contrast.id for contrast in tested.contrasts],
        claimed=[_claimed(tested, contrast) for contrast in tested.contrasts],
        seeds=len(plan.seeds),
        commands=_commands(tested, [dict(stage.node.params) for stage in plan.stages[: len(tested.arms)]]),
        deviations=list(plan.deviations),
    )


def _claimed(tested: Experiment, contrast: Contrast) -> str:
    what = f"{contrast.treatment} − {contrast.baseline} on {contrast.metric}"
    return f"{what}, claimed: {tested.declared[contrast.id].direction}; SESOI {contrast.sesoi:g} {contrast.unit}"


def _commands(tested: Experiment, stages: Sequence[dict[str, object]]) -> list[list[str]]:
    """Return the command of each arm with its parameters filled in."""
    commands = [params["command"] for params in stages if "command" in params]
    return [unescaped(command["run"]) for command in commands if isinstance(command, dict)]
