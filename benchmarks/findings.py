"""Retrieval quality of the library: a known-item and a citation-like test set made from ACL records.

    python -m benchmarks.findings DUMP [--records N] [--queries N] [--half development|test] [--folder DIR]

The text of a query is taken out of its paper before anything is indexed, so that no query stands in the index:
known item: one half of the abstract's sentences, without the words of the title (by stem); the rest is indexed;
citation: one sentence of the abstract, as it is; the rest is indexed.
A paper has one query at most. Papers are divided by the SHA-256 of their id: choices are made on the development half,
reported is the test half. Measured: MRR, recall@20, nDCG over the first 100 places. --records takes the first N records
by that hash, for development; DIR keeps the library with its vectors.
Compared: words (BM25), meaning (dense), both (fused); bm25s where it is installed, FAISS exact over the same vectors,
and with --full the vectors of whole texts as `SentenceTransformer.encode` gives them at its defaults.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.anthology import AnthologyPaper, read
from benchmarks.generated import SENTENCE_END
from synth.library import file, imports, meanings, postings
from synth.library.find import Library, lists_file
from synth.library.words import LexicalIndex
from synth.text.content import stem
from synth.text.fusion import fuse

if TYPE_CHECKING:
    from synth.models.encoder import Encoder

WORD = re.compile(r"[^\W_]+")
DEPTH = 100
MIN_SENTENCES, MIN_WORDS = 4, 6


class Query(NamedTuple):
    kind: str  # known item | citation
    half: str  # development | test
    text: str
    paper: str


def digest(identifier: str) -> int:
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:8], "big")


def prepared(records: Sequence[AnthologyPaper], count: int) -> tuple[list[AnthologyPaper], list[Query]]:
    """Return the records without what is asked for, and `count` queries of each kind in each half."""
    left = {(kind, half): count for kind in ("known item", "citation") for half in ("development", "test")}
    entries, queries = [], []
    for record in sorted(records, key=lambda record: digest(record["id"])):
        number = digest(record["id"])
        half, kind = ("development", "test")[number % 2], ("known item", "citation")[number // 2 % 2]
        query = held_out(record, kind) if left[kind, half] else None
        if query:
            text, rest = query
            queries.append(Query(kind, half, text, f"acl:{record['id']}"))
            record = {**record, "abstract": rest}
            left[kind, half] -= 1
        entries.append(record)
    return entries, queries


def held_out(record: AnthologyPaper, kind: str) -> tuple[str, str] | None:
    """Return (query, abstract without it), or None for an abstract that is too short."""
    sentences = SENTENCE_END.split(record["abstract"])
    if len(sentences) < MIN_SENTENCES:
        return None
    draw = random.Random(record["id"])
    if kind == "citation":
        place = draw.randrange(len(sentences))
        text, rest = sentences[place], sentences[:place] + sentences[place + 1 :]
    else:
        middle = len(sentences) // 2
        parts = [sentences[:middle], sentences[middle:]]
        draw.shuffle(parts)
        title = {stem(word) for word in WORD.findall(record["title"])}
        words = (w for w in " ".join(parts[0]).split() if not {stem(x) for x in WORD.findall(w)} & title)
        text, rest = " ".join(words), parts[1]
    return (text, " ".join(rest)) if len(text.split()) >= MIN_WORDS else None


def scores(ranks: Sequence[int | None]) -> tuple[float, float, float]:
    """Return (MRR, recall@20, nDCG) of the papers' places; None is not among the first DEPTH."""
    count = len(ranks)
    return (
        sum(1 / rank for rank in ranks if rank) / count,
        sum(1 for rank in ranks if rank and rank <= 20) / count,
        sum(1 / math.log2(1 + rank) for rank in ranks if rank) / count,
    )


def report(name: str, rank: Callable[[str], Sequence[str]], queries: Sequence[Query]) -> None:
    start = time.perf_counter()
    places: dict[str, list[int | None]] = {}
    for query in queries:
        ranked = list(rank(query.text))
        place = ranked.index(query.paper) + 1 if query.paper in ranked else None
        places.setdefault(query.kind, []).append(place)
    each = 1000 * (time.perf_counter() - start) / len(queries)
    for kind, ranks in places.items():
        mrr, recall, gain = scores(ranks)
        print(f"| {kind} ({len(ranks)}) | {name} | {mrr:.4f} | {recall:.4f} | {gain:.4f} | {each:.1f} |", flush=True)


def build(path: Path, entries: Sequence[AnthologyPaper], encoder: Encoder, head: int) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as dump, file.writing(path) as db:
        if not file.records(db):
            dump.writelines(json.dumps(entry) + "\n" for entry in entries)
            dump.flush()
            imports.import_dump(db, Path(dump.name))
        if postings.needed(db):
            postings.pack(db)

        def progress(done: int, total: int) -> None:
            print(f"encoded {done:,} of {total:,}", file=sys.stderr, flush=True)

        encoder.encode(["The model is loaded before the clock starts."])
        start = time.process_time()
        if fresh := meanings.encode_all(db, encoder.encode, encoder.identity, progress, head):
            rate = fresh / (time.process_time() - start)
            print(f"synth library index: {rate:.1f} texts a second of processor", file=sys.stderr)
        meanings.build(db, lists_file(path))


