"""Count how often the stance rules are right on citation-integrity, and write the calibration table.

    python -m training.stance_rules FOLDER [--cache FILE] [--write]

FOLDER holds claims_train.jsonl.gz and corpus_train.jsonl.xz in the SciFact format. Prints the cross-fitted Brier
score, expected calibration error and reliability table as JSON; `--write` stores the counts in calibration.toml.
A stance that the rules never reach on the set has no counts, and so a chance of one half.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from synth.core.types import Stance
from synth.evidence.calibration import CalibrationCell, CalibrationTable
from synth.evidence.candidates import EvidenceClaim
from synth.evidence.passages.stance import RELATED, judge
from synth.models.encoder import Encoder
from synth.text.content import without_citation_marks

SOURCE = "citation-integrity, training split (Sarol et al. 2024, Bioinformatics); biomedical"
FOLDS = 5
EDGES = (0.0, 0.8, 0.9)  # similarity from which a cell starts
LABELS = {"SUPPORT": Stance.SUPPORT, "REFUTE": Stance.CONTRADICT, "CONTRADICT": Stance.CONTRADICT}


@dataclass(frozen=True)
class JudgementOutcome:
    """One judgement of one claim by its cited article, with its correctness. `article` groups the folds."""

    article: int
    stance: Stance
    similarity: float
    right: bool


@dataclass(frozen=True)
class Labelled:
    claim: str
    sentences: tuple[str, ...]
    label: Stance
    article: int


def load(folder: Path) -> list[Labelled]:
    """Return the labelled pairs; copies of one article that share a sentence get the same article number."""
    with lzma.open(folder / "corpus_train.jsonl.xz", "rt", encoding="utf-8") as stream:
        corpus = {row["doc_id"]: tuple(row["abstract"]) for row in map(json.loads, stream)}
    articles = _articles(corpus)
    pairs = []
    with gzip.open(folder / "claims_train.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            labels = [entry["label"] for entries in row["evidence"].values() for entry in entries]
            label = LABELS[labels[0]] if labels else Stance.NOT_ENOUGH_INFO
            doc = row["cited_doc_ids"][0]
            pairs.append(Labelled(without_citation_marks(row["claim"]), corpus[doc], label, articles[doc]))
    return pairs


def _articles(corpus: dict[int, tuple[str, ...]]) -> dict[int, int]:
    """Return document id → number of its article, by joining documents that share a sentence."""
    root: dict[int, int] = {doc: doc for doc in corpus}

    def find(doc: int) -> int:
        while root[doc] != doc:
            root[doc] = root[root[doc]]
            doc = root[doc]
        return doc

    first: dict[str, int] = {}
    for doc, sentences in corpus.items():
        for sentence in sentences:
            root[find(doc)] = find(first.setdefault(sentence, doc))
    return {doc: find(doc) for doc in corpus}


def judged(pairs: Sequence[Labelled], encoder: Encoder) -> list[JudgementOutcome]:
    """Return one outcome per claim: its article's most telling judgement, as the pipeline would make it."""
    encoder.encode([text for pair in pairs for text in (pair.claim, *pair.sentences)])
    outcomes = []
    for number, pair in enumerate(pairs):
        claim, own = EvidenceClaim(number, pair.claim), encoder.encode([pair.claim])[0]
        judgements = [
            (judge(claim, text, similarity).stance, similarity)
            for text, similarity in zip(
                pair.sentences, (encoder.encode(list(pair.sentences)) @ own).tolist(), strict=True
            )
            if similarity >= RELATED
        ]
        if judgements:
            stance, similarity = max(
                judgements, key=lambda judgement: (judgement[0] is not Stance.NOT_ENOUGH_INFO, judgement[1])
            )
            outcomes.append(JudgementOutcome(pair.article, stance, similarity, stance is pair.label))
    return outcomes


def fitted(outcomes: Sequence[JudgementOutcome], claims: int, supported: int) -> CalibrationTable:
    """Return counts per stance and similarity; neighbouring cells are joined until chances do not fall (isotonic)."""
    cells: list[CalibrationCell] = []
    for stance in Stance:
        rows = [o for o in outcomes if o.stance is stance]
        stack: list[CalibrationCell] = []
        for low, high in zip(EDGES, (*EDGES[1:], 2.0), strict=True):
            inside = [o for o in rows if low <= o.similarity < high]
            stack.append(CalibrationCell(stance, low, sum(o.right for o in inside), len(inside)))
            while len(stack) > 1 and (stack[-1].n == 0 or stack[-2].n == 0 or stack[-1].chance < stack[-2].chance):
                top, below = stack.pop(), stack.pop()
                stack.append(CalibrationCell(stance, below.since, below.right + top.right, below.n + top.n))
        cells += stack if rows else []
    return CalibrationTable(supported, claims, tuple(cells))


