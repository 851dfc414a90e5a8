"""Packing the frequent words: for each the rows that have it and BM25's factor in them, three bytes a row.

Packing is resumable word by word, and later records are added to what is there.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable

from synth.library.file import last_id, records, set_state, state, transaction
from synth.library.stems import Stems
from synth.library.words import SCALE, packed_rows, term_rows
from synth.text.content import STOP_WORDS
from synth.text.fts import TERM, spaced

SAMPLE = 20_000  # records in which frequent words are looked for
MIN_ROWS = 1_000  # rows that make a word frequent, and
SHARE = 500  # in large libraries a record in so many
ROWS_AT_ONCE = 500_000  # packed rows between two commits
FRESH = 0.05  # share of records after the packed ones from which on packing is worth while

Progress = Callable[[int, int], None]


def needed(db: sqlite3.Connection) -> bool:
    """Return True if enough records came since the last packing, or were replaced."""
    count = records(db)
    if count < MIN_ROWS:
        return False
    gone = db.execute("SELECT count(*) FROM gone").fetchone()[0]
    return bool(last_id(db) - int(state(db, "packed") or 0) > FRESH * count or gone > FRESH * count)


def pack(db: sqlite3.Connection, progress: Progress = lambda done, total: None) -> int:
    """Pack the frequent words up to the last record; how many there are. Works that are gone are left out."""
    if db.execute("SELECT count(*) FROM gone").fetchone()[0] > FRESH * records(db):
        with transaction(db):
            db.execute("DELETE FROM posting")
            db.execute("DELETE FROM gone")
    words = frequent(db)
    upto, count = last_id(db), records(db)
    waiting = list(words.items())
    while waiting:
        with transaction(db):
            rows = 0
            while waiting and rows <= ROWS_AT_ONCE:
                rows += _pack_one(db, *waiting.pop(), upto, count)
            if not waiting:
                set_state(db, "packed", upto)
        progress(len(words) - len(waiting), len(words))
    return len(words)


def frequent(db: sqlite3.Connection) -> dict[str, str]:
    """Map stem → one of its words, for words that more than MIN_ROWS records have, by a sample. Those packed stay."""
    count = records(db)
    step = max(1, last_id(db) // SAMPLE)
    counts: Counter[str] = Counter()
    read = 0
    for title, abstract in db.execute("SELECT title, abstract FROM record WHERE id % ? = 0", (step,)):
        counts.update({word.lower() for word in TERM.findall(spaced(f"{title} {abstract}"))})
        read += 1
    stems = Stems().of([word for word in counts if word not in STOP_WORDS])
    together: Counter[str] = Counter()
    for word, stem in stems.items():
        together[stem] += counts[word]
    least = max(MIN_ROWS, count / SHARE) * read / max(1, count)
    packed = {stem for (stem,) in db.execute("SELECT stem FROM posting")}
    return {stem: word for word, stem in stems.items() if together[stem] >= least or stem in packed}


def _pack_one(db: sqlite3.Connection, stem: str, word: str, upto: int, count: int) -> int:
    """Bring one word up to `upto`; the number of rows that were written."""
    known = db.execute("SELECT upto FROM posting WHERE stem = ?", (stem,)).fetchone()
    if known and known[0] >= upto:
        return 0
    rows, factor = term_rows(db, word, stem, count)
    low, blocks = packed_rows(rows)
    impact = (factor * SCALE).round().clip(1, 255).astype("uint8").tobytes()
    live = len(rows)
    if known:
        dead = {number for (number,) in db.execute("SELECT id FROM gone")}
        live -= sum(int(row) in dead for row in rows) if dead else 0
    db.execute("INSERT OR REPLACE INTO posting VALUES (?, ?, ?, ?, ?, ?)", (stem, live, upto, low, blocks, impact))
    return len(rows)
