"""`synth export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.output import print_json, say


def add_to(app: typer.Typer) -> None:
    app.command()(export)


def export(
    search: Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")] = None,
    format_: Annotated[str, typer.Option("--format", help="Format; only `scifact` so far.")] = "scifact",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write into. [default: reports/search-N/scifact]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: files, counts, notes.")] = False,
) -> None:
    """Write the claims and evidence of a search as claims.jsonl and corpus.jsonl."""
    from synth import workspace as workspaces
    from synth.pipeline.export import export as run

    written = run(workspaces.find(), format_, search, out)
    for note in written["notes"]:
        say(note)
    if as_json:
        print_json(written)
    else:
        counts = written["counts"]
        print(f"{written['claims']}: {counts['claims']} claims, {counts['with_evidence']} with evidence")
        print(f"{written['corpus']}: {counts['documents']} documents")
