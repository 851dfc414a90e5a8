"""`synth search`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, print_table, progress_shown, say, say_incomplete, starting
from synth.core.errors import UsageError
from synth.core.types import JsonValue
from synth.store.rows.claims import ClaimView
from synth.store.rows.duplicates import OpenQuestion
from synth.store.rows.mapping import json_row
from synth.store.rows.searches import FlowView, PaperView, RepetitionView, SearchView
from synth.store.search_options import SearchOptions

if TYPE_CHECKING:
    from synth.core.settings import Settings
    from synth.core.workspace import Workspace
    from synth.search.plan import Planned
    from synth.search.run import SearchRequest

FEW = 3  # works left out for one reason that are named; of more, the number is told


def add_to(app: typer.Typer) -> None:
    app.command()(search)


def search(
    question: Annotated[
        str, typer.Argument(help="The research question, in quotes.", show_default=False, metavar="QUESTION")
    ] = "",
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Source to ask; repeat for several. [default: arxiv]")
    ] = None,
    papers: Annotated[
        Path | None,
        typer.Option("--papers", help="Folder of PDFs, or a manifest CSV (implies --source local)."),
    ] = None,
    imported: Annotated[
        list[Path] | None,
        typer.Option("--import", help="BibTeX, RIS, PubMed, EndNote or CSL-JSON (implies --source references)."),
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(
            "--query", metavar="SOURCE=TEXT", help="Ask SOURCE exactly this instead of a query made from the question."
        ),
    ] = None,
    chase: Annotated[
        int,
        typer.Option("--chase", min=0, max=50, help="Works whose references and citations are looked up; best first."),
    ] = 0,
    max_papers: Annotated[
        int | None, typer.Option("--max-papers", min=1, help="Papers taken in at most. [default: 50]")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Search anew although the same search was finished before.")
    ] = False,
    resume: Annotated[
        int | None, typer.Option("--resume", metavar="N", help="Complete search N; nothing answered is asked again.")
    ] = None,
    replay: Annotated[
        int | None, typer.Option("--replay", metavar="N", help="Repeat search N offline, from its stored answers.")
    ] = None,
    show_queries: Annotated[
        bool, typer.Option("--show-queries", help="Print what each source would be asked, and ask nobody.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find papers for a question, read them, and store scored claims.

    Example: synth search "Does X improve Y?" --source arxiv

    The same command continues an interrupted search, and retries sources that failed.
    """
    _check(question, resume, replay, [source, papers, imported, query, max_papers, again or None, chase or None])
    starting("search")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.search import run

    workspace = find_workspace()
    settings = load(workspace.root)
    named = _sources(source, papers, imported, query, settings)
    request = run.SearchRequest(named, papers, tuple(imported or ()), tuple(query or ()), chase, max_papers)
    if show_queries:
        _show_queries(run.queries(workspace, settings, question, request), as_json)
        return
    _show(_result(workspace, _run(workspace, settings, question, request, resume, replay, again)), as_json)


def _run(
    workspace: Workspace,
    settings: Settings,
    question: str,
    request: SearchRequest,
    resume: int | None,
    replay: int | None,
    again: bool,
) -> int:
    """Complete, repeat or run a search, and return its number."""
    from synth.search import run

    with progress_shown() as progress:
        if resume is not None:
            return run.resume(workspace, settings, resume, progress)
        if replay is not None:
            return run.replay(workspace, settings, replay, progress)
        return run.run(workspace, settings, question, request, again, progress)


def _sources(
    named: list[str] | None,
    papers: Path | None,
    imported: list[Path] | None,
    queries: list[str] | None,
    settings: Settings,
) -> tuple[str, ...]:
    """Return the sources of --source; the setting's where no other option names any."""
    if named is not None:
        return tuple(named)
    if papers is not None or imported or queries:
        return ()
    return tuple(name.strip() for name in settings.sources.split(","))


