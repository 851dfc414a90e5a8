"""`synth runs`: list, follow, cancel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli.terminal.groups import WithDefault
from synth.cli.terminal.output import number, print_json, print_table, say

if TYPE_CHECKING:
    from synth.store.views.run_progress import RunProgress

NUMBER = Annotated[int, typer.Argument(metavar="RUN", help="Number of the run, as `synth runs` shows it.")]
SECONDS = 1.0  # between looks


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Runs of experiments: what goes on, how far it is; follow one; cancel one.",
        cls=WithDefault.called("list"),
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_all)
    group.command("follow")(follow)
    group.command("cancel")(cancel)
    app.add_typer(group, name="runs")


def list_all(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the runs, newest first, with the estimate that each has reached."""
    from synth.core.workspace import find_workspace
    from synth.verify.watching import runs, state_of

    workspace = find_workspace()
    rows = [(run, state_of(workspace, run)) for run in runs(workspace)]
    if as_json:
        print_json({"runs": [{**vars(run), "state": state} for run, state in rows]})
        return
    print_table(
        "Runs",
        ["run", "claim", "experiment", "fidelity", "state", "seeds", "estimate", "verdict"],
        [
            (run.id, run.claim, f"{run.experiment}, {run.contrast}", run.fidelity, state, _seeds(run), _estimate(run),
             run.verdict or run.error or "–")
            for run, state in rows
        ],
    )  # fmt: skip
    for run, state in rows:
        if state in ("on Slurm", "interrupted"):
            say(f"Run {run.id} goes on with `synth verify --attach {run.id}`.")


def follow(run: NUMBER) -> None:
    """Show a run look by look until it ends: seeds, running estimate, its interval and what it decides."""
    from synth.core.workspace import find_workspace
    from synth.store.database import reading
    from synth.store.views.run_progress import one_run
    from synth.verify.watching import state_of

    workspace, shown, before = find_workspace(), 0, ""
    while True:
        with reading(workspace.database) as connection:
            now = one_run(connection, run)
        state = state_of(workspace, now)
        for look in now.looks[shown:]:
            failed = f", {look['failed']} failed" if look["failed"] else ""
            print(
                f"{look['seeds']} seeds{failed}: {_interval(look)} at level {look['level']}: {look['verdict']}",
                flush=True,
            )
        shown = len(now.looks)
        if state != before:
            print(f"run {run} is {state}", flush=True)
            before = state
        if state != "running":
            if now.verdict or now.error:
                print(f"Verdict: {now.verdict}" if now.verdict else now.error)
            return
        time.sleep(SECONDS)


def cancel(run: NUMBER) -> None:
    """End a run. What it has measured is kept, and the same command goes on from there."""
    from synth.core.workspace import find_workspace
    from synth.verify.watching import cancel as end

    print(end(find_workspace(), run))


def _seeds(run: RunProgress) -> str:
    if not run.looks:
        return "–"
    last = run.looks[-1]
    return str(last["seeds"]) + (f" ({last['failed']} failed)" if last["failed"] else "")


def _estimate(run: RunProgress) -> str:
    return _interval(run.looks[-1]) if run.looks else "–"


def _interval(look: dict[str, Any]) -> str:
    if look["low"] is None:
        return number(look["estimate"])
    return f"{number(look['estimate'])} [{number(look['low'])}, {number(look['high'])}]"
