"""Reasons why no experiment tests a claim, and what would be needed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from synth.core.reasons import Named, Reason, Wording, worded


class Untestable(StrEnum):
    """Reason that a prediction has no experiment."""

    METHOD = "method"  # says what was done
    NO_OUTCOME = "no outcome"  # states nothing that could be measured
    NO_TREATMENT = "no treatment"  # what was done or compared could not be read
    NO_HOLDER = "no holder"  # a count, and the sentence does not say of which data set
    NO_DIRECTION = "no direction"
    NO_BASELINE = "no baseline"  # a comparison with something that could not be read
    NO_SCORE = "no score"  # something falls, and it is not known to be a score
    ROUGH_COUNT = "rough count"
    OTHER_BASELINE = "other baseline"  # an experiment has the treatment, against another baseline
    NO_ARMS = "no arms"  # no experiment has these arms
    NO_RIVALS = "no rivals"  # a ranking, which needs an arm for each system
    NO_COVARIATE = "no covariate"  # a correlation
    NO_DATA_SET = "no data set"  # a count
    OTHER = "other"


def _no_arms(p: Named) -> str:
    target = f" on “{p.text('task')}”" if p.holds("task") else ""
    against = f" against “{p.text('baseline')}”" if p.holds("baseline") else ""
    does = "compares" if p.holds("baseline") else "varies"
    return (
        f"No experiment {does} “{p.text('treatment')}”{against}{target}; "
        "needed: an experiment file in repro/experiments/ with those arms."
    )


# Parameters: `treatment`, `baseline`, `task`, `metric` of the prediction, the `rough` word of a count, an `experiment`.
WORDINGS: Mapping[Untestable, Wording] = {
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
    Untestable.OTHER_BASELINE: "“{treatment}” is tested by “{experiment}”, but not against “{baseline}”.",
    Untestable.NO_ARMS: _no_arms,
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
    Untestable.OTHER: "{text}",
}


def sentence(reason: Reason[Untestable] | None) -> str:
    """Return the sentence for people; "" for none."""
    return worded(reason, WORDINGS) if reason else ""
