"""Comparatives: "A is better than B", "A reaches lower error than B", "A works faster than B"."""

from __future__ import annotations

import re
from dataclasses import replace

from synth.claims.baselines import baseline_phrases, baselines, targets
from synth.claims.grammar import SUBJECTS, Phrase, Sentence, is_be
from synth.claims.qualities import quality
from synth.claims.roles import (
    Assertion,
    behind,
    governor,
    is_measure,
    of_phrase,
    owned,
    patient_phrase,
    source,
    treatment_of,
    whole,
)
from synth.claims.words import (
    CHANGE_NOUNS,
    COMPARATIVES,
    LIGHT,
    OWN_HEADS,
    PERFORM,
    REACHERS,
    bag,
)
from synth.language import Token
from synth.types import ClaimKind

MEASURED = bag("higher lower better worse greater larger smaller more less")
# Which property an adjective compares.
PROPERTY = {
    **dict.fromkeys(bag("faster slower"), "speed"),
    **dict.fromkeys(bag("larger smaller"), "size"),
    **dict.fromkeys(bag("longer shorter"), "length"),
    **dict.fromkeys(bag("easier harder"), "ease"),
}
MODIFIERS = ("amod", "compound", "nmod", "advmod", "npadvmod")
AS_GOOD = re.compile(
    r"\s(?:than\s)?(?:\(?or|and|/)\s(?:at least\s)?(?:comparabl|similar|equal|equivalent|competitiv|on par)"
)
LIKELY = bag("likely probable possible plausible prone")
OUTCOME = bag("better worse higher lower superior inferior improved faster slower stronger")
VAGUE = bag("insight understanding idea way sense picture view overview basis choice alternative model system method")
MAKERS = bag("generate learn create capture extract predict retrieve build select find produce make detect identify")
OR_AS = re.compile(r"\b(?:well|good|comparable|similar|equal|equivalent|par)\s(?:as\s)?or\s(?:even\s)?$")
UNMEASURED = bag("basis alternative choice option way solution fit model seed")


