"""Rubrics in common: the case under review, checks with points, and the score that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from synth.store.rows.claims import FullClaimView, Quoted, QuoteKey, quote_key
from synth.store.rows.runs import RunView, VerdictView
from synth.store.rows.searches import FlowView, PaperView, RecordView, SearchView
from synth.store.rows.stored import StoredRule

# A report in which something was falsified is no good report, however much of the rest is in order.
BREACHED = 5.0
SIDES = ("SUPPORT", "CONTRADICT")
WITNESSES = ("same paper", "other paper")  # relations of passages that are evidence; the others are only shown
# What a reviewer finds that a claim's own kind of evidence says of it: the scale that agreement is measured on.
AGAINST, OPEN, FOR = 0, 1, 2


class ReviewedFacts(Protocol):
    """Part of a report's facts that reviewers read (`synth.report.facts.Facts`)."""

    @property
    def search(self) -> SearchView: ...
    @property
    def flow(self) -> FlowView: ...
    @property
    def papers(self) -> Sequence[PaperView]: ...
    @property
    def excluded(self) -> Sequence[PaperView]: ...
    @property
    def cited(self) -> Sequence[PaperView]: ...
    @property
    def stated(self) -> str: ...
    @property
    def claims(self) -> Sequence[FullClaimView]: ...
    @property
    def tests(self) -> Sequence[VerdictView]: ...
    @property
    def runs(self) -> Sequence[RunView]: ...
    @property
    def quotes_held(self) -> dict[QuoteKey, bool]: ...


@dataclass(frozen=True)
class ReviewCase:
    """A case under review: the facts, the report made of them, and what was computed anew for the review.

    `report`: the canonical Markdown without its section Review; "" where none was rendered. `records`: paper id → the
    records in which sources gave it, as `synth.store.views.records` gives them; None where they were not read.
    `confidences`: claim id → P(supported) that its stored evidence gives when computed anew, `marks`: the mark that
    evidence and tests give; None where nobody did.
    What is absent makes the checks that need it not applicable.
    """

    facts: ReviewedFacts
    report: str = ""
    records: Mapping[int, Sequence[RecordView]] | None = None
    confidences: Mapping[int, float | None] | None = None
    marks: Mapping[int, bool | None] | None = None

    def held(self, passage: Quoted) -> bool:
        """Return True if the PDF gave back the quote of a source or of evidence."""
        return self.facts.quotes_held.get(quote_key(passage), False)


@dataclass(frozen=True)
class Check:
    """One line of a rubric. `points` None: there was nothing to check, so it does not count.

    `breach`: something that must never be was found, so that the reviewer's score is BREACHED at most. `ceiling`: what
    the score of the whole report is at most, whatever the other reviewers say.
    """

    name: str
    points: float | None
    max: float
    evidence: str
    breach: bool = False
    ceiling: float = 10.0


@dataclass(frozen=True)
class ScoredCheck(Check):
    """A check within a review. `lost`: points of 10 that it cost the score, None where there was nothing to check."""

    lost: float | None = None


@dataclass(frozen=True)
class ReviewResult:
    """A reviewer's checks and the score out of 10; None if nothing could be checked.

    `grades`: claim id → AGAINST, OPEN or FOR, of the claims that this reviewer's kind of evidence speaks of.
    `kind`: "rubric" or "model". `absent`: why there is no review, where one was asked for.
    """

    reviewer: str
    score: float | None
    checks: Sequence[ScoredCheck]
    grades: dict[int, int] = field(default_factory=dict)
    kind: str = "rubric"
    absent: str = ""


Grade = Callable[[ReviewCase, FullClaimView], int | None]


def review_with(
    reviewer: str, checks: Sequence[Callable[[ReviewCase], Check]], case: ReviewCase, grade: Grade | None = None
) -> ReviewResult:
    """Compute 10 · points / points that could be had, over the checks that apply; BREACHED at most after a breach."""
    result = scored(reviewer, [check(case) for check in checks])
    if grade is None:
        return result
    grades = {claim.id: grade(case, claim) for claim in case.facts.claims}
    return replace(result, grades={claim: value for claim, value in grades.items() if value is not None})


def scored(reviewer: str, checks: Sequence[Check]) -> ReviewResult:
    """Return the review that these checks make."""
    available = sum(check.max for check in checks if check.points is not None)
    if not available:
        return ReviewResult(reviewer, None, [_with(check, None) for check in checks])
    plain = 10 * sum(check.points for check in checks if check.points is not None) / available
    breaches = [check for check in checks if check.breach]
    score = min(plain, BREACHED) if breaches else plain
    rows = []
    for check in checks:
        lost = None if check.points is None else 10 * (check.max - check.points) / available
        if lost is not None and check.breach:
            lost += (plain - score) / len(breaches)
        rows.append(_with(check, lost))
    return ReviewResult(reviewer, score, rows)


def _with(check: Check, lost: float | None) -> ScoredCheck:
    return ScoredCheck(**vars(check), lost=lost)


def nothing(name: str, most: float, why: str) -> Check:
    """Return a check that does not apply."""
    return Check(name, None, most, f"not applicable: {why}")


def share(name: str, most: float, good: int, total: int, evidence: str, none: str) -> Check:
    """Give points in proportion to `good` of `total`; not applicable without any."""
    if not total:
        return nothing(name, most, none)
    return Check(name, most * good / total, most, evidence)


def strict(name: str, most: float, good: int, total: int, evidence: str, none: str) -> Check:
    """Check what must hold without exception: the first failure costs half of the points, the others their share."""
    if not total:
        return nothing(name, most, none)
    points = most if good == total else most / 2 * good / total
    return Check(name, points, most, evidence)


def sworn(name: str, most: float, good: int, total: int, evidence: str, none: str) -> Check:
    """Check as `strict`, a failure being a breach: what is stored or reported is not what was found."""
    check = strict(name, most, good, total, evidence, none)
    return replace(check, breach=good < total)


def sides(claim: FullClaimView, telling: float) -> dict[int, dict[str, float]]:
    """Map paper to the confidence of its surest judgement on each side of the claim, of those of at least `telling`.

    Only passages of the claim's own paper and of other, independent papers are judgements that count.
    """
    surest: dict[int, dict[str, float]] = {}
    for row in claim.evidence:
        if row.relation in WITNESSES and row.stance in SIDES and row.confidence >= telling:
            mine = surest.setdefault(row.paper, {})
            mine[row.stance] = max(mine.get(row.stance, 0.0), row.confidence)
    return surest


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def named(items: Sequence[object], most: int = 3) -> str:
    """List the first few of what went wrong, for a line of evidence: "; wrong: a, b and 4 more", or ""."""
    if not items:
        return ""
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return f"; not: {', '.join(map(str, items[:most]))}{more}"


def registered_rule(test: VerdictView) -> StoredRule:
    """Return the decision rule that was registered before the run; {} for a run older than rules."""
    return test.spec.get("rule", {})
