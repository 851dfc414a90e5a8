"""What a whole document says about a claim: three probabilities, a stance, and the sentences that it rests on.

`Judge` is the one interface that the evaluation knows; it is given all (claim, document) pairs at once, so that a
model can put them in batches of its own. `trained` asks the stance rules about each document's most telling sentences
and reads them with the stance model where the rules are silent; `rules` asks the rules alone, sentence by sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from synth.evidence.calibrator import STANCES, Calibrator, packaged
from synth.evidence.gather import Claim
from synth.evidence.selection import Selection, rarity, select
from synth.evidence.sentence import read, share
from synth.evidence.stance import judge as judge_sentence
from synth.types import Stance

if TYPE_CHECKING:
    import numpy as np

    from synth.evidence.crossencoder import CrossEncoder
    from synth.evidence.encoder import Encoder

Progress = Callable[[int, int], None]

# No rule decides about a passage with a smaller share of the claim's content words than this (numeric.py,
# direction.py and paraphrase.py ask for 0.4 and more), so nothing else has to be encoded.
SHARED_WORDS = 0.4

# How often each stance of `rules` was SUPPORT, CONTRADICT, NOT_ENOUGH_INFO in truth: pairs of the training split of
# citation-integrity (Sarol et al. 2024), named by the claim or among the ten retrieved for it. docs/scifact.md.
NAMED = {
    Stance.SUPPORT: (9, 0, 0),
    Stance.CONTRADICT: (0, 0, 0),
    Stance.NOT_ENOUGH_INFO: (1357, 629, 143),
}
RETRIEVED = {
    Stance.SUPPORT: (9, 0, 20),
    Stance.CONTRADICT: (0, 0, 0),
    Stance.NOT_ENOUGH_INFO: (1260, 573, 19518),
}

# The same of what a rule says of one sentence, in pairs of natural language inference: the development set of
# counterfactually augmented SNLI (Kaushik et al. 2020), the tests of SICK and XNLI, Fool Me Twice's development set;
# python -m synth.pipeline.stancetraining rules. Contradictions by number hardly occur in them.
RULED = {Stance.SUPPORT: (606, 23, 116), Stance.CONTRADICT: (1, 4, 0)}


@dataclass(frozen=True)
class Pair:
    """A claim and the sentences of one document, which the claim names as its source (`named`) or a search found."""

    claim: str
    passages: tuple[str, ...]
    named: bool = True


@dataclass(frozen=True)
class Opinion:
    """`probabilities` of the three stances add up to 1. `stance` is what is said in the end: NOT_ENOUGH_INFO is also
    said where no other is certain enough. `rationale`: positions in the passages, most telling first."""

    probabilities: Mapping[Stance, float]
    stance: Stance
    rationale: tuple[int, ...] = ()


class Judge(Protocol):
    def __call__(self, pairs: Sequence[Pair], progress: Progress | None = None) -> list[Opinion]:
        """One opinion a pair, in their order; `progress(done, total)` in units of the judge's own choice."""
        ...


def trained(model: CrossEncoder, encoder: Encoder, calibrators: Mapping[str, Calibrator] | None = None) -> Judge:
    """The rules, and the stance model behind them: it reads each document's most telling sentences together."""
    fitted = calibrators or packaged()

    def judge(pairs: Sequence[Pair], progress: Progress | None = None) -> list[Opinion]:
        readings = read_documents(pairs, model, encoder, progress)
        return [decided(pair, reading, fitted) for pair, reading in zip(pairs, readings, strict=True)]

    return judge


def recalibrated(judge: Judge, calibrators: Mapping[str, Calibrator]) -> Judge:
    """`judge` with its probabilities put right ("named", "retrieved"); what it says and shows stays as it is."""

    def again(pairs: Sequence[Pair], progress: Progress | None = None) -> list[Opinion]:
        from synth.evidence.recalibration import odds

        found = judge(pairs, progress)
        names = ["named" if pair.named else "retrieved" for pair in pairs]
        told = []
        for opinion, name in zip(found, names, strict=True):
            if name in calibrators:
                row = calibrators[name].probabilities(odds([opinion.probabilities]))[0]
                opinion = replace(opinion, probabilities=dict(zip(STANCES, row.tolist(), strict=True)))
            told.append(opinion)
        return told

    return again


