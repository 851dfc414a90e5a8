"""Accuracy of claims judged by a passage each: by rules alone, by the stance model alone, by both.

    python -m benchmarks.stances --pairs FILE [--model FOLDER] [--cache FILE] [--rules] [--wrong]

FILE holds one JSON object a line with "claim", "passage" and "label" (SUPPORT, CONTRADICT, NOT_ENOUGH_INFO). Printed
are macro-F1, accuracy, the share of pairs that are decided and how many of those are right, for each way of judging;
then how many are right by each reason code of the rules, apart for rules that decide alone ("rule", "condition") and
those that the regression weighs ("leaning").
`--rules` loads no stance model. `--wrong` lists the pairs that the last way of judging gets wrong.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from synth.core.errors import UsageError
from synth.core.types import Stance
from synth.evidence import document_judge, documents
from synth.evidence.calibrator import Grounds, packaged
from synth.evidence.documents import DocumentPair, DocumentReading
from synth.models.cross_encoder import PACKAGED, CrossEncoder
from synth.models.encoder import Encoder
from synth.search.stance_models import table_stance
from training.stance.fit import document, macro_f1
from training.stance.sets import LabelledPair

OPEN = Stance.NOT_ENOUGH_INFO


def read(path: Path) -> tuple[list[DocumentPair], list[Stance]]:
    """Read the pairs as documents of their sentences, and what they are labelled as.

    Raises:
        UsageError: a line that is not in the form.
    """
    pairs, truth = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            truth.append(Stance(row["label"]))
            pairs.append(document(LabelledPair(row["claim"], row["passage"], truth[-1], "", path.stem)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}, line {number}: {error}.", "Give claim, passage and label in each line."
            ) from error
    return pairs, truth


def scores(name: str, truth: Sequence[Stance], predicted: Sequence[Stance]) -> str:
    """Return one line of scores."""
    decided = [label is stance for label, stance in zip(truth, predicted, strict=True) if stance is not OPEN]
    right = sum(label is stance for label, stance in zip(truth, predicted, strict=True))
    precision = f"{sum(decided) / len(decided):.2f}" if decided else "–"
    return (
        f"{name:24} macro-F1 {macro_f1(truth, predicted):.3f}  accuracy {right / len(truth):.3f}  "
        f"decided {len(decided) / len(truth):.2f}, right of them {sum(decided)} of {len(decided)} ({precision})"
    )


def by_rule(readings: Sequence[DocumentReading], truth: Sequence[Stance]) -> list[str]:
    """Return a line for each (grounds, stance, reason code) that occurs, most frequent first."""
    held: dict[tuple[Grounds, Stance, str], list[bool]] = defaultdict(list)
    for reading, label in zip(readings, truth, strict=True):
        leaning = reading.grounds is Grounds.MODEL and reading.leaning is not OPEN
        grounds, stance = (Grounds.LEANING, reading.leaning) if leaning else (reading.grounds, reading.stance)
        held[grounds, stance, reading.reason or "–"].append(label is stance)
    lines = []
    for (grounds, stance, reason), right in sorted(held.items(), key=lambda item: -len(item[1])):
        what = "no stance" if grounds == Grounds.MODEL else grounds
        lines.append(
            f"{what:10} {stance:16} {reason:22} {sum(right):4} of {len(right):4} ({sum(right) / len(right):.2f})"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=PACKAGED)
    parser.add_argument("--cache", type=Path, help="SQLite file of what the models computed")
    parser.add_argument("--rules", action="store_true", help="without the stance model")
    parser.add_argument("--wrong", action="store_true", help="list the pairs that are judged wrongly")
    options = parser.parse_args()
    pairs, truth = read(options.pairs)
    model = None if options.rules else CrossEncoder(packaged=options.model, cache=options.cache)
    readings = documents.read_documents(pairs, model, Encoder(cache=options.cache), tables=table_stance)
    ways = {
        "rules that are sure": [own.stance for own in readings],
        "rules alone": [own.leaning if own.grounds is Grounds.MODEL else own.stance for own in readings],
    }
    if model is not None:
        unruled = [documents.without_rules(own) for own in readings]
        ways["model alone"] = [own.stance for own in document_judge.weighed(pairs, unruled, packaged())]
        ways["whole judge"] = [own.stance for own in document_judge.weighed(pairs, readings, packaged())]
    print(f"{len(pairs)} pairs: " + ", ".join(f"{truth.count(stance)} {stance}" for stance in Stance))
    print("\n".join(scores(name, truth, predicted) for name, predicted in ways.items()))
    print("\n".join(by_rule(readings, truth)))
    if options.wrong:
        predicted = list(ways.values())[-1]
        for pair, reading, label, stance in zip(pairs, readings, truth, predicted, strict=True):
            if stance is not label:
                print(f"\n{label}, said {stance} ({reading.reason or 'no rule'})\n  {pair.claim}\n  {pair.text[:400]}")


if __name__ == "__main__":
    main()
