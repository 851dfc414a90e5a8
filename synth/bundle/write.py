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
from typing import Any

from repro.data.catalogue import dataset, names
from synth import __version__, report
from synth.bundle import archive, crate, licences, manifest, places, runs
from synth.bundle.texts import licence_text, readme
from synth.core import atomic
from synth.core.errors import SynthError, UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.export import references
from synth.pdf import verify_quotes
from synth.report import review
from synth.report.facts import Facts
from synth.report.plots import pictures
from synth.report.review import gather
from synth.store import snapshot, views
from synth.store.database import reading
from synth.store.works import works
from synth.verify.link_claims import asked

Row = dict[str, Any]
Files = dict[str, bytes]
FORM = 1  # of bundle.json
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": licences.CC_BY,
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}


@dataclass(frozen=True)
class Asked:
    """What a bundle was asked for, and `made`: what was made anew for it (moment, title, not_held)."""

    agent: str
    licence: str  # a web address, or ""
    author: str
    title: str
    private: bool
    made: Row


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
) -> Row:
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
    with atomic.placing(target):
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
            kept = _pdfs(workspace, papers, with_pdfs)
            made = _made(connection, number, settings.author, title, _verifier(workspace, papers), progress)
            files: Files = {places.DATABASE: content, **made.pop("files"), **kept}
            told = _runs(connection, number)
            progress("bundle", 3, 4, "writing")
            asked = Asked(agent, address, settings.author, title, with_pdfs, made)
            written = _finish(connection, number, files, told, papers, asked)
    _write(target, files, written["moment"])
    progress("bundle", 4, 4, target.name)
    return {"path": str(target), "search": number, **written, "notes": made["notes"] + written["notes"]}


def _licence(wanted: str) -> str:
    if not wanted or wanted in LICENCES:
        return LICENCES.get(wanted, "")
    if wanted.startswith("https://") and " " not in wanted:
        return wanted
    raise UsageError(
        f"{wanted!r} is no licence that is known here.",
        f"Use `--license` with one of {', '.join(LICENCES)}, or with the web address of another.",
    )


def _folders(workspace: Workspace, papers: Sequence[Row]) -> list[str]:
    """Folders of this machine that may stand in what programs wrote."""
    with reading(workspace.database) as connection:
        options = [json.loads(row[0]) for row in connection.execute("SELECT options FROM search")]
    told = [str(value) for one in options for value in one.values() if isinstance(value, str) and value[:1] in "/\\"]
    own = [str(Path(row["pdf_path"]).parent) for row in papers if Path(row["pdf_path"]).is_absolute()]
    return [str(workspace.root), str(Path.home()), *told, *own]


def _verifier(workspace: Workspace, papers: Sequence[Row]) -> Any:
    """Verify quotes of the copy against the workspace's own PDFs: the copy names them otherwise."""
    stored = {row["sha256"]: row["pdf_path"] for row in papers if row["sha256"]}

    def verify(path: str, sha256: str, quotes: Sequence[Any]) -> list[bool]:
        if not stored.get(sha256):
            return [False] * len(quotes)
        return verify_quotes(workspace.absolute(stored[sha256]), sha256, quotes)

    return verify


def _pdfs(workspace: Workspace, papers: Sequence[Row], every: bool) -> Files:
    """Those that may be passed on, or all; one whose content is no longer what was read is left out."""
    found: Files = {}
    paths = places.pdf_names(papers)
    for row in papers:
        if row["id"] not in paths or not (every or licences.licence(row)):
            continue
        try:
            content = workspace.absolute(row["pdf_path"]).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == row["sha256"]:
            found[paths[row["id"]]] = content
    return found


# ------------------------------------------------------------------------------------------------ what is made anew


def _made(connection: sqlite3.Connection, number: int, author: str, title: str, verify: Any, progress: Progress) -> Row:
    """Return the report in every format with its pictures, and the references in every format, from the copy."""
    moment = newest(connection)
    progress("bundle", 1, 4, "verifying quotes")
    facts = report.gather(connection, number, author, moment[:10], verify, title, asked())
    progress("bundle", 2, 4, "report")
    files, notes = rendered(connection, facts, f"reports/search-{number}")
    files |= reference_files(connection, number)
    lost = [{"sha256": key[0], "spans": key[1]} for key, held in sorted(facts.quotes_held.items()) if not held]
    return {"files": files, "notes": notes, "moment": moment, "title": facts.title, "not_held": lost}


def rendered(connection: sqlite3.Connection, facts: Facts, folder: str) -> tuple[Files, list[str]]:
    """Return the report's files in every format, and which formats could not be made."""
    reviews = review.review_all(gather.case_of(connection, facts, gather.draft(facts)))
    found = {f"{folder}/{path}": picture.encode() for path, picture in pictures.draw(facts).items()}
    notes = []
    for name in report.format_names():
        try:
            text: str | bytes = report.render(facts, reviews, name)
        except SynthError as error:
            notes.append(f"No report in {name}: {error.what}")
            continue
        found[f"{folder}/report.{name}"] = text if isinstance(text, bytes) else text.encode()
    return found, notes


