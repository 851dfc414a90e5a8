"""ONNX Runtime, in float32 and int8, beside PyTorch on the same batches: time, vectors, labels.

    python -m tests.benchmarks.quantized [--texts 400] [--pairs 800] [--threads 1]

The packaged encoder and the stance model are exported (`pip install -e '.[bench]'`), and quantized to int8 with one
scale for each output channel (dynamic activations). Texts are abstracts of the ACL Anthology; pairs are two sentences
of one abstract. Ways take turns, and each has its best of two rounds, in seconds of the processor.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from synth.evidence import crossencoder
from synth.evidence.batching import batches
from synth.evidence.crossencoder import CrossEncoder
from synth.evidence.encoder import Encoder
from tests.benchmarks.evaluation import FILE

ROUNDS = 2
Rows = list[dict[str, list[int]]]
Forward = Callable[[dict[str, np.ndarray]], np.ndarray]


class Outcome(NamedTuple):
    seconds: float
    rows: np.ndarray


def abstracts(count: int) -> list[str]:
    with lzma.open(Path(os.environ["SYNTH_DATA"]) / FILE, "rt", encoding="utf-8") as stream:
        texts = [row["abstract"] for row in map(json.loads, stream) if len(row["abstract"]) > 400]
    return texts[:: max(1, len(texts) // count)][:count]


def pairs_of(texts: Sequence[str], count: int) -> list[tuple[str, str]]:
    """(last sentence, another sentence) of each text in turn."""
    found = []
    for text in texts:
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
        found += [(sentences[-1], other) for other in sentences[:-1]]
    return found[:: max(1, len(found) // count)][:count]


def export(model: Any, names: Sequence[str], folder: Path, name: str) -> dict[str, Path]:
    """The model as ONNX, in float32 and in int8."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole, small = folder / f"{name}.onnx", folder / f"{name}-int8.onnx"
    rows = {key: torch.ones((3, 16), dtype=torch.int64) for key in names}
    axes = {key: {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC} for key in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, kwargs=rows, f=str(whole), input_names=list(names), dynamic_shapes=axes, dynamo=True, verbose=False
        )
        described = onnx.load(str(whole))
        del described.graph.value_info[:]  # the exporter's shapes of what is inside clash with the quantizer's own
        quantize_dynamic(described, str(small), weight_type=QuantType.QInt8, per_channel=True)
    return {"ONNX Runtime": whole, "ONNX Runtime, int8": small}


def session(path: Path, threads: int) -> Forward:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    running = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda given: np.asarray(running.run(None, given)[0])


def plain(model: Any) -> Forward:
    def forward(given: dict[str, np.ndarray]) -> np.ndarray:
        with torch.inference_mode():
            return np.asarray(model(**{key: torch.from_numpy(value) for key, value in given.items()})[0])

    return forward


def run(forward: Forward, rows: Rows, names: Sequence[str], pooled: bool) -> Outcome:
    """Every row in batches of like length; `pooled`: the unit mean of the tokens' vectors."""
    found: list[Any] = [None] * len(rows)
    started = time.process_time()
    for batch in batches([len(row["input_ids"]) for row in rows]):
        longest = max(len(rows[i]["input_ids"]) for i in batch)
        given = {key: np.zeros((len(batch), longest), dtype=np.int64) for key in names}
        for place, i in enumerate(batch):
            for key in names:
                given[key][place, : len(rows[i][key])] = rows[i][key]
        out = forward(given)
        if pooled:
            mask = given["attention_mask"][:, :, None]
            out = (out * mask).sum(1) / mask.sum(1)
            out /= np.linalg.norm(out, axis=1, keepdims=True)
        for place, i in enumerate(batch):
            found[i] = out[place]
    return Outcome(time.process_time() - started, np.stack(found))


def compared(ways: dict[str, Forward], rows: Rows, names: Sequence[str], pooled: bool) -> dict[str, Outcome]:
    outcomes: dict[str, list[Outcome]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, forward in ways.items():
            outcomes[way].append(run(forward, rows, names, pooled))
    return {way: min(found, key=lambda outcome: outcome.seconds) for way, found in outcomes.items()}


def encoders(texts: Sequence[str], folder: Path, threads: int) -> None:
    transformer = Encoder()._transformer
    model = transformer[0].model
    told = transformer.tokenizer(list(texts), truncation=True, max_length=transformer.max_seq_length)
    names = ("input_ids", "attention_mask")
    rows = [dict(zip(names, values, strict=True)) for values in zip(*(told[key] for key in names), strict=True)]
    files = export(model, names, folder, "encoder")
    ways = {"PyTorch": plain(model)} | {way: session(path, threads) for way, path in files.items()}
    outcomes = compared(ways, rows, names, pooled=True)
    right = outcomes["PyTorch"]
    started = time.process_time()
    transformer.encode(list(texts), show_progress_bar=False)
    usual = time.process_time() - started
    print(f"\nEncoder, {len(texts)} abstracts; SentenceTransformer.encode at its defaults: {usual:.1f} s\n")
    print("| | s | × PyTorch | × defaults | cosine, mean | least | same nearest |\n|---|---|---|---|---|---|---|")
    for way, outcome in outcomes.items():
        cosines = (outcome.rows * right.rows).sum(1)
        same = np.mean(nearest(outcome.rows) == nearest(right.rows))
        print(
            f"| {way} | {outcome.seconds:.1f} | {right.seconds / outcome.seconds:.2f} |"
            f" {usual / outcome.seconds:.2f} | {cosines.mean():.4f} | {cosines.min():.4f} | {same:.1%} |"
        )


def nearest(vectors: np.ndarray) -> np.ndarray:
    """(n, d) → for each, which of the others is most like it."""
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -1)
    return np.asarray(similar.argmax(1))


def judges(pairs: Sequence[tuple[str, str]], folder: Path, threads: int) -> None:
    tokenizer, model, _ = CrossEncoder()._loaded
    names = tuple(tokenizer.model_input_names)
    rows = crossencoder.tokens(tokenizer, pairs)
    ways = {"PyTorch": plain(model)}
    ways |= {way: session(path, threads) for way, path in export(model, names, folder, "stance").items()}
    outcomes = compared(ways, rows, names, pooled=False)
    right = outcomes["PyTorch"]
    print(f"\nStance model, {len(pairs)} pairs\n")
    print("| | s | × PyTorch | same label | probability, largest difference |\n|---|---|---|---|---|")
    for way, outcome in outcomes.items():
        same = np.mean(outcome.rows.argmax(1) == right.rows.argmax(1))
        difference = np.abs(softmax(outcome.rows) - softmax(right.rows)).max()
        print(
            f"| {way} | {outcome.seconds:.1f} | {right.seconds / outcome.seconds:.2f} | {same:.1%} | {difference:.3f} |"
        )


def softmax(rows: np.ndarray) -> np.ndarray:
    grown = np.exp(rows - rows.max(1, keepdims=True))
    return np.asarray(grown / grown.sum(1, keepdims=True))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--pairs", type=int, default=800)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if not os.environ.get("SYNTH_DATA"):
        sys.exit("SYNTH_DATA names no folder with real abstracts.")
    torch.set_num_threads(options.threads)
    texts = abstracts(options.texts)
    with tempfile.TemporaryDirectory() as folder:
        encoders(texts, Path(folder), options.threads)
        judges(pairs_of(texts, options.pairs), Path(folder), options.threads)


if __name__ == "__main__":
    main()
