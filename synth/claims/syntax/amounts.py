"""Sizes of changes and differences among the quantities of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from synth.claims.surface import YEAR
from synth.claims.syntax.grammar import Sentence
from synth.claims.syntax.roles import Assertion, is_measure
from synth.claims.words import CHANGE_NOUNS, COMPARE_VERBS
from synth.core.types import ClaimKind
from synth.quantities import TIMES, Quantity
from synth.text.parsing import Token

FRACTION = re.compile(r"\s?of\s(?:the|all|these|our|its|them|cases|training|data)\b")
PORTION = re.compile(r"\b(?:with|using|only|on|top|first|remaining)\s(?:only\s|just\s)?$")
MARGIN = re.compile(
    r"\b(?:by|margins?|improvements?|gains?|differences?|increases?|drops?|reductions?|of up"
    r"|up)\s(?:an?\s|of\s|to\s)*(?:[\w.-]+\s){0,3}$"
)
LEVEL_BEFORE = re.compile(
    r"\b(?:scores?|accurac(?:y|ies)|rates?|performance|f1|bleu|achieving|reaching|at|to)\s(?:of\s|is\s)?(?:about\s)?$"
)
OF = re.compile(r"\bof\s(?:\w+\s)?$")
SHORT_OF = re.compile(r"\s(?:points\s)?(?:below|above|behind|short)\b")
BOUND = re.compile(r"\b(?:within|except)\s$")
ASIDE = re.compile(r"\([^()]{1,120}\)")
VERSUS = re.compile(r"\b(?:vs|versus|compared|against|instead)\b")
GOES_ON = re.compile(r"(?:,|\band|\bor|/)\s*(?:by |an? |of |up to |about |around )?$")
AND = re.compile(r"[^,;]{0,40}\band\s(?:[+−–-]\s?)?")
FASTER = re.compile(r"\s?(?:faster|slower|smaller|larger|fewer|less|more|higher|lower|better)\b")
CHANGED = re.compile(
    r"\s?(?:[\w-]+\s){0,3}?(?:improvements?|gains?|increases?|boosts?|drops?|reductions?|decreases?|higher|lower|better|"
    r"worse|faster|slower|smaller|larger|margins?|advantage|gap|lead|(?:more|less|fewer)\sthan)\b"
)


def aside_metric(sentence: Sentence, q: Quantity) -> str:
    """Return the metric in the brackets of a size: "(up to 16.8% accuracy gain)"."""
    for aside, within in _asides(sentence):
        named = [m.name for m in sentence.mentions if m.kind == "metric" and aside.start() < m.start < aside.end()]
        if q in within and len(named) == 1:
            return named[0]
    return ""


def owner(sentence: Sentence, q: Quantity, assertions: Sequence[Assertion]) -> Assertion | None:
    """Return the assertion whose verb or trigger is the nearest governor of a quantity."""
    token = sentence.token_at(q.start, q.end)
    if token is None:
        return None  # inside brackets: of which assertion cannot be told
    for above in (token, *sentence.parsed.ancestors(token)):
        exact = [a for a in assertions if a.trigger is above]
        if exact:
            return exact[0]
        if above.lemma == "with" and above.pos == "ADP":
            return None  # "…, with a precision of 83.8%": a level beside what is asserted
        if above.lemma in CHANGE_NOUNS and above.pos == "NOUN" and above is not token:
            if told_of := _owner_of_size(sentence, above, assertions):
                return told_of
            return None  # "…, with improvements of 0.8 points": of something that nothing is said to bring about
        anchored = [a for a in assertions if a.anchor is above]
        if anchored:
            before = [a for a in anchored if a.trigger.start <= q.start]
            return before[-1] if before else anchored[0]
    return None


def _owner_of_size(sentence: Sentence, noun: Token, assertions: Sequence[Assertion]) -> Assertion | None:
    """Return whose size ", with an average improvement of 4 %" is: of the only change that way of the verb above it."""
    preposition = sentence.parsed.head(noun)
    verb = sentence.parsed.head(preposition)
    if preposition.lemma != "with" or preposition.dep != "prep":
        return None
    way = CHANGE_NOUNS[noun.lemma]
    same = {"increase": ("increase", "greater"), "decrease": ("decrease", "less")}[way]
    fitting = [a for a in assertions if verb in (a.anchor, a.trigger) and a.direction in same]
    own = [
        t
        for c in sentence.parsed.children(noun, "prep")
        if c.lemma in ("in", "of")
        for t in sentence.parsed.children(c, "pobj")
        if not sentence.is_amount(t)
    ]
    if own and any(a.patient is not None for a in fitting):
        return None  # of something else than what is said to change
    return fitting[0] if len(fitting) == 1 else None


def sizes(sentence: Sentence, assertion: Assertion, assertions: Sequence[Assertion]) -> list[Quantity]:
    """Return the quantities that are the size of an assertion (of a rank: the value reached)."""
    quantities: list[Quantity] = []
    level_end = -1  # where the last level ended: "to 5.2% for A and 8.7% for B" are two
    for q in sentence.quantities:
        if owner(sentence, q, assertions) is not assertion or _of_baseline(sentence, assertion, q):
            continue
        before = _before(sentence, q)
        if LEVEL_BEFORE.search(before) or (level_end >= 0 and AND.fullmatch(sentence.text[level_end : q.start])):
            level_end = q.end
            if not q.ends and q.unit != TIMES and not CHANGED.match(sentence.text[q.end : q.end + 40]):
                continue
        if any(p.start <= q.start < p.end for p in (assertion.treatment, *assertion.baselines) if p is not None):
            continue
        gap = sentence.text[quantities[-1].end : q.start] if quantities else ""
        goes_on = bool(quantities) and quantities[-1].unit == q.unit and bool(GOES_ON.search(gap))
        if quantities and quantities[-1].unit != q.unit and FASTER.match(sentence.text[q.end : q.end + 20]):
            continue  # "60 % reduction in size and 100 times faster inference": of something else
        if quantities and q.ends:
            continue  # "3% when the size grows from 128k to 512k": the condition, not a second size
        if _is_size(sentence, assertion, q, goes_on=goes_on):
            quantities.append(q)
    return quantities


def _before(sentence: Sentence, q: Quantity) -> str:
    """Return what stands before a quantity, in lower case, without its qualifier ("about"); signs ("~") are in it."""
    before = sentence.text[max(0, q.start - 48) : q.start].lower()
    bare = before.rstrip()
    return bare.removesuffix(q.qualifier) if q.qualifier and bare.endswith(q.qualifier) else before


def _of_baseline(sentence: Sentence, assertion: Assertion, q: Quantity) -> bool:
    """Return True for the level that is surpassed: "exceeds the 22% accuracy of B"."""
    if assertion.trigger.lemma not in COMPARE_VERBS:
        return False
    return any(
        p.start <= q.start < p.end
        for t in sentence.parsed.children(assertion.trigger, "dobj")
        if is_measure(sentence, t)
        for p in (sentence.phrase(t, without=("on", "in", "for", "by")),)
    )


def _is_size(sentence: Sentence, assertion: Assertion, q: Quantity, *, goes_on: bool) -> bool:
    if BOUND.search(sentence.text[max(0, q.start - 48) : q.start].lower()) or q.is_measured:
        return False  # "within 2% of the full system": how near, not how far it moved
    before = _before(sentence, q)
    near = metric_near(sentence, q)
    decimal = bool((q.printed or 0) % 1)
    after = sentence.text[q.end : q.end + 40]
    if assertion.kind is ClaimKind.RANKING:
        return not q.worded and near and (q.unit in ("%", "points") or decimal)
    if q.unit == "%" and not near and (FRACTION.match(after) or PORTION.search(before)):
        return False
    if not q.ends and q.unit != TIMES and LEVEL_BEFORE.search(before) and not CHANGED.match(after):
        return False  # "rises to 90.1", "achieving a score of 66.9": where it ends, not how far it went
    moved = q.signed or bool(q.ends) or goes_on or bool(MARGIN.search(before)) or bool(CHANGED.match(after))
    moved = moved or q.qualifier in ("up to", "as much as")
    moved = moved or bool(OF.search(before) and assertion.kind is ClaimKind.EFFECT) or _directly(sentence, assertion, q)
    if q.unit:
        return moved
    if q.worded or (re.match(r"\s[a-z]+s\b", after) and not near):
        return False
    return moved and (near or q.signed or bool(q.ends) or decimal)


def aside_sizes(sentence: Sentence, assertion: Assertion, assertions: Sequence[Assertion]) -> list[Quantity]:
    """Return the sizes in brackets behind an assertion: "improves the baseline (+2.3 BLEU)"."""
    for aside, within in _asides(sentence):
        behind = sentence.token_before(aside.start())
        sizes_of = [q for q in within if q.signed or CHANGED.match(sentence.text[q.end : aside.end()])]
        gains = re.search(r"\b(?:improve|gain|increas|reduc|by)", aside.group())
        if len(within) == 1 and gains and (within[0].unit or within[0].is_measured):
            sizes_of = within
        if behind is None or not sizes_of or len(sizes_of) < len(within):
            continue
        if _holder(behind, sentence, assertions) is assertion and len({q.unit for q in sizes_of}) == 1:
            return sizes_of
    return []


def aside_ends(sentence: Sentence, assertion: Assertion) -> dict[str, str]:
    """Return the two levels of a comparison: "A (81.0%) is better than B (79.4%)", "(81.0% vs. 79.4%)"."""
    by: dict[str, str] = {}
    for aside, within in _asides(sentence):
        behind = sentence.token_before(aside.start())
        if behind is None or len(aside.group()) > 40:
            continue
        if len(within) == 2 and VERSUS.search(sentence.text[within[0].end : within[1].start]):
            return {"to": within[0].text.strip(), "from": within[1].text.strip()}
        if len(within) != 1 or within[0].signed:
            continue
        if assertion.treatment is not None and assertion.treatment.start <= behind.start < assertion.treatment.end:
            by["to"] = within[0].text.strip()
        elif (
            len(assertion.baselines) == 1 and assertion.baselines[0].start <= behind.start < assertion.baselines[0].end
        ):
            by["from"] = within[0].text.strip()
    return by if len(by) == 2 else {}


def aside_level(sentence: Sentence, assertion: Assertion) -> list[Quantity]:
    """Return the level in brackets right behind what is ranked: "the best performance (43.7 %)"."""
    for aside, within in _asides(sentence):
        behind = sentence.token_before(aside.start())
        ranked = (
            behind is not None
            and assertion.patient is not None
            and assertion.patient.start <= behind.start < assertion.patient.end
        )
        if ranked and len(within) == 1 and len(aside.group()) <= 20 and not within[0].signed:
            return within
    return []


def _asides(sentence: Sentence) -> Iterator[tuple[re.Match[str], list[Quantity]]]:
    """Yield the brackets with quantities in them that were not parsed."""
    for aside in ASIDE.finditer(sentence.text):
        within = [q for q in sentence.quantities if aside.start() <= q.start and q.end <= aside.end()]
        if within and sentence.token_at(within[0].start, within[0].end) is None and not YEAR.search(aside.group()):
            yield aside, within


def _holder(token: Token, sentence: Sentence, assertions: Sequence[Assertion]) -> Assertion | None:
    """Return the assertion that a token belongs to."""
    for above in (token, *sentence.parsed.ancestors(token)):
        for assertion in assertions:
            if above in (assertion.trigger, assertion.anchor):
                return assertion
    return None


def reached_by(sentence: Sentence, assertion: Assertion) -> str:
    """Return the level that a change ends at: "increases to 36.5"; "" if it is not stated."""
    for child in sentence.parsed.children(assertion.anchor, "prep"):
        if child.lemma == "to":
            for q in sentence.quantities:
                if 0 <= q.start - child.end <= 8 and q.pair is None:
                    return q.text.strip()
    return ""


def _directly(sentence: Sentence, assertion: Assertion, q: Quantity) -> bool:
    """Return True if a size stands inside an assertion or at most two words behind it: "improving 15.7%"."""
    start, end = sorted((assertion.anchor, assertion.trigger), key=lambda t: t.start)
    if start.start <= q.start < end.end:
        return True
    return q.start >= end.end and len(sentence.text[end.end : q.start].split()) <= 2


def metric_near(sentence: Sentence, q: Quantity) -> bool:
    """Return True if the name of a metric stands directly before or after the quantity."""
    return any(
        m.kind == "metric" and (0 <= m.start - q.end <= 18 or 0 <= q.start - m.end <= 14) for m in sentence.mentions
    )
