"""Train the claim detector, and compare it with what needs no training.

    python -m synth.pipeline.claimtraining train FILE... --positive LABEL --out DETECTOR [--about KEY=TEXT ...]
    python -m synth.pipeline.claimtraining evaluate FILE... --positive LABEL [--detector DETECTOR] [--table]

A FILE (.jsonl or .jsonl.gz) holds one document a line: {"sentences": [...], "labels": [...]}, optionally "sections"
and "upstream_split". All FILEs of a command are one set. Documents are split by document; penalty and thresholds
are chosen on the documents set aside for that, and `evaluate` scores the held-back ones alone. `--cache FILE` keeps
sentence vectors in SQLite. The same FILEs, seed and encoder give the same weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from synth.claims import baselines, find_claims, labels, scoring, training
from synth.claims.detector import Detector, load, packaged, save
from synth.claims.features import Document
from synth.claims.labels import Labelled
from synth.claims.scoring import Counts
from synth.claims.training import Encoded
from synth.errors import SynthError, UsageError
from synth.evidence.encoder import Encoder
from synth.types import Passage, PassageKind

SEED = 13


@dataclass(frozen=True)
class Parts:
    """A set as it was split, with its vectors."""

    train: list[Encoded]
    dev: list[Encoded]
    test: list[Encoded]


def parts_of(files: Sequence[Path], positive: Sequence[str], seed: int, encoder: Encoder) -> Parts:
    """Raises UsageError where a part is left without a claim or without anything else."""
    documents = [one for file in files for one in labels.read(file, positive)]
    parts = Parts(*(training.encoded(part, encoder.encode) for part in labels.split(documents, seed)))
    for name in ("train", "dev", "test"):
        claims = [claim for one in getattr(parts, name) for claim in one.labelled.claims]
        if len(set(claims)) < 2:
            raise UsageError(
                f"The {name} part ({len(claims):,} sentences) does not hold both claims and other sentences.",
                "Give more documents.",
            )
    return parts


def trained(parts: Parts, encoder: Encoder) -> tuple[list[training.Trial], training.Trial]:
    """All variants and the one with the lowest loss on the choosing documents."""
    found = training.trials(parts.train, parts.dev, encoder.identity)
    return found, training.best(found)


def train(options: argparse.Namespace) -> dict[str, object]:
    """Write the best variant's weights and say how all of them did on the choosing documents."""
    encoder = Encoder(cache=options.cache)
    parts = parts_of(options.files, options.positive, options.seed, encoder)
    found, best = trained(parts, encoder)
    about = dict(pair.partition("=")[::2] for pair in options.about)
    about |= {"variant": best.variant, "positive": ", ".join(options.positive), "seed": str(options.seed)}
    save(replace(best.detector, about=about), options.out)
    test = _scored(_taken(best.detector, parts.test), parts.test, options.seed)
    sizes = {name: _size(getattr(parts, name)) for name in ("train", "dev", "test")}
    return {"parts": sizes, "variants": _told(found), "chosen": best.variant, "test": test, "out": str(options.out)}


def _told(found: Sequence[training.Trial]) -> list[dict[str, object]]:
    return [
        {
            "variant": trial.variant,
            "penalty": trial.penalty,
            "penalty of vectors": trial.penalty * trial.ratio,
            "dev loss": round(trial.dev_loss, 4),
            "dev f1": round(trial.dev_f1, 4),
            "threshold": round(trial.detector.threshold, 4),
        }
        for trial in found
    ]


def _size(part: Sequence[Encoded]) -> dict[str, int]:
    claims = [claim for one in part for claim in one.labelled.claims]
    return {"documents": len(part), "sentences": len(claims), "claims": sum(claims)}


def evaluate(options: argparse.Namespace) -> dict[str, object]:
    """Scores on the held-back documents: baselines, the rules, the detector given, one trained on this set."""
    encoder = Encoder(cache=options.cache)
    parts = parts_of(options.files, options.positive, options.seed, encoder)
    found, best = trained(parts, encoder)
    taken = baseline_decisions(parts)
    rivals = {name: _counts(decided, parts.test) for name, decided in taken.items()}
    path = options.detector or packaged()
    if path.is_file():
        given = _of(load(path), encoder)
        taken["rules and detector"] = [by_rule(one.labelled, s) for one, s in _with_scores(given, parts.test)]
        taken["detector as given"] = _taken(given, parts.test)
        taken["detector, threshold chosen here"] = _taken(training.with_threshold(given, parts.dev), parts.test)
    taken["trained here"] = _taken(best.detector, parts.test)
    strongest = max(rivals, key=lambda name: rivals[name].f1)
    return {
        "parts": {name: _size(getattr(parts, name)) for name in ("train", "dev", "test")},
        "variants": _told(found),
        "chosen": best.variant,
        "strongest baseline": strongest,
        "test": {
            name: _scored(decided, parts.test, options.seed) | _ahead(decided, rivals[strongest], parts, options.seed)
            for name, decided in taken.items()
        },
    }


