"""The worked examples of examples/: their files are right, and what their READMEs say comes out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from synth.cli import app

ROOT = Path(__file__).resolve().parents[2] / "examples"
EXAMPLES = sorted(file.stem for file in ROOT.glob("*/experiments/*.toml"))


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """Return a function that copies an example and makes it the workspace."""

    def copied(name: str) -> Path:
        shutil.copytree(ROOT / name, tmp_path / name)
        monkeypatch.chdir(tmp_path / name)
        monkeypatch.setenv("SYNTH_HOME", str(tmp_path / name))
        return tmp_path / name

    return copied


def answer(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def mend(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_each_folder_has_an_experiment_of_its_name_a_readme_and_a_line_in_the_table():
    folders = sorted(folder.name for folder in ROOT.iterdir() if (folder / "experiments").is_dir())
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    assert folders == EXAMPLES
    assert all((ROOT / name / "README.md").is_file() and f"({name}/README.md)" in table for name in EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_file_passes_the_check(name, workspace):
    workspace(name)
    assert answer("experiments", "check", name)["id"] == name


def test_the_published_runs_give_the_verdict_that_is_stated(workspace):
    workspace("published-runs")
    verdict = answer("verify", "--experiment", "published-runs")
    assert verdict["verdict"] == "inconclusive"
    assert verdict["estimate"] == pytest.approx(-7.0, abs=0.01)


def test_the_kernels_run_with_two_splits_and_a_grid_of_one_point(workspace):
    folder = workspace("svm-kernels")
    mend(folder / "digits.py", "C = [2.0**power for power in range(-5, 16, 4)]", "C = [8.0]")
    mend(folder / "digits.py", "GAMMA = [2.0**power for power in range(-15, 4, 4)]", "GAMMA = [2.0**-7]")
    mend(folder / "experiments" / "svm-kernels.toml", "seeds = 5\nup_to = 15", "seeds = 2")
    verdict = answer("verify", "--experiment", "svm-kernels")
    assert verdict["seeds"] == 2
    assert -5 < float(str(verdict["estimate"])) < 5


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_kernels_give_the_verdict_that_is_stated(workspace):
    workspace("svm-kernels")
    assert answer("verify", "--experiment", "svm-kernels")["verdict"] == "direction supported"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_docstrings_are_found_by_both_systems(workspace):
    folder = workspace("lexical-and-dense")
    mend(folder / "experiments" / "lexical-and-dense.toml", '"500"', '"40", "--documents", "120"')
    verdict = answer("verify", "--experiment", "lexical-and-dense")
    assert -60 < float(str(verdict["estimate"])) < 60
