"""Resolution of pronouns and of "our model", from the sentences before them in the same section.

In doubt nothing is resolved. "It" is the singular subject of its own sentence or of the one before, "they" a plural
one; "this model" the nearest phrase with that noun or the nearest name; "our method" the one name that the paper
gives to what it proposes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from synth.claims.syntax.grammar import NOBODY, PRONOUNS, REPORTERS, SUBJECTS, Sentence
from synth.claims.words import bag
from synth.text.parsing import Token

SINGULAR = bag("it its")
PLURAL = bag("they their these those")
SYSTEMS = bag(
    "model method approach system framework architecture technique network algorithm strategy encoder parser decoder "
    "objective loss module procedure corpus dataset benchmark"
)
PROPOSING = bag("propose present introduce develop describe call name build create design release")
TRYING = bag("use train evaluate consider test compare")
REACH = 2  # sentences back
MAX_WORDS = 9


@dataclass(frozen=True)
class Antecedent:
    """A phrase that a pronoun may stand for."""

    text: str
    noun: str
    plural: bool
    name: bool


def resolve(sentences: Sequence[Sentence | None], sections: Sequence[str]) -> list[dict[int, str]]:
    """Return for each sentence of a paper: index of the token of a pronoun → the name that it stands for.

    Args:
        sentences: in reading order; None where one was not parsed.
        sections: where each stands; nothing is resolved over the border of a section.
    """
    proposed = _proposed(sentences)
    resolved: list[dict[int, str]] = []
    before: list[list[Antecedent]] = []
    section = None
    for sentence, place in zip(sentences, sections, strict=True):
        if place != section:
            before, section = [], place
        if sentence is None:
            resolved.append({})
            before.append([])
            continue
        names = {}
        for token in _pointing(sentence):
            if name := _antecedent(sentence, token, before[-REACH:], proposed):
                names[token.index] = name
        resolved.append(names)
        before.append(_candidates(sentence, names))
    return resolved


def _proposed(sentences: Sequence[Sentence | None]) -> str:
    """Return the name of what the paper proposes, if it is a single one: "we propose ConvKB, a model that …"."""
    names: set[str] = set()
    for sentence in filter(None, sentences):
        for verb in sentence.tokens:
            if verb.lemma not in PROPOSING or verb.pos != "VERB":
                continue
            subject = sentence.subjects(verb)[0]
            if subject is not None and subject.lemma in ("we", "paper", "work"):
                objects = sentence.parsed.children(verb, "dobj", "oprd")
                near = [*objects, *(t for o in objects for t in sentence.parsed.children(o, "appos", "oprd"))]
                near += [t for o in objects for t in _called(sentence, o)]
                names |= {t.text for t in near if _names_a_system(sentence, t)}
    return names.pop() if len(names) == 1 else ""


def _called(sentence: Sentence, noun: Token) -> list[Token]:
    """Return the name in "a model called A", "a model, dubbed A"."""
    clauses = [c for c in sentence.parsed.children(noun, "acl", "relcl") if c.lemma in ("call", "name", "dub", "term")]
    return [t for c in clauses for t in sentence.parsed.children(c, "oprd", "dobj", "attr")]


def _names_a_system(sentence: Sentence, token: Token) -> bool:
    single = token.masked and re.search(r"[A-Z]", token.text) and " and " not in token.text
    return bool(single) and not sentence.named(sentence.phrase(token), "dataset", "metric", "language", "task")


def _pointing(sentence: Sentence) -> list[Token]:
    """Return the tokens that point back: pronouns as subjects or possessors, "this model", "our method"."""
    pointing = []
    for token in sentence.tokens:
        subject = token.dep in SUBJECTS
        if (subject and token.lemma in SINGULAR | PLURAL and token.pos == "PRON") or (
            token.dep == "poss" and token.lemma in ("its", "their")
        ):
            pointing.append(token)
        elif token.lemma in SYSTEMS and token.pos == "NOUN" and token.tag == "NN":
            children = sentence.parsed.children(token)
            preceding = [c for c in children if c.index < token.index]
            words = [c.lemma for c in preceding]
            if words in (
                ["this"],
                ["the"],
                ["our"],
                ["the", "propose"],
                ["the", "proposed"],
                ["our", "propose"],
                ["our", "proposed"],
            ) and not [c for c in children if c.index > token.index and c.dep in ("prep", "relcl", "acl", "appos")]:
                pointing.append(token)
        elif token.lemma in ("former", "latter") and subject:
            pointing.append(token)
    return pointing


def _antecedent(sentence: Sentence, token: Token, before: Sequence[Sequence[Antecedent]], proposed: str) -> str:
    if token.lemma in SYSTEMS:
        determiner = next(c.lemma for c in sentence.parsed.children(token) if c.index < token.index)
        if determiner == "our" or any(c.lemma in ("propose", "proposed") for c in sentence.parsed.children(token)):
            return proposed
        if determiner != "this":
            return ""
        for candidates in reversed(before):
            named = [c for c in candidates if c.name and not c.plural]
            same = [
                c
                for c in candidates
                if c.noun == token.lemma and not c.text.lower().startswith(("this", "our", "the "))
            ]
            if len(named) == 1:
                return named[0].text
            if same:
                return same[-1].text
        return ""
    if token.lemma in ("former", "latter"):
        pairs = [c for c in (before[-1] if before else []) if " and " in c.text]
        if pairs:
            parts = pairs[-1].text.split(" and ")
            return parts[0 if token.lemma == "former" else -1].strip() if len(parts) == 2 else ""
        return ""
    if token.lemma == "it" and _empty(sentence, token):
        return ""
    plural = token.lemma in PLURAL
    if token.lemma in ("these", "those"):
        return ""
    own = [c for c in _subjects(sentence, token.index) if c.plural == plural]
    if not own:
        own = [c for c in _spoken_of(sentence, token.index) if c.plural == plural]
    if own:
        return own[-1].text
    if _subjects(sentence, token.index):
        return ""
    for candidates in reversed(before[-1:]):
        fitting = [c for c in candidates if c.plural == plural]
        if fitting:
            return fitting[0].text
    return ""


def _empty(sentence: Sentence, token: Token) -> bool:
    """Return True for the "it" of "it is clear that"."""
    verb = sentence.parsed.head(token)
    if sentence.parsed.children(verb, "auxpass") and sentence.parsed.children(verb, "ccomp"):
        return True  # "it has been observed that"
    if verb.lemma not in ("be", "seem", "appear", "turn", "become"):
        return False
    complements = sentence.parsed.children(verb, "ccomp", "xcomp", "csubj", "acomp")
    return any(c.index > verb.index and c.pos != "NOUN" for c in complements)


def _subjects(sentence: Sentence, before: int) -> list[Antecedent]:
    candidates = []
    for token in sentence.tokens[:before]:
        if token.dep in SUBJECTS and (candidate := _candidate(sentence, token)):
            candidates.append(candidate)
    return candidates


def _spoken_of(sentence: Sentence, before: int) -> list[Antecedent]:
    """Return what the authors propose or try: "we test our models, showing they improve"."""
    objects = [t for t in sentence.tokens[:before] if t.dep == "dobj"]
    mentioned = [t for t in objects if sentence.parsed.head(t).lemma in PROPOSING | TRYING]
    mentioned += [
        inner
        for t in objects
        if t.lemma == "evaluation" or sentence.parsed.head(t).lemma == "conduct"
        for link in sentence.parsed.children(t, "prep")
        if link.lemma == "of"
        for inner in sentence.parsed.children(link, "pobj")
    ]  # "we conduct an evaluation of our model"
    return [c for t in mentioned if (c := _candidate(sentence, t))]


def _candidate(sentence: Sentence, token: Token) -> Antecedent | None:
    if token.lemma in NOBODY | PRONOUNS or token.pos not in ("NOUN", "PROPN"):
        return None
    if token.lemma in REPORTERS:
        return None
    phrase = sentence.phrase(token, without=("on", "in", "for", "across"))
    if not phrase.text or len(phrase.text.split()) > MAX_WORDS:
        return None
    listed = token.masked and re.search(r" (?:and|or|nor) ", token.text) is not None
    several = token.tag in ("NNS", "NNPS") or bool(sentence.parsed.children(token, "conj"))
    plural = listed or (several and not (token.masked and token.tag == "NNP"))
    return Antecedent(phrase.text, token.lemma, plural, token.masked)


def _candidates(sentence: Sentence, names: dict[int, str]) -> list[Antecedent]:
    """Return what the next sentence may point to: subjects first, then what "we propose"."""
    candidates = [c for t in sentence.tokens if t.dep in SUBJECTS and (c := _candidate(sentence, t))]
    for token in sentence.tokens:
        if token.dep in SUBJECTS and token.index in names:
            candidates.insert(0, Antecedent(names[token.index], "", token.lemma in PLURAL, False))
    for token in sentence.tokens:
        spoken_of = token.dep == "dobj" and sentence.parsed.head(token).lemma in PROPOSING | TRYING
        if (spoken_of or token.dep == "appos") and (candidate := _candidate(sentence, token)):
            candidates.append(candidate)
    return candidates
