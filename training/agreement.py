"""Fit the regressions of `synth.evidence.agreement` on labelled pairs of a finding and a passage.

    python -m training.agreement [--findings FILE] [--without-model] [--write] [--errors]

Run it anew whenever the stance model, its calibration, the sentence encoder or the rules have changed. Pairs come from
`training/agreement_pairs.jsonl` (ours: sentences of ACL abstracts and of papers by their place, labelled by hand),
from `--findings` (JSON lines of claim, passage, own_paper, label, topic), and from sets whose licence allows it (SETS),
all under SYNTH_DATA. Prints, cross-validated over topics (no topic, paper or set is in training and test at once):
precision and recall of SUPPORT and CONTRADICT at P >= 0.8 and >= 0.5, expected calibration error, reliability table;
and the same of the pairs marked "kept", whose topics nothing is fitted on.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import sys
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from synth.claims import find_claims
from synth.claims.predictions import read
from synth.claims.syntax.grammar import Sentence
from synth.core.types import ClaimKind, Document, JsonObject, Passage, PassageKind, Prediction, Stance
from synth.evidence.agreement import COLUMNS, STANCES, Pairing, columns
from synth.evidence.candidates import EvidenceClaim
from synth.evidence.naming import Naming
from synth.evidence.passages.stance import judge
from synth.evidence.structure import Correspondence, correspond, phrases
from synth.models.cross_encoder import CrossEncoder
from synth.models.encoder import Encoder
from synth.models.stance_reader import Reader
from synth.pdf import Limits, read_pdfs
from synth.text.abbreviations import abbreviations
from synth.text.lexicon import load_lexicon
from synth.text.parsing import parse

HERE = Path(__file__).parent
TARGET = HERE.parent / "synth" / "evidence" / "agreement.toml"
PAIRS = HERE / "agreement_pairs.jsonl"
ABSTRACTS = "acl-anthology/acl_anthology_abstracts.jsonl.xz"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
# Set of `nli-extra` -> pairs taken of it at most. Scientific evidence under CC BY or MIT.
SETS = {"scifact-train": 200, "check-covid": 300, "evidence-inference-v2": 150}
# Weights: of a pair of the field, of a contradiction made of one (papers seldom contradict each other, so that they
# must not look frequent), of a pair of another science.
FIELD, MADE, ELSEWHERE = 1.0, 0.3, 0.05
MAX_PASSAGE = 400  # characters; longer ones are no sentences
OPPOSITES = {
    "improve": "worsen",
    "improves": "worsens",
    "improved": "worsened",
    "improvement": "deterioration",
    "improvements": "deteriorations",
    "gains": "losses",
    "outperform": "fall behind",
    "outperforms": "falls behind",
    "effective": "ineffective",
    "success": "failure",
    "successful": "unsuccessful",
    "better": "worse",
    "degrades": "improves",
    "drop": "rise",
    "drops": "rises",
    "decrease": "increase",
    "increases": "decreases",
    "sensitive": "robust",
    "poorly": "well",
    "significantly": "never",
    "led": "never led",
    "achieved": "not achieved",
    "effectiveness": "uselessness",
    "lower": "higher",
    "higher": "lower",
    "reduce": "increase",
    "suffer": "profit",
}
FOLDS = 8
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)  # inverse of the L2 penalty, tried in cross-validation
NEAR = 0.01  # nats per pair by which a fit may be worse than the best
BOUND = 0.8  # probability from which the mark is set
SEED = 13


@dataclass(frozen=True)
class Example:
    """A labelled pair. `group`: what must not be in training and test at once."""

    claim: str
    passage: str
    label: Stance
    group: str
    own_paper: bool = False
    weight: float = FIELD
    kept: bool = False


def sentences(data: Path) -> dict[str, str]:
    """Return "anthology id#n" → n-th sentence of the abstract, from 0."""
    found = {}
    with lzma.open(data / ABSTRACTS, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            for number, text in enumerate(SENTENCE_END.split(row["abstract"])):
                found[f"{row['id']}#{number}"] = text
    return found


def own_pairs(data: Path) -> Iterator[Example]:
    """Yield the pairs of PAIRS, which hold places of sentences instead of their texts, and contradictions made of them.

    Sentences that agree are taken both ways. Papers seldom contradict each other in their abstracts: of a pair that
    agrees, one side with its direction turned round contradicts the other.
    """
    known = sentences(data) | printed(data)
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        label = Stance(row["label"])
        try:
            claim, passage = (_text(known, row[side]) for side in ("claim", "passage"))
        except KeyError:
            continue  # a paper that is read otherwise today
        kept = bool(row.get("kept"))
        yield Example(claim, passage, label, row["topic"], bool(row.get("own_paper")), kept=kept)
        if not kept and label is Stance.SUPPORT and not row["claim"].startswith("pdf:"):
            yield Example(passage, claim, label, row["topic"])
            for a, b in ((claim, passage), (passage, claim)):
                if turned := turned_round(b):
                    yield Example(a, turned, Stance.CONTRADICT, row["topic"], weight=MADE)


def printed(data: Path) -> dict[str, str]:
    """Return "pdf:paper#checksum" → sentence or caption of the papers in `data`."""
    files = sorted((data / "papers").glob("*.pdf"))
    return {
        f"pdf:{path.stem}#{zlib.crc32(passage.text.encode()):08x}": passage.text
        for path, document in read_pdfs(files, 1, Limits())
        if isinstance(document, Document)
        for passage in document.passages
    }


def _text(known: dict[str, str], place: str) -> str:
    """Return the text of a place, or of several that are read together, joined by "+"."""
    paper, _, parts = place.partition("#")
    return " ".join(known[f"{paper}#{part}"] for part in parts.split("+"))


def turned_round(sentence: str) -> str:
    """Return the sentence with the first word of direction turned into its opposite, or "" if it has none."""
    found = next((m for m in re.finditer(r"[A-Za-z-]+", sentence) if m.group().lower() in OPPOSITES), None)
    if found is None:
        return ""
    return sentence[: found.start()] + OPPOSITES[found.group().lower()] + sentence[found.end() :]


def finding_pairs(file: Path) -> Iterator[Example]:
    """Yield pairs of a file of JSON lines."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        group = str(row.get("paper") or row.get("topic") or row.get("group") or row["claim"])
        yield Example(row["claim"], row["passage"], Stance(row["label"]), group, bool(row.get("own_paper")))


