"""Predictions of a parsed sentence: treatment, baseline, task, metric, value and scope of what it asserts.

Slots hold what the sentence says and nothing else. `treatment` and `baseline` are as printed, or the name that a
pronoun stands for. `task` and `metric` are canonical names of the lexicon where it has them, else as printed: `task` is
the data set or the kind of task ("two benchmark datasets"), `metric` what changes or is measured ("word order errors";
in a count the noun counted, in a correlation what the treatment goes with). In an effect or a comparison `value` is the
size of the difference; with "best", "worst" or no direction it is the level reached ("achieves 90.1% accuracy"). A
place among others ("ranked 2nd of 14 teams") is a value of the metric "rank", with the unit "rank". "Competitive" and
"comparable" results are equal to an unnamed baseline.

Scope keys, each only where the sentence says it:

    model, languages, corpus, split   where it holds
    condition    a clause or phrase that limits it ("when the word order is reversed", "in both settings",
                 "especially for rare words")
    setting      where and how it was tried beyond all other slots, as printed, divided by ";" ("for rare words",
                 "on two of three domains; within a small budget")
    task_type    the kind of task, if a data set stands in `task`
    approximate  the printed word ("up to", "about"); aggregate "average"; relative "relative" or "absolute"
    from, to     the two ends of a change, or the levels of baseline and treatment
    range        of a value given as a range; spread behind "±"
    negated      "yes" if a comparison, a rank or a level is denied

`hedge` is the word that leaves the assertion open ("may", "suggest"), as printed; what it asserts is read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from synth.claims.amounts import aside_ends, aside_level, aside_metric, aside_sizes, reached_by, sizes
from synth.claims.assertions import assertions
from synth.claims.counts import Count, counts
from synth.claims.dealing import SettledAssertion, distribute, printed_unit, quantity_scope
from synth.claims.grammar import SUBJECTS, Sentence
from synth.claims.levels import Level, levels
from synth.claims.patients import GENERIC, NO_ACTIVITY, left_out, of_system, patient_of
from synth.claims.phrases import ACTIVITY
from synth.claims.places import Place, joined, place_of, placed_name
from synth.claims.placings import Placing, placings
from synth.claims.roles import Assertion
from synth.claims.treatments import Names, is_unresolved, resolved_text, treatments_of
from synth.claims.words import bag
from synth.language import parse
from synth.lexicon import Lexicon, names_of
from synth.quantities import Quantity
from synth.quantities.metrics import lower_is_better
from synth.types import ClaimKind, Prediction

MAX_PREDICTIONS = 12  # of one sentence; more are a table in prose
SLOTS = ("treatment", "baseline", "task", "metric", "direction", "value", "unit", "hedge")
COEFFICIENT = re.compile(
    r"\b(?:r|rho|ρ|τ|tau|coefficient|correlation)\s?(?:of|=|is)?\s?(?:about\s)?[-−]?$", re.IGNORECASE
)

# These say that it is for the better or the worse, and not that it is more.
BETTERING = bag(
    "improve improvement improved enhance enhancement ameliorate better superior worse inferior degrade "
    "degradation deteriorate deterioration worsen"
)
TURNED = {"increase": "decrease", "decrease": "increase", "greater": "less", "less": "greater"}


@dataclass(frozen=True)
class Statements:
    """The predictions of a sentence, with the kind of its first assertion."""

    kind: ClaimKind | None
    predictions: tuple[Prediction, ...]
    unresolved: bool  # every assertion is about a pronoun that is not resolved


def predictions(text: str, lexicon: Lexicon, model: str = "") -> tuple[Prediction, ...]:
    """Return every prediction of one sentence, in order; none if it asserts nothing that could be measured."""
    (parsed,) = parse([text], model)
    return read(Sentence.of(parsed, lexicon)).predictions


@dataclass(frozen=True)
class _Statement:
    """What a sentence asserts at one place, with the predictions made of it."""

    start: int
    kind: ClaimKind
    unresolved: bool  # about a pronoun that is not resolved
    predictions: tuple[Prediction, ...]


def read(sentence: Sentence, names: Names | None = None) -> Statements:
    """Read a parsed sentence. `names`: what its pronouns stand for, from the sentences before it."""
    names = names or {}
    asserted = assertions(sentence)
    statements = _asserted(sentence, asserted, names)
    for level in levels(sentence, asserted):
        unresolved = is_unresolved(level.pronoun, level.treatment, names)
        statements.append(_Statement(level.start, ClaimKind.EFFECT, unresolved, (_level(sentence, level, names),)))
    for placing in placings(sentence):
        unresolved = is_unresolved(placing.pronoun, placing.treatment, names)
        statements.append(_Statement(placing.start, ClaimKind.RANKING, unresolved, (_placing(placing, names),)))
    for count in counts(sentence):
        unresolved = is_unresolved(count.holder.pronoun, count.holder.phrase, names)
        statements.append(_Statement(count.start, ClaimKind.COUNT, unresolved, (_count(sentence, count, names),)))
    statements = sorted((s for s in statements if s.predictions), key=lambda s: s.start)
    return Statements(
        statements[0].kind if statements else None,
        _unique([p for s in statements for p in s.predictions]),
        bool(statements) and all(s.unresolved for s in statements),
    )


def _asserted(sentence: Sentence, asserted: Sequence[Assertion], names: Names) -> list[_Statement]:
    """Return the predictions of each assertion; a verb joined to another inherits its slots."""
    statements: list[_Statement] = []
    for i, assertion in enumerate(asserted):
        treatments, tasks, unresolved = treatments_of(sentence, assertion, names)
        drafts = _predictions_of(sentence, assertion, asserted, treatments, tasks)
        earlier = [s for s in statements if s.predictions]
        if earlier and i:
            first, before = earlier[-1].predictions[0], asserted[i - 1]
            if assertion.anchor.dep in ("advcl", "acl", "conj"):
                drafts = [_inherit(p, first) for p in drafts]
            if before.anchor is assertion.anchor and assertion.kind is before.kind:
                drafts = [replace(p, treatment=p.treatment or first.treatment) for p in drafts]
                if assertion.trigger.dep == "conj" and assertion.direction == before.direction:
                    drafts = [
                        replace(p, metric=p.metric or first.metric) for p in drafts
                    ]  # "and gains on B": of the same
        statements.append(_Statement(assertion.trigger.start, assertion.kind, unresolved, tuple(drafts)))
    return statements


def _unique(predictions: Sequence[Prediction]) -> tuple[Prediction, ...]:
    keyed = {(*(getattr(p, slot) for slot in SLOTS), tuple(sorted(p.scope.items()))): p for p in predictions}
    return tuple(keyed.values())[:MAX_PREDICTIONS]


def _inherit(later: Prediction, main: Prediction) -> Prediction:
    """Complete the prediction of a verb joined to the first: same task and scope unless it names its own."""
    if not later.task and not later.baseline and later.treatment == main.treatment and not later.scope.get("languages"):
        inherited = {k: v for k, v in main.scope.items() if k in ("model", "languages", "split", "task_type")}
        later = replace(later, task=main.task, scope={**inherited, **later.scope})
    if main.direction == later.direction == "greater" and not later.baseline and later.treatment == main.treatment:
        later = replace(later, baseline=main.baseline)  # "outperforms B and reaches higher accuracy": than B
    return later


# ------------------------------------------------------------------------------------------------ dealing out


def _predictions_of(
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


# ------------------------------------------------------------------------------------------------ levels, counts


def _level(sentence: Sentence, level: Level, names: Names) -> Prediction:
    treatment = resolved_text(level.treatment, level.pronoun, names)
    denied = {"negated": "yes"} if level.negated else {}
    return Prediction(
        treatment,
        "",
        joined(level.place.tasks),
        joined(level.place.metrics),
        "",
        level.quantity.printed,
        printed_unit(level.quantity),
        {**level.place.scope, **quantity_scope(sentence, level.quantity), **denied},
        level.hedge,
    )


def _placing(placing: Placing, names: Names) -> Prediction:
    """Read "ranked 2nd of 14 teams": the rank is the value; the first place is the best."""
    return Prediction(
        resolved_text(placing.treatment, placing.pronoun, names),
        "",
        joined(placing.place.tasks),
        "rank",
        "best" if placing.rank == 1 else "",
        float(placing.rank),
        "rank",
        placing.place.scope,
    )


def _count(sentence: Sentence, count: Count, names: Names) -> Prediction:
    """Read "X contains 392,702 examples": the noun counted is the metric, who has them the treatment."""
    holder = resolved_text(count.holder.phrase, count.holder.pronoun, names)
    task = joined(names_of(sentence.lexicon.mentions(holder), "dataset"))
    scope = {"approximate": count.approximate} if count.approximate else {}
    return Prediction(holder, "", task, count.noun, "count", count.value, "count", scope)


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
