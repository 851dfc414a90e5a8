"""Sides of a comparison among the lines that a claim names, and their lines that go together. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import GridAxis
from synth.evidence.tables.rules.cues import THAN, Cue, Sense
from synth.evidence.tables.view import View

OWN_SIDE = re.compile(r"\b(?:ours?|we|the proposed|this (?:model|method|system)|it|they)\b", re.IGNORECASE)
MAX_PAIRS = 400


def sides(view: View, axis: GridAxis, before: int = -1) -> tuple[list[Entity], list[Entity]] | None:
    """Return the treated and the base entities of the comparative nearest to `before` (or of the first); None if
    unclear.
    """
    entities = view.entities(axis)
    cues = view.cues(view.statement.comparatives)
    for cue in cues if before < 0 else sorted(cues, key=lambda c: abs(c.start - before)):
        pair = split_sides(view, entities, cue)
        if pair is not None:
            return pair
    text = view.statement.text
    for match in THAN.finditer(text):  # "fine-tuning on A instead of B costs 12 points"
        pair = split_sides(view, entities, Cue(Sense.BETTER, match.start(), match.start(), than=match.end()))
        if pair is not None:
            return pair
    return None


def split_sides(view: View, entities: Sequence[Entity], cue: Cue) -> tuple[list[Entity], list[Entity]] | None:
    """Return the sides before and behind the comparative; "compared to X" and "than X" are the base wherever they
    stand.
    """
    text = view.statement.text
    start, end = view.statement.clause_start(cue.start), view.statement.clause_end(cue.end)
    first: list[Entity] = []
    second: list[Entity] = []
    for entity in entities:
        spans = [(a, b) for a, b in entity.spans if start <= a < end]
        if not spans:
            continue
        a, _ = spans[0]
        marker = max((m.end() for m in THAN.finditer(text, start, a)), default=-1)
        behind = cue.than >= 0 and a >= cue.than
        # "improves the F1 of mBERT", "reduces the error of the baseline"
        behind = behind or (cue.than < 0 and a > cue.end and bool(re.search(r"\bof (?:the )?$", text[cue.end : a])))
        fronted = a < cue.start and marker >= start and not re.search(r",", text[marker:a])
        if behind or (fronted and re.fullmatch(r"[\s\w’'-]{0,30}", text[marker:a])):
            second.append(entity)
        elif a < cue.start or (cue.than >= 0 and a < cue.than):
            first.append(entity)
    if not first and second and OWN_SIDE.search(text[max(0, cue.start - 40) : cue.start]):
        # "While XLM-R handles 100 languages, it outperforms X": the pronoun's name stands before the clause.
        before = [e for e in entities if e not in second and e.spans[0][1] <= cue.start]
        first = before[-1:]
    if cue.passive:
        first, second = second, first
    if len(first) > 1:
        joined = [first[-1]]
        for entity in reversed(first[:-1]):
            gap = text[entity.spans[0][1] : joined[0].spans[0][0]]
            if re.fullmatch(r"\s?(?:,|and|or|,\sand|/|&)?\s?(?:and\s|or\s)?(?:the\s|both\s)?(?:[\w-]+\s)?", gap):
                joined.insert(0, entity)
            else:
                break
        first = joined
    return (first, second) if first and second else None


def pairs(view: View, axis: GridAxis, first: Sequence[Entity], second: Sequence[Entity]) -> list[tuple[int, int]]:
    """Return pairs of lines to compare: those whose heads differ in what is compared only, where there are such."""
    lines = view.grid.lines(axis)
    line_pairs: list[tuple[int, int]] = []
    for line, other in product(first, second):
        mine, theirs = line.lines - other.lines or line.lines, other.lines - line.lines or other.lines
        every = [(a, b) for a, b in product(sorted(mine), sorted(theirs)) if a != b]
        if len(every) > 1:
            shared = [_shared(lines[a].levels, lines[b].levels) for a, b in every]
            every = [pair for pair, count in zip(every, shared, strict=True) if count == max(shared)]
        line_pairs += every
    return list(dict.fromkeys(line_pairs))[:MAX_PAIRS]


def _shared(first: Sequence[str], second: Sequence[str]) -> int:
    """Count the parts that two heads have in common."""
    return len({*first} & {*second})
