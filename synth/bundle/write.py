"""`synth bundle`: one search with everything that it rests on, as a crate that can be checked elsewhere."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

from repro.data.catalogue import dataset, names
from synth import __version__, report
from synth.bundle import archive, crate, licences, manifest, places, runs
from synth.bundle.runs import BundledRun, RunInput
from synth.bundle.texts import BundledPaper, licence_text, readme
from synth.core.atomic import atomic_write, explained_write_errors
from synth.core.errors import SynthError, UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.types import JsonValue
from synth.core.workspace import Workspace
from synth.export import references
from synth.pdf import verify_quotes
from synth.report import review
from synth.report.facts import Facts, Verify
from synth.report.plots import pictures
from synth.report.review import gather
from synth.store import snapshot, views
from synth.store.database import reading
from synth.store.rows.claims import QuoteKey, Span
from synth.store.rows.mapping import as_json
from synth.store.rows.runs import StoredRunView
from synth.store.rows.searches import PaperView, SearchView
from synth.store.works import works
from synth.verify.link_claims import asked

Files = dict[str, bytes]
FORM = 1  # of bundle.json
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": licences.CC_BY,
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}


@dataclass(frozen=True)
class Rendering:
    """Files rendered anew from the copy of the database: files, formats that could not be made, lost quotes."""

    files: Files
    notes: list[str]
    moment: str
    title: str
    not_held: list[QuoteKey]


@dataclass(frozen=True)
class PaperCount:
    """Papers that were read, and how many of them are in the bundle."""

    listed: int
    included: int


@dataclass(frozen=True)
class WrittenBundle:
    """A bundle that was written; `moment`: the newest time in its database, `fingerprint`: of its list of files."""

    path: str
    search: int
    moment: str
    files: int
    bytes: int
    fingerprint: str
    runs: int
    papers: PaperCount
    notes: list[str]


@dataclass(frozen=True)
class BundleOptions:
    """Wishes for a bundle, and `rendering`: what was rendered anew for it."""

    agent: str
    licence: str  # a web address, or ""
    author: str
    title: str
    private: bool
    rendering: Rendering


def bundle(
    workspace: Workspace,
    settings: Settings,
    search: int | None = None,
    out: Path | None = None,
    *,
    with_pdfs: bool = False,
    agent: str = "",
    licence: str = "",
    title: str = "",
    progress: Progress = silent,
) -> WrittenBundle:
    """Write the bundle of `search` (None: the newest) to `out`: a ZIP if its name ends so, else a new folder.

    `with_pdfs`: every PDF, the full text of all papers and the sources' answers come along, for private use; without
    it only PDFs whose licence allows it, and only the passages that claims and evidence quote. `agent`: who ran it;
    `licence`: a key of LICENCES or a web address, for what the person who bundles has made.
    """
    address = _licence(licence)
    with reading(workspace.database) as connection:
        number = views.search_id(connection, search)
        papers = views.papers(connection, number, None)
    target = out or workspace.reports / f"search-{number}" / "bundle.zip"
    with explained_write_errors(target):
        there = target.exists()
    if there and target.suffix.lower() != ".zip":
        raise UsageError(f"{target} exists already.", "Name a new folder, or a file that ends in .zip.")
    progress("bundle", 0, 4, "database")
    with tempfile.TemporaryDirectory(prefix="synth-bundle-") as folder:
        copy = Path(folder) / "synth.db"
        clean = places.cleaner(_folders(workspace, papers))
        snapshot.write(workspace.database, copy, number, places.pdf_names(papers), clean, with_pdfs)
        content = copy.read_bytes()
        with reading(copy) as connection:
            pdf_files = _pdfs(workspace, papers, with_pdfs)
            rendering = _rendered(connection, number, settings.author, title, _verifier(workspace, papers), progress)
            files: Files = {places.DATABASE: content, **rendering.files, **pdf_files}
            run_rows = _runs(connection, number)
            progress("bundle", 3, 4, "writing")
            options = BundleOptions(agent, address, settings.author, title, with_pdfs, rendering)
            written = _finish(connection, number, files, run_rows, papers, options, target)
    _write(target, files, written.moment)
    progress("bundle", 4, 4, target.name)
    return written


def _licence(wanted: str) -> str:
    if not wanted or wanted in LICENCES:
        return LICENCES.get(wanted, "")
    if wanted.startswith("https://") and " " not in wanted:
        return wanted
    raise UsageError(
        f"{wanted!r} is no licence that is known here.",
        f"Use `--license` with one of {', '.join(LICENCES)}, or with the web address of another.",
    )


def _folders(workspace: Workspace, papers: Sequence[PaperView]) -> list[str]:
    """Return folders of this machine that may stand in what programs wrote."""
    with reading(workspace.database) as connection:
        options = [json.loads(row[0]) for row in connection.execute("SELECT options FROM search")]
    known = [
        str(value) for option in options for value in option.values() if isinstance(value, str) and value[:1] in "/\\"
    ]
    own = [str(Path(row.pdf_path).parent) for row in papers if Path(row.pdf_path).is_absolute()]
    return [str(workspace.root), str(Path.home()), *known, *own]


def _verifier(workspace: Workspace, papers: Sequence[PaperView]) -> Verify:
    """Verify quotes of the copy against the workspace's own PDFs: the copy names them otherwise."""
    stored = {row.sha256: row.pdf_path for row in papers if row.sha256}

    def verify(path: str, sha256: str, quotes: Sequence[tuple[Sequence[Span], str]]) -> list[bool]:
        if not stored.get(sha256):
            return [False] * len(quotes)
        return verify_quotes(workspace.absolute(stored[sha256]), sha256, quotes)

    return verify


