"""Decisions of a person: committed at once, reversible, above the rules, and by two people at once."""

from __future__ import annotations

import sqlite3

import pytest
from sqlmodel import select

from synth.core.errors import UsageError
from synth.core.reasons.screening import ExclusionReason
from synth.screening import decision_file, decision_store, session
from synth.screening.session import ScreeningSession
from synth.store import views
from synth.store.database import Store, reading
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Evidence,
    Link,
    Paper,
    PassageRow,
    PredictionRow,
    Screening,
    Search,
    now,
)
from tests.screening.people import QUESTION, Ranks, filled


@pytest.fixture
def store(tmp_path):
    store = filled(tmp_path / "db" / "synth.db")
    yield store
    store.close()


def at(store, who="ann", **options):
    return ScreeningSession(store, 1, QUESTION, who, Ranks, **{"share": 0.0, **options})


def stored(store, paper):
    with sqlite3.connect(store.path) as db:
        return db.execute("SELECT decision, reason, by FROM screening WHERE paper_id = ?", (paper,)).fetchone()


def code(store, paper):
    with sqlite3.connect(store.path) as db:
        return db.execute("SELECT reason_code FROM screening WHERE paper_id = ?", (paper,)).fetchone()[0]


def test_a_decision_stands_in_the_database_at_once_with_who_when_and_why(store):
    one = at(store)
    shown = one.next()
    one.decide(shown, "exclude", "another language")
    assert stored(store, shown.work.id) == ("exclude", "another language", "person")
    assert code(store, shown.work.id) == ExclusionReason.PERSON
    step = decision_store.steps(store, 1)[0]
    assert (step.paper, step.who, step.reason, step.undecided, step.works) == (1, "ann", "another language", 12, 12)
    assert step.decided.endswith("Z")
    assert step.chance == 1.0


def test_undo_gives_back_what_the_rules_had_decided_step_by_step(store):
    one = at(store)
    for decision in ("exclude", "include"):
        one.decide(one.next(), decision, "off" if decision == "exclude" else "")
    assert one.undo().work.id == 2
    assert one.undo().work.id == 1
    assert one.undo() is None
    assert stored(store, 1) == ("include", "", "rule")
    assert stored(store, 2) == ("include", "", "rule")
    assert [step.decision for step in decision_store.steps(store, 1)] == ["exclude", "include", "undo", "undo"]


def test_undo_of_a_second_thought_gives_back_the_first(store):
    one = at(store)
    one.decide(one.next(), "include")
    one.decide(one.again(1), "exclude", "off")
    one.undo()
    assert stored(store, 1) == ("include", "", "person")


def test_a_new_desk_goes_on_where_the_old_one_was(store):
    one = at(store)
    for _ in range(4):
        one.decide(one.next(), "include")
    shown = one.next()
    other = at(store)
    assert other.next().work == shown.work
    assert other.standing() == one.standing()
    assert other.undo().work.id == 4


def test_works_left_for_later_come_back_last_also_after_a_restart(store):
    one = at(store)
    one.decide(one.next(), "maybe")
    seen = []
    for _ in range(11):
        shown = at(store).next()
        seen.append(shown.work.id)
        at(store).decide(shown, "exclude", "off")
    assert seen == list(range(2, 13))
    assert at(store).next().work.id == 1
    assert at(store).standing().maybe == 1
    assert stored(store, 1) == ("include", "", "rule")


def test_a_maybe_on_second_thought_gives_the_work_back_to_the_rules(store):
    one = at(store)
    one.decide(one.next(), "exclude", "off")
    one.decide(one.again(1), "maybe")
    assert stored(store, 1) == ("include", "", "rule")
    assert at(store).standing().decided == 0


def test_all_decided_one_way(store):
    one = at(store)
    while (shown := one.next()) is not None:
        one.decide(shown, "exclude", "off")
    standing = one.standing()
    assert (standing.decided, standing.included, standing.recall.recall) == (12, 0, None)


