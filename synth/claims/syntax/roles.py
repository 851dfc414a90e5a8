"""Semantic roles of an assertion, read off the parse around its verb."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth.claims.syntax.grammar import NOBODY, PRONOUNS, REPORTERS, Phrase, Sentence
from synth.claims.words import CHANGE_NOUNS, ENABLING, FINDING, GENERIC, MEASURES, OWN_HEADS, PERFORM, bag
from synth.core.types import ClaimKind
from synth.text.parsing import Token

SOURCES = bag("from with by through using via due thanks")
POSSESSIVES = bag("its their his her")
USING = bag("use employ utilize utilise apply")
MEANS = USING | bag("combine add")
TRIED = bag("evaluate apply test validate extend use employ assess benchmark compare")
# No treatment: it says nothing of its own, or the parser took a clause for a part of it.
EMPTY = re.compile(
    r"(?:(?:doing so|this way)$|(?:when|while|if|although|because|since|whereas|however)\b|\w+,\swe\b)", re.IGNORECASE
)
# "We demonstrate the effectiveness of A by surpassing B": of A.
WORTH = bag(
    "effectiveness efficacy superiority benefit advantage usefulness validity strength competitiveness efficiency "
    "utility potential viability promise"
)
PROPOSING = bag("propose present introduce develop devise design describe build create")
PROPOSED = PROPOSING | bag("adapt adopt")
PORTIONS = bag("number amount fraction portion part subset percentage dataset datasets metric metrics")
CALLED = bag("call name dub term denote abbreviate")
# Where, by how much, against what and under which condition: none of it is what changes.
AROUND = bag(
    "on for across over by from to with than at among in compared as during under after via through without relative "
    "against"
)


BETWEEN = bag("association correlation agreement alignment relation relationship similarity overlap interaction")


@dataclass(frozen=True)
class Assertion:
    """An assertion of a sentence.

    `anchor` is the verb that it hangs on, `trigger` the word that says what is asserted. `treatment` is who or what
    brings it about, `patient` what changes or is measured, `baselines` what it is compared with. `pronoun` is the
    subject where it is a pronoun.
    """

    kind: ClaimKind
    direction: str
    anchor: Token
    trigger: Token
    treatment: Phrase | None = None
    patient: Phrase | None = None
    baselines: tuple[Phrase, ...] = ()
    negated: bool = False
    hedge: str = ""
    pronoun: Token | None = None


def governor(sentence: Sentence, token: Token) -> Token | None:
    """Return the nearest verb above `token`."""
    return next((a for a in sentence.parsed.ancestors(token) if a.pos in ("VERB", "AUX")), None)


def treatment_of(sentence: Sentence, verb: Token, noun: Token | None = None) -> tuple[Phrase | None, Token | None]:
    """Return the treatment by the subject or "with …", "by …", "from …"; and the subject where it is a pronoun."""
    subject, patient = sentence.subjects(verb)
    if subject is not None and subject.pos == "VERB" and subject.tag in ("VBZ", "VBP", "VBD"):
        subject = sentence.subjects(subject)[0]  # "A trains faster, improves …": a list of verbs taken for a clause
    if neither := _neither(sentence, verb):
        return neither, None
    if shown := _shown(sentence, verb):
        return shown, None
    if subject is not None and not patient and not _nobody(sentence, subject):
        if subject.lemma in ("former", "latter"):
            return None, subject
        owned = [c for c in sentence.parsed.children(subject, "poss") if c.lemma in POSSESSIVES]
        if owned:
            return None, owned[0]
        marks = sentence.parsed.children(subject, "mark", "advmod") if subject.tag == "VBG" else ()
        marks = tuple(m for m in marks if m.lemma in ("while", "whereas"))
        if name := _called(sentence, subject):
            return name, None
        # "The second model performed best": the parser takes the verb for a participle.
        participles = tuple(
            c for c in sentence.parsed.children(subject, "acl") if c.lemma in PERFORM and c.tag == "VBN"
        )
        phrase = sentence.phrase(subject, apart=(verb, *marks, *participles, *filter(None, (noun,))))
        return (None if EMPTY.match(phrase.text) else phrase), None
    if subject is not None and (above := enabling(sentence, verb)) and above.index < subject.index:
        return treatment_of(sentence, above)  # "A enables us to improve B"
    if subject is not None and subject.lemma == "we" and (proposed := _proposed(sentence, verb)):
        return proposed, None
    if subject is not None and subject.lemma == "we" and (tried := _tried(sentence, verb)):
        return tried, None
    first = sentence.parsed.head(verb) if verb.dep == "conj" else verb
    if subject is not None and first.dep == "advcl" and (agent := sentence.agent(sentence.parsed.head(first))):
        return source_phrase(sentence, agent), None  # "results were obtained by A achieving 90%"
    pronoun = subject if subject is not None and subject.lemma in PRONOUNS else None
    if pronoun is not None and not patient:
        return None, pronoun
    return source(sentence, verb, noun), None


def enabling(sentence: Sentence, verb: Token) -> Token | None:
    """Return the verb above an infinitive that says it comes about: "A allows the model to outperform B"."""
    parsed, head = sentence.parsed, sentence.parsed.head(verb)
    if head is verb or not any(c.lemma == "to" for c in parsed.children(verb, "aux")):
        return None
    if verb.dep in ("relcl", "acl") and head.dep == "dobj":
        head = parsed.head(head)
    elif verb.dep not in ("ccomp", "xcomp"):
        return None
    return head if head.lemma in ENABLING and head.pos == "VERB" else None


def _called(sentence: Sentence, subject: Token) -> Phrase | None:
    """Return the name of "our model, dubbed A, …" and "our method, A, …"."""
    if subject.lemma not in OWN_HEADS or not any(c.lemma == "our" for c in sentence.parsed.children(subject)):
        return None
    near = [
        *(c for c in sentence.parsed.children(subject, "appos") if c.masked),
        *(
            t
            for c in sentence.parsed.children(subject, "acl", "relcl")
            if c.lemma in CALLED
            for t in sentence.parsed.children(c, "oprd", "dobj", "attr")
        ),
    ]
    return Phrase(near[0], near[0].start, near[0].end, near[0].text) if len(near) == 1 else None


def _shown(sentence: Sentence, verb: Token) -> Phrase | None:
    """Return A of "we show the effectiveness of A by surpassing B", "demonstrating the effectiveness of A, improving
    B".
    """
    if verb.dep not in ("pcomp", "advcl", "acl"):
        return None
    for above in sentence.parsed.ancestors(verb):
        for target in sentence.parsed.children(above, "dobj") if above.lemma in FINDING else ():
            if target.lemma in WORTH and target.index < verb.index:
                return of_phrase(sentence, target)
    return None


def _proposed(sentence: Sentence, verb: Token) -> Phrase | None:
    """Return A of "we devise A, giving us gains"."""
    above = sentence.parsed.head(verb)
    above = next((c for c in sentence.parsed.children(above, "xcomp") if c.lemma in PROPOSED), above)
    if verb.dep != "advcl" or verb.tag != "VBG" or above.lemma not in PROPOSED or verb.lemma in FINDING:
        return None
    for target in sentence.parsed.children(above, "dobj"):
        if target.index < verb.index:
            return sentence.phrase(target, without=("for", "in", "on", "to"), apart=(verb,))
    return None


def _tried(sentence: Sentence, verb: Token) -> Phrase | None:
    """Return A of "we evaluate A on B and achieve improvements"."""
    for above in sentence.parsed.ancestors(verb):
        if above.lemma in TRIED and sentence.subjects(above)[0] is sentence.subjects(verb)[0]:
            for target in sentence.parsed.children(above, "dobj"):
                if target.lemma in ("performance", "quality", "effectiveness"):
                    return of_phrase(sentence, target)
                if target.masked and not sentence.named(sentence.phrase(target), "dataset", "metric", "task"):
                    return sentence.phrase(target, without=("on", "in", "for", "to", "with", "against", "over"))
                own = any(c.lemma in ("our", "propose") for c in sentence.parsed.children(target))
                if own and target.lemma in OWN_HEADS:
                    return sentence.phrase(target, without=("on", "in", "for", "to", "with", "against", "over"))
    return None


def _neither(sentence: Sentence, verb: Token) -> Phrase | None:
    """Return A nor B of "neither A nor B improves", which the parser seldom takes for a subject."""
    match = re.match(r"[Nn]either\s(.{3,120}?\snor\s.{2,80}?)(?:\s\w+ly)?\s$", sentence.text[: verb.start])
    if not match:
        return None
    return Phrase(sentence.tokens[0], match.start(1), match.end(1), match[1])


def _nobody(sentence: Sentence, subject: Token) -> bool:
    """Return True for a subject that only reports: "we", "our results", "there"."""
    if subject.lemma in NOBODY:
        return True
    return subject.lemma in REPORTERS and subject.pos == "NOUN"


def source(sentence: Sentence, verb: Token, noun: Token | None = None) -> Phrase | None:
    """Return what brought it about by a preposition: "improvements from X", "by combining X", "when using X"."""
    parsed = sentence.parsed
    for head in filter(None, (noun, verb)):
        for child in parsed.children(head, "prep", "agent"):
            if child.lemma == "with" and head.lemma in BETWEEN:
                continue  # "a higher correlation with B"
            if child.lemma not in SOURCES or (child.index < head.index and child.lemma in ("with", "from")):
                continue
            inner = [t for c in parsed.children(child, "prep") for t in parsed.children(c, "pobj", "pcomp")]
            near = parsed.children(child, "pobj", "pcomp")
            near = tuple(
                t for n in near for t in (parsed.children(n, "pobj") if n.pos == "ADP" else (n,))
            )  # "due to A"
            for target in (*near, *inner):
                if target.lemma in {*NOBODY, *CHANGE_NOUNS, *REPORTERS} or _is_outcome(sentence, target):
                    continue
                return source_phrase(sentence, target)
        for child in parsed.children(head, "advcl", "acl"):
            marks = [c for c in parsed.children(child, "advmod", "mark") if c.lemma == "when" and c.index < child.index]
            if child.tag == "VBG" and marks and child.index > head.index:
                return sentence.phrase(child, apart=marks)  # "improves when adding A"
            if child.tag == "VBG" and child.lemma in MEANS:
                if any(t.lemma in PORTIONS for t in parsed.children(child, "dobj")):
                    continue  # "using only a fraction of the data", "using both data sets": under which condition
                return source_phrase(sentence, child)
    return None


def _is_outcome(sentence: Sentence, target: Token) -> bool:
    """Return True for what was reached and did not bring it about: "with 80.2% F-score", "with fewer parameters"."""
    inner = [target, *sentence.parsed.children(target)]
    return any(sentence.is_amount(t) or t.tag in ("JJR", "JJS") for t in inner)


def source_phrase(sentence: Sentence, token: Token) -> Phrase:
    """Return the phrase of a source; of "using X" it is X."""
    if token.lemma in USING and token.tag == "VBG":
        for target in sentence.parsed.children(token, "dobj"):
            return sentence.phrase(target, without=("to", "on", "for"))
    if token.pos == "VERB":
        return sentence.phrase(token)
    return sentence.phrase(token, without=("on", "for", "across", "over", "in", "by", "under", "during", "after"))


def changes(noun: Token) -> bool:
    return noun.lemma in CHANGE_NOUNS


def is_measure(sentence: Sentence, token: Token) -> bool:
    if token.lemma in MEASURES or token.text.lower() in MEASURES:
        return True
    return any(m.kind == "metric" and m.end >= token.end and m.start <= token.start for m in sentence.mentions)


def patient_phrase(sentence: Sentence, head: Token | None) -> Phrase | None:
    """Return what changes: without where, by how much and against what."""
    if head is None or head.lemma in NOBODY:
        return None
    parsed = sentence.parsed
    around = AROUND - {"with"} if head.lemma in BETWEEN else AROUND
    apart = [c for c in parsed.children(head, "conj") if any(t.tag in ("JJR", "JJS") for t in parsed.subtree(c))]
    apart += [
        c for c in parsed.children(head, "prep") if any(sentence.is_amount(t) for t in parsed.children(c, "pobj"))
    ]
    return sentence.phrase(head, apart=apart, without=around | ({"of"} if head.lemma in GENERIC else frozenset()))


def whole(sentence: Sentence, noun: Token) -> Token:
    """Return the head of a compound: of "better link prediction performance" the performance."""
    while noun.dep in ("compound", "nmod") and sentence.parsed.head(noun).index > noun.index:
        noun = sentence.parsed.head(noun)
    return noun


def of_phrase(sentence: Sentence, noun: Token) -> Phrase | None:
    for child in sentence.parsed.children(noun, "prep"):
        if child.lemma == "of":
            for target in sentence.parsed.children(child, "pobj"):
                return sentence.phrase(target, without=("on", "in", "for"))
    return None


def owned(sentence: Sentence, pronoun: Token | None) -> Phrase | None:
    """Return the accuracy of "its accuracy", where the pronoun stands for whose it is."""
    if pronoun is None or pronoun.dep != "poss":
        return None
    noun = sentence.parsed.head(pronoun)
    if not is_measure(sentence, noun):
        return None
    phrase = patient_phrase(sentence, noun)
    return behind(sentence, phrase, pronoun) if phrase is not None else None


def behind(sentence: Sentence, phrase: Phrase, word: Token) -> Phrase:
    """Return `phrase` from behind `word` on: of "a better or equal accuracy" the accuracy."""
    if not phrase.start <= word.start < phrase.end:
        return phrase
    after = sentence.text[word.end : phrase.end]
    opening = re.match(r"\s*(?:(?:or|and|but)\s+\S+\s+)?", after)
    noun = after[opening.end() :] if opening else after
    if noun.startswith("quality "):
        noun = "quality"  # of "a higher quality summary" the quality
        return Phrase(phrase.head, phrase.end - len(after), phrase.end - len(after) + len(noun), noun)
    start = phrase.end - len(noun)
    return Phrase(phrase.head, start, phrase.end, noun.strip(" ,")) if noun.strip(" ,") else phrase
