"""Past tenses that the parser takes for participles: in "our filter improved F1" it finds no verb, but improved F1.

A clause needs a finite verb. Where the parse of one has none, or gives a participle a subject of its own, the
participle is its verb; the sentence is parsed again with a past tense in its place that is no participle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from synth.text.parsing.parsed import Parsed, Token

# Of ten past tenses tried in 22 sentences, this one was read as a verb with its subject and object in all.
PAST = "took"
_FORM = re.compile(r"[a-z-]{2,}ed|cut|hit")
_NO_VERB = frozenset("based need indeed hundred speed seed feed need breed exceed proceed embed".split())
_CLAUSE = frozenset({"ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis", "acl", "xcomp", "pcomp", "csubj"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_AND = frozenset({"and", "but", "or"})
_CHANGES = frozenset(
    "improve reduce increase decrease lower raise enhance boost cut lift shorten lengthen halve double degrade".split()
)
_BEFORE = frozenset({"NOUN", "PROPN", "PRON", "VERB", "NUM", "AUX"})
_AFTER = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "VERB", "ADV"})


def misread(parsed: Parsed) -> list[Token]:
    """Find the past tenses of a parse that stand in it as participles."""
    if not any(_FORM.fullmatch(t.text) for t in parsed.tokens):
        return []
    return [t for t in parsed.tokens if _is_misread(parsed, t)]


def _is_misread(parsed: Parsed, verb: Token) -> bool:
    if not _FORM.fullmatch(verb.text) or verb.text in _NO_VERB or verb.masked or verb.pos == "AUX":
        return False
    if verb.dep not in ("amod", "compound", "nmod", "acl", "nsubj", "dobj") or (verb.dep == "acl" and verb.index == 0):
        return False
    at = verb.index - 1
    while at > 0 and parsed.tokens[at].pos == "ADV":
        at -= 1  # "significantly improved F1"
    after = parsed.tokens[verb.index + 1].pos if verb.index + 1 < len(parsed.tokens) else ""
    if at < 0 or after not in _AFTER:
        return False
    before = parsed.tokens[at]
    if before.text in _AND:
        return _goes_on(parsed, verb)
    if before.pos not in _BEFORE or before.tag in ("POS", "PRP$", "MD") or before.index == verb.index:
        return False
    if before.tag == "VBG" and at and parsed.tokens[at - 1].dep != "mark":
        return False  # "by using improved models"; but "that pruning improved latency"
    if any(c.dep == "nsubj" and c.index < verb.index for c in parsed.children(verb)) and verb.dep == "amod":
        return True
    head = _clause(parsed, verb)
    clause = [head, *parsed.children(head)]
    if any(t.tag in _FINITE and _is_verb(parsed, t, verb) for t in clause):
        return False
    return not _is_asked(parsed, head) and not any(c.dep in ("aux", "cop") for c in parsed.children(head))


def _goes_on(parsed: Parsed, verb: Token) -> bool:
    """Return True for "Improved F1 and reduced latency" behind a subject: two verbs of one kind."""
    noun = parsed.head(verb)
    if verb.dep != "amod" or noun.dep != "conj":
        return False
    first = parsed.head(parsed.head(noun))
    return first.lemma in _CHANGES and (first.tag == "VBD" or (first.tag == "VBN" and first.dep == "amod"))


def _clause(parsed: Parsed, token: Token) -> Token:
    """Return the head of the clause that a token stands in."""
    while token.dep not in _CLAUSE and token.head != token.index:
        token = parsed.head(token)
    return token


def _is_verb(parsed: Parsed, token: Token, participle: Token) -> bool:
    """Return False for a noun that was tagged as a verb: it has an article or a quality, or is the participle."""
    if token.index == participle.index:
        return False
    return not any(c.dep in ("det", "poss", "amod", "compound") for c in parsed.children(token))


def _is_asked(parsed: Parsed, head: Token) -> bool:
    """Return True for an infinitive or a gerund, which has no subject to take a past tense: "to report improved F1"."""
    gerund = head.tag == "VBG" and head.dep not in ("ROOT", "ccomp")  # these are subjects: "pruning reduced latency"
    return gerund or any(c.tag == "TO" or c.dep == "aux" for c in parsed.children(head))


def spans(tokens: Iterable[Token]) -> frozenset[tuple[int, int]]:
    """Locate the tokens in their text."""
    return frozenset((t.start, t.end) for t in tokens)
