"""Fit the calibrators of the document judge, and measure it on sets that it never saw.

    python -m training.stance.fit --data FOLDER [--model FOLDER] [--cache FILE] [--json FILE] [--pairs FILE ...]
        [--write]

Every set of `leftout` is scored by a calibrator that was fitted on the other sets: a domain is never scored by numbers
that know it. In the fit every set counts the same, and in each set every stance; pairs about numbers that were written
from papers (`tests/evidence/number_pairs.toml`, and `--pairs`) count more and are never scored. Beside the judge:
always the most frequent stance, the judge without rules and tables, and a regression over the cosine of claim and
nearest sentence. `--write` stores the calibrators that were fitted on all sets in calibrators.toml.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synth.core.types import JsonObject, Stance
from synth.eval.scifact import files
from synth.eval.scifact.records import Claim, CorpusDocument
from synth.evidence import document_judge, documents
from synth.evidence.calibrator import FILE, Calibrator, Grounds, as_toml
from synth.evidence.document_judge import Opinion
from synth.evidence.documents import COLUMNS, DocumentPair, DocumentReading
from synth.evidence.recalibration import fitted
from synth.models.cross_encoder import PACKAGED, CrossEncoder
from synth.models.encoder import Encoder
from synth.pdf.text.sentences import split
from synth.search.stance_models import table_stance
from synth.text.content import without_citation_marks
from training.stance import leftout
from training.stance.sets import STANCES, LabelledPair, is_table

# Pairs about numbers, written from papers: claims of the kind that is searched for, of which the other sets have few.
# The rules were mended on these pairs; `--pairs` takes others.
NUMBERS = Path(__file__).parents[2] / "tests" / "evidence" / "number_pairs.toml"
STORED = Path(document_judge.__file__).with_name(FILE)
DECISIONS = (
    *((grounds, stance) for grounds in (Grounds.RULE, Grounds.LEANING, Grounds.TABLE) for stance in STANCES[:2]),
    (Grounds.CONDITION, Stance.NOT_ENOUGH_INFO),
)
BINS = 10
PAPERS = 2  # sets as many as which pairs written from papers count
RETRIEVED, CLAIMS = 10, 250  # documents of a claim, claims, of the calibrator for retrieved ones
BOUNDS = [(s / 100, c / 100) for s in range(6, 61, 6) for c in range(6, 61, 6)]
PENALTY = 0.3  # scikit-learn's C

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One set: its pairs as documents, how each was read, and the stance in truth."""

    pairs: list[DocumentPair]
    readings: list[DocumentReading]
    truth: list[Stance]

    @property
    def rows(self) -> Rows:
        return np.array([reading.row for reading in self.readings])

    @property
    def undecided(self) -> Part:
        """Return the part of it that is left to the model."""
        places = [i for i, one in enumerate(self.readings) if one.grounds is Grounds.MODEL]
        lists = (self.pairs, self.readings, self.truth)
        pairs, readings, truth = ([each[i] for i in places] for each in lists)
        return Part(pairs, readings, truth)  # type: ignore[arg-type]


def document(pair: LabelledPair) -> DocumentPair:
    """Make the document of a pair: its sentences, or the lines of a table."""
    if is_table(pair.passage):
        return DocumentPair(pair.claim, tuple(pair.passage.split("\n")))
    return DocumentPair(pair.claim, tuple(pair.passage[a:b] for a, b in split(pair.passage)) or (pair.passage,))


def read(sets: Mapping[str, Sequence[LabelledPair]], model: CrossEncoder, encoder: Encoder) -> dict[str, Part]:
    parts = {}
    for name, labelled in sets.items():
        pairs = [document(pair) for pair in labelled]
        truth = [pair.stance for pair in labelled if pair.stance is not None]
        parts[name] = Part(pairs, documents.read_documents(pairs, model, encoder, tables=table_stance), truth)
    return parts


