"""Which experiment can test a prediction: slots compared with the phrases that a contrast declares. Pure.

What the terms of a contrast mean depends on its statistic. For a mean difference they are the phrases of the slots of
those names. For a slope or a correlation over languages, `treatment` holds the phrases for what the languages differ in
("typological distance", "linguistic proximity", "size of the pretraining corpus") and `metric` those for the outcome
("transfer performance"); a claim may name the two in either order. For a count, `treatment` holds the names of the data
set and `metric` those of what is counted ("training examples").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from synth.estimates import OVER_LANGUAGES
from synth.types import Prediction
from synth.verdicts.decision import BEST, DOWNWARD, TESTABLE, UPWARD

SLOTS = ("treatment", "baseline", "task", "metric")
CORRELATIONS = ("positive", "negative")
COMPARISONS = ("greater", "less", "equal")
UNNAMED = frozenset({"baseline", "the baseline", "the baseline model", "our baseline", "baseline model"})
# Words for the contrary of a distance: what goes up with them goes down with it.
NEARNESS = re.compile(r"\b(?:proximity|similarit(?:y|ies)|closeness|relatedness|nearness)\b", re.IGNORECASE)


def _plain(text: str) -> str:
    # The plus belongs to the name: ANLI+ is another data set than ANLI.
    words = re.findall(r"\w+\+?", text.lower().replace("pre-train", "pretrain"))
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def _bag(words: str) -> frozenset[str]:
    return frozenset(_plain(words).split())


# Words around a declared phrase that leave the treatment what it is. Any other word ("on CommonCrawl", "without BERT")
# makes it another treatment, and a test of one would be no test of the other.
NEUTRAL = _bag(
    "a an the our this that such all almost nearly every each many most several some any english multilingual "
    "monolingual language model training task of using use proposed"
)
# The same around the name of a data set, and around the two sides of a correlation.
NEUTRAL_DATA = NEUTRAL | _bag("data set dataset corpus collection intermediate")
NEUTRAL_SIDES = NEUTRAL | _bag(
    "between and from to in on for with source target overall average linguistic pretraining zero shot cross lingual"
)


class Contrast(Protocol):
    """What linking needs of a laboratory contrast (`repro.registry.Contrast`)."""

    @property
    def id(self) -> str: ...
    @property
    def treatment(self) -> str: ...
    @property
    def baseline(self) -> str: ...
    @property
    def statistic(self) -> str: ...
    @property
    def covariate(self) -> str: ...
    @property
    def metric(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def terms(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def stand_ins(self) -> Sequence[str]: ...
    @property
    def rivals(self) -> Sequence[str]: ...


class Arm(Protocol):
    """What linking needs of an arm (`repro.registry.Arm`)."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


class Experiment(Protocol):
    """What linking needs of an experiment (`repro.registry.Experiment`)."""

    @property
    def id(self) -> str: ...
    @property
    def arms(self) -> Iterable[Arm]: ...
    @property
    def contrasts(self) -> Iterable[Contrast]: ...


@dataclass(frozen=True)
class Fit:
    """How a contrast fits a prediction. `strength`: share of the slots that matched; half a slot for a treatment of
    which the arm is only one kind."""

    experiment: str
    contrast: str
    strength: float
    matched: dict[str, str] = field(default_factory=dict)
    unmatched: dict[str, str] = field(default_factory=dict)


def fits(prediction: Prediction, experiments: Iterable[Experiment]) -> list[Fit]:
    """Contrasts that can test `prediction`, best first: its direction, or for a count its number."""
    found = []
    for experiment in experiments:
        plain = {arm.name for arm in experiment.arms if arm.role == "baseline"}
        for contrast in experiment.contrasts:
            slots = _slots(prediction, contrast)
            if slots is None:
                continue
            # Who names no baseline means: compared with nothing done. Another treatment has to be named.
            if contrast.baseline and contrast.baseline not in plain and "baseline" in slots[1]:
                continue
            matched, unmatched = slots
            for condition, value in prediction.scope.items():
                if condition != "task_type":
                    unmatched[condition] = f"claimed for {condition} = {value}"
            covered = len(matched) - ("treatment detail" in unmatched) / 2
            found.append(Fit(experiment.id, contrast.id, covered / len(SLOTS), matched, unmatched))
    return sorted(found, key=lambda fit: (-fit.strength, fit.experiment, fit.contrast))


