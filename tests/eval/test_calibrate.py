"""`synth calibrate` on labelled claims: what it measures, what it writes, and who uses that afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synth.core.errors import UsageError
from synth.core.types import Stance
from synth.eval.calibrate import calibrate, check_report, write_report
from synth.eval.evaluate import Request, answered
from synth.search import stance_models
from tests.eval.labelled import write
from tests.evidence.reading_stub import WordModel


@pytest.fixture
def asked(tmp_path):
    return Request(*write(tmp_path), cited=True)


@pytest.fixture
def sure(settings, monkeypatch):
    """A stance model that is right, and less sure than it could be."""
    model = WordModel()
    model.identity = "word model"
    monkeypatch.setattr(stance_models, "_model", lambda settings, workspace: model)
    return replace(settings, stance_model="word")


def test_probabilities_are_measured_and_put_right_on_other_articles(workspace, sure, asked):
    result = calibrate(workspace, sure, asked)
    assert (result["pairs"], result["groups"]) == (60, 20)
    given, right = result["as given"], result["put right"]
    assert right["brier"]["value"] < given["brier"]["value"]
    assert given["risk at"]["1.0"] == right["risk at"]["1.0"] == 0.0
    assert given["risk area"] == 0.0
    assert given["curve"][-1] == (1.0, 0.0)
    assert result["written"] is None
    assert stance_models.stored(sure, workspace) == {}


def test_what_was_written_is_used_from_then_on(workspace, sure, asked):
    before = answered(workspace, sure, asked).answers
    calibrate(workspace, sure, asked, write=True)
    after = answered(workspace, sure, asked).answers
    assert [a.evidence for a in after] == [a.evidence for a in before]
    first = [a.confidence["0"][Stance.SUPPORT] for a in (before[0], after[0])]
    assert first[1] > first[0]
    assert set(stance_models.stored(sure, workspace)) == {"named"}


def test_numbers_of_another_model_are_refused(workspace, sure, settings, asked):
    calibrate(workspace, sure, asked, write=True)
    with pytest.raises(UsageError, match="another stance model"):
        answered(workspace, replace(settings, stance_model="rules"), asked)


@pytest.mark.parametrize("text", ["model = ", "[calibrator.named]\ncolumns = 1", "model = 'x'"])
def test_a_broken_file_is_told(workspace, sure, asked, text):
    workspace.root.mkdir(parents=True, exist_ok=True)
    (workspace.root / stance_models.FILE).write_text(text)
    with pytest.raises(UsageError, match="cannot be read"):
        answered(workspace, sure, asked)


def test_too_few_labels_are_refused(workspace, sure, tmp_path):
    with pytest.raises(UsageError, match="cannot calibrate"):
        calibrate(workspace, sure, Request(*write(tmp_path, 12), cited=True))


def test_the_report_has_tables_and_pictures(workspace, sure, asked, tmp_path):
    result = calibrate(workspace, sure, asked)
    write_report(result, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text()
    assert "| Brier score, three stances |" in text
    for name in ("report-as-given.svg", "report-put-right.svg"):
        assert name in text
        assert (tmp_path / name).read_text().startswith("<svg")


def test_a_report_has_a_place_before_the_work(tmp_path):
    check_report(tmp_path / "a" / "b" / "report.md")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "report.md"):
        with pytest.raises(UsageError):
            check_report(path)