def compare(path: Path, queries: Sequence[Query], encoder: Encoder, full: bool) -> None:
    """Print a row for each way of ranking and each kind of query."""
    db = file.opened(path)
    names = {n: f"acl:{source_id}" for n, source_id in db.execute("SELECT id, source_id FROM record")}
    encoder.encode([query.text for query in queries])  # queries are encoded once, into the cache
    words, vectors = LexicalIndex(db), meanings.DenseIndex(db, lists_file(path))

    def by_words(text: str) -> list[int]:
        return [number for number, _ in words.rank(text, DEPTH).best]

    def by_meaning(text: str) -> list[int]:
        return [number for number, _ in vectors.rank(encoder.encode([text])[0], DEPTH)]

    def named(rank: Callable[[str], Sequence[int]]) -> Callable[[str], list[str]]:
        return lambda text: [names[number] for number in rank(text)]

    print("| queries | ranking | MRR | recall@20 | nDCG@100 | ms |\n|---|---|---|---|---|---|")
    report("words", named(by_words), queries)
    report("meaning", named(by_meaning), queries)

    def by_both(damping: int, text: str) -> list[int]:
        return [number for number, _ in fuse([by_words(text), by_meaning(text)], damping)][:DEPTH]

    for damping in (10, 60):
        report(f"both, by reciprocal rank with {damping}", named(partial(by_both, damping)), queries)
    library = Library(path, encoder.encode)
    report(
        "both, as `synth library find`",
        lambda text: [f.record.source_id for f in library.find(text, DEPTH).hits],
        queries,
    )
    library.close()
    rows = db.execute("SELECT id, title, abstract FROM record ORDER BY id").fetchall()
    if full:
        report("meaning, whole texts", named(whole_texts(rows, encoder)), queries)
    if lexical := bm25s_ranking(rows):
        report("bm25s", named(lexical), queries)
    db.close()


def whole_texts(rows: Sequence[tuple[int, str, str]], encoder: Encoder) -> Callable[[str], list[int]]:
    """Search with FAISS (exact) over vectors of title and abstract, from sentence-transformers at its defaults."""
    import faiss
    import numpy as np

    library = encoder._transformer
    texts = [f"{title}. {abstract}" for _, title, abstract in rows]
    start = time.process_time()
    vectors = library.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    print(
        f"SentenceTransformer.encode, whole texts: {len(texts) / (time.process_time() - start):.1f} texts a second of"
        " processor",
        file=sys.stderr,
    )
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.asarray(vectors, dtype=np.float32))

    def rank(text: str) -> list[int]:
        return [rows[row][0] for row in index.search(encoder.encode([text]), DEPTH)[1][0]]

    return rank


def bm25s_ranking(rows: Sequence[tuple[int, str, str]]) -> Callable[[str], list[int]] | None:
    """Rank with bm25s, its English stop words and a Snowball stemmer, the title twice; None if not installed."""
    try:
        import bm25s  # type: ignore[import-not-found]
        import Stemmer  # type: ignore[import-not-found]
    except ImportError:
        print("bm25s is not installed (`pip install -e '.[bench]'`)", file=sys.stderr)
        return None
    stemmer = Stemmer.Stemmer("english")
    model = bm25s.BM25(k1=1.2, b=0.75)
    texts = [f"{title} {title} {abstract}" for _, title, abstract in rows]
    model.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def rank(text: str) -> list[int]:
        tokens = bm25s.tokenize(text, stopwords="en", stemmer=stemmer, show_progress=False)
        return [rows[row][0] for row in model.retrieve(tokens, k=DEPTH, show_progress=False).documents[0]]

    return rank


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", type=Path)
    parser.add_argument("--records", type=int, default=10**9)
    parser.add_argument("--queries", type=int, default=500, help="of each kind in each half")
    parser.add_argument("--half", choices=("development", "test"), default="development")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--head", type=int, default=0, help="characters of each record that are encoded; 0: all")
    parser.add_argument("--full", action="store_true", help="also the library's vectors of whole texts")
    options = parser.parse_args()
    from synth.models.encoder import Encoder

    records = sorted(read(options.dump), key=lambda record: digest(record["id"]))[: options.records]
    entries, queries = prepared(records, options.queries)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        build(folder / "library.db", entries, Encoder(), options.head)
        chosen = [query for query in queries if query.half == options.half]
        compare(folder / "library.db", chosen, Encoder(cache=folder / "queries.db"), options.full)


if __name__ == "__main__":
    main()
