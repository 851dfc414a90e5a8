"""Baselines of a comparison: "over B", "compared to B", "than B", the members of a list each for itself."""

from __future__ import annotations

import re

from synth.claims.syntax.grammar import NOBODY, Phrase, Sentence
from synth.claims.syntax.roles import POSSESSIVES, changes, is_measure
from synth.claims.words import CHANGE_NOUNS, bag
from synth.text.parsing import Token

OVER = bag("over against versus vs vs. than")
COMPARED = bag("compare relative contrast comparison respect relation")


def baselines(sentence: Sentence, *heads: Token | None) -> tuple[Phrase, ...]:
    """Return the baselines: "over B", "compared to B", "than B"."""
    parsed = sentence.parsed
    present = [head for head in heads if head is not None]
    amounts = [
        t
        for head in present
        for c in parsed.children(head, "prep")
        for t in parsed.children(c, "pobj")
        if sentence.is_amount(t) or c.lemma in ("of", "in")
    ]
    amounts += [
        t
        for amount in amounts
        for c in parsed.children(amount, "prep")
        if c.lemma == "in"
        for t in parsed.children(c, "pobj")
    ]  # "an improvement of 3% in accuracy over B"
    for head in [*present, *amounts]:
        for child in parsed.children(head):
            if child.lemma == "against" and head.dep == "dobj" and head.pos == "NOUN" and not changes(head):
                continue  # "robustness against an attack"
            if child.lemma in OVER and child.dep in ("prep", "mark", "agent", "conj", "dep", "advmod"):
                if sentence.tokens[max(0, child.index - 1)].lemma == "rather":
                    continue
                phrases = targets(sentence, child)
            elif child.lemma in COMPARED - {"respect"} or (
                child.lemma in ("in", "with", "as", "when")
                and any(
                    c.lemma in COMPARED and (c.lemma != "respect" or c.index > head.index)
                    for c in parsed.children(child)
                )
            ):
                phrases = _last_targets(sentence, child)
            else:
                continue
            if phrases:
                return phrases
        for child in parsed.children(head, "advcl"):
            if child.lemma == "compare" and (phrases := _last_targets(sentence, child)):
                return phrases
    return ()


def targets(sentence: Sentence, preposition: Token) -> tuple[Phrase, ...]:
    parsed = sentence.parsed
    for target in parsed.children(preposition, "pobj", "pcomp"):
        return baseline_phrases(sentence, target) if target.lemma not in ("versa", "vice") else ()
    for inner in parsed.children(preposition, "prep"):  # "than with XLM"
        if nested := targets(sentence, inner):
            return nested
    if preposition.dep == "mark":
        clause = parsed.head(preposition)
        for subject in parsed.children(clause, "nsubj", "csubj"):
            return baseline_phrases(sentence, subject)
        if clause.pos in ("NOUN", "PROPN"):
            return baseline_phrases(sentence, clause)
    return ()


def _last_targets(sentence: Sentence, head: Token) -> tuple[Phrase, ...]:
    """Return the object of the "to" or "with" below "compared", "in comparison"."""
    for token in sentence.parsed.subtree(head):
        if token.lemma in ("to", "with") and token.index > head.index - 1:
            for target in sentence.parsed.children(token, "pobj", "pcomp"):
                if target.lemma in ("comparison", "respect"):
                    continue
                return baseline_phrases(sentence, target)
    return ()


