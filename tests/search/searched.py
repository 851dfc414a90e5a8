"""A finished search in a workspace that carries its papers with it, so that copies of it can be damaged."""

from __future__ import annotations

import shutil

import pytest
from filelock import FileLock

from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.search.run import search


@pytest.fixture(scope="module")
def original(run_folder, digests):
    """One search for all tests of a run, in whatever process they are."""
    root = run_folder / "searched"
    with FileLock(f"{root}.lock"):
        if not root.exists():
            begun = Workspace(run_folder / "searching")
            papers = begun.root / "papers"
            papers.mkdir(parents=True)
            for path in digests[1:5]:
                shutil.copy(path, papers / path.name)
            question = "Does intermediate-task training help cross-lingual sentence retrieval?"
            search(begun, Settings(jobs=1), question, ["local"], papers)
            begun.root.rename(root)
    return root


@pytest.fixture
def workspace(original, home):
    """A copy of the searched workspace."""
    shutil.copytree(original, home)
    return Workspace(home)
