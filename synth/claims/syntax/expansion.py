"""Distribution of values: one prediction for each treatment, baseline, task, metric and value that a sentence pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from synth.claims.syntax.baselines import targets
from synth.claims.syntax.grammar import Sentence
from synth.claims.syntax.limits import setting
from synth.claims.syntax.places import Place, joined, placed
from synth.claims.syntax.roles import Assertion
from synth.core.types import Prediction
from synth.quantities import TIMES, Kind, Quantity, listed

AVERAGE = re.compile(r"(?<![\w-])(?:average|averaged|mean|avg)\b", re.IGNORECASE)
CLAUSE_END = re.compile(r"[,;]|\band\b")
WHERE = re.compile(r"\s(?:for|on|in)\s(?:the\s)?(?!average)[A-Z][\w-]*")
RESPECTIVELY = re.compile(r"\brespectively\b")
LANGUAGES = re.compile(r"languages")
SECOND = re.compile(r"(?:,\s(?:and\s)?|\band\s)([^,;]{2,60}?)\sby\s(?:\w+\s){0,2}$")
BY = re.compile(r"\b(?:by|it is|it was)\s(?:\w+\s)?$")


@dataclass(frozen=True)
class SettledAssertion:
    """An assertion in its sentence with what is settled about it before values are distribute out."""

    sentence: Sentence
    assertion: Assertion
    treatments: tuple[str, ...]
    baselines: tuple[str, ...]
    place: Place
    common: Prediction


def distribute(case: SettledAssertion, values: list[Quantity]) -> list[Prediction]:
    """Make one prediction per treatment, baseline, task and value, as far as the sentence pairs them."""
    treatments, baselines = case.treatments, case.baselines or ("",)
    tasks = case.place.tasks or ("",)
    metric = joined(case.place.metrics)
    common = replace(case.common, metric=metric)
    if not values:
        return [
            replace(common, treatment=t, baseline=b, task=k, metric=m)
            for t in treatments
            for b in baselines
            for k in tasks
            for m in case.place.metrics or ("",)
        ]
    if len(values) > 1 and all(listed(case.sentence.text, a, b) for a, b in pairwise(values)):
        return _paired(case, common, values)
    whole = replace(common, treatment=joined(treatments), baseline=joined(case.baselines))
    if len(values) == 1:
        return [_valued(case, replace(whole, task=joined(case.place.tasks)), values[0])]
    predictions: list[Prediction] = []
    for i in range(len(values)):
        predictions.append(_valued(case, _valued_alone(case, whole, values, i, predictions), values[i]))
    return predictions


def _paired(case: SettledAssertion, common: Prediction, values: list[Quantity]) -> list[Prediction]:
    """Distribute "A, B and C … 8.2, 7.5 and 7.0 points" over the one list of names as long as the list of values."""
    n = len(values)
    lists = {
        "treatment": case.treatments,
        "baseline": case.baselines,
        "task": case.place.tasks,
        "metric": case.place.metrics,
    }
    spoken = tuple(common.scope.get("languages", "").split(", "))
    pairs = next((slot for slot, names in lists.items() if len(names) == n), "")
    if not pairs and RESPECTIVELY.search(case.sentence.text, values[-1].end):
        lists["task"] = ()  # which value belongs to which cannot be told
    fixed = {slot: "" if slot == "metric" and len(names) > 1 else joined(names) for slot, names in lists.items()}
    predictions = []
    for i, quantity in enumerate(values):
        slots = fixed | ({pairs: lists[pairs][i]} if pairs else {})
        scope = common.scope | ({"languages": spoken[i]} if len(spoken) == n and not pairs else {})
        predictions.append(_valued(case, replace(common, scope=scope, **slots), quantity))  # type: ignore[arg-type]
    return predictions


def _valued_alone(
    case: SettledAssertion, whole: Prediction, values: list[Quantity], i: int, earlier: list[Prediction]
) -> Prediction:
    """Return the prediction of one of several values, with the task, metric and languages that stand by it."""
    sentence, value = case.sentence, values[i]
    text = sentence.text
    begin = values[i - 1].end if i else min(case.assertion.anchor.start, case.assertion.trigger.start)
    end = values[i + 1].start if i + 1 < len(values) else len(text)
    gap = text[value.end : end]
    if i + 1 < len(values) and BY.search(gap):  # "A by 2 and B by 3": B belongs to the next value
        end = value.end + max(gap.rfind(" and "), gap.rfind(", "), 0)
    against = {m.start for b in case.assertion.baselines for m in sentence.mentions if b.start <= m.start < b.end}
    region = [m for m in sentence.mentions if value.start <= m.start < end and m.start not in against]
    named = any(m.kind in ("dataset", "task", "language") for m in region)
    if not named and not any(m.kind == "metric" for m in region):
        region = [m for m in sentence.mentions if begin <= m.start < end and m.start not in against]
    local = placed(text, region)
    scope = dict(local.scope)
    if not named and (where := WHERE.match(text[value.end : end])) and not LANGUAGES.search(where[0]):
        scope["condition"] = where[0].strip()
    last = earlier[-1] if earlier else None
    second = SECOND.search(text[begin : value.start]) if i and case.baselines else None
    against_this = second[1].strip() if second and re.match(r"(?:\w*[A-Z]|the |a )", second[1].strip()) else ""
    shared = joined(case.place.tasks) if len(case.place.tasks) < 2 else ""
    near = [t for t in sentence.tokens if value.end <= t.start < end]
    over = next((t for t in near if t.lemma in ("over", "than") and t.dep in ("prep", "mark")), None)
    if over is not None and (own := targets(sentence, over)):
        against_this = joined(b.text for b in own)  # "5 points over A and 2 points over B"
    whole = replace(whole, scope={k: v for k, v in whole.scope.items() if k != "setting"})
    if limits := setting(sentence, near, [*local.tasks, *local.metrics, *scope.values(), *(m.text for m in region)]):
        scope["setting"] = limits
    return replace(
        whole,
        baseline=against_this or (last.baseline if last else whole.baseline),
        task=joined(local.tasks) or (last.task if last else "") or shared,
        metric=(local.metrics[0] if len(local.metrics) == 1 else "")
        or (last.metric if last else "")
        or (whole.metric if len(case.place.metrics) < 2 else ""),
        scope={**{k: v for k, v in whole.scope.items() if k not in ("languages", "task_type")}, **scope},
    )


def _valued(case: SettledAssertion, prediction: Prediction, q: Quantity) -> Prediction:
    value = q.printed
    if q.ends and value is not None and prediction.direction in ("increase", "decrease"):
        value = abs(value)
    scope = {**prediction.scope, **quantity_scope(case.sentence, q)}
    return replace(prediction, value=value, unit=printed_unit(q), scope=scope)


def printed_unit(q: Quantity) -> str:
    return "times" if q.unit == TIMES else q.measure or q.unit


def quantity_scope(sentence: Sentence, q: Quantity) -> dict[str, str]:
    """Return the scope keys of a quantity itself: roughly, on average, from … to …."""
    scope = {}
    behind = CLAUSE_END.split(sentence.text[q.end : q.end + 16])[0]
    if AVERAGE.search(sentence.text[max(0, q.start - 24) : q.end] + behind):
        scope["aggregate"] = "average"
    if q.qualifier:
        scope["approximate"] = q.qualifier
    if q.kind is Kind.RELATIVE_CHANGE or q.absolute:
        scope["relative"] = "absolute" if q.absolute else "relative"
    if q.spread is not None:
        scope["spread"] = f"{q.spread:g}"
    if q.ends:
        scope["from"], scope["to"] = f"{q.ends[0]:g}", f"{q.ends[1]:g}"
    elif q.pair:
        scope["range"] = f"{q.pair[0]:g} to {q.pair[1]:g}"
    return scope
