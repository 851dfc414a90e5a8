"""`synth bundle --check`: what of a bundle holds, on a machine that knows nothing of where it was made.

The bundle is a stranger's: nothing is unpacked by its names, every size is bounded, its database must have exactly the
schema of a migrated one, and the network is never asked.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from synth import __version__
from synth.bundle import archive, manifest, places, runs
from synth.bundle.archive import Contents
from synth.bundle.crate import PROFILE
from synth.bundle.write import FORM, bundled, reference_files, rendered, renderer
from synth.core.errors import SynthError, UnreadablePdf, UsageError
from synth.core.estimate import Estimate
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.pdf import Limits, Quotes, verify_files
from synth.report import gather
from synth.store import passages, snapshot, views
from synth.store.database import migrate, reading, revision
from synth.store.rows.claims import Span, StoredQuoteView
from synth.verify.link_claims import asked
from synth.verify.rejudging import Unjudgeable, differences, rejudged

Row = dict[str, Any]
MAX_TEXT = 50 * 2**20  # bytes of a JSON file
MAX_DATABASE = 4 * 2**30
RERENDERED = (".md", ".svg", ".bib", ".ris", ".json")
MAX_SHOWN = 20  # problems of one check that are told in full


@dataclass(frozen=True)
class CheckOutcome:
    """Outcome of one check.

    `holds` None: it could not be checked, and `detail` says why.
    """

    check: str
    holds: bool | None
    detail: str
    problems: list[str] = field(default_factory=list)

    @property
    def shortened(self) -> CheckOutcome:
        """The outcome with as many problems as anyone reads."""
        more = len(self.problems) - MAX_SHOWN
        shown = [*self.problems[:MAX_SHOWN], *([f"… and {more} more"] if more > 0 else [])]
        return CheckOutcome(self.check, self.holds, self.detail, shown)


@dataclass(frozen=True)
class CheckedBundle:
    """Result of checking a bundle: `ok` if nothing does not hold, `complete` if everything could be checked."""

    path: str
    ok: bool
    complete: bool
    fingerprint: str
    checks: list[CheckOutcome]


@dataclass
class Opened:
    """A bundle whose list of files was read. `actual`: name → sha256 of what is there."""

    contents: Contents
    folder: Path  # of our own, for what must be a file to be looked at
    settings: Settings
    papers: Path | None
    progress: Progress
    actual: dict[str, str] = field(default_factory=dict)
    about: Row = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "synth.db"


def check(path: Path, settings: Settings, papers: Path | None = None, progress: Progress = silent) -> CheckedBundle:
    """Check the bundle at `path`, a ZIP or a folder. `papers`: a folder with copies of PDFs, known by checksum.

    Raises SynthError for a file that is no bundle or is made to do harm.
    """
    if papers is not None and not papers.is_dir():
        raise UsageError(f"There is no folder {papers}.", "Name the folder with your copies of the papers.")
    with archive.opened(path) as contents, tempfile.TemporaryDirectory(prefix="synth-check-") as folder:
        if manifest_missing(contents):
            raise SynthError(
                f"{path} has no {places.MANIFEST}: it is no bundle of synth, or a part of one.",
                "Name the ZIP file, or the folder that it was unpacked to.",
            )
        bundle = Opened(contents, Path(folder), settings, papers, progress)
        outcomes = [_guarded("files", _files, bundle), _guarded("metadata", _metadata, bundle)]
        outcomes.append(_guarded("database", _database, bundle))
        rest: list[tuple[str, Callable[[Opened], CheckOutcome]]] = [
            ("specifications", _specifications),
            ("quotes", _quotes),
            ("verdicts", _verdicts),
            ("report", _report),
        ]
        for name, item in rest:
            if outcomes[2].holds:
                outcomes.append(_guarded(name, item, bundle))
            else:
                outcomes.append(CheckOutcome(name, None, "The database cannot be used."))
        fingerprint = hashlib.sha256(contents.read(places.MANIFEST, manifest.MAX_BYTES)).hexdigest()
    return CheckedBundle(
        path=str(path),
        ok=all(item.holds is not False for item in outcomes),
        complete=all(item.holds for item in outcomes),
        fingerprint=fingerprint,
        checks=[item.shortened for item in outcomes],
    )


def manifest_missing(contents: Contents) -> bool:
    return places.MANIFEST not in contents.sizes


def _guarded(name: str, run_check: Callable[[Opened], CheckOutcome], bundle: Opened) -> CheckOutcome:
    """Run a check so that whatever a stranger's content provokes, the others go on."""
    try:
        return run_check(bundle)
    except Exception as error:  # nobody knows all that our code, and the libraries', can be made to raise
        what = error.what if isinstance(error, SynthError) else f"{type(error).__name__}: {error}"
        text = " ".join(str(what).replace(str(bundle.database), places.DATABASE).split())[:300]
        return CheckOutcome(name, False, "It is not what a bundle has.", [text])


