"""Which experiment can test a prediction: slots compared by meaning with what a contrast declares. Pure.

What the terms of a contrast mean depends on its statistic. For a mean difference they are the phrases of the slots of
those names. For a slope or a correlation over languages, `treatment` holds the phrases for what the languages differ in
("typological distance", "linguistic proximity", "size of the pretraining corpus") and `metric` those for the outcome
("transfer performance"); a claim may name the two in either order, or speak of the languages at one end of the axis
("transfer works best for similar languages"). For a count, `treatment` holds the names of the data set and `metric`
those of what is counted ("training examples").

A link is made where the treatment matches (`matching`), nothing named contradicts the contrast (`slots`), and the score
reaches `MIN_SCORE`. The score is the weighted mean (`WEIGHTS`) of how well each slot matches (`GRADES`) and of how near
the claim is to the contrast's hypothesis. It is no probability; docs/verdicts.md says how often links were right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference, brief
from synth.core.reasons.verdicts import Incomparable
from synth.core.types import Prediction
from synth.text.lexicon import load_lexicon
from synth.verify.judge.decision import BEST, TESTABLE
from synth.verify.linking.matching import Nearness, stems, vocabulary
from synth.verify.linking.orientation import Beside, read
from synth.verify.linking.slots import UNNAMED_METRICS, Contrast, Grade, Slots, compared, longest_match
from synth.verify.linking.wordings import wordings
from synth.verify.statistics.estimates import WITH_COVARIATE

# Chosen on the claims for tuning (docs/verdicts.md), before the others were looked at.
GRADES = {Grade.MATCHED: 1.0, Grade.STAND_IN: 0.6, Grade.OPEN: 0.5, Grade.OTHER: 0.2}
WEIGHTS = {"treatment": 0.4, "baseline": 0.15, "task": 0.15, "metric": 0.1, "hypothesis": 0.2}
REWORDED = 0.9  # score of a treatment that matches by what kind of thing it is, or without what it is for
FOUND = 0.6  # score of a treatment that stands somewhere in the sentence
MIN_SCORE = 0.55
MIN_COSINE = 0.25  # of a claim and the hypothesis of a contrast that is still about the same thing
COSINES = (0.2, 0.7)  # of claim and hypothesis: counted as nothing, counted in full


class Arm(Protocol):
    """What linking needs of an arm (`repro.design.experiment.Arm`)."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


class Experiment(Protocol):
    """What linking needs of an experiment (`repro.design.experiment.Experiment`)."""

    @property
    def id(self) -> str: ...
    @property
    def arms(self) -> Iterable[Arm]: ...
    @property
    def contrasts(self) -> Iterable[Contrast]: ...


@dataclass(frozen=True)
class Fit:
    """How a contrast fits a prediction.

    `strength`: the score of the link, 0 to 1. `matched`: slot → what matched, in the claim's words; under `hypothesis`
    the contrast's, where it was compared. `differences`: slot or condition → what differs, is assumed or is left open.
    """

    experiment: str
    contrast: str
    strength: float
    matched: dict[str, str] = field(default_factory=dict)
    differences: dict[str, Reason[Difference]] = field(default_factory=dict)

    @property
    def unmatched(self) -> dict[str, str]:
        """Slot or condition → the difference in words."""
        return {slot: brief(reason) for slot, reason in self.differences.items()}


def fits(
    prediction: Prediction, experiments: Iterable[Experiment], text: str = "", near: Nearness | None = None
) -> list[Fit]:
    """Find the contrasts that can test `prediction`: its direction, or for a count its number.

    Args:
        prediction: the testable form of the claim.
        experiments: those of the laboratory.
        text: the claim's own sentence; words that a slot leaves out may stand in it.
        near: cosine of two texts; None compares words only, and no claim with a hypothesis.

    Returns:
        Links, best first.
    """
    found = []
    for experiment in experiments:
        plain = {arm.name for arm in experiment.arms if arm.role == "baseline"}
        for contrast in experiment.contrasts:
            named, beside = _named(prediction, contrast, text), _beside(contrast, text, near)
            slots = compared(replace(prediction, treatment=named), contrast, beside)
            for wording in wordings(prediction, contrast) if slots is None else ():
                if slots := compared(wording.prediction, contrast, beside):
                    named = prediction.treatment
                    slots.treatment = min(slots.treatment, REWORDED)
                    slots.differences["treatment detail"] = wording.difference
                    if slots.matched["treatment"] == wording.prediction.treatment:
                        slots.matched["treatment"] = prediction.treatment
                    break
            if slots is None:
                continue
            if named != prediction.treatment:
                slots.treatment = FOUND
                slots.differences["treatment detail"] = Reason(Difference.IN_SENTENCE, {"said": named})
            # Who names no baseline means: compared with nothing done. Another treatment has to be named.
            if contrast.baseline and contrast.baseline not in plain and "baseline" in slots.differences:
                continue
            score = _score(slots, contrast, text, near)
            if score is None or score < MIN_SCORE:
                continue
            for condition, value in prediction.scope.items():
                if condition != "task_type" and value != slots.matched["treatment"]:
                    limit = {"condition": condition, "said": value}
                    slots.differences[condition] = Reason(Difference.CONDITION, limit)
            found.append(Fit(experiment.id, contrast.id, round(score, 3), slots.matched, slots.differences))
    return sorted(found, key=lambda fit: (-fit.strength, fit.experiment, fit.contrast))


