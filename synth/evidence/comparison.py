"""Two numbers compared: the same, another, left open, or measures of different things. Pure arithmetic and units."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from synth.evidence.facts import Fact
from synth.numbers import same

ABOUT = 0.05  # "nearly 40%" agrees with 38.4%
FAR = 0.15  # and is contradicted by what lies further off than this
SCORES = frozenset({"%", "points", ""})
# Metrics of which the one is what the other lacks of 100.
COMPLEMENTS = {"accuracy": "error rate", "error rate": "accuracy"}


class Outcome(StrEnum):
    """What comparing two numbers gives. The last three say why they cannot be compared, in the words of a note."""

    SAME = "same"
    OTHER = "other"
    OPEN = "open"
    UNIT = "unit"
    METRIC = "metric"
    QUANTITY = "quantity"


NOT_COMPARED = frozenset({Outcome.UNIT, Outcome.METRIC, Outcome.QUANTITY})


def compare(claim: Fact, passage: Fact) -> Outcome:
    """Whether the passage's number is the claim's, within what both print."""
    complement = COMPLEMENTS.get(claim.metric) == passage.metric if claim.metric else False
    if claim.metric and passage.metric and claim.metric != passage.metric and not complement:
        return Outcome.METRIC
    if complement:
        passage = _complement(passage)
    sorts = {claim.sort, passage.sort}
    if "p" in sorts or "coefficient" in sorts:
        return _values(claim, passage) if len(sorts) == 1 else Outcome.QUANTITY
    if sorts == {"count"}:
        return _counts(claim, passage)
    if "factor" in sorts:
        return _factors(claim, passage)
    if sorts == {"change"}:
        return _changes(claim, passage)
    if claim.ends and passage.sort == "level":
        return Outcome.QUANTITY  # one end alone says nothing of the change
    if sorts == {"level"}:
        return _levels(claim, passage)
    if "count" in sorts and (claim.unit or passage.unit):
        return Outcome.UNIT
    return Outcome.QUANTITY


def _complement(fact: Fact) -> Fact:
    if fact.sort == "change":
        return replace(fact, sign=-fact.sign, ends=tuple(100 - e for e in fact.ends) if fact.ends else None)  # type: ignore[arg-type]
    whole = 1.0 if not fact.unit and fact.high <= 1 else 100.0
    return replace(fact, low=whole - fact.high, high=whole - fact.low)


def _counts(claim: Fact, passage: Fact) -> Outcome:
    if claim.head != passage.head and not claim.nouns & passage.nouns:
        return Outcome.QUANTITY
    ours, theirs = claim.nouns - passage.nouns, passage.nouns - claim.nouns
    if ours and theirs:
        return Outcome.QUANTITY  # nine target tasks, nine intermediate tasks
    return _values(claim, passage)


def _factors(claim: Fact, passage: Fact) -> Outcome:
    if claim.sort == passage.sort:
        return _values(claim, passage)
    factor, other = (claim, passage) if claim.sort == "factor" else (passage, claim)
    if other.ends:
        low, high = sorted(map(abs, other.ends))
        return _ratio(factor, other, (high / low, low / high)) if low else Outcome.OPEN
    if other.sort == "change" and other.unit in ("%", "relative %") and other.sign:
        return _ratio(factor, other, (1 + other.sign * other.value / 100,))
    return Outcome.UNIT if other.unit not in SCORES else Outcome.QUANTITY


def _ratio(factor: Fact, other: Fact, ratios: tuple[float, ...]) -> Outcome:
    """A factor against ratios worked out from rounded numbers."""
    slack = max(factor.step, 0.02 * abs(factor.value))
    return Outcome.SAME if any(same(factor.value, r, slack) for r in ratios) else Outcome.OTHER


def _changes(claim: Fact, passage: Fact) -> Outcome:
    if claim.ends and passage.ends:
        slack = max(claim.step, passage.step)
        pairs = zip(claim.ends, passage.ends, strict=True)
        return Outcome.SAME if all(same(a, b, slack) for a, b in pairs) else Outcome.OTHER
    if passage.ends or claim.ends:
        return _from_ends(claim, passage)
    if claim.unit != passage.unit and not {claim.unit, passage.unit} <= SCORES | {"relative %"}:
        return Outcome.UNIT
    if "relative %" in (claim.unit, passage.unit) and not {claim.unit, passage.unit} <= {"relative %", "%"}:
        return Outcome.UNIT
    if claim.sign * passage.sign < 0:
        return Outcome.OTHER
    found = _denied(claim, passage, _values(claim, passage))
    # "12%" may be relative or of a scale of 100: to contradict, the units must be the same.
    return Outcome.UNIT if found is Outcome.OTHER and claim.unit != passage.unit else found


def _from_ends(claim: Fact, passage: Fact) -> Outcome:
    """ "from 31.0 to 79.8" against a difference, absolute or relative."""
    whole, part = (passage, claim) if passage.ends else (claim, passage)
    if part.unit not in SCORES | {"relative %"} and part.unit != whole.unit:
        return Outcome.UNIT
    first, last = whole.ends or (0.0, 0.0)
    if part.sign * (last - first) < 0:
        return Outcome.OTHER
    # Both ends are rounded, and so is a difference that was worked out before they were.
    slack = 2 * whole.step + part.step
    absolute = same(part.value, abs(last - first), slack)
    relative = bool(first) and same(part.value, abs(last - first) / abs(first) * 100, max(part.step, 0.1))
    fits = {"relative %": relative, "%": relative or absolute}.get(part.unit, absolute)
    if fits:
        return Outcome.SAME if whole is passage else Outcome.OPEN  # a difference does not tell the two ends
    return Outcome.OPEN if part.bound else Outcome.OTHER


def _levels(claim: Fact, passage: Fact) -> Outcome:
    if claim.unit != passage.unit and not {claim.unit, passage.unit} <= SCORES:
        return Outcome.UNIT
    return _denied(claim, passage, _values(*_same_scale(claim, passage)))


def _same_scale(a: Fact, b: Fact) -> tuple[Fact, Fact]:
    """A fraction and a percentage on one scale: 0.894 and 89.4%."""
    if not a.unit and 0 < a.high <= 1 and b.unit == "%":
        return replace(a, low=a.low * 100, high=a.high * 100, step=a.step * 100), b
    if not b.unit and 0 < b.high <= 1 and a.unit == "%":
        return a, replace(b, low=b.low * 100, high=b.high * 100, step=b.step * 100)
    return a, b


def _denied(claim: Fact, passage: Fact, found: Outcome) -> Outcome:
    if claim.denied == passage.denied:
        return found if not claim.denied or found is Outcome.SAME else Outcome.OPEN
    return Outcome.OTHER if found is Outcome.SAME else Outcome.OPEN


def _values(claim: Fact, passage: Fact) -> Outcome:
    """Numbers of one unit, with what their bounds leave open."""
    slack = max(claim.step, passage.step)
    if claim.is_range or passage.is_range:
        return _ranges(claim, passage, slack)
    a, b = claim.value, passage.value
    if same(a, b, slack):
        if passage.bound == "max" and claim.bound != "max":
            return Outcome.QUANTITY  # the largest of several is not their mean
        return Outcome.SAME if passage.bound in ("", "~", claim.bound) else Outcome.OPEN
    if "~" in (claim.bound, passage.bound):
        off = abs(a - b) / max(abs(a), abs(b))
        return Outcome.SAME if off <= ABOUT else Outcome.OTHER if off > FAR else Outcome.OPEN
    if claim.bound and passage.bound:
        return _two_bounds(claim, passage)
    if claim.bound:
        return _within(claim.bound, a, b, said=True)
    if passage.bound:
        return _within(passage.bound, b, a, said=False)
    return Outcome.OTHER


def _within(bound: str, limit: float, value: float, *, said: bool) -> Outcome:
    """Whether `value` lies within a bound. What lies within the claim's bound supports it (`said`)."""
    inside = value >= limit if bound in (">", "≥") else value <= limit
    if not inside:
        return Outcome.OTHER
    return Outcome.SAME if said and bound != "max" else Outcome.OPEN


