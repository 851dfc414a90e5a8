"""Speed of learning a task, beside Hugging Face's Trainer at its defaults, from the same model and examples.

    python -m benchmarks.training [--examples N] [--threads N] [--layers N] [--hidden N] [--model DIR]

One epoch of sentence-pair classification in three classes (XNLI's English test set where SYNTH_DATA has it, else
generated pairs), the same learning rate, weight decay and linear decay. Trainer: batches of 8 examples as they come,
padded to the longest. The laboratory: batches of as many padded tokens, so of about 8 examples, of similar length; and
once more as its rungs have it, 2,048 tokens a batch with a rate of its own. Prints seconds and accuracy on dev.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import torch

from benchmarks.vectors import model

if TYPE_CHECKING:
    from repro.tasks import Pair

BATCH, RATE, LENGTH = 8, 5e-5, 128  # Trainer's defaults, and the most tokens of a pair


class Row(TypedDict):
    """A tokenised pair as the Trainer takes it."""

    input_ids: list[int]
    attention_mask: list[int]
    labels: int


def pairs(count: int) -> tuple[list[Pair], list[Pair]]:
    """Return (training examples, dev examples) as `repro.tasks.Pair`."""
    from repro.data.library import Library
    from repro.tasks import Noise, source

    if os.environ.get("SYNTH_DATA"):
        read = source("mnli", "xnli").read
        train, dev = (list(read(Library.default(), part)) for part in ("train", "dev"))
    else:
        from repro.languages.grammar import ENGLISH
        from repro.languages.realm import Realm, RealmParameters

        realm = Realm.of(RealmParameters(topics=6, evenness=0.3, sentences=0, heldout=0, vocabulary=0, others=[]), 1)
        make = source("mnli", "generated").make
        train, dev = make(realm, ENGLISH, count, "train", Noise()), make(realm, ENGLISH, 1000, "dev", Noise())
    return random.Random(1).sample(train, min(count, len(train))), dev


def laboratory(
    folder: Path, train: list[Pair], dev: list[Pair], seed: int, tokens: int, rate: float
) -> tuple[float, float, int]:
    """Return (seconds of training, dev accuracy, steps)."""
    from repro.models.tokenizer import load_tokenizer
    from repro.models.xlmr import load_model
    from repro.training.heads import Heads, Layout, kind
    from repro.training.loop import fit
    from repro.training.mixture import Mixture
    from repro.training.schedule import Schedule

    tokenizer, network = load_tokenizer(folder), load_model(folder)
    layout = Layout("pair", ("entailment", "neutral", "contradiction"))
    head = kind("pair")
    begin = time.perf_counter()
    data = head.encode(train, tokenizer, LENGTH, layout.labels, training=True)
    heads = Heads(network, {"mnli": layout}, seed)
    schedule = Schedule(lr=rate, epochs=1, tokens=tokens, warmup=0.0, weight_decay=0.0, checkpoint_every=10**9)
    mixture = Mixture(heads, {"mnli": layout}, {"mnli": data}, schedule, seed)
    steps = schedule.length(mixture.steps)
    fit(heads, mixture, schedule, seed, steps=steps)
    seconds = time.perf_counter() - begin
    judged = head.encode(dev, tokenizer, LENGTH, layout.labels)
    return seconds, head.measure(heads, "mnli", judged)["accuracy"], steps


def trainer(folder: Path, train: list[Pair], dev: list[Pair], seed: int) -> tuple[float, float, int]:
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
    )

    labels = ("entailment", "neutral", "contradiction")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3)

    def rows(examples: list[Pair]) -> list[Row]:
        ids = tokenizer([e.first for e in examples], [e.second for e in examples], truncation=True, max_length=LENGTH)
        return [
            {"input_ids": i, "attention_mask": m, "labels": labels.index(e.label)}
            for i, m, e in zip(ids["input_ids"], ids["attention_mask"], examples, strict=True)
        ]

    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(
            output_dir=out, num_train_epochs=1, seed=seed, report_to=[], save_strategy="no", disable_tqdm=True
        )
        begin = time.perf_counter()
        learner = Trainer(
            network, arguments, train_dataset=rows(train), data_collator=DataCollatorWithPadding(tokenizer)
        )
        steps = learner.train().global_step
        seconds = time.perf_counter() - begin
        right = learner.predict(rows(dev)).predictions.argmax(-1) == [labels.index(e.label) for e in dev]
    return seconds, float(np.mean(right)), steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train, dev = pairs(options.examples)
    with tempfile.TemporaryDirectory() as temporary:
        lines = [text for example in train for text in (example.first, example.second)]
        folder = options.model or model(Path(temporary), options.layers, options.hidden, lines)
        from repro.models.tokenizer import encode, load_tokenizer

        lengths = [
            len(row)
            for row in encode(load_tokenizer(folder), [e.first for e in train], [e.second for e in train], LENGTH)
        ]
        alike = round(BATCH * sum(lengths) / len(lengths))
        print(f"{len(train)} pairs of {sum(lengths) / len(lengths):.0f} tokens, {options.threads} threads")
        for seed in range(1, options.seeds + 1):
            usual, accuracy, steps = trainer(folder, train, dev, seed)
            print(
                f"  seed {seed}: Trainer          {usual:7.1f} s, {steps} steps, dev {100 * accuracy:.1f} %", flush=True
            )
            for tokens, rate in ((alike, RATE), (2048, 5e-4)):
                own, accuracy, steps = laboratory(folder, train, dev, seed, tokens, rate)
                print(
                    f"  seed {seed}: laboratory, {tokens:4} tokens a batch {own:7.1f} s, {steps} steps, "
                    f"dev {100 * accuracy:.1f} %; {usual / own:.1f} times as fast",
                    flush=True,
                )


if __name__ == "__main__":
    main()
