"""A sentence of the report with the rows of the database that it was built from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.core.types import JsonValue
from synth.report.wording import ranges
from synth.store.rows.claims import ClaimView, Quoted
from synth.store.rows.runs import VerdictView

Anchor = tuple[
    str, int
]  # table and id: ("claim", 12), ("run", 3), ("quote", 45: a passage), ("paper", 7), ("search", 1)
ONE_BY_ONE = 6  # rows of a table that are named one by one; more are named as ranges
QUOTABLE = 500  # characters of a claim that is quoted inside a sentence
READABLE = 150  # characters of ranges; a longer list tells nobody anything


@dataclass(frozen=True)
class AnswerSentence:
    """`text` with `rows`, all of them: a sentence that counts names what it counts.

    `says`: "supports" or "contradicts" where it tells of evidence for or against a claim, else "". `command`: what it
    ends with, to be typed.
    """

    text: str
    rows: tuple[Anchor, ...] = ()
    says: str = ""
    command: str = ""

    @property
    def named(self) -> list[Anchor]:
        """The rows that are named one by one."""
        return [row for row in self.rows if len(self._of(row[0])) <= ONE_BY_ONE]

    @property
    def anchors(self) -> list[str]:
        """Name the rows: "claim 12", "run 3"; "claims 4–9, 11" for many; "58 claims" if the ranges are too long."""
        names: dict[str, None] = {}
        for table, number in self.rows:
            numbers = self._of(table)
            words = f"{table} {number}" if len(numbers) <= ONE_BY_ONE else _many(table, numbers)
            names[words] = None
        return list(names)

    @property
    def shown(self) -> list[str]:
        """The anchors that a reader follows: claims and runs. Quotes and papers are linked where they are quoted."""
        return [anchor for anchor in self.anchors if anchor.startswith(("claim", "run")) or anchor.endswith("claims")]

    def _of(self, table: str) -> list[int]:
        return [number for name, number in self.rows if name == table]

    def as_json(self) -> dict[str, JsonValue]:
        whole = f"{self.text} {self.command}".rstrip()
        return {"text": whole, "says": self.says, "rows": [{"table": t, "id": n} for t, n in self.rows]}


def claims(rows: Sequence[ClaimView]) -> tuple[Anchor, ...]:
    return tuple(("claim", row.id) for row in rows)


def quotes(rows: Sequence[Quoted]) -> tuple[Anchor, ...]:
    """Return the anchors of source or evidence rows."""
    return tuple(("quote", row.passage) for row in rows)


def runs(tests: Sequence[VerdictView]) -> tuple[Anchor, ...]:
    """Return the anchors of tests, each with its claim."""
    anchors = dict.fromkeys(("claim", test.claim) for test in tests)
    return (*anchors, *(("run", test.run_id) for test in tests))


def quoted(text: str, otherwise: str) -> str:
    """Return a claim or question in quotation marks, to stand inside a sentence; `otherwise` if it is as long as a
    text.
    """
    folded = text.strip().removesuffix(".")
    return f"“{folded}”" if len(folded) <= QUOTABLE else otherwise


def _many(table: str, numbers: Sequence[int]) -> str:
    named = ranges(numbers)
    return f"{table}s {named}" if len(named) <= READABLE else f"{len(numbers):,} {table}s"
