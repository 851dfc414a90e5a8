"""From a store of papers to marks: own tables and results, other papers, reports, retractions."""

from __future__ import annotations

import pytest

from synth.core.progress import silent
from synth.core.settings import Settings
from synth.core.types import Editorial, Notice, Record
from synth.core.workspace import Workspace
from synth.papers import works
from synth.papers.intake import store_record
from synth.search import evidence
from synth.search.ranking import selection
from synth.store import views
from synth.store.database import Store, reading
from synth.store.job import Job
from synth.store.rows.mapping import as_json
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Paper,
    PassageRow,
    PredictionRow,
    ReferenceRow,
    Screening,
    Search,
    SourceQuery,
)

CLAIM = "Intermediate-task training improves zero-shot cross-lingual transfer by 3.2 points on XQuAD."
OWN = "On XQuAD, intermediate-task training improves zero-shot cross-lingual transfer by 3.2 points."
AGREES = "We find that intermediate-task training improves zero-shot cross-lingual transfer on XQuAD."
REPORTS = "Lee et al. (2020) report that intermediate-task training improves zero-shot cross-lingual transfer."
TITLE = "Intermediate Training for Cross-Lingual Transfer"


@pytest.fixture
def job(tmp_path):
    workspace = Workspace(tmp_path)
    store = Store(workspace.database)
    yield Job(store, workspace, Settings(jobs=1, stance_model="rules"), 1, silent)
    store.close()


def fill(job, papers):
    """Papers with their passages as (section, text); the first passage of the first paper states the claim."""
    with job.store.session() as s:
        s.add(
            Search(id=1, question="Does intermediate training help?", key="k", options={"max_papers": 9}, created="now")
        )
        s.flush()
        for number, (authors, passages, rest) in enumerate(papers, 1):
            title = TITLE if number == 1 else f"Paper number {number} about something else"
            s.add(Paper(id=number, title=title, authors=authors, year=2020, text_state="read", **rest))
            s.flush()
            s.add(Screening(search_id=1, paper_id=number, decision="include", rank=number))
            s.flush()
            for position, (section, text) in enumerate(passages):
                s.add(
                    PassageRow(
                        id=number * 100 + position, paper_id=number, position=position, kind="sentence", text=text,
                        quote=text, page=1 + position, spans=[[1 + position, 0, len(text)]], sha256="x",
                        section=section,
                    )
                )  # fmt: skip
        s.add(ClaimRow(id=1, search_id=1, text=CLAIM, kind="effect", salience=0.9))
        s.add(ClaimRow(id=2, search_id=1, text="We train for ten epochs.", kind="method", salience=0.1))
        s.flush()
        s.add(ClaimSource(claim_id=1, passage_id=100))
        s.add(ClaimSource(claim_id=2, passage_id=102))
        s.add(PredictionRow(claim_id=1, position=0, treatment="intermediate-task training", direction="increase"))
        if len(papers) > 2:
            s.add(ReferenceRow(paper_id=3, position=0, text=f"Ann Lee and Bo Chen. 2020. {TITLE}. In ACL."))


OWN_PAPER = (
    ["Ann Lee", "Bo Chen"],
    [("abstract", CLAIM), ("results", OWN), ("method", "We train for ten epochs.")],
    {},
)


def shown(job, number=1):
    with reading(job.workspace.database) as connection:
        return as_json(views.claim(connection, number)), as_json(views.claims(connection, 1))