def set_pairs(data: Path) -> Iterator[Example]:
    """Yield a sample of each set of SETS, short evidence only."""
    for name, most in SETS.items():
        with lzma.open(data / "nli-extra" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as stream:
            rows = [row for row in map(json.loads, stream) if len(row["premise"]) <= MAX_PASSAGE]
        chosen = np.random.default_rng(SEED).permutation(len(rows))[:most]
        for row in (rows[i] for i in sorted(chosen)):
            yield Example(row["hypothesis"], row["premise"], Stance(row["label"]), name, weight=ELSEWHERE)


@dataclass(frozen=True)
class Papers:
    """Knowledge of the papers that sentences stand in.

    Attributes:
        predicted: sentence → predictions of the claim that it states, read in its abstract as in a search.
        short_forms: sentence → short forms that its paper defines.
    """

    predicted: dict[str, tuple[Prediction, ...]]
    short_forms: dict[str, dict[str, str]]


def papers_of(data: Path, wanted: Collection[str]) -> Papers:
    """Read the abstracts that hold the wanted sentences; other sentences are read by themselves."""
    lexicon = load_lexicon()
    predicted: dict[str, tuple[Prediction, ...]] = {}
    short_forms: dict[str, dict[str, str]] = {}
    with lzma.open(data / ABSTRACTS, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            texts = SENTENCE_END.split(row["abstract"])
            if not any(text in wanted for text in texts):
                continue
            passages = [
                Passage(PassageKind.SENTENCE, text, text, 1, ((1, 0, len(text)),), "abstract", order)
                for order, text in enumerate(texts)
            ]
            drafts = find_claims(passages, "", lexicon, title=row["title"])
            stated = {draft.text: draft.predictions for draft in drafts if draft.kind is not ClaimKind.METHOD}
            found = abbreviations(texts)
            for text in texts:
                if text in wanted:
                    short_forms[text] = found
                    predicted[text] = stated.get(text, ())
    alone = sorted(text for text in wanted if not predicted.get(text))
    for text, parsed in zip(alone, parse(alone), strict=True):
        predicted[text] = read(Sentence.of(parsed, lexicon)).predictions
    return Papers(predicted, short_forms)


def pairings(examples: Sequence[Example], encoder: Encoder, reader: Reader | None, data: Path) -> list[Pairing]:
    """Return what the regression sees of each example; predictions are read off the pairs of the field only.

    Without a reader the stance model's answers are None.
    """
    claims, passages = [e.claim for e in examples], [e.passage for e in examples]
    papers = papers_of(data, {text for e in examples if e.weight > ELSEWHERE for text in (e.claim, e.passage)})
    slots = sorted({text for one in papers.predicted.values() for text in phrases(one)})
    vectors = dict(zip(slots, encoder.encode(slots), strict=True))

    def cosine(one: str, other: str) -> float:
        return float(vectors[one] @ vectors[other]) if one in vectors and other in vectors else 0.0

    def corresponding(e: Example) -> Correspondence:
        ours, theirs = (papers.short_forms.get(text, {}) for text in (e.claim, e.passage))
        naming = Naming(cosine, ours, theirs, e.own_paper)
        return correspond(papers.predicted.get(e.claim, ()), papers.predicted.get(e.passage, ()), naming)

    cosines = (encoder.encode(claims) * encoder.encode(passages)).sum(axis=1).tolist()
    forward = _asked(reader, list(zip(claims, passages, strict=True)))
    backward = _asked(reader, list(zip(passages, claims, strict=True)))
    return [
        Pairing(
            claim=e.claim,
            passage=e.passage,
            similarity=similarity,
            rule=judge(EvidenceClaim(0, e.claim), e.passage, similarity, same_paper=e.own_paper),
            correspondence=corresponding(e),
            states=bool(papers.predicted.get(e.passage)),
            same_paper=e.own_paper,
            forward=there,
            backward=back,
        )
        for e, similarity, there, back in zip(examples, cosines, forward, backward, strict=True)
    ]


def _asked(reader: Reader | None, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float] | None]:
    """Return the log-odds of the stance model per pair."""
    if reader is None:
        return [None] * len(pairs)
    return [(row[0], row[1]) for row in reader.log_odds(pairs).tolist()]


@dataclass(frozen=True)
class Rows:
    """Features (n, columns), labels as numbers of STANCES, weights and groups."""

    values: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    groups: np.ndarray

    def part(self, chosen: np.ndarray) -> Rows:
        return Rows(self.values[chosen], self.labels[chosen], self.weights[chosen], self.groups[chosen])


def rows_of(examples: Sequence[Example], pairs: Sequence[Pairing], name: str) -> Rows:
    """Return the rows of the regression `name`."""
    told = pairs if name == "read" else [replace(pair, forward=None, backward=None) for pair in pairs]
    return Rows(
        np.array([columns(pair) for pair in told]),
        np.array([STANCES.index(e.label) for e in examples]),
        np.array([e.weight for e in examples]),
        np.array([e.group for e in examples]),
    )


def fit(rows: Rows, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Return (weights (3, columns), bias (3,)) in the units of the columns."""
    from sklearn.linear_model import LogisticRegression

    middle, spread = rows.values.mean(axis=0), rows.values.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((rows.values - middle) / spread, rows.labels, sample_weight=rows.weights)
    weights = np.zeros((3, rows.values.shape[1]))
    bias = np.full(3, -20.0)
    for at, stance in enumerate(model.classes_):
        weights[stance] = model.coef_[at] / spread
        bias[stance] = model.intercept_[at] - weights[stance] @ middle
    return weights, bias


def predict(weights: np.ndarray, bias: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the softmax, (n, 3)."""
    scores = values @ weights.T + bias
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def cross_fitted(rows: Rows, strength: float) -> np.ndarray:
    """Return (n, 3) probabilities, each from a fit that saw no pair of the same group."""
    names = sorted(set(rows.groups))
    order = np.random.default_rng(SEED).permutation(len(names))
    fold = {names[i]: place % FOLDS for place, i in enumerate(order)}
    folds = np.array([fold[group] for group in rows.groups])
    found = np.zeros((len(rows.labels), 3))
    for number in range(FOLDS):
        test = folds == number
        if test.any() and not test.all():
            found[test] = predict(*fit(rows.part(~test), strength), rows.values[test])
    return found


def loss(found: np.ndarray, rows: Rows) -> float:
    """Return the mean of -log P(label) over the pairs of the field."""
    each = -np.log(np.clip(found[np.arange(len(found)), rows.labels], 1e-9, 1))
    return float(each[rows.weights == FIELD].mean())


def strongest(rows: Rows) -> tuple[float, np.ndarray]:
    """Return the strength of the fit whose decisions are worth most, and its cross-fitted probabilities.

    Of the strengths that describe the pairs about as well as the best one, the choice is by what the mark does: a
    decision from P = BOUND counts 1 if it is right, and so much against it if wrong that at P = BOUND both cancel.
    """
    tried = {strength: cross_fitted(rows, strength) for strength in STRENGTHS}
    least = min(loss(found, rows) for found in tried.values())
    near = {strength: found for strength, found in tried.items() if loss(found, rows) <= least + NEAR}
    return max(near.items(), key=lambda item: worth(item[1], rows))


def worth(found: np.ndarray, rows: Rows) -> float:
    """Count right decisions from P = BOUND, less BOUND / (1 - BOUND) for each wrong one; of the pairs of the field."""
    field = rows.weights == FIELD
    found, labels = found[field], rows.labels[field]
    said = found[:, :2].max(axis=1) >= BOUND
    right = found[:, :2].argmax(axis=1) == labels
    return float((said & right).sum() - BOUND / (1 - BOUND) * (said & ~right).sum())


def report(found: np.ndarray, rows: Rows) -> JsonObject:
    """Return precision and recall of both stances, calibration error, reliability; of the pairs of the field."""
    field = rows.weights == FIELD
    found, labels = found[field], rows.labels[field]
    told: JsonObject = {"pairs": len(labels), "labels": np.bincount(labels, minlength=3).tolist()}
    for at, stance in enumerate(STANCES[:2]):
        for bound in (0.5, 0.8, 0.9):
            said = found[:, at] >= bound
            right = int((said & (labels == at)).sum())
            told[f"{stance} P >= {bound}"] = f"{right} of {int(said.sum())} right, of {int((labels == at).sum())}"
    top, right = found.max(axis=1), found.argmax(axis=1) == labels
    told["accuracy"] = round(float(right.mean()), 3)
    told["calibration error"] = round(_error(top, right), 3)
    told["support reliability"] = [[*fifth] for fifth in _reliability(found[:, 0], labels == 0)]
    return told


def _error(p: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[place == b].sum() - right[place == b].sum()) for b in range(bins)) / len(p))


