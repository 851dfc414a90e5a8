"""Ranks and correlations: "A performs best", "A sets a new state of the art", "A correlates with B"."""

from __future__ import annotations

import re

from synth.claims.syntax.baselines import baselines, list_item
from synth.claims.syntax.grammar import NOBODY, PRONOUNS, REPORTERS, Phrase, Sentence, is_be
from synth.claims.syntax.qualities import quality
from synth.claims.syntax.roles import (
    Assertion,
    behind,
    governor,
    is_measure,
    patient_phrase,
    source,
    source_phrase,
    treatment_of,
    whole,
)
from synth.claims.words import (
    CORRELATED,
    CORRELATES,
    CORRELATION_NOUNS,
    LIGHT,
    LOWER_IS_BETTER,
    PERFORM,
    RATED,
    REACHERS,
    SUPERLATIVES,
    bag,
)
from synth.core.types import ClaimKind
from synth.text.parsing import Token

ART = re.compile(r"state|sota", re.IGNORECASE)
MODIFIERS = ("amod", "compound", "nmod", "advmod")
CHOOSING = bag("choose select pick")
NOT_FIRST = bag("at second third fourth fifth 2nd 3rd 4th 5th one among")
LINKING = bag("with to on of upon")
POSITIVE = bag("positively positive")
NEGATIVE = bag("negatively negative inversely inverse")
NOT_RANKED = bag("way case part thing time example practice")
# "The best model" is one that is spoken of, no rank that is claimed.
SPOKEN_OF = bag("model method system approach baseline technique work practice case way setting configuration number")


