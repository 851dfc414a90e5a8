"""The library's SQLite file: its tables, and opening it. It holds nothing that a dump could not give again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synth.core.errors import SynthError, UsageError
from synth.core.storage_errors import BUSY_SECONDS, translated
from synth.text.fts import TOKENIZER

VERSION = 1
CACHE_MB = 64
ASK_AT_ONCE = 500  # below SQLite's limit on variables in one statement
# Words that FTS5 gathers in memory before it writes a segment: fewer segments, less merging. The default is 1 MB.
GATHERED_BYTES = 32 * 2**20
SCHEMA = f"""
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- An id is never used again: a work that changed gets a new one, so that what was made of the old text is known as old.
CREATE TABLE record (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, source_id TEXT NOT NULL, title TEXT NOT NULL,
    abstract TEXT NOT NULL, authors TEXT NOT NULL, year INTEGER, doi TEXT NOT NULL, version TEXT NOT NULL,
    venue TEXT NOT NULL, comment TEXT NOT NULL, withdrawn INTEGER NOT NULL, UNIQUE (source, source_id));
CREATE VIRTUAL TABLE word USING fts5(title, abstract, content='', tokenize='{TOKENIZER}');
INSERT INTO word(word, rank) VALUES ('hashsize', {GATHERED_BYTES});
-- Frequent words packed for speed: rows up to `upto` (low halves, rows per block of 65,536, BM25 without the idf).
CREATE TABLE posting (
    stem TEXT PRIMARY KEY, rows INTEGER NOT NULL, upto INTEGER NOT NULL,
    low BLOB NOT NULL, blocks BLOB NOT NULL, impact BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE gone (id INTEGER PRIMARY KEY);
CREATE TABLE vector (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE dump (
    id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, path TEXT NOT NULL, format TEXT NOT NULL,
    state TEXT NOT NULL, position INTEGER NOT NULL, lines INTEGER NOT NULL, added INTEGER NOT NULL,
    changed INTEGER NOT NULL, unchanged INTEGER NOT NULL, malformed INTEGER NOT NULL, examples TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT);
INSERT INTO state VALUES ('records', '0');
PRAGMA user_version = {VERSION};
"""


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Provide a connection that may write, the file made if need be. Transactions are begun by `transaction`."""
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(path)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            if _version(db, path) == 0:
                db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
            yield db
        finally:
            db.close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Provide a connection to a library that is there. Raises UsageError if there is none, or nothing in it."""
    db = opened(path)
    try:
        with translated(path):
            yield db
    finally:
        db.close()


def opened(path: Path) -> sqlite3.Connection:
    """Open as `reading` does, for one who closes the connection himself."""
    if not path.exists():
        raise _empty(path)
    with translated(path):
        db = _connect(path)
        try:
            if _version(db, path) == 0 or records(db) == 0:
                raise _empty(path)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def rows_with(
    db: sqlite3.Connection, query: str, values: Sequence[object], *before: object
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `query`, whose last `IN ({})` takes `values`, however many; `before` go in front of them."""
    for start in range(0, len(values), ASK_AT_ONCE):
        part = values[start : start + ASK_AT_ONCE]
        yield from db.execute(query.format(",".join("?" * len(part))), (*before, *part))


def records(db: sqlite3.Connection) -> int:
    """Count the works in the library."""
    return int(state(db, "records") or 0)


def last_id(db: sqlite3.Connection) -> int:
    """Return the highest id that was ever given."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'record'").fetchone()
    return int(row[0]) if row else 0


def state(db: sqlite3.Connection, name: str) -> str:
    row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def set_state(db: sqlite3.Connection, name: str, value: object) -> None:
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, str(value)))


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    db.execute(f"PRAGMA cache_size = -{CACHE_MB * 1024}")
    return db


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise SynthError(
            f"{path} is a library of version {version}; this synth knows version {VERSION}.",
            "Upgrade synth, or move the file away and import the dumps again.",
        )
    return version


def _empty(path: Path) -> UsageError:
    return UsageError(f"There is no library here ({path}).", "Import a dump of metadata: `synth library import FILE`.")
