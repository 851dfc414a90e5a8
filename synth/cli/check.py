"""`synth check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, print_table, progress_shown
from synth.core.errors import SynthError

if TYPE_CHECKING:
    from synth.search.quote_check import QuoteCheck


def add_to(app: typer.Typer) -> None:
    app.command()(check)


def check(
    search: Annotated[
        int | None, typer.Option("--search", help="Number of the search. [default: the whole workspace]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Verify every stored quote against its PDF, byte for byte; ends 1 when one no longer holds."""
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.search.quote_check import check as run

    workspace = find_workspace()
    with progress_shown() as progress:
        result = run(workspace, load(workspace.root), search, progress)
    if as_json:
        print_json(result)
    else:
        _show(result)
    broken = result.broken
    if broken:
        claims = sorted({claim for row in broken for claim in row.claims})
        resting = f"claims {', '.join(map(str, claims))} rest on them" if claims else "no claim rests on them"
        raise SynthError(
            f"{len(broken)} of {result.quotes} quotes no longer hold; {resting}.",
            "Put the PDFs back as they were, or search again (`synth search … --again`) to read them anew.",
        )


def _show(result: QuoteCheck) -> None:
    print(f"{result.held} of {result.quotes} quotes hold, in {len(result.files)} PDFs.")
    wrong = [file for file in result.files if file.problem]
    if wrong:
        print_table(
            "PDFs with quotes that no longer hold",
            ["paper", "title", "PDF", "held", "problem"],
            [(f.paper, f.paper_title, f.path, f"{f.held} of {f.quotes}", f.problem) for f in wrong],
        )
    rows = [row for row in result.broken if row.claims]
    if rows:
        print_table(
            "Quotes among them that claims rest on",
            ["claims", "paper, page", "quote", "why"],
            [
                (
                    ", ".join(map(str, r.claims)),
                    f"{r.paper}, p. {r.page}",
                    " ".join(r.quote.split()),
                    r.why,
                )
                for r in rows
            ],
        )