@dataclass(frozen=True)
class Reading:
    """What is known of one document beside a claim. `row`: as `columns` gives it; `similarity`: the cosine to the
    claim of each sentence that was read, by its position. Nothing was read where that is empty."""

    row: tuple[float, ...]
    similarity: Mapping[int, float]


DOCUMENT = (
    *("support", "contradict", "similarity", "best words", "words", "claim length", "text length"),
    *("support, long claim", "contradict, long claim", "support, long text", "contradict, long text"),
)
SUREST = 8.0  # log-odds that the model's are cut at
UNREAD = -5.0  # log-odds of a document that is not read
READ_FROM = 0.25  # share of the claim's words, by weight, from which a retrieved document is read
NEARLY = 0.05  # cosines this close to the best sentence's belong to the rationale too


def read_documents(
    pairs: Sequence[Pair], model: CrossEncoder, encoder: Encoder, progress: Progress | None = None
) -> list[Reading]:
    """One reading a pair. Sentences are chosen by their words; the chosen ones are compared with the claim by meaning,
    and read beside it as one text, in batches over all pairs."""
    documents = dict.fromkeys(pair.passages for pair in pairs)
    weights = rarity(text for passages in documents for text in passages)
    chosen = [select(pair.claim, pair.passages, weights) for pair in pairs]
    near = _similarities(pairs, chosen, encoder)
    texts = [
        (pair.claim, " ".join(pair.passages[i] for i in one.positions))
        for pair, one, own in zip(pairs, chosen, near, strict=True)
        if own
    ]
    logits: Any = model.logits(texts, progress)
    odds = iter((logits[:, :2] - logits[:, 2:]).tolist())
    found = []
    for pair, one, own in zip(pairs, chosen, near, strict=True):
        support, contradict = next(odds) if own else (UNREAD, UNREAD)
        words = sum(len(pair.passages[i].split()) for i in own)
        row = (support, contradict, max(own.values(), default=0.0), one.best, one.together)
        found.append(Reading(columns(*row, len(pair.claim.split()), words), own))
    return found


def columns(
    support: float, contradict: float, similarity: float, best: float, together: float, claim: int, text: int
) -> tuple[float, ...]:
    """The columns DOCUMENT. `claim` and `text` are lengths in words: the model learnt from short pairs, its log-odds
    tell less of long ones."""
    support, contradict = (min(SUREST, max(-SUREST, odds)) for odds in (support, contradict))
    longer, long = math.log1p(claim), math.log1p(text)
    told = (support * longer, contradict * longer, support * long, contradict * long)
    return (support, contradict, similarity, best, together, longer, long, *told)


def _similarities(pairs: Sequence[Pair], chosen: Sequence[Selection], encoder: Encoder) -> list[dict[int, float]]:
    """Position → cosine to the claim of the chosen sentences; none where the document is not worth reading."""
    kept = [
        one.positions if pair.named or one.together >= READ_FROM else ()
        for pair, one in zip(pairs, chosen, strict=True)
    ]
    texts = [text for pair, own in zip(pairs, kept, strict=True) if own for text in _beside(pair, own)]
    if not texts:
        return [{} for _ in pairs]
    distinct = list(dict.fromkeys(texts))
    vectors, row = encoder.encode(distinct), {text: number for number, text in enumerate(distinct)}
    return [
        {i: float(vectors[row[pair.passages[i]]] @ vectors[row[pair.claim]]) for i in own}
        for pair, own in zip(pairs, kept, strict=True)
    ]


def _beside(pair: Pair, positions: Sequence[int]) -> list[str]:
    return [pair.claim, *(pair.passages[i] for i in positions)]


def weighed(pair: Pair, reading: Reading, fitted: Mapping[str, Calibrator]) -> Opinion:
    """The opinion that a reading gives, by the calibrator for documents that a claim names or that were retrieved."""
    import numpy as np

    calibrator = fitted["named" if pair.named else "retrieved"]
    found = probabilities(np.array([reading.row]), pair.named, fitted)[0]
    stance = calibrator.stance(found) if reading.similarity else Stance.NOT_ENOUGH_INFO
    chances = dict(zip(STANCES, found.tolist(), strict=True))
    return Opinion(chances, stance, () if stance is Stance.NOT_ENOUGH_INFO else rationale(reading))


