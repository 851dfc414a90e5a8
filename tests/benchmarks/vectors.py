"""How fast the laboratory reads sentences at a layer, beside SentenceTransformer.encode at its defaults.

    python -m tests.benchmarks.vectors [--texts N] [--threads N] [--layers N] [--hidden N] [--model DIR]

The same texts (Tatoeba where SYNTH_DATA has it, else made of the bundled words), the same XLM-R (DIR in hub format, or
one of the given size with random weights), the same mean pooling at the last layer, so that the vectors have to agree;
then the laboratory once more at half of the depth, which is where it reads. The two run in turn, in one process.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path

import numpy as np
import torch


def texts(count: int) -> list[str]:
    from repro.data import Library
    from repro.languages import concepts

    if os.environ.get("SYNTH_DATA"):
        from repro.targets.tatoeba import read

        pairs = read(Library.default().locate("tatoeba"))
        found = [text for own in pairs.values() for pair in own for text in pair]
    else:
        draw = random.Random(1)
        found = [" ".join(draw.choices(concepts(), k=draw.randint(3, 14))) for _ in range(count)]
    random.Random(1).shuffle(found)
    return found[:count]


def model(folder: Path, layers: int, hidden: int, lines: list[str]) -> Path:
    from repro.model import new_model, save_model
    from repro.tokenizer import train_tokenizer

    tokenizer = train_tokenizer(lines, 16000, 4000)
    shape = {"layers": layers, "hidden": hidden, "heads": max(1, hidden // 32), "feedforward": 4 * hidden}
    save_model(new_model({**shape, "dropout": 0.1, "positions": 128}, len(tokenizer), 1), folder)
    tokenizer.save_pretrained(folder)
    return folder


def timed(function, *arguments):
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
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer

    from repro.encoder import Encoder
    from repro.model import load_model

    lines = texts(options.texts)
    with tempfile.TemporaryDirectory() as made:
        folder = options.model or model(Path(made), options.layers, options.hidden, lines)
        depth = load_model(folder).config.num_hidden_layers
        body = Transformer(str(folder), max_seq_length=128)
        theirs = SentenceTransformer(modules=[body, Pooling(body.get_word_embedding_dimension())], device="cpu")
        ours, half = Encoder(folder, depth), Encoder(folder, depth // 2)
        for warm in (ours.encode, half.encode, lambda t: theirs.encode(t, show_progress_bar=False)):
            warm(lines[:200])
        expected, wall, worked = timed(lambda: theirs.encode(lines, show_progress_bar=False))
        print(f"{len(lines)} texts ({len(set(lines))} distinct), {depth} layers, {options.threads} threads")
        print(f"  SentenceTransformer.encode   {wall:7.1f} s, {worked:7.1f} s of processor")
        for name, encoder in ((f"layer {depth}", ours), (f"layer {depth // 2}", half)):
            found, own, own_worked = timed(encoder.encode, lines)
            line = f"  laboratory, {name:10}       {own:7.1f} s, {own_worked:7.1f} s of processor"
            line += f"; {wall / own:.1f} and {worked / own_worked:.1f} times as fast"
            if encoder is ours:
                line += f"; largest cosine difference {difference(expected, found):.1e}"
            print(line, flush=True)


def difference(a, b) -> float:
    a, b = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (a.astype(np.float64), b.astype(np.float64)))
    return float((1 - (a * b).sum(1)).max())


if __name__ == "__main__":
    main()
