"""Facts: the numbers of a passage with what each belongs to: its clause, its member of a list, its row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from synth.claims.analysed import AnalysedSentence
from synth.evidence.passages.parts.entities import KINDS, Slots
from synth.evidence.passages.parts.layout import TextCell, cells, sentences
from synth.evidence.passages.parts.ownership import (
    SIGNS,
    belonging,
    list_items,
    of_member,
    own_lead,
    segments_of,
    sets_condition,
    sides_of,
)
from synth.evidence.passages.parts.terms import TextTerm
from synth.quantities import Kind, Quantity
from synth.quantities.context import counted
from synth.text.lexicon import Mention

MAX_FACTS = 120  # of one passage; more are a table


@dataclass(frozen=True)
class Fact:
    """One quantity with what it belongs to.

    Args:
        quantity: The number.
        own: Terms of its clause, row or member of a list: they tell it from the others.
        around: All terms of its sentence and of the sentences before.
        lead: Terms before the first number's clause and of the sentences before: said of every number.
        slots: Typed names that belong to it ("model", "task", "languages", "split", "baseline", "year" …).
        condition: Whether it sets a condition of another number (a dose) rather than a result.
        part: Number of its sentence.
        row: Number of its row in a table; -1 in prose.
        column, label: Terms of its column's head and its row's label.
    """

    quantity: Quantity
    own: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    slots: Mapping[str, frozenset[str]] = field(default_factory=dict)
    condition: bool = False
    part: int = 0
    row: int = -1
    lead: frozenset[str] = frozenset()
    column: frozenset[str] = frozenset()
    label: frozenset[str] = frozenset()

    @property
    def low(self) -> float:
        return self.quantity.low

    @property
    def high(self) -> float:
        return self.quantity.high

    @property
    def unit(self) -> str:
        return self.quantity.unit

    @property
    def metric(self) -> str:
        return self.quantity.metric


def facts(
    sentence: AnalysedSentence, terms: Sequence[TextTerm], named: Mapping[str, Sequence[tuple[str, int]]]
) -> tuple[Fact, ...]:
    """Return the numbers of a text that measure or count something, in order. `named`: its `entities`."""
    text, mentions = sentence.text, sentence.mentions
    quantities = sentence.quantities[:MAX_FACTS]
    if not quantities:
        return ()
    table = cells(text)
    if table and (tabled := _of_table(text, quantities, table, mentions, terms)):
        return tabled
    numbers: list[Fact] = []
    before: frozenset[str] = frozenset()
    for part, (start, end) in enumerate(sentences(text)):
        inside = [q for q in quantities if start <= q.start < end]
        keys = frozenset(t.key for t in terms if start <= t.start < end)
        if inside:
            numbers += _of_sentence(text, start, end, part, inside, terms, named, before)
        before |= keys
    return tuple(_inherited(numbers, named))


# ------------------------------------------------------------------------------------------------------------ prose


def _of_sentence(
    text: str,
    start: int,
    end: int,
    part: int,
    quantities: Sequence[Quantity],
    terms: Sequence[TextTerm],
    named: Mapping[str, Sequence[tuple[str, int]]],
    before: frozenset[str],
) -> list[Fact]:
    inside = [t for t in terms if start <= t.start < end]
    around = before | {t.key for t in inside}
    # Numbers that set a condition belong to the words of the number that they qualify.
    conditions = [sets_condition(text, start, q) for q in quantities]
    signed = [q.text[:1] in SIGNS and q.kind is not Kind.P_VALUE for q in quantities]
    if any(signed) and not all(signed):
        conditions = [c or s for c, s in zip(conditions, signed, strict=True)]
        for at in range(1, len(quantities)):  # "<130/80 mmHg"
            conditions[at] |= signed[at - 1] and quantities[at].listed and text[quantities[at].start - 1] == "/"
    if all(conditions) and not any(q.kind is Kind.LEVEL for q in quantities):
        conditions = [False] * len(quantities)
    main = [q for q, condition in zip(quantities, conditions, strict=True) if not condition] or list(quantities)
    segments = segments_of(text, start, end, main)
    first = own_lead(segments, main, inside)
    shared = frozenset(t.key for t in inside if segments[0][0] <= t.start < first)
    segments = [(max(s, first), max(e, first)) for s, e in segments]
    by_start = dict(zip((q.start for q in main), segments, strict=True))
    spans = [
        by_start.get(q.start) or max((s for s in by_start.values() if s[0] <= q.start), default=(start, end))
        for q in quantities
    ]
    lead = shared | frozenset(t.key for t in inside if t.start < first)
    items = list_items(text, start, end, quantities, inside)
    sides = sides_of(text, start, quantities, inside)
    facts: list[Fact] = []
    for at, (quantity, span) in enumerate(zip(quantities, spans, strict=True)):
        own = frozenset(
            t.key for t in inside if span[0] <= t.start < span[1] and not quantity.start <= t.start < quantity.end
        )
        in_list = quantity.listed or (at + 1 < len(quantities) and quantities[at + 1].listed)
        if in_list and (items or len(quantities) > 2):
            own = of_member(at, quantities, spans, items, inside)
        own |= sides.get(at, frozenset())
        slots: Slots = {}
        for kind, placed in named.items():
            mine = belonging(kind, placed, at, spans, items, start, end)
            if mine:
                slots[kind] = mine
        whole = quantity.kind is Kind.LEVEL and quantity.step >= 1 and not quantity.unit
        if not (whole and not quantity.metric and any(q.metric for q in quantities)):  # "rank 3 with an F1 of 0.58"
            quantity = _with_metric(quantity, slots, certain=at in items)
        slots.pop("metric", None)
        opened = text.rfind("(", start, quantity.start)
        outside = next((f for f in reversed(facts) if f.quantity.end <= opened), None)
        if outside is not None and spans[at][0] >= opened and text.find(")", opened, quantity.start) < 0:
            own |= outside.own  # "0.47 for task 2 (2% above the average of 0.46)"
        facts.append(Fact(quantity, own, around, slots, conditions[at], part, lead=lead | before))
    return facts


def _with_metric(quantity: Quantity, slots: Slots, *, certain: bool) -> Quantity:
    """Give a quantity the one metric of its segment; that of its place in a list, or with a cut-off, is `certain`."""
    names = slots.get("metric", frozenset())
    correlation = frozenset(n for n in names if n.endswith(" correlation"))
    names = correlation if quantity.kind is Kind.COEFFICIENT else names - correlation
    if len(names) == 1 and (not quantity.metric or certain or any("@" in name for name in names)):
        return replace(quantity, metric=next(iter(names)))
    if quantity.metric and quantity.metric.endswith(" correlation") and quantity.kind is not Kind.COEFFICIENT:
        return replace(quantity, metric="")
    return quantity


def _inherited(facts: Sequence[Fact], named: Mapping[str, Sequence[tuple[str, int]]]) -> list[Fact]:
    """Give facts without a name of a kind that of the sentence before; names of no number's sentence go to all."""
    completed: list[Fact] = []
    for fact in facts:
        slots = dict(fact.slots)
        for kind, placed in named.items():
            if kind in slots or kind in ("metric", "baseline"):
                continue
            earlier = next((f.slots[kind] for f in reversed(completed) if kind in f.slots), None)
            slots[kind] = earlier if earlier is not None and len(earlier) == 1 else frozenset(n for n, _ in placed)
        completed.append(replace(fact, slots={k: v for k, v in slots.items() if v}))
    return completed


