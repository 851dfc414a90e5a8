"""Train the stance classifier.

    python -m training.stance.train --base BASE --pairs pairs.jsonl --minutes 106 --out FOLDER [--start TRAINED]

The learning rate falls to its end with the time that is left, so that any number of minutes gives finished weights. An
interrupted training goes on from its last checkpoint. FOLDER then has the packaged form: model.safetensors,
config.json, tokenizer.json. `--start` goes on from weights in that form, with the tokenizer beside them, in place of
those of `--base`.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from synth.core.types import JsonObject, Stance
from synth.models import stance_classifier
from training.stance.sets import STANCES

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENS = 1536  # of a batch, padding included
CLAIM_TOKENS, PAIR_TOKENS = 60, 214
WARM_UP = 60  # steps
HEAD_RATE = 5  # times the rate of the encoder
SMOOTHING = 0.03
AVERAGED_FROM = 0.6  # share of the time from which weights are averaged along the way
KEPT = 0.98  # share of the average that stays, every tenth step
CHECKPOINT = 400  # steps


@dataclass(frozen=True)
class Pairs:
    """Tokenised pairs with their labels (places in STANCES)."""

    rows: list[tuple[list[int], list[int]]]
    labels: list[int]

    def batch(self, places: list[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        ids, segments = stance_classifier.padded([self.rows[i] for i in places])
        return ids, segments, torch.tensor([self.labels[i] for i in places])


def read(file: Path, tokenizer: Tokenizer) -> Pairs:
    """Read what `prepare` wrote."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    texts = [(claim, passage) for claim, passage, _, _ in rows]
    encoded = stance_classifier.encode_pairs(tokenizer, texts, limit=PAIR_TOKENS, claim_limit=CLAIM_TOKENS)
    return Pairs(encoded, [STANCES.index(Stance(row[2])) for row in rows])


def batches(pairs: Pairs, seed: int) -> Iterator[list[int]]:
    """Yield places of pairs of like length, for ever, each epoch in another order."""
    draw = random.Random(seed)
    lengths = [len(ids) for ids, _ in pairs.rows]
    while True:
        order = list(range(len(lengths)))
        draw.shuffle(order)
        for start in range(0, len(order), 640):
            part: list[list[int]] = [[]]
            for place in sorted(order[start : start + 640], key=lambda i: lengths[i]):
                if part[-1] and (len(part[-1]) + 1) * lengths[place] > TOKENS:
                    part.append([])
                part[-1].append(place)
            draw.shuffle(part)
            yield from part


class Trainer:
    """Weights, optimiser and average of one training; its state can be stored and taken up again."""

    def __init__(self, model: stance_classifier.PairClassifier, rate: float, seconds: float) -> None:
        self.model, self.rate, self.seconds = model.train(), rate, seconds
        for table in (model.encoder.embeddings.word_embeddings, model.encoder.embeddings.position_embeddings):
            table.weight.requires_grad_(False)
        free = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
        groups = [
            {"params": [w for name, w in free if name.startswith("encoder")]},
            {"params": [w for name, w in free if not name.startswith("encoder")]},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01, fused=True)
        self.average: dict[str, torch.Tensor] | None = None
        self.step, self.spent = 0, 0.0

    def learn(self, ids: torch.Tensor, segments: torch.Tensor, labels: torch.Tensor) -> float:
        """Take one step and return its loss."""
        began = time.monotonic()
        share = min(1.0, (self.step + 1) / WARM_UP) * max(0.02, 1 - self.spent / self.seconds)
        for group, times in zip(self.optimiser.param_groups, (1, HEAD_RATE), strict=True):
            group["lr"] = self.rate * times * share
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.model(ids, segments)
        loss = functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        self.spent += time.monotonic() - began
        if self.spent > AVERAGED_FROM * self.seconds and self.step % 10 == 0:
            self._average()
        return float(loss.detach())

    def _average(self) -> None:
        now = self.model.state_dict()
        if self.average is None:
            self.average = {name: value.detach().clone() for name, value in now.items()}
        for name, value in now.items():
            self.average[name].mul_(KEPT).add_(value, alpha=1 - KEPT)

    def store(self, file: Path) -> None:
        state = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "step": self.step,
            "spent": self.spent,
        }
        torch.save(state, file.with_suffix(".tmp"))
        file.with_suffix(".tmp").replace(file)

    def take_up(self, file: Path) -> None:
        state = torch.load(file, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average, self.step, self.spent = state["average"], state["step"], state["spent"]


def untrained(base: Path) -> tuple[Tokenizer, stance_classifier.PairClassifier]:
    """Load what `training.stance.base` wrote."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    model = stance_classifier.PairClassifier(tokenizer.get_vocab_size())
    model.load_state_dict(torch.load(base / "base.pt", weights_only=True))
    return tokenizer, model


def train(
    base: Path, file: Path, out: Path, minutes: float, rate: float, seed: int, *, start: Path | None = None
) -> JsonObject:
    """Train for so many minutes, and write the averaged weights in the packaged form."""
    torch.manual_seed(seed)
    tokenizer, model = stance_classifier.load(start) if start else untrained(base)
    pairs = read(file, tokenizer)
    trainer = Trainer(model, rate, minutes * 60)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.pt"
    if checkpoint.is_file():
        trainer.take_up(checkpoint)
    losses: list[float] = []
    seen = 0
    for number, places in enumerate(batches(pairs, seed)):
        if number < trainer.step:
            continue
        if trainer.spent >= trainer.seconds:
            break
        losses.append(trainer.learn(*pairs.batch(places)))
        seen += len(places)
        if trainer.step % 100 == 0:
            told = (
                f"{trainer.spent / 60:.1f} min, step {trainer.step}, loss {sum(losses[-100:]) / len(losses[-100:]):.3f}"
            )
            print(told, file=sys.stderr, flush=True)
        if trainer.step % CHECKPOINT == 0:
            trainer.store(checkpoint)
    if trainer.average:
        model.load_state_dict(trainer.average)
    about: JsonObject = {"base": "multilingual-e5-small (MIT)", "pairs": seen, "steps": trainer.step}
    stance_classifier.save(model, out, about)
    shutil.copy((start or base) / "tokenizer.json", out / "tokenizer.json")
    checkpoint.unlink(missing_ok=True)
    return {**about, "loss of the last 100": sum(losses[-100:]) / max(1, len(losses[-100:]))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="trained weights to go on from")
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=106)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    told = train(given.base, given.pairs, given.out, given.minutes, given.rate, given.seed, start=given.start)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
