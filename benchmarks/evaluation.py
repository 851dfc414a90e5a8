"""From claims and a corpus on disk to predictions, nothing cached: seconds of the wall and of the processor by stage.

python -m benchmarks.evaluation [--claims 500] [--documents 5000]

The corpus is made of real abstracts (the ACL Anthology's where SYNTH_DATA has them), the claims are the last sentences
of further abstracts. What is judged rightly is not looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from itertools import islice, pairwise
from pathlib import Path
from typing import TypedDict

from benchmarks.anthology import DUMP, read
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.eval.evaluate import Request, evaluate


class CorpusLine(TypedDict):
    """A document of a corpus in the SciFact format; `abstract`: its sentences."""

    doc_id: int
    title: str
    abstract: list[str]


def abstracts(count: int) -> list[CorpusLine]:
    """Return `count` documents spread over the whole file, in the SciFact format."""
    rows = read(Path(os.environ["SYNTH_DATA"]) / DUMP)
    step = max(1, len(rows) // count)
    chosen = islice(rows, 0, None, step)
    return [
        {"doc_id": i, "title": row["title"], "abstract": re.split(r"(?<=[.!?])\s+(?=[A-Z])", row["abstract"])}
        for i, row in enumerate(islice(chosen, count))
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=500)
    parser.add_argument("--documents", type=int, default=5000)
    options = parser.parse_args()
    if not os.environ.get("SYNTH_DATA"):
        sys.exit("SYNTH_DATA names no folder with real abstracts.")
    documents = abstracts(options.claims + options.documents)
    rest = documents[:: len(documents) // options.claims][: options.claims]
    taken = {row["doc_id"] for row in rest}
    corpus = [row for row in documents if row["doc_id"] not in taken]
    marks: list[tuple[str, float, float]] = [("read", time.perf_counter(), time.process_time())]

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        if stage != marks[-1][0]:
            marks.append((stage, time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        claims = [{"id": row["doc_id"], "claim": row["abstract"][-1]} for row in rest]
        (root / "claims.jsonl").write_text("".join(json.dumps(row) + "\n" for row in claims))
        (root / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus))
        request = Request(root / "claims.jsonl", root / "corpus.jsonl", root / "predictions.jsonl")
        result = evaluate(Workspace(root), Settings(), request, progress)
    marks.append(("end", time.perf_counter(), time.process_time()))
    print(f"{result['claims']} claims, {result['documents']} documents, {result['candidates']} pairs judged")
    for (stage, wall, processor), (_, later, more) in pairwise(marks):
        print(f"{stage}: {later - wall:.1f} s, {more - processor:.1f} s of the processor")
    print(f"all: {marks[-1][1] - marks[0][1]:.1f} s, {marks[-1][2] - marks[0][2]:.1f} s of the processor")


if __name__ == "__main__":
    main()
