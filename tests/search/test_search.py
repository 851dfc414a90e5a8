"""A search over real files: good ones, damaged ones, twins; its ledger, its screening, its claims."""

from __future__ import annotations

import shutil
import unicodedata

import pymupdf
import pytest
from sqlmodel import select

from synth.core.errors import SynthError, UsageError
from synth.core.reasons.screening import ExclusionReason
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.search.run import checked_question, search
from synth.store import views
from synth.store.database import Store, reading
from synth.store.rows.mapping import as_json
from synth.store.tables import Paper, Search

QUESTION = "Does intermediate-task training help cross-lingual sentence retrieval?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, digests):
    """Three good papers, a copy of one of them, and five files that cannot be read."""
    root = tmp_path_factory.mktemp("papers")
    for path in digests[:3]:
        shutil.copy(path, root / path.name)
    shutil.copy(digests[0], root / "copy.pdf")
    (root / "empty.pdf").write_bytes(b"")
    (root / "page.pdf").write_text("<!doctype html><html><body>Not found</body></html>")
    (root / "cut.pdf").write_bytes(digests[1].read_bytes()[:2000])
    with pymupdf.open(digests[2]) as document:
        document.save(root / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="x")
    with pymupdf.open() as document:
        pixels = document.new_page().get_pixmap()
        document.new_page().insert_image(pymupdf.Rect(0, 0, 300, 300), pixmap=pixels)
        document.save(root / "scan.pdf")
    return root


@pytest.fixture(scope="module")
def searched(folder, tmp_path_factory):
    """A workspace with a search of the folder, and the search's number."""
    workspace = Workspace(tmp_path_factory.mktemp("searched") / "workspace")
    return workspace.root, search(workspace, Settings(jobs=1), QUESTION, ["local"], folder)


@pytest.fixture
def found(searched, workspace):
    """What was found, in a workspace that is a copy."""
    root, number = searched
    shutil.copytree(root, workspace.root)
    with reading(workspace.database) as connection:
        yield as_json(
            {
                "search": views.search(connection, number),
                "papers": views.papers(connection, number),
                "excluded": views.papers(connection, number, "exclude"),
                "claims": [views.claim(connection, claim.id) for claim in views.claims(connection, number)],
                "flow": views.flow(connection, number),
            }
        )


def test_damaged_files_are_left_out_with_their_reason_and_the_others_go_on(found):
    assert len(found["papers"]) == 3
    assert {row["reason_code"] for row in found["excluded"]} == {ExclusionReason.UNREADABLE}
    reasons = {row["title"]: row["reason_parameters"]["why"] for row in found["excluded"]}
    assert set(reasons) == {"empty.pdf", "page.pdf", "cut.pdf", "locked.pdf", "scan.pdf"}
    for name, word in {
        "empty.pdf": "empty",
        "page.pdf": "not-a-pdf",
        "locked.pdf": "encrypted",
        "scan.pdf": "image",
    }.items():
        assert word in reasons[name]
    flow = found["flow"]
    assert (flow["identified"], flow["duplicates"], flow["included"]) == (9, 1, 3)
    assert sum(row["papers"] for row in flow["excluded_reports"]) == 5


def test_the_ledger_says_what_was_asked_and_what_came(found):
    [query] = found["search"]["sources"]
    assert (query["status"], query["hits"], query["kept"]) == ("ok", 9, 3)
    assert found["search"]["complete"]
    assert found["search"]["state"] == "done"


def test_papers_are_ranked(found):
    assert [row["rank"] for row in found["papers"]] == sorted(row["rank"] for row in found["papers"])
    assert all(row["score"] > 0 for row in found["papers"])
    for row in found["papers"]:
        parts = row["relevance"]
        assert parts["reranked"] is None
        assert -1 <= parts["cosine"] <= 1
        places = [place for place in (parts["lexical_rank"], parts["dense_rank"]) if place]
        assert row["score"] == pytest.approx(sum(1 / (60 + place) for place in places))
    assert sorted(row["relevance"]["dense_rank"] for row in found["papers"])[0] == 1


def test_the_full_text_of_what_was_read_is_ranked(found, workspace):
    from sqlmodel import select

    from synth.search.ranking.candidates import candidates
    from synth.store.database import Store
    from synth.store.tables import Paper

    store = Store(workspace.database)
    with store.session() as s:
        works = candidates(s, s.exec(select(Paper)).all())
    store.close()
    lengths = {work.id: len(work.text) for work in works}
    assert all(lengths[paper["id"]] > 1000 for paper in found["papers"])


def test_claims_are_whole_with_quote_and_page(found):
    assert len(found["claims"]) >= 10
    for claim in found["claims"]:
        assert claim["text"][-1] in '.!)”"’', claim["text"]
        assert claim["quote"]
        assert claim["page"] >= 1
        assert claim["standing"] in ("grounded", "corroborated", "contradicted", "contested", "no evidence")
        assert claim["why_not_testable"] or claim["experiment"]