def cross_fitted(outcomes: Sequence[JudgementOutcome], claims: int, supported: int) -> list[tuple[float, bool]]:
    """Return (predicted chance, right) of every decided judgement, from a table fitted without its article's fold."""
    predicted = []
    order = {article: i for i, article in enumerate(sorted({o.article for o in outcomes}))}
    for fold in range(FOLDS):
        inside = [o for o in outcomes if order[o.article] % FOLDS == fold and o.stance is not Stance.NOT_ENOUGH_INFO]
        fit = fitted([o for o in outcomes if order[o.article] % FOLDS != fold], claims, supported)
        predicted += [(fit.chance_right(o.stance, o.similarity), o.right) for o in inside]
    return predicted


def brier(predicted: Iterable[tuple[float, bool]]) -> float:
    """Return the mean squared difference of chance and outcome (Brier 1950)."""
    pairs = list(predicted)
    return sum((p - right) ** 2 for p, right in pairs) / len(pairs)


def reliability(predicted: Iterable[tuple[float, bool]], bins: int = 10) -> list[dict[str, float]]:
    """Return per bin of equal width: size, mean predicted chance, share that was right. Empty bins are left out."""
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for p, right in predicted:
        grouped.setdefault(min(int(p * bins), bins - 1), []).append((p, right))
    return [
        {
            "n": len(pairs),
            "predicted": sum(p for p, _ in pairs) / len(pairs),
            "right": sum(right for _, right in pairs) / len(pairs),
        }
        for _, pairs in sorted(grouped.items())
    ]


def calibration_error(predicted: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the expected calibration error with bins of equal width (Guo et al. 2017, §2)."""
    rows = reliability(predicted, bins)
    return sum(row["n"] * abs(row["predicted"] - row["right"]) for row in rows) / len(predicted)


def report(pairs: Sequence[Labelled], outcomes: Sequence[JudgementOutcome], supported: int) -> dict[str, object]:
    """Return the figures of docs/confidence.md: coverage, and how well held-out chances agree with what was right."""
    predicted = cross_fitted(outcomes, len(pairs), supported)
    decided = [o for o in outcomes if o.stance is not Stance.NOT_ENOUGH_INFO]
    return {
        "claims": len(pairs),
        "articles": len({pair.article for pair in pairs}),
        "supported": supported,
        "decided": len(decided),
        "right": sum(o.right for o in decided),
        "undecided": sum(o.stance is Stance.NOT_ENOUGH_INFO for o in outcomes),
        "undecided and rightly so": sum(o.right for o in outcomes if o.stance is Stance.NOT_ENOUGH_INFO),
        "brier": brier(predicted) if predicted else None,
        "brier of the base rate": brier([(supported / len(pairs), right) for _, right in predicted]),
        "calibration error": calibration_error(predicted) if predicted else None,
        "reliability": reliability(predicted),
    }


def as_toml(counts: CalibrationTable, source: str) -> str:
    """Write the table as calibration.toml holds it."""
    lines = [
        "# Counts of judgements and of those that were right. Written by training.stance_rules; see docs/confidence.",
        f'source = "{source}"',
        f"supported = {counts.supported}",
        f"claims = {counts.claims}",
    ]
    for cell in counts.cells:
        lines += ["", "[[cell]]", f'stance = "{cell.stance}"', f"since = {cell.since}"]
        lines += [f"right = {cell.right}", f"n = {cell.n}"]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="SQLite file for sentence vectors")
    parser.add_argument("--write", action="store_true", help="store the counts in calibration.toml")
    options = parser.parse_args(arguments)
    pairs = load(options.folder)
    supported = sum(pair.label is Stance.SUPPORT for pair in pairs)
    outcomes = judged(pairs, Encoder(cache=options.cache))
    result = report(pairs, outcomes, supported)
    if options.write:
        path = Path(__file__).with_name("calibration.toml")
        path.write_text(as_toml(fitted(outcomes, len(pairs), supported), SOURCE), encoding="utf-8")
    json.dump(result, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
