"""Records joined into one work, why, and how a person changes that: joined, split, undone, kept through searches."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import SynthError, UsageError
from synth.core.types import Record
from synth.papers import duplicates
from synth.papers.intake import store_record
from synth.search.ranking.selection import decide
from synth.store import decisions, views
from synth.store.database import Store, reading
from synth.store.exclusive_lock import exclusive_lock
from synth.store.rows.mapping import as_json
from synth.store.tables import Paper, PaperRecord, PassageRow, Screening, Search, SourceQuery, now

TITLE = "How multilingual is Multilingual BERT?"
PEOPLE = ("Telmo Pires", "Eva Schlinger", "Dan Garrette")
PREPRINT = Record("arxiv", "1906.01502", TITLE, PEOPLE, 2019, arxiv_id="1906.01502", version="v1")
PUBLISHED = Record("acl", "P19-1493", TITLE, PEOPLE, 2019, acl_id="P19-1493", pdf_url="https://aclanthology.org/x.pdf")
BOTH = Record("semanticscholar", "s2", "Another title", (), None, arxiv_id="1906.01502", acl_id="P19-1493")
JOURNAL = Record("crossref", "c", TITLE, PEOPLE, 2019, doi="10.1000/multilingual")


@pytest.fixture
def store(workspace):
    found = Store(workspace.database)
    yield found
    found.close()


def begin(store: Store, papers: int = 10) -> int:
    """A search with one query."""
    with store.session() as s:
        search = Search(question="q", key="k" * 64, options={"max_papers": papers}, created=now())
        s.add(search)
        s.flush()
        s.add(SourceQuery(search_id=search.id, source="x", query="q", status="ok"))
        return int(search.id or 0)


def take(store: Store, search: int, *records: Record) -> list[int]:
    """Store the records for the search; the work of each."""
    with store.session() as s:
        row = s.exec(select(SourceQuery).where(SourceQuery.search_id == search)).one()
        for record in records:
            store_record(s, search, row, record)
    return works(store, *records)


def works(store: Store, *records: Record) -> list[int]:
    with store.session() as s:
        rows = s.exec(select(PaperRecord)).all()
        place = {(row.source, row.source_id, row.version): row.paper_id for row in rows}
    return [place[record.source, record.source_id, record.version] for record in records]


def listed(workspace, search: int | None = None) -> list[dict]:
    with reading(workspace.database) as connection:
        return as_json(decisions.duplicates(connection, search))


def flow(workspace, search: int) -> dict:
    with reading(workspace.database) as connection:
        return as_json(views.flow(connection, search))


def test_a_decision_says_which_records_by_which_rule_and_why(store, workspace):
    search = begin(store)
    one, other = take(store, search, PREPRINT, PUBLISHED)
    assert one == other
    [decision] = listed(workspace, search)
    assert (decision["kind"], decision["rule"], decision["by"]) == ("join", "title, authors and year", "rule")
    assert [record["source"] for record in decision["records"]] == ["acl"]
    assert [record["source"] for record in decision["others"]] == ["arxiv"]
    assert decision["evidence"]["authors"] == ["pires", "schlinger", "garrette"]
    assert decision["evidence"]["years"] == [2019, 2019]
    assert decision["created"] <= now()
    take(store, search, replace(PREPRINT, version="v2", title="Renamed", authors=()))
    assert [one["rule"] for one in listed(workspace)] == ["title, authors and year", "arXiv id"]
    assert listed(workspace)[1]["evidence"] == {"arxiv": "1906.01502"}


def test_a_record_that_names_two_works_makes_them_one(store, workspace):
    search = begin(store)
    take(store, search, replace(PREPRINT, title="A first title for it"), PUBLISHED)
    assert len(set(works(store, PREPRINT, PUBLISHED))) == 2
    take(store, search, BOTH)
    assert len(set(works(store, PREPRINT, PUBLISHED, BOTH))) == 1
    found = flow(workspace, search)
    assert (found["identified"], found["duplicates"], found["screened"]) == (3, 2, 1)
    with store.session() as s:
        assert len(s.exec(select(Screening)).all()) == 1


def test_identifiers_that_contradict_each_other_keep_works_apart(store):
    search = begin(store)
    other = replace(PUBLISHED, source_id="P19-1494", acl_id="P19-1494")
    assert len(set(take(store, search, PUBLISHED, other))) == 2
    # The first has no ACL id, so it fits both; nothing tells which.
    assert len(set(take(store, search, PUBLISHED, other, PREPRINT))) == 3


def test_a_wrong_merge_is_split_and_stays_so(store, workspace):
    search = begin(store)
    work, _ = take(store, search, PREPRINT, PUBLISHED)
    number = listed(workspace)[0]["records"][0]["id"]
    done = duplicates.split(workspace, work, [number], "they are two")
    one, other = works(store, PREPRINT, PUBLISHED)
    assert (one, other) == (work, done.work)
    with store.session() as s:
        first, second = s.get_one(Paper, one), s.get_one(Paper, other)
        assert (first.arxiv_id, first.acl_id, second.arxiv_id, second.acl_id) == ("1906.01502", "", "", "P19-1493")
        assert not s.get_one(Search, search).complete
    # The same records again, in this search and in another; then one that names both.
    assert take(store, search, PREPRINT, PUBLISHED) == [one, other]
    assert take(store, begin(store), PREPRINT, PUBLISHED) == [one, other]
    take(store, search, BOTH)
    assert works(store, PREPRINT, PUBLISHED) == [one, other]
    found = flow(workspace, search)
    assert (found["identified"], found["screened"]) == (3, 2)


def test_two_works_are_joined_by_hand_and_stay_so(store, workspace):
    search = begin(store)
    one, other = take(store, search, PUBLISHED, replace(JOURNAL, title="A longer account of BERT's languages"))
    assert one != other
    done = duplicates.join(workspace, one, other, "the journal's version")
    assert done.searches == (search,)
    assert set(works(store, PUBLISHED, JOURNAL)) == {one}
    later = replace(JOURNAL, source="openalex", title="Not a title that anyone knows")
    assert take(store, begin(store), later) == [one]
    [decision, _] = listed(workspace)
    assert (decision["by"], decision["reason"], decision["rule"]) == (
        "person",
        "the journal's version",
        "a person's word",
    )
    assert flow(workspace, search)["duplicates_by"] == [{"rule": "a person's word", "records": 1}]


@pytest.mark.parametrize("how", ["join", "split"])
def test_undoing_gives_back_what_was(store, workspace, how):
    search = begin(store)
    other = PUBLISHED if how == "split" else replace(JOURNAL, title="A longer account of BERT's languages")
    take(store, search, PREPRINT, other)

    def state():
        with store.session() as s:
            papers = [p.model_dump() for p in s.exec(select(Paper)).all() if p.joined_into is None]
            live = [p for p in papers if s.exec(select(PaperRecord).where(PaperRecord.paper_id == p["id"])).all()]
            screened = sorted(row.paper_id for row in s.exec(select(Screening)).all())
        return live, screened, works(store, PREPRINT, other)

    before = state()
    if how == "join":
        done = duplicates.join(workspace, *works(store, PREPRINT, other))
    else:
        done = duplicates.split(workspace, before[2][0], [listed(workspace)[0]["records"][0]["id"]])
    assert state() != before
    duplicates.undo(workspace, done.decision)
    assert state() == before
    assert listed(workspace)[-1]["undone"]
    with pytest.raises(UsageError, match="undone before"):
        duplicates.undo(workspace, done.decision)


def test_a_rule_that_was_undone_does_not_decide_again(store, workspace):
    search = begin(store)
    take(store, search, PREPRINT, PUBLISHED)
    duplicates.undo(workspace, listed(workspace)[0]["id"])
    one, other = works(store, PREPRINT, PUBLISHED)
    assert one != other
    take(store, begin(store), PREPRINT, PUBLISHED, BOTH)
    assert works(store, PREPRINT, PUBLISHED) == [one, other]
    # Whoever joins them after all takes that back.
    duplicates.join(workspace, one, other)
    assert len(set(works(store, PREPRINT, PUBLISHED))) == 1


def test_the_text_goes_with_the_record_that_it_came_from(store, workspace):
    search = begin(store)
    work, _ = take(store, search, PREPRINT, PUBLISHED)
    number = listed(workspace)[0]["records"][0]["id"]
    with store.session() as s:
        paper = s.get_one(Paper, work)
        paper.pdf_record, paper.pdf_path, paper.pdf_sha256, paper.text_state = number, "db/pdfs/x.pdf", "0" * 64, "read"
        s.add(PassageRow(paper_id=work, position=0, kind="sentence", text="t", quote="t", page=1, sha256="0" * 64,
                         section="results"))  # fmt: skip
    new = duplicates.split(workspace, work, [number]).work
    with store.session() as s:
        assert [(p.text_state, p.pdf_path) for p in (s.get_one(Paper, work), s.get_one(Paper, new))] == [
            ("unread", ""),
            ("read", "db/pdfs/x.pdf"),
        ]
        assert s.exec(select(PassageRow)).one().paper_id == new
    # Joined again, the work that was read stays.
    assert duplicates.join(workspace, work, new).work == new


def test_a_persons_screening_survives(store, workspace):
    search = begin(store)
    one, other = take(store, search, PUBLISHED, replace(JOURNAL, title="A longer account of BERT's languages"))
    with store.session() as s:
        row = s.exec(select(Screening).where(Screening.paper_id == other)).one()
        row.decision, row.reason, row.by = "exclude", "not on topic", "person"
        decide(s, search)
    duplicates.join(workspace, one, other)
    with store.session() as s:
        row = s.exec(select(Screening)).one()
        assert (row.paper_id, row.decision, row.reason, row.by) == (one, "exclude", "not on topic", "person")
        decide(s, search)
        assert row.decision == "exclude"


def test_what_cannot_be_is_refused_with_what_to_do(store, workspace):
    search = begin(store)
    work, _ = take(store, search, PREPRINT, PUBLISHED)
    for act in (
        lambda: duplicates.split(workspace, work, [99]),
        lambda: duplicates.split(workspace, work, []),
        lambda: duplicates.split(workspace, work, [1, 2]),
        lambda: duplicates.split(workspace, 99, [1]),
        lambda: duplicates.join(workspace, work, work),
        lambda: duplicates.undo(workspace, 99),
    ):
        with pytest.raises(UsageError) as caught:
            act()
        assert caught.value.do
    with exclusive_lock(workspace, "search-" + "k" * 16, "running"), pytest.raises(SynthError, match="is being run"):
        duplicates.split(workspace, work, [1])


def test_the_commands(store, workspace):
    search = begin(store)
    work, _ = take(store, search, PREPRINT, PUBLISHED)
    shown = CliRunner().invoke(app, ["duplicates", "--search", str(search)])
    for words in ("join by rule (title, authors and year)", "record 2 (acl P19-1493)", "put with record 1 (arxiv"):
        assert words in shown.stdout
    rows = json.loads(CliRunner().invoke(app, ["duplicates", "--json"]).stdout)["duplicates"]
    number = str(rows[0]["records"][0]["id"])
    done = CliRunner().invoke(app, ["duplicates", "split", str(work), number, "--because", "no"])
    assert done.exit_code == 0, done.output
    assert f"synth search --resume {search}" in done.stderr
    rows = json.loads(CliRunner().invoke(app, ["duplicates", "--json"]).stdout)["duplicates"]
    assert (rows[1]["kind"], rows[1]["by"], rows[1]["reason"]) == ("split", "person", "no")
    assert CliRunner().invoke(app, ["duplicates", "undo", str(rows[1]["id"])]).exit_code == 0
    assert CliRunner().invoke(app, ["duplicates", "join", "1", "one"]).exit_code == 2
    assert CliRunner().invoke(app, ["duplicates", "--search", "77"]).exit_code != 0


# ------------------------------------------------------------------------------------------ properties

POOL = [
    PREPRINT,
    replace(PREPRINT, version="v2"),
    PUBLISHED,
    BOTH,
    JOURNAL,
    replace(JOURNAL, source_id="d", doi="10.1000/other"),
    Record("openalex", "w", TITLE, ("Jane Doe",), 2019),
    Record("openalex", "i", "Learning to align words, Part I", PEOPLE, 2019),
    Record("openalex", "ii", "Learning to align words, Part II", PEOPLE, 2019),
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(range(len(POOL))), st.integers(0, 30)), min_size=2, max_size=14))
def test_whatever_is_found_joined_split_and_undone_the_numbers_add_up(tmp_path_factory, steps):
    """Records come in any order; between them a person joins, splits and undoes what can be."""
    from synth.core.workspace import Workspace

    workspace = Workspace(tmp_path_factory.mktemp("steps"))
    store = Store(workspace.database)
    search = begin(store, papers=2)
    try:
        for record, what in steps:
            take(store, search, POOL[record])
            with store.session() as s:
                alive = sorted({row.paper_id for row in s.exec(select(PaperRecord)).all()})
                big = [n for n in alive if len(s.exec(select(PaperRecord).where(PaperRecord.paper_id == n)).all()) > 1]
                decide(s, search)
            last = len(listed(workspace))
            try:
                if what < 6 and len(alive) > 1:
                    duplicates.join(workspace, alive[what % len(alive)], alive[(what + 1) % len(alive)])
                elif what < 12 and big:
                    with store.session() as s:
                        rows = s.exec(select(PaperRecord).where(PaperRecord.paper_id == big[0])).all()
                    duplicates.split(workspace, big[0], [int(rows[what % len(rows)].id or 0)])
                elif what < 18 and last:
                    duplicates.undo(workspace, 1 + what % last)
            except UsageError:
                pass  # undone before, or its records are elsewhere now
            check(store, workspace, search)
    finally:
        store.close()


def check(store: Store, workspace, search: int) -> None:
    found = flow(workspace, search)
    assert found["identified"] == found["duplicates"] + found["screened"]
    with store.session() as s:
        rows = s.exec(select(PaperRecord)).all()
        screened = [row.paper_id for row in s.exec(select(Screening).where(Screening.search_id == search)).all()]
        for row in rows:
            assert s.get_one(Paper, row.paper_id).joined_into is None
    assert sorted(screened) == sorted({row.paper_id for row in rows})
    apart = [one for one in listed(workspace) if one["kind"] == "split" and not one["undone"]]
    place = {row.id: row.paper_id for row in rows}
    for one in apart:
        assert not {place[r["id"]] for r in one["records"]} & {place[r["id"]] for r in one["others"]}
    parts = {place[row.id] for row in rows if row.source_id in ("i", "ii")}
    assert len(parts) == len({row.source_id for row in rows if row.source_id in ("i", "ii")}) or any(
        one["by"] == "person" and one["kind"] == "join" for one in listed(workspace)
    )
