"""`synth calibrate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from synth.cli.evaluate import CITED, CLAIMS, CORPUS, DOCUMENTS
from synth.cli.terminal.output import number, print_json, print_table, progress_shown, starting

REPORT = "Write the tables to this Markdown file, and the diagrams beside it (.svg)."
WRITE = "Keep what puts the probabilities right in the workspace; `synth evaluate` uses it from then on."


def add_to(app: typer.Typer) -> None:
    app.command()(calibrate)


def calibrate(
    claims: Annotated[Path, typer.Option("--claims", help=CLAIMS)],
    corpus: Annotated[Path, typer.Option("--corpus", help=CORPUS)],
    cited: Annotated[bool, typer.Option("--cited", help=CITED)] = False,
    documents: Annotated[int, typer.Option("--documents", min=1, max=1000, help=DOCUMENTS)] = 10,
    report: Annotated[Path | None, typer.Option("--report", help=REPORT)] = None,
    write: Annotated[bool, typer.Option("--write", help=WRITE)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how far the probabilities of stances hold on labelled claims: reliability, Brier score, risk and coverage."""
    starting("calibrate")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.eval.calibrate import calibrate as run
    from synth.eval.calibrate import check_report, write_report
    from synth.eval.evaluate import Request

    workspace = find_workspace()
    if report:
        check_report(report)
    with progress_shown() as progress:
        result = run(
            workspace,
            load(workspace.root),
            Request(claims, corpus, cited=cited, documents=documents),
            write=write,
            progress=progress,
        )
    if report:
        write_report(result, report)
    if as_json:
        print_json(result)
    else:
        _show(result, report)


def _show(result: Mapping[str, Any], report: Path | None) -> None:
    from synth.eval.calibrate import WHICH
    from synth.report.plots.reliability import MEASURES

    rows = []
    for name, words in MEASURES.items():
        cells = [result[which][name] for which in WHICH]
        rows.append((words, *(f"{number(c['value'], 3)} {_interval(c['ci'])}" for c in cells)))
    rows += [
        (f"wrong among the {float(share):.0%} most certain", *(number(result[w]["risk at"][share], 3) for w in WHICH))
        for share in result["as given"]["risk at"]
    ]
    print_table(
        f"{result['pairs']} labelled pairs in {result['groups']} groups; {result['level']:.0%} intervals",
        ["measure", "as given", "put right, cross-fitted"],
        rows,
    )
    for path in (report, result["written"]):
        if path:
            print(f"wrote {path}")


def _interval(ci: tuple[float, float] | None) -> str:
    return f"({number(ci[0], 3)} to {number(ci[1], 3)})" if ci else ""
