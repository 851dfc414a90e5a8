"""Conditions of two texts: names, groups, splits, years, doses, and qualifiers of head nouns.

Two texts speak of different conditions where both fill the same place differently (another model, men and women, "first
subtask" and "second subtask"), or where the claim names something that the passage never names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.parts.sentence import AnalysedText
from synth.evidence.passages.parts.terms import acronyms, root
from synth.evidence.passages.parts.vocabulary import LIGHT
from synth.quantities.units import MEASURES


class DifferenceKind(StrEnum):
    """Kind of a difference."""

    MODEL = "model"
    BASELINE = "baseline"
    TASK = "task"
    LANGUAGES = "languages"
    SPLIT = "split"
    METRIC = "metric"
    UNIT = "unit"
    QUANTITY = "quantity"
    YEAR = "year"
    GROUP = "group"  # men and women, children and adults
    NAME = "name"  # a name that the passage does not have
    QUALIFIER = "qualifier"  # "first subtask", "second subtask"


TYPED = frozenset(
    {
        DifferenceKind.MODEL,
        DifferenceKind.BASELINE,
        DifferenceKind.TASK,
        DifferenceKind.LANGUAGES,
        DifferenceKind.SPLIT,
        DifferenceKind.METRIC,
    }
)

SLOTS = {
    "model": DifferenceKind.MODEL,
    "size": DifferenceKind.MODEL,
    "baseline": DifferenceKind.BASELINE,
    "task": DifferenceKind.TASK,
    "languages": DifferenceKind.LANGUAGES,
    "split": DifferenceKind.SPLIT,
    "span": DifferenceKind.QUANTITY,
    "year": DifferenceKind.YEAR,
}


@dataclass(frozen=True)
class Difference:
    """A difference, with the words of the claim and those of the passage."""

    kind: DifferenceKind
    ours: frozenset[str]
    theirs: frozenset[str]

    @property
    def is_typed(self) -> bool:
        """Return True for names of one kind: what holds of one says nothing of the other."""
        return self.kind in TYPED

    def __str__(self) -> str:
        words = f"claim: {', '.join(sorted(self.ours))}"
        return f"{words}; passage: {', '.join(sorted(self.theirs))}" if self.theirs else words


@dataclass(frozen=True)
class TextPair:
    """A claim beside a passage, their acronyms resolved: `known` are the passage's terms with what they stand for."""

    claim: AnalysedText
    passage: AnalysedText
    alias: Mapping[str, frozenset[str]]
    known: frozenset[str]

    @classmethod
    def of(cls, claim: AnalysedText, passage: AnalysedText) -> TextPair:
        forward = acronyms(claim.terms, claim.terms) | acronyms(claim.terms, passage.terms)
        backward = acronyms(passage.terms, passage.terms) | acronyms(passage.terms, claim.terms)
        known = set(passage.keys)
        for short, words in forward.items():
            if words <= passage.keys or short in passage.keys:
                known |= {short, *words}
        for short, words in backward.items():
            if short in passage.keys:
                known |= words
        return cls(claim, passage, {**backward, **forward}, frozenset(known))

    def exclude(self, ours: frozenset[str], theirs: frozenset[str]) -> bool:
        """Return True if names of the two sides are of one kind: SQuAD is another data set than XNLI, but no other one
        than question answering, which is its task.
        """
        kinds = {m.name: m.kind for sentence in (self.claim, self.passage) for m in sentence.mentions}
        return bool({kinds.get(name, "") for name in ours} & {kinds.get(name, "") for name in theirs})

    def expand(self, keys: frozenset[str]) -> frozenset[str]:
        """Return terms with the words that acronyms among them stand for, and the acronyms of words that are there."""
        expanded = set(keys)
        for short, words in self.alias.items():
            if short in keys:
                expanded |= words
            elif words <= keys:
                expanded.add(short)
        return frozenset(expanded)


def by_slots(ours: Fact | None, theirs: Fact, pair: TextPair) -> Difference | None:
    """Return the first typed name that claim and passage's number fill differently."""
    claimed = ours.slots if ours is not None else pair.claim.slots
    for slot, kind in SLOTS.items():
        a, b = claimed.get(slot, frozenset()), theirs.slots.get(slot, frozenset())
        only_a, only_b = a - b, b - a
        if slot == "baseline":  # "compared with B, A …" may name B as the one that is spoken of
            only_a -= theirs.slots.get("model", frozenset())
        if slot == "model":
            only_b -= claimed.get("baseline", frozenset())
            only_a = (
                frozenset(n for n in only_a if not any(m.startswith(n) or n.startswith(m) for m in b))
                if not only_b
                else only_a
            )
        if only_a and only_b and not a & b and pair.exclude(a, b):
            return Difference(kind, a, b)
    return None


def missing_names(pair: TextPair) -> frozenset[str]:
    """Return names of the claim that the passage does not have under any spelling."""
    text = re.sub(r"[-.'’\s_]", "", pair.passage.text).casefold()
    missing = set()
    metrics = {m.start for m in pair.claim.mentions if m.kind in ("metric", "split")}
    opening = min((t.start for t in pair.claim.terms), default=0)
    for term in pair.claim.terms:
        if term.key in pair.known or term.key[0] in "+-" or term.key in LIGHT or term.start in metrics:
            continue
        named = term.name or (term.text[:1].isupper() and term.start > opening)
        if (
            named
            and term.text not in MEASURES
            and term.key not in text
            and root(term.text.casefold()) not in pair.known
        ):
            missing.add(term.key)
    return frozenset(missing)


def missing_topic(pair: TextPair) -> frozenset[str]:
    """Return the topic words of the claim that the passage does not have."""
    return frozenset(k for k in pair.claim.topic - pair.known if not alike(k, pair.known))


def alike(key: str, known: frozenset[str]) -> bool:
    """Return True if a term shares its first five letters, and most of them, with one that is known."""
    if any(key in other for other in known if len(other) >= len(key) + 5):
        return True  # "tag" of "part-of-speech tagging"
    return len(key) >= 5 and any(o[:5] == key[:5] and abs(len(o) - len(key)) <= 4 for o in known)
