"""Contrasts: single ways in which two texts can speak of different conditions, each a function of both. Pure.

A claim and a passage fill the same place differently: men and women, "first subtask" and "second subtask", a ten-day
course and five days, with and without context.
"""

from __future__ import annotations

import re
from functools import lru_cache

from synth.evidence.passages.parts.conditions import SLOTS, Difference, DifferenceKind, TextPair, alike
from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.parts.sentence import AnalysedText
from synth.evidence.passages.parts.terms import root
from synth.evidence.passages.parts.vocabulary import CONTRASTS, LIGHT
from synth.quantities import Kind as Q
from synth.quantities.numerals import SMALL
from synth.quantities.units import SCALES
from synth.text.content import stem


def by_groups(ours: frozenset[str], theirs: frozenset[str], everywhere: frozenset[str]) -> Difference | None:
    """Return the first pair of words that exclude each other: those of the claim, those of the passage's number."""
    mine = ours & CONTRASTS.keys()
    if not mine:
        return None
    own_groups = theirs & CONTRASTS.keys()
    contrasted = {CONTRASTS[k] for k in everywhere & CONTRASTS.keys()} | {CONTRASTS[k] for k in own_groups}
    for key in sorted(mine):
        group, alternative = CONTRASTS[key]
        others = frozenset(k for k in own_groups if CONTRASTS[k][0] == group)
        if others and (group, alternative) not in contrasted:
            return Difference(DifferenceKind.GROUP, frozenset({key}), others)
    return None


_OPPOSITE = re.compile(r"^(?:a|an|un|in|im|ir|non|dis|hyper|hypo|over|under|inter|intra|homo|hetero)")


def by_prefix(pair: TextPair) -> Difference | None:
    """Return two words that differ by a prefix that changes their meaning: asymptomatic, symptomatic; hyper-, hypo-."""
    theirs = pair.passage.keys - pair.claim.keys
    for key in pair.claim.topic - pair.known:
        for other in theirs:
            if min(len(key), len(other)) < 5 or key[:1].isdigit():
                continue
            stripped, bare = _OPPOSITE.sub("", key), _OPPOSITE.sub("", other)
            if len(min(stripped, bare, key=len)) >= 4 and (stripped in (bare, other) or bare == key) and key != other:
                return Difference(DifferenceKind.QUALIFIER, frozenset({key}), frozenset({other}))
    return None


def by_qualifier(pair: TextPair) -> Difference | None:
    """Return a head that both texts qualify, each in another way: "risk of stroke", "risk of heart disease"."""
    theirs = _qualified(pair.passage)
    for head, ours in _qualified(pair.claim).items():
        others = theirs.get(head, frozenset())
        if head.endswith(" of") and ours & others:
            continue
        ours, others = ours - others, others - ours
        if not ours or not others:
            continue
        if any(_is_known(q, pair) for q in ours if q not in _ORDINALS):
            continue
        if ours & _ORDINALS and not others & _ORDINALS and not ours - _ORDINALS:
            continue
        theirs_only = frozenset(
            q for q in others if q not in pair.claim.keys and (q in _ORDINALS) == (not ours - _ORDINALS)
        )
        if theirs_only:
            return Difference(
                DifferenceKind.QUALIFIER,
                frozenset(f"{q} {head}" for q in ours),
                frozenset(f"{q} {head}" for q in theirs_only),
            )
    return None


def _is_known(key: str, pair: TextPair) -> bool:
    return key in pair.known or alike(key, pair.known)


# Light words that may be qualified all the same.
_HEADS = frozenset(
    root(w)
    for w in (
        "set setting data model system method approach benchmark rate case effect value split share portion population"
    ).split()
)

_NO_HEADS = LIGHT - _HEADS

_ORDINALS = frozenset("first second third fourth fifth last previous".split())

_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\s$")

_BEFORE, _BEHIND = re.compile(r"[\s-]"), re.compile(r"\s(?:of|in|for|on|to|with|among)\s(?:the\s|an?\s)?")


