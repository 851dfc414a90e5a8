"""Assertions of a parsed sentence: changes, comparisons, ranks and correlations, each with its roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from synth.claims.assertions.changes import change_noun, change_verb, effect_noun, helpful
from synth.claims.assertions.comparisons import comparative
from synth.claims.assertions.equality import as_good_as
from synth.claims.assertions.ranks import correlation, superlative
from synth.claims.assertions.surpassing import superiority, surpassing
from synth.claims.syntax.grammar import Sentence
from synth.claims.syntax.modality import asserted, hedge, negated
from synth.claims.syntax.roles import Assertion
from synth.text.parsing import Token

Rule = Callable[[Sentence, Token], Assertion | None]
# The first rule that finds something at a word counts.
RULES: tuple[Rule, ...] = (
    change_verb,
    surpassing,
    superiority,
    change_noun,
    effect_noun,
    helpful,
    comparative,
    as_good_as,
    superlative,
    correlation,
)
ELSEWHERE = frozenset({"inspire", "motivate", "ignore", "neglect"})  # what others found or did not see
NOT_ALL = re.compile(r"not (?:all|every|each|always)\b", re.IGNORECASE)
CLAUSES = ("advcl", "csubj", "ccomp", "relcl", "pcomp")


def assertions(sentence: Sentence) -> tuple[Assertion, ...]:
    """Return everything that a sentence asserts, in the order of its words."""
    by_trigger: dict[int, Assertion] = {}
    for token in sentence.tokens:
        assertion = next(filter(None, (rule(sentence, token) for rule in RULES)), None)
        if (
            assertion is not None
            and assertion.trigger.index not in by_trigger
            and (settled := _settled(sentence, assertion))
        ):
            by_trigger[assertion.trigger.index] = settled
    return tuple(by_trigger.values())


def _settled(sentence: Sentence, assertion: Assertion) -> Assertion | None:
    """Return the assertion with its negation and hedge; None where it is only wished, asked or supposed."""
    verb = assertion.anchor
    if not asserted(sentence, verb):
        return None
    for above in sentence.parsed.ancestors(verb):
        if above.lemma in ELSEWHERE:
            return None
        if above.pos in ("VERB", "AUX") and above.dep in CLAUSES and not asserted(sentence, above):
            return None
    by = assertion.treatment
    if by is not None and NOT_ALL.match(by.text):
        return None  # of some it is denied, of the others nothing is said
    against = tuple(b for b in assertion.baselines if not sentence.is_clause(b))
    assertion = replace(assertion, baselines=against)
    if assertion.patient is not None and assertion.patient.head.pos != "VERB" and sentence.is_clause(assertion.patient):
        assertion = replace(assertion, patient=None)
    if by is not None and sentence.is_clause(by):
        assertion, by = replace(assertion, treatment=None), None
    if by is not None and by.start <= assertion.trigger.start < by.end and assertion.trigger.pos != "VERB":
        assertion = replace(assertion, treatment=None)  # what is said of something is no part of it
    return replace(assertion, negated=assertion.negated or negated(sentence, verb), hedge=hedge(sentence, verb))
