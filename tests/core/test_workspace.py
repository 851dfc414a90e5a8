"""Place of a workspace: SYNTH_HOME, the home directory in it, else the current directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from repro.data.library import Library
from synth.core.settings import Settings
from synth.core.workspace import Workspace, find_workspace, place
from synth.search.source_settings import settings_for
from synth.store.search_options import SearchOptions


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "ada"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "ada"


def test_a_tilde_that_no_shell_has_replaced_is_the_home_directory(home):
    """As it comes from a file of variables, from Docker, or behind `--out=`."""
    assert find_workspace({"SYNTH_HOME": "~/work"}).root == home / "work"
    assert find_workspace({"SYNTH_HOME": "~"}).root == home
    assert place(Path("~/report.md")) == home / "report.md"


@pytest.mark.parametrize("named", ["~nobody-of-that-name/work", "./~/work", "a~b"])
def test_other_tildes_are_names(home, named):
    assert place(named) == Path(named)


def test_without_the_variable_it_is_the_current_directory(home):
    assert find_workspace({}).root == find_workspace({"SYNTH_HOME": ""}).root == home.parent


def test_dumps_and_data_sets_are_found_below_the_home_directory(home, monkeypatch):
    monkeypatch.setenv("SYNTH_DATA", "~/data")
    found = settings_for(Workspace(home), Settings(acl_dump="~/acl.jsonl"), SearchOptions())
    assert found.acl_dump == home / "acl.jsonl"
    assert Library.default().at_hand == home / "data"
