"""`synth review`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, print_table, progress_shown, say, starting
from synth.core.settings import Settings
from synth.store.rows.mapping import json_row

if TYPE_CHECKING:
    from synth.report.review.gather import ReviewerView, ReviewSummary

ReviewerUrl = Annotated[
    str,
    typer.Option(
        "--reviewer-url",
        help="OpenAI-compatible endpoint whose model reviews too; the report is sent there. [default: none]",
        show_default=False,
    ),
]
ReviewerModel = Annotated[
    str, typer.Option("--reviewer-model", help="Model that is asked there. The key: SYNTH_REVIEWER_KEY.")
]


def add_to(app: typer.Typer) -> None:
    app.command()(review)


def with_reviewer(settings: Settings, url: str, model: str) -> Settings:
    """Return the settings with what the flags name."""
    return replace(settings, reviewer_url=url or settings.reviewer_url, reviewer_model=model or settings.reviewer_model)


def say_absent(reviewers: Sequence[ReviewerView]) -> None:
    """Name reviewers that were asked and gave no review, with the reason."""
    for row in reviewers:
        if row.absent:
            say(f"Reviewer {row.reviewer} is absent: {row.absent}.")


def review(
    search: Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Review this report in Markdown. [default: as it would be written now]"),
    ] = None,
    reviewer_url: ReviewerUrl = "",
    reviewer_model: ReviewerModel = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Review a report: is everything in it found, computed and told as the database and the PDFs have it?"""
    starting("review")
    from datetime import date

    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.report.review.gather import review_search

    workspace = find_workspace()
    with progress_shown() as progress:
        settings = with_reviewer(load(workspace.root), reviewer_url, reviewer_model)
        number, result = review_search(workspace, settings, search, date.today().isoformat(), report, progress)
    say_absent(result.reviewers)
    if as_json:
        print_json({"search": number} | json_row(result))
    else:
        _show(result)


def _show(result: ReviewSummary) -> None:
    spread, agreement = result.spread, result.agreement
    if result.score is None:
        print("No reviewer found anything to check.")
    else:
        sd = "" if spread.sd is None else f", standard deviation {spread.sd:.1f}"
        range_ = f"{spread.low:.1f}–{spread.high:.1f}"
        print(f"Quality {result.score:.1f}/10 ({spread.reviewers} reviewers, {range_}{sd}).")
    if agreement.alpha is None:
        print(f"Krippendorff's α cannot be computed: {agreement.why}.")
    else:
        graded = f"{agreement.raters} reviewers, {agreement.units} claims"
        print(f"Krippendorff's α of what reviewers say of claims: {agreement.alpha:.2f} ({graded}).")
    print_table(
        "Reviewers",
        ["reviewer", "score", "checks", "breaches"],
        [
            (
                row.reviewer,
                "absent" if row.absent else "–" if row.score is None else f"{row.score:.1f}",
                sum(check.points is not None for check in row.checks),
                sum(check.breach for check in row.checks),
            )
            for row in result.reviewers
        ],
    )
    if result.deciding:
        print_table(
            "What cost the score most",
            ["reviewer", "check", "cost", "found"],
            [
                (
                    deciding.reviewer,
                    deciding.check + (" (breach)" if deciding.breach else ""),
                    f"−{deciding.cost:.2f}",
                    deciding.evidence,
                )
                for deciding in result.deciding
            ],
        )