# ------------------------------------------------------------------------------------------------ files


def _files(bundle: Opened) -> CheckOutcome:
    """Check every file's checksum; nothing missing, nothing added."""
    contents = bundle.contents
    listed = manifest.parsed(contents.read(places.MANIFEST, manifest.MAX_BYTES))
    problems = [f"refused: {why}" for why in contents.refused]
    names = [name for name in contents.sizes if name != places.MANIFEST]
    for number, name in enumerate(names, 1):
        bundle.progress("check", number, len(names), name)
        try:
            bundle.actual[name], _ = contents.checksum(name)
        except SynthError as error:
            problems.append(error.what)
            continue
        if name not in listed:
            problems.append(f"{name}: added, the list does not have it")
        elif bundle.actual[name] != listed[name]:
            problems.append(f"{name}: changed")
    problems += [f"{name}: missing" for name in listed if name not in contents.sizes]
    held = len(set(listed) & set(bundle.actual)) - sum(bundle.actual.get(n) not in (None, s) for n, s in listed.items())
    return CheckOutcome(
        "files", not problems, f"{held} of {len(listed)} files are as they were when it was made.", problems
    )


def _metadata(bundle: Opened) -> CheckOutcome:
    """Check that the crate's metadata names the same files and checksums, and that bundle.json can be read."""
    graph = _json(bundle, places.METADATA)["@graph"]
    bundle.about = _json(bundle, places.DESCRIPTION)
    if bundle.about["bundle"] != FORM:
        return CheckOutcome(
            "metadata", False, f"The bundle has form {bundle.about['bundle']!r}; this synth reads {FORM}."
        )
    own = (places.METADATA, places.MANIFEST)
    entities = {unquote(entity["@id"]): entity for entity in graph if "File" in _list(entity.get("@type"))}
    problems = [
        f"{name}: not in {places.METADATA}" for name in bundle.actual if name not in entities and name not in own
    ]
    for name, entity in entities.items():
        if entity.get("sha256") != bundle.actual.get(name):
            problems.append(f"{name}: {places.METADATA} has another checksum")
        elif entity.get("contentSize") != str(bundle.contents.sizes.get(name)):
            problems.append(f"{name}: {places.METADATA} has another size")
    root = next(entity for entity in graph if entity["@id"] == "./")
    if PROFILE not in [entity.get("@id") for entity in _list(root.get("conformsTo"))]:
        problems.append(f"the crate does not say that it conforms to {PROFILE}")
    return CheckOutcome(
        "metadata", not problems, f"{len(entities)} files are described in {places.METADATA}.", problems
    )


def _json(bundle: Opened, name: str) -> Any:
    return json.loads(bundle.contents.read(name, MAX_TEXT))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# ------------------------------------------------------------------------------------------------ database


