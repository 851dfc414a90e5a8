"""What a parsed sentence asserts: changes, comparisons, ranks and correlations, each with its roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from synth.claims.changes import change_noun, change_verb, effect_noun, helpful
from synth.claims.comparisons import comparative
from synth.claims.equality import as_good_as
from synth.claims.grammar import Sentence
from synth.claims.modality import asserted, hedge, negated
from synth.claims.ranks import correlation, superlative
from synth.claims.roles import Assertion
from synth.claims.surpassing import superiority, surpassing
from synth.language import Token

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
    found: dict[int, Assertion] = {}
    for token in sentence.tokens:
        made = next(filter(None, (rule(sentence, token) for rule in RULES)), None)
        if made is not None and made.trigger.index not in found and (held := _held(sentence, made)):
            found[made.trigger.index] = held
    return tuple(found.values())


def _held(sentence: Sentence, made: Assertion) -> Assertion | None:
    """The assertion with its negation and its hedge; None where it is only wished, asked or supposed."""
    verb = made.anchor
    if not asserted(sentence, verb):
        return None
    for above in sentence.parsed.ancestors(verb):
        if above.lemma in ELSEWHERE:
            return None
        if above.pos in ("VERB", "AUX") and above.dep in CLAUSES and not asserted(sentence, above):
            return None
    by = made.treatment
    if by is not None and NOT_ALL.match(by.text):
        return None  # of some it is denied, of the others nothing is said
    against = tuple(b for b in made.baselines if not sentence.is_clause(b))
    made = replace(made, baselines=against)
    if made.patient is not None and made.patient.head.pos != "VERB" and sentence.is_clause(made.patient):
        made = replace(made, patient=None)
    if by is not None and sentence.is_clause(by):
        made, by = replace(made, treatment=None), None
    if by is not None and by.start <= made.trigger.start < by.end and made.trigger.pos != "VERB":
        made = replace(made, treatment=None)  # what is said of something is no part of it
    return replace(made, negated=made.negated or negated(sentence, verb), hedge=hedge(sentence, verb))