@lru_cache(maxsize=20_000)
def _qualified(sentence: AnalysedText) -> dict[str, frozenset[str]]:
    """Return head → the words of the run before it, or behind its preposition; ordinals among them."""
    qualifiers: dict[str, set[str]] = {}
    terms, text = [t for t in sentence.terms if t.key[0] not in "+-"], sentence.text
    lower = text.casefold()
    for at, term in enumerate(terms):
        words, complement = qualifiers.setdefault(term.key, set()), qualifiers.setdefault(f"{term.key} of", set())
        if ordinal := _ORDINAL.search(lower[max(0, term.start - 10) : term.start]):
            words.add(ordinal[1])
        for back in range(at - 1, max(-1, at - 4), -1):
            if not _BEFORE.fullmatch(text, terms[back].end, terms[back + 1].start):
                break
            if terms[back].key not in LIGHT:
                words.add(terms[back].key)
        behind = at + 1
        if (
            behind < len(terms)
            and terms[behind].key in LIGHT
            and _BEFORE.fullmatch(text, term.end, terms[behind].start)
        ):
            behind += 1  # "intimacy level of questions"
        if behind < len(terms) and _BEHIND.fullmatch(text, terms[behind - 1].end, terms[behind].start):
            # The whole run behind the preposition: "of coronary heart disease".
            while behind < len(terms):
                if terms[behind].key not in LIGHT:
                    complement.add(terms[behind].key)
                if behind + 1 == len(terms) or not _BEFORE.fullmatch(text, terms[behind].end, terms[behind + 1].start):
                    break
                behind += 1
    return {
        head: frozenset(words)
        for head, words in qualifiers.items()
        if words and head.removesuffix(" of") not in _NO_HEADS
    }


_NUMBERED = re.compile(r"^([a-z]{3,})(\d{1,2})$")


def by_number(ours: frozenset[str], theirs: frozenset[str]) -> Difference | None:
    """Return two members of one series: "task 1", "task 2"."""
    mine = {k: m[1] for k in ours if k[-1:].isdigit() and (m := _NUMBERED.match(k))}
    if not mine:
        return None
    numbered = {k: m[1] for k in theirs if k[-1:].isdigit() and (m := _NUMBERED.match(k))}
    for base in set(mine.values()) & set(numbered.values()):
        a, b = (frozenset(k for k, of in named.items() if of == base) for named in (mine, numbered))
        if not a & b:
            return Difference(DifferenceKind.QUALIFIER, a, b)
    return None


def by_languages(pair: TextPair) -> Difference | None:
    """Return one language of the passage where the claim speaks of the average over a number of them."""
    counts = [f for f in pair.claim.facts if f.quantity.head == _LANGUAGE and f.condition]
    theirs = pair.passage.slots.get("languages", frozenset())
    if (
        not counts
        or pair.claim.slots.get("languages")
        or not theirs
        or any(f.quantity.head == _LANGUAGE for f in pair.passage.facts)
    ):
        return None
    return Difference(DifferenceKind.LANGUAGES, frozenset({f"{counts[0].quantity} languages"}), theirs)


_LANGUAGE = stem("languages")

_DIRECTION = re.compile(r"\b([A-Z]\w+)(?:\s(?:to|into)\s|\s?(?:→|->|–|-)\s?)([A-Z]\w+)\b")


def by_translation(pair: TextPair) -> Difference | None:
    """Return a pair of languages that the passage names the other way round only: "English to German"."""
    languages = {m.text: m.name for s in (pair.claim, pair.passage) for m in s.mentions if m.kind == "language"}
    ours, theirs = (
        {(languages[a], languages[b]) for a, b in _DIRECTION.findall(s.text) if a in languages and b in languages}
        for s in (pair.claim, pair.passage)
    )
    if ours and theirs and not ours & theirs:
        return Difference(
            DifferenceKind.LANGUAGES, frozenset(" to ".join(p) for p in ours), frozenset(" to ".join(p) for p in theirs)
        )
    return None


_SPAN = re.compile(
    r"\b(?P<number>\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|zero)[-\s]?(?P<scale>million|billion|thousand)?"
    r"(?:-|(?<=million)\s|(?<=billion)\s)(?P<noun>[a-z]{3,})\b|\b(?P<top>top)-(?P<k>\d+)\b",
    re.I,
)

_SMALL = {w: float(n) for n, w in enumerate(SMALL)}


def by_spans(pair: TextPair) -> Difference | None:
    """Return a number that qualifies a noun in both texts, each time another: "ten-day", "5 days"; "top-1", "top-5"."""
    ours, theirs = _spans(pair.claim, counts=False), _spans(pair.passage, counts=True)
    for noun, values in ours.items():
        others = theirs.get(noun)
        if others and not values & others:
            return Difference(
                DifferenceKind.QUANTITY, *(frozenset(f"{v:g} {noun}" for v in vs) for vs in (values, others))
            )
    return None


