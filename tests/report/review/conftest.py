from __future__ import annotations

import pytest

from synth.core.workspace import Workspace
from synth.report.review import ReviewCase
from tests.report.review import planted


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The good workspace. Shared: a test that changes anything copies it first."""
    return planted.build(tmp_path_factory.mktemp("good") / "workspace")


@pytest.fixture(scope="session")
def case(good: Workspace) -> ReviewCase:
    """The good workspace as reviewers see it. Shared: a test that changes rows copies them first."""
    return planted.case_of(good)
