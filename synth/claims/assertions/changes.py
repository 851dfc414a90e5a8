"""Changes: "X improves Y by 3 points", "X yields gains of 3 points", "Y drops", "X is beneficial"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from synth.claims.syntax.baselines import baselines, targets
from synth.claims.syntax.grammar import NOBODY, REPORTERS, Phrase, Sentence, is_be
from synth.claims.syntax.roles import (
    Assertion,
    governor,
    is_measure,
    of_phrase,
    patient_phrase,
    source,
    source_phrase,
    treatment_of,
)
from synth.claims.words import (
    CHANGE_NOUNS,
    CHANGES,
    GENERIC,
    HELPFUL,
    INTRANSITIVE,
    LIGHT,
    MEASURES,
    OWN_HEADS,
    SETTINGS,
    TAKERS,
    TESTED,
    bag,
)
from synth.core.types import ClaimKind
from synth.text.parsing import Token

PEOPLE = bag("patient woman man participant subject child mouse rat animal people person group respondent user")
ART = re.compile(
    r"(?:the |a |an )?(?:\w+ )?(?:state[- ]of[- ](?:the[- ])?art|SOTA)\b"
    r"|(?:the |all )?(?:previous|prior|earlier|existing|previously|best) (?:[\w-]+ ){0,3}"
    r"(?:results?|works?|systems?|records?)$"
    r"|(?:the |a |our |all )?(?:[\w-]+ ){0,2}base ?lines?(?: [\w-]+)?$",
    re.IGNORECASE,
)
OUTLOOK = bag("study research work researcher community future")
LARGE = bag(
    "significant substantial considerable large consistent further notable great good marked clear strong additional "
    "small slight modest steady dramatic huge general overall remarkable"
)
# What authors set: that it "was increased" is how they did it.
SET = re.compile(
    r"\b(?:(?:learning|dropout) rate|dropout|momentum|temperature|weight decay|epochs?|layers?|batch(?:es)?|steps?"
    r"|(?:batch|vocabulary|hidden|embedding|kernel|filter|beam|window|step|mini-?batch) size)$",
    re.IGNORECASE,
)
BASE = re.compile(r"\b(?:model|baseline|state|system|method|approach|work|result|record)s?\b")
# "Has a positive effect on A", "A is adversely affected by B".
EFFECTS = bag("effect impact influence")
AFFECTS = bag("affect impact influence")
GOOD = bag("positive beneficial favorable favourable positively beneficially")
BAD = bag("negative detrimental adverse harmful negatively adversely detrimentally severely badly")
# With these a noun of change behind a preposition is not what they bring about: "shows X in a reduction".
PLAIN = bag("show see report have provide give obtain find set make perform observe demonstrate score")


def change_verb(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "X improves Y", "Y is improved by X", "Y improves with X", "Y benefits from X"."""
    way = CHANGES.get(token.lemma) or _affects(sentence, token)
    if way is None or token.pos != "VERB" or token.dep in ("amod", "compound"):
        return None
    if token.dep == "acl" and token.tag == "VBN":
        return None  # "with the size reduced to 4 %": under which condition
    subject, passive = sentence.subjects(token)
    objects = [c for c in sentence.parsed.children(token, "dobj") if not sentence.is_amount(c) or c.lemma in MEASURES]
    ahead = [c for c in sentence.parsed.children(token, "prep") if c.lemma == "over" and c.index > token.index]
    objects = [c for c in objects if not ahead or c.index < ahead[0].index]  # "improves over B by 2 points … settings"
    against = baselines(sentence, token, *objects[:1]) or _over(sentence, objects[:1])
    assertion = Assertion(ClaimKind.EFFECT, way, token, token, baselines=against)
    if token.lemma == "benefit" and not objects:  # "A benefits B" is said of B
        by = source(sentence, token)
        return replace(assertion, treatment=by, patient=patient_phrase(sentence, subject)) if by and subject else None
    if passive and not objects:
        agent = sentence.agent(token)
        by = source_phrase(sentence, agent) if agent is not None else source(sentence, token)
        patient = patient_phrase(sentence, subject)
        if patient is not None and by is None and SET.search(patient.text):
            return None
        return replace(assertion, treatment=by, patient=patient)
    treatment, pronoun = treatment_of(sentence, token)
    if objects:
        if (subject is None and token.tag == "VBG") or (token.lemma == "augment" and _by_us(subject)):
            return None
        if subject is not None and subject.lemma == "we" and treatment is None and not _sized(sentence, token):
            return None  # "we increase the vocabulary size": what was done
        patient = patient_phrase(sentence, objects[0])
        if way == "increase" and patient is not None and ART.match(patient.text) and not against:
            measured = patient if is_measure(sentence, objects[0]) and not _art_alone(objects[0]) else None
            measured = replace(measured, start=objects[0].start, text=objects[0].text) if measured else None
            if measured is not None and measured.start > patient.start and measured.head.lemma not in GENERIC:
                patient = _before(sentence, patient, measured.start)  # of "the best F1" the best
            return Assertion(
                ClaimKind.COMPARISON, "greater", token, token, treatment, measured, (patient,), pronoun=pronoun
            )
        return replace(assertion, treatment=treatment, pronoun=pronoun, patient=patient)
    if subject is None:
        return None
    assertion = replace(assertion, baselines=against or _upon(sentence, token))
    if _by_itself(sentence, token, subject, compared=bool(assertion.baselines)):
        return replace(assertion, treatment=source(sentence, token), patient=patient_phrase(sentence, subject))
    if treatment is None and pronoun is None and not _sized(sentence, token):
        return None
    return replace(assertion, treatment=treatment, pronoun=pronoun)


