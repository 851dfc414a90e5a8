"""Identity of files and records: a DOI printed on a page is weaker than what the papers say of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import col, select

from synth.core.types import Document, Editorial, Notice, Passage, PassageKind, Record
from synth.core.workspace import Workspace
from synth.papers import duplicates, works
from synth.papers import questions as asking
from synth.papers.intake import store_record
from synth.papers.notices import apply_notices
from synth.search.full_text import store_document
from synth.search.ranking.selection import decide
from synth.store.database import Store, reading
from synth.store.decisions import duplicates as decisions
from synth.store.questions import questions
from synth.store.tables import Paper, PaperRecord, Screening, Search, SourceQuery, now

TITLE, PEOPLE = "Filters of rivers in the north", ("Ruth Okello", "Carl Sample")
OTHER, OTHERS = "Sleep of sailors on long ways", ("Mira Testova", "Jan Berg")
DOI = "10.1000/journal.2020"


@pytest.fixture
def workspace(home):
    return Workspace(home)


@pytest.fixture
def store(workspace):
    found = Store(workspace.database)
    yield found
    found.close()


def begin(store: Store) -> int:
    with store.session() as s:
        search = Search(question="q", key="k" * 64, options={"max_papers": 9}, created=now())
        s.add(search)
        s.flush()
        s.add(SourceQuery(search_id=search.id, source="x", query="q", status="ok"))
        return int(search.id or 0)


def take(store: Store, search: int, *records: Record) -> list[int]:
    with store.session() as s:
        row = s.exec(select(SourceQuery).where(SourceQuery.search_id == search)).one()
        for record in records:
            store_record(s, search, row, record)
    return [place(store, record) for record in records]


def place(store: Store, record: Record) -> int:
    with store.session() as s:
        wanted = select(PaperRecord.paper_id).where(
            PaperRecord.source == record.source, PaperRecord.source_id == record.source_id
        )
        return int(s.exec(wanted).one())


def local(name: str, **known) -> Record:
    return Record("local", f"/papers/{name}.pdf", known.pop("title", ""), version=name, **known)


def read(store: Store, search: int, record: Record, title=TITLE, authors=PEOPLE, doi=DOI, marks=(), abstract="") -> int:
    """Take a file and read it: the work that it is."""
    [number] = take(store, search, record)
    passage = Passage(PassageKind.SENTENCE, "We ask.", "We ask.", 1, ((1, 0, 7),), "introduction", 0)
    document = Document(record.version * 8, 2, title, authors, 2020, "", doi, abstract, (passage,), (), (), marks)
    with store.session() as s:
        store_document(s, s.get_one(Paper, number), f"{record.version}.pdf", document)
    return place(store, record)


def paper(store: Store, number: int) -> Paper:
    with store.session() as s:
        return s.get_one(Paper, number)


def asked(workspace, search=None):
    with reading(workspace.database) as connection:
        return questions(connection, search)


@pytest.mark.parametrize("doi", [DOI, "10.1145/1122445.1122456", "10.1145/nnnnnnn.nnnnnnn", "10.1002/(ISSN)1097-0258"])
def test_a_printed_doi_does_not_join_papers_of_other_people_on_other_matters(store, workspace, doi):
    search = begin(store)
    one = read(store, search, local("a"), doi=doi)
    other = read(store, search, local("b"), OTHER, OTHERS, doi)
    third = read(store, search, local("c"), "Kettles of two towns compared", ("Ada Example",), doi)
    assert len({one, other, third}) == 3
    for number in (one, other, third):
        found = paper(store, number)
        assert (found.text_state, found.doi, found.url) == ("read", "", "")  # nobody knows whose it is
        assert "on its first page" in found.text_reason
    templates = doi.startswith("10.1145")
    assert [len(one.works) for one in asked(workspace, search)] == ([] if templates else [3])


def test_two_files_of_one_paper_are_one_work(store):
    search = begin(store)
    assert read(store, search, local("a")) == read(store, search, local("b"))
    # A title that was read badly is outweighed by the people, and people that were not by the abstract.
    assert read(store, search, local("c"), "RESEARCH ARTICLE") == place(store, local("a"))


def test_the_abstract_speaks_for_a_paper_whose_title_cannot_be_read(store):
    search = begin(store)
    abstract = " ".join(f"word{n} of the abstract" for n in range(20))
    known = Record("crossref", DOI, TITLE, PEOPLE, 2020, abstract, doi=DOI)
    [one] = take(store, search, known)
    assert read(store, search, local("a"), "Contents lists available at a journal", (), DOI, abstract=abstract) == one
    assert read(store, search, local("b"), "Contents lists available elsewhere", (), DOI, abstract="Short.") != one


def test_who_has_a_doi_from_a_source_keeps_it(store, workspace):
    search = begin(store)
    [known] = take(store, search, Record("crossref", DOI, TITLE, PEOPLE, 2020, doi=DOI))
    other = read(store, search, local("a"), OTHER, OTHERS)
    assert known != other
    assert (paper(store, known).doi, paper(store, other).doi) == (DOI, "")
    assert [one.kind for one in asked(workspace, search)] == ["doi"]
    # The paper itself is found all the same.
    assert read(store, search, local("b"), TITLE, PEOPLE) == known


def test_a_doi_is_compared_in_its_normal_form(store):
    search = begin(store)
    [known] = take(store, search, Record("crossref", "10.1000/abc", TITLE, PEOPLE, 2020, doi="10.1000/abc"))
    assert read(store, search, local("a"), TITLE, PEOPLE, "10.1000/ABC") == known


def test_one_doi_on_two_abstracts_of_a_meeting_is_a_question(store, workspace):
    search = begin(store)
    first = Record("references", "a", OTHER, ("Ruth Okello",), 2019, doi="10.1000/meeting")
    second = Record("references", "b", "Retrieval by small encoders", ("Mira Testova",), 2019, doi="10.1000/meeting")
    one, other = take(store, search, first, second)
    assert one != other
    [question] = asked(workspace, search)
    assert [work.id for work in question.works] == [one, other]
    asking.warn(store, search)
    asking.warn(store, search)
    with store.session() as s:
        [question] = s.exec(select(SourceQuery.undecided)).one()
    assert "10.1000/meeting" in question
    # Whoever makes one of them is asked no longer.
    duplicates.join(workspace, one, other)
    asking.warn(store, search)
    assert asked(workspace, search) == []
    with store.session() as s:
        assert s.exec(select(SourceQuery.undecided)).one() == []


def test_what_a_person_split_is_no_question(store, workspace):
    search = begin(store)
    one, other = take(
        store, search, Record("a", "1", TITLE, PEOPLE, 2020, doi=DOI), Record("b", "2", TITLE, PEOPLE, 2020, doi=DOI)
    )
    assert one == other
    duplicates.split(workspace, one, [2])
    assert asked(workspace, search) == []


def test_one_title_under_two_identifiers_is_a_question(store, workspace):
    search = begin(store)
    one, other = take(
        store,
        search,
        Record("crossref", "1", TITLE, PEOPLE, 2020, doi="10.1000/one"),
        Record("crossref", "2", TITLE, PEOPLE, 2020, doi="10.1000/two"),
    )
    assert one != other
    assert [(one.kind, len(one.works)) for one in asked(workspace, search)] == [("title", 2)]
    take(store, search, Record("crossref", "3", TITLE, ("Jan Berg",), 2020, doi="10.1000/three"))
    assert [len(one.works) for one in asked(workspace, search)] == [2]


# ------------------------------------------------------------------------------------------ retractions


def status(store: Store, number: int) -> tuple[str, bool]:
    found = paper(store, number)
    return found.retracted, found.withdrawn


def screened(store: Store, search: int) -> dict[int, str]:
    with store.session() as s:
        apply_notices(s, search)
        decide(s, search)
        rows = s.exec(select(Screening).where(Screening.search_id == search).order_by(col(Screening.paper_id))).all()
        return {row.paper_id: row.reason for row in rows if row.decision == "exclude"}


@pytest.mark.parametrize("source", ["references", "semanticscholar", "openalex", "library", "acl", "arxiv"])
def test_a_marked_title_withdraws_whatever_source_gives_it(store, source):
    search = begin(store)
    [one] = take(store, search, Record(source, "1", f"[Retracted] {TITLE}", PEOPLE, 2020))
    assert status(store, one) == ("retracted", True)
    assert screened(store, search) == {one: "retracted"}


def test_a_marked_title_of_a_manifest_or_of_the_pdf_withdraws(store):
    search = begin(store)
    named = read(store, search, local("a", title=f"RETRACTED: {TITLE}"), TITLE)
    printed = read(store, search, local("b"), f"RETRACTED ARTICLE: {OTHER}", OTHERS, "")
    stamped = read(store, search, local("c"), "Kettles of two towns compared", ("Ada Example",), "", ("withdrawn",))
    assert status(store, named) == status(store, printed) == ("retracted", True)
    assert status(store, stamped) == ("withdrawn", True)
    assert screened(store, search) == {named: "retracted", printed: "retracted", stamped: "withdrawn"}


def test_a_marked_record_and_the_preprint_are_one_work_and_withdrawn(store):
    search = begin(store)
    one, other = take(
        store,
        search,
        Record("arxiv", "2001.00001", TITLE, PEOPLE, 2020, arxiv_id="2001.00001"),
        Record("crossref", DOI, f"{TITLE} (Retracted article. See vol. 3, pg. 4, 2021)", PEOPLE, 2020, doi=DOI),
    )
    assert one == other
    assert status(store, one) == ("retracted", True)


def test_a_notice_marks_the_work_that_it_names_and_finds_nothing_itself(store):
    search = begin(store)
    one, notice = take(
        store,
        search,
        Record("references", "1", TITLE, PEOPLE, 2020),
        Record("references", "2", f"Retraction notice to “{TITLE}” [J. Rivers 3 (2020) 1–9]", (), 2021),
    )
    assert screened(store, search) == {one: "retracted", notice: "a notice about another paper"}
    assert status(store, one) == ("retracted", True)
    assert status(store, notice) == ("notice", False)


def test_a_notice_among_the_pdfs_marks_its_paper(store):
    search = begin(store)
    one = read(store, search, local("a"), doi="")
    notice = read(store, search, local("b"), f"Retraction: {TITLE}", (), "")
    assert one != notice
    assert screened(store, search) == {one: "retracted", notice: "a notice about another paper"}


def test_a_notice_that_names_a_doi_marks_no_namesake_under_another(store):
    search = begin(store)
    told = (Notice("10.1000/one", Editorial.RETRACTED, "2021-01-01"),)
    one, other, _ = take(
        store,
        search,
        Record("crossref", "1", TITLE, PEOPLE, 2020, doi="10.1000/one"),
        Record("crossref", "2", TITLE, ("Jan Berg",), 2020, doi="10.1000/two"),
        Record("crossref", "3", f"Retraction: {TITLE}", (), 2021, doi="10.1000/three", notices=told),
    )
    screened(store, search)
    assert (status(store, one), status(store, other)) == (("retracted", True), ("", False))


def test_an_expression_of_concern_is_shown_and_takes_nothing(store):
    search = begin(store)
    one, notice = take(
        store,
        search,
        Record("references", "1", TITLE, PEOPLE, 2020),
        Record("references", "2", f"Expression of Concern: {TITLE}", (), 2021),
    )
    assert screened(store, search) == {notice: "a notice about another paper"}
    assert status(store, one) == ("concern", False)


@pytest.mark.parametrize(
    "form", ["Erratum to: {}", "Correction: {}", "Reply to “{}”", "Comment on “{}”", "Corrigendum to {}"]
)
def test_errata_and_replies_change_nothing(store, form):
    search = begin(store)
    take(store, search, Record("r", "1", TITLE, PEOPLE, 2020), Record("r", "2", form.format(TITLE), PEOPLE, 2021))
    assert screened(store, search) == {}


def test_words_that_papers_begin_with_make_a_notice_only_beside_their_paper(store):
    search = begin(store)
    [alone] = take(store, search, Record("r", "1", f"Withdrawal: {TITLE}", (), 2021))
    assert screened(store, search) == {}
    [one] = take(store, search, Record("r", "2", TITLE, PEOPLE, 2020))
    assert screened(store, search) == {one: "withdrawn", alone: "a notice about another paper"}


def test_what_a_stamp_says_goes_with_the_text(store, workspace):
    search = begin(store)
    one = read(store, search, local("a"), marks=("retracted",))
    take(store, search, Record("crossref", DOI, TITLE, PEOPLE, 2020, doi=DOI))
    assert place(store, Record("crossref", DOI, "")) == one
    new = duplicates.split(workspace, one, [2]).work
    assert (status(store, one), status(store, new)) == (("retracted", True), ("", False))
    undone = duplicates.undo(workspace, decisions_of(workspace)[-1])
    assert status(store, undone.work) == ("retracted", True)


def decisions_of(workspace) -> list[int]:
    with reading(workspace.database) as connection:
        return [row.id for row in decisions(connection)]


def test_a_record_retracted_since_it_was_stored_is_marked(store):
    search = begin(store)
    known = Record("crossref", DOI, TITLE, PEOPLE, 2020, doi=DOI)
    [one] = take(store, search, known)
    take(store, search, replace(known, title=f"RETRACTED: {TITLE}"))
    assert status(store, one) == ("retracted", True)
    assert paper(store, one).retracted_source != works.PDF_SOURCE
