"""A search of all network sources, on local servers: sources that fail make it incomplete, --resume completes it
without asking anything twice, --replay repeats it with every server gone."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter
from contextlib import ExitStack

import pytest
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import UsageError
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.search import run as pipeline
from synth.search.run import SearchRequest, replay, resume, run
from synth.sources.http.pace import cache_folder
from synth.store import views
from synth.store.database import reading
from synth.store.rows.mapping import as_json
from tests.servers.arxiv_server import Reply
from tests.sources.networks import NAMES, lead, start

QUESTION = "Does cross-lingual sentence retrieval help transfer?"
SETTINGS = Settings(jobs=1, openalex_api_key="openalex-secret", s2_api_key="s2-secret", contact="me@example.org")


@pytest.fixture
def workspace(home):
    return Workspace(home)


@pytest.fixture
def servers(monkeypatch):
    """A server for each network source, with six works; pages have two entries."""
    with ExitStack() as stack:
        running = {name: stack.enter_context(start(name, 6)) for name in NAMES}
        for name, server in running.items():
            lead(name, server, monkeypatch.setenv)
        small = pipeline.source_settings.SourceSettings
        monkeypatch.setattr(
            pipeline.source_settings, "SourceSettings", lambda **given: small(**given, page_size=2, attempts=2)
        )
        yield running


def asked(chase=0, names=NAMES):
    return SearchRequest(tuple(names), chase=chase, max_papers=2)


def stored(workspace, number):
    with reading(workspace.database) as connection:
        return as_json(views.search(connection, number))


def requests(servers):
    """Every request for metadata that was made, with how often."""
    return Counter(
        (name, seen.path, tuple(sorted(seen.query.items())))
        for name, server in servers.items()
        for seen in server.seen
        if not seen.path.startswith("/pdf/")
    )


def break_down(servers):
    """arXiv is well; OpenAlex has no budget after a page, Semantic Scholar sends HTML after two, Crossref fails."""
    servers["openalex"].script += [None, Reply(429, headers={"Retry-After": "54000"})]
    servers["semanticscholar"].script += [None, None, *[Reply(200, b"<html>Log in</html>")] * 9]
    servers["crossref"].script += [Reply(503)] * 9


def mend(servers):
    """The next day: the budget is filled up."""
    for server in servers.values():
        server.script.clear()
    for file in cache_folder().glob("locks/*.closed"):
        file.unlink()


def test_an_incomplete_search_is_completed_and_nothing_is_asked_twice(servers, workspace):
    break_down(servers)
    number = run(workspace, SETTINGS, QUESTION, asked())
    found = stored(workspace, number)
    assert not found["complete"]
    rows = {row["source"]: row for row in found["sources"]}
    assert {name: row["status"] for name, row in rows.items()} == {
        "arxiv": "ok",
        "openalex": "out of budget",
        "semanticscholar": "failed",
        "crossref": "failed",
    }
    assert {name: (row["hits"], row["pages"]) for name, row in rows.items()} == {
        "arxiv": (6, 3),
        "openalex": (2, 1),
        "semanticscholar": (4, 2),
        "crossref": (0, 0),
    }
    assert rows["crossref"]["retries"] == 1
    assert rows["arxiv"]["request"].startswith(servers["arxiv"].api)
    assert {row["max_hits"] for row in rows.values()} == {8}
    assert [lack["source"] for lack in found["missing"]] == ["openalex", "semanticscholar", "crossref"]
    assert found["completed_by"] == f"synth search --resume {number}"

    mend(servers)
    answered = requests(servers) - requests(failed(servers))
    for server in servers.values():
        server.seen.clear()
    assert resume(workspace, SETTINGS, number) == number
    found = stored(workspace, number)
    assert found["complete"], found["missing"]
    assert {row["source"]: row["hits"] for row in found["sources"]} == dict.fromkeys(NAMES, 6)
    assert not set(requests(servers)) & set(answered)
    assert max(requests(servers).values()) == 1
    assert servers["arxiv"].seen == []
    # Six works at each of three sources have the same DOI; those of arXiv are others.
    assert sum(row["new"] for row in found["sources"]) == 12

    for server in servers.values():
        server.seen.clear()
    assert resume(workspace, SETTINGS, number) == number
    assert requests(servers) == Counter()


class _Failed:
    def __init__(self, seen):
        self.seen = seen


def failed(servers):
    """The requests that broke_down left without an answer: the last of OpenAlex, two of each other."""
    lost = {"arxiv": 0, "openalex": 1, "semanticscholar": 1, "crossref": 2}
    return {name: _Failed(server.seen[len(server.seen) - lost[name] :]) for name, server in servers.items()}


def test_a_search_is_repeated_with_every_server_gone(servers, workspace, monkeypatch):
    number = run(workspace, SETTINGS, QUESTION, asked(chase=1))
    first = stored(workspace, number)
    assert first["complete"], first["missing"]
    assert {row["kind"] for row in first["sources"]} == {"question", "references", "citations"}
    for name in NAMES:  # nobody listens there
        monkeypatch.setenv(getattr(servers[name], "variable", "") or "SYNTH_ARXIV_API", servers[name].api)
    for server in servers.values():
        server.script += [Reply(500)] * 50
        server.seen.clear()
    again = replay(workspace, SETTINGS, number)
    assert again != number
    second = stored(workspace, again)
    assert second["complete"], second["missing"]
    assert [server.seen for server in servers.values()] == [[], [], [], []]
    with reading(workspace.database) as connection:
        found = views.repetition(connection, number, again)
        works = [{(p.id, p.decision, p.reason) for p in views.papers(connection, one, None)} for one in (number, again)]
    assert found.same
    assert found.works == len(works[0])
    assert works[0] == works[1]
    assert sum(row["requests"] for row in second["sources"]) == 0


def test_what_was_never_answered_cannot_be_repeated(servers, workspace):
    break_down(servers)
    number = run(workspace, SETTINGS, QUESTION, asked())
    for server in servers.values():
        server.seen.clear()
    second = stored(workspace, replay(workspace, SETTINGS, number))
    assert not second["complete"]
    assert {row["source"] for row in second["sources"] if row["status"] == "failed"} == set(NAMES) - {"arxiv"}
    assert all(server.seen == [] for server in servers.values())


def test_no_key_is_in_the_database_or_in_what_is_shown(servers, workspace, caplog):
    caplog.set_level(logging.INFO)
    break_down(servers)
    number = run(workspace, SETTINGS, QUESTION, asked())
    assert servers["openalex"].seen[0].headers["Authorization"] == "Bearer openalex-secret"
    assert servers["semanticscholar"].seen[0].headers["x-api-key"] == "s2-secret"
    assert "me@example.org" in servers["crossref"].seen[0].headers["User-Agent"]
    everything = "\n".join(sqlite3.connect(workspace.database).iterdump())
    shown = json.dumps(stored(workspace, number))
    for secret in ("openalex-secret", "s2-secret"):
        assert secret not in everything
        assert secret not in shown
        assert secret not in caplog.text
    assert f"GET {servers['openalex'].api}" in caplog.text
    assert f"search {number}: synth.search.query_log.retrieve" in caplog.text


def test_citations_are_chased_one_step_and_bounded(servers, workspace):
    number = run(workspace, SETTINGS, QUESTION, asked(chase=2, names=["openalex", "semanticscholar"]))
    found = stored(workspace, number)
    chased = [row for row in found["sources"] if row["kind"] != "question"]
    assert found["complete"], found["missing"]
    # Two works, two directions, two sources that know who cites whom.
    assert Counter(row["source"] for row in chased) == {"openalex": 4, "semanticscholar": 4}
    assert all(row["hits"] == 1 for row in chased)
    assert {row["max_hits"] for row in chased} == {50}
    assert all(row["query"].startswith(("cites:W", "cited_by:W", "paper/")) for row in chased)
    before = requests(servers)
    resume(workspace, SETTINGS, number)
    assert requests(servers) == before


def test_a_budget_of_ones_own_stops_a_query_and_resume_goes_on(servers, workspace):
    small = Settings(jobs=1, max_requests=1)
    number = run(workspace, small, QUESTION, asked(names=["openalex"]))
    [row] = stored(workspace, number)["sources"]
    assert (row["status"], row["requests"], row["hits"]) == ("out of budget", 1, 2)
    for hits in (4, 6):
        resume(workspace, small, number)
        assert stored(workspace, number)["sources"][0]["hits"] == hits
    assert stored(workspace, number)["complete"]
    assert max(requests(servers).values()) == 1


def test_another_search_takes_the_same_answers_from_the_cache_and_again_asks(servers, workspace):
    run(workspace, SETTINGS, QUESTION, asked(names=["crossref"]))
    assert len(servers["crossref"].seen) == 3
    other = SearchRequest(("crossref",), max_papers=2, queries=("openalex=retrieval",))
    number = run(workspace, SETTINGS, QUESTION, other)
    assert len(servers["crossref"].seen) == 3
    row = next(row for row in stored(workspace, number)["sources"] if row["source"] == "crossref")
    assert (row["hits"], row["requests"], row["kept_pages"], row["pages"]) == (6, 0, 3, 3)
    run(workspace, SETTINGS, QUESTION, asked(names=["crossref"]), fresh=True)
    assert len(servers["crossref"].seen) == 6


def test_incomplete_is_said_wherever_the_search_is_shown(servers, workspace):
    break_down(servers)
    number = run(workspace, SETTINGS, QUESTION, asked())
    for command in (["papers"], ["claims"], ["papers", "--json"], ["claims", "--json"]):
        done = CliRunner().invoke(app, command)
        if "--json" in command:
            found = json.loads(done.stdout)["search"]
            assert not found["complete"]
            assert found["completed_by"] == f"synth search --resume {number}"
        else:
            assert "INCOMPLETE" in done.stderr
            assert f"synth search --resume {number}" in done.stderr
            assert "out of budget" in done.stderr
    shown = CliRunner().invoke(app, ["show", "search", str(number)]).stdout
    for words in (
        "openalex (question): out of budget",
        "query: title_and_abstract.search:",
        f"asked: {servers['openalex'].api}/works?filter=",
        "at most 8 hits asked for",
        "1 page (0 kept already); requests: 2, repeated ones: 0",
        "hits: 2 of 6; new: 2; taken in: 0",
        "Begun 20",
    ):
        assert words in shown, shown
    report = workspace.root / "report.md"
    assert CliRunner().invoke(app, ["report", "--out", str(report)]).exit_code == 0
    text = report.read_text("utf-8")
    assert "INCOMPLETE" in text
    assert f"synth search --resume {number}" in text
    assert "openalex (out of budget)" in text


def test_a_search_that_is_not_there_and_options_that_do_not_go_together(workspace):
    for act in (resume, replay):
        with pytest.raises(UsageError, match="no search 7"):
            act(workspace, SETTINGS, 7)
    for words in (["--resume", "1", "--replay", "1"], ["question", "--resume", "1"], ["--replay", "1", "--again"]):
        assert CliRunner().invoke(app, ["search", *words]).exit_code != 0


@pytest.mark.parametrize("query", ["arxiv", "arxiv=", "nowhere=x", "local=x", "=x"])
def test_a_query_that_is_none_is_refused_before_anything_is_stored(query, workspace):
    with pytest.raises(UsageError):
        run(workspace, SETTINGS, QUESTION, SearchRequest((), queries=(query,)))
    assert not workspace.database.exists()


def test_queries_are_shown_verbatim_and_nobody_is_asked(servers, workspace):
    words = ["search", QUESTION, "--source", "openalex", "--query", "arxiv=ti:retrieval", "--show-queries", "--json"]
    done = CliRunner().invoke(app, words)
    rows = json.loads(done.stdout)["queries"]
    assert [(row["source"], row["kind"]) for row in rows] == [("openalex", "question"), ("arxiv", "verbatim")]
    assert rows[1]["query"] == "ti:retrieval"
    assert not workspace.database.exists()
    assert requests(servers) == Counter()


def test_imported_references_are_a_search(workspace, tmp_path):
    file = tmp_path / "library.bib"
    file.write_text("@article{a, title={Transfer of sentence retrieval}, author={A B}, year=2020}", "utf-8")
    number = run(workspace, SETTINGS, QUESTION, SearchRequest((), references=(file,)))
    [row] = stored(workspace, number)["sources"]
    assert (row["source"], row["hits"], row["status"]) == ("references", 1, "ok")
    with reading(workspace.database) as connection:
        [paper] = views.papers(connection, number, None)
    assert paper.title == "Transfer of sentence retrieval"
    assert paper.reason == "full text not available"


def test_a_pdf_that_several_sources_name_is_asked_for_once(servers, workspace, monkeypatch):
    monkeypatch.setenv("SYNTH_ACL_PDF", servers["arxiv"].pdf)
    for name in ("semanticscholar", "crossref"):
        del servers[name].works[1:]
    servers["semanticscholar"].works[0]["externalIds"] = {"ACL": "2020.acl-main.1"}
    servers["crossref"].works[0]["DOI"] = "10.18653/V1/2020.ACL-MAIN.1"
    number = run(workspace, SETTINGS, QUESTION, asked(names=["semanticscholar", "crossref"]))
    with reading(workspace.database) as connection:
        [paper] = views.papers(connection, number, None)
    assert (paper.acl_id, paper.reason) == ("2020.acl-main.1", "full text not available")
    assert [seen.path for seen in servers["arxiv"].seen] == ["/pdf/2020.acl-main.1.pdf"]
