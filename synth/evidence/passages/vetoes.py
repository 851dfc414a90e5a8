"""Vetoes: reasons why a passage is not about what a claim is about although their numbers say something."""

from __future__ import annotations

import re

from synth.core.types import Stance
from synth.evidence.passages.alignment import NumberMatch, is_derived
from synth.evidence.passages.contrasts import (
    by_languages,
    by_polarity,
    by_prefix,
    by_property,
    by_qualifier,
    by_spans,
    by_translation,
)
from synth.evidence.passages.findings import RuleCode, RuleFinding
from synth.evidence.passages.parts.conditions import Difference, TextPair, missing_names, missing_topic
from synth.evidence.passages.parts.sentence import share
from synth.evidence.passages.parts.terms import fold
from synth.quantities import Kind
from synth.quantities.metrics import COMPLEMENTS, NAMED


def code_of(difference: Difference) -> RuleCode:
    """Return the code of a difference: names of one kind exclude each other, words beside a noun need not."""
    return RuleCode.OTHER_CONDITION if difference.is_typed else RuleCode.OTHER_QUALIFIER


def veto(pair: TextPair, finding: RuleFinding) -> tuple[RuleCode, str] | None:
    """Return why the passage is not about what the claim is about, or None."""
    difference: Difference | None = (
        by_prefix(pair)
        or by_qualifier(pair)
        or by_translation(pair)
        or by_spans(pair)
        or by_property(pair)
        or by_languages(pair)
    )
    if difference is None and finding.match is not None:
        difference = by_polarity(pair, finding.match.theirs)
    if difference is not None:
        return code_of(difference), f"different {difference.kind} ({difference})"
    lacking = missing_names(pair)
    if finding.match is not None and (unnamed := _unnamed(pair, finding.match)):
        return RuleCode.NOT_NAMED, f"the passage does not name {unnamed}"
    if finding.stance is Stance.SUPPORT and finding.match is not None and _denied_apart(pair, finding.match):
        return RuleCode.AMBIGUOUS, "one of the two denies something"
    if finding.stance is Stance.SUPPORT and finding.match is not None and _by_chance(pair, finding.match):
        return RuleCode.AMBIGUOUS, "so small a number agrees by chance"
    if finding.stance is Stance.SUPPORT and finding.match is not None and not is_derived(finding.match):
        lacking |= _missing_beside(pair, finding.match)
    if lacking:
        return RuleCode.NOT_NAMED, f"the passage does not name {', '.join(sorted(lacking))}"
    return None


def _unnamed(pair: TextPair, match: NumberMatch) -> str:
    """Return the claim's metric if it has to be named and the passage names neither it nor its counterpart."""
    metric = match.ours.metric
    if metric not in NAMED or match.theirs.metric in (metric, COMPLEMENTS.get(metric)):
        return ""
    metrics = {m.name for m in pair.passage.mentions}
    return "" if {metric, COMPLEMENTS.get(metric, metric)} & metrics or fold(metric) in pair.known else metric


def _denied_apart(pair: TextPair, match: NumberMatch) -> bool:
    """Return True if one text denies something and the other does not, where it is not the numbers that say so."""
    quantities = (match.ours.quantity, match.theirs.quantity)
    if any(q.denied or q.comparator.is_lower or q.comparator.is_upper for q in quantities):
        return False
    ours, theirs = (bool(_NOT.search(_BRACKETS.sub("", s.text))) for s in (pair.claim, pair.passage))
    return ours != theirs


_NOT = re.compile(r"\b(?:not(?! only)|never|cannot|none|nobody|neither|nor|no)\b|n['’]t\b", re.I)
_BRACKETS = re.compile(r"\([^()]*\)")


def _by_chance(pair: TextPair, match: NumberMatch) -> bool:
    """Return True for a small count whose sentence is about more than the passage says."""
    quantity = match.ours.quantity
    small = quantity.kind is Kind.COUNT and quantity.high <= 10 and quantity.total is None
    return small and share(pair.claim.topic, pair.known) < 0.75


_SCOPE = re.compile(r"\s(?:\w+\s)?(?:for|on|among|using)\s(?:the\s|an?\s)?")


def _missing_beside(pair: TextPair, match: NumberMatch) -> frozenset[str]:
    """Return the words beside the claim's number that the passage lacks: "94 % effective", "training 1.43 times"."""
    quantity, text = match.ours.quantity, pair.claim.text
    unknown = missing_topic(pair)
    if not unknown:
        return frozenset()
    before = [t for t in pair.claim.terms if t.end <= quantity.start and t.key in pair.claim.topic]
    behind = [t for t in pair.claim.terms if t.start >= quantity.end]
    beside = {before[-1].key} if before and not re.search(r"[,;]", text[before[-1].end : quantity.start]) else set()
    if behind and re.fullmatch(r"\s?", text[quantity.end : behind[0].start]):
        beside.add(behind[0].key)
    if behind and _SCOPE.fullmatch(text, quantity.end, behind[0].start):
        beside.add(behind[0].key)
    if (
        match.theirs.row >= 0
        and match.theirs.label
        and not pair.expand(match.theirs.label) & pair.expand(pair.claim.keys)
    ):
        return frozenset(match.theirs.label)
    metrics = {fold(m.name) for m in pair.claim.mentions if m.kind == "metric"}
    return frozenset(beside) & unknown - metrics
