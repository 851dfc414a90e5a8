"""Regions of a parsed sentence: the tokens that may say where an assertion holds."""

from __future__ import annotations

from collections.abc import Sequence

from synth.claims.syntax.grammar import REPORTERS, Phrase, Sentence
from synth.claims.syntax.phrases import TRIALS, TRYING
from synth.claims.syntax.roles import Assertion
from synth.claims.words import CHANGE_NOUNS, FINDING
from synth.text.parsing import Token


def leading(sentence: Sentence, anchor: Token) -> set[int]:
    """Return the tokens before a verb that say where it holds: "On XNLI, …", "experiments on XNLI show that …"."""
    parsed, tokens = sentence.parsed, set[int]()
    below = anchor
    for ancestor in parsed.ancestors(anchor):
        tail = below.dep == "advcl" and below.tag == "VBG" and not parsed.children(below, "mark", "advmod")
        if below.dep not in ("conj", "ccomp", "xcomp", "acomp") and not tail:
            break
        # "On XNLI, A improves and B drops": only what leads belongs to both. "We evaluate A on XNLI and see …": all.
        limit = ancestor if below.dep == "conj" and ancestor.lemma not in TRYING | {"apply"} else anchor
        below = ancestor
        stated = parsed.children(ancestor, "acomp") if tail else ()  # "is effective in A, beating B"
        links = [c for s in stated for c in parsed.children(s, "prep")]
        for child in (*parsed.children(ancestor, "prep", "nsubj", "nsubjpass", "advcl", "dobj"), *links):
            if child.lemma == "by":
                continue  # "By utilizing methods for A, we achieve …": how
            if child.dep == "dobj" and ancestor.lemma in TRYING and child.lemma not in TRIALS:
                for link in parsed.children(child, "prep"):  # "we test our models in two domains and …"
                    if link.lemma in ("on", "in", "across", "with") and link.index < limit.index:
                        tokens |= {t.index for t in parsed.subtree(link)}
            if child.dep == "dobj" and not (ancestor.lemma in TRYING and child.lemma in TRIALS):
                continue
            phrase = {t.index for t in parsed.subtree(child)}
            if child.index < limit.index and anchor.index not in phrase:
                tokens |= phrase
    return tokens


def _own_phrase(sentence: Sentence, trigger: Token) -> set[int]:
    """Return the tokens of one of several triggers of a verb: of "the best F1 on A and competitive F1 on B" up to
    "and".
    """
    parsed, noun = sentence.parsed, trigger
    while noun.dep in ("amod", "compound", "nmod", "advmod") and parsed.head(noun).pos in ("NOUN", "PROPN", "ADJ"):
        noun = parsed.head(noun)
    others = parsed.children(noun, "conj")
    placed_ = [any(c.lemma in ("on", "in", "for") for c in parsed.children(n, "prep")) for n in (noun, *others)]
    if noun is trigger or not (placed_[0] or noun.dep == "conj"):
        return {t.index for t in parsed.subtree(trigger)}
    return {t.index for t in parsed.subtree(noun)} - {t.index for c in others for t in parsed.subtree(c)}


