"""What came of an attack: how often which outcome, and every fault by name."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SHOWN = 10  # faults told of one by one


@dataclass
class Tally:
    """Outcomes of one part.

    Attributes:
        part: what was attacked.
        held: what has to hold after each attack.
        outcomes: outcome → how often.
        faults: what went wrong, one text each.
        seconds: by the clock.
    """

    part: str
    held: str
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    def fault(self, what: str) -> None:
        self.outcomes["fault"] += 1
        self.faults.append(what)

    @property
    def tried(self) -> int:
        return self.outcomes.total()

    def row(self) -> str:
        """Return the part as a row of the table in docs/reliability.md."""
        counts = ", ".join(f"{name} {count:,}" for name, count in self.outcomes.most_common() if name != "fault")
        return f"| {self.part} | {self.tried:,} | {counts} | {len(self.faults)} | {self.seconds:.0f} |"

    @contextmanager
    def timed(self) -> Iterator[Tally]:
        began = time.monotonic()
        try:
            yield self
        finally:
            self.seconds += time.monotonic() - began
