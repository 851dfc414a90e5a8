"""Speed of reading sentences at a layer, beside SentenceTransformer.encode at its defaults.

    python -m benchmarks.vectors [--texts N] [--threads N] [--layers N] [--hidden N] [--model DIR]

The same texts (Tatoeba where SYNTH_DATA has it, else made of the bundled words), the same XLM-R (DIR in hub format, or
one of the given size with random weights), the same mean pooling at the last layer, so that the vectors have to agree;
then the laboratory once more in bfloat16, where the processor has instructions for it, and at half of the depth. They
run in turn, in one process. "Same answer": the share of the texts of the second half whose nearest among those of the
first half is the same by both vectors.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch


def texts(count: int) -> list[str]:
    from repro.data.library import Library
    from repro.languages.world import concepts

    if os.environ.get("SYNTH_DATA"):
        from repro.targets.tatoeba import read

        pairs = read(Library.default().locate("tatoeba"))
        collected = [text for own in pairs.values() for pair in own for text in pair]
    else:
        draw = random.Random(1)
        collected = [" ".join(draw.choices(concepts(), k=draw.randint(3, 14))) for _ in range(count)]
    random.Random(1).shuffle(collected)
    return collected[:count]


def model(folder: Path, layers: int, hidden: int, lines: list[str]) -> Path:
    from repro.models.shape import ModelShape
    from repro.models.tokenizer import train_tokenizer
    from repro.models.xlmr import new_model, save_model

    tokenizer = train_tokenizer(lines, 16000, 4000)
    shape = {"layers": layers, "hidden": hidden, "heads": max(1, hidden // 32), "feedforward": 4 * hidden}
    save_model(new_model(ModelShape.read({**shape, "dropout": 0.1, "positions": 128}), len(tokenizer), 1), folder)
    tokenizer.save_pretrained(folder)
    return folder


def timed(function: Callable[..., np.ndarray], *arguments: object) -> tuple[np.ndarray, float, float]:
    begin, worked = time.perf_counter(), time.process_time()
    result = function(*arguments)
    return result, time.perf_counter() - begin, time.process_time() - worked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--hidden", type=int, default=384)
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    from repro.machine import has_bfloat16
    from repro.models.encoder import Encoder
    from repro.models.xlmr import load_model

    lines = texts(options.texts)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.model or model(Path(temporary), options.layers, options.hidden, lines)
        depth = load_model(folder).config.num_hidden_layers
        print(f"{len(lines)} texts ({len(set(lines))} distinct), {depth} layers, {options.threads} threads")
        expected, wall, worked = theirs(folder, lines)
        print(f"  SentenceTransformer.encode      {wall:7.1f} s, {worked:7.1f} s of processor", flush=True)
        places = [(depth, "float32")] + ([(depth, "auto")] if has_bfloat16() else []) + [(depth // 2, "float32")]
        for layer, precision in places:
            encoder = Encoder(folder, layer, precision=precision)
            encoder.encode(lines[:200])
            vectors, own, own_worked = timed(encoder.encode, lines)
            name = f"layer {layer}" + (", bfloat16" if precision == "auto" else "")
            line = f"  laboratory, {name:18}  {own:7.1f} s, {own_worked:7.1f} s of processor"
            line += f"; {wall / own:.1f} and {worked / own_worked:.1f} times as fast"
            if layer == depth:
                line += f"; largest cosine difference {difference(expected, vectors):.1e}"
                line += f", same answer {100 * agreement(expected, vectors):.2f} %"
            print(line, flush=True)


def theirs(folder: Path, lines: list[str]) -> tuple[np.ndarray, float, float]:
    """Encode with sentence-transformers at its defaults; vectors, seconds by the clock and of the processor."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer

    body = Transformer(str(folder), max_seq_length=128)
    encoder = SentenceTransformer(modules=[body, Pooling(body.get_word_embedding_dimension())], device="cpu")
    encoder.encode(lines[:200], show_progress_bar=False)
    return timed(lambda: encoder.encode(lines, show_progress_bar=False))


def agreement(a: np.ndarray, b: np.ndarray) -> float:
    from repro.retrieval.neighbours import nearest
    from repro.retrieval.scoring import normalised

    half = len(a) // 2
    first = [nearest(normalised(v[half:]), normalised(v[:half]), 1).indices[:, 0] for v in (a, b)]
    return float((first[0] == first[1]).mean())


def difference(a: np.ndarray, b: np.ndarray) -> float:
    a, b = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (a.astype(np.float64), b.astype(np.float64)))
    return float((1 - (a * b).sum(1)).max())


if __name__ == "__main__":
    main()
