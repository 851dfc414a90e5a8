"""kill -9 in every stage of a search, then the same command again: nothing lost, nothing double."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked

STAGES = ("search", "read", "rank", "claims", "link", "evidence")
QUESTION = "Does intermediate-task training help cross-lingual sentence retrieval?"


@pytest.fixture(scope="module")
def papers(digests, tmp_path_factory) -> Path:
    """Four bundled digests as PDFs in a folder."""
    folder = tmp_path_factory.mktemp("papers")
    for path in digests[:4]:
        shutil.copy(path, folder)
    return folder


# `synth`, which sends itself a signal as soon as it says that it is in a stage: from outside it would come too late.
SYNTH = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it

class Watched:
    def __init__(self, stream, stage, number):
        self.stream, self.stage, self.number = stream, stage, number

    def write(self, text):
        self.stream.write(text)
        if self.stage and text.startswith(self.stage + ":"):
            self.stage = ""
            self.stream.flush()
            os.kill(os.getpid(), self.number)

    def __getattr__(self, name):
        return getattr(self.stream, name)

stage, number = sys.argv.pop(1), int(sys.argv.pop(1))
sys.stderr = Watched(sys.stderr, stage, number)
from synth.cli import main
main()
"""


def search(papers: Path, home: Path, stage: str = "", sign: int = 0) -> subprocess.CompletedProcess:
    """The search, which stops itself with `sign` once it is in `stage`."""
    command = [sys.executable, "-c", SYNTH, stage, str(sign), "search", QUESTION, "--source", "local"]
    environment = os.environ | {"SYNTH_HOME": str(home)}
    return forked.run([*command, "--papers", str(papers)], env=environment, text=True, timeout=240)


def contents(home: Path) -> dict[str, list]:
    """Return what the search left, without row numbers and times."""
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
    done = search(papers, home)
    assert done.returncode == 0, done.stderr
    return contents(home)


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)], ids=["kill", "interrupt"])
def test_killed_in_every_stage_one_after_the_other(papers, undisturbed, tmp_path, sign, code):
    home = tmp_path / "home"
    assert {stage: search(papers, home, stage, sign).returncode for stage in STAGES} == dict.fromkeys(STAGES, code)
    done = search(papers, home)
    assert done.returncode == 0, done.stderr
    assert len(undisturbed["claims"]) > 10
    assert contents(home) == undisturbed


def test_a_finished_search_is_not_done_again(papers, undisturbed, tmp_path):
    home = tmp_path / "home"
    for _ in range(2):
        assert search(papers, home).returncode == 0
    assert contents(home) == undisturbed