def _named(prediction: Prediction, contrast: Contrast, text: str) -> str:
    """Return the treatment; where none could be read, a term of the contrast that the sentence has word for word."""
    readable = prediction.direction in TESTABLE and contrast.statistic == "mean"
    if prediction.treatment or prediction.baseline or not readable:
        return prediction.treatment
    term = longest_match(text, contrast.terms.get("treatment", ()))
    # A task or a model stands in the sentence for itself.
    others = any(mention.kind in ("task", "dataset", "model") for mention in load_lexicon().mentions(term))
    return term if " " in term and not others else ""


def _beside(contrast: Contrast, text: str, near: Nearness | None) -> Beside:
    """Return the contrast's own vocabulary without its baseline's words, which would make another treatment."""
    phrases = [phrase for slot in ("treatment", "task", "metric") for phrase in contrast.terms.get(slot, ())]
    own = vocabulary((*phrases, *contrast.stand_ins))
    return Beside(own, frozenset(stems(text)), near)


def hypothesis(contrast: Contrast) -> str:
    """Return the contrast's written hypothesis, or one made of the first phrase of each slot."""
    if contrast.hypothesis:
        return contrast.hypothesis
    first = {slot: phrases[0] for slot, phrases in contrast.terms.items() if phrases}
    task, metric = first.get("task", "a task"), first.get("metric", "accuracy")
    if contrast.statistic in WITH_COVARIATE:
        return f"{first['treatment']} correlates with {metric} on {task}"
    against = f" compared with {first['baseline']}" if "baseline" in first else ""
    return f"{first['treatment']} improves {metric} on {task}{against}"


def phrases(contrast: Contrast) -> list[str]:
    """Return the texts of a contrast that claims are compared with by meaning."""
    if contrast.statistic == "count":
        return []
    return [*(phrase for slot in contrast.terms.values() for phrase in slot), hypothesis(contrast)]


def _score(slots: Slots, contrast: Contrast, text: str, near: Nearness | None) -> float | None:
    """Weighted mean of the slots' grades and of how near the claim is to the hypothesis; None where it is not near."""
    parts = {"treatment": slots.treatment} | {slot: GRADES[grade] for slot, grade in slots.grades.items()}
    if near is not None and text and contrast.statistic != "count":
        cosine = near(text, hypothesis(contrast))
        if cosine < MIN_COSINE:
            return None
        low, high = COSINES
        parts["hypothesis"] = min(1.0, max(0.0, (cosine - low) / (high - low)))
        slots.matched["hypothesis"] = f"{hypothesis(contrast)} (cosine {cosine:.2f})"
    return sum(WEIGHTS[slot] * value for slot, value in parts.items()) / sum(WEIGHTS[slot] for slot in parts)


def direction_only(prediction: Prediction, contrast: Contrast) -> Reason[Incomparable] | None:
    """Return why the contrast tests the claim's direction but not its magnitude, or None.

    A magnitude is comparable if the claim's task is one of the contrast's own and no stand-in, if its metric is the
    contrast's, and if a claimed value is in the contrast's unit: a relative percentage, a ratio, or points of another
    metric are not.
    """
    if contrast.statistic == "count":
        return None  # compared exactly or not at all
    if prediction.direction in BEST and prediction.value is not None:
        return Reason(Incomparable.RANK)
    task, metric = prediction.task or prediction.scope.get("task_type", ""), prediction.metric
    metric = "" if metric.lower() in UNNAMED_METRICS else metric
    if contrast.statistic in WITH_COVARIATE and (reading := read(prediction, contrast, Beside())):
        metric = reading.prediction.metric
    if not task:
        return Reason(Incomparable.NO_TASK)
    if not longest_match(task, contrast.terms.get("task", ())):
        return Reason(Incomparable.OTHER_TASK, {"task": task})
    if metric and not longest_match(metric, contrast.terms.get("metric", ())):
        return Reason(Incomparable.OTHER_METRIC, {"metric": metric, "measured": contrast.metric})
    if prediction.value is None:
        return None
    if prediction.unit != contrast.unit:
        code = Incomparable.OTHER_UNIT if prediction.unit else Incomparable.NO_UNIT
        return Reason(code, {"unit": prediction.unit, "measured": contrast.unit})
    return None if metric else Reason(Incomparable.NO_METRIC)