def superlative(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "A performs best", "A reaches the highest accuracy", "the best accuracy is reached by A"."""
    rank, adjective = _rank(sentence, token)
    if not rank:
        return None
    head = sentence.parsed.head(adjective)
    art = adjective.masked
    measure = whole(sentence, head) if head.pos in ("NOUN", "PROPN") and adjective.dep in MODIFIERS else None
    if art and measure is None and adjective.dep in ("dobj", "attr", "pobj"):
        measure = adjective
    verb = governor(sentence, measure or adjective)
    if verb is None or {t.lemma for t in (verb, *sentence.parsed.ancestors(verb))} & CHOOSING:
        return None
    if measure is None:
        return _performs(sentence, token, adjective, verb, rank)
    if is_be(verb) and measure.dep == "attr" and not is_measure(sentence, measure):
        return _is_best(sentence, token, measure, verb, rank)
    metric = None if measure is adjective else patient_phrase(sentence, measure)
    metric = behind(sentence, metric, token) if metric is not None else None
    if rank in ("high", "low"):
        lower = bool(LOWER_IS_BETTER.search(metric.text if metric else ""))
        if not lower and not is_measure(sentence, measure):
            return None
        rank = "best" if lower == (rank == "low") else "worst"
    if measure.dep in ("nsubj", "nsubjpass"):
        if not sentence.subjects(verb)[1] or verb.lemma not in REACHERS | LIGHT:
            return None
        agent = sentence.agent(verb)
        treatment = source_phrase(sentence, agent) if agent is not None else source(sentence, verb)
        return Assertion(ClaimKind.RANKING, rank, verb, token, treatment, metric) if treatment else None
    reached = measure.dep in ("dobj", "attr", "conj", "oprd", "appos")
    ends = measure.dep == "pobj" and sentence.parsed.head(measure).lemma in ("in", "to", "at")
    if (
        measure.lemma in SPOKEN_OF
        or verb.lemma not in REACHERS | LIGHT
        or not (reached or (ends and verb.lemma in ("result", "lead", "perform")))
    ):
        return None
    treatment, pronoun = treatment_of(sentence, verb)
    against = baselines(sentence, measure, verb) if rank == "best" and "compare" in _below(sentence, verb) else ()
    return Assertion(ClaimKind.RANKING, rank, verb, token, treatment, metric, against, pronoun=pronoun)


def _below(sentence: Sentence, verb: Token) -> set[str]:
    """Return the lemmas of what hangs on a verb and its objects."""
    owners = (verb, *sentence.parsed.children(verb, "dobj"))
    return {c.lemma for o in owners for c in sentence.parsed.children(o)}


def _rank(sentence: Sentence, token: Token) -> tuple[str, Token]:
    """Return "best", "worst", "high", "low" or "", and the adjective: "most accurate" is two words, "state-of-the-art"
    four.
    """
    word, head = token.text.lower(), sentence.parsed.head(token)
    if token.index and sentence.tokens[token.index - 1].lemma in NOT_FIRST:
        return "", token
    if token.masked and ART.match(token.text):
        return "best", token
    if word in ("most", "least") and head.pos in ("ADJ", "ADV") and head.lemma in RATED:
        return ("best" if word == "most" else "worst"), head
    return SUPERLATIVES.get(word, ""), token


def _is_best(sentence: Sentence, token: Token, measure: Token, verb: Token, rank: str) -> Assertion | None:
    """Read "A is the best strategy for B": it ranks A among strategies."""
    words = {c.lemma for c in sentence.parsed.children(measure, "det", "poss")}
    if token.lemma not in ("good", "bad", "best", "worst") or words != {"the"} or measure.lemma in NOT_RANKED:
        return None
    treatment, pronoun = treatment_of(sentence, verb)
    if treatment is None and pronoun is None:
        return None
    return Assertion(ClaimKind.RANKING, rank, verb, token, treatment, None, pronoun=pronoun)


def _performs(sentence: Sentence, token: Token, adjective: Token, verb: Token, rank: str) -> Assertion | None:
    """Read "A performs best", "A is the most accurate", "performance is best with A"."""
    if verb.lemma not in PERFORM and not is_be(verb):
        return None
    if rank not in ("best", "worst") or adjective.dep not in ("acomp", "attr", "advmod", "oprd", "conj", "ccomp"):
        return None
    treatment, pronoun = treatment_of(sentence, verb)
    metric = None
    if token.text.lower() in ("most", "least") and adjective is not token:
        metric = Phrase(adjective, adjective.start, adjective.end, quality(adjective.text))
    if treatment is not None and is_be(verb) and is_measure(sentence, treatment.head):
        metric = patient_phrase(sentence, treatment.head)
        treatment = source(sentence, verb)
    if treatment is None and pronoun is None:
        return None
    return Assertion(ClaimKind.RANKING, rank, verb, token, treatment, metric, pronoun=pronoun)


# ------------------------------------------------------------------------------------------------ correlations


def correlation(sentence: Sentence, token: Token) -> Assertion | None:
    """Read "A correlates with B", "A is associated with B", "there is a correlation between A and B"."""
    word, lemma = token.text.lower(), token.lemma
    verb = token if token.pos == "VERB" else governor(sentence, token)
    if verb is None:
        return None
    if (lemma in CORRELATES and token.pos == "VERB" and token.tag != "VBN") or word in CORRELATED:
        if (word in CORRELATED or token.tag == "VBG") and token.dep in ("amod", "acl", "advcl", "prep"):
            return None  # "…, depending on B": no more than a remark
        if word in ("related", "linked") and not sentence.parsed.children(token, "advmod"):
            return None  # "texts that are related to medicine"
        linking = LINKING - {"with", "to", "of"} if lemma == "depend" else {"with"} if lemma == "scale" else LINKING
        links = [c for c in sentence.parsed.children(token, "prep") if c.lemma in linking]
        ends = [t for c in links for t in sentence.parsed.children(c, "pobj", "pcomp")]
        first, second = None, ends[0] if ends else None
    elif lemma in CORRELATION_NOUNS and token.pos == "NOUN":
        if (verb.lemma not in LIGHT and not is_be(verb)) or token.dep not in ("dobj", "attr", "nsubjpass", "nsubj"):
            return None
        if token.dep == "nsubj" and not is_be(verb):
            return None  # "relations between A and B exhibit diversity"
        first, second = _sides(sentence, token)
    else:
        return None
    if second is None or second.lemma in {*NOBODY, "work", "other", "another", "versa"}:
        return None
    pronoun = None
    if first is None:
        subject = sentence.subjects(verb)[0]
        if subject is None or subject.lemma in REPORTERS or (subject.lemma in NOBODY and subject.lemma not in PRONOUNS):
            return None
        first, pronoun = (None, subject) if subject.lemma in PRONOUNS else (sentence.phrase(subject), None)
    denied = any(c.lemma == "no" for c in sentence.parsed.children(token, "det"))
    near = {t.lemma for t in sentence.tokens[max(0, token.index - 4) : token.index + 4]}
    direction = "negative" if near & NEGATIVE else "positive"
    if lemma in ("depend", "dependent") and not near & (NEGATIVE | POSITIVE):
        direction = ""
    return Assertion(
        ClaimKind.CORRELATION,
        direction,
        verb,
        token,
        first,
        sentence.phrase(second),
        negated=denied,
        pronoun=pronoun,
    )


def _sides(sentence: Sentence, noun: Token) -> tuple[Phrase | None, Token | None]:
    """Return the two sides of "a correlation between A and B", "of A with B"; the first may be the subject instead."""
    first, second = None, None
    for child in sentence.parsed.children(noun, "prep"):
        for target in sentence.parsed.children(child, "pobj"):
            if child.lemma == "between":
                items = sentence.items(target)
                if len(items) == 2:
                    first, second = list_item(sentence, items[0], whole=True), items[1]
            elif child.lemma == "of":
                first = sentence.phrase(target, without=("with", "to"))
            elif child.lemma in ("with", "to"):
                second = target
    return first, second
