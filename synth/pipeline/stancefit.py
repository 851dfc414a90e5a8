"""Fit the calibrators of the stance model on labelled claims, and measure it on articles that nothing was fitted on.

    python -m synth.pipeline.stancefit --claims FILE --corpus FILE [--pairs FILE] [--adapter FOLDER] [--cache FILE]
                                       [--check FILE ...] [--write] [--test]

Claims and corpus are in the SciFact format. Claims are divided by article (documents that share a sentence are one
article), three fifths to fit and to choose on, two fifths to report. Without `--test` only the first part is looked
at: cross-fitted over five folds of articles. `--test` scores what the first part gave on the second, beside three
baselines with thresholds chosen on the first: every named document supports; the similarity of claim and nearest
sentence; BM25 and the numeric checker. `--pairs`: pairs of natural language inference that the model was not trained
on; they count as much as all named documents together, so that the numbers hold for more than one kind of claim.
`--check`: further pairs, which nothing is fitted on, as documents of one sentence: how far the numbers hold there.
`--write` stores the numbers in calibrators.toml.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth.entailment.pairs import read as read_pairs
from synth.errors import SynthError
from synth.evidence import judges
from synth.evidence.calibrator import STANCES, Calibrator, as_toml
from synth.evidence.crossencoder import ADAPTER, CrossEncoder
from synth.evidence.encoder import Encoder
from synth.evidence.index import PassageIndex
from synth.evidence.judges import Opinion, Pair
from synth.evidence.numeric import check as numeric
from synth.evidence.reader import SENTENCE
from synth.evidence.reader import rows as sentence_rows
from synth.evidence.recalibration import fitted, folds
from synth.evidence.sentence import read
from synth.pipeline.evaluation import retrieved as candidates_for
from synth.pipeline.evaluation import threads
from synth.scifact import files, reliability
from synth.scifact.evaluation import evaluate
from synth.scifact.intervals import groups
from synth.scifact.records import Answer, Claim, Document, Finding
from synth.text import without_citation_marks
from synth.types import Stance

SEED = 13
FITTED = 0.6  # share of the articles
RETRIEVED = 10
STORED = Path(judges.__file__).with_name("calibrators.toml")
SURE = (0.75, 0.75)  # chance from which a single passage is said to support or contradict

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """A claim beside a document, and what the annotators say of the two."""

    claim: Claim
    doc: str
    pair: Pair
    truth: Stance
    group: int


def labelled(claims: Sequence[Claim], corpus: Mapping[str, Document], named: bool, encoder: Encoder) -> list[Labelled]:
    """The named documents of every claim, or those that a search finds for it."""
    numbers = groups(claims, corpus)
    candidates: Sequence[Sequence[str]] = [claim.cited or () for claim in claims]
    if not named:
        candidates = candidates_for(claims, corpus, encoder, RETRIEVED)
    found = []
    for claim, docs, group in zip(claims, candidates, numbers, strict=True):
        for doc in docs:
            gold = (claim.evidence or {}).get(doc)
            pair = Pair(without_citation_marks(claim.text), corpus[doc].sentences, named)
            found.append(Labelled(claim, doc, pair, gold.stance if gold else Stance.NOT_ENOUGH_INFO, group))
    return found


def divided(numbers: Sequence[int], seed: int = SEED) -> frozenset[int]:
    """The groups to fit on."""
    order = sorted(set(numbers))
    random.Random(seed).shuffle(order)
    return frozenset(order[: round(FITTED * len(order))])


@dataclass(frozen=True)
class Part:
    """Readings as rows (n, columns), the stances in truth, and the article of each."""

    rows: Rows
    truth: list[Stance]
    groups: list[int]

    def of(self, groups: Collection[int]) -> Part:
        places = [i for i, group in enumerate(self.groups) if group in groups]
        return Part(self.rows[places], [self.truth[i] for i in places], [self.groups[i] for i in places])


STEPS = [round(0.05 * step, 2) for step in range(2, 20)]


def bounds(
    p: Rows, truth: Sequence[Stance], share: Rows | None = None, pairs: Sequence[tuple[float, float]] = ()
) -> tuple[float, float]:
    """The bounds on (n, 3) probabilities that give the best F1 of labels; `share` (n,): what each row counts; `pairs`:
    the bounds to try, all combinations of STEPS by default."""
    share = np.ones(len(p)) if share is None else share
    right = np.array([[t is s for s in STANCES[:2]] for t in truth])
    evidence = share @ right.any(axis=1)
    best = (-1.0, (0.5, 0.5))
    for pair in pairs or [(support, contradict) for support in STEPS for contradict in STEPS]:
        above = p[:, :2] - pair
        said = above.max(axis=1) >= 0
        hits = share[said] @ right[np.arange(len(p)), above.argmax(axis=1)][said]
        best = max(best, (2 * hits / max(1.0, share[said].sum() + evidence), pair))
    return best[1]


def together(claims: Part, pairs: Part | None) -> tuple[Part, Rows]:
    """Both as one, and what each row counts: the pairs as much as the claims."""
    if pairs is None:
        return claims, np.ones(len(claims.rows))
    share = np.full(len(pairs.rows), len(claims.rows) / len(pairs.rows))
    rows, truth = np.concatenate([claims.rows, pairs.rows]), [*claims.truth, *pairs.truth]
    return Part(rows, truth, [*claims.groups, *pairs.groups]), np.concatenate([np.ones(len(claims.rows)), share])


def mixed(claims: Part, pairs: Part | None, columns: Sequence[str]) -> Calibrator:
    both, share = together(claims, pairs)
    return fitted(both.rows, both.truth, columns, share=share)


def complete(named: Part, retrieved: Part, pairs: Part | None) -> dict[str, Calibrator]:
    """Both calibrators of documents, with the bounds of best F1. One bound holds for both labels of retrieved ones:
    a set that marks few contradictions would else teach never to say one."""
    found = {
        "named": mixed(named, pairs, judges.DOCUMENT),
        "retrieved": fitted(retrieved.rows, retrieved.truth, judges.DOCUMENT),
    }
    both, share = together(named, pairs)
    first = bounds(judges.probabilities(both.rows, True, found), both.truth, share)
    same = [(step, step) for step in STEPS]
    second = bounds(judges.probabilities(retrieved.rows, False, found), retrieved.truth, pairs=same)
    return {"named": replace(found["named"], bounds=first), "retrieved": replace(found["retrieved"], bounds=second)}


def inferences(file: Path, model: CrossEncoder, encoder: Encoder) -> tuple[Part, Part]:
    """Pairs with a label as documents of one sentence, and as sentences."""
    told = [example for example in read_pairs(file) if 1.0 in example.target]
    truth = [STANCES[example.target.index(1.0)] for example in told]
    readings = judges.read_documents([Pair(e.claim, (e.passage,)) for e in told], model, encoder)
    near = [max(reading.similarity.values(), default=0.0) for reading in readings]
    sentences = sentence_rows(model, [(e.claim, e.passage) for e in told], near)
    groups = [0] * len(told)
    return Part(np.array([r.row for r in readings]), truth, groups), Part(sentences, truth, groups)


def by_sentence(found: Sequence[Labelled], model: CrossEncoder, encoder: Encoder) -> Part:
    """Every sentence of the documents beside its claim, and the document's stance where it is evidence."""
    pairs = [(one.pair.claim, text) for one in found for text in one.pair.passages]
    vectors = encoder.encode([text for pair in pairs for text in pair])
    rows = sentence_rows(model, pairs, (vectors[::2] * vectors[1::2]).sum(axis=1))
    truth = []
    for one in found:
        gold = (one.claim.evidence or {}).get(one.doc)
        evidence = frozenset[int]().union(*gold.rationales) if gold else frozenset[int]()
        truth += [one.truth if i in evidence else Stance.NOT_ENOUGH_INFO for i in range(len(one.pair.passages))]
    return Part(rows, truth, [one.group for one in found for _ in one.pair.passages])


