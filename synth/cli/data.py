"""`synth data list | pull | check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, print_table, progress_shown, say
from synth.core.errors import SynthError, UsageError

if TYPE_CHECKING:
    from repro.data.catalogue import Dataset

NAME = Annotated[str, typer.Argument(metavar="NAME", help="A data set, by the name that `synth data list` shows.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="The laboratory's data sets: licence, size, where each is; fetch one; check what is here.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_all)
    group.command("pull")(pull)
    group.command("check")(check)
    app.add_typer(group, name="data")


def list_all(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the data sets: licence, size of the download, whether and where each is on this machine."""
    from synth.core.workspace import find_workspace
    from synth.verify.datasets import overview

    rows = overview(find_workspace())
    if as_json:
        print_json({"datasets": rows})
        return
    print_table(
        "Data sets",
        ["name", "what", "licence", "download", "state", "where"],
        [
            (r["name"], r["title"], r["licence"], _download(r["download"], r["bytes"]), r["state"], r["folder"])
            for r in rows
        ],
    )
    for row in rows:
        if row["problem"]:
            say(f"{row['name']}: {row['problem']}")


def pull(
    name: NAME,
    yes: Annotated[bool, typer.Option("--yes", help="Accept the licence without being asked.")] = False,
) -> None:
    """Fetch the published files of a data set, after its licence was shown; a cut download goes on where it stopped."""
    from synth.core.workspace import find_workspace
    from synth.verify import datasets

    here = find_workspace()
    entry = datasets.terms(name)
    if datasets.is_complete(here, entry):
        say(f"{name} is complete in {here.data / name}; `synth data check {name}` reads it again.")
        return
    _show_terms(entry)
    _accept(name, yes)
    with progress_shown() as progress:
        files = datasets.pull(here, entry, progress)
    print_table(
        f"{name} in {here.data / name}",
        ["file", "bytes", "sha256", "checksum"],
        [(f.name, f"{f.bytes:,}", f.sha256, "as stated" if f.stated else "recorded now") for f in files],
    )
    if not all(f.stated for f in files):
        say(
            'For the files marked "recorded now" no checksum was known beforehand: what came was trusted, and from '
            "now on they have to stay as they are."
        )


def check(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One data set; all by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read what is on this machine and compare checksums and numbers of rows; ends 1 when something is wrong."""
    from synth.core.workspace import find_workspace
    from synth.verify import datasets

    with progress_shown() as progress:
        rows = datasets.check(find_workspace(), name, progress)
    wrong = [row for row in rows if row["problem"]]
    if not rows:
        say("No data set is on this machine: `synth data pull NAME` fetches one.")
    if as_json:
        print_json({"files": rows})
    elif rows:
        print_table(
            "Files of data sets",
            ["data set", "file", "rows", "is"],
            [(r["name"], r["file"], r["rows"], r["problem"] or _verdict(r["stated"])) for r in rows],
        )
    if wrong:
        raise SynthError(
            f"{len(wrong)} of {len(rows)} files are not as they should be: {', '.join(r['file'] for r in wrong)}.",
            "Delete them and `synth data pull` the data set again, or set SYNTH_DATA to another folder.",
        )


def _verdict(stated: bool | None) -> str:
    return "right" if stated else "readable; its checksum is not known"


def _download(kind: str, size: int | None) -> str:
    if kind == "manual":
        return "by hand"
    return f"{size / 1e6:,.1f} MB" if size else "size not known"


def _show_terms(entry: Dataset) -> None:
    files = "one file" if len(entry.files) == 1 else f"{len(entry.files)} files"
    say(f"{entry.title} ({_download(entry.download, entry.bytes or None)} in {files})")
    say(f"  licence:  {entry.licence}")
    say(f"            {entry.licence_url}")
    say(f"  citation: {entry.citation}")
    say(f"  from:     {entry.homepage} ({entry.revision})")


def _accept(name: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            f"Nobody is here to accept the licence of {name}.", f"Read it, then run `synth data pull {name} --yes`."
        )
    if not typer.confirm("Accept the licence and download?", err=True):
        raise SynthError("Nothing was downloaded.", f"`synth data pull {name}` asks again.")
