"""Places among others: "ranked 2nd of 14 teams", "took third place", "the fourth best system"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synth.claims.syntax.grammar import REPORTERS, SUBJECTS, Phrase, Sentence
from synth.claims.syntax.modality import asserted
from synth.claims.syntax.places import Place, place_in
from synth.claims.syntax.regions import leading
from synth.claims.syntax.roles import governor, is_measure, of_phrase, source, treatment_of
from synth.claims.words import bag
from synth.text.parsing import Token

ORDINALS = {
    word: n
    for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
WRITTEN = re.compile(r"(\d{1,3})(?:st|nd|rd|th)")
RANKS = bag("rank place come finish")
PLACES = bag("place position rank")
TAKES = bag("take achieve obtain secure get win reach hold earn have attain rank claim")


MAX_WORDS = 12
MAX_PLACE = 24
WHERE = re.compile(r"\s?(?:(?:place|position|rank)s?\s)?((?:in|on|for|at)\s[^.;:]*)")
GOES_ON = re.compile(r",?\s(?:and\s)?(?:ranked|ranking|the|a|took|finished)?\s*$|,?\s(?:and|but)\s*$")


@dataclass(frozen=True)
class Placing:
    """A rank that somebody took. `pronoun` is the subject of the sentence where it is one."""

    start: int
    rank: int
    treatment: Phrase | None
    pronoun: Token | None
    place: Place


def placings(sentence: Sentence) -> Iterator[Placing]:
    """Yield every place that somebody is said to have taken."""
    verbs = {t.index: _verb(sentence, t) for t in sentence.tokens if _rank(t)}
    for token in sentence.tokens:
        rank = _rank(token)
        verb = verbs.get(token.index)
        several = sum(verb is single or single is None for single in verbs.values()) > 1
        if verb is None or not asserted(sentence, verb):
            continue
        treatment, pronoun = _ranked(sentence, verb)
        if treatment is not None and len(treatment.text.split()) > MAX_WORDS:
            treatment = None  # the parser took a clause for it
        region = [t for t in sentence.parsed.subtree(verb) if treatment is None or not _inside(t, treatment)]
        clauses = [c for c in sentence.parsed.children(verb, "conj", "advcl") if sentence.parsed.children(c, *SUBJECTS)]
        apart = {t.index for c in clauses for t in sentence.parsed.subtree(c)}
        region = [t for t in region if t.index not in apart]  # "we finished 3rd in A, while in B we were 2nd"
        ahead = leading(sentence, verb) - {t.index for t in region}
        region = [t for t in (*(sentence.tokens[i] for i in sorted(ahead)), *region) if not _among_link(sentence, t)]
        place = place_in(sentence, region, verb)
        if several:
            place = _by_it(sentence, token)
        if among := _among(sentence, verb, token):
            place = Place(place.tasks, (), {**place.scope, "condition": among}, place.named)
        yield Placing(token.start, rank, treatment, pronoun, place)


def _by_it(sentence: Sentence, token: Token) -> Place:
    """Return where one of several ranks was taken: "first place in A, second place in B"; not in "1st and 2nd in A and
    B".
    """
    text = sentence.text
    others = [t.start for t in sentence.tokens[token.index + 1 :] if _rank(t)]
    match = WHERE.match(text, token.end, min(others, default=len(text)))
    if match is None or "respectively" in text[match.end() : match.end() + 16]:
        return Place()
    place = GOES_ON.sub("", match[1]).strip(" ,.;")
    return Place(scope={"setting": place}) if 1 < len(place.split()) <= MAX_PLACE else Place()


def _among_link(sentence: Sentence, token: Token) -> bool:
    """Return True for what belongs to "among our models": of whom, and not where."""
    return any(a.lemma in ("among", "amongst") for a in (token, *sentence.parsed.ancestors(token)) if a.pos == "ADP")


def _rank(token: Token) -> int:
    return ORDINALS.get(token.text.lower()) or int((WRITTEN.fullmatch(token.text) or [0, 0])[1])


def _inside(token: Token, phrase: Phrase) -> bool:
    return phrase.start <= token.start < phrase.end


def _verb(sentence: Sentence, token: Token) -> Token | None:
    """Return the verb that says who has the rank: of "ranked second", "takes second place", "is the second best
    system".
    """
    above = sentence.parsed.head(token)
    if above.lemma in RANKS and above.pos == "VERB" and token.dep in ("advmod", "oprd", "acomp", "dobj", "npadvmod"):
        return above
    verb = governor(sentence, token)
    if verb is None or token.dep not in ("amod", "nummod", "advmod"):
        return None
    if above.lemma in PLACES and above.pos == "NOUN":
        return verb if verb.lemma in TAKES | RANKS and above.dep in ("dobj", "pobj", "conj") else None
    noun = sentence.parsed.head(above) if above.lemma == "best" or above.text.lower() == "best" else above
    best = any(t.text.lower() == "best" for t in sentence.tokens[token.index + 1 : token.index + 2])
    if best and verb.lemma in TAKES | RANKS | {"be"} and noun.dep in ("dobj", "attr", "pobj", "acomp", "ROOT"):
        return verb
    return None


def _ranked(sentence: Sentence, verb: Token) -> tuple[Phrase | None, Token | None]:
    subject, passive = sentence.subjects(verb)
    if subject is not None and is_measure(sentence, subject) and subject.lemma not in REPORTERS:
        return of_phrase(sentence, subject), None
    if subject is not None and passive and verb.lemma in RANKS and subject.pos in ("NOUN", "PROPN"):
        return sentence.phrase(subject, apart=(verb,)), None  # "our system was ranked second"
    if subject is not None and passive and (agent := source(sentence, sentence.parsed.head(verb))):
        return agent, None
    return treatment_of(sentence, verb)


def _among(sentence: Sentence, verb: Token, token: Token) -> str:
    """Return the number of competitors: "among six teams", "out of 14 submissions"."""
    for link in (
        t for owner in (verb, token, sentence.parsed.head(token)) for t in sentence.parsed.children(owner, "prep")
    ):
        if link.lemma in ("among", "out", "of") and link.index > token.index:
            tokens = sentence.parsed.subtree(link)
            text = sentence.text[tokens[0].start : tokens[-1].end].strip(" ,.;")
            text = re.split(r",?\s(?:that|which|who|in|on|for)\s", text)[0]
            if 1 < len(text.split()) <= 10:
                return text
    return ""
