"""`synth experiments [ID] | new | check`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.groups import WithDefault
from synth.cli.terminal.output import number, print_json, print_table, say, starting
from synth.core.errors import UsageError

if TYPE_CHECKING:
    from repro.commands.new import Draft
    from repro.design.experiment import Contrast
    from repro.plan.plan import Plan
    from synth.core.workspace import Workspace
    from synth.verify.laboratory import ExperimentOverview


NAME = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens; the file is NAME.toml.")]
FILE = Annotated[str, typer.Argument(metavar="FILE", help="The file, or the name of one in experiments/.")]
COMMAND = 'What is run, as one text: "python train.py --kind {arm.kind} --seed {seed} --out {out}".'
ARM = 'A condition with its values, as "linear kernel=linear". Twice at least; the first is the baseline.'
DIRECTION = 'Of treatment − baseline, as claimed: increase, decrease or "no effect". [default: increase]'
AT = "Where its value stands: JSON pointer, column, tag, or a regular expression with one group."


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="What can be tested: experiments, arms, contrasts, cost per fidelity; make and check your own.",
        cls=WithDefault.called("list"),
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.command("list")(experiments)
    group.command("new")(new)
    group.command("check")(check)
    app.add_typer(group, name="experiments")


def experiments(
    experiment_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One experiment in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what can be tested: experiments, arms, contrasts, cost per fidelity.

    Example: synth experiments model-size
    """
    starting("experiments")
    from synth.core.workspace import find_workspace
    from synth.verify.laboratory import overview

    workspace = find_workspace()
    rows = overview(workspace, experiment_id)
    if not experiment_id:
        _say_broken(workspace)
    if as_json:
        print_json({"experiments": [row.as_json() for row in rows]})
    elif experiment_id:
        _show(rows[0])
    else:
        print_table(
            "Experiments",
            ["id", "question", "arms", "fidelities", "claims here"],
            [
                (
                    r.experiment.id,
                    r.experiment.question,
                    ", ".join(arm.name for arm in r.experiment.arms),
                    ", ".join(fidelity.name for fidelity in r.fidelities if fidelity.plan),
                    len(r.claims),
                )
                for r in rows
            ],
        )


def _say_broken(workspace: Workspace) -> None:
    """Say of each file in experiments/ that cannot be used what is wrong with it."""
    from repro.experiments import own_experiments

    for name, error in own_experiments(workspace.experiments).broken.items():
        say(f"experiments/{name}.toml cannot be used: {error.what}")
        say(f"  → {error.do}")


def _show(row: ExperimentOverview) -> None:
    entry = row.experiment
    print(f"{entry.id}: {entry.title}\n  {entry.question}")
    for fidelity in row.fidelities:
        if fidelity.plan:
            print(f"  {fidelity.name}: {_able(fidelity.plan)}")
    if entry.power:
        print(f"  design: {entry.power}")
    for arm in entry.arms:
        print(f"  arm {arm.name} ({arm.role}): {arm.description}")
    for c in entry.contrasts:
        print(
            f"  contrast {c.id}: {c.treatment}{' − ' + c.baseline if c.baseline else ''} on {c.metric}, "
            f"{_statistic(c)}SESOI {c.sesoi:g} {c.unit}, replicated over {c.unit_of_replication}"
        )
    for fidelity in row.fidelities:
        if fidelity.plan:
            _show_plan(fidelity.name, fidelity.plan)
        else:
            print(f"  {fidelity.name}: not available. {fidelity.why_not}")
    print(f"  claims in this workspace: {', '.join(map(str, row.claims)) or 'none'}")


def _show_plan(name: str, plan: Plan) -> None:
    from synth.report.wording import count
    from synth.verify.laboratory import JOBS, cached, unmeasured

    cost = f"about {number(plan.wall_seconds(JOBS), 0)} s to go with two processes"
    if unmeasured(plan):
        cost = f"{unmeasured(plan)} never timed on this machine"
    seeds, stages = count(len(plan.seeds), "seed"), count(len(plan.stages), "stage")
    print(f"  {name}: {seeds}, {stages} ({cached(plan)} cached), {cost}")
    for contrast, power in plan.power.items():
        print(f"    {contrast}: {power}")
    for deviation in plan.deviations:
        print(f"    deviation: {deviation}")


def _able(plan: Plan) -> str:
    """Count the contrasts of a plan that have 80 % power at their SESOI."""
    powers = plan.power.values()
    enough = sum(power.smallest is not None and power.smallest <= power.sesoi for power in powers)
    unknown = sum(power.smallest is None for power in powers)
    text = f"{enough} of {len(powers)} contrasts have 80 % power at their SESOI"
    return f"{text}; of {unknown} it is not known" if unknown else text


def _statistic(contrast: Contrast) -> str:
    if contrast.statistic in ("mean", "count"):
        return ""
    return f"{contrast.statistic} against {contrast.covariate}, "


# ------------------------------------------------------------------------------------------- one's own


