"""`synth search`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.output import number, print_json, print_table, progress_shown, say


def add_to(app: typer.Typer) -> None:
    app.command()(search)


def search(
    question: Annotated[str, typer.Argument(help="The research question, in quotes.")],
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Source to ask; repeat for several. [default: arxiv]")
    ] = None,
    papers: Annotated[
        Path | None,
        typer.Option("--papers", help="Folder of PDFs, or a manifest CSV (implies --source local)."),
    ] = None,
    max_papers: Annotated[
        int | None, typer.Option("--max-papers", min=1, help="Papers taken in at most. [default: 50]")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Search anew although the same search was finished before.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find papers for a question, read them, and store scored claims.

    The same command continues an interrupted search, and retries sources that failed.
    """
    from synth import workspace as workspaces
    from synth.pipeline.search import search as run
    from synth.settings import load
    from synth.store import views
    from synth.store.database import reading

    workspace = workspaces.find()
    settings = load(workspace.root)
    if source is None:
        source = ["local"] if papers is not None else [name.strip() for name in settings.sources.split(",")]
    with progress_shown() as progress:
        number_ = run(workspace, settings, question, source, papers, max_papers, again, progress)
    with reading(workspace.database) as connection:
        result = {
            "search": views.search(connection, number_),
            "papers": views.papers(connection, number_),
            "claims": views.claims(connection, number_),
            "flow": views.flow(connection, number_),
            "excluded": views.papers(connection, number_, "exclude"),
        }
    if as_json:
        print_json(result)
    else:
        _show(result)


def _show(result: dict) -> None:
    found = result["search"]
    print_table(
        f"Search {found['id']}: {found['question']}",
        ["source", "query", "status", "hits", "kept", "note"],
        [
            (
                q["source"],
                q["query"],
                q["status"],
                q["hits"],
                q["kept"],
                " ".join([q["error"], *q["warnings"]]).strip(),
            )
            for q in found["sources"]
        ],
    )
    for paper in result["excluded"]:
        say(f"left out: {paper['title']} ({paper['reason']})")
    top = result["claims"][:10]
    if top:
        print_table(
            f"{len(result['papers'])} papers, {len(result['claims'])} claims; the {len(top)} most salient",
            ["id", "kind", "claim", "confidence", "page", "experiment"],
            [(c["id"], c["kind"], c["text"], number(c["confidence"]), c["page"], c["experiment"]) for c in top],
        )
    else:
        say(f"{len(result['papers'])} papers, no claims.")
    if not found["complete"]:
        say("The search is INCOMPLETE: a source failed or a paper could not be fetched.")
        say("  → Run the same command again to complete it.")
    say("Next: `synth claims`, `synth show claim N`, `synth verify --claim N`, `synth report`.")
