"""Differences between the setting that a claim speaks of and the one that was measured: codes and wording.

A link stores by slot what does not match, in words that need the slot's name beside them (`brief`); a verdict lists
whole sentences (`sentence`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from synth.core.reasons import Named, Reason, StoredReason, Wording, read, worded


class Difference(StrEnum):
    """In what a measured setting differs from the claimed one, or what the claim leaves open."""

    # Of a link: what the claim leaves open …
    NOT_NAMED = "not named"
    ONLY_SAYS = "only says"
    # … and what differs or is assumed.
    STANDS_IN = "stands in"
    OTHER_METRIC = "other metric"
    RIVALS = "rivals"  # a ranking is tested against the arms that there are
    TAKEN_FOR = "taken for"
    DETAIL = "detail"
    ONE_PURPOSE = "one purpose"
    ONE_KIND = "one kind"
    IN_SENTENCE = "in sentence"
    TURNED = "turned"  # the claimed sign is turned round
    CONDITION = "condition"
    # Of the laboratory: values of `repro.design.deviations.DeviationCode`.
    UNTRAINED = "untrained"
    RUNG = "rung"
    STATED = "stated"
    STAND_IN_DATA = "stand-in data"
    ARM_LEFT_OUT = "arm left out"
    PARAMETERS_CHANGED = "parameters changed"
    FEWER_SEEDS = "fewer seeds"
    DIRTY_CODE = "code changed since its commit"
    NO_COMMIT = "code in no repository"
    NETWORK = "network not cut off"
    IMPORTED = "numbers before the rule"
    DECLARED = "declared"  # the link, by the author of the experiment
    OTHER = "other"


OPEN = (Difference.NOT_NAMED, Difference.ONLY_SAYS)
CONDITIONS = {
    "model": "The claim is made for the model “{}”.",
    "corpus": "The claim is made for the corpus “{}”.",
    "split": "The claim is made for the split “{}”.",
    "languages": "The languages of the claim: {}.",
    "aggregate": "The claim is about an aggregate: {}.",
    "approximate": "The claimed value is qualified: “{}”.",
    "relative": "The claimed value is relative.",
    "range": "The claim states a range: {}.",
    "from": "The claim starts from the value {}.",
    "to": "The claim ends at the value {}.",
    "spread": "The claim states a spread of {}.",
    "negated": "The claim is negated.",
}


def _turned(p: Named) -> str:
    why = ["the claim compares the arms in the other order"] if p.holds("swapped") else []
    if p.holds("cost"):
        why.append(f"the claim speaks of “{p.text('cost')}”, of which less is better")
    if p.holds("contrary"):
        why.append(f"the claim speaks of “{p.text('contrary')}”; the {p.text('measured')} is measured")
    return f"{'; '.join(why)}, so the claimed sign is turned round"


# `slot`: what differs; `said`: the claim's words for it. The laboratory's own differences are sentences (`text`).
BRIEF: Mapping[Difference, Wording] = {
    Difference.NOT_NAMED: "the claim names no {slot}",
    Difference.ONLY_SAYS: "the claim only says “{said}”",
    Difference.STANDS_IN: "stands in for “{said}”",
    Difference.OTHER_METRIC: "the claim's metric is “{said}”",
    Difference.RIVALS: lambda p: (
        f"compared with {', '.join(p.texts('rivals'))}; what else the claim ranks is not known"
    ),
    Difference.TAKEN_FOR: "the claim says “{said}”, which is taken for “{term}”",
    Difference.DETAIL: "the claim says “{said}”; the arm is “{arm}”",
    Difference.ONE_PURPOSE: "the claim says “{said}”, for one purpose",
    Difference.ONE_KIND: "“{said}” is one {kind}",
    Difference.IN_SENTENCE: "the sentence names “{said}”, and nothing else that does it",
    Difference.TURNED: _turned,
    Difference.CONDITION: "claimed for {condition} = {said}",
    Difference.DECLARED: "that the experiment tests this claim is its author's word",
    **dict.fromkeys(
        (
            Difference.UNTRAINED,
            Difference.DIRTY_CODE,
            Difference.RUNG,
            Difference.STATED,
            Difference.STAND_IN_DATA,
            Difference.ARM_LEFT_OUT,
            Difference.PARAMETERS_CHANGED,
            Difference.FEWER_SEEDS,
            Difference.DIRTY_CODE,
            Difference.NO_COMMIT,
            Difference.NETWORK,
            Difference.IMPORTED,
            Difference.OTHER,
        ),
        "{text}",
    ),
}


def brief(reason: Reason[Difference]) -> str:
    """Return the difference in words that stand beside the name of its slot."""
    return worded(reason, BRIEF)


def sentence(reason: Reason[Difference]) -> str:
    """Return the difference as a sentence of its own."""
    if reason.code is Difference.CONDITION:
        condition, said = str(reason.parameters["condition"]), str(reason.parameters["said"])
        general = f"The claim is made for one {condition.replace('_', ' ')}: {{}}."
        return CONDITIONS.get(condition, general).format(said)
    text = brief(reason)
    if reason.code is Difference.STANDS_IN:
        return f"The measured {reason.parameters['slot']} {text}."
    if reason.code is Difference.ONLY_SAYS:
        return f"Of its {reason.parameters['slot']} {text}."
    if reason.code is Difference.RIVALS:
        return f"The treatment is {text}."
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def left_open(reason: Reason[Difference]) -> bool:
    """Return True if it is something that the claim leaves open, not a difference from it."""
    return reason.code in OPEN


def told(deviations: Sequence[str], codes: Sequence[StoredReason]) -> list[tuple[str, Reason[Difference]]]:
    """Return (sentence, reason) of each stored deviation of a verdict or plan.

    Verdicts of earlier versions have no codes: their deviations are `other`.
    """
    if len(codes) != len(deviations):
        codes = [{"code": Difference.OTHER, "parameters": {"text": text}} for text in deviations]
    return [
        (text, read(Difference, one["code"], one["parameters"], text))
        for text, one in zip(deviations, codes, strict=True)
    ]
