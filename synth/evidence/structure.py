"""Correspondence of two findings: the slots of their predictions compared. Pure.

A prediction relates a treatment, and perhaps a baseline, to an outcome (metric and task) in a direction. Two of them
correspond as far as their slots name the same things (`synth.evidence.naming`), straight or with the sides of the
comparison exchanged; of a correlation the two variables may change places. Whether corresponding predictions agree or
are opposed follows from the directions, from metrics that are better when lower, and from slots that say the opposite
of one thing ("similar languages", "distant languages").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import product

from synth.core.types import Prediction
from synth.evidence.naming import Naming, SlotPhrase, opposed_senses
from synth.quantities.metrics import lower_is_better

UNSAID = 0.35  # likeness of a slot that one side leaves open
UNSHARED = 0.5  # what an opposition keeps where a side holds under a condition that the other does not state
APART = 0.3  # likeness below which two scopes are different ones
SCOPES = ("languages", "model", "corpus", "condition", "task_type")
WAY = {
    **dict.fromkeys(("increase", "greater", "best", "positive"), 1),
    **dict.fromkeys(("decrease", "less", "worst", "negative"), -1),
    **dict.fromkeys(("no effect", "equal"), 0),
}
CORRELATIONS = ("positive", "negative")
COMPARISONS = ("greater", "less", "best", "worst", "equal")


@dataclass(frozen=True)
class Correspondence:
    """Correspondence of the best-fitting predictions of two findings; likenesses are 0 to 1.

    Attributes:
        agree, opposed: likeness of all slots together, under the direction that both state, or opposite ones.
        denied: the same where one of them states that there is no difference.
        treatments, outcomes, baselines: likeness of the slots; UNSAID where a side leaves it open.
        weakest: the least of the slots that both fill.
        scope_apart: share of the scopes that both state and that differ.
        open_treatment, open_outcome: a side names none.
        one_baseline: one side names a baseline and the other does not.
        own: a side speaks of its own method or data and names neither.
    """

    agree: float = 0.0
    opposed: float = 0.0
    denied: float = 0.0
    treatments: float = 0.0
    outcomes: float = 0.0
    baselines: float = 0.0
    weakest: float = 0.0
    scope_apart: float = 0.0
    open_treatment: float = 0.0
    open_outcome: float = 0.0
    one_baseline: float = 0.0
    own: float = 0.0

    @property
    def likeness(self) -> float:
        """Likeness of the slots, whatever the directions."""
        return max(self.agree, self.opposed, self.denied)


NONE = Correspondence()
FIELDS = tuple(Correspondence.__dataclass_fields__)


def values(correspondence: Correspondence) -> tuple[float, ...]:
    """Return the values in the order of FIELDS."""
    return astuple(correspondence)


def correspond(ours: Sequence[Prediction], theirs: Sequence[Prediction], naming: Naming) -> Correspondence:
    """Return the correspondence of the two predictions that fit best; NONE where a side makes none."""
    best = NONE
    for a, b in product(ours, theirs):
        correspondence = _of(_read(a, naming.claimed), _read(b, naming.stated), naming)
        if (correspondence.likeness, correspondence.treatments + correspondence.outcomes) > (
            best.likeness,
            best.treatments + best.outcomes,
        ):
            best = correspondence
    return best


def phrases(predictions: Sequence[Prediction]) -> tuple[str, ...]:
    """Return the phrases of predictions that are compared with those of others, each once."""
    texts = [text for p in predictions for text in (p.treatment, p.baseline, _outcome(p), p.metric, p.task)]
    return tuple(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True)
class _Slots:
    treatment: SlotPhrase
    baseline: SlotPhrase
    outcome: SlotPhrase
    metric: SlotPhrase
    task: SlotPhrase
    way: int | None
    symmetric: bool
    compares: bool
    lower: bool
    scope: dict[str, SlotPhrase]


def _read(prediction: Prediction, phrase: Callable[[str], SlotPhrase]) -> _Slots:
    return _Slots(
        treatment=phrase(prediction.treatment),
        baseline=phrase(prediction.baseline),
        outcome=phrase(_outcome(prediction)),
        metric=phrase(prediction.metric),
        task=phrase(prediction.task),
        way=WAY.get(prediction.direction),
        symmetric=prediction.direction in CORRELATIONS,
        compares=prediction.direction in COMPARISONS,
        lower=lower_is_better(prediction.metric) if prediction.metric else False,
        scope={key: phrase(prediction.scope[key]) for key in SCOPES if prediction.scope.get(key)},
    )


def _outcome(prediction: Prediction) -> str:
    return " on ".join(filter(None, (prediction.metric, prediction.task)))


def _of(a: _Slots, b: _Slots, naming: Naming) -> Correspondence:
    alignments = [_aligned(a, b, naming, sign=1)]
    baselines = (bool(a.baseline.text), bool(b.baseline.text))
    if all(baselines) or (any(baselines) and a.compares and b.compares):
        alignments.append(_aligned(a, replace(b, treatment=b.baseline, baseline=b.treatment), naming, sign=-1))
    if (
        a.symmetric
        and b.symmetric
        and not any(baselines)
        and not any(p.own for alignment in (a, b) for p in (alignment.treatment, alignment.outcome))
    ):
        nothing = naming.stated("")
        exchanged = replace(b, treatment=b.outcome, outcome=b.treatment, metric=nothing, task=nothing)
        alignments.append(_aligned(a, exchanged, naming, sign=1))
    return max(alignments, key=lambda alignment: alignment.likeness)


def _aligned(a: _Slots, b: _Slots, naming: Naming, sign: int) -> Correspondence:
    treatments, open_treatment = _slot(a.treatment, b.treatment, naming)
    outcomes, open_outcome = _outcomes(a, b, naming)
    baselines, _ = _slot(a.baseline, b.baseline, naming)
    both, one_named = bool(a.baseline.text and b.baseline.text), bool(a.baseline.text) != bool(b.baseline.text)
    sides = [*([] if open_treatment else [treatments]), *([baselines] if both else [])]
    parts = [*(sides or [UNSAID]), outcomes]
    together = 1.0
    for part in parts:
        together *= part
    together **= 1 / len(parts)
    filled = [part for part, unsaid in ((treatments, open_treatment), (outcomes, open_outcome)) if not unsaid]
    shared = a.scope.keys() & b.scope.keys()
    apart = sum(naming.likeness(a.scope[key], b.scope[key]) < APART for key in shared)
    agree = opposed = denied = 0.0
    if a.way is not None and b.way is not None:
        flips = opposed_senses(a.treatment, b.treatment) + opposed_senses(a.outcome, b.outcome)
        way = a.way * b.way * sign * (-1) ** (flips + (a.lower != b.lower))
        if way > 0 or (a.way == 0 and b.way == 0):
            agree = together
        elif way < 0:
            opposed = together * _under_one_condition(a, b, naming)
        else:
            denied = together * _under_one_condition(a, b, naming)
    return Correspondence(
        agree=agree,
        opposed=opposed,
        denied=denied,
        treatments=treatments,
        outcomes=outcomes,
        baselines=baselines if both else 0.0,
        weakest=min([*filled, *([baselines] if both else [])], default=0.0),
        scope_apart=apart / len(shared) if shared else 0.0,
        open_treatment=float(open_treatment),
        open_outcome=float(open_outcome),
        one_baseline=float(one_named),
        own=float(not naming.same_paper and (a.treatment.own or b.treatment.own)),
    )


def _under_one_condition(a: _Slots, b: _Slots, naming: Naming) -> float:
    """Return 1 if both hold under the same condition or none.

    What holds "when no related language exists" contradicts nothing that is said of other cases.
    """
    ours, theirs = a.scope.get("condition"), b.scope.get("condition")
    if ours is None and theirs is None:
        return 1.0
    if ours is None or theirs is None or naming.likeness(ours, theirs) < APART:
        return UNSHARED
    return 1.0


def _slot(a: SlotPhrase, b: SlotPhrase, naming: Naming) -> tuple[float, bool]:
    """Return the likeness of a slot, and True where a side leaves it open."""
    if not a.text or not b.text:
        return UNSAID, True
    return naming.likeness(a, b), False


def _outcomes(a: _Slots, b: _Slots, naming: Naming) -> tuple[float, bool]:
    """Compare metric and task together, and each by itself: parses deal them out differently."""
    if not a.outcome.text or not b.outcome.text or (not naming.same_paper and (a.outcome.own or b.outcome.own)):
        return UNSAID, True
    whole = naming.likeness(a.outcome, b.outcome)
    sides = [(a.metric, b.metric), (a.task, b.task)]
    named = [naming.likeness(x, y) for x, y in sides if x.names_something and y.names_something]
    return (max(whole, sum(named) / len(named)) if named else whole), False
