"""What a sentence asserts: its clauses, and the events that the trigger rules find in each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from synth.claims import triggers
from synth.claims.clause import Event, Words
from synth.claims.text import Token, tokens
from synth.claims.words import (
    CHANGE_FORMS,
    CHANGE_NOUNS,
    COMPARATIVES,
    COMPARE_FORMS,
    CORRELATED,
    CORRELATION_FORMS,
    CORRELATION_NOUNS,
    COUNT_FORMS,
    HELPFUL,
    LIGHT_FORMS,
    RANKS,
    bag,
)
from synth.numbers import Quantity
from synth.types import ClaimKind

BREAKS = bag("while whereas but although though however yet")
UNREAL = frozenset({"could", "would"})  # "results could be improved" states no improvement
TRIGGERS = frozenset(
    {
        *CHANGE_FORMS,
        *CHANGE_NOUNS,
        *COMPARATIVES,
        *COMPARE_FORMS,
        *CORRELATED,
        *CORRELATION_FORMS,
        *CORRELATION_NOUNS,
        *COUNT_FORMS,
        *HELPFUL,
        *LIGHT_FORMS,
        *RANKS,
        *triggers.SPANNING,
        *("par", "most", "least", "state", "composed", "consisting", "there", "a"),
    }
)


@dataclass(frozen=True)
class Clause:
    start: int
    end: int
    events: tuple[Event, ...]


def _event_at(
    words: Words, j: int, floor: int, found: list[Event], numbers: dict[int, Quantity], metrics: frozenset[int]
) -> Event | None:
    last = found[-1] if found else None
    event = (
        triggers.second_change(words, j, last)
        or triggers.comparison(words, j, floor)
        or triggers.change(words, j, floor)
        or triggers.helpful(words, j, floor)
    )
    # "outperforms the best system", "improves the state of the art": part of what was said, not a rank of its own.
    told = last is not None and not last.level and last.kind in (ClaimKind.COMPARISON, ClaimKind.EFFECT)
    if event is None and not (told and "," not in words.words[floor:j]):
        event = triggers.rank(words, j, floor)
    return (
        event
        or triggers.correlation(words, j, floor)
        or triggers.count(words, j, floor, numbers)
        or triggers.level(words, j, floor, numbers, metrics)
    )


def _scan(listed: tuple[Token, ...], numbers: dict[int, Quantity], metrics: frozenset[int]) -> tuple[Event, ...]:
    words = Words(listed)
    found: list[Event] = []
    floor = 0
    for j, word in enumerate(words.words):
        if j < floor or word not in TRIGGERS:
            continue
        event = _event_at(words, j, floor, found, numbers, metrics)
        if (
            event is None
            or words.conditional(j)
            or UNREAL & {t.word for t in listed if event.start <= t.start < event.end}
        ):
            continue
        if found and found[-1].level and event.start <= found[-1].start:
            found.pop()
        found.append(event)
        floor = next((i for i in range(j, len(listed)) if listed[i].start >= event.end), len(listed))
    if "neither" in words.words:
        found = [replace(e, negated=True) for e in found]
    return tuple(found)


def clauses(text: str, numbers: tuple[Quantity, ...], metric_starts: frozenset[int]) -> tuple[Clause, ...]:
    """The clauses of a sentence with their events. `metric_starts`: offsets of metric names in `text`."""
    listed = tokens(text)
    by_offset = {q.start + len(q.text) - len(q.text.lstrip("+-−–±~≈∼ ")): q for q in numbers}
    found: list[Clause] = []
    begin = 0
    for i, token in enumerate([*listed, Token(";", len(text), len(text))]):
        # "simple yet effective" is no new clause, ", yet it fails" is.
        joins = token.word in BREAKS and i > begin and (listed[i - 1].word == "," or token.word in ("while", "whereas"))
        if not joins and token.word not in (";", "—"):
            continue
        part = listed[begin:i]
        if part:
            found.append(Clause(part[0].start, token.start, _scan(part, by_offset, metric_starts)))
        begin = i if joins else i + 1
    return tuple(found)
