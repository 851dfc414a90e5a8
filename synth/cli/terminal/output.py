"""Output of the command line: JSON and tables on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from synth.cli.terminal.visible import encodable, escaped, raw, shown
from synth.core.progress import Progress
from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference, left_open
from synth.store.rows.mapping import as_json
from synth.store.rows.searches import LackView, SearchView

if TYPE_CHECKING:
    from rich.progress import TaskID

WIDE = 160  # columns when the output is no terminal: wide enough that a table stays one


def say(message: str) -> None:
    """Print one line on stderr."""
    print(shown(message), file=sys.stderr, flush=True)


def starting(command: str) -> None:
    """Print a line before libraries are imported that take seconds, so that nobody waits without a word."""
    say(f"{command}: starting")


def print_json(value: object) -> None:
    """Print a value as JSON, views and what holds them included."""
    plain = as_json(value)
    text = escaped(json.dumps(plain, ensure_ascii=False, indent=2))
    print(text if encodable(text, sys.stdout) else json.dumps(plain, indent=2))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table with whole cells (folded, never cut)."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(highlight=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        # Text, not str: what a paper says must not be read as markup.
        table.add_row(*(Text("–" if cell is None else shown(str(cell))) for cell in row))
    console = Console(file=raw(sys.stdout), width=None if sys.stdout.isatty() else WIDE)
    # Not the table's own title, which folds to the width of a small table.
    console.print(Text(shown(title), style="bold"))
    console.print(table)


def say_incomplete(search: SearchView) -> None:
    """Print what the search lacks and how to complete it; nothing if it is complete."""
    if search.complete:
        return
    say(f"Search {search.id} is INCOMPLETE.")
    for lack in search.missing or [LackView("", "It was not run to its end.", "")]:
        say(f"  {lack.what}" + (f" {lack.do}" if lack.do else ""))
    say(f"  → Complete it with `{search.completed_by}`: what is stored is kept, and not asked for again.")


def number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


@contextmanager
def progress_shown(quiet: bool = False) -> Iterator[Progress]:
    """Show bars on a terminal, a plain line a stage otherwise; nothing if `quiet`."""
    if quiet:
        yield lambda stage, done, total, note="": None
    elif sys.stderr.isatty():
        with _bars() as progress:
            yield progress
    else:
        yield _lines()


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Bars(*columns, console=Console(file=raw(sys.stderr))) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: float, total: float, note: str = "") -> None:
            if total <= 0:
                return  # nothing to do: the bar of an earlier round stays as it is
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total, note="")
            bars.update(tasks[stage], completed=done, total=total, note=shown(note)[:60])

        yield progress


def _lines() -> Progress:
    """Return a progress that prints a line when a stage starts, at each further quarter, and when it ends."""
    announced: dict[str, int] = {}

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        if total <= 0:
            return
        quarter = int(4 * done / total)
        if announced.get(stage) != quarter:
            announced[stage] = quarter
            say(f"{stage}: {100 * done / total:.0f}%" + (f"  {note}" if note else ""))

    return progress


def deviating(deviations: Iterable[tuple[str, Reason[Difference]]]) -> list[str]:
    """Return the deviations of a verdict or plan, each with the word for what it is."""
    return [f"{'left open by the claim' if left_open(why) else 'deviation'}: {text}" for text, why in deviations]
