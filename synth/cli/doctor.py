"""`synth doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from synth.cli.terminal.output import print_json, print_table, starting


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what this machine has (device, models, data, keys) and what each lack means.

    Example: synth doctor
    """
    starting("doctor")
    from synth.core.workspace import find_workspace
    from synth.doctor import diagnose

    rows = diagnose(find_workspace())
    if as_json:
        print_json({"checks": rows})
    else:
        print_table(
            "This machine",
            ["what", "found", "is", "what to do"],
            [(r.what, "yes" if r.ok else "no", r.found, r.do) for r in rows],
        )
