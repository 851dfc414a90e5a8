"""`synth export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.terminal.output import print_json, say


def add_to(app: typer.Typer) -> None:
    app.command()(export)


def export(
    search: Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help="`scifact` (the claims with their evidence); `bibtex`, `ris` or `csl` (the references); `mteb` (a "
            "run's scores).",
        ),
    ] = "scifact",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for `scifact` and `mteb`, else the file to write. [default: below reports/search-N]"
        ),
    ] = None,
    which: Annotated[
        str,
        typer.Option("--works", help="Works `included` in the search, or those its claims have `cited`."),
    ] = "included",
    run_number: Annotated[int | None, typer.Option("--run", help="Number of the run, for `--format mteb`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: files, counts, notes.")] = False,
) -> None:
    """Write a search for other programs: its claims with their evidence, or its references; or a run's scores.

    Example: synth export --format bibtex
    """
    from synth.core.errors import UsageError
    from synth.core.workspace import find_workspace, place
    from synth.export.search import export as run
    from synth.verify.result_folder import export_run

    if (run_number is not None) != (format_ == "mteb"):
        raise UsageError("A run goes with the format `mteb`, and that format with a run.", "`--format mteb --run N`.")
    out = out and place(out)
    if run_number is not None:
        written = export_run(find_workspace(), run_number, out)
    else:
        written = run(find_workspace(), format_, search, out, which)
    for note in written["notes"]:
        say(note)
    if as_json:
        print_json(written)
    elif "folder" in written:
        print(f"{written['folder']}: {written['counts']['files']} results, {written['counts']['languages']} languages")
    elif "file" in written:
        print(f"{written['file']}: {written['counts']['works']} references")
    else:
        counts = written["counts"]
        print(f"{written['claims']}: {counts['claims']} claims, {counts['with_evidence']} with evidence")
        print(f"{written['corpus']}: {counts['documents']} documents")
