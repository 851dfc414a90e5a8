"""Marks of claims in words: by what a claim is verified or contradicted, and how many are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from synth.core.mark import CONTRADICTING, SUPPORTING, Axis
from synth.report.wording import count, probability
from synth.store.rows.claims import ClaimView

Claim = TypeVar("Claim", bound=ClaimView)
PER_PAPER = 15  # findings of a paper that a report and a listing show; the rest stands in the appendix
METHOD = "method"  # the kind of claims that say what was done: no findings
INDEPENDENT = (Axis.RUN, Axis.PAPERS)
# "4 by other papers" inside a count of marks: for one, for more.
_SHARES = {
    Axis.RUN: ("by a run", "by runs"),
    Axis.PAPERS: ("by other papers", "by other papers"),
    Axis.OWN_PAPER: ("within its own paper", "within their own paper"),
}
_OTHERS = {Axis.RUN: "papers say", Axis.PAPERS: "its own paper says", Axis.OWN_PAPER: "other papers say"}


@dataclass(frozen=True)
class Tally:
    """Numbers of claims verified and contradicted, by axis, and of those not decided."""

    verified: Counter[Axis]
    contradicted: Counter[Axis]
    undecided: int

    @property
    def decided(self) -> int:
        return self.verified.total() + self.contradicted.total()

    @property
    def independent(self) -> int:
        """Claims that a run or other papers verify."""
        return sum(self.verified[axis] for axis in INDEPENDENT)

    def __str__(self) -> str:
        """Return "12 verified (1 by a run, 4 by other papers, 7 in their own), 2 contradicted, 20 not decided"."""
        parts = [f"{_split(self.verified, 'verified')}", f"{_split(self.contradicted, 'contradicted')}"]
        return ", ".join([*parts, f"{self.undecided:,} not decided"])


def _split(marks: Counter[Axis], word: str) -> str:
    shares = [f"{marks[axis]:,} {_SHARES[axis][marks[axis] > 1]}" for axis in Axis if marks[axis]]
    detail = f" ({', '.join(shares)})" if shares else ""
    return f"{marks.total():,} {word}{detail}"


def tally(claims: Iterable[ClaimView]) -> Tally:
    """Count the marks of claims by the axis that decides."""
    rows = list(claims)
    verified, contradicted = (
        Counter(row.by.axis for row in rows if row.verified is mark and row.by) for mark in (True, False)
    )
    return Tally(verified, contradicted, sum(row.verified is None for row in rows))


def by_what(claim: ClaimView) -> str:
    """Name what a mark rests on: "run 4 (synthetic)", "3 papers", "own paper, Table 2"; "–" without a mark."""
    by = claim.by
    if by is None:
        return "contested" if claim.contested else "–"
    axis = Axis(by.axis)
    if axis is Axis.RUN:
        text = f"{by.where} ({by.fidelity})"
    else:
        text = count(by.papers, "paper") if axis is Axis.PAPERS else f"own paper, {by.where}".rstrip(", ")
    return f"{text}; {_OTHERS[axis]} otherwise" if claim.conflict else text


def standing(claim: ClaimView) -> str:
    """Return a claim's mark as a sentence: "Verified by 3 papers (probability 0.93).".

    The probability is the literature's; a run has none, so beside one it is said whose it is.
    """
    sure = f" (probability {probability(claim.confidence)})" if claim.confidence is not None else ""
    if claim.by is not None:
        word = "Verified" if claim.verified else "Contradicted"
        if sure and not claim.conflict and claim.by.axis is Axis.RUN:
            sure = f"; by the papers alone: {sure.strip(' ()')}"
        return f"{word} by {by_what(claim).replace('own paper', 'its own paper', 1)}{sure}."
    if claim.contested:
        return f"Not decided: {count(claim.witnesses, 'other paper')} for, {claim.against:,} against{sure}."
    if claim.conflict:
        return f"Not decided: {_divided(claim)} disagree{sure}."
    return f"Not decided: {'not sure enough' if sure else 'nothing was found that speaks for or against it'}{sure}."


def conflict(claim: ClaimView) -> str:
    """Return a sentence on axes that disagree about a claim; "" where they do not."""
    if not claim.conflict:
        return ""
    if claim.by is None:
        return f"{_divided(claim)} disagree."
    axis = claim.by.axis
    says = "supports" if claim.verified else "contradicts"
    who = {
        Axis.RUN: claim.by.where,
        Axis.PAPERS: "another paper" if claim.by.papers == 1 else f"{claim.by.papers} other papers",
        Axis.OWN_PAPER: "its own paper",
    }[axis]
    verb = says.removesuffix("s") if axis is Axis.PAPERS and claim.by.papers > 1 else says
    return f"{who} {verb} it, {_OTHERS[axis]} otherwise."


def _divided(claim: ClaimView) -> str:
    """Name the papers on both sides of a claim that nothing decides."""
    verdicts = set(claim.verdict.split(", "))
    runs = verdicts & set(SUPPORTING) and verdicts & set(CONTRADICTING)
    return "its runs" if runs else "its own paper and other papers"


def is_finding(claim: ClaimView) -> bool:
    return claim.kind != METHOD


def salient(claims: Sequence[Claim], named: Iterable[int] = ()) -> tuple[list[Claim], list[Claim]]:
    """Return the most salient claims of each paper, and the rest; `claims` in order of salience, `named`: shown in any
    case.
    """
    always, papers = set(named), Counter[int]()
    shown: list[Claim] = []
    rest: list[Claim] = []
    for claim in claims:
        papers[claim.paper] += 1
        (shown if papers[claim.paper] <= PER_PAPER or claim.id in always else rest).append(claim)
    return shown, rest
