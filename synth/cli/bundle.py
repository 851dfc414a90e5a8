"""`synth bundle`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.output import print_json, progress_shown, say


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
    agent: Annotated[
        str, typer.Option("--agent", help="Who ran it: a name, or `Name <https://orcid.org/…>`.")
    ] = "",
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
    """Pack a search with report, database, runs and references to be checked elsewhere; or check such a bundle."""
    from synth import workspace as workspaces
    from synth.pipeline.bundling import bundle as run
    from synth.settings import load

    workspace = workspaces.find()
    with progress_shown() as progress:
        written = run(
            workspace,
            load(workspace.root),
            search,
            out,
            with_pdfs=with_pdfs,
            agent=agent,
            licence=licence,
            title=title,
            progress=progress,
        )
    for note in written["notes"]:
        say(note)
    if as_json:
        print_json(written)
        return
    pdfs = written["papers"]
    print(f"{written['path']}: {written['files']} files, {written['bytes'] / 2**20:.1f} MB, {written['runs']} runs")
    print(f"PDFs included: {pdfs['included']} of {pdfs['listed']}; the others are named by checksum and address.")
    print(f"Fingerprint: {written['fingerprint']}")