def opinions(
    found: Sequence[Labelled], readings: Sequence[judges.Reading], calibrators: Mapping[str, Calibrator]
) -> list[Opinion]:
    return [judges.decided(one.pair, reading, calibrators) for one, reading in zip(found, readings, strict=True)]


def cross_fitted(
    modes: Mapping[str, tuple[Sequence[Labelled], Sequence[judges.Reading]]], pairs: Part | None
) -> dict[str, list[Opinion]]:
    """Every opinion by calibrators, bounds included, that were fitted on other articles."""
    parts = {mode: part(*one) for mode, one in modes.items()}
    articles = sorted({group for one in parts.values() for group in one.groups})
    result: dict[str, list[Opinion | None]] = {mode: [None] * len(found) for mode, (found, _) in modes.items()}
    for others, inside in folds(articles):
        known = {articles[i] for i in others}
        calibrators = complete(parts["named"].of(known), parts["retrieved"].of(known), pairs)
        unknown = {articles[i] for i in inside}
        for mode, (found, readings) in modes.items():
            places = [i for i, one in enumerate(found) if one.group in unknown]
            told = opinions([found[i] for i in places], [readings[i] for i in places], calibrators)
            for i, opinion in zip(places, told, strict=True):
                result[mode][i] = opinion
    return {mode: [opinion for opinion in told if opinion is not None] for mode, told in result.items()}


