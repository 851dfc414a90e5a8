"""The rows and columns of one table that a claim speaks of, from the places where it names parts of heads. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from synth.tables.grid import Axis
from synth.tables.names import Mention

WITHOUT = re.compile(r"\b(?:without|w/o|no|excluding)\s(?:the\s|any\s)?$", re.IGNORECASE)
LED_IN = re.compile(
    r"\b(?:on|for|in|with|under|using)\s(?:the\s|both\s|all\s)?(?:[\w-]+,?\s(?:and|or)\s)?$",
    re.IGNORECASE,
)


@dataclass
class Entity:
    """Rows or columns that a claim names, with where it names them. `exact`: a spelling was met in full."""

    axis: Axis
    lines: frozenset[int]
    spans: list[tuple[int, int]]
    exact: bool
    text: str
    peers: frozenset[int] | None = None  # the lines of the outer head that narrowed it down: "for multiplication"


def entities(mentions: Sequence[Mention], number: int, axis: Axis, claim: str) -> list[Entity]:
    """The rows or columns of one grid that a claim names. Parts of several levels narrow each other down.

    "BERT and XLM-7 trained on CC" are two entities, each narrowed down by CC, which cuts across both. Where as many
    parts cut across as there are entities and they stand by turns, they go together in order. "Without X" leaves X out.
    """
    held: list[tuple[frozenset[int], Entity]] = []
    spans: dict[tuple[int, int], list[Mention]] = defaultdict(list)
    without = frozenset[int]()
    for mention in mentions:
        if mention.part.grid == number and mention.part.axis is axis:
            spans[mention.start, mention.end].append(mention)
    for span, group in sorted(spans.items()):
        lines = frozenset[int]().union(*(m.part.lines for m in group))
        same = next((e for _, e in held if e.lines == lines), None)
        if WITHOUT.search(claim[: span[0]]) and any(e.lines - lines and e.lines & lines for _, e in held):
            without |= lines
        elif same is not None:
            same.spans.append(span)
        else:
            entity = Entity(axis, lines, [span], all(m.exact for m in group), group[0].part.text)
            held.append((frozenset(m.part.level for m in group), entity))
    crossing = [item for item in held if _cuts_across(item[1], [e for _, e in held])]
    found = [item for item in held if item not in crossing]
    if not found and crossing:
        led = [item for item in crossing if LED_IN.search(claim[: item[1].spans[0][0]])]
        crossing = led if 0 < len(led) < len(crossing) else crossing[1:]
        found = [item for item in held if item not in crossing]
    if any(a.lines & b.lines for (_, a), (_, b) in combinations(found, 2)):
        levels = Counter(min(level) for level, _ in found)
        exact = {level: all(e.exact for other, e in found if min(other) == level) for level in levels}
        free = {
            level: not all(LED_IN.search(claim[: e.spans[0][0]]) for other, e in found if min(other) == level)
            for level in levels
        }
        leading = max(levels, key=lambda level: (levels[level], free[level], exact[level], level))
        crossing += [item for item in found if min(item[0]) != leading]
        found = [item for item in found if min(item[0]) == leading]
        for one, other in combinations(tuple(found), 2):
            if one[1].lines & other[1].lines and other[0] - one[0]:  # "X with a shared encoder"
                found.remove(other)
                crossing.append((other[0] - one[0], other[1]))
                break
    result = [entity for _, entity in found]
    inner = min((min(level) for level, _ in found), default=0)
    for level in {min(level) for level, _ in crossing}:
        _narrow(result, [e for other, e in crossing if min(other) == level], outer=level < inner)
    for entity in result:
        entity.lines = entity.lines - without or entity.lines
    return result


def _cuts_across(entity: Entity, held: Sequence[Entity]) -> bool:
    """The lines of an entity meet those of two others that have none in common."""
    met = [other for other in held if other is not entity and other.lines & entity.lines]
    return any(not a.lines & b.lines for a, b in combinations(met, 2))


def _narrow(found: Sequence[Entity], others: Sequence[Entity], *, outer: bool) -> None:
    order = sorted([(e.spans[0][0], True) for e in found] + [(o.spans[0][0], False) for o in others])
    by_turns = len(others) == len(found) and all(a[1] != b[1] for a, b in pairwise(order))
    for at, entity in enumerate(found):
        wanted = others[at].lines if by_turns else frozenset[int]().union(*(o.lines for o in others))
        if entity.lines & wanted:
            entity.lines &= wanted
            if outer:
                entity.peers = wanted if entity.peers is None else entity.peers & wanted