def test_the_model_is_told_every_decision(store):
    one = at(store)
    one.decide(one.next(), "include")
    one.next()
    assert one._model.told[-1] == {0: True}


def test_two_people_at_once_are_not_overwritten(store):
    ann, bob = at(store), at(store, "bob")
    shown, same = ann.next(), bob.next()
    assert shown.work == same.work  # without locks both have it
    ann.decide(shown, "include")
    with pytest.raises(decision_store.Overtaken, match="decided meanwhile: include"):
        bob.decide(same, "exclude", "off")
    assert stored(store, 1) == ("include", "", "person")
    assert bob.next().work.id == 2


def test_nobody_takes_back_what_another_decided_since(store):
    ann, bob = at(store), at(store, "bob")
    ann.decide(ann.next(), "include")
    bob.decide(bob.again(1), "exclude", "off")
    with pytest.raises(decision_store.Overtaken, match="bob"):
        ann.undo()
    assert at(store, "eve").undo() is None


def test_random_draws_are_counted_as_they_were_drawn(store):
    one = at(store, order="random")
    first, second = one.next(), None
    one.decide(first, "include")
    second = one.next()
    one.decide(second, "maybe")
    steps, labels = decision_store.steps(store, 1), {first.work.id: "include"}
    draws = decision_store.draws(steps, labels, 12)
    assert [(d.undecided, d.found, d.relevant) for d in draws] == [(12, 0, True), (11, 1, True)]  # maybe may be
    labels[second.work.id] = "exclude"
    assert decision_store.draws(steps, labels, 12)[1].relevant is False
    assert decision_store.draws(steps, labels, 13) == []  # drawn from fewer works than there are now


def test_finishing_excludes_the_rest_and_can_be_taken_back(store):
    one = at(store)
    one.decide(one.next(), "include")
    before = {paper: stored(store, paper) for paper in range(2, 13)}
    assert decision_store.stop(store, 1, "ann") == 11
    assert stored(store, 5) == ("exclude", "not screened: screening was stopped", "person")
    assert code(store, 5) == ExclusionReason.STOPPED
    standing = at(store).standing()
    assert (standing.decided, standing.unscreened, standing.recall.missed_at_most) == (1, 11, 11)
    assert decision_store.stop(store, 1, "ann") == 0
    assert decision_store.reopen(store, 1, "ann") == 11
    assert {paper: stored(store, paper) for paper in before} == before


def test_finished_screening_goes_on_when_someone_goes_on(store):
    decision_store.stop(store, 1, "ann")
    one = at(store)
    one.decide(one.next(), "include")
    assert stored(store, 1) == ("include", "", "person")
    assert decision_store.reopen(store, 1, "ann") == 11
    assert stored(store, 1) == ("include", "", "person")


def test_a_search_with_new_works_to_read_is_incomplete_until_they_are_read(store):
    with store.session() as s:
        for paper in (1, 2, 3):
            s.get_one(Paper, paper).text_state = "skipped"
    one = at(store)
    one.decide(one.again(7), "include")
    with reading(store.path) as db:
        assert not views.search(db, 1).complete
        assert "1 paper has not been fetched" in views.missing(db, 1)[0].what
    assert decision_store.to_read(store, 1) == (1, 3)
    one.undo()
    with reading(store.path) as db:
        assert views.search(db, 1).complete


def claimed(store):
    """Works 1 and 2 read; a claim of work 1 with evidence from work 2, and one of work 2."""
    with store.session() as s:
        for paper in (1, 2):
            s.get_one(Paper, paper).text_state = "read"
            s.add(
                PassageRow(
                    id=paper,
                    paper_id=paper,
                    position=0,
                    kind="sentence",
                    text="t",
                    quote="t",
                    page=1,
                    sha256="",
                    section="",
                )
            )
            s.flush()
            s.add(
                ClaimRow(id=paper, search_id=1, text=f"claim {paper}", kind="effect", salience=0.5, evidence_done=True)
            )
            s.flush()
            s.add(ClaimSource(claim_id=paper, passage_id=paper))
        s.add(
            Evidence(
                claim_id=1, passage_id=2, stance="SUPPORT", confidence=0.9, relation="other paper", method="", rank=1
            )
        )


