"""The data sets of the laboratory as the command line shows them: where each is, fetching one, checking them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypedDict

from repro.data.catalogue import RECORD, AtHand, Dataset, Published, dataset, how_to_get, names
from repro.data.library import Absent, Library, compare, paths_of, stated_checksums
from repro.data.rows import SUFFIXES, lines, rows
from repro.errors import LabError
from synth.core.errors import SynthError, UsageError
from synth.core.progress import Progress, silent
from synth.core.workspace import Workspace
from synth.verify.laboratory_errors import as_synth_errors

if TYPE_CHECKING:
    from repro.data.pulling import Arrived

# What is no text of one example a line: its rows are not counted.
UNCOUNTED = (".json", ".npz", ".zip", ".bz2", ".tgz", ".tar")


class DatasetRow(TypedDict):
    """A data set as `synth data list --json` shows it. `state`: "at hand", "pulled", "absent" or "damaged"."""

    name: str
    title: str
    what: str
    licence: str
    licence_url: str
    citation: str
    homepage: str
    revision: str
    notes: str
    download: str
    bytes: int | None
    counts: dict[str, dict[str, int | str]]
    state: str
    layout: str | None
    folder: str | None
    problem: str | None
    how_to_get: str


class CheckedFile(TypedDict):
    """A file as `synth data check --json` shows it; `problem` is None where all is well."""

    name: str
    layout: str
    file: str
    path: str
    rows: int | None
    sha256: str | None
    stated: bool | None
    problem: str | None


def library(workspace: Workspace) -> Library:
    """Return the places where data sets are looked for: SYNTH_DATA, then what was pulled into the workspace."""
    return Library.default(workspace.data)


def overview(workspace: Workspace) -> list[DatasetRow]:
    """List all data sets; nothing is read but names and sizes."""
    place = library(workspace)
    with as_synth_errors():
        return [_row(dataset(name), place) for name in names()]


def _row(entry: Dataset, place: Library) -> DatasetRow:
    state, location, problem = "absent", None, ""
    try:
        location = place.locate(entry.name, checked=False)
        state = "pulled" if place.pulled and location.folder == place.pulled / entry.name else "at hand"
    except Absent:
        pass
    except LabError as error:
        state, problem = "damaged", error.what
    return {
        "name": entry.name,
        "title": entry.title,
        "what": entry.what,
        "licence": entry.licence,
        "licence_url": entry.licence_url,
        "citation": entry.citation,
        "homepage": entry.homepage,
        "revision": entry.revision,
        "notes": entry.notes,
        "download": entry.download,
        "bytes": entry.bytes or None,
        "counts": {split: asdict(count) for split, count in entry.counts.items()},
        "state": state,
        "layout": location.layout if location else None,
        "folder": str(location.folder) if location else None,
        "problem": problem or None,
        "how_to_get": how_to_get(entry),
    }


def terms(name: str) -> Dataset:
    """Return the entry of a data set that can be pulled. UsageError for an unknown one, or one that cannot be."""
    with as_synth_errors(UsageError):
        entry = dataset(name)
        if entry.download == "manual":
            raise LabError(f"The data set {name} cannot be pulled.", how_to_get(entry))
        return entry


def is_complete(workspace: Workspace, entry: Dataset) -> bool:
    """Return True if everything was pulled and is what it should be, so that nothing would be fetched."""
    try:
        Library(None, workspace.data).locate(entry.name)
    except LabError:
        return False
    return True


def pull(workspace: Workspace, entry: Dataset, progress: Progress = silent) -> list[Arrived]:
    """Fetch what is not there yet, and list the files."""
    from repro.data.pulling import pull as pull_files

    def moved(done: float, total: float) -> None:
        progress(f"pull {entry.name}", done, total)

    with as_synth_errors():
        return pull_files(entry, workspace.data / entry.name, moved)


def check(workspace: Workspace, name: str | None = None, progress: Progress = silent) -> list[CheckedFile]:
    """Read every file of the data set, or of all that are here; a row a file, with `problem` None where all is well.

    Checksums are compared with those of the catalogue or of the first pull, rows with the catalogue's number. A data
    set asked for by name that is not here is a SynthError.
    """
    with as_synth_errors(UsageError):
        entries = [dataset(name)] if name else [dataset(dataset_name) for dataset_name in names()]
    place, checked = library(workspace), list[CheckedFile]()
    for number, entry in enumerate(entries):
        progress("check", number, len(entries), entry.name)
        checked += _check_one(entry, place)
    progress("check", len(entries), len(entries))
    if name and not checked:
        raise SynthError(f"The data set {name} is not on this machine.", how_to_get(entries[0]))
    return checked


def _check_one(entry: Dataset, place: Library) -> list[CheckedFile]:
    checked: list[CheckedFile] = []
    for layout, root in place.places(entry):
        paths = paths_of(entry, layout, root)
        if not any(path.is_file() for path in paths.values()):
            continue
        try:
            stated = stated_checksums(entry, layout, root)
        except LabError as error:
            checked.append(_checked(entry, layout, root / RECORD, error.what))
            continue
        files: tuple[AtHand | Published, ...] = entry.at_hand if layout == "at_hand" else entry.files
        checked += [_check_file(entry, layout, file, paths[file.name], *stated[file.name]) for file in files]
    return checked


def _check_file(
    entry: Dataset, layout: str, file: AtHand | Published, path: Path, sha256: str, size: int
) -> CheckedFile:
    counted = None
    try:
        actual = compare(entry, path, sha256, size)
        counted = _count(path, file.members if isinstance(file, Published) else ())
    except LabError as error:
        return _checked(entry, layout, path, error.what)
    problem = None
    if isinstance(file, AtHand) and counted != file.rows:
        problem = f"{counted} rows, not {file.rows}"
    return {**_checked(entry, layout, path, problem), "rows": counted, "sha256": actual, "stated": bool(sha256)}


def _checked(entry: Dataset, layout: str, path: Path, problem: str | None) -> CheckedFile:
    return {
        "name": entry.name,
        "layout": layout,
        "file": path.name,
        "path": str(path),
        "rows": None,
        "sha256": None,
        "stated": None,
        "problem": problem,
    }


def _count(path: Path, members: tuple[str, ...]) -> int | None:
    """Count the rows of the file, or of these members of an archive; None for what is no text of a row a line."""
    if members:
        return sum(_count_text(path, member) for member in members)
    plain = path.name.removesuffix(".gz").removesuffix(".xz")
    return None if plain.endswith(UNCOUNTED) else _count_text(path)


def _count_text(path: Path, member: str = "") -> int:
    """Count the rows, checked to be well-formed where the name tells the form."""
    name = PurePosixPath(member or path.name).name.removesuffix(".gz").removesuffix(".xz")
    # Archives carry TSV files of their own conventions, with quotation marks or without a heading.
    if not member and name.endswith(SUFFIXES):
        return sum(1 for _ in rows(path))
    return sum(1 for _ in lines(path, member))