def fit(parts: Sequence[Part], papers: Sequence[Part] = ()) -> Calibrator:
    """Fit one calibrator: every set counts the same, and in each set every stance that it has.

    Args:
        parts: One a set.
        papers: Sets of pairs written from papers; each counts PAPERS times.
    """
    parts = [part for part in (one.undecided for one in (*parts, *[*papers] * PAPERS)) if part.truth]
    rows = np.concatenate([part.rows for part in parts])
    truth = [stance for part in parts for stance in part.truth]
    share = np.concatenate([_share(part.truth) for part in parts])
    share *= len(truth) / share.sum()
    return fitted(rows, truth, COLUMNS, bounds=(0.0, 0.0), penalty=PENALTY, share=share)


def _share(truth: Sequence[Stance]) -> Rows:
    counts = {stance: truth.count(stance) for stance in set(truth)}
    return np.array([1 / counts[stance] / len(counts) for stance in truth])


def _bounds(part: Part, calibrator: Calibrator) -> tuple[float, float]:
    """Choose the bounds with the best macro-F1."""
    probabilities = calibrator.probabilities(part.rows)

    def score(bounds: tuple[float, float]) -> float:
        one = replace(calibrator, bounds=bounds)
        return macro_f1(part.truth, [one.stance(p) for p in probabilities])

    return max(BOUNDS, key=score)


# ------------------------------------------------------------------------------------------------- scores


def macro_f1(truth: Sequence[Stance], said: Sequence[Stance]) -> float:
    """Average the F1 of the stances that occur in truth."""
    scores = []
    for stance in STANCES:
        if stance in truth:
            both = sum(t is stance and s is stance for t, s in zip(truth, said, strict=True))
            scores.append(2 * both / (truth.count(stance) + said.count(stance)))
    return float(np.mean(scores))


def calibration_error(probabilities: Rows, truth: Sequence[Stance]) -> float:
    """Return the expected calibration error of the likeliest stance over equal bins (Guo et al. 2017, §2)."""
    sure = probabilities.max(axis=1)
    right = np.array([STANCES[place] is t for place, t in zip(probabilities.argmax(axis=1), truth, strict=True)])
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return float(sum(abs(right[bins == b].sum() - sure[bins == b].sum()) for b in set(bins.tolist())) / len(truth))


def scores(truth: Sequence[Stance], opinions: Sequence[Opinion]) -> JsonObject:
    probabilities = np.array([[opinion.probabilities[s] for s in STANCES] for opinion in opinions])
    said = [opinion.stance for opinion in opinions]
    return {
        "macro-F1": round(macro_f1(truth, said), 3),
        "accuracy": round(float(np.mean([a is b for a, b in zip(truth, said, strict=True)])), 3),
        "ECE": round(calibration_error(probabilities, truth), 3),
        "said": {str(s): said.count(s) for s in STANCES},
    }


def measured(parts: Mapping[str, Part], papers: Sequence[Part] = ()) -> JsonObject:
    """Score each set by numbers fitted on the others, beside the baselines and the judge without parts of it."""
    table: JsonObject = {}
    for name, part in parts.items():
        calibrator = fit([other for key, other in parts.items() if key != name], papers)
        frequent = max(STANCES, key=part.truth.count)
        table[name] = {
            "pairs": len(part.truth),
            "judge": scores(part.truth, _judged(part, calibrator)),
            "model alone": scores(part.truth, _judged(part, calibrator, rules=False)),
            "similarity": scores(part.truth, _nearest(part, [other for key, other in parts.items() if key != name])),
            "majority macro-F1": round(macro_f1(part.truth, [frequent] * len(part.truth)), 3),
            "rules": {f"{g} {s}": f"{right} of {n}" for (g, s), (right, n) in counts([part]).items() if n},
        }
    return table


def _judged(part: Part, calibrator: Calibrator, *, rules: bool = True) -> list[Opinion]:
    readings = part.readings if rules else [documents.without_rules(one) for one in part.readings]
    return document_judge.weighed(part.pairs, readings, {"named": calibrator, "retrieved": calibrator})