# ------------------------------------------------------------------------------------------------------------ tables


def _of_table(
    text: str,
    quantities: Sequence[Quantity],
    table: Sequence[TextCell],
    mentions: Sequence[Mention],
    terms: Sequence[TextTerm],
) -> tuple[Fact, ...]:
    from synth.evidence.passages.parts.terms import terms as read_terms

    everything = frozenset(t.key for t in terms)
    rows: dict[str, int] = {}
    facts = []
    for quantity in quantities:
        cell = next((c for c in table if c.start <= quantity.start < c.end), None)
        if cell is None:
            continue
        head_text = _metric_head(cell.column, table)
        label, head = (
            frozenset(t.key for t in read_terms(words, _mentions_in(words, mentions)))
            for words in (cell.row, f"{cell.column} {head_text}")
        )
        label |= frozenset(_LABEL_NUMBER.findall(cell.row))
        own = (
            label
            | head
            | {
                t.key
                for t in terms
                if cell.start <= t.start < cell.end and not quantity.start <= t.start < quantity.end
            }
        )
        names = {m.name: m for m in mentions}
        slots: Slots = {}
        metric = ""
        for mention in names.values():
            if mention.text in cell.column or mention.text in cell.row:
                kind = KINDS.get(mention.kind, mention.kind)
                if kind == "metric":
                    metric = mention.name if mention.text in cell.column or not metric else metric
                elif kind not in ("treatment", "split"):
                    slots[kind] = slots.get(kind, frozenset()) | {mention.name}
        kind = Kind.LEVEL if quantity.kind in (Kind.CHANGE, Kind.COUNT) and not quantity.signed else quantity.kind
        metric = metric or head_text
        nouns, last = counted(f" {cell.column}") if quantity.step >= 1 and not metric else ((), "")
        if nouns and "param" in nouns[-1]:
            nouns, last = ("parameter",), "parameter"
        if nouns and not quantity.unit and kind is Kind.LEVEL:
            kind = Kind.COUNT
        level = replace(quantity, kind=kind, metric=metric, nouns=frozenset(nouns), head=last, sign=0)
        facts.append(
            Fact(
                level, own, everything, slots, False, 0, rows.setdefault(cell.row, len(rows)), column=head, label=label
            )
        )
    return tuple(facts)


_LABEL_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_LETTERS = {"P": "precision", "R": "recall", "F": "F1"}


def _metric_head(column: str, table: Sequence[TextCell]) -> str:
    """Return the metric that a head of one letter stands for, where its neighbours are letters as well."""
    last = column.split()[-1] if column.split() else ""
    if last not in _LETTERS:
        return ""
    heads = {c.column.split()[-1] for c in table if c.column.split()}
    return _LETTERS[last] if {"P", "R"} <= heads else ""


def _mentions_in(words: str, mentions: Sequence[Mention]) -> list[Mention]:
    inside_names = []
    for mention in mentions:
        at = words.find(mention.text)
        if at >= 0:
            inside_names.append(replace(mention, start=at, end=at + len(mention.text)))
    return sorted(inside_names, key=lambda m: m.start)
