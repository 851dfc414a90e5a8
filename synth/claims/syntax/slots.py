"""Slots of the predictions of an assertion: patient, place, values, direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from synth.claims.syntax.amounts import aside_ends, aside_level, aside_metric, aside_sizes, reached_by, sizes
from synth.claims.syntax.expansion import SettledAssertion, distribute
from synth.claims.syntax.grammar import SUBJECTS, Sentence
from synth.claims.syntax.patients import GENERIC, NO_ACTIVITY, left_out, of_system, patient_of
from synth.claims.syntax.phrases import ACTIVITY
from synth.claims.syntax.places import Place, joined, place_of, placed_name
from synth.claims.syntax.roles import Assertion
from synth.claims.words import bag
from synth.core.types import ClaimKind, Prediction
from synth.quantities import Quantity
from synth.quantities.metrics import lower_is_better

COEFFICIENT = re.compile(
    r"\b(?:r|rho|ρ|τ|tau|coefficient|correlation)\s?(?:of|=|is)?\s?(?:about\s)?[-−]?$", re.IGNORECASE
)
# These say that it is for the better or the worse, and not that it is more.
BETTERING = bag(
    "improve improvement improved enhance enhancement ameliorate better superior worse inferior degrade "
    "degradation deteriorate deterioration worsen"
)
TURNED = {"increase": "decrease", "decrease": "increase", "greater": "less", "less": "greater"}


def predictions_of(
    sentence: Sentence,
    assertion: Assertion,
    all_assertions: Sequence[Assertion],
    treatments: tuple[str, ...],
    applied_to: tuple[str, ...],
) -> list[Prediction]:
    """Return the predictions of one assertion, as far as they say anything.

    Args:
        sentence: The sentence.
        assertion: The assertion.
        all_assertions: All assertions of the sentence.
        treatments: Treatments as the slots name them.
        applied_to: Tasks that the treatment names ("applying X to Y").
    """
    if assertion.kind is ClaimKind.CORRELATION:
        return _correlation(sentence, assertion, treatments)
    tasks, metrics, scope = patient_of(sentence, assertion.patient)
    place = place_of(sentence, assertion, all_assertions)
    if not place.tasks and not tasks and (later := _coordinated_place(sentence, assertion, all_assertions)):
        place = replace(place, tasks=later.tasks, scope={**later.scope, **place.scope}, named=later.named)
    tasks, metrics, scope = _with_left_out(sentence, assertion, tasks, metrics, scope)
    direction, denied = _direction(assertion)
    direction = _of_cost(assertion, direction, metrics)
    generic = all(m.lower() in GENERIC for m in metrics)
    metrics = place.metrics if place.metrics and generic else metrics
    tasks = applied_to or tasks or place.tasks
    if place.tasks and place.named and tasks and not sentence.named(assertion.patient, "dataset"):
        tasks = place.tasks
    settings = "; ".join(dict.fromkeys(filter(None, (scope.get("setting"), place.scope.get("setting")))))
    beyond = {"setting": settings} if settings else {}
    place = replace(place, tasks=tasks, metrics=metrics, scope={**scope, **place.scope, **beyond})
    values = _values(sentence, assertion, all_assertions)
    ends = {} if values else _ends(sentence, assertion)
    if not metrics and values and (metric := aside_metric(sentence, values[0])):
        place = replace(place, metrics=(metric,))
    common = Prediction(direction=direction, scope={**place.scope, **denied, **ends}, hedge=assertion.hedge)
    baselines = tuple(b.text for b in assertion.baselines)
    if set(baselines) & set(treatments):
        treatments = ("",)  # nothing is compared with itself
    case = SettledAssertion(sentence, assertion, treatments, baselines, place, common)
    return [p for p in distribute(case, values) if _says_something(p, assertion.kind)]


def _with_left_out(
    sentence: Sentence,
    assertion: Assertion,
    tasks: tuple[str, ...],
    metrics: tuple[str, ...],
    scope: dict[str, str],
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Complete tasks, metrics and scope of the patient by what its phrase leaves out: "the quality of captions"."""
    if system := of_system(sentence, assertion):
        return tasks, metrics, {"model": system, **scope}
    phrase = left_out(sentence, assertion)
    if phrase is None or (sentence.named(phrase, "language") and len(phrase.text.split()) == 1):
        return tasks, metrics, scope
    activity = ACTIVITY.search(phrase.head.lemma) and phrase.head.lemma not in NO_ACTIVITY
    if activity or sentence.named(phrase, "task", "dataset"):
        return tasks or (placed_name(sentence, phrase.text),), metrics, scope
    if len(metrics) == 1 and metrics[0] not in GENERIC - {"quality"}:
        return tasks, (f"{metrics[0]} of {phrase.text}",), scope
    if metrics and not tasks:
        return tasks, metrics, {"setting": f"of {phrase.text}", **scope}
    return tasks, metrics, scope