def direction_tested(prediction: Prediction, contrast: Contrast) -> str:
    """The direction in which the contrast's statistic has to lie: the claim's, turned round where the claim speaks of
    nearness and the contrast measures distance."""
    direction = prediction.direction
    if contrast.statistic not in OVER_LANGUAGES or not _is_turned(prediction, contrast):
        return direction
    turned = dict(zip(UPWARD + DOWNWARD, DOWNWARD + UPWARD, strict=True))
    return turned.get(direction, direction)


def direction_only(prediction: Prediction, contrast: Contrast) -> str:
    """Why the contrast tests the claim's direction but not its magnitude, or "".

    A magnitude is comparable if the claim's task is one of the contrast's own and no stand-in, if its metric is the
    contrast's, and if a claimed value is in the contrast's unit: a relative percentage, a ratio, or points of another
    metric are not.
    """
    if contrast.statistic == "count":
        return ""  # compared exactly or not at all
    if prediction.direction in BEST and prediction.value is not None:
        return "the rank is tested, and not by how much it leads"
    task, metric = prediction.task or prediction.scope.get("task_type", ""), prediction.metric
    if contrast.statistic in OVER_LANGUAGES and (sides := _sides(prediction, contrast)):
        metric = sides[1]
    if not task:
        return "the claim names no task"
    if not longest_match(task, contrast.terms.get("task", ())):
        return f"the claim is about “{task}”, and another task stands in for it"
    if metric and not longest_match(metric, contrast.terms.get("metric", ())):
        return f"the claim's metric is “{metric}”, and {contrast.metric} was measured"
    if prediction.value is None:
        return ""
    if prediction.unit != contrast.unit:
        stated = f"in “{prediction.unit}”" if prediction.unit else "without a unit"
        return f"the claimed value is {stated}, the measured one in {contrast.unit}"
    return "" if metric else "the claim does not say which metric its value is of"


# ------------------------------------------------------------------------------------------------ slots

Slots = tuple[dict[str, str], dict[str, str]]  # what matched, and by slot what did not, in words


def _slots(prediction: Prediction, contrast: Contrast) -> Slots | None:
    """Matched and unmatched slots, or None if the contrast is no test of the prediction."""
    if prediction.direction == "count":
        return _count_slots(prediction, contrast) if contrast.statistic == "count" else None
    if prediction.direction in BEST:
        return _ranking_slots(prediction, contrast)
    if prediction.direction not in TESTABLE or contrast.statistic == "count":
        return None
    if contrast.statistic in OVER_LANGUAGES:
        return _correlation_slots(prediction, contrast)
    if prediction.direction in CORRELATIONS or _says_no_outcome(prediction):
        return None
    return _difference_slots(prediction, contrast)


def _ranking_slots(prediction: Prediction, contrast: Contrast) -> Slots | None:
    """ "Best" takes the arms that it is the best of, and the task: without one it is about all tasks together."""
    said = prediction.treatment
    term = _whole_match(said, contrast.terms.get("treatment", ()), NEUTRAL)
    task = prediction.task or prediction.scope.get("task_type", "")
    if not contrast.rivals or not term or not longest_match(task, contrast.terms.get("task", ())):
        return None
    matched = {"treatment": said, "task": task}
    unmatched = {"ranking": f"compared with {', '.join(contrast.rivals)}; what else the claim ranks is not known"}
    if _plain(said) != _plain(term):
        unmatched["treatment detail"] = f"the claim says “{said}”; the arm is “{contrast.treatment}”"
    if longest_match(prediction.metric, contrast.terms.get("metric", ())):
        matched["metric"] = prediction.metric
    else:
        named = f"the claim's metric is “{prediction.metric}”"
        unmatched["metric"] = named if prediction.metric else "the claim names no metric"
    return matched, unmatched


def _says_no_outcome(prediction: Prediction) -> bool:
    """ "mitigates the dilution of capacity": something falls, and it is not said that it is a score."""
    outcome = prediction.task or prediction.metric or prediction.scope.get("task_type")
    return prediction.direction == "decrease" and not outcome


