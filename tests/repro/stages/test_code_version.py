"""Which changes of the code make a stage's result another one."""

import shutil
from pathlib import Path

import pytest

import repro
from repro import stages

TUNE = {"tasks": {"mnli": {}}}


@pytest.fixture
def code(tmp_path, monkeypatch):
    """A copy of the package's sources, of which versions are computed."""
    folder = tmp_path / "repro"
    shutil.copytree(Path(repro.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(stages, "files", lambda package: folder)
    return folder


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_words_about_the_code_are_not_the_code(code):
    before = stages.code_version("tune", TUNE)
    file = code / "tasks" / "mnli.py"
    change(file, '"""MNLI:', '"""About MNLI:')
    change(file, "    name = {", "    # A remark.\n    name = {")
    change(file, "(library: Library, part: str)", "(library: Library,\n    part: object)")
    assert stages.code_version("tune", TUNE) == before


def test_code_is(code):
    before = stages.code_version("tune", TUNE)
    change(code / "tasks" / "mnli.py", "i % 3", "i % 2")
    after = stages.code_version("tune", TUNE)
    assert after != before
    change(code / "languages/grammar.py", "\n\n\n", "\n\n\nWORDS_MORE = 1\n\n\n")
    assert stages.code_version("tune", TUNE) != after


def test_a_file_that_is_no_code_counts_as_it_is(code):
    before = stages.code_version("languages", {})
    with (code / "languages" / "words.toml").open("a") as stream:
        stream.write("# A remark.\n")
    assert stages.code_version("languages", {}) != before


@pytest.mark.parametrize(
    ("kind", "params", "file"),
    [
        ("tune", {"tasks": {"squad1": {}}}, "tasks/mnli.py"),
        ("pretrain", {}, "languages/grammar.py"),
        ("retrieval", {"target": "tatoeba"}, "targets/bucc.py"),
        ("corpus", {}, "models/xlmr.py"),
    ],
)
def test_what_a_stage_does_not_use_does_not_count(code, kind, params, file):
    before = stages.code_version(kind, params)
    with (code / file).open("a") as stream:
        stream.write("\nMORE = 1\n")
    assert stages.code_version(kind, params) == before


@pytest.mark.parametrize(
    ("kind", "params", "file"),
    [
        ("tune", TUNE, "tasks/mnli.py"),
        ("tune", TUNE, "tasks/common/formats.py"),
        ("tune", TUNE, "training/heads/pair.py"),
        ("tune", TUNE, "training/loop.py"),
        ("count", TUNE, "tasks/common/formats.py"),
        ("count", TUNE, "data/rows.py"),
        ("retrieval", {"target": "tatoeba"}, "targets/tatoeba.py"),
        ("retrieval", {"target": "tatoeba"}, "retrieval/neighbours.py"),
        ("corpus", {}, "data/corpora.py"),
        ("pretrain", {}, "training/masking.py"),
        ("checkpoint", {}, "models/checkpoints.py"),
    ],
)
def test_what_a_stage_uses_counts(code, kind, params, file):
    before = stages.code_version(kind, params)
    with (code / file).open("a") as stream:
        stream.write("\nMORE = 1\n")
    assert stages.code_version(kind, params) != before