def test_a_finding_is_weighed_and_a_method_is_not(job):
    fill(job, [OWN_PAPER, (["Cy Diaz"], [("results", AGREES)], {}), (["Di Ek"], [("related work", REPORTS)], {})])
    evidence.weigh(job)
    claim, listed = shown(job)
    assert [row["id"] for row in listed] == [1]
    by_paper = {row["paper"]: row for row in claim["evidence"]}
    assert by_paper[1]["relation"] == "same paper"
    assert by_paper[1]["location"] == "p. 2"
    assert by_paper[2]["relation"] == "other paper"
    assert by_paper[3]["relation"] == "reported"
    assert claim["reported_by"] == (1 if by_paper[3]["stance"] == "SUPPORT" else 0)
    assert claim["for"] == int(by_paper[2]["stance"] == "SUPPORT")
    assert (claim["by"] is None) == (claim["verified"] is None)
    method, _ = shown(job, 2)
    assert method["evidence"] == []
    assert method["confidence"] is None
    assert method["verified"] is None
    with reading(job.workspace.database) as connection:
        assert [claim.id for claim in views.claims(connection, 1, methods=True)] == [1, 2]


@pytest.mark.parametrize("status", [Editorial.RETRACTED, Editorial.WITHDRAWN, Editorial.CONCERN])
def test_a_retracted_paper_is_shown_and_supports_nothing(job, status):
    fill(job, [OWN_PAPER, (["Cy Diaz"], [("results", AGREES)], {"retracted": status.value})])
    evidence.weigh(job)
    claim, _ = shown(job)
    (row,) = [row for row in claim["evidence"] if row["paper"] == 2]
    assert row["relation"] == ("retracted" if status.disqualifies else "other paper")
    assert row["retracted"] == status.value
    assert not (status.disqualifies and claim["for"])


def test_a_copy_of_the_paper_is_no_second_witness(job):
    copied = [("results", OWN), ("abstract", CLAIM), ("other", " ".join(f"word{n}" for n in range(300)))]
    own = (OWN_PAPER[0], [*OWN_PAPER[1], copied[2]], {})
    fill(job, [own, (["Some Robot"], copied, {})])
    evidence.weigh(job)
    claim, _ = shown(job)
    assert {row["relation"] for row in claim["evidence"] if row["paper"] == 2} <= {"restatement"}
    assert claim["for"] == 0


def test_weighing_again_gives_the_same(job):
    fill(job, [OWN_PAPER, (["Cy Diaz"], [("results", AGREES)], {})])
    evidence.weigh(job)
    first = shown(job)
    with job.store.session() as s:
        s.get_one(ClaimRow, 1).evidence_done = False
    evidence.weigh(job)
    assert shown(job) == first


def test_a_notice_of_retraction_reaches_the_work_that_it_names(job):
    fill(job, [OWN_PAPER, (["Cy Diaz"], [("results", AGREES)], {"doi": "10.1000/a"})])
    notice = Record(
        "crossref", "10.1000/n", "Retraction: it", doi="10.1000/n",
        notices=(Notice("10.1000/a", Editorial.RETRACTED, "2021-03-04"),),
    )  # fmt: skip
    with job.store.session() as s:
        query = SourceQuery(search_id=1, source="crossref", query="q")
        s.add(query)
        s.flush()
        store_record(s, 1, query, notice)
    selection.screen(job)
    with job.store.session() as s:
        paper = s.get_one(Paper, 2)
        assert (paper.retracted, paper.retracted_source, paper.retracted_date) == (
            "retracted",
            "crossref",
            "2021-03-04",
        )
        assert paper.withdrawn
        assert works.stored_record(works.records(s, 3)[0]).notices == notice.notices
        assert s.get_one(Paper, 3).retracted == Editorial.NOTICE


def test_a_record_that_was_retracted_since_says_so(job):
    fill(job, [OWN_PAPER])
    record = Record("openalex", "W1", "A title of some length", doi="10.1000/b")
    with job.store.session() as s:
        first, second = (SourceQuery(search_id=1, source="openalex", query=name) for name in "ab")
        s.add_all([first, second])
        s.flush()
        store_record(s, 1, first, record)
        again = Record("openalex", "W1", record.title, doi=record.doi, withdrawn=True, editorial=Editorial.RETRACTED)
        store_record(s, 1, second, again)
    with job.store.session() as s:
        (paper,) = [p for p in (s.get(Paper, n) for n in (2,)) if p]
        assert paper.retracted == "retracted"
