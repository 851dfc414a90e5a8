"""A prediction read the way round a contrast measures: axis and outcome, treatment and baseline, score and cost. Pure.

A claim may say the same as a contrast the other way round: "transfer works best for similar languages" of a correlation
with distance, "A is worse than B" of a contrast of B with A, "lowers the error" of one that measures accuracy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference
from synth.core.types import Prediction
from synth.quantities.metrics import lower_is_better
from synth.verify.judge.decision import BEST, DOWNWARD, UPWARD
from synth.verify.linking.matching import NEUTRAL, Match, Nearness, bag, matched
from synth.verify.statistics.estimates import WITH_COVARIATE

CORRELATIONS = ("positive", "negative")
COMPARISONS = ("greater", "less", "equal")
# What says at the end of an axis of languages that it is the contrary of the covariate.
CONTRARY = {
    "distance": r"proximity|similar(?:it(?:y|ies))?|close(?:ness|r|ly)?|related(?:ness)?|near(?:ness|by|er)?",
    "genetic": r"similar(?:ity)?|close(?:ness|r|ly)?|related(?:ness)?|same",
    "geographic": r"proximity|close(?:ness|r|ly)?|near(?:ness|by|er)?",
    "text": r"low(?:er)?-?\s?resourced?|under-?resourced|scarce|less|little|small(?:er)?",
    "latin": r"different|distinct|other|non-?latin",
}
# Outcomes of which less is better, beside the metrics that are known to be such.
DEGRADED = re.compile(r"\b(?:degradation|gap|drop|deficit|disparity|decline)s?\b", re.IGNORECASE)
TURNED = dict(zip(UPWARD + DOWNWARD, DOWNWARD + UPWARD, strict=True))
# Words around the two sides of a correlation.
NEUTRAL_SIDES = NEUTRAL | bag("between from overall average linguistic pretraining zeroshot")


class Contrast(Protocol):
    """What the direction of a contrast depends on."""

    @property
    def statistic(self) -> str: ...
    @property
    def covariate(self) -> str: ...
    @property
    def terms(self) -> Mapping[str, Sequence[str]]: ...


@dataclass(frozen=True)
class Beside:
    """What the slots of one claim are compared with, beside the contrast: see `matching.matched`."""

    own: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    near: Nearness | None = None

    def matched(self, phrase: str, terms: Sequence[str], neutral: frozenset[str] = NEUTRAL) -> Match | None:
        return matched(phrase, terms, own=self.own, around=self.around, neutral=neutral, near=self.near)


@dataclass(frozen=True)
class Reading:
    """A prediction as the contrast would put it, the match of its treatment, and why its sign was turned round.

    `prediction.direction` is still the claim's; `direction_tested` turns it where there is a `sign`.
    """

    prediction: Prediction
    match: Match
    sign: Reason[Difference] | None = None


def direction_tested(prediction: Prediction, contrast: Contrast, turned: bool) -> str:
    """Return the direction in which the contrast's statistic has to lie; `turned`: the link turns the sign round."""
    direction = prediction.direction
    if contrast.statistic in WITH_COVARIATE and direction in BEST:
        direction = "positive" if direction == "best" else "negative"
    return TURNED.get(direction, direction) if turned else direction


def read(prediction: Prediction, contrast: Contrast, beside: Beside) -> Reading | None:
    """Read the prediction as the contrast would put it; None if its treatment is another one."""
    if contrast.statistic in WITH_COVARIATE:
        return _over_languages(prediction, contrast, beside)
    terms = contrast.terms.get("treatment", ())
    match = beside.matched(prediction.treatment, terms)
    turns: list[Mapping[str, str | bool]] = [_costs(prediction.metric)]
    if match is None and prediction.direction in COMPARISONS:
        match = beside.matched(prediction.baseline, terms)
        if match is None or not beside.matched(prediction.treatment, contrast.terms.get("baseline", ())):
            return None
        turns.append({"swapped": True})
        prediction = replace(prediction, treatment=prediction.baseline, baseline=prediction.treatment)
    if match is None:
        return None
    return Reading(prediction, match, _turned(turns))


def _costs(metric: str) -> dict[str, str]:
    """Return the metric as what turns the sign if more of it is less of a score; empty if it is not."""
    return {"cost": metric} if is_cost(metric) else {}


def is_cost(metric: str) -> bool:
    """Return True if more of `metric` is less of a score: an error, a penalty, a gap, a degradation."""
    return lower_is_better(metric) or bool(DEGRADED.search(metric))


def _turned(turns: Sequence[Mapping[str, str | bool]]) -> Reason[Difference] | None:
    """Return why the sign is turned round; two turns undo each other. Empty ones are none."""
    if sum(map(bool, turns)) % 2 == 0:
        return None
    return Reason(Difference.TURNED, {name: value for one in turns for name, value in one.items()})


# ------------------------------------------------------------------------------------------------ over languages


def _over_languages(prediction: Prediction, contrast: Contrast, beside: Beside) -> Reading | None:
    found = _sides(prediction, contrast, beside) or _ends(prediction, contrast, beside)
    if found is None:
        return None
    one, match = found
    turns: list[Mapping[str, str | bool]] = [_costs(one.metric)]
    contrary = CONTRARY.get(contrast.covariate)
    if contrary and re.search(rf"\b(?:{contrary})\b", one.treatment, re.IGNORECASE):
        turns.append({"contrary": one.treatment, "measured": contrast.covariate})
    return Reading(one, match, _turned(turns))


def _sides(prediction: Prediction, contrast: Contrast, beside: Beside) -> tuple[Prediction, Match] | None:
    """Find the axis and the outcome in the slots of treatment and metric, in either order for a correlation."""
    pairs = [(prediction.treatment, prediction.metric)]
    if prediction.direction in (*CORRELATIONS, "no effect"):  # a correlation has no direction of cause
        pairs.append((prediction.metric, prediction.treatment))
    for axis, outcome in pairs:
        match = beside.matched(axis, contrast.terms.get("treatment", ()), NEUTRAL_SIDES)
        if match and (not outcome or _is_outcome(outcome, contrast)):
            return replace(prediction, treatment=axis, metric=outcome), match
    return None


def _ends(prediction: Prediction, contrast: Contrast, beside: Beside) -> tuple[Prediction, Match] | None:
    """Find the axis in the languages of which something is said: "transfer is best for similar languages"."""
    said = prediction.scope.get("languages", "")
    outcome = prediction.treatment or prediction.metric  # of a system that does well there nothing follows
    match = beside.matched(said, contrast.terms.get("treatment", ()), NEUTRAL_SIDES) if said else None
    if match is None or not _is_outcome(outcome, contrast):
        return None
    scope = {key: value for key, value in prediction.scope.items() if key != "languages"}
    return replace(prediction, treatment=said, metric=outcome, scope=scope), match


def _is_outcome(phrase: str, contrast: Contrast) -> bool:
    """Return True if the phrase names the contrast's outcome, and nothing that it does not."""
    plain = DEGRADED.sub(" ", phrase)
    return matched(plain, contrast.terms.get("metric", ()), neutral=NEUTRAL_SIDES) is not None