def baseline_phrases(sentence: Sentence, head: Token) -> tuple[Phrase, ...]:
    if sentence.is_amount(head) and head.pos == "NUM":
        return ()
    if head.lemma in NOBODY - {"that", "those", "one"}:
        return ()
    if head.lemma in ("that", "those", "one"):
        for child in sentence.parsed.children(head, "prep"):
            if child.lemma in ("of", "from", "with", "in"):
                return targets(sentence, child)
        if sentence.parsed.children(head, "acl", "relcl"):
            return (sentence.phrase(head),)  # "those predicted by B"
        return ()
    if (
        head.masked
        and (names := listed_names(head))
        and not any(c.index > head.index and c.pos in ("NOUN", "PROPN") for c in sentence.parsed.children(head))
    ):
        return names
    if is_measure(sentence, head) and (of := _of_what(sentence, head)):
        return of  # "exceeds the accuracy of B"
    items = sentence.items(head)
    if len(items) > 1 and all(i.masked or i.pos == "VERB" for i in items):
        return tuple(list_item(sentence, i) for i in items)
    if len(items) > 1 and all(_stands_alone(sentence, i) for i in items):
        return tuple(list_item(sentence, i) for i in items)
    apart = ("on", "in", "for", "across", "by", "at", "over", "under", "among") if head.pos != "VERB" else ()
    others = [c for c in sentence.parsed.children(head, "conj") if sentence.is_amount(c)]
    others += [
        c
        for c in sentence.parsed.children(head, "prep")
        if c.lemma == "with"
        and any(
            t.lemma in CHANGE_NOUNS
            or any(k.tag == "JJR" or k.lemma in ("only", "even") for k in sentence.parsed.children(t))
            for t in sentence.parsed.children(c, "pobj")
        )
    ]  # "outperforms B with improvements of 3 %", "with fewer steps": beside what it is compared with
    others += [
        t
        for t in sentence.parsed.subtree(head)
        if t.lemma == "by" and any(sentence.is_amount(c) for c in sentence.parsed.children(t, "pobj"))
    ]  # "models based on A by 9 %"
    phrase = sentence.phrase(head, without=apart, apart=others)
    return (phrase,) if len(phrase.text.split()) <= 20 else ()


def _of_what(sentence: Sentence, noun: Token) -> tuple[Phrase, ...]:
    for child in sentence.parsed.children(noun, "poss"):
        if child.lemma not in POSSESSIVES | {"our"}:
            return (sentence.phrase(child, apart=sentence.parsed.children(child, "case")),)
    for child in sentence.parsed.children(noun, "prep"):
        if child.lemma == "of" and not any(sentence.is_amount(t) for t in sentence.parsed.children(child, "pobj")):
            return targets(sentence, child)
    return ()


def _stands_alone(sentence: Sentence, item: Token) -> bool:
    """Return True for a member of a list that has words of its own: "all baselines and previous systems"."""
    if item.pos not in ("NOUN", "PROPN") or sentence.is_amount(item):
        return False
    if any(c.dep == "prep" and c.lemma in ("of", "with") for c in sentence.parsed.children(item)):
        return False
    return (
        item.masked
        or item.tag in ("NNS", "NNPS")
        or any(c.dep in ("det", "amod", "compound") for c in sentence.parsed.children(item))
    )


def listed_names(token: Token) -> tuple[Phrase, ...]:
    """Return the names of a list that was masked as one; none if it is a single name."""
    names, start = [], 0
    pieces = re.split(r",? (?:and|or|nor) |, ", token.text)
    for piece in pieces:
        start = token.text.index(piece, start)
        names.append(Phrase(token, token.start + start, token.start + start + len(piece), piece))
        start += len(piece)
    return tuple(names) if len(names) > 1 else ()


def list_item(sentence: Sentence, item: Token, *, whole: bool = False) -> Phrase:
    """Return a member of a list without the members behind it; unless `whole` without its prepositions too."""
    parsed = sentence.parsed
    left_out = list(parsed.children(item, "conj", "cc"))
    if item.pos != "VERB" and not whole:
        left_out += parsed.children(item, "prep")
    apart = {t.index for c in left_out for t in parsed.subtree(c)}
    tokens = [t for t in parsed.subtree(item) if t.index not in apart and t.pos != "PUNCT"]
    start, end = (tokens[0].start, tokens[-1].end) if tokens else (item.start, item.end)
    return Phrase(item, start, end, sentence.text[start:end])