def _database(bundle: Opened) -> CheckOutcome:
    """Check for a sound SQLite file with exactly the schema that migrations give: no view, trigger or table more."""
    if bundle.contents.sizes.get(places.DATABASE, MAX_DATABASE) >= MAX_DATABASE:
        return CheckOutcome("database", False, f"{places.DATABASE} is missing or too large.")
    bundle.contents.copy(places.DATABASE, bundle.database)
    version = revision(bundle.database)  # raises for what is no database, and for a newer schema
    if version is None:
        return CheckOutcome("database", False, f"{places.DATABASE} is empty.")
    fresh = bundle.folder / "fresh.db"
    migrate(fresh, version)
    with closing(_strict(bundle.database)) as connection, closing(sqlite3.connect(fresh)) as expected:
        if snapshot.schema(connection) != snapshot.schema(expected):
            return CheckOutcome("database", False, f"{places.DATABASE} has a schema that synth does not make.")
        problems = [row[0] for row in connection.execute("PRAGMA quick_check(20)") if row[0] != "ok"]
        loose = connection.execute("PRAGMA foreign_key_check").fetchmany(MAX_SHOWN)
        problems += [f"{row[0]}, row {row[1]}: what it refers to in {row[2]} is missing" for row in loose]
        searches = connection.execute("SELECT count(*) FROM search").fetchone()[0]
    return CheckOutcome("database", not problems, f"Sound, schema {version}, {searches} search.", problems)