def _reliability(p: np.ndarray, right: np.ndarray) -> list[tuple[int, float, float]]:
    """Return (n, mean probability, share right) per fifth."""
    found = []
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (p >= low) & (p < low + 0.2 + 1e-9 * (low == 0.8))
        if inside.any():
            found.append((int(inside.sum()), round(float(p[inside].mean()), 2), round(float(right[inside].mean()), 2)))
    return found


def as_toml(fits: dict[str, tuple[np.ndarray, np.ndarray]], decided: int, about: str) -> str:
    """Return agreement.toml."""
    lines = [f"# {about}", f"decided = {decided}"]
    for name, (weights, bias) in fits.items():
        lines += ["", f"[{name}]", f"columns = {json.dumps(COLUMNS[name])}"]
        lines += [f"bias = {[round(float(b), 4) for b in bias]}", "", f"[{name}.weights]"]
        lines += [f"{s.value} = {[round(float(w), 4) for w in row]}" for s, row in zip(STANCES, weights, strict=True)]
    return "\n".join(lines) + "\n"


def examples_of(data: Path, findings: Iterable[Path]) -> list[Example]:
    """Return all labelled pairs, each once."""
    found = [*own_pairs(data), *(e for file in findings for e in finding_pairs(file)), *set_pairs(data)]
    return list({(e.claim, e.passage): e for e in reversed(found)}.values())[::-1]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--findings", type=Path, action="append", default=[], help="JSON lines of labelled pairs")
    parser.add_argument("--cache", type=Path, help="SQLite file for vectors and answers of the stance model")
    parser.add_argument(
        "--without-model", action="store_true", help="fit without the stance model; its answers then weigh nothing"
    )
    parser.add_argument("--errors", action="store_true", help="print the pairs wrongly decided with P >= 0.5")
    parser.add_argument("--write", action="store_true", help="store the weights in agreement.toml")
    options = parser.parse_args(arguments)
    data = Path(os.environ["SYNTH_DATA"])
    examples = examples_of(data, options.findings)
    reader = None if options.without_model else Reader(CrossEncoder(cache=options.cache))
    pairs = pairings(examples, Encoder(cache=options.cache), reader, data)
    fits, told = {}, {}
    kept = np.array([e.kept for e in examples])
    fitted = [e for e in examples if not e.kept]
    decided = sum(e.label is not Stance.NOT_ENOUGH_INFO and e.weight == FIELD for e in fitted)
    for name in ("unread",) if reader is None else tuple(COLUMNS):
        whole = rows_of(examples, pairs, name)
        rows = whole.part(~kept)
        strength, found = strongest(rows)
        fits[name] = fit(rows, strength)
        told[name] = {"strength": strength, "loss": round(loss(found, rows), 4), **report(found, rows)}
        if options.errors:
            _print_errors(fitted, found)
        if kept.any():
            unseen = whole.part(kept)
            found = predict(*fits[name], unseen.values)
            told[f"{name}, kept"] = report(found, unseen)
            if options.errors:
                _print_errors([e for e in examples if e.kept], found)
    if reader is None:
        weights, bias = fits["unread"]
        fits["read"] = np.pad(weights, ((0, 0), (0, len(COLUMNS["read"]) - weights.shape[1]))), bias
    json.dump(told, sys.stdout, indent=1)
    if options.write:
        model = " without the stance model" if reader is None else ""
        about = f"Fitted by training/agreement.py on {len(fitted)} labelled pairs{model}; read docs/confidence.md."
        TARGET.write_text(as_toml(fits, decided, about), encoding="utf-8")


def _print_errors(examples: Sequence[Example], found: np.ndarray) -> None:
    for example, row in zip(examples, found, strict=True):
        said = int(row[:2].argmax())
        if row[said] >= 0.5 and STANCES[said] is not example.label and example.weight == FIELD:
            print(f"{STANCES[said]} {row[said]:.2f}, is {example.label} | {example.claim} | {example.passage}")


if __name__ == "__main__":
    main()
