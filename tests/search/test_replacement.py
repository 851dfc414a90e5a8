"""An included work whose full text cannot be had leaves its place to the next in rank, a kill in between or not."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from synth.core.reasons.screening import ExclusionReason, TextReason
from synth.search.run import search
from synth.sources.http.pace import cache_folder
from synth.store import views
from synth.store.database import reading
from synth.store.rows.mapping import as_json
from tests import forked
from tests.search.test_interrupted_search import SYNTH
from tests.servers.arxiv_server import ArxivServer, Reply, entry
from tests.store.test_prisma import adds_up

QUESTION = "intermediate-task training for sentence retrieval"


@pytest.fixture
def server(monkeypatch, digests):
    """Six papers; three of them have no PDF, wherever they rank, and one has a PDF that cannot be read."""
    entries = [entry(n, title=f"Transfer of kind {'abcdef'[n]}") for n in range(6)]
    pdfs = {f"2005.{n:05}v2": digests[n].read_bytes() for n in (1, 4)} | {"2005.00003v2": b"%PDF-1.5\nnothing"}
    with ArxivServer(entries, pdfs) as running:
        monkeypatch.setenv("SYNTH_ARXIV_API", running.api)
        monkeypatch.setenv("SYNTH_ARXIV_PDF", running.pdf)
        monkeypatch.setenv("SYNTH_ARXIV_INTERVAL", "0.001")
        yield running


def result(workspace, number=1):
    with reading(workspace.database) as connection:
        rows = as_json(views.papers(connection, number, None))
        found, flow = as_json(views.search(connection, number)), views.flow(connection, number)
        return found, {row["arxiv_id"]: row for row in rows}, flow


def test_the_next_in_rank_takes_the_place(server, workspace, settings):
    number = search(workspace, settings, QUESTION, ["arxiv"], max_papers=2)
    found, papers, flow = result(workspace, number)
    assert found["complete"]
    assert {name for name, row in papers.items() if row["decision"] == "include"} == {"2005.00001", "2005.00004"}
    reasons = {name: row["reason_code"] for name, row in papers.items() if row["decision"] == "exclude"}
    last = max(row["rank"] for row in papers.values() if row["decision"] == "include")
    for name, reason in reasons.items():
        before = papers[name]["rank"] < last
        without = ExclusionReason.UNREADABLE if name == "2005.00003" else ExclusionReason.NOT_RETRIEVED
        assert reason == (without if before else ExclusionReason.BELOW_LIMIT), name
    assert sorted(row["rank"] for row in papers.values()) == [1, 2, 3, 4, 5, 6]  # the reason does not cost the rank
    adds_up(flow)
    assert flow.included == 2
    assert flow.sought == last
    asked = {seen.path for seen in server.seen if seen.path.startswith("/pdf/")}
    assert len(asked) == last  # nobody asks for what is not needed


def test_too_few_texts_are_no_error(server, workspace, settings):
    found, papers, flow = result(workspace, search(workspace, settings, QUESTION, ["arxiv"], max_papers=4))
    assert found["complete"]
    assert len(papers) == 6
    assert (flow.included, flow.sought) == (2, 6)
    told = {"code": ExclusionReason.NOT_RETRIEVED, "reason": "full text not available"}
    assert as_json(flow.not_retrieved) == [{**told, "papers": 3}]
    adds_up(flow)


def test_a_text_that_may_come_later_keeps_its_place(server, workspace, settings):
    server.script.extend([None, *[Reply(503)] * 8])  # the feed, then every attempt at the first two PDFs
    number = search(workspace, settings, QUESTION, ["arxiv"], max_papers=2)
    found, _, flow = result(workspace, number)
    assert not found["complete"]
    assert flow.awaiting == 2
    adds_up(flow)
    server.script.clear()
    for file in cache_folder().glob("locks/*.closed"):
        file.unlink()
    search(workspace, settings, QUESTION, ["arxiv"], max_papers=2)
    found, _, flow = result(workspace, number)
    assert found["complete"]
    assert (flow.included, flow.awaiting) == (2, 0)
    adds_up(flow)


def test_without_a_network_only_the_first_are_tried(server, workspace, settings):
    server.script.extend([None, *[Reply(503)] * 4 * 3])  # the feed, then every attempt at the first three PDFs
    number = search(workspace, settings, QUESTION, ["arxiv"], max_papers=6)
    found, papers, flow = result(workspace, number)
    assert flow.awaiting == 6
    assert len({seen.path for seen in server.seen if seen.path.startswith("/pdf/")}) == 3
    assert sum(row["text_reason_code"] == TextReason.NOT_TRIED for row in papers.values()) == 3
    assert "6 papers have not been fetched" in found["missing"][0]["what"]
    adds_up(flow)


def test_killed_while_fetching_it_ends_with_the_same_papers(server, workspace, settings, tmp_path, monkeypatch, home):
    """Killed at the first download and at every later one that a run comes to; then run to its end."""
    number = search(workspace, settings, QUESTION, ["arxiv"], max_papers=2)
    undisturbed = {name: (row["decision"], row["reason"], row["rank"]) for name, row in result(workspace)[1].items()}
    other = tmp_path / "killed"
    command = [sys.executable, "-c", SYNTH, "fetch", str(int(signal.SIGKILL)), "search", QUESTION, "--source", "arxiv"]
    environment = os.environ | {"SYNTH_HOME": str(other), "SYNTH_CACHE": str(tmp_path / "other-cache")}
    for _ in range(2):
        killed = forked.run([*command, "--max-papers", "2"], env=environment, text=True, timeout=200)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    workspace = type(workspace)(other)
    adds_up(result(workspace)[2])
    assert search(workspace, settings, QUESTION, ["arxiv"], max_papers=2) == number
    again = {name: (row["decision"], row["reason"], row["rank"]) for name, row in result(workspace)[1].items()}
    assert again == undisturbed
