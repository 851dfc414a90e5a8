"""The flow of records adds up at every moment of every search."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.core.reasons import Reason
from synth.core.reasons.duplicates import JoinRule
from synth.core.reasons.screening import ExclusionReason, TextReason, persons
from synth.papers.works import explain_text
from synth.search.ranking.selection import explain
from synth.store import prisma, views
from synth.store.database import Store, reading
from synth.store.rows.searches import FlowDuplicates, FlowSource, FlowView
from synth.store.tables import Duplicate, Hit, Paper, PaperRecord, Screening, Search, SourceQuery, now

LOST = Reason(TextReason.NOT_RETRIEVED, {"detail": "no."})
LOCKED = Reason(TextReason.UNREADABLE, {"why": "encrypted", "detail": "yes."})
DECISIONS = [
    ("pending", None, "rule", "unread", None),
    ("include", None, "rule", "read", None),
    ("include", None, "rule", "unread", Reason(TextReason.FAILED, {"detail": "The server did not answer."})),
    ("include", None, "person", "skipped", LOST),
    ("exclude", Reason(ExclusionReason.BELOW_LIMIT, {"limit": 2}), "rule", "unread", None),
    ("exclude", Reason(ExclusionReason.WITHDRAWN), "rule", "unread", None),
    # A person's own words decide nothing, however they begin.
    ("exclude", persons("full text not available in English"), "person", "read", None),
    ("exclude", Reason(ExclusionReason.NOT_RETRIEVED), "rule", "skipped", LOST),
    ("exclude", Reason(ExclusionReason.UNREADABLE, LOCKED.parameters), "rule", "skipped", LOCKED),
    ("exclude", None, "rule", "unread", None),
]
# (query, record) of each hit; record n belongs to work n // 2; each work has one of DECISIONS, or no screening (None).
SEARCHES = st.tuples(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=25, unique=True),
    st.lists(st.none() | st.sampled_from(DECISIONS), min_size=5, max_size=5),
)


def made(path, hits, outcomes) -> None:
    store = Store(path)
    with store.session() as s:
        s.add(Search(question="q", key="k", created=now()))
        s.flush()
        kinds = [("arxiv", "question"), ("openalex", "citations"), ("local", "question")]
        s.add_all(SourceQuery(search_id=1, source=name, query="q", kind=kind) for name, kind in kinds)
        for outcome in outcomes:
            state, reason = outcome[3:] if outcome else ("unread", None)
            s.add(paper := Paper(title="t", text_state=state))
            explain_text(paper, reason)
        s.flush()
        s.add_all(PaperRecord(paper_id=n // 2 + 1, source="x", source_id=str(n)) for n in range(10))
        for number, outcome in enumerate(outcomes, 1):
            found = {record // 2 + 1 for _, record in hits}
            if outcome and number in found:
                decision, reason, by, *_ = outcome
                s.add(row := Screening(search_id=1, paper_id=number, decision=decision, by=by))
                explain(row, reason)
        s.flush()
        s.add(Duplicate(kind="join", paper_id=1, records=[2], others=[1], rule="DOI", by="rule", created=now()))
        s.add_all(
            Hit(source_query_id=query + 1, paper_record_id=record + 1, position=place)
            for place, (query, record) in enumerate(hits)
        )
    store.close()


def adds_up(flow: FlowView) -> None:
    def papers(name):
        return sum(row.papers for row in getattr(flow, name))

    assert flow.identified == flow.duplicates + flow.screened
    assert flow.identified == sum(row.records for row in flow.identified_by)
    assert flow.duplicates == sum(row.records for row in flow.duplicates_by)
    assert flow.screened == papers("excluded") + flow.pending + flow.sought
    assert flow.sought == papers("not_retrieved") + flow.awaiting + flow.assessed
    assert flow.assessed == papers("excluded_reports") + flow.included


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(SEARCHES)
def test_the_numbers_add_up(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("flow") / "db" / "synth.db"
    made(path, *drawn)
    with reading(path) as connection:
        flow = prisma.flow(connection, 1)
        adds_up(flow)
        assert sum(row.new for row in views.query_log(connection, 1)) == flow.screened


@pytest.mark.parametrize(
    ("outcome", "place"),
    [
        (DECISIONS[0], "pending"),
        (DECISIONS[1], "included"),
        (DECISIONS[2], "awaiting"),
        (DECISIONS[3], "not_retrieved"),
        (DECISIONS[4], "excluded"),
        (DECISIONS[6], "excluded"),
        (DECISIONS[7], "not_retrieved"),
        (DECISIONS[8], "excluded_reports"),
        (None, "pending"),
    ],
)
def test_every_outcome_has_its_box(tmp_path, outcome, place):
    path = tmp_path / "db" / "synth.db"
    made(path, [(0, 0), (1, 0), (1, 1)], [outcome] + [None] * 4)
    with reading(path) as connection:
        flow = prisma.flow(connection, 1)
    found = getattr(flow, place)
    assert (found if isinstance(found, int) else found[0].papers) == 1
    assert (flow.identified, flow.duplicates, flow.screened) == (3, 2, 1)
    assert flow.duplicates_by == (FlowDuplicates("DOI", 1), FlowDuplicates(JoinRule.SAME_RECORD, 1))
    assert flow.identified_by == (
        FlowSource("arxiv", "database", 1),
        FlowSource("openalex", "citation searching", 2),
    )
