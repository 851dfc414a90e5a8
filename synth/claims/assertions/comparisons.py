"""Comparatives: "A is better than B", "A reaches lower error than B", "A works faster than B"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from synth.claims.syntax.baselines import baseline_phrases, baselines, targets
from synth.claims.syntax.grammar import SUBJECTS, Phrase, Sentence, is_be
from synth.claims.syntax.qualities import quality
from synth.claims.syntax.roles import (
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
from synth.claims.words import CHANGE_NOUNS, COMPARATIVES, LIGHT, OWN_HEADS, PERFORM, REACHERS, bag
from synth.core.types import ClaimKind
from synth.text.parsing import Token

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


@dataclass(frozen=True)
class _Comparative:
    """A comparative with the words that it hangs on."""

    word: Token  # "more" of "more accurate"
    direction: str
    adjective: Token
    measure: Token | None  # noun that the adjective stands with
    verb: Token
    baselines: tuple[Phrase, ...]

    @property
    def spelling(self) -> str:
        return self.word.text.lower()


def comparative(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "A is better than B", "A works faster than B", "A reaches a lower error than B"."""
    c = _comparative(sentence, token)
    if c is None:
        return None
    verb, measure = c.verb, c.measure
    treatment, pronoun = treatment_of(sentence, verb, measure)
    whose = of_phrase(sentence, measure) if measure is not None and treatment is None and pronoun is None else None
    if whose is not None and whose.head.lemma in OWN_HEADS:
        treatment = whose  # "the superior performance of our system"
    patient = _patient(sentence, c, owned(sentence, pronoun))
    if verb.lemma == "make":
        patient = _thing_made(sentence, verb) or patient
    elif treatment is not None and is_be(verb) and (parallel := _parallel(sentence, token, verb)):
        patient = patient_phrase(sentence, treatment.head)  # "similarity is higher in A than in B"
        treatment = parallel
    elif (
        measure is None
        and treatment
        and is_be(verb)
        and c.spelling in MEASURED
        and is_measure(sentence, treatment.head)
    ):
        patient = patient_phrase(sentence, treatment.head)
        treatment = _owner(sentence, c, treatment.head)
    if patient is None and verb.lemma != "make":
        patient = _property(sentence, token, c.adjective)
    return Assertion(ClaimKind.COMPARISON, c.direction, verb, token, treatment, patient, c.baselines, pronoun=pronoun)


def _comparative(sentence: Sentence, token: Token) -> _Comparative | None:
    """Return the comparative at `token` with its verb and baselines; None where nothing is compared."""
    parsed, spelling = sentence.parsed, token.text.lower()
    direction = _direction(token)
    head, adjective = parsed.head(token), token
    if not direction or OR_AS.search(sentence.text[: token.start]) or AS_GOOD.match(sentence.text, token.end):
        return None
    if spelling in ("more", "less") and token.dep == "advmod" and head.pos in ("ADJ", "ADV"):
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
        if not _measured(sentence, measure, verb, spelling, compared=bool(against)):
            return None
    else:
        alone = adjective.dep == "advmod" and verb.lemma in PERFORM and spelling in ("better", "worse")
        if not (against or alone or _sized(sentence, token)):
            return None
    return _Comparative(token, direction, adjective, measure, verb, against)


def _direction(token: Token) -> str:
    """Return the direction of a comparative, "" for other words."""
    spelling = token.text.lower()
    if direction := COMPARATIVES.get(spelling):
        return direction
    improved = spelling == "improved" and token.dep == "amod"
    return "greater" if improved or (token.tag in ("JJR", "RBR") and spelling.endswith("er")) else ""


def _patient(sentence: Sentence, c: _Comparative, owned_measure: Phrase | None) -> Phrase | None:
    """Return what is compared; `owned_measure` where neither the noun nor the verb says it."""
    measure, verb = c.measure, c.verb
    patient = owned_measure
    if measure is not None and (is_measure(sentence, measure) or measure.lemma not in UNMEASURED):
        patient = _measure_phrase(sentence, c, measure)
    elif (
        measure is None
        and c.adjective.dep == "advmod"
        and c.spelling not in PROPERTY
        and verb.lemma not in PERFORM
        and not is_be(verb)
    ):
        patient = _activity(sentence, verb, c.word, c.adjective)
    if measure is not None and measure.lemma == "time" and c.spelling in ("faster", "slower"):
        return _property(sentence, c.word, c.adjective)
    return patient


def _measure_phrase(sentence: Sentence, c: _Comparative, measure: Token) -> Phrase | None:
    """Return the noun of a comparative without the comparative: of "more diverse answers" the diversity of answers."""
    patient = patient_phrase(sentence, measure)
    if patient is None:
        return None
    if c.word.index > measure.index:  # "accuracy higher than B's"
        patient = replace(patient, end=measure.end, text=sentence.text[patient.start : measure.end])
    else:
        patient = behind(sentence, patient, c.word)
    if patient is None or is_measure(sentence, measure):
        return patient
    if c.adjective is not c.word and c.adjective.pos == "ADJ":
        noun = sentence.text[c.adjective.end : patient.end].strip()
        patient = replace(patient, text=f"{quality(c.adjective.text)} of {noun}")  # "more diverse answers"
    if c.spelling in PROPERTY:
        patient = replace(patient, text=f"{patient.text} {PROPERTY[c.spelling]}")  # "faster annotation"
    return patient


def _owner(sentence: Sentence, c: _Comparative, noun: Token) -> Phrase | None:
    """Return whose measure `noun` is: of "accuracy is higher with A than with B" that is A."""
    by = source(sentence, c.verb, c.adjective if c.adjective.pos == "ADJ" else None)
    ours = any(child.lemma == "our" for child in sentence.parsed.children(noun, "poss"))
    own = sentence.phrase(noun, without=("in", "on", "for", "at")) if ours else None
    return by or of_phrase(sentence, noun) or own


def _sized(sentence: Sentence, word: Token) -> bool:
    """Return True for a comparative with its size right before it: "ten times faster", "3 points higher"."""
    return any(q.unit and 0 <= word.start - q.end <= 2 for q in sentence.quantities)


def _parallel(sentence: Sentence, word: Token, verb: Token) -> Phrase | None:
    """Return the phrase that "than in B" is set against: A in "in A … higher than in B"."""
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


def _activity(sentence: Sentence, verb: Token, *adverb: Token) -> Phrase | None:
    """Return what is done "more accurately": the verb, its objects and places, without the adverb and what follows."""
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


def _thing_made(sentence: Sentence, verb: Token) -> Phrase | None:
    """Return what "makes inference faster" is about."""
    for child in sentence.parsed.children(verb, "dobj", "ccomp"):
        if child.dep == "dobj":
            return patient_phrase(sentence, child)
        for subject in sentence.parsed.children(child, "nsubj"):
            return patient_phrase(sentence, subject)
    return None


def _property(sentence: Sentence, word: Token, adjective: Token) -> Phrase | None:
    """Return what "faster" and "more difficult to optimize" compare."""
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
    """Return the baselines behind "than" or "compared to" on any of `heads`, else behind the sentence's next "than"."""
    if phrases := baselines(sentence, *heads):
        return phrases
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
            if phrases := targets(sentence, token):
                return phrases
            head = next((t for t in sentence.tokens[token.index + 1 :] if t.pos in ("NOUN", "PROPN")), None)
            while (
                head is not None
                and sentence.parsed.head(head).index > head.index
                and head.dep in ("compound", "nmod", "amod")
            ):
                head = sentence.parsed.head(head)
            return baseline_phrases(sentence, head) if head is not None else ()
    return ()
