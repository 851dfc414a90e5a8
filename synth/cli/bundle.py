"""`synth bundle`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, progress_shown, say, starting
from synth.core.errors import SynthError, UsageError

if TYPE_CHECKING:
    from synth.core.settings import Settings

MARKS = {True: "✓", False: "×", None: "?"}


def add_to(app: typer.Typer) -> None:
    app.command()(bundle)


def bundle(
    search: Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A file ending in .zip, or a new folder. [default: reports/search-N/bundle.zip]"),
    ] = None,
    with_pdfs: Annotated[
        bool,
        typer.Option("--with-pdfs", help="Every PDF and full text, whatever the licences: for private use alone."),
    ] = False,
    agent: Annotated[str, typer.Option("--agent", help="Who ran it: a name, or `Name <https://orcid.org/…>`.")] = "",
    licence: Annotated[
        str, typer.Option("--license", help="Licence of your own part: CC0-1.0, CC-BY-4.0, CC-BY-SA-4.0 or an address.")
    ] = "",
    title: Annotated[str, typer.Option("--title", help="Title. [default: derived from the question]")] = "",
    check: Annotated[
        Path | None, typer.Option("--check", metavar="BUNDLE", help="Check this bundle (ZIP or folder) instead.")
    ] = None,
    papers: Annotated[
        Path | None, typer.Option("--papers", help="With --check: folder with your own copies of papers.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Pack a search with report, database, runs and references to be checked elsewhere; or check such a bundle.

    Example: synth bundle --out search-1.zip
    """
    starting("bundle")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace, place

    workspace = find_workspace()
    if check is not None:
        _check(check, load(workspace.root), papers, as_json)
        return
    if papers is not None:
        raise UsageError("`--papers` says where copies of papers are for a check.", "Give `--check BUNDLE` too.")
    from synth.bundle.write import bundle as run

    with progress_shown() as progress:
        written = run(
            workspace,
            load(workspace.root),
            search,
            out and place(out),
            with_pdfs=with_pdfs,
            agent=agent,
            licence=licence,
            title=title,
            progress=progress,
        )
    for note in written.notes:
        say(note)
    if as_json:
        print_json(written)
        return
    pdfs = written.papers
    print(f"{written.path}: {written.files} files, {written.bytes / 2**20:.1f} MB, {written.runs} runs")
    print(f"PDFs included: {pdfs.included} of {pdfs.listed}; the others are named by checksum and address.")
    print(f"Fingerprint: {written.fingerprint}")


def _check(path: Path, settings: Settings, papers: Path | None, as_json: bool) -> None:
    """Print what holds and what does not; ends 1 if anything does not."""
    from synth.bundle.check import check

    with progress_shown() as progress:
        result = check(path, settings, papers, progress)
    if as_json:
        print_json(result)
    else:
        for row in result.checks:
            print(f"{MARKS[row.holds]} {row.check}: {row.detail}")
            for problem in row.problems:
                print(f"    {problem}")
        print(f"Fingerprint: {result.fingerprint}")
    if not result.ok:
        wrong = [row.check for row in result.checks if row.holds is False]
        raise SynthError(
            f"{path} does not hold: {', '.join(wrong)}.",
            "Get it again from whoever made it, and compare the fingerprint with theirs.",
        )
