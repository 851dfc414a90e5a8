"""Verbs that compare: "A outperforms B", "A is outperformed by B", "A lags behind B"."""

from __future__ import annotations

import re

from synth.claims.syntax.baselines import baseline_phrases, baselines
from synth.claims.syntax.grammar import Phrase, Sentence
from synth.claims.syntax.roles import Assertion, is_measure, of_phrase, owned, patient_phrase, treatment_of
from synth.claims.words import COMPARE_VERBS, FINDING, bag
from synth.core.types import ClaimKind
from synth.text.parsing import Token

OFTEN_NUMBERS = bag("match exceed rival")  # "exceeds 90%" compares with no system
UNITS = bag("% percent point")
SYSTEMS = re.compile(
    r"\b(?:performances?|accuracy|scores?|results?|quality|state|record|models?|systems?|methods?|approach(?:es)?|baselines?"
    r"|humans?|work|techniques?)\b"
)
BEHIND = bag("lag trail")
SHOWN = FINDING | bag("verify evidence")


def surpassing(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "A outperforms B", "A is outperformed by B"."""
    lemma = token.lemma
    if lemma not in COMPARE_VERBS or token.pos != "VERB" or token.dep in ("amod", "compound"):
        return None
    subject, passive = sentence.subjects(token)
    direction = COMPARE_VERBS[lemma]
    if passive:
        agent = sentence.agent(token)
        if subject is None or agent is None:
            return None
        direction = {"greater": "less", "less": "greater"}.get(direction, direction)
        against = baseline_phrases(sentence, agent)
        return Assertion(ClaimKind.COMPARISON, direction, token, token, sentence.phrase(subject), None, against)
    objects = [c for c in sentence.parsed.children(token, "dobj", "ccomp", "xcomp") if c.index > token.index]
    if lemma in BEHIND:
        objects = [
            t
            for c in sentence.parsed.subtree(token)
            if c.lemma == "behind"
            for t in (*sentence.parsed.children(c, "pobj"), *sentence.parsed.children(token, "dobj"))
        ]
        if not objects:
            return None
    if objects and lemma in OFTEN_NUMBERS and (objects[0].pos == "NUM" or objects[0].lemma in UNITS):
        return None
    against = _surpassed(sentence, token, objects[0] if objects else None)
    if any("=" in b.text for b in against):
        return None  # "correlations exceeding r = 0.8"
    if lemma == "match" and not (against and (against[0].head.masked or SYSTEMS.search(against[0].text))):
        return None  # "matches words of the source"
    if not objects and not against and lemma in {*OFTEN_NUMBERS, "beat"}:
        return None
    treatment, pronoun = treatment_of(sentence, token)
    patient = owned(sentence, pronoun)
    if treatment is not None and is_measure(sentence, treatment.head) and (of := of_phrase(sentence, treatment.head)):
        treatment, patient = of, patient_phrase(sentence, treatment.head)
    return Assertion(
        ClaimKind.COMPARISON,
        direction,
        token,
        token,
        treatment if subject is not None else None,
        patient,
        against,
        pronoun=pronoun,
    )


def superiority(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "we show the superiority of A over B"."""
    verb = sentence.parsed.head(token)
    if (
        token.lemma != "superiority"
        or token.dep not in ("dobj", "conj")
        or verb.pos != "VERB"
        or verb.lemma not in SHOWN
    ):
        return None
    treatment = of_phrase(sentence, token)
    against = baselines(sentence, token, verb)
    assertion = Assertion(ClaimKind.COMPARISON, "greater", verb, token, treatment, None, against)
    return assertion if treatment is not None else None


def _surpassed(sentence: Sentence, verb: Token, target: Token | None) -> tuple[Phrase, ...]:
    if target is None:
        # "outperforms continued training": the parser takes the participle for the verb of the sentence.
        above = sentence.parsed.head(verb)
        if above.index != verb.index + 1 or above.tag not in ("VBD", "VBN"):
            return ()
        end = max(
            [above.end, *(t.end for c in sentence.parsed.children(above, "dobj") for t in sentence.parsed.subtree(c))]
        )
        return (Phrase(above, above.start, end, sentence.text[above.start : end]),)
    if listed := _enumerated(sentence, target):
        return listed
    phrases = baseline_phrases(sentence, target)
    return (_extended(sentence, verb, phrases[0]),) if len(phrases) == 1 and target.tag == "VBG" else phrases


def _extended(sentence: Sentence, verb: Token, phrase: Phrase) -> Phrase:
    """Return a gerund with the "during …" or "with …" right behind it, which the parser hangs on the verb above."""
    for child in sentence.parsed.children(verb, "prep"):
        inner = sentence.parsed.subtree(child)
        if child.lemma in ("during", "with", "after", "before") and 0 < inner[0].start - phrase.end <= 2:
            end = max(t.end for t in inner if t.pos != "PUNCT")
            return Phrase(phrase.head, phrase.start, end, sentence.text[phrase.start : end])
    return phrase


def _enumerated(sentence: Sentence, head: Token) -> tuple[Phrase, ...]:
    """Return the members of "the alternatives of (i) A and (ii) B"."""
    marks = list(re.finditer(r"\((?:i{1,3}|iv|v|vi|[1-9]|[a-e])\)\s*", sentence.text))
    marks = [m for m in marks if m.start() > head.start]
    if not marks or marks[0].start() - head.end > 60:
        return ()
    ends = [m.start() for m in marks[1:]] + [len(sentence.text)]
    members = []
    for mark, end in zip(marks, ends, strict=True):
        text = re.sub(r"[\s,;]+(?:and|or)?\s*$", "", sentence.text[mark.end() : end]).strip(" .;,")
        if 0 < len(text.split()) <= 18:
            members.append(Phrase(head, mark.end(), mark.end() + len(text), text))
    return tuple(members)
