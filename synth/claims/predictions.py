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

from collections.abc import Sequence
from dataclasses import dataclass, replace

from synth.claims.assertions.counts import StatedCount, counts
from synth.claims.assertions.levels import Level, levels
from synth.claims.assertions.parsed import assertions
from synth.claims.assertions.placings import Placing, placings
from synth.claims.syntax.expansion import printed_unit, quantity_scope
from synth.claims.syntax.grammar import Sentence
from synth.claims.syntax.places import joined
from synth.claims.syntax.roles import Assertion
from synth.claims.syntax.slots import predictions_of
from synth.claims.syntax.treatments import Names, is_unresolved, resolved_text, treatments_of
from synth.core.types import ClaimKind, Prediction
from synth.text.lexicon import Lexicon, names_of
from synth.text.parsing import parse

MAX_PREDICTIONS = 12  # of one sentence; more are a table in prose
SLOTS = ("treatment", "baseline", "task", "metric", "direction", "value", "unit", "hedge")


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
    """Statements of a sentence at one place, with the predictions made of them."""

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
        drafts = predictions_of(sentence, assertion, asserted, treatments, tasks)
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


def _count(sentence: Sentence, count: StatedCount, names: Names) -> Prediction:
    """Read "X contains 392,702 examples": the noun counted is the metric, who has them the treatment."""
    holder = resolved_text(count.holder.phrase, count.holder.pronoun, names)
    task = joined(names_of(sentence.lexicon.mentions(holder), "dataset"))
    scope = {"approximate": count.approximate} if count.approximate else {}
    return Prediction(holder, "", task, count.noun, "count", count.value, "count", scope)
