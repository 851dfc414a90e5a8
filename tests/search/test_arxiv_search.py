"""A search of arXiv, on a local server in its format: failures, resume, downloads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from synth.search.run import search
from synth.store import views
from synth.store.database import reading
from synth.store.rows.mapping import as_json
from tests import forked
from tests.servers.arxiv_server import ArxivServer, Reply, entry

QUESTION = "intermediate-task training for sentence retrieval"


@pytest.fixture
def server(monkeypatch, digests):
    """Six papers, one of them withdrawn, one without a PDF at the server; the others are digests."""
    entries = [entry(n, title=f"Transfer of kind {'abcdef'[n]}") for n in range(5)]
    entries.append(
        entry(5, title="Transfer of kind f", comment="This paper has been withdrawn by the author", pdf=False)
    )
    pdfs = {f"2005.{n:05}v2": digests[n].read_bytes() for n in range(4)}
    with ArxivServer(entries, pdfs) as running:
        monkeypatch.setenv("SYNTH_ARXIV_API", running.api)
        monkeypatch.setenv("SYNTH_ARXIV_PDF", running.pdf)
        monkeypatch.setenv("SYNTH_ARXIV_INTERVAL", "0.001")
        yield running


def result(workspace, number):
    with reading(workspace.database) as connection:
        return as_json(views.search(connection, number)), as_json(views.papers(connection, number, None))


def test_papers_are_fetched_read_and_left_out_with_a_reason(server, workspace, settings):
    found, papers = result(workspace, search(workspace, settings, QUESTION, ["arxiv"]))
    assert found["complete"]
    assert found["sources"][0]["hits"] == 6
    reasons = {p["arxiv_id"]: p["reason"] for p in papers if p["decision"] == "exclude"}
    assert reasons == {"2005.00004": "full text not available", "2005.00005": "withdrawn"}
    assert sum(p["text_state"] == "read" for p in papers) == 4
    assert all(p["url"].endswith(f"/abs/{p['arxiv_id']}v2") for p in papers)


def test_a_failed_source_is_no_empty_result_and_the_same_command_completes_it(server, workspace, settings):
    server.script.extend([Reply(503, headers={"Retry-After": "0"})] * 12)
    number = search(workspace, settings, QUESTION, ["arxiv"])
    found, papers = result(workspace, number)
    [query] = found["sources"]
    assert (found["complete"], query["status"], papers) == (False, "failed", [])
    assert query["error"]
    assert query["remedy"]
    assert query["retries"] > 0
    server.script.clear()
    assert search(workspace, settings, QUESTION, ["arxiv"]) == number
    found, papers = result(workspace, number)
    assert found["complete"]
    assert len(papers) == 6


def test_a_download_that_fails_for_now_leaves_the_search_incomplete(server, workspace, settings):
    server.script.extend([None, *[Reply(503)] * 4])  # the feed, then every attempt at the first PDF
    number = search(workspace, settings, QUESTION, ["arxiv"])
    found, papers = result(workspace, number)
    assert not found["complete"]
    assert [p["text_state"] for p in papers if p["decision"] == "include"].count("unread") == 1
    assert search(workspace, settings, QUESTION, ["arxiv"]) == number
    found, papers = result(workspace, number)
    assert found["complete"]
    assert sum(p["text_state"] == "read" for p in papers) == 4


def test_killed_between_pages_it_asks_no_page_again(server, workspace, settings, home):
    """The first page is answered, the second hangs: the process is killed, and the next one starts at page two."""
    server.entries = [entry(n, title=f"Transfer of kind {n}") for n in range(150)]
    server.script.extend([None, Reply(pause=60)])
    command = [sys.executable, "-m", "synth", "search", QUESTION, "--source", "arxiv", "--max-papers", "40"]
    process = forked.Forked(command, env=os.environ | {"SYNTH_HOME": str(home)}, stderr=subprocess.DEVNULL)
    while len(server.seen) < 2:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with reading(workspace.database) as connection:
        assert connection.execute("SELECT hits, status FROM source_query").fetchone()[:] == (100, "running")
    server.script.clear()
    server.seen.clear()
    number = search(workspace, settings, QUESTION, ["arxiv"], max_papers=40)
    asked = [seen.query["start"] for seen in server.seen if seen.path == "/api/query"]
    assert asked == ["100"]
    with reading(workspace.database) as connection:
        assert views.search(connection, number).sources[0].hits == 150
        assert connection.execute("SELECT count(*) FROM hit").fetchone()[0] == 150
