"""The library at scale: rate of import, time of a query, memory; beside bm25s and plain FAISS exact search.

    python -m benchmarks.library DUMP [--folder DIR] [--vectors LIBRARY] [--queries N] [--words] [--skip-others]

DUMP: JSON lines (benchmarks/generated.py makes large ones). DIR keeps the library, so that a second call
measures queries alone. LIBRARY: a library.db whose records are encoded; the vectors of DUMP's records are then drawn
from its vectors, with noise of 0.3 of their length, because encoding a million abstracts takes days; without it
DUMP's own records are encoded, and with --words none. Queries: titles of records drawn at random, each encoded in the
measured time.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from synth.library import file, imports, meanings, postings
from synth.library.find import Library, lists_file

if TYPE_CHECKING:
    import bm25s  # type: ignore[import-not-found]
    import numpy as np

T = TypeVar("T")
NOISE = 0.3


def peak() -> float:
    """Return the largest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, run: Callable[[], T], count: int = 0) -> T:
    wall, processor = time.perf_counter(), time.process_time()
    result = run()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    rate = f"; {count / wall:,.0f}/s, {count / processor:,.0f} per second of processor" if count else ""
    print(f"{name}: {wall:.1f} s, {processor:.1f} s of processor{rate}; memory up to {peak():,.0f} MB", flush=True)
    return result


def resampled(source: Path) -> meanings.Encode:
    """Return vectors drawn from those of a library, a little away from them."""
    import numpy as np

    with file.reading(source) as db:
        rows = db.execute("SELECT data FROM vector").fetchall()
    real = np.stack([np.frombuffer(data, np.float16) for (data,) in rows]).astype(np.float32)
    draw = np.random.default_rng(7)

    def encode(texts: Sequence[str]) -> np.ndarray:
        noise = draw.standard_normal((len(texts), real.shape[1]), dtype=np.float32)
        noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
        vectors = real[draw.integers(len(real), size=len(texts))] + noise
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return encode


def build(path: Path, dump: Path, vectors: Path | None, words: bool) -> None:
    from synth.models.encoder import Encoder

    with file.writing(path) as db:
        begun = time.process_time()
        if not db.execute("SELECT 1 FROM dump WHERE state = 'done'").fetchone():
            lines = sum(1 for _ in dump.open("rb")) if dump.suffix == ".jsonl" else 32_204
            timed("import", lambda: imports.import_dump(db, dump), lines)
        if postings.needed(db):
            print(f"{timed('packing of frequent words', lambda: postings.pack(db)):,} words")
        if not words and meanings.encoded(db) < file.records(db):
            encoder = Encoder()
            encode = resampled(vectors) if vectors else encoder.encode
            missing = file.records(db) - meanings.encoded(db)
            timed("vectors", lambda: meanings.encode_all(db, encode, encoder.identity), missing)
            print(timed("index of vectors", lambda: meanings.build(db, lists_file(path))))
        if time.process_time() - begun > 1:
            size = sum(f.stat().st_size for f in (path, lists_file(path)) if f.exists())
            print(f"{file.records(db):,} records, {size / 1e6:,.0f} MB on disk")


def spread(name: str, run: Callable[[str], object], queries: list[str]) -> None:
    run(queries[0])
    wall, processor = [], []
    for query in queries:
        start, used = time.perf_counter(), time.process_time()
        run(query)
        wall.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (time.process_time() - used))
    high = statistics.quantiles(processor, n=20)[-1]
    print(
        f"{name}: median {statistics.median(wall):.1f} ms; of processor {statistics.median(processor):.1f} ms, "
        f"95 % under {high:.1f} ms; memory up to {peak():,.0f} MB",
        flush=True,
    )


def others(path: Path, queries: list[str], encode: meanings.Encode) -> None:
    """Run bm25s and FAISS's exact search over the same texts and vectors, all in memory."""
    import faiss
    import numpy as np

    with file.reading(path) as db:
        blocks = list(meanings._blocks(db, 0))
        flat = faiss.IndexFlatIP(blocks[0][1].shape[1])
        for _, vectors in blocks:
            flat.add(vectors)
        spread("FAISS exact", lambda q: flat.search(np.asarray(encode([q]), dtype=np.float32), 100), queries)
        try:
            import bm25s
            import Stemmer  # type: ignore[import-not-found]
        except ImportError:
            print("bm25s is not installed (`pip install -e '.[bench]'`)")
            return
        texts = [f"{title} {title} {abstract}" for title, abstract in db.execute("SELECT title, abstract FROM record")]
    stemmer = Stemmer.Stemmer("english")

    def index() -> bm25s.BM25:
        engine = bm25s.BM25(k1=1.2, b=0.75)
        engine.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
        return engine

    model = timed("bm25s, indexing", index, len(texts))

    def ask(query: str) -> object:
        tokens = bm25s.tokenize(query, stopwords="en", stemmer=stemmer, show_progress=False)
        return model.retrieve(tokens, k=100, show_progress=False)

    spread("bm25s", ask, queries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--skip-others", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "library.db"
        print(f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS')}, load {os.getloadavg()[0]:.1f}")
        build(path, options.dump, options.vectors, options.words)
        with file.reading(path) as db:
            ids = random.Random(5).sample(range(1, file.last_id(db) + 1), options.queries)
            rows = [db.execute("SELECT title FROM record WHERE id = ?", (number,)).fetchone() for number in ids]
        queries = [row[0] for row in rows if row]
        by_words = Library(path)
        spread("words alone", lambda q: by_words.find(q, 20), queries)
        by_words.close()
        if options.words:
            return
        from synth.models.encoder import Encoder

        encode = Encoder().encode
        both = timed("opening the library", lambda: Library(path, encode))
        spread("hybrid", lambda q: both.find(q, 20), queries)
        both.close()
        if not options.skip_others:
            others(path, queries, encode)


if __name__ == "__main__":
    main()