def _of(detector: Detector, encoder: Encoder) -> Detector:
    if detector.encoder != encoder.identity:
        raise UsageError("The detector was trained with another encoder.", "Train it again with this one.")
    return detector


def _taken(detector: Detector, documents: Sequence[Encoded]) -> list[np.ndarray]:
    return [scores >= detector.threshold for scores in training.scores(detector, documents)]


def baseline_decisions(parts: Parts) -> dict[str, list[np.ndarray]]:
    """What each baseline takes of the held-back documents; their thresholds come from all other documents."""
    seen = [*parts.train, *parts.dev]
    made = baselines.chosen([one.labelled.document for one in seen], [one.claims for one in seen])
    held = [one.labelled for one in parts.test]
    return {b.name: [b.take(one.document) for one in held] for b in made} | {"rules": [by_rule(one) for one in held]}


def by_rule(labelled: Labelled, chances: Sequence[float] = ()) -> np.ndarray:
    """The sentences that the rules take, whatever the kind of claim; with chances also what a search would add."""
    found = find_claims(passages(labelled.document), chances=dict(enumerate(chances)))
    taken = {claim.passage.order for claim in found}
    return np.array([i in taken for i in range(len(labelled.claims))], dtype=bool)


def _with_scores(detector: Detector, documents: Sequence[Encoded]) -> list[tuple[Encoded, list[float]]]:
    return [(one, s.tolist()) for one, s in zip(documents, training.scores(detector, documents), strict=True)]


def passages(document: Document) -> list[Passage]:
    return [
        Passage(PassageKind.SENTENCE, text, text, 1, ((1, 0, len(text)),), part, i)
        for i, (text, part) in enumerate(zip(document.sentences, document.parts, strict=True))
    ]


def _counts(decided: Sequence[np.ndarray], documents: Sequence[Encoded]) -> Counts:
    return scoring.counts(decided, [one.claims for one in documents])


def _scored(decided: Sequence[np.ndarray], documents: Sequence[Encoded], seed: int) -> dict[str, object]:
    of = _counts(decided, documents)
    low, high = scoring.interval(of, seed)
    return {
        "f1": round(of.f1, 4),
        "interval": [round(low, 4), round(high, 4)],
        "precision": round(of.precision, 4),
        "recall": round(of.recall, 4),
    }


def _ahead(decided: Sequence[np.ndarray], rival: Counts, parts: Parts, seed: int) -> dict[str, object]:
    gap = scoring.difference(_counts(decided, parts.test), rival, seed)
    return {"ahead of the strongest baseline": [round(value, 4) for value in gap]}


def table(result: dict[str, Any]) -> str:
    """The scores of `evaluate` as a Markdown table."""
    rival = result["strongest baseline"]
    lines = [f"| | F1 | 95 % interval | precision | recall | ahead of {rival} |", "|---|---:|---|---:|---:|---|"]
    for name, row in result["test"].items():
        gap, low, high = row["ahead of the strongest baseline"]
        ahead = "" if name == rival else f"{gap:+.3f} ({low:+.3f} to {high:+.3f})"
        low, high = row["interval"]
        lines.append(
            f"| {name} | {row['f1']:.3f} | {low:.3f} to {high:.3f} | {row['precision']:.3f} "
            f"| {row['recall']:.3f} | {ahead} |"
        )
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for run in (train, evaluate):
        command = commands.add_parser(run.__name__, help=(run.__doc__ or "").splitlines()[0])
        command.set_defaults(run=run)
        command.add_argument("files", type=Path, nargs="+", metavar="FILE")
        command.add_argument("--positive", action="append", required=True, help="label of claims; may be repeated")
        command.add_argument("--seed", type=int, default=SEED, help="of the split and of the bootstrap")
        command.add_argument("--cache", type=Path, help="SQLite file for sentence vectors")
        if run is train:
            command.add_argument("--out", type=Path, required=True, help="where the weights go (.safetensors)")
            command.add_argument(
                "--about", action="append", default=[], metavar="KEY=TEXT", help="kept with the weights"
            )
        else:
            command.add_argument("--detector", type=Path, help="weights to compare; the packaged ones by default")
            command.add_argument("--table", action="store_true", help="Markdown instead of JSON")
    options = parser.parse_args(arguments)
    try:
        result = options.run(options)
    except SynthError as error:
        sys.stderr.write(f"{error.what}\n{error.do}\n")
        return error.exit_code
    as_table = options.run is evaluate and options.table
    sys.stdout.write(table(result) if as_table else json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
