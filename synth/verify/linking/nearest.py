"""Experiment nearest to a claim that none tests, and what keeps the two apart. Pure.

The wording of the codes is in `synth.core.reasons.untestable`; the missing experiment in slots is in
`synth.core.missing_experiment`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synth.core.missing_experiment import STATISTICS, reason
from synth.core.reasons import Reason
from synth.core.reasons.untestable import Untestable
from synth.core.types import Prediction
from synth.verify.judge.decision import TESTABLE
from synth.verify.linking.candidates import LinkableExperiment
from synth.verify.linking.orientation import ClaimContext
from synth.verify.linking.slots import says_no_outcome
from synth.verify.statistics.estimates import WITH_COVARIATE


def why_not(
    predictions: Sequence[Prediction], experiments: Iterable[LinkableExperiment] = (), *, kind: str = ""
) -> Reason[Untestable]:
    """Return why none of `experiments` tests a claim of this kind with these predictions, and what would be needed.

    The reason is that of the first prediction. Where an experiment has its treatment, what keeps the two apart is told.
    """
    first = predictions[0] if predictions else None
    if first and (nearest := _nearest_miss(first, experiments)):
        return nearest
    code = reason(first, kind=kind, scored=first is None or not says_no_outcome(first))
    if first is None:
        return Reason(code)
    slots = {name: getattr(first, name) for name in ("treatment", "baseline", "task", "metric")}
    return Reason(code, {**slots, "rough": first.scope.get("approximate", "")})


def _nearest_miss(prediction: Prediction, experiments: Iterable[LinkableExperiment]) -> Reason[Untestable] | None:
    """Return what keeps a prediction from a contrast that has its treatment; None if none has."""
    if prediction.direction not in TESTABLE or prediction.direction in STATISTICS or not prediction.baseline:
        return None
    for experiment in experiments:
        for contrast in experiment.contrasts:
            if contrast.statistic in ("count", *WITH_COVARIATE):
                continue
            if not ClaimContext().matched(prediction.treatment, contrast.terms.get("treatment", ())):
                continue
            if not ClaimContext().matched(prediction.baseline, contrast.terms.get("baseline", ())):
                slots = {"treatment": prediction.treatment, "baseline": prediction.baseline}
                return Reason(Untestable.OTHER_BASELINE, {**slots, "experiment": experiment.id})
    return None
