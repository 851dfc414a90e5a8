"""Differences between the setting that a claim speaks of and the one that tests it, in sentences. Pure.

A link stores by slot what does not match (`linking.Fit.unmatched`), in words that need the slot's name beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from synth.core.mark import left_open
from synth.core.types import Prediction

CONDITION = re.compile(r"claimed for (?P<condition>\w+) = (?P<value>.*)", re.DOTALL)
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
# "without fine-tuning on the target language" speaks of a tuned model.
UNTUNED = re.compile(
    r"\b(?:untuned|off[- ]the[- ]shelf|(?:un|not |not been |without (?:any |further )?)fine-?tun(?:ed|ing))\b"
    r"(?! (?:on|in|with|to|for)\b)",
    re.IGNORECASE,
)


def sentences(unmatched: Mapping[str, str]) -> list[str]:
    """Return a sentence for every slot that does not match: differences first, then what the claim leaves open."""
    found = sorted(unmatched.items(), key=lambda item: left_open(item[1]))  # no difference from the claim
    return [_sentence(slot, what) for slot, what in found]


def _sentence(slot: str, what: str) -> str:
    if scoped := CONDITION.fullmatch(what):
        said = CONDITIONS.get(scoped["condition"])
        general = f"The claim is made for one {scoped['condition'].replace('_', ' ')}: {{}}."
        return (said or general).format(scoped["value"])
    if what.startswith("stands in for"):
        return f"The measured {slot} {what}."
    if what.startswith("the claim only says"):
        return f"Of its {slot} {what}."
    if slot == "ranking":
        return f"The treatment is {what}."
    return f"{what[:1].upper()}{what[1:].removesuffix('.')}."


def about_untuned(prediction: Prediction, text: str) -> bool:
    """Return True if the claim `text` says of itself that it is about a model that was trained on no task."""
    said: Iterable[str] = (prediction.treatment, prediction.task, *prediction.scope.values(), text)
    return any(UNTUNED.search(part) for part in said)