def probabilities(rows: np.ndarray, named: bool, fitted: Mapping[str, Calibrator]) -> np.ndarray:
    """(n, columns of DOCUMENT) → (n, 3). Whether a retrieved document bears on the claim is a question of its own; if
    it does, what it says is the same question as with a document that the claim names."""
    found = fitted["named"].probabilities(rows)
    if not named:
        nothing = fitted["retrieved"].probabilities(rows)[:, 2]
        found[:, :2] *= ((1 - nothing) / found[:, :2].sum(axis=1))[:, None]
        found[:, 2] = nothing
    return found


def decided(pair: Pair, reading: Reading, fitted: Mapping[str, Calibrator]) -> Opinion:
    """What a rule says of one of the sentences, at least as sure as RULED, or else the opinion of the model."""
    opinion = weighed(pair, reading, fitted)
    stance, places = _ruled(pair, reading.similarity, same_paper=pair.named)
    if stance is Stance.NOT_ENOUGH_INFO:
        return opinion
    before = opinion.probabilities[stance]
    chance = max(before, _succession(RULED[stance])[stance])
    rest = (1 - chance) / (1 - before) if before < 1 else 0.0
    told = {each: chance if each is stance else p * rest for each, p in opinion.probabilities.items()}
    return Opinion(told, stance, places)


def rationale(reading: Reading) -> tuple[int, ...]:
    """The sentences that an opinion rests on: the nearest in meaning, and those that are nearly as near."""
    ranked = sorted(reading.similarity, key=lambda i: (-reading.similarity[i], i))
    return tuple(i for i in ranked if reading.similarity[i] >= reading.similarity[ranked[0]] - NEARLY)


def rules(encoder: Encoder) -> Judge:
    """The stance rules as a judge. A document that speaks for and against a claim testifies against it."""

    def judge(pairs: Sequence[Pair], progress: Progress | None = None) -> list[Opinion]:
        near = [_near(pair) for pair in pairs]
        texts = [pair.claim for pair, found in zip(pairs, near, strict=True) if found]
        texts += [pair.passages[i] for pair, found in zip(pairs, near, strict=True) for i in found]
        distinct = list(dict.fromkeys(texts))
        row = {text: number for number, text in enumerate(distinct)}
        vectors: Any = encoder.encode(distinct, progress) if distinct else ()
        return [
            _opinion(pair, {i: float(vectors[row[pair.claim]] @ vectors[row[pair.passages[i]]]) for i in found})
            for pair, found in zip(pairs, near, strict=True)
        ]

    return judge


def _near(pair: Pair) -> list[int]:
    words = read(pair.claim).words
    return [i for i, text in enumerate(pair.passages) if share(words, read(text).words) >= SHARED_WORDS]


def _opinion(pair: Pair, similarity: Mapping[int, float]) -> Opinion:
    stance, places = _ruled(pair, similarity)
    return Opinion(_succession((NAMED if pair.named else RETRIEVED)[stance]), stance, places)


def _ruled(pair: Pair, similarity: Mapping[int, float], *, same_paper: bool = False) -> tuple[Stance, tuple[int, ...]]:
    """What the rules say of the sentences, CONTRADICT before SUPPORT, and the positions of those that say it."""
    claim = Claim(0, pair.claim)
    found = {
        i: judge_sentence(claim, pair.passages[i], cosine, same_paper=same_paper).stance
        for i, cosine in similarity.items()
    }
    stance = next((s for s in (Stance.CONTRADICT, Stance.SUPPORT) if s in found.values()), Stance.NOT_ENOUGH_INFO)
    places = [i for i, said in found.items() if said is stance] if stance is not Stance.NOT_ENOUGH_INFO else []
    return stance, tuple(sorted(places, key=lambda i: (-similarity[i], i)))


def _succession(counts: tuple[int, int, int]) -> dict[Stance, float]:
    """(n + 1) / (N + 3) by Laplace's rule of succession; what was never seen gives a third to each."""
    return {each: (n + 1) / (sum(counts) + 3) for each, n in zip(STANCES, counts, strict=True)}
