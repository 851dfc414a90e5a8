"""From the lines of a dump to records. Every batch is one transaction with its place in the dump: a kill loses one
batch at most, the same command goes on after it, and a line that was imported before is not stored twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from synth.core.errors import UsageError
from synth.library.dump import MAX_LINE, CutDump, Dump, DumpLine, fingerprint
from synth.library.file import last_id, records, rows_with, set_state, transaction
from synth.library.formats import FORMATS, LibraryWork, MalformedEntry, detect, parse
from synth.library.stems import Stems
from synth.text.fts import spaced

BATCH = 10_000  # lines in a transaction
EXAMPLES = 10  # malformed lines that are told with their reason
COLUMNS = ", ".join(LibraryWork._fields)

Fraction = Callable[[float], None]


@dataclass(frozen=True)
class DumpCounts:
    """Lines of a dump by what became of them, all runs together, with examples of the malformed ones."""

    path: str
    format: str
    state: str  # running | done | cut
    lines: int
    added: int
    changed: int
    unchanged: int
    malformed: int
    examples: list[str]


@dataclass(frozen=True)
class ImportedDump(DumpCounts):
    """A dump of the library, with the times of its import (ISO 8601; None: not at its end yet)."""

    started: str
    finished: str | None


@dataclass
class Import:
    """Progress of the import of one dump. `lines` = added + changed + unchanged + malformed + blank ones."""

    id: int
    path: str
    format: str = ""
    state: str = "running"  # running | done | cut
    position: int = 0
    lines: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    malformed: int = 0
    examples: list[str] = field(default_factory=list)


def import_dump(
    db: sqlite3.Connection, path: Path, kind: str = "", progress: Fraction = lambda fraction: None
) -> Import:
    """Import the dump at `path`, or go on with it; one that is done is left as it is. `kind`: a format, "" = detect.

    Raises UsageError if the file cannot be read, or none of its first lines is of a known format; CutDump after
    all whole lines of a damaged file are stored.
    """
    job = _begin(db, path, kind)
    if job.state == "done":
        return job
    stems = Stems()
    with Dump(path) as dump:
        waiting = _batches(dump.lines(job.position, job.lines))
        cut: CutDump | None = None
        while True:
            try:
                batch = next(waiting, None)
            except CutDump as error:
                batch, cut = None, error
            if batch is None:
                break
            _store_batch(db, job, batch, stems)
            progress(dump.fraction)
    _end(db, job, "cut" if cut else "done")
    if cut:
        raise cut
    return job


def check(path: Path, kind: str = "") -> str:
    """Return the format that `path` will be read in: `kind`, or what its lines look like.

    UsageError if there is none.
    """
    if kind and kind not in FORMATS:
        raise UsageError(f"There is no format `{kind}`.", f"There are: {', '.join(FORMATS)}.")
    with Dump(path):
        return kind or _detected(path)


def is_done(db: sqlite3.Connection, path: Path) -> bool:
    """Return True if this very file was imported to its end."""
    row = db.execute("SELECT state FROM dump WHERE fingerprint = ?", (fingerprint(path),)).fetchone()
    return row is not None and row[0] == "done"


def overview(db: sqlite3.Connection) -> list[ImportedDump]:
    """Return the dumps that were imported, in order."""
    names = [known.name for known in fields(ImportedDump)]
    rows = db.execute(f"SELECT {', '.join(names)} FROM dump ORDER BY id").fetchall()
    dumps = [dict(zip(names, row, strict=True)) for row in rows]
    return [ImportedDump(**dump | {"examples": json.loads(dump["examples"])}) for dump in dumps]


def _batches(lines: Iterator[DumpLine]) -> Iterator[list[DumpLine]]:
    """Yield the lines in batches; what came before a cut is given before the cut is raised."""
    batch: list[DumpLine] = []
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except CutDump:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _begin(db: sqlite3.Connection, path: Path, kind: str) -> Import:
    key = fingerprint(path)
    names = [known.name for known in fields(Import)]
    row = db.execute(f"SELECT {', '.join(names)} FROM dump WHERE fingerprint = ?", (key,)).fetchone()
    if row:
        values = dict(zip(names, row, strict=True))
        return Import(**values | {"examples": json.loads(values["examples"])})
    kind = check(path, kind)
    with transaction(db):
        cursor = db.execute(
            "INSERT INTO dump VALUES (NULL, ?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, '[]', ?, NULL)",
            (key, str(path), kind, _now()),
        )
    return Import(int(cursor.lastrowid or 0), str(path), kind)


def _detected(path: Path) -> str:
    """Return the format of the first line that tells one; only a batch of lines is looked at."""
    with Dump(path) as dump:
        try:
            for line in next(_batches(dump.lines()), []):
                try:
                    if kind_of_line := detect(parse(line.text or b"")):
                        return kind_of_line
                except MalformedEntry:
                    continue
        except CutDump:
            pass
    raise UsageError(
        f"{path} has no line of a known format.",
        "JSON lines of the ACL Anthology or of arXiv's bulk metadata are read, plain, .gz or .xz.",
    )


def _store_batch(db: sqlite3.Connection, job: Import, batch: Sequence[DumpLine], stems: Stems) -> None:
    read = FORMATS[job.format]
    with transaction(db):
        works: dict[str, LibraryWork] = {}
        for line in batch:
            try:
                if line.text is None:
                    raise MalformedEntry(f"longer than {MAX_LINE:,} bytes")
                if line.text.isspace():
                    continue
                work = read(parse(line.text))
            except MalformedEntry as reason:
                job.malformed += 1
                if len(job.examples) < EXAMPLES:
                    job.examples.append(f"line {line.number}: {reason}")
                continue
            if work.source_id in works:  # told twice: the later one counts, after the earlier one
                _store(db, job, works, stems)
                works = {}
            works[work.source_id] = work
        _store(db, job, works, stems)
        job.position, job.lines = batch[-1].end, batch[-1].number
        _save(db, job)


def _store(db: sqlite3.Connection, job: Import, works: dict[str, LibraryWork], stems: Stems) -> None:
    """Add what is new, replace what has changed."""
    known = _known(db, works)
    old = [(number, before) for number, before in known.values() if before != works[before.source_id]]
    fresh = [work for key, work in works.items() if key not in known or known[key][1] != work]
    if old:
        _remove(db, old, stems)
    first = last_id(db) + 1
    marks = ", ".join("?" * (1 + len(LibraryWork._fields)))
    db.executemany(
        f"INSERT INTO record (id, {COLUMNS}) VALUES ({marks})",
        ((number, *work) for number, work in enumerate(fresh, first)),
    )
    db.executemany(
        "INSERT INTO word (rowid, title, abstract) VALUES (?, ?, ?)",
        ((number, spaced(work.title), spaced(work.abstract)) for number, work in enumerate(fresh, first)),
    )
    set_state(db, "records", records(db) + len(fresh) - len(old))
    job.added += len(fresh) - len(old)
    job.changed += len(old)
    job.unchanged += len(works) - len(fresh)


def _known(db: sqlite3.Connection, works: dict[str, LibraryWork]) -> dict[str, tuple[int, LibraryWork]]:
    """Return (id, as stored) of those of `works` that are in the library, by their source's id. All are of one
    source.
    """
    stored: dict[str, tuple[int, LibraryWork]] = {}
    keys = list(works)
    if not keys or not records(db):
        return stored
    query = f"SELECT id, {COLUMNS} FROM record WHERE source = ? AND source_id IN ({{}})"
    for number, *values in rows_with(db, query, keys, works[keys[0]].source):
        work = LibraryWork(*values)
        stored[work.source_id] = (number, work)
    return stored


def _remove(db: sqlite3.Connection, old: Sequence[tuple[int, LibraryWork]], stems: Stems) -> None:
    """Take works out of all tables; packed words keep them until they are packed anew, counted as gone."""
    ids = [(number,) for number, _ in old]
    db.executemany(
        "INSERT INTO word (word, rowid, title, abstract) VALUES ('delete', ?, ?, ?)",
        ((number, spaced(work.title), spaced(work.abstract)) for number, work in old),
    )
    db.executemany("DELETE FROM record WHERE id = ?", ids)
    db.executemany("DELETE FROM vector WHERE id = ?", ids)
    db.executemany("INSERT INTO gone VALUES (?)", ids)
    for number, work in old:
        terms = stems.all(f"{spaced(work.title)} {spaced(work.abstract)}")
        db.executemany(
            "UPDATE posting SET rows = rows - 1 WHERE stem = ? AND upto >= ?", ((stem, number) for stem in terms)
        )


def _save(db: sqlite3.Connection, job: Import) -> None:
    values = asdict(job) | {"examples": json.dumps(job.examples)}
    names = [name for name in values if name not in ("id", "path")]
    assignments = ", ".join(f"{name} = :{name}" for name in names)
    db.execute(f"UPDATE dump SET {assignments} WHERE id = :id", values)


def _end(db: sqlite3.Connection, job: Import, how: str) -> None:
    job.state = how
    with transaction(db):
        _save(db, job)
        db.execute("UPDATE dump SET finished = ? WHERE id = ?", (_now(), job.id))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
