"""Speed of encoding texts, beside SentenceTransformer.encode at its defaults, on the same texts in one process.

    python benchmarks/encoding.py TEXTS [--limit N] [--repeats N]

TEXTS: a file with one text per line, JSON lines with an "abstract" (plain, .gz or .xz), or a folder of .txt files.
Abstracts are split into sentences. The two run in turn, so that a busy machine slows both. Prints JSON.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from synth.evidence.candidates import EvidenceClaim, PassageCandidate
from synth.evidence.gather import gather
from synth.models.encoder import Encoder


def lines(path: Path) -> Iterator[str]:
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            yield from file.read_text(encoding="utf-8", errors="replace").splitlines()
        return
    with _opened(path) as stream:
        yield from stream


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def sentences(path: Path, limit: int) -> list[str]:
    """Return the first `limit` sentences of at least four words, repeats included as they come."""
    collected: list[str] = []
    for line in lines(path):
        text = json.loads(line)["abstract"] if line.startswith("{") else line
        collected += [s for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.strip()) if len(s.split()) > 3]
        if len(collected) >= limit:
            break
    return collected[:limit]


def seconds(function: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--limit", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    texts = sentences(options.texts, options.limit)
    encoder = Encoder()
    library = encoder._transformer
    library.encode(texts[:64], show_progress_bar=False)  # warm up
    plain, ours, cached = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(options.repeats):
            keeping = Encoder(cache=Path(folder) / f"{repeat}.sqlite")
            keeping._transformer = library
            assert keeping.identity == encoder.identity  # hashed before the clock starts
            plain.append(seconds(lambda: library.encode(texts, show_progress_bar=False)))
            ours.append(seconds(keeping.encode, texts))
            cached.append(seconds(keeping.encode, texts))
        passages = [PassageCandidate(i, i // 100, text) for i, text in enumerate(texts)]
        claims = [EvidenceClaim(i, texts[i], sources=frozenset({i}), papers=frozenset({i // 100})) for i in range(100)]
        judged = seconds(lambda: list(gather(claims, passages, keeping)))
    json.dump(
        {
            "texts": len(texts),
            "distinct": len(set(texts)),
            "threads": int(os.environ.get("OMP_NUM_THREADS", 0)) or os.cpu_count(),
            "library defaults, texts/s": round(len(texts) / statistics.median(plain)),
            "synth with a cold cache, texts/s": round(len(texts) / statistics.median(ours)),
            "synth with a warm cache, texts/s": round(len(texts) / statistics.median(cached)),
            "claim to stance, ms/claim": round(1000 * judged / len(claims), 1),
        },
        sys.stdout,
        indent=2,
    )


if __name__ == "__main__":
    main()