def region_of(sentence: Sentence, assertion: Assertion, assertions: Sequence[Assertion]) -> list[Token]:
    """Return the tokens that may say where an assertion holds: not treatment, baseline, nor another assertion's."""
    parsed = sentence.parsed
    tokens = {t.index for t in parsed.subtree(assertion.anchor)} | {t.index for t in parsed.subtree(assertion.trigger)}
    tokens |= leading(sentence, assertion.anchor)
    for child in parsed.children(assertion.anchor, "prep"):
        for target in parsed.children(child, "pobj") if child.lemma == "with" else ():
            if target.lemma in CHANGE_NOUNS and any(c.tag in ("JJR", "JJS") for c in parsed.children(target)):
                tokens -= {t.index for t in parsed.subtree(child)}  # "…, with larger gains in B": of these alone
    for child in parsed.children(assertion.anchor, "conj", "advcl"):
        if child.dep == "advcl" and not (child.tag == "VBG" and child.lemma in FINDING):
            continue  # "…, suggesting that": speaks of something else
        if child.pos in ("VERB", "AUX"):
            tokens -= {t.index for t in parsed.subtree(child)}
    for other in assertions:
        if other is assertion or other.anchor is assertion.anchor:
            continue
        if other.anchor.index in tokens and other.anchor not in tuple(parsed.ancestors(assertion.anchor)):
            tokens -= {t.index for t in parsed.subtree(other.anchor)}
    for other in assertions:  # of several triggers of one verb each has its own phrases
        if other is not assertion and other.anchor is assertion.anchor and other.trigger is not assertion.trigger:
            own, theirs = _own_phrase(sentence, assertion.trigger), _own_phrase(sentence, other.trigger)
            tokens -= theirs - own if assertion.trigger.index in theirs else theirs
    if (
        assertion.treatment is not None and assertion.treatment.head.index < assertion.anchor.index
    ):  # with its "such as …"
        comma = next((t.index for t in parsed.tokens if t.start >= assertion.treatment.end and t.text == ","), 0)
        subject = {t.index for t in parsed.subtree(assertion.treatment.head) if comma and t.index > comma}
        tokens -= subject if assertion.anchor.index not in subject and assertion.trigger.index not in subject else set()
    apart: list[Phrase] = [*assertion.baselines, *(p for p in (assertion.treatment,) if p is not None)]
    region = [parsed.tokens[i] for i in sorted(tokens)]
    return [t for t in region if not any(p.start <= t.start < p.end for p in apart)]


def _other_subjects(sentence: Sentence, anchor: Token) -> set[int]:
    """Return the tokens of the subjects of clauses joined by "and" to an anchor with a subject of its own."""
    parsed = sentence.parsed
    indices: set[int] = set()
    verb = anchor
    while parsed.children(anchor, "nsubj", "nsubjpass") and verb.dep == "conj":
        verb = parsed.head(verb)
        for subject in parsed.children(verb, "nsubj", "nsubjpass"):
            indices |= {t.index for t in parsed.subtree(subject)}
    return indices


def aside_tokens(sentence: Sentence, tokens: Sequence[Token], anchor: Token) -> set[int]:
    """Return the tokens of clauses that name a condition or a means, or only tell more about a noun."""
    parsed = sentence.parsed
    above = {anchor.index, *(t.index for t in parsed.ancestors(anchor))}
    indices = _other_subjects(sentence, anchor)
    for token in tokens:
        if token.index in above:
            continue
        where = any(m.lemma == "where" for m in parsed.children(token, "mark", "advmod"))
        limits = token.dep == "advcl" and any(m.index < token.index for m in parsed.children(token, "mark", "advmod"))
        tried = parsed.head(token).lemma in TRIALS | REPORTERS  # "experiments using A show"
        means = token.lemma in ("use", "employ") and token.tag == "VBG" and not tried
        means = means or (token.lemma == "by" and bool(parsed.children(token, "pcomp")))
        limits = limits or (token.dep == "advcl" and _is_purpose(sentence, token))
        first = sentence.first(token).index
        remark = (
            token.dep == "acl" and first > 0 and sentence.tokens[first - 1].text == "," and token.lemma not in TRYING
        )
        means = means or (token.lemma == "include" and bool(parsed.children(token, "pcomp")))
        if limits or means or remark or where or token.dep == "relcl":
            indices |= {t.index for t in parsed.subtree(token)}
            if means:  # "using A on B": B is where
                indices -= {t.index for c in _placed_under(sentence, token) for t in parsed.subtree(c)}
    return indices


def _is_purpose(sentence: Sentence, verb: Token) -> bool:
    """Return True for "in order to understand A" and "to understand A" beside what is asserted."""
    return any(c.lemma == "to" for c in sentence.parsed.children(verb, "aux"))


def _placed_under(sentence: Sentence, means: Token) -> list[Token]:
    """Return the "on B" and "in B" of a means and of its object."""
    owners = (means, *sentence.parsed.children(means, "dobj"))
    return [c for o in owners for c in sentence.parsed.children(o, "prep") if c.lemma in ("on", "in", "across")]