def _values(sentence: Sentence, assertion: Assertion, all_assertions: Sequence[Assertion]) -> list[Quantity]:
    """Return the sizes of an assertion; of a rank the levels reached."""
    if values := sizes(sentence, assertion, all_assertions):
        return values
    if assertion.kind is ClaimKind.RANKING:
        return aside_level(sentence, assertion)
    return aside_sizes(sentence, assertion, all_assertions)


def _ends(sentence: Sentence, assertion: Assertion) -> dict[str, str]:
    """Return the scope keys of the levels that a change or a comparison without a size lies between."""
    if assertion.kind is ClaimKind.COMPARISON:
        return aside_ends(sentence, assertion)
    if assertion.kind is ClaimKind.EFFECT and (level := reached_by(sentence, assertion)):
        return {"to": level}
    return {}


def _says_something(p: Prediction, kind: ClaimKind) -> bool:
    """Return False for "we see improvements": nobody did it, nothing changed, and nothing says by how much."""
    if not p.direction and p.value is None and "range" not in p.scope and "negated" not in p.scope:
        return False
    if p.treatment or p.baseline or p.value is not None or p.task:
        return True
    return kind is ClaimKind.EFFECT and bool(p.metric or "condition" in p.scope)


def _coordinated_place(sentence: Sentence, assertion: Assertion, all_assertions: Sequence[Assertion]) -> Place | None:
    """Return the place behind the last of coordinated verbs: "A outperforms B and leads on two tasks"."""
    if any(assertion.anchor.dep == d for d in ("relcl", "acl")):
        return None
    for other in all_assertions:
        joint = other.anchor.dep == "conj" and sentence.parsed.head(other.anchor) is assertion.anchor
        if joint and not sentence.parsed.children(other.anchor, *SUBJECTS):
            place = place_of(sentence, other, all_assertions)
            return Place(place.tasks, (), {}, place.named) if place.tasks else None
    return None


def _of_cost(assertion: Assertion, direction: str, metrics: Sequence[str]) -> str:
    """Turn the direction of what is better or worse where less of it is better: improved perplexity is lower."""
    valued = assertion.trigger.lemma in BETTERING or assertion.trigger.text.lower() in BETTERING
    return TURNED.get(direction, direction) if valued and metrics and all(map(lower_is_better, metrics)) else direction


def _direction(assertion: Assertion) -> tuple[str, dict[str, str]]:
    if not assertion.negated:
        return assertion.direction, {}
    if assertion.kind is ClaimKind.EFFECT:
        return "no effect", {}
    return "", {"negated": "yes"}


def _correlation(sentence: Sentence, assertion: Assertion, treatments: tuple[str, ...]) -> list[Prediction]:
    """Read "X correlates with Y": X is the treatment, Y the metric, both as printed; a coefficient is the value."""
    coefficient = next(
        (
            q
            for q in sentence.quantities
            if q.start > assertion.trigger.start
            and not q.unit
            and q.printed is not None
            and abs(q.printed) <= 1
            and COEFFICIENT.search(sentence.text[max(0, q.start - 24) : q.start])
        ),
        None,
    )
    direction = assertion.direction
    if assertion.negated:
        direction = "no effect"
    elif not direction and coefficient is not None and coefficient.printed:
        direction = "positive" if coefficient.printed > 0 else "negative"
    elif coefficient is not None and coefficient.printed is not None and coefficient.printed < 0:
        direction = "negative"
    first, second = joined(treatments), assertion.patient.text if assertion.patient else ""
    if not first or not second:
        return []
    return [
        Prediction(
            first, "", "", second, direction, coefficient.printed if coefficient else None, hedge=assertion.hedge
        )
    ]
