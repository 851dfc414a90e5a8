"""Claims without a number against the numbers of a passage: orders, superlatives, significance, trends. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from synth.core.types import Stance
from synth.evidence.passages.alignment import weights
from synth.evidence.passages.derived import MAX_LEVELS, levels_of, sides_of
from synth.evidence.passages.findings import NOTHING, RuleCode, RuleFinding
from synth.evidence.passages.parts.assertions import Comparative, Effect, Superlative, effect
from synth.evidence.passages.parts.conditions import TextPair
from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.parts.terms import fold
from synth.quantities import Kind, same
from synth.quantities.metrics import lower_is_better
from synth.quantities.significance import direction, significant

_CHANGES = re.compile(
    r"\b(?:improv|gain|help|increas|drop|los[st]|reduc|benefit|fell|fall|rose|ris|effect|advantag|margin|gap"
    r"|differ|lead\b|boost)",
    re.I,
)


def order(pair: TextPair, sides: Comparative) -> RuleFinding:
    """Hold a comparison without a number against the levels of both sides."""
    ends = sides_of(pair, sides, levels_of(pair, changes=bool(_CHANGES.search(pair.claim.text))))
    if ends is None:
        return _by_change(pair, sides)
    first, second = ends
    note = f"{first.quantity} against {second.quantity}"
    if same(first.quantity.value, second.quantity.value, min(first.quantity.step, second.quantity.step)):
        stance = Stance.SUPPORT if sides.equal else Stance.CONTRADICT
        return RuleFinding(
            stance, RuleCode.ORDER if sides.equal else RuleCode.ORDER_REVERSED, f"the levels are equal: {note}"
        )
    if sides.equal:
        return NOTHING
    way = 1 if first.quantity.value > second.quantity.value else -1
    if sides.quality and _lower_better(pair, first):
        way = -way
    agreeing = (way == sides.way) != sides.denied
    if agreeing:
        return RuleFinding(Stance.SUPPORT, RuleCode.ORDER, f"the levels are in this order: {note}")
    return RuleFinding(Stance.CONTRADICT, RuleCode.ORDER_REVERSED, f"the levels are in the other order: {note}")


def _lower_better(pair: TextPair, fact: Fact) -> bool:
    """Return True if less of what a number measures is better, by its metric, else by the words of the passage."""
    if fact.metric:
        return lower_is_better(fact.metric)
    words = re.findall(r"[a-zA-Z/]+", pair.passage.text) if fact.row >= 0 or len(pair.passage.facts) < 8 else []
    return lower_is_better(" ".join(words)) and not any(
        m.kind == "metric" and not lower_is_better(m.name) for m in pair.passage.mentions
    )


def _by_change(pair: TextPair, sides: Comparative) -> RuleFinding:
    """Hold a comparison against a difference that the passage prints between the same sides."""
    passage = pair.passage.comparative
    if passage is None or sides.equal or passage.equal:
        return NOTHING
    subject, object_ = pair.expand(sides.subject), pair.expand(sides.object)
    straight = [len(subject & pair.expand(passage.subject)), len(object_ & pair.expand(passage.object))]
    crossed = [len(subject & pair.expand(passage.object)), len(object_ & pair.expand(passage.subject))]
    nearer = max(straight, crossed, key=sum)
    if sum(straight) == sum(crossed) or not all(nearer) or passage.quality != sides.quality:
        return NOTHING
    way = passage.way if nearer is straight else -passage.way
    if (way == sides.way) != (sides.denied != passage.denied):
        return RuleFinding(Stance.SUPPORT, RuleCode.ORDER, "the passage compares them so")
    return RuleFinding(Stance.CONTRADICT, RuleCode.EXCHANGED, "the passage compares them the other way round")


def superlative(pair: TextPair, stated: Superlative) -> RuleFinding:
    """Hold "X is the best" against the levels of X and of the others in one column or list."""
    levels = [
        f
        for f in pair.passage.facts
        if f.quantity.kind in (Kind.LEVEL, Kind.COUNT, Kind.COEFFICIENT) and not f.quantity.is_range
    ]
    families: dict[object, list[Fact]] = {}
    for fact in levels[:MAX_LEVELS]:
        key = (fact.column or fact.metric) if fact.row >= 0 else (fact.metric, fact.unit)
        families.setdefault(key, []).append(fact)
    claimed = pair.expand(pair.claim.keys)
    metrics = {m.name for m in pair.claim.mentions if m.kind == "metric"}
    ranked = sorted(
        (f for f in families.values() if len(f) > 1),
        key=lambda f: (
            -(len(f[0].column & claimed) + 2 * any(f"_{f[0].metric}".endswith((f"_{m}", f" {m}")) for m in metrics))
        ),
    )
    for family in ranked[:1]:
        weight = weights(family)
        subject = pair.expand(stated.subject)
        scored = sorted(
            (
                (sum(weight.get(k, 0.0) for k in subject & pair.expand(f.own)) - _beyond(f, subject), i)
                for i, f in enumerate(family)
            ),
            reverse=True,
        )
        if scored[0][0] <= 0.2 or (len(scored) > 1 and scored[1][0] >= scored[0][0]):
            continue
        mine = family[scored[0][1]]
        highest = stated.way > 0
        if stated.quality and _lower_better(pair, mine):
            highest = not highest
        better = sum(
            (f.quantity.value > mine.quantity.value) == highest and f.quantity.value != mine.quantity.value
            for f in family
        )
        if better == stated.rank - 1:
            return RuleFinding(Stance.SUPPORT, RuleCode.FIRST, f"{mine.quantity} is first of {len(family)}")
        return RuleFinding(Stance.CONTRADICT, RuleCode.NOT_FIRST, f"{mine.quantity} is not first of {len(family)}")
    return NOTHING


def _beyond(fact: Fact, subject: frozenset[str]) -> float:
    """Return a penalty for the names of a number that the subject does not have: "Tamil-English" is not "Tamil"."""
    names = {fold(name) for kind in ("languages", "task", "model") for name in fact.slots.get(kind, ())}
    return 0.4 * len(names - subject) if names & subject else 0.0


def significance(pair: TextPair, claimed_effect: Effect) -> RuleFinding:
    """Hold "significant" or "no effect" against p-values and confidence intervals."""
    telling = [(f, s) for f in pair.passage.facts if (s := significant(f.quantity)) is not None]
    plain = "significan" not in pair.claim.text.casefold()
    changes = [f for f in pair.passage.facts if f.quantity.is_change and f.quantity.low > 0 and not f.quantity.denied]
    if (
        not telling
        and plain
        and claimed_effect is Effect.NOT_SIGNIFICANT
        and len(changes) == 1
        and not pair.claim.names - pair.passage.names
    ):
        return RuleFinding(
            Stance.CONTRADICT,
            RuleCode.DENIED,
            f"the claim denies any change; the passage measures {changes[0].quantity}",
        )
    if not telling:
        reported = effect(pair.passage.text)
        if reported is Effect.NOT_SAID or "significan" not in pair.claim.text.casefold():
            return NOTHING
        stance = Stance.SUPPORT if reported is claimed_effect else Stance.CONTRADICT
        return RuleFinding(stance, RuleCode.SIGNIFICANCE, f"the passage says {reported}")
    weight = weights([f for f, _ in telling])
    claimed = pair.expand(pair.claim.topic)
    scored = sorted(
        ((sum(weight.get(k, 0.1) for k in claimed & pair.expand(f.own)), i) for i, (f, _) in enumerate(telling)),
        reverse=True,
    )
    top = [telling[i] for points, i in scored if points >= scored[0][0] - 1e-9]
    if len({s for _, s in top}) > 1:
        return NOTHING
    fact, is_significant = top[0]
    agreeing = is_significant == (claimed_effect is Effect.SIGNIFICANT)
    way, claimed_way = direction(fact.quantity), pair.claim.direction
    if agreeing and is_significant and fact.quantity.kind is Kind.RATIO and way * claimed_way < 0:
        return RuleFinding(Stance.CONTRADICT, RuleCode.SIGN, f"the other direction: {fact.quantity}")
    if agreeing and is_significant and (objection := _objection(pair)) is not None:
        return objection
    return RuleFinding(
        Stance.SUPPORT if agreeing else Stance.CONTRADICT, RuleCode.SIGNIFICANCE, f"{fact.quantity.text}"
    )


def _objection(pair: TextPair) -> RuleFinding | None:
    """Return what contradicts or leaves open the direction of an effect that is significant as claimed."""
    claim, passage = pair.claim, pair.passage
    if claim.comparative is not None and (finding := order(pair, claim.comparative)).decides:
        return None if finding.stance is Stance.SUPPORT else finding
    if not claim.direction or not passage.direction:
        return None
    return None if claim.direction == passage.direction else NOTHING


_CORRELATED = re.compile(r"\bcorrelat|\bassociat", re.I)


def correlation(pair: TextPair) -> RuleFinding:
    """Hold a correlation's sign against a printed coefficient."""
    coefficients = [f for f in pair.passage.facts if f.quantity.kind is Kind.COEFFICIENT]
    text = pair.claim.text.casefold()
    claimed = (
        -1 if "negative" in text or "inverse" in text else 1 if "positive" in text or _CORRELATED.search(text) else 0
    )
    if len(coefficients) != 1 or not claimed or not _CORRELATED.search(text):
        return NOTHING
    value = coefficients[0].quantity.value
    if abs(value) < 0.1:
        return NOTHING
    if (value > 0) == (claimed > 0):
        return RuleFinding(Stance.SUPPORT, RuleCode.SIGN, f"the coefficient is {value:g}")
    return RuleFinding(Stance.CONTRADICT, RuleCode.SIGN, f"the coefficient is {value:g}")


