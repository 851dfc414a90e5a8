"""Exact retrieval in both directions, side by side with sentence-transformers and, if it is installed, mteb.

python -m benchmarks.retrieval [--size 50000] [--threads 1] [--skip-others]

Two workloads of float32 unit vectors, 384 dimensions, k = 4, in one run with the same number of threads for all:
(a) the 112 Tatoeba languages, one after another, with their pool sizes where SYNTH_DATA has them, else 1,000 each;
(b) a pool of --size queries and --size candidates (50,000; 200,000 takes many minutes).
The vectors are drawn at random, a noisy copy on the other side: nothing that is measured depends on what they mean.
sentence-transformers' `semantic_search` at its defaults gives k = 4, called once a direction; mteb's bitext evaluator
gives the one nearest, called once a direction. Every answer of theirs is compared with ours.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import torch

T = TypeVar("T")
Pair = tuple["np.ndarray", "np.ndarray"]  # of queries and candidates, or of ranks in both directions
Search = Callable[["np.ndarray", "np.ndarray"], Pair]
DIMENSION = 384
NEIGHBOURS = 4
CLOSE = 1e-6  # scores that differ less are ties in float32: the others order them as their products happen to round


def vectors(size: int, seed: int) -> Pair:
    import numpy as np

    draw = np.random.default_rng(seed)

    def units(rows: np.ndarray) -> np.ndarray:
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    queries = units(draw.standard_normal((size, DIMENSION), dtype=np.float32))
    return queries, units(queries + 0.05 * draw.standard_normal((size, DIMENSION), dtype=np.float32))


def tatoeba_sizes() -> list[int]:
    from repro.data.library import Library
    from repro.data.rows import rows

    if not os.environ.get("SYNTH_DATA"):
        return [1000] * 112
    located = Library.default().locate("tatoeba")
    return list(Counter(row["lang"] for row in rows(located.file("tatoeba-v1.tsv.gz"))).values())


def ours(queries: np.ndarray, candidates: np.ndarray) -> Pair:
    from repro.retrieval.neighbours import both

    neighbours = both(queries, candidates, NEIGHBOURS)
    return neighbours.forward.indices, neighbours.backward.indices


def semantic_search(queries: np.ndarray, candidates: np.ndarray) -> Pair:
    import numpy as np
    import torch
    from sentence_transformers.util import semantic_search as search

    q, c = torch.from_numpy(queries), torch.from_numpy(candidates)
    ranked = [search(*sides, top_k=NEIGHBOURS) for sides in ((q, c), (c, q))]
    forward, backward = (np.array([[hit["corpus_id"] for hit in hits] for hits in side]) for side in ranked)
    return forward, backward


def mteb_evaluator() -> Search | None:
    """Search with mteb as its bitext tasks run it, or return None where mteb is not installed."""
    try:
        import torch
        from mteb._evaluators.text.bitext_mining_evaluator import (  # type: ignore[import-not-found]
            BitextMiningEvaluator,
        )
        from sentence_transformers.util import cos_sim
    except ImportError:
        return None
    import numpy as np

    evaluator = BitextMiningEvaluator.__new__(BitextMiningEvaluator)

    class Model:
        @staticmethod
        def similarity(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            return cos_sim(a, b)

    def search(queries: np.ndarray, candidates: np.ndarray) -> Pair:
        q, c = torch.from_numpy(queries), torch.from_numpy(candidates)
        hits = [evaluator._similarity_search(*sides, Model()) for sides in ((q, c), (c, q))]
        forward, backward = (np.array([[hit["corpus_id"]] for hit in side]) for side in hits)
        return forward, backward

    return search


def disagreements(expected: Pair, actual: Pair, queries: np.ndarray, candidates: np.ndarray) -> int:
    """Count ranks at which another candidate stands whose score is not a tie, both directions together."""
    count = 0
    for mine, theirs, a, b in zip(expected, actual, (queries, candidates), (candidates, queries), strict=True):
        rows, ranks = (mine[:, : theirs.shape[1]] != theirs).nonzero()
        here, there = ((a[rows] * b[side[rows, ranks]]).sum(axis=1) for side in (mine, theirs))
        count += int((abs(here - there) > CLOSE).sum())
    return count


class Timed(NamedTuple, Generic[T]):
    """Wall and processor seconds; the latter hardly depend on what else the machine is doing."""

    wall: float
    processor: float
    result: T

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s, {self.processor:8.2f} s of processor"


def timed(run: Callable[[], T]) -> Timed[T]:
    wall, processor = time.perf_counter(), time.process_time()
    result = run()
    return Timed(time.perf_counter() - wall, time.process_time() - processor, result)


def peak() -> float:
    """Return the largest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _all(search: Search, pools: list[Pair]) -> list[Pair]:
    return [search(*pool) for pool in pools]


def compare(title: str, pools: list[Pair], others: dict[str, Search]) -> None:
    before = peak()
    mine = timed(partial(_all, ours, pools))
    print(f"{title}\n  repro.retrieval.neighbours   {mine}; memory grew by {peak() - before:.0f} MB", flush=True)
    for name, search in others.items():
        theirs = timed(partial(_all, search, pools))
        pairs = zip(mine.result, theirs.result, pools, strict=True)
        wrong = sum(disagreements(expected, actual, *pool) for expected, actual, pool in pairs)
        times = f"{theirs.wall / mine.wall:.1f} and {theirs.processor / mine.processor:.1f} times ours"
        print(f"  {name:18} {theirs}; {times}; ranks that differ: {wrong}", flush=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--skip-others", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = str(options.threads)  # read by NumPy's and torch's libraries when they are loaded
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads of one library do not starve the other's
    import torch

    from repro.retrieval.neighbours import MEMORY, default_precision

    torch.set_num_threads(options.threads)
    others: dict[str, Search] = {}
    if not options.skip_others:
        others["semantic_search"] = semantic_search
        if mteb := mteb_evaluator():
            others["mteb (1 neighbour)"] = mteb
    print(f"{options.threads} threads, {default_precision('cpu')} products, {MEMORY / 2**20:.0f} MB for blocks")
    for search in (ours, *others.values()):
        search(*vectors(500, 0))  # libraries loaded, threads started
    sizes = tatoeba_sizes()
    pools = [vectors(size, i) for i, size in enumerate(sizes)]
    compare(f"{len(sizes)} Tatoeba languages, {sum(sizes):,} pairs", pools, others)
    del pools
    compare(f"{options.size:,} × {options.size:,}", [vectors(options.size, 0)], others)


if __name__ == "__main__":
    main(sys.argv[1:])