def new(
    name: NAME,
    claim: Annotated[
        int | None, typer.Option("--claim", help="Fill prediction and phrases in from this claim.")
    ] = None,
    hypothesis: Annotated[str | None, typer.Option("--hypothesis", help="What is claimed, as one sentence.")] = None,
    command: Annotated[str | None, typer.Option("--command", help=COMMAND)] = None,
    arm: Annotated[list[str] | None, typer.Option("--arm", metavar="NAME KEY=VALUE", help=ARM)] = None,
    metric: Annotated[str | None, typer.Option("--metric", help="Name of the metric.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="File below {out} with the metric, or stdout.")] = None,
    at: Annotated[str | None, typer.Option("--at", help=AT)] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Unit of the metric; points are percentage points.")
    ] = None,
    direction: Annotated[str | None, typer.Option("--direction", help=DIRECTION)] = None,
    sesoi: Annotated[
        float | None, typer.Option("--sesoi", help="Smallest difference that matters, in the unit.")
    ] = None,
) -> None:
    """Make an experiment of your own: a file to fill in. On a terminal it asks for what no option says."""
    from repro.commands.new import Draft
    from synth.core.workspace import find_workspace
    from synth.verify.own_files import draft_of_claim, new_file

    workspace = find_workspace()
    draft = Draft(title=hypothesis or "", hypothesis=hypothesis or "")
    if claim is not None:
        draft = draft_of_claim(workspace, claim, draft)
    given = {"metric": metric, "file": file, "at": at, "unit": unit, "sesoi": sesoi, "direction": direction}
    draft = replace(draft, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    if command is not None:
        draft = replace(draft, run=_split(command))
        draft = replace(draft, directory=_directory(draft.run, workspace.experiments))
    if arm:
        draft = replace(draft, arms=_arms(arm))
    if sys.stdin.isatty():
        draft = _asked(draft, command is None, sesoi is None, workspace.experiments)
    if not draft.hypothesis:
        raise UsageError("Nothing says what is claimed.", 'Give `--hypothesis "…"`, or `--claim N`.')
    target = new_file(workspace, name, replace(draft, title=draft.title or draft.hypothesis[:120]))
    print(target)
    say(f"Fill it in, then: `synth experiments check {target.stem}`, `synth verify --experiment {target.stem}`.")


def _asked(draft: Draft, run: bool, sesoi: bool, experiments: Path) -> Draft:
    """Ask a person for what is still open."""
    if not draft.hypothesis:
        draft = replace(draft, hypothesis=typer.prompt("What is claimed, as one sentence", err=True))
    if run:
        draft = replace(draft, run=_split(typer.prompt("Command", default=shlex.join(draft.run), err=True)))
        draft = replace(draft, directory=_directory(draft.run, experiments))
    if sesoi:
        question = f"Smallest difference in {draft.metric} that matters, in {draft.unit}"
        draft = replace(draft, sesoi=typer.prompt(question, default=draft.sesoi, type=float, err=True))
    return draft


def _directory(run: Sequence[str], experiments: Path) -> str:
    """Return where a command runs: here, if files of its program are here, else beside the experiment's file."""
    from repro.commands.new import program_files

    here = any(Path(name).is_file() for name in program_files(run))
    return Path(os.path.relpath(Path.cwd(), experiments)).as_posix() if here else "."


def _split(text: str) -> list[str]:
    try:
        parts = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--command {text!r} cannot be split ({error}).", "Close its quotation marks.") from error
    if not parts:
        raise UsageError("--command is empty.", "Name what is run.")
    return parts


def _arms(texts: list[str]) -> dict[str, dict[str, str | int | float | bool]]:
    arms: dict[str, dict[str, str | int | float | bool]] = {}
    for text in texts:
        name, *values = _split(text)
        pairs = [value.partition("=") for value in values]
        if name in arms or any(not equals for _, equals, _ in pairs):
            raise UsageError(f"--arm {text!r} is none, or the second of its name.", 'As: --arm "linear kernel=linear"')
        arms[name] = {key: value for key, _, value in pairs}
    if len(arms) < 2:
        raise UsageError("There is one arm.", "Give two at least: the baseline, then the treatment.")
    return arms


def check(file: FILE, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check an experiment's file, and that its command, environment and data are there. Runs nothing of it."""
    from synth.core.workspace import find_workspace
    from synth.verify.own_files import checked

    workspace = find_workspace()
    path = Path(file) if file.endswith(".toml") or "/" in file else workspace.experiments / f"{file}.toml"
    if not path.is_file():
        raise UsageError(f"There is no {path}.", "`synth experiments new NAME` makes one.")
    found = checked(workspace, path)
    if as_json:
        print_json(asdict(found))
        return
    print(f"{found.id}: {found.title}")
    print(f"  fidelity {found.fidelity}; up to {found.seeds} seeds of {', '.join(found.arms)}")
    for contrast, claimed in zip(found.contrasts, found.claimed, strict=True):
        print(f"  {contrast}: {claimed}")
    for command in found.commands:
        print(f"  runs: {shlex.join(command)}")
    for deviation in found.deviations:
        print(f"  deviation: {deviation}")
    print("  No faults.")
