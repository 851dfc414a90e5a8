"""Ranking by meaning: a vector for every record, exact search in small libraries, FAISS's inverted lists in large ones.

Vectors are float16 in the library's file, committed in groups, so that encoding goes on where it stopped; the FAISS
file beside it is made of them and can be deleted at any time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synth.library.file import records, rows_with, set_state, state, transaction

if TYPE_CHECKING:
    import faiss
    import numpy as np

Encode = Callable[[Sequence[str]], "np.ndarray"]
Progress = Callable[[int, int], None]

GROUP = 512  # records encoded between two commits, in batches of like length
EXACT_UP_TO = 100_000  # vectors; searched one by one below that, in inverted lists above
TRAINED_ON = 50  # vectors for each list
PROBED = 32  # lists that are looked into
GROWN = 4  # times as many vectors as were trained on: train anew
READ_AT_ONCE = 50_000


def text_to_encode(title: str, abstract: str, head: int = 0) -> str:
    """Return the text of a record that is encoded: title and abstract; with `head` their first characters, cut between
    words.
    """
    text = f"{title}. {abstract}".strip()
    return text if not head or len(text) <= head else text[: head + 1].rpartition(" ")[0] or text[:head]


def encoded(db: sqlite3.Connection) -> int:
    """Count the records that have a vector."""
    return int(db.execute("SELECT count(*) FROM vector").fetchone()[0])


def encode_all(
    db: sqlite3.Connection,
    encode: Encode,
    identity: str,
    progress: Progress = lambda done, total: None,
    head: int | None = None,
) -> int:
    """Encode every record that has no vector; how many there were.

    `head`: characters of each that are encoded, 0 for all; None for what was asked the last time (at first, all).
    Vectors of another encoder, or of another `head`, are dropped first.
    """
    head = int(state(db, "head") or 0) if head is None else head
    if (state(db, "encoder"), state(db, "head")) != (identity, str(head)):
        with transaction(db):
            db.execute("DELETE FROM vector")
            db.execute("DELETE FROM state WHERE name = 'lists'")
            set_state(db, "encoder", identity)
            set_state(db, "head", head)
    total, done, fresh = records(db), encoded(db), 0
    progress(done, total)
    while group := _waiting(db):
        vectors = encode([text_to_encode(title, abstract, head) for _, title, abstract in group])
        rows = (
            (number, vector.astype("float16").tobytes()) for (number, *_), vector in zip(group, vectors, strict=True)
        )
        with transaction(db):
            db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)
        fresh += len(group)
        progress(done + fresh, total)
    return fresh


def _waiting(db: sqlite3.Connection) -> list[tuple[int, str, str]]:
    # Ids only rise and records are encoded in their order, so that the search begins behind the last vector.
    last = db.execute("SELECT coalesce(max(id), 0) FROM vector").fetchone()[0]
    query = "SELECT id, title, abstract FROM record WHERE id > ? ORDER BY id LIMIT ?"
    return db.execute(query, (last, GROUP)).fetchall()


class DenseIndex:
    """The vectors of a library, ready to be asked. `None` from `opened` where there are none."""

    def __init__(self, db: sqlite3.Connection, file: Path) -> None:
        self._db = db
        self._lists = _read(file, state(db, "encoder"), state(db, "lists"))
        after = int(json.loads(state(db, "lists"))["upto"]) if self._lists is not None else 0
        self._ids, self._exact = _flat(db, after)

    def rank(self, vector: np.ndarray, depth: int) -> list[tuple[int, float]]:
        """Return the `depth` records nearest to `vector`, shape (dimension,), as (id, cosine), nearest first."""
        import numpy as np

        similarities: dict[int, float] = {}
        if self._lists is not None:
            _, ids = self._lists.search(vector[None, :].astype(np.float32), depth)
            similarities |= self.cosines([int(i) for i in ids[0] if i >= 0], vector)
        if self._exact is not None:
            cosines, rows = self._exact.search(vector[None, :].astype(np.float32), min(depth, len(self._ids)))
            nearest = zip(cosines[0], rows[0], strict=True)
            similarities |= {int(self._ids[row]): float(cosine) for cosine, row in nearest}
        return sorted(similarities.items(), key=lambda pair: (-pair[1], pair[0]))[:depth]

    def cosines(self, ids: Sequence[int], vector: np.ndarray) -> dict[int, float]:
        """Return the exact cosines of these records, without those that have no vector or are gone."""
        import numpy as np

        rows = rows_with(self._db, "SELECT id, data FROM vector WHERE id IN ({})", ids)
        return {number: float(np.frombuffer(data, np.float16).astype(np.float32) @ vector) for number, data in rows}


def build(db: sqlite3.Connection, file: Path, progress: Progress = lambda done, total: None) -> str:
    """Make or complete the inverted lists where there are vectors enough; "exact" or "lists"."""
    count = encoded(db)
    if count <= EXACT_UP_TO:
        with transaction(db):
            db.execute("DELETE FROM state WHERE name = 'lists'")
        file.unlink(missing_ok=True)
        return "exact"
    identity, about = state(db, "encoder"), state(db, "lists")
    lists = _read(file, identity, about)
    known = json.loads(about) if lists is not None else {}
    if lists is None or count > GROWN * known["trained"]:
        lists, known = _trained(db, count), {"trained": count, "upto": 0, "encoder": identity}
    for ids, vectors in _blocks(db, known["upto"]):
        lists.add_with_ids(vectors, ids)
        known["upto"] = int(ids[-1])
        progress(int(lists.ntotal), count)
    _write(lists, file)
    with transaction(db):
        set_state(db, "lists", json.dumps(known | {"vectors": int(lists.ntotal)}))
    return "lists"


def _trained(db: sqlite3.Connection, count: int) -> faiss.IndexIVF:
    """Train empty inverted lists (a byte a dimension), about the root of `count` many, by k-means on a sample."""
    import faiss
    import numpy as np

    number = 2 ** round(np.log2(np.sqrt(count)))
    wanted = TRAINED_ON * number
    step = max(1, count // wanted)
    rows = db.execute("SELECT data FROM vector WHERE id % ? = 0 LIMIT ?", (step, wanted)).fetchall()
    sample = np.stack([np.frombuffer(data, np.float16) for (data,) in rows]).astype(np.float32)
    width = sample.shape[1]
    lists = faiss.index_factory(width, f"IVF{number},SQ8", faiss.METRIC_INNER_PRODUCT)
    assert isinstance(lists, faiss.IndexIVF)
    lists.cp.niter = 10
    lists.train(sample)
    lists.nprobe = min(PROBED, number)
    return lists


def _blocks(db: sqlite3.Connection, after: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (ids, float32 vectors) in the order of ids."""
    import numpy as np

    while True:
        query = "SELECT id, data FROM vector WHERE id > ? ORDER BY id LIMIT ?"
        rows = db.execute(query, (after, READ_AT_ONCE)).fetchall()
        if not rows:
            return
        ids = np.array([number for number, _ in rows], dtype=np.int64)
        data = np.frombuffer(b"".join(data for _, data in rows), dtype=np.float16)
        yield ids, data.reshape(len(rows), -1).astype(np.float32)
        after = int(ids[-1])


def _flat(db: sqlite3.Connection, after: int) -> tuple[np.ndarray, faiss.Index | None]:
    """Return (ids, exact index) of the vectors behind id `after`."""
    import numpy as np

    blocks: list[np.ndarray] = []
    index = None
    for ids, vectors in _blocks(db, after):
        if index is None:
            import faiss

            index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        blocks.append(ids)
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int64), index


def _read(file: Path, identity: str, about: str) -> faiss.Index | None:
    """Return the inverted lists in `file`; None where there are none, or where they are another
    encoder's or damaged.
    """
    if not about or not file.is_file():
        return None
    known = json.loads(about)
    import faiss

    try:
        lists = faiss.read_index(str(file))
    except RuntimeError:
        return None
    return lists if known["encoder"] == identity and lists.ntotal == known["vectors"] else None


def _write(lists: faiss.Index, file: Path) -> None:
    import faiss

    part = file.with_name(f"{file.name}.part")
    faiss.write_index(lists, str(part))
    os.replace(part, file)