def part(found: Sequence[Labelled], readings: Sequence[judges.Reading]) -> Part:
    rows = np.array([reading.row for reading in readings])
    return Part(rows, [one.truth for one in found], [one.group for one in found])


def scores(found: Sequence[Labelled], told: Sequence[Opinion], corpus: Mapping[str, Document]) -> dict[str, Any]:
    """The measures of `synth evaluate` for these opinions."""
    claims = list({id(one.claim): one.claim for one in found}.values())
    by_claim: dict[int, dict[str, Opinion]] = {id(claim): {} for claim in claims}
    for one, opinion in zip(found, told, strict=True):
        by_claim[id(one.claim)][one.doc] = opinion
    answers = []
    for claim in claims:
        own = by_claim[id(claim)]
        said = {doc: o for doc, o in own.items() if o.stance is not Stance.NOT_ENOUGH_INFO}
        findings = {doc: Finding(o.stance, o.rationale[:3]) for doc, o in said.items()}
        answers.append(Answer(claim.id, findings, {doc: o.probabilities for doc, o in own.items()}))
    return evaluate(claims, answers, corpus) or {}


# -------------------------------------------------------------------------------------------- baselines


def majority(fit: Sequence[Labelled], other: Sequence[Labelled]) -> list[Opinion]:
    """The most frequent stance of the fitting part with its frequencies, resting on the first sentence."""
    counts = {s: sum(one.truth is s for one in fit) / len(fit) for s in STANCES}
    most = max(STANCES, key=lambda s: counts[s])
    return [Opinion(counts, most, () if most is Stance.NOT_ENOUGH_INFO else (0,)) for _ in other]


def by_similarity(fit: Sequence[Labelled], other: Sequence[Labelled], encoder: Encoder) -> list[Opinion]:
    """The cosine of the claim and its nearest sentence, logistic, with the bounds of best F1."""

    def nearest(part: Sequence[Labelled]) -> tuple[Rows, list[int]]:
        vectors = encoder.encode([text for one in part for text in (one.pair.claim, *one.pair.passages)])
        rows, places, start = [], [], 0
        for one in part:
            block = vectors[start : start + 1 + len(one.pair.passages)]
            cosine = block[1:] @ block[0]
            rows.append([float(cosine.max())])
            places.append(int(cosine.argmax()))
            start += len(block)
        return np.array(rows), places

    rows, _ = nearest(fit)
    truth = [one.truth for one in fit]
    calibrator = fitted(rows, truth, ("cosine",))
    calibrator = replace(calibrator, bounds=bounds(calibrator.probabilities(rows), truth))
    rows, places = nearest(other)
    found = []
    for p, place in zip(calibrator.probabilities(rows), places, strict=True):
        stance = calibrator.stance(p)
        rationale = () if stance is Stance.NOT_ENOUGH_INFO else (place,)
        found.append(Opinion(dict(zip(STANCES, p.tolist(), strict=True)), stance, rationale))
    return found


def by_numbers(fit: Sequence[Labelled], other: Sequence[Labelled], encoder: Encoder) -> list[Opinion]:
    """The sentence that BM25 puts first, judged by the numeric checker; frequencies of the fitting part as chances."""
    texts = list(dict.fromkeys(text for part in (fit, other) for one in part for text in one.pair.passages))
    index = PassageIndex(list(enumerate(texts)), encoder)
    number = {text: n for n, text in enumerate(texts)}

    @cache
    def ranks(claim: str) -> dict[int, int]:
        return {n: rank for rank, n in enumerate(index.by_words(claim, len(texts)))}

    def judged(one: Labelled) -> tuple[Stance, tuple[int, ...]]:
        found = ranks(one.pair.claim)
        places = [i for i, text in enumerate(one.pair.passages) if number[text] in found]
        if not places:
            return Stance.NOT_ENOUGH_INFO, ()
        place = min(places, key=lambda i: found[number[one.pair.passages[i]]])
        stance, _ = numeric(read(one.pair.claim), read(one.pair.passages[place]), (), 1.0)
        return stance, (place,) if stance is not Stance.NOT_ENOUGH_INFO else ()

    counts = {said: dict.fromkeys(STANCES, 1.0) for said in STANCES}
    for one in fit:
        counts[judged(one)[0]][one.truth] += 1
    found = []
    for one in other:
        stance, rationale = judged(one)
        total = sum(counts[stance].values())
        found.append(Opinion({s: n / total for s, n in counts[stance].items()}, stance, rationale))
    return found


