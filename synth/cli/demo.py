"""`synth demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.terminal.output import progress_shown, say, starting


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    into: Annotated[
        Path | None, typer.Option("--into", help="Workspace to work in. [default: a new temporary one]")
    ] = None,
    skip_verify: Annotated[
        bool, typer.Option("--skip-verify", help="Leave the experiment out (seconds instead of minutes).")
    ] = False,
) -> None:
    """Do the whole job offline on bundled digests: search, claims, two verified claims, report.

    Example: synth demo --into my-demo
    """
    starting("demo")
    from synth import demo as job
    from synth.cli.verify import show_plan, show_verdict

    with progress_shown() as progress:
        workspace, search = job.find_claims(into, progress)
    chosen = [job.claim_to_verify(workspace, search, experiment) for experiment, _ in job.TESTS]
    for claim, (experiment, fidelity) in () if skip_verify else zip(chosen, job.TESTS, strict=True):
        say(f"Verifying claim {claim.id}: {claim.text}")
        test = job.plan(workspace, claim.id, experiment, fidelity)
        show_plan(test)
        with progress_shown() as progress:
            verdict = job.verify(workspace, test, progress)
        show_verdict(verdict)
    with progress_shown() as progress:
        written = job.report(workspace, search, progress)
    home = f"SYNTH_HOME={workspace.root} "
    print(f"\nReport:   {written.path}")
    print(f"Database: {workspace.database}")
    print("Look further:")
    for command in ("synth papers", "synth claims", f"synth show claim {chosen[-1].id}", "synth experiments"):
        print(f"  {home}{command}")
