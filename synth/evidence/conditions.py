"""Under which condition two numbers were measured: model, data set, languages, split, baseline, dose, year …"""

from __future__ import annotations

from dataclasses import dataclass, replace

from synth.evidence.comparison import NOT_COMPARED, Outcome, compare
from synth.evidence.facts import Fact
from synth.evidence.sentence import Sentence
from synth.evidence.vocabulary import CONDITIONS
from synth.text import stem

# Kinds of names in the order in which a difference is told, each with the word that a note uses for it.
KINDS = {
    "model": "model",
    "size": "model",
    "baseline": "baseline",
    "task": "task",
    "languages": "languages",
    "split": "split",
    "span": "quantity",
    "year": "quantity",
    "name": "quantity",
}
# Of whole sentences; other names are too many to be compared one with another.
SCOPE = {
    "model": "model",
    "size": "model size",
    "baseline": "baseline",
    "task": "task or data set",
    "languages": "language",
    "split": "split",
    "metric": "metric",
    "span": "time span",
    "year": "year",
}
_LANGUAGE = stem("languages")


@dataclass(frozen=True)
class Condition:
    """How the condition of a passage's number differs from the claim's.

    `kind`: what both name and name differently ("model", "languages" …, "" where nothing), `told`: both in words.
    `lacking`: what only the claim names; `extra`: what only the passage names; `unsaid`: numbers of the claim that set
    a condition and that the passage does not have.
    """

    kind: str = ""
    told: str = ""
    lacking: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()
    unsaid: frozenset[str] = frozenset()


def condition(claim: Sentence, passage: Sentence, ours: Fact, theirs: Fact) -> Condition:
    """The condition of the passage's fact `theirs` beside that of the claim's fact `ours`."""
    lacking: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()
    for kind, word in KINDS.items():
        a, b = ours.slots.get(kind, frozenset()), theirs.slots.get(kind, frozenset())
        only_a, only_b = _apart(a, b), _apart(b, a)
        if kind == "baseline":  # "compared with B, A …" may name B as the one that is spoken of
            only_a -= theirs.slots.get("model", frozenset())
        if kind == "model":
            only_b -= ours.slots.get("baseline", frozenset())
        if only_a and only_b:
            return Condition(word, _told(a, b))
        lacking, extra = lacking | only_a, extra | only_b
    return _by_words(claim, passage, _by_numbers(claim, passage, Condition("", "", lacking, extra)))


def scope(claim: Sentence, passage: Sentence) -> str:
    """What the passage speaks of instead of what the claim speaks of, in words; "" where nothing shows that.

    Compared are model, size, baseline, task and data set, languages, split, metric, time span and year, wherever both
    sentences name some and none is the same.
    """
    for kind, word in SCOPE.items():
        a, b = claim.slots.get(kind, frozenset()), passage.slots.get(kind, frozenset())
        if a and b and not a & b:
            return f"another {word}; {_told(a, b)}"
    return ""


def _apart(a: frozenset[str], b: frozenset[str]) -> frozenset[str]:
    """Names of `a` that are not in `b`."""
    return frozenset(name for name in a if name not in b)


def _told(a: frozenset[str], b: frozenset[str]) -> str:
    return f"claim: {', '.join(sorted(a - b))}; passage: {', '.join(sorted(b - a))}"


def _by_numbers(claim: Sentence, passage: Sentence, found: Condition) -> Condition:
    """Numbers that set a condition: a dose, a time, how many languages."""
    for fact in claim.facts:
        if not fact.condition:
            continue
        if fact.head == _LANGUAGE and passage.slots.get("languages") and not claim.slots.get("languages"):
            return Condition("languages", _told(frozenset({f"{fact.value:g} languages"}), passage.slots["languages"]))
        outcomes = [compare(fact, other) for other in passage.facts]
        if Outcome.SAME not in outcomes and Outcome.OTHER in outcomes:
            other = passage.facts[outcomes.index(Outcome.OTHER)]
            return Condition("quantity", f"claim: {_number(fact)}; passage: {_number(other)}")
        if all(outcome in NOT_COMPARED for outcome in outcomes):
            found = replace(found, unsaid=found.unsaid | {_number(fact)})
    return found


def _by_words(claim: Sentence, passage: Sentence, found: Condition) -> Condition:
    ours, theirs = _condition_words(claim), _condition_words(passage)
    if found.kind or ours == theirs:
        return found
    only_a, only_b = ours - theirs, theirs - ours
    if only_a and only_b:
        return Condition("quantity", _told(ours, theirs))
    return replace(found, lacking=found.lacking | only_a, extra=found.extra | only_b)


def _condition_words(sentence: Sentence) -> frozenset[str]:
    return sentence.topic & CONDITIONS


def _number(fact: Fact) -> str:
    return f"{fact.value:g} {fact.head or fact.unit}".strip()
