"""Train the stance model, and measure it on pairs with labels.

    python -m synth.pipeline.stancetraining train --set FILE ... [--abstracts FILE --pairs N] --out FOLDER
    python -m synth.pipeline.stancetraining evaluate --set FILE ... [--model FOLDER]
    python -m synth.pipeline.stancetraining rules --set FILE ...

A set is .tsv with the columns sentence1, sentence2, gold_label, or .jsonl with premise, hypothesis, label, or .jsonl of
Fool Me Twice; also .gz and .xz. Abstracts: .jsonl with `abstract` and `year`. An interrupted training goes on
where its last checkpoint was. The same files, seed and number of threads give the same weights.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from repro.errors import LabError
from synth.entailment import pairs, selfmade
from synth.entailment.pairs import Example
from synth.errors import SynthError, UsageError
from synth.evidence import crossencoder
from synth.evidence.encoder import PACKAGED, Encoder
from synth.evidence.gather import Claim
from synth.evidence.stance import judge
from synth.lexicon import load_lexicon
from synth.reading.sentences import split
from synth.types import Stance

RANK, ALPHA = 16, 32
FREE_SINCE = 2016  # abstracts of the ACL Anthology are CC BY 4.0 from this year on


def abstracts(file: Path, since: int = FREE_SINCE) -> list[list[str]]:
    """The sentences of the abstracts in a .jsonl file, of papers of the year `since` or later."""
    found = []
    for line in pairs.unpacked(file).splitlines():
        row = json.loads(line)
        if int(row["year"]) >= since:
            found.append([row["abstract"][a:b] for a, b in split(row["abstract"])])
    return found


def examples(options: argparse.Namespace) -> list[Example]:
    """All pairs of the sets, and those made from abstracts."""
    found = [example for file in options.set or () for example in pairs.read(file)]
    if options.abstracts:
        told = abstracts(options.abstracts)
        random.Random(options.seed).shuffle(told)
        found += selfmade.made(told, options.pairs, options.seed, load_lexicon())
    if not found:
        raise UsageError("There is nothing to learn from.", "Give --set or --abstracts.")
    return found


def train(options: argparse.Namespace) -> dict[str, object]:
    """Learn low-rank updates of the packaged encoder, and write them as 16-bit floats."""
    import torch
    from peft import LoraConfig, PeftModel, TaskType, get_peft_model
    from transformers import AutoTokenizer

    from repro.training import Batches, Schedule, fit

    directory = Encoder().directory
    learnt = examples(options)
    tokenizer = AutoTokenizer.from_pretrained(str(directory), local_files_only=True)
    rows = crossencoder.tokens(tokenizer, [(e.claim, e.passage) for e in learnt])
    targets = torch.tensor([e.target for e in learnt])
    torch.manual_seed(options.seed)
    base = crossencoder.classifier(directory)
    if options.start:
        model = PeftModel.from_pretrained(base, str(options.start), is_trainable=True)
    else:
        config = LoraConfig(
            task_type=TaskType.SEQ_CLS, r=RANK, lora_alpha=ALPHA, target_modules=["query", "key", "value", "dense"]
        )
        model = get_peft_model(base, config)
    schedule = Schedule(
        lr=options.lr, epochs=options.epochs, tokens=options.tokens, weight_decay=0.0, checkpoint_every=200
    )
    batches = Batches([len(row["input_ids"]) for row in rows], 0, options.seed, options.tokens)

    def loss_at(step: int, part: int, parts: int) -> Any:
        chosen = batches(step, part, parts)
        given = tokenizer.pad([rows[i] for i in chosen], return_tensors="pt").to(model.device)
        return torch.nn.functional.cross_entropy(model(**given).logits, targets[chosen].to(model.device))

    options.out.mkdir(parents=True, exist_ok=True)
    checkpoint = options.out / "checkpoint.safetensors"
    steps = schedule.length(batches.steps)
    losses = fit(model, loss_at, schedule, options.seed, checkpoint, _told, steps)
    write(model, options.out)
    checkpoint.unlink(missing_ok=True)
    counts = {name: sum(e.source == name for e in learnt) for name in sorted({e.source for e in learnt})}
    return {"pairs": counts, "steps": len(losses), "loss of the last 100": sum(losses[-100:]) / len(losses[-100:])}


def write(model: Any, folder: Path) -> None:
    """The updates as 16-bit floats in safetensors, and their configuration, without the place where it was trained."""
    from safetensors.torch import load_file, save_file

    model.peft_config["default"].base_model_name_or_path = PACKAGED
    model.save_pretrained(str(folder), save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    weights = folder / "adapter_model.safetensors"
    save_file({name: value.half().contiguous() for name, value in load_file(weights).items()}, weights)


def evaluate(options: argparse.Namespace) -> dict[str, object]:
    """Accuracy and F1 of each label, set by set. Where a set only says that a passage does not support its claim, both
    other labels are right."""
    if options.model and (options.model / "adapter_config.json").is_file():
        model = crossencoder.CrossEncoder(adapter=options.model)
    else:
        model = crossencoder.CrossEncoder(str(options.model or ""))
    return {file.name: scored(pairs.read(file), model) for file in options.set}


def scored(told: Sequence[Example], model: crossencoder.CrossEncoder) -> dict[str, float]:
    found = model.logits([(e.claim, e.passage) for e in told], _counted).argmax(1).tolist()
    truth = [tuple(i for i, share in enumerate(e.target) if share) for e in told]
    result = {"pairs": float(len(told)), "accuracy": sum(f in t for f, t in zip(found, truth, strict=True)) / len(told)}
    for i, name in enumerate(("support", "contradict", "not_enough_info")):
        hits = sum(f == i and i in t for f, t in zip(found, truth, strict=True))
        wanted = sum(t == (i,) for t in truth)
        result[f"f1 {name}"] = 2 * hits / max(1, found.count(i) + wanted)
    return result


def ruled(options: argparse.Namespace) -> dict[str, dict[str, int]]:
    """What the rules decide of all pairs, as of one paper: stance said → how often each stance was the truth."""
    encoder = Encoder(cache=options.cache)
    counts = {said.value: dict.fromkeys((*Stance, "no SUPPORT"), 0) for said in (Stance.SUPPORT, Stance.CONTRADICT)}
    for file in options.set:
        told = pairs.read(file)
        vectors = encoder.encode([text for e in told for text in (e.claim, e.passage)], _counted)
        near = (vectors[::2] * vectors[1::2]).sum(axis=1).tolist()
        for e, similarity in zip(told, near, strict=True):
            said = judge(Claim(0, e.claim), e.passage, similarity, same_paper=True).stance.value
            if said in counts:
                truth = list(Stance)[e.target.index(1.0)] if 1.0 in e.target else "no SUPPORT"
                counts[said][truth] += 1
    return counts


def _told(share: float, text: str) -> None:
    sys.stderr.write(f"\r{share:.0%} {text}   ")
    sys.stderr.flush()


def _counted(done: int, total: int) -> None:
    _told(done / total, f"{done:,} of {total:,} pairs")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m synth.pipeline.stancetraining",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    learning, judging = commands.add_parser("train"), commands.add_parser("evaluate")
    for one in (learning, judging):
        one.add_argument("--set", type=Path, action="append", help="pairs with labels; several times for several sets")
        one.add_argument("--abstracts", type=Path, help="abstracts to make pairs from")
        one.add_argument("--pairs", type=int, default=10_000, help="pairs made from abstracts (default 10000)")
        one.add_argument("--seed", type=int, default=13)
    learning.add_argument("--out", type=Path, required=True, help="folder for the weights")
    learning.add_argument("--start", type=Path, help="folder of trained updates to go on from")
    learning.add_argument("--epochs", type=float, default=2.0)
    learning.add_argument("--lr", type=float, default=5e-4)
    learning.add_argument("--tokens", type=int, default=2048, help="tokens of a batch")
    asking = commands.add_parser("rules")
    asking.add_argument("--set", type=Path, action="append", required=True)
    asking.add_argument("--cache", type=Path, help="SQLite file for vectors")
    judging.add_argument(
        "--model", type=Path, help="folder of trained updates or of a model; default: the packaged one"
    )
    options = parser.parse_args(arguments)
    try:
        result = {"train": train, "evaluate": evaluate, "rules": ruled}[options.command](options)
    except (SynthError, LabError) as error:
        sys.stderr.write(f"{error.what}\n{error.do}\n")
        return 1
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
