"""A prediction beside a contrast, slot by slot: what matches, what differs, what the claim leaves open. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference
from synth.core.types import Prediction
from synth.text.lexicon import load_lexicon
from synth.verify.judge.decision import BEST, TESTABLE
from synth.verify.linking.matching import NEUTRAL, OUTCOME, How, Match, bag
from synth.verify.linking.orientation import COMPARISONS, CORRELATIONS, Beside, is_cost, read
from synth.verify.statistics.estimates import WITH_COVARIATE

UNNAMED_METRICS = frozenset({"performance", "quality", "results", "scores", "overall performance"})
# Who says no more than this names no baseline.
UNNAMED = NEUTRAL | bag("baseline strong competitive our original vanilla existing respective")


BEHIND = re.compile(r"\s(?:of|for|on|in|to|at|with|by|required|needed|that|which)\s")


class Contrast(Protocol):
    """What linking needs of a laboratory contrast (`repro.design.experiment.Contrast`)."""

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
    @property
    def hypothesis(self) -> str: ...


class Grade(StrEnum):
    """How a slot of a prediction fits a contrast."""

    MATCHED = "matched"
    STAND_IN = "stand-in"  # another task, which the contrast declares to stand in for
    OPEN = "open"  # the claim does not say
    OTHER = "other"  # another task or metric


@dataclass
class Slots:
    """The comparison, slot by slot. `treatment`: score of its match.

    `matched`: slot → what matched, in the claim's words. `differences`: slot or condition → what differs or is left
    open.
    """

    treatment: float
    grades: dict[str, Grade] = field(default_factory=dict)
    matched: dict[str, str] = field(default_factory=dict)
    differences: dict[str, Reason[Difference]] = field(default_factory=dict)

    def match(self, slot: str, said: str) -> None:
        """Grade `slot` as matched by what the claim says for it."""
        self.grades[slot] = Grade.MATCHED
        if said:
            self.matched[slot] = said

    def differ(self, slot: str, grade: Grade, code: Difference, said: str = "") -> None:
        """Grade `slot`, for which the claim says `said`, as different or left open."""
        self.grades[slot] = grade
        self.differences[slot] = Reason(code, {"slot": slot, "said": said})


def compared(prediction: Prediction, contrast: Contrast, beside: Beside) -> Slots | None:
    """Compare slot by slot; None if the contrast is no test of the prediction."""
    if "count" in (prediction.direction, contrast.statistic):
        return _count(prediction, contrast) if prediction.direction == contrast.statistic else None
    over, best = contrast.statistic in WITH_COVARIATE, prediction.direction in BEST
    if not (_by_languages(prediction) if over else _by_arms(prediction, contrast)):
        return None
    reading = read(prediction, contrast, beside)
    if reading is None:
        return None
    one = reading.prediction
    if over and best and one.treatment == prediction.treatment:
        return None  # "typological distance is best": no relation
    if (
        not over
        and one.metric
        and not (longest_match(one.metric, contrast.terms.get("metric", ())) or is_score(one.metric))
    ):
        return None  # "reduces the amount of data needed": no arm is measured by that
    if over and not (one.metric or one.task or one.scope.get("task_type")):
        return None  # nothing is said to go with it
    slots = Slots(reading.match.score, matched={"treatment": one.treatment})
    _detail(reading.match, one.treatment, contrast, slots)
    if reading.sign:
        slots.differences["sign"] = reading.sign
    if best and not over:
        slots.grades["baseline"] = Grade.OPEN
        slots.differences["ranking"] = Reason(Difference.RIVALS, {"rivals": list(contrast.rivals)})
    elif not _baseline(one, contrast, beside, slots):
        return None
    _task(one, contrast, slots)
    _metric(one.metric, contrast, slots)
    return slots


def _by_languages(prediction: Prediction) -> bool:
    return prediction.direction in TESTABLE + BEST


def _by_arms(prediction: Prediction, contrast: Contrast) -> bool:
    """Return True if arms can show it: a difference, or a rank among arms that the contrast names."""
    if prediction.direction in BEST:
        return bool(contrast.rivals)
    return (
        prediction.direction in TESTABLE
        and prediction.direction not in CORRELATIONS
        and not says_no_outcome(prediction)
    )


def says_no_outcome(prediction: Prediction) -> bool:
    """Return True where something falls and it is not said that it is a score: "mitigates the dilution of capacity"."""
    score = prediction.metric and is_score(prediction.metric)
    return prediction.direction == "decrease" and not (prediction.task or score or prediction.scope.get("task_type"))


def is_score(metric: str) -> bool:
    """Return True if what the phrase is about, before any "of" or "for", is a score or the contrary of one."""
    head = BEHIND.split(metric)[0]
    known = any(mention.kind == "metric" for mention in load_lexicon().mentions(metric))
    return known or bool(OUTCOME & bag(head)) or is_cost(head)


def _detail(match: Match, said: str, contrast: Contrast, slots: Slots) -> None:
    """Tell what the treatment's phrase has more or less than the term it was taken for."""
    if match.how is How.ASSUMED or (match.how is How.MEANING and contrast.statistic in WITH_COVARIATE):
        slots.differences["treatment detail"] = Reason(Difference.TAKEN_FOR, {"said": said, "term": match.term})
    elif match.how is not How.SAME and contrast.statistic not in WITH_COVARIATE:
        slots.differences["treatment detail"] = Reason(Difference.DETAIL, {"said": said, "arm": contrast.treatment})


