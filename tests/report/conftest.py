from __future__ import annotations

from pathlib import Path

import pytest

from synth.report.facts import Facts
from tests.report import made_up


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Papers, claims and one decided run. Shared: a test that changes rows copies them first."""
    return made_up.full(tmp_path_factory.mktemp("full") / "synth.db")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "db" / "synth.db"
