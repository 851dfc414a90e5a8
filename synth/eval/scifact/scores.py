"""The four F1 scores of SciFact (Wadden et al. 2020, §4; definitions as in the data set's `doc/evaluation.md`).

Abstract level: a document counts as right when its label is (label only), or when its first three predicted sentences
hold also a whole gold rationale (rationalised). Sentence level: a predicted sentence is right when it belongs to a
gold rationale that was predicted whole (selection), and the document's label is right as well (label). All predicted
sentences count. Numbers are summed over claims before precision and recall are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.eval.scifact.records import DocumentPrediction, Gold

ABSTRACT_SENTENCES = 3  # further sentences do not count at abstract level, where too many of them cost nothing


class Counts(NamedTuple):
    """Of one claim, or summed over claims."""

    documents: float = 0  # gold
    documents_predicted: float = 0
    label: float = 0
    rationalised: float = 0
    sentences: float = 0  # gold
    sentences_predicted: float = 0
    selected: float = 0
    selected_and_label: float = 0


# Name in the official scorer's output → its (right, predicted, gold) among the counts.
SCORES = {
    "abstract_label_only": ("label", "documents_predicted", "documents"),
    "abstract_rationalized": ("rationalised", "documents_predicted", "documents"),
    "sentence_selection": ("selected", "sentences_predicted", "sentences"),
    "sentence_label": ("selected_and_label", "sentences_predicted", "sentences"),
}


def count(gold: Mapping[str, Gold], findings: Mapping[str, DocumentPrediction]) -> Counts:
    """Count the outcomes of one claim, by document id.

    A gold sentence that stands in several rationales of a document counts once, so that recall cannot pass 1; the
    official scorer does not allow such data.
    """
    label = rationalised = selected = selected_and_label = 0
    for doc, finding in findings.items():
        if doc not in gold:
            continue
        right = _selected(gold[doc], finding)
        selected += right
        if finding.stance is gold[doc].stance:
            label += 1
            selected_and_label += right
            head = frozenset(finding.sentences[:ABSTRACT_SENTENCES])
            rationalised += any(rationale <= head for rationale in gold[doc].rationales)
    return Counts(
        documents=len(gold),
        documents_predicted=len(findings),
        label=label,
        rationalised=rationalised,
        sentences=sum(len(frozenset().union(*entry.rationales)) for entry in gold.values()),
        sentences_predicted=sum(len(finding.sentences) for finding in findings.values()),
        selected=selected,
        selected_and_label=selected_and_label,
    )


def _selected(gold: Gold, finding: DocumentPrediction) -> int:
    whole = [rationale for rationale in gold.rationales if rationale <= set(finding.sentences)]
    return len(frozenset().union(*whole))


def measures(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Compute precision, recall and F1 of each score from counts of shape (…, 8), each of shape (…); 0 if undefined."""
    column = {name: counts[..., i] for i, name in enumerate(Counts._fields)}
    scores = {}
    for name, (right, predicted, gold) in SCORES.items():
        scores[f"{name}_precision"] = _ratio(column[right], column[predicted])
        scores[f"{name}_recall"] = _ratio(column[right], column[gold])
        scores[f"{name}_f1"] = _ratio(2 * column[right], column[predicted] + column[gold])
    return scores


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(whole, dtype=np.float64), where=whole > 0)