def test_claims_of_a_work_that_is_left_out_are_not_listed_and_come_back_with_it(store):
    claimed(store)
    one = at(store)
    one.decide(one.again(2), "exclude", "off")
    with reading(store.path) as db:
        assert [claim.id for claim in views.claims(db, 1)] == [1]
    with store.session() as s:
        assert [s.get_one(ClaimRow, n).evidence_done for n in (1, 2)] == [False, True]
        assert not s.get_one(Search, 1).complete
    one.undo()
    with reading(store.path) as db:
        assert {claim.id for claim in views.claims(db, 1)} == {1, 2}


def test_experiments_count_the_claims_that_are_listed(store):
    claimed(store)
    with store.session() as s:
        for claim in (1, 2):
            s.add(PredictionRow(id=claim, claim_id=claim, treatment="x", direction="greater", position=0))
            s.flush()
            s.add(Link(claim_id=claim, prediction_id=claim, experiment="low-resource", contrast="c", strength=1.0))
    one = at(store)
    with reading(store.path) as db:
        assert views.testable(db) == {"low-resource": [1, 2]}
    one.decide(one.again(2), "exclude", "off")
    with reading(store.path) as db:
        assert views.testable(db) == {"low-resource": [1]}


def test_works_that_wait_for_their_rank_are_told(store):
    with store.session() as s:
        for row in s.exec(select(Screening).where(Screening.paper_id > 1)):
            row.decision = "pending"
            s.add(row)
        waiting = len(s.exec(select(Screening).where(Screening.decision == "pending")).all())
    with reading(store.path) as db:
        assert f"{waiting} works have not been ranked and weighed yet." in [m.what for m in views.missing(db, 1)]


def test_a_repetition_leaves_nothing_open_that_is_open_in_the_original(store):
    from types import SimpleNamespace

    from synth.search.replay import decide_as_then

    with store.session() as s:
        then = {row.paper_id: row for row in s.exec(select(Screening))}
        then[1].decision, then[1].reason = "exclude", "off"
        then[2].decision = "pending"
        s.add_all(then.values())
        s.add(Search(id=2, question="q", key="r", options={"replay_of": 1}, created=now()))
        s.flush()
        for paper in then:
            s.add(Screening(search_id=2, paper_id=paper, decision="include"))
    decide_as_then(SimpleNamespace(store=store, search_id=2))
    with store.session() as s:
        again = {row.paper_id: row.decision for row in s.exec(select(Screening).where(Screening.search_id == 2))}
    assert (again[1], again[2], again[3]) == ("exclude", "include", then[3].decision)


def test_a_withdrawn_work_is_no_matter_of_opinion(tmp_path):
    store = filled(tmp_path / "synth.db", works=2, withdrawn=True)
    assert decision_store.works(store, 1) == []
    store.close()


def test_a_file_of_decisions(store):
    works = decision_store.works(store, 1)
    new = decision_file.decisions("title,decision,reason\nWork 4,Include,\nwork 5,exclude,\x1b[31mred\n,,\n", works)
    decision_store.decide_all(store, 1, new, "file")
    assert stored(store, 4) == ("include", "", "person")
    assert stored(store, 5) == ("exclude", "red", "person")
    again = decision_file.decisions(
        "paper,decision,reason\n4,include,\n5,exclude,red\n", decision_store.works(store, 1)
    )
    assert again == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "head line"),
        ("title,verdict\nWork 1,include\n", "head line"),
        ("title,decision\nNo such work,include\n", "line 2: no work"),
        ("title,decision\nWork 1,perhaps\n", "'perhaps'"),
        ('title,decision\n"Work 1,include\n', "no CSV"),
    ],
)
def test_a_file_with_one_bad_line_changes_nothing(store, text, word):
    with pytest.raises(UsageError, match=word):
        decision_file.decisions(text, decision_store.works(store, 1))