def reference_files(connection: sqlite3.Connection, number: int) -> Files:
    found = references.works(works(connection, number))
    return {
        f"references/{references.file_name(name)}": references.write(found, name).encode()
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
    seen = hashlib.sha256(__version__.encode())
    for package in ("synth.report", "synth.export"):
        root = Path(str(resources(package)))
        for file in sorted(root.rglob("*")):
            if file.suffix in (".py", ".j2", ".css", ".js", ".toml"):
                seen.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()


# ------------------------------------------------------------------------------------------------ runs


def _runs(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Every run of the search's claims that has ended, with its verdicts, measurements and inputs."""
    rows = connection.execute(
        """SELECT r.* FROM run r JOIN claim c ON c.id = r.claim_id
           WHERE c.search_id = ? AND r.state IN ('done', 'failed') ORDER BY r.id""",
        (number,),
    ).fetchall()
    found = []
    for row in rows:
        run = dict(row) | {name: json.loads(row[name]) for name in ("spec", "gate", "stages", "provenance")}
        run["verdicts"] = run_verdicts(connection, run["id"])
        run["measurements"] = views.measurements(connection, run["id"])
        run["inputs"] = _inputs(run)
        found.append(run)
    return found


def run_verdicts(connection: sqlite3.Connection, run: int) -> list[Row]:
    """Return the verdicts that rest on a run, as they are stored; those of earlier versions without keys for codes."""
    rows = connection.execute("SELECT * FROM verdict WHERE run_id = ? ORDER BY id", (run,))
    codes = ("reason_codes", "deviation_codes")
    found = [dict(row) | {name: json.loads(row[name]) for name in ("deviations", *codes)} for row in rows]
    return [row if row["reason_codes"] else {k: v for k, v in row.items() if k not in codes} for row in found]


def _inputs(run: Mapping[str, Any]) -> list[Row]:
    """Data sets, by the catalogue where they are in it, what was generated, and the published model."""
    known = set(names())
    found = []
    for name, checksum in sorted(run["provenance"].get("data", {}).items()):
        if name in known:
            one = dataset(name)
            about = {"description": one.what, "licence": one.licence, "licence_url": one.licence_url}
            found.append({"name": one.title, "sha256": checksum, "homepage": one.homepage, **about})
        else:
            found.append({"name": name, "sha256": checksum, "description": "Made or loaded by this stage of the run."})
    model = run["spec"].get("laboratory", {}).get("params", {}).get("model")
    if isinstance(model, str) and model and not model.startswith("/"):
        found.append({"name": model, "description": "The model that was tuned and measured."})
    return found


# ------------------------------------------------------------------------------------------------ putting together


def _finish(
    connection: sqlite3.Connection, number: int, files: Files, told: Sequence[Row], papers: Sequence[Row], asked: Asked
) -> Row:
    """Add what tells of the other files: runs, description, texts for people, metadata, checksums."""
    for run in told:
        plain = {key: value for key, value in run.items() if key not in ("verdicts", "measurements", "inputs")}
        files |= runs.files(plain, run["verdicts"], run["measurements"])
    search = views.search(connection, number)
    listed = _papers(papers, files)
    files[places.DESCRIPTION] = runs.text(_description(search, listed, asked))
    files["LICENSE.md"] = licence_text(listed, asked.licence, asked.private).encode()
    files["README.md"] = readme(search, asked.made["title"], listed, told, asked.private).encode()
    files[places.METADATA] = crate.metadata(_subject(search, told, listed, asked), files)
    files[places.MANIFEST] = manifest.written(files)
    return {
        "moment": asked.made["moment"],
        "files": len(files),
        "bytes": sum(map(len, files.values())),
        "fingerprint": hashlib.sha256(files[places.MANIFEST]).hexdigest(),
        "runs": len(told),
        "papers": {"listed": len(listed), "included": sum(bool(row["file"]) for row in listed)},
        "notes": _notes(connection, number, told),
    }


def _description(search: Row, listed: Sequence[Row], asked: Asked) -> Row:
    """bundle.json: what a check needs to make the report again, and what the papers are."""
    return {
        "bundle": FORM,
        "synth": __version__,
        "renderer": renderer(),
        "search": search["id"],
        "question": search["question"],
        "author": asked.author,
        "title": asked.title,
        "date": asked.made["moment"][:10],
        "private": asked.private,
        "quotes_not_held": asked.made["not_held"],
        "papers": listed,
    }


def _subject(search: Row, told: Sequence[Row], listed: Sequence[Row], asked: Asked) -> crate.Subject:
    return crate.Subject(
        search=search,
        title=asked.made["title"],
        description=f"What the literature says on “{search['question']}”, and what experiments measured.",
        moment=asked.made["moment"],
        version=__version__,
        agent=asked.agent,
        licence=asked.licence,
        runs=told,
        licences={row["file"]: row["licence"] for row in listed if row["file"] and row["licence"]},
    )


def _papers(papers: Sequence[Row], files: Mapping[str, bytes]) -> list[Row]:
    """Every PDF that was read: its checksum and address, and the file where it is in the bundle."""
    paths = places.pdf_names(papers)
    return [
        {
            "paper": row["id"],
            "title": row["title"],
            "address": row["url"],
            "sha256": row["sha256"],
            "file": paths[row["id"]] if paths[row["id"]] in files else "",
            "licence": licences.licence(row),
        }
        for row in sorted(papers, key=lambda row: row["id"])
        if row["id"] in paths
    ]


def _notes(connection: sqlite3.Connection, number: int, told: Sequence[Row]) -> list[str]:
    unfinished = connection.execute(
        """SELECT count(*) FROM run r JOIN claim c ON c.id = r.claim_id
           WHERE c.search_id = ? AND r.state NOT IN ('done', 'failed')""",
        (number,),
    ).fetchone()[0]
    notes = [f"{unfinished} runs have not ended: they are in the database alone."] if unfinished else []
    clean = places.cleaner([])
    for run in told:
        spec = json.dumps(run["spec"], ensure_ascii=False)
        if clean(spec) != spec:
            notes.append(
                f"The registered specification of run {run['id']} names a folder of this machine; it is kept as it "
                "is, since its hash was taken before the run."
            )
    return notes


def _write(target: Path, files: Files, moment: str) -> None:
    if target.suffix.lower() == ".zip":
        atomic.write(target, archive.zipped(files, moment))
        return
    with atomic.placing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        archive.write_folder(target, files)
