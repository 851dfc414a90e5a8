"""A bundle of whatever became of the works: joined, split, copied, unread, unreadable, withdrawn, left out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from synth.bundle.check import check
from synth.bundle.write import bundle
from synth.core.errors import UsageError
from synth.core.reasons import Reason
from synth.core.reasons.screening import TextReason
from synth.core.settings import Settings
from synth.core.types import Document, Passage, PassageKind, Record
from synth.core.workspace import Workspace
from synth.papers import duplicates
from synth.papers.intake import store_record
from synth.papers.works import current, explain_text
from synth.search.full_text import store_document
from synth.search.ranking.selection import decide
from synth.store import decisions, snapshot, views
from synth.store.database import Store, reading
from synth.store.questions import questions
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Evidence,
    Paper,
    PaperRecord,
    PassageRow,
    Screening,
    ScreeningEvent,
    Search,
    SourceQuery,
    now,
)

SETTINGS = Settings(jobs=1)
TITLES = ["Kettles heat the water of two towns", "Sleep of sailors on long ways", "Filters of rivers in the north"]
PEOPLE = ("Ruth Okello", "Carl Sample")


@pytest.fixture
def store(workspace):
    found = Store(workspace.database)
    yield found
    found.close()


def begin(store: Store, key: str = "k") -> int:
    with store.session() as s:
        search = Search(
            question=f"Question {key}?", key=key * 64, options={"max_papers": 9}, created=now(), state="done"
        )
        s.add(search)
        s.flush()
        s.add(SourceQuery(search_id=search.id, source="local", query="q", status="ok"))
        return int(search.id or 0)


def take(store: Store, search: int, record: Record) -> int:
    with store.session() as s:
        store_record(s, search, s.exec(select(SourceQuery).where(SourceQuery.search_id == search)).one(), record)
        wanted = select(PaperRecord.paper_id).where(PaperRecord.source_id == record.source_id)
        return int(s.exec(wanted).one())


def record(number: int, title: str = "", **known) -> Record:
    people = (f"Author{number} Family{number}",)
    return Record(
        "local", f"r{number}", title or TITLES[number % 3] + f" {number}", people, 2020, version=str(number), **known
    )


def read(store: Store, number: int, sha: str, text: str = "Our kettle improved accuracy by 2.2 points.") -> int:
    with store.session() as s:
        paper = s.get_one(Paper, number)
        passage = Passage(PassageKind.SENTENCE, text, text, 1, ((1, 0, len(text)),), "results", 0)
        store_document(
            s,
            paper,
            f"db/pdfs/{sha}.pdf",
            Document(sha * 64, 1, paper.title, PEOPLE, 2020, "", "", "", (passage,), ("An entry.",)),
        )
        return current(s, paper)


def claim(store: Store, search: int, paper: int, witness: int | None = None) -> None:
    """A claim of `paper`, with evidence from `witness`."""
    with store.session() as s:
        own = s.exec(select(PassageRow).where(PassageRow.paper_id == paper)).first()
        if own is None:
            return
        row = ClaimRow(search_id=search, text=own.text, kind="effect", salience=0.5)
        s.add(row)
        s.flush()
        s.add(ClaimSource(claim_id=row.id, passage_id=own.id))
        other = s.exec(select(PassageRow).where(PassageRow.paper_id == witness)).first() if witness else None
        if other is not None:
            s.add(Evidence(claim_id=row.id, passage_id=other.id, stance="SUPPORT", confidence=0.9,
                           relation="other paper", method="rule", rank=1))  # fmt: skip


def decided(store: Store, search: int) -> None:
    with store.session() as s:
        decide(s, search)


def bundled(workspace, tmp_path, search: int = 1, private: bool = False):
    out = tmp_path / f"bundle-{search}-{private}.zip"
    bundle(workspace, SETTINGS, search, out, with_pdfs=private)
    result = check(out, SETTINGS)
    assert result.ok, result
    return out


def whole(path) -> None:
    """Nothing in the copy refers to a row that is not there, foreign key or not."""
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
        loose = "SELECT count(*) FROM paper WHERE {0} IS NOT NULL AND {0} NOT IN (SELECT id FROM {1})"
        assert copy.execute(loose.format("joined_into", "paper")).fetchone() == (0,)
        assert copy.execute(loose.format("pdf_record", "paper_record")).fetchone() == (0,)
        places = {row[0] for row in copy.execute("SELECT id FROM passage")}
        for (cells,) in copy.execute("SELECT cells FROM evidence"):
            assert set(map(int, cells.strip("[]").split(","))) <= places if cells != "[]" else True


def same_decisions(workspace, copy, search: int) -> None:
    with reading(workspace.database) as here, reading(copy) as there:
        ours, theirs = (decisions.duplicates(one, search) for one in (here, there))
        assert [row.id for row in ours] == [row.id for row in theirs]
        assert views.flow(here, search) == views.flow(there, search)
        assert views.papers(here, search, None) != [] or views.papers(there, search, None) == []
        questions(there, search)


# ------------------------------------------------------------------------------------------ one state at a time


def test_two_copies_of_one_file(store, workspace, tmp_path):
    search = begin(store)
    for number in (0, 1):
        kept = read(store, take(store, search, record(number, "One paper that is there twice")), "a")
    decided(store, search)
    claim(store, search, kept)
    bundled(workspace, tmp_path)
    bundled(workspace, tmp_path, private=True)


def test_a_join_by_hand_and_a_chain_of_joins(store, workspace, tmp_path):
    search = begin(store)
    one, two, three = (take(store, search, record(n)) for n in range(3))
    read(store, two, "a")
    duplicates.join(workspace, one, two)
    duplicates.join(workspace, three, two)
    decided(store, search)
    claim(store, search, two)
    bundled(workspace, tmp_path)


@pytest.mark.parametrize("after", ["split", "undone split", "undone join"])
def test_a_split_and_decisions_taken_back(store, workspace, tmp_path, after):
    search = begin(store)
    one, two = (take(store, search, record(n)) for n in range(2))
    read(store, one, "a")
    done = duplicates.join(workspace, one, two)
    if after == "undone join":
        duplicates.undo(workspace, done.decision)
    else:
        done = duplicates.split(workspace, done.work, [2])
        if after == "undone split":
            duplicates.undo(workspace, done.decision)
    decided(store, search)
    claim(store, search, one)
    bundled(workspace, tmp_path)


def test_a_join_that_another_search_made(store, workspace, tmp_path):
    """Works of two searches that turn out to be one, and a decision on records that only the other search has."""
    first, second = begin(store, "a"), begin(store, "b")
    one, two, three = take(store, first, record(0)), take(store, second, record(1)), take(store, second, record(2))
    read(store, one, "a")
    read(store, two, "b", "Another text of the kettle.")
    duplicates.join(workspace, one, two)
    duplicates.join(workspace, one, three)
    for search in (first, second):
        decided(store, search)
        claim(store, search, one)
        bundled(workspace, tmp_path, search)
    with closing(sqlite3.connect(":memory:")):
        copy = tmp_path / "copy.db"
        snapshot.write(workspace.database, copy, first, {}, lambda text: text, False)
        whole(copy)
        with reading(copy) as there:
            assert there.execute("SELECT count(*) FROM passage WHERE text LIKE 'Another%'").fetchone()[0] == 0


def test_works_without_a_text_unreadable_withdrawn_and_left_out(store, workspace, tmp_path):
    search = begin(store)
    numbers = [take(store, search, record(n)) for n in range(4)]
    numbers.append(take(store, search, record(4, "RETRACTED: Kettles of the south are hot")))
    numbers.append(take(store, search, record(5, "Retraction: Kettles of the south are hot", doi="10.1000/n")))
    read(store, numbers[0], "a")
    read(store, numbers[4], "b")
    with store.session() as s:
        unreadable = s.get_one(Paper, numbers[1])
        unreadable.text_state = "skipped"
        explain_text(unreadable, Reason(TextReason.UNREADABLE, {"why": "image-only", "detail": "no text"}))
        failed = Reason(TextReason.FAILED, {"detail": "No source offers a PDF."})
        explain_text(s.get_one(Paper, numbers[2]), failed)
        row = s.exec(select(Screening).where(Screening.paper_id == numbers[3])).one()
        row.decision, row.reason, row.by = "exclude", "off topic", "person"
        s.add(
            ScreeningEvent(
                search_id=search, paper_id=numbers[3], decision="exclude", who="Ada", decided=now(), drawn="order"
            )
        )
    decided(store, search)
    claim(store, search, numbers[0], witness=numbers[4])
    bundled(workspace, tmp_path)
    bundled(workspace, tmp_path, private=True)


def test_a_quote_of_a_work_that_was_joined_into_another(store, workspace, tmp_path):
    """Claims that were tested stay on the text of a work that is none any more; its row comes along."""
    search = begin(store)
    one, two = (take(store, search, record(n)) for n in range(2))
    read(store, one, "a")
    read(store, two, "b", "Another text of the kettle.")
    duplicates.join(workspace, one, two)
    decided(store, search)
    claim(store, search, one, witness=two)
    bundled(workspace, tmp_path)


def test_the_record_of_a_fetched_file_that_only_another_search_has(store, workspace, tmp_path):
    first, second = begin(store, "a"), begin(store, "b")
    one = take(store, first, record(0, "Kettles heat the water of two towns"))
    again = take(
        store, second, Record("crossref", "x", "Kettles heat the water of two towns", ("Author0 Family0",), 2020)
    )
    assert one == again
    read(store, one, "a")
    with store.session() as s:
        s.get_one(Paper, one).pdf_record = 2
    decided(store, first)
    claim(store, first, one)
    bundled(workspace, tmp_path, first)
    copy = tmp_path / "copy.db"
    snapshot.write(workspace.database, copy, first, {}, lambda text: text, False)
    whole(copy)


# ------------------------------------------------------------------------------------------ whatever is done

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "again", "join", "split", "undo", "read", "claim"]),
        st.integers(0, 8),
        st.integers(0, 8),
    ),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(STEPS)
def test_whatever_was_decided_the_copy_is_whole(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("steps")
    workspace = Workspace(root / "workspace")
    store = Store(workspace.database)
    try:
        searches = [begin(store, "a"), begin(store, "b")]
        for number in range(4):
            take(store, searches[number % 2], record(number))
        for what, one, other in steps:
            _step(store, workspace, searches, what, one, other)
        for search in searches:
            copy = root / f"copy-{search}.db"
            snapshot.write(workspace.database, copy, search, {}, lambda text: text, search == 1)
            whole(copy)
            same_decisions(workspace, copy, search)
    finally:
        store.close()


def _step(store, workspace, searches, what, one, other):
    with store.session() as s:
        alive = sorted({row.paper_id for row in s.exec(select(PaperRecord)).all()})
        last = len(decisions_of(workspace))
        big = [n for n in alive if len(s.exec(select(PaperRecord).where(PaperRecord.paper_id == n)).all()) > 1]
        rows = s.exec(select(PaperRecord).where(PaperRecord.paper_id == big[one % len(big)])).all() if big else []
    work = alive[one % len(alive)]
    try:
        if what in ("take", "again"):
            take(store, searches[other % 2], record(one))
        elif what == "join":
            duplicates.join(workspace, work, alive[other % len(alive)])
        elif what == "split" and big:
            duplicates.split(workspace, big[one % len(big)], [int(rows[other % len(rows)].id or 0)])
        elif what == "undo" and last:
            duplicates.undo(workspace, 1 + one % last)
        elif what == "read":
            read(store, work, "abc"[other % 3])
        elif what == "claim":
            claim(store, searches[other % 2], work, alive[other % len(alive)])
    except UsageError:
        pass  # undone before, or its records are elsewhere now


def decisions_of(workspace):
    with reading(workspace.database) as connection:
        return decisions.duplicates(connection)
