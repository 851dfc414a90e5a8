"""One pass over a sentence: what it names, what it counts, what it asserts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from synth.claims.clause import Event
from synth.claims.events import Clause, clauses
from synth.claims.text import MAX_CHARACTERS, without_citations
from synth.lexicon import Lexicon, Mention
from synth.numbers import Quantity, listed, quantities


@dataclass(frozen=True)
class Sentence:
    """A sentence analysed once: its text without citations, what it names, counts and asserts."""

    text: str
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    clauses: tuple[Clause, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(e for clause in self.clauses for e in clause.events)


def analyse(text: str, lexicon: Lexicon) -> Sentence:
    """What `text` (one sentence) names, counts and asserts."""
    plain = without_citations(text[:MAX_CHARACTERS])
    mentions = lexicon.mentions(plain)
    inside = [(m.start, m.end) for m in mentions if any(c.isdigit() for c in m.text)]
    numbers = tuple(q for q in quantities(plain) if not any(s <= q.start < e for s, e in inside))
    numbers = _with_metric_points(plain, mentions, numbers)
    metrics = frozenset(m.start for m in mentions if m.kind == "metric")
    return Sentence(plain, mentions, numbers, clauses(plain, numbers, metrics))


def _with_metric_points(
    text: str, mentions: tuple[Mention, ...], numbers: tuple[Quantity, ...]
) -> tuple[Quantity, ...]:
    """ "2.3 and 4.1 F1 points": the unit stands behind the metric and belongs to the whole list."""
    after = {m.start: m.end for m in mentions if m.kind == "metric"}
    found = list(numbers)
    for at in range(len(found) - 1, -1, -1):
        q = found[at]
        if q.unit or q.worded:
            continue
        end = after.get(q.end + 1)
        behind = end is not None and re.match(r"[\s-]points?\b", text[end : end + 8])
        of_list = at + 1 < len(found) and found[at + 1].unit == "points" and listed(text, q, found[at + 1])
        if behind or of_list:
            found[at] = replace(q, unit="points")
    return tuple(found)