def _pdfs(workspace: Workspace, papers: Sequence[PaperView], every: bool) -> Files:
    """Collect the PDFs that may be passed on, or all; one whose content is no longer what was read is left out."""
    files: Files = {}
    paths = places.pdf_names(papers)
    for row in papers:
        if row.id not in paths or not (every or licences.licence(row)):
            continue
        try:
            content = workspace.absolute(row.pdf_path).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == row.sha256:
            files[paths[row.id]] = content
    return files


# ------------------------------------------------------------------------------------------------ what is made anew


def _rendered(
    connection: sqlite3.Connection, number: int, author: str, title: str, verify: Verify, progress: Progress
) -> Rendering:
    """Return the report in every format with its pictures, and the references in every format, from the copy."""
    moment = newest(connection)
    progress("bundle", 1, 4, "verifying quotes")
    facts = report.gather(connection, number, author, moment[:10], verify, title, asked())
    progress("bundle", 2, 4, "report")
    files, notes = rendered(connection, facts, f"reports/search-{number}")
    files |= reference_files(connection, number)
    lost = [key for key, held in sorted(facts.quotes_held.items()) if not held]
    return Rendering(files, notes, moment, facts.title, lost)


def rendered(connection: sqlite3.Connection, facts: Facts, folder: str) -> tuple[Files, list[str]]:
    """Return the report's files in every format, and which formats could not be made."""
    reviews = review.review_all(gather.case_of(connection, facts, gather.draft(facts)))
    files = {f"{folder}/{path}": picture.encode() for path, picture in pictures.draw(facts).items()}
    notes = []
    for name in report.format_names():
        try:
            text: str | bytes = report.render(facts, reviews, name)
        except SynthError as error:
            notes.append(f"No report in {name}: {error.what}")
            continue
        files[f"{folder}/report.{name}"] = text if isinstance(text, bytes) else text.encode()
    return files, notes


def reference_files(connection: sqlite3.Connection, number: int) -> Files:
    entries = references.works(works(connection, number))
    return {
        f"references/{references.file_name(name)}": references.write(entries, name).encode()
        for name in references.format_names()
    }


def newest(connection: sqlite3.Connection) -> str:
    """Return the newest time in the database: what is made of it bears that date, so that it can be made again."""
    row = connection.execute(
        """SELECT max(t) FROM (SELECT created AS t FROM search UNION SELECT finished FROM search
           UNION SELECT finished FROM run UNION SELECT registered FROM run UNION SELECT created FROM verdict
           UNION SELECT created FROM review)"""
    ).fetchone()
    return str(row[0] or "1980-01-01T00:00:00Z")


def renderer() -> str:
    """Return a checksum of the code that makes reports: another one makes others of the same facts."""
    digest = hashlib.sha256(__version__.encode())
    for package in ("synth.report", "synth.export"):
        root = Path(str(resources(package)))
        for file in sorted(root.rglob("*")):
            if file.suffix in (".py", ".j2", ".css", ".js", ".toml"):
                digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


# ------------------------------------------------------------------------------------------------ runs


def _runs(connection: sqlite3.Connection, number: int) -> list[BundledRun]:
    """Collect every run of the search's claims that has ended, with its verdicts, measurements and inputs.

    The copy holds no other search.
    """
    return [bundled(connection, run) for run in views.stored_runs(connection)]


def bundled(connection: sqlite3.Connection, run: StoredRunView) -> BundledRun:
    """Return a run with its verdicts, measurements and inputs."""
    verdicts, measurements = views.stored_verdicts(connection, run.id), views.measurements(connection, run.id)
    return BundledRun(run, verdicts, measurements, _inputs(run))


