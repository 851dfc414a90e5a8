"""Which quantities of a sentence say how large an event is, and how they belong together."""

from __future__ import annotations

import re

from synth.claims.analysis import Sentence
from synth.claims.clause import Event
from synth.numbers import Quantity
from synth.types import ClaimKind

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
GOES_ON = re.compile(r"(?:,|\band|\bor|/)\s*(?:by |an? |of |up to |about |around )?$")
CHANGED = re.compile(
    r"\s?(?:[\w-]+\s){0,3}?(?:improvements?|gains?|increases?|boosts?|drops?|reductions?|decreases?|higher|lower)\b"
)


def sizes(sentence: Sentence, event: Event, stop: int) -> list[Quantity]:
    """The quantities between the event and `stop` that tell its size (for a level or a rank: the value reached)."""
    found: list[Quantity] = []
    for q in sentence.quantities:
        if not event.start <= q.start < stop:
            continue
        gap = sentence.text[found[-1].end : q.start] if found else ""
        goes_on = bool(found) and found[-1].unit == q.unit and bool(GOES_ON.search(gap))
        if found and q.changed:
            continue  # "3% when the size grows from 128k to 512k": the condition, not a second size
        if _is_size(sentence, event, q, first=not found, goes_on=goes_on):
            found.append(q)
    return found


def _is_size(sentence: Sentence, event: Event, q: Quantity, *, first: bool, goes_on: bool) -> bool:
    before = sentence.text[max(0, q.start - 48) : q.start].lower()
    if BOUND.search(before):
        return False  # "within 2% of the full system": how near, not how far it moved
    if q.approximate:
        before = before.rstrip().removesuffix(q.approximate)
    near = metric_near(sentence, q)
    decimal = bool((q.value or 0) % 1)
    after = sentence.text[q.end : q.end + 40]
    if event.level:
        if q.unit == "%" and FRACTION.match(after):
            return False  # "using only 50% of training data"
        if SHORT_OF.match(sentence.text, q.end):
            return False
        if q.start > event.end and not first and not goes_on:
            return False  # "achieves 83.7%, well above the 65.5% of another model"
        return not q.worded and not q.signed and q.unit != "times" and (q.unit in ("%", "points") or (near and decimal))
    if event.kind is ClaimKind.RANKING:
        return not q.worded and near and (q.unit in ("%", "points") or decimal)
    if q.unit == "%" and not near and (FRACTION.match(after) or PORTION.search(before)):
        return False
    if not q.changed and q.unit != "times" and LEVEL_BEFORE.search(before) and not CHANGED.match(after):
        return False  # "rises to 90.1", "achieving a score of 66.9": where it ends, not how far it went
    told = q.signed or q.changed or goes_on or bool(MARGIN.search(before)) or bool(CHANGED.match(after))
    told = told or bool(OF.search(before) and event.kind is ClaimKind.EFFECT) or _directly(sentence, event, q)
    if q.unit:
        return told
    if q.worded or (re.match(r"\s[a-z]+s\b", after) and not near):
        return False
    return told and (near or q.signed or q.changed or decimal)


def _directly(sentence: Sentence, event: Event, q: Quantity) -> bool:
    """ "improving 15.7%", "is 3 points higher": inside the event or at most two words behind it."""
    return q.start < event.end or len(sentence.text[event.end : q.start].split()) <= 2


def metric_near(sentence: Sentence, q: Quantity) -> bool:
    """Whether the name of a metric stands directly before or after the quantity."""
    return any(
        m.kind == "metric" and (0 <= m.start - q.end <= 18 or 0 <= q.start - m.end <= 14) for m in sentence.mentions
    )