def _difference_slots(prediction: Prediction, contrast: Contrast) -> Slots | None:
    matched: dict[str, str] = {}
    unmatched: dict[str, str] = {}
    said = prediction.treatment
    term = _whole_match(said, contrast.terms.get("treatment", ()), NEUTRAL)
    if not term:
        return None  # another treatment: a different condition, not a test
    matched["treatment"] = said
    if _plain(said) != _plain(term):
        unmatched["treatment detail"] = f"the claim says “{said}”; the arm is “{contrast.treatment}”"
    if not _baseline(prediction, contrast, matched, unmatched) or not _task(prediction, contrast, matched, unmatched):
        return None
    if longest_match(prediction.metric, contrast.terms.get("metric", ())):
        matched["metric"] = prediction.metric
    else:
        said = prediction.metric
        unmatched["metric"] = f"the claim's metric is “{said}”" if said else "the claim names no metric"
    return matched, unmatched


def _baseline(prediction: Prediction, contrast: Contrast, matched: dict[str, str], unmatched: dict[str, str]) -> bool:
    said = prediction.baseline
    if _plain(said) in UNNAMED:
        unmatched["baseline"] = f"the claim only says “{said}”"
    elif longest_match(said, contrast.terms.get("baseline", ())):
        matched["baseline"] = said
    elif said or prediction.direction in COMPARISONS:
        return False  # "A outperforms …" of which it is not known what: another baseline may be meant
    elif contrast.baseline:
        unmatched["baseline"] = "the claim names no baseline"
    return True


def _task(prediction: Prediction, contrast: Contrast, matched: dict[str, str], unmatched: dict[str, str]) -> bool:
    said = prediction.task or prediction.scope.get("task_type", "")
    if longest_match(said, contrast.terms.get("task", ())):
        matched["task"] = said
    elif not said:
        unmatched["task"] = "the claim names no task"
    elif longest_match(said, contrast.stand_ins):
        unmatched["task"] = f"stands in for “{said}”"
    else:
        return False
    return True


def _sides(prediction: Prediction, contrast: Contrast) -> tuple[str, str] | None:
    """(what the languages differ in, the outcome) as the claim words them, or None if it speaks of other things."""
    pairs = [(prediction.treatment, prediction.metric)]
    if prediction.direction in (*CORRELATIONS, "no effect"):  # a correlation has no direction of cause
        pairs.append((prediction.metric, prediction.treatment))
    for axis, outcome in pairs:
        if _whole_match(axis, contrast.terms.get("treatment", ()), NEUTRAL_SIDES) and (
            not outcome or _whole_match(outcome, contrast.terms.get("metric", ()), NEUTRAL_SIDES)
        ):
            return axis, outcome
    return None


def _is_turned(prediction: Prediction, contrast: Contrast) -> bool:
    sides = _sides(prediction, contrast)
    return sides is not None and contrast.covariate == "distance" and bool(NEARNESS.search(sides[0]))


def _correlation_slots(prediction: Prediction, contrast: Contrast) -> Slots | None:
    sides = _sides(prediction, contrast)
    if sides is None:
        return None
    axis, outcome = sides
    if not outcome and not prediction.task and not prediction.scope.get("task_type"):
        return None  # nothing is said to go with it
    matched, unmatched = {"treatment": axis}, {}
    if outcome:
        matched["metric"] = outcome
    else:
        unmatched["metric"] = "the claim names no metric"
    if _is_turned(prediction, contrast):
        unmatched["sign"] = (
            f"the claim speaks of “{axis}”; the distance is measured, so the claimed sign is turned round"
        )
    if not _baseline(prediction, contrast, matched, unmatched) or not _task(prediction, contrast, matched, unmatched):
        return None
    return matched, unmatched


def _count_slots(prediction: Prediction, contrast: Contrast) -> Slots | None:
    """A count is compared exactly, so both the data set and what is counted have to be named, and not roughly."""
    holder = _whole_match(prediction.treatment, contrast.terms.get("treatment", ()), NEUTRAL_DATA)
    counted = _whole_match(prediction.metric, contrast.terms.get("metric", ()), frozenset())
    if not holder or not counted or "approximate" in prediction.scope:
        return None
    matched = {"treatment": prediction.treatment, "metric": prediction.metric}
    if longest_match(prediction.task, contrast.terms.get("task", ())):
        matched["task"] = prediction.task
    return matched, {}