def _baseline(prediction: Prediction, contrast: Contrast, beside: Beside, slots: Slots) -> bool:
    """Grade the baseline; False where another one is named, or must be."""
    said = prediction.baseline
    if said and bag(said) <= UNNAMED:
        slots.differ("baseline", Grade.OPEN, Difference.ONLY_SAYS, said)
    elif said and _names_baseline(said, contrast, beside):
        slots.match("baseline", said)
    elif said or prediction.direction in COMPARISONS:
        return False  # "A outperforms …" of which it is not known what: another baseline may be meant
    elif contrast.baseline:
        slots.differ("baseline", Grade.OPEN, Difference.NOT_NAMED)
    else:
        slots.match("baseline", said)
    return True


def _names_baseline(said: str, contrast: Contrast, beside: Beside) -> bool:
    """Return True if the phrase is one of the contrast's for its baseline, or holds one of several words."""
    terms = contrast.terms.get("baseline", ())
    return bool(beside.matched(said, terms) or longest_match(said, [term for term in terms if " " in term]))


def _task(prediction: Prediction, contrast: Contrast, slots: Slots) -> None:
    said = prediction.task or prediction.scope.get("task_type", "")
    if longest_match(said, contrast.terms.get("task", ())):
        slots.match("task", said)
    elif not said:
        slots.differ("task", Grade.OPEN, Difference.NOT_NAMED)
    else:
        declared = longest_match(said, contrast.stand_ins)
        slots.differ("task", Grade.STAND_IN if declared else Grade.OTHER, Difference.STANDS_IN, said)


def _metric(said: str, contrast: Contrast, slots: Slots) -> None:
    if longest_match(said, contrast.terms.get("metric", ())):
        slots.match("metric", said)
    elif not said:
        slots.differ("metric", Grade.OPEN, Difference.NOT_NAMED)
    else:
        unnamed = said.lower() in UNNAMED_METRICS
        slots.differ("metric", Grade.OPEN if unnamed else Grade.OTHER, Difference.OTHER_METRIC, said)


# ------------------------------------------------------------------------------------------------ word for word


def _count(prediction: Prediction, contrast: Contrast) -> Slots | None:
    """Return a count is compared exactly, so both the data set and what is counted have to be named,
    and not roughly.
    """
    holder = _whole_match(prediction.treatment, contrast.terms.get("treatment", ()), NEUTRAL_DATA)
    counted = _whole_match(prediction.metric, contrast.terms.get("metric", ()), frozenset())
    if not holder or not counted or "approximate" in prediction.scope:
        return None
    slots = Slots(1.0, matched={"treatment": prediction.treatment, "metric": prediction.metric})
    if longest_match(prediction.task, contrast.terms.get("task", ())):
        slots.matched["task"] = prediction.task
    return slots


def longest_match(said: str, terms: Sequence[str]) -> str:
    """Return the longest of `terms` that occurs in `said` as whole words, ignoring case, hyphens and
    plural s; or "".
    """
    text = f" {_plain(said)} "
    hits = [term for term in terms if f" {_plain(term)} " in text]
    return max(hits, key=len, default="")


def _whole_match(said: str, terms: Sequence[str], neutral: frozenset[str]) -> str:
    """As `longest_match`, where every other word of `said` is one of `neutral`."""
    term = longest_match(said, terms)
    return term if term and _bag(said) - _bag(term) <= neutral else ""


def _plain(text: str) -> str:
    # The plus belongs to the name: ANLI+ is another data set than ANLI.
    words = re.findall(r"\w+\+?", text.lower().replace("pre-train", "pretrain"))
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def _bag(words: str) -> frozenset[str]:
    return frozenset(_plain(words).split())


# Around the name of a data set.
NEUTRAL_DATA = _bag(
    "a an the our this that such all almost nearly every each many most several some any english multilingual "
    "monolingual language model training task of using use proposed data set dataset corpus collection intermediate"
)