def test_numbers_of_claims_are_linked_to_cells_of_their_own_paper(found):
    """The digest of Conneau et al. has a table of its gains."""
    linked = [(claim, cell) for claim in found["claims"] for cell in claim["cells"]]
    assert {("14.6%", "14.6"), ("13%", "13"), ("2.4%", "2.4")} <= {(cell["number"], cell["text"]) for _, cell in linked}
    for claim, cell in linked:
        assert cell["paper"] in {source["paper"] for source in claim["sources"]}
        assert cell["number"] in claim["text"]
        assert cell["matched"]


def test_a_source_is_never_evidence(found):
    for claim in found["claims"]:
        sources = {(s["sha256"], str(s["spans"])) for s in claim["sources"]}
        assert not sources & {(e["sha256"], str(e["spans"])) for e in claim["evidence"]}
        if not [e for e in claim["evidence"] if e["stance"] != "NOT_ENOUGH_INFO"]:
            assert claim["confidence"] is None


def test_the_same_command_finds_its_search_and_again_asks_anew(folder, workspace, settings, found):
    first = found["search"]["id"]
    assert search(workspace, settings, f"  {QUESTION} ", ["local"], folder) == first
    second = search(workspace, settings, QUESTION, ["local"], folder, fresh=True)
    assert second != first
    with reading(workspace.database) as connection:
        assert [r.text for r in views.claims(connection, second)] == [r.text for r in views.claims(connection, first)]
        assert connection.execute("SELECT count(*) FROM paper WHERE text_state = 'read'").fetchone()[0] == 3


def test_max_papers_leaves_the_rest_out_with_that_reason(folder, workspace, settings):
    for path in folder.iterdir():
        if path.stat().st_size < 3000 or path.name in ("locked.pdf", "scan.pdf", "copy.pdf"):
            path.unlink()
    number = search(workspace, settings, QUESTION, ["local"], folder, max_papers=2)
    with reading(workspace.database) as connection:
        assert len(views.papers(connection, number)) == 2


@pytest.mark.parametrize("question", ["", "   ", "?!", "x" * 20_000])
def test_questions_that_are_none(question):
    with pytest.raises(UsageError) as caught:
        checked_question(question)
    assert caught.value.do


def test_a_japanese_question_is_asked(digests, workspace, settings):
    number = search(
        workspace, settings, "多言語モデルは文検索に役立ちますか", ["local"], digests[0].parent, max_papers=1
    )
    with reading(workspace.database) as connection:
        assert len(views.papers(connection, number)) == 1


def test_a_question_that_finds_nothing_is_a_complete_search(workspace, settings):
    number = search(workspace, settings, "zzyzx qwertz", ["demo"])
    with reading(workspace.database) as connection:
        found = views.search(connection, number)
        assert found.complete
        assert [q.status for q in found.sources] == ["no results"]
        assert views.claims(connection, number) == []


@pytest.mark.parametrize("kind", ["missing", "empty", "unknown source"])
def test_what_cannot_be_searched_is_refused_before_anything_is_stored(kind, tmp_path, workspace, settings):
    folder = tmp_path / "nothing"
    if kind == "empty":
        folder.mkdir()
    source = "arxive" if kind == "unknown source" else "local"
    with pytest.raises(UsageError):
        search(workspace, settings, QUESTION, [source], folder)
    assert not workspace.database.exists()


def test_a_missing_model_is_named_and_the_search_can_go_on_later(digests, workspace, settings, tmp_path):
    broken = type(settings)(jobs=1, encoder=str(tmp_path / "no-model"))
    with pytest.raises(SynthError) as caught:
        search(workspace, broken, QUESTION, ["local"], digests[0].parent)
    assert "no-model" in caught.value.what
    store = Store(workspace.database)
    with store.session() as s:
        assert s.exec(select(Search)).one().state == "running"
        assert {paper.text_state for paper in s.exec(select(Paper)).all()} == {"read"}


def test_two_searches_of_the_same_question_do_not_run_at_once(digests, workspace, settings, monkeypatch):
    from synth.search import run as module

    def second(job):
        with pytest.raises(SynthError, match="Another synth process"):
            search(workspace, settings, QUESTION, ["local"], digests[0].parent)

    monkeypatch.setattr(module, "_run", second)
    search(workspace, settings, QUESTION, ["local"], digests[0].parent)


def test_a_question_is_one_question_however_its_letters_are_encoded():
    decomposed = unicodedata.normalize("NFD", "Does naïve Bayes\u00ad help?")
    assert checked_question(decomposed) == "Does naïve Bayes help?"
