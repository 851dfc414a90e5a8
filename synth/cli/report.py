"""`synth report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.review import ReviewerModel, ReviewerUrl, say_absent, with_reviewer
from synth.cli.terminal.output import print_json, progress_shown, starting


def add_to(app: typer.Typer) -> None:
    app.command()(report)


def report(
    search: Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write. [default: reports/search-N/report.FORMAT]")
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help="Format: `md`, `html` (one file) or `pdf`; in the classic style `txt` or `md`. [default: the first]",
        ),
    ] = "",
    style: Annotated[
        str, typer.Option("--style", help="`full`, or `classic`: six sections and nothing beside them.")
    ] = "full",
    title: Annotated[str, typer.Option("--title", help="Title. [default: derived from the question]")] = "",
    reviewer_url: ReviewerUrl = "",
    reviewer_model: ReviewerModel = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: file, score, reviewers, answer.")] = False,
) -> None:
    """Render the report of a search, with the reviewers' scores.

    Example: synth report --format html
    """
    starting("report")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace, place
    from synth.report.write import write_report

    workspace = find_workspace()
    with progress_shown() as progress:
        settings = with_reviewer(load(workspace.root), reviewer_url, reviewer_model)
        written = write_report(workspace, settings, search, out and place(out), format_, title, progress, style)
    say_absent(written.review.reviewers)
    if as_json:
        print_json(written.as_json())
    else:
        score = "not scored" if written.review.score is None else f"{written.review.score:.1f}/10"
        print(f"{written.path}  (quality review {score})")
