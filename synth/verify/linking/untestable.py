"""Why no experiment tests a claim, and what would be needed, in a sentence for people. Pure.

The code behind the sentence, and the missing experiment in slots, are in `synth.core.missing_experiment`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synth.core.missing_experiment import STATISTICS, Untestable, reason
from synth.core.types import Prediction
from synth.verify.judge.decision import TESTABLE
from synth.verify.linking.candidates import Experiment
from synth.verify.linking.orientation import Beside
from synth.verify.linking.slots import says_no_outcome
from synth.verify.statistics.estimates import WITH_COVARIATE

# Where an experiment is missing. Filled in: treatment, baseline, task, metric, and the rough word of a count.
SENTENCES = {
    Untestable.METHOD: "It says what was done, not what came of it.",
    Untestable.NO_OUTCOME: (
        "It states no measurable outcome (no treatment, direction or count to compare with a measurement)."
    ),
    Untestable.NO_TREATMENT: "What was done or compared could not be read from the sentence, so no arm can be set up.",
    Untestable.NO_HOLDER: "It is a count, but the sentence does not say of which data set.",
    Untestable.NO_DIRECTION: "It says no direction for “{treatment}” that a measurement could support or contradict.",
    Untestable.NO_BASELINE: "What “{treatment}” is compared with could not be read from the sentence.",
    Untestable.NO_SCORE: (
        "No score that “{treatment}” lowers could be read from it, so nothing can be measured for it."
    ),
    Untestable.ROUGH_COUNT: (
        "It is a count of “{metric}” in “{treatment}” that is given only roughly (“{rough}”): counts are compared "
        "exactly."
    ),
    Untestable.NO_DATA_SET: (
        "It is a count of “{metric}” in “{treatment}”: testing it takes the data set itself, and no experiment here "
        "loads and counts that."
    ),
    Untestable.NO_RIVALS: (
        "It is a ranking of several systems: an experiment with an arm for each of them would be needed."
    ),
    Untestable.NO_COVARIATE: (
        "It is a correlation of “{treatment}” with “{metric}”: no experiment here measures both over enough languages."
    ),
}


def why_not(predictions: Sequence[Prediction], experiments: Iterable[Experiment] = (), *, kind: str = "") -> str:
    """Return why none of `experiments` tests a claim of this kind with these predictions, and what would be needed.

    The reason is that of the first prediction. Where an experiment has its treatment, what keeps the two apart is told.
    """
    first = predictions[0] if predictions else None
    if first and (nearest := _nearest_miss(first, experiments)):
        return nearest
    code = reason(first, kind=kind, scored=first is None or not says_no_outcome(first))
    if first is None:
        return SENTENCES[code]
    if code is not Untestable.NO_ARMS:
        rough = first.scope.get("approximate", "")
        return SENTENCES[code].format(treatment=first.treatment, metric=first.metric, rough=rough)
    target = f" on “{first.task}”" if first.task else ""
    against = f" against “{first.baseline}”" if first.baseline else ""
    does = "compares" if first.baseline else "varies"
    return (
        f"No experiment {does} “{first.treatment}”{against}{target}; "
        "needed: an experiment file in repro/experiments/ with those arms."
    )


def _nearest_miss(prediction: Prediction, experiments: Iterable[Experiment]) -> str:
    """Return what keeps a prediction from a contrast that has its treatment; "" if none has."""
    if prediction.direction not in TESTABLE or prediction.direction in STATISTICS or not prediction.baseline:
        return ""
    for experiment in experiments:
        for contrast in experiment.contrasts:
            if contrast.statistic in ("count", *WITH_COVARIATE):
                continue
            if not Beside().matched(prediction.treatment, contrast.terms.get("treatment", ())):
                continue
            if not Beside().matched(prediction.baseline, contrast.terms.get("baseline", ())):
                return (
                    f"“{prediction.treatment}” is tested by “{experiment.id}”, but not against “{prediction.baseline}”."
                )
    return ""
