"""Rows and columns of one table that a claim speaks of, from the places where it names parts of heads. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from synth.evidence.tables.grids.grid import GridAxis
from synth.evidence.tables.grids.names import HeadMention

WITHOUT = re.compile(r"\b(?:without|w/o|no|excluding)\s(?:the\s|any\s)?$", re.IGNORECASE)
LED_IN = re.compile(
    r"\b(?:on|for|in|with|under|using)\s(?:the\s|both\s|all\s)?(?:[\w-]+,?\s(?:and|or)\s)?$",
    re.IGNORECASE,
)


@dataclass
class Entity:
    """Rows or columns that a claim names, with the spans that name them. `exact`: a spelling was met in full."""

    axis: GridAxis
    lines: frozenset[int]
    spans: list[tuple[int, int]]
    exact: bool
    text: str
    peers: frozenset[int] | None = None  # the lines of the outer head that narrowed it down: "for multiplication"


def entities(mentions: Sequence[HeadMention], number: int, axis: GridAxis, claim: str) -> list[Entity]:
    """Return the rows or columns of one grid that a claim names. Parts of several levels narrow each other down.

    "BERT and XLM-7 trained on CC" are two entities, each narrowed down by CC, which cuts across both. Where as many
    parts cut across as there are entities and they stand by turns, they go together in order. "Without X" leaves X out.
    """
    by_span: list[tuple[frozenset[int], Entity]] = []
    spans: dict[tuple[int, int], list[HeadMention]] = defaultdict(list)
    without = frozenset[int]()
    for mention in mentions:
        if mention.part.grid == number and mention.part.axis is axis:
            spans[mention.start, mention.end].append(mention)
    for span, group in sorted(spans.items()):
        lines = frozenset[int]().union(*(m.part.lines for m in group))
        same = next((e for _, e in by_span if e.lines == lines), None)
        if WITHOUT.search(claim[: span[0]]) and any(e.lines - lines and e.lines & lines for _, e in by_span):
            without |= lines
        elif same is not None:
            same.spans.append(span)
        else:
            entity = Entity(axis, lines, [span], all(m.exact for m in group), group[0].part.text)
            by_span.append((frozenset(m.part.level for m in group), entity))
    crossing = [item for item in by_span if _cuts_across(item[1], [e for _, e in by_span])]
    flat = [item for item in by_span if item not in crossing]
    if not flat and crossing:
        led = [item for item in crossing if LED_IN.search(claim[: item[1].spans[0][0]])]
        crossing = led if 0 < len(led) < len(crossing) else crossing[1:]
        flat = [item for item in by_span if item not in crossing]
    if any(a.lines & b.lines for (_, a), (_, b) in combinations(flat, 2)):
        levels = Counter(min(level) for level, _ in flat)
        exact = {level: all(e.exact for second, e in flat if min(second) == level) for level in levels}
        free = {
            level: not all(LED_IN.search(claim[: e.spans[0][0]]) for second, e in flat if min(second) == level)
            for level in levels
        }
        leading = max(levels, key=lambda level: (levels[level], free[level], exact[level], level))
        crossing += [item for item in flat if min(item[0]) != leading]
        flat = [item for item in flat if min(item[0]) == leading]
        for first, second in combinations(tuple(flat), 2):
            if first[1].lines & second[1].lines and second[0] - first[0]:  # "X with a shared encoder"
                flat.remove(second)
                crossing.append((second[0] - first[0], second[1]))
                break
    result = [entity for _, entity in flat]
    inner = min((min(level) for level, _ in flat), default=0)
    for level in {min(level) for level, _ in crossing}:
        _narrow(result, [e for second, e in crossing if min(second) == level], outer=level < inner)
    for entity in result:
        entity.lines = entity.lines - without or entity.lines
    return result


def _cuts_across(entity: Entity, entities: Sequence[Entity]) -> bool:
    """Return True if the lines of an entity meet those of two others that have none in common."""
    met = [other for other in entities if other is not entity and other.lines & entity.lines]
    return any(not a.lines & b.lines for a, b in combinations(met, 2))


def _narrow(entities: Sequence[Entity], others: Sequence[Entity], *, outer: bool) -> None:
    order = sorted([(e.spans[0][0], True) for e in entities] + [(o.spans[0][0], False) for o in others])
    by_turns = len(others) == len(entities) and all(a[1] != b[1] for a, b in pairwise(order))
    for at, entity in enumerate(entities):
        allowed = others[at].lines if by_turns else frozenset[int]().union(*(o.lines for o in others))
        if entity.lines & allowed:
            entity.lines &= allowed
            if outer:
                entity.peers = allowed if entity.peers is None else entity.peers & allowed
