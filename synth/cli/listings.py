"""`synth papers`, `synth claims`, `synth show claim|search|quote N`: they read the database and load nothing heavy."""

from __future__ import annotations

from typing import Annotated

import typer

from synth.cli.terminal.output import number, print_json, print_table, say_incomplete
from synth.core.errors import UsageError
from synth.core.reasons.screening import exclusion, without_text
from synth.core.types import ClaimKind
from synth.store.rows.claims import STATED
from synth.store.rows.mapping import json_row
from synth.store.rows.searches import FlowView, PaperView, SearchView

SearchOption = Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.command()(papers)
    app.command()(claims)
    show = typer.Typer(help="Show one thing with everything known about it.", no_args_is_help=True)
    show.command("claim")(show_claim)
    show.command("search")(show_search)
    show.command("quote")(show_quote)
    app.add_typer(show, name="show")


def papers(search: SearchOption = None, as_json: JsonOption = False) -> None:
    """List the papers of a search, most relevant first, and those left out with the reason.

    Example: synth papers --search 2
    """
    from synth.core.workspace import find_workspace
    from synth.store import views
    from synth.store.database import reading

    with reading(find_workspace().database) as connection:
        wanted = views.search_id(connection, search)
        rows = views.papers(connection, wanted, None)
        flow = views.flow(connection, wanted)
        of = views.search(connection, wanted)
    if as_json:
        included = [paper for paper in rows if paper.decision == "include"]
        left_out = [paper for paper in rows if paper.decision != "include"]
        print_json({"papers": included, "excluded": left_out, "flow": flow, "search": of})
        return
    say_incomplete(of)
    print_table(
        f"Papers of search {wanted}",
        ["id", "rank", "title", "year", "address", "pages", "claims", "decision"],
        [(r.id, r.rank, r.title, r.year, r.url, r.pages, r.claims, _decision(r)) for r in rows],
    )


def _decision(paper: PaperView) -> str:
    """Return the reason why a work is left out; of one that is taken in, whether it could be read."""
    if paper.decision != "include" or paper.text_state == "read":
        return paper.reason or paper.decision
    if paper.text_state == "unread":
        return f"include; {paper.reason or 'not fetched yet'}"
    missing = without_text(paper.text_reason_code, paper.text_reason_parameters, paper.text_reason)
    return f"include; not read: {exclusion(missing)}"


def claims(
    search: SearchOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="All claims: every finding of every paper, and what was done (method).")
    ] = False,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help=f"Only claims of this kind: {', '.join(ClaimKind)}.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """List the findings of a search, most salient first, each with its mark and by what.

    Example: synth claims --all
    """
    from synth.cli.terminal import claim_view
    from synth.core.workspace import find_workspace
    from synth.store import views
    from synth.store.database import reading

    if kind and kind not in list(ClaimKind):
        raise UsageError(f"There is no kind of claims {kind!r}.", f"Use `--kind` with one of: {', '.join(ClaimKind)}.")
    with reading(find_workspace().database) as connection:
        wanted = views.search_id(connection, search)
        rows = views.claims(connection, wanted, methods=True)
        of = views.search(connection, wanted)
    chosen = claim_view.chosen(rows, every, kind)
    if as_json:
        print_json({"claims": chosen, "search": of})
        return
    say_incomplete(of)
    claim_view.print_claims(wanted, rows, chosen, whole=every or bool(kind))


def show_claim(
    claim: Annotated[int, typer.Argument(metavar="N", help="Number of the claim.")],
    as_json: JsonOption = False,
) -> None:
    """Show a claim: its mark and by what, quote, evidence for and against, predictions, verdict history.

    Example: synth show claim 12
    """
    from synth.cli.terminal import claim_view
    from synth.core.workspace import find_workspace
    from synth.store import views
    from synth.store.database import reading

    with reading(find_workspace().database) as connection:
        record = views.claim(connection, claim)
        of = views.search(connection, record.search)
    if as_json:
        print_json(json_row(record) | {"search_complete": of.complete})
    else:
        say_incomplete(of)
        claim_view.print_claim(record)


def show_search(
    search: Annotated[int, typer.Argument(metavar="N", help="Number of the search.")],
    as_json: JsonOption = False,
) -> None:
    """Show a search's ledger in full: every query verbatim, when, with which limit, and what came of it."""
    from synth.core.workspace import find_workspace
    from synth.store import views
    from synth.store.database import reading

    with reading(find_workspace().database) as connection:
        record = views.search(connection, views.search_id(connection, search))
        flow = views.flow(connection, search)
    if as_json:
        print_json({"search": record, "flow": flow})
        return
    say_incomplete(record)
    _show_query_log(record, flow)


def show_quote(
    quote: Annotated[int, typer.Argument(metavar="N", help="Number of the quote, as reports name it.")],
    as_json: JsonOption = False,
) -> None:
    """Show a quote: its characters, where in which PDF they stand, the claims that it states or bears on."""
    from synth.core.workspace import find_workspace
    from synth.store import views
    from synth.store.database import reading

    with reading(find_workspace().database) as connection:
        shown = views.quote(connection, quote)
    if as_json:
        print_json(shown)
        return
    if shown.kind == STATED:
        print(f"Quote {shown.passage}: stated by the author of {shown.section}; no paper was read for it.")
    else:
        print(f"Quote {shown.passage} ({shown.kind}): {shown.paper_title}, p. {shown.page} ({shown.section})")
    print(f"  “{' '.join(shown.quote.split())}”")
    for page, start, end in shown.spans:
        print(f"  page {page}, characters {start} to {end} of the PDF with sha256 {shown.sha256}")
    if shown.states:
        print(f"States claim {', '.join(map(str, shown.states))}")
    for row in shown.bears_on:
        print(f"{row.stance} ({number(row.confidence)}) of claim {row.claim}")


def _show_query_log(s: SearchView, flow: FlowView) -> None:
    print(f"Search {s.id}: {s.question}")
    print(f"Begun {s.created}, ended {s.finished or '–'}; {'complete' if s.complete else 'INCOMPLETE'}.")
    for q in s.sources:
        limit = "all hits" if (q.max_hits or 0) >= 10**9 else f"at most {q.max_hits or 'not recorded'} hits"
        total = "" if q.total is None else f" of {q.total}"
        print(f"{q.source} ({q.kind}): {q.status}")
        print(f"  query: {q.query}")
        print(f"  asked: {q.request or ('nobody answered' if q.requests else 'on this machine')}")
        print(f"  from {q.started or '–'} to {q.finished or '–'}; {limit} asked for")
        pages = "1 page" if q.pages == 1 else f"{q.pages} pages"
        print(f"  {pages} ({q.kept_pages} kept already); requests: {q.requests}, repeated ones: {q.retries}")
        print(f"  hits: {q.hits}{total}; new: {q.new}; taken in: {q.kept}")
        for note in filter(None, [q.error, q.remedy, *q.warnings]):
            print(f"  {note}")
    if s.complete and not s.sources:
        print("No source was asked.")
        return
    for line in flow_lines(flow):
        print(line)


def flow_lines(flow: FlowView) -> list[str]:
    """Return the flow of records, a line a box."""
    from synth.report.plots import flowchart

    lines = []
    for _, *boxes in flowchart.rows(flow):
        for box, indent in zip(boxes, ("", "  "), strict=True):
            lines += [indent + box[0] + (": " + "; ".join(box[1:]) if box[1:] else "")] if box else []
    return lines
