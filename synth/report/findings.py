"""Findings of tests, in a sentence and by arm: effect, interval, seeds, verdict at its fidelity. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synth.core.estimate import Estimate
from synth.core.mark import ABSENCE, CONTRADICTING, EQUIVALENT, SUPPORTING
from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference, left_open, told
from synth.report.answer.said import AnswerSentence, quoted
from synth.report.measured import (
    arms,
    claimed_size,
    contrast,
    is_count,
    over_seeds,
    rule,
    unit,
)
from synth.report.wording import amount, count, decimal, estimated, listed, sentence, worded
from synth.report.wording import interval as spread
from synth.store.rows.runs import VerdictView
from synth.verify.statistics.estimates import Comparison, interval, per_seed

# From the published setting downwards; published figures are of real models at full size, but of others.
FIDELITIES = ("paper", "base", "published", "small", "synthetic")
# What a run says of a claim, by its verdict; `{claim}` is the claim's sentence in quotation marks, or "it".
HEADS = {
    "reproduced": "reproduced {claim}",
    "partially reproduced": "reproduced {claim} in part",
    "not reproduced": "did not reproduce {claim}",
    "direction supported": "supports the direction of {claim}",
    "direction contradicted": "contradicts the direction of {claim}",
    "equivalent": "found no effect that matters for {claim}",
    "inconclusive": "leaves {claim} open",
}
RANKED = ("best", "worst")  # claims that are tested against several arms at once


@dataclass(frozen=True)
class ArmScore:
    """Score of one arm of a run and its effect against the baseline; mean over seeds with Student's t interval."""

    name: str
    score: Estimate
    effect: Estimate | None  # None for the baseline itself, and where no difference of means was tested

    def cells(self) -> list[str]:
        """Return a row of a table: arm, score, effect, seeds."""
        return [self.name, _shown(self.score), _shown(self.effect, sign=True), str(self.score.seeds)]


@dataclass(frozen=True)
class Effects:
    """The arms of one test; scores in the metric's own unit."""

    test: VerdictView
    arms: list[ArmScore]

    @property
    def compared(self) -> bool:
        """True if any arm has an effect."""
        return any(arm.effect for arm in self.arms)

    def table(self) -> list[list[str]]:
        """Return head and rows; without the column of effects where there are none."""
        against = rule(self.test).get("baseline")
        head = ["Arm", worded(str(rule(self.test).get("metric"))), f"Effect against {against}", "Seeds"]
        rows = [head, *(arm.cells() for arm in self.arms)]
        if self.compared:
            return rows
        return [[name, score, seeds] for name, score, _, seeds in rows]


def strength(test: VerdictView) -> tuple[bool, int, int]:
    """Return the key that sorts tests: decided first, nearer to the published setting first, more seeds first."""
    distance = FIDELITIES.index(test.fidelity) if test.fidelity in FIDELITIES else len(FIDELITIES)
    return supported(test) is None, distance, -test.seeds


def supported(test: VerdictView) -> bool | None:
    """Return True if a test speaks for its claim, False if it speaks against it, None if it leaves it open."""
    if test.verdict == EQUIVALENT:
        return test.prediction.direction in ABSENCE
    return True if test.verdict in SUPPORTING else False if test.verdict in CONTRADICTING else None


def outcome(test: VerdictView, claim: str) -> str:
    """Return what a run says of `claim`, without its subject: "supports the direction of “X”"."""
    return HEADS.get(test.verdict, HEADS["inconclusive"]).format(claim=claim)


def measured(test: VerdictView, text: str) -> AnswerSentence:
    """Describe one test of the claim `text`: verdict at its fidelity, effect, interval, seeds, deviations."""
    rows = (("claim", test.claim), ("run", test.run_id))
    verdict = outcome(test, quoted(text, f"claim {test.claim}"))
    head = f"Run {test.run_id} ({test.fidelity}) {verdict}"
    says = {True: "supports", False: "contradicts", None: ""}[supported(test)]
    if is_count(test):
        shown = f": {sentence(worded(test.reason))}"
    elif test.estimate is None:
        shown = ": it measured nothing that can be compared."
    else:
        shown = f": {_effect(test)}{_control(test)}{_above(test)}"
    return AnswerSentence(f"{head}{shown}{_deviations(test)}", rows, says)


def _effect(test: VerdictView) -> str:
    fixed = rule(test)
    comparison, metric = Comparison.of(fixed), worded(str(fixed.get("metric")))
    number = estimated(test.estimate, test.unit)
    around = spread(*test.ci)
    held = f"{test.level:.0%} interval {around}" if around else "no interval"
    if comparison.statistic == "coefficient":
        measure = f"{number} ({held}, published figures)"
    else:
        held += f" over {unit(test)}" if around and unit(test) != "seeds" else ""
        measure = f"{number} ({held}, {count(test.seeds, 'seed')})"
    if fixed.get("direction") in RANKED:
        what = f"“{fixed.get('treatment')}” leads its nearest rival on {metric} by {measure}"
    elif comparison.statistic == "mean" and comparison.baseline:
        arms = f"“{fixed.get('treatment')}” differs from “{fixed.get('baseline')}”"
        what = f"{arms} in {metric} by {measure}"
    elif comparison.statistic == "coefficient":
        what = f"{metric} changes with {comparison.axis} by {measure}"
    else:
        what = f"the {contrast(test)} on {metric} is {measure}"
    size = claimed_size(test)
    size_words = f" of {amount(size)} {test.prediction.unit}".rstrip() if size is not None else ""
    return f"{what}; claimed: {claimed(test)}{size_words}."


