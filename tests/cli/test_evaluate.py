"""`synth evaluate`, `check` and `export` as commands: streams, exit codes, JSON."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import SynthError, UsageError
from synth.store.database import migrate
from tests.eval.labelled import write

CLAIM = {
    "id": 1,
    "claim": "Cats sleep.",
    "evidence": {"5": [{"sentences": [0], "label": "SUPPORT"}]},
    "cited_doc_ids": [5],
}
DOCUMENT = {"doc_id": 5, "title": "Cats", "abstract": ["The weather was warm in May."]}


def invoke(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def files(tmp_path):
    (tmp_path / "c.jsonl").write_text(json.dumps(CLAIM))
    (tmp_path / "d.jsonl").write_text(json.dumps(DOCUMENT))
    return ["--claims", tmp_path / "c.jsonl", "--corpus", tmp_path / "d.jsonl", "--out", tmp_path / "p.jsonl"]


def test_scores_as_json_and_as_a_table(files, tmp_path):
    done = invoke("evaluate", *files, "--cited", "--json")
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["scores"]["abstract_label_only"]["f1"] == 0
    assert (result["claims"], result["candidates"], result["supported"]) == (1, 1, 0)
    assert json.loads((tmp_path / "p.jsonl").read_text())["evidence"] == {}
    done = invoke("evaluate", *files, "--cited")
    assert "abstract F1, label only" in done.stdout
    assert "1 documents judged" in done.stdout


def test_bad_input_is_a_wrong_use(files, tmp_path):
    (tmp_path / "c.jsonl").write_text("{")
    done = invoke("evaluate", *files)
    assert isinstance(done.exception, UsageError)
    assert "line 1" in done.exception.what
    assert done.exception.exit_code == 2
    assert not (tmp_path / "p.jsonl").exists()


def test_the_output_has_to_be_named(files):
    assert invoke("evaluate", *files[:4]).exit_code == 2


def test_check_ends_one_when_a_quote_no_longer_holds(home):
    from synth.store.database import Store
    from synth.store.tables import Paper, PassageRow

    migrate(home / "db" / "synth.db")
    done = invoke("check", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["quotes"] == 0
    with Store(home / "db" / "synth.db").session() as session:
        session.add(Paper(title="T", pdf_path="gone.pdf", pdf_sha256="0", text_state="read"))
        session.flush()
        session.add(
            PassageRow(
                paper_id=1,
                position=0,
                kind="sentence",
                text="x",
                quote="x",
                page=1,
                spans=[[1, 0, 1]],
                sha256="0",
                section="",
            )
        )
    done = invoke("check")
    assert isinstance(done.exception, SynthError)
    assert done.exception.exit_code == 1
    assert "1 of 1 quotes no longer hold; no claim rests on them" in done.exception.what
    assert "PDF missing" in done.stdout


def test_export_says_what_is_missing(home):
    migrate(home / "db" / "synth.db")
    done = invoke("export", "--format", "scifact")
    assert isinstance(done.exception, UsageError)


def test_calibrate_prints_tables_and_writes_a_report(tmp_path, monkeypatch):
    claims, corpus = write(tmp_path)
    monkeypatch.setenv("SYNTH_STANCE_MODEL", "rules")
    report = tmp_path / "new" / "report.md"
    done = invoke("calibrate", "--claims", claims, "--corpus", corpus, "--cited", "--report", report)
    assert done.exit_code == 0, done.output
    assert "60 labelled pairs in 20 groups" in done.stdout
    assert report.is_file()
    done = invoke("calibrate", "--claims", claims, "--corpus", corpus, "--cited", "--json")
    assert set(json.loads(done.stdout)) >= {"as given", "put right", "pairs"}


def test_calibrate_refuses_claims_without_labels(files):
    done = invoke("calibrate", *files[:4], "--cited")
    assert isinstance(done.exception, UsageError)
