"""kill -9 in every stage of a search, then the same command again: nothing lost, nothing double."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from synth.demo.render import render_all

STAGES = ("search", "read", "rank", "claims", "link", "evidence")
QUESTION = "Does intermediate-task training help cross-lingual sentence retrieval?"


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> Path:
    """Four bundled digests as PDFs in a folder."""
    folder = tmp_path_factory.mktemp("papers")
    for path in render_all(folder)[4:]:
        path.unlink()
    return folder


def start(papers: Path, home: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "synth", "search", QUESTION, "--source", "local", "--papers", str(papers)]
    environment = os.environ | {"SYNTH_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def kill_in(stage: str, papers: Path, home: Path, sign: int) -> bool:
    """Start the search and stop it with `sign` once it says that it is in `stage`; False if it ended before."""
    process = start(papers, home)
    for line in process.stderr:
        if line.startswith(f"{stage}:"):
            os.kill(process.pid, sign)
            process.communicate(timeout=60)
            return True
    process.communicate(timeout=60)
    return False


def contents(home: Path) -> dict[str, list]:
    """What the search left, without row numbers and times."""
    connection = sqlite3.connect(home / "db" / "synth.db")
    queries = {
        "searches": "SELECT question, state, complete FROM search",
        "ledger": "SELECT source, query, status, hits, new FROM source_query",
        "papers": "SELECT title, pdf_sha256, text_state FROM paper ORDER BY title",
        "passages": "SELECT sha256, position, quote FROM passage ORDER BY 1, 2",
        "claims": "SELECT text, kind, salience, confidence, standing FROM claim ORDER BY text",
        "sources": """SELECT c.text, g.sha256, g.position FROM claim_source s JOIN claim c ON c.id = s.claim_id
                      JOIN passage g ON g.id = s.passage_id ORDER BY 1, 2, 3""",
        "predictions": """SELECT c.text, p.position, p.treatment, p.value FROM prediction p
                          JOIN claim c ON c.id = p.claim_id ORDER BY 1, 2""",
        "evidence": """SELECT c.text, g.sha256, g.position, e.stance, e.confidence FROM evidence e JOIN claim c
                       ON c.id = e.claim_id JOIN passage g ON g.id = e.passage_id ORDER BY 1, 2, 3""",
        "links": """SELECT c.text, l.experiment, l.contrast FROM link l
                    JOIN claim c ON c.id = l.claim_id ORDER BY 1, 2, 3""",
    }
    return {name: connection.execute(sql).fetchall() for name, sql in queries.items()}


@pytest.fixture(scope="module")
def undisturbed(papers, tmp_path_factory) -> dict[str, list]:
    home = tmp_path_factory.mktemp("undisturbed")
    process = start(papers, home)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return contents(home)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=["kill", "interrupt"])
def test_killed_in_every_stage_one_after_the_other(papers, undisturbed, tmp_path, sign):
    home = tmp_path / "home"
    assert [stage for stage in STAGES if not kill_in(stage, papers, home, sign)] == []
    process = start(papers, home)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert len(undisturbed["claims"]) > 10
    assert contents(home) == undisturbed


def test_a_finished_search_is_not_done_again(papers, undisturbed, tmp_path):
    home = tmp_path / "home"
    for _ in range(2):
        process = start(papers, home)
        process.communicate(timeout=120)
    assert contents(home) == undisturbed
