"""Listings of claims, and of works that were left out or could not be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from synth.cli import app
from synth.cli.listings import _decision
from synth.cli.search import left_out
from synth.cli.terminal import claim_view
from synth.core.errors import UsageError
from synth.store import views
from synth.store.database import Store, reading
from synth.store.rows.claims import ClaimView
from synth.store.rows.searches import PaperView
from tests.blank import blank
from tests.report import made_up

METHOD = ("We fed every kettle for 10 days.", "method", "no evidence", None)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTH_HOME", str(tmp_path))
    (tmp_path / "db").mkdir()
    store = Store(tmp_path / "db" / "synth.db")
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s), (*made_up.CLAIMS, METHOD))
        made_up.add_cells(s)
        made_up.add_run(s)
    store.close()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_claims_are_findings_with_mark_and_by_what(workspace: Path) -> None:
    shown = run("claims")
    assert METHOD[0] not in shown.stdout
    assert "run 1 (synthetic)" in " ".join(shown.stdout.split())
    assert "3 findings: 0 verified, 2 contradicted (1 by a run, 1 by other papers), 1 not decided." in shown.stderr
    assert "Not listed: 0 less salient findings, 1 sentence on method: `synth claims --all`." in shown.stderr
    found = json.loads(run("claims", "--json").stdout)["claims"]
    assert [claim["kind"] for claim in found] == ["effect", "comparison", "count"]


def test_all_claims_or_those_of_one_kind(workspace: Path) -> None:
    assert METHOD[0] in " ".join(run("claims", "--all").stdout.split())
    assert len(json.loads(run("claims", "--all", "--json").stdout)["claims"]) == 4
    (method,) = json.loads(run("claims", "--kind", "method", "--json").stdout)["claims"]
    assert method["text"] == METHOD[0]
    unknown = run("claims", "--kind", "opinion").exception
    assert isinstance(unknown, UsageError)
    assert "effect, comparison" in unknown.do


def test_of_a_paper_the_most_salient_findings_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [blank(ClaimView, kind="effect", paper=1, page=1, id=n, text=f"Pots are {n}.") for n in range(1, 21)]
    claim_view.print_claims(1, rows, claim_view.chosen(rows, every=False, kind=""), whole=False)
    told = capsys.readouterr()
    assert "Pots are 15." in told.out
    assert "Pots are 16." not in told.out
    assert "Not listed: 5 less salient findings, 0 sentences on method" in told.err


def test_a_claim_is_read_in_seconds(workspace: Path) -> None:
    lines = run("show", "claim", "1").stdout.splitlines()
    assert lines[:4] == [
        "× Claim 1 (effect): Feeding the test teapot raises the accuracy of kettles by 8.2 points.",
        "  Contradicted by run 1 (synthetic); papers say otherwise (probability 0.81).",
        "  Conflict: run 1 contradicts it, papers say otherwise.",
        "Source: On Test Teapots, p. 1 (results)",
    ]
    assert "For (same paper, 0.95): On Test Teapots, Table 3, p. 3 [91.4 − 83.2 = 8.2]" in lines
    assert "For (other paper, 0.80): Kettles Revisited, p. 1001 “We saw what bears on claim 0.”" in lines


def test_the_end_of_a_search_names_what_is_decided(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    with reading(workspace / "db" / "synth.db") as connection:
        claim_view.print_summary(views.claims(connection, 1))
    told = capsys.readouterr()
    assert told.err.startswith("3 findings: 0 verified, 2 contradicted (1 by a run, 1 by other papers)")
    assert "Decided, nearest to the question first" in told.out
    assert "12 teapots" not in told.out


def paper(**values) -> PaperView:
    return blank(PaperView, **{"decision": "include", "text_state": "read", "title": "T", **values})


def test_the_decision_on_a_work_tells_whether_it_could_be_read():
    assert _decision(paper()) == "include"
    assert _decision(paper(text_state="unread", text_reason="no network")) == "include; not fetched yet"
    missing = paper(text_state="skipped", text_reason_code="not retrieved")
    assert _decision(missing) == "include; not read: full text not available"
    assert _decision(paper(decision="exclude", reason="off topic", text_state="unread")) == "off topic"


def test_a_hundred_works_left_out_are_no_hundred_lines():
    many = [paper(title=f"Work {n}", reason="below the limit of 5 papers") for n in range(100)]
    few = [paper(title="Alone", reason="unreadable PDF: encrypted")]
    assert left_out([*many, *few]) == [
        "left out, below the limit of 5 papers: 100 works (`synth papers`)",
        "left out, unreadable PDF: encrypted: Alone",
    ]
    assert left_out([]) == []


def test_what_a_claim_leaves_open_is_not_called_a_deviation():
    from synth.cli.terminal.output import deviating
    from synth.core.reasons import Reason
    from synth.core.reasons.differences import Difference

    deviations = ["No task was trained.", "The claim names no task."]
    codes = [Reason(Difference.UNTRAINED), Reason(Difference.NOT_NAMED, {"slot": "task"})]
    assert deviating(zip(deviations, codes, strict=True)) == [
        "deviation: No task was trained.",
        "left open by the claim: The claim names no task.",
    ]
