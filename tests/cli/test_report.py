"""`synth report` and `synth show quote` by the command line, over a made-up database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import SynthError, UsageError
from synth.store.database import Store
from tests.report import made_up


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTH_HOME", str(tmp_path))
    (tmp_path / "db").mkdir()
    store = Store(tmp_path / "db" / "synth.db")
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s))
        made_up.add_run(s)
    store.close()
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_classic_report_is_a_file_of_its_own(workspace: Path) -> None:
    assert "classic.txt" in run("report", "--style", "classic")
    assert "classic.md" in run("report", "--style", "classic", "--format", "md")
    folder = workspace / "reports" / "search-1"
    assert sorted(file.name for file in folder.iterdir()) == ["classic.md", "classic.txt"]  # no pictures
    assert "\n5 Extracted Claims\n\nClaim\tVerified\tConfidence\n" in (folder / "classic.txt").read_text("utf-8")
    run("report")
    assert (folder / "report.md").exists()


def test_a_title_that_is_given_stands_in_both_styles(workspace: Path) -> None:
    for style in ("full", "classic"):
        out = workspace / f"{style}.md"
        run("report", "--style", style, "--format", "md", "--title", "Kettles, <Fed>", "--out", str(out))
        assert "\n# Kettles, &lt;Fed&gt;\n" in f"\n{out.read_text('utf-8')}"


def test_the_answer_comes_as_json_with_its_rows(workspace: Path) -> None:
    found = json.loads(run("report", "--json"))
    assert found["title"].startswith("Effect of Feeding")
    lead = found["answer"]["lead"]
    assert {"table": "claim", "id": 1} in lead["rows"]
    assert {"table": "run", "id": 1} in lead["rows"]
    assert lead["says"] == "contradicts"
    assert (lead["claims"], lead["state"], lead["papers_for"]) == ([1], "stated", [1])  # no PDFs, so no quote counts
    assert set(found["answer"]) == {"lead", "points", "stated", "summary", "measured", "conflicts", "missing"}


def test_a_quote_is_shown_by_its_number(workspace: Path) -> None:
    number = str(json.loads(run("show", "claim", "1", "--json"))["evidence"][0]["passage"])
    shown = json.loads(run("show", "quote", number, "--json"))
    assert shown["bears_on"] == [{"claim": 1, "stance": "SUPPORT", "confidence": 0.8}]
    assert shown["page"] == 1001
    assert "SUPPORT (0.80) of claim 1" in run("show", "quote", number)


@pytest.mark.parametrize(
    ("place", "said"),
    [("/proc/nowhere/report.md", "/proc/nowhere/report.md cannot be written"), ("/dev/null/report.md", "cannot be")],
)
@pytest.mark.parametrize(
    "command", [["report"], ["report", "--style", "classic"], ["export", "--format", "ris"], ["bundle"]]
)
def test_a_place_that_cannot_be_written_is_no_defect(
    workspace: Path, command: list[str], place: str, said: str
) -> None:
    place = place.replace(".md", ".zip") if command == ["bundle"] else place
    result = CliRunner().invoke(app, [*command, "--out", place])
    assert isinstance(result.exception, SynthError), result.exception
    assert said.replace(".md", Path(place).suffix) in result.exception.what
    assert result.exception.do


@pytest.mark.parametrize("command", [["report"], ["export", "--format", "ris"], ["bundle"]])
def test_a_name_that_is_too_long_is_no_defect(workspace: Path, command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--out", str(workspace / ("y" * 300))])
    assert isinstance(result.exception, SynthError), result.exception
    assert "too long" in result.exception.what


def test_references_are_not_written_over_a_folder(workspace: Path) -> None:
    result = CliRunner().invoke(app, ["export", "--format", "csl", "--out", str(workspace)])
    assert isinstance(result.exception, SynthError)
    assert "is a folder" in result.exception.what


def test_a_format_that_the_classic_style_lacks_is_said_before_the_work(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synth.report.review.gather.gathered", None)
    result = CliRunner().invoke(app, ["report", "--style", "classic", "--format", "pdf"])
    assert isinstance(result.exception, UsageError)