_EVERY = re.compile(
    r"\b(?:each|every|successive|steadily|consistently|monotonically|year (?:on|after|by) year)\b", re.I
)


def trend(pair: TextPair) -> RuleFinding:
    """Hold "fell in each year", "rises with size" against a list of levels in order."""
    way = pair.claim.direction
    if not way:
        return NOTHING
    changes = [f for f in pair.passage.facts if f.quantity.ends]
    if changes and not pair.claim.denied:
        matched = [f for f in changes if pair.claim.topic & f.own] or changes
        if len({f.quantity.sign for f in matched}) == 1 and matched[0].quantity.sign:
            agreeing = matched[0].quantity.sign == way
            return RuleFinding(
                Stance.SUPPORT if agreeing else Stance.CONTRADICT, RuleCode.TREND, str(matched[0].quantity)
            )
    for run in _runs(pair.passage.facts):
        if len(run) < 3 or not _EVERY.search(pair.claim.text):
            continue
        steps = [b.quantity.value - a.quantity.value for a, b in itertools.pairwise(run)]
        if all(step * way > 0 for step in steps):
            return RuleFinding(Stance.SUPPORT, RuleCode.TREND, "every step goes this way")
        return RuleFinding(Stance.CONTRADICT, RuleCode.TREND, "not every step goes this way")
    return NOTHING


def _runs(facts: Iterable[Fact]) -> list[list[Fact]]:
    runs: list[list[Fact]] = []
    for fact in facts:
        if fact.quantity.listed and runs:
            runs[-1].append(fact)
        else:
            runs.append([fact])
    return runs
