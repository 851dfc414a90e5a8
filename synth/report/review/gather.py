"""Gathering what reviewers look at: facts, the report without its review, sources' records, confidences anew."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from synth.core.errors import SynthError, UsageError
from synth.core.mark import PredictionVerdict, mark
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.types import Stance
from synth.core.workspace import Workspace
from synth.evidence.confidence import confidence, weigh
from synth.evidence.relation import EvidenceItem, Relation
from synth.models.encoder import Encoder
from synth.pdf import verify_quotes
from synth.report import Facts, gather, render, review
from synth.report.answer.groups import ALIKE
from synth.report.quality import Deciding, ScoreSpread, quality
from synth.report.review import ReviewCase, ReviewResult, markdown, model
from synth.report.review.agreement import RaterAgreement
from synth.report.review.rubric import ScoredCheck
from synth.store import views
from synth.store.database import reading
from synth.store.rows.claims import EvidenceView, FullClaimView, Span
from synth.verify.link_claims import asked

REVIEW = "## Review"
MAX_BYTES = 32 * 2**20  # bytes of a report that is read: ten times the largest that is written


def gathered(
    workspace: Workspace, settings: Settings, search: int | None, today: str, title: str = ""
) -> tuple[Facts, ReviewCase]:
    """Return the facts of a search and a case of them, with a report rendered for the reviewers to read."""

    def verify(path: str, sha256: str, quotes: Sequence[tuple[Sequence[Span], str]]) -> list[bool]:
        return verify_quotes(workspace.absolute(path), sha256, quotes)

    with reading(workspace.database) as connection:
        number = views.search_id(connection, search)
        facts = gather(connection, number, settings.author, today, verify, title, asked(workspace.experiments))
        facts = replace(facts, alike=alike(workspace, settings, facts.claims))
        return facts, case_of(connection, facts, draft(facts))


def alike(workspace: Workspace, settings: Settings, claims: Sequence[FullClaimView]) -> dict[frozenset[int], float]:
    """Map pairs of claim ids to the cosine of their sentences, where it is at least ALIKE.

    The search has stored their vectors; of claims without one, or without the encoder at hand, none are alike.
    """
    import numpy as np

    if len(claims) < 2:
        return {}
    try:
        vectors = Encoder(settings.encoder, cache=workspace.embeddings).stored([claim.text for claim in claims])
    except SynthError:
        return {}
    known = [(claim.id, vector) for claim, vector in zip(claims, vectors, strict=True) if vector is not None]
    if not known:
        return {}
    rows = np.stack([vector for _, vector in known])
    cosines = np.triu(rows @ rows.T, 1)
    pairs = np.argwhere(cosines >= ALIKE)
    return {frozenset((known[i][0], known[j][0])): float(cosines[i, j]) for i, j in pairs}


def draft(facts: Facts) -> str:
    """Render the canonical report without its section Review, which is written when the reviewers have read it."""
    return markdown.without(str(render(facts, [])), REVIEW)


def case_of(connection: sqlite3.Connection, facts: Facts, report: str) -> ReviewCase:
    records = views.records(connection, facts.search.id)
    return ReviewCase(facts, report, records, confidences(facts.claims), marks(facts))


def confidences(claims: Sequence[FullClaimView]) -> dict[int, float | None]:
    """Map claim id to confidence, computed from stored judgements alone; claims not weighed are left out."""
    return {claim.id: confidence(map(_judgement, claim.evidence)) for claim in claims if claim.standing}


def marks(facts: Facts) -> dict[int, bool | None]:
    """Map claim id to mark, derived from stored judgements and verdicts alone; claims not weighed are left out."""
    tested: dict[int, list[PredictionVerdict]] = defaultdict(list)
    for test in facts.tests:
        verdict = PredictionVerdict(test.verdict, test.run_id, test.fidelity, test.prediction.direction)
        tested[test.claim].append(verdict)
    by_claim = {}
    for claim in facts.claims:
        if claim.standing:
            weighed = weigh(map(_judgement, claim.evidence))
            by_claim[claim.id] = mark(tested[claim.id], weighed.papers, weighed.own).verified
    return by_claim


def _judgement(row: EvidenceView) -> EvidenceItem:
    return EvidenceItem(
        passage_id=row.passage,
        paper=row.paper,
        stance=Stance(row.stance),
        confidence=row.confidence,
        method=row.method,
        note=row.note,
        relation=Relation(row.relation),
        similarity=0.0,  # neither is stored, and neither is asked for
        score=0.0,
    )


def named(settings: Settings) -> model.Endpoint | None:
    """Return the endpoint that the settings name, None if they name none. UsageError for one that cannot be asked."""
    return model.endpoint(settings.reviewer_url, settings.reviewer_model) if settings.reviewer_url else None


def reviewed(case: ReviewCase, settings: Settings, progress: Progress = silent) -> list[ReviewResult]:
    """Return the reviews of all rubrics, and of a language model only if the settings name one."""
    endpoint = named(settings)
    reviews = review.review_all(case)
    if endpoint:
        progress("model reviewer", 0, 1, f"sending the report to {endpoint.host}")
        reviews.append(model.review(endpoint, case.report))
        progress("model reviewer", 1, 1, endpoint.host)
    return reviews


def review_search(
    workspace: Workspace,
    settings: Settings,
    search: int | None,
    today: str,
    file: Path | None = None,
    progress: Progress = silent,
) -> tuple[int, ReviewSummary]:
    """Review the report of a search, nothing stored: the one that would be written now, or the Markdown in `file`.

    Returns the number of the search and what the reviewers gave.
    """
    named(settings)  # before the work: what cannot be asked is said at once
    report = "" if file is None else markdown.without(_text(file), REVIEW)
    progress("review", 0, 2, "verifying quotes")
    facts, case = gathered(workspace, settings, search, today)
    case = replace(case, report=report) if report else case
    progress("review", 1, 2, "reviewing")
    reviews = reviewed(case, settings, progress)
    progress("review", 2, 2)
    return facts.search.id, shown(reviews)


@dataclass(frozen=True)
class ReviewSummary:
    """The score of a report with its spread, what decided it, and every reviewer with the checks."""

    score: float | None
    spread: ScoreSpread
    agreement: RaterAgreement
    deciding: tuple[Deciding, ...]
    reviewers: tuple[ReviewerView, ...]


@dataclass(frozen=True)
class ReviewerView:
    """One reviewer's part: a score of 10, or why there is none."""

    reviewer: str
    kind: str
    score: float | None
    absent: str
    checks: tuple[ScoredCheck, ...]


def shown(reviews: Sequence[ReviewResult]) -> ReviewSummary:
    """Return score, spread, agreement, deciding checks and reviewers, as `--json` gives them."""
    total = quality(reviews)
    spread = ScoreSpread(total.low, total.high, total.sd, total.reviewers)
    reviewers = tuple(ReviewerView(r.reviewer, r.kind, r.score, r.absent, tuple(r.checks)) for r in reviews)
    return ReviewSummary(total.mean, spread, total.agreement, total.deciding, reviewers)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} is larger than {MAX_BYTES / 2**20:.0f} MB.", "Name a report in Markdown.")
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no text.", "Name a report in Markdown (report.md).") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).", "Name a report that exists.") from error
    if "## 5 Extracted Claims" not in text:
        raise UsageError(f"{file} is no report of synth in Markdown.", "Name a report.md that `synth report` wrote.")
    return text
