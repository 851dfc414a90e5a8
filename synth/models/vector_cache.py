"""Cache of sentence vectors on disk, by hash: one SQLite file that several processes may use at once.

What the hash is of has changed once: entries of before bear no numeric type. They are of no use and are dropped.
Vectors are kept as float16. Every entry carries a checksum, so an entry that was damaged reads as absent. A
file that is no SQLite database at all is moved aside and begun anew: a cache holds nothing that cannot be had again.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import SynthError

if TYPE_CHECKING:
    import numpy as np

SCHEMA = "CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, data BLOB, crc INTEGER) WITHOUT ROWID"
VERSION = 2  # of what keys are made of (PRAGMA user_version)
ASK_AT_ONCE = 500  # below SQLite's limit on variables in one statement


class VectorCache:
    """Vectors by key (bytes), in the SQLite file `path`; its directory is made when needed."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Return the float16 vectors at hand for `keys`; absent and damaged entries are left out."""
        import numpy as np

        vectors: dict[bytes, np.ndarray] = {}
        with closing(self._open()) as db:
            for start in range(0, len(keys), ASK_AT_ONCE):
                part = keys[start : start + ASK_AT_ONCE]
                marks = ",".join("?" * len(part))
                rows = db.execute(f"SELECT key, data, crc FROM vector WHERE key IN ({marks})", part)
                for key, data, crc in rows:
                    if isinstance(data, bytes) and len(data) % 2 == 0 and zlib.crc32(key + data) == crc:
                        vectors[key] = np.frombuffer(data, dtype=np.float16)
        return vectors

    def put(self, entries: Iterable[tuple[bytes, np.ndarray]]) -> None:
        """Commit `entries` (key, float16 vector) in one transaction, over damaged ones too."""
        rows = [(key, data := vector.tobytes(), zlib.crc32(key + data)) for key, vector in entries]
        try:
            with closing(self._open()) as db, db:
                db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return self._connect()
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error
        except sqlite3.DatabaseError:
            self._move_aside()
            return self._connect()
        except OSError as error:
            raise self._unusable(error) from error

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=60)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute(SCHEMA)
            db.execute("SELECT key, data, crc FROM vector LIMIT 1").fetchone()
            if _version(db) < VERSION:
                _drop_old(db)
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _move_aside(self) -> None:
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        if self.path.exists():
            os.replace(self.path, f"{self.path}.broken")

    def _unusable(self, error: Exception) -> SynthError:
        return SynthError(
            f"The cache of sentence vectors {self.path} cannot be used: {error}.",
            "Make its directory writable, free some disk space, or choose another place for it.",
        )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _drop_old(db: sqlite3.Connection) -> None:
    """Delete the entries whose keys are of an older kind, once, and give their space back if nobody else reads."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        if _version(db) >= VERSION:
            return  # another process was first
        gone = db.execute("DELETE FROM vector").rowcount
        db.execute(f"PRAGMA user_version = {VERSION}")
    if gone:
        with suppress(sqlite3.OperationalError):  # in use, or no room for a copy
            db.execute("VACUUM")