def _by_us(subject: Token | None) -> bool:
    return subject is not None and subject.lemma == "we"


def _art_alone(token: Token) -> bool:
    """Return True for "the state of the art" as a noun."""
    return token.masked and bool(ART.match(token.text))


def _before(sentence: Sentence, phrase: Phrase, end: int) -> Phrase:
    """Return the part of a phrase before a place in the text."""
    text = sentence.text[phrase.start : end].rstrip(" -")
    return replace(phrase, end=phrase.start + len(text), text=text)


def _affects(sentence: Sentence, verb: Token) -> str | None:
    """Return the direction of "negatively affects" and "is adversely affected by"; None where it is not stated."""
    adverbs = {c.lemma for c in sentence.parsed.children(verb, "advmod")} if verb.lemma in AFFECTS else set()
    return "increase" if adverbs & GOOD else "decrease" if adverbs & BAD else None


def effect_noun(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "A has a positive effect on B", "A has no impact on B"."""
    if token.lemma not in EFFECTS or token.pos != "NOUN" or token.dep not in ("dobj", "conj"):
        return None
    near = {c.lemma for c in sentence.parsed.children(token, "amod", "det", "compound")}
    way = "increase" if near & GOOD else "decrease" if near & BAD else "increase" if "no" in near else ""
    verb = governor(sentence, token)
    if not way or verb is None or verb.lemma not in {"have", "exert", *LIGHT}:
        return None
    treatment, pronoun = treatment_of(sentence, verb, token)
    links = [c for owner in (token, verb) for c in sentence.parsed.children(owner, "prep") if c.lemma in ("on", "upon")]
    changed = [t for c in links for t in sentence.parsed.children(c, "pobj")]
    if not changed or (treatment is None and pronoun is None):
        return None
    patient = patient_phrase(sentence, changed[0])
    return Assertion(ClaimKind.EFFECT, way, verb, token, treatment, patient, negated="no" in near, pronoun=pronoun)


def _over(sentence: Sentence, objects: Sequence[Token]) -> tuple[Phrase, ...]:
    """Return the B of "improves answer quality over B", which the parser hangs on a word inside the object."""
    for below in (t for o in objects for t in sentence.parsed.subtree(o) if t.lemma == "over" and t.dep == "prep"):
        for phrase in targets(sentence, below):
            if phrase.head.lemma not in TESTED | SETTINGS | {"language"} and not sentence.is_amount(phrase.head):
                return targets(sentence, below)
    return ()


def _by_itself(sentence: Sentence, verb: Token, subject: Token, *, compared: bool) -> bool:
    """Return True where the subject is what changes: "accuracy drops", not "our model improves over B"."""
    if verb.lemma not in INTRANSITIVE or subject.lemma in NOBODY | REPORTERS:
        return False
    if is_measure(sentence, subject):
        return True
    if verb.dep in ("acl", "advcl") or (verb.lemma == "improve" and compared):
        return False
    return verb.lemma != "improve" or bool(sentence.named(sentence.phrase(subject), "dataset", "task"))


def _upon(sentence: Sentence, verb: Token) -> tuple[Phrase, ...]:
    """Return the baseline of "improves on the base model", where it is no data set."""
    for child in sentence.parsed.children(verb, "prep"):
        if child.lemma in ("on", "upon"):
            phrases = targets(sentence, child)
            if phrases and BASE.search(phrases[0].text):
                return phrases
    return ()


def _sized(sentence: Sentence, token: Token) -> bool:
    """Return True if a quantity with a unit follows."""
    return any(q.unit and token.end <= q.start for q in sentence.quantities)


def change_noun(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "X yields gains of 3 points", "we see improvements from X", "there is a drop in Y", "gains are obtained"."""
    without = token.dep == "pobj" and sentence.parsed.head(token).lemma == "without"
    way = CHANGE_NOUNS.get(token.lemma) or CHANGE_NOUNS.get(token.text.lower())
    way = "decrease" if without and token.lemma == "loss" else way
    if way is None or token.pos != "NOUN" or token.dep in ("compound", "npadvmod"):
        return None
    if token.lemma == "benefit" and any(c.lemma == "the" for c in sentence.parsed.children(token, "det")):
        return None  # "has the benefit that": a reason to like it, no change
    parsed, verb = sentence.parsed, governor(sentence, token)
    if verb is None or not _linked(sentence, token, verb):
        return None
    assertion = Assertion(
        ClaimKind.EFFECT,
        way,
        verb,
        token,
        negated=without or any(c.lemma in ("no", "little") for c in parsed.children(token, "det", "amod")),
        patient=_changed(sentence, token) or _speed(token) or _taken_for_noun(sentence, token),
        baselines=baselines(sentence, token, verb),
    )
    subject, passive = sentence.subjects(verb)
    if subject is not None and token in sentence.items(subject):
        if not passive or verb.lemma not in LIGHT:
            return None
        agent = sentence.agent(verb)
        by = source_phrase(sentence, agent) if agent is not None else source(sentence, verb, token)
        return replace(assertion, treatment=by)
    if is_be(verb) and any(c.lemma == "there" for c in parsed.children(verb)):
        return replace(assertion, treatment=source(sentence, token))
    if verb.lemma not in LIGHT and not without:
        return None
    if without and assertion.patient is None:
        return None  # "without improvements": of what is not said
    if (
        not without
        and token.dep == "pobj"
        and ((verb.lemma in PLAIN and not passive) or parsed.head(token).lemma == "with")
    ):
        return None
    treatment, pronoun = treatment_of(sentence, verb, token)
    whose = of_phrase(sentence, token)
    if treatment is None and pronoun is None and whose is not None and whose.head.lemma in OWN_HEADS:
        return replace(assertion, treatment=whose)
    own = treatment is not None and treatment.head is subject
    if treatment is None or subject is None or passive or verb.lemma not in TAKERS or not own:
        return replace(assertion, treatment=treatment, pronoun=pronoun)
    if is_measure(sentence, subject) or subject.lemma in PEOPLE or _only_names(sentence, treatment):
        by = source(sentence, token) or source(sentence, verb)
        whose = None if subject.lemma in PEOPLE else treatment
        return replace(assertion, treatment=by, patient=assertion.patient or whose)
    return replace(assertion, treatment=treatment, pronoun=pronoun)


def _linked(sentence: Sentence, noun: Token, verb: Token) -> bool:
    """Return True if `noun` is what `verb` brings about: "leads to a reduction of the drop"."""
    above = tuple(sentence.parsed.ancestors(noun))
    if noun.dep == "appos" and above[0].lemma in EFFECTS and above[0].dep == "dobj":
        return True  # "has a positive effect, an improvement of 8 points"
    return all(
        (b.pos == "ADP" and b.lemma in ("in", "to", "of", "with", "for", "without"))
        or (b.pos in ("NOUN", "PROPN") and (b.lemma in CHANGE_NOUNS | {"average": ""} or noun.dep == "conj"))
        or (b.pos in ("ADP", "ADJ") and noun.dep == "conj")
        for b in above[: above.index(verb)]
    )


def _only_names(sentence: Sentence, phrase: Phrase) -> bool:
    """Return True for a subject that is a data set or a task and nothing else, which undergoes what it "shows"."""
    named = sentence.named(phrase, "dataset", "task", "language")
    remainder = phrase.text
    for mention in named:
        remainder = remainder.replace(mention.text, "")
    others = re.findall(r"[a-z]{3,}", re.sub(r"\b(?:and|the)\b", "", remainder))
    return any(m.kind != "language" for m in named) and len(others) <= 1


def _changed(sentence: Sentence, noun: Token) -> Phrase | None:
    """Return what changed of "a reduction in error", "accuracy gains", "a drop of accuracy"."""
    parsed = sentence.parsed
    for at, child in enumerate(parsed.children(noun, "prep")):
        if child.lemma in ("in", "of", "to"):
            for target in parsed.children(child, "pobj"):
                if child.lemma == "of" and target.lemma in OWN_HEADS:
                    continue  # "the performance gains of our approach": whose they are
                measured = is_measure(sentence, target)
                if child.lemma == "in" and (at or target.lemma in SETTINGS | TESTED) and not measured:
                    continue  # "improvements over B in few-shot detection", "in both settings": where
                if not sentence.is_amount(target) or target.lemma in MEASURES:
                    return patient_phrase(sentence, target)
    for child in parsed.children(noun, "compound", "nmod"):
        if child.lemma not in ("target", "task", "point", "percent") and not sentence.is_amount(child):
            first = next(t for t in parsed.subtree(child) if t is child or t.lemma not in LARGE)
            return Phrase(child, first.start, child.end, sentence.text[first.start : child.end])
    return None


def _speed(noun: Token) -> Phrase | None:
    """Return what a speed-up changes."""
    return Phrase(noun, noun.start, noun.end, "speed") if noun.lemma == "speedup" else None


def _taken_for_noun(sentence: Sentence, noun: Token) -> Phrase | None:
    """Return what changes in "disagreement increases with A", where the parser takes the verb for a noun."""
    subjects = sentence.parsed.children(noun, "nsubj")
    return patient_phrase(sentence, subjects[0]) if subjects and noun.tag == "NNS" else None


def helpful(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "X is beneficial", "X and Y are harmful augmentations"."""
    way = HELPFUL.get(token.lemma)
    if way is None or token.dep not in ("acomp", "amod", "attr", "conj"):
        return None
    if any(c.lemma in ("more", "most", "less", "least") for c in sentence.parsed.children(token)):
        return None
    verb = governor(sentence, token)
    if verb is None or not is_be(verb):
        return None
    treatment, pronoun = treatment_of(sentence, verb)
    links = [c for c in sentence.parsed.children(token, "prep") if c.lemma in ("for", "to", "in")]
    served = [t for c in links for t in sentence.parsed.children(c, "pobj")]
    if any(t.lemma in OUTLOOK for t in served):
        return None  # "is beneficial for future research"
    changed = [t for t in served if t.lemma not in TESTED | SETTINGS | {"language", "dialect"}]
    patient = patient_phrase(sentence, changed[0]) if changed else None
    return Assertion(ClaimKind.EFFECT, way, verb, token, treatment, patient, pronoun=pronoun)