_UNIT_WORD = re.compile(r"([a-z]{3,})$", re.I)


@lru_cache(maxsize=20_000)
def _spans(sentence: AnalysedText, *, counts: bool) -> dict[str, set[float]]:
    spans: dict[str, set[float]] = {}
    for match in _SPAN.finditer(sentence.text):
        if not counts and "-" not in match.group():
            continue  # "0.1 billion words" is what the claim counts
        if match["top"]:
            spans.setdefault("top", set()).add(float(match["k"]))
            continue
        word = match["number"].casefold().rstrip(".,")
        value = _SMALL.get(word, -1.0) if word.isalpha() else float(re.sub(r"[^\d.]", "", word) or 0)
        value *= SCALES.get((match["scale"] or "").casefold(), 1.0)
        spans.setdefault(stem(match["noun"]), set()).add(value)
    for fact in sentence.facts:
        quantity = fact.quantity
        if quantity.printed is None or not (fact.condition or counts) or quantity.kind not in (Q.COUNT, Q.DURATION):
            continue
        unit = _UNIT_WORD.search(quantity.text)
        noun = quantity.head or (stem(unit[1]) if unit else "")
        if noun:
            spans.setdefault(noun, set()).add(quantity.low if quantity.kind is Q.COUNT else quantity.printed)
    return spans


_ABSENT = re.compile(
    r"\b(?:without|not using|not have|no|lacks?|lacking|leaving out|removing|excluding)\s((?:[\w-]+\s?){1,3})", re.I
)


def by_polarity(pair: TextPair, theirs: Fact) -> Difference | None:
    """Return what the claim says to be left out and the passage's number has: "without context information"."""
    absent, theirs_absent = _absent(pair.claim), _absent(pair.passage)
    unclear = bool(_ABSENT.search(pair.passage.text)) and not theirs_absent & pair.claim.topic
    if not absent or absent & theirs_absent or unclear:
        return None
    has = absent & theirs.own
    return (
        Difference(DifferenceKind.QUALIFIER, frozenset(f"without {k}" for k in has), frozenset(has))
        if has and "-with" not in theirs.own
        else None
    )


@lru_cache(maxsize=20_000)
def _absent(sentence: AnalysedText) -> frozenset[str]:
    spans = [m.span(1) for m in _ABSENT.finditer(sentence.text)]
    return frozenset(t.key for t in sentence.terms if any(s <= t.start < e for s, e in spans)) & sentence.topic


_RAW = frozenset("faster slower larger smaller cheaper longer shorter quicker lighter heavier older younger".split())

_PAIRS = (
    {"faster", "slower", "quicker", "speed", "speedup", "speeds", "time", "latency"},
    {"larger", "smaller", "bigger", "size", "times"},
    {"longer", "shorter", "length", "time"},
)


def by_property(pair: TextPair) -> Difference | None:
    """Return the property that the claim compares and the passage does not: faster is not better."""
    ours, theirs = ({w.casefold() for w in re.findall(r"[a-zA-Z]+", s.text)} for s in (pair.claim, pair.passage))
    raw = ours & _RAW
    if not raw or not theirs & {"better", "worse", "comparably", "higher", "lower"} | (theirs & _RAW):
        return None
    for group in _PAIRS:
        if raw & group and theirs & group:
            return None
    if raw & theirs or any(f.quantity.kind in (Q.DURATION, Q.SIZE) for f in pair.passage.facts):
        return None
    return Difference(DifferenceKind.QUALIFIER, frozenset(raw), frozenset(theirs & (_RAW | {"better", "worse"})))


def between(pair: TextPair) -> Difference | None:
    """Return what the whole passage speaks of instead of what the claim does; None where nothing shows."""
    for slot, kind in SLOTS.items():
        a, b = pair.claim.slots.get(slot, frozenset()), pair.passage.slots.get(slot, frozenset())
        if (
            a
            and b
            and not a & b
            and pair.exclude(a, b)
            and (slot != "baseline" or not b & pair.claim.slots.get("model", frozenset()))
        ):
            return Difference(kind, a, b)
    return by_groups(pair.claim.keys, pair.passage.keys, pair.passage.keys)


def scope(claim: AnalysedText, passage: AnalysedText) -> str:
    """Say what the passage speaks of instead of what the claim speaks of; "" where nothing shows that."""
    difference = between(TextPair.of(claim, passage))
    return f"another {difference.kind}; {difference}" if difference else ""