def _strict(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _specifications(bundle: Opened) -> CheckOutcome:
    """Check that each run's specification has the registered hash, and that the run's files match the database."""
    problems = []
    with reading(bundle.database) as connection:
        stored = views.stored_runs(connection)
        for run in stored:
            if hashlib.sha256(runs.canonical(run.spec)).hexdigest() != run.spec_hash:
                problems.append(f"run {run.id}: the specification does not have the hash that was registered")
            if run.started and run.registered > run.started:
                problems.append(f"run {run.id}: registered after it had started")
            expected = runs.files(bundled(connection, run))
            problems += _unlike(bundle, expected, "is not what the database says")
    return CheckOutcome("specifications", not problems, f"{len(stored)} runs, specification as registered.", problems)


def _unlike(bundle: Opened, expected: Mapping[str, bytes], why: str) -> list[str]:
    """List the files that are not, byte for byte, what was rendered anew."""
    return [
        f"{name}: {why}"
        for name, content in expected.items()
        if bundle.actual.get(name) != hashlib.sha256(content).hexdigest()
    ]


# ------------------------------------------------------------------------------------------------ quotes


def _quotes(bundle: Opened) -> CheckOutcome:
    """Check every stored quote against the PDFs that are in the bundle or in the folder of --papers."""
    with reading(bundle.database) as connection:
        rows = passages.quotes(connection, None)
    by_sha: dict[str, list[StoredQuoteView]] = {}
    for row in rows:
        by_sha.setdefault(row.sha256, []).append(row)
    files = _pdfs(bundle, set(by_sha))
    here = [sha for sha in by_sha if sha in files]
    requests = [Quotes(files[sha], sha, [(row.spans, row.quote) for row in by_sha[sha]]) for sha in here]
    limits = Limits(pages=bundle.settings.max_pages, file_bytes=bundle.settings.max_pdf_mb * 2**20)
    problems, held, checked = [], 0, 0
    for number, outcome in verify_files(requests, bundle.settings.jobs, limits):
        own = by_sha[here[number]]
        answers = [False] * len(own) if isinstance(outcome, UnreadablePdf) else outcome
        checked += len(own)
        held += sum(answers)
        lost = [row for row, holds in zip(own, answers, strict=True) if not holds]
        problems += [f"work {row.paper}, page {row.page}: {' '.join(row.quote.split())[:80]!r}" for row in lost]
    if not checked:
        return CheckOutcome("quotes", None if rows else True, f"{len(rows)} quotes, and no PDF to hold them against.")
    left = len(rows) - checked
    detail = f"{held} of {checked} quotes stand in their PDFs ({len(here)} PDFs)"
    detail += f"; {left} more are from {len(by_sha) - len(here)} PDFs that are not here." if left else "."
    return CheckOutcome("quotes", False if problems else None if left else True, detail, problems)


def _pdfs(bundle: Opened, wanted: set[str]) -> dict[str, Path]:
    """Map sha256 to a file of our own, or of the user's."""
    by_checksum: dict[str, Path] = {}
    largest = bundle.settings.max_pdf_mb * 2**20
    for name, sha in bundle.actual.items():
        if sha in wanted and sha not in by_checksum and bundle.contents.sizes[name] <= largest:
            by_checksum[sha] = bundle.folder / f"{len(by_checksum)}.pdf"
            bundle.contents.copy(name, by_checksum[sha])
    for file in sorted(bundle.papers.rglob("*")) if bundle.papers else []:
        if file.suffix.lower() == ".pdf" and file.is_file() and file.stat().st_size <= largest:
            with file.open("rb") as opened:
                sha = hashlib.file_digest(opened, "sha256").hexdigest()
            if sha in wanted:
                by_checksum.setdefault(sha, file.resolve())
    return by_checksum


# ------------------------------------------------------------------------------------------------ verdicts, report


def _verdicts(bundle: Opened) -> CheckOutcome:
    """Judge each run again from its measurements by the registered rule, and compare the newest verdict."""
    problems, left, judged_anew = [], [], 0
    with reading(bundle.database) as connection:
        for run in views.stored_runs(connection):
            stored = views.stored_verdicts(connection, run.id)
            if not stored:
                continue
            try:
                outcome = rejudged(run, views.measurements(connection, run.id))
            except Unjudgeable as error:
                left.append(f"run {run.id}: {error}")
                continue
            judged_anew += 1
            newest = stored[-1]
            then = Estimate(newest.estimate, newest.ci_low, newest.ci_high, newest.seeds, 0)
            problems += [f"run {run.id}: {what}" for what in differences(newest.verdict, then, outcome)]
    detail = (
        f"{judged_anew} verdicts follow from their measurements"
        if not problems
        else f"{judged_anew} verdicts judged again"
    )
    detail += f"; not judged again: {'; '.join(left)}." if left else "."
    return CheckOutcome("verdicts", False if problems else None if left else True, detail, problems)


def _report(bundle: Opened) -> CheckOutcome:
    """Render report and references again from the database, and compare them byte for byte."""
    about = bundle.about
    if not about:
        return CheckOutcome("report", None, f"{places.DESCRIPTION} cannot be read.")
    if (about["synth"], about["renderer"]) != (__version__, renderer()):
        return CheckOutcome("report", None, f"It was written by another state of synth ({about['synth']}).")
    lost = {(quote["sha256"], tuple(tuple(span) for span in quote["spans"])) for quote in about["quotes_not_held"]}

    def verify(path: str, sha256: str, quotes: Sequence[tuple[Sequence[Span], str]]) -> list[bool]:
        return [(sha256, tuple(tuple(span) for span in spans)) not in lost for spans, _ in quotes]

    with reading(bundle.database) as connection:
        number = views.search_id(connection, about["search"])
        facts = gather(connection, number, about["author"], about["date"], verify, about["title"], asked())
        rerendered, _ = rendered(connection, facts, f"reports/search-{number}")
        rerendered |= reference_files(connection, number)
    # Markdown is the canonical report: the other formats show the same, and may show pages of PDFs that are not here.
    rerendered = {name: content for name, content in rerendered.items() if name.endswith(RERENDERED)}
    problems = _unlike(bundle, rerendered, "is not what the database gives")
    return CheckOutcome(
        "report", not problems, f"{len(rerendered)} files of report and references, made again.", problems
    )
