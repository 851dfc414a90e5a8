"""Numeric entailment: printed or derived numbers of a passage make a claim true, false, or neither. By rule, with a
code.

A claim is taken apart into its numbers and what it asserts without one: an order, a superlative, significance, a trend.
Each part is held against the numbers of the passage that belong to the same thing; what nothing speaks to stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synth.core.types import Prediction, Stance
from synth.evidence.passages.contrasts import between
from synth.evidence.passages.findings import NOTHING, RuleCode, RuleFinding
from synth.evidence.passages.numbers import check_numbers
from synth.evidence.passages.parts.assertions import Effect, effect
from synth.evidence.passages.parts.conditions import TextPair, missing_names, missing_topic
from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.parts.sentence import AnalysedText, share
from synth.evidence.passages.parts.terms import fold
from synth.evidence.passages.unnumbered import correlation, order, significance, superlative, trend
from synth.evidence.passages.vetoes import code_of, veto
from synth.quantities import Kind

# Codes that were right in 0.8 of the labelled pairs where the rest of the claim is said too, or more; of the others
# there are too few.
MEASURED = frozenset(
    {
        RuleCode.SAME_VALUE,
        RuleCode.DERIVED,
        RuleCode.OTHER_VALUE,
        RuleCode.OUTSIDE,
        RuleCode.ORDER,
        RuleCode.ORDER_REVERSED,
        RuleCode.SIGNIFICANCE,
    }
)
MUTUAL = 0.5  # share of the passage's topic that the claim must hold, for another number to be one of the same thing
# Share of the claim's topic that the passage must hold, by how near the two are in meaning.
MIN_COVERAGE = ((0.85, 0.2), (0.7, 0.4), (0.6, 0.55))


def check(
    claim: AnalysedText, passage: AnalysedText, predictions: Sequence[Prediction], similarity: float
) -> RuleFinding:
    """Hold the numbers of `passage` against what `claim` says.

    Args:
        claim: Analysed claim.
        passage: Analysed passage.
        predictions: Those of the claim; where they name values, only those numbers are held to be measured.
        similarity: Cosine of the two texts.
    """
    if not passage.facts and not passage.denied:
        return NOTHING
    pair = TextPair.of(claim, passage)
    metrics = frozenset(fold(m.name) for m in claim.mentions if m.kind == "metric")
    about = claim.topic - metrics
    covered = share(about, pair.known) if about else 1.0
    needed = next((n for near, n in MIN_COVERAGE if similarity >= near), 2.0)
    finding = _decide(pair, predictions) if covered >= needed else NOTHING
    if (
        finding.reason is RuleCode.NOTHING
        and (claim.facts or claim.comparative)
        and (other := between(pair)) is not None
    ):
        return RuleFinding(Stance.NOT_ENOUGH_INFO, code_of(other), f"different {other.kind} ({other})")
    if finding.decides and not finding.certain and (reason := veto(pair, finding)) is not None:
        return RuleFinding(Stance.NOT_ENOUGH_INFO, reason[0], f"{reason[1]} ({finding.note})")
    return replace(finding, sure=_is_sure(pair, finding)) if finding.decides else finding


def _is_sure(pair: TextPair, finding: RuleFinding) -> bool:
    """Return True if the passage says everything of the claim but its number; to contradict, and little more.

    On labelled sets from outside such supports are right in 0.84, the others in 0.6; contradictions in 0.8 and 0.6.
    """
    claim, passage = pair.claim, pair.passage
    if finding.reason not in MEASURED or (finding.match is not None and finding.match.theirs.row >= 0):
        return False  # the rows of a table are read by `synth.evidence.tables`
    if claim.negated != passage.negated or claim.direction * passage.direction < 0 or missing_topic(pair):
        return False
    if finding.stance is Stance.SUPPORT:
        return not missing_names(pair)
    return share(passage.topic, pair.expand(claim.keys)) >= MUTUAL


def _decide(pair: TextPair, predictions: Sequence[Prediction]) -> RuleFinding:
    claim = pair.claim
    claimed = measured(claim, predictions)
    findings: list[RuleFinding] = []
    if claimed:
        findings.append(check_numbers(pair, claimed, bool(predictions)))
    if not claimed or (not findings[0].decides and claim.superlatives):
        findings += [f for s in claim.superlatives if (f := superlative(pair, s)).reason is not RuleCode.NOTHING]
        if findings and any(f.decides for f in findings):
            return _all(findings)
    if not claimed:
        stated = effect(claim.text)
        if stated is not Effect.NOT_SAID and (finding := significance(pair, stated)).decides:
            return finding
        if claim.comparative is not None and (finding := order(pair, claim.comparative)).reason is not RuleCode.NOTHING:
            return finding
        if (finding := correlation(pair)).decides:
            return finding
        if (finding := trend(pair)).decides:
            return finding
    return _all(findings)


def _all(findings: Sequence[RuleFinding]) -> RuleFinding:
    """Join the findings of several parts: one that is false makes the whole false, all have to be true."""
    if not findings:
        return NOTHING
    against = next((f for f in findings if f.stance is Stance.CONTRADICT), None)
    if against:
        return against
    open_ = next((f for f in findings if not f.decides), None)
    return open_ or findings[0]


def measured(claim: AnalysedText, predictions: Sequence[Prediction]) -> list[Fact]:
    """Return the claim's numbers; where predictions name values, only those (other numbers are scope)."""
    free = [f for f in claim.facts if not f.condition]
    values = [abs(p.value) for p in predictions if p.value is not None]
    named = [f for f in free if any(abs(abs(f.quantity.printed or f.low) - v) <= f.quantity.step / 2 for v in values)]
    return named or [f for f in free if f.quantity.kind is not Kind.P_VALUE] or free
