"""`synth library` and `--source library`: import, index, find, search, end to end with the real encoder."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import SynthError, UsageError
from synth.core.workspace import Workspace
from synth.library import meanings
from synth.sources import SourceSettings, source
from tests.library.records import acl_entry, write


@pytest.fixture
def dump(tmp_path):
    entries = [acl_entry(i) for i in range(60)]
    entries[7] = acl_entry(7, title="Felines", abstract="A cat and a kitten sleep on the sofa.")
    return write(tmp_path / "papers.jsonl", [*entries, "{broken"])


def run(*arguments):
    done = CliRunner().invoke(app, ["library", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_from_a_dump_to_papers(dump, home):
    told = json.loads(run("import", dump, "--json").stdout)
    assert (told["added"], told["malformed"], told["records"], told["already"]) == (60, 1, 60, False)
    assert told["examples"] == ["line 61: no JSON"]
    by_words = json.loads(run("find", "cats on a sofa", "--json").stdout)
    assert by_words["rankings"] == ["words"]
    assert by_words["papers"][0]["title"] == "Felines"
    state = json.loads(run("index", "--json").stdout)
    assert (state["records"], state["encoded"], state["search_by_meaning"]) == (60, 60, "exact")
    found = json.loads(run("find", "sleepy domestic animals", "--json", "--limit", "3").stdout)
    assert found["rankings"] == ["words", "meaning"]
    assert found["papers"][0]["id"] == "acl:2020.acl-main.7"
    assert found["papers"][0]["dense_rank"] == 1
    assert found["papers"][0]["similarity"] > 0.3
    assert set(json.loads(run("status", "--json").stdout)) == set(state)
    again = run("import", dump)
    assert "imported before" in again.output
    assert "line 61: no JSON" in again.output


def test_tables_say_what_to_do_next(dump, home):
    assert "synth library index" in run("import", dump).output
    assert "0 of 60" in run("status").output
    found = run("find", "transfer for retrieval")
    assert "words alone" in found.output
    assert "ranked by words" in found.output
    assert "words alone" not in run("find", "transfer for retrieval", "--words").output


def test_packing_alone_loads_no_encoder(dump, home, monkeypatch):
    run("import", dump)
    monkeypatch.setattr(meanings, "encode_all", lambda *_: pytest.fail("encoded"))
    assert json.loads(run("index", "--words", "--json").stdout)["encoded"] == 0


@pytest.mark.parametrize("command", [["status"], ["index"], ["find", "x"]])
def test_without_a_library_the_first_step_is_told(home, command):
    with pytest.raises(UsageError) as caught:
        run(*command)
    assert "synth library import" in caught.value.do
    assert not Workspace(home).library.exists()


def test_a_file_that_is_no_dump_makes_no_library(home, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing of the kind")
    for path in (tmp_path / "notes.txt", tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageError):
            run("import", path)
    assert not Workspace(home).library.exists()


def test_two_at_once_are_told(dump, home):
    from filelock import FileLock

    run("import", dump)
    with FileLock(Workspace(home).locks / "library.lock"), pytest.raises(SynthError, match="changing the library"):
        run("index")


def test_as_a_source_of_a_search(dump, home):
    run("import", dump)
    found = source("library")
    query = found.query("How do  adapters help parsing?")
    assert query == "How do adapters help parsing?"
    settings = SourceSettings(page_size=4, library=Workspace(home).library)
    pages = list(found.pages(query, 10, 0, settings))
    records = [record for page in pages for record in page.records]
    assert len(records) == 10
    assert pages[0].total >= 10
    assert "words alone" in pages[0].warnings[0]
    assert [r for p in found.pages(query, 10, 6, settings) for r in p.records] == records[6:]
    nothing = list(found.pages("unheardofword", 10, 0, settings))
    assert [(page.records, page.total) for page in nothing] == [((), 0)]
    with pytest.raises(UsageError, match="no word"):
        found.query("?? the ...")
    assert found.fetch_pdf(replace(records[0], source_id="nowhere:1"), home, settings) is None


def test_a_search_asks_the_library(dump, home):
    run("import", dump)
    done = CliRunner().invoke(
        app, ["search", "Do adapters help parsing?", "--source", "library", "--max-papers", "2", "--json"]
    )
    assert done.exit_code == 0, done.output
    [asked] = json.loads(done.stdout)["search"]["sources"]
    assert (asked["source"], asked["query"], asked["status"]) == ("library", "Do adapters help parsing?", "ok")
    assert asked["hits"] == 8  # four candidates for each paper that is taken in


@pytest.mark.parametrize("query", ["", "  ?! "])
def test_nothing_to_look_for(query, home):
    with pytest.raises(UsageError, match="no word"):
        run("find", query)
