"""Which experiment can test a prediction: slots compared with the phrases that a contrast declares. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from synth.types import Prediction
from synth.verdicts.judge import TESTABLE

SLOTS = ("treatment", "baseline", "task", "metric")
# Words around a declared phrase that leave the treatment what it is. Any other word ("on CommonCrawl", "without BERT")
# makes it another treatment, and a test of one would be no test of the other.
NEUTRAL = frozenset(
    "a an the our this that such all almost nearly every each many most several some any english multilingual "
    "monolingual language model training task of using use proposed".split()
)
UNNAMED = frozenset({"baseline", "the baseline", "the baseline model", "our baseline", "baseline model"})


class Contrast(Protocol):
    """What linking needs of a laboratory contrast (`repro.registry.Contrast`)."""

    @property
    def id(self) -> str: ...
    @property
    def treatment(self) -> str: ...
    @property
    def terms(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def stand_ins(self) -> Sequence[str]: ...


class Experiment(Protocol):
    """What linking needs of an experiment (`repro.registry.Experiment`)."""

    @property
    def id(self) -> str: ...
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
    """Contrasts that can test the direction of `prediction`, best first."""
    if prediction.direction not in TESTABLE:
        return []
    found = [
        fit
        for experiment in experiments
        for contrast in experiment.contrasts
        if (fit := _fit(prediction, experiment.id, contrast)) is not None
    ]
    return sorted(found, key=lambda fit: (-fit.strength, fit.experiment, fit.contrast))


def _fit(prediction: Prediction, experiment: str, contrast: Contrast) -> Fit | None:
    matched: dict[str, str] = {}
    unmatched: dict[str, str] = {}
    for slot in SLOTS:
        said = getattr(prediction, slot)
        if slot == "task" and not said:
            said = prediction.scope.get("task_type", "")
        if slot == "baseline" and _plain(said) in UNNAMED:
            unmatched[slot] = f"the claim only says “{said}”"
            continue
        term = longest_match(said, contrast.terms.get(slot, ()))
        if term:
            if slot == "treatment" and not set(_plain(said).split()) - set(_plain(term).split()) <= NEUTRAL:
                return None
            matched[slot] = said
            if slot == "treatment" and _plain(said) != _plain(term):
                unmatched["treatment detail"] = f"the claim says “{said}”; the arm is “{contrast.treatment}”"
        elif not said:
            if slot == "treatment":
                return None
            unmatched[slot] = f"the claim names no {slot}"
        elif slot == "task" and longest_match(said, contrast.stand_ins):
            unmatched[slot] = f"stands in for “{said}”"
        elif slot == "metric":
            unmatched[slot] = f"the claim's metric is “{said}”"
        else:
            return None  # another treatment, baseline or task: a different condition, not a test
    for condition, value in prediction.scope.items():
        if condition != "task_type":
            unmatched[condition] = f"claimed for {condition} = {value}"
    covered = len(matched) - ("treatment detail" in unmatched) / 2
    return Fit(experiment, contrast.id, covered / len(SLOTS), matched, unmatched)


def longest_match(said: str, terms: Sequence[str]) -> str:
    """The longest of `terms` that occurs in `said` as whole words, ignoring case, hyphens and plural s; or ""."""
    text = f" {_plain(said)} "
    hits = [term for term in terms if f" {_plain(term)} " in text]
    return max(hits, key=len, default="")


def _plain(text: str) -> str:
    words = re.findall(r"\w+", text.lower().replace("pre-train", "pretrain"))
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def why_not(predictions: Sequence[Prediction]) -> str:
    """Why no experiment tests a claim with these predictions, and what would be needed."""
    if not predictions:
        return "It states no measurable outcome (no treatment, direction or count to compare with a measurement)."
    first = predictions[0]
    if first.direction == "count":
        return "It is a count: testing it takes the data set itself, and no experiment here loads and counts it."
    if first.direction in ("best", "worst"):
        return "It is a ranking of several systems: an experiment with an arm for each of them would be needed."
    if first.direction in ("positive", "negative"):
        return "It is a correlation: an experiment that measures both quantities over enough languages would be needed."
    if not first.treatment:
        return "The sentence does not say what was done or compared, so no arm can be set up for it."
    if not first.direction:
        return f"It says no direction for “{first.treatment}” that a measurement could support or contradict."
    target = f" on “{first.task}”" if first.task else ""
    against = f" against “{first.baseline}”" if first.baseline else ""
    return (
        f"No experiment compares “{first.treatment}”{against}{target}; "
        "needed: an experiment file in repro/experiments/ with those arms."
    )
