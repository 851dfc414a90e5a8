"""`synth library import | index | status | find`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import number, print_json, print_table, progress_shown, say, starting
from synth.core.errors import UsageError

if TYPE_CHECKING:
    from synth.library.imports import DumpCounts
    from synth.library.jobs import LibraryStatus

AS_JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WORDS = Annotated[bool, typer.Option("--words", help="Words alone: nothing is encoded, no model is loaded.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Papers' metadata on this machine, from dumps: import, index and find. `--source library` searches it.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("import")(import_dump)
    group.command("index")(index)
    group.command("status")(status)
    group.command("find")(find)
    app.add_typer(group, name="library")


def import_dump(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON lines of the ACL Anthology or of arXiv's bulk metadata; plain, .gz or .xz.", show_default=False
        ),
    ],
    kind: Annotated[str, typer.Option("--format", help="acl or arxiv. [default: as the lines look]")] = "",
    as_json: AS_JSON = False,
) -> None:
    """Import a dump. The same command goes on after an interruption; nothing is stored twice.

    Lines that are no records are passed over, counted and told.
    """
    from synth.core.workspace import find_workspace
    from synth.library import jobs

    with progress_shown() as progress:
        done = jobs.import_file(find_workspace(), file, kind, progress)
    if as_json:
        print_json(asdict(done))
        return
    _show_dumps([done])
    if done.already:
        say("This file was imported before; nothing was left to do.")
    say(f'{done.records:,} records. Next: `synth library index`; `synth library find "…"` works already, by words.')


def index(
    words: WORDS = False,
    head: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Encode the first so many characters of each record: quicker, and finds less. 0: all of it. "
            "[default: as the last time, at first 0]",
        ),
    ] = None,
    as_json: AS_JSON = False,
) -> None:
    """Make searching fast (frequent words are packed) and by meaning (every record is encoded, which takes long).

    Can be interrupted at any time: the same command goes on, and searching by words works meanwhile.
    """
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.library import jobs

    here = find_workspace()
    with progress_shown() as progress:
        outcome = jobs.index(here, load(here.root), words, head, progress)
    print_json(asdict(outcome)) if as_json else _show_status(outcome)


def status(as_json: AS_JSON = False) -> None:
    """Show what is in the library, how far its indexes are, and which lines of the dumps were passed over."""
    from synth.core.workspace import find_workspace
    from synth.library import jobs

    state = jobs.status(find_workspace())
    if as_json:
        print_json(asdict(state))
        return
    _show_status(state)
    _show_dumps(state.dumps)


def find(
    query: Annotated[str, typer.Argument(help="What to look for: a question, words, a sentence.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Papers at most.")] = 20,
    words: WORDS = False,
    as_json: AS_JSON = False,
) -> None:
    """Find papers by words and meaning, best first, with their place in either ranking."""
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.library import jobs

    if not any(map(str.isalnum, query)):
        raise UsageError("There is no word to look for.", 'Name some: `synth library find "…"`.')
    here = find_workspace()
    if not words:
        starting("library find")
    answer = jobs.find(here, load(here.root), query, limit, words)
    if as_json:
        print_json(asdict(answer))
        return
    print_table(
        f"{answer.total:,} records have one of the words; ranked by {' and '.join(answer.rankings)}",
        ["id", "title", "year", "by words", "by meaning", "score"],
        [(p.id, p.title, p.year, p.lexical_rank, p.dense_rank, number(p.score, 4)) for p in answer.papers],
    )
    if "meaning" not in answer.rankings and not words:
        say("Nothing is encoded yet, so words alone were compared: `synth library index` encodes.")


def _show_status(state: LibraryStatus) -> None:
    by_source = ", ".join(f"{name} {count:,}" for name, count in state.sources.items())
    print_table(
        f"Library: {state.file}",
        ["what", "is"],
        [
            ("records", f"{state.records:,} ({by_source})"),
            ("size", f"{state.bytes / 1e6:,.1f} MB"),
            ("frequent words packed", f"{state.packed_words:,}"),
            ("encoded", f"{state.encoded:,} of {state.records:,}, {_how_far(state.head)}"),
            ("search by meaning", state.search_by_meaning),
        ],
    )
    if state.packing_worth_while or state.encoded < state.records:
        say("Next: `synth library index` brings the indexes up to date.")


def _how_far(head: int) -> str:
    return f"the first {head:,} characters" if head else "title and abstract"


def _show_dumps(dumps: Sequence[DumpCounts]) -> None:
    columns = ["format", "state", "lines", "added", "changed", "unchanged", "malformed"]
    print_table("Dumps", ["file", *columns], [(Path(d.path).name, *(getattr(d, c) for c in columns)) for d in dumps])
    for dump in dumps:
        for example in dump.examples:
            say(f"{Path(dump.path).name}, {example}")
