"""Equality: "comparable to B", "on par with B", "competitive results"."""

from __future__ import annotations

import re

from synth.claims.syntax.baselines import baselines, targets
from synth.claims.syntax.grammar import Phrase, Sentence, is_be
from synth.claims.syntax.roles import (
    Assertion,
    behind,
    governor,
    is_measure,
    of_phrase,
    patient_phrase,
    treatment_of,
    whole,
)
from synth.claims.words import EQUAL, LIGHT, PERFORM, REACHERS, bag
from synth.core.types import ClaimKind
from synth.text.parsing import Token

KEEPERS = bag("maintain retain keep preserve remain sustain")
AS_WELL = bag("competitively comparably")
BOTH = re.compile(r"(?:both|the two|all (?:three|four|five)?)\s", re.IGNORECASE)


def as_good_as(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "comparable to B", "on par with B", "competitive with B", "similar to B"."""
    parsed, word = sentence.parsed, token.text.lower()
    if word in AS_WELL and parsed.head(token).lemma in PERFORM and parsed.head(token).pos == "VERB":
        performing = parsed.head(token)  # "performs competitively"
        treatment, pronoun = treatment_of(sentence, performing)
        links = [
            c for owner in (token, performing) for c in parsed.children(owner, "prep") if c.lemma in ("to", "with")
        ]
        against = next(filter(None, (targets(sentence, link) for link in links)), ())
        assertion = Assertion(
            ClaimKind.COMPARISON, "equal", performing, token, treatment, None, against, pronoun=pronoun
        )
        return assertion if treatment is not None or pronoun is not None else None
    if word not in EQUAL or (word == "par" and parsed.head(token).lemma != "on"):
        return None
    head, verb = parsed.head(token), governor(sentence, token)
    measure = whole(sentence, head) if head.pos in ("NOUN", "PROPN") and token.dep == "amod" else None
    reaching = PERFORM | REACHERS | LIGHT | KEEPERS
    if verb is None or verb.lemma == "make" or (verb.lemma not in reaching and not is_be(verb)):
        return None
    if measure is not None and (not is_measure(sentence, measure) or parsed.head(measure).lemma == "without"):
        return None
    links = [
        child
        for owner in (token, measure, verb)
        if owner is not None
        for child in parsed.children(owner, "prep", "dative")
        if child.lemma in ("to", "with", "as") and child.index > token.index
    ]
    against = next(filter(None, (targets(sentence, link) for link in links)), ())
    shares = any(b.start <= q.start < b.end for b in against for q in sentence.quantities if q.unit == "%")
    if shares or any(c.tag == "JJR" for b in against for c in sentence.parsed.children(b.head)):
        return None  # "competitive results with only 20 % of the data"
    against = against or baselines(sentence, token, measure, verb)
    treatment, pronoun = treatment_of(sentence, verb)
    alone = measure is None or treatment is None or not BOTH.match(treatment.text)
    reached = measure is not None and verb.lemma in REACHERS | KEEPERS and word in ("competitive", "comparable", "par")
    if not against and alone and not reached:
        return None  # "both approaches have comparable accuracy" names what is compared
    if treatment is None and pronoun is None and token.index < verb.index:
        return None  # "Similar to ATIS, we find …"
    patient = patient_phrase(sentence, measure)
    if patient is not None and measure is not None:
        postposed = token.index > measure.index  # "performance comparable to B"
        patient = (
            Phrase(measure, patient.start, measure.end, sentence.text[patient.start : measure.end])
            if postposed
            else behind(sentence, patient, token)
        )
    if treatment is not None and is_be(verb) and is_measure(sentence, treatment.head):
        noun = treatment.head
        treatment, patient = of_phrase(sentence, noun), patient_phrase(sentence, noun)
    return Assertion(ClaimKind.COMPARISON, "equal", verb, token, treatment, patient, against, pronoun=pronoun)
