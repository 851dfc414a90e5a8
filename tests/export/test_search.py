"""`synth export`: the evidence of a search in the SciFact format, readable by its own reader."""

from __future__ import annotations

import sqlite3

import pytest

from synth.core.errors import UsageError
from synth.core.types import Stance
from synth.core.workspace import Workspace
from synth.eval.evaluate import Request, evaluate
from synth.eval.scifact import files
from synth.evidence.relation import WITNESSES
from synth.export.search import export
from synth.store import views
from synth.store.database import migrate, reading
from tests.search.searched import original, workspace  # noqa: F401


def supported(workspace):  # noqa: F811
    """Turn one sentence that was judged into support: the format has no place for the tables that decide here."""
    with sqlite3.connect(workspace.database) as db:
        db.execute(
            """UPDATE evidence SET stance = 'SUPPORT', confidence = 0.9 WHERE id = (SELECT id FROM evidence
               WHERE cells = '[]' AND relation IN ('same paper', 'other paper') ORDER BY id LIMIT 1)"""
        )


def test_claims_and_evidence_point_at_the_right_sentences(workspace):  # noqa: F811
    supported(workspace)
    written = export(workspace, "scifact")
    claims, notes = files.read_claims(workspace.reports / "search-1" / "scifact" / "claims.jsonl")
    corpus = files.read_corpus(workspace.reports / "search-1" / "scifact" / "corpus.jsonl")
    assert notes == []
    with reading(workspace.database) as connection:
        rows = {row.id: views.claim(connection, row.id) for row in views.claims(connection, 1)}
    assert {claim.id: claim.text for claim in claims} == {number: row.text for number, row in rows.items()}
    assert written["counts"]["claims"] == len(claims)
    assert written["counts"]["with_evidence"] == sum(bool(claim.evidence) for claim in claims) > 0
    for claim in claims:
        decided = [
            e
            for e in rows[claim.id].evidence
            if e.stance != "NOT_ENOUGH_INFO" and e.relation in WITNESSES and not e.cells
        ]
        told = {
            (doc, corpus[doc].sentences[i])
            for doc, gold in claim.evidence.items()
            for rationale in gold.rationales
            for i in rationale
        }
        assert told == {(str(e.paper), e.text) for e in decided}
        assert set(claim.evidence) <= set(claim.cited)


def contradicted(workspace):  # noqa: F811
    """Turn one of two supporting passages of a paper into a contradicting one; gives the claim and paper."""
    supported(workspace)
    with sqlite3.connect(workspace.database) as db:
        claim, paper, one = db.execute(
            """SELECT e.claim_id, g.paper_id, e.id FROM evidence e JOIN passage g ON g.id = e.passage_id
               WHERE e.stance = 'SUPPORT' AND e.relation IN ('same paper', 'other paper') AND e.cells = '[]'
               ORDER BY e.id LIMIT 1"""
        ).fetchone()
        other = db.execute(
            "SELECT id FROM passage WHERE paper_id = ? AND kind = 'sentence' AND id NOT IN "
            "(SELECT passage_id FROM evidence WHERE claim_id = ?)",
            (paper, claim),
        ).fetchone()[0]
        db.execute(
            """INSERT INTO evidence (claim_id, passage_id, stance, confidence, relation, method, note, rank, cells,
               location) SELECT claim_id, ?, 'CONTRADICT', 0.9, relation, method, '', 99, '[]', '' FROM evidence
               WHERE id = ?""",
            (other, one),
        )
    return claim, str(paper)


def test_a_paper_that_disagrees_with_itself_gets_one_label(workspace, tmp_path):  # noqa: F811
    number, paper = contradicted(workspace)
    written = export(workspace, "scifact", 1, tmp_path)
    [claim] = [c for c in files.read_claims(tmp_path / "claims.jsonl")[0] if c.id == number]
    assert claim.evidence[paper].stance is Stance.CONTRADICT
    assert len(claim.evidence[paper].rationales) == 1
    assert f"Paper {paper} speaks for and against claim {number}" in written["notes"][0]


def test_what_was_exported_can_be_evaluated(workspace, settings, tmp_path):  # noqa: F811
    supported(workspace)
    written = export(workspace, "scifact", out=tmp_path)
    request = Request(tmp_path / "claims.jsonl", tmp_path / "corpus.jsonl", tmp_path / "p.jsonl", documents=2)
    result = evaluate(workspace, settings, request)
    assert result["claims"] == written["counts"]["claims"]
    assert result["scores"]["abstract_label_only"]["recall"] >= 0


def test_unknown_formats_and_empty_searches_are_refused(workspace, home, tmp_path):  # noqa: F811
    with pytest.raises(UsageError, match="no export format 'xml'"):
        export(workspace, "xml")
    migrate(tmp_path / "db" / "synth.db")
    with pytest.raises(UsageError, match="no search"):
        export(Workspace(tmp_path), "scifact")