def _inputs(run: StoredRunView) -> list[RunInput]:
    """Return data sets, by the catalogue where they are in it, what was generated, and the published model."""
    known = set(names())
    inputs = []
    for name, checksum in sorted(run.provenance.get("data", {}).items()):
        if name in known:
            entry = dataset(name)
            inputs.append(RunInput(entry.title, entry.what, checksum, entry.homepage, entry.licence, entry.licence_url))
        else:
            inputs.append(RunInput(name, "Made or loaded by this stage of the run.", checksum))
    model = run.spec.get("laboratory", {}).get("params", {}).get("model")
    if isinstance(model, str) and model and not model.startswith("/"):
        inputs.append(RunInput(model, "The model that was tuned and measured."))
    return inputs


# ------------------------------------------------------------------------------------------------ putting together


def _finish(
    connection: sqlite3.Connection,
    number: int,
    files: Files,
    run_rows: Sequence[BundledRun],
    papers: Sequence[PaperView],
    options: BundleOptions,
    target: Path,
) -> WrittenBundle:
    """Add what tells of the other files: runs, description, texts for people, metadata, checksums."""
    for bundled_run in run_rows:
        files |= runs.files(bundled_run)
    search = views.search(connection, number)
    listed = _papers(papers, files)
    files[places.DESCRIPTION] = runs.text(_description(search, listed, options))
    files["LICENSE.md"] = licence_text(listed, options.licence, options.private).encode()
    files["README.md"] = readme(search, options.rendering.title, listed, run_rows, options.private).encode()
    files[places.METADATA] = crate.metadata(_subject(search, run_rows, listed, options), files)
    files[places.MANIFEST] = manifest.written(files)
    return WrittenBundle(
        path=str(target),
        search=number,
        moment=options.rendering.moment,
        files=len(files),
        bytes=sum(map(len, files.values())),
        fingerprint=hashlib.sha256(files[places.MANIFEST]).hexdigest(),
        runs=len(run_rows),
        papers=PaperCount(len(listed), sum(bool(paper.file) for paper in listed)),
        notes=options.rendering.notes + _notes(connection, number, run_rows),
    )


def _description(search: SearchView, listed: Sequence[BundledPaper], options: BundleOptions) -> dict[str, JsonValue]:
    """Return bundle.json: what a check needs to render the report again, and what the papers are."""
    return {
        "bundle": FORM,
        "synth": __version__,
        "renderer": renderer(),
        "search": search.id,
        "question": search.question,
        "author": options.author,
        "title": options.title,
        "date": options.rendering.moment[:10],
        "private": options.private,
        "quotes_not_held": [{"sha256": key[0], "spans": as_json(key[1])} for key in options.rendering.not_held],
        "papers": as_json(listed),
    }


def _subject(
    search: SearchView, run_rows: Sequence[BundledRun], listed: Sequence[BundledPaper], options: BundleOptions
) -> crate.Subject:
    return crate.Subject(
        search=search,
        title=options.rendering.title,
        description=f"What the literature says on “{search.question}”, and what experiments measured.",
        moment=options.rendering.moment,
        version=__version__,
        agent=options.agent,
        licence=options.licence,
        runs=run_rows,
        licences={paper.file: paper.licence for paper in listed if paper.file and paper.licence},
    )


def _papers(papers: Sequence[PaperView], files: Mapping[str, bytes]) -> list[BundledPaper]:
    """List every PDF that was read."""
    paths = places.pdf_names(papers)
    return [
        BundledPaper(
            paper=paper.id,
            title=paper.title,
            address=paper.url,
            sha256=paper.sha256,
            file=paths[paper.id] if paths[paper.id] in files else "",
            licence=licences.licence(paper),
        )
        for paper in sorted(papers, key=lambda paper: paper.id)
        if paper.id in paths
    ]


def _notes(connection: sqlite3.Connection, number: int, run_rows: Sequence[BundledRun]) -> list[str]:
    unfinished = connection.execute(
        """SELECT count(*) FROM run r JOIN claim c ON c.id = r.claim_id
           WHERE c.search_id = ? AND r.state NOT IN ('done', 'failed')""",
        (number,),
    ).fetchone()[0]
    notes = [f"{unfinished} runs have not ended: they are in the database alone."] if unfinished else []
    clean = places.cleaner([])
    for run in (bundled_run.run for bundled_run in run_rows):
        spec = json.dumps(run.spec, ensure_ascii=False)
        if clean(spec) != spec:
            notes.append(
                f"The registered specification of run {run.id} names a folder of this machine; it is kept as it "
                "is, since its hash was taken before the run."
            )
    return notes


def _write(target: Path, files: Files, moment: str) -> None:
    if target.suffix.lower() == ".zip":
        atomic_write(target, archive.zipped(files, moment))
        return
    with explained_write_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        archive.write_folder(target, files)