def _nearest(part: Part, others: Sequence[Part]) -> list[Opinion]:
    """Judge by the cosine of the claim and its nearest sentence, fitted on the other sets."""

    def cosines(one: Part) -> Rows:
        return np.array([[max(reading.similarity.values(), default=0.0)] for reading in one.readings])

    share = np.concatenate([_share(one.truth) for one in others])
    truth = [stance for one in others for stance in one.truth]
    found = fitted(np.concatenate([cosines(one) for one in others]), truth, ("cosine",), share=share * len(truth))
    likely = [dict(zip(STANCES, p.tolist(), strict=True)) for p in found.probabilities(cosines(part))]
    return [Opinion(p, max(STANCES, key=lambda stance: p[stance])) for p in likely]


def counts(parts: Sequence[Part]) -> dict[tuple[Grounds, Stance], tuple[int, int]]:
    """Count how often rules and tables were right, of how many, by what they say."""
    found = {}
    for grounds, stance in DECISIONS:
        truth = [
            true
            for part in parts
            for one, true in zip(part.readings, part.truth, strict=True)
            if (one.grounds, one.stance) == (grounds, stance)
            or (grounds is Grounds.LEANING and one.grounds is Grounds.MODEL and one.leaning is stance)
        ]
        found[grounds, stance] = (truth.count(stance), len(truth))
    return found


# ---------------------------------------------------------------------------------------------- retrieved


def retrieved(data: Path, model: CrossEncoder, encoder: Encoder) -> Calibrator:
    """Fit the calibrator for documents that a search found, on citation-integrity: few of ten bear on a claim."""
    from synth.eval.evaluate import retrieved as candidates

    claims, _ = files.read_claims(data / "citation-integrity" / "claims_train.jsonl.gz")
    corpus = files.read_corpus(data / "citation-integrity" / "corpus_train.jsonl.xz")
    step = max(1, len(claims) // CLAIMS)
    chosen = list(claims)[::step][:CLAIMS]
    part = _retrieved_part(chosen, corpus, candidates(chosen, corpus, encoder, RETRIEVED), model, encoder)
    found = fitted(part.rows, part.truth, COLUMNS)
    return replace(found, bounds=_bounds(part, found))


def _retrieved_part(
    claims: Sequence[Claim],
    corpus: Mapping[str, CorpusDocument],
    candidates: Sequence[Sequence[str]],
    model: CrossEncoder,
    encoder: Encoder,
) -> Part:
    pairs, truth = [], []
    for claim, docs in zip(claims, candidates, strict=True):
        for doc in docs:
            gold = (claim.evidence or {}).get(doc)
            pairs.append(DocumentPair(without_citation_marks(claim.text), corpus[doc].sentences, named=False))
            truth.append(gold.stance if gold else Stance.NOT_ENOUGH_INFO)
    return Part(pairs, documents.read_documents(pairs, model, encoder, tables=table_stance), truth)


def from_papers(files: Sequence[Path]) -> dict[str, list[LabelledPair]]:
    """Read the pairs of NUMBERS, and of files with claim, passage and label in each line, by the name of the file."""
    rows = {"numbers": tomllib.loads(NUMBERS.read_text(encoding="utf-8"))["pair"]}
    rows |= {path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in files}
    return {
        name: [LabelledPair(r["claim"], r["passage"], Stance(r["label"]), "", name) for r in each]
        for name, each in rows.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=PACKAGED)
    for name in ("cache", "json"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], help="further pairs written from papers")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    model, encoder = CrossEncoder(packaged=given.model, cache=given.cache), Encoder(cache=given.cache)
    parts = read(leftout.load(given.data), model, encoder)
    papers = list(read(from_papers(given.pairs), model, encoder).values())
    table = measured(parts, papers)
    if given.write:
        every = [*parts.values(), *papers]
        found = {"named": fit(list(parts.values()), papers), "retrieved": retrieved(given.data, model, encoder)}
        about = "Fitted on labelled sets by training.stance.fit; docs/stance.md says how well they hold."
        STORED.write_text(as_toml(found, about, counts(every)), encoding="utf-8")
    text = json.dumps(table, indent=1)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