def _two_bounds(claim: Fact, passage: Fact) -> Outcome:
    upper, lower = ("<", "≤", "max"), (">", "≥")
    if claim.bound == passage.bound == "max":
        return Outcome.OTHER
    if claim.bound in upper and passage.bound in upper:
        if claim.bound == "max":  # a value that is reached lies above what never is exceeded
            return Outcome.OTHER if claim.value > passage.value else Outcome.OPEN
        return Outcome.SAME if passage.value <= claim.value else Outcome.OPEN
    if claim.bound in lower and passage.bound in lower:
        return Outcome.SAME if passage.value >= claim.value else Outcome.OPEN
    low, high = (claim, passage) if claim.bound in lower else (passage, claim)
    return Outcome.OTHER if low.value > high.value else Outcome.OPEN


def _ranges(claim: Fact, passage: Fact, slack: float) -> Outcome:
    if claim.is_range and passage.is_range:
        if same(claim.low, passage.low, slack) and same(claim.high, passage.high, slack):
            return Outcome.SAME
        apart = claim.low > passage.high or passage.low > claim.high
        return Outcome.OTHER if apart else Outcome.OPEN
    wide, point = (claim, passage) if claim.is_range else (passage, claim)
    inside = wide.low - slack / 2 <= point.value <= wide.high + slack / 2
    if not inside:
        return Outcome.OPEN if point.bound else Outcome.OTHER
    return Outcome.SAME if claim.is_range and not point.bound else Outcome.OPEN