# ---------------------------------------------------------------------------------------------- command


MODES = ("named", "retrieved")


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Cross-fitted scores of the fitting part or, with `--test`, scores of the rest; by mode and judge."""
    claims, _ = files.read_claims(options.claims)
    corpus = files.read_corpus(options.corpus)
    encoder = Encoder(cache=options.cache)
    model = CrossEncoder(cache=options.cache, adapter=options.adapter)
    everything = {mode: labelled(claims, corpus, mode == "named", encoder) for mode in MODES}
    inside = divided([one.group for one in everything["named"]])
    fit = {mode: [one for one in found if one.group in inside] for mode, found in everything.items()}
    readings = {
        mode: judges.read_documents([one.pair for one in found], model, encoder, _counted)
        for mode, found in fit.items()
    }
    documents, sentences = inferences(options.pairs, model, encoder) if options.pairs else (None, None)
    named, retrieved = (part(fit[mode], readings[mode]) for mode in MODES)
    calibrators = complete(named, retrieved, documents)
    if options.write:
        single = replace(mixed(by_sentence(fit["named"], model, encoder), sentences, SENTENCE), bounds=SURE)
        about = "Fitted on labelled claims by synth.pipeline.stancefit; read docs/confidence.md."
        STORED.write_text(as_toml({"sentence": single, **calibrators}, about), encoding="utf-8")
    held = {file.name: holds(inferences(file, model, encoder)[0], calibrators) for file in options.check or ()}
    if not options.test:
        told = cross_fitted({mode: (fit[mode], readings[mode]) for mode in MODES}, documents)
        return {"pairs": held} | {mode: {"cross-fitted": scores(fit[mode], told[mode], corpus)} for mode in MODES}
    result: dict[str, Any] = {"pairs": held}
    for mode, found in everything.items():
        other = [one for one in found if one.group not in inside]
        read_now = judges.read_documents([one.pair for one in other], model, encoder, _counted)
        judged = {
            "stance model": opinions(other, read_now, calibrators),
            "majority": majority(fit[mode], other),
            "similarity": by_similarity(fit[mode], other, encoder),
            "BM25 and numbers": by_numbers(fit[mode], other, encoder),
        }
        result[mode] = {name: scores(other, one, corpus) for name, one in judged.items()}
    return result


def holds(part: Part, calibrators: Mapping[str, Calibrator]) -> dict[str, float]:
    """Of pairs as documents that a claim names: how many, accuracy of the most probable stance, and the measures of
    `scifact.reliability`."""
    found = judges.probabilities(part.rows, True, calibrators)
    right = [STANCES[i] is truth for i, truth in zip(found.argmax(axis=1).tolist(), part.truth, strict=True)]
    told = [dict(zip(STANCES, row, strict=True)) for row in found.tolist()]
    measured = reliability.measures(reliability.sums(zip(told, part.truth, strict=True)))
    kept = {name: float(measured[name]) for name in ("ece", "brier")}
    return {"pairs": float(len(right)), "accuracy": sum(right) / len(right), **kept}


def _counted(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} pairs read   ")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m synth.pipeline.stancefit",
    )
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, help="pairs of natural language inference to fit on as well")
    parser.add_argument("--check", type=Path, action="append", help="pairs to say how far the numbers hold for them")
    parser.add_argument("--adapter", type=Path, default=ADAPTER, help="another adapter than the packaged one")
    parser.add_argument("--cache", type=Path, help="SQLite file for vectors and judgements")
    parser.add_argument("--write", action="store_true", help="store the fitted numbers in calibrators.toml")
    parser.add_argument("--test", action="store_true", help="score on the articles that nothing was fitted on")
    try:
        with threads(os.cpu_count() or 1):
            result = measured(parser.parse_args(arguments))
    except SynthError as error:
        sys.stderr.write(f"{error.what}\n{error.do}\n")
        return 1
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
