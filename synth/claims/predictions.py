"""From a parsed sentence to its predictions: treatment, baseline, task, metric, value and scope of what it asserts.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from synth.claims.amounts import aside_ends, aside_level, aside_metric, aside_sizes, reached_by, sizes
from synth.claims.assertions import assertions
from synth.claims.counts import Count, counts
from synth.claims.dealing import Case, dealt, printed_unit, said_of
from synth.claims.grammar import SUBJECTS, Phrase, Sentence
from synth.claims.levels import Level, levels
from synth.claims.patients import GENERIC, NO_ACTIVITY, left_out, of_system, patient_of
from synth.claims.phrases import ACTIVITY
from synth.claims.places import Place, joined, place_of, placed_name
from synth.claims.placings import Placing, placings
from synth.claims.roles import Assertion, of_phrase
from synth.claims.words import GENERIC as WITHOUT_OF
from synth.claims.words import bag
from synth.language import Token, parse
from synth.lexicon import Lexicon, names_of
from synth.quantities.metrics import lower_is_better
from synth.types import ClaimKind, Prediction

AHEAD = re.compile(r"(?:Among|Of|In|For|With|On|At)\s[^,]{2,80},\s")
USE_OF = re.compile(r"(?:the\s)?(?:use|usage|utilization|utilisation)\sof\s", re.IGNORECASE)
MAX_PREDICTIONS = 12  # of one sentence; more are a table in prose
SLOTS = ("treatment", "baseline", "task", "metric", "direction", "value", "unit", "hedge")
COEFFICIENT = re.compile(
    r"\b(?:r|rho|ρ|τ|tau|coefficient|correlation)\s?(?:of|=|is)?\s?(?:about\s)?[-−]?$", re.IGNORECASE
)
NAME = r"[A-Z][\w.+*-]*(?: v?\d[\d.]*)?"
NAMES = re.compile(rf"\b{NAME}(?:,\s{NAME}){{0,12}},?\s(?:and|or|nor)\s{NAME}(?=[\s,.]|$)")
GERUND = re.compile(r"(?:evaluating|applying|using|employing|adopting|utilizing)\s+", re.IGNORECASE)

# These say that it is for the better or the worse, and not that it is more.
BETTERING = bag(
    "improve improvement improved enhance enhancement ameliorate better superior worse inferior degrade "
    "degradation deteriorate deterioration worsen"
)
TURNED = {"increase": "decrease", "decrease": "increase", "greater": "less", "less": "greater"}

Names = Mapping[int, str]  # index of a pronoun's token → the name that it stands for


@dataclass(frozen=True)
class Read:
    """What a sentence says: its assertions and the predictions made of them, with the kind of the first."""

    kind: ClaimKind | None
    predictions: tuple[Prediction, ...]
    unresolved: bool  # every assertion is about a pronoun that is not resolved


def predictions(text: str, lexicon: Lexicon, model: str = "") -> tuple[Prediction, ...]:
    """Return every prediction of one sentence, in order; none if it asserts nothing that could be measured."""
    (parsed,) = parse([text], model)
    return read(Sentence.of(parsed, lexicon)).predictions


def read(sentence: Sentence, names: Names | None = None) -> Read:
    """Read a parsed sentence. `names`: what its pronouns stand for, from the sentences before it."""
    names = names or {}
    made: list[tuple[int, ClaimKind, bool, list[Prediction]]] = []
    asserted = assertions(sentence)
    for at, one in enumerate(asserted):
        treatments, tasks, open_ = _treatments(sentence, one, names)
        found = _of(sentence, one, asserted, treatments, tasks)
        earlier = [m for m in made if m[3]]
        if earlier and at and one.anchor.dep in ("advcl", "acl", "conj"):
            found = [_inherit(p, earlier[-1][3][0]) for p in found]
        if earlier and at and asserted[at - 1].anchor is one.anchor and one.kind is asserted[at - 1].kind:
            first = earlier[-1][3][0]
            found = [replace(p, treatment=p.treatment or first.treatment) for p in found]
            if one.trigger.dep == "conj" and one.direction == asserted[at - 1].direction:
                found = [replace(p, metric=p.metric or first.metric) for p in found]  # "and gains on B": of the same
        made.append((one.trigger.start, one.kind, open_, found))
    for level in levels(sentence, asserted):
        open_ = _open(level.pronoun, level.treatment, names)
        made.append((level.start, ClaimKind.EFFECT, open_, [_level(sentence, level, names)]))
    for placing in placings(sentence):
        open_ = _open(placing.pronoun, placing.treatment, names)
        made.append((placing.start, ClaimKind.RANKING, open_, [_placing(placing, names)]))
    for count in counts(sentence):
        open_ = _open(count.holder.pronoun, count.holder.phrase, names)
        made.append((count.start, ClaimKind.COUNT, open_, [_count(sentence, count, names)]))
    made = sorted((m for m in made if m[3]), key=lambda m: m[0])
    kind = made[0][1] if made else None
    unresolved = bool(made) and all(open_ for _, _, open_, _ in made)
    return Read(kind, _unique([p for *_, found in made for p in found]), unresolved)


def _unique(found: Sequence[Prediction]) -> tuple[Prediction, ...]:
    keyed = {(*(getattr(p, slot) for slot in SLOTS), tuple(sorted(p.scope.items()))): p for p in found}
    return tuple(keyed.values())[:MAX_PREDICTIONS]


def _open(pronoun: Token | None, phrase: Phrase | None, names: Names) -> bool:
    """Return True if the subject is a pronoun that nothing resolves."""
    return phrase is None and pronoun is not None and pronoun.index not in names


def _said(phrase: Phrase | None, pronoun: Token | None, names: Names) -> str:
    """A phrase as printed, or the name that it or the pronoun stands for."""
    if phrase is None:
        return names.get(pronoun.index, "") if pronoun is not None else ""
    return names.get(phrase.head.index, phrase.text)


def _inherit(later: Prediction, main: Prediction) -> Prediction:
    """A verb joined to the first speaks of the same task and scope unless it names its own."""
    if not later.task and not later.baseline and later.treatment == main.treatment and not later.scope.get("languages"):
        kept = {k: v for k, v in main.scope.items() if k in ("model", "languages", "split", "task_type")}
        later = replace(later, task=main.task, scope={**kept, **later.scope})
    if main.direction == later.direction == "greater" and not later.baseline and later.treatment == main.treatment:
        later = replace(later, baseline=main.baseline)  # "outperforms B and reaches higher accuracy": than B
    return later


# ------------------------------------------------------------------------------------------------ treatments


def _treatments(sentence: Sentence, one: Assertion, names: Names) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """(the treatments as the slots name them, the tasks that "applying X to Y" names, is it an unresolved pronoun)."""
    tasks: tuple[str, ...] = ()
    text = _said(one.treatment, one.pronoun, names)
    if one.treatment is None or one.treatment.head.index in names:
        return (text,), (), _open(one.pronoun, one.treatment, names)
    if (
        one.treatment.head.lemma in WITHOUT_OF
        and not text.lower().startswith("our ")
        and one.kind is not ClaimKind.CORRELATION
    ):
        of = of_phrase(sentence, one.treatment.head)  # "the performance of A reaches": A does
        return (of.text if of is not None else "",), (), False
    text = text[3:] if one.negated and text.lower().startswith("no ") else text
    text = AHEAD.sub("", text.removeprefix("how "), count=1)
    text = USE_OF.sub("", text, count=1) if USE_OF.match(text) else text
    if gerund := GERUND.match(text):
        text = text[gerund.end() :]
        inner = re.match(r"(.*?)\s+(?:to|on|for)\s+((?!each\b|every\b|reach|get|obtain|improve).*)", text)
        if inner and one.treatment.text.lower().startswith(("applying", "evaluating")):
            text, tasks = inner[1], names_of(sentence.lexicon.mentions(inner[2]), "dataset")
    apart = [text]
    if sentence.text.find("respectively") > one.treatment.end and text.count(" and ") == 1 and not NAMES.search(text):
        apart = text.split(" and ")
    return tuple(t for part in apart for t in distributed(part, sentence.lexicon)), tasks, False


def distributed(phrase: str, lexicon: Lexicon) -> tuple[str, ...]:
    """ "training on A, B and C" → "training on A", "training on B", "training on C"; a single phrase stays whole."""
    match = NAMES.search(phrase)
    if not match:
        return (phrase,)
    items = [i for i in re.split(r",?\s(?:and|or|nor)\s|,\s", match.group()) if i]
    known = [lexicon.mentions(i) for i in items]
    kinds = {m[0].kind for m in known if m}
    if not kinds & {"dataset", "model", "task", "treatment"}:
        return (phrase,)
    return tuple(phrase[: match.start()] + item + phrase[match.end() :] for item in items)


# ------------------------------------------------------------------------------------------------ dealing out


def _of(
    sentence: Sentence,
    one: Assertion,
    all_of: Sequence[Assertion],
    treatments: tuple[str, ...],
    applied_to: tuple[str, ...],
) -> list[Prediction]:
    if one.kind is ClaimKind.CORRELATION:
        return _correlation(sentence, one, treatments)
    tasks, metrics, scope = patient_of(sentence, one.patient)
    place = place_of(sentence, one, all_of)
    if not place.tasks and not tasks and (later := _goes_on(sentence, one, all_of)):
        place = replace(place, tasks=later.tasks, scope={**later.scope, **place.scope}, named=later.named)
    if holder := of_system(sentence, one):
        scope = {"model": holder, **scope}
    elif rest := left_out(sentence, one):
        if sentence.named(rest, "language") and len(rest.text.split()) == 1:
            pass
        elif (ACTIVITY.search(rest.head.lemma) and rest.head.lemma not in NO_ACTIVITY) or sentence.named(
            rest, "task", "dataset"
        ):
            tasks = tasks or (placed_name(sentence, rest.text),)
        elif len(metrics) == 1 and metrics[0] not in GENERIC - {"quality"}:
            metrics = (f"{metrics[0]} of {rest.text}",)
        elif metrics and not tasks:
            scope = {"setting": f"of {rest.text}", **scope}
    direction, denied = _direction(one)
    direction = _of_cost(one, direction, metrics)
    generic = all(m.lower() in GENERIC for m in metrics)
    metrics = place.metrics if place.metrics and generic else metrics
    tasks = applied_to or tasks or place.tasks
    if place.tasks and place.named and tasks and not sentence.named(one.patient, "dataset"):
        tasks = place.tasks
    settings = "; ".join(dict.fromkeys(filter(None, (scope.get("setting"), place.scope.get("setting")))))
    beyond = {"setting": settings} if settings else {}
    place = replace(place, tasks=tasks, metrics=metrics, scope={**scope, **place.scope, **beyond})
    common = Prediction(direction=direction, scope={**place.scope, **denied}, hedge=one.hedge)
    baselines = tuple(b.text for b in one.baselines)
    if set(baselines) & set(treatments):
        treatments = ("",)  # nothing is compared with itself
    case = Case(sentence, one, treatments, baselines, place, common)
    values = sizes(sentence, one, all_of)
    if not values and one.kind is not ClaimKind.RANKING:
        values = aside_sizes(sentence, one, all_of)
    if not values and one.kind is ClaimKind.RANKING:
        values = aside_level(sentence, one)
    if not values and one.kind is ClaimKind.COMPARISON and (ends := aside_ends(sentence, one)):
        case = replace(case, common=replace(common, scope={**common.scope, **ends}))
    if not values and one.kind is ClaimKind.EFFECT and (reached := reached_by(sentence, one)):
        common = replace(common, scope={**common.scope, "to": reached})
        case = replace(case, common=common)
    if not metrics and values and (told := aside_metric(sentence, values[0])):
        case = replace(case, place=replace(place, metrics=(told,)))
    made = dealt(case, values)
    said = [p for p in made if p.direction or p.value is not None or "range" in p.scope or "negated" in p.scope]
    # "We see improvements": nobody did it, nothing changed, and nothing says by how much.
    return [
        p
        for p in said
        if p.treatment
        or p.baseline
        or p.value is not None
        or ((p.task or p.metric or "condition" in p.scope) and one.kind is ClaimKind.EFFECT)
        or p.task
    ]


def _goes_on(sentence: Sentence, one: Assertion, all_of: Sequence[Assertion]) -> Place | None:
    """The place behind the last of coordinated verbs: "A outperforms B and reaches the best score on two tasks"."""
    if any(one.anchor.dep == d for d in ("relcl", "acl")):
        return None
    for other in all_of:
        joint = other.anchor.dep == "conj" and sentence.parsed.head(other.anchor) is one.anchor
        if joint and not sentence.parsed.children(other.anchor, *SUBJECTS):
            found = place_of(sentence, other, all_of)
            return Place(found.tasks, (), {}, found.named) if found.tasks else None
    return None


def _of_cost(one: Assertion, direction: str, metrics: Sequence[str]) -> str:
    """The way of what is said to be better or worse, where less of it is better: improved perplexity is lower."""
    told = one.trigger.lemma in BETTERING or one.trigger.text.lower() in BETTERING
    return TURNED.get(direction, direction) if told and metrics and all(map(lower_is_better, metrics)) else direction


def _direction(one: Assertion) -> tuple[str, dict[str, str]]:
    if not one.negated:
        return one.direction, {}
    if one.kind is ClaimKind.EFFECT:
        return "no effect", {}
    return "", {"negated": "yes"}


# ------------------------------------------------------------------------------------------------ levels, counts


def _level(sentence: Sentence, level: Level, names: Names) -> Prediction:
    treatment = _said(level.treatment, level.pronoun, names)
    denied = {"negated": "yes"} if level.negated else {}
    return Prediction(
        treatment,
        "",
        joined(level.place.tasks),
        joined(level.place.metrics),
        "",
        level.quantity.printed,
        printed_unit(level.quantity),
        {**level.place.scope, **said_of(sentence, level.quantity), **denied},
        level.hedge,
    )


def _placing(placing: Placing, names: Names) -> Prediction:
    """Read "ranked 2nd of 14 teams": the rank is the value; the first place is the best."""
    return Prediction(
        _said(placing.treatment, placing.pronoun, names),
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
    holder = _said(count.holder.phrase, count.holder.pronoun, names)
    task = joined(names_of(sentence.lexicon.mentions(holder), "dataset"))
    scope = {"approximate": count.approximate} if count.approximate else {}
    return Prediction(holder, "", task, count.noun, "count", count.value, "count", scope)


def _correlation(sentence: Sentence, one: Assertion, treatments: tuple[str, ...]) -> list[Prediction]:
    """Read "X correlates with Y": X is the treatment, Y the metric, both as printed; a coefficient is the value."""
    coefficient = next(
        (
            q
            for q in sentence.quantities
            if q.start > one.trigger.start
            and not q.unit
            and q.printed is not None
            and abs(q.printed) <= 1
            and COEFFICIENT.search(sentence.text[max(0, q.start - 24) : q.start])
        ),
        None,
    )
    direction = one.direction
    if one.negated:
        direction = "no effect"
    elif not direction and coefficient is not None and coefficient.printed:
        direction = "positive" if coefficient.printed > 0 else "negative"
    elif coefficient is not None and coefficient.printed is not None and coefficient.printed < 0:
        direction = "negative"
    first, second = joined(treatments), one.patient.text if one.patient else ""
    if not first or not second:
        return []
    return [Prediction(first, "", "", second, direction, coefficient.printed if coefficient else None, hedge=one.hedge)]