@pytest.mark.parametrize(
    "text",
    [
        "decision,doi,reason\ninclude,https://doi.org/10.1000/A,\nexclude,10.1000/b,off topic\n",
        "decision;doi;reason\ninclude;10.1000/a;\nexclude;doi:10.1000/B;off topic\n",
        "\ufeffDecision\tDOI\tReason\r\nInclude\thttp://dx.doi.org/10.1000/a\t\r\nexcluded\t10.1000/b.\toff topic\r\n",
        'sep=;\r\n"DECISION";"Url";"REASON"\r\ninclude;https://doi.org/10.1000/a;\r\nexclude;10.1000/b;"off topic"\r\n',
        "title,decision,reason\nWORK  1.,include,\n<i>Work</i> 2,exclude,off topic\n",
        "arxiv ID,decision,reason\narXiv:2005.00001v2,include,\nhttps://arxiv.org/abs/2005.00002,exclude,off topic\n",
    ],
)
def test_decisions_in_every_spelling(text, tmp_path):
    store = filled(tmp_path / "synth.db", works=3)
    with store.session() as s:
        for number, letter in ((1, "a"), (2, "b")):
            one = s.get_one(Paper, number)
            one.doi, one.arxiv_id = f"10.1000/{letter}", f"2005.0000{number}"
    decision_store.decide_all(store, 1, decision_file.decisions(text, decision_store.works(store, 1)), "file")
    assert stored(store, 1) == ("include", "", "person")
    assert stored(store, 2) == ("exclude", "off topic", "person")
    store.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("doi;decision\n10.1000/z;include\n", "line 2: no work of this search with doi '10.1000/z'"),
        ("doi,decision\nsee web,include\n", "line 2: 'see web' is no DOI"),
        ('reason,doi,decision\n"two\nlines",10.1000/z,include\n\n,10.1000/y,include\n', "line 5: no work"),
        ("title,decision,reason\nWork 1,exclude,off, topic\n", "line 2: 4 cells for 3 columns"),
        ("title,doi,decision\n,,include\n", "line 2: none of"),
    ],
)
def test_a_bad_line_is_named(store, text, words):
    with pytest.raises(UsageError) as caught:
        decision_file.decisions(text, decision_store.works(store, 1))
    assert words in caught.value.what


def test_what_is_written_is_read_back_and_no_spreadsheet_runs_it(tmp_path):
    store = filled(tmp_path / "synth.db", works=3)
    with store.session() as s:
        s.get_one(Paper, 2).title = '=HYPERLINK("http://evil","x")'
    one = at(store)
    one.decide(one.next(), "include")
    one.decide(one.next(), "exclude", "+off")
    rows = session.rows(decision_store.works(store, 1), decision_store.steps(store, 1))
    text = decision_file.written([row.row() for row in rows])
    assert "'=HYPERLINK" in text
    assert decision_file.decisions(text, decision_store.works(store, 1)) == []
    other = filled(tmp_path / "other.db", works=3)
    decision_store.decide_all(other, 1, decision_file.decisions(text, decision_store.works(other, 1)), "bob")
    assert [stored(other, n)[:2] for n in (1, 2)] == [("include", ""), ("exclude", "+off")]
    store.close()
    other.close()


def test_no_search(tmp_path):
    store = Store(tmp_path / "synth.db")
    with pytest.raises(UsageError, match="no search"):
        decision_store.opened(store, None)
    with pytest.raises(UsageError, match="no search 3"):
        decision_store.opened(filled(tmp_path / "two.db"), 3)
