"""What came of an attack: how often which outcome, and every fault by name."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

SHOWN = 10  # faults told of one by one


@dataclass
class Tally:
    """Outcomes of one part.

    Attributes:
        part: what was attacked.
        held: what has to hold after each attack.
        outcomes: outcome → how often.
        faults: what went wrong, one text each.
        notes: what else is to be told of it.
        seconds: by the clock, of every process that worked at it.
    """

    part: str
    held: str
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    def fault(self, what: str) -> None:
        self.outcomes["fault"] += 1
        self.faults.append(what)

    def note(self, what: str) -> None:
        self.notes.append(what)

    @classmethod
    def merged(cls, shares: Iterable[Tally]) -> Tally:
        """Return the tally of a part that several processes worked at."""
        first, *others = shares
        whole = cls(first.part, first.held)
        for share in (first, *others):
            whole.outcomes.update(share.outcomes)
            whole.faults += share.faults
            whole.notes += share.notes
            whole.seconds += share.seconds
        return whole

    @property
    def tried(self) -> int:
        return self.outcomes.total()

    def row(self, measured: str) -> str:
        """Return the part as a row of the table in docs/reliability.md; `measured`: of which state, on which day."""
        counts = ", ".join(f"{name} {count:,}" for name, count in self.outcomes.most_common() if name != "fault")
        words = "; ".join([counts, *self.notes])
        return f"| {self.part} | {self.tried:,} | {words} | {len(self.faults)} | {self.seconds:.0f} | {measured} |"

    @contextmanager
    def timed(self) -> Iterator[Tally]:
        began = time.monotonic()
        try:
            yield self
        finally:
            self.seconds += time.monotonic() - began


def attempt(attack: Callable[..., Tally], arguments: tuple[Any, ...]) -> Tally:
    """Run one task; what breaks in it is a fault of a part without a name, and the others go on."""
    try:
        return attack(*arguments)
    except Exception:
        tally = Tally("", "the attack runs")
        tally.fault(f"{attack.__module__}.{attack.__name__} {arguments[-2:]}: {traceback.format_exc()}")
        return tally