def comparative(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "A is better than B", "A works faster than B", "A reaches a lower error than B"."""
    parsed, word = sentence.parsed, token.text.lower()
    way = (
        COMPARATIVES.get(word)
        or ("greater" if word == "improved" and token.dep == "amod" else "")
        or ("greater" if token.tag in ("JJR", "RBR") and word.endswith("er") else "")
    )
    head, adjective = parsed.head(token), token
    if not way or OR_AS.search(sentence.text[: token.start]) or AS_GOOD.match(sentence.text, token.end):
        return None
    if word in ("more", "less") and token.dep == "advmod" and head.pos in ("ADJ", "ADV"):
        adjective, head = head, parsed.head(head)
        if adjective.lemma in LIKELY:
            return None  # "is more likely to be more accurate": the second comparative is what is compared
    if adjective.dep in ("quantmod", "nummod") or head.pos == "NUM":
        return None
    measure = whole(sentence, head) if head.pos in ("NOUN", "PROPN") and adjective.dep in MODIFIERS else None
    if (
        measure is not None
        and adjective.dep == "advmod"
        and token.index > measure.index
        and measure.dep in ("dobj", "conj")
    ):
        measure = None  # "captures A and B better than C": how it is done
    verb = governor(sentence, measure or adjective)
    if verb is not None and verb.lemma == "compare" and verb.dep in ("prep", "advcl") and adjective.index < verb.index:
        verb = governor(sentence, verb)  # "predicts A more accurately compared to B"
    if verb is not None and verb.lemma == "benefit" and measure is None:
        return None  # "benefits more from A than from B" is read as a change
    if verb is None or (measure is not None and measure.lemma in CHANGE_NOUNS):
        return None
    against = _than(sentence, token, adjective, measure, verb)
    if measure is not None:
        if not _measured(sentence, measure, verb, word, compared=bool(against)):
            return None
    else:
        alone = adjective.dep == "advmod" and verb.lemma in PERFORM and word in ("better", "worse")
        if not (against or alone or _sized(sentence, token)):
            return None
    treatment, pronoun = treatment_of(sentence, verb, measure)
    patient = owned(sentence, pronoun)
    whose = of_phrase(sentence, measure) if measure is not None and treatment is None and pronoun is None else None
    if whose is not None and whose.head.lemma in OWN_HEADS:
        treatment = whose  # "the superior performance of our system"
    if measure is not None and (is_measure(sentence, measure) or measure.lemma not in UNMEASURED):
        patient = patient_phrase(sentence, measure)
        if patient is not None and token.index > measure.index:  # "accuracy higher than B's"
            patient = replace(patient, end=measure.end, text=sentence.text[patient.start : measure.end])
        elif patient is not None:
            patient = behind(sentence, patient, token)
        if (
            patient is not None
            and adjective is not token
            and adjective.pos == "ADJ"
            and not is_measure(sentence, measure)
        ):
            rest = sentence.text[adjective.end : patient.end].strip()
            patient = replace(patient, text=f"{quality(adjective.text)} of {rest}")  # "more diverse answers"
        if patient is not None and word in PROPERTY and not is_measure(sentence, measure):
            patient = replace(patient, text=f"{patient.text} {PROPERTY[word]}")  # "faster annotation"
    elif (
        measure is None
        and adjective.dep == "advmod"
        and word not in PROPERTY
        and verb.lemma not in PERFORM
        and not is_be(verb)
    ):
        patient = _done(sentence, verb, token, adjective)
    if measure is not None and measure.lemma == "time" and word in ("faster", "slower"):
        patient = _property(sentence, token, adjective)
    if verb.lemma == "make":
        patient = _made(sentence, verb) or patient
    elif treatment is not None and is_be(verb) and (parallel := _parallel(sentence, token, verb)):
        patient = patient_phrase(sentence, treatment.head)  # "similarity is higher in A than in B"
        treatment = parallel
    elif measure is None and treatment and is_be(verb) and word in MEASURED and is_measure(sentence, treatment.head):
        # "Accuracy is higher with A than with B": of what is said by "with".
        noun = treatment.head
        by = source(sentence, verb, adjective if adjective.pos == "ADJ" else None)
        ours = any(c.lemma == "our" for c in parsed.children(noun, "poss"))
        own = sentence.phrase(noun, without=("in", "on", "for", "at")) if ours else None
        treatment, patient = by or of_phrase(sentence, noun) or own, patient_phrase(sentence, noun)
    if patient is None and verb.lemma != "make":
        patient = _property(sentence, token, adjective)
    return Assertion(ClaimKind.COMPARISON, way, verb, token, treatment, patient, against, pronoun=pronoun)


def _sized(sentence: Sentence, word: Token) -> bool:
    """Return True for a comparative with its size right before it: "ten times faster", "3 points higher"."""
    return any(q.unit and 0 <= word.start - q.end <= 2 for q in sentence.quantities)


def _parallel(sentence: Sentence, word: Token, verb: Token) -> Phrase | None:
    """The phrase that "than in B" is set against: A in "in A … higher than in B"."""
    than = next((t for t in sentence.tokens[word.index + 1 : word.index + 10] if t.lemma == "than"), None)
    if than is None or than.index + 1 >= len(sentence.tokens):
        return None
    preposition = sentence.tokens[than.index + 1]
    if preposition.pos != "ADP":
        return None
    for token in sentence.tokens[: than.index]:
        if token.lemma == preposition.lemma and token.dep == "prep" and sentence.parsed.head(token) in (verb, word):
            for target in sentence.parsed.children(token, "pobj"):
                return sentence.phrase(target)
    return None


def _measured(sentence: Sentence, measure: Token, verb: Token, word: str, *, compared: bool) -> bool:
    """Return True where a noun with a comparative is what somebody reaches: "obtains better accuracy"."""
    if verb.lemma not in LIGHT | REACHERS | PERFORM | MAKERS | {"be", "use", "require", "need"}:
        return False
    if compared:
        return measure.dep in ("dobj", "attr", "conj", "pobj", "oprd", "ccomp")
    more = word == "more" and any(
        c.lemma == "more" for t in sentence.parsed.children(measure, "amod") for c in sentence.parsed.children(t)
    )
    if not (word in OUTCOME or more) or measure.lemma in VAGUE | UNMEASURED:
        return False
    if verb.lemma in ("lead", "result"):
        return measure.dep in ("pobj", "conj")
    if verb.lemma not in REACHERS | {"receive", "bring", "gain", "enjoy", "offer"}:
        return False
    return measure.dep in ("dobj", "attr", "conj", "oprd")


def _done(sentence: Sentence, verb: Token, *adverb: Token) -> Phrase | None:
    """What is done "more accurately": the verb with its objects and places, without the adverb and what follows it."""
    apart = {t.index for a in adverb for t in sentence.parsed.subtree(a)}
    apart |= {
        t.index
        for c in sentence.parsed.children(
            verb, "aux", "auxpass", *SUBJECTS, "mark", "advmod", "advcl", "conj", "cc", "neg"
        )
        for t in sentence.parsed.subtree(c)
    }
    apart |= {
        t.index
        for c in sentence.parsed.children(verb, "prep")
        if c.lemma in ("than", "compared", "compare")
        or any(k.lemma in ("compare", "than") for k in sentence.parsed.subtree(c))
        for t in sentence.parsed.subtree(c)
    }
    tokens = [t for t in sentence.parsed.subtree(verb) if t.index not in apart and t.index >= verb.index]
    last = verb
    for token in tokens[1:]:
        if token.index != last.index + 1 or token.pos == "PUNCT":
            break
        last = token
    text = sentence.text[verb.start : last.end].split(" than ")[0]
    return Phrase(verb, verb.start, last.end, text) if 1 < len(text.split()) <= 14 else None


def _made(sentence: Sentence, verb: Token) -> Phrase | None:
    """What "makes inference faster" is about."""
    for child in sentence.parsed.children(verb, "dobj", "ccomp"):
        if child.dep == "dobj":
            return patient_phrase(sentence, child)
        for subject in sentence.parsed.children(child, "nsubj"):
            return patient_phrase(sentence, subject)
    return None


def _property(sentence: Sentence, word: Token, adjective: Token) -> Phrase | None:
    """What "faster" and "more difficult to optimize" compare."""
    written = word.text.lower()
    if written in ("more", "less") and adjective is not word:
        inner = [
            t
            for c in sentence.parsed.children(adjective, "xcomp")
            for t in sentence.parsed.subtree(c)
            if t.dep not in ("prep", "pobj")
        ]
        end = max([adjective.end, *(t.end for t in inner[:3])])
        text = sentence.text[adjective.start : end] if inner else quality(adjective.text)
        return Phrase(adjective, adjective.start, end, text)
    if written in PROPERTY:
        return Phrase(adjective, adjective.start, adjective.end, PROPERTY[written])
    if written not in COMPARATIVES:  # "simpler"
        return Phrase(adjective, adjective.start, adjective.end, quality(word.lemma))
    return None


def _than(sentence: Sentence, *heads: Token | None) -> tuple[Phrase, ...]:
    """The baseline behind "than" or "compared to" on any of `heads`, else behind the next "than" of the sentence."""
    if found := baselines(sentence, *heads):
        return found
    word = heads[0]
    assert word is not None
    for token in sentence.tokens[word.index + 1 : word.index + 14]:
        if token.text in (";", ":"):
            break
        if token.lemma == "than" and sentence.tokens[token.index - 1].lemma == "rather":
            return ()
        if token.lemma == "than":
            following = sentence.tokens[token.index + 1] if token.index + 1 < len(sentence.tokens) else None
            if following is None or following.pos == "NUM":
                return ()
            if following.lemma == "vice":
                return ()
            if found := targets(sentence, token):
                return found
            head = next((t for t in sentence.tokens[token.index + 1 :] if t.pos in ("NOUN", "PROPN")), None)
            while (
                head is not None
                and sentence.parsed.head(head).index > head.index
                and head.dep in ("compound", "nmod", "amod")
            ):
                head = sentence.parsed.head(head)
            return baseline_phrases(sentence, head) if head is not None else ()
    return ()