def _check(question: str, resume: int | None, replay: int | None, others: Sequence[object]) -> None:
    known = [f"--{name} {n}" for name, n in (("resume", resume), ("replay", replay)) if n is not None]
    if len(known) > 1 or (known and (question or any(value is not None for value in others))):
        raise UsageError(
            f"`{known[0]}` stands by itself.", "A stored search knows its question, its sources and its limits."
        )


@dataclass(frozen=True)
class SearchResult:
    """A search as its command shows it; `repetition` where it repeats another."""

    questions: list[OpenQuestion]
    search: SearchView
    papers: list[PaperView]
    claims: list[ClaimView]
    flow: FlowView
    excluded: list[PaperView]
    repetition: RepetitionView | None

    def as_json(self) -> dict[str, JsonValue]:
        row = json_row(self)
        if self.repetition is None:
            del row["repetition"]
        return row


def _result(workspace: Workspace, done: int) -> SearchResult:
    from synth.store import views
    from synth.store.database import reading
    from synth.store.questions import questions

    with reading(workspace.database) as connection:
        search = views.search(connection, done)
        first = SearchOptions.from_row(search.options).replay_of
        return SearchResult(
            questions=questions(connection, done),
            search=search,
            papers=views.papers(connection, done),
            claims=views.claims(connection, done),
            flow=views.flow(connection, done),
            excluded=views.papers(connection, done, "exclude"),
            repetition=views.repetition(connection, first, done) if first else None,
        )


def _show_queries(planned: Sequence[Planned], as_json: bool) -> None:
    if as_json:
        rows = [{"source": p.source, "query": p.query, "kind": p.kind, "max_hits": p.max_hits} for p in planned]
        print_json({"queries": rows})
    else:
        print_table(
            "Nothing was asked. Each source would be asked this, verbatim:",
            ["source", "query", "hits at most"],
            [(p.source, p.query, p.max_hits if p.max_hits < 10**9 else "all") for p in planned],
        )


def _show(result: SearchResult, as_json: bool) -> None:
    if as_json:
        print_json(result.as_json())
        return
    search = result.search
    print_table(
        f"Search {search.id}: {search.question}",
        ["source", "query", "status", "hits", "new", "kept", "note"],
        [
            (
                q.source,
                q.query,
                q.status,
                q.hits if q.total is None else f"{q.hits} of {q.total}",
                q.new,
                q.kept,
                " ".join([q.error, *q.warnings]).strip(),
            )
            for q in search.sources
        ],
    )
    from synth.cli.terminal import claim_view
    from synth.report.plots import flowchart

    say(flowchart.about(result.flow))
    for line in left_out(result.excluded):
        say(line)
    for question in result.questions:
        say(f"Warning: {question.question} (`synth duplicates`)")
    read = len(result.papers)
    say(f"{read} paper{'' if read == 1 else 's'} read.")
    claim_view.print_summary(result.claims)
    if result.repetition:
        _show_repetition(result.repetition)
    say_incomplete(search)
    say("Next: `synth claims`, `synth show claim N`, `synth verify --claim N`, `synth report`.")


def left_out(excluded: Sequence[PaperView]) -> list[str]:
    """List the works left out, a line a reason, as far as these are few enough to read."""
    titles: dict[str, list[str]] = {}
    for paper in excluded:
        titles.setdefault(paper.reason, []).append(paper.title or paper.pdf_path)
    return [
        f"left out, {reason}: {'; '.join(named) if len(named) <= FEW else f'{len(named)} works (`synth papers`)'}"
        for reason, named in titles.items()
    ]


def _show_repetition(check: RepetitionView) -> None:
    if check.same:
        say(f"The same {check.works} works as in search {check.of}, query by query and in the same order.")
        return
    say(f"NOT the same as search {check.of}:")
    for query in check.differing:
        say(f"  {query.source}: {query.query}: {query.then} hits then, {query.now} now")
