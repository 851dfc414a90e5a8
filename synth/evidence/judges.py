"""What a whole document says about a claim: three probabilities, a stance, and the sentences that it rests on.

`Judge` is the one interface that the evaluation knows; it is given all (claim, document) pairs at once, so that a
model can put them in batches of its own. `rules` is the judge of today: the stance rules, sentence by sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from synth.evidence.gather import Claim
from synth.evidence.sentence import read, share
from synth.evidence.stance import judge as judge_sentence
from synth.types import Stance

if TYPE_CHECKING:
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
    claim = Claim(0, pair.claim)
    found = {i: judge_sentence(claim, pair.passages[i], cosine).stance for i, cosine in similarity.items()}
    stance = next((s for s in (Stance.CONTRADICT, Stance.SUPPORT) if s in found.values()), Stance.NOT_ENOUGH_INFO)
    decided = [i for i, said in found.items() if said is stance] if stance is not Stance.NOT_ENOUGH_INFO else []
    decided.sort(key=lambda i: (-similarity[i], i))
    return Opinion(_probabilities(stance, named=pair.named), stance, tuple(decided))


def _probabilities(stance: Stance, *, named: bool) -> dict[Stance, float]:
    """(n + 1) / (N + 3) by Laplace's rule of succession; what was never seen gives a third to each."""
    counts = (NAMED if named else RETRIEVED)[stance]
    return {each: (n + 1) / (sum(counts) + 3) for each, n in zip(Stance, counts, strict=True)}
