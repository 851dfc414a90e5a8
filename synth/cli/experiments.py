"""`synth experiments [ID] | new | check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli import experiments_own
from synth.cli.terminal.groups import WithDefault
from synth.cli.terminal.output import number, print_json, print_table, say, starting

if TYPE_CHECKING:
    from synth.core.workspace import Workspace


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
    from synth.core import workspace
    from synth.verify.laboratory import overview

    rows = overview(workspace.find(), experiment_id)
    if not experiment_id:
        _say_broken(workspace.find())
    if as_json:
        print_json({"experiments": rows})
    elif experiment_id:
        _show(rows[0])
    else:
        print_table(
            "Experiments",
            ["id", "question", "arms", "fidelities", "claims here"],
            [
                (r["id"], r["question"], ", ".join(a["name"] for a in r["arms"]), _fidelities(r), len(r["claims"]))
                for r in rows
            ],
        )


def _say_broken(workspace: Workspace) -> None:
    """Say of each file in experiments/ that cannot be used what is wrong with it."""
    from repro.experiments import own_experiments

    for name, error in own_experiments(workspace.experiments).broken.items():
        say(f"experiments/{name}.toml cannot be used: {error.what}")
        say(f"  → {error.do}")


def _fidelities(row: dict[str, Any]) -> str:
    return ", ".join(f["fidelity"] for f in row["fidelities"] if f["available"])


def _show(row: dict[str, Any]) -> None:
    from synth.report.wording import count

    print(f"{row['id']}: {row['title']}\n  {row['question']}")
    for f in row["fidelities"]:
        if f["available"]:
            print(f"  {f['fidelity']}: {_able(f['power'])}")
    if row["power"]:
        print(f"  design: {row['power']}")
    for arm in row["arms"]:
        print(f"  arm {arm['name']} ({arm['role']}): {arm['description']}")
    for c in row["contrasts"]:
        print(
            f"  contrast {c['id']}: {c['treatment']}{' − ' + c['baseline'] if c['baseline'] else ''} on {c['metric']}, "
            f"{_statistic(c)}SESOI {c['sesoi']:g} {c['unit']}, replicated over {c['unit_of_replication']}"
        )
    for f in row["fidelities"]:
        if f["available"]:
            cost = f"about {number(f['seconds'], 0)} s to go with two processes"
            if f["unmeasured"]:
                cost = f"{f['unmeasured']} never timed on this machine"
            seeds, stages = count(len(f["seeds"]), "seed"), count(f["stages"], "stage")
            print(f"  {f['fidelity']}: {seeds}, {stages} ({f['cached']} cached), {cost}")
            for name, power in f["power"].items():
                print(f"    {name}: {power['said']}")
            for deviation in f["deviations"]:
                print(f"    deviation: {deviation}")
        else:
            print(f"  {f['fidelity']}: not available. {f['why_not']}")
    print(f"  claims in this workspace: {', '.join(map(str, row['claims'])) or 'none'}")


def _able(power: dict[str, Any]) -> str:
    """Count the contrasts of a fidelity that have 80 % power at their SESOI."""
    enough = sum(
        contrast["smallest"] is not None and contrast["smallest"] <= contrast["sesoi"] for contrast in power.values()
    )
    unknown = sum(contrast["smallest"] is None for contrast in power.values())
    text = f"{enough} of {len(power)} contrasts have 80 % power at their SESOI"
    return f"{text}; of {unknown} it is not known" if unknown else text


def _statistic(contrast: dict[str, Any]) -> str:
    if contrast["statistic"] in ("mean", "count"):
        return ""
    return f"{contrast['statistic']} against {contrast['covariate']}, "
