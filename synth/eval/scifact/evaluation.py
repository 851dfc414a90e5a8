"""Answers against gold evidence: F1 scores, calibration, intervals, and what was taken for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from synth.core.types import Stance
from synth.eval.scifact import reliability, scores
from synth.eval.scifact.intervals import LEVEL, RESAMPLES, groups, intervals
from synth.eval.scifact.records import Claim, ClaimPrediction, CorpusDocument

_SCORES = len(scores.Counts._fields)


class Score(TypedDict):
    """An F1 score with its parts, as shares; `ci` is the interval of the F1, [None, None] where there is none."""

    precision: float
    recall: float
    f1: float
    ci: list[float | None]


class Measure(TypedDict):
    """A measure of calibration with its interval; None where nothing was judged."""

    value: float | None
    ci: list[float | None]


class Scores(TypedDict):
    """Measures of the labelled claims; `groups` of claims share articles and are resampled together."""

    claims: int
    groups: int
    pairs: int
    candidate_recall: float
    level: float
    resamples: int
    abstract_label_only: Score
    abstract_rationalized: Score
    sentence_selection: Score
    sentence_label: Score
    ece: Measure
    brier: Measure
    support_ece: Measure
    support_brier: Measure
    reliability: dict[str, list[dict[str, float]]]
    confusion: dict[str, dict[str, int]]


def evaluate(
    claims: Sequence[Claim], answers: Sequence[ClaimPrediction], corpus: Mapping[str, CorpusDocument]
) -> Scores | None:
    """Compute all measures of the labelled claims; None when no claim has evidence (a test set without labels).

    `claims` and `answers` have the same ids in the same order. Values are shares from 0 to 1.
    """
    pairs = [(c, a) for c, a in zip(claims, answers, strict=True) if c.evidence is not None]
    if any(c.id != a.claim for c, a in pairs):
        raise ValueError("answers are not in the order of the claims")
    if not any(claim.evidence for claim, _ in pairs):
        return None
    rows = np.array([_row(claim, answer) for claim, answer in pairs])
    group = groups([claim for claim, _ in pairs], corpus)
    ci = intervals(rows, group, _measures)
    values = {name: float(value[0]) for name, value in _measures(rows.sum(axis=0)[None]).items()}
    total = rows.sum(axis=0)
    score = {name: _score(name, values, ci) for name in scores.SCORES}
    measure = {name: _measured(values[name], ci[name]) for name in ("ece", "brier", "support_ece", "support_brier")}
    return {
        "claims": len(pairs),
        "groups": max(group) + 1,
        "pairs": int(total[_SCORES]),
        "candidate_recall": _candidate_recall(pairs),
        "level": LEVEL,
        "resamples": RESAMPLES,
        "abstract_label_only": score["abstract_label_only"],
        "abstract_rationalized": score["abstract_rationalized"],
        "sentence_selection": score["sentence_selection"],
        "sentence_label": score["sentence_label"],
        "ece": measure["ece"],
        "brier": measure["brier"],
        "support_ece": measure["support_ece"],
        "support_brier": measure["support_brier"],
        "reliability": reliability.diagram(total[_SCORES:]),
        "confusion": _confusion(pairs),
    }


def _row(claim: Claim, answer: ClaimPrediction) -> NDArray[np.float64]:
    gold = claim.evidence or {}
    judged = [(p, truth(claim, doc)) for doc, p in answer.confidence.items()]
    return np.concatenate([scores.count(gold, answer.evidence), reliability.sums(judged)])


def truth(claim: Claim, doc: str) -> Stance:
    """Return the annotators' stance on a document; NOT_ENOUGH_INFO where they gave no evidence."""
    gold = (claim.evidence or {}).get(doc)
    return gold.stance if gold else Stance.NOT_ENOUGH_INFO


def _measures(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return scores.measures(sums[..., :_SCORES]) | reliability.measures(sums[..., _SCORES:])


def _score(name: str, values: Mapping[str, float], ci: Mapping[str, tuple[float, float] | None]) -> Score:
    precision, recall, f1 = (values[f"{name}_{part}"] for part in ("precision", "recall", "f1"))
    return {"precision": precision, "recall": recall, "f1": f1, "ci": _listed(ci[f"{name}_f1"])}


def _measured(value: float, ci: tuple[float, float] | None) -> Measure:
    return {"value": value if np.isfinite(value) else None, "ci": _listed(ci)}


def _listed(ci: tuple[float, float] | None) -> list[float | None]:
    return list(ci) if ci else [None, None]


def _candidate_recall(pairs: Sequence[tuple[Claim, ClaimPrediction]]) -> float:
    """Return the share of evidence documents that were judged at all: what retrieval misses, no judge finds."""
    judged = [doc in answer.confidence for claim, answer in pairs for doc in claim.evidence or {}]
    return sum(judged) / len(judged)


def _confusion(pairs: Sequence[tuple[Claim, ClaimPrediction]]) -> dict[str, dict[str, int]]:
    """Map judged stance → true stance → number of (claim, document) pairs."""
    counts = {judged.value: {true.value: 0 for true in Stance} for judged in Stance}
    for claim, answer in pairs:
        for doc in answer.confidence:
            finding = answer.evidence.get(doc)
            judged = finding.stance if finding else Stance.NOT_ENOUGH_INFO
            counts[judged.value][truth(claim, doc).value] += 1
    return counts
