"""`synth duplicates` with `join`, `split` and `undo`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, say
from synth.core.types import JsonValue
from synth.store.rows.duplicates import DuplicateView, RecordName

if TYPE_CHECKING:
    from synth.papers.duplicates import WorkChange

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BECAUSE = Annotated[str, typer.Option("--because", help="Why; kept with the decision.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Which records were taken for one work, by which rule; a wrong decision can be undone.",
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.callback()(duplicates)
    group.command("join")(join)
    group.command("split")(split)
    group.command("undo")(undo)
    app.add_typer(group, name="duplicates")


def duplicates(
    context: typer.Context,
    search: Annotated[int | None, typer.Option("--search", help="Only what search N found. [default: all]")] = None,
    as_json: JSON = False,
) -> None:
    """List the decisions on duplicates (which records, by which rule, on what evidence, when, by whom) and what no
    rule decides.
    """
    if context.invoked_subcommand is not None:
        return
    from synth.core.workspace import find_workspace
    from synth.store import decisions, views
    from synth.store.database import reading
    from synth.store.questions import questions

    with reading(find_workspace().database) as connection:
        wanted = None if search is None else views.search_id(connection, search)
        rows = decisions.duplicates(connection, wanted)
        open_questions = questions(connection, wanted)
    if as_json:
        print_json({"duplicates": rows, "questions": open_questions, "search": search})
        return
    for row in rows:
        for line in _lines(row):
            print(line)
    for question in open_questions:
        print(f"question: {question.question}")
        for work in question.works:
            print(f"    work {work.id}: {work.title} ({', '.join(work.authors) or 'no authors known'})")
    if open_questions:
        say("`synth duplicates join WORK OTHER` makes one work of two; works that are two stay as they are.")
    if not rows:
        say("No decisions: no two records were taken for one work, and nobody joined or split any.")
        return
    count = "1 decision" if len(rows) == 1 else f"{len(rows)} decisions"
    say(f"{count}. `synth duplicates undo ID` takes one back; `synth duplicates join` and `split` are yours to make.")


def join(
    work: Annotated[
        int, typer.Argument(metavar="WORK", help="Number of a work. It stays, unless only OTHER was read.")
    ],
    other: Annotated[int, typer.Argument(metavar="OTHER", help="Number of the work that is the same as WORK.")],
    because: BECAUSE = "",
    as_json: JSON = False,
) -> None:
    """Make one work of two. No later search takes them apart."""
    from synth.core.workspace import find_workspace
    from synth.papers import duplicates

    _show(duplicates.join(find_workspace(), work, other, because), "One work now", as_json)


def split(
    work: Annotated[int, typer.Argument(metavar="WORK", help="Number of the work.")],
    records: Annotated[list[int], typer.Argument(metavar="RECORD...", help="Records that are another work.")],
    because: BECAUSE = "",
    as_json: JSON = False,
) -> None:
    """Make a work of its own of some records of a work. No later search puts them together."""
    from synth.core.workspace import find_workspace
    from synth.papers import duplicates

    _show(duplicates.split(find_workspace(), work, records, because), "A work of its own now", as_json)


def undo(
    decision: Annotated[int, typer.Argument(metavar="ID", help="Number of the decision.")],
    as_json: JSON = False,
) -> None:
    """Take a decision back, a rule's or a person's."""
    from synth.core.workspace import find_workspace
    from synth.papers import duplicates

    _show(duplicates.undo(find_workspace(), decision), "Undone", as_json)


def _show(done: WorkChange, what: str, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        print(f"{what}: work {done.work}, {done.title} (decision {done.decision})")
    for number in done.searches:
        say(f"Search {number} has to be ranked and weighed anew: `synth search --resume {number}`.")
        say("  What its sources have answered is not asked for again.")


def _lines(row: DuplicateView) -> list[str]:
    state = f", undone {row.undone}" if row.undone else ""
    put = "put with" if row.kind == "join" else "apart from"
    evidence = [f"{key}: {_plain(value)}" for key, value in row.evidence.items()]
    return [
        f"{row.id}: {row.kind} by {row.by} ({row.rule}), {row.created}{state}",
        f"    work {row.work}: {row.title}",
        f"    {_records(row.records)}",
        *([f"    {put} {_records(row.others)}"] if row.others else []),
        *([f"    {'; '.join(evidence)}"] if evidence else []),
        *([f"    because: {row.reason}"] if row.reason else []),
    ]


def _records(rows: Sequence[RecordName]) -> str:
    named = [f"{r.source} {r.source_id} {r.version}".rstrip() for r in rows]
    return ", ".join(f"record {row.id} ({name})" for row, name in zip(rows, named, strict=True))


def _plain(value: JsonValue) -> str:
    return ", ".join("–" if item is None else str(item) for item in value) if isinstance(value, list) else str(value)
