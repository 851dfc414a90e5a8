"""A finished search in a workspace that carries its papers with it, so that copies of it can be damaged."""

from __future__ import annotations

import shutil

import pytest

from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.search.run import search


@pytest.fixture(scope="module")
def original(tmp_path_factory, digests):
    root = tmp_path_factory.mktemp("searched") / "workspace"
    (root / "papers").mkdir(parents=True)
    for path in digests[1:5]:
        shutil.copy(path, root / "papers" / path.name)
    question = "Does intermediate-task training help cross-lingual sentence retrieval?"
    search(Workspace(root), Settings(jobs=1), question, ["local"], root / "papers")
    return root


@pytest.fixture
def workspace(original, home):
    """A copy of the searched workspace."""
    shutil.copytree(original, home)
    return Workspace(home)
