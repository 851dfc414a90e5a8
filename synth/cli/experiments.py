"""`synth experiments`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from synth.cli.terminal.output import number, print_json, print_table, starting


def add_to(app: typer.Typer) -> None:
    app.command()(experiments)


def experiments(
    experiment_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One experiment in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what can be tested: experiments, arms, contrasts, cost per fidelity."""
    starting("experiments")
    from synth.core import workspace
    from synth.verify.laboratory import overview

    rows = overview(workspace.find(), experiment_id)
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


def _fidelities(row: dict[str, Any]) -> str:
    return ", ".join(f["fidelity"] for f in row["fidelities"] if f["available"])


def _show(row: dict[str, Any]) -> None:
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
                cost = f"{f['unmeasured']} stages to go were never timed on this machine"
            print(
                f"  {f['fidelity']}: {len(f['seeds'])} seeds, {f['stages']} stages of which {f['cached']} are cached, "
                f"{cost}"
            )
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
    return f"{text}, of {unknown} it is not known" if unknown else text


def _statistic(contrast: dict[str, Any]) -> str:
    if contrast["statistic"] in ("mean", "count"):
        return ""
    return f"{contrast['statistic']} against {contrast['covariate']}, "
