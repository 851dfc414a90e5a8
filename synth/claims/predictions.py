"""From a sentence to its predictions: each event with its treatment, baseline, task, metric, value and scope.

Slots hold what the sentence says and nothing else. `treatment` and `baseline` are as printed, `task` and `metric` are
canonical lexicon names (in a count the noun counted, in a correlation what the treatment goes with, both as printed).
`task` is the data set if one is named, else the kind of task. In an effect or a comparison `value` is the size of the
difference; with "best", "worst" or no direction it is the level reached ("achieves 90.1% accuracy").

Scope keys, each only where the sentence says it:

    model, languages, corpus, split   where it holds
    task_type    the kind of task, if a data set stands in `task`
    subject      what changed, if it is no task or metric of the lexicon ("word order errors drop")
    approximate  the printed word ("up to", "about"); aggregate "average"; relative "relative" or "absolute"
    from, to     the two ends of a change; range of a value given as a range; spread behind "±"
    negated      "yes" if a comparison, a rank or a level is denied

`hedge` is the word that leaves the assertion open ("may", "suggest"), as printed; what it asserts is read all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from synth.claims.analysis import Sentence, analyse
from synth.claims.clause import Event
from synth.claims.frames import OWN_SUBJECT, Frame, frame_of
from synth.claims.hedges import hedge, shared
from synth.claims.scope import LANGUAGE_COUNT, Place, joined, placed
from synth.claims.sizes import sizes
from synth.claims.slots import baseline, noun_phrases, source, trimmed, within
from synth.lexicon import Lexicon, Mention, names_of
from synth.numbers import Quantity, listed
from synth.types import ClaimKind, Prediction

SLOTS = ("treatment", "baseline", "task", "metric", "direction", "value", "unit", "hedge")
MOST = 12  # predictions of one sentence; more are a table in prose

COUNTED = re.compile(r"\s?((?!of\b)(?:[A-Za-z][\w'/-]*\s){0,4}?[A-Za-z][\w'/-]*(?:s|data|people|text))\b(?!-)")
NONE = re.compile(r"\sno\s((?:[A-Za-z-]+\s){0,2}(?:data|[A-Za-z-]+s))\b")
DESCRIBED = re.compile(r"([^,;:]{2,80}?)\s(?:is|are)\s(?:an?\s|the\s)?[^,;:]{2,80}\s(?:that|which)\s$")
COEFFICIENT = re.compile(
    r"\b(?:r|rho|ρ|τ|tau|coefficient|correlation)\s?(?:of|=|is)?\s?(?:about\s)?[-−]?$", re.IGNORECASE
)
COMPARED_TO = re.compile(r"[^,;]{0,60}?\b(?:to|with|by(?!\sa\s(?:[\w-]+\s)?margin))\s+")
BETWEEN = re.compile(r"[^,;]{0,30}?\bbetween\s+([^;]{1,120}?)\s+and\s+")
LINK = re.compile(r"[^,;]{0,30}?\b(?:with|on|upon|to)\s+")
# "reduces the work needed to achieve 90% accuracy": what comes then is not what changed.
AIM = re.compile(
    r"\bto (?:achieve|obtain|reach|get|attain)\b|, (?:even|although|though|when|if)\b|\beven (?:after|before|when|if)\b"
)
SECOND = re.compile(r"(?:,\s(?:and\s)?|\band\s)([^,;]{2,60}?)\sby\s(?:\w+\s){0,2}$")
BY = re.compile(r"\b(?:by|it is|it was)\s(?:\w+\s)?$")
AVERAGE = re.compile(r"\b(?:average|averaged|mean|avg)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """One event in its sentence with what is settled about it before values are dealt out."""

    sentence: Sentence
    event: Event
    frame: Frame
    stop: int  # offset where what is said of the event ends
    baselines: tuple[str, ...]
    against: tuple[int, int]  # offsets of the baseline
    lexicon: Lexicon

    def mentions(self, start: int, end: int) -> list[Mention]:
        """Names between two offsets, those of the baseline left out."""
        return [m for m in self.sentence.mentions if start <= m.start < end and not within(m, self.against)]


def predictions(text: str, lexicon: Lexicon) -> tuple[Prediction, ...]:
    """Every prediction of one sentence, in order; none if it asserts nothing that could be measured."""
    return predictions_of(analyse(text, lexicon), lexicon)


def predictions_of(sentence: Sentence, lexicon: Lexicon) -> tuple[Prediction, ...]:
    """As `predictions`, of a sentence that is analysed already."""
    found: list[Prediction] = []
    for clause in sentence.clauses:
        frame: Frame | None = None
        previous: list[Prediction] = []
        left_open = ""
        for at, event in enumerate(clause.events):
            floor = clause.events[at - 1].end if at else clause.start
            following = clause.events[at + 1] if at + 1 < len(clause.events) else None
            stop = following.start if following else clause.end
            own = OWN_SUBJECT.search(sentence.text[event.end : stop]) if following and not following.tail else None
            if own:
                stop = event.end + own.start()  # what comes then is the subject of the next event
            before, frame = frame, frame_of(sentence.text, event, floor, stop, lexicon, frame)
            left_open = hedge(sentence.text, clause.start, event) or shared(
                sentence.text, left_open, event, frame is before
            )
            made = [replace(p, hedge=left_open) for p in _of_event(sentence, event, frame, stop, lexicon)]
            if event.tail and previous:
                made = [_inherit(p, previous[0]) for p in made]
            previous = made
            found += made
            if len(found) > MOST:
                return _unique(found)
    return _unique(found)


def _unique(found: list[Prediction]) -> tuple[Prediction, ...]:
    keyed = {(*(getattr(p, slot) for slot in SLOTS), tuple(sorted(p.scope.items()))): p for p in found}
    return tuple(keyed.values())[:MOST]


def _inherit(later: Prediction, main: Prediction) -> Prediction:
    """A participle after the main verb speaks of the same task, metric and scope unless it names its own."""
    kept = {k: v for k, v in main.scope.items() if k in ("model", "languages", "split", "task_type")}
    return replace(
        later,
        baseline=later.baseline or main.baseline,
        task=later.task or main.task,
        metric=later.metric or main.metric,
        scope={**kept, **later.scope},
    )


def _of_event(sentence: Sentence, event: Event, frame: Frame, stop: int, lexicon: Lexicon) -> list[Prediction]:
    if event.kind is ClaimKind.COUNT:
        return _count(sentence, event, frame, stop, lexicon)
    if event.kind is ClaimKind.CORRELATION:
        return _correlation(sentence, event, frame, stop, lexicon)
    case = _case(sentence, event, frame, stop, lexicon)
    place = _place(case)
    direction, denied = _direction(event)
    common = Prediction(direction=direction, scope={**place.scope, **denied})
    values = sizes(sentence, event, stop)
    if event.level and not values:
        return []
    # One that says neither a direction nor a value, nor denies one, predicts nothing.
    made = _dealt(case, place, common, values)
    return [p for p in made if p.direction or p.value is not None or "range" in p.scope or "negated" in p.scope]


def _case(sentence: Sentence, event: Event, frame: Frame, stop: int, lexicon: Lexicon) -> Case:
    after = sentence.text[event.end : stop]
    baselines, span = baseline(after, lexicon, direct=event.direct) if not event.level else ((), (0, 0))
    if event.kind is ClaimKind.COMPARISON and not event.direct and not baselines:
        marker = COMPARED_TO.match(after)
        if marker:
            baselines = noun_phrases(after[marker.end() :], lexicon)
            ends = [after.find(b, marker.end()) + len(b) for b in baselines]
            span = (marker.end(), max(ends, default=marker.end()))
    return Case(sentence, event, frame, stop, baselines, (span[0] + event.end, span[1] + event.end), lexicon)


def _direction(event: Event) -> tuple[str, dict[str, str]]:
    if not event.negated:
        return event.direction, {}
    if event.kind is ClaimKind.EFFECT and not event.level:
        return "no effect", {}
    return "", {"negated": "yes"}


def _place(case: Case) -> Place:
    """Task, metric and scope of the whole event; what brought a change about is not where it happened."""
    event, text = case.event, case.sentence.text
    aim = AIM.search(text, event.end, case.stop)
    region = case.mentions(event.start, aim.start() if aim else case.stop)
    if event.kind is ClaimKind.EFFECT and not event.level:
        skip = (case.against[0] - event.end, case.against[1] - event.end)
        begin, end = source(text[event.end : case.stop], skip)[1]
        region = [m for m in region if not begin + event.end <= m.start < end + event.end]
    at = text.find(case.frame.lead) if case.frame.lead else -1
    if at >= 0:
        region = [m for m in case.sentence.mentions if at <= m.start < at + len(case.frame.lead)] + region
    found = placed(text, region)
    metrics = found.metrics or ((case.frame.metric,) if case.frame.metric else ())
    subject = {"subject": case.frame.undergone} if case.frame.undergone else {}
    return Place(case.frame.tasks or found.tasks, metrics, {**found.scope, **subject})


def _dealt(case: Case, place: Place, common: Prediction, values: list[Quantity]) -> list[Prediction]:
    """One prediction per treatment, baseline, task and value, as far as the sentence pairs them."""
    treatments, baselines = case.frame.treatments, case.baselines or ("",)
    tasks = place.tasks or ("",)
    metric = place.metrics[0] if len(place.metrics) == 1 else ""
    common = replace(common, metric=metric)
    if not values:
        return [replace(common, treatment=t, baseline=b, task=k) for t in treatments for b in baselines for k in tasks]
    if len(values) > 1 and all(listed(case.sentence.text, a, b) for a, b in pairwise(values)):
        return _paired(case, place, common, values)
    whole = replace(common, treatment=joined(treatments), baseline=joined(baselines))
    if len(values) == 1:
        return [_valued(case, replace(whole, task=joined(tasks)), values[0])]
    made: list[Prediction] = []
    for at in range(len(values)):
        made.append(_valued(case, _own(case, place, whole, values, at, made), values[at]))
    return made


def _paired(case: Case, place: Place, common: Prediction, values: list[Quantity]) -> list[Prediction]:
    """ "A, B and C … 8.2, 7.5 and 7.0 points": the one list of names that is as long as the list of values."""
    n = len(values)
    lists = {
        "treatment": case.frame.treatments,
        "baseline": case.baselines,
        "task": place.tasks,
        "metric": place.metrics,
    }
    spoken = tuple(common.scope.get("languages", "").split(", "))
    pairs = next((slot for slot, names in lists.items() if len(names) == n), "")
    fixed = {slot: "" if slot == "metric" and len(names) > 1 else joined(names) for slot, names in lists.items()}
    made = []
    for at, quantity in enumerate(values):
        slots = fixed | ({pairs: lists[pairs][at]} if pairs else {})
        scope = common.scope | ({"languages": spoken[at]} if len(spoken) == n and not pairs else {})
        made.append(_valued(case, replace(common, scope=scope, **slots), quantity))  # type: ignore[arg-type]
    return made


def _second_baseline(case: Case, gap: str) -> tuple[str, ...]:
    """ "outperforms A by 2, and B by 3": what the value behind `gap` is compared with, if a new name stands there."""
    match = SECOND.search(gap) if case.event.direct else None
    return noun_phrases(match[1], case.lexicon) if match else ()


def _own(
    case: Case, place: Place, whole: Prediction, values: list[Quantity], at: int, made: list[Prediction]
) -> Prediction:
    """The prediction of one of several values, with the task, metric and languages that stand by it."""
    text, here = case.sentence.text, values[at]
    begin = values[at - 1].end if at else case.event.start
    end = values[at + 1].start if at + 1 < len(values) else case.stop
    gap = text[here.end : end]
    if at + 1 < len(values) and BY.search(gap):  # "A by 2 and B by 3": B belongs to the next value
        end = here.end + max(gap.rfind(" and "), gap.rfind(", "), 0)
    region = case.mentions(here.start, end)
    named = any(m.kind in ("dataset", "task", "language", "metric") for m in region)
    if not named:
        region = case.mentions(begin, end)
    local = placed(text, region)
    scope = dict(local.scope)
    if not LANGUAGE_COUNT.search(text[here.start : end]) and not any(m.kind == "language" for m in region):
        scope.pop("languages", None)
    last = made[-1] if made else None
    against = baseline(text[here.end : end], case.lexicon, direct=False)[0] or _second_baseline(
        case, text[begin : here.start]
    )
    shared = joined(place.tasks) if len(place.tasks) < 2 else ""
    return replace(
        whole,
        baseline=joined(against) or (last.baseline if last else whole.baseline),
        task=joined(local.tasks) or (last.task if last else "") or shared,
        metric=(local.metrics[0] if len(local.metrics) == 1 else "") or (last.metric if last else "") or whole.metric,
        scope={**{k: v for k, v in whole.scope.items() if k not in ("languages", "task_type")}, **scope},
    )


def _valued(case: Case, prediction: Prediction, q: Quantity) -> Prediction:
    scope = dict(prediction.scope)
    around = case.sentence.text[max(0, q.start - 24) : q.end + 16]
    if AVERAGE.search(around):
        scope["aggregate"] = "average"
    if q.approximate:
        scope["approximate"] = q.approximate
    if q.relative:
        scope["relative"] = q.relative
    if q.spread:
        scope["spread"] = q.spread
    if q.changed and q.low is not None and q.high is not None:
        scope["from"], scope["to"] = f"{q.low:g}", f"{q.high:g}"
    elif q.low is not None and q.high is not None:
        scope["range"] = f"{q.low:g} to {q.high:g}"
    value = q.value
    if q.changed and value is not None and prediction.direction in ("increase", "decrease"):
        value = abs(value)
    return replace(prediction, value=value, unit=q.unit, scope=scope)


def _count(sentence: Sentence, event: Event, frame: Frame, stop: int, lexicon: Lexicon) -> list[Prediction]:
    """ "X contains 392,702 training examples": the noun counted is the metric, the holder the treatment."""
    made = []
    holder = joined(frame.treatments)
    if not holder and (described := DESCRIBED.match(sentence.text[: event.start])):
        holder = trimmed(described[1])  # "X are tasks that have no training data": X has none
    named = lexicon.mentions(holder)
    if none := NONE.match(sentence.text, event.end):
        return [Prediction(holder, "", joined(names_of(named, "dataset")), none[1], "count", 0.0, "count")]
    for q in sentence.quantities:
        if not event.end <= q.start < stop or q.unit or q.value is None or q.value % 1 or q.value < 2:
            continue
        noun = COUNTED.match(sentence.text, q.end)
        if noun:
            scope = {"approximate": q.approximate} if q.approximate else {}
            made.append(
                Prediction(holder, "", joined(names_of(named, "dataset")), noun[1], "count", q.value, "count", scope)
            )
    return made


def _correlation(sentence: Sentence, event: Event, frame: Frame, stop: int, lexicon: Lexicon) -> list[Prediction]:
    """ "X correlates with Y": X is the treatment, Y the metric, both as printed; a coefficient is the value."""
    after = sentence.text[event.end : stop]
    first, second = joined(frame.treatments), ""
    between, link = BETWEEN.match(after), LINK.match(after)
    if between:
        first, rest = trimmed(between[1]), noun_phrases(after[between.end() :], lexicon)
        second = rest[0] if rest else ""
    elif link:
        second = joined(noun_phrases(after[link.end() :], lexicon))
    coefficient = next(
        (
            q
            for q in sentence.quantities
            if event.start <= q.start < stop
            and not q.unit
            and q.value is not None
            and abs(q.value) <= 1
            and COEFFICIENT.search(sentence.text[max(0, q.start - 24) : q.start])
        ),
        None,
    )
    direction = event.direction
    if event.negated:
        direction = "no effect"
    elif not direction and coefficient is not None and coefficient.value:
        direction = "positive" if coefficient.value > 0 else "negative"
    if not first or not second:
        return []
    value = coefficient.value if coefficient else None
    return [Prediction(first, "", "", second, direction, value)]
