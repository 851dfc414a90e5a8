"""`synth experiments [ID] | new | check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli import experiments_own
from synth.cli.terminal.groups import WithDefault
from synth.cli.terminal.output import number, print_json, print_table, say, starting

if TYPE_CHECKING:
    from repro.design.experiment import Contrast
    from repro.plan.plan import Plan
    from synth.core.workspace import Workspace
    from synth.verify.laboratory import ExperimentOverview


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="What can be tested: experiments, arms, contrasts, cost per fidelity; make and check your own.",
        cls=WithDefault.called("list"),
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.command("list")(experiments)
    group.command("new")(experiments_own.new)
    group.command("check")(experiments_own.check)
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