def claimed(test: VerdictView) -> str:
    """Return the direction that was claimed of what was measured, and the claim's own where it speaks
    of the opposite.
    """
    direction, own = str(rule(test).get("direction")), test.prediction.direction
    turned = {direction, own} in ({"positive", "negative"}, {"increase", "decrease"}, {"greater", "less"})
    return f"{direction} ({own} in the claim's own terms)" if turned else direction


def _control(test: VerdictView) -> str:
    """Name the control's effect where its interval excludes zero and that of the deciding metric does not."""
    fixed = rule(test)
    metric = fixed.get("control_metric")
    low, high = test.ci
    if not metric or fixed.get("direction") in RANKED or low is None or high is None or not low <= 0 <= high:
        return ""
    estimate = over_seeds(test, metric)
    if estimate.value is None or estimate.low is None or estimate.high is None or estimate.low <= 0 <= estimate.high:
        return ""
    number = f"{decimal(estimate.value, sign=True)} {spread(estimate.low, estimate.high)}"
    return f" By the control scoring rule, {worded(metric)}, it is {number}."


def _above(test: VerdictView) -> str:
    """Name the arms outside the comparison that scored higher than all compared ones: a difference of low scores."""
    compared = {rule(test).get("treatment"), rule(test).get("baseline"), *rule(test).get("rivals", ())}
    measured_effects = effects(test)
    scores = {
        arm.name: arm.score.value
        for arm in (measured_effects.arms if measured_effects else ())
        if arm.score.value is not None
    }
    tested = {name: score for name, score in scores.items() if name in compared}
    higher = {name: score for name, score in scores.items() if tested and score > max(tested.values())}
    if not higher:
        return ""
    which = "which was not compared" if len(higher) == 1 else "which were not compared"
    return f" {_scored(higher)}, {which}, scored higher than {_scored(tested)}."


def _scored(scores: Mapping[str, float]) -> str:
    """Join the names and scores of arms, the highest first: "“all” (1.68) and “single” (0.68)"."""
    return listed([f"“{name}” ({decimal(scores[name])})" for name in sorted(scores, key=lambda name: -scores[name])])


def _told(test: VerdictView) -> list[tuple[str, Reason[Difference]]]:
    return told(test.deviations, test.deviation_codes)


def differing(test: VerdictView) -> list[str]:
    """Return the differences of a test from the claimed setting."""
    return [text for text, why in _told(test) if not left_open(why)]


def leaving_open(test: VerdictView) -> list[str]:
    """Return what the claim leaves open of the setting of its test."""
    return [text for text, why in _told(test) if left_open(why)]


def _deviations(test: VerdictView) -> str:
    number = len(test.deviations)
    free = len(leaving_open(test))
    parts = [f"{count(number - free, 'deviation')} from the claimed setting"] if number > free else []
    parts += [f"{count(free, 'point')} that the claim leaves open"] if free else []
    return f" {listed(parts)} {'is' if number == 1 else 'are'} on record." if parts else ""


def effects(test: VerdictView) -> Effects | None:
    """Return the score of every arm and its effect against the baseline; None where a number was counted."""
    if is_count(test) or not test.measurements:
        return None
    fixed = rule(test)
    tested = Comparison.of(fixed)
    return Effects(test, [_arm(test, name, tested, fixed.get("metric", "")) for name in arms(test)])


def _arm(test: VerdictView, name: str, tested: Comparison, metric: str) -> ArmScore:
    alpha = 1 - test.level
    scale = (tested.baseline_metric or metric) if name == tested.baseline else metric
    score = _mean(test, Comparison(name, "", "count", languages=tested.languages, repeats=tested.repeats), scale, alpha)
    compared = tested.statistic == "mean" and tested.baseline and rule(test).get("direction") not in RANKED
    if not compared or name == tested.baseline:
        return ArmScore(name, score, None)
    if name == tested.treatment:  # what decided, as it was stored
        return ArmScore(name, score, Estimate(test.estimate, test.ci[0], test.ci[1], test.seeds, score.languages))
    against = Comparison(
        name,
        tested.baseline,
        languages=tested.languages,
        repeats=tested.repeats,
        baseline_metric=tested.baseline_metric,
    )
    return ArmScore(name, score, _mean(test, against, metric, alpha))


def _mean(test: VerdictView, comparison: Comparison, metric: str, alpha: float) -> Estimate:
    return interval(per_seed(test.measurements, comparison, metric), "mean", alpha)


def _shown(estimate: Estimate | None, sign: bool = False) -> str:
    """Format a value with its interval: "21.35 [19.02, 23.68]"; "–" for nothing."""
    if estimate is None or estimate.value is None:
        return "–"
    number = decimal(estimate.value, sign=sign)
    if estimate.low is None or estimate.high is None:
        return f"{number} (no interval)"
    return f"{number} [{decimal(estimate.low, sign=sign)}, {decimal(estimate.high, sign=sign)}]"


def disagreements(tests: Sequence[VerdictView]) -> list[tuple[VerdictView, VerdictView]]:
    """Return pairs of tests of one claim, one supporting and one contradicting."""
    return [
        (a, b) for a in tests for b in tests if a.claim == b.claim and supported(a) is True and supported(b) is False
    ]
