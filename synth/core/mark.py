"""Derive the mark of a claim, ✓ / × / –, and what it rests on, from the strongest axis that speaks.

1. *run*: the newest verdict of each prediction. `reproduced`, `partially reproduced` and `direction supported` give ✓,
   `not reproduced` and `direction contradicted` give ×; `equivalent` (no effect as large as the SESOI) gives × for a
   claimed effect and ✓ for a claimed absence of one. Predictions that disagree decide nothing, and nothing below a
   run that does so is asked.
2. *papers*: own results of other, independent papers. Both sides present: –, contested. P ≥ 0.8 gives ✓; P ≤ 0.2
   gives ×, if at least one of them contradicts.
3. *own paper*: its tables and its results sections, by the same bounds. It decides only where no other paper stands
   on the other side.
4. Everything else is –. Other papers that merely report the result change nothing.

Axes that point in opposite directions are a conflict: it is shown, and the strongest axis stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SUPPORTING = ("reproduced", "partially reproduced", "direction supported")
CONTRADICTING = ("not reproduced", "direction contradicted")
DIRECTIONS = ("direction supported", "direction contradicted")  # verdicts that speak of no magnitude
EQUIVALENT = "equivalent"
ABSENCE = ("no effect", "equal")  # directions of a prediction that claims no difference
SURE = 0.8  # P(supported) from which literature verifies a claim; 1 - SURE and less refutes it
SYMBOLS = {True: "✓", False: "×", None: "–"}


class Axis(StrEnum):
    """Kind of evidence that a mark rests on, strongest first."""

    RUN = "run"
    PAPERS = "papers"
    OWN_PAPER = "own paper"


@dataclass(frozen=True)
class PredictionVerdict:
    """Newest verdict of one prediction, with its run. `direction` as in `synth.core.types.Prediction`."""

    verdict: str
    run: int = 0
    fidelity: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Side:
    """Standing of a claim on one axis of the literature.

    Attributes:
        confidence: P(claim is supported) by this axis alone; None if it is silent.
        supporting, contradicting: how many witnesses (papers; tables and sentences of the own paper) are on each side.
        place: where the strongest one stands, for people ("Table 2", "p. 6").
    """

    confidence: float | None = None
    supporting: int = 0
    contradicting: int = 0
    place: str = ""


SILENT = Side()


@dataclass(frozen=True)
class Mark:
    """The mark of a claim and what decided it (`axis` None: nothing did).

    Attributes:
        papers: independent papers on the deciding side, if `axis` is PAPERS.
        where: "run 4", "Table 2" or "p. 6"; empty for PAPERS.
        conflict: axes point in opposite directions, or the predictions of a tested claim do.
        contested: other papers stand on both sides.
    """

    verified: bool | None
    axis: Axis | None = None
    papers: int = 0
    where: str = ""
    fidelity: str | None = None
    conflict: bool = False
    contested: bool = False

    @property
    def by(self) -> dict[str, str | int | None] | None:
        """The JSON value of the key "by"."""
        if self.axis is None:
            return None
        return {"axis": self.axis.value, "papers": self.papers, "where": self.where, "fidelity": self.fidelity}


def mark(tested: Sequence[PredictionVerdict], papers: Side = SILENT, own: Side = SILENT) -> Mark:
    """Return the mark that the three axes give (see the module's docstring for the rule)."""
    contested = papers.supporting > 0 and papers.contradicting > 0
    outcomes = {outcome for verdict_row in tested if (outcome := _measured(verdict_row)) is not None}
    by_papers = None if contested else _decided(papers)
    by_own = _decided(own)
    spoken = [outcome for outcome in (*outcomes, by_papers, by_own) if outcome is not None]
    opposed = by_own is not None and (papers.contradicting if by_own else papers.supporting) > 0
    conflict = len(set(spoken)) > 1 or opposed
    if outcomes:
        if len(outcomes) > 1:
            return Mark(None, conflict=True, contested=contested)
        (verdict,) = outcomes
        run = next(verdict_row for verdict_row in reversed(tested) if _measured(verdict_row) is not None)
        return Mark(verdict, Axis.RUN, 0, f"run {run.run}", run.fidelity or None, conflict, contested)
    if contested:
        return Mark(None, conflict=conflict, contested=True)
    if by_papers is not None:
        count = papers.supporting if by_papers else papers.contradicting
        return Mark(by_papers, Axis.PAPERS, count, conflict=conflict)
    if by_own is not None and not opposed:
        return Mark(by_own, Axis.OWN_PAPER, 0, own.place, conflict=conflict)
    return Mark(None, conflict=conflict)


def _measured(tested: PredictionVerdict) -> bool | None:
    """Return True or False if the verdict speaks for or against the claim, None if it is open."""
    if tested.verdict == EQUIVALENT:
        return tested.direction in ABSENCE
    if tested.verdict in SUPPORTING:
        return True
    return False if tested.verdict in CONTRADICTING else None


def _decided(side: Side) -> bool | None:
    if side.confidence is None:
        return None
    if side.confidence >= SURE and side.supporting:
        return True
    return False if side.confidence <= 1 - SURE + 1e-12 and side.contradicting else None
