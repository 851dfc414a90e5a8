"""A made-up search for tests: invented papers, claims and measurements, put into a real database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from synth.core.reasons.screening import ExclusionReason, TextReason
from synth.core.reasons.untestable import Untestable
from synth.report.facts import Facts, gather
from synth.store.database import Store, reading
from synth.store.rows.runs import VerdictView
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Evidence,
    Hit,
    Link,
    Measurement,
    Paper,
    PaperRecord,
    PassageRow,
    PredictionRow,
    Run,
    Screening,
    Search,
    SourceQuery,
    Verdict,
)

QUESTION = "Does feeding the test teapot improve the accuracy of invented kettles?"
TIME = "2026-01-02T03:04:05Z"
DISTANCES = {"near": 0.0, "middle": 0.25, "far": 0.75}
# (text, kind, standing, confidence) of each claim; the first two come from paper 1, the third from paper 2.
CLAIMS = (
    ("Feeding the test teapot raises the accuracy of kettles by 8.2 points.", "effect", "corroborated", 0.81),
    ("The invented kettle is better than the made-up pot.", "comparison", "contradicted", 0.12),
    ("There are 12 teapots in the test set.", "count", "no evidence", None),
)


def passage(s, paper: Paper, position: int, text: str) -> PassageRow:
    row = PassageRow(
        paper_id=paper.id,
        position=position,
        kind="sentence",
        text=text,
        quote=text,
        page=position + 1,
        spans=[[position + 1, 10, 10 + len(text)]],
        sha256=paper.pdf_sha256,
        section="results",
    )
    s.add(row)
    s.flush()
    return row


def add_search(s, *, complete: bool = True, question: str = QUESTION, papers: bool = True) -> Search:
    search = Search(
        question=question,
        key="k",
        sources=["demo", "arxiv"],
        options={"papers": "", "max_papers": 5},
        state="done",
        complete=complete,
        created=TIME,
        finished=TIME,
    )
    s.add(search)
    s.flush()
    demo = SourceQuery(search_id=search.id, source="demo", query="teapot kettle", started=TIME, finished=TIME)
    demo.status, demo.hits, demo.total = ("ok", 4, 4) if papers else ("no results", 0, 0)
    other = SourceQuery(search_id=search.id, source="arxiv", query='all:"teapot"', started=TIME, finished=TIME)
    other.status, other.hits = ("no results", 0)
    if not complete:
        other.status, other.hits, other.retries = "failed", 0, 5
        other.error, other.remedy = "arXiv answered 503 five times", "Run the same command again in an hour"
    s.add_all([demo, other])
    s.flush()
    if papers:
        _add_papers(s, search, demo)
    return search


def _add_papers(s, search: Search, query: SourceQuery) -> None:
    common = {"authors": ["A. Made-Up", "B. Invented"], "year": 2020, "text_state": "read", "pages": 4}
    rows = [
        Paper(title="On Test Teapots", arxiv_id="2001.00001", pdf_path="one.pdf", pdf_sha256="1" * 64, **common),
        Paper(title="Kettles Revisited", doi="10.1234/kettle", pdf_path="two.pdf", pdf_sha256="2" * 64, **common),
        Paper(
            title="Digest: Pots",
            comment="Digest of a made-up paper.",
            pdf_path="three.pdf",
            pdf_sha256="3" * 64,
            **common,
        ),
        Paper(
            title="Locked Lids",
            pdf_path="four.pdf",
            text_state="skipped",
            text_reason="The PDF is encrypted.",
            text_reason_code=TextReason.UNREADABLE,
            text_reason_parameters={"why": "encrypted"},
        ),
    ]
    for position, paper in enumerate(rows):
        s.add(paper)
        s.flush()
        record = PaperRecord(paper_id=paper.id, source="demo", source_id=f"made-up-{position}", title=paper.title)
        s.add(record)
        s.flush()
        s.add(Hit(source_query_id=query.id, paper_record_id=record.id, position=position))
        skipped = paper.text_state == "skipped"
        s.add(
            Screening(
                search_id=search.id,
                paper_id=paper.id,
                decision="exclude" if skipped else "include",
                reason="unreadable PDF: encrypted" if skipped else "",
                reason_code=ExclusionReason.UNREADABLE if skipped else "",
                rank=None if skipped else position + 1,
            )
        )


def add_claims(s, search: Search, claims: Sequence[tuple] = CLAIMS) -> None:
    """The claims with predictions; evidence from paper 2 for the first, against the second."""
    for number, (text, kind, standing, confidence) in enumerate(claims):
        paper = s.get_one(Paper, 1 if number < 2 else 2)
        claim = ClaimRow(
            search_id=search.id,
            text=text,
            kind=kind,
            salience=max(0.9 - number / 100, 0),
            confidence=confidence,
            standing=standing,
            nearness=max(0.8 - number / 20, 0),
            **_axes(standing, confidence),
            why_not_testable="" if number == 0 else "It is a count.",
            why_not_testable_code="" if number == 0 else Untestable.NO_DATA_SET,
            evidence_done=True,
        )
        s.add(claim)
        s.flush()
        s.add(ClaimSource(claim_id=claim.id, passage_id=passage(s, paper, number, text).id))
        if standing in ("corroborated", "contradicted"):
            stance = "SUPPORT" if standing == "corroborated" else "CONTRADICT"
            witness = passage(s, s.get_one(Paper, 2), 1000 + number, f"We saw what bears on claim {number}.")
            s.add(
                Evidence(
                    claim_id=claim.id,
                    passage_id=witness.id,
                    stance=stance,
                    confidence=0.8,
                    relation="other paper",
                    method="made-up rule",
                    location=f"p. {witness.page}",
                    rank=1,
                )
            )
        if number == 0:
            _add_prediction(s, claim)


def _axes(standing: str, confidence: float | None) -> dict[str, object]:
    """Return each axis of the literature for a claim with this standing."""
    if standing == "grounded":
        return {"own_confidence": confidence, "own_for": 1, "own_place": "Table 1"}
    sides = {"corroborated": (1, 0), "contradicted": (0, 1), "contested": (1, 1)}.get(standing, (0, 0))
    spoken = confidence if any(sides) else None
    return {"witnesses": sides[0], "witnesses_against": sides[1], "papers_confidence": spoken}


def _add_prediction(s, claim: ClaimRow) -> None:
    prediction = PredictionRow(
        claim_id=claim.id,
        position=0,
        treatment="feeding the test teapot",
        task="kettles",
        metric="accuracy",
        direction="increase",
        value=8.2,
        unit="points",
        scope={"languages": "3"},
    )
    s.add(prediction)
    s.flush()
    s.add(
        Link(
            claim_id=claim.id,
            prediction_id=prediction.id,
            experiment="made-up",
            contrast="fed",
            strength=0.5,
            matched={"treatment": "teapot"},
            unmatched={"baseline": "the claim names no baseline"},
            unmatched_codes={"baseline": {"code": "not named", "parameters": {"slot": "baseline", "said": ""}}},
        )
    )


def add_cells(s, claim: int = 1) -> None:
    """Two cells of Table 3 of paper 1 that support the claim: its 8.2 is their difference."""
    paper = s.get_one(Paper, 1)
    numbers = []
    for position, (row, text) in enumerate([("fed", "91.4"), ("hungry", "83.2")], start=2000):
        cell = passage(s, paper, position, text)
        cell.kind, cell.row_head, cell.column_head, cell.table_label, cell.page = "cell", row, "kettles", "Table 3", 3
        s.add(cell)
        numbers.append(cell.id)
    s.add(
        Evidence(
            claim_id=claim,
            passage_id=numbers[0],
            stance="SUPPORT",
            confidence=0.95,
            relation="same paper",
            method="table",
            note="91.4 − 83.2 = 8.2",
            cells=numbers,
            location="Table 3",
            rank=2,
        )
    )


RULE = {
    "treatment": "fed",
    "baseline": "untuned",
    "metric": "accuracy (CSLS)",
    "control_metric": "accuracy (cosine)",
    "direction": "increase",
    "value": 8.2,
    "sesoi": 1.0,
    "alpha": 0.05,
    "minimum_seeds": 3,
}
DEVIATIONS = ["model: tiny instead of large", "languages: generated"]


def add_run(s, claim: int = 1, *, passed: bool = True, verdict: str = "direction contradicted", **changes) -> Run:
    """A run of claim 1 with three seeds: the fed arm loses 6 points under CSLS and gains 1 under cosine."""
    spec = {
        "claim": claim,
        "rule": RULE,
        "deviations": DEVIATIONS,
        "laboratory": {"distances": DISTANCES},
    }
    run = Run(
        claim_id=claim,
        prediction_id=1,
        experiment="made-up",
        contrast="fed",
        fidelity="synthetic",
        spec=spec,
        spec_hash=hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest(),
        registered="2026-01-02T04:00:00Z",
        state="done",
        started="2026-01-02T04:00:01Z",
        finished="2026-01-02T04:05:00Z",
        seconds=299.0,
        gate={"passed": passed, "reason": "untuned 35.0 against chance 0.2" if passed else "untuned model near chance"},
        stages=[{"name": "pre-train", "cached": True, "seconds": 0.0}, {"name": "score", "cached": False}],
        provenance={"commit": "0" * 12, "versions": {"torch": "2.13.0"}, "device": "cpu", "threads": 1},
    )
    s.add(run)
    s.flush()
    for metric, base, change in (("accuracy (CSLS)", 35.0, -6.0), ("accuracy (cosine)", 3.0, 1.0)):
        for seed in range(3):
            for place, language in enumerate(DISTANCES):
                start = base / (1 + place) + seed
                s.add(_measurement(run, "untuned", seed, language, metric, start))
                s.add(_measurement(run, "fed", seed, language, metric, start + change + (seed - 1) / 2))
    values = {
        "claim_id": claim,
        "prediction_id": 1,
        "run_id": run.id,
        "verdict": verdict,
        "fidelity": "synthetic",
        "estimate": -6.0,
        "ci_low": -7.24,
        "ci_high": -4.76,
        "seeds": 3,
        "reason": "the interval lies on the side opposite to the claim",
        "deviations": DEVIATIONS,
        "created": "2026-01-02T04:05:01Z",
    }
    s.add(Verdict(**(values | changes)))
    return run


def _measurement(run: Run, arm: str, seed: int, language: str, metric: str, value: float) -> Measurement:
    return Measurement(run_id=run.id, arm=arm, seed=seed, language=language, metric=metric, value=value, n=100)


def every_quote_holds(path: str, sha256: str, quotes: Sequence) -> list[bool]:
    return [True] * len(quotes)


def changed(rows: Sequence, at: int = 0, **values: object) -> list:
    """The rows, the one at a place with other values."""
    return [replace(row, **values) if number == at else row for number, row in enumerate(rows)]


def with_rule(test: VerdictView, **values: object) -> VerdictView:
    """The test with another rule registered."""
    return replace(test, spec={**test.spec, "rule": {**test.spec["rule"], **values}})


def facts_of(store: Store, verify=every_quote_holds, **kw) -> Facts:
    with reading(store.path) as connection:
        return gather(connection, 1, "Assignee Research", "2026-11-21", verify, **kw)


def full(path: Path, **run) -> Facts:
    """Papers, claims and one decided run."""
    store = Store(path)
    with store.session() as s:
        add_claims(s, add_search(s))
        add_run(s, **run)
    store.close()
    return facts_of(store)