def longest_match(said: str, terms: Sequence[str]) -> str:
    """The longest of `terms` that occurs in `said` as whole words, ignoring case, hyphens and plural s; or ""."""
    text = f" {_plain(said)} "
    hits = [term for term in terms if f" {_plain(term)} " in text]
    return max(hits, key=len, default="")


def _whole_match(said: str, terms: Sequence[str], neutral: frozenset[str]) -> str:
    """As `longest_match`, where every other word of `said` is one of `neutral`."""
    term = longest_match(said, terms)
    return term if term and _bag(said) - _bag(term) <= neutral else ""


# ------------------------------------------------------------------------------------------------ why not


def why_not(predictions: Sequence[Prediction], experiments: Iterable[Experiment] = (), *, kind: str = "") -> str:
    """Why none of `experiments` tests a claim of this kind with these predictions, and what would be needed.

    The reason is that of the first prediction. Where an experiment has its treatment, what keeps the two apart is told.
    """
    if not predictions and kind == "method":
        return "It says what was done, not what came of it."
    if not predictions:
        return "It states no measurable outcome (no treatment, direction or count to compare with a measurement)."
    first = predictions[0]
    if nearest := _nearest_miss(first, experiments):
        return nearest
    if first.direction == "count":
        return _why_not_counted(first)
    if first.direction in ("best", "worst"):
        return "It is a ranking of several systems: an experiment with an arm for each of them would be needed."
    if first.direction in CORRELATIONS:
        return (
            f"It is a correlation of “{first.treatment}” with “{first.metric}”: no experiment here measures both over "
            "enough languages."
        )
    if first.direction in COMPARISONS and not first.baseline:
        return f"What “{first.treatment}” is compared with could not be read from the sentence."
    if not first.treatment:
        return "What was done or compared could not be read from the sentence, so no arm can be set up for it."
    if not first.direction:
        return f"It says no direction for “{first.treatment}” that a measurement could support or contradict."
    if _says_no_outcome(first):
        return f"No score that “{first.treatment}” lowers could be read from it, so nothing can be measured for it."
    target = f" on “{first.task}”" if first.task else ""
    against = f" against “{first.baseline}”" if first.baseline else ""
    does = "compares" if first.baseline else "varies"
    return (
        f"No experiment {does} “{first.treatment}”{against}{target}; "
        "needed: an experiment file in repro/experiments/ with those arms."
    )


def _nearest_miss(prediction: Prediction, experiments: Iterable[Experiment]) -> str:
    """What keeps a prediction from the contrasts that have its treatment; "" if none has."""
    if prediction.direction not in TESTABLE or prediction.direction in (*CORRELATIONS, "count", "best", "worst"):
        return ""
    for experiment in experiments:
        for contrast in experiment.contrasts:
            if contrast.statistic == "count" or contrast.statistic in OVER_LANGUAGES:
                continue
            if not _whole_match(prediction.treatment, contrast.terms.get("treatment", ()), NEUTRAL):
                continue
            said = prediction.task or prediction.scope.get("task_type", "")
            if not _task(prediction, contrast, {}, {}):
                return f"“{prediction.treatment}” is tested by “{experiment.id}”, but not on “{said}”."
            if prediction.baseline and not _baseline(prediction, contrast, {}, {}):
                return (
                    f"“{prediction.treatment}” is tested by “{experiment.id}”, but not against “{prediction.baseline}”."
                )
    return ""


def _why_not_counted(prediction: Prediction) -> str:
    if not prediction.treatment:
        return "It is a count, but the sentence does not say of which data set."
    of = f"It is a count of “{prediction.metric}” in “{prediction.treatment}”"
    if rough := prediction.scope.get("approximate"):
        return f"{of} that is given only roughly (“{rough}”): counts are compared exactly."
    return f"{of}: testing it takes the data set itself, and no experiment here loads and counts that."
