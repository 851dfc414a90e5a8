"""Counts: "X contains 392,702 examples", "there are 15 languages", "a corpus of 2 million sentences"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synth.claims.syntax.grammar import NOBODY, PRONOUNS, Phrase, Sentence, is_be
from synth.claims.syntax.modality import asserted
from synth.claims.syntax.phrases import TRIALS
from synth.claims.syntax.roles import governor
from synth.claims.words import COLLECTIONS, COUNTABLES, COUNTS, bag
from synth.text.parsing import Token

SPANNERS = bag("evaluate test support assess")
GATHERED = bag("collect gather annotate release")
SPANNING = bag("cover span include contain comprise encompass")
SMALL = 100  # a smaller number counts only of what is worth counting
NONE = re.compile(r"\b(?:has|have|had|includes?|contains?)\sno\s((?:[A-Za-z-]+\s){0,2}(?:data|[A-Za-z-]+s))\b")
DESCRIBED = re.compile(r"([^,;:]{2,80}?)\s(?:is|are)\s(?:an?\s|the\s)?[^,;:]{2,80}\s(?:that|which)\s$")


@dataclass(frozen=True)
class Holder:
    """Owner of what is counted, with the verb that says so; `pronoun` where it is one."""

    phrase: Phrase | None
    verb: Token
    pronoun: Token | None = None


@dataclass(frozen=True)
class StatedCount:
    """A number of something. `start` is its offset in the sentence."""

    start: int
    holder: Holder
    noun: str
    value: float
    approximate: str = ""


def counts(sentence: Sentence) -> Iterator[StatedCount]:
    """Yield every count of a sentence; "X has no training data" is a count of zero."""
    for q in sentence.quantities:
        if q.unit or q.printed is None or q.printed < 2 or q.printed % 1:
            continue
        noun = _noun(sentence, q.start, q.end)
        holder = _holder(sentence, noun) if noun is not None else None
        if noun is None or holder is None or not asserted(sentence, holder.verb):
            continue
        text = sentence.text[q.end : noun.end].strip()
        of_something = holder.phrase is not None or holder.pronoun is not None or is_be(holder.verb)
        if q.printed >= SMALL or (of_something and set(text.lower().split()) & COUNTABLES):
            yield StatedCount(q.start, holder, text, q.printed, q.qualifier)
    for match in NONE.finditer(sentence.text):
        if set(match[1].lower().split()) & (COUNTABLES | {"data"}) and (holder := _lacking(sentence, match.start())):
            yield StatedCount(match.start(), holder, match[1], 0.0)


def _noun(sentence: Sentence, start: int, end: int) -> Token | None:
    """Return the plural noun that a number counts."""
    number = noun = sentence.token_at(start, end)
    if number is None or noun is None:
        return None
    while noun.pos in ("NUM", "ADJ", "ADP", "ADV") or noun.dep in ("compound", "nummod", "quantmod"):
        if noun.head == noun.index:
            break
        noun = sentence.parsed.head(noun)
    return noun if noun.tag in ("NNS", "NNPS") and 0 < noun.index - number.index <= 6 else None


def _lacking(sentence: Sentence, start: int) -> Holder | None:
    """Return who "has no …": in "X are tasks that have no data" it is X; other relative clauses only pick out."""
    before = sentence.text[:start]
    described = DESCRIBED.match(before)
    verb = sentence.token_at(start, start + 3)
    if verb is None or (re.search(r"\b(?:that|which|who)\s$", before) and not described):
        return None
    if described:
        return Holder(Phrase(sentence.tokens[0], described.start(1), described.end(1), described[1]), verb)
    subject = sentence.subjects(verb)[0]
    return Holder(sentence.phrase(subject), verb) if subject is not None and subject.lemma not in NOBODY else None


def _holder(sentence: Sentence, noun: Token) -> Holder | None:
    """Return the owner: subject of "contains", collection of "a corpus of N sentences", none in "there are"."""
    parsed = sentence.parsed
    while noun.dep == "conj" and parsed.head(noun).pos in ("NOUN", "PROPN"):
        noun = parsed.head(noun)
    above = parsed.head(noun)
    if noun.dep == "pobj":
        return _behind_preposition(sentence, above)
    if noun.dep not in ("dobj", "attr") or above.pos not in ("VERB", "AUX"):
        return None
    if is_be(above) and any(c.lemma == "there" for c in parsed.children(above)):
        links = [c for owner in (above, noun) for c in parsed.children(owner, "prep") if c.lemma == "in"]
        places = [t for c in links for t in parsed.children(c, "pobj")]
        return Holder(sentence.phrase(places[0]) if places else None, above)
    return _having(sentence, above) if above.lemma in COUNTS | GATHERED else None


def _behind_preposition(sentence: Sentence, preposition: Token) -> Holder | None:
    """Return the owner in "covers N languages from M families", "consists of N", "a corpus of N sentences"."""
    parsed, word = sentence.parsed, preposition.lemma
    owner = parsed.head(preposition)
    if owner.lemma in ("total", "set", "list") and owner.dep == "dobj" and word == "of":
        owner = parsed.head(owner)
        return _having(sentence, owner) if owner.lemma in COUNTS | GATHERED else None
    if word in ("from", "in") and owner.tag == "NNS" and parsed.children(owner, "nummod"):
        return _holder(sentence, owner)
    if word in ("from", "in", "across") and owner.lemma in SPANNING and owner.pos == "VERB":
        return _having(sentence, owner)
    if word == "of" and owner.lemma in ("consist", "compose", "comprise"):
        return _having(sentence, owner)
    if word == "across" and owner.dep == "dobj":
        owner = parsed.head(owner)
    if word == "across" and owner.lemma in SPANNERS:
        holder = _having(sentence, owner)
        return holder if holder and holder.phrase and holder.phrase.head.lemma in COLLECTIONS else None
    if word in ("of", "with") and owner.pos in ("NOUN", "PROPN") and owner.lemma in COLLECTIONS:
        verb = governor(sentence, owner)
        return Holder(sentence.phrase(owner, without=("of", "with", "for")), verb) if verb is not None else None
    return None


def _having(sentence: Sentence, verb: Token) -> Holder | None:
    subject, passive = sentence.subjects(verb)
    head = sentence.parsed.head(verb)
    if verb.dep == "acl" and verb.tag == "VBG" and head.pos in ("NOUN", "PROPN"):
        if sentence.tokens[max(0, verb.index - 1)].text == ",":
            return None
        subject = head if head.lemma not in TRIALS else None  # "data sets covering 16 languages", not "evaluation on …"
    if subject is None or (passive and verb.lemma not in ("compose", "comprise")):
        return None
    if subject.lemma not in NOBODY:
        return Holder(sentence.phrase(subject, apart=(verb,)), verb)
    if subject.lemma == "we" and verb.lemma not in GATHERED | {"include", "provide"}:
        return None
    return Holder(None, verb, subject if subject.lemma in PRONOUNS else None)
