"""`synth review` and the review of `synth report`: the written file reviews like the draft, and edits are found."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from synth.core.errors import SynthError, UsageError
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.report.review.gather import review_search
from synth.report.write import WrittenReport, write_report
from tests import forked
from tests.report.review import planted
from tests.servers.chat_server import ChatServer, Reply


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Workspace, WrittenReport]:
    workspace = planted.build(tmp_path_factory.mktemp("written") / "workspace")
    return workspace, write_report(workspace, Settings())


def test_the_written_report_reviews_like_the_draft(written):
    workspace, told = written
    number, again = review_search(workspace, Settings(), None, planted.TODAY, Path(told.path))
    assert number == told.search
    assert again.score == told.review.score
    assert again.deciding == told.review.deciding
    assert told.review.agreement.alpha == pytest.approx(1)
    assert told.review.spread.reviewers == 7


def test_an_edited_report_is_found_out(written, tmp_path):
    workspace, told = written
    text = Path(told.path).read_text(encoding="utf-8")
    edited = tmp_path / "edited.md"
    edited.write_text(text.replace("11 papers retrieved", "21 papers retrieved"), encoding="utf-8")
    _, found = review_search(workspace, Settings(), None, planted.TODAY, edited)
    assert found.score < told.review.score - 0.5
    assert found.deciding[0].check == "counts as stored"
    assert found.deciding[0].breach


def test_the_report_names_what_decided(written):
    told = Path(written[1].path).read_text(encoding="utf-8").partition("## Review\n")[2]
    assert "What cost the score most:" in told
    assert "Krippendorff's α 1.00" in told
    assert "standard deviation" in told
    for one in written[1].review.deciding:
        assert one.check in told


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"hello", b""])
def test_what_is_no_report_is_refused(written, tmp_path, content):
    file = tmp_path / "x.md"
    file.write_bytes(content)
    with pytest.raises(UsageError):
        review_search(written[0], Settings(), None, planted.TODAY, file)
    with pytest.raises(SynthError, match="cannot be read"):
        review_search(written[0], Settings(), None, planted.TODAY, tmp_path / "none.md")


def test_by_the_command_line_with_a_model_whose_key_is_nowhere(written):
    workspace, key = written[0], "sk-hidden-0123456789"
    with ChatServer() as server:
        command = [sys.executable, "-m", "synth", "report", "--json"]
        environment = os.environ | {
            "SYNTH_HOME": str(workspace.root),
            "SYNTH_REVIEWER_URL": server.base,
            "SYNTH_REVIEWER_MODEL": "made-up",
            "SYNTH_REVIEWER_KEY": key,
        }
        done = forked.run(command, text=True, check=True, env=environment, timeout=120)
        server.script += [Reply(401, f"wrong key {key}".encode())]
        refused = forked.run(command, text=True, check=True, env=environment, timeout=120)
    assert json.loads(done.stdout)["spread"]["reviewers"] == 8
    assert json.loads(refused.stdout)["spread"]["reviewers"] == 7
    assert "is absent: 127.0.0.1" in refused.stderr
    files = [file for file in workspace.root.rglob("*") if file.is_file()]
    assert not [file for file in files if key.encode() in file.read_bytes()]
    assert key not in done.stdout + done.stderr + refused.stdout + refused.stderr


def test_an_endpoint_that_is_none_is_said_before_the_work(written):
    settings = Settings(reviewer_url="nowhere", reviewer_model="m")
    for work in (lambda: write_report(written[0], settings), lambda: review_search(written[0], settings, None, "")):
        with pytest.raises(UsageError, match="no address"):
            work()
